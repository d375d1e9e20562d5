"""The data as a script speaks of it where no call builds it: its settings, what it hands to a loader, the files that
it reads, its prose, its names, the README beside it. Each reader gives dataset → line of the script.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from index.facts.data import dataset_paths, dataset_stems, loaders
from index.facts.data.loaders import evaluates
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.options import Options
from index.facts.evaluation.program import Scope, dotted
from index.known.datasets import TOO_GENERAL, canonical, mentioned, of_table, squeeze

_CHOICE = re.compile(
    r"((train(ing)?|load|which)_?)?(dset$|data_?set)(_?(name|type|id|str|key|train|t))?$", re.IGNORECASE
)
_MAYBE_CHOICE = re.compile(
    r"(name_?data(set)?|data_?name|ds(_?name)?|data|task(_?name)?)$", re.IGNORECASE
)  # of a known one
# What a dataset may be said to be that is no name of one.
_KINDS = {"custom", "train", "data", "default", "image", "images", "folder", "imagefolder", "none", "csv", "json",
          "toy", "synthetic", "random", "dataset", "datasets", "test", "auto", "all", "local", "text", "hdf5", "lmdb",
          "npz", "numpy", "pickle", "file", "files", "other", "own", "fake", "dummy", "example"}  # fmt: skip
SETTING = Identifiers(
    r"((train(ing)?|src|source|name)_?)?(data_?set|data)(_?(name|type|id|str|key|flag))?$", re.IGNORECASE
)
_OF_DATA = re.compile(rf"({SETTING.pattern.rstrip('$')})(_?(params|config|cfg|args|settings|opts))?$", re.IGNORECASE)
_LOADS = Identifiers(r"data|loader|^load|corpus|^(get|fetch)_", re.IGNORECASE)
_OF_WEIGHTS = re.compile(
    r"model|weight|state|checkpoint|ckpt|pretrain|param|logg?er|log_|save|stats|result|metric|label|init|config|optim|"
    r"net$|score|fid|(^|[_-])(checks?|answers?)([_-]|$)",
    re.IGNORECASE,
)
_KEPT = re.compile(r"weight|checkpoint|ckpt|pretrain|log|save|output|result|model|vocab", re.IGNORECASE)
_LEARNED_ON = re.compile(r"weight|pretrain|checkpoint|encoder|backbone", re.IGNORECASE)  # encoder_weights="imagenet"
_READS = {"open", "load", "loadtxt", "genfromtxt", "read_csv", "read_json", "read_pickle", "read_parquet", "loadmat",
          "read_table", "read_excel", "File", "ZipFile", "TFRecordDataset", "get_file", "memmap", "read_text",
          "load_from_disk", "read_feather", "TextLineDataset", "list_files"}  # fmt: skip
_FOLDERS = {"ImageFolder", "DatasetFolder", "flow_from_directory", "image_dataset_from_directory"}
_PART = re.compile(r"_?(train|test|data_?set|data|df|images|loader)(?=_|$)")
_SAVES = {"save", "save_weights", "save_model", "ModelCheckpoint", "save_pretrained"}
_KEPT_IN = re.compile(r"\.(pth?|h5|hdf5|keras|ckpt|onnx|msgpack|safetensors|model)$")
_DATA_FILE = re.compile(
    r"([\w.\- +]+?)(?: ?\(\d+\))?\."  # also of a further copy: iris (1).csv
    r"(npz|npy|pkl|pickle|gz|csv|tsv|txt|mat|zip|tar|tgz|tfrecords?|parquet|jsonl?|feather|lmdb|data|h5|"
    r"hdf5|dat|idx|pos|neg|bin|arff|xml|content)",
    re.IGNORECASE,
)
_PLACE = Identifiers(r"(^|_)(path|dir|root|folder|data|dataset|images?|train|file)s?(_|$)", re.IGNORECASE)
_ROOT = Identifiers(
    r"(train_?|data_?|dataset_?)?(set_?)?(dir|path|root|folder)$|(train(ing)?|data(set)?)_?files?$", re.IGNORECASE
)
_DATA_ROOT = re.compile(r"(train|data|dataset)_?(set_?)?(dir|path|root|folder)$", re.IGNORECASE)
# Where data lie, also of several places: data_path_1.
_DATA_PLACE = re.compile(
    r"(train(ing)?_?)?(data|data_?set|images?|imgs?|labels?|masks?)_?(dir|path|root|folder)_?\d*", re.IGNORECASE
)
_PLAYS = re.compile(r"^(gym|gymnasium|pettingzoo|procgen|ale_py|stable_baselines3|vizdoom|dm_control|mujoco_py|"
                    r"gym_\w+|retro|envs?)(\.|$)")  # fmt: skip
GENERAL_NAMES = {"ImageNet"}  # what networks were trained on before: named everywhere


def settings(analysis: Analysis) -> dict[str, int]:
    """Datasets that an option, a name or a key called `dataset` stands for: `--dataset cifar10`, `dataset="celeba"`."""
    found: dict[str, int] = {}
    for name, value, line in _set(analysis):
        within, _, last = name.rpartition(".")
        of_data = last.lower() in {"name", "type"} and _OF_DATA.match(within.rpartition(".")[2])
        if SETTING.match(last) or of_data or (_DATA_ROOT.match(last) and "/" not in value):
            dataset = canonical(value) or (mentioned(value) if "/" not in value else None)
            if dataset:
                found.setdefault(dataset, line)
        elif _DATA_PLACE.fullmatch(last) and (dataset := dataset_paths.named(value, served=True)):
            found.setdefault(dataset, line)
    return found


def beside_settings(analysis: Analysis) -> tuple[str, str] | None:
    """The one dataset that the modules of settings beside the script name, and the place: `data = "/mnt/LJSpeech-1.1"`
    there."""
    siblings = analysis.evaluator.resolver.siblings
    found: dict[str, str] = {}
    for module in filter(siblings.of_settings, siblings.opened()):
        for scope in (module, *module.within()):
            for name, bindings in scope.bindings.items():
                last = name.rpartition(".")[2]
                text = text_of(bindings[-1].node) if isinstance(bindings[-1].node, ast.AST) else None
                if not text or evaluates(last) or not (SETTING.match(last) or _ROOT.match(last)):
                    continue
                of_disk = "/" in text and (_ROOT.match(last) or text[0] in "/.~")  # and no name of the hub's
                known = canonical(text) or (dataset_paths.named(text, served=True) if of_disk else None)
                if known:
                    found.setdefault(known, siblings.place(module, bindings[-1].line))
    return next(iter(found.items())) if len(found) == 1 else None


def chosen(analysis: Analysis, options: Options | None = None) -> tuple[str | None, int] | None:
    """What the option `--dataset` is by default, of the script or of other `options`: a known name, or the name as it
    is given, where it is one; (None, 0) where whoever runs the script says; None where there is no such option."""
    for option in (options or analysis.evaluator.resolver.options).all():
        if not _CHOICE.match(option.name):
            if _MAYBE_CHOICE.match(option.name) and option.default is not None:
                told = analysis.value(option.default, Frame(option.scope)).constant
                if isinstance(told, str) and "/" not in told and (known := canonical(told)):
                    return known, option.line
            continue
        text = analysis.value(option.default, Frame(option.scope)).constant if option.default is not None else None
        if not isinstance(text, str):
            return None, 0
        text = re.sub(r"(\.\d+)?(@[\w-]+)?$", "", text)  # cifar10.3@250-0: the seed, and how many have labels
        if "/" in text or "." in text:
            return None  # a path, which says where the data lies
        return canonical(text) or mentioned(text) or (text if plain(text) else None), option.line
    return None


def plain(text: str) -> bool:
    """Whether a text may be the name of a dataset, and is no kind of data."""
    return re.fullmatch(r"[A-Za-z][\w+-]{1,30}", text) is not None and text.lower() not in _KINDS


def of_weights(text: str) -> bool:
    """Whether a text speaks of weights, or of what else is no data."""
    return _OF_WEIGHTS.search(text) is not None


def asks(name: str) -> bool:
    """Whether an option is called for the dataset: `--dataset`, `--train_dataset`."""
    return _CHOICE.match(name) is not None


_SETS = {ast.Assign, ast.AnnAssign, ast.Dict, ast.keyword}


def _set(analysis: Analysis) -> Iterator[tuple[str, str, int]]:
    """Every name, key and option that is given a text outright: (name, text, line)."""
    for option in analysis.evaluator.resolver.options.all():
        if option.default is not None and (text := text_of(option.default)):
            yield option.name, text, option.line
    for node in (node for node in analysis.nodes if type(node) in _SETS):
        match node:
            case ast.Assign(targets=[target], value=ast.Constant(value=str() as text)):
                yield dotted(target) or "", text, node.lineno
            case ast.Assign(targets=[ast.Attribute(value=data, attr="TRAIN")], value=ast.Tuple(elts=[only])):
                if (text := text_of(only)) and (dotted(data) or "").endswith("DATASETS"):  # of Detectron
                    yield "dataset", text, node.lineno
            case ast.AnnAssign(value=ast.Constant(value=str() as text)):
                yield dotted(node.target) or "", text, node.lineno
            case ast.AnnAssign(value=ast.Call(keywords=given)):  # dataset_name: str = field(default="wikitext")
                if text := next((told for k in given if k.arg == "default" and (told := text_of(k.value))), None):
                    yield dotted(node.target) or "", text, node.lineno
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if (name := text_of(key)) and (text := text_of(value)):
                        yield name, text, value.lineno
            case ast.keyword(arg=str() as name, value=ast.Constant(value=str() as text)):
                yield name, text, node.value.lineno


def configured(analysis: Analysis) -> tuple[str, str] | None:
    """The one dataset that the configuration files of the script name, and the file: `data: {name: celeba}`."""
    found: dict[str, str] = {}
    for file, settings in analysis.evaluator.resolver.configs.opened():
        pending: list[tuple[str, ast.Dict]] = [("", settings)]
        while pending:
            within, node = pending.pop()
            for key, value in zip(node.keys, node.values, strict=True):
                name = text_of(key) or ""
                if isinstance(value, ast.Dict):
                    pending.append((name, value))
                of_data = name.lower() in {"name", "type", "kind"} and _OF_DATA.match(within)
                text = text_of(value) or ""
                known = canonical(text) if SETTING.match(name) or of_data else None
                if "/" in text and _ROOT.match(name) and not _KEPT.search(f"{within} {text}"):
                    known = known or dataset_paths.named(text, served=True)
                if known:
                    found.setdefault(known, file)
    return next(iter(found.items())) if len(found) == 1 else None


def handed(analysis: Analysis) -> dict[str, int]:
    """Datasets whose names are handed to what makes the data: `Loader("cifar10", train=True)`."""
    found: dict[str, int] = {}
    made = loaders.constructions(analysis)
    for executed in analysis.executed:
        speaks = not _OF_WEIGHTS.search(executed.name) and not loaders.only_tests(executed)
        if speaks and (_LOADS.search(executed.name) or executed.site.node in made):
            for text in [*given_texts(analysis, executed, but=_LEARNED_ON), *_places(analysis, executed)]:
                dataset = dataset_paths.named(text) if "/" in text else canonical(text) or _of_file("", text)
                if dataset and not _denied(executed, dataset):
                    found.setdefault(dataset, executed.line)
            for keyword in executed.site.node.keywords:  # LitDataModule(data_dir="cats_dogs_light")
                text = text_of(keyword.value) or "" if keyword.arg and _ROOT.match(keyword.arg) else ""
                known = dataset_paths.named(text, served=True) if "/" in text else mentioned(text)
                if known and not _denied(executed, known):
                    found.setdefault(known, executed.line)
    return found


def told(analysis: Analysis) -> dict[str, int]:
    """Datasets that the script tells a function or class of the project by a parameter which is called for one:
    `Clients("mnist", 10)` of `def __init__(self, dataset_name, count)`."""
    found: dict[str, int] = {}
    for executed in analysis.execution.calls:
        known = {n: name for n, part in enumerate(executed.site.node.args) if (name := canonical(text_of(part) or ""))}
        if not known or executed.site.scope.module is not analysis.program.module or loaders.only_tests(executed):
            continue
        scope = analysis.evaluator.resolver.definition(executed.site.node.func, executed.frame)
        function = scope.method("__init__") if scope is not None and scope.is_class else scope
        for parameter, place in function.positions.items() if function is not None else []:
            if SETTING.match(parameter) and place in known:
                found.setdefault(known[place], executed.line)
    return found


def _denied(executed: Executed, dataset: str) -> bool:
    """Whether a call is told that it is another one of that folder: `ESCDataset("ESC50", esc50=False)`."""
    said = (k.arg for k in executed.site.node.keywords if isinstance(k.value, ast.Constant) and k.value.value is False)
    return any(canonical(name or "") == dataset for name in said)


def _places(analysis: Analysis, executed: Executed) -> Iterator[str]:
    """The paths that a call is given, as far as they are known: `Dataset(images=TRAIN_DIR)`."""
    call = executed.site.node
    for part in [*call.args, *(keyword.value for keyword in call.keywords)]:
        named = (dotted(part) or "").rpartition(".")[2]
        if _PLACE.search(named) and not _OF_WEIGHTS.search(named) and not evaluates(named):
            yield dataset_paths.spelt(analysis, part, executed.frame)


def files(analysis: Analysis) -> dict[str, int]:
    """Datasets that the files are called for which are read: `np.load("mnist.npz")`."""
    found: dict[str, int] = {}
    for path, line in read_paths(analysis):
        dataset = _of_file(*path[-200:].rpartition("/")[::2])
        if dataset:
            found.setdefault(dataset, line)
    return found


def read_paths(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """The paths of the files that are read, as far as they are known."""
    for name in _READS & analysis.called.keys():
        for executed in analysis.called[name]:
            if (path := _read(analysis, executed)) is not None:
                yield path, executed.line


def _read(analysis: Analysis, executed: Executed) -> str | None:
    """The path of the file that a call reads, as far as it is known; None of one that it writes."""
    given = executed.site.node.args[:1]
    mode = argument(executed.site.node, ("mode",), 1) if executed.name == "open" else None
    writes = isinstance(mode, ast.Constant) and str(mode.value)[:1] in {"w", "a", "x"}
    path = dataset_paths.spelt(analysis, given[0], executed.frame) if given and not writes else None
    path = path or (_uploaded(given[0]) if given and not writes else path)
    return path.replace("\\", "/") if path is not None else None


def _uploaded(node: ast.expr) -> str:
    """The file that a notebook was given: `read_csv(io.BytesIO(uploaded["windmills.csv"]))`."""
    part: ast.expr = node
    while isinstance(part, ast.Call):
        made = (dotted(part.func) or "").rpartition(".")[2]
        if part.args and made in {"BytesIO", "StringIO"}:
            part = part.args[0]
        elif isinstance(part.func, ast.Attribute) and part.func.attr == "decode":
            part = part.func.value
        else:
            break
    given = isinstance(part, ast.Subscript) and dotted(part.value) == "uploaded"
    return (text_of(part.slice) or "") if isinstance(part, ast.Subscript) and given else ""


def of_read(analysis: Analysis, executed: Executed) -> str | None:
    """The dataset that a file is called for which a call reads."""
    path = _read(analysis, executed) if executed.name in _READS and not loaders.only_tests(executed) else None
    return _of_file(*path[-200:].rpartition("/")[::2]) if path else None


def _of_file(folder: str, file: str) -> str | None:
    """The dataset that a file of data is called for, or the folder that it lies in: `ml-1m/ratings.dat`."""
    match = _DATA_FILE.fullmatch(file[:120])
    stem = match[1] if match is not None else file
    if _OF_WEIGHTS.search(stem):
        return None
    known = canonical(stem) if squeeze(stem) not in TOO_GENERAL else None
    known = known or canonical(file)  # train_32x32.mat
    if match is None and "*" not in file:  # SMSSpamCollection, which has no ending
        return known
    known = known or mentioned(stem)
    if known is None and not _OF_WEIGHTS.search(folder):
        known = dataset_paths.named(f"{folder}/", served=True)
    return known if known not in GENERAL_NAMES else None


def named(analysis: Analysis) -> dict[str, int]:
    """Datasets in the names of classes, of places and of the file itself: `class MNISTModule`, `CELEBA_PATH = …`."""
    if plays(analysis):
        return {}
    found: dict[str, int] = {}
    for scope in analysis.program.classes:
        _note(found, mentioned(scope.name), scope.line)
    module = analysis.program.module
    bound = (scope.bindings.items() for scope in (module, *filter(_is_main, module.children)))
    used = cache(lambda: {node.id for node in analysis.source.of(ast.Name) if isinstance(node.ctx, ast.Load)})
    for name, bindings in chain.from_iterable(bound):
        if bindings[0].kind != "value" or (name.isupper() and name not in used()):
            continue
        if _PLACE.search(name.replace(".", "_")) and not _another(bindings[0].node):
            _note(found, mentioned(name), bindings[0].line)
            if _is_read(bindings[0].node):  # titanic_train = pd.read_csv("train.csv"), pokemon_dataset = ImageFolder(…)
                _note(found, of_table(_PART.sub("", name)), bindings[0].line)
    stem = analysis.source.path.stem
    _note(found, mentioned(stem) or dataset_stems.read(stem), 1)
    return found


def _is_main(scope: Scope) -> bool:
    return scope.name == "main" and not scope.is_class


def _is_read(node: ast.AST | str) -> bool:
    return isinstance(node, ast.Call) and (dotted(node.func) or "").rpartition(".")[2] in _READS | _FOLDERS


def saved(analysis: Analysis) -> dict[str, int]:
    """Datasets that what was learned is kept under: `torch.save(net, "mnist_cnn.pt")`."""
    found: dict[str, int] = {}
    for name in _SAVES & analysis.called.keys():
        for executed in analysis.called[name]:
            call = executed.site.node
            for part in [*call.args[:2], *(keyword.value for keyword in call.keywords)]:
                path = dataset_paths.spelt(analysis, part, executed.frame)
                if _KEPT_IN.search(path[-20:]):
                    _note(found, mentioned(path[-120:].rpartition("/")[2]), executed.line)
    return found


def _another(node: ast.AST | str) -> bool:
    """Whether a place is called after the form of its folders alone: `VOCdevkit_path = "Medical_Datasets"`."""
    return bool(isinstance(node, ast.AST) and (text := text_of(node)) and re.search(r"data|images", text, re.IGNORECASE)
                and re.fullmatch(r"(?!(data(sets?|_?dir)?|images?)$)[A-Za-z]\w+", text, re.IGNORECASE))  # fmt: skip


def plays(analysis: Analysis) -> bool:
    """Whether a script learns by playing in an environment, which is no dataset."""
    imports = (str(binding.node) for bindings in analysis.program.module.bindings.values() for binding in bindings
               if binding.kind == "import")  # fmt: skip
    return any(_PLAYS.match(name) for name in imports)


def _note(found: dict[str, int], name: str | None, line: int) -> None:
    if name and name not in GENERAL_NAMES:
        found.setdefault(name, line)


def given_texts(analysis: Analysis, executed: Executed, but: re.Pattern[str] | None = None) -> Iterator[str]:
    """The texts that a call is given, as they are known; not under a name that `but` is found in."""
    call = executed.site.node
    given = [("", part) for part in call.args] + [(keyword.arg or "", keyword.value) for keyword in call.keywords]
    for name, part in given:
        if but is not None and but.search(f"{name} {(dotted(part) or '').rpartition('.')[2]}"):
            continue
        value = analysis.value(part, executed.frame).constant
        if isinstance(value, str):
            yield value


def text_of(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
