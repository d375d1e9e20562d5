"""Orders and counts asked for in words: newest first, sorted by learning rate, the largest batch size, top 5."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.understanding import numbers
from index.understanding.filters import Sort

_NEWEST = {"newest", "latest", "freshest", "youngest", "recent", "recently", "lately"}
_OLDEST = {"oldest", "earliest"}
_MOST = {"largest", "biggest", "highest", "greatest", "most", "longest", "maximal", "top"}
_LEAST = {"smallest", "lowest", "fewest", "least", "shortest", "tiniest", "minimal", "littlest"}
_LARGE, _SMALL = {"largest", "biggest"}, {"smallest", "tiniest"}
_TRAINING = {"training", "trainings", "trained", "train"}
_VERBS = {"sort", "sorted", "order", "ordered", "rank", "ranked", "arrange", "arranged", "sorting", "ordering"}
_DATES = {"created": "created", "creation": "created", "date": "created", "age": "created", "modified": "modified",
          "modification": "modified", "changed": "modified", "updated": "modified", "edited": "modified",
          "recency": "created", "touched": "modified", "written": "created", "made": "created"}  # fmt: skip
_NAMES = {"name": "model", "path": "path", "model": "model", "dataset": "dataset", "framework": "framework",
          "optimizer": "optimizer"}  # fmt: skip
_DOWN = {"descending", "desc", "decreasing", "downwards"}
_UP = {"ascending", "asc", "increasing", "upwards"}
_COUNTED = [["epochs"], ["epoch"], ["batches"], ["layers"], ["steps"], ["layer"]]
THINGS = {"script", "scripts", "file", "files", "model", "models", "one", "ones", "results"}


@dataclass(frozen=True)
class Found:
    """An order, a number of results, or both; `taken` words."""

    sort: Sort | None
    limit: int | None
    taken: int


def order(
    words: Sequence[str], number_field: Callable[[int], tuple[str, int] | None], *, limited: bool = False
) -> Found | None:
    """What the first words (lower case) ask for. `number_field` knows the name of a number at an offset; `limited`: a
    number of results has been asked for, and no order."""
    if not words:
        return None
    at = 1 if words[0] == "the" and len(words) > 1 else 0
    if limited and words[0] == "by" and (ranked := _sorted(words, 1, number_field)) and ranked.sort:
        return replace(ranked, sort=Sort(ranked.sort.field, True))  # the top 3 GANs by epochs
    if words[at] in _VERBS and words[at + 1 : at + 2] == ["by"]:
        return _sorted(words, at + 2, number_field)
    counted = _counted(words, at, number_field)
    if counted is not None:
        return counted
    return _superlative(words, at, number_field)


def _counted(words: Sequence[str], at: int, number_field: Callable[[int], tuple[str, int] | None]) -> Found | None:
    """top 5 · first 3 models · 5 newest · the last 5 GANs"""
    if words[at] in _NEWEST | _OLDEST | {"last"} and (found := numbers.read(words[at + 1 :])):
        end = at + 1 + found.taken
        if isinstance(found.value, int) and 0 < found.value <= 1000 and words[end : end + 1] not in _COUNTED:
            return Found(Sort("created", words[at] not in _OLDEST), found.value, end)
    if words[at] in {"top", "first"}:
        found = numbers.read(words[at + 1 :])
        if found is None or not isinstance(found.value, int) or not 0 < found.value <= 1000:
            return None
        end = at + 1 + found.taken
        plain = end >= len(words) or words[end] in THINGS
        by = next((place for place in range(end, min(end + 3, len(words))) if words[place] == "by"), None)
        ranked = _sorted(words, by + 1, number_field) if by is not None and words[at] == "top" else None
        if ranked is not None and ranked.sort is not None and {*words[end:by]} <= THINGS:  # top 3 scripts by epochs
            return Found(Sort(ranked.sort.field, True), found.value, ranked.taken)
        return Found(None, found.value, end) if words[at] == "top" or plain else None
    found = numbers.read(words[at:])
    if found is not None and isinstance(found.value, int) and 0 < found.value <= 1000:
        rest = at + found.taken
        if rest < len(words) and (ordered := _superlative(words, rest, number_field)):  # the 5 largest models
            return replace(ordered, limit=found.value)
    if words[at] in _MOST | _LEAST and (found := numbers.read(words[at + 1 :])):  # the largest 5 models
        rest = at + found.taken
        superlative = [*words[:rest], words[at], *words[rest + 1 :]]
        ordered = _superlative(superlative, rest, number_field)
        if ordered is not None and isinstance(found.value, int) and 0 < found.value <= 1000:
            return replace(ordered, limit=found.value)
    return None


def _superlative(words: Sequence[str], at: int, number_field: Callable[[int], tuple[str, int] | None]) -> Found | None:
    first = words[at]
    descending: bool | None = first in _NEWEST or first in _MOST
    if not (descending or first in _OLDEST or first in _LEAST):
        return None
    following = words[at + 1 : at + 3]
    if first in {"most", "least"} and following[:1] in (["recent"], ["recently"]):
        verb = words[at + 2 : at + 3]
        field = _DATES.get(verb[0], "created") if verb else "created"
        return Found(Sort(field, first == "most"), None, at + 2 + (bool(verb) and verb[0] in _DATES))
    if first in _NEWEST | _OLDEST:
        field = _DATES.get(following[0], "created") if following else "created"
        taken = at + 1 + (bool(following) and following[0] in _DATES)
        return Found(Sort(field, first in _NEWEST), None, taken + (words[taken : taken + 1] == ["first"]))
    named = number_field(at + 1)
    if named is not None:
        end = at + 1 + named[1]
        return Found(Sort(named[0], bool(descending)), None, end + (words[end : end + 1] == ["first"]))
    if first in {"longest", "shortest"} and (not following or following[0] in _TRAINING):
        end = at + 1 + len(following[:1])
        end += 2 * (words[end : end + 1] == ["in"] and number_field(end + 1) is not None)
        return Found(Sort("epochs", bool(descending)), None, end)
    if following and following[0] in THINGS and first not in {"most", "least", "top"}:
        return Found(Sort("size", bool(descending)), None, at + 2)
    if following[:1] == ["first"] and first not in {"most", "least", "top"}:
        return Found(Sort("size", bool(descending)), None, at + 2)
    return None


def by_size(words: Sequence[str]) -> Found | None:
    """The order of what is called large before its kind: "my four largest GANs", "the smallest VAE"."""
    at = 1 if words[:1] == ["the"] else 0
    found = numbers.read(words[at:])
    limit = found.value if found is not None and isinstance(found.value, int) and 0 < found.value <= 1000 else None
    at += found.taken if found is not None and limit else 0
    if words[at : at + 1] and words[at] in _LARGE | _SMALL:
        return Found(Sort("size", words[at] in _LARGE), limit, at + 1)
    return None


def _sorted(words: Sequence[str], at: int, number_field: Callable[[int], tuple[str, int] | None]) -> Found | None:
    at += words[at : at + 1] == ["the"]
    descending: bool | None = None
    if at < len(words) and words[at] in _DOWN | _UP:
        descending, at = words[at] in _DOWN, at + 1
    if at >= len(words):
        return None
    named = number_field(at)
    if named is not None:
        field, at = named[0], at + named[1]
    elif words[at] in _DATES or words[at] in _NAMES:
        field, at = {**_DATES, **_NAMES}[words[at]], at + 1
        at += words[at : at + 1] == ["date"]
    else:
        return None
    at += words[at : at + 1] == ["in"]
    if at < len(words) and words[at] in _DOWN | _UP:
        descending, at = words[at] in _DOWN, at + 1
        at += words[at : at + 1] == ["order"]
    elif words[at : at + 2] in (["newest", "first"], ["largest", "first"], ["highest", "first"]):
        descending, at = True, at + 2
    elif words[at : at + 2] in (["oldest", "first"], ["smallest", "first"], ["lowest", "first"]):
        descending, at = False, at + 2
    if descending is None:
        descending = field in {"created", "modified"}  # people ask for the newest
    return Found(Sort(field, descending), None, at)
