"""Q-learning and its kin with a table, written out: a value moves towards a reward and the discounted value that
follows, the best of the next state or that of the action taken there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import Scope, dotted
from index.facts.evaluation.values import Value
from index.facts.training.training import Training
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
    for node, scope in _all(analysis):
        called_so = "sarsa" in analysis.source.text.lower()
        return ON_POLICY if called_so and not _to_the_best(node, scope) else NAME, node.lineno
    return None


def training(analysis: Analysis) -> list[Training]:
    """The training that such updates are, with the one rate that all of them move their values by."""
    rates: dict[float, tuple[ast.stmt, Scope, Value]] = {}
    for node, scope in _all(analysis):
        factor = _factor(node, scope)
        for value in [analysis.value(factor, frame) for frame in _frames(analysis, scope)] if factor else []:
            if value.number is None or not 0 < value.number <= 1:  # open, or falling from visit to visit
                return []
            rates.setdefault(value.number, (node, scope, value))
    if len(rates) != 1:
        return []
    first, home, rate = next(iter(rates.values()))
    name = "training" if home.name == "<module>" else home.name
    return [Training(name, first.lineno, None, None, rate, None, None)]


def _all(analysis: Analysis) -> Iterator[tuple[ast.Assign | ast.AugAssign, Scope]]:
    """Every such update, with the scope that it stands in."""
    for scope in analysis.program.scopes if candidate(analysis.source.text) else []:
        inner = {node for child in scope.children for node in walk(child.node)}
        for node in walk(scope.node):
            if isinstance(node, ast.Assign | ast.AugAssign) and node not in inner and _updates(node, scope):
                yield node, scope


def _frames(analysis: Analysis, scope: Scope) -> list[Frame]:
    """Where a scope runs; as it stands, where nothing calls it."""
    ran = dict.fromkeys(executed.frame for executed in analysis.executed if executed.frame.scope is scope)
    return list(ran)[:_NAMES] or [Frame(scope)]


def _factor(node: ast.Assign | ast.AugAssign, scope: Scope) -> ast.expr | None:
    """What the step of an update is multiplied by: the rate, and not the discount of what follows."""
    table = _table(node.target if isinstance(node, ast.AugAssign) else node.targets[0])
    for part in _sums(node.value, scope) if table is not None else []:
        for side, other in ((part.left, part.right), (part.right, part.left)):
            if (
                isinstance(part.op, ast.Mult)
                and table
                and any(_ahead(one, table, scope) for one in _sums(other, scope))
            ):
                return side
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
    old, parts = ast.unparse(target), _sums(node.value, scope)
    return any(_off(part, old) for part in parts) and any(_ahead(part, table, scope) for part in parts)


def _to_the_best(node: ast.Assign | ast.AugAssign, scope: Scope) -> bool:
    """Whether what a value of a table moves to holds the best of the next state's."""
    table = _table(node.target if isinstance(node, ast.AugAssign) else node.targets[0])
    products = [part for part in _sums(node.value, scope) if isinstance(part.op, ast.Mult)]
    return table is not None and any(
        _best_of(side, table, scope) for part in products for side in (part.left, part.right)
    )


def _sums(value: ast.expr, scope: Scope) -> list[ast.BinOp]:
    return [part for part in _parts(value, scope, set()) if isinstance(part, ast.BinOp)]


def _ahead(part: ast.BinOp, table: str, scope: Scope) -> bool:
    """Whether a product is the discounted value of what follows."""
    sides = ((part.left, part.right), (part.right, part.left)) if isinstance(part.op, ast.Mult) else ()
    return any(_best_of(side, table, scope) or _discounted(side, other, table, scope) for side, other in sides)


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
