"""Networks that a function of the script builds without a class, and is called for: `def MobileNetUnet(classes): …`."""

from __future__ import annotations

import ast

from index.facts.analysis import Analysis
from index.facts.frames import Frame
from index.facts.layers import NETWORKS, starred
from index.facts.naming import NOT_MODELS, Named
from index.facts.program import Scope
from index.facts.trained import PART

_MODELS = {"Model", "Sequential"}
_HOMES = {"tf", "keras", "tensorflow", "tf_keras", "torch"}
_SHOWN = 3


def named(analysis: Analysis) -> Named | None:
    """The network that such a function gives back, by the function's name; several where they are few, of which none
    is built by another."""
    functions = [
        scope for scope in analysis.program.module.children
        if scope.name[:1].isupper() and not (scope.is_class or scope.name.isupper())
        and not (NOT_MODELS.search(scope.name) or (PART.search(scope.name) and not NETWORKS.search(scope.name)))
    ]  # fmt: skip
    found = [scope for scope in functions if _gives_network(analysis, scope)]
    built = {site.name for scope in found for site in scope.calls}
    whole = [scope for scope in found if scope.name not in built]
    return (" / ".join(scope.name for scope in whole), whole[0].line) if 1 <= len(whole) <= _SHOWN else None


def _gives_network(analysis: Analysis, function: Scope) -> bool:
    frame = Frame(function)
    for value, _ in function.returns:
        for origin in analysis.evaluator.resolver.follow(value, frame):
            full = analysis.name(origin.node.func, origin.frame) if isinstance(origin.node, ast.Call) else ""
            root, _, last = full.rpartition(".")
            of_library = root.partition(".")[0] in _HOMES or (not root and starred(analysis, last))
            if last in _MODELS and of_library and origin.frame.scope is function:
                return True
    return False
