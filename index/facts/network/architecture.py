"""What kind of model a script builds: tags from the layers and the forms of its code, and the class it trains."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.definitions import in_script
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Words
from index.facts.evaluation.program import Scope, dotted, last_name, written
from index.facts.network import attention, gates, skips
from index.facts.network.denoising import apart_from_denoisers, diffusion, told_the_step
from index.facts.network.layers import TRANSFORMERS, Census
from index.facts.training.training import Training
from index.files.tree import walk
from index.record import Tag

_SEQUENTIAL = {"rnn", "lstm", "gru", "transformer"}
_GENERATIVE = {"diffusion", "gan", "vae", "latent-diffusion"}
LIBRARY_MODELS = {
    "resnet": re.compile(r"^(wide_)?res(net|next)\d", re.IGNORECASE),
    "vit": re.compile(r"^vit_|^ViT|^VisionTransformer|^swin_"),
    "unet": re.compile(r"^(UNet2D(Condition)?Model|Unet|UNet)$"),
    "transformer": TRANSFORMERS,
    "cnn": re.compile(
        r"^(vgg|alexnet|densenet|mobilenet|[eE]fficient[nN]et|inception|convnext|squeezenet|(wide_)?res(net|next)\d)"
    ),
}  # fmt: skip
OF_MODELS = {"torchvision", "diffusers", "timm", "segmentation_models_pytorch", "transformers", "efficientnet",
             "pytorch_pretrained_bert", "pytorch_transformers"}  # fmt: skip
_OF_PARTS = {
    "timm": {"Block": "transformer", "Attention": "attention"},
    "equinox": {"MLP": "mlp", "MultiheadAttention": "attention"},
    "tflearn": {"residual_block": "resnet", "residual_bottleneck": "resnet", "resnext_block": "resnet"},
}
_PREPARES = re.compile(r"(FeatureExtractor|Processor|Tokenizer\w*|Config)$")
_READY = {*OF_MODELS, *_OF_PARTS, "applications"}
_ADVERSARY = re.compile(r"discrim|critic|(^|[._])net_?d($|_)|^d_|(^|[._])d$|adversar", re.IGNORECASE)
_VARIATIONAL = re.compile(r"(?<![A-Z])VAE|[Vv]ariational_?[Aa]uto_?[Ee]ncoder")
# Names that a script has.
_ENCODERS = Words(r"^(\w*_)?encode[rd]?$|(?<!transformer)Encoder$|^(inference|recognition)_net(work)?$", re.I)
_DECODERS = Words(r"^(\w*_)?decode[rd]?$|Decoder$|^generative_net(work)?$", re.I)
_VARIANCE = Words(r"^(z_|\w+2)?log_?v(ar(iance)?)?$|^logsigma$|^z_std(dev)?$|^kl(_?(loss|div\w*|d))*$", re.I)
_NOISE = Words(r"^(randn_like|randn|(random_)?normal)$|reparam|^sampling$", re.I)
_DRAWN = Words(r"^_?reparam", re.I)
_BOUND = Words(r"^(trace\w*_?)?elbo$", re.I)  # on the evidence, of a program and its guide
_SEQUENCES = Words(
    r"seq2seq|beam_(search|width)|^dynamic_decode$|^(tgt|src)_vocab|positional_encod|(get|add)_position_encod|"
    r"(causal|subsequent|look_?ahead)_mask|attention_bias|teacher_forc",
    re.I,
)
# What labels pixels or words a picture has an encoder and a decoder as well, and gives back no input.
_ANSWERS = Words(r"segmentation|^seg(net|_?former|_?model|_?head)|captions?$", re.I)
_PLAYERS = {"stable_baselines3", "sb3_contrib", "stable_baselines"}
_POLICIES = {"CnnPolicy": "cnn", "MlpPolicy": "mlp"}
_RIVALS = Words(r"^(build_|make_|create_|define_)?(discriminator|critic)(_model)?$", re.I)
_MAKERS = Words(r"^(build_|make_|create_|define_)?generator(_model)?$", re.I)
_ACTORS = Words(r"^(actor|mu|pi)(_|\d|$)|_actor$|^Actor", re.I)
_BUFFERS = Words(
    r"^(deque|Replay\w*|\w*ReplayBuffer|replay_\w+|memory|((new|next)_)?(state|reward|action|terminal)_memory)$"
)
_PLAYS = Words(r"reward|agent|replay|(^|_)actions?(_|$)|^env(s|ironment)?$", re.I)  # a transformer has a memory too
_DISCOUNTS = Words(r"^gamma$|^discount$", re.I)
_Q_VALUES = Words(r"^(target_net|target|target_network|next_q\w*|q_\w+|policy_net|q_net|\w*dqn)$", re.I)
_GREEDY = Words(r"^(arg)?a?max$")
_PATCHES = Words(r"^(to_)?patch(es)?_?(emb|size|dim)", re.I)
_PLACES = Words(r"^(cls_token|class_token|pos_emb|position_emb|positional_emb)", re.I)


def tags(analysis: Analysis, census: Census, trainings: list[Training]) -> tuple[Tag, ...]:
    """Every family the model belongs to, each with its line and reason; in the order of the vocabulary."""
    found: dict[str, Tag] = {}
    denoiser = diffusion(analysis)
    for tag in [
        *([denoiser] if denoiser else []), *_from_layers(census), *_library(analysis),
        *attention.tags(analysis, census), *_encoders(analysis, census), *_gives_back(analysis, census),
        *gates.cells(analysis), *_adversarial(analysis, trainings),
        *_reinforcement(analysis),
    ]:  # fmt: skip
        if tag.name not in found or tag.count > found[tag.name].count:
            found[tag.name] = tag
    for tag in _derived(analysis, census, found):
        found.setdefault(tag.name, tag)
    if "autoencoder" in found and "unet" in found and _halves_of(analysis, census, found["unet"].line):
        del found["autoencoder"]
    linear = census.sites.get("linear", [])
    several = len(linear) >= 2 or any(site.loops for _, site in linear)
    if not set(found) & {"cnn", "rnn", "transformer", "attention", "vit"} and several:
        found["mlp"] = _layer_tag("mlp", census, "linear")
    return ordered(found.values())


def joined(own: Iterable[Tag], families: Iterable[Tag]) -> tuple[Tag, ...]:
    """The families of a script with those of the networks that it imports, of which what it calls an encoder and a
    decoder may be the two halves of a translation or a forecast."""
    found = {tag.name: tag for tag in (*families, *own)}
    if "vae" not in found and not _SEQUENTIAL.isdisjoint(tag.name for tag in families):
        found.pop("autoencoder", None)
    return ordered(found.values())


def ordered(found: Iterable[Tag]) -> tuple[Tag, ...]:
    """Tags as they are told: what a model is for before what it is made of."""
    return tuple(sorted(found, key=lambda tag: (tag.name not in _GENERATIVE, tag.line, tag.name)))


def _layer_tag(name: str, census: Census, family_name: str) -> Tag:
    layer, line = census.first(family_name)
    count = census.count(family_name)
    times = "once" if count == 1 else f"{count} times"
    same = {found for found, _ in census.sites[family_name]}
    what = layer if len(same) == 1 else f"{layer} and other {family_name} layers"
    return Tag(name, line, f"{what} used {times}, first", count)


def _from_layers(census: Census) -> Iterator[Tag]:
    transformer = census.count("transformer", "attention")
    if census.count("convolution") >= (3 if transformer else 1):  # one or two only cut the patches of a ViT
        yield _layer_tag("cnn", census, "convolution")
    for name in ("lstm", "gru"):
        if census.count(name):
            yield _layer_tag(name, census, name)
            yield _layer_tag("rnn", census, name)
    if census.count("recurrent"):
        yield _layer_tag("rnn", census, "recurrent")
    if census.count("transformer"):
        yield _layer_tag("transformer", census, "transformer")
    if census.count("attention"):
        yield _layer_tag("attention", census, "attention")


def _library(analysis: Analysis) -> Iterator[Tag]:
    """Ready models of torchvision, timm, diffusers and keras.applications, their parts, and what derives from them."""
    if analysis.words.isdisjoint(_READY) and not analysis.evaluator.resolver.siblings.opened():
        return
    for scope in analysis.program.classes:
        for base in scope.node.bases if isinstance(scope.node, ast.ClassDef) else []:
            full = analysis.name(base, Frame(scope.parent or scope))
            if full.partition(".")[0] in OF_MODELS:
                yield from _ready(full, full.rpartition(".")[2], scope.line, "is what the class derives from")
    fixed = [
        (site.node, Frame(scope))
        for scope in analysis.program.classes
        for site in scope.calls
        if site.name[:1].isupper() or site.name == "from_pretrained"
    ]  # class Config: MODEL = T5Model(…)
    run = [(executed.site.node, executed.frame) for executed in analysis.executed]
    for node, frame in (*run, *fixed):
        full = analysis.name(node.func, frame)
        if not _of_ready(full):
            continue
        root, line = full.partition(".")[0], in_script(node.lineno, frame)
        if full.count(".") == 1 and full.endswith(".from_pretrained") and TRANSFORMERS.match(full):
            yield Tag("transformer", line, f"{root} loaded")  # wherever it is from
        last = full.removesuffix(".from_pretrained").rpartition(".")[2]
        if (part := _OF_PARTS.get(root, {}).get(last)) is not None:
            yield Tag(part, line, f"{last} of {root} built")
        if root not in OF_MODELS and ".applications." not in full:
            continue
        if last == "create_model" and root == "timm" and node.args:
            last = str(analysis.value(node.args[0], frame).constant or "")
        yield from _ready(full, last, line, "built")


@lru_cache(maxsize=10_000)  # of all names that are called, few are different
def _of_ready(full: str) -> bool:
    """Whether a full name is one of a ready model, or of a part of one."""
    return full.partition(".")[0] in _READY or ".applications." in full or full.endswith(".from_pretrained")


def _ready(full: str, last: str, line: int, how: str) -> Iterator[Tag]:
    """The families of a ready model, by its name; what only prepares its images or its text is none."""
    if _PREPARES.search(last):
        return
    for name, pattern in LIBRARY_MODELS.items():
        if pattern.match(last) or (".applications." in full and name == "cnn" and last[:1].isupper()):
            yield Tag(name, line, f"{last} {how}")
            if name in {"vit", "unet"}:
                yield Tag({"vit": "transformer", "unet": "cnn"}[name], line, f"{last} {how}")


def _encoders(analysis: Analysis, census: Census) -> Iterator[Tag]:
    """Autoencoders, and those with a reparameterisation."""
    encoder = apart_from_denoisers(analysis, _ENCODERS)
    decoder = apart_from_denoisers(analysis, _DECODERS) if encoder else None
    variational = [scope for scope in census.models if _VARIATIONAL.search(_with_bases(scope))]
    sequence = census.count("lstm", "gru", "recurrent", "transformer") > 0
    sequence = sequence or bool(encoder and (analysis.first(_SEQUENCES) or analysis.first(_ANSWERS)))
    if encoder and decoder and not sequence and not _of_words(analysis, census):
        yield Tag("autoencoder", encoder, "an encoder and a decoder")
    variance = analysis.first(_VARIANCE) if decoder or variational else None
    if variance and decoder and analysis.first(_NOISE):
        yield Tag("vae", variance, "a latent mean and variance, sampled")
    elif decoder and (bound := analysis.first(_BOUND)):
        yield Tag("vae", bound, "the evidence lower bound of an encoder and a decoder")
    elif variational and (variance or analysis.first(_DRAWN)):
        yield Tag("vae", variational[0].line, f"a latent mean and variance, {variational[0].name}")


def _gives_back(analysis: Analysis, census: Census) -> Iterator[Tag]:
    """A network that is fitted to give back what it is given: `model.fit(x_train, x_train)`."""
    for executed in analysis.called.get("fit", []) if census.sites else []:
        given = executed.site.node.args[:2]
        same = len(given) == 2 and all(isinstance(one, ast.Name | ast.Attribute | ast.Subscript) for one in given)
        if same and written(given[0]) == written(given[1]):
            yield Tag("autoencoder", executed.line, "is fitted to give back its input")
            return


def _with_bases(scope: Scope) -> str:
    """What a class is called, and what it derives from."""
    bases = scope.node.bases if isinstance(scope.node, ast.ClassDef) else []
    return " ".join([scope.name, *(last_name(base) for base in bases)])


def _of_words(analysis: Analysis, census: Census) -> bool:
    """Whether what a language model calls its encoder is the embedding of words, or what it calls its decoder puts
    the characters of a text together, and is no network: `decode = lambda tokens: "".join(itos[i] for i in tokens)`;
    it may stand in another file, and is then given a list."""
    networks = any(_ENCODERS.found_in(scope.name) for scope in census.models)
    for scope in analysis.program.scopes:
        for binding in scope.bindings.get("self.encoder", []):
            if isinstance(binding.node, ast.Call) and last_name(binding.node.func) == "Embedding":
                return True
        bound = (
            binding.node for name in filter(_DECODERS.found_in, scope.bindings) for binding in scope.bindings[name]
        )
        decoders: list[ast.AST] = [node for node in bound if isinstance(node, ast.Lambda)]
        decoders += [scope.node] if not scope.is_class and _DECODERS.found_in(scope.name) else []
        if not networks and any(map(_joins_text, decoders)):
            return True
    return not networks and any(map(_decodes_list, analysis.program.calls))


def _decodes_list(call: ast.Call) -> bool:
    """Whether a decoder is given plain numbers, as no network is: `decode(out[0].tolist())`."""
    if not isinstance(call.func, ast.Name) or not _DECODERS.found_in(call.func.id) or len(call.args) != 1:
        return False
    made = call.args[0].func if isinstance(call.args[0], ast.Call) else None
    return isinstance(made, ast.Attribute) and made.attr == "tolist"


def _joins_text(function: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Attribute) and part.attr == "join" and isinstance(part.value, ast.Constant)
        for part in walk(function)
    )


def _adversarial(analysis: Analysis, trainings: list[Training]) -> Iterator[Tag]:
    for training in trainings:
        rivals = any(_ADVERSARY.search(dotted(node) or "") for node, _ in training.trained)
        if rivals and not _acts(analysis):  # the critic of an actor is no adversary
            yield Tag("gan", training.line, "a discriminator trained in the same loop")
            return
    rival = analysis.first(_RIVALS)
    if rival and analysis.first(_MAKERS):
        yield Tag("gan", rival, "a generator and a discriminator")


def _acts(analysis: Analysis) -> bool:
    """Whether a policy of its own acts beside the values that judge it."""
    return analysis.first(_ACTORS) is not None


def _reinforcement(analysis: Analysis) -> Iterator[Tag]:
    buffer = analysis.first(_BUFFERS)
    valued = buffer and all(map(analysis.first, (_PLAYS, _DISCOUNTS, _Q_VALUES, _GREEDY)))
    if buffer and valued and not _acts(analysis):  # as DDPG, TD3 and SAC do
        yield Tag("dqn", buffer, "a replay memory and a discounted target")
    for executed in analysis.executed if not analysis.words.isdisjoint(_PLAYERS) else ():
        library, _, name = analysis.name(executed.site.node.func, executed.frame).partition(".")
        if library not in _PLAYERS or not executed.site.node.args:
            continue
        if name.endswith("DQN"):
            yield Tag("dqn", executed.line, f"{name} of {library} built")
        policy = analysis.value(executed.site.node.args[0], executed.frame).constant
        if (network := _POLICIES.get(str(policy))) is not None:
            yield Tag(network, executed.line, f"{name} with a {policy}")


def _derived(analysis: Analysis, census: Census, found: dict[str, Tag]) -> Iterator[Tag]:
    unet = skips.unet(analysis, census)
    if unet:
        yield unet
        if "diffusion" not in found:
            told = (told_the_step(analysis, scope) for scope in reversed(census.models))  # the whole after its parts
            yield from [tag for tag in told if tag is not None][:1]
    if "diffusion" in found and ("autoencoder" in found or "vae" in found):
        first = found.get("autoencoder") or found["vae"]
        yield Tag("latent-diffusion", first.line, "diffusion beside an autoencoder")
    if "attention" in found or "transformer" in found:
        speaks = "patch" in analysis.source.text.lower()
        convolutions = (site.node for _, site in (census.sites.get("convolution", []) if speaks else []))
        patches = next((call.lineno for call in convolutions if "patch" in written(call).lower()), None)
        cut = patches or (analysis.first(_PATCHES) if analysis.first(_PLACES) else None)
        if cut:
            yield Tag("vit", cut, "patches embedded, then attention")
    free = (site.scope for _, site in census.sites.get("attention", []) if site.scope.class_around is None)
    for scope in dict.fromkeys((*census.models, *free)):
        parts = [census.within(scope, part) for part in ("linear", "normalisation", "attention")]
        if "transformer" not in found and not unet and parts[0] >= 2 and all(parts):
            yield Tag("transformer", scope.line, "attention, normalisation and a feed-forward part")
            break
    attends = "transformer" not in found and "attention" in found and not unet
    if attends and (block := attention.block(analysis, census)):
        yield Tag("transformer", block.line, "a block of attention, normalisation and a feed-forward part")
    named = [scope for scope in census.models if re.search(r"transformer", scope.name, re.IGNORECASE)]
    if named and "transformer" not in found and ("attention" in found or "linear-attention" in found):
        yield Tag("transformer", named[0].line, "blocks of attention")
    if not unet and "resnet" not in found:
        attending = attention.attending(analysis, census)  # whose sum with what it attends to makes no residual network
        for scope in census.models:
            line = skips.residual(scope) if scope not in attending else 0
            if line and _convolves(census, scope) and "diffusion" not in found:
                yield Tag("resnet", line, "convolutions with a residual sum")
                break
    if set(found) & _GENERATIVE:
        yield from _conditional(census)


def _convolves(census: Census, scope: Scope) -> bool:
    """Whether a class builds convolutions, itself or by a function that does: `self.conv1 = conv3x3(64, 64)`."""
    if census.within(scope, "convolution"):
        return True
    makers = {site.scope.name for _, site in census.sites.get("convolution", []) if site.scope.class_around is None}
    return any(site.name in makers for part in scope.within() for site in part.calls)


def _halves_of(analysis: Analysis, census: Census, line: int) -> bool:
    """Whether all that a script calls encoder and decoder are the ways down and up of the U-Net around a line."""
    whole = next((scope for scope in census.models if line in _lines(scope)), None)
    if whole is None:
        return False
    mentioned = {node.id for node in walk(whole.node) if isinstance(node, ast.Name)}
    parts = [whole, *(scope for scope in census.models if scope.name in mentioned)]
    named = analysis.lines(_ENCODERS) + analysis.lines(_DECODERS)
    return all(any(line in _lines(part) for part in parts) for line in named)


def _lines(scope: Scope) -> range:
    return range(scope.line, (getattr(scope.node, "end_lineno", None) or scope.line) + 1)


def _conditional(census: Census) -> Iterator[Tag]:
    """A class label that enters a generative model."""
    for _, site in census.sites.get("embedding", []):
        if re.search(r"class|label|cond", written(site.node), re.IGNORECASE):
            yield Tag("conditional", site.node.lineno, "an embedding of the class")
            return
    for scope in census.models:
        for child in scope.children:
            if child.name in {"forward", "call", "__call__"} and isinstance(child.node, ast.FunctionDef):
                for part in child.node.args.args:
                    if re.fullmatch(r"y|labels?|classes|class_labels?|cond|context|c", part.arg):
                        yield Tag("conditional", part.lineno, "the class is an input of the model")
                        return
