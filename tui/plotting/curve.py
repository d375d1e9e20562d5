"""One series of a run as it is drawn: along its steps or its time, whole or a part of it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from itertools import accumulate

from msgspec import Struct, field
from msgspec.structs import replace

from engine.runs.series import Series
from engine.runs.spans import Span


def _column() -> array[float]:
    return array("d")


class Curve(Struct, frozen=True):
    """One series: `values[i]` at optimizer step `steps[i]`, `seconds[i]` after the run's start.

    Of a long run each value is the mean of several points, whose extremes are `low[i]` and `high[i]`; without these
    every point is itself. It is drawn at `xs`, which are its steps until it is turned :meth:`along` its time.
    """

    steps: array[float] = field(default_factory=_column)
    values: array[float] = field(default_factory=_column)
    low: array[float] | None = None
    high: array[float] | None = None
    seconds: array[float] = field(default_factory=_column)
    time: bool = False

    @classmethod
    def of(cls, series: Series) -> Curve:
        """What a series holds now."""
        low, high = (None, None) if series.exact else (series.low[:], series.high[:])
        return cls(series.steps[:], series.values[:], low, high, series.seconds[:])

    @property
    def xs(self) -> array[float]:
        return self.seconds if self.time else self.steps

    def along(self, time: bool) -> Curve:
        """The same curve along its time (which then never runs back), or along its steps."""
        if not time:
            return replace(self, time=False)
        return replace(self, time=True, seconds=array("d", accumulate(self.seconds, max)))

    def part(self, span: Span) -> Curve:
        """The points of one stage; one that also holds points of the stage before goes, for these would squash it."""
        first, stop = bisect_right(self.steps, span.first), bisect_right(self.steps, span.stop)
        if self.low is not None and 0 < first < stop and self.steps[first - 1] < span.first:
            first += 1
        return self._cut(first, stop)

    def between(self, first: float, last: float) -> Curve:
        """The points from `first` to `last` of its axis, and one beyond each end: the line goes on there."""
        start, stop = bisect_left(self.xs, first), bisect_right(self.xs, last)
        return self._cut(max(0, start - 1), stop + 1)

    def nearest(self, x: float) -> int:
        """The place of the point nearest to `x` of its axis; there must be one."""
        after = bisect_left(self.xs, x)
        return min((place for place in (after - 1, after) if 0 <= place < len(self)), key=lambda p: abs(self.xs[p] - x))

    def at_step(self, step: float) -> int:
        """The place of the newest point up to a step, or of the first one; there must be one."""
        return max(0, bisect_right(self.steps, step) - 1)

    def _cut(self, first: int, stop: int) -> Curve:
        low, high = (column[first:stop] if column is not None else None for column in (self.low, self.high))
        steps, values, seconds = (column[first:stop] for column in (self.steps, self.values, self.seconds))
        return Curve(steps, values, low, high, seconds, self.time)

    def __len__(self) -> int:
        return len(self.steps)
