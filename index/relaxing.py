"""Says which filter leaves nothing, and the nearest filter that would leave something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from index.understanding.filters import Filter, Scalar

Count = Callable[[Sequence[Filter]], set[int]]


@dataclass(frozen=True)
class Emptied:
    """A filter without which there would be `without` results, and what to ask for in its place, if anything."""

    by: Filter
    without: int
    nearest: Filter | None = None

    def to_json(self) -> dict[str, Any]:
        nearest = self.nearest.to_json() if self.nearest else None
        return {"filter": self.by.to_json(), "without": self.without, "nearest": nearest}


def emptied(filters: Sequence[Filter], passing: Count, column: Callable[[str], dict[int, Any]]) -> tuple[Emptied, ...]:
    """The filters of which leaving out one leaves results, the one that leaves most first.

    Where none does alone, the filters that nothing at all passes. `passing` gives the scripts that pass filters.
    """
    found = []
    for place, one in enumerate(filters):
        rest = [*filters[:place], *filters[place + 1 :]]
        left = passing(rest)
        if left:
            found.append(Emptied(one, len(left), _nearest(one, left, column)))
    if not found:
        every = passing([])
        found = [Emptied(one, 0, _nearest(one, every, column)) for one in filters if not passing([one])]
    return tuple(sorted(found, key=lambda one: -one.without))


def _nearest(one: Filter, left: set[int], column: Callable[[str], dict[int, Any]]) -> Filter | None:
    """The same filter for the nearest value that a script left has."""
    if one.negated or one.field not in {"created", "modified", "batch", "lr", "epochs", "size"}:
        return None
    name = "mtime_ns" if one.field == "modified" else one.field
    values = {value for script, value in column(name).items() if script in left}
    if not values:
        return None
    if one.field in {"created", "modified"}:
        days = sorted({_day(value / 1e9 if one.field == "modified" else value) for value in values})
        bounds = [end for item in one.items if isinstance(item, tuple) for end in item if isinstance(end, str)]
        day = min(days, key=lambda one_day: min(abs(_ordinal(one_day) - _ordinal(bound)) for bound in bounds))
        if one.op in {"lt", "le"}:
            return replace(one, op="le", value=day)
        if one.op in {"gt", "ge"}:
            return replace(one, op="ge", value=day)
        return Filter(one.field, "range", (min(day, *bounds), max(day, *bounds)))
    numbers = [end for item in one.items for end in (item if isinstance(item, tuple) else (item,))]
    wanted = [end for end in numbers if isinstance(end, int | float)]
    value: Scalar = min(sorted(values), key=lambda one_value: min(abs(one_value - end) for end in wanted))
    op = {"lt": "le", "gt": "ge"}.get(one.op, one.op)
    return Filter(one.field, op if op in {"le", "ge"} else "eq", value)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(max(0.0, seconds), UTC).date().isoformat()


def _ordinal(day: str) -> int:
    return datetime.fromisoformat(day).toordinal()
