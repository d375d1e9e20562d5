"""Estimators of TensorFlow: what they are fed, and those that come ready, `DNNClassifier(…).train(input_fn)`."""

from __future__ import annotations

import ast
import re

from index.facts import loaders, optimizers
from index.facts.analysis import Analysis, argument
from index.facts.execution import Execution
from index.facts.frames import Frame
from index.facts.program import CallSite
from index.facts.training import Training
from index.facts.values import Value

_READY = re.compile(r"^(tensorflow|tf)\.(compat\.v1\.|contrib\.learn\.)?(estimator\.)?\w+(Classifier|Regressor)$")


def find(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """Each training of a ready estimator, with its place in the running order."""
    found = []
    for order, executed in enumerate(execution.calls if "estimator" in analysis.names else []):
        function = executed.site.node.func
        if executed.name not in {"train", "fit"} or not isinstance(function, ast.Attribute):
            continue
        for origin in analysis.evaluator.resolver.follow(function.value, executed.frame):
            made = origin.node
            if isinstance(made, ast.Call) and _READY.match(analysis.name(made.func, origin.frame)):
                told = argument(made, ("optimizer", "dnn_optimizer"))
                moved = analysis.evaluator.resolver.follow(told, origin.frame) if told is not None else []
                optimizer = next((one for step in moved if (one := optimizers.read(analysis, step))), None)
                named = analysis.value(told, origin.frame).constant if told is not None and optimizer is None else None
                name = optimizers.canonical(named) if isinstance(named, str) else None
                found.append((order, Training(
                    "training", executed.line, optimizer, optimizer.name if optimizer else name,
                    optimizer.lr if optimizer else None, fed(analysis), None, None, ((function.value, executed.frame),),
                )))  # fmt: skip
    return found


def fed(analysis: Analysis) -> Value | None:
    """The one size of the batches that an estimator is fed: `estimator.train(input_fn=train_input_fn)`."""
    found: dict[tuple[object, ...], Value] = {}
    calls = [executed for name in ("train", "TrainSpec") for executed in analysis.called.get(name, [])]
    for executed in calls if "estimator" in analysis.names else []:
        node = argument(executed.site.node, ("input_fn",), 0)
        value = _fed(analysis, node, executed.frame) if node is not None else None
        if value is not None:
            found.setdefault(value.options, value)
    return next(iter(found.values())) if len(found) == 1 else None


def _fed(analysis: Analysis, node: ast.expr, frame: Frame) -> Value | None:
    if isinstance(node, ast.Lambda):  # lambda: input_fn(files, batch_size)
        return loaders.batch(analysis, node.body, frame) or _made_by(analysis, node.body, frame)
    return loaders.batch(analysis, node, frame) or _returned(analysis, node, frame, None)


def _made_by(analysis: Analysis, node: ast.expr, frame: Frame) -> Value | None:
    return _returned(analysis, node.func, frame, node) if isinstance(node, ast.Call) else None


def _returned(analysis: Analysis, function: ast.expr, frame: Frame, call: ast.Call | None) -> Value | None:
    """The size of the batches that a function of the script gives."""
    scope = analysis.evaluator.resolver.definition(function, frame)
    if scope is None or scope.is_class:
        return None
    inner = Frame(scope, CallSite(call, frame.scope), frame) if call is not None else Frame(scope)
    return next(
        (size for value, _ in scope.returns if (size := loaders.batch(analysis, value, inner)) is not None), None
    )
