"""A script in words: one sentence for the table, and what a colleague would say of it in at most 120 words.

Purpose, model, data, training and what it leaves behind; only what the script, or the README beside it, says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from index.facts import purpose
from index.facts.evaluation.configs import Configs
from index.facts.remarks import telling
from index.files.source import Source
from index.record import ScriptFacts, Stage, Tag

_WORDS = 120
_SUMMARY = 20
_TITLE = 12
_LEAST = 6  # words of a sentence that is cut where a part of it ends
_ENDS = re.compile(
    r"(?=[,;(:]| – | — | - | (?:in which|of which|therefore|which|where|who|using|by using|based on|so that|in order to"
    r"|with|by|and|from)\b)"
)
_ASIDE = re.compile(r" \([^()]*\)")
_DANGLING = re.compile(r"([\s,;:(–—-]+(each|both|all|some|and|or|of|in|for|by|with|to|from|the|an?|therefore)?)+$")
_SIGNS = 160  # of a summary in a language that has no spaces
# `This repository contains an implementation of …`, of which the first words say nothing.
_LEADS = re.compile(
    r"(this|here|it) is (?=(an?|the|my|our) )|"
    r"((this|the) (\w+ )?)?(repo|repository|project|notebook|script|code|codebase|work|file|module|program|directory|"
    r"tutorial|kernel)( (is|are|contains?|implements?|provides?|presents?|includes?|holds|hosts|offers|features|"
    r"demonstrates|consists of|deals with|shows))+ "
    r"(?=(an?|the|my|our|various|several|simple|some|code|\w+ implementations?) )",
    re.IGNORECASE,
)
# Names of classes that any network may have.
_ANY_NAME = re.compile(
    r"(my|lit|base|pl)?_?(model|net|network|nn|neural_?net(work)?|graph|module|main)_?\d?", re.IGNORECASE
)
# What a model is, from what says most to what says least: the tag, and the noun.
_NOUNS = (
    ("latent-diffusion", "latent diffusion model"), ("diffusion", "diffusion model"), ("gan", "GAN"), ("vae", "VAE"),
    ("dqn", "DQN agent"), ("autoencoder", "autoencoder"), ("unet", "U-Net"), ("vit", "vision transformer"),
    ("transformer", "transformer"), ("resnet", "ResNet"), ("lstm", "LSTM"), ("gru", "GRU"),
    ("rnn", "recurrent network"), ("cnn", "CNN"), ("attention", "network with attention"), ("mlp", "MLP"),
)  # fmt: skip
# What it is made with, and the other tags that say so already.
_MADE_WITH = (
    ("unet", "a U-Net", ()), ("vit", "a vision transformer", ()), ("transformer", "a transformer", ("vit",)),
    ("linear-attention", "linear attention", ()),
    ("attention", "attention", ("transformer", "vit", "linear-attention")),
    ("lstm", "LSTM layers", ()), ("gru", "GRU layers", ()),
    ("cnn", "convolutions", ("unet", "resnet", "vit")), ("vae", "a VAE", ()),
    ("autoencoder", "an autoencoder", ("vae",)),
)  # fmt: skip
_IMPLIED = {
    "gan": {"autoencoder"}, "vae": {"autoencoder"}, "diffusion": {"autoencoder", "vae"}, "resnet": {"cnn"},
    "unet": {"autoencoder", "cnn"}, "lstm": {"autoencoder"}, "transformer": {"autoencoder", "attention"},
}  # fmt: skip


def said(
    facts: ScriptFacts, source: Source, configs: Configs, classes: Sequence[str], outputs: Iterable[str]
) -> tuple[str, str]:
    """The summary, one sentence, and the description: purpose, model, data, training and outputs."""
    what = _what(facts)
    known = telling(what)
    aim = _aim(source, configs, known)
    title = _unsaid(aim.title, aim.prose, known)
    role = "" if aim.own else purpose.docstring(source).role
    sentences = [_capital(title), _limit(aim.prose, purpose.WORDS), _limit(role, purpose.WORDS), f"{_capital(what)}."]
    sentences = [*map(_sentence, sentences)]
    shown = (facts.arch or "").split(" / ")
    parts = [name for name in dict.fromkeys(classes) if name not in shown]
    if parts:
        sentences.append(f"Its parts: {_listed(parts[:5])}{', …' if len(parts) > 5 else ''}.")
    sentences += _trainings(facts)
    written = list(dict.fromkeys(outputs))
    if written:
        sentences.append(f"It writes {_listed(written)}.")
    description = _limit(" ".join(sentence for sentence in sentences if sentence), _WORDS)
    return _summary(facts, aim, what, role), description


def plainly(facts: ScriptFacts) -> str:
    """What the facts alone say that it is, without a purpose."""
    return f"{_capital(_what(facts))}."


class _Aim(NamedTuple):
    """What a script is for: sentences, what it or its project is called, and whether the sentences are of the script
    alone and whether they say more than the name."""

    title: str = ""
    prose: str = ""
    own: bool = False
    fuller: bool = False


def _aim(source: Source, configs: Configs, known: set[str]) -> _Aim:
    """What the script itself says; else what the README says of it; else what it says of the project that the script
    is of; else what files and folders are called."""
    path = source.path
    own = purpose.docstring(source)
    for prose in (own.prose, purpose.told(configs.line()).prose):
        words = telling(prose)
        if len(words) > 1 or words - known:
            return _Aim(own.title, prose, own=True)
    if telling(own.title) - known:
        return _Aim(own.title)
    home = configs.home
    project = purpose.told(configs.introduction())
    if path.suffix == ".ipynb" and (
        title := purpose.of_file(path, known | telling(project.title))
    ):  # of a folder of many, one of its own
        beside = home == path.parent
        whole = f"{project.title}, {title}"
        fits = beside and len(whole.split()) <= _TITLE and telling(project.title) - telling(title)
        return _Aim(whole if fits else title, project.prose if beside else "")
    if home is None or not project:
        return _Aim(purpose.of_names(path, configs.top, known))
    beside = home == path.parent
    if project.headed and not beside:  # a collection's, that says nothing of this one
        return _Aim(purpose.of_names(path, configs.top, known))
    whole = project.title or (purpose.spaced(home.name) if telling(home.name) - known else "")
    if part := purpose.part(path, home, whole, known):
        title = f"{whole}, {part}" if whole else part
        return _Aim(title if len(title.split()) <= _TITLE else part)
    title = project.title
    if not telling(title) - known:
        title = purpose.of_file(path, known) or ("" if project.prose else purpose.of_names(path, configs.top, known))
    fuller = beside and (project.named or not _unsaid(title, project.prose, known))
    return _Aim(title, project.prose if beside else "" if title else purpose.first(project.prose), fuller=fuller)


def _unsaid(title: str, prose: str, known: set[str]) -> str:
    """A title of which not all is said already."""
    return title if telling(title) - telling(prose) - known else ""


def _summary(facts: ScriptFacts, aim: _Aim, what: str, role: str) -> str:
    """A sentence of the script's own; or of what it trains; else what the project is called, and what of it this is."""
    if aim.prose and (aim.own or not aim.title or (aim.fuller and facts.stages)):
        return _sentence(_shortened(_LEADS.sub("", purpose.first(aim.prose))))
    if not aim.title:
        return _sentence(_shortened(role)) if role else f"{_capital(what)}."
    title = _shortened(aim.title)
    bare = _beside(facts, title, what)
    if not bare or len(title.split()) + len(bare.split()) > _SUMMARY:
        return _sentence(title)
    if title.endswith(("?", "!")):
        return f"{title} {_capital(bare)}."
    between = ", " if bare.startswith(("in ", "trained ")) else " — " if ":" in title else ": "
    return f"{title}{between}{bare}."


