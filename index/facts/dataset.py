"""The data a script trains on, by its canonical name: from the constructor, the loading call, or a path."""

from __future__ import annotations

import ast
import re

from index.facts import loaders
from index.facts.analysis import Analysis, argument
from index.facts.frames import Frame
from index.facts.training import Training

# Canonical name -> other ways to write it (letters and digits only, lower case). Also read by the query grammar.
ALIASES: dict[str, tuple[str, ...]] = {
    "MNIST": ("mnist", "mnistdigits", "ylecunmnist"),
    "FashionMNIST": ("fashionmnist", "fmnist", "fashion", "zalandodatasetsfashionmnist"),
    "KMNIST": ("kmnist", "kuzushijimnist"),
    "EMNIST": ("emnist",),
    "CIFAR10": ("cifar10", "cifar", "uoftcscifar10"),
    "CIFAR100": ("cifar100",),
    "SVHN": ("svhn", "svhncropped"),
    "STL10": ("stl10",),
    "CelebA": ("celeba", "celebfaces"),
    "CelebAHQ": ("celebahq",),
    "FFHQ": ("ffhq",),
    "LSUN": ("lsun",),
    "Flowers102": ("flowers102", "oxfordflower", "oxfordflowers", "oxfordflowers102", "flower102", "oxford102"),
    "OxfordIIITPet": ("oxfordiiitpet", "oxfordpets", "oxfordpet", "pets"),
    "Food101": ("food101",),
    "StanfordCars": ("stanfordcars",),
    "ImageNet": ("imagenet", "imagenet1k", "imagenet2012", "ilsvrc2012"),
    "TinyImageNet": ("tinyimagenet",),
    "COCO": ("coco", "mscoco", "cocodetection", "cococaptions"),
    "VOC": ("voc", "pascalvoc", "vocsegmentation", "vocdetection"),
    "Cityscapes": ("cityscapes",),
    "Omniglot": ("omniglot",),
    "USPS": ("usps",),
    "Caltech101": ("caltech101",),
    "DTD": ("dtd",),
    "EuroSAT": ("eurosat",),
    "Digits": ("digits", "loaddigits", "sklearndigits"),
    "Iris": ("iris", "loadiris"),
    "IMDB": ("imdb",),
    "AGNews": ("agnews",),
    "WikiText": ("wikitext", "wikitext2", "wikitext103"),
    "TinyShakespeare": ("tinyshakespeare", "shakespeare"),
    "Multi30k": ("multi30k",),
    "SpeechCommands": ("speechcommands",),
    "Cora": ("cora", "planetoid"),
}
_BY_ALIAS = {alias: name for name, aliases in ALIASES.items() for alias in aliases}
_TOO_GENERAL = {"fashion", "cifar", "pets", "digits", "iris", "coco", "voc", "usps", "dtd", "cora", "shakespeare"}
_PATH = re.compile(r"(?=.{3,200}$)\S*/\S*")
_LOADING = {"load", "load_dataset", "builder", "read_config", "load_data"}


def canonical(text: str) -> str | None:
    """ "fashion_mnist" → "FashionMNIST"; None for a name that is no known dataset."""
    return _BY_ALIAS.get(_squeeze(text.split(":")[0])) or _BY_ALIAS.get(_squeeze(text.split("/")[-1].split(":")[0]))


def read(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int]:
    """The dataset of the main stage, else the only one of the script; (None, 0) where that is not clear."""
    for training in reversed(trainings):
        if training.loader is not None:
            node, frame = training.loader
            origin = loaders.source(analysis, node, frame)
            if origin is not None and isinstance(origin.node, ast.Call):
                found = _constructed(analysis, origin.node, origin.frame)
                if found:
                    return found, origin.node.lineno
    names: dict[str, int] = {}
    for executed in analysis.executed:
        found = _constructed(analysis, executed.site.node, executed.frame)
        if found:
            names.setdefault(found, executed.line)
    if not names:
        names = _paths(analysis)
    if len(names) == 1:
        return next(iter(names.items()))
    return None, 0


def _constructed(analysis: Analysis, call: ast.Call, frame: Frame, depth: int = 0) -> str | None:
    full = analysis.name(call.func, frame)
    parts = full.split(".")
    if parts[-1] in _LOADING and call.args:
        loaded = analysis.value(call.args[0], frame).constant
        if isinstance(loaded, str):
            return canonical(loaded) or (loaded.split("/")[-1] if parts[-1] == "load_dataset" and loaded else None)
    if parts[-1] == "load_data" and len(parts) >= 2:  # keras.datasets.mnist.load_data()
        return canonical(parts[-2])
    if parts[0] == "sklearn" or parts[-1] == "load_digits":
        return canonical(parts[-1]) if parts[-1].startswith("load_") else None
    if "." in full:
        name = canonical(parts[-1])
        if name and ("dataset" in full.lower() or parts[0] in {"torchvision", "torchtext", "medmnist"}):
            return name
        if parts[-1] == "ImageFolder":
            return _from_path(analysis, argument(call, ("root",), 0), frame)
    return _subclass(analysis, call, frame, depth)


def _subclass(analysis: Analysis, call: ast.Call, frame: Frame, depth: int) -> str | None:
    """A class of the script that inherits from a dataset, or wraps the dataset that it is given or builds."""
    if depth > 3:
        return None
    scope = analysis.evaluator.resolver.definition(call.func, frame)
    if scope is not None and isinstance(scope.node, ast.ClassDef):
        for base in scope.node.bases:
            full = analysis.name(base, Frame(scope.parent or scope))
            name = canonical(full.split(".")[-1])
            if name and "." in full:
                return name
    if scope is not None or analysis.name(call.func, frame).split(".")[-1] in {"Subset", "random_split", "Concat"}:
        for given in call.args[:2]:
            for origin in analysis.evaluator.resolver.follow(given, frame):
                if isinstance(origin.node, ast.Call) and origin.node is not call:
                    name = _constructed(analysis, origin.node, origin.frame, depth + 1)
                    if name:
                        return name
    return None


def _from_path(analysis: Analysis, node: ast.expr | None, frame: Frame) -> str | None:
    path = analysis.value(node, frame).constant if node is not None else None
    return _in_path(path) if isinstance(path, str) else None


def _in_path(path: str) -> str | None:
    for part in reversed(re.split(r"[/\\]", path)):
        stem = part.split(".")[0]
        squeezed = _squeeze(stem)
        if squeezed in _BY_ALIAS and squeezed not in _TOO_GENERAL:
            return _BY_ALIAS[squeezed]
    return None


def _paths(analysis: Analysis) -> dict[str, int]:
    """Datasets named by literal paths; the weakest proof, used where no call names one."""
    found: dict[str, int] = {}
    for node in analysis.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PATH.fullmatch(node.value):
            name = _in_path(node.value)
            if name:
                found.setdefault(name, node.lineno)
    return found


def _squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
