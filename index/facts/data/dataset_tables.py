"""The data that the tables, arrays and texts of a script are called for: `height.csv`, `SML2010/NEW-DATA-1.txt`.

The last word where nothing else speaks of the data, as in dataset_classes: one name, that says more than what any
table may be.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from index.facts.data import dataset_formats, dataset_paths, dataset_words, loaders
from index.facts.data.dataset_classes import PARTS, SPLITS, anywhere, general, own
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.known.datasets import TOO_GENERAL, mentioned, squeeze
from index.known.words import CAMEL

# A table of any name in a folder of data that has one: data/yelp/reviews.csv.
_IN_FOLDER = re.compile(
    r"(?:^|/)(?:[Dd]ata|[Dd]atasets?|input)/(?:raw/)?(?P<name>[A-Za-z][\w-]*)/[\w-]+"
    r"\.(?:csv|tsv|xlsx?|parquet|jsonl?|txt|npy|npz|pkl|mat|h5|hdf5)$"
)
# One that is called so itself, wherever it lies: Data/Persian_tweets_dataset/anger.csv.
_OF_DATA = re.compile(r"(?:^|/)(?P<name>[A-Za-z]\w*[_-](?:[Dd]ata_?[Ss]et|[Cc]orpus))/[\w. -]+\.\w+$")
# The same where nothing else lies above it: SML2010/NEW-DATA-1.T15.txt.
_UNDER = re.compile(
    r"(?:\.{1,2}/)*(?P<name>[A-Za-z][\w-]*)/[\w. -]+\.(?:csv|tsv|xlsx?|parquet|txt|mat|npz|npy|arff|dat)"
)
_TEXT = re.compile(r"(?:^|[/\\])(?P<name>[A-Za-z][\w-]*)\.(?:txt|dat)$")
# Also in several words, and with the number of an edition: "Windmill Outages.csv", watermelon3.0.csv.
_TABLE = re.compile(
    r"(?:^|[/\\])(?P<name>[A-Za-z][\w-]*(?: [\w-]+)*(?:\.\d\w?)?)"
    r"\.(?:csv|tsv|xlsx?|mat|npz|npy|pkl|pickle|arff|parquet|data)(?:\.(?:gz|zip|bz2|xz))?$"
)
# A text that is called so, and an array of one part of the data: Gossiping-QA-Dataset.txt, train_catvnoncat.h5.
_CALLED_SO = re.compile(
    r"(?:^|[/\\])(?=[\w-]*(?:[Dd]ata_?[Ss]et|[Cc]orpus)[\w-]*\.txt$|(?:train|test)_[a-z]\w*\.(?:h5|hdf5)$)"
    r"(?P<name>[A-Za-z][\w-]*)\.\w+$"
)
_LINES = re.compile(r"(?:^|[/\\])(?P<name>[A-Za-z][\w-]*)\.(?:jsonl?|csv|tsv|parquet)$")
_BARE = re.compile(r"[^/\\]+[/\\](?:.*[/\\])?(?P<name>(?=\w*([A-Z]|\d|[_-]))[A-Za-z][\w-]*)$")  # ./Files/BachChords
# Of words, not of data: their vectors, how they are told apart.
_VECTORS = re.compile(
    r"^[Ww][_-]|(^|[_-])(word2)?(vec(s|tors?)?|embed(ding)?s?|emb|vocab\w*|tokenizer)([_-]|$)|"
    r"(2|_to_?)(i|id|ids|idx|ind|index|indices|ix|word|char|tag|label)s?$|_(list|dict|map|cache|scaler|encoder)s?$",
    re.IGNORECASE,
)
_OF_WORDS = re.compile(r"word2vec|fasttext|glove", re.IGNORECASE)
_PART_OF = re.compile(rf"^({SPLITS})_(?!data(set)?_)|[_-]({SPLITS}|feats?)$", re.IGNORECASE)  # train_emoji, emoji_test
_READS_TABLES = ("read_csv", "read_table", "loadtxt", "genfromtxt")  # whatever the file ends in
_ROLES = re.compile(
    rf"{PARTS.pattern}|data(set|frame)?|samples?|x|y|df|labels?|feat(ure)?s?|targets?|ind(ex|ices)|idx|\d+",
    re.IGNORECASE,
)
_TRAINING = re.compile(r"train(ing)?", re.IGNORECASE)
_WORDS = 6  # of the name of a table
# A table of sentences in two languages is called for them: en-pl.csv.
_TONGUES = (
    r"ar|ara|bg|cs|ces|da|de|deu|ger|el|en|eng|es|spa|et|fa|fi|fin|fr|fra|fre|he|hi|hin|hr|hu|hun|id|it|ita|ja|jpn|ko|kor|"
    r"lt|lv|nl|nld|no|pl|pol|pt|por|ro|ron|ru|rus|sk|sl|sr|sv|swe|ta|te|th|tr|tur|uk|ukr|ur|vi|vie|zh|zho|cmn"
)
_PAIR = re.compile(rf"({_TONGUES})[-_]({_TONGUES})")
_SENTENCES = re.compile(rf"(?:^|[/\\])(?P<name>{_PAIR.pattern})\.txt$")
_DATA_PATH = Identifiers(r"^(data|data_?set|csv|input)_?(path|file|file_?name)$", re.IGNORECASE)
_READS = Identifiers(r"^(load|read|import|get|fetch|open)_?(data|data_?set|table|csv|excel)$", re.IGNORECASE)
# What is data by its name, and who may read it, whatever it does.
_DATA = re.compile(r"(raw_?|full_?|all_?|train(ing)?_?)?(data|data_?set|corpus|data_?frame|df)", re.IGNORECASE)
_WRITING = re.compile(
    r"(raw_?|full_?|all_?|train(ing)?_?)?(data|text|corpus|content|book|lyrics|raw|poems?)", re.IGNORECASE
)
_OWN_READS = re.compile(r"(^|_)(load|read|parse|import|unpickle)", re.IGNORECASE)
_OF_TEXTS = {"lower", "strip", "replace", "decode", "split", "splitlines"}  # that change a text that was read


def read(analysis: Analysis) -> dict[str, int]:
    """The one table that is read beside those for training and tests, where its name is its own: `height.csv`; else the
    one folder that all tables lie in."""
    paths = [*dataset_words.read_paths(analysis)]
    if called := _called(paths):
        return called
    told = [names for names in (
        _named(paths), _named(_handed(analysis)), _named(_texts(analysis), _TEXT),
        _named(_data_files(analysis), _LINES), _named(paths, _CALLED_SO), _named(_served(analysis), _CALLED_SO),
        _bound(analysis), _in_texts(analysis), _named(dataset_formats.paths(analysis), dataset_formats.FILE),
    ) if names]  # fmt: skip
    found = next(filter(_any_own, told), told[0] if told else {})
    if not _any_own(found):
        any_name = all(general(word.lower()) for name in found for word in CAMEL.findall(name) if word.isalpha())
        found = _foldered(analysis) or (_above(paths) if any_name else {}) or found
    if len(found) != 1:
        return _above(paths)
    name = next(iter(found))
    if _PAIR.fullmatch(name):
        return found
    words = CAMEL.findall(name)
    whole = own(words) and len(words) <= _WORDS and not any(map(PARTS.fullmatch, words))
    return found if whole and squeeze("".join(words)) not in TOO_GENERAL else {}


def _any_own(names: dict[str, int]) -> bool:
    """Whether one of some names says more than what any table may be."""
    return any(own(CAMEL.findall(name)) for name in names)


def _foldered(analysis: Analysis) -> dict[str, int]:
    """The folders of data whose tables are read, here or in another file: `read_csv("data/yelp/reviews.csv")`."""
    found: dict[str, int] = {}
    for path, line in (*dataset_words.read_paths(analysis), *_handed(analysis)):
        match = _IN_FOLDER.search(path[-200:].replace("\\", "/"))
        if match is not None and not anywhere(CAMEL.findall(match["name"])):
            found.setdefault(mentioned(match["name"]) or match["name"], line)
    return found


def _called(paths: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The one folder that is called a data set of its own in which something lies that is read."""
    found: dict[str, int] = {}
    for path, line in paths:
        match = _OF_DATA.search(path[-200:].replace("\\", "/"))
        words = CAMEL.findall(match["name"]) if match is not None else []
        if match is not None and own(words) and not anywhere(words) and not any(map(PARTS.fullmatch, words)):
            found.setdefault(match["name"], line)
    return found if len(found) == 1 else {}


