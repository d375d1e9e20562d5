"""The data that a module of the project makes for a script: `from data.loaders import get_loaders`.

Only modules that serve data by their names are opened, as text: what they load is found by the calls of libraries.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from index.facts.data import dataset_paths, dataset_words
from index.facts.evaluation.analysis import Analysis
from index.known.datasets import canonical, mentioned, of_class

_SERVES = re.compile(r"data|load|corpus|batch|input|get_(train|test|loader)", re.IGNORECASE)
_NOT = re.compile(r"model|weight|checkpoint|ckpt|state|pretrain|config|plot|log|download|upload|label", re.IGNORECASE)
_LOADS = re.compile(
    r"\b(?:[\w.]*datasets|dsets?|dset|tvd|tds)\.(?P<built>[A-Z]\w+)\(|"
    r"\b(?:load_dataset|tfds\.load|tfds\.builder|fetch_openml|tensorflow_datasets\.load)\(\s*[\"'](?P<named>[\w./-]+)[\"']|"
    r"\b(?P<keras>mnist|fashion_mnist|cifar10|cifar100|imdb|reuters|boston_housing|california_housing)\.load_data\(|"
    r"\b(?:load|fetch)_(?P<table>iris|digits|wine|diabetes|breast_cancer|california_housing|20newsgroups|lfw_people|"
    r"olivetti_faces|covtype)\(|"
    r"(?:==|\bin [\[({])\s*[\"'](?P<told>[\w-]+)[\"']|"  # one of several that a setting chooses between
    r"\bdata_?set(?:\s{0,3}:\s{0,3}str)?\s{0,3}=\s{0,3}[\"'](?P<default>[\w-]+)[\"']|"
    r"^from torchvision\.datasets import (?P<imported>\w+)$|"
    r"^ {4}(?:dataset_)?name {0,3}= {0,3}[\"'](?P<called>[\w./-]+)[\"']$|"  # of a class that loads what it is called
    # what it tells apart: CIFAR10 where it is called so, there is another with these ten in this order
    r"(?P<classes>[\"'](?:air)?plane[\"'],\s{0,9}[\"'](?:automobile|car)[\"'],\s{0,9}[\"']bird[\"'],\s{0,9}"
    r"[\"']cat[\"'],\s{0,9}[\"']deer[\"'])|"
    r"^class (?P<own>\w+)\((?:[\w.]+\.)?(?:Iterable)?Dataset\)|"
    r"^class \w+\((?:[\w.]*datasets\.)?(?P<base>MNIST|FashionMNIST|CIFAR10|CIFAR100|SVHN|CelebA|STL10|ImageNet)\)",
    re.MULTILINE,
)
_PATH = re.compile(r"([\"'])(?P<path>[\w.~-]*/[^\"'\s]{3,200})\1")
_TOP = re.compile(r"^(?:(?:def|class) (?P<name>\w+)|@)", re.MULTILINE)
_MAIN = re.compile(r"^if __name__\b", re.MULTILINE)
_OF_DATA = re.compile(r"data\w{0,12} {0,3}$", re.IGNORECASE)  # if dataset == "…"
_GENERAL = {"ImageFolder", "DatasetFolder", "FakeData"}
# What `load_dataset` of a hub makes data of that lies on the disk.
BUILDERS = {"imagefolder", "audiofolder", "csv", "json", "text", "parquet", "arrow", "pandas", "webdataset"}
_FILES = 5  # modules of one script


def read(analysis: Analysis) -> list[tuple[str, int, str]]:
    """Each dataset that the modules load whose makers of data the script imports: (name, line of the import, place).
    Of several that it imports from one module, those that it uses."""
    found: dict[str, tuple[str, int, str]] = {}
    opened: set[tuple[str, str]] = set()
    imports = [(name, binding.line, *str(binding.node).rpartition(".")[::2])
               for name, bindings in analysis.program.module.bindings.items()
               for binding in bindings if binding.kind == "import"]  # fmt: skip
    used = {home for name, _, home, _ in imports if name in analysis.names}
    for name, line, home, made in imports:
        full = f"{home}.{made}" if home else made
        idle = home in used and name not in analysis.names
        if not _SERVES.search(full) or _NOT.search(made) or idle or len(opened) >= _FILES:
            continue
        for path, wanted in ((home, made), (full, "")):
            module = _module(analysis, path)
            if module is not None and (path, wanted) not in opened:
                opened.add((path, wanted))
                loaded = _loaded(module[1], wanted)
                if made == "*":  # of all that comes, what the script uses
                    loaded = _reached(module[1], analysis.source.text, loaded)
                for dataset, place in loaded.items():
                    found.setdefault(dataset, (dataset, line, f"{module[0]}:{place}"))
                if loaded or not module[0].endswith("__init__.py"):
                    break
    return list(found.values())


def _module(analysis: Analysis, name: str) -> tuple[str, str] | None:
    return analysis.evaluator.resolver.configs.module(name.replace(".", "/")) if name else None


@lru_cache(maxsize=64)  # the scripts of a project import the same ones
def _loaded(text: str, wanted: str) -> dict[str, int]:
    """What a module loads, each with its line; what the wanted function or class loads, where it loads anything. What
    it does only when it is run itself, importing it does not."""
    main = _MAIN.search(text)
    text = text[: main.start()] if main is not None else text
    names, whole = _names, _names(text, 0, text)
    if not whole:
        names, whole = _paths, _paths(text, 0, text)
    if not whole or not wanted:
        return whole
    start = re.search(rf"^(?:def|class) {re.escape(wanted)}\b", text, re.MULTILINE)
    if start is None:
        return whole
    end = _TOP.search(text, start.end())
    body = text[start.start() : end.start() if end else None]
    return names(body, start.start(), text) or _reached(text, body, whole)


def _reached(text: str, body: str, whole: dict[str, int]) -> dict[str, int]:
    """What a module loads, but for what stands in functions and classes that neither `body` names nor what it names."""
    tops = [*_TOP.finditer(text)]
    starts = [*(match.start() for match in tops), len(text)]
    bounds = zip(tops, pairwise(starts), strict=True)
    parts = {match["name"]: text[start:end] for match, (start, end) in bounds if match["name"]}
    named: set[str] = set()
    new = {name for name in parts if re.search(rf"\b{name}\b", body)}
    while new:
        named |= new
        new = {name for name in parts.keys() - named if any(re.search(rf"\b{name}\b", parts[one]) for one in new)}
    places = [(text.count("\n", 0, match.start()) + 1, match["name"]) for match in tops]
    found = {}
    for name, line in whole.items():
        within = next((owner for first, owner in reversed(places) if first <= line), None)
        if within is None or within in named:
            found[name] = line
    return found


def _names(part: str, offset: int, text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    told: set[str] = set()
    own = "def load_dataset(" in text  # which is told what it is to load, load_dataset("test"), as no hub is
    for match in _LOADS.finditer(part):
        kind = match.lastgroup
        said = match[kind] if kind else ""
        name = canonical(said)
        if kind == "own":
            name = mentioned(said) or of_class(said)
        if kind == "classes":
            name = "CIFAR10" if "cifar" in text.lower() else None
        if name is None and kind == "named" and said.lower() not in BUILDERS and not own:
            name = mentioned(said) or said.split("/")[-1]
        if name is None and kind == "told" and _OF_DATA.search(part[max(0, match.start() - 16) : match.start()]):
            name = said  # one of several, though it is not known
        if name and said not in _GENERAL:
            made = re.search(rf"\b{said}\(", text) if kind == "imported" else None  # where it is used, if it is
            start = made.start() if made is not None else offset + match.start()
            found.setdefault(name, text.count("\n", 0, start) + 1)
            if kind != "told":
                told.add(name)
    return found if told or len(found) > 1 else {}


def _paths(part: str, offset: int, text: str) -> dict[str, int]:
    """What a module without a call that tells takes from folders: `def __init__(self, root="data/carvana/train")`."""
    found: dict[str, int] = {}
    for match in _PATH.finditer(part):
        name = dataset_paths.named(match["path"]) if not dataset_words.of_weights(match["path"]) else None
        if name:
            found.setdefault(name, text.count("\n", 0, offset + match.start()) + 1)
    return found
