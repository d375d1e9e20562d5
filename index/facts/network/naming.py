"""What the class or function of a network is called that an expression was made by, here or in another file."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.arguments import annotation
from index.facts.evaluation.definitions import in_script
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import Scope, dotted
from index.facts.network import ancestry, bayesian
from index.facts.network.layers import NETWORKS, is_module, starred
from index.facts.training.estimators import LIBRARIES as _ESTIMATING
from index.known.optimizers import NAMES

# Homes of ready models; what else comes from a framework is a layer, an optimizer, a wrapper.
_MODEL_HOMES = re.compile(
    r"^(torchvision\.models|timm|diffusers|segmentation_models_pytorch|(tensorflow\.)?(python\.)?keras\.applications|"
    r"(tf\.)?keras\.applications|haiku\.nets|efficientnet_pytorch|transformers|torch_geometric\.nn\.models|"
    r"sentence_transformers|objax\.zoo|vit_pytorch|monai\.networks\.nets|(tensorflow|tf)\.(compat\.v1\.)?estimator)\."
)
_FRAMEWORKS = {"torch", "torchvision", "keras", "tensorflow", "tf", "jax", "flax", "haiku", "hk", "equinox", "eqx",
               "optax", "lightning", "pytorch_lightning", "pl", "nn", "numpy", "np", "sklearn", "accelerate", "copy",
               "functools", "torchmetrics", "types", "collections", "chainer", "mxnet", "paddle", "ignite", "skorch",
               "gym", "gymnasium", "wandb", "objax", "transformers", "datasets", "hydra", "sonnet", "snt", "gpytorch",
               "pyro", "numpyro", "mindspore", "jittor", "trax", "munch", "easydict", "addict", "dotmap", "box",
               "attrdict",
               *bayesian.LIBRARIES}  # fmt: skip
_SHORT = {"nn", "pl", "hk", "np", "tf", "eqx", "snt", "box"}  # that a package of the project may be called too
LIBRARIES = _FRAMEWORKS | _ESTIMATING.keys()
_FACTORIES = {
    "build",
    "from_pretrained",
    "from_config",
    "from_name",
    "from_scratch",
    "from_checkpoint",
    "load_from_checkpoint",
}
# Ways of a class to make one of its own: `Vocoder.create_with(config)`.
_OF_CLASS = re.compile(
    r"(create|build|make|init)_(from|with)(_\w+)?$|from_(args|cfg|hparams|params|opts?|options|settings)$"
)
_MOVES = re.compile(r"(^_|[a-z])Loss$|Optimizer$")  # classes that a loss or an optimizer derives from
_NO_NETWORKS = {"optim", "optimizer", "optimizers", "loss", "losses", "criterion", "metrics"}  # modules
_OF_DATA = re.compile(r"(^|_)data_?(set|loader)s?$")  # modules of a project
_BY_NAME = {"create_model": 0, "get_model": 0, "load": 1}  # timm, torchvision, torch.hub
NOT_MODELS = re.compile(
    r"(Loader|Dataset|Scheduler|Trainer|Config|Optimizer|LocalUpdate|Tokenizer|Writer|Sampler|Env|Loss|Parser|Memory|"
    r"Buffer|Logger|Args|State|Accelerator|Scaler|Callback|Metric|EMA(Model)?|MovingAverage|Runner|Executor|Engine|Learner|LossFunction|CrossEntropy|Criterion|Experiment|Manager|"
    r"Pipeline|Training|TrainLoop|Tuner|Finder|Updater|Environment|Game|Solver|World|Board|Player|Builder|Algorithm|Extractor|"
    r"Xperiment|Iterator|HParams|Saver|Evaluator|Vectorizer|Reader|Processor|Collator\w*|Service|Data|Provider|Recorder|Lifecycle|DataModule|"
    r"DataTransformer|Keras(Classifier|Regressor)|[Mm]odell?er)$|"
    r"^(Agent|Main|App|Session|Train|Worker|Master)$|^Loaded(?=[A-Z])|^Train(er|Module|Loop)|^Data(set|Module|Loader)|^Partition(ed|er)?(?=[A-Z])|(Partitioner|Server|Client)$"
)
_READY = re.compile(
    r"x?(wide_)?res(net|next)\d|xse_res|vgg\d|densenet\d|alexnet|squeezenet|mobilenet|efficientnet|AWD_LSTM"
)
# Networks of other files that are called by lower-case names; not what makes, loads or changes one.
_LOWER = re.compile(
    r"(?!(get|build|make|create|load|define|init\w*|setup|prepare|train|test|run|save|new|compile|generate|select|choose|"
    r"set|model|wrap|convert|freeze|apply)(_|$|[A-Z])|(net|network|nets|networks)$|\w*_?(factory|builder|maker)$)"
    r"\w*(resnet|vgg|densenet|unet|cnn|rnn|lstm|gru|vae|gan|net|transformer|bert|gpt|vit|mlp|crf|gcn|gat|dqn|deepfm|ddpm|"
    r"autoencoder)\w*$",
    re.IGNORECASE,
)
_BASE = re.compile(r"\.(Module|Model|LightningModule)$")  # that a class of another file, `arch`, derives from
_GENERAL = re.compile(r"^(Base|Abstract)|^(Model|Module|Network|Net|Any|Callable|Layer|Sequential)$")

_AROUND = re.compile(r"tensordict\.nn\.(\w+\.)?\w*TensorDict(Module|Sequential)$")  # of TorchRL
_BUILDS_ITSELF = re.compile(r"build(_\w+)?$")
_CALLED = re.compile(r"(^|_)(model|net|network)\d*$")
_WRAPPER = re.compile(r"Wrapper\d*$")
_HANDS = 3  # functions that one network goes through

Named = tuple[str, int]


def made(analysis: Analysis, node: ast.expr, frame: Frame, depth: int = 0) -> dict[str, int]:
    """The classes, each with its line, whose objects an expression stands for."""
    if isinstance(node, ast.Name) and node.id == "self":
        owner = frame.scope.class_around
        return {owner.name: owner.line} if owner is not None and is_module(analysis, owner) else {}
    origins = analysis.evaluator.resolver.follow(node, frame)
    if (inner := _inside(analysis, origins)) is not None and depth < _HANDS:
        return made(analysis, *inner, depth + 1)
    names = [o.name or (dotted(o.node) or "") for o in origins]
    ready = [name.split(".")[-1] for name in names if _READY.match(name.split(".")[-1])]
    if ready and len(ready) == len(origins):  # a learner of fastai is given the function that makes the network
        return {ready[0]: getattr(node, "lineno", 0)}
    if any(_wraps(analysis, origin) for origin in origins):  # what is around another network says nothing
        origins = [origin for origin in origins if not _wraps(analysis, origin)]
    found = dict(one for origin in origins if (one := built(analysis, origin)) is not None)
    found = found or dict(said for origin in origins if (said := _annotated(analysis, origin)) is not None)
    found = found or _class_itself(analysis, node, origins)
    return found or _handed_through(analysis, origins, depth)


def by_its_parts(analysis: Analysis, given: list[tuple[ast.expr, Frame]]) -> dict[str, int] | None:
    """The network whose parts one optimizer is given, a group each: `{"params": net.body.parameters()}`."""
    wholes = {dotted(node.value) if isinstance(node, ast.Attribute) else None for node, _ in given}
    first, frame = given[0] if len(given) > 1 else (None, None)
    if len(wholes) > 1 or not isinstance(first, ast.Attribute) or frame is None:
        return None
    whole = [analysis.evaluator.resolver.instance_of(o) for o in analysis.evaluator.resolver.follow(first.value, frame)]
    networks = [scope for scope in whole if scope is not None and is_module(analysis, scope)]
    return {networks[0].name: networks[0].line} if len(networks) == len(whole) == 1 else None


def _wraps(analysis: Analysis, origin: Origin) -> bool:
    """Whether a call puts a wrapper around what had the name that it is given: `net = ScaledWrapper(net, sde)`."""
    call = origin.node
    if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Name):
        return False
    bound = origin.frame.scope.bindings.get(call.args[0].id, [])
    again = any(binding.node is call for binding in bound)
    return again and _WRAPPER.search(analysis.name(call.func, origin.frame)) is not None


def _inside(analysis: Analysis, origins: list[Origin]) -> tuple[ast.expr, Frame] | None:
    """The network that a module of TorchRL is made around, `TensorDictModule(net, in_keys=["observation"])`, or the
    wrapper of another file: `AutoregressiveWrapper(Transformer(…))`."""
    origin = origins[0] if len(origins) == 1 else None
    call = origin.node if origin is not None else None
    if origin is None or not isinstance(call, ast.Call) or not call.args:
        return None
    full = analysis.name(call.func, origin.frame)
    if "tensordict" in analysis.words and _AROUND.match(full):
        return call.args[0], origin.frame
    foreign = full.endswith("Wrapper") and analysis.evaluator.resolver.own(call.func, origin.frame) is None
    within = made(analysis, call.args[0], origin.frame) if foreign else {}
    return (call.args[0], origin.frame) if len(within) == 1 else None


def _class_itself(analysis: Analysis, node: ast.expr, origins: list[Origin]) -> dict[str, int]:
    """The network whose class is asked itself, to make one or what one needs: `JaxFormer.init(key, layers=6)`."""
    origin = origins[0] if len(origins) == 1 and isinstance(node, ast.Name | ast.Attribute) else None
    if origin is None:
        return {}
    if isinstance(origin.node, ast.ClassDef):
        own = analysis.program.by_node.get(origin.node)
        return {own.name: own.line} if own is not None and is_module(analysis, own) else {}
    last = origin.name.rpartition(".")[2]
    foreign = "." in origin.name and origin.name.partition(".")[0] not in LIBRARIES
    network = last[:1].isupper() and not last.isupper() and NETWORKS.search(last) and not NOT_MODELS.search(last)
    return {last: getattr(node, "lineno", 0)} if foreign and network else {}


def _handed_through(analysis: Analysis, origins: list[Origin], depth: int) -> dict[str, int]:
    """The network that a function of another file is given and gives back: `model = inject_lora(model)`."""
    origin = origins[0] if len(origins) == 1 and depth < _HANDS else None
    call = origin.node if origin is not None else None
    if origin is None or not isinstance(call, ast.Call) or origin.element:
        return {}
    if isinstance(call.func, ast.Attribute) and _BUILDS_ITSELF.match(call.func.attr):  # model = model.build_large()
        receiver = (dotted(call.func.value) or "").rpartition(".")[2]
        return made(analysis, call.func.value, origin.frame, depth + 1) if _CALLED.search(receiver) else {}
    if not call.args:
        return {}
    applied = isinstance(call.func, ast.Attribute) and call.func.attr == "apply" and len(call.args) == 1
    if applied and isinstance(call.func, ast.Attribute):  # net.apply(initialise), replacer.apply(net)
        found = made(analysis, call.func.value, origin.frame, depth + 1)
        if found:
            return found
    given, name = call.args[0], analysis.name(call.func, origin.frame).split(".")[-1]
    if not name[:1].islower() or not isinstance(given, ast.Name):
        return {}
    if analysis.evaluator.resolver.definition(call.func, origin.frame) is not None:
        return {}
    found = made(analysis, given, origin.frame, depth + 1)
    return found if all(NETWORKS.search(name) or "Model" in name for name in found) else {}


def _annotated(analysis: Analysis, origin: Origin) -> Named | None:
    """The class that a parameter is said to be of, which nothing in the script is seen to give: `model: GPT`."""
    scope = origin.frame.scope
    said = annotation(scope, origin.node.id) if isinstance(origin.node, ast.Name) and not origin.name else None
    if said is None:
        return None
    home = Frame(scope.parent or scope)
    own = analysis.evaluator.resolver.definition(said, home)
    if own is not None:
        return (own.name, own.line) if own.is_class and is_module(analysis, own) else None
    full = analysis.name(said, home)
    last = full.split(".")[-1]
    foreign = "." in full and full.split(".")[0] not in LIBRARIES
    named = NETWORKS.search(last) and not NOT_MODELS.search(last) and not _GENERAL.search(last)
    return (last, said.lineno) if foreign and named else None


def built(analysis: Analysis, origin: Origin) -> Named | None:
    """The class of this script, of another file, or the ready model of a library, that a call makes."""
    call, frame = origin.node, origin.frame
    if not isinstance(call, ast.Call) or origin.element:
        return None
    line = in_script(call.lineno, frame)
    configured = analysis.target(call, frame).split(".")[-1]
    if configured:
        return (configured, line) if configured[:1].isupper() and not NOT_MODELS.search(configured) else None
    function = call.func
    if isinstance(function, ast.Attribute) and (function.attr in _FACTORIES or _by_class(function)):
        function = function.value
    chosen_by = [Origin(function, frame)]
    if isinstance(function, ast.Name):  # model_class = getattr(models, args.arch)
        chosen_by += analysis.evaluator.resolver.follow(function, frame)
    keyed = next((by for by in chosen_by if isinstance(by.node, ast.expr) and _key(by.node) is not None), None)
    if keyed is not None and isinstance(keyed.node, ast.expr) and (key := _key(keyed.node)):
        frame = keyed.frame  # resnet.__dict__[args.arch](), getattr(models, args.arch)()
        chosen = analysis.value(key, frame).constant
        return (chosen, line) if isinstance(chosen, str) and chosen.isidentifier() else None
    scope = analysis.evaluator.resolver.definition(function, frame)
    if scope is not None:
        if not scope.is_class or _no_network(scope):
            return None
        if scope.module is analysis.program.module:
            return scope.name, scope.line
        network = is_module(analysis, scope) and not NOT_MODELS.search(scope.name)
        return (scope.name, line) if network else None
    full = analysis.name(function, frame)
    parts = full.split(".")
    last = parts[-1]
    of_data = len(parts) > 1 and _OF_DATA.search(parts[-2])
    if not _NO_NETWORKS.isdisjoint(parts[:-1]) or of_data or _AROUND.match(full):
        return None
    if last in _BY_NAME and parts[0] in {"timm", "torchvision", "torch"}:
        named = argument(call, ("model_name", "name", "model"), _BY_NAME[last])
        value = analysis.value(named, frame).constant if named is not None else None
        return (value, line) if isinstance(value, str) else None
    if _MODEL_HOMES.match(full) and last not in {"Sequential", "Model", "Estimator"} and not NOT_MODELS.search(last):
        return last, line
    of_framework = parts[0] in _FRAMEWORKS and not (
        parts[0] in _SHORT and len(parts) > 1 and _beside(analysis, parts[0])
    )
    other_file = not of_framework and ("." in full or _imported(analysis, full, frame.scope.module))
    if not other_file or NOT_MODELS.search(last) or last in NAMES:
        return None
    if last[:1].isupper() or _LOWER.match(last) or _BASE.search(ancestry.inherited(analysis, full)):
        return last, line
    return None


def _by_class(function: ast.Attribute) -> bool:
    """Whether a class is asked for one of its own: `Vocoder.create_with(config)`."""
    asked = (dotted(function.value) or "").rpartition(".")[2]
    return bool(_OF_CLASS.match(function.attr)) and asked[:1].isupper() and not asked.isupper()


def _key(function: ast.expr) -> ast.expr | None:
    """The expression that says which entry of a module is called."""
    if isinstance(function, ast.Subscript) and isinstance(function.value, ast.Attribute):
        return function.slice if function.value.attr == "__dict__" else None
    if isinstance(function, ast.Call) and isinstance(function.func, ast.Name) and len(function.args) == 2:
        return function.args[1] if function.func.id == "getattr" else None
    return None


def _no_network(scope: Scope) -> bool:
    """Whether a class is by what it derives from a record, a dataset, a loss or an optimizer."""
    bases = scope.node.bases if isinstance(scope.node, ast.ClassDef) else []
    names = [(dotted(base) or "").split(".")[-1] for base in bases]
    return any(name in {"NamedTuple", "Enum", "Dataset", "TypedDict", *NAMES} or _MOVES.search(name) for name in names)


def _beside(analysis: Analysis, name: str) -> bool:
    return analysis.evaluator.resolver.configs.has_module(name)


def _imported(analysis: Analysis, name: str, module: Scope) -> bool:
    """Whether a plain name comes from a star import: the module that has it gives it no other meaning."""
    if name in {"Model", "Sequential", "Input"} and starred(analysis, name):
        return False
    return name not in module.bindings and "*" in module.bindings
