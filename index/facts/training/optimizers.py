"""Recognises optimizers and reads their learning rate: torch.optim, Keras, optax, and any class given parameters()."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import dotted
from index.facts.evaluation.values import Value
from index.facts.network import ancestry
from index.facts.training import rates
from index.files.tree import walk
from index.known.optimizers import BY_LOWER, NAMES

_OTHER_NAMES = {
    "gradientdescent": "sgd",
    "momentumsgd": "sgd",
    "nesterovag": "sgd",
    "adamweightdecay": "adamw",
    "rectifiedadam": "radam",
}  # TensorFlow's and its addons', transformers'
_HOMES = ("optim", "optimizers", "optax", "optimizer")
# Calls that hold an optimizer among their arguments.
_HOLD_ONE = {"chain", "MultiSteps", "apply_if_finite", "Optimizer", "ModelAndOptimizer", "create", "named_chain",
             "masked", "flatten", "lookahead"}  # fmt: skip
_WRAP_ONE = {"LossScaleOptimizer", "Lookahead", "SWA", "enable_mixed_precision_graph_rewrite", "DistributedOptimizer"}
_WRAPPER = re.compile(r"^[A-Z]\w*(Optim|Optimizer|Opt)$")  # of a project: NoamOpt(512, 1, 4000, Adam(…))
_FACTORY = re.compile(
    r"^(get|build|make|create|configure|init|setup|define|construct)_?\w*optim(izer)?s?(_v\d)?$", re.IGNORECASE
)
_GENERAL = re.compile(r"^(My|Own)?(Optim|Optimi[sz]er|Opt)$")  # names of no optimizer
_NETWORK = re.compile(r"(^|_)(model|net|network)$")
_JAX = {"optax", "flax", "nnx", "train_state", "TrainState", "haiku", "equinox"}
_PARAMETERS = {"vars", "parameters", "named_parameters", "trainable_variables", "trainable_weights", "collect_params"}
_GROUPS = 2  # lists that lie between an optimizer and the model
# What optax makes optimizers of.
_OF_PARTS = {"scale_by_adam": "Adam", "scale_by_rms": "RMSprop", "scale_by_lion": "Lion", "scale_by_yogi": "Yogi",
             "scale_by_belief": "AdaBelief", "scale_by_adamax": "Adamax", "scale_by_radam": "RAdam",
             "scale_by_amsgrad": "AMSGrad", "scale_by_rss": "Adagrad"}  # fmt: skip
_RATE = ("lr", "learning_rate", "max_lr", "step_size")
_OF_RATE = re.compile(r"^(?!.*scal)(.*_)?(lr|learning_?rate|sched\w*|anneal\w*)(_|$)")  # a function of the epoch
_OWN_RATE = (*_RATE, "eta", "alpha", "l_rate", "init_lr")  # of a class of the project
_SCHEDULE_RATE = ("peak_value", "init_value", "initial_learning_rate", "max_lr", "value", "learning_rate")


@dataclass(frozen=True, eq=False)
class Optimizer:
    """One construction of an optimizer; `name` is "" where it is one of several, `lr` None where it gives none.

    One that is made in a file beside the script is `beside` ("optim.py:12"); `line` then leads there, 0 if none does.
    `named` is the text that names it, where that is not what is called: `getattr(torch.optim, args.optimizer)(…)`.
    """

    name: str
    line: int
    lr: Value | None
    call: ast.Call
    frame: Frame
    beside: str = ""
    named: Value | None = None


def trained(analysis: Analysis, optimizer: Optimizer) -> tuple[tuple[ast.expr, Frame], ...]:
    """The expressions whose `.parameters()` an optimizer was given, also by way of a list of them."""
    call, frame = optimizer.call, optimizer.frame
    found = [(node, frame) for node in _owners(call)]
    given = argument(call, ("params", "parameters"), 0)
    if not found:  # create_optimizer_v2(model, opt="adamw")
        parts = [*call.args, *(keyword.value for keyword in call.keywords)]
        found = [(part, frame) for part in parts if _NETWORK.search((dotted(part) or "").rpartition(".")[2])]
    pending = [(given, frame)] if given is not None and not found else []
    for _ in range(_GROUPS):  # a list of groups, each made of a list of parameters
        within, pending = pending, []
        for node, home in within:
            for part in walk(node):
                if isinstance(part, ast.Name | ast.Attribute) and len(found) < 8 and len(pending) < 16:
                    for origin in analysis.evaluator.resolver.follow(part, home):
                        found += [(owner, origin.frame) for owner in _owners(origin.node)]
                        if isinstance(origin.node, ast.List | ast.Tuple | ast.ListComp | ast.Dict):
                            pending.append((origin.node, origin.frame))
        found = found or [(owner, home) for node, home in within for owner in _of_groups(node)]
        if found:
            break
    return tuple(found)


def _of_groups(given: ast.AST) -> list[ast.expr]:
    """The networks whose own methods give the parameters of groups: `{"params": model.head_weights(), "lr": 0.1}`."""
    groups = [node for node in walk(given) if isinstance(node, ast.Dict)]
    entries = [pair for group in groups for pair in zip(group.keys, group.values, strict=True)]
    calls = [value.func for key, value in entries
             if isinstance(key, ast.Constant) and key.value == "params" and isinstance(value, ast.Call)]  # fmt: skip
    return [function.value for function in calls if isinstance(function, ast.Attribute)]


def _owners(within: ast.AST) -> list[ast.expr]:
    return [node.value for node in walk(within) if isinstance(node, ast.Attribute) and node.attr in _PARAMETERS]


def canonical(name: str) -> str | None:
    """ "adamw" → "AdamW"; None for a name that is no optimizer."""
    plain = name.lower().replace("_", "").removesuffix("optimizer")
    return BY_LOWER.get(_OTHER_NAMES.get(plain, plain))


def named(analysis: Analysis, node: ast.expr, frame: Frame) -> Value | None:
    """The optimizer that a text names, as its name and the line where it stands; None where it names none."""
    told = analysis.value(node, frame)
    known = canonical(told.constant) if isinstance(told.constant, str) else None
    return replace(told, options=(known,)) if known else None


def agreed(found: list[Optimizer]) -> list[Optimizer]:
    """What the optimizers have in common that a setting chooses between, where nothing says which one it is."""
    if len({optimizer.name for optimizer in found}) < 2:
        return found
    first, rates = found[0], {optimizer.lr.options if optimizer.lr else None for optimizer in found}
    return [Optimizer("", first.line, first.lr if len(rates) == 1 else None, first.call, first.frame, first.beside)]


def read(analysis: Analysis, origin: Origin) -> Optimizer | None:
    """The optimizer an expression was found to be, if it is one."""
    call, frame = origin.node, origin.frame
    if not isinstance(call, ast.Call):
        return None
    full = analysis.name(call.func, frame)
    name = full.split(".")[-1]
    known = "Momentum" if full.endswith(".optimizers.nesterov") else canonical(name)  # of JAX's examples
    if known and isinstance(call.func, ast.Attribute) and _of_object(analysis, call.func.value, frame):
        return None  # net.SGD(…) is a method that trains
    if known and (any(home in full.lower().split(".") for home in _HOMES) or name in NAMES or "." in full):
        return _made(analysis, known, _rate(analysis, call, frame), call, frame)
    holds = (name in _HOLD_ONE and full.split(".")[0] in _JAX) or name in _WRAP_ONE
    if holds or (_WRAPPER.search(name) and not _gives_parameters(call)):
        for part in [
            *call.args,
            *(keyword.value for keyword in call.keywords if keyword.arg in {"tx", "opt", "optimizer"}),
        ]:
            for inner in analysis.evaluator.resolver.follow(part, frame):
                found = read(analysis, inner)
                if found:
                    return found
    if name == "chain" and (put_together := _chained(analysis, call, frame)) is not None:
        return put_together
    if (configured := canonical(analysis.target(call, frame).split(".")[-1])) is not None:
        node = argument(call, _RATE)
        given = rate(analysis, node, frame) if node is not None else of_settings(analysis, call.args[0], frame)
        return _made(analysis, configured, given, call, frame)
    if name == "optimize_loss":  # of TensorFlow 1: makes the optimizer and its operation
        chosen = argument(call, ("optimizer",), 3)
        step = argument(call, ("learning_rate",), 2)
        told = named(analysis, chosen, frame) if chosen else None
        return _made(analysis, _name(told), rate(analysis, step, frame) if step else None, call, frame, told)
    if full.startswith("mxnet.") and name == "Trainer":
        return _of_gluon(analysis, call, frame)
    if (by_name := _by_name(analysis, call, frame)) is not None:
        return _made(analysis, _name(by_name), _rate(analysis, call, frame), call, frame, by_name)
    if name[:1].isupper() and call.args and _gives_parameters(call.args[0]) and argument(call, _RATE):
        told = _told(analysis, call, frame)  # Optimizer(net.parameters(), kind="adam", lr=0.1), of the project
        general = canonical(name) is None and _GENERAL.match(name) is not None
        own = _name(told) if general else _derived(analysis, call, frame) or name
        return _made(analysis, own, _rate(analysis, call, frame), call, frame, told if general else None)
    return _made_elsewhere(analysis, call, frame, name)


def _derived(analysis: Analysis, call: ast.Call, frame: Frame) -> str | None:
    """The optimizer that a class of the project derives from: `class SharedAdam(torch.optim.Adam)` is an Adam."""
    scope = analysis.evaluator.resolver.definition(call.func, frame)
    if scope is not None and isinstance(scope.node, ast.ClassDef):
        bases = [analysis.name(base, Frame(scope.parent or scope)) for base in scope.node.bases]
    else:
        bases = [ancestry.inherited(analysis, analysis.name(call.func, frame))]
    known = (canonical(full.rpartition(".")[2]) for full in bases if not set(_HOMES).isdisjoint(full.split(".")))
    return next(filter(None, known), None)


def _chained(analysis: Analysis, call: ast.Call, frame: Frame) -> Optimizer | None:
    """What optax puts together of parts: `chain(scale_by_adam(), scale(-lr))`; with decayed weights it is AdamW."""
    parts: dict[str, ast.Call] = {}
    places: dict[str, tuple[int, str]] = {}
    for part in call.args:
        for origin in analysis.evaluator.resolver.follow(part, frame):
            if isinstance(made := origin.node, ast.Call):
                name = analysis.name(made.func, frame).rpartition(".")[2]
                parts.setdefault(name, made)
                places.setdefault(name, analysis.evaluator.placed(made.lineno, origin.frame))
                break
    scaling = next((part for part in _OF_PARTS if part in parts), None)
    if scaling is None:
        return None
    known = _OF_PARTS[scaling]
    if known == "Adam" and "scale_by_trust_ratio" in parts:
        known = "LAMB"
    elif known == "Adam" and "add_decayed_weights" in parts:
        known = "AdamW"
    step = next(
        (parts[part] for part in ("scale_by_learning_rate", "scale_by_schedule", "scale") if part in parts), None
    )
    node = argument(step, ("learning_rate", "step_size_fn", "step_size"), 0) if step is not None else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    line, beside = places[scaling]
    by_part = Value((known,), line, beside=beside)
    return _made(analysis, known, rate(analysis, node, frame) if node is not None else None, call, frame, by_part)


def _of_gluon(analysis: Analysis, call: ast.Call, frame: Frame) -> Optimizer | None:
    """`gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1})` of MXNet."""
    chosen, told = argument(call, ("optimizer",), 1), argument(call, ("optimizer_params",), 2)
    for origin in analysis.evaluator.resolver.follow(chosen, frame) if chosen is not None else []:
        text = named(analysis, origin.node, origin.frame) if isinstance(origin.node, ast.Constant) else None
        given = of_settings(analysis, told, frame) if told is not None else None
        made = read(analysis, origin)
        return _made(analysis, _name(text), given, call, frame, text) if text else made
    return None


def _made_elsewhere(analysis: Analysis, call: ast.Call, frame: Frame, name: str) -> Optimizer | None:
    """What a function of another file makes by its name or its rate: `get_optimizer("adam", model, lr=1e-3)`."""
    if not _FACTORY.search(name) or analysis.evaluator.resolver.definition(call.func, frame) is not None:
        return None
    told = _told(analysis, call, frame)
    known = _name(told)
    by_place = next((part for part in call.args if (dotted(part) or "").split(".")[-1] in _RATE), None)
    node = argument(call, (*_RATE, "init_lr")) or by_place
    found = rate(analysis, node, frame) if node is not None else None
    if not known and analysis.name(call.func, frame) == "transformers.create_optimizer":
        known = "AdamW"
    return _made(analysis, known, found, call, frame, told) if known or found is not None else None


def _told(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """The first text that a call is given and that names an optimizer."""
    parts = [*call.args, *(keyword.value for keyword in call.keywords)]
    return next((text for part in parts if (text := named(analysis, part, frame))), None)


def _made(
    analysis: Analysis, name: str, lr: Value | None, call: ast.Call, frame: Frame, named: Value | None = None
) -> Optimizer:
    line, beside = analysis.evaluator.placed(call.lineno, frame)
    return Optimizer(name, line, lr, call, frame, beside, named)


def _name(told: Value | None) -> str:
    """The name that a text says; "" where none says one."""
    return str(told.constant) if told is not None and told.constant else ""


def _of_object(analysis: Analysis, node: ast.expr, frame: Frame) -> bool:
    """Whether an expression is an object that the script made, not a module."""
    return isinstance(node, ast.Name) and any(
        isinstance(origin.node, ast.Call) for origin in analysis.evaluator.resolver.follow(node, frame)
    )


def _by_name(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """What names the optimizer of `getattr(torch.optim, args.opt)(…)` and `keras.optimizers.get("adam")`: no constant
    where that is open."""
    function = call.func
    if isinstance(function, ast.Name) and call.args and _gives_parameters(call.args[0]):  # optimizer_class(parameters)
        made = (origin.node for origin in analysis.evaluator.resolver.follow(function, frame))
        function = next((node for node in made if isinstance(node, ast.Call)), function)
    if isinstance(function, ast.Call) and analysis.name(function.func, frame).endswith("inject_hyperparams"):
        known = canonical(analysis.name(function.args[0], frame).split(".")[-1]) if function.args else None
        line, beside = analysis.evaluator.placed(function.lineno, frame)
        return Value((known,), line, beside=beside) if known else None
    if isinstance(function, ast.Call) and isinstance(function.func, ast.Name) and function.func.id == "getattr":
        if len(function.args) >= 2:
            told = analysis.value(function.args[1], frame)
            of_optimizers = analysis.name(function.args[0], frame).endswith("optim") and told.constant is None
            return replace(told, options=()) if of_optimizers else named(analysis, function.args[1], frame)
    elif call.args and analysis.name(function, frame).endswith("optimizers.get"):
        return named(analysis, call.args[0], frame)
    return None


def _gives_parameters(node: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Attribute) and part.attr in {"parameters", "named_parameters"} for part in walk(node)
    )


def _rate(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    full = analysis.name(call.func, frame)
    torch_like = bool(call.args) and _torch_like(full, call)
    named: tuple[str, ...] = (*_RATE, "alpha") if full.startswith("chainer.") else _RATE
    if full.endswith("SGD") or full.rpartition(".")[2].lower().startswith("gradient"):
        named = named if rates.OF_LIBRARIES.match(full) else _OWN_RATE
    node = argument(call, named, 1 if torch_like else 0)
    if node is None or isinstance(node, ast.List | ast.Dict):
        spread = next((keyword.value for keyword in call.keywords if keyword.arg is None), None)
        told = of_settings(analysis, spread, frame) if spread is not None and node is None else None
        return told or _group_rate(analysis, call, frame)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):  # Adam(-lr) climbs: the rate is the same
        node = node.operand
    return rate(analysis, node, frame)


def _torch_like(full: str, call: ast.Call) -> bool:
    """Whether the first positional argument is the parameters, not the rate."""
    if full.startswith(("torch", "timm", "transformers", "bitsandbytes")):
        return True
    return not full.startswith(("keras", "tensorflow", "tf.", "optax", "flax", "jax")) and (
        _gives_parameters(call.args[0]) or len(call.args) > 1
    )


def rate(analysis: Analysis, node: ast.expr, frame: Frame) -> Value:
    """A learning rate, seen through a schedule, an object or a function, to the rate it starts from or peaks at."""
    for origin in analysis.evaluator.resolver.follow(node, frame):
        if isinstance(origin.node, ast.Call):
            if (fed := _fed(analysis, origin.node)) is not None:
                return fed
            given = {keyword.arg: keyword.value for keyword in origin.node.keywords}
            name = analysis.name(origin.node.func, origin.frame).split(".")[-1].lower()
            inner = next((given[key] for key in _SCHEDULE_RATE if key in given), None)
            if (begins := rates.first(analysis, origin.node, name, origin.frame)) is not None:
                return begins
            if name == "join_schedules" and (highest := _joined(analysis, origin.node, origin.frame)) is not None:
                return highest
            schedule = "schedule" in name or "decay" in name or rates.derives(analysis, origin.node, origin.frame)
            if inner is None and schedule:
                inner = rates.given(analysis, origin.node, name, origin.frame) or rates.told(origin.node)
            told = [part for part in origin.node.args if (dotted(part) or "").split(".")[-1] in _RATE]
            if inner is None and len(told) == 1 and _OF_RATE.search(name):  # learning_rate(args.lr, epoch)
                inner = told[0]
            if inner is not None:
                return analysis.value(inner, origin.frame)
        if (most := rates.declining(analysis, origin) or rates.lowered(analysis, origin)) is not None:
            return most
    return analysis.scaled(node, frame)


def _joined(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """The highest rate that schedules after one another begin with: `join_schedules([warmup, cosine], [100])`."""
    parts = argument(call, ("schedules",), 0)
    found = analysis.evaluator.resolver.follow(parts, frame) if parts is not None else []
    lists = [(o.node, o.frame) for o in found if isinstance(o.node, ast.List | ast.Tuple)]
    if len(lists) != 1 or len(lists) != len(found):
        return None
    begun = [rate(analysis, element, lists[0][1]) for element in lists[0][0].elts]
    known = [(value.number, value) for value in begun if value.number is not None]
    return max(known, key=lambda pair: pair[0])[1] if known and len(known) == len(begun) else None


def _fed(analysis: Analysis, placeholder: ast.Call) -> Value | None:
    """The one number that a session of TensorFlow 1 is given for a placeholder: `feed_dict={rate: 1e-3}`."""
    if (dotted(placeholder.func) or "").rpartition(".")[2] != "placeholder":
        return None
    found: dict[object, Value] = {}
    for executed in analysis.called.get("run", []):
        fed = argument(executed.site.node, ("feed_dict",), 1)
        for origin in analysis.evaluator.resolver.follow(fed, executed.frame) if fed is not None else []:
            entries = origin.node if isinstance(origin.node, ast.Dict) else ast.Dict([], [])
            for key, entry in zip(entries.keys, entries.values, strict=True):
                made = analysis.evaluator.resolver.follow(key, origin.frame) if key is not None else []
                if any(one.node is placeholder for one in made):
                    value = analysis.value(entry, origin.frame)
                    found.setdefault(value.number, value)
    return next(iter(found.values())) if len(found) == 1 and None not in found else None


def _group_rate(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """The rate that all parameter groups of a list share."""
    if not call.args:
        return None
    rates = []
    for groups in analysis.evaluator.resolver.follow(call.args[0], frame):
        listed = groups.node.elts if isinstance(groups.node, ast.List) else [groups.node]  # Adam({"lr": 0.01}) of Pyro
        for group in listed:
            if isinstance(group, ast.Dict):
                for key, value in zip(group.keys, group.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "lr":
                        rates.append(analysis.value(value, groups.frame))
    return rates[0] if rates and len({rate.options for rate in rates}) == 1 else None


def of_settings(analysis: Analysis, node: ast.expr, frame: Frame) -> Value | None:
    """The rate among the settings that an optimizer is to be made with: `{"lr": 2e-5}`."""
    for name in _RATE[:2]:
        key = ast.copy_location(ast.Constant(name), node)
        value = analysis.value(ast.copy_location(ast.Subscript(node, key, ast.Load()), node), frame)
        if value.number is not None:
            return value
    return None


def scheduled(analysis: Analysis, optimizer: Optimizer) -> Value | None:
    """The rate in effect instead of the constructor's, where a schedule set on this optimizer gives one: the max_lr of
    a OneCycleLR, that of a CyclicLR where the constructor has none, or whatever the function of a LambdaLR says that
    multiplies a rate of 1."""
    for name, parameter, position in (
        ("OneCycleLR", "max_lr", 1),
        ("CyclicLR", "max_lr", 2),
        ("LambdaLR", "lr_lambda", 1),
    ):
        for executed in analysis.called.get(name, []):
            call = executed.site.node
            node = argument(call, (parameter,), position)
            if node is None or not call.args:
                continue
            origins = analysis.evaluator.resolver.follow(call.args[0], executed.frame)
            if all(origin.node is not optimizer.call for origin in origins):
                continue
            if name == "OneCycleLR" or (name == "CyclicLR" and optimizer.lr is None):
                return analysis.value(node, executed.frame)
            if name == "LambdaLR" and optimizer.lr is not None and optimizer.lr.number == 1:
                function = node.elts[0] if isinstance(node, ast.List | ast.Tuple) and node.elts else node
                return Value((), node.lineno, function)
    return None
