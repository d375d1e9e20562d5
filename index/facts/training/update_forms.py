"""The forms that an update written out has: what a statement moves, by what, and which factor of that is the rate."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from index.facts.evaluation.program import Scope, dotted, written
from index.files.tree import walk

_RATE = re.compile(r"^(lr|eta|learning_?rate|l_?rate|step_?size|learn_?rate)(_?\w{1,2})?$", re.IGNORECASE)
_MAYBE_RATE = re.compile(r"^(alpha|rate|epsilon)$", re.IGNORECASE)
_GRADIENT = re.compile(r"grad|nabla|delta|^d_?(?!ot$)[a-zA-Z]{1,2}\d*$|^d(w|b|W|B|theta)", re.IGNORECASE)
_PRODUCTS = {"mm", "matmul", "dot", "outer", "bmm", "ger", "tensordot", "einsum"}
_ASSIGNS = {"assign", "assign_sub", "assign_add"}
_MAPS = {"tree_map", "map", "tree_multimap"}
LIBRARIES = {"numpy", "np", "torch", "jax", "tensorflow", "tf", "cupy", "math"}


def is_rate(name: str) -> bool:
    """Whether a name is one of a learning rate."""
    return _RATE.match(name) is not None


def moved(statement: ast.stmt) -> tuple[ast.expr | None, ast.expr | None]:
    """What a statement changes and by what: `w -= change`, `w = w - change`, `ws = [w - change for w in ws]`, and
    `return tree_map(lambda w, g: w - change, ws, gs)`."""
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Sub | ast.Add):
        return statement.target, statement.value
    if isinstance(statement, ast.Expr):
        return _in_place(statement.value)
    single = isinstance(statement, ast.Assign) and len(statement.targets) == 1
    value = statement.value if isinstance(statement, ast.Assign | ast.Return) else None
    if value is None or not (single or isinstance(statement, ast.Return)):
        return None, None
    target = statement.targets[0] if isinstance(statement, ast.Assign) else value
    returned = value.elts if isinstance(statement, ast.Return) and isinstance(value, ast.Tuple) else []
    each = _each(value) or [part for element in returned for part in _each(element)]  # return loss, tree_map(…)
    for part in each or [value]:
        shifted = isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub | ast.Add)
        if isinstance(part, ast.BinOp) and shifted and (each or written(target) == written(part.left)):
            return part.left if isinstance(statement, ast.Return) else target, part.right
    return None, None


def _in_place(call: ast.expr) -> tuple[ast.expr | None, ast.expr | None]:
    """The same as a method of PyTorch: `w.data.add_(-lr, w.grad.data)`, `w.sub_(lr * w.grad)`."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or not call.args:
        return None, None
    if call.func.attr not in {"add_", "sub_"}:
        return None, None
    factor = next((keyword.value for keyword in call.keywords if keyword.arg == "alpha"), None)
    first, *others = call.args
    if factor is None and others:
        factor, first = first, others[0]
    change = ast.copy_location(ast.BinOp(factor, ast.Mult(), first), call) if factor is not None else first
    return call.func.value, change


def assigned(statement: ast.stmt) -> tuple[ast.expr | None, ast.expr | None]:
    """The same as a method of a variable of TensorFlow, or as a function that is given one, anywhere in a statement:
    `w.assign_sub(lr * grad)`, `tf.assign(w, w - lr * grad)`."""
    for call in (node for node in walk(statement) if isinstance(node, ast.Call) and node.args):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in _ASSIGNS:
            continue
        target, value = call.func.value, call.args[0]
        if len(call.args) > 1 and (dotted(target) or "").split(".")[0] in LIBRARIES:
            target, value = call.args[:2]
        if call.func.attr != "assign":
            return target, value
        shifted = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub | ast.Add)
        if isinstance(value, ast.BinOp) and shifted and written(target) == written(value.left):
            return target, value.right
    return None, None


