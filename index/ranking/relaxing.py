"""Says which filter leaves nothing, and the nearest filter that would leave something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.catalog.rows import moment
from index.understanding.filters import Filter, Scalar

Passing = Callable[[Sequence[Filter]], NDArray[np.bool_]]
Numbers = Callable[[str], NDArray[np.float64]]
_DAY = 86400  # s


@dataclass(frozen=True)
class Emptied:
    """A filter without which there would be `without` results, and what to ask for in its place, if anything."""

    by: Filter
    without: int
    nearest: Filter | None = None

    def to_json(self) -> dict[str, Any]:
        nearest = self.nearest.to_json() if self.nearest else None
        return {"filter": self.by.to_json(), "without": self.without, "nearest": nearest}


def emptied(filters: Sequence[Filter], passing: Passing, numbers: Numbers) -> tuple[Emptied, ...]:
    """The filters of which leaving out one leaves results, the one that leaves most first.

    Where none does alone, the filters that nothing at all passes. `passing` says which scripts pass filters, `numbers`
    gives a column of the catalogue, NaN where a script has no value.
    """
    found = []
    for place, one in enumerate(filters):
        left = passing([*filters[:place], *filters[place + 1 :]])
        if left.any():
            found.append(Emptied(one, int(left.sum()), _nearest(one, left, numbers)))
    if not found:
        every = passing([])
        found = [Emptied(one, 0, _nearest(one, every, numbers)) for one in filters if not passing([one]).any()]
    return tuple(sorted(found, key=lambda one: -one.without))


def leading(
    found: Sequence[Emptied], filters: Sequence[Filter], finds: Callable[[Sequence[Filter]], int]
) -> tuple[Emptied, ...]:
    """The same, counted with the words that are asked for beside the filters; what they find nothing in is not offered.

    `finds` says how many scripts the words find among those that pass filters.
    """
    counted = []
    for one in found:
        others = [other for other in filters if other != one.by]
        near = one.nearest is not None and finds([*others, one.nearest]) > 0
        without = finds(others) if one.without else 0
        counted.append(Emptied(one.by, without, one.nearest if near else None))
    return tuple(sorted(counted, key=lambda one: -one.without))


def _nearest(one: Filter, left: NDArray[np.bool_], numbers: Numbers) -> Filter | None:
    """The same filter for the nearest value that a script left has."""
    if one.negated or one.any_value or one.field not in {"created", "modified", "batch", "lr", "epochs", "size"}:
        return None
    values = numbers("mtime_ns" if one.field == "modified" else one.field)[left]
    values = np.unique(values[~np.isnan(values)])
    if not len(values):
        return None
    if one.field in {"created", "modified"}:
        seconds = values / 1e9 if one.field == "modified" else values
        days = [_day(first) for first in np.unique(seconds // _DAY).tolist()]
        bounds = [end for item in one.items if isinstance(item, tuple) for end in item if isinstance(end, str)]
        day = min(days, key=lambda one_day: min(abs(_ordinal(one_day) - _ordinal(bound)) for bound in bounds))
        if one.op in {"lt", "le"}:
            return replace(one, op="le", value=day)
        if one.op in {"gt", "ge"}:
            return replace(one, op="ge", value=day)
        return Filter(one.field, "range", (min(day, *bounds), max(day, *bounds)))
    ends = [end for item in one.items for end in (item if isinstance(item, tuple) else (item,))]
    wanted = np.array([end for end in ends if isinstance(end, int | float)])
    near = float(values[np.abs(values[:, None] - wanted).min(axis=1).argmin()])
    value: Scalar = near if one.field == "lr" else int(near)
    op = {"lt": "le", "gt": "ge"}.get(one.op, one.op)
    return Filter(one.field, op if op in {"le", "ge"} else "eq", value)


def _day(number: float) -> str:
    """The day so many days after the first of 1970, no later than a calendar goes."""
    return moment(number * _DAY).date().isoformat()


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
