"""Trainings that a function or an object of another file runs: what the script hands to it is stated here."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import takewhile
from typing import TypeVar

from index.facts.data import loaders
from index.facts.evaluation import options
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import dotted
from index.facts.evaluation.values import Value
from index.facts.network import naming
from index.facts.training import launching, made_later, optimizers, rllib
from index.facts.training.optimizers import Optimizer
from index.facts.training.training import Training

_TRAINS = Identifiers(
    r"^(run_|do_|start_)?(pre)?(train|fit)(ing|er)?(_|$|[A-Z0-9])|_(train|fit)$|"
    r"^(update|optimi[sz]e|learn)_(parameters|model|networks?|policy|agent|weights)$|^learn$"
)
_NOT = Identifiers(r"test_split|loader|dataset|data|transform|valid_split|(?<!and_)eval|config|args", re.IGNORECASE)
_EPOCHS = re.compile(
    r"^(?!start|begin|first|last|curr|resume|warm|save|log|init|every)(\w+_)?((n|num|max|train|training|total|nb)_?)*epochs?"
    r"(_(?!print|log|save|eval|every|freq|interval)\w+)?$",
    re.IGNORECASE,
)
_RATE = re.compile(r"^(g|d|gen|dis|disc|critic|actor|generator|discriminator)_?(lr|learning_rate)$|^lr_?[gdac]$")
_RIVALS = re.compile(r"(^|_)(gen|dis|disc|generator|discriminator|critic|actor)$|^net_?[gd]$", re.IGNORECASE)
_KEPT = re.compile(r"self\.(args|opts?|options|params|hparams|config|cfg|flags)")
_RATES = ("lr", "learning_rate", "learningRate", "LR", "train_lr", "lr0")
_LIBRARIES = {"xgboost", "lightgbm", "sklearn", "catboost", "keras", "tensorflow", "tf", "transformers", "fastai",
              "lightning", "pytorch_lightning", "pl", "torch", "gensim", "cv2", "spacy", "statsmodels"}  # fmt: skip
_PLAYING = {"stable_baselines3", "sb3_contrib", "stable_baselines", "tianshou", "ray"}
# Options of a command line that is handed over whole, by what they are called.
_OPTIONS = {
    "lr": _RATES,
    "batch": ("batch_size", "batchSize", "batchsize", "bs", "train_batch_size", "b"),
    "epochs": (
        "epochs",
        "num_epochs",
        "n_epochs",
        "nepochs",
        "max_epochs",
        "epoch_num",
        "num_train_epochs",
        "n_epoch",
        "num_epoch",
        "epoch",
    ),
}

Call = tuple[ast.Call, Frame]
Served = tuple[ast.expr, Frame] | None
_Found = TypeVar("_Found")


def find(
    analysis: Analysis, execution: Execution, repeated: Callable[[Analysis, Executed], Value | None]
) -> list[tuple[int, Training]]:
    """Each call that hands a model to a training function of another file, with its place in the running order.

    `repeated` tells how often an epoch loop of the script runs such a call.
    """
    found = []
    for order, executed in enumerate(execution.calls):
        if launching.switches(analysis, executed) or _remembers(executed):
            continue
        if _runs(executed) or _is_told(executed) or (_TRAINS.search(executed.name) and not _NOT.search(executed.name)):
            found += [(order, training) for training in _read(analysis, executed, repeated)]
    return found


def _remembers(executed: Executed) -> bool:
    """Whether a call is of a memory of what an agent has seen, `memory.update_parameters()`: it trains nothing."""
    function = executed.site.node.func
    return isinstance(function, ast.Attribute) and bool(launching.REMEMBERS.search(dotted(function.value) or ""))


def _runs(executed: Executed) -> bool:
    """Whether a call trains only because of what it is called on: `TrainLoop(…).run_loop()`."""
    return bool(launching.RUNS.match(executed.name)) and not _TRAINS.search(executed.name) and not _is_told(executed)


def _is_told(executed: Executed) -> bool:
    """Whether a function that runs something is told the rate to train with: `run(model, data, lr=0.1)`."""
    function = executed.site.node.func
    named = isinstance(function, ast.Name) and (launching.RUNS.match(function.id) or function.id == "main")
    return bool(named) and argument(executed.site.node, _RATES) is not None


def _read(
    analysis: Analysis, executed: Executed, repeated: Callable[[Analysis, Executed], Value | None]
) -> list[Training]:
    calls = _calls(analysis, executed)
    if not calls:
        return []
    found = [optimizer for call in calls for optimizer in _optimizers(analysis, *call)]
    given = {(optimizer.call, optimizer.lr and optimizer.lr.options): optimizer for optimizer in found}
    optimizer = next(iter(given.values()), None)
    rate = _first(_stated(analysis, *call, _RATES) for call in calls) or (optimizer.lr if optimizer else None)
    epochs = _first(_epochs(analysis, *call) for call in calls)
    if epochs is None or not epochs.options:  # trainer.train(epoch)
        epochs = repeated(analysis, executed) or epochs
    named = _first(_named(analysis, *call) for call in calls) if optimizer is None else None
    name = optimizer.name if optimizer else str(named.constant) if named else None
    size, loader = _first(_batch(analysis, *call) for call in calls) or (None, None)
    if name is None and epochs is None and rate is None:
        whole = _whole(analysis, executed, calls, size)
        return [whole] if whole is not None else []
    size = size or loaders.training(analysis)
    declared = _declared(analysis, calls) or {}
    epochs, size = epochs or declared.get("epochs"), size or declared.get("batch")
    rate = rate or (declared.get("lr") if optimizer is None else None)
    if len({(o.name, o.lr.options if o.lr else None) for o in given.values()}) > 1:  # each moves its own network
        return [
            Training(
                executed.name, executed.line, o, o.name, o.lr, size, epochs, loader, optimizers.trained(analysis, o)
            )
            for o in given.values()
        ]
    moved = tuple(pair for o in given.values() for pair in optimizers.trained(analysis, o))
    moved = moved or _networks(analysis, calls)
    effective = optimizers.scheduled(analysis, optimizer) if optimizer is not None and rate is optimizer.lr else None
    return [
        Training(
            executed.name, executed.line, optimizer, name, rate, size, epochs, loader, moved,
            effective=effective, named=named,
        )
    ]  # fmt: skip


def _first(found: Iterable[_Found | None]) -> _Found | None:
    return next((item for item in found if item is not None), None)


def _calls(analysis: Analysis, executed: Executed) -> list[Call]:
    """The training call, and the one that made the object it is a method of; none where it is the script's own."""
    call, frame = executed.site.node, executed.frame
    resolver = analysis.evaluator.resolver
    if isinstance(call.func, ast.Name):
        foreign = resolver.own(call.func, frame) is None and not _runs(executed)
        return [(call, frame)] if foreign and _own(analysis, call.func, frame) else []
    if not isinstance(call.func, ast.Attribute):
        return []
    if (algorithm := rllib.built(analysis, call.func.value, frame)) is not None:
        return [(call, frame), *algorithm[1]] if executed.name == "train" else []  # config.training(lr=1e-4)
    for origin in resolver.follow(call.func.value, frame):
        made = origin.node
        if (
            origin.name and not _runs(executed) and _own(analysis, call.func, frame)
        ):  # engine.train_fn(loader, model, optimizer)
            return [(call, frame)]
        if isinstance(made, ast.Call) and not origin.element and resolver.own(made.func, origin.frame) is None:
            full = analysis.name(made.func, origin.frame)
            last = full.split(".")[-1]
            if _runs(executed) and not launching.TRAINERS.search(last):
                return []
            if last[:1].isupper() and _own(analysis, made.func, origin.frame):
                return [(call, frame), (made, origin.frame)]
    told = argument(call, _RATES) is not None and any(k.arg and _EPOCHS.match(k.arg) for k in call.keywords)
    return [(call, frame)] if told and resolver.definition(call.func, frame) is None else []  # whatever made it


