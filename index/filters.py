"""What a query asks for, once understood: hard filters, concepts to rank by, and the words that are left."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

Scalar = str | int | float
Range = tuple[Scalar | None, Scalar | None]  # both ends belong to it; None is an open end
Item = Scalar | Range


class QueryError(ValueError):
    """A query that cannot be served as written; `column` (from 1) is where, the message says what would do."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


@dataclass(frozen=True)
class Filter:
    """A condition no result may violate. `op` is eq, lt, le, gt, ge, range (both ends belong to it) or in; dates are
    ISO days.

    The value of "in" is a list of which any will do: each a value, or a range [low, high] that holds both its ends and
    is open where one is None. `April 2025 or May 2025` is [["2025-04-01", "2025-04-30"], ["2025-05-01", "2025-05-31"]],
    `epochs < 20 or > 100` is [[null, 19], [101, null]].
    """

    field: str
    op: str
    value: Scalar | tuple[Item, ...]
    negated: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """What it asks for as a choice of values and ranges, whatever `op` is."""
        if isinstance(self.value, tuple):
            return self.value if self.op == "in" else (cast(Range, self.value),)
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
            value = [list(item) if isinstance(item, tuple) else item for item in value]
        return {"field": self.field, "op": self.op, "value": value, "negated": self.negated}


def either(first: Filter, second: Filter) -> Filter:
    """One filter that passes what passes either of two on the same field."""
    return Filter(first.field, "in", tuple(dict.fromkeys((*first.items, *second.items))))


@dataclass(frozen=True)
class Query:
    """`words` and `phrases` are searched for; `concepts` are tags the words stand for, a reason to rank higher."""

    text: str
    filters: tuple[Filter, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "filters": [item.to_json() for item in self.filters]}
