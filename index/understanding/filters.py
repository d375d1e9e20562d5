"""What a query asks for, once understood: hard filters, concepts to rank by, an order, and the words that are left."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Union, cast

Scalar = str | int | float
Range = tuple[Scalar | None, Scalar | None]  # both ends belong to it; None is an open end
Item = Union[Scalar, Range, "Filter"]
_EVERY: Range = (None, None)


class QueryError(ValueError):
    """A query that cannot be served as written; `column` (from 1) is where, the message says what would do."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


@dataclass(frozen=True)
class Filter:
    """A condition no result may violate. `op` is eq, lt, le, gt, ge, range (both ends belong to it), in, any or all;
    dates are ISO days.

    The value of "in" is a list of which any will do: each a value, or a range [low, high] that holds both its ends and
    is open where one is None. `April 2025 or May 2025` is [["2025-04-01", "2025-04-30"], ["2025-05-01", "2025-05-31"]],
    `epochs < 20 or > 100` is [[null, 19], [101, null]]. The range [null, null] holds every value: negated, it asks for
    scripts that state none.

    The value of "any" and "all" is a list of filters, of which one or every one must pass; `field` says the same.
    """

    field: str
    op: str
    value: Scalar | tuple[Item, ...]
    negated: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """What it asks for as a choice of values and ranges, whatever `op` is."""
        if isinstance(self.value, tuple):
            return self.value if self.op in {"in", "any", "all"} else (cast(Range, self.value),)
        match self.op:
            case "lt":
                return ((None, self._next(-1)),)
            case "le":
                return ((None, self.value),)
            case "gt":
                return ((self._next(1), None),)
            case "ge":
                return ((self.value, None),)
            case _:
                return (self.value,)

    @property
    def any_value(self) -> bool:
        """Whether all that is asked is that the field be stated, or not be."""
        return self.op == "range" and self.items[0] == _EVERY

    @property
    def parts(self) -> tuple[Filter, ...]:
        """The filters of an "any" or "all"; for any other itself."""
        return tuple(item for item in self.items if isinstance(item, Filter)) or (self,)

    @property
    def inverse(self) -> Filter:
        return replace(self, negated=not self.negated)

    def _next(self, step: int) -> Scalar:
        """The value beside the one given: a day, a whole number, or the nearest there is."""
        assert not isinstance(self.value, tuple)
        if isinstance(self.value, str):
            return (date.fromisoformat(self.value) + timedelta(days=step)).isoformat()
        if isinstance(self.value, int) and self.field != "lr":
            return self.value + step
        return math.nextafter(self.value, step * math.inf)

    def to_json(self) -> dict[str, Any]:
        value: Any = self.value
        if isinstance(value, tuple):
            value = [
                item.to_json() if isinstance(item, Filter) else list(item) if isinstance(item, tuple) else item
                for item in value
            ]
        return {"field": self.field, "op": self.op, "value": value, "negated": self.negated}


def stated(field: str, *, negated: bool = False) -> Filter:
    """That a script states a field at all: the range that is open at both ends; `negated`, that it leaves it open."""
    return Filter(field, "range", cast("tuple[Item, ...]", _EVERY), negated)


def either(first: Filter, second: Filter) -> Filter:
    """One filter that passes what passes either of two."""
    if first.field == second.field and not first.negated and not second.negated and first.op not in {"any", "all"}:
        return Filter(first.field, "in", tuple(dict.fromkeys((*first.items, *second.items))))
    former = first.value if first.op == "any" and not first.negated else (first,)
    assert isinstance(former, tuple)
    last = former[-1]
    alike = isinstance(last, Filter) and last.field == second.field and second.op not in {"any", "all"}
    if isinstance(last, Filter) and alike and not last.negated and not second.negated:
        return Filter("any", "any", (*former[:-1], either(last, second)))
    return Filter("any", "any", (*former, second))


def unasked(concepts: Iterable[str], filters: Iterable[Filter]) -> tuple[str, ...]:
    """The concepts that none of the filters asks for."""
    asked = {item for one in filters if one.field == "tag" for item in one.items}
    return tuple(concept for concept in dict.fromkeys(concepts) if concept not in asked)


def every(filters: tuple[Filter, ...]) -> Filter:
    """One filter that passes what passes all of several."""
    return filters[0] if len(filters) == 1 else Filter("all", "all", filters)


@dataclass(frozen=True)
class Sort:
    """An order asked for: by a field, largest or newest first where `descending`."""

    field: str
    descending: bool

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "descending": self.descending}


@dataclass(frozen=True)
class Aim:
    """`kind` is "tell" (the facts of `fields`; of none all that is known), "why", "count", "any" (whether there is
    one), "groups" (how many have each value), "most" or "least" (the value that most or fewest have; without fields of
    those that are asked for), "mean", "median", "range", "sum", "largest" or "smallest" (of the values of a number);
    with `by` for each value of these. A period is a fact as well: "created month".

    "all", "most of", "share" and "count" may be asked `of` what passes some filters, "whether" of a script that is
    named. `unknown` says why what is asked for cannot be told.
    """

    kind: str = "tell"
    fields: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    of: tuple[Filter, ...] | None = None
    unknown: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is of all that fits, and not of the best."""
        return self.kind not in {"tell", "any", "why", "whether"}

    @property
    def sort(self) -> tuple[Sort, ...]:
        """The order in which the value that is asked for comes first."""
        first = self.kind in {"largest", "smallest"} and not self.by
        return tuple(Sort(field, self.kind == "largest") for field in self.fields) if first else ()


@dataclass(frozen=True)
class Unclear:
    """What looks like a date, a number, a negation or a framework and could not be read as one; `column` counts from
    1."""

    text: str
    kind: str
    column: int

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "kind": self.kind, "column": self.column}


@dataclass(frozen=True)
class Query:
    """`words` and `phrases` are searched for; `concepts` are tags the words stand for and `components` what
    networks are put together of, both a reason to rank higher.

    `sides` are the queries of what is to be compared, two or more; `filters` are then what any of them asks for, and
    `alike` is whether what they have in common is wanted and not where they differ.
    `corrected` maps a word as it was written to the one it was taken for. `demanded` are those words that a filter
    demands already. `said` is the question as it was put, without what was only said around it;
    `aim` what it wants to be told.
    """

    text: str
    filters: tuple[Filter, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    sort: tuple[Sort, ...] = ()
    limit: int | None = None
    unclear: tuple[Unclear, ...] = ()
    sides: tuple[Query, ...] = ()
    alike: bool = False
    corrected: tuple[tuple[str, str], ...] = ()
    demanded: frozenset[str] = frozenset()
    said: str = ""
    components: tuple[str, ...] = ()
    aim: Aim = Aim()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The concepts that no filter asks for."""
        return unasked(self.concepts, self.filters)

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "filters": [item.to_json() for item in self.filters],
            "concepts": list(self.concepts),
            "sort": [order.to_json() for order in self.sort],
            "limit": self.limit,
            "sides": [side.to_json() for side in self.sides],
            "corrected": dict(self.corrected),
            "unclear": [one.to_json() for one in self.unclear],
        }
