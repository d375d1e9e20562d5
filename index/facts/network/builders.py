"""Networks without a class of a framework: that a function builds, and is called for, `def MobileUnet(n): …`, or that
a plain class holds, whose loss is minimised."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.module_text import OF_LIBRARIES
from index.facts.evaluation.program import Scope, dotted
from index.facts.network.abstract import abstract, concrete
from index.facts.network.layers import NETWORKS, starred
from index.facts.network.naming import NOT_MODELS, Named
from index.facts.network.whole import PART
from index.facts.training.training import Training

_MODELS = {"Model", "Sequential"}
_HOMES = {"tf", "keras", "tensorflow", "tf_keras", "torch"}
_SHOWN = 3
_VERB = re.compile(r"^(create|build|make|get|define|load|construct)(_|(?=[A-Z]))")
_NETWORK = re.compile(
    r"u_?net|deep_?lab|(res|dense|mobile|efficient|squeeze|seg|psp|link|alex|le)_?net|inception|xception|vgg|yolo|fcn(?!n)|"
    r"crnn|generator|discriminator|actor|critic",
    re.IGNORECASE,
)
# Names that say less than that of such a function: families of layers, and parts of a network.
_LESS = re.compile(r"(CNN|RNN|LSTM|GRU|MLP|Autoencoder)$|\w+(Module|Block|Layer|Embedding)$")
_FAMILY = re.compile(r"(cnn|rnn|lstm|gru|mlp)$", re.IGNORECASE)
# A name of its own for a network that segments: ColonSegNet, MultiResUNET; not unet, model, MyNet.
_FORM = re.compile(r"(?!My|Simple|Test)[A-Z][a-z0-9]+[A-Za-z0-9]*(Net|NET)(\+\+)?")
_PART = re.compile(r"_(block|layer|cell|unit|head)s?$", re.IGNORECASE)
_LOSS = re.compile(r"loss|cost|error|objective", re.IGNORECASE)
_HALF = re.compile(r"generator|discriminator|actor|critic", re.IGNORECASE)
_PAIRS = (("generat", "discriminat"), ("generat", "critic"), ("actor", "critic"))


def named(analysis: Analysis) -> Named | None:
    """The network that such a function gives back, by the function's name; several where they are few, of which none
    is built by another."""
    functions = [
        scope for scope in analysis.program.module.children
        if scope.name[:1].isupper() and not (scope.is_class or scope.name.isupper())
        and not (NOT_MODELS.search(scope.name) or _PART.search(scope.name))
        and not (PART.search(scope.name) and not NETWORKS.search(scope.name))
    ]  # fmt: skip
    found = [scope for scope in functions if _gives_network(analysis, scope)]
    built = {site.name for scope in found for site in scope.calls}
    whole = [scope for scope in found if scope.name not in built]
    return (" / ".join(scope.name for scope in whole), whole[0].line) if 1 <= len(whole) <= _SHOWN else None


def told_more(analysis: Analysis, arch: Named | None, *, offered: bool) -> Named | None:
    """The network by the name of the one function that makes it, `build_cond_unet`, or of the two that only work
    together, of which one stands alone in a file that only offers it; `arch` where that says as much, or none does."""
    if arch is not None and arch[0] == "U-Net" and (stated := _stated(analysis)) is not None:
        return stated
    if arch is not None and not _LESS.match(arch[0]):
        return arch
    made = [
        scope for scope in analysis.program.module.children
        if not scope.is_class and _NETWORK.search(scope.name) and _gives_network(analysis, scope)
    ]  # fmt: skip
    parts = {site.name for scope in made for site in scope.calls}
    whole = [scope for scope in made if scope.name not in parts]
    names = [_VERB.sub("", scope.name).removesuffix("_model") for scope in whole]
    alone = len(names) == 1 and (offered or not _HALF.search(names[0])) and not _paired(names)
    if alone or (len(names) == 2 and _paired(names)):
        return " / ".join(names), whole[0].line
    return arch


def _stated(analysis: Analysis) -> Named | None:
    """The form of U-Net that the one functional model of Keras is called: `Model(x, y, name="ColonSegNet")`."""
    found: dict[str, int] = {}
    for executed in analysis.called.get("Model", []):
        given = argument(executed.site.node, ("name",))
        told = analysis.value(given, executed.frame).constant if given is not None else ""
        found.setdefault(told if isinstance(told, str) else "", executed.line)
    name, line = next(iter(found.items()), ("", 0))
    return (name, line) if len(found) == 1 and _FORM.fullmatch(name) else None


def called_for(analysis: Analysis, main: Training) -> Named | None:
    """The network that is trained and a function of another file of the project makes, by the function's name where
    that says what it is: `model = mini_XCEPTION(shape)`, `model = models.create_mlp(width)`."""
    for node, frame in main.trained:
        for origin in analysis.evaluator.resolver.follow(node, frame):
            full = analysis.name(origin.node.func, origin.frame) if isinstance(origin.node, ast.Call) else ""
            home, _, function = full.rpartition(".")
            home = home or _builder(analysis, origin)
            full = full if full.startswith(home) else home
            if not home or function[:1].isupper() or OF_LIBRARIES.match(full) or home.partition(".")[0] in LIBRARIES:
                continue
            name = _VERB.sub("", function).removesuffix("_model")
            if _FAMILY.match(name):
                return name.upper(), getattr(origin.node, "lineno", 0)
            if _NETWORK.search(name) and not _HALF.search(name):
                return name, getattr(origin.node, "lineno", 0)
    return None


def _builder(analysis: Analysis, origin: Origin) -> str:
    """The class of another file whose object a method is asked of: `Builder().build_resnet18()`; "" for none."""
    function = origin.node.func if isinstance(origin.node, ast.Call) else None
    if not isinstance(function, ast.Attribute):
        return ""
    made = [o for o in analysis.evaluator.resolver.follow(function.value, origin.frame) if isinstance(o.node, ast.Call)]
    names = {analysis.name(one.node.func, one.frame) for one in made if isinstance(one.node, ast.Call)}
    home = next(iter(names)) if len(names) == 1 else ""
    return home if "." in home else ""


def minimised(analysis: Analysis) -> Named | None:
    """The class of the script whose loss an optimizer of TensorFlow 1 minimises: `Adam(0.1).minimize(net.loss)`."""
    owners: set[Scope | None] = set()
    resolver = analysis.evaluator.resolver
    for executed in analysis.called.get("minimize", []):
        call = executed.site.node
        for part in (*call.args, *(keyword.value for keyword in call.keywords)):
            if not isinstance(part, ast.Attribute) or not _LOSS.search(part.attr):
                continue
            if dotted(part.value) == "self":
                owners.add(executed.frame.scope.class_around)
            makers = [o for o in resolver.follow(part.value, executed.frame) if isinstance(o.node, ast.Call)]
            owners |= {resolver.own(o.node.func, o.frame) for o in makers if isinstance(o.node, ast.Call)}
    owner = next(iter(owners)) if len(owners) == 1 else None
    if owner is None or not owner.is_class or NOT_MODELS.search(owner.name):
        return None
    forms = concrete(analysis, owner) if abstract(analysis, owner) else []
    return (" / ".join(form.name for form in forms) if 1 <= len(forms) <= _SHOWN else owner.name), owner.line


def _paired(names: list[str]) -> bool:
    said = " ".join(names).lower()
    return any(first in said and second in said for first, second in _PAIRS)


def _gives_network(analysis: Analysis, function: Scope) -> bool:
    frame = Frame(function)
    for value, _ in function.returns:
        for origin in analysis.evaluator.resolver.follow(value, frame):
            full = analysis.name(origin.node.func, origin.frame) if isinstance(origin.node, ast.Call) else ""
            root, _, last = full.rpartition(".")
            of_library = root.partition(".")[0] in _HOMES or (not root and starred(analysis, last))
            if last in _MODELS and of_library and origin.frame.scope is function:
                return True
    return False
