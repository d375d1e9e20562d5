"""Trainings that the trainer of a library runs: Lightning's, that of transformers, that of Chainer."""

from __future__ import annotations

import ast

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import CallSite, Scope, last_name
from index.facts.evaluation.values import Value
from index.facts.training import optimizers
from index.facts.training.optimizers import Optimizer
from index.facts.training.training import Training

_SIZE = ("batch_size", "train_batch_size")
_RATE = ("lr", "learning_rate")
_OPTIMIZER = ("optimizer", "opt", "optim", "optimizer_config", "optimizer_cfg")


def lightning(analysis: Analysis, executed: Executed, trainer: ast.Call, frame: Frame) -> Training | None:
    call = executed.site.node
    model = argument(call, ("model",), 0)
    if model is None:
        return None
    epochs = analysis.given(trainer, ("max_epochs",), frame)
    if epochs is None and trainer.args and last_name(trainer.func) == "from_argparse_args":
        epochs = ast.copy_location(ast.Attribute(trainer.args[0], "max_epochs", ast.Load()), trainer)
    loader = argument(call, ("train_dataloaders", "train_dataloader", "datamodule"), 1)
    size = loaders.batch(analysis, loader, executed.frame) if loader is not None else None
    for read in (_instantiated, _within):
        size = size or (read(analysis, loader, executed.frame, _SIZE) if loader is not None else None)
    served = (loader, executed.frame) if loader is not None and size is not None else None
    optimizer = None
    for origin in analysis.evaluator.resolver.follow(model, executed.frame):
        optimizer = optimizer or _configured(analysis, origin)
        if size is None:
            for holder in [origin, *(analysis.evaluator.resolver.follow(loader, executed.frame) if loader else [])]:
                size, served = _served(analysis, holder)
                if size is not None:
                    break
    handed = _made_with(analysis, trainer, frame) if optimizer is None else None
    if handed is not None:  # a trainer of the project, by the name of Lightning's
        optimizer, size = handed, size or loaders.batch(analysis, model, executed.frame)
        epochs = epochs or argument(trainer, ("epochs", "num_epochs", "n_epochs"))
    optimizer = optimizers.agreed([optimizer, *_put_on(analysis)])[0] if optimizer is not None else None
    count = analysis.value(epochs, frame) if epochs is not None else None
    rate = optimizer.lr if optimizer else _told(analysis, model, executed.frame)
    effective = optimizers.scheduled(analysis, optimizer) if optimizer else None
    named = _optimizer_told(analysis, model, executed.frame) if optimizer is None else None
    name = optimizer.name if optimizer else str(named.constant) if named else None
    rate = rate or (_instantiated(analysis, model, executed.frame, _RATE, within=True) if named else None)
    rate = rate or (_within(analysis, model, executed.frame, _RATE) if optimizer is None else None)
    trained = optimizers.trained(analysis, handed) if handed is not None else ((model, executed.frame),)
    return Training(
        "trainer.fit",
        executed.line,
        optimizer,
        name,
        rate,
        size,
        count,
        served,
        trained,
        effective=effective,
        named=named,
    )


def _made_with(analysis: Analysis, trainer: ast.Call, frame: Frame) -> Optimizer | None:
    """The optimizer that a trainer is made with: `Trainer(model, loss, optimizer).fit(loader)`."""
    for part in [*trainer.args, *(keyword.value for keyword in trainer.keywords)]:
        for origin in analysis.evaluator.resolver.follow(part, frame) if isinstance(part, ast.Name) else []:
            if (optimizer := optimizers.read(analysis, origin)) is not None:
                return optimizer
    return None


def _instantiated(
    analysis: Analysis, node: ast.expr, frame: Frame, names: tuple[str, ...], *, within: bool = False
) -> Value | None:
    """What the configuration says that Hydra makes something by, `instantiate(cfg.data)`; of an optimizer in it."""
    for origin in analysis.evaluator.resolver.follow(node, frame):
        made = origin.node
        if not isinstance(made, ast.Call) or not analysis.target(made, origin.frame):
            continue
        told = analysis.given(made, _OPTIMIZER if within else names, origin.frame)
        for name in names if within and told is not None else ():
            key = ast.copy_location(ast.Constant(name), told or made)
            value = analysis.value(ast.copy_location(ast.Subscript(told or made, key, ast.Load()), made), origin.frame)
            if value.options:
                return value
        return analysis.value(told, origin.frame) if told is not None and not within else None
    return None


