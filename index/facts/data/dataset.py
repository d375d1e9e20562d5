"""The data a script trains on, by its canonical name: from the constructor, the loading call, or a path."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache, partial

from index.facts.data import (
    dataset_arrays,
    dataset_classes,
    dataset_columns,
    dataset_downloads,
    dataset_modules,
    dataset_paths,
    dataset_prose,
    dataset_stems,
    dataset_tables,
    dataset_words,
    loaders,
)
from index.facts.data.dataset_calls import LIBRARIES, constructed, is_open
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import Guard, dotted, written
from index.facts.training import launching
from index.facts.training.training import Training
from index.files.tree import walk
from index.known.datasets import ALIASES, canonical, mentioned, of_class

_ASKED = re.compile(r"data_?set(_?(name|type))?\b", re.IGNORECASE)  # args["dataset"].lower() == "leather"
_READING = Identifiers(
    r"data|load|fetch|read|get|prepare|make|download|input|corpus|split|image|iter|samples|task", re.IGNORECASE
)
_CLASSES = re.compile(r"class|label|synset", re.IGNORECASE)  # from imagenet_classes import names
# normalize_imagenet(x) scales any images
_SCALES = Identifiers(
    r"normali[sz]|standardi[sz]|^_?(re)?scale_|imagenet_?(stat|mean|std)|preprocess_input|decode_predictions",
    re.IGNORECASE,
)
_READS = Identifiers(
    r"(from|load|read|get|make|create|build)_(path|folder|dir|files?|data|data_?set|loader|data_?loader)s?$"
)
# A constant that says where data lies; IMAGENET_DEFAULT_MEAN scales any images.
_PLACE = re.compile(r"(^|_)(PATH|DIR|ROOT|FOLDER|FILE)S?(_|$)")
_LOADS_OF = Identifiers(r"(load|read|fetch|prepare|(maybe_)?download)(_|$)")


def read(analysis: Analysis, trainings: list[Training], *, trains: bool = True) -> tuple[str | None, int, str]:
    """The dataset of the main stage, else the only one of the script, with the line that says so, and where it is said
    if that is another file; (None, 0, "") where it is not clear. `trains`: whether the script, or what it runs beside
    it, is seen to train at all."""
    served = of_loader(analysis, trainings)
    if served is not None:
        return served
    done = cache(lambda: last_trained(analysis, trainings))
    named = partial(_by_name, done=done)
    for tier in (partial(of_calls, done=done), _by_setting, _by_option, named, partial(_by_path, done=done)):
        names = tier(analysis)
        if not trains and _only_tried(analysis, names):
            return None, 0, ""
        apart = chosen_between(analysis) if tier is named else set()
        if len(apart) > 1 or (apart and names and (apart.isdisjoint(names) or _or_any(analysis, apart))):
            return chosen(analysis)
        if len(names) > 1 and tier is not _by_setting:  # one of several: a setting may say which
            for told_by in (_by_setting, dataset_words.settings):
                names = {name: line for name, line in told_by(analysis).items() if name in names} or names
        cut = dataset_arrays.read(analysis, trainings[-1]) if len(names) > 1 and trainings else {}
        if cut and cut.keys() <= names.keys():  # of which the loop takes its batches
            return " / ".join(cut), next(iter(cut.values())), ""
        if len(names) > 1 and (told := dataset_words.configured(analysis)) is not None and told[0] in names:
            return told[0], names[told[0]], told[1]
        if len(names) == 1 and not _run(analysis, names):  # in a function for another choice
            names = _by_option(analysis) or names
        if names:
            return only(names)
    if trainings:
        return in_words(analysis, trainings[-1].line)
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
    """What a script that plays in no environment calls its data, the one named folder or table that it takes them from,
    or the name that its prose has for them, with the line."""
    if dataset_words.plays(analysis):
        return None, 0, ""
    told = dataset_classes.called(analysis) or dataset_classes.folders(analysis)
    return only(told or dataset_tables.read(analysis) or dataset_prose.unknown(analysis))


def known_alone(names: dict[str, int]) -> dict[str, int]:
    """The same names, where all are of known datasets."""
    return names if all(map(canonical, names)) else {}


def of_loader(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str] | None:
    """What the loader of the last training that has one serves; None where no loader says it."""
    for training in reversed(trainings):
        if training.loader is not None:
            node, frame = training.loader
            made = [o for o in loaders.sources(analysis, node, frame) if isinstance(o.node, ast.Call)]
            built = {constructed(analysis, o.node, o.frame): o for o in made if isinstance(o.node, ast.Call)}
            if len(built) > 1:
                return None, 0, ""  # one of several, and nothing says which
            for found, origin in built.items():
                if found:
                    return found, *analysis.evaluator.placed(getattr(origin.node, "lineno", 0), origin.frame)
    return None


def in_words(analysis: Analysis, line: int) -> tuple[str | None, int, str]:
    """The dataset of a script that trains, where only its words, or the files beside it, say which it is."""
    chosen = dataset_words.chosen(analysis)
    if chosen is not None:
        return (*chosen, "")
    for reader in (
        dataset_words.settings,
        dataset_words.handed,
        dataset_words.told,
        dataset_downloads.competitions,
        dataset_words.files,
        dataset_downloads.downloads,
        dataset_columns.read,
    ):
        names = reader(analysis)
        if names:
            return only(names)
    configured = dataset_words.configured(analysis)
    if configured is None and _runs(analysis, line) and not dataset_classes.called(analysis):
        configured = dataset_words.beside_settings(analysis)
    if configured is not None:
        return configured[0], line, configured[1]
    elsewhere = dataset_modules.read(analysis)
    if elsewhere:
        return elsewhere[0] if len(elsewhere) == 1 else (None, 0, "")
    names = dataset_prose.spoken(analysis)
    classes = {} if names else dataset_classes.read(analysis)
    names = names or dataset_words.named(analysis) or known_alone(classes)
    names = names or ({} if classes else dataset_words.saved(analysis))
    if names:
        return only(names)
    if classes or not _runs(analysis, line):
        return None, 0, ""
    readme = dataset_prose.beside(analysis)
    placed = dataset_stems.folder(analysis.source.path) if not dataset_words.plays(analysis) else None
    return (readme, line, "README") if readme else (placed, line, "") if placed else (None, 0, "")


def _runs(analysis: Analysis, line: int) -> bool:
    """Whether running the script runs the training at a line, rather than only offering it to others."""
    return any(line in (call.line, *(loop.node.lineno for loop in call.loops)) for call in analysis.execution.calls)


def only(names: dict[str, int]) -> tuple[str | None, int, str]:
    name, line = next(iter(names.items()), (None, 0))
    return (name, line, "") if len(names) == 1 else (None, 0, "")


def last_trained(analysis: Analysis, trainings: list[Training]) -> int:
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


def _only_tried(analysis: Analysis, names: dict[str, int]) -> bool:
    """Whether a network that nothing trains is only tried on all that names a dataset: `WiderFace(split="val")`."""
    made = [executed for executed in analysis.executed if executed.line in names.values()]
    tried = {executed.line for executed in made if loaders.held_out(executed.site.node)}
    return bool(names) and tried.issuperset(names.values()) and not launching.launched(analysis)


def of_calls(analysis: Analysis, done: Callable[[], int], calls: list[Executed] | None = None) -> dict[str, int]:
    """Datasets that a call of a library builds or loads, before the last training is done."""
    names: dict[str, int] = {}
    for executed in analysis.executed if calls is None else calls:
        found = constructed(analysis, executed.site.node, executed.frame)
        if found and not _after(analysis, executed, done) and not loaders.only_tests(executed):
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


def _by_path(analysis: Analysis, done: Callable[[], int]) -> dict[str, int]:
    """The datasets that paths name, of a notebook before the last training is done."""
    names = dataset_paths.read(analysis)
    return {name: line for name, line in names.items() if line <= done()} if len(analysis.source.cells) > 1 else names


def _run(analysis: Analysis, names: dict[str, int]) -> bool:
    """Whether what names a dataset is among what the script runs."""
    return bool({*names.values()} & {executed.line for executed in analysis.execution.calls})


def _by_option(analysis: Analysis) -> dict[str, int]:
    """The known dataset that an option called for it is by default, whatever folder the data lies in."""
    name, line = dataset_words.chosen(analysis) or (None, 0)
    return {name: line} if name in ALIASES else {}


def chosen_between(analysis: Analysis) -> set[str]:
    """Datasets that tests of an unknown setting tell apart: what stands under one of them proves nothing."""
    tests = {
        guard.test for executed in analysis.executed for guard in executed.site.guards
        if undecided(analysis, guard, executed.frame)
    }  # fmt: skip
    return {name for test in tests for name in told_apart(test)}


def _or_any(analysis: Analysis, apart: set[str]) -> bool:
    """Whether what is not the one dataset that a test asks for is read from wherever whoever runs the script says:
    `data = from_gtzan() if kind == "gtzan" else from_path(args.data)`."""
    for executed in analysis.executed:
        for guard in executed.site.guards:
            other = not guard.wanted and undecided(analysis, guard, executed.frame)
            if other and _READS.match(executed.name) and apart.issuperset(told_apart(guard.test) or [""]):
                return True
    return False


def undecided(analysis: Analysis, guard: Guard, frame: Frame) -> bool:
    """Whether a comparison is of a setting that the script leaves open."""
    return isinstance(guard.test, ast.Compare) and analysis.evaluator.resolver.holds(guard, frame) is None


def told_apart(test: ast.expr) -> list[str]:
    """The datasets that a test compares with; where it asks for the dataset, one that is not known is one too."""
    texts = [part.value for part in walk(test) if isinstance(part, ast.Constant)]
    said = [text for text in texts if isinstance(text, str) and not _ASKED.search(text)]
    asked = bool(said) and isinstance(test, ast.Compare) and _ASKED.search(written(test.left)) is not None
    return [name for text in said if (name := canonical(text) or (text if asked else None))]


def _by_name(analysis: Analysis, done: Callable[[], int]) -> dict[str, int]:
    """Datasets in the names of the functions and classes that make the data, here or in another file."""
    names: dict[str, int] = {}
    tested: set[str] = set()
    for executed in analysis.executed:
        for found in named_by(analysis, executed):
            if loaders.only_tests(executed):
                tested.add(found)
            elif not _after(analysis, executed, done):
                names.setdefault(_place_given(analysis, executed) or found, executed.line)
    if not names:  # `from data.celeba import make_loader`
        read = cache(lambda: {node.id for node in analysis.source.of(ast.Name) if isinstance(node.ctx, ast.Load)})
        apart = cache(lambda: _left_out(analysis))
        for own_name, bindings in analysis.program.module.bindings.items():
            for binding in bindings:
                full = str(binding.node) if binding.kind == "import" else ""
                home, _, made = full.rpartition(".") if "." in full else (full, "", "")  # import celeba_loader
                constant = made.isupper() and "_" in made and not (_PLACE.search(made) and own_name in read())
                own = home.split(".")[0] not in LIBRARIES and not constant
                named = made.islower() and mentioned(made) == canonical(made) is not None  # from project import mnist
                # of a library, only what is called
                known = mentioned(home) or mentioned(made) if home and own and not _CLASSES.search(full) else None
                known = None if known in tested or _SCALES.search(made) or own_name in apart() else known
                if known and not _is_database(analysis, known) and (named or _READING.search(f"{home} {made}")):
                    names.setdefault(known, binding.line)
        names = names or _of_star(analysis)
    return names


def _place_given(analysis: Analysis, executed: Executed) -> str | None:
    """The dataset that a place names which a call is given: what was written for one is also used for another."""
    paths = (dataset_paths.spelt(analysis, part, executed.frame) for part in executed.site.node.args)
    return next((name for path in paths if re.search(r"[/\\]", path) and (name := dataset_paths.named(path))), None)


def _of_star(analysis: Analysis) -> dict[str, int]:
    """Datasets in the names of places that come with all of a module: `root=DIV2K_PATH` of `from config import *`."""
    starred = "*" in analysis.program.module.bindings
    names: dict[str, int] = {}
    for node in analysis.source.of(ast.Name) if starred else []:
        if isinstance(node.ctx, ast.Load) and node.id.isupper() and "_" in node.id and _PLACE.search(node.id):
            known = mentioned(node.id) if node.id not in analysis.program.module.bindings else None
            if known:
                names.setdefault(known, node.lineno)
    return names


def _left_out(analysis: Analysis) -> set[str]:
    """What is only called in branches that what the script is set to leaves out: `if task == "qa": SQuAD(args)`."""
    called = {site.name for scope in analysis.program.scopes for site in scope.calls if site.guards}
    return called - analysis.called.keys()


def named_by(analysis: Analysis, executed: Executed) -> list[str]:
    """The datasets that a function or class which makes data is called for, here or in another file."""
    names: list[str] = []
    if is_open(analysis, executed.site.node.func, executed.frame):
        return names
    full = analysis.name(executed.site.node.func, executed.frame)
    for last in dict.fromkeys((full.split(".")[-1], executed.name)):  # `from util import get_data as get_mnist`
        made = full if last[:1].isupper() else last  # dataset.DspritesManager(…)
        speaks = bool(_READING.search(made) or canonical(last) or _called_so(executed.site.node, last))
        speaks = speaks and _SCALES.search(last) is None
        found = (mentioned(last) or of_class(last)) if speaks else None
        if found is None and "." in full and _LOADS_OF.match(last):  # cifar10.load_training_data()
            found = canonical(full.split(".")[-2]) or mentioned(full.split(".")[-2])
        names += [found] if found and not _is_database(analysis, found) else []
    return names


def _is_database(analysis: Analysis, name: str) -> bool:
    """Whether what is called imdb is the image database of a detector, and no reviews."""
    return name == "IMDB" and "roidb" in analysis.source.text


def _called_so(call: ast.Call, made: str) -> bool:
    """Whether what a class is named for is also what it is given: `OmniglotNShot("omniglot", shots=5)`."""
    first = call.args[0] if call.args and made[:1].isupper() else None
    named = canonical(first.value) if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    return named is not None and mentioned(made) == named
