"""What names or asks for a device and chooses none: to print, to seed, to read weights, to fall back on, to offer."""

from __future__ import annotations

import ast
import re

from index.facts.devices import statements
from index.facts.devices.statements import AVAILABLE, GPU_CALLS, text
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import dotted
from index.files.tree import walk

_SWITCH = Identifiers(r"cuda|gpu", re.IGNORECASE)


def choosing_none(analysis: Analysis) -> set[int]:
    """What chooses no device: tests for a GPU that only set a seed or print something, places of saved weights."""
    found: set[int] = set()
    for said in analysis.source.of(ast.Expr):
        if isinstance(said.value, ast.Call) and dotted(said.value.func) == "print":
            found |= {id(part) for part in walk(said)}
    for compared in analysis.source.of(ast.Compare):  # if device != torch.device("cpu"): …
        made = [part for part in compared.comparators if isinstance(part, ast.Call)]
        found |= {id(inner) for part in made if (dotted(part.func) or "").endswith("device") for inner in walk(part)}
    for given in analysis.source.of(ast.arguments):  # def encode(device=torch.device("cpu")): what it falls back to
        for default in [*given.defaults, *given.kw_defaults]:
            if isinstance(default, ast.Call) and default.args and text(default.args[0]) == "cpu":
                found.add(id(default))
    moved = [executed.site.node for executed in analysis.called.get("to", []) if executed.site.node.args]
    back = [call for call in moved if text(call.args[0]) == "cpu"]
    if any(_to_another(call.args[0]) for call in moved):  # samples.to("cpu"), to be kept or drawn
        found |= {id(call) for call in back}
    for moves in analysis.source.of(ast.FunctionDef):
        if moves.name == "cuda":  # what it is to move there: whoever calls it chooses
            found |= {id(part) for part in walk(moves)}
    for keyword in analysis.source.of(ast.keyword):
        if keyword.arg == "map_location":  # where saved weights are read to, whatever trains them
            found |= {id(part) for part in walk(keyword.value)}
    if "set_memory_growth" in analysis.names and "device" not in analysis.called:
        listed = analysis.called.get("list_physical_devices", [])
        found |= {id(executed.site.node) for executed in listed}  # GPUs that are listed to be told how to keep house
    for chosen in analysis.source.of(ast.IfExp):
        sides = (chosen.body, chosen.orelse)  # "bfloat16" if available() else "float16"; `gpus=1 if …` is none such
        if not any(_names_device(side) or isinstance(getattr(side, "value", None), int) for side in sides):
            found |= {id(part) for part in walk(chosen.test) if isinstance(part, ast.Call)}
    for node in analysis.source.of(ast.If):
        if not statements.refuses(node):
            tests = [part for part in walk(node.test) if isinstance(part, ast.Call)]
            available = [part for part in tests if (dotted(part.func) or "").endswith(AVAILABLE)]
            if isinstance(node.test, ast.Compare) and getattr(node.test.left, "attr", "") == "type":
                # `if device.type == "cuda": torch.cuda.synchronize()` names no device
                calls = [part for statement in node.body for part in walk(statement) if isinstance(part, ast.Call)]
                found |= {id(part) for part in calls if (dotted(part.func) or "").endswith(GPU_CALLS)}
            if available and not any(chooses(statement) for statement in [*node.body, *node.orelse]):
                found |= {id(part) for part in available}
    return found


def _to_another(place: ast.expr) -> bool:
    """Whether what is moved to a place is moved to a GPU, or to a device that a name stands for."""
    if isinstance(place, ast.Name | ast.Attribute):
        return "device" in _last(place).lower()
    return (text(place) or "").startswith("cuda")


def chooses(statement: ast.stmt) -> bool:
    """Whether a statement under a test may be what the test chooses."""
    if _names_device(statement):
        return True
    return isinstance(statement, ast.Assign) and not (dotted(statement.targets[0]) or "").startswith("torch.backends")


def _names_device(node: ast.AST) -> bool:
    for part in walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in {"cuda", "to"}:
            return True
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.match(r"cuda|cpu|mps|gpu", part.value):
            return True
        if isinstance(part, ast.Name | ast.Attribute) and re.search("device|tensor", _last(part), re.IGNORECASE):
            return True
    return False


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def offered(analysis: Analysis) -> set[int]:
    """Calls under a switch, `if args.cuda:`, that is off by default or open."""
    holds = analysis.evaluator.resolver.holds
    guarded = [site for scope in analysis.program.scopes for site in scope.calls if site.guards]
    tests = {guard.test for site in guarded for guard in site.guards}
    switches = set(filter(_is_switch, tests))
    return {
        id(site.node)
        for site in (guarded if switches else ())
        if any(guard.test in switches and holds(guard, Frame(site.scope)) is not True for guard in site.guards)
    }


def _is_switch(test: ast.expr) -> bool:
    for part in walk(test):
        key = part.slice if isinstance(part, ast.Subscript) else None  # opt["data.cuda"]
        named = _last(part) if isinstance(part, ast.Name | ast.Attribute) else text(key) if key is not None else None
        if named and _SWITCH.search(named):
            return True
    return False
