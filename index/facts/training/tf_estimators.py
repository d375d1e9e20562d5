"""Estimators of TensorFlow: what they are fed, and those that come ready, `DNNClassifier(…).train(input_fn)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import CallSite
from index.facts.evaluation.values import Value
from index.facts.training import loops, optimizers
from index.facts.training.training import Training

Reader = Callable[[Analysis, ast.expr, Frame], Value | None]
_READY = re.compile(r"^(tensorflow|tf)\.(compat\.v1\.|contrib\.learn\.)?(estimator\.)?\w+(Classifier|Regressor)$")


def find(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """Each training of a ready estimator, with its place in the running order."""
    found = []
    may = "estimator" in analysis.names or any(map(_fed_by_name, analysis.called.get("train", [])))
    for order, executed in enumerate(execution.calls if may else []):
        function = executed.site.node.func
        if executed.name not in {"train", "fit"} or not isinstance(function, ast.Attribute):
            continue
        for origin in analysis.evaluator.resolver.follow(function.value, executed.frame):
            made = origin.node
            if isinstance(made, ast.Call) and _READY.match(analysis.name(made.func, origin.frame)):
                told = argument(made, ("optimizer", "dnn_optimizer"))
                moved = analysis.evaluator.resolver.follow(told, origin.frame) if told is not None else []
                optimizer = next((one for step in moved if (one := optimizers.read(analysis, step))), None)
                by_text = told is not None and optimizer is None
                named = optimizers.named(analysis, told, origin.frame) if told is not None and by_text else None
                name = str(named.constant) if named is not None else None
                found.append((order, Training(
                    "training", executed.line, optimizer, optimizer.name if optimizer else name,
                    optimizer.lr if optimizer else None, fed(analysis), repeated(analysis), None,
                    ((function.value, executed.frame),), named=named,
                )))  # fmt: skip
    return found


def _fed_by_name(executed: Executed) -> bool:
    """Whether a call is told what gives the examples, as those of estimators are: one that another file makes."""
    return any(keyword.arg == "input_fn" for keyword in executed.site.node.keywords)


def builds(analysis: Analysis) -> bool:
    """Whether a ready estimator is made, or trained that another file makes: `classifier.train(input_fn=…)`."""
    if any(map(_fed_by_name, analysis.called.get("train", []))):
        return True
    calls = (executed for executed in analysis.executed if executed.name.endswith(("Classifier", "Regressor")))
    return "estimator" in analysis.names and any(
        _READY.match(analysis.name(executed.site.node.func, executed.frame)) for executed in calls
    )


def fed(analysis: Analysis) -> Value | None:
    """The one size of the batches that an estimator is fed: `estimator.train(input_fn=train_input_fn)`."""
    return _of_input(analysis, loaders.batch)


def repeated(analysis: Analysis) -> Value | None:
    """How often what an estimator is fed goes over its data, or how many epochs it is trained for one by one."""
    fed_again = _of_input(analysis, loaders.repeats)
    calls = analysis.called.get("train", []) if fed_again is None and "estimator" in analysis.names else []
    one_by_one = (loops.repeated(analysis, call) for call in calls if argument(call.site.node, ("input_fn",), 0))
    return fed_again or next(filter(None, one_by_one), None)


def _of_input(analysis: Analysis, read: Reader) -> Value | None:
    found: dict[tuple[object, ...], Value] = {}
    calls = [executed for name in ("train", "TrainSpec") for executed in analysis.called.get(name, [])]
    for executed in calls if "estimator" in analysis.names else []:
        node = argument(executed.site.node, ("input_fn",), 0)
        value = _fed(analysis, node, executed.frame, read) if node is not None else None
        if value is not None:
            found.setdefault(value.options, value)
    return next(iter(found.values())) if len(found) == 1 else None


def _fed(analysis: Analysis, node: ast.expr, frame: Frame, read: Reader) -> Value | None:
    made: ast.expr | None
    if isinstance(node, ast.Lambda):  # lambda: input_fn(files, batch_size)
        node = made = node.body
    else:
        resolver = analysis.evaluator.resolver
        given = next((o.given for o in resolver.follow(node, frame) if o.given is not None), None)
        made = resolver.completed(*given, None, frame) if given is not None else None
    told = read(analysis, node, frame)
    if told is not None or made is None:
        return told or _returned(analysis, node, frame, None, read)
    return _returned(analysis, made.func, frame, made, read) if isinstance(made, ast.Call) else None


def _returned(
    analysis: Analysis, function: ast.expr, frame: Frame, call: ast.Call | None, read: Reader
) -> Value | None:
    """What is read of the batches that a function of the script gives."""
    scope = analysis.evaluator.resolver.definition(function, frame)
    if scope is None or scope.is_class:
        return None
    inner = Frame(scope, CallSite(call, frame.scope), frame) if call is not None else Frame(scope)
    return next((found for value, _ in scope.returns if (found := read(analysis, value, inner)) is not None), None)
