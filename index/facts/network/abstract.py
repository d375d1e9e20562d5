"""Classes that only others are made from: a method of theirs is left to whoever derives from them."""

from __future__ import annotations

import ast

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, dotted

_ROOTS = {"Module", "Model", "Layer", "LightningModule", "object", "ABC"}


def abstract(analysis: Analysis, scope: Scope) -> bool:
    """Whether a method of a class does nothing but refuse: `raise NotImplementedError`; not one that its bases have, or
    may have that are of other files, which it only does without."""
    refused = [child.name for child in scope.children if not child.is_class and _refuses(child.node)]
    bases = analysis.evaluator.resolver.bases(scope) if refused else []
    names = [
        (dotted(base) or "").rpartition(".")[2] for form in (scope, *bases) for base in getattr(form.node, "bases", [])
    ]
    if not {name for name in names if name not in _ROOTS} <= {base.name for base in bases}:
        return False
    had = {child.name for base in bases for child in base.children if not _refuses(child.node)}
    return not had.issuperset(refused)


def concrete(analysis: Analysis, base: Scope) -> list[Scope]:
    """The classes of the script that derive from one and are themselves made."""
    bases = analysis.evaluator.resolver.bases
    return [scope for scope in analysis.program.classes if base in bases(scope) and not abstract(analysis, scope)]


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
