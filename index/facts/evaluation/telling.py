"""Which functions of a module may tell how a script trains, by the names of what they call: no other is entered.

Most of what a project has are layers, plots and helpers: following each of their calls would cost more than the script.
"""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.program import Scope, dotted

# What a text says that trains, makes an optimizer, a loader, or the data.
_TRAINS = re.compile(
    r"backward$|(^|_|\.)step$|fit(_generator)?$|^train|_train|minimize$|gradients?$|compile$|\.run$|optim|"
    r"(Adam\w*|SGD|RMSprop|Adagrad|Adadelta|Lion|LBFGS)$|Loader|\.batch$|next_batch|sample|dataset|load_|fetch_|"
    r"read_data_sets|read_(csv|table|excel|json|parquet)$|loadmat$|loadtxt$|genfromtxt$|(np|numpy)\.load$|h5py\.File$|"
    r"ImageFolder|flow_from|iterator|parse_(known_)?args|^update|_update|learn",
    re.IGNORECASE,
)
# What is called for the data that it reads, by whatever it opens: load_data, read_corpus.
_SERVES = re.compile(
    r"(load|read|import|fetch|prepare)_?((raw|train(ing)?)_)?(data(_?set)?|corpus|texts?)", re.IGNORECASE
)


class Telling:
    """The functions and classes of one module that tell, or call one that does."""

    def __init__(self, module: Scope) -> None:
        self._scopes: set[Scope] = set()
        foreign = {
            name
            for name, bindings in module.bindings.items()
            if any(b.kind == "import" and str(b.node).split(".")[0] not in LIBRARIES for b in bindings)
        }
        calls = {scope: _called(scope) for scope in module.within()}
        telling = {
            scope for scope, names in calls.items()
            if any(map(_tells, names)) or names & foreign or _SERVES.fullmatch(scope.name)
        }  # fmt: skip
        while telling:
            self._scopes |= telling | {scope.owner for scope in telling if scope.owner is not None}
            names = {scope.name for scope in self._scopes}
            telling = {scope for scope in calls if scope not in self._scopes and not names.isdisjoint(calls[scope])}

    def __contains__(self, scope: Scope) -> bool:
        return scope in self._scopes


def _called(scope: Scope) -> set[str]:
    """The dotted names that a scope calls, and the first and the last part of each."""
    found = set()
    for site in scope.calls:
        function = site.node.func
        full = dotted(function) or (function.attr if isinstance(function, ast.Attribute) else "")
        found |= {full, full.partition(".")[0], full.rpartition(".")[2]}
    return found


def _tells(name: str) -> bool:
    return _TRAINS.search(name) is not None
