"""The network of a file that no other is made of: what it offers, where nothing says which class is trained."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import Scope, dotted
from index.facts.network.abstract import abstract
from index.facts.network.assembled import PARTS, STEP_OF_TRAINING
from index.facts.network.layers import LAYERS, Census, extends, learns, starred
from index.facts.network.naming import NOT_MODELS, Named
from index.files.tree import walk

JUDGES = re.compile("discrim|critic|value", re.IGNORECASE)
HALF = re.compile(f"{JUDGES.pattern}|generat|actor|policy", re.IGNORECASE)
# The halves of a GAN, also by their short names: InfoGenConv, InfoDiscQ.
_JUDGES_IMAGES = re.compile(r"(?i:discrim|critic)|Disc(?![a-z])")
_GENERATES = re.compile(r"(?i:generat)|Gen(?![a-z])")
# What a network is made of, and what only others inherit from, by how its class is called.
PART = re.compile(
    r"(Block|Blk|Bottleneck|Layer|Cell|Unit|Stage|Attn|Embed(ding|der)?|Token\w*|Encoding|Coupling|Patch\w*|Normali[sz]\w*|"
    r"Norm|Linear|Conv(olution)?([123]d)?|Dense|Down|Up(sample)?|Pool|Head|Base|Mixin|Abstract\w*|Activation|Dropout|Sampl\w*|"
    r"Process\w*)_?\w{0,3}$|Attention(?!\w*([Nn]et|Model|RNN|Decoder|Encoder|former))|^(To[A-Z]|Res(idual)?$|Double|Mask|Base|"
    r"Conv|BatchNorm|LayerNorm|InvertibleRes)"
)
_OFFERED = 6  # of a file that has them for others to train
_FEW = 4  # networks of one file, of which one may stand for the others
_KERAS = re.compile(r"(tf|keras|tensorflow|tf_keras)\.")


def find(analysis: Analysis, census: Census, *, offered: bool) -> Named | None:
    """The one network of the script that no other network builds; the pair of a GAN; the one the file is named for."""
    steps = [model for model in census.models if any(model.method(name) for name in STEP_OF_TRAINING)]
    if len(steps) == 1 and steps[0].method("training_step"):
        return steps[0].name, steps[0].line
    models = [model for model in census.models if has_layers(model, census) or not _put_around(analysis, model)]
    layered = [model for model in models if has_layers(model, census) and not NOT_MODELS.search(model.name)]
    layered = layered or [model for model in models if extends(analysis, model) or learns(model)]
    if _functional(analysis):  # its layers are parts of what is put together without a class
        layers_of = analysis.evaluator.resolver.bases
        layered = [model for model in layered if not any(map(is_layer, (model, *layers_of(model))))]
    parts = {name for model in layered for name in _within(model) if name != model.name}  # super(Net, self)
    parts |= _built_of(analysis, layered)
    whole = list({model.name: model for model in layered if model.name not in parts}.values())
    if not whole:  # its layers are made by functions of other files, or by the ready network that it is a form of
        whole = [m for m in models if not (NOT_MODELS.search(m.name) or PARTS.search(m.name) or is_layer(m))]
        shared = {base for model in whole for base in analysis.evaluator.resolver.bases(model)}
        whole = [model for model in whole if model not in shared or len(whole) == 1]
    whole = [model for model in whole if not abstract(analysis, model)] or whole
    if len(whole) == 1:
        if _part_of_others(analysis, whole[0], census):
            whole = [model for model in _handed_out(analysis, census.models) if model is not whole[0]]
        return (whole[0].name, whole[0].line) if len(whole) == 1 else None
    if paired([model.name for model in whole]) and (len(whole) == 2 or _acts(whole)):
        return " / ".join(model.name for model in whole), whole[0].line
    stem = re.sub(r"[^a-z0-9]", "", analysis.source.path.stem.lower())
    named = [model for model in whole if model.name.lower() == stem]
    named = named or [m for m in census.models if m.name.lower() == stem and not PARTS.search(m.name)]  # holds the rest
    if not named:  # further forms of one network: the last one stands for them
        ancestors = {base for model in whole for base in analysis.evaluator.resolver.bases(model)}
        last = [model for model in whole if model not in ancestors]
        further = len(last) == 1 and set(whole) <= {*last, *ancestors}
        named = last if further else _handed_out(analysis, whole)
    if len(named) != 1 and offered:  # a file of networks for others to train: all of them, where they are few
        shared = {base for model in census.models for base in analysis.evaluator.resolver.bases(model)}
        concrete = {model for model in whole if model.name.endswith("Base") and model not in shared}
        named = [model for model in whole if model in concrete or not PART.search(model.name)]
        named = list(filter(_pretrained, named)) or named  # beside which the others are heads
    most = _OFFERED if offered else 1
    return (" / ".join(m.name for m in named), named[0].line) if 1 <= len(named) <= most else None


def _put_around(analysis: Analysis, model: Scope) -> bool:
    """Whether all that is made of a class is put around parts of a network, where they were:
    `net.head = InFloat(net.head)`."""
    made = [call for call in analysis.source.of(ast.Call) if getattr(call.func, "id", "") == model.name]
    around = {
        statement.value
        for statement in analysis.source.of(ast.Assign)
        if isinstance(statement.targets[0], ast.Attribute) and statement.value in made
        and isinstance(statement.value, ast.Call) and statement.value.args
        and dotted(statement.value.args[0]) == dotted(statement.targets[0])
    }  # fmt: skip
    return bool(made) and around.issuperset(made)


def _pretrained(model: Scope) -> bool:
    """Whether a class is a form of a ready network: `class Tagger(BertPreTrainedModel)`."""
    bases = model.node.bases if isinstance(model.node, ast.ClassDef) else []
    return any((dotted(base) or "").endswith("PreTrainedModel") for base in bases)


def _part_of_others(analysis: Analysis, model: Scope, census: Census) -> bool:
    """Whether a network is by its name a part of what functions of the script put together: it stands for nothing."""
    if not PART.search(model.name):
        return False
    sites = [site for kind in LAYERS for _, site in census.sites.get(kind, [])]
    around = any(site.scope.class_around is None and site.scope is not analysis.program.module for site in sites)
    return around and any(site.name == model.name for scope in analysis.program.functions for site in scope.calls)


def _handed_out(analysis: Analysis, whole: list[Scope]) -> list[Scope]:
    """Those of several networks that functions of the script make and give back: `def network_factory(size)`."""
    returned = [(value, Frame(scope)) for scope in analysis.program.module.children if not scope.is_class
                for value, _ in scope.returns]  # fmt: skip
    definition = analysis.evaluator.resolver.definition
    made = {definition(value.func, frame) for value, frame in returned if isinstance(value, ast.Call)}
    return [model for model in whole if model in made and not model.name.startswith("_")] if len(whole) <= _FEW else []


def _functional(analysis: Analysis) -> bool:
    """Whether the script puts a model of Keras together from its inputs and outputs."""
    names = (analysis.name(executed.site.node.func, executed.frame) for executed in analysis.called.get("Model", []))
    return any(_KERAS.match(name) or (name == "Model" and starred(analysis, name)) for name in names)


def is_layer(model: Scope) -> bool:
    bases = model.node.bases if isinstance(model.node, ast.ClassDef) else []
    return any((dotted(base) or "").split(".")[-1] == "Layer" for base in bases)


def has_layers(model: Scope, census: Census) -> bool:
    """Whether a class builds layers, or other networks of the script; a wrapper or an activation does neither."""
    if census.within(model, *LAYERS, "embedding") > 0:
        return True
    return bool((_mentioned(model) - {model.name}) & census.names)


def paired(names: list[str]) -> bool:
    """Whether two networks only work together, each trained by what the other says."""
    return _adversaries(names) or acting(names)


def _adversaries(names: list[str]) -> bool:
    return any(map(_JUDGES_IMAGES.search, names)) and any(map(_GENERATES.search, names))


def acting(names: list[str]) -> bool:
    return any(re.search("actor|policy", name, re.IGNORECASE) for name in names) and any(
        re.search("critic|value", name, re.IGNORECASE) for name in names
    )


def _acts(models: list[Scope]) -> bool:
    """Whether three networks are those of one agent: who acts, and two that judge."""
    return len(models) == 3 and all(HALF.search(model.name) for model in models)


def _mentioned(model: Scope) -> set[str]:
    return {node.id for node in walk(model.node) if isinstance(node, ast.Name)}


def _built_of(analysis: Analysis, models: list[Scope]) -> set[str]:
    """The classes that networks are told to build their layers of: `ResNet(BasicBlock, [2, 2, 2, 2])`."""
    names = {model.name for model in models}
    made = [call for call in analysis.source.of(ast.Call) if isinstance(call.func, ast.Name) and call.func.id in names]
    return {part.id for call in made for part in call.args if isinstance(part, ast.Name)} & names


def _within(model: Scope) -> set[str]:
    """The names that a class mentions in its body: what it is made of, not what it derives from."""
    body = model.node.body if isinstance(model.node, ast.ClassDef) else []
    return {node.id for statement in body for node in walk(statement) if isinstance(node, ast.Name)}
