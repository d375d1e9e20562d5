"""Classes that only others are made from: a method of theirs is left to whoever derives from them."""

from __future__ import annotations

import ast

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, dotted


def abstract(scope: Scope) -> bool:
    """Whether a method of a class does nothing but refuse: `raise NotImplementedError`."""
    return any(not child.is_class and _refuses(child.node) for child in scope.children)


def concrete(analysis: Analysis, base: Scope) -> list[Scope]:
    """The classes of the script that derive from one and are themselves made."""
    bases = analysis.evaluator.resolver.bases
    return [scope for scope in analysis.program.classes if base in bases(scope) and not abstract(scope)]


def _refuses(function: ast.AST) -> bool:
    body = getattr(function, "body", [])
    last = body[-1] if isinstance(body, list) and body else None
    if not isinstance(last, ast.Raise) or last.exc is None or not all(map(_said, body[:-1])):
        return False
    raised = last.exc.func if isinstance(last.exc, ast.Call) else last.exc
    return dotted(raised) == "NotImplementedError"


def _said(statement: ast.stmt) -> bool:
    """Whether a statement is only a text."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
