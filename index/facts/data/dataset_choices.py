"""The few data sets that whoever runs a script chooses between, where the script itself prefers none of them.

`ResNet.py {cifar10,cifar100}` trains on the one or the other, and on nothing else: that is what its text states.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from index.facts.data import dataset, dataset_words
from index.facts.data.dataset_calls import constructed
from index.facts.data.dataset_classes import own
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.options import Option
from index.facts.evaluation.program import dotted
from index.known.datasets import canonical
from index.known.words import CAMEL

_ALL = re.compile(r"(train(ing)?_?)?data_?sets$", re.IGNORECASE)
_MADE_UP = re.compile(r"toy(_?data(_?set)?)?|synthetic|dummy|fake|random|simulated|artificial", re.IGNORECASE)
_MOST = 4  # of more, none is what the script is about


def read(analysis: Analysis) -> tuple[str | None, int, str]:
    """The known data sets of which a run takes one, "CIFAR10 / CIFAR100", with the line that says so."""
    for found in (_of_option(analysis), _asserted(analysis), _of_table(analysis), _of_branches(analysis)):
        if found is not None:
            names, line = found
            return " / ".join(names), line, ""
    return None, 0, ""


def together(analysis: Analysis) -> tuple[str | None, int, str]:
    """The known data sets that an option lists, of which a run takes all: `--datasets` of `["mnist", "svhn"]`."""
    for option in analysis.evaluator.resolver.options.all():
        if _ALL.match(option.name) and option.default is not None:
            texts = _texts(analysis, option.default, Frame(option.scope))
            names = [canonical(text) for text in texts]
            if names and len(names) <= _MOST and all(names):
                return " / ".join(dict.fromkeys(name for name in names if name)), option.line, ""
    return None, 0, ""


def _few(said: Iterable[str | None]) -> list[str] | None:
    """Names without repetition, where there are few and all of them are known."""
    names = list(dict.fromkeys(said))
    return [name for name in names if name] if 2 <= len(names) <= _MOST and all(names) else None


def _of_option(analysis: Analysis) -> tuple[list[str], int] | None:
    """What the option `--dataset` may be, as it says itself: `choices=["cifar10", "cifar100"]`."""
    for option in analysis.evaluator.resolver.options.all():
        if dataset_words.asks(option.name) and option.choices is not None and _open(option):
            names = _few_or_one(_texts(analysis, option.choices, Frame(option.scope)))
            return (names, option.line) if names else None
    return None


def _asserted(analysis: Analysis) -> tuple[list[str], int] | None:
    """What the setting is asserted to be that is called for the data: `assert args.dataset in ["cora", "pubmed"]`."""
    for node in analysis.source.of(ast.Assert):
        match node.test:
            case ast.Compare(left=asked, ops=[ast.In()], comparators=[ast.List() | ast.Tuple() | ast.Set() as all_of]):
                parts = all_of.elts
            case ast.Compare(left=asked, ops=[ast.Eq()], comparators=[ast.Constant() as only]):
                parts = [only]
            case _:
                continue
        texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if dataset_words.asks((dotted(asked) or "").rpartition(".")[2]) and len(texts) == len(parts):
            names = _few_or_one(texts)
            return (names, node.lineno) if names else None
    return None


def _few_or_one(texts: list[str]) -> list[str] | None:
    """The known names among which one is chosen, or the only one that there is, whether it is known or not."""
    if len(texts) == 1:
        known = canonical(texts[0]) or (
            texts[0] if dataset_words.plain(texts[0]) and own(CAMEL.findall(texts[0])) else None
        )
        return [known] if known else None
    return _few(map(canonical, texts))


def _open(option: Option) -> bool:
    return option.default is None or (isinstance(option.default, ast.Constant) and option.default.value is None)


def _texts(analysis: Analysis, node: ast.expr, frame: Frame) -> list[str]:
    """The texts of a list that is written out, or the keys of a table: `list(DATASETS)`, `DATASETS.keys()`."""
    if isinstance(node, ast.Call) and not node.keywords:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "keys":
            node = node.func.value
        elif isinstance(node.func, ast.Name) and node.func.id in {"list", "sorted", "tuple"} and node.args:
            return _texts(analysis, node.args[0], frame)
    origins = analysis.evaluator.resolver.follow(node, frame)
    made = origins[0].node if len(origins) == 1 else None
    parts = made.keys if isinstance(made, ast.Dict) else getattr(made, "elts", [])
    return [part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "" for part in parts]


def _of_table(analysis: Analysis) -> tuple[list[str], int] | None:
    """The classes of which a table gives one, `{"mnist": MNIST, "celeba": CelebA}[args.dataset](root)`, or for which a
    name stands: `made = MNIST if digits else SVHN`, and then `made(root)`."""
    follow = analysis.evaluator.resolver.follow
    for executed in analysis.executed:
        origins = follow(executed.site.node.func, executed.frame)
        if len(origins) > 1 and (names := _few(_of_class(origin.name) for origin in reversed(origins))):
            return names, executed.line  # the last of the text is the first here
        for origin in origins:
            tables = follow(origin.node.value, origin.frame) if isinstance(origin.node, ast.Subscript) else []
            if len(tables) == 1 and isinstance(tables[0].node, ast.Dict):
                classes = [analysis.name(value, tables[0].frame) for value in tables[0].node.values]
                names = _few(map(_of_class, classes))
                if names:
                    return names, executed.line
    return None


def _of_class(full: str) -> str | None:
    home, _, last = full.rpartition(".")
    return canonical(last) if home else None


def _of_branches(analysis: Analysis) -> tuple[list[str], int] | None:
    """The data sets that the arms of a test make: `if args.dataset == "mnist": data = MNIST(…)`, `else: …`."""
    told = dataset.chosen_between(analysis)
    made: dict[str, int] = {}
    for executed in analysis.executed if told else []:
        tests = list(_tests(analysis, executed))
        built = constructed(analysis, executed.site.node, executed.frame)
        for name in [built] if built else dataset.named_by(analysis, executed):
            if not any(map(dataset.told_apart, tests)):  # whatever is chosen
                return None
            made.setdefault(name, executed.line)
    known = {name for name in told if not _MADE_UP.fullmatch(name)}
    if len(told) > len(known) == 1 and made.keys() == known:  # else what the script makes up itself
        return list(known), made[next(iter(known))]
    names = _few(made) if told <= made.keys() else None
    return (names, next(iter(made.values()))) if names else None


def _tests(analysis: Analysis, executed: Executed) -> Iterator[ast.expr]:
    """The open tests under which something runs, also those around the calls that lead there."""
    site, frame = executed.site, executed.frame
    while True:
        yield from (guard.test for guard in site.guards if dataset.undecided(analysis, guard, frame))
        if frame.call is None or frame.caller is None:
            return
        site, frame = frame.call, frame.caller