def _within(analysis: Analysis, node: ast.expr, frame: Frame, names: tuple[str, ...]) -> Value | None:
    """The one value that a setting has in any section of the configuration that Hydra makes something by."""
    for origin in analysis.evaluator.resolver.follow(node, frame):
        settings = analysis.below(origin.node, origin.frame) if isinstance(origin.node, ast.Call) else []
        values = [analysis.value(entry, origin.frame) for name, entry in settings if name in names]
        said = {value.options: value for value in values if value.options}
        if len(said) == 1:
            return next(iter(said.values()))
    return None


def _optimizer_told(analysis: Analysis, model: ast.expr, frame: Frame) -> Value | None:
    """The optimizer that a module is told which Hydra makes: by its name, or by what makes it."""
    for told in (
        _instantiated(analysis, model, frame, _OPTIMIZER),
        _instantiated(analysis, model, frame, ("_target_", "name"), within=True),
        _within(analysis, model, frame, _OPTIMIZER),
    ):
        chosen = told.constant if told is not None else None
        known = optimizers.canonical(chosen.rpartition(".")[2]) if isinstance(chosen, str) else None
        if known and told is not None:
            return Value((known,), told.line, told.node, told.beside)
    return None


def _told(analysis: Analysis, model: ast.expr, frame: Frame) -> Value | None:
    """The rate that a module of another file is given: `Lit(lr=1e-3)`."""
    for origin in analysis.evaluator.resolver.follow(model, frame):
        made = origin.node
        if isinstance(made, ast.Call) and analysis.evaluator.resolver.own(made.func, origin.frame) is None:
            node = analysis.given(made, ("learning_rate", "lr"), origin.frame)
            return analysis.value(node, origin.frame) if node is not None else None
    return None


def _method(analysis: Analysis, origin: Origin, name: str) -> tuple[Scope, Frame] | None:
    """A method of the object that a call makes, to be read as that object's."""
    made = origin.node
    if not isinstance(made, ast.Call):
        return None
    owner = analysis.evaluator.resolver.definition(made.func, origin.frame)
    method = analysis.evaluator.resolver.member(owner, name) if owner is not None and owner.is_class else None
    if method is None:
        return None
    call = ast.copy_location(ast.Call(ast.Attribute(made, name, ast.Load()), [], []), made)
    return method, Frame(method, CallSite(call, origin.frame.scope), origin.frame)


def _configured(analysis: Analysis, origin: Origin) -> Optimizer | None:
    found = _method(analysis, origin, "configure_optimizers")
    if found is None:
        return None
    method, frame = found
    made: list[Optimizer] = []
    chosen = False  # by a setting that is not known
    for site in method.calls:
        optimizer = optimizers.read(analysis, Origin(site.node, frame))
        states = [analysis.evaluator.resolver.holds(guard, frame) for guard in site.guards] if optimizer else []
        if optimizer is not None and False not in states:
            made.append(optimizer)
            chosen = chosen or None in states
    made = optimizers.agreed(made) if chosen else made
    return made[0] if made else None


def _served(analysis: Analysis, origin: Origin) -> tuple[Value | None, tuple[ast.expr, Frame] | None]:
    found = _method(analysis, origin, "train_dataloader")
    if found is None:
        return None, None
    method, frame = found
    for value, _ in method.returns:
        size = loaders.batch(analysis, value, frame)
        if size is not None:
            return size, (value, frame)
    return None, None


