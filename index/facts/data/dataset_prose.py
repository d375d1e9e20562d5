"""The data as a script speaks of it in prose: docstrings, printed texts, comments, the notes of a notebook, the README
beside it. Each reader gives dataset → line of the script.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from index.facts.data.dataset_classes import own
from index.facts.data.dataset_words import GENERAL_NAMES, plays, text_of
from index.facts.evaluation.analysis import Analysis
from index.known.datasets import mentioned, mentions, squeeze
from index.known.words import CAMEL

# What stands beside the name of a dataset where a sentence is about the data that is used.
_AFTER = {"dataset", "datasets", "data", "set", "image", "images", "digit", "digits", "handwritten", "training",
          "train", "test", "sample", "samples", "loader", "corpus", "classification", "classifier", "faces",
          "generation", "reviews", "challenge", "competition", "experiment", "experiments",
          "example", "classes"}  # fmt: skip
_BEFORE = {"load", "loads", "loading", "loaded", "download", "downloading", "prepare", "preparing", "dataset",
           "on", "using", "data", "dataloader", "loader", "read", "reading", "import", "importing", "fetch",
           "over", "train", "trains", "training"}  # fmt: skip
_BETWEEN = {"the", "of", "is", "from", "full", "original", "standard", "kaggle", "oxford", "for"}
_NOT_OWN = re.compile(
    r"pre-?train|weights|normali[sz]|\bmean\b|\bstd\b|statistic|backbone|transfer|\be\.?g\.?\b|such as|\blike\b|"
    r"similar|unlike|instead of|\bor\b|\bif\b|supports?\b|paper|todo|http|could|future|\bfor larger\b|other |"
    r"\bglove\b|word2vec|fasttext|"
    r"^\W*example of\b",  # as the template of a project begins
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?:^|\s)#+ ?(?P<said>[^#\n]{4,160})$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6} (.{4,120})$", re.MULTILINE)  # of a notebook, anywhere
_OF_DATA_SETS = re.compile(r"\b[Dd]ata ?[Ss]ets?\b")
_FIRST = 12  # sentences and lines of a notebook's notes that say what it is about
_SENTENCES = re.compile(r"(?<=[.!?])\s|\n")
_CODE = re.compile(r"\w\(.*[=.{\[]|^\s*\w[\w.]* = \S|^(from|import) \w+(\.| import |$)")  # that was commented out
_SPEAKS = {"print", "info", "write", "log", "echo", "ArgumentParser", "debug", "title", "suptitle", "rule", "secho"}
_OWN_PLACE = re.compile(r"[^\n\s]*(data|image|img|input|photo|train|corpus)[^\n\s/]*/[^\n\s]+", re.IGNORECASE)
_OPENING = 500  # characters of a README that say what it is about
_ABOVE = 3  # folders of a script that may be called for its data
_MOST = 40_000  # characters of prose that are looked through
# What is called data by a name of its own: `load the "SIGNS" dataset`, "the CCPP dataset".
_NAMED = re.compile(
    r"\b(?:[Tt]he|[Oo]f|[Oo]n|[Uu]sing|[Ll]oad|[Dd]ownload) +(?:[a-z-]+ )?"
    r"(?:[\"'`*“]+(?P<marked>[A-Z][\w-]{2,30})[\"'`*”]+|(?P<plain>[A-Z][A-Z0-9-]{3,15}|[A-Z][a-z]+[A-Z]\w+))"
    r" +[Dd]ata ?[Ss]et\b(?! (?:class|object|format|api|API))"
)


def spoken(analysis: Analysis) -> dict[str, int]:
    """Datasets that docstrings, printed texts, comments, and names of classes and of places speak of."""
    if plays(analysis):
        return {}
    found: dict[str, int] = {}
    for line, text, whole in _said(analysis):
        for name in _about(text, whole=whole):
            found.setdefault(name, line)
    notes = _SENTENCES.split(analysis.source.notes[:_MOST]) if not found else []  # which may speak of much else
    for part in (notes[:_FIRST], filter(_OF_DATA_SETS.search, notes[_FIRST:])) if notes else ():
        names = {name for sentence in part for name in _about(sentence, whole=False)}
        if names:
            return dict.fromkeys(names, 1)
    return found


def unknown(analysis: Analysis) -> dict[str, int]:
    """The one name, of no known dataset, that what is said of the data calls them by: in marks, capitals or parts."""
    found: dict[str, tuple[str, int]] = {}
    texts = [(line, text) for line, text, _ in _said(analysis, printed=False)] + [(1, analysis.source.notes[:_MOST])]
    for line, text in texts:
        for sentence in filter(_OF_DATA_SETS.search, _SENTENCES.split(text)):
            match = _NAMED.search(sentence)
            name = match["marked"] or match["plain"] if match is not None else ""
            if name and own(CAMEL.findall(name)) and not _NOT_OWN.search(sentence):
                found.setdefault(squeeze(name), (name, line))
    return dict(found.values()) if len(found) == 1 else {}


def beside(analysis: Analysis) -> str | None:
    """The one dataset that the README in the script's folder is about, and that a folder above the script is called
    for: a README alone speaks for the script that it was written for, and others lie beside that."""
    if plays(analysis) or _has_data(analysis):
        return None
    told = analysis.evaluator.resolver.configs.readme()
    heading, _, rest = told.strip()[:_OPENING].partition("\n")
    found = {*_about(heading, whole=True)}
    for sentence in re.split(r"(?<=[.!?])\s|\n\n", rest):
        found |= {*_about(sentence, whole=False)}
    called = {mentioned(folder.name) for folder in list(analysis.source.path.parents)[:_ABOVE]}
    return next(iter(found)) if len(found) == 1 and found <= called else None


def _has_data(analysis: Analysis) -> bool:
    """Whether a script makes its data itself, or names a place of it: then that is what it trains on."""
    own = any(scope.name.endswith(("Dataset", "DataModule")) for scope in analysis.program.classes)
    return own or any(
        isinstance(node.value, str) and _OWN_PLACE.fullmatch(node.value[:200])
        for node in analysis.source.of(ast.Constant)
    )


def _said(analysis: Analysis, *, printed: bool = True) -> Iterator[tuple[int, str, bool]]:
    """What a script says in words: (line, text, whether the text is about the script as a whole); what it prints, too,
    which it may say of one choice only."""
    source = analysis.source
    if source.prose:
        yield 1, source.prose[:_OPENING], True
    for heading in _HEADING.findall(source.notes[:_MOST]):  # all that it names, where it names one as data
        if any(_about(heading, whole=False)):
            yield 1, heading, True
    for scope in analysis.program.scopes:
        body = getattr(scope.node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            text = first.value.value
            opening = text.strip().partition("\n\n")[0]
            yield first.lineno, opening[:_OPENING], scope is analysis.program.module
    for calls in (calls for name, calls in analysis.called.items() if printed and name in _SPEAKS):
        for executed in calls[:100]:
            for part in [*executed.site.node.args, *(keyword.value for keyword in executed.site.node.keywords)]:
                text = text_of(part) or "".join(filter(None, map(text_of, getattr(part, "values", []))))
                if text:
                    yield executed.line, text[:200], executed.name == "ArgumentParser"
    for match in _COMMENT.finditer(source.text[:_MOST]):
        if not _CODE.search(match["said"]):
            yield source.text.count("\n", 0, match.start("said")) + 1, match["said"], False


def _about(text: str, *, whole: bool) -> Iterator[str]:
    """The datasets that a text says are used: named beside a word for data, or anywhere in a heading."""
    for sentence in _SENTENCES.split(text):
        if _NOT_OWN.search(sentence):
            continue
        words = CAMEL.findall(re.sub(r"\S+/\S+|`[^`]*`|\w+\.(py|ipynb)\b", " ", sentence))
        lower = [word.lower() for word in words]
        for name, start, end in mentions(words, spoken=True):
            before = start - 1
            while before >= 0 and lower[before] in _BETWEEN:
                before -= 1
            beside = lower[end : end + 1] and lower[end] in _AFTER
            beside = beside or (before >= 0 and lower[before] in _BEFORE)
            if beside and whole if name in GENERAL_NAMES else beside or whole:
                yield name
