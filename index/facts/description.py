"""A script in words: one sentence for the table, and what a colleague would say of it in at most 120 words.

Purpose, model, data, training and what it leaves behind; only what the script, or the README beside it, says.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, islice

from index.files.source import Source
from index.record import ScriptFacts, Stage, Tag

_WORDS = 120
_PURPOSE = 45  # words of a docstring or README in a description
_SUMMARY = 30
_NOT_PROSE = re.compile(
    r"copyright|licen[sc]e|https?://|^usage:|^#!|coding[:=]|^@\w+|^(where|then|execute|alternatively|if you|to begin|"
    r"you (can|may|will|should|need|have)|authors?|created|adjust|run|install|download|clone|see|"
    r"mount|upload|make sure|note|please|first|to (run|install|train|use|start)|pip|git|python|table of contents|"
    r"all (the )?(required|necessary)|the following)\b"
    r"|(:|\b(of|for|by|from|in|on|with|to|the|an?|and))$",  # only leads on to something
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(abstract|description|goal|introduction|objective|overview|purpose|summary) ?[.:—-] ?", re.IGNORECASE
)
# The head of a file, a field a line: `Author: …`, `Last modified: …`, `Description: …`.
_FIELD = re.compile(r"[\s@:*-]*([A-Za-z][A-Za-z ]{2,24}?) ?: *(.*)")
_OF_FILE = frozenset(re.findall(r"\w+", """
    accelerator affiliation author authors contact convertedto copyright course created createdat createdate createdby
    createdon date datecreated editor email encoding file filename filepath github ide lastedited lastedittime
    lasteditor lasteditors lastmodified lastupdated license link mail modified organization software student studentid
    time updated url version website writtenby
"""))  # fmt: skip
_OF_PURPOSE = {"description", "desc", "abstract", "summary", "purpose", "goal", "objective", "overview", "brief",
               "introduction"}  # fmt: skip
_FENCED = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(
    r"(?<![\w.])(?:[\w.]+ [+*/-]?= ?[\w\[({\"'.]|\w+\.\w+\(|import \w|def \w+\(|"
    r"for \w[\w, ]{0,40} in [\w.()]{1,40}:|return \w)"
)
_LINES_OF_CODE = 3  # more or less, and it is none of prose: a formula is one or two
_HEADING = re.compile(r"^(?P<ruled>[^\n#>|`-][^\n]*)\n[=-]{3,}\s*$|^\s{0,3}#{1,6}\s+(?P<marked>[^\n]*)$", re.MULTILINE)
_MARKUP = re.compile(
    r"\[\[\w{1,9}\]\]\([^)]{0,300}\)|!?\[(?P<shown>[^\]]{0,300})\]\([^)]{0,300}\)|<[^>\n]{1,300}>|[`*]{1,3}|^\s*[#>]+\s*|_{2,}|[=\-]{4,}",
    re.MULTILINE,
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


def docstring(source: Source) -> str:
    """The first paragraph that says something, of the module's docstring or of a notebook's opening text."""
    return prose(ast.get_docstring(source.tree) or source.prose)


@lru_cache(maxsize=16)  # a docstring is asked for again, and the README beside many scripts
def prose(text: str) -> str:
    """The first paragraph that says something, else the title; badges, links, lists, licences and orders do not."""
    title = ""
    for found in re.split(r"\n\s*\n", _HEADING.sub(_apart, _FENCED.sub("\n\n", text[:20_000]))):
        paragraph = _said(found)
        heading = paragraph.lstrip().startswith("#")
        if paragraph.lstrip().startswith(("```", "|", "- ", "* ", "1.")):
            continue
        plain = " ".join(_MARKUP.sub(lambda found: found["shown"] or " ", paragraph).split())
        plain = re.sub(r" ([.,;:!?])", r"\1", _LABEL.sub("", plain)).encode("utf-8", "replace").decode()
        words = sum(any(letter.isalpha() for letter in word) for word in plain.split())
        if words < 3 or plain[0].islower() or _NOT_PROSE.search(plain) or _is_code(plain):
            continue
        if not heading:
            return plain
        title = title or plain
    return title


def _said(paragraph: str) -> str:
    """What the head of a file says that it is for, else its title as a heading; any other paragraph as it is."""
    lines = paragraph.splitlines()
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        field = _FIELD.fullmatch(line[:300])
        called = field[1].replace(" ", "").lower() if field else ""
        if field and called in _OF_FILE | _OF_PURPOSE | {"title"}:
            name = called
            fields[name] = [field[2]]
        else:  # what a field goes on with, or what stands before the first
            fields.setdefault(name, []).append(line)
    if len(fields.keys() - {""}) < 2:
        return paragraph
    purpose = next((" ".join(fields[name]) for name in fields if name in _OF_PURPOSE), "")
    return purpose or f"# {' '.join(fields.get('title') or fields.get('', []))}"


def _is_code(plain: str) -> bool:
    return sum(1 for _ in islice(_CODE.finditer(plain), _LINES_OF_CODE)) == _LINES_OF_CODE


def _apart(found: re.Match[str]) -> str:
    """A heading as a paragraph of its own."""
    return f"\n\n# {found['ruled'] or found['marked']}\n\n"


def summarise(facts: ScriptFacts, source: Source) -> str:
    """One sentence: the docstring's own first one where there is one, else what the model is and what it learns."""
    said = docstring(source)
    return _limit(
        re.split(r"(?<=[\w)\"'][.!?])(?<!\b[A-Z]\.)\s+(?=[A-Z])", said)[0] if said else f"{_capital(_what(facts))}.",
        _SUMMARY,
    )


def describe(facts: ScriptFacts, source: Source, readme: str, classes: Sequence[str], outputs: Iterable[str]) -> str:
    """Purpose, model, data, training and outputs; `readme` is what the README beside the script says of it."""
    sentences = [_sentence(_limit(docstring(source) or prose(readme), _PURPOSE)), _capital(_what(facts)) + "."]
    shown = (facts.arch or "").split(" / ")
    parts = [name for name in dict.fromkeys(classes) if name not in shown]
    if parts:
        sentences.append(f"Its parts: {_listed(parts[:5])}{', …' if len(parts) > 5 else ''}.")
    sentences += _trainings(facts)
    written = list(dict.fromkeys(outputs))
    if written:
        sentences.append(f"It writes {_listed(written)}.")
    return _limit(" ".join(sentence for sentence in sentences if sentence), _WORDS)


def _what(facts: ScriptFacts) -> str:
    """ "a conditional diffusion model with a U-Net (Denoiser), trained on MNIST, in PyTorch"."""
    kind = _kind(facts.tags)
    if facts.arch and facts.arch.lower() not in kind.lower():
        said = f"{_article(kind)} {kind} ({facts.arch})" if kind else facts.arch
    else:
        said = f"{_article(kind)} {kind}" if kind else "a model"
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
    sentences = []
    for group in groups:
        said = _trained(group)
        if not said:
            continue
        if len(groups) > 1:
            sentences.append(f"{group[0].name}: {said}.")
        else:
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
    return text if not text or text.endswith((*".!?…。！？",)) else f"{text.rstrip(' :;,')}."


def _limit(text: str, words: int) -> str:
    parts = text.split()
    return text if len(parts) <= words else " ".join(parts[: words - 1]) + " …"
