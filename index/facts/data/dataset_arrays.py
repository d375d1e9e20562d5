"""The data that a loop written by hand cuts its batches from: `points[order[i : i + 128]]`, where `points` was made of
one of several sets that the script makes, or two of such arrays that are fed to the network together."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from index.facts.data import loaders
from index.facts.data.dataset_calls import constructed
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import Binding, Scope
from index.facts.training.training import Training
from index.files.tree import walk
from index.known.datasets import mentioned

_STEPS = 6  # that an array is followed back
_MOST = 2  # sets that one loop takes


def read(analysis: Analysis, training: Training) -> dict[str, int]:
    """The known data sets that the arrays are made of which a loop cuts, each with the line; empty where one of the
    arrays that may be data is of several."""
    loop = next(
        (n for kind in (ast.For, ast.While) for n in analysis.source.of(kind) if n.lineno == training.line), None
    )
    scope = next((s for s in analysis.program.scopes if loop is not None and _holds(s, loop)), None)
    found: dict[str, int] = {}
    if loop is None or scope is None or training.loader is not None:
        return found
    for name in _cut(loop):
        sets = _made_of(analysis, name, loop.lineno, scope)
        if len(sets) > 1:
            return {}
        found |= {known: line for known, line in sets.items() if known not in found}
    return found if len(found) <= _MOST else {}


def _holds(scope: Scope, loop: ast.stmt) -> bool:
    """Whether a loop stands in a scope itself."""
    body = getattr(scope.node, "body", None)
    waiting: list[ast.AST] = list(body) if isinstance(body, list) else []
    while waiting:
        node = waiting.pop()
        if node is loop:
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            waiting += ast.iter_child_nodes(node)
    return False


def _cut(loop: ast.stmt) -> Iterator[str]:
    """The names of what a loop takes parts of, not of what it only tests with."""
    cut = (node.value for node in walk(loop) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load))
    names = dict.fromkeys(node.id for node in cut if isinstance(node, ast.Name))
    yield from (name for name in names if not loaders.evaluates(name))


def _made_of(analysis: Analysis, name: str, line: int, scope: Scope, depth: int = 0) -> dict[str, int]:
    """The known data sets that what a name stands for at a line is made of: of what it was bound to last."""
    binding = _last(name, line, scope)
    if binding is None or binding.kind != "value" or not isinstance(binding.node, ast.expr) or depth > _STEPS:
        return {}
    found: dict[str, int] = {}
    frame = Frame(scope)
    for part in walk(binding.node):
        if isinstance(part, ast.Call):
            called = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
            loads = called.startswith(("load_", "get_", "read_", "make_", "fetch_"))
            known = constructed(analysis, part, frame) or (mentioned(called) if loads else None)
            if known:
                found.setdefault(known, part.lineno)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            found |= _made_of(analysis, part.id, binding.line, scope, depth + 1)
    return found


def _last(name: str, line: int, scope: Scope) -> Binding | None:
    """What a name was bound to last before a line of a scope."""
    before = [binding for binding in scope.bindings.get(name, []) if binding.line < line]
    return max(before, key=lambda binding: binding.line, default=None)
