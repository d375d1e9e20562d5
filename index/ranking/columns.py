"""What results can be put in order by: the catalogue's columns, and what the search itself says of each result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from index.ranking.ranked import by_columns
from index.record import PLAIN_FIELDS

if TYPE_CHECKING:
    from index.ranking.ranked import Ranked
    from index.ranking.snapshot import Snapshot
    from index.understanding.filters import Sort

_OF_THE_SEARCH: dict[str, Callable[[int, float, float | None], float | None]] = {
    "rank": lambda rank, score, distance: rank,
    "similarity_score": lambda rank, score, distance: score,
    "similarity_distance": lambda rank, score, distance: distance,
}
# each by its name in the results, and the catalogue's column of it
COLUMNS = {name: name for name in ("size", "created", "path", "description", "model_id", *PLAIN_FIELDS)}
COLUMNS |= {"modified": "mtime_ns", "model": "model_id"}
ORDERS = frozenset({*COLUMNS, *_OF_THE_SEARCH})
Placed = tuple[int, tuple[int, "Ranked"]]  # a script's place, its rank and how it was ranked


def ordered(found: list[Placed], order: Sort, most: int, scripts: Snapshot) -> list[Placed]:
    """The first of what was found by a column of the results' table."""
    if order.field in _OF_THE_SEARCH:
        value = _OF_THE_SEARCH[order.field]
        values = {place: value(rank, side.shown[place], side.distance(place)) for place, (rank, side) in found}
        stated = {place: one for place, one in values.items() if one is not None}
        standing = np.full(len(scripts), -1, dtype=np.int64)
        standing[[*stated]] = np.unique([*stated.values()], return_inverse=True)[1]
    else:
        standing = scripts.standing(COLUMNS[order.field])
    return by_columns(found, [(standing, order.descending)], most)
