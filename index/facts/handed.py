"""Trainings that a function of another file runs: what the call hands to it is stated here."""

from __future__ import annotations

import ast
import re

from index.facts import loaders, optimizers
from index.facts.analysis import Analysis, argument
from index.facts.execution import Executed, Execution
from index.facts.frames import Frame
from index.facts.optimizers import Optimizer
from index.facts.program import dotted
from index.facts.training import Training
from index.facts.values import Value

_TRAINS = re.compile(r"^(run_|do_|start_)?(pre)?(train|fit)(ing|er)?(_|$|[A-Z0-9])|_(train|fit)$")
_NOT = re.compile(r"test_split|loader|dataset|data|transform|valid_split|eval|config|args", re.IGNORECASE)
_EPOCHS = re.compile(r"^(\w+_)?((n|num|max|train|training|total|nb)_?)*epochs?(_\w+)?$", re.IGNORECASE)
_RATES = ("lr", "learning_rate", "learningRate", "LR")


def find(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """Each call that hands a model to a training function of another file, with its place in the running order."""
    found = []
    for order, executed in enumerate(execution.calls):
        if _TRAINS.search(executed.name) and not _NOT.search(executed.name):
            training = _read(analysis, executed)
            if training is not None:
                found.append((order, training))
    return found


def _read(analysis: Analysis, executed: Executed) -> Training | None:
    call, frame = executed.site.node, executed.frame
    resolver = analysis.evaluator.resolver
    if not isinstance(call.func, ast.Name) or resolver.definition(call.func, frame) is not None:
        return None
    if analysis.name(call.func, frame).split(".")[0] in {"xgboost", "lightgbm", "sklearn", "catboost"}:
        return None
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    optimizer = _optimizer(analysis, given, frame)
    rate = argument(call, _RATES)
    epochs = _epochs(analysis, call, frame)
    stated = analysis.value(rate, frame) if rate is not None else optimizer.lr if optimizer else None
    if optimizer is None and epochs is None and stated is None:
        return None
    size, loader = _batch(analysis, call, frame)
    model = argument(call, ("model", "net", "network"), 0)
    models = ((model, frame),) if isinstance(model, ast.Name | ast.Attribute) else ()
    trained = (optimizers.trained(analysis, optimizer) if optimizer else ()) or models
    name = optimizer.name if optimizer else None
    return Training(executed.name, executed.line, optimizer, name, stated, size, epochs, loader, trained)


def _optimizer(analysis: Analysis, given: list[ast.expr], frame: Frame) -> Optimizer | None:
    for part in given:
        if isinstance(part, ast.Name | ast.Attribute | ast.Call):
            for origin in analysis.evaluator.resolver.follow(part, frame):
                optimizer = optimizers.read(analysis, origin)
                if optimizer is not None:
                    return optimizer
    return None


def _epochs(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    for keyword in call.keywords:
        if keyword.arg and _EPOCHS.match(keyword.arg):
            return analysis.value(keyword.value, frame)
    for part in call.args:
        if _EPOCHS.match((dotted(part) or "").split(".")[-1]):
            return analysis.value(part, frame)
    return None


def _batch(analysis: Analysis, call: ast.Call, frame: Frame) -> tuple[Value | None, tuple[ast.expr, Frame] | None]:
    stated = argument(call, ("batch_size", "train_batch_size"))
    if stated is not None:
        return analysis.value(stated, frame), None
    for part in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(part, ast.Name | ast.Attribute) and not loaders.evaluates(dotted(part) or ""):
            size = loaders.batch(analysis, part, frame)
            if size is not None and size.number is not None:
                return size, (part, frame)
    return None, None
