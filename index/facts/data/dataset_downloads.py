"""The data that a script downloads, or finds where Kaggle lays it: by its known name or the one in the address."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from index.facts.data import dataset_paths, dataset_words
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.identifiers import Identifiers
from index.known.datasets import canonical, mentioned

_KAGGLE = re.compile(
    r"(?:^|/)(?:kaggle/|\.\./)input/(?:(?P<contest>competitions/)|datasets/[\w-]+/)?(?P<slug>[\w-]{4,60})(?:/|$)"
)
_DOWNLOADS = Identifiers(
    r"^(competition_download(_files|_cli|_file)?|dataset_download(_files|_cli)?|setup_comp|get_gcs_path)$"
)
_PREPARED = re.compile(
    r"(?<!generative-)model|weight|pretrain|ckpt|checkpoint|timm|torch|keras|efficientnet|resnet|bert|wheel|pip|lib|embedding|glove|"
    r"submission|working",
    re.IGNORECASE,
)
_OF_KAGGLE = re.compile(
    r"\bkaggle (?:competitions (?:download|submit)|datasets download)\b"
    r"(?:\s+-\S+)*\s+[\"']?(?:[\w-]+/)?(?P<slug>[\w-]{4,60})[\"']?(?=\s|$)"
)
_LINK = re.compile(r"kaggle\.com/(?:c|competitions|datasets/[\w-]+)/(?P<slug>[\w-]{4,60})")
_OPENING = 3000  # characters of what a script says before its code
_NOTED = re.compile(r"^[ \t]*#[ \t]*!?[ \t]*(?P<command>(?:wget|curl)[ \t][^\n]{8,300})", re.MULTILINE)
_ADDRESS = re.compile(r"\b(?:wget|curl)\b.*?(?P<address>https?://[^\s\"']+)")


_ENTERS = re.compile(r"^%?cd +[\"']?(?P<path>[^\"'\n]{4,200})")  # of a notebook: the folder that all lies in


def competitions(analysis: Analysis) -> dict[str, int]:
    """Datasets of Kaggle, by their known name or the one in the address: `../input/paddy-disease/train`."""
    slugs: dict[str, int] = {}
    contests: set[str] = set()  # which have no networks that are ready, however they are called
    for node in analysis.source.of(ast.Constant):
        if isinstance(node.value, str) and "input/" in node.value[:200]:
            match = _KAGGLE.search(node.value[:200])
            if match:
                slugs.setdefault(match["slug"], node.lineno)
                contests |= {match["slug"]} if match["contest"] else set()
    for name, calls in analysis.called.items():
        for executed in calls if _DOWNLOADS.match(name) else []:
            texts = [
                text
                for text in dataset_words.given_texts(analysis, executed)
                if re.fullmatch(r"([\w-]+/)?[\w-]{4,60}", text)
            ]
            if texts:
                slugs.setdefault(texts[0].split("/")[-1], executed.line)
    for executed in analysis.called.get("download", []):  # of opendatasets, which takes the address of the page
        for text in dataset_words.given_texts(analysis, executed):
            if match := _LINK.search(text):
                slugs.setdefault(match["slug"], executed.line)
    return _named(slugs, contests)


def downloads(analysis: Analysis) -> dict[str, int]:
    """Datasets that commands of the shell fetch: `!kaggle datasets download -d msambare/fer2013`."""
    slugs: dict[str, int] = {}
    found: dict[str, int] = {}
    for command, line in _commands(analysis):
        if match := _OF_KAGGLE.search(command):
            slugs.setdefault(match["slug"], line)
        elif (match := _ENTERS.search(command)) and (known := dataset_paths.named(match["path"])):
            found.setdefault(known, line)
        elif (match := _ADDRESS.search(command)) and not dataset_words.of_weights(match["address"]):
            known = dataset_paths.named(match["address"])
            if known:
                found.setdefault(known, line)
    return _named(slugs) or found or _linked(analysis)


def _linked(analysis: Analysis) -> dict[str, int]:
    """The known data that a script speaks of before its code, with a link to where Kaggle has it."""
    slugs = (match["slug"] for match in _LINK.finditer(analysis.source.prose[:_OPENING]))
    return {known: 1 for slug in slugs if (known := canonical(slug))}


def _commands(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """The commands of the shell that a script gives, of a notebook also those after an exclamation mark, and those that
    it notes: `# wget https://…/tinyshakespeare/input.txt`."""
    yield from analysis.source.commands
    text = analysis.source.text
    for match in _NOTED.finditer(text) if "wget " in text or "curl " in text else ():
        yield match["command"], text.count("\n", 0, match.start("command")) + 1
    for name in ("system", "getoutput", "run", "call", "check_call"):
        for executed in analysis.called.get(name, []):
            for part in executed.site.node.args[:1]:
                words = part.elts if isinstance(part, ast.List | ast.Tuple) else [part]
                texts = (analysis.value(word, executed.frame).constant for word in words)
                yield " ".join(text if isinstance(text, str) else "?" for text in texts)[:300], executed.line


def _named(slugs: dict[str, int], contests: Collection[str] = ()) -> dict[str, int]:
    """What Kaggle's names of data stand for; of several the only one that is known."""
    found: dict[str, int] = {}
    for slug, line in slugs.items():
        known = canonical(slug) or mentioned(slug)
        if known or ("-" in slug and (slug in contests or not _PREPARED.search(slug))):
            found.setdefault(known or slug, line)
    known_ones = {name: line for name, line in found.items() if canonical(name) == name}
    return known_ones if len(known_ones) == 1 else found