def differ(change: ast.expr) -> bool:
    """Whether a change is the difference of two products, turned round or not: what a Boltzmann machine sees less what
    it dreams, `v0.t() @ h0 - vk.t() @ hk`."""
    while True:
        if isinstance(change, ast.Call) and isinstance(change.func, ast.Attribute) and not change.args:
            change = change.func.value
        elif isinstance(change, ast.Attribute):
            change = change.value
        elif isinstance(change, ast.BinOp) and isinstance(change.op, ast.Div):
            change = change.left
        else:
            break
    if not isinstance(change, ast.BinOp) or not isinstance(change.op, ast.Sub):
        return False
    return all(
        (isinstance(phase, ast.BinOp) and isinstance(phase.op, ast.MatMult))
        or (isinstance(phase, ast.Call) and (dotted(phase.func) or "").rpartition(".")[2] in _PRODUCTS)
        for phase in (change.left, change.right)
    )


def _each(value: ast.expr) -> list[ast.expr]:
    """What becomes of each of several parameters: of a list, of the pairs in one, of the leaves of a tree."""
    if isinstance(value, ast.ListComp):
        return value.elt.elts if isinstance(value.elt, ast.Tuple) else [value.elt]
    first = value.args[0] if isinstance(value, ast.Call) and value.args else None
    if isinstance(value, ast.Call) and isinstance(first, ast.Lambda):
        return [first.body] if (dotted(value.func) or "").split(".")[-1] in _MAPS else []
    return []


def rate_of(change: ast.expr, *, parameter: bool = False) -> ast.expr | None:
    """The learning rate among the factors of a change; `parameter` is whether what changes is called one."""
    factors = list(_factors(change))
    asked = any(
        isinstance(f, ast.Call) and isinstance(f.func, ast.Attribute) and f.func.attr == "predict" for f in factors
    )
    if len(factors) < 2 or asked:  # boosting adds what a further tree predicts
        return None
    names = {id(factor): (dotted(factor) or "").split(".")[-1] for factor in factors}
    towards = any(_towards(factor) for factor in factors)
    for factor in factors:
        name = names[id(factor)]
        if _RATE.match(name) or ((towards or parameter) and _MAYBE_RATE.match(name)):
            return factor
    numbers = [factor for factor in factors if isinstance(factor, ast.Constant) and isinstance(factor.value, float)]
    return numbers[0] if towards and len(numbers) == 1 and len(factors) == 2 else None


def rate_of_velocity(change: ast.expr, scope: Scope) -> ast.expr | None:
    """The rate that what parameters are moved by was made with: `v = momentum * v - lr * grad; w += v`."""
    for term in _terms(change):
        text = dotted(term)
        bound = [b.node for b in scope.bindings.get(text, []) if b.kind == "value"] if text else []
        for made in (node for node in bound if isinstance(node, ast.expr)):
            for part in _terms(made):
                factor = rate_of(part)
                if factor is not None and _RATE.match((dotted(factor) or "").split(".")[-1]):
                    return factor
    return None


def _terms(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def scaled(change: ast.expr) -> bool:
    """Whether a change is divided by a root."""
    return any(
        isinstance(part, ast.BinOp)
        and isinstance(part.op, ast.Div)
        and any(isinstance(p, ast.Call) and (dotted(p.func) or "").endswith("sqrt") for p in walk(part.right))
        for part in walk(change)
    )


def _factors(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult):
        yield from _factors(node.left)
        yield from _factors(node.right)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield from _factors(node.left)
        yield node.right
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield from _factors(node.operand)
    elif isinstance(node, ast.Call) and (dotted(node.func) or "").split(".")[-1] in {"dot", "multiply", "matmul"}:
        for part in node.args:
            yield from _factors(part)
    else:
        yield node


def _towards(factor: ast.expr) -> bool:
    """Whether a factor is a gradient, by its name."""
    names = [node.id for node in walk(factor) if isinstance(node, ast.Name)]
    names += [node.attr for node in walk(factor) if isinstance(node, ast.Attribute)]
    names += [n.value for n in walk(factor) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return any(_GRADIENT.search(name) for name in names)
