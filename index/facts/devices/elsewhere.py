"""The device that other files choose: modules of settings, and what the script runs of its project."""

from __future__ import annotations

import ast

from index.facts.devices import aside
from index.facts.devices.statements import AVAILABLE, Seen
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted
from index.files.tree import walk

_NAMES = (ast.Name, ast.Attribute, ast.Subscript)


def beside(whole: Analysis) -> tuple[str | None, int | str]:
    """What a script runs on by the word of what it runs of the modules beside it, and the line that leads there, or the
    place: one of them tests for a GPU; what another file falls back on is no choice."""
    device, line = settled(whole)
    if device in {"CPU/GPU", "GPU"}:
        return device, line
    siblings = whole.evaluator.resolver.siblings
    scopes = [scope for scope in whole.execution.reached if not scope.is_class]
    for module in siblings.opened():
        nodes = [node for scope in scopes if scope.module is module for node in walk(scope.node)]
        used = {node.id for node in nodes if isinstance(node, ast.Name)} & module.bindings.keys()
        bound = [binding.node for name in used for binding in module.bindings[name] if binding.kind == "value"]
        nodes += [node for value in bound if isinstance(value, ast.AST) for node in walk(value)]
        tests = [line for node in nodes if (line := _chosen_by_test(node))]
        if tests:
            return "CPU/GPU", siblings.place(module, min(tests))  # what was reached is in no order
    return None, 0


def _chosen_by_test(node: ast.AST) -> int:
    """The line of a test for a GPU by which something is chosen; 0 where a node is none."""
    if isinstance(node, ast.IfExp):
        test: ast.expr = node.test
    elif isinstance(node, ast.If) and any(map(aside.chooses, [*node.body, *node.orelse])):
        test = node.test
    else:
        return 0
    calls = (part for part in walk(test) if isinstance(part, ast.Call))
    return next((call.lineno for call in calls if (dotted(call.func) or "").endswith(AVAILABLE)), 0)


def settled(analysis: Analysis) -> tuple[str | None, int]:
    """The device that a name moved to stands for, where it is chosen in a module of settings; else one that the script
    imports, and hands to what others made: `net = make(device)`."""
    for executed in analysis.executed:
        place = _place(executed.site.node) if executed.name in {"to", "device"} else None
        device = _stood_for(analysis, place, executed.frame) if place is not None else None
        if device == "CPU" and place is not None and _fallen_back_on(place, executed.frame):
            continue
        if device:
            return device, executed.line
    imported = {name for name, bound in analysis.program.module.bindings.items()
                if "device" in name.lower() and all(binding.kind == "import" for binding in bound)}  # fmt: skip
    for executed in analysis.execution.calls if imported else []:
        call = executed.site.node
        for part in [*call.args, *(keyword.value for keyword in call.keywords)]:
            if isinstance(part, ast.Name) and part.id in imported:
                device = _stood_for(analysis, part, executed.frame)
                if device:
                    return device, executed.line
    return None, 0


def _fallen_back_on(place: ast.expr, frame: Frame) -> bool:
    """Whether a device is what a method of a network has where nothing is given, which nothing in the script calls."""
    owner = frame.scope.owner if frame.call is None and frame.scope.name != "__init__" else None
    bases = owner.node.bases if owner is not None and isinstance(owner.node, ast.ClassDef) else []
    if not isinstance(place, ast.Name) or not any((dotted(base) or "").endswith("Module") for base in bases):
        return False
    bound = frame.scope.bindings.get(place.id, [])
    return bool(bound) and all(binding.kind == "parameter" for binding in bound)


def _stood_for(analysis: Analysis, place: ast.expr, frame: Frame) -> str | None:
    """What the name of a device stands for."""
    seen = Seen()
    for origin in analysis.evaluator.resolver.follow(place, frame):
        for part in walk(origin.node) if isinstance(origin.node, ast.Constant | ast.Call) else []:
            if isinstance(part, ast.Call) and (dotted(part.func) or "").endswith(AVAILABLE):
                seen.tests.append(part.lineno)
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                seen.name(part.value, part.lineno)
    if seen.tests or (seen.cuda and seen.cpu):
        return "CPU/GPU"
    return "GPU" if seen.cuda else "CPU" if seen.cpu else None


def _place(call: ast.Call) -> ast.expr | None:
    """The name of the device that a call is given, also within a text: `tf.device("/{}:0".format(DEVICE))`."""
    place = call.args[0] if call.args else None
    if isinstance(place, ast.Call) and isinstance(place.func, ast.Attribute) and place.func.attr == "format":
        place = place.args[0] if place.args else None
    elif isinstance(place, ast.JoinedStr):
        place = next((part.value for part in place.values if isinstance(part, ast.FormattedValue)), None)
    return place if isinstance(place, _NAMES) else None
