"""Networks that are put together from networks of other files, or from what they are given."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import CallSite, Scope, dotted
from index.facts.network.layers import LOSSES, NETWORKS, Census, extends, foreign_base, inherits, of_ready
from index.facts.network.naming import Named, built, made
from index.files.tree import walk

PARTS = re.compile(
    r"(Loss|Criterion|Metrics?|Average|EMA|Sampler|Transform|Wrapper|Scheduler|Callback|Schedule|Noise|Augment\w*)$"
)
# What a network is given beside other networks: none of them is a part of it.
_NO_PART = re.compile(
    r"loss|criterion|metric|transform|sampler|activation|(^|\.|_)(fn|func|f|g|act)(_|$)", re.IGNORECASE
)
_MAKES = re.compile(r"^_?(create|build|make|init|get|setup)_\w*(model|net|network|backbone|encoder|decoder)\w*$")
_DERIVED = re.compile(r"^class[ \t]+\w+[ \t]*\(([\w., \t]{1,200})\)", re.MULTILINE)
_LOSS = re.compile(r"(^|_)loss(es)?$")
STEP_OF_TRAINING = ("training_step", "train_step", "configure_optimizers")
_STEPS_OF_TRAINER = ("train_batch", "train_step", "training_step", "train_epoch", "_train_epoch")
_CLASSES = (".num_classes", ".n_classes")
_FORWARD = ("forward", "call", "__call__")


def candidate(text: str) -> bool:
    """Whether a file that imports no framework may have a network all the same: a class whose base, of a file beside
    it, is called as networks are."""
    return any(
        NETWORKS.search(base.strip()) is not None
        for bases in _DERIVED.findall(text) for base in bases.split(",")
    )  # fmt: skip


def made_elsewhere(analysis: Analysis) -> dict[str, int]:
    """The networks of other files that the script builds, by how their classes are called."""
    every = [
        built(analysis, Origin(executed.site.node, executed.frame))
        for executed in analysis.executed if not _transforms(executed.site.node)
    ]  # fmt: skip
    own = {scope.name for scope in analysis.program.classes}
    return {name: line for name, line in filter(None, every) if NETWORKS.search(name) and name not in own}


def _made(analysis: Analysis, site: CallSite, frame: Frame) -> list[str]:
    """The network that a call makes, or that a function of the script makes which it calls."""
    one = built(analysis, Origin(site.node, frame))
    maker = analysis.evaluator.resolver.own(site.node.func, frame) if one is None else None
    return [one[0]] if one else list(made(analysis, site.node, frame)) if maker and not maker.is_class else []


def _transforms(call: ast.Call) -> bool:
    """Whether a call makes what changes data: a network that is called so is told its sizes."""
    name = (dotted(call.func) or "").rpartition(".")[2]
    return name == "Transformer" and not call.args and not call.keywords


def assembled(analysis: Analysis, census: Census) -> bool:
    """Whether a class of the script is a network made of networks of other files, or trains one that it is given."""
    for model in census.models:
        if PARTS.search(model.name):
            continue
        if any(model.method(name) for name in STEP_OF_TRAINING) or extends(analysis, model):
            return True
        named = NETWORKS.search(model.name) is not None or _is_further(analysis, model)
        if named and (inherits(analysis, model) or of_ready(analysis, model)):
            return True
        initialiser = model.method("__init__") or model.method("setup")  # of Flax
        forms = (model, *analysis.evaluator.resolver.bases(model))  # of which one goes forward
        if initialiser is None or not any(form.method(name) for form in forms for name in (*_FORWARD, *LOSSES)):
            continue
        if _joins(model, initialiser):
            return True
        makers = [initialiser, *(child for child in model.children if _MAKES.match(child.name))]
        parts = [name for maker in makers for site in maker.calls for name in _made(analysis, site, Frame(maker))]
        if any(not PARTS.search(part) for part in parts):
            return True
    if any(_pits(analysis, scope) for scope in analysis.program.classes):
        return True
    return any(_is_trainer(analysis, scope) for scope in analysis.program.classes) and bool(made_elsewhere(analysis))


def _is_further(analysis: Analysis, model: Scope) -> bool:
    """Whether a class sets up what another file has that is called a network: `class FPN(SegmentationModel)`."""
    bases = model.node.bases if isinstance(model.node, ast.ClassDef) and model.method("__init__") else []
    return any(NETWORKS.search(foreign_base(analysis, model, base)) for base in bases)


def _pits(analysis: Analysis, scope: Scope) -> bool:
    """Whether a class makes a generator and what judges it, of other files, and says what either loses."""
    initialiser = scope.method("__init__")
    if initialiser is None or not any(_LOSS.search(method.name) for method in scope.children):
        return False
    parts = (built(analysis, Origin(site.node, Frame(initialiser))) for site in initialiser.calls)
    names = " ".join(part[0] for part in parts if part is not None and NETWORKS.search(part[0]))
    return "Generator" in names and re.search("Discriminator|Critic", names) is not None


def adapted(analysis: Analysis) -> Named | None:
    """The ready network that a function hands on to be trained further: with adapters, `get_peft_model(net, config)`,
    with some of its parameters frozen, or with a head for so many classes that nothing has trained yet."""
    if "from_pretrained" not in analysis.names or not {"peft", "transformers"} & analysis.words:
        return None
    given = [(call.site.node.args[0], call.frame) for call in analysis.called.get("get_peft_model", [])
             if call.site.node.args]  # fmt: skip
    for scope in analysis.program.functions:
        hands_on = any(map(_freezes, walk(scope.node)))
        given += [(value, Frame(scope)) for value, _ in scope.returns if hands_on or _with_new_head(analysis, value)]
    for node, frame in given:
        origins = analysis.evaluator.resolver.follow(node, frame)
        calls = [(o.node, o.frame) for o in origins if isinstance(o.node, ast.Call)]
        names = [analysis.name(call.func, inner).split(".") for call, inner in calls]
        if any(parts[0] == "transformers" and parts[-1] == "from_pretrained" for parts in names):
            return next(iter(made(analysis, node, frame).items()), None)
    return None


def _with_new_head(analysis: Analysis, value: ast.expr) -> bool:
    """Whether a function only gives back a ready network with a head of its own: `return
    BertForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=5)`; not where it is asked here."""
    own = isinstance(value, ast.Call) and any(keyword.arg == "num_labels" for keyword in value.keywords)
    first = value.args[0] if isinstance(value, ast.Call) and value.args else None
    name = analysis.value(first, Frame(analysis.program.module)).constant if first is not None else None
    ready = isinstance(name, str) and not name.startswith((".", "/"))
    return own and ready and {"eval", "no_grad", "predict"}.isdisjoint(analysis.names)


def headed(analysis: Analysis) -> Named | None:
    """The ready network of torchvision that a function hands on with a part of its own, or for so many classes:
    `net.roi_heads.box_predictor = FastRCNNPredictor(width, classes)`, `net.head.num_classes = 4`."""
    for scope in analysis.program.functions if "torchvision" in analysis.words else []:
        for value, _ in scope.returns:
            own = f"{value.id}." if isinstance(value, ast.Name) else "."
            parts = [(name, b.node) for name, bound in scope.bindings.items() if name.startswith(own) for b in bound]
            if any(isinstance(part, ast.Call) or name.endswith(_CLASSES) for name, part in parts):
                origins = analysis.evaluator.resolver.follow(value, Frame(scope))
                calls = [(o.node, o.frame) for o in origins if isinstance(o.node, ast.Call)]
                if any(analysis.name(c.func, frame).startswith("torchvision.models.") for c, frame in calls):
                    return next(iter(made(analysis, value, Frame(scope)).items()), None)
    return None


def _freezes(node: ast.AST) -> bool:
    """Whether a loop freezes the parameters of a part: `for p in net.bert.parameters(): p.requires_grad = False`."""
    method = getattr(getattr(node, "iter", None), "func", None)
    if not isinstance(node, ast.For) or not isinstance(method, ast.Attribute):
        return False
    part = method.attr == "named_parameters" or (method.attr == "parameters" and not isinstance(method.value, ast.Name))
    kept = (inner for inner in walk(node) if isinstance(inner, ast.Assign))
    return part and any(
        isinstance(one.value, ast.Constant) and one.value.value is False
        and any(isinstance(target, ast.Attribute) and target.attr == "requires_grad" for target in one.targets)
        for one in kept
    )  # fmt: skip


def _joins(model: Scope, initialiser: Scope) -> bool:
    """Whether a network is made of two that it is given, each of which its forward pass calls: `Seq2Seq(encoder,
    decoder)`."""
    kept = {
        name
        for name, bindings in initialiser.bindings.items()
        for binding in bindings
        if name.startswith("self.") and _given(initialiser, binding.node)
    }
    passes = [method for name in _FORWARD if (method := model.method(name)) is not None]
    called = {dotted(site.node.func) for method in passes for site in method.calls}
    return len(kept & called) > 1 and not any(_NO_PART.search(name or "") for name in kept & called)


def _given(initialiser: Scope, node: object) -> bool:
    """Whether what a network keeps is given to it, or made by a function that is: `encoder`, `encoder if encoder else
    identity`, and of Flax `self.actor_fn()`."""
    if isinstance(node, ast.IfExp):
        return _given(initialiser, node.body) or _given(initialiser, node.orelse)
    if isinstance(node, ast.Call) and not node.args and not node.keywords:
        owner, name = initialiser.class_around, (dotted(node.func) or "").removeprefix("self.")
        body = owner.node.body if owner is not None and isinstance(owner.node, ast.ClassDef) else []
        return any(isinstance(part, ast.AnnAssign) and dotted(part.target) == name for part in body)
    return isinstance(node, ast.Name) and _parameter(initialiser, node.id)


def _parameter(scope: Scope, name: str) -> bool:
    return any(binding.kind == "parameter" for binding in scope.bindings.get(name, []))


def _is_trainer(analysis: Analysis, scope: Scope) -> bool:
    """Whether a class says how a trainer of another file takes its steps: `class Trainer(AbstractTrainer)`."""
    bases = scope.node.bases if isinstance(scope.node, ast.ClassDef) else []
    return any(foreign_base(analysis, scope, base).endswith("Trainer") for base in bases) and any(
        map(scope.method, _STEPS_OF_TRAINER)
    )
