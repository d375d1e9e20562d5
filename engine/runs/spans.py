"""The stages a run trains in, as its start event tells them. Imports no torch: readers of runs are light."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from engine.runs.events import steps

MOST_STAGES = 100
LONGEST_NAME = 60  # characters


class Span(Struct, frozen=True):
    """A stage: it trains the steps after `first` up to `stop`. `name` may hold anything."""

    name: str
    first: int
    stop: int


def spans_of(told: object) -> tuple[Span, ...]:
    """The stages in order, or none of them where they do not follow one another: any program may have told them."""
    if not isinstance(told, list) or len(told) > MOST_STAGES:
        return ()
    found: list[Span] = []
    for one in told:
        name, first, stop = (one.get(key) for key in ("name", "first", "stop")) if isinstance(one, dict) else [None] * 3
        begin, end = steps(first), steps(stop)
        if not isinstance(name, str) or begin is None or end is None or begin >= end:
            return ()
        if begin < (found[-1].stop if found else 0):
            return ()
        found.append(Span(name[:LONGEST_NAME], begin, end))
    return tuple(found)


def number_at(spans: Sequence[Span], step: int) -> int:
    """The place in `spans` of the stage that trains `step`: the last one begun, the first before any has."""
    return max((i for i, span in enumerate(spans) if span.first < step), default=0)