def _beside(facts: ScriptFacts, title: str, what: str) -> str:
    """What a script is without what a title says already."""
    kind = f"{_article(_kind(facts.tags))} {_kind(facts.tags)}"
    if what.startswith((f"{kind},", f"{kind} in ")) and purpose.letters(_kind(facts.tags)) in purpose.letters(title):
        what = what.removeprefix(kind)
    bare = what.removeprefix("a model").lstrip(", ")
    if facts.framework and any(name.lower() in title.lower() for name in facts.framework.split("/")):
        bare = bare.removesuffix(f"in {facts.framework}").rstrip(", ")
    return bare


def _what(facts: ScriptFacts) -> str:
    """ "a conditional diffusion model with a U-Net (Denoiser), trained on MNIST, in PyTorch"."""
    kind = _kind(facts.tags)
    arch = facts.arch
    if arch and (_ANY_NAME.fullmatch(arch) or (kind and purpose.letters(arch) in purpose.letters(kind))):
        arch = None
    said = (f"{_article(kind)} {kind} ({arch})" if arch else f"{_article(kind)} {kind}") if kind else arch or "a model"
    said += f", trained on {facts.dataset}," if facts.dataset else ""
    return f"{said} in {facts.framework}" if facts.framework else said.rstrip(",")


def _kind(tags: tuple[Tag, ...]) -> str:
    names = {tag.name for tag in tags}
    noun, said = next(((name, word) for name, word in _NOUNS if name in names), ("", ""))
    if not noun:
        return ""
    covered = {noun} | _IMPLIED.get(noun, set())
    with_parts = [words for name, words, others in _MADE_WITH
                  if name in names and name not in covered and not names & set(others)]  # fmt: skip
    joined = f"{said} with {_listed(with_parts[:3])}" if with_parts else said
    return f"conditional {joined}" if "conditional" in names else joined