def command_line(analysis: Analysis, executed: Executed) -> Training | None:
    """What `LightningCLI(Net, Data, trainer_defaults={…})` trains when it is told no more, and what a class of the
    script's own tells its parser: `parser.add_optimizer_args(Adam)`, `parser.set_defaults({"optimizer.lr": 1e-3})`."""
    call, frame = executed.site.node, executed.frame
    owner = analysis.evaluator.resolver.definition(call.func, frame)
    bases = owner.node.bases if owner is not None and isinstance(owner.node, ast.ClassDef) else [call.func]
    if not any(analysis.name(base, frame).endswith("LightningCLI") for base in bases):
        return None
    classes = [argument(call, (name,), place) for place, name in enumerate(("model_class", "datamodule_class"))]
    made = [Origin(ast.copy_location(ast.Call(node, [], []), call), frame) for node in classes if node is not None]
    parser = owner.method("add_arguments_to_parser") if owner is not None else None
    told: dict[str, tuple[ast.expr, Frame]] = {}
    defaults = argument(call, ("trainer_defaults",))
    for prefix, node, home in [("trainer.", defaults, frame)] if defaults is not None else []:
        for origin in analysis.evaluator.resolver.follow(node, home):
            told |= _entries(prefix, origin.node, origin.frame)
    moved = None
    for site in parser.calls if parser is not None else []:
        home = Frame(site.scope)
        if site.name == "set_defaults" and site.node.args:
            told |= _entries("", site.node.args[0], home)
        if site.name == "add_optimizer_args" and site.node.args:
            moved = optimizers.canonical(analysis.name(site.node.args[0], home).rpartition(".")[2])
    epochs, rate = (
        analysis.value(*told[key]) if key in told else None for key in ("trainer.max_epochs", "optimizer.lr")
    )
    optimizer = _configured(analysis, made[0]) if made and moved is None else None
    size = next((found for one in reversed(made) if (found := _served(analysis, one)[0]) is not None), None)
    if optimizer is None and moved is None and size is None and epochs is None:
        return None
    return Training(
        "trainer.fit",
        executed.line,
        optimizer,
        optimizer.name if optimizer is not None else moved,
        optimizer.lr if optimizer is not None else rate,
        size,
        epochs,
        None,
        ((classes[0], frame),) if classes[0] is not None else (),
    )


def _entries(prefix: str, node: ast.AST, frame: Frame) -> dict[str, tuple[ast.expr, Frame]]:
    """What a dict that is written out says, by its keys."""
    pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    return {
        f"{prefix}{key.value}": (value, frame) for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }  # fmt: skip


def transformers(analysis: Analysis, executed: Executed, trainer: ast.Call, frame: Frame) -> Training | None:
    node = argument(trainer, ("args",), 1)
    for origin in analysis.evaluator.resolver.follow(node, frame) if node is not None else []:
        settings = origin.node
        if isinstance(settings, ast.Call):
            name = analysis.name(settings.func, origin.frame).split(".")[-1]
        else:
            name = settings.name if isinstance(settings, ast.ClassDef) else origin.name
        if node is None or not (name.endswith(("Arguments", "Config")) or name.startswith("parse_args")):
            continue
        rate, size, count, named = (
            _setting(analysis, settings, origin.frame, node, frame, key)
            for key in ("learning_rate", "per_device_train_batch_size", "num_train_epochs", "optim")
        )
        model = argument(trainer, ("model",), 0)
        trained = ((model, frame),) if model is not None else _first_made(analysis, trainer, frame)
        if (given := _handed(analysis, trainer, frame)) is not None:  # instead of what the settings say
            return Training("trainer.train", executed.line, given, given.name, given.lr, size, count, None, trained)
        chosen = named.constant if named is not None else None
        optimizer = _of_transformers(chosen) if isinstance(chosen, str) else None
        return Training("trainer.train", executed.line, None, optimizer, rate, size, count, None, trained, named=named)
    return None


def _first_made(analysis: Analysis, trainer: ast.Call, frame: Frame) -> tuple[tuple[ast.expr, Frame], ...]:
    """What the function gives that a Trainer of transformers has its network made by: `model_init=model_init`."""
    function = argument(trainer, ("model_init",))
    if isinstance(function, ast.Lambda):
        return ((function.body, frame),)
    scope = analysis.evaluator.resolver.definition(function, frame) if function is not None else None
    return ((scope.returns[-1][0], Frame(scope)),) if scope is not None and scope.returns else ()


