"""What names or asks for a device and chooses none: to print, to seed, to read weights, to fall back on, to offer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

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
    return {id(node) for asides in _ASIDES for node in asides(analysis)}


def _printed(analysis: Analysis) -> Iterator[ast.AST]:
    for said in analysis.source.of(ast.Expr):
        if isinstance(said.value, ast.Call) and dotted(said.value.func) == "print":
            yield from walk(said)


def _compared(analysis: Analysis) -> Iterator[ast.AST]:
    """if device != torch.device("cpu"): …"""
    for compared in analysis.source.of(ast.Compare):
        for made in compared.comparators:
            if isinstance(made, ast.Call) and (dotted(made.func) or "").endswith("device"):
                yield from walk(made)


def _fallen_back_on(analysis: Analysis) -> Iterator[ast.AST]:
    """def encode(device=torch.device("cpu")): …"""
    for given in analysis.source.of(ast.arguments):
        for default in (*given.defaults, *given.kw_defaults):
            if isinstance(default, ast.Call) and default.args and text(default.args[0]) == "cpu":
                yield default


def _moved_back(analysis: Analysis) -> Iterator[ast.AST]:
    """samples.to("cpu"), to be kept or drawn, where others go to a GPU"""
    moved = [executed.site.node for executed in analysis.called.get("to", []) if executed.site.node.args]
    if not any(_to_another(call.args[0]) for call in moved):
        return
    for call in moved:
        place = call.args[0]
        made = isinstance(place, ast.Call) and (dotted(place.func) or "").endswith("device") and place.args
        if text(place) == "cpu":
            yield call
        elif made and isinstance(place, ast.Call) and text(place.args[0]) == "cpu":  # torch.device("cpu")
            yield from (call, place)


def _moved_within(analysis: Analysis) -> Iterator[ast.AST]:
    """class Net(nn.Module): table.to("cpu"), what a network holds; where it runs, whoever moves it says"""
    moved = {call for call in analysis.source.of(ast.Call)
             if call.args and statements.called(call).endswith("to") and text(call.args[0]) == "cpu"}  # fmt: skip
    for owner in analysis.source.of(ast.ClassDef) if moved else []:
        if any((dotted(base) or "").endswith("Module") for base in owner.bases):
            yield from moved.intersection(walk(owner))


def _moving(analysis: Analysis) -> Iterator[ast.AST]:
    """def cuda(self): what it is to move there, which whoever calls it chooses"""
    for moves in analysis.source.of(ast.FunctionDef):
        if moves.name == "cuda":
            yield from walk(moves)


def _read_to(analysis: Analysis) -> Iterator[ast.AST]:
    """torch.load(path, map_location="cpu"): where saved weights are read to, whatever trains them"""
    for keyword in analysis.source.of(ast.keyword):
        if keyword.arg == "map_location":
            yield from walk(keyword.value)


def _kept_house(analysis: Analysis) -> Iterator[ast.AST]:
    """GPUs that are listed to be told how much memory to take"""
    if "set_memory_growth" in analysis.names and "device" not in analysis.called:
        yield from (executed.site.node for executed in analysis.called.get("list_physical_devices", []))


def _of_another_choice(analysis: Analysis) -> Iterator[ast.AST]:
    """ "bfloat16" if torch.cuda.is_available() else "float16"; `gpus=1 if …` is none such"""
    for chosen in analysis.source.of(ast.IfExp):
        sides = (chosen.body, chosen.orelse)
        if not any(_names_device(side) or isinstance(getattr(side, "value", None), int) for side in sides):
            yield from (part for part in walk(chosen.test) if isinstance(part, ast.Call))


def _tested(analysis: Analysis) -> Iterator[ast.AST]:
    """if torch.cuda.is_available(): torch.cuda.manual_seed(0) · if device.type == "cuda": torch.cuda.synchronize()"""
    for node in analysis.source.of(ast.If):
        if statements.refuses(node):
            continue
        if isinstance(node.test, ast.Compare) and getattr(node.test.left, "attr", "") == "type":
            calls = [part for statement in node.body for part in walk(statement) if isinstance(part, ast.Call)]
            yield from (part for part in calls if (dotted(part.func) or "").endswith(GPU_CALLS))
        tests = [part for part in walk(node.test) if isinstance(part, ast.Call)]
        available = [part for part in tests if (dotted(part.func) or "").endswith(AVAILABLE)]
        if available and not any(chooses(statement) for statement in [*node.body, *node.orelse]):
            yield from available


def _followed(analysis: Analysis) -> Iterator[ast.AST]:
    """if x.is_cuda: table.cuda() · … if x.is_cuda else …: to where the rest is, which another chooses"""
    asked = [(node.test, node.body) for node in analysis.source.of(ast.If)]
    asked += [(node.test, [ast.Expr(node.body)]) for node in analysis.source.of(ast.IfExp)]
    for test, body in asked:
        if isinstance(test, ast.Attribute) and test.attr == "is_cuda":
            for part in body:
                yield from walk(part)


_ASIDES = (_printed, _compared, _fallen_back_on, _moved_back, _moved_within, _moving, _read_to, _kept_house,
           _of_another_choice, _tested, _followed)  # fmt: skip


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
