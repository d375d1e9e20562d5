"""Which expression a call passes for a parameter, and which one the function itself gives it."""

from __future__ import annotations

import ast

from index.facts.program import Scope, dotted


def given(scope: Scope, name: str, call: ast.Call) -> ast.expr | None:
    """What a call passes for the parameter by name or by position; None when it leaves it out."""
    node = scope.node
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return None
    if not call.args:
        return None
    names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
    static = isinstance(node, ast.FunctionDef) and any(dotted(d) == "staticmethod" for d in node.decorator_list)
    if scope.owner is not None and names and not static:
        names = names[1:]
    index = names.index(name) if name in names else len(call.args)
    passed = call.args[: index + 1]
    return passed[index] if index < len(passed) and ast.Starred not in map(type, passed) else None


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


def takes_rest(scope: Scope, name: str) -> bool:
    """Whether a name is the one under which a function takes what it is given by other names: `**kwargs`."""
    node = scope.node
    return (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        and node.args.kwarg is not None
        and node.args.kwarg.arg == name
    )


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
