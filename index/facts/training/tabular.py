"""Q-learning and its kin with a table, written out: a value moves towards a reward and the discounted value that
follows, the best of the next state or that of the action taken there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, dotted
from index.files.tree import walk

NAME, ON_POLICY = "Q-learning", "SARSA"
_DISCOUNT = re.compile(r"gamma|discount", re.IGNORECASE)
_BEST = {"max", "amax", "nanmax"}
_VALUE = re.compile(r"[\])]\s*(-=|\+=|=)[^=].*\[")  # a value of a table, moved by others
_NAMES = 20  # that are followed from one statement


def candidate(text: str) -> bool:
    """Whether a text may hold such an update."""
    return ("max(" in text or _VALUE.search(text) is not None) and _DISCOUNT.search(text) is not None


def find(analysis: Analysis) -> tuple[str, int] | None:
    """The method and the line of the first such update."""
    if not candidate(analysis.source.text):
        return None
    for scope in analysis.program.scopes:
        for node in walk(scope.node):
            if isinstance(node, ast.Assign | ast.AugAssign) and _updates(node, scope):
                called_so = "sarsa" in analysis.source.text.lower()
                return ON_POLICY if called_so and not _to_the_best(node, scope) else NAME, node.lineno
    return None


def _updates(node: ast.Assign | ast.AugAssign, scope: Scope) -> bool:
    """Whether a statement moves one value of a table: `q[s, a] += lr * (r + gamma * max(q[n]) - q[s, a])`, or with
    what it moves to under names of its own; what moves to another value than the best moves off the old one."""
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    table = _table(target)
    if table is None:
        return False
    if _to_the_best(node, scope):
        return True
    old, parts = ast.unparse(target), _sums(node, scope)
    return any(_off(part, old) for part in parts) and any(
        _discounted(one, other, table, scope)
        for part in parts
        for one, other in ((part.left, part.right), (part.right, part.left))
        if isinstance(part.op, ast.Mult)
    )


def _to_the_best(node: ast.Assign | ast.AugAssign, scope: Scope) -> bool:
    """Whether what a value of a table moves to holds the best of the next state's."""
    table = _table(node.target if isinstance(node, ast.AugAssign) else node.targets[0])
    products = [part for part in _sums(node, scope) if isinstance(part.op, ast.Mult)]
    return table is not None and any(
        _best_of(side, table, scope) for part in products for side in (part.left, part.right)
    )


def _sums(node: ast.Assign | ast.AugAssign, scope: Scope) -> list[ast.BinOp]:
    return [part for part in _parts(node.value, scope, set()) if isinstance(part, ast.BinOp)]


def _off(part: ast.BinOp, old: str) -> bool:
    """Whether something is less by the old value, or holds a share of it: `… - q[s, a]`, `(1 - lr) * q[s, a]`."""
    if isinstance(part.op, ast.Sub):
        return ast.unparse(part.right) == old
    kept = part.left if ast.unparse(part.right) == old else part.right
    whole = ast.unparse(part.left) == old or ast.unparse(part.right) == old
    return whole and isinstance(part.op, ast.Mult) and isinstance(kept, ast.BinOp) and isinstance(kept.op, ast.Sub)


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


def _discounted(factor: ast.expr, side: ast.expr, table: str, scope: Scope) -> bool:
    """Whether a product is a discount times another value of the table: `gamma * q[next_state, next_action]`."""
    if not _DISCOUNT.search(dotted(factor) or ""):
        return False
    made = _made(side.id, scope) if isinstance(side, ast.Name) else [side]
    return any(_table(one) == table for one in made)


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
