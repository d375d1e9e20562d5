"""The data a script trains on, by its canonical name: from the constructor, the loading call, or a path."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache, partial

from index.facts.data import dataset_classes, dataset_modules, dataset_paths, dataset_words, loaders
from index.facts.data.dataset_modules import BUILDERS
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted
from index.facts.training import launching
from index.facts.training.training import Training
from index.files.tree import walk
from index.known_datasets import ALIASES, canonical, mentioned, of_class

_LOADING = {"load", "load_dataset", "builder", "data_source", "load_data", "fetch_openml"}
_FILE = re.compile(r"\.(pt|pth|pkl|npy|npz|csv|json|txt|h5|mat)$")
_LOCAL = re.compile(
    r"[.~/\\]|[\w.-]*[/\\][\w.-]*[/\\]|[a-zA-Z]:[/\\]"
)  # paths, of which the Hub has none: ../data/mutag.graph
_HUB_FILE = re.compile(r"(?:^hf://|huggingface\.co/)datasets/(?P<whole>[\w.-]+/(?P<name>[\w.-]+))")
# Classes of graphs that are given the name of the one to load.
_GRAPHS = re.compile(
    r"^(Planetoid|TUDataset|WebKB|WikipediaNetwork|Amazon|Coauthor|GNNBenchmarkDataset|MoleculeNet|Entities|"
    r"AttributedGraphDataset|HeterophilousGraphDataset|\w*(Node|Graph|Link)PropPredDataset)$"
)
# Libraries' classes of data that are called for it, and those that hold any: PPI, Reddit, WikiMathsDatasetLoader.
_CLASSES_OF_DATA = re.compile(
    r"(?:torchvision\.datasets|torchaudio\.datasets|torch_geometric\.datasets|torch_geometric_temporal\.dataset|dgl\.data)\."
    r"(?:\w+\.)*(?P<name>[A-Z]\w*?)(?:Node|Graph)?(?:Dataset(?:Loader)?)?"
)
_GENERAL = {"ImageFolder", "DatasetFolder", "FakeData", "Fake", "FakeHetero", "Vision", "VisionDataset", "DGL", "CSV",
            "RandomPartition", "StochasticBlockModel", "DGLBuiltin", "SB", "TabularDataset", "TranslationDataset",
            "LanguageModelingDataset", "SequenceTaggingDataset"}  # fmt: skip
_AMOUNT = re.compile(r"size|split|ratio|frac|batch|num|percent|count|seed|^test$", re.IGNORECASE)
_ASKED = re.compile(r"data_?set(_?(name|type))?\b", re.IGNORECASE)  # args["dataset"].lower() == "leather"
_READING = re.compile(r"data|load|fetch|read|get|prepare|make|download|input|corpus|split|image|iter", re.IGNORECASE)
_LOADS_OF = re.compile(r"(load|read|fetch|prepare|(maybe_)?download)(_|$)")
_LIBRARIES = {"torchvision", "torchtext", "torchaudio", "medmnist", "tensorflow_datasets", "torch_geometric",
              "keras", "tensorflow", "tf", "tfds", "datasets", "sklearn", "torch", "extra_keras_datasets", "fastai",
              "paddle", "mxnet"}  # fmt: skip


def read(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str]:
    """The dataset of the main stage, else the only one of the script, with the line that says so, and where it is said
    if that is another file; (None, 0, "") where it is not clear."""
    served = _served(analysis, trainings)
    if served is not None:
        return served
    done = cache(lambda: _done(analysis, trainings))
    named = partial(_by_name, done=done)
    for tier in (partial(_by_call, done=done), _by_setting, named, dataset_paths.read):
        if tier is named and len(_chosen_between(analysis)) > 1:
            return chosen(analysis)
        names = tier(analysis)
        if len(names) > 1 and tier is not _by_setting:  # one of several: a setting may say which
            for told_by in (_by_setting, dataset_words.settings):
                names = {name: line for name, line in told_by(analysis).items() if name in names} or names
        if len(names) > 1 and (told := dataset_words.configured(analysis)) is not None and told[0] in names:
            return told[0], names[told[0]], told[1]
        if names:
            return _only(names)
    if trainings:
        return _told(analysis, trainings[-1].line)
    launched = launching.launched(analysis)
    if launched and (told := dataset_words.beside_settings(analysis)) is not None:
        return told[0], next(iter(launched.values())), told[1]
    return chosen(analysis) if launched else (None, 0, "")


def chosen(analysis: Analysis) -> tuple[str | None, int, str]:
    """The known dataset that an option `--dataset` is by default, of a script that sets a training of another file
    going."""
    found = dataset_words.chosen(analysis)
    return (*found, "") if found is not None and found[0] in ALIASES else (None, 0, "")


def folder(analysis: Analysis) -> tuple[str | None, int, str]:
    """The one named folder that a script which plays in no environment loads its data from, with the line."""
    return _only(dataset_classes.folders(analysis)) if not dataset_words.plays(analysis) else (None, 0, "")


def chosen_beside(analysis: Analysis, whole: Analysis) -> tuple[str | None, int, str]:
    """The known dataset that an option is by default of a module beside the script that it runs, and the place."""
    siblings = whole.evaluator.resolver.siblings
    entered = {scope.module for scope in whole.execution.reached}
    for module in siblings.opened() if dataset_words.chosen(analysis) is None else []:
        if module not in entered and not siblings.of_settings(module):
            continue
        name, line = dataset_words.chosen(whole, siblings.options(module)) or (None, 0)
        if name in ALIASES:
            return name, line, siblings.place(module, line)
    return None, 0, ""


def built(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str]:
    """The dataset that the loader of a training serves, else the only one that is sure to be built; and where."""
    served = _served(analysis, trainings)
    if served is not None:
        return served
    sure = [e for e in analysis.executed if all(analysis.evaluator.resolver.holds(g, e.frame) for g in e.site.guards)]
    return (
        _only(_by_call(analysis, cache(lambda: _done(analysis, trainings)), sure))
        if len(_chosen_between(analysis)) < 2
        else (None, 0, "")
    )


def called_for(analysis: Analysis, whole: Analysis) -> tuple[str | None, int, str]:
    """The dataset that the one class is called for which makes the data, in a module beside the script too; not where
    a setting says which of several it is."""
    if dataset_words.chosen(analysis) is not None or len(_chosen_between(whole)) > 1:
        return None, 0, ""
    return _only(dataset_classes.read(whole))


def _served(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str] | None:
    """What the loader of the last training that has one serves; None where no loader says it."""
    for training in reversed(trainings):
        if training.loader is not None:
            node, frame = training.loader
            made = [o for o in loaders.sources(analysis, node, frame) if isinstance(o.node, ast.Call)]
            built = {_constructed(analysis, o.node, o.frame): o for o in made if isinstance(o.node, ast.Call)}
            if len(built) > 1:
                return None, 0, ""  # one of several, and nothing says which
            for found, origin in built.items():
                if found:
                    return found, *analysis.evaluator.placed(getattr(origin.node, "lineno", 0), origin.frame)
    return None


def _told(analysis: Analysis, line: int) -> tuple[str | None, int, str]:
    """The dataset of a script that trains, where only its words, or the files beside it, say which it is."""
    chosen = dataset_words.chosen(analysis)
    if chosen is not None:
        return (*chosen, "")
    for reader in (dataset_words.settings, dataset_words.handed, dataset_words.competitions, dataset_words.files):
        names = reader(analysis)
        if names:
            return _only(names)
    configured = dataset_words.configured(analysis)
    if configured is None and _runs(analysis, line):
        configured = dataset_words.beside_settings(analysis)
    if configured is not None:
        return configured[0], line, configured[1]
    elsewhere = dataset_modules.read(analysis)
    if elsewhere:
        return elsewhere[0] if len(elsewhere) == 1 else (None, 0, "")
    names = dataset_words.spoken(analysis)
    names = names or dataset_words.named(analysis) or dataset_classes.read(analysis)
    if names:
        return _only(names)
    readme = dataset_words.beside(analysis) if _runs(analysis, line) else None
    return (readme, line, "README") if readme else (None, 0, "")


def _runs(analysis: Analysis, line: int) -> bool:
    """Whether running the script runs the training at a line, rather than only offering it to others."""
    return any(line in (call.line, *(loop.node.lineno for loop in call.loops)) for call in analysis.execution.calls)


def _only(names: dict[str, int]) -> tuple[str | None, int, str]:
    name, line = next(iter(names.items()), (None, 0))
    return (name, line, "") if len(names) == 1 else (None, 0, "")


def _done(analysis: Analysis, trainings: list[Training]) -> int:
    """The line after which the script, from its top, trains no more; one that no line comes after, where that is not
    to be told."""
    ends: dict[int, int] = {}  # where what begins at a line of the module is over
    for executed in analysis.execution.calls if trainings else []:
        if executed.frame.scope is analysis.program.module:
            ends.setdefault(executed.line, executed.site.node.end_lineno or executed.line)
            ends |= {loop.node.lineno: loop.node.end_lineno or 0 for loop in executed.loops}
    known = bool(trainings) and all(training.line in ends for training in trainings)
    return max(ends[training.line] for training in trainings) if known else 1 << 30


def _after(analysis: Analysis, executed: Executed, done: Callable[[], int]) -> bool:
    """Whether a call comes when the script has trained all that it does."""
    return executed.frame.scope is analysis.program.module and executed.line > done()


def _by_call(analysis: Analysis, done: Callable[[], int], calls: list[Executed] | None = None) -> dict[str, int]:
    """Datasets that a call of a library builds or loads, before the last training is done."""
    names: dict[str, int] = {}
    for executed in analysis.executed if calls is None else calls:
        found = _constructed(analysis, executed.site.node, executed.frame)
        if found and not _after(analysis, executed, done) and not _only_tests(executed):
            names.setdefault(found, executed.line)
    if names:  # a class of the script that is named for another dataset may be the one that is used
        for scope in analysis.program.classes:
            other = mentioned(scope.name) if scope.name.endswith(("Dataset", "DataModule", "Data")) else None
            if other and scope in analysis.reached:
                names.setdefault(other, scope.line)
    return names


def _by_setting(analysis: Analysis) -> dict[str, int]:
    """Datasets that a setting called `dataset` names by default, where it is handed to what makes the data."""
    names: dict[str, int] = {}
    for executed in analysis.executed:
        call = executed.site.node
        for part in [*call.args, *(keyword.value for keyword in call.keywords)]:
            named = (dotted(part) or "").split(".")[-1] if isinstance(part, ast.Name | ast.Attribute) else ""
            if dataset_words.SETTING.match(named):
                chosen = analysis.value(part, executed.frame).constant
                found = canonical(chosen) if isinstance(chosen, str) else None
                if found:
                    names.setdefault(found, executed.line)
    return names


def _chosen_between(analysis: Analysis) -> set[str]:
    """Datasets that tests of an unknown setting tell apart: what stands under one of them proves nothing."""
    names: set[str] = set()
    for executed in analysis.executed:
        for guard in executed.site.guards:
            test = guard.test
            if isinstance(test, ast.Compare) and analysis.evaluator.resolver.holds(guard, executed.frame) is None:
                texts = [part.value for part in walk(test) if isinstance(part, ast.Constant)]
                said = [text for text in texts if isinstance(text, str) and not _ASKED.search(text)]
                asked = _ASKED.search(ast.unparse(test.left)) is not None  # then one that is not known is one too
                names |= {name for text in said if (name := canonical(text) or (text if asked else None))}
    return names


def _by_name(analysis: Analysis, done: Callable[[], int]) -> dict[str, int]:
    """Datasets in the names of the functions and classes that make the data, here or in another file."""
    names: dict[str, int] = {}
    for executed in analysis.executed:
        full = analysis.name(executed.site.node.func, executed.frame)
        written = executed.name  # `from util import get_data as get_mnist`
        for last in dict.fromkeys((full.split(".")[-1], written)):
            made = full if last[:1].isupper() else last  # dataset.DspritesManager(…)
            speaks = _READING.search(made) or canonical(last) or _called_so(executed.site.node, last)
            found = (mentioned(last) or of_class(last)) if speaks else None
            if found is None and "." in full and _LOADS_OF.match(last):  # cifar10.load_training_data()
                found = canonical(full.split(".")[-2])
            if found and not _after(analysis, executed, done) and not _only_tests(executed):
                names.setdefault(found, executed.line)
    if not names:  # `from data.celeba import make_loader`
        for bindings in analysis.program.module.bindings.values():
            for binding in bindings:
                home, _, made = str(binding.node).rpartition(".") if binding.kind == "import" else ("", "", "")
                constant = made.isupper() and "_" in made  # IMAGENET_DEFAULT_MEAN scales any images
                own = home.split(".")[0] not in _LIBRARIES and not constant
                named = made.islower() and mentioned(made) == canonical(made) is not None  # from project import mnist
                if home and own and (named or _READING.search(f"{home} {made}")):  # of a library, only what is called
                    found = mentioned(home) or mentioned(made)
                    if found:
                        names.setdefault(found, binding.line)
    return names


def _only_tests(executed: Executed) -> bool:
    """Whether a call prepares what only tests, by what it is given: `get_lfw_list(opt.lfw_test_list)`."""
    call = executed.site.node
    given = [dotted(part) or "" for part in [*call.args, *(keyword.value for keyword in call.keywords)]]
    return any(given) and all(map(_of_tests, filter(None, given)))


def _of_tests(name: str) -> bool:
    """Whether a name is that of data to test on, and not of how much is kept for that."""
    last = name.rpartition(".")[2]
    return loaders.evaluates(last) and not _AMOUNT.search(last)


def _called_so(call: ast.Call, made: str) -> bool:
    """Whether what a class is named for is also what it is given: `OmniglotNShot("omniglot", shots=5)`."""
    first = call.args[0] if call.args and made[:1].isupper() else None
    named = canonical(first.value) if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    return named is not None and mentioned(made) == named


def _constructed(analysis: Analysis, call: ast.Call, frame: Frame, depth: int = 0) -> str | None:
    full = analysis.name(call.func, frame)
    parts = full.split(".")
    if isinstance(call.func, ast.Name) and _open(analysis, call.func, frame):
        return None
    if configured := analysis.target(call, frame):
        return canonical(configured.split(".")[-1])
    own = parts[-1] == "load_dataset" and analysis.evaluator.resolver.own(call.func, frame) is not None
    if parts[-1] in _LOADING and (call.args or call.keywords) and not own:
        given = argument(call, ("name", "path"), 0)
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
            if loaded.lower() in BUILDERS:
                return _hub_files(call)
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
    if parts[0] == "sklearn" or parts[-1] == "load_digits":
        for start in ("load_", "fetch_"):
            if parts[-1].startswith(start):
                return canonical(parts[-1].removeprefix(start))
        return None
    if "." in full:
        library = "dataset" in full.lower() or parts[0] in _LIBRARIES
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
    if parts[-2:-1] == ["ImageClassifierData"]:  # of fastai 0.7
        return dataset_paths.served_from(analysis, argument(call, ("path",), 0), frame)
    return _subclass(analysis, call, frame, depth)


def _open(analysis: Analysis, function: ast.Name, frame: Frame) -> bool:
    """Whether a name stands for one of several classes, and nothing says which: each arm of an `if` binds another."""
    origins = analysis.evaluator.resolver.follow(function, frame)
    return len({origin.name.rpartition(".")[2] for origin in origins}) > 1


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
            if _of_tests(dotted(given) or ""):
                continue
            for origin in analysis.evaluator.resolver.follow(given, frame):
                if isinstance(origin.node, ast.Call) and origin.node is not call:
                    name = _constructed(analysis, origin.node, origin.frame, depth + 1)
                    if name:
                        return name
    return None
