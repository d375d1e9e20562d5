"""Which runs a person wants to see: `state:running dataset:mnist lr:<1e-3 -tag:old flowers`. Imports no torch.

Words are looked for in a run's id, name, state, preset, dataset, note and tags; `field:value` compares one thing, a
comma between values is an or, a dash before all of it a not. Everything that is said must hold. What people write
elsewhere is understood too: `lr<1e-3`, `lr < 1e-3`, `state=running`, `#keep` for `tag:keep`, the beginning of a state.
A live run whose trainer has long said nothing is `stalled` too, as the lists call it.
"""

from __future__ import annotations

import difflib
import operator
import re
import shlex
import time
from collections.abc import Callable, Iterable

from msgspec import Struct

from engine.runs.events import number
from engine.runs.folder import STATES
from engine.runs.listing import RunSummary


class FilterError(ValueError):
    """A filter that cannot be meant. The message is one line that names the part and what would do."""


class Term(Struct, frozen=True):
    """One condition. `field` is None for a word; `values` are alternatives; `compare` is set for numbers alone."""

    field: str | None
    values: tuple[str, ...]
    compare: str | None = None
    negated: bool = False

    def holds(self, run: RunSummary) -> bool:
        return self._holds(run) != self.negated

    def _holds(self, run: RunSummary) -> bool:
        if self.field is None:
            said = (run.id, run.name, *_called(run), run.preset, run.dataset, run.note, run.origin, *run.tags)
            return self.values[0] in " ".join(filter(None, said)).casefold()
        if self.compare is not None:
            found = number(_value(run, self.field))
            return found is not None and COMPARISONS[self.compare](found, float(self.values[0]))
        if self.field in PARTS:
            text = (getattr(run, self.field) or (run.id if self.field == "name" else "")).casefold()
            return any(wanted in text for wanted in self.values)
        values = run.tags if self.field == "tag" else (_value(run, self.field),)
        return any(_equal(one, wanted) for one in values for wanted in self.values)


class RunFilter(Struct, frozen=True):
    """What was asked for; without terms every run fits."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def fits(self, run: RunSummary) -> bool:
        return all(term.holds(run) for term in self.terms)

    def of(self, runs: Iterable[RunSummary]) -> list[RunSummary]:
        """Those that fit, in their order."""
        return [run for run in runs if self.fits(run)]


COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
SIGNS = (*COMPARISONS, "=")
MOST_LISTED = 100  # of a setting that is a list
# What a run is beside its settings. Parts of these texts fit too; states, devices and settings are meant whole.
PARTS = ("id", "name", "note", "origin")
NUMBERS = ("step", "loss")
# The first is what the workbench calls a run whose trainer is being loaded, the last one that says nothing.
KNOWN_STATES = ("starting", *STATES, "stalled")
OWN = (*PARTS, "state", "tag", "device", *NUMBERS)


def parse(text: str) -> RunFilter:
    """A filter as it is typed. Raises FilterError."""
    try:
        words = shlex.split(text.casefold(), posix=True)
    except ValueError:
        raise FilterError(f"{text.strip()}: a quote is not closed") from None
    return RunFilter(tuple(map(_term, _joined(words))))


def _joined(words: Iterable[str]) -> list[str]:
    """Terms that were typed with spaces around their sign, in one piece each: `lr < 1e-3`, `lr: 1e-3`."""
    terms: list[str] = []
    for word in words:
        if terms and (word.startswith(SIGNS) or terms[-1].endswith((*SIGNS, ":"))):
            terms[-1] += word
        else:
            terms.append(word)
    return terms


def _term(word: str) -> Term:
    rest = word.removeprefix("-")
    negated = rest != word and bool(rest)
    if rest.startswith("#"):
        return Term("tag" if rest[1:] else None, (rest[1:],), negated=negated)
    said = re.fullmatch(r"([a-z_-]+)(:?)(<=|>=|<|>|=|)(.*)", rest)
    # A name that somebody gave a run may have an `=` in it.
    if said is None or (not said[2] and (not said[3] or (said[3] == "=" and not _known(said[1])))):
        return Term(None, (rest,), negated=negated)
    name, _, compare, value = said.groups()
    field = _field(name)
    if compare in COMPARISONS:
        if field in OWN and field not in NUMBERS:
            raise FilterError(f"{word}: {field} is no number; {field}:{value or 'value'} is accepted")
        if not _is_number(value):
            raise FilterError(f"{word}: '{value}' is no number; {name}:{compare}1e-3 is accepted")
        return Term(field, (value,), compare, negated)
    values = tuple(filter(None, value.split(",")))
    if not values:
        example = "running" if field == "state" else "value"
        raise FilterError(f"{word.rstrip(':=')}: a value is missing; {name}:{example} is accepted")
    if field == "state":
        if unknown := [one for one in values if not _states(one)]:
            raise FilterError(f"{word}: '{unknown[0]}' is no state; {', '.join(KNOWN_STATES)} are")
        values = tuple(state for one in values for state in _states(one))
    no_numbers = [one for one in values if one not in ("none", "true", "false") and not _is_number(one)]
    if no_numbers and _counts(field):
        raise FilterError(f"{word}: '{no_numbers[0]}' is no number; {name}:1e-3 and {name}:<1e-3 are accepted")
    return Term(field, values, None, negated)


def _states(begun: str) -> list[str]:
    """The states that begin so: what is being typed is one already."""
    return [state for state in KNOWN_STATES if state.startswith(begun)]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _counts(field: str) -> bool:
    """Whether what it names is a number in every run."""
    from engine.config import settings

    known = settings()
    return field in NUMBERS or (field in known and str(known[field].type).split(" ")[0] in ("int", "float"))


def _fields() -> tuple[str, ...]:
    from engine.config import settings  # by then there is a filter

    return (*OWN, *settings())


def _known(name: str) -> bool:
    return name.replace("-", "_") in _fields()


def _field(name: str) -> str:
    if _known(name):
        return name.replace("-", "_")
    known = _fields()
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"{', '.join(OWN)} and every setting are"
    raise FilterError(f"{name}: is nothing a run has; {hint}")


def _called(run: RunSummary) -> list[str]:
    """Its state, and what it is called beside it."""
    return [run.state] if run.silence(time.time()) is None else [run.state, "stalled"]


def _value(run: RunSummary, field: str) -> object:
    if field == "state":
        return _called(run)
    return getattr(run, field) if field in OWN else run.config.get(field)


def _equal(said: object, wanted: str) -> bool:
    """Whether what a run says is what is wanted: numbers as numbers, a list if it is in it."""
    if isinstance(said, bool) or said is None:
        return wanted == {True: "true", False: "false", None: "none"}[said]
    if (value := number(said)) is not None:
        try:
            return value == float(wanted)
        except ValueError:
            return False
    if isinstance(said, list):  # one level alone: what a foreign run says may be lists in lists without end
        return any(_equal(one, wanted) for one in said[:MOST_LISTED] if not isinstance(one, list))
    return isinstance(said, str) and said.casefold() == wanted
