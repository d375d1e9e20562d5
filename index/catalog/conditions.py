"""Filters as SQL over the catalogue. A negated filter keeps what does not state the value at all; one for a dataset
also a script that leaves open what it is trained on, and names that in its code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from typing import Any, Protocol

from index.known import glossary
from index.known.components import KERAS, STAGES
from index.known.datasets import ALIASES, BY_ALIAS, TOO_GENERAL
from index.known.glossary import OPTIMIZERS, implying
from index.understanding.filters import Filter, Item, Scalar
from index.understanding.lexicon import EVERYDAY

# words that alone do not state a dataset, and hardly name anything else
PLAIN = {"COCO": ("coco",), "VOC": ("voc", "pascal"), "DTD": ("dtd",), "USPS": ("usps",), "Titanic": ("titanic",),
         "Cora": ("cora",), "Reuters": ("reuters",), "Iris": ("iris",)}  # fmt: skip
NAMED_EVERYWHERE = {"ImageNet"}  # as what a network was trained on before
# of scikit-learn, beside which a library of boosted trees is one more of several
ESTIMATORS = tuple(f"sklearn.{module}" for module in ("linear_model", "ensemble", "svm", "tree", "neighbors",
                                                      "naive_bayes", "neural_network"))  # fmt: skip
_BOOSTERS = ("XGBoost", "LightGBM", "CatBoost")
TPU = "TPU"  # which scripts hardly name but to run on it
_LONG_ENOUGH = 5  # letters, of a name within that of a file or folder
_NEAREST = 3  # the file and the folders next to it
_STAGE_FIELDS = {"batch", "lr", "epochs", "optimizer"}
# a day starts at midnight UTC, the clock of every time shown
_SECONDS = {"created": "s.created", "modified": "(s.mtime_ns / 1000000000)"}


class Containing(Protocol):
    """Gives the scripts that hold a text: anywhere, or in their own `source`, or also in the names of
    `farther` folders."""

    def __call__(self, text: str, *, source: bool = False, farther: bool = False) -> set[int]: ...


def condition(wanted: Filter, containing: Containing) -> tuple[str, list[Any]]:
    """One filter as an SQL condition on `scripts s`."""
    sql, values = _positive(wanted, containing)
    return (f"NOT COALESCE(({sql}), 0)" if wanted.negated else f"({sql})"), values


def _positive(wanted: Filter, containing: Containing) -> tuple[str, list[Any]]:
    field = wanted.field
    if wanted.op in {"any", "all"}:
        parts = [condition(part, containing) for part in wanted.parts]
        joint = " OR " if wanted.op == "any" else " AND "
        return joint.join(sql for sql, _ in parts), [value for _, values in parts for value in values]
    if wanted.any_value:
        stages = f"s.id IN (SELECT script FROM stages g WHERE g.{field} IS NOT NULL)"
        return f"s.{field} IS NOT NULL" + (f" OR {stages}" if field in _STAGE_FIELDS else ""), []
    words = [str(item) for item in wanted.items]
    if field in _SECONDS:
        return _any(wanted, partial(_days, _SECONDS[field]))
    if field == "text":
        spoken = [name for word in words for name in (word, *glossary.apart(word))]
        held = partial(containing, farther=True) if wanted.negated else containing
        return _among(set[int]().union(*map(held, spoken))), []
    if field == "tag":
        names = [name for word in words for name in implying(word)]
        marks = ",".join("?" * len(names))
        return f"s.id IN (SELECT script FROM tags WHERE name IN ({marks}))", [*names]
    if field == "uses":
        built = f"s.id IN (SELECT script FROM uses WHERE name IN ({','.join('?' * len(words))}))"
        several = " OR s.id IN (SELECT script FROM stages WHERE place > 0)" if STAGES in words else ""
        return built + several, [*words]
    if field == "dataset" and not wanted.negated:
        stated, values = _any(wanted, partial(_value, "s.dataset"))
        return f"({stated}) OR (s.dataset IS NULL AND {_among(naming(words, containing))})", values
    if field in _STAGE_FIELDS:
        inner, values = _any(of_kin(wanted), partial(_value, f"g.{field}"))
        return f"s.id IN (SELECT script FROM stages g WHERE {inner})", values
    if field in {"framework", "arch", "hw", "path", "model"}:
        column = "s.model_id" if field == "model" else f"s.{field}"
        having = dict.fromkeys(map(str.lower, words), f"instr(lower({column}), ?) > 0")
        if field == "framework" and "keras" in having:  # the facts have one name for it and TensorFlow
            plain = containing("tensorflow", source=True) | containing("tflearn", source=True)
            keras = f"s.id IN (SELECT script FROM uses WHERE name = '{KERAS}')"  # as a comment may name it, too
            having["keras"] += f" AND ({keras} OR NOT {_among(plain)})"
        if field == "framework" and "scikit-learn" in having:  # the facts name the other library where both fit
            fitting = set[int]().union(*(containing(module, source=True) for module in ESTIMATORS))
            having["scikit-learn"] += f" OR (s.framework IN {_BOOSTERS} AND {_among(fitting)})"
        return " OR ".join(f"({one})" for one in having.values()), [*having]
    return _any(wanted, partial(_value, f"s.{field}"))


def of_kin(wanted: Filter) -> Filter:
    """A filter for SGD also as TensorFlow and Chainer call it with momentum, an optimizer of its own."""
    if wanted.field == "optimizer" and "SGD" in wanted.items:
        return replace(wanted, op="in", value=(*wanted.items, "Momentum"))
    return wanted


def worlds(wanted: Filter) -> bool:
    """Whether a filter asks for worlds that agents act in: CartPole."""
    return wanted.field == "text" and not wanted.negated and {*map(str, wanted.items)} <= glossary.ENVIRONMENTS.keys()


def naming(datasets: Iterable[str], containing: Containing) -> set[int]:
    """The scripts whose code names one of some datasets, and not as a part of another's name: no MNIST where it is
    FashionMNIST."""
    found: set[int] = set()
    for dataset in set(datasets) - NAMED_EVERYWHERE:
        own, longer = _aliases(dataset)
        here, elsewhere = (
            set[int]().union(*(containing(alias, source=True) for alias in some)) for some in (own, longer)
        )
        found |= here - elsewhere
    return found


def called_after(datasets: Iterable[str], path: str, within: int = _NEAREST) -> str:
    """The file or folder, of the `within` nearest to a script, that is called after one of some datasets: "17flowers";
    else nothing. What only begins so is that as well ("run_celebahq"), what ends so is another: no MNIST in "kmnist". A
    name that is an everyday word as well has to stand alone: "kaggle-titanic"."""
    named = [*datasets]
    names = [_aliases(dataset) for dataset in named]
    everyday = {alias for dataset in named for alias in ALIASES.get(dataset, ()) if alias in TOO_GENERAL}
    for part in reversed(path.split("/")[-within:]):
        squeezed = re.sub(r"[^a-z0-9]", "", part.lower())
        words = {*re.findall(r"[a-z]+\d*", part.lower())}
        if not everyday.isdisjoint(words):
            return part
        for own, longer in names:
            long = (alias for alias in own if len(alias) >= _LONG_ENOUGH and _within(alias, squeezed))
            alias = next(long, None) or next(iter(own & words), None)  # "imdb-sentiment"
            if alias and not any(other in squeezed and not other.startswith(alias) for other in longer):
                return part
    return ""


def made_of(datasets: Iterable[str]) -> tuple[str, ...]:
    """The datasets that are made of some, and called after them: CelebA-HQ of CelebA. No CIFAR-100 of CIFAR-10."""
    return tuple(
        other
        for one in datasets
        if not one[-1].isdigit()
        for other in ALIASES
        if other != one and other.startswith(one)
    )


def spelled(optimizers: Iterable[str]) -> tuple[str, ...]:
    """How optimizers are called, in one word or several: "lbfgs", "l-bfgs", "limited memory bfgs". None whose name is
    an everyday word."""
    names = [name for one in optimizers if one.lower() not in EVERYDAY for name in (one, *OPTIMIZERS.get(one, ()))]
    return tuple(dict.fromkeys(way for name in names for way in (name.lower(), name.lower().replace(" ", "-"))))


@cache
def _aliases(dataset: str) -> tuple[frozenset[str], frozenset[str]]:
    """How a dataset is called, and what others are called with that as a part."""
    own = frozenset(alias for alias in ALIASES.get(dataset, ()) if alias not in TOO_GENERAL)
    longer = {other for other, name in BY_ALIAS.items() if name != dataset and any(_within(one, other) for one in own)}
    return own, frozenset(longer)


def _within(alias: str, text: str) -> bool:
    """Whether a name is a part of a text: "cifar10" is none of "cifar100"."""
    return alias in text and re.search(rf"{re.escape(alias)}(?!\d)", text) is not None


def _among(scripts: set[int]) -> str:
    return f"s.id IN (SELECT value FROM json_each('{sorted(scripts)}'))"


def _any(wanted: Filter, one: Callable[[Item], tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    parts = [one(item) for item in wanted.items]
    return " OR ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _value(column: str, item: Item) -> tuple[str, list[Any]]:
    if isinstance(item, tuple):
        return _between(column, *item)
    if isinstance(item, str) and column == "s.dataset":  # one of those that a run chooses between: "MNIST / CIFAR10"
        return f"instr(' / ' || lower({column}) || ' / ', ?) > 0", [f" / {item.lower()} / "]
    if isinstance(item, str):
        return f"lower({column}) = ?", [item.lower()]
    if isinstance(item, float):
        return f"ABS({column} - ?) <= 1e-9 * ABS({column})", [item]
    return f"{column} = ?", [item]


def _days(column: str, item: Item) -> tuple[str, list[Any]]:
    first, last = item if isinstance(item, tuple) else (item, item)
    end = None if last is None else _midnight(str(last)) + 86399.999999  # to the last moment of the day
    return _between(column, None if first is None else _midnight(str(first)), end)


def _between(column: str, low: Scalar | None, high: Scalar | None) -> tuple[str, list[Any]]:
    ends = [(">=", low), ("<=", high)]
    given = [(sign, end) for sign, end in ends if end is not None]
    return " AND ".join(f"{column} {sign} ?" for sign, _ in given), [end for _, end in given]


def _midnight(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)) // timedelta(seconds=1)
