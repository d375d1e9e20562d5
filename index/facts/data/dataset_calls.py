"""The data that a call of a library builds or loads: `datasets.MNIST(root)`, `load_dataset("imdb")`, `Planetoid(…)`."""

from __future__ import annotations

import ast
import re

from index.facts.data import dataset_paths, loaders
from index.facts.data.dataset_modules import BUILDERS
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import dotted
from index.files.tree import walk
from index.known_datasets import canonical, mentioned, of_class

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
_GENERAL = {"ImageFolder", "DatasetFolder", "FakeData", "Fake", "FakeHetero", "Vision", "VisionDataset", "DGL", "CSV",
            "RandomPartition", "StochasticBlockModel", "DGLBuiltin", "SB", "TabularDataset", "TranslationDataset",
            "LanguageModelingDataset", "SequenceTaggingDataset"}  # fmt: skip
_HUBS = {"datasets", "nlp", "seaborn", "modelscope"}  # whose `load_dataset` takes whatever name it is given
LIBRARIES = {"torchvision", "torchtext", "torchaudio", "medmnist", "tensorflow_datasets", "torch_geometric",
              "keras", "tensorflow", "tf", "tfds", "datasets", "sklearn", "torch", "extra_keras_datasets", "fastai",
              "paddle", "mxnet", "pl_bolts"}  # fmt: skip


def constructed(analysis: Analysis, call: ast.Call, frame: Frame, depth: int = 0) -> str | None:
    """The dataset that a call of a library builds or loads."""
    full = analysis.name(call.func, frame)
    parts = full.split(".")
    if is_open(analysis, call.func, frame):
        return None
    if full.startswith("hydra.") and (configured := analysis.target(call, frame)):
        made = configured.split(".")[-1]
        return canonical(made) or (mentioned(made) or of_class(made) if _OF_DATA.search(made) else None)
    own = parts[-1] == "load_dataset" and analysis.evaluator.resolver.own(call.func, frame) is not None
    if parts[-1] in _LOADING and (call.args or call.keywords) and not own:
        # `name` is of a part where the dataset itself is named before it
        given = argument(call, ("path",) if parts[-1] == "load_dataset" else ("name", "path"), 0)
        given = given if given is not None else argument(call, ("name",))
        loaded = analysis.value(given, frame).constant if given is not None else None
        if isinstance(loaded, str):
            if parts[0] in {"tensorflow_datasets", "tfds"}:  # imagenet_resized/32x32
                plain = re.split(r"[/:]", loaded)[0]
                return (
                    canonical(plain) or canonical(loaded) or mentioned(plain) or (plain if "/" not in loaded else None)
                )
            if parts[-1] == "load_dataset" and _LOCAL.match(loaded):
                return dataset_paths.named(loaded, served=True)
            of_hub = parts[-1] == "load_dataset" and loaded.lower() not in BUILDERS and not _FILE.search(loaded)
            # a function of the project's own that is called so is told which part it loads, load_dataset("train")
            bare = len(parts) == 1 and analysis.evaluator.resolver.definition(call.func, frame) is None
            of_hub = of_hub and (bare or parts[0] in _HUBS or "/" in loaded)
            if loaded.lower() in BUILDERS:
                return _hub_files(call)
            if loaded.startswith("hub://"):  # of Deep Lake, a part of it: hub://activeloop/cifar10-train
                return mentioned(loaded.rpartition("/")[2])
            if parts[-1] in {"fetch_openml", "get_rdataset"}:  # CIFAR_10_small
                return canonical(loaded) or mentioned(loaded) or loaded
            return canonical(loaded) or (loaded.split("/")[-1] if of_hub else None) or None
        if (said := _constant_of_library(analysis, given)) is not None:
            return canonical(said) or said
    if parts[0] == "chainer" and parts[-1].startswith("get_"):
        return canonical(parts[-1].removeprefix("get_"))
    if "URLs" in analysis.names and (url := _address(call)):  # fastai; untar_data may be given to another function
        return canonical(url.removesuffix("_sample").removesuffix("_tiny")) or mentioned(url)
    if parts[-1] == "load_data" and len(parts) >= 2:  # keras.datasets.mnist.load_data()
        return canonical(parts[-2])
    if (
        parts[-1] in {"splits", "iters"} and parts[0] == "torchtext" and parts[-3:-2] == ["datasets"]
    ):  # datasets.UDPOS.splits(fields)
        return canonical(parts[-2]) or (parts[-2] if parts[-2] not in _GENERAL else None)
    if parts[-1] == "read_data_sets":  # TensorFlow 1
        given_path = analysis.value(call.args[0], frame).constant if call.args else None
        found = mentioned(given_path) if isinstance(given_path, str) else None
        return found or ("MNIST" if "mnist" in full.lower() or parts[0] == "input_data" else None)
    if parts[0] == "sklearn" or parts[-1] == "load_digits" or (parts[0] == "dgl" and parts[-1].startswith("load_")):
        for start in ("load_", "fetch_"):
            if parts[-1].startswith(start):
                return canonical(parts[-1].removeprefix(start))
        return None
    if "." in full:
        library = "dataset" in full.lower() or parts[0] in LIBRARIES
        for part in parts[:0:-1] if library else []:
            name = canonical(part)
            if name and not (part.islower() and part is not parts[-1]):
                return name
        if library and parts[-1][:1].isupper() and len(parts) > 2 and (said := mentioned(parts[-1])):
            return said  # torchfcn.datasets.SBDClassSeg
        if _GRAPHS.match(parts[-1]):
            given = argument(call, ("name",), 0 if parts[0] == "ogb" else 1)
            chosen = analysis.value(given, frame).constant if given is not None else None
            return (canonical(chosen) or chosen) if isinstance(chosen, str) else None
        if library and (called := _CLASSES_OF_DATA.fullmatch(full)) and called["name"] not in _GENERAL:
            return canonical(called["name"]) or called["name"]
        if parts[-1] in {"ImageFolder", "image_dataset_from_directory", "flow_from_directory"}:
            return dataset_paths.served_from(analysis, argument(call, ("root", "directory"), 0), frame)
    if parts[0] == "ultralytics" and parts[-1] == "train" and (given := argument(call, ("data",))) is not None:
        told = analysis.value(given, frame).constant  # coco128.yaml
        return canonical(re.sub(r"\d*(-\w+)?\.ya?ml$", "", told)) if isinstance(told, str) else None
    if parts[-2:-1] == ["ImageClassifierData"]:  # of fastai 0.7
        return dataset_paths.served_from(analysis, argument(call, ("path",), 0), frame)
    return _subclass(analysis, call, parts[-1], frame, depth)


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