def _handed(analysis: Analysis, trainer: ast.Call, frame: Frame) -> Optimizer | None:
    """The optimizer that a Trainer of transformers is given: `optimizers=(optimizer, schedule)`."""
    pair = argument(trainer, ("optimizers",))
    for origin in analysis.evaluator.resolver.follow(pair, frame) if pair is not None else []:
        if isinstance(origin.node, ast.Tuple) and origin.node.elts:
            made = analysis.evaluator.resolver.follow(origin.node.elts[0], origin.frame)
            return next((read for step in made if (read := optimizers.read(analysis, step))), None)
    return None


def _setting(
    analysis: Analysis, settings: ast.AST, home: Frame, node: ast.expr, frame: Frame, key: str
) -> Value | None:
    """A setting of a trainer: what the call that makes them gives, or the field of the script's own class of them."""
    given = analysis.given(settings, (key,), home) if isinstance(settings, ast.Call) else None
    if given is not None:
        return analysis.scaled(given, home)
    value = analysis.scaled(ast.copy_location(ast.Attribute(node, key, ast.Load()), node), frame)
    return value if value.options else None


def _of_transformers(named: str) -> str | None:
    """ "paged_adamw_32bit" → "AdamW"."""
    return next((known for part in named.split("_") if (known := optimizers.canonical(part))), None)


def chainer(analysis: Analysis, executed: Executed, trainer: ast.Call, frame: Frame) -> Training | None:
    """`Trainer(Updater(iterator, optimizer), (20, "epoch")).run()` of Chainer."""
    updater = argument(trainer, ("updater",), 0)
    until = argument(trainer, ("stop_trigger",), 1)
    epochs = None
    if (
        isinstance(until, ast.Tuple)
        and len(until.elts) == 2
        and analysis.value(until.elts[1], frame).constant == "epoch"
    ):
        epochs = analysis.value(until.elts[0], frame)
    for origin in analysis.evaluator.resolver.follow(updater, frame) if updater is not None else []:
        made = origin.node
        if not isinstance(made, ast.Call) or not analysis.name(made.func, origin.frame).endswith("Updater"):
            continue
        iterator, given = argument(made, ("iterator",), 0), argument(made, ("optimizer",), 1)
        size = _iterated(analysis, iterator, origin.frame) if iterator is not None else None
        found = analysis.evaluator.resolver.follow(given, origin.frame) if given is not None else []
        found += [step for each in found if isinstance(each.node, ast.Dict) for value in each.node.values
                  for step in analysis.evaluator.resolver.follow(value, each.frame)]  # fmt: skip
        read = optimizers.agreed([one for step in found if (one := optimizers.read(analysis, step))])
        optimizer = read[0] if len({one.lr.options if one.lr else None for one in read}) == 1 else None
        name, rate = (optimizer.name, optimizer.lr) if optimizer else (None, None)
        return Training("trainer.run", executed.line, optimizer, name, rate, size, epochs)
    return None


def _put_on(analysis: Analysis) -> list[Optimizer]:
    """The optimizers that a callback puts on the trainer in the midst of it: `trainer.optimizers = [AdamW(groups)]`."""
    put = [(b.node, Frame(s)) for s in analysis.program.functions for b in s.bindings.get("trainer.optimizers", [])]
    listed = [(part, frame) for node, frame in put if isinstance(node, ast.List) for part in node.elts]
    origins = [origin for part, frame in listed for origin in analysis.evaluator.resolver.follow(part, frame)]
    return [made for origin in origins if (made := optimizers.read(analysis, origin)) is not None]


def _iterated(analysis: Analysis, iterator: ast.expr, frame: Frame) -> Value | None:
    """The batches that an updater of Chainer takes, of the main one where it is given several: `{"main": batches}`."""
    for origin in analysis.evaluator.resolver.follow(iterator, frame):
        for key, value in (
            zip(origin.node.keys, origin.node.values, strict=True) if isinstance(origin.node, ast.Dict) else ()
        ):
            if isinstance(key, ast.Constant) and key.value == "main":
                return loaders.batch(analysis, value, origin.frame)
    return loaders.batch(analysis, iterator, frame)
