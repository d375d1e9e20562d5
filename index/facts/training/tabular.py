"""Q-learning with a table, written out: a value moves towards a reward and the discounted best that follows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, dotted
from index.files.tree import walk

NAME = "Q-learning"
_DISCOUNT = re.compile(r"gamma|discount", re.IGNORECASE)
_BEST = {"max", "amax", "nanmax"}
_NAMES = 20  # that are followed from one statement


def candidate(text: str) -> bool:
    """Whether a text may hold such an update."""
    return "max(" in text and _DISCOUNT.search(text) is not None


def find(analysis: Analysis) -> tuple[str, int] | None:
    """The method and the line of the first such update."""
    if not candidate(analysis.source.text):
        return None
    for scope in analysis.program.scopes:
        if not any(site.name in _BEST for site in scope.calls):
            continue
        for node in walk(scope.node):
            if isinstance(node, ast.Assign | ast.AugAssign) and _updates(node, scope):
                return NAME, node.lineno
    return None


def _updates(node: ast.Assign | ast.AugAssign, scope: Scope) -> bool:
    """Whether a statement moves one value of a table: `q[s, a] += lr * (r + gamma * max(q[n]) - q[s, a])`, or with
    what it moves to under names of its own."""
    table = _table(node.target if isinstance(node, ast.AugAssign) else node.targets[0])
    if table is None:
        return False
    return any(
        isinstance(part, ast.BinOp)
        and isinstance(part.op, ast.Mult)
        and any(_best_of(side, table, scope) for side in (part.left, part.right))
        for part in _parts(node.value, scope, set())
    )


def _table(target: ast.expr) -> str | None:
    """The name of the table whose value a target is: of `self.q[state][action]` self.q."""
    if not isinstance(target, ast.Subscript):
        return None
    while isinstance(target, ast.Subscript):
        target = target.value
    return dotted(target)


def _parts(value: ast.expr, scope: Scope, named: set[str]) -> Iterator[ast.AST]:
    """What an expression is made of, also under the names that stand in it, each once."""
    for part in walk(value):
        yield part
        if isinstance(part, ast.Name) and part.id not in named and len(named) < _NAMES:
            named.add(part.id)
            for made in _made(part.id, scope):
                yield from _parts(made, scope, named)


def _made(name: str, scope: Scope) -> list[ast.expr]:
    return [
        one.node for one in scope.bindings.get(name, [])[:4] if one.kind == "value" and isinstance(one.node, ast.expr)
    ]


def _best_of(side: ast.expr, table: str, scope: Scope) -> bool:
    """Whether one side of a product is the best value of a table, or its name."""
    made = _made(side.id, scope) if isinstance(side, ast.Name) else [side]
    return any(_best(part) and _of(part, table) for one in made for part in walk(one))


def _best(part: ast.AST) -> bool:
    return isinstance(part, ast.Call) and (
        (dotted(part.func) or "").rpartition(".")[2] in _BEST
        or (isinstance(part.func, ast.Attribute) and part.func.attr in _BEST)
    )


def _of(node: ast.AST, table: str) -> bool:
    """Whether a table stands in something."""
    return any(isinstance(one, ast.Name | ast.Attribute) and dotted(one) == table for one in walk(node))
