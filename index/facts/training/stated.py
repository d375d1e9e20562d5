"""Values that a script gives by their names to the classes and functions of its project, whoever trains with them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.known_calls import RECORDS
from index.facts.evaluation.program import dotted
from index.facts.evaluation.values import Value
from index.facts.training import launching, optimizers
from index.facts.training.training import Training

_BATCH = Identifiers(r"^(per_device_)?(train(ing)?_?)?(batch_?(size|sz)|bs|bsz|b_sz)$", re.IGNORECASE)
_RATE = Identifiers(r"^(train_|base_|max_|init_)?(lr|learn(ing)?_?rate)$", re.IGNORECASE)
_EPOCHS = Identifiers(r"^((n|num|max|train|training|total|nb)_?)*epochs?$", re.IGNORECASE)
_OPTIMIZER = Identifiers(r"^optim(izer)?(_?(name|type))?$", re.IGNORECASE)
_ASKS = Identifiers(
    r"predict|eval|test|sampl|generat|infer|embed|encode|decode|valid|plot|show|visuali|benchmark|profile|export|log|init$|"
    r"^fit|state|hidden|find|warm|tune|search|resum",
    re.IGNORECASE,
)
_TAKES = Identifiers(r"^[A-Z]|data|load|train|learn|run|main|optim|batch|setup|build|make|create|get_", re.ASCII)
_LIBRARIES = {"torch", "torchvision", "tensorflow", "tf", "keras", "jax", "flax", "optax", "numpy", "np", "sklearn",
              "transformers", "datasets", "pandas", "pd", "matplotlib", "plt", "wandb", "mlflow", "argparse", "scipy",
              "tensorflow_datasets", "tfds", "xgboost", "lightgbm", "catboost", "optuna", "ray", "torchmetrics",
              "mxnet", "chainer", "paddle", "sacred", "comet_ml", "neptune", "json", "yaml"}  # fmt: skip


def batch(analysis: Analysis) -> Value | None:
    """The one size of batches that is given."""
    return _one(analysis, _BATCH)


def rate(analysis: Analysis) -> Value | None:
    """The one learning rate that is given."""
    return _one(analysis, _RATE)


def epochs(analysis: Analysis) -> Value | None:
    """The one number of epochs that is given."""
    return _one(analysis, _EPOCHS)


def alone(analysis: Analysis) -> list[Training]:
    """The training that another file has and this one only sets going, with what it is told by name."""
    name, line = next(iter(launching.launched(analysis).items()), ("", 0))
    if not line:
        return []
    rate, size, count = (_told(analysis, names, line) for names in (_RATE, _BATCH, _EPOCHS))
    named = _optimizer(analysis, line)
    told = str(named.constant) if named is not None else None
    return [Training(name.rpartition(".")[2], line, None, told, rate, size, count, named=named)]


def _optimizer(analysis: Analysis, line: int) -> Value | None:
    """The optimizer that what is set going at a line is given by its name: `train.fit(net, optimizer="adam")`."""
    for executed in (*analysis.execution.calls, *analysis.rest.calls):
        for key, node, frame in _given(analysis, executed) if executed.line == line else ():
            if _OPTIMIZER.match(key) and (named := optimizers.named(analysis, node, frame)) is not None:
                return named
    return None


def _one(analysis: Analysis, names: Identifiers) -> Value | None:
    """The one number that is given under a name."""
    value = _told(analysis, names)
    return value if value is not None and value.number is not None else None


def _told(analysis: Analysis, names: Identifiers, start: int = 0) -> Value | None:
    """What is given under a name, where it is the same wherever it is, known or not; `start` is the line of a call that
    sets a training going, whatever it is called."""
    run = analysis.execution.calls
    library = all(executed.site.scope is analysis.program.module for executed in run)
    said = list(_said(analysis, names, run, start))
    said = said or list(_said(analysis, names, analysis.rest.calls if library else [], start))
    found = {value.options: value for value in reversed(said)}
    return said[0] if len(found) == 1 else None


def _said(analysis: Analysis, names: Identifiers, calls: list[Executed], start: int) -> Iterator[Value]:
    for executed in calls:
        name = executed.name
        asks = (_ASKS.search(name) or not (_TAKES.search(name) or _of_base(executed))) and executed.line != start
        if asks or loaders.evaluates(name) or not _own(analysis, executed):
            continue
        for key, node, frame in _given(analysis, executed):
            if names.match(key):
                value = analysis.scaled(node, frame)
                yield replace(value, line=value.line or executed.line)


def _of_base(executed: Executed) -> bool:
    """Whether a class hands what it is made with to the one that it inherits from: `super().__init__(net, epochs)`."""
    function = executed.site.node.func
    of = function.value if isinstance(function, ast.Attribute) and function.attr == "__init__" else None
    return isinstance(of, ast.Call) and dotted(of.func) == "super"


def _own(analysis: Analysis, executed: Executed) -> bool:
    """Whether a call is of the project, or of a library that trains for it, rather than one that is read elsewhere."""
    full = analysis.name(executed.site.node.func, executed.frame)
    return full.split(".")[0] not in _LIBRARIES and full.split(".")[-1] not in RECORDS


def _given(analysis: Analysis, executed: Executed) -> Iterator[tuple[str, ast.expr, Frame]]:
    """What a call is given by name, or as what has that name, or in a dict written out for another file to read."""
    for keyword in executed.site.node.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value, executed.frame
    for part in executed.site.node.args:
        yield (dotted(part) or "").split(".")[-1], part, executed.frame
    if analysis.evaluator.resolver.own(executed.site.node.func, executed.frame) is not None:
        return
    for part in [*executed.site.node.args, *(keyword.value for keyword in executed.site.node.keywords)]:
        for origin in analysis.evaluator.resolver.follow(part, executed.frame):
            if isinstance(origin.node, ast.Dict):
                for key, value in zip(origin.node.keys, origin.node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value, origin.frame