def _trainings(facts: ScriptFacts) -> list[str]:
    """A sentence for each training; the optimizers that one loop steps are one training."""
    groups = [list(group) for _, group in groupby(facts.stages, key=lambda stage: (stage.name, stage.line))]
    told: dict[str, list[list[Stage]]] = {}  # what is trained alike is said once
    for group in groups:
        if said := _trained(group):
            told.setdefault(said, []).append(group)
    sentences = []
    for said, alike in told.items():
        if len(told) > 1:
            names = list(dict.fromkeys(group[0].name for group in alike))
            sentences.append(f"{_listed(names)}: {said}.")
        else:
            group = [stage for group in alike for stage in group]
            effective = facts.lr is not None and all(stage.lr != facts.lr for stage in group)
            sentences.append(f"Trained {said}" + (f"; the rate in effect is {facts.lr:g}." if effective else "."))
    hardware = {"CPU/GPU": "a GPU where there is one", "GPU": "a GPU", "CPU": "the CPU", "TPU": "a TPU"}
    if sentences and facts.hw in hardware:
        sentences.append(f"Runs on {hardware[facts.hw]}.")
    return sentences


def _trained(group: Sequence[Stage]) -> str:
    first = group[0]
    parts = []
    named = [f"{stage.optimizer} at {stage.lr:g}" if stage.lr is not None else stage.optimizer
             for stage in group if stage.optimizer]  # fmt: skip
    if named:
        parts.append(f"with {_listed(list(dict.fromkeys(named)))}")
    if first.batch is not None:
        parts.append(f"in batches of {first.batch}")
    if first.epochs is not None:
        parts.append(f"for {first.epochs} epoch{'s' if first.epochs != 1 else ''}")
    return " ".join(parts)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeio" or word.startswith(("MLP", "LSTM", "RNN")) else "a"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if not re.match(r"\w+[_.\d]|\w+[A-Z]", text.split(" ")[0]) else text


def _sentence(text: str) -> str:
    return text if not text or text.endswith((*".!?…。！？：",)) else f"{text.rstrip(' :;,')}."


def _shortened(sentence: str) -> str:
    """A sentence, up to where a part of it ends that is short enough."""
    sentence = _capital(sentence.strip())
    if len(sentence.split()) <= _SUMMARY and len(sentence) <= _SIGNS:
        return sentence
    sentence = _ASIDE.sub("", sentence)
    if len(sentence.split()) <= _SUMMARY and len(sentence) <= _SIGNS:
        return sentence
    ends = [found.start() for found in _ENDS.finditer(sentence)]
    fitting = [end for end in ends if _LEAST <= len(sentence[:end].split()) <= _SUMMARY and end <= _SIGNS
               and sentence.count('"', 0, end) % 2 == 0
               and sentence.count("(", 0, end) == sentence.count(")", 0, end)]  # fmt: skip
    if fitting:
        return _DANGLING.sub("", sentence[: fitting[-1]])
    sentence = _limit(sentence, _SUMMARY)
    return sentence if len(sentence) <= 2 * _SIGNS else f"{sentence[: _SIGNS - 2].rstrip()} …"


def _limit(text: str, words: int) -> str:
    parts = text.split()
    return text if len(parts) <= words else " ".join(parts[: words - 1]) + " …"
