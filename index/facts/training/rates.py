"""The rate that a training loop sets itself, whatever its optimizer was made with."""

from __future__ import annotations

import ast

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import ActiveLoop, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.values import Value
from index.files.tree import walk


def set_in_loop(execution: Execution, analysis: Analysis, loop: ActiveLoop) -> Value | None:
    """The one rate that `for group in optimizer.param_groups: group["lr"] = …` sets, whatever was declared."""
    frames = {loop.frame.scope: loop.frame}
    frames |= {other.frame.scope: other.frame for other in execution.calls if loop in other.loops}
    found: set[tuple[object, ...]] = set()
    value = None
    for scope, frame in frames.items():
        for name, bindings in scope.bindings.items():
            group, _, key = name.rpartition(".")
            for binding in bindings if key == "lr" and group else []:
                groups = [b.node for b in scope.bindings.get(group, []) if b.kind == "element"]
                if not any(isinstance(node, ast.Attribute) and node.attr == "param_groups" for node in groups):
                    continue
                node = binding.node
                if (
                    not isinstance(node, ast.expr)
                    or not all(analysis.evaluator.resolver.holds(guard, frame) for guard in binding.guards)
                    or _scheduled(analysis, node, frame)
                ):
                    return None  # a schedule: it starts from what was declared
                value = analysis.value(node, frame)
                found.add(value.options)
    return value if value is not None and value.number is not None and len(found) == 1 else None


def _scheduled(analysis: Analysis, node: ast.expr, frame: Frame, depth: int = 0) -> bool:
    """Whether a rate is computed from how far the training has come."""
    for part in walk(node):
        if isinstance(part, ast.Call) and analysis.evaluator.resolver.definition(part.func, frame) is not None:
            return True
        if isinstance(part, ast.Name):
            bindings = frame.scope.bindings.get(part.id, [])
            if part.id in analysis.program.counted or any(binding.kind == "element" for binding in bindings):
                return True
            made = [binding.node for binding in bindings if binding.kind == "value"]
            if depth < 3 and any(isinstance(m, ast.expr) and _scheduled(analysis, m, frame, depth + 1) for m in made):
                return True
    return False