def _above(paths: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The one folder that the tables lie in which are read, where it has a name of several words or of a year."""
    found: dict[str, int] = {}
    for path, line in paths:
        if match := _UNDER.fullmatch(path[:200]):
            found.setdefault(match["name"], line)
    words = CAMEL.findall(next(iter(found))) if len(found) == 1 else []
    said = len(words) > 1 and own(words) and not anywhere(words)
    return found if said and not any(map(PARTS.fullmatch, words)) else {}


def _named(paths: Iterable[tuple[str, int]], form: re.Pattern[str] = _TABLE) -> dict[str, int]:
    """The tables among paths whose names are more than the part that they have; not one that a name only begins; where
    some are for training by their name, those."""
    found: dict[str, int] = {}
    trained: set[str] = set()
    beside: set[str] = set()  # train_demographics.csv, of what train.csv has
    whole = False
    for path, line in paths:
        match = form.search(path[-120:]) or _SENTENCES.search(path[-120:])
        name = _PART_OF.sub("", match["name"]) if match is not None and not match["name"].endswith("_") else ""
        of_data = not dataset_words.of_weights(name) and not _VECTORS.search(name)
        of_data = of_data and not dataset_paths.LEARNED.search(path) and not _OF_WORDS.search(path)
        whole = whole or (match is not None and PARTS.fullmatch(match["name"]) is not None)
        if name and not all(map(_ROLES.fullmatch, CAMEL.findall(name))):
            if match is not None and any(map(_TRAINING.fullmatch, CAMEL.findall(match["name"]))):
                trained.add(name)
            if of_data:
                found.setdefault(name, line)
                beside |= {name} if match is not None and match["name"] != name else set()
    if whole:
        return {name: line for name, line in found.items() if name not in beside}
    return _first({name: line for name, line in found.items() if not trained or name in trained})


def _in_texts(analysis: Analysis) -> dict[str, int]:
    """The texts that are read as tables: `np.loadtxt("windmills.txt", delimiter=",")`."""
    calls = (executed for name in _READS_TABLES for executed in analysis.called.get(name, []))
    given = ((executed, executed.site.node.args[:1]) for executed in calls)
    return _named([(dataset_paths.spelt(analysis, a, e.frame), e.line) for e, args in given for a in args], _TEXT)


def _first(found: dict[str, int]) -> dict[str, int]:
    """Of several tables the one that the names of all others begin with: `AppleStore`, `appleStore_description`."""
    short = min(found, key=len, default="")
    begins = all(name.lower().startswith((f"{short.lower()}_", f"{short.lower()}-")) for name in found.keys() - {short})
    return {short: found[short]} if short and begins else found


def _bound(analysis: Analysis) -> dict[str, int]:
    """What is called data, or a text, and read by whatever function: `dataset = util.load("./Files/BachChords")`,
    `text = open("the-verdict.txt").read()`."""
    made: dict[ast.Call, str] = {}
    for node in analysis.source.of(ast.Assign):
        value, target = node.value, node.targets[0]
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _OF_TEXTS:
            value = value.func.value
        if isinstance(value, ast.ListComp):  # data = [json.loads(line) for line in open("windmills.jsonl")]
            value = value.generators[0].iter
        if isinstance(value, ast.Call) and isinstance(target, ast.Name):
            made[value] = target.id
    loaded: list[tuple[str, int]] = []
    texts: list[tuple[str, int]] = []
    lines: list[tuple[str, int]] = []
    for executed in analysis.executed if made else []:
        call = executed.site.node
        if executed.name == "read" and _WRITING.fullmatch(made.get(call, "")):
            function = call.func
            texts += _opened(analysis, function.value if isinstance(function, ast.Attribute) else function, executed)
        elif call.args and _DATA.fullmatch(made.get(call, "")):
            path = dataset_paths.spelt(analysis, call.args[0], executed.frame)
            if _OWN_READS.search(executed.name) and not path:  # data = json.load(open("windmills.json"))
                lines += _opened(analysis, call.args[0], executed)
            elif executed.name == "open":
                lines.append((path, executed.line))
            elif _OWN_READS.search(executed.name):
                loaded.append((path, executed.line))
    return _named(loaded) or _named(loaded, _BARE) or _named(texts, _TEXT) or _named(lines, _LINES)


def _opened(analysis: Analysis, read_from: ast.expr, executed: Executed) -> Iterator[tuple[str, int]]:
    """The path of the file that was opened which a call reads."""
    for origin in analysis.evaluator.resolver.follow(read_from, executed.frame):
        opens = isinstance(origin.node, ast.Call) and analysis.name(origin.node.func, origin.frame).endswith("open")
        if opens and isinstance(origin.node, ast.Call) and origin.node.args:
            yield dataset_paths.spelt(analysis, origin.node.args[0], origin.frame), executed.line


def _handed(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """The paths that functions of other files are handed which read data, `import_data("../CAC.csv")`, and those that a
    constant of the script says: `DATA_PATH = "../burgers.mat"`."""
    yield from _texts(analysis)
    for name in filter(_READS.match, analysis.called):
        for executed in analysis.called[name]:
            call = executed.site.node
            path = analysis.value(call.args[0], executed.frame).constant if call.args else ""
            if isinstance(path, str) and analysis.evaluator.resolver.own(call.func, executed.frame) is None:
                yield path, executed.line
    for node in analysis.source.of(ast.keyword):  # get_batches(data_file="data/eng-fra.txt")
        if (
            isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            and _DATA_PATH.match(node.arg or "")
        ):
            yield node.value.value, node.value.lineno


def _served(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """The paths that what the loaders serve is made of: `DataLoader(TrainDataset("output/train_holopix50k.h5"))`."""
    made = loaders.constructions(analysis)
    for executed in analysis.executed if made else []:
        call = executed.site.node
        if call in made and call.args and not loaders.only_tests(executed):
            yield dataset_paths.spelt(analysis, call.args[0], executed.frame), executed.line


def _data_files(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """The files that a dataset of Hugging Face is made of: `load_dataset("json", data_files={"train": "x.jsonl"})`."""
    for executed in analysis.called.get("load_dataset", []):
        given = argument(executed.site.node, ("data_files",))
        if given is None:
            continue
        yield dataset_paths.spelt(analysis, given, executed.frame), executed.line
        for origin in analysis.evaluator.resolver.follow(given, executed.frame):
            made = origin.node
            parts = made.values if isinstance(made, ast.Dict) else made.elts if isinstance(made, ast.List) else []
            yield from ((dataset_paths.spelt(analysis, part, origin.frame), executed.line) for part in parts)


def _texts(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """The paths that are called those of data, put together or not: `datapath = join(ROOT, "chairil_anwar.txt")`."""
    module = analysis.program.module
    for name, bindings in module.bindings.items():
        node = bindings[0].node if len(bindings) == 1 and _DATA_PATH.match(name) else None
        if isinstance(node, ast.expr) and (path := dataset_paths.spelt(analysis, node, Frame(module))):
            yield path, bindings[0].line
