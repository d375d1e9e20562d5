"""The dataset that paths and the files that are read name: `data/celeba/train`, `read_csv("Iris.csv")`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted
from index.files.tree import walk
from index.known.datasets import BY_ALIAS, TOO_GENERAL, canonical, mentioned, squeeze

# A table of that name is the dataset, whatever else the word is used for; diabetes.csv is another than scikit-learn's.
_TABLES = {
    "iris": "Iris", "titanic": "Titanic", "creditcard": "CreditCardFraud", "adult": "Adult", "abalone": "Abalone",
    "insurance": "MedicalCost", "mushrooms": "Mushroom", "shampoo": "ShampooSales", "sonar": "Sonar",
    "spam": "SMSSpam", "boston": "BostonHousing", "zoo": "Zoo",
}  # fmt: skip
_TABLE = re.compile(r"(?P<stem>[\w.\- ]+?)(\.(csv|data|tsv|xlsx?|txt))+", re.IGNORECASE)
_PREPARED = re.compile(r"(?<=\w)(data_?set|data|(pre)?processed|clean(ed)?)$")  # what a table is, not what it is of
_READS = ("read_csv", "read_table", "read_excel", "make_csv_dataset")
# Folders of the collections of graphs of TU Dortmund.
_GRAPHS = {"PROTEINS", "ENZYMES", "COLLAB", "MUTAG", "NCI1", "NCI109", "PTC_MR", "IMDB-BINARY", "REDDIT-BINARY"}
_PATHS = {"join", "Path", "PurePath", "expanduser", "abspath", "glob", "iglob", "str"}
_COMPOUND = {ast.Call, ast.BinOp, ast.JoinedStr}
_NESTED = 6
_WORDS = 4  # spaces in a path
# Or how many pixels wide, or how much of it: gopro_128, gopro_small.
_VERSION = re.compile(r"[-_](v?\d+(\.\d+)+|\d{2,3}(x\d{2,3})?(px)?|small|full|sample|subset)$")
_PATH = re.compile(r"(?=.{3,200}$)[^\n]*[/\\][^\n]*")
# imagenet.stanford.edu has others' data too; and whose folder it is says nothing: C:\\Users\\iris
_HOST = re.compile(r"^\w+://[^/]*/|^([A-Za-z]:)?[/\\]+(home|Users)[/\\]+[^/\\]+")
_CLASSES = re.compile(r"class|label|synset")  # that a network which is ready tells apart: imagenet/synset_words.txt
# A part of data, beside what they are called: DIV2K_train_HR. Results are of parts, too: logs/mnist_test.
_PART = re.compile(r"[-_](train(ing)?|valid(ation)?|val|test|HR|LR)([-_]|$)", re.IGNORECASE)
_RESULTS = re.compile(r"log|result|out(put)?s?\b|runs?\b|check_?point|ckpt|models?\b|weight|saved?|experiment|history|"
                      r"config|pre_?train", re.IGNORECASE)  # fmt: skip
LEARNED = re.compile(
    r"pre_?train|weights?\b", re.IGNORECASE
)  # what a network learned on it: pretrained_model/VGG_imagenet.npy
# The same by its kind: imagenet-vgg-verydeep-19.mat.
_READY = re.compile(r"vgg|res_?net|inception|alex_?net|mobile_?net|dense_?net|google_?net|caffe", re.IGNORECASE)
# How a network was trained that is ready, of Detectron: COCO-Detection/retinanet_R_50_FPN_3x.yaml.
_MADE_READY = re.compile(r"detection|segmentation|keypoints|rcnn|retinanet")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".pt", ".pth", ".ckpt", ".h5", ".hdf5", ".svg", ".pdf", ".log", ".mp4")
_ARRAYS = (".h5", ".hdf5")  # of data as often as of weights


def served_from(analysis: Analysis, node: ast.expr | None, frame: Frame) -> str | None:
    path = spelt(analysis, node, frame) if node is not None else ""
    return named(path, served=True) if path else None


def named(path: str, *, served: bool = False) -> str | None:
    """The dataset that a path names: the last part that does, where any part speaks of data or it is `served` from."""
    parts = re.split(r"[/\\]+", _HOST.sub("/", path))
    data = served or any(_speaks(part) for part in parts[:-1])
    last = parts[-1].lower()
    if last.endswith((".yaml", ".yml")) and _MADE_READY.search(path.lower()):
        return None
    if last.endswith(_PICTURES) and not (last.endswith(_ARRAYS) and _of_data(last.split(".")[0], data=data)):
        parts.pop()
    data = data or any(map(_speaks, parts))
    for part in reversed(parts):
        stem = part.split(".")[0]
        if part in _GRAPHS and data:
            return canonical(part) or part
        squeezed = squeeze(stem)
        if squeezed not in BY_ALIAS:  # LJSpeech-1.1
            squeezed = squeeze(_VERSION.sub("", part))
        if squeezed in BY_ALIAS and (squeezed not in TOO_GENERAL or data):
            return BY_ALIAS[squeezed] if squeezed != "imagenet" or not _CLASSES.search(last) else None
        found = mentioned(stem) if data or (_PART.search(stem) and not _RESULTS.search(path)) else None
        if found and not (found == "ImageNet" and (LEARNED.search(path) or _READY.search(part))):
            return found
    return None


def _speaks(part: str) -> bool:
    """Whether a part of a path speaks of data."""
    return "data" in part.lower() or "数据" in part or part == "input"


def _of_data(stem: str, *, data: bool) -> bool:
    """Whether an array is of data, and no weights: `data/svhn.h5`, `DRIVE_dataset_imgs_train.hdf5`."""
    return (data and squeeze(stem) in BY_ALIAS) or ("dataset" in stem and not LEARNED.search(stem))


def read(analysis: Analysis) -> dict[str, int]:
    """Datasets named by literal paths; the weakest proof, used where no call names one."""
    found: dict[str, int] = {}
    dead = cache(lambda: _left_out(analysis))
    for node in analysis.source.of(ast.Constant):
        if type(node.value) is not str or node.value.count(" ") > _WORDS:  # a sentence may hold the path of an example
            continue
        if _PATH.fullmatch(node.value) and node not in dead():
            name = named(node.value)
            if name:
                found.setdefault(name, node.lineno)
    return found or _joined(analysis, dead) or _tables(analysis)


def _joined(analysis: Analysis, dead: Callable[[], set[ast.AST]]) -> dict[str, int]:
    """Datasets that paths name which are put together: `ROOT / "glue_data" / "MRPC" / "train.tsv"`, `join(…)`."""
    found: dict[str, int] = {}
    within: set[ast.AST] = set()
    for node in analysis.source.of(ast.BinOp):
        if isinstance(node.op, ast.Div) and node not in within and node not in dead():
            step, texts = node.left, [node.right]
            while isinstance(step, ast.BinOp) and isinstance(step.op, ast.Div):
                within.add(step)
                texts.insert(0, step.right)
                step = step.left
            _note(found, [step, *texts], node.lineno)
    for executed in analysis.executed:
        call = executed.site.node
        parts = [*call.args, *(keyword.value for keyword in call.keywords)]
        for part in [call, *parts] if executed.name == "join" else parts:
            if type(part) not in _COMPOUND or not _puts_together(part) or call in dead():
                continue
            text = spelt(analysis, part, executed.frame)
            name = named(text) if _PATH.fullmatch(text.strip("/")) or _PART.search(text) else None
            if name:
                found.setdefault(name, executed.line)
    return found


def _puts_together(node: ast.expr) -> bool:
    """Whether an expression may put a path together of parts."""
    template: ast.AST = node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "join":
            return (dotted(node.func) or "").endswith("path.join")
        template = node.func.value if node.func.attr == "format" else node
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        template = node.left
    elif not isinstance(node, ast.JoinedStr) and not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
        return False
    parts = (part.value for part in walk(template) if isinstance(part, ast.Constant))
    return not isinstance(template, ast.Call) and any(isinstance(part, str) and "/" in part for part in parts)


def _note(found: dict[str, int], parts: list[ast.expr], line: int) -> None:
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    name = named("/".join(texts)) if len(texts) > 1 else None
    if name:
        found.setdefault(name, line)


def _left_out(analysis: Analysis) -> set[ast.AST]:
    """What names are bound to, and calls, in branches that what the script is set to leaves out."""
    found: set[ast.AST] = set()
    holds = analysis.evaluator.resolver.holds
    for scope in analysis.program.scopes:
        bound = [(b.node, b.guards) for bindings in scope.bindings.values() for b in bindings if b.guards]
        guarded = [*bound, *((site.node, site.guards) for site in scope.calls if site.guards)]
        for node, guards in guarded:
            if isinstance(node, ast.AST) and any(holds(guard, Frame(scope)) is False for guard in guards):
                found |= set(walk(node))
    return found | _looked_up(analysis) | _tested_on(analysis)


def _tested_on(analysis: Analysis) -> set[ast.AST]:
    """The paths of options that name data to test on, where others name what to train on: `--train_root --lfw_test`."""
    options = [option for option in analysis.evaluator.resolver.options.all() if option.default is not None]
    trained = any("train" in o.name.lower() and _is_path(o.default) for o in options)
    tested = [o.default for o in options if trained and loaders.of_tests(o.name)]
    return {node for default in tested if default is not None for node in walk(default)}


def _is_path(node: ast.expr | None) -> bool:
    constants = [part.value for part in walk(node) if isinstance(part, ast.Constant)] if node is not None else []
    return any(type(value) is str and _PATH.fullmatch(value) is not None for value in constants)


def _looked_up(analysis: Analysis) -> set[ast.AST]:
    """The entries of tables of which an expression takes one, none of which is known to be it: `PATHS[args.task]`, and
    the classes of the script that are such entries: `PROCESSORS[args.task]()`."""
    found: set[ast.AST] = set()
    looks = [(node.value, node.slice) for node in analysis.source.of(ast.Subscript)]
    looks += [(call.func.value, call.args[0]) for call in analysis.source.of(ast.Call)
              if isinstance(call.func, ast.Attribute) and call.func.attr == "get" and call.args]  # fmt: skip
    named = {table.id for table, key in looks if isinstance(table, ast.Name) and not isinstance(key, ast.Constant)}
    bound = (b.node for scope in analysis.program.scopes for name in named for b in scope.bindings.get(name, []))
    tables = [node for node in bound if isinstance(node, ast.Dict) and len(node.values) > 1]
    entries = {value.id for node in tables for value in node.values if isinstance(value, ast.Name)}
    for node in (*tables, *(scope.node for scope in analysis.program.classes if scope.name in entries)):
        found |= set(walk(node))
    return found


def _tables(analysis: Analysis) -> dict[str, int]:
    """Datasets that a table which is read is called for: `read_csv("Iris.csv")`."""
    found: dict[str, int] = {}
    for executed in (executed for name in _READS for executed in analysis.called.get(name, [])):
        given = executed.site.node.args
        path = spelt(analysis, _opened(given[0]), executed.frame) if given else ""
        match = _TABLE.fullmatch(re.split(r"[/\\]", path)[-1])
        stem = _PREPARED.sub("", squeeze(match["stem"])) if match is not None else ""
        known = _TABLES.get(stem) or (BY_ALIAS.get(stem) if stem not in TOO_GENERAL else None)
        if known:
            found.setdefault(known, executed.line)
    return found


def _opened(node: ast.expr) -> ast.expr:
    """The path of a file that is opened to be read from: `read_csv(open(path))`."""
    opens = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    return node.args[0] if isinstance(node, ast.Call) and opens and node.args else node


def spelt(analysis: Analysis, node: ast.expr, frame: Frame, depth: int = 0) -> str:
    """The text of a path that is put together, without the parts that are not known: f"{root}/celeba/{split}"."""
    value = analysis.value(node, frame).constant
    if isinstance(value, str):
        return value
    for origin in analysis.evaluator.resolver.follow(node, frame) if depth < _NESTED else []:
        made, home = origin.node, origin.frame
        if isinstance(made, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in made.values]
            return "".join(spelt(analysis, part, home, depth + 1) for part in parts)
        if isinstance(made, ast.BinOp) and isinstance(made.op, ast.Add | ast.Div):
            between = "/" if isinstance(made.op, ast.Div) else ""
            return between.join(spelt(analysis, part, home, depth + 1) for part in (made.left, made.right))
        if isinstance(made, ast.BinOp) and isinstance(made.op, ast.Mod):
            return re.sub(r"%[-0-9.]*[a-z]", "", spelt(analysis, made.left, home, depth + 1))
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) and made.func.attr == "format":
            return re.sub(r"\{[^{}]*\}", "", spelt(analysis, made.func.value, home, depth + 1))
        if isinstance(made, ast.Call) and made.args and (dotted(made.func) or "").rpartition(".")[2] in _PATHS:
            listed = made.args[0].elts if isinstance(made.args[0], ast.List | ast.Tuple) else made.args  # sep.join([…])
            return "/".join(spelt(analysis, part, home, depth + 1) for part in listed)
    return ""
