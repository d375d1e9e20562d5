"""Trainings of fastai: a learner made of data and an architecture, and each call that fits it.

The first fastai, 0.7, had a learner made by a class, or by the data, and was told the rate first:
`learn.fit(1e-2, 3, cycle_len=1)`.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted
from index.facts.evaluation.values import Value
from index.facts.training import optimizers
from index.facts.training.optimizers import Optimizer
from index.facts.training.training import Training

_FITS = {"fit", "fit_one_cycle", "fine_tune", "fit_flat_cos", "fit_sgdr"}
_MAKERS = ("cnn_learner", "vision_learner", "unet_learner", "tabular_learner", "text_classifier_learner",
           "language_model_learner", "collab_learner", "create_cnn")  # fmt: skip
_OWN_WORDS = re.compile(rf"\b({'|'.join(_MAKERS)})\(")
_OWN_FITS = re.compile(r"\.(fit_one_cycle|fine_tune|fit_flat_cos)\(")
_FITS_OF_FASTAI = re.compile(r"\.fit_(one_cycle|flat_cos)\(|\blearn(er)?\.fine_tune\(")  # whoever made the learner
_LEARNER = re.compile(r"(^|_)(?<!load_)learner$|Learner$|^create_cnn$")
_BATCHED = {"databunch", "dataloaders", "DataBunch", "DataLoaders", "LanguageModelData"}
_DATA = re.compile(
    r"(ImageClassifier|ColumnarModel|LanguageModel|Image|Text|TextModel)Data(?=\.|$)|CollabFilterDataset|md$|model_data$"
)
_FACTORY = re.compile(rf"((DataLoaders|DataBunch)|{_DATA.pattern})\.from_\w+$")
# How a learner of fastai 0.7 is made: of a network and data, or by its data.
_OF_NETWORK = {"pretrained", "from_model_data"}
_OF_DATA = {"get_learner", "get_model"}
_FIRST_CLASSES = re.compile(r"(Conv|Structured|CollabFilter|RNN_|Text)?Learner$")
_CYCLES = ("cycle_len", "cycle_mult", "n_cycle")
_STEPS = 24  # of one chain of calls
_REBOUND = 3  # times that a learner is bound to its own name again
_MOST = 64


def mentioned(text: str) -> bool:
    """Whether a text fits a learner as only fastai does: notebooks that another one sets up import nothing."""
    return _fits(text) or (_OWN_FITS.search(text) is not None and _OWN_WORDS.search(text) is not None)


def _fits(text: str) -> bool:
    return ("fit_" in text or "fine_tune" in text) and _FITS_OF_FASTAI.search(text) is not None


def imported(analysis: Analysis) -> bool:
    """Whether the script has fastai and fits anything, or makes a learner that another file fits."""
    own = {scope.name for scope in analysis.program.scopes if not scope.is_class}
    if not _FITS & analysis.called.keys() - own:
        return any(analysis.name(executed.site.node.func, executed.frame).startswith("fastai")
                   for name in ("Learner", *_MAKERS) for executed in analysis.called.get(name, []))  # fmt: skip
    if _fits(analysis.source.text):
        return True
    bare = (name for name in _MAKERS if not analysis.program.module.bindings.get(name))  # by a star import
    if any(
        isinstance(executed.site.node.func, ast.Name) for name in bare for executed in analysis.called.get(name, [])
    ):
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


def _learner(analysis: Analysis, node: ast.expr, frame: Frame, depth: int = _REBOUND) -> tuple[ast.Call, Frame] | None:
    """The call that makes a learner, seen through `.to_fp16()` and `.load(…)` after it, under its own name too:
    `learn = learn.to_fp16()`."""
    for origin in analysis.evaluator.resolver.follow(node, frame):
        made: ast.AST = origin.node
        for _ in range(_STEPS):
            if not isinstance(made, ast.Call):
                break
            last = analysis.name(made.func, origin.frame).split(".")[-1]
            if _LEARNER.search(last) or (last in _OF_NETWORK | _OF_DATA and _first(analysis, made, origin.frame)):
                return made, origin.frame
            made = made.func.value if isinstance(made.func, ast.Attribute) else made.func
        if isinstance(made, ast.Name) and made is not origin.node and depth:
            before = _learner(analysis, made, origin.frame, depth - 1)
            if before is not None:
                return before
    return None


def _first(analysis: Analysis, made: ast.Call, frame: Frame) -> bool:
    """Whether a call makes a learner of fastai 0.7: `ConvLearner.pretrained(arch, data)`, `md.get_model(opt)`."""
    if not isinstance(made.func, ast.Attribute):
        return False
    if made.func.attr in _OF_NETWORK:
        return _FIRST_CLASSES.search(dotted(made.func.value) or "") is not None
    served = (analysis.evaluator.resolver.follow(made.func.value, frame)) if made.func.attr in _OF_DATA else []
    return any(isinstance(o.node, ast.Call) and _DATA.search(analysis.name(o.node.func, o.frame)) for o in served)


def _training(analysis: Analysis, executed: Executed, made: ast.Call, frame: Frame) -> Training:
    """What a learner is made of, with the epochs of the call that fits it, and its rate where it states one."""
    call = executed.site.node
    first = argument(call, _CYCLES) is not None or (executed.name == "fit" and _first(analysis, made, frame))
    epochs = argument(call, ("n_epoch", "cyc_len", "epochs", "n_cycles"), 0) if not first else None
    rate = argument(call, ("lr_max", "max_lr", "base_lr", "lr", "lrs"), 0 if first else 1)
    built = _built(analysis, executed, made, frame)
    return replace(
        built,
        lr=_rate(analysis, rate, executed.frame) if rate is not None else built.lr,
        epochs=_of_cycles(analysis, executed) if first else _value(analysis, epochs, executed.frame),
    )


def _value(analysis: Analysis, node: ast.expr | None, frame: Frame) -> Value | None:
    return analysis.value(node, frame) if node is not None else None


def _of_cycles(analysis: Analysis, executed: Executed) -> Value | None:
    """The epochs of so many cycles, each `cycle_mult` times as long as the one before it."""
    call, frame = executed.site.node, executed.frame
    node = argument(call, ("n_cycle",), 1)
    if node is None:
        return None
    count = analysis.value(node, frame)
    length, times = (_value(analysis, argument(call, (name,)), frame) for name in _CYCLES[:2])
    if count.number is None or not 0 < count.number <= _MOST or length is None:
        return count
    first, grows = length.number, times.number if times is not None else 1
    if first is None or grows is None or not 0 < grows <= 8:
        return replace(count, options=())
    total = sum(first * grows**cycle for cycle in range(int(count.number)))
    return replace(count, options=(total,)) if total < 1 << 31 else replace(count, options=())


def _built(analysis: Analysis, executed: Executed, made: ast.Call, frame: Frame) -> Training:
    """What a learner is made of: its data, its network, its optimizer and the rate that it has by default."""
    rate = argument(made, ("lr",))
    data: ast.expr | None = argument(made, ("data", "dls", "dbunch"), 0)
    network = argument(made, ("arch", "base_arch", "model"), 1)
    if isinstance(made.func, ast.Attribute) and _first(analysis, made, frame):
        of_network = made.func.attr in _OF_NETWORK
        data = argument(made, ("data",), 1) if of_network else made.func.value
        network = argument(made, ("f", "m"), 0) if of_network else None
    named = _optimizer(analysis, made, frame)
    return Training(
        f"learn.{executed.name}",
        executed.line,
        None,
        str(named.constant) if named else None,
        _rate(analysis, rate, frame) if rate is not None else None,
        _batch(analysis, data, frame) if data is not None else None,
        None,
        trained=((network, frame),) if network is not None else (),
        named=named,
    )


def _rate(analysis: Analysis, node: ast.expr, frame: Frame) -> Value:
    """The rate, or the highest of the slice over the layers, or of the array of them: that of the last group."""
    for origin in analysis.evaluator.resolver.follow(node, frame):
        call = origin.node
        if isinstance(call, ast.Call) and dotted(call.func) == "slice" and call.args:
            return analysis.value(call.args[-1], origin.frame)
        groups = call.args[0] if isinstance(call, ast.Call) and _is_array(call) else call
        if isinstance(groups, ast.List | ast.Tuple) and groups.elts:
            return analysis.value(groups.elts[-1], origin.frame)
    return analysis.value(node, frame)


def _is_array(call: ast.Call) -> bool:
    return (dotted(call.func) or "").rpartition(".")[2] == "array" and bool(call.args)


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
            told = [given for given in step.args if loaders.is_size(dotted(given) or "")]
            if told:  # get_dataloaders(bs), of another file
                return analysis.value(told[0], origin.frame)
            step = step.func.value if isinstance(step.func, ast.Attribute) else step.func
    return None


def _optimizer(analysis: Analysis, made: ast.Call, frame: Frame) -> Value | None:
    """What names the optimizer: `opt_func=ranger`, `opt_func=partial(Adam, betas=…)`."""
    by_data = isinstance(made.func, ast.Attribute) and made.func.attr == "get_model"  # of fastai 0.7
    node = argument(made, ("opt_func", "opt_fn"), 0 if by_data else None)
    bound = frame.scope.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
    for call in [node, *(binding.node for binding in bound)]:
        wrapped = argument(call, ("opt",)) if isinstance(call, ast.Call) else None
        if wrapped is not None:  # partial(OptimWrapper, opt=AdamW)
            return _called(optimizers.canonical(analysis.name(wrapped, frame).split(".")[-1]), wrapped)
    for origin in analysis.evaluator.resolver.follow(node, frame) if node is not None else []:
        found: Optimizer | None = optimizers.read(analysis, origin)
        named = found.name if found else optimizers.canonical((dotted(origin.node) or "").rpartition(".")[2])
        if named:  # also partial(optim.Adam, …) where every name is imported from elsewhere
            return _called(named, origin.node)
    return _called(optimizers.canonical(analysis.name(node, frame).split(".")[-1]), node) if node is not None else None


def _called(name: str | None, node: ast.AST) -> Value | None:
    return Value((name,), getattr(node, "lineno", 0)) if name else None
