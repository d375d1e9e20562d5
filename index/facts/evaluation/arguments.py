"""Which expression a call passes for a parameter, and which one the function itself gives it."""

from __future__ import annotations

import ast

from index.facts.evaluation.program import Scope


def given(scope: Scope, name: str, call: ast.Call) -> ast.expr | None:
    """What a call passes for the parameter by name or by position; None when it leaves it out."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    index = scope.positions.get(name) if call.args else None
    if index is None or index >= len(call.args) or ast.Starred in map(type, call.args[: index + 1]):
        return None
    return call.args[index]


def default(scope: Scope, name: str) -> ast.expr | None:
    """The default in the signature."""
    node = scope.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return None
    positional = [*node.args.posonlyargs, *node.args.args]
    for argument, value in zip(reversed(positional), reversed(node.args.defaults), strict=False):
        if argument.arg == name:
            return value
    for argument, keyword in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if argument.arg == name:
            return keyword
    return None


def told(scope: Scope, name: str, call: ast.Call, value: bool) -> bool:
    """Whether a call gives a parameter the literal value; what is so by default is given by saying nothing."""
    node = given(scope, name, call) or (default(scope, name) if value else None)
    return isinstance(node, ast.Constant) and node.value is value


def annotation(scope: Scope, name: str) -> ast.expr | None:
    """The type a parameter is said to have."""
    node = scope.node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            if argument.arg == name:
                return argument.annotation
    return None


def handed_up(initialiser: Scope, name: str) -> bool:
    """Whether an `__init__` hands a parameter of its own to that of a base: `super().__init__(name)`."""
    bound = initialiser.bindings.get(name, [])
    return any(binding.kind == "parameter" for binding in bound) and any(
        isinstance(part, ast.Name) and part.id == name
        for site in initialiser.calls
        if site.name == "__init__"
        for part in [*site.node.args, *(keyword.value for keyword in site.node.keywords)]
    )
