"""The data that a call of a library builds or loads: `datasets.MNIST(root)`, `load_dataset("imdb")`, `Planetoid(…)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from index.facts.data import dataset_paths, loaders
from index.facts.data.dataset_modules import BUILDERS
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import dotted
from index.files.tree import walk
from index.known.datasets import canonical, mentioned, of_class, of_table

_LOADING = {"load", "load_dataset", "builder", "data_source", "load_data", "fetch_openml",
            "get_rdataset"}  # fmt: skip
_FILE = re.compile(r"\.(pt|pth|pkl|npy|npz|csv|json|txt|h5|mat)$")
_LOCAL = re.compile(
    r"[.~/\\]|[\w.-]*[/\\][\w.-]*[/\\]|[a-zA-Z]:[/\\]"
)  # paths, of which the Hub has none: ../data/mutag.graph
_HUB_FILE = re.compile(r"(?:^hf://|huggingface\.co/)datasets/(?P<whole>[\w.-]+/(?P<name>[\w.-]+))")
# Classes of graphs that are given the name of the one to load.
_GRAPHS = Identifiers(
    r"^(Planetoid|TUDataset|WebKB|WikipediaNetwork|Amazon|Coauthor|GNNBenchmarkDataset|MoleculeNet|Entities|"
    r"AttributedGraphDataset|HeterophilousGraphDataset|\w*(Node|Graph|Link)PropPredDataset)$"
)
# Libraries' classes of data that are called for it, and those that hold any: PPI, Reddit, WikiMathsDatasetLoader.
_OF_DATA = re.compile(r"(Data_?[sS]et|DataModule|Data|Loader)$")
_CLASSES_OF_DATA = re.compile(
    r"(?:torchvision\.datasets|torchaudio\.datasets|torch_geometric\.datasets|torch_geometric_temporal\.dataset|dgl\.data|"
    r"pl_bolts\.datamodules)\.(?:\w+\.)*(?P<name>[A-Z]\w*?)(?:Node|Graph)?(?:Dataset(?:Loader)?|DataModule)?"
)
_OF_FOLDERS = {"ImageFolder", "image_dataset_from_directory", "flow_from_directory"}
_GENERAL = {"ImageFolder", "DatasetFolder", "FakeData", "Fake", "FakeHetero", "Vision", "VisionDataset", "DGL", "CSV",
            "RandomPartition", "StochasticBlockModel", "DGLBuiltin", "SB", "TabularDataset", "TranslationDataset",
            "LanguageModelingDataset", "SequenceTaggingDataset"}  # fmt: skip
# What the repository of UCI has under a number.
_OF_UCI = {1: "Abalone", 2: "Adult", 9: "AutoMPG", 17: "BreastCancerWisconsin", 45: "HeartDisease", 52: "Ionosphere",
           53: "Iris", 59: "LetterRecognition", 73: "Mushroom", 94: "Spambase", 109: "Wine", 144: "GermanCredit",
           165: "ConcreteStrength", 186: "WineQuality", 222: "BankMarketing", 228: "SMSSpam",
           235: "HouseholdPowerConsumption", 242: "EnergyEfficiency", 267: "BanknoteAuthentication",
           275: "BikeSharing", 320: "StudentPerformance", 360: "AirQuality"}  # fmt: skip
_SHARE = re.compile(r"\^?[A-Z][A-Z0-9]{0,9}([.=-][A-Z]{1,4})?")
# Libraries that have tables of their own, and what loads the one that is asked for.
_OF_TABLES = {"sktime", "aeon", "pmdarima", "lifelines", "shap", "tslearn", "pycaret", "pmlb", "gluonts", "sksurv",
              "openml", "pydataset", "catboost"}  # fmt: skip
_ASKS = {"get_dataset", "get_data", "fetch_data", "fetch_dataset", "load_UCR_UEA_dataset", "load_dataset", "data",
         "load_classification", "load_forecasting", "load_from_tsfile"}  # fmt: skip
_ANY_TABLE = {"data", "dataset", "datasets", "arff_files_standardized", "files"}
_PRICES = {"yfinance": {"download", "Ticker"}, "quandl": {"get"},
           "pandas_datareader": {"DataReader", "get_data_yahoo", "get_data_stooq"}}  # fmt: skip
_SHARDS = re.compile(r"^wds_(vtab-)?")  # how the hub calls what it has as archives: clip-benchmark/wds_vtab-cifar10
_HUBS = {"datasets", "nlp", "seaborn", "modelscope"}  # whose `load_dataset` takes whatever name it is given
# What NLTK knows of words, beside its corpora, and how a corpus is read.
_WORDS = {"stopwords", "wordnet", "words", "names", "cmudict", "wordnet_ic", "framenet", "sentiwordnet", "omw",
          "swadesh", "opinion_lexicon", "verbnet"}  # fmt: skip
_OF_CORPUS = {"words", "sents", "paras", "raw", "fileids", "tagged_words", "tagged_sents", "tagged_paras", "iob_sents",
              "chunked_sents", "parsed_sents", "categories", "strings", "docs"}  # fmt: skip
LIBRARIES = {"torchvision", "torchtext", "torchaudio", "medmnist", "tensorflow_datasets", "torch_geometric",
              "keras", "tensorflow", "tf", "tfds", "datasets", "sklearn", "torch", "extra_keras_datasets", "fastai",
              "paddle", "mxnet", "pl_bolts"}  # fmt: skip


class _Called(NamedTuple):
    """A call, with the full name of what it calls in parts: `("torchvision", "datasets", "MNIST")`."""

    analysis: Analysis
    call: ast.Call
    frame: Frame
    parts: list[str]

    @property
    def last(self) -> str:
        return self.parts[-1]

    def text(self, given: ast.expr | None) -> str | None:
        """The text that an argument comes to."""
        told = self.analysis.value(given, self.frame).constant if given is not None else None
        return told if isinstance(told, str) else None


class _Said(NamedTuple):
    """What a call says of the dataset: its name, or that it is none that is known."""

    name: str | None


def constructed(analysis: Analysis, call: ast.Call, frame: Frame, depth: int = 0) -> str | None:
    """The dataset that a call of a library builds or loads."""
    parts, readers = _asked(analysis.name(call.func, frame))
    for read in (_of_fastai, *readers) if readers or "URLs" in analysis.names else ():
        if (said := read(_Called(analysis, call, frame, parts))) is not None:
            name = said.name
            break
    else:
        name = _subclass(analysis, call, parts[-1], frame, depth)
    return name if name is None or not is_open(analysis, call.func, frame) else None


@lru_cache(maxsize=10_000)  # of all names that are called, few are different
def _asked(full: str) -> tuple[list[str], tuple[_Reader, ...]]:
    """The parts of a full name, and who may know what a call of it loads: of nearly all that is called, nobody."""
    parts = full.split(".")
    return parts, tuple(read for read, knows in _READERS if knows(parts[0], parts[-1], parts))


def _instantiated(called: _Called) -> _Said | None:
    """hydra.utils.instantiate(cfg.data), whose `_target_` a configuration names"""
    configured = called.analysis.target(called.call, called.frame)
    if not configured:
        return None
    within = called.analysis.below(called.call, called.frame)  # train_dataset: {_target_: data.ImageNetDataset}
    targets = [configured, *(called.text(entry) for name, entry in within if name == "_target_")]
    names = [target.split(".")[-1] for target in targets if target]
    known = [
        canonical(made) or (mentioned(made) or of_class(made) if _OF_DATA.search(made) else None) for made in names
    ]
    said = dict.fromkeys(filter(None, known))
    return _Said(next(iter(said)) if len(said) == 1 else None)


def _loaded(called: _Called) -> _Said | None:
    """load_dataset("imdb") · tfds.load("cifar10") · fetch_openml("mnist_784")"""
    analysis, call, frame, parts = called
    if not (call.args or call.keywords):
        return None
    if called.last == "load_dataset" and analysis.evaluator.resolver.own(call.func, frame) is not None:
        return None
    # `name` is of a part where the dataset itself is named before it
    given = argument(call, ("path",) if called.last == "load_dataset" else ("name", "path"), 0)
    given = given if given is not None else argument(call, ("name",))
    loaded = called.text(given)
    if loaded is None:
        said = _constant_of_library(analysis, given)
        return _Said(canonical(said) or said) if said is not None else None
    if parts[0] in {"tensorflow_datasets", "tfds"}:  # imagenet_resized/32x32
        plain = re.split(r"[/:]", loaded)[0]
        return _Said(
            canonical(plain) or canonical(loaded) or mentioned(plain) or (plain if "/" not in loaded else None)
        )
    if called.last == "load_dataset" and _LOCAL.match(loaded):
        return _Said(dataset_paths.named(loaded, served=True))
    if loaded.lower() in BUILDERS:
        return _Said(_hub_files(call))
    if loaded.startswith("hub://"):  # of Deep Lake, a part of it: hub://activeloop/cifar10-train
        return _Said(mentioned(loaded.rpartition("/")[2]))
    if called.last in {"fetch_openml", "get_rdataset"}:  # CIFAR_10_small
        return _Said(canonical(loaded) or mentioned(loaded) or loaded)
    # a function of the project's own that is called so is told which part it loads, load_dataset("train")
    bare = len(parts) == 1 and analysis.evaluator.resolver.definition(call.func, frame) is None
    of_hub = called.last == "load_dataset" and not _FILE.search(loaded)
    of_hub = of_hub and (bare or parts[0] in _HUBS or "/" in loaded)
    own = _SHARDS.sub("", loaded.split("/")[-1])
    return _Said(canonical(loaded) or canonical(own) or (own if of_hub else None) or None)


def _of_chainer(called: _Called) -> _Said | None:
    """chainer.datasets.get_mnist()"""
    return _Said(canonical(called.last.removeprefix("get_")))


def _of_fastai(called: _Called) -> _Said | None:
    """untar_data(URLs.PETS), which may be given to another function"""
    if "URLs" in called.analysis.names and (url := _address(called.call)):
        return _Said(canonical(url.removesuffix("_sample").removesuffix("_tiny")) or mentioned(url))
    return None


def _of_early_fastai(called: _Called) -> _Said | None:
    """ImageClassifierData.from_paths("data/dogscats"), of fastai 0.7"""
    return _Said(dataset_paths.served_from(called.analysis, argument(called.call, ("path",), 0), called.frame))


def _of_keras(called: _Called) -> _Said | None:
    """keras.datasets.mnist.load_data()"""
    return _Said(canonical(called.parts[-2]))


def _of_torchtext(called: _Called) -> _Said | None:
    """datasets.UDPOS.splits(fields)"""
    *_, home, name, _function = ["", "", *called.parts]
    if home != "datasets":
        return None
    return _Said(canonical(name) or (name if name not in _GENERAL else None))


def _of_tensorflow_1(called: _Called) -> _Said | None:
    """input_data.read_data_sets("MNIST_data/")"""
    path = called.text(called.call.args[0]) if called.call.args else None
    of_mnist = "mnist" in ".".join(called.parts).lower() or called.parts[0] == "input_data"
    return _Said((mentioned(path) if path is not None else None) or ("MNIST" if of_mnist else None))


def _of_sklearn(called: _Called) -> _Said | None:
    """sklearn.datasets.load_digits() · fetch_covtype() · make_moons() · dgl.data.load_cora()"""
    last = called.last
    start = next((start for start in ("load_", "fetch_", "") if last.startswith(start)), "")
    return _Said(canonical(last.removeprefix(start)) if start or last.startswith("make_") else None)


def _of_class(called: _Called) -> _Said | None:
    """torchvision.datasets.MNIST(root) · Planetoid(root, "Cora") · ImageFolder("data/cats")"""
    analysis, call, frame, parts = called
    if (said := _of_library(parts)) is not None:
        return _Said(said)
    if _GRAPHS.match(called.last) or called.last == "Citation":
        chosen = called.text(argument(call, ("name",), 0 if parts[0] in {"ogb", "spektral"} else 1))
        return _Said((canonical(chosen) or chosen) if chosen is not None else None)
    return _Said(dataset_paths.served_from(analysis, argument(call, ("root", "directory"), 0), frame))


def _holds_data(first: str, last: str, parts: list[str]) -> bool:
    """Whether a full name is that of a class or function of a library that gives data."""
    if len(parts) == 1:
        return False
    of_graphs = _GRAPHS.match(last) is not None or (last == "Citation" and first == "spektral")
    return of_graphs or last in _OF_FOLDERS or _of_library(parts) is not None


def _of_library(parts: list[str]) -> str | None:
    """The data set that a class of a library is called for: `torchfcn.datasets.SBDClassSeg`."""
    full, last = ".".join(parts), parts[-1]
    if "dataset" not in full.lower() and parts[0] not in LIBRARIES:
        return None
    for part in parts[:0:-1]:
        name = canonical(part)
        if name and not (part.islower() and part is not last):
            return name
    if last[:1].isupper() and len(parts) > 2 and (said := mentioned(last)):
        return said
    named = _CLASSES_OF_DATA.fullmatch(full) if not _GRAPHS.match(last) else None
    return canonical(named["name"]) or named["name"] if named and named["name"] not in _GENERAL else None


def _of_nltk(called: _Called) -> _Said | None:
    """nltk.corpus.reuters.words()"""
    corpus = called.parts[2]
    if corpus in _WORDS or called.last not in _OF_CORPUS:
        return None
    return _Said(canonical(corpus) or corpus)


def _of_ultralytics(called: _Called) -> _Said | None:
    """YOLO("yolov8n.pt").train(data="coco128.yaml")"""
    given = argument(called.call, ("data",))
    if given is None:
        return None
    told = called.text(given)
    return _Said(canonical(re.sub(r"\d*(-\w+)?\.ya?ml$", "", told)) if told is not None else None)


def _of_uci(called: _Called) -> _Said | None:
    """ucimlrepo.fetch_ucirepo(id=53), or by its name"""
    given = argument(called.call, ("id", "name"), 0)
    told = called.analysis.value(given, called.frame).constant if given is not None else None
    return _Said(_OF_UCI.get(told) if isinstance(told, int) else canonical(told) if isinstance(told, str) else None)


def _of_prices(called: _Called) -> _Said | None:
    """yfinance.download("AAPL", start="2015-01-01"): the prices of one share or index · quandl.get("WIKI/AAPL")"""
    told = called.text(argument(called.call, ("tickers", "ticker", "symbols", "name", "dataset"), 0)) or ""
    share = told.rpartition("/")[2]
    return _Said(share.lstrip("^") if _SHARE.fullmatch(share) else None)


def _of_tables(called: _Called) -> _Said | None:
    """sktime.datasets.load_airline() · pmlb.fetch_data("mushroom") · shap.datasets.adult()"""
    said = called.text(called.call.args[0]) if called.call.args else None
    if called.last in _ASKS:
        return _Said((canonical(said) or said) if said is not None and re.fullmatch(r"[\w-]{2,40}", said) else None)
    loads = re.fullmatch(r"(?:load|fetch)_(?P<name>\w+)", called.last)
    name = loads["name"] if loads is not None else called.last
    known = canonical(name) or of_table(name)
    return _Said(known or (name if loads is not None and name not in _ANY_TABLE else None))


def _of_networks(called: _Called) -> _Said | None:
    """networkx.karate_club_graph()"""
    known = canonical(called.last.removesuffix("_graph"))
    return _Said(known) if known is not None else None


_Reader = Callable[[_Called], _Said | None]
# Who knows what a call loads, where its name has such a first part, such a last one, or such parts.
_READERS: tuple[tuple[_Reader, Callable[[str, str, list[str]], bool]], ...] = (
    (_instantiated, lambda first, _, parts: first == "hydra" and len(parts) > 1),
    (_loaded, lambda _, last, __: last in _LOADING),
    (_of_chainer, lambda first, last, _: first == "chainer" and last.startswith("get_")),
    (_of_early_fastai, lambda _, __, parts: parts[-2:-1] == ["ImageClassifierData"]),
    (_of_keras, lambda _, last, parts: last == "load_data" and len(parts) > 1),
    (_of_torchtext, lambda first, last, _: first == "torchtext" and last in {"splits", "iters"}),
    (_of_tensorflow_1, lambda _, last, __: last == "read_data_sets"),
    (_of_sklearn, lambda first, last, _: first == "sklearn" or last == "load_digits"),
    (_of_sklearn, lambda first, last, _: first == "dgl" and last.startswith("load_")),
    (_of_nltk, lambda _, __, parts: parts[:2] == ["nltk", "corpus"] and len(parts) == 4),
    (_of_uci, lambda _, last, __: last == "fetch_ucirepo"),
    (_of_prices, lambda first, last, _: last in _PRICES.get(first, ())),
    (_of_tables, lambda first, _, parts: first in _OF_TABLES and any("data" in part for part in parts)),
    (_of_networks, lambda first, last, _: first == "networkx" and last.endswith("_graph")),
    (_of_class, _holds_data),
    (_of_ultralytics, lambda first, last, _: first == "ultralytics" and last == "train"),
)


def is_open(analysis: Analysis, function: ast.expr, frame: Frame) -> bool:
    """Whether a name stands for one of several classes, and nothing says which: each arm of an `if` binds another."""
    origins = analysis.evaluator.resolver.follow(function, frame) if isinstance(function, ast.Name) else []
    return len(origins) > 1 and len({origin.name.rpartition(".")[2] for origin in origins}) > 1


def _address(call: ast.Call) -> str:
    """The dataset that a call is given as fastai knows its address: `untar_data(URLs.PETS)` → "pets"."""
    given = (dotted(part) or "" for part in call.args)
    return next((name.rpartition(".")[2].lower() for name in given if ".URLs." in f".{name}"), "")


def _hub_files(call: ast.Call) -> str | None:
    """The dataset of the hub whose files a call names: `"hf://datasets/ought/raft@refs/convert/parquet/train.parquet"`."""
    texts = (part.value for part in walk(call) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    match = next(filter(None, map(_HUB_FILE.search, texts)), None)
    return canonical(match["whole"]) or match["name"] if match is not None else None


def _constant_of_library(analysis: Analysis, given: ast.expr | None) -> str | None:
    """What is imported beside what loads it: `from numpyro.examples.datasets import JSB_CHORALES, load_dataset`."""
    bound = analysis.program.module.bindings.get(given.id, []) if isinstance(given, ast.Name) else []
    homes = [str(binding.node).rpartition(".") for binding in bound if binding.kind == "import"]
    return next((name for home, _, name in homes if name.isupper() and "dataset" in home), None)


def _subclass(analysis: Analysis, call: ast.Call, called: str, frame: Frame, depth: int) -> str | None:
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
    if scope is not None or called in {"Subset", "random_split", "Concat"}:
        for given in call.args[:2]:
            if loaders.of_tests(dotted(given) or ""):
                continue
            for origin in analysis.evaluator.resolver.follow(given, frame):
                if isinstance(origin.node, ast.Call) and origin.node is not call:
                    name = constructed(analysis, origin.node, origin.frame, depth + 1)
                    if name:
                        return name
    return None
