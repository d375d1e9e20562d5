"""Trainings of skorch: a network of PyTorch that looks like an estimator, with its settings, whoever fits it."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.values import Value
from index.facts.network import ancestry
from index.facts.training import optimizers
from index.facts.training.training import Training

_NET = re.compile(r"^skorch\.(\w+\.)*NeuralNet\w*$")
_FITS = {"fit", "partial_fit", "fit_loop", "cross_validate", "cross_val_score", "cross_val_predict"}
_SIZES = ("batch_size", "iterator_train__batch_size")


def find(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """The networks that are made, each a stage, where anything is fitted."""
    if "skorch" not in analysis.source.text or not _FITS & analysis.called.keys():
        return []
    made = [(order, executed) for order, executed in enumerate(execution.calls) if _is_net(analysis, executed)]
    return [(order, _training(analysis, executed)) for order, executed in made]


def _is_net(analysis: Analysis, executed: Executed) -> bool:
    """Whether a call makes a network of skorch, by its own class or by one that inherits from it."""
    function, frame = executed.site.node.func, executed.frame
    own = analysis.evaluator.resolver.definition(function, frame)
    if own is None:
        full = analysis.name(function, frame)
        foreign = "." in full and full.rpartition(".")[2][:1].isupper() and not full.startswith("skorch.")
        return _NET.match(ancestry.inherited(analysis, full) if foreign else full) is not None
    return any(
        _NET.match(analysis.name(base, Frame(scope.parent or scope)))
        for scope in (own, *analysis.evaluator.resolver.bases(own))
        for base in (scope.node.bases if isinstance(scope.node, ast.ClassDef) else [])
    )


def _training(analysis: Analysis, executed: Executed) -> Training:
    call, frame = executed.site.node, executed.frame
    rate = _setting(analysis, call, frame, ("lr", "optimizer__lr"))
    size = _setting(analysis, call, frame, _SIZES)
    count = _setting(analysis, call, frame, ("max_epochs",))
    told = _entry(analysis, call, frame, ("optimizer",))
    name = optimizers.canonical(analysis.name(*told).split(".")[-1]) if told is not None else None
    module = argument(call, ("module",), 0)
    trained = ((module, frame),) if module is not None else ()
    named = Value((name,), told[0].lineno) if told is not None and name else None
    return Training("fit", executed.line, None, name, rate, size, count, None, trained, named=named)


def _setting(analysis: Analysis, call: ast.Call, frame: Frame, names: tuple[str, ...]) -> Value | None:
    found = _entry(analysis, call, frame, names)
    return analysis.scaled(*found) if found is not None else None


def _entry(analysis: Analysis, call: ast.Call, frame: Frame, names: tuple[str, ...]) -> tuple[ast.expr, Frame] | None:
    """What the network is given for a setting, or a pipeline that it is a part of: `{"net__lr": 0.1}`."""
    node = argument(call, names)
    if node is not None:
        return node, frame
    module = analysis.program.module
    given = [
        (value, Frame(module))
        for entries in analysis.source.of(ast.Dict)
        for key, value in zip(entries.keys, entries.values, strict=True)
        if isinstance(key, ast.Constant) and str(key.value).partition("__")[2] in names
        and not isinstance(value, ast.List | ast.Tuple)
    ]  # fmt: skip
    return given[0] if len({ast.dump(value) for value, _ in given}) == 1 else None
