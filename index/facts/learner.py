"""Trainings of fastai: a learner made of data and an architecture, and each call that fits it."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from index.facts import optimizers
from index.facts.analysis import Analysis, argument
from index.facts.execution import Executed, Execution
from index.facts.frames import Frame
from index.facts.optimizers import Optimizer
from index.facts.program import dotted
from index.facts.training import Training
from index.facts.values import Value

_FITS = {"fit", "fit_one_cycle", "fine_tune", "fit_flat_cos", "fit_sgdr"}
_MAKERS = ("cnn_learner", "vision_learner", "unet_learner", "tabular_learner", "text_classifier_learner",
           "language_model_learner", "collab_learner", "create_cnn")  # fmt: skip
_OWN_WORDS = re.compile(rf"\b({'|'.join(_MAKERS)})\(")
_OWN_FITS = re.compile(r"\.(fit_one_cycle|fine_tune|fit_flat_cos)\(")
_FITS_OF_FASTAI = re.compile(r"\.fit_(one_cycle|flat_cos)\(|\blearn(er)?\.fine_tune\(")  # whoever made the learner
_LEARNER = re.compile(r"(^|_)(?<!load_)learner$|Learner$|^create_cnn$")
_SIZES = {"bs", "batch_size"}
_BATCHED = {"databunch", "dataloaders", "DataBunch", "DataLoaders"}
_FACTORY = re.compile(r"(DataLoaders|DataBunch)\.from_\w+$")
_STEPS = 24  # of one chain of calls
_MOST = 64


def mentioned(text: str) -> bool:
    """Whether a text fits a learner as only fastai does: notebooks that another one sets up import nothing."""
    return _FITS_OF_FASTAI.search(text) is not None or (
        _OWN_WORDS.search(text) is not None and _OWN_FITS.search(text) is not None
    )


def imported(analysis: Analysis) -> bool:
    """Whether the script has fastai and fits anything, or makes a learner that another file fits."""
    if not _FITS & analysis.called.keys():
        return any(analysis.name(executed.site.node.func, executed.frame).startswith("fastai")
                   for name in ("Learner", *_MAKERS) for executed in analysis.called.get(name, []))  # fmt: skip
    if _FITS_OF_FASTAI.search(analysis.source.text):
        return True
    if any(name in analysis.called and not analysis.program.module.bindings.get(name) for name in _MAKERS):
        return True
    imports = [str(b.node) for bindings in analysis.program.module.bindings.values() for b in bindings
               if b.kind == "import"]  # fmt: skip
    return any(name.split(".")[0] in {"fastai", "fastai2", "fastbook"} for name in imports)


def line(analysis: Analysis) -> int:
    """Where the first learner is fitted, or made."""
    names = _FITS & analysis.called.keys() or {"Learner", *_MAKERS}
    return min(executed.line for name in names for executed in analysis.called.get(name, []))


def made(analysis: Analysis, execution: Execution) -> list[Training]:
    """Learners that another file fits."""
    found = []
    for executed in execution.calls if imported(analysis) else []:
        call, frame = executed.site.node, executed.frame
        name = analysis.name(call.func, frame)
        if name.startswith("fastai") and _LEARNER.search(name.split(".")[-1]):
            found.append(_built(analysis, executed, call, frame))
    return found


def find(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """Each call that fits a learner, with its place in the running order."""
    found: list[tuple[int, Training]] = []
    for order, executed in enumerate(execution.calls if imported(analysis) else []):
        function = executed.site.node.func
        if executed.name not in _FITS or not isinstance(function, ast.Attribute) or len(found) >= _MOST:
            continue
        made = _learner(analysis, function.value, executed.frame)
        if made is not None:
            found.append((order, _training(analysis, executed, *made)))
    return found


def _learner(analysis: Analysis, node: ast.expr, frame: Frame) -> tuple[ast.Call, Frame] | None:
    """The call that makes a learner, seen through `.to_fp16()` and `.load(…)` after it."""
    for origin in analysis.evaluator.resolver.follow(node, frame):
        made: ast.AST = origin.node
        for _ in range(_STEPS):
            if not isinstance(made, ast.Call):
                break
            if _LEARNER.search(analysis.name(made.func, origin.frame).split(".")[-1]):
                return made, origin.frame
            made = made.func.value if isinstance(made.func, ast.Attribute) else made.func
    return None


def _training(analysis: Analysis, executed: Executed, made: ast.Call, frame: Frame) -> Training:
    """What a learner is made of, with the epochs of the call that fits it, and its rate where it states one."""
    call = executed.site.node
    epochs = argument(call, ("n_epoch", "cyc_len", "epochs", "n_cycles"), 0)
    rate = argument(call, ("lr_max", "max_lr", "base_lr", "lr"), 1)
    built = _built(analysis, executed, made, frame)
    return replace(
        built,
        lr=_rate(analysis, rate, executed.frame) if rate is not None else built.lr,
        epochs=analysis.value(epochs, executed.frame) if epochs is not None else None,
    )


def _built(analysis: Analysis, executed: Executed, made: ast.Call, frame: Frame) -> Training:
    """What a learner is made of: its data, its network, its optimizer and the rate that it has by default."""
    rate = argument(made, ("lr",))
    data = argument(made, ("data", "dls", "dbunch"), 0)
    network = argument(made, ("arch", "base_arch", "model"), 1)
    return Training(
        f"learn.{executed.name}",
        executed.line,
        None,
        _optimizer(analysis, made, frame),
        _rate(analysis, rate, frame) if rate is not None else None,
        _batch(analysis, data, frame) if data is not None else None,
        None,
        trained=((network, frame),) if network is not None else (),
    )


def _rate(analysis: Analysis, node: ast.expr, frame: Frame) -> Value:
    """The rate, or the highest of the slice over the layers: that of the last group."""
    for origin in analysis.evaluator.resolver.follow(node, frame):
        call = origin.node
        if isinstance(call, ast.Call) and dotted(call.func) == "slice" and call.args:
            return analysis.value(call.args[-1], origin.frame)
    return analysis.value(node, frame)


def _batch(analysis: Analysis, data: ast.expr, frame: Frame) -> Value | None:
    for origin in analysis.evaluator.resolver.follow(data, frame):
        step: ast.AST = origin.node
        for _ in range(_STEPS):
            if not isinstance(step, ast.Call):
                break
            name = dotted(step.func) or (step.func.attr if isinstance(step.func, ast.Attribute) else "")
            size = argument(step, ("bs", "batch_size"), 1 if name.split(".")[-1] == "databunch" else None)
            if size is not None and (name.split(".")[-1] in _BATCHED or _FACTORY.search(name)):
                return analysis.value(size, origin.frame)
            told = [given for given in step.args if (dotted(given) or "").split(".")[-1] in _SIZES]
            if told:  # get_dataloaders(bs), of another file
                return analysis.value(told[0], origin.frame)
            step = step.func.value if isinstance(step.func, ast.Attribute) else step.func
    return None


def _optimizer(analysis: Analysis, made: ast.Call, frame: Frame) -> str | None:
    """`opt_func=ranger`, `opt_func=partial(Adam, betas=…)`."""
    node = argument(made, ("opt_func",))
    bound = frame.scope.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
    for call in [node, *(binding.node for binding in bound)]:
        wrapped = argument(call, ("opt",)) if isinstance(call, ast.Call) else None
        if wrapped is not None:  # partial(OptimWrapper, opt=AdamW)
            return optimizers.canonical(analysis.name(wrapped, frame).split(".")[-1])
    for origin in analysis.evaluator.resolver.follow(node, frame) if node is not None else []:
        found: Optimizer | None = optimizers.read(analysis, origin)
        if found is not None:
            return found.name
    return optimizers.canonical(analysis.name(node, frame).split(".")[-1]) if node is not None else None
