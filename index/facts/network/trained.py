"""The class that a script trains, or the family that stands for it where there is none."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import CallSite, Scope, dotted
from index.facts.network import whole
from index.facts.network.assembled import made_elsewhere
from index.facts.network.layers import (
    LAYERS,
    Census,
    is_module,
)
from index.facts.network.naming import LIBRARIES, NOT_MODELS, Named, built, by_its_parts, made
from index.facts.network.whole import HALF, JUDGES, PART, acting, has_layers, is_layer, paired
from index.facts.training import offered
from index.facts.training.training import Training
from index.files.tree import walk
from index.record import Tag

# What an agent is called after that trains whatever network it is given.
_ALGORITHM = re.compile(
    r"^(\w*(DQN|PPO|A2C|A3C|SAC|TD3|DDPG|TRPO|ACKTR|ACER|IMPALA|C51|Rainbow|REINFORCE|QLearning|MADDPG|DPO|GRPO|VPG))"
    r"(_?(Agent|Trainer|Learner))?$"
)
_SPELLED = {
    "dqn": "DQN", "gan": "GAN", "vae": "VAE", "unet": "U-Net", "vit": "ViT", "resnet": "ResNet",
    "autoencoder": "Autoencoder", "transformer": "Transformer", "lstm": "LSTM", "gru": "GRU", "rnn": "RNN",
    "cnn": "CNN", "mlp": "MLP",
}  # fmt: skip

_GIVEN_PARAMETERS = {"init", "apply", "init_with_output", "initialize"}
_SHOWN = 3  # networks of one file that are all named
_NESTED = 3  # classes within classes
_CALLED = re.compile(r"(\w+_)?(model|net|network)$")
_LAYER = re.compile(r"(Layer|Cell|Block|Unit|Stage|Conv|Dense|Linear)\w{0,2}$|^(Hidden|Conv|Dense|Linear|Residual)")
_KERAS = re.compile(r"(tf|keras|tensorflow|tf_keras)\.")
_FORWARD = ("forward", "call", "__call__")


def trained_class(analysis: Analysis, census: Census, trainings: list[Training], tags: tuple[Tag, ...]) -> Named | None:
    """The class whose weights the main stage moves; both of a GAN, or of an actor and its critic. Of what a class of
    tflearn only wraps, the family."""
    found = _of_the_main_stage(analysis, census, trainings)
    if found is not None and found[0] == "DNN" and "tflearn" in analysis.words:
        return family(tags) or found
    if found is None or not HALF.search(found[0]) or " / " in found[0] or acting([found[0]]):  # ActorCritic
        return found
    every = dict(filter(None, (built(analysis, Origin(e.site.node, e.frame)) for e in analysis.executed)))
    others = [name for name in every if paired([name, found[0]]) and not NOT_MODELS.search(name)]
    if len(others) != 1:
        return found
    pair = sorted((found[0], others[0]), key=lambda name: bool(JUDGES.search(name)))
    return " / ".join(pair), found[1]


def _of_the_main_stage(analysis: Analysis, census: Census, trainings: list[Training]) -> Named | None:
    main = trainings[-1] if trainings else None
    same = [training for training in trainings if main is not None and _together_with(training, main)]
    module = _lightning(analysis, same)
    if module is not None:
        return module
    given = _given(same)
    owner = _parts_of(analysis, given)
    if owner is not None:
        return owner.name, owner.line
    found = by_its_parts(analysis, given) if len(same) == 1 else None
    found = found or _names(analysis, given)
    if not given:
        found = _names(analysis, list(_moved(analysis))) or {}
        found = found if len(found) <= _SHOWN else {}  # the whole that has them
    if found is None or len(found) > 3:
        return None
    if found:
        return " / ".join(found), next(iter(found.values()))
    return whole.find(analysis, census, offered=not trainings) or _compiling(census, main)


def _compiling(census: Census, main: Training | None) -> Named | None:
    """Of several networks of a file, the one that makes the optimizer in a method of its own."""
    owner = main.optimizer.frame.scope.class_around if main is not None and main.optimizer is not None else None
    known = owner is not None and owner in census.models and not NOT_MODELS.search(owner.name)
    return (owner.name, owner.line) if owner is not None and known else None


def _given(same: list[Training]) -> list[tuple[ast.expr, Frame]]:
    """What the optimizers of one stage are given."""
    stepped = len({training.line for training in same}) <= 1  # a discriminator is stepped first, and named last
    return [pair for training in (reversed(same) if stepped else same) for pair in training.trained]


def of_project(whole: Analysis, trainings: list[Training]) -> Named | None:
    """The network of the main stage that a function of a module beside the script makes, and the line that calls it."""
    found = _names(whole, _given([training for training in trainings if _together_with(training, trainings[-1])]))
    return (" / ".join(found), next(iter(found.values()))) if found and len(found) <= 3 else None


def _together_with(training: Training, main: Training) -> bool:
    """Whether two optimizers move one model: in one loop, or made by one method of a class whose loop is elsewhere."""
    if training.line == main.line:
        return True
    own, other = training.optimizer, main.optimizer
    if own is None or other is None or training.loader is not None or training.epochs is not None:
        return False
    made_here = training.line == own.line and main.line == other.line
    return made_here and own.frame.scope is other.frame.scope


def _lightning(analysis: Analysis, stage: list[Training]) -> Named | None:
    """The LightningModule whose `configure_optimizers` makes the optimizers: it is what is trained."""
    scopes = [training.optimizer.frame.scope for training in stage if training.optimizer is not None]
    owners = {scope.owner for scope in scopes if scope.name == "configure_optimizers"}
    owner = next(iter(owners)) if len(owners) == 1 else None
    if owner is None or not is_module(analysis, owner):
        return None
    bases = analysis.evaluator.resolver.bases
    heirs = {scope.name for scope in analysis.program.classes if owner in bases(scope)}
    found = _names(analysis, _given(stage)) if heirs else None  # of those that inherit it, the one that is trained
    if found and set(found) <= heirs and len(found) <= _SHOWN:
        return " / ".join(found), next(iter(found.values()))
    return owner.name, owner.line


def _parts_of(analysis: Analysis, given: list[tuple[ast.expr, Frame]]) -> Scope | None:
    """The network whose own method trains its parts: `Adam(self.d.parameters())` within it."""
    owners = {
        _network_around(analysis, frame) if (dotted(node) or "").split(".")[0] == "self" else None
        for node, frame in given
    }
    owner = next(iter(owners)) if len(owners) == 1 else None
    return owner if owner is not None and is_module(analysis, owner) and not NOT_MODELS.search(owner.name) else None


def _network_around(analysis: Analysis, frame: Frame) -> Scope | None:
    """The class that a frame runs a method of; the network that makes an object of it, where one does."""
    owner = frame.scope.class_around
    step = frame.caller
    while step is not None:
        outer = step.scope.class_around
        owner = outer if outer is not None and is_module(analysis, outer) else owner
        step = step.caller
    return owner


def standing_in(analysis: Analysis, census: Census, found: tuple[Tag, ...]) -> Named | None:
    """What stands for a network whose weights nothing is seen to move: the class that makes its layers without being
    one, the class that another file has, the family it belongs to where there is no class."""
    if any(has_layers(model, census) for model in census.models):
        return None
    makers = _makers(census, analysis.evaluator.resolver.call_sites)
    if makers and not any(NOT_MODELS.search(name) for name in makers):
        return _together(makers)
    elsewhere = made_elsewhere(analysis)
    if elsewhere:
        return _together(elsewhere)
    if _put_on_another(analysis, census):
        found = tuple(tag for tag in found if tag.name != "mlp")
    if not census.count(*LAYERS):  # what is asked to encode and to decode may be of any kind
        found = tuple(tag for tag in found if tag.name != "autoencoder")
    return family(tuple(tag for tag in found if tag.name == "gan") if several_moved(analysis) else found)


def _put_on_another(analysis: Analysis, census: Census) -> bool:
    """Whether all layers of a script are put on a network that it has from elsewhere: `net.fc = nn.Linear(512, 10)`."""
    held = (name for name in analysis.program.assigned if "." in name and not name.startswith("self."))
    bound = {b.node for name in held for scope in analysis.program.scopes for b in scope.bindings.get(name, [])}
    layers = [site.node for kind in LAYERS for _, site in census.sites.get(kind, [])]
    return bool(layers) and bound.issuperset(layers)


def algorithm(analysis: Analysis, main: Training) -> Named | None:
    """The agent whose class makes the optimizer of a network that it is given: `class PPO(BaseAgent)`."""
    owner = main.optimizer.frame.scope.class_around if main.optimizer is not None else None
    return (owner.name, owner.line) if owner is not None and _ALGORITHM.search(owner.name) else None


def agent(analysis: Analysis) -> Named | None:
    """The agent whose class takes the steps of its training, with a network and an optimizer of other files."""
    taken = offered.steps(analysis)
    owner = taken.class_around if taken is not None else None
    known = owner is not None and (_ALGORITHM.search(owner.name) or owner.name.endswith("Agent"))
    return (owner.name, owner.line) if owner is not None and known else None


def called_so(analysis: Analysis, moved: tuple[tuple[ast.expr, Frame], ...] = ()) -> Named | None:
    """The network of another file that is called `model` or `net`, whose optimizer another file makes too, and no
    more is seen to be trained than a trainer that is given it."""
    follow = analysis.evaluator.resolver.follow
    makers = [(o.node, o.frame) for node, frame in moved for o in follow(node, frame)]
    if not all(isinstance(n, ast.Call) and NOT_MODELS.search(analysis.name(n.func, f)) for n, f in makers):
        return None
    return _called_so(analysis, analysis.execution.calls) or _called_so(analysis, analysis.rest.calls)


def _called_so(analysis: Analysis, calls: list[Executed]) -> Named | None:
    found: dict[str, int] = {}
    for executed in calls:
        for part in [*executed.site.node.args, *(keyword.value for keyword in executed.site.node.keywords)]:
            if isinstance(part, ast.Name) and _CALLED.match(part.id):
                found |= {
                    name: line for name, line in made(analysis, part, executed.frame).items() if name not in found
                }
    own = [name for name in found if name[:1].isupper() and not NOT_MODELS.search(name)]
    return (own[0], found[own[0]]) if len(own) == len(found) == 1 else None


def unnamed(analysis: Analysis, main: Training, found: tuple[Tag, ...]) -> Named | None:
    """The family of a `Sequential`, or a `Model` of Keras; itself where its layers belong to none."""
    for node, frame in main.trained:
        for origin in analysis.evaluator.resolver.follow(node, frame):
            full = analysis.name(origin.node.func, origin.frame) if isinstance(origin.node, ast.Call) else ""
            last = full.split(".")[-1]
            if full == "torch.nn.Sequential" or (last in {"Sequential", "Model"} and _KERAS.match(full)):
                return family(found) or (last, getattr(origin.node, "lineno", 0))
    return None


def set_going(launched: dict[str, int]) -> Named | None:
    """The class of another file whose object trains itself: `agent.learn()`, `clf.fit(x, y)`."""
    found = {full.split(".")[-1]: line for full, line in launched.items() if full.split(".")[0] not in LIBRARIES}
    own = {name: line for name, line in found.items() if name[:1].isupper() and not NOT_MODELS.search(name)}
    return _together(own) if len(own) == len(launched) else None


def _makers(census: Census, sites: Callable[[Scope], list[CallSite]]) -> dict[str, int]:
    """The outermost classes that build layers in their methods, and are parts of no other class."""
    found: dict[str, Scope] = {}
    for kind in LAYERS:
        for _, site in census.sites.get(kind, []):
            outermost: Scope | None = None
            step: Scope | None = site.scope
            while step is not None:
                outermost, step = step if step.is_class else outermost, step.parent
            if outermost is not None and not is_layer(outermost):
                found.setdefault(outermost.name, outermost)
    for _ in range(_NESTED):  # a layer stands for nothing where another class is made of it
        for name in [name for name in found if _LAYER.search(name)]:
            users = [
                owner for site in sites(found[name]) if (owner := site.scope.class_around) not in (None, found[name])
            ]
            if users:
                del found[name]
                found |= {owner.name: owner for owner in users if owner is not None}
    return {name: scope.line for name, scope in found.items()}


def _together(found: dict[str, int]) -> Named | None:
    """One class, or a pair that only works together; None for any others, of which one is the whole."""
    names = list(found)
    whole = len(names) == 1 or (len(names) == 2 and paired(names))
    return (" / ".join(names), found[names[0]]) if whole else None


def family(found: tuple[Tag, ...]) -> Named | None:
    """The family that stands for a model without a class: "CNN", "U-Net"."""
    by_name = {tag.name: tag for tag in found}
    return next(((word, by_name[name].line) for name, word in _SPELLED.items() if name in by_name), None)


def _names(analysis: Analysis, given: list[tuple[ast.expr, Frame]]) -> dict[str, int] | None:
    """The classes that expressions stand for; None where one of them may be several."""
    names: dict[str, int] = {}
    for node, frame in given:
        found = made(analysis, node, frame)
        while isinstance(node, ast.Attribute) and all(map(PART.search, found)):  # model.encoder.trainable_variables
            node = node.value
            found = made(analysis, node, frame) or found
        if len(found) > 1:
            return None
        names |= {name: line for name, line in found.items() if name not in names}
    return names


def _moved(analysis: Analysis) -> Iterator[tuple[ast.expr, Frame]]:
    """Models whose variables a loop of TensorFlow or JAX takes, where the optimizer is not given them."""
    for executed in analysis.executed:
        call = executed.site.node
        function = call.func
        known = isinstance(function, ast.Attribute) and function.attr in _GIVEN_PARAMETERS
        known = known and dotted(function) != "self.initialize"  # of a layer, by the data that it sees first
        if known and isinstance(function, ast.Attribute) and not _prepares(analysis, call, function, executed.frame):
            yield function.value, executed.frame
        if executed.name in {"Optimizer", "ModelAndOptimizer", "filter"} and call.args and _of_jax(analysis, executed):
            yield call.args[0], executed.frame
        for part in walk(call) if executed.name in {"gradient", "apply_gradients", "minimize"} else []:
            if isinstance(part, ast.Attribute):
                yield from _variables(part, executed.frame)
            elif isinstance(part, ast.Name):  # variables = a.trainable_variables + b.trainable_variables
                for origin in analysis.evaluator.resolver.follow(part, executed.frame):
                    put = origin.node if isinstance(origin.node, ast.Attribute | ast.BinOp | ast.List) else None
                    for inner in walk(put) if put is not None else ():
                        yield from _variables(inner, origin.frame)


def _variables(part: ast.AST, frame: Frame) -> Iterator[tuple[ast.expr, Frame]]:
    """The model whose variables an expression takes."""
    if isinstance(part, ast.Attribute) and part.attr in {"trainable_variables", "trainable_weights"}:
        yield part.value, frame


def _of_jax(analysis: Analysis, executed: Executed) -> bool:
    """Whether a call is of a library of JAX: `eqx.filter(model)`, and not `image.filter(GaussianBlur(2))`."""
    root = analysis.name(executed.site.node.func, executed.frame).partition(".")[0]
    return root in {"equinox", "eqx", "flax", "nnx", "jax"}


def several_moved(analysis: Analysis) -> bool:
    """Whether a loop takes the variables of several networks, as that of a GAN does."""
    return len({dotted(node) for node, _ in _moved(analysis)}) > 1


def _prepares(analysis: Analysis, call: ast.Call, function: ast.Attribute, frame: Frame) -> bool:
    """Whether this is `self.blocks.apply(cast)` of PyTorch, which changes parts of a network, or `game.init()`: JAX
    gives parameters and inputs. Only a network written out begins with nothing."""
    if call.args or call.keywords:
        return function.attr == "apply" and len(call.args) == 1 and not call.keywords
    networks = {scope.name for scope in analysis.program.classes if any(map(scope.method, _FORWARD))}
    return not set(made(analysis, function.value, frame)) & networks