def _own(analysis: Analysis, node: ast.expr, frame: Frame) -> bool:
    """Whether a name is of the project, not of a library whose trainings are read elsewhere."""
    return analysis.name(node, frame).split(".")[0] not in _LIBRARIES


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _optimizers(analysis: Analysis, call: ast.Call, frame: Frame) -> list[Optimizer]:
    found = []
    for part in _given(call):
        if isinstance(part, ast.Name | ast.Attribute | ast.Call):
            read = [optimizers.read(analysis, origin) for origin in analysis.evaluator.resolver.follow(part, frame)]
            found += [optimizer for optimizer in read if optimizer is not None][:1]
    return found or made_later.find(analysis, call, frame)


def _named(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """`Trainer(…, optimizer="adam")`."""
    node = argument(call, ("optimizer", "optim", "opt", "optimizer_name", "update_rule"))
    if node is None:
        return None
    named = optimizers.named(analysis, node, frame)
    if named is None and isinstance(node, ast.Attribute) and ".optim" in (full := analysis.name(node, frame)):
        known = optimizers.canonical(full.split(".")[-1])  # NeuralNetClassifier(…, optimizer=torch.optim.SGD)
        named = Value((known,), node.lineno) if known else None
    return named


def _stated(analysis: Analysis, call: ast.Call, frame: Frame, names: tuple[str, ...]) -> Value | None:
    node = argument(call, names)
    if node is not None:
        return optimizers.rate(analysis, node, frame)
    several = [analysis.value(k.value, frame) for k in call.keywords if k.arg and _RATE.search(k.arg)]
    if several and len({value.options for value in several}) == 1:  # gen_learning_rate=…, dis_learning_rate=…
        return several[0]
    by_place = next((part for part in call.args if (dotted(part) or "").split(".")[-1] in names), None)
    if by_place is not None:  # DCGAN(lr)
        return analysis.value(by_place, frame)
    for keyword in call.keywords:  # optimizer_param={"lr": 0.001}
        if keyword.arg and "optim" in keyword.arg and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in names:
                    return analysis.value(value, frame)
    return None


def _epochs(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    if analysis.name(call.func, frame).split(".")[0] in _PLAYING:
        return None  # passes over what was just collected
    for keyword in call.keywords:
        if keyword.arg and _EPOCHS.match(keyword.arg):
            return analysis.value(keyword.value, frame)
    for part in call.args:
        if _EPOCHS.match((dotted(part) or "").split(".")[-1]):
            return analysis.value(part, frame)
    return None


def _batch(analysis: Analysis, call: ast.Call, frame: Frame) -> tuple[Value, Served] | None:
    stated = argument(call, ("batch_size", "train_batch_size", "mini_batch_size"))
    if stated is not None:
        return analysis.value(stated, frame), None
    whole = argument(call, ("batch",))  # YOLO(…).train(batch=16)
    if isinstance(whole, ast.Constant) and isinstance(whole.value, int) and whole.value > 0:
        return analysis.value(whole, frame), None
    for part in call.args:
        if loaders.is_size(dotted(part) or ""):
            return analysis.value(part, frame), None
    table = argument(call, ("loaders",))
    if table is not None:  # of Catalyst: runner.train(loaders={"train": batches, "valid": others})
        entry = ast.copy_location(ast.Subscript(table, ast.Constant("train"), ast.Load()), table)
        size = loaders.batch(analysis, ast.fix_missing_locations(entry), frame)
        if size is not None and size.number is not None:
            return size, None
    for part in _given(call):
        if isinstance(part, ast.Name | ast.Attribute) and not loaders.evaluates(dotted(part) or ""):
            size = loaders.batch(analysis, part, frame)
            if size is not None and size.number is not None:
                return size, (part, frame)
    return None


def _networks(analysis: Analysis, calls: list[Call]) -> tuple[tuple[ast.expr, Frame], ...]:
    """The networks that a training is handed; the object that trains, where that is a network itself."""
    for call, frame in calls:
        named = [argument(call, ("model", "net", "network"))]
        rivals = [part for part in _given(call) if _RIVALS.search((dotted(part) or "").split(".")[-1])]
        first = takewhile(partial(_is_network, analysis, frame), call.args)
        for group in (named, rivals, first):
            found = tuple((node, frame) for node in group if node is not None and _is_network(analysis, frame, node))
            if found:
                return found
    return tuple((made, frame) for made, frame in calls[1:2])


def _is_network(analysis: Analysis, frame: Frame, node: ast.expr) -> bool:
    made = naming.made(analysis, node, frame) if isinstance(node, ast.Name | ast.Attribute) else {}
    return bool(made) and not any(map(naming.NOT_MODELS.search, made))


def _whole(analysis: Analysis, executed: Executed, calls: list[Call], size: Value | None) -> Training | None:
    """A training that is handed the whole command line: `Solver(args).train(loader)`; its options say the rest.

    Or what is handed batches of a stated size: `policy.train(memory, batch_size)`, `train(model, loader)`.
    """
    networks = _networks(analysis, calls)
    found = _declared(analysis, calls)
    if found is None:
        own = networks and size is not None and size.number is not None
        return Training(executed.name, executed.line, None, None, None, size, None, None, networks) if own else None
    if not found and size is None:
        return None
    return Training(
        executed.name, executed.line, None, None, found.get("lr"), size or found.get("batch"), found.get("epochs"),
        None, networks,
    )  # fmt: skip


def _declared(analysis: Analysis, calls: list[Call]) -> dict[str, Value] | None:
    """The options of a command line, or of an object that the script fills, that is handed over whole; None where none
    is."""
    found: dict[str, Value] | None = None
    for call, frame in calls:
        for part in map(_whole_of, _given(call)):
            if not _holds_options(analysis, part, frame):
                continue
            found = {} if found is None else found
            for what, names in _OPTIONS.items():
                for name in names:
                    value = analysis.value(ast.copy_location(ast.Attribute(part, name, ast.Load()), part), frame)
                    if value.options:
                        found.setdefault(what, value)
    return found


def _holds_options(analysis: Analysis, part: ast.expr, frame: Frame) -> bool:
    """Whether an expression is a parsed command line, or `args` with `args.lr = 0.001` above."""
    text = dotted(part)
    if text is None or not (isinstance(part, ast.Name) or _KEPT.fullmatch(text)):
        return False
    scopes = [frame.scope, analysis.program.module]
    if any(f"{text}.{name}" in scope.bindings for scope in scopes for names in _OPTIONS.values() for name in names):
        return True
    return any(
        (isinstance(origin.node, ast.Call) and options.parses(origin.node)) or origin.name.endswith("FLAGS")
        for origin in analysis.evaluator.resolver.follow(part, frame)
    )


def _whole_of(given: ast.expr) -> ast.expr:
    """What `**vars(args)` spreads, anything else as it is."""
    spread = isinstance(given, ast.Call) and dotted(given.func) == "vars" and len(given.args) == 1
    return given.args[0] if spread and isinstance(given, ast.Call) else given
