"""The families of a network that other files of the project define: `from model import TCN`.

Only the files are opened that the class which is trained comes from, and as text: what its definition calls, and what
it names that stands beside it or is imported from the project in turn.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.module_text import OF_LIBRARIES, Module, Modules
from index.facts.evaluation.program import dotted
from index.facts.network.architecture import LIBRARY_MODELS, OF_MODELS
from index.facts.network.layers import FAMILIES, OWN_WORDS, TRANSFORMERS, Census
from index.files.tree import walk
from index.known.components import spelled_in
from index.record import Tag

_FILES = 6  # of one script
_DEFINITIONS = 60
_CALL = re.compile(r"(?<![\w.])((?:\w+\.){0,4})(\w+)\(")
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)?")
_HOMES = {"torch", "th", "nn", "F", "layers", "tf", "keras", "hk", "eqx", "tensorflow", "nnx", "linen", "L", "links",
          "chainer"}  # fmt: skip
_LAYER = {name: family for family, names in FAMILIES.items() for name in names}
_TAGS = {"convolution": ("cnn",), "lstm": ("lstm", "rnn"), "gru": ("gru", "rnn"), "recurrent": ("rnn",),
         "transformer": ("transformer",), "attention": ("attention",)}  # fmt: skip
_MAKES = Identifiers(
    r"^\w{0,20}(create|build|make|get|define)_\w{0,20}(model|net|network|generator|vae|unet)(_|s?$)", re.IGNORECASE
)
_NO_PARTS = ("Loss", "Dataset", "Config", "Metric", "Sampler", "Scheduler", "Optimizer", "Loader")
_SCHEDULE = re.compile(
    r"(alphas?|betas?)\w{0,20}(cumprod|bar)|cumprod\(\s{0,9}\w{0,20}(alpha|beta)|"
    r"cumsum\([\w.]{0,20}log\([^\n]{0,20}(alpha|beta)"  # the product as a sum of logarithms
)
_BACKWARD = re.compile(r"\.backward\(|\.gradient\(|\bgrad\(|value_and_grad")
_STEPS = re.compile(r"\bopt\w{0,20}\.step\(|optim\w{0,20}\.step\(|apply_gradients\(|\.minimize\(|tree_(multi)?map\(")
_JOINS = re.compile(r"(?<!np)\.(cat|concat|concatenate)\(|\b[Cc]oncatenate\(")
_GOES_DOWN = re.compile(r"stride\w{0,9}\s{0,9}=\s{0,9}\(?2|[Pp]ool|[Dd]own_?[Ss]ampl")
_UNET = re.compile(r"U_?-?[Nn]et|(?<![a-zA-Z])unet")
_BASES = re.compile(r"^class \w+\(([^)]*)\)")  # class MaskedConv2d(nn.Conv2d)
_PATCHES = re.compile(r"[Pp]atch")
_VIT = re.compile(r"(?<![A-Za-z])ViT|[Vv]ision_?[Tt]ransformer")
_FAKES = re.compile(r"(?<![\w.])(self\.)?(?!\w*[Dd]ata)\w{0,20}[Gg]enerator\w{0,20}\(")
_JUDGES = re.compile(r"(?<![\w.])(self\.)?\w{0,20}([Dd]iscriminator|[Cc]ritic)\w{0,20}\(")
_NORMS = re.compile(r"\b(LayerNorm\w*|RMSNorm)\(")
_LINEAR = re.compile(r"\b(Linear|Dense)\(")
_ATTENDS = re.compile(r"bmm\(|matmul\(|einsum\(|(?<=\w)\s@\s")
_SCORES = re.compile(r"quer(y|ies)|attn|[aA]ttention|\bq, ?k\b")
_SUMS = re.compile(
    r"\+=?\s*(self\.)?(residual|identity|shortcut|skip|res)\w*\b|\b(residual|identity|shortcut|res)\s*\+\s"
)
_READY = "ready "  # before the tag of a ready network
_LATENT = re.compile(r"log_?var|logv\b|reparam|logsigma", re.IGNORECASE)


@dataclass(frozen=True)
class _Definition:
    """One definition of a module: the layers that it builds, each after its family, and forms, by the tag."""

    name: str
    layers: list[tuple[str, str]]
    forms: dict[str, str]
    components: tuple[tuple[str, str], ...]  # each before how it is spelled
    words: tuple[str, ...]  # that may lead on to other definitions


_known: WeakKeyDictionary[Module, dict[str, _Definition]] = WeakKeyDictionary()


@dataclass
class _Network:
    """What the definitions of a network come to: layers by family with the first place of each, and forms."""

    layers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    forms: dict[str, tuple[str, str]] = field(default_factory=dict)  # tag → what says so, and where
    parts: list[str] = field(default_factory=list)
    components: dict[str, tuple[str, str]] = field(default_factory=dict)  # name → how it is spelled, and where

    def add(self, definition: _Definition, place: str) -> None:
        """Counts a definition in, which stands at a place."""
        self.parts.append(definition.name)
        for family, name in definition.layers:
            self.layers.setdefault(family, []).append((name, place))
        for tag, told in definition.forms.items():
            self.forms.setdefault(tag, (told, place))
        for component, word in definition.components:
            self.components.setdefault(component, (word, place))


def networks(analysis: Analysis, census: Census, arch: str | None) -> tuple[tuple[Tag, ...], tuple[Tag, ...]]:
    """The families of networks that other files define, and what they are put together of, at the line that builds
    them here: those of `arch`, what the networks of the script are made of, and where none of those is built here,
    what a function makes for it."""
    wanted = set(arch.split(" / ")) if arch else set()
    built = _called(analysis, census, wanted)
    for full, line in _within(analysis, census):
        built.setdefault(full, line)
    reader = _Reader(analysis)
    found: dict[str, Tag] = {}
    parts: dict[str, Tag] = {}
    for full, line in built.items():
        network = _Network()
        reader.follow(full, "", network, set())
        for name, (reason, place) in _families(network).items():
            found.setdefault(name, Tag(name, line, f"{reason} in {place}"))
        for name, (word, place) in network.components.items():
            parts.setdefault(name, Tag(name, line, f"{word} in {place}"))
    return tuple(found.values()), tuple(parts.values())


def _called(analysis: Analysis, census: Census, wanted: set[str]) -> dict[str, int]:
    """The networks of `wanted` that are built here, by their full names, with the lines; else what functions make."""
    named: dict[str, int] = {}
    handed: dict[str, int] = {}
    makes_any = wanted.isdisjoint(scope.name for scope in census.models)
    for executed in analysis.executed:
        of_arch = executed.name in wanted
        if not of_arch and not (makes_any and _MAKES.search(executed.name)):
            continue
        full = analysis.name(executed.site.node.func, executed.frame)
        for whole in [full] if "." in full else _starred(analysis, full):
            if not OF_LIBRARIES.match(whole):
                (named if of_arch else handed).setdefault(whole, executed.line)
        for whole, line in _given(analysis, executed) if of_arch else ():
            named.setdefault(whole, line)
    for executed in analysis.called.get("instantiate", []):
        for whole in _configured(analysis, executed, wanted):
            named.setdefault(whole, executed.line)
    for name in wanted if not named else ():  # networks[args.net](10), of a table of classes
        for binding in analysis.program.module.bindings.get(name, []):
            if binding.kind == "import" and "." in str(binding.node) and not OF_LIBRARIES.match(str(binding.node)):
                named.setdefault(str(binding.node), binding.line)
    return named or handed


def _within(analysis: Analysis, census: Census) -> Iterator[tuple[str, int]]:
    """What the networks of the script are made of and other files define, with the lines that build it."""
    for model in census.models:
        for method in model.children:
            for site in method.calls:
                if site.name and not site.name[0].isupper():
                    continue
                name = (dotted(site.node.func) or "").split(".")[-1]
                full = analysis.name(site.node.func, Frame(method)) if name[:1].isupper() else ""
                if "." in full and not OF_LIBRARIES.match(full) and not name.endswith(_NO_PARTS):
                    yield full, site.node.lineno


def _given(analysis: Analysis, executed: Executed) -> Iterator[tuple[str, int]]:
    """The networks of the project that one is made around, `DDPM(UNet(64), betas)`, with the lines that build them."""
    call = executed.site.node
    for part in (*call.args, *(keyword.value for keyword in call.keywords)):
        for origin in analysis.evaluator.resolver.follow(part, executed.frame):
            if not isinstance(origin.node, ast.Call):
                continue
            full = analysis.name(origin.node.func, origin.frame)
            home, _, name = full.rpartition(".")
            if home and name[:1].isupper() and not OF_LIBRARIES.match(full) and not name.endswith(_NO_PARTS):
                yield full, origin.node.lineno


def _configured(analysis: Analysis, executed: Executed, wanted: set[str]) -> Iterator[str]:
    """What Hydra makes one of `wanted` of: the class that the configuration names, and those it is given."""
    call, frame = executed.site.node, executed.frame
    if analysis.target(call, frame).rpartition(".")[2] not in wanted:
        return
    for origin in analysis.evaluator.resolver.follow(call.args[0], frame):
        settings = walk(origin.node) if isinstance(origin.node, ast.Dict) else ()
        tables = (table for table in settings if isinstance(table, ast.Dict))
        entries = (entry for table in tables for entry in zip(table.keys, table.values, strict=True))
        for key, value in entries:
            named = isinstance(key, ast.Constant) and key.value == "_target_" and isinstance(value, ast.Constant)
            target = str(value.value) if named and isinstance(value, ast.Constant) else ""
            if "." in target and not OF_LIBRARIES.match(target) and not target.endswith(_NO_PARTS):
                yield target


def steps_itself(analysis: Analysis, full: str) -> bool:
    """Whether a class or function of another file goes backward and moves what it trains."""
    known = analysis.stepping
    if full not in known:
        network = _Network()
        if len(known) < _FILES:
            _Reader(analysis).follow(full, "", network, set())
        known[full] = {"backward", "steps"} <= network.forms.keys()
    return known[full]


def _starred(analysis: Analysis, name: str) -> list[str]:
    """What a plain name may be in full that a script gets from a module whose every name it imports."""
    if name in analysis.program.module.bindings:
        return []
    homes = [str(binding.node) for binding in analysis.program.module.bindings.get("*", [])]
    return [home.removesuffix("*") + name for home in homes]


class _Reader:
    def __init__(self, analysis: Analysis) -> None:
        self._modules = Modules(analysis)

    def follow(self, full: str, folder: str, network: _Network, seen: set[tuple[str, str]]) -> None:
        """Adds to `network` what a name stands for, `folder` being that of the file that imports it."""
        home, _, name = full.rpartition(".")
        module = self._modules.find(home, folder)
        if module is None or (module.place, name) in seen or len(seen) >= _DEFINITIONS:
            return
        seen.add((module.place, name))
        inner = module.place.rpartition("/")[0]
        if name not in module.definitions:
            for other in [module.imports[name]] if name in module.imports else module.starred(name):
                if not OF_LIBRARIES.match(other):
                    self.follow(other, inner, network, seen)
            return
        definition = _definition(module, name)
        network.add(definition, f"{module.place}:{module.line(name)}")
        for word in definition.words:
            root, _, member = word.partition(".")
            if root in module.definitions and root != name:
                self.follow(f"{home}.{root}", folder, network, seen)
            elif root in module.imports and not OF_LIBRARIES.match(module.imports[root]):
                other = module.imports[root]
                self.follow(f"{other}.{member}" if member and "." not in other else other, inner, network, seen)


def _definition(module: Module, name: str) -> _Definition:
    """What a definition comes to: looked into once, whatever follows it."""
    known = _known.setdefault(module, {})
    if name not in known:
        text = module.part(name)
        leads = any(word in text for word in module.own if word != name)
        words = tuple(dict.fromkeys(_WORD.findall(text))) if leads else ()
        layers = _census(module, f"{_inherited(text)} {text}")
        forms = _forms(name, text) | _ready(module, text)
        known[name] = _Definition(name, layers, forms, tuple(spelled_in(text)), words)
    return known[name]


def _census(module: Module, text: str) -> list[tuple[str, str]]:
    """The layers that a text builds, each with its family."""
    found = []
    for match in _CALL.finditer(text):
        name = match[2]
        family = _LAYER.get(name)
        if family is None:
            continue
        home = match[1].split(".")[0]
        starred = name[:1].isupper() and module.starred_library  # from keras.layers import *
        plain = not home and (starred or OF_LIBRARIES.match(module.imports.get(name, "")))
        if home in _HOMES or name in OWN_WORDS or plain:
            found.append((family, name))
    return found


def _inherited(text: str) -> str:
    """The layers that a class is made of by being one itself, as text that builds them."""
    bases = _BASES.match(text)
    return " ".join(f"{base.strip()}(" for base in bases[1].split(",")) if bases is not None else ""


def _ready(module: Module, text: str) -> dict[str, str]:
    """The ready networks that a text builds, torchvision.models.resnet18(…): _READY and the tag → what says so."""
    found: dict[str, str] = {}
    for match in _CALL.finditer(text):
        root = (match[1] or match[2]).split(".")[0]
        if module.imports.get(root, "").split(".")[0] in OF_MODELS:
            tags = (tag for tag, known in LIBRARY_MODELS.items() if known.match(match[2]))
            found |= {f"{_READY}{tag}": f"{match[2]} built" for tag in tags}
    return found


def _forms(name: str, text: str) -> dict[str, str]:
    """Tag → what says so."""
    forms: dict[str, str] = {}
    if "softmax" in text.lower() and _ATTENDS.search(text) and _SCORES.search(text):
        forms["attention"] = f"softmax over scores of {name}"
    if _SUMS.search(text) and re.search(r"[cC]onv", text):
        forms["resnet"] = f"convolutions with a residual sum, {name}"
    if (ready := TRANSFORMERS.search(text)) is not None:
        forms["transformer"] = f"{ready[0]} built"
    if _UNET.search(name):
        forms["unet"] = f"skips join the way down to the way up, {name}"
    if "attention" in text.lower() and _NORMS.search(text) and len(_LINEAR.findall(text)) >= 2:
        forms["block"] = f"attention, normalisation and a feed-forward part, {name}"
    for pattern, told in ((_FAKES, "fakes"), (_JUDGES, "judges"), (_PATCHES, "patches"), (_JOINS, "joins"),
                          (_GOES_DOWN, "down"), (_LATENT, "latent"), (_SCHEDULE, "schedule"),
                          (_BACKWARD, "backward"), (_STEPS, "steps")):  # fmt: skip
        if pattern.search(text):
            forms[told] = name
    return forms


def _families(network: _Network) -> dict[str, tuple[str, str]]:
    """Tag → what says so, and where."""
    found = {form.removeprefix(_READY): told for form, told in network.forms.items() if form.startswith(_READY)}
    for family, names in _TAGS.items():
        used = network.layers.get(family, [])
        if used:
            times = "once" if len(used) == 1 else f"{len(used)} times"
            for tag in names:
                found.setdefault(tag, (f"{used[0][0]} used {times}", used[0][1]))
    forms, layers = network.forms, network.layers
    if "transformer" in forms:
        found.setdefault("transformer", forms["transformer"])
    if "attention" in forms:
        found.setdefault("attention", forms["attention"])
    if "unet" in forms and {"joins", "down"} <= forms.keys() and "upsampling" in layers and "cnn" in found:
        found["unet"] = forms["unet"]
    elif "resnet" in forms and "cnn" in found:
        found["resnet"] = forms["resnet"]
    if "schedule" in forms:
        found["diffusion"] = (f"the cumulative noise schedule, {forms['schedule'][0]}", forms["schedule"][1])
    said = " ".join(network.parts)
    if "latent" in forms and re.search(r"(?<![A-Z])VAE|[Vv]ariational_?[Aa]uto_?[Ee]ncoder", said):
        found["vae"] = (f"a latent mean and variance, {forms['latent'][0]}", forms["latent"][1])
    if "attention" in found and re.search("Transformer", said) and len(layers.get("linear", ())) >= 2:
        found.setdefault("transformer", found["attention"])
    if "attention" in found and "block" in forms:
        found.setdefault("transformer", forms["block"])
    if "transformer" in found and "patches" in forms and _VIT.search(said):
        found["vit"] = (f"patches embedded, then attention, {forms['patches'][0]}", forms["patches"][1])
    if {"fakes", "judges"} <= forms.keys():
        found["gan"] = (f"a generator and a discriminator, {forms['judges'][0]}", forms["judges"][1])
    linear = layers.get("linear", [])
    if not found and len(linear) >= 2:
        found["mlp"] = (f"{linear[0][0]} used {len(linear)} times", linear[0][1])
    return found
