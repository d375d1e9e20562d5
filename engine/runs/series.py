"""Curves of any length in little memory: neighbouring points share a bucket once there are many, extremes survive."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from operator import truediv

from msgspec import Struct, field

MOST = 4096  # buckets that are always kept: more than any screen has columns; from twice as many on they are paired


def _column() -> array[float]:
    return array("d")


class Series(Struct):
    """One curve. Bucket `i` ends at optimizer step `steps[i]`, `seconds[i]` after the run's start.

    `values` are the buckets' means, `low` and `high` their extremes. Up to `2 * MOST` points have a bucket each and
    are `exact`; then each holds `size` points, the newest perhaps fewer and those from before a cut perhaps more.
    `latest` is the newest point's value.
    """

    steps: array[float] = field(default_factory=_column)
    values: array[float] = field(default_factory=_column)
    low: array[float] = field(default_factory=_column)
    high: array[float] = field(default_factory=_column)
    seconds: array[float] = field(default_factory=_column)
    size: int = 1
    latest: float = 0.0
    exact: bool = True
    _filled: int = 0  # points in the newest bucket

    def append(self, step: float, value: float, seconds: float) -> None:
        self.extend((step,), (value,), (seconds,))

    def extend(self, steps: Sequence[float], values: Sequence[float], seconds: Sequence[float]) -> None:
        """Add points in the order they were reported; the three have one length, and every value is finite."""
        at, end = 0, len(values)
        while at < end:
            if len(self.steps) == 2 * MOST and self._filled == self.size:
                self._pair()
            if self.steps and self._filled < self.size:
                stop = min(end, at + self.size - self._filled)
                self._fill(steps[stop - 1], values[at:stop], seconds[stop - 1])
            elif self.size == 1:
                stop = min(end, at + 2 * MOST - len(self.steps))
                self.steps.extend(steps[at:stop])
                self.seconds.extend(seconds[at:stop])
                points = array("d", values[at:stop])
                for column in (self.values, self.low, self.high):
                    column.extend(points)
                self._filled = 1
            else:
                stop = min(end, at + self.size * (2 * MOST - len(self.steps)))
                self._fill_new(steps[at:stop], values[at:stop], seconds[at:stop])
            at = stop
        if end:
            self.latest = values[-1]

    def _fill_new(self, steps: Sequence[float], values: Sequence[float], seconds: Sequence[float]) -> None:
        """Put points into new buckets."""
        size = self.size
        groups: list[Sequence[float]] = [*zip(*[iter(values)] * size, strict=False)]  # not a slice for each
        left = values[len(groups) * size :]
        groups += [left] if left else []
        for column, points in ((self.steps, steps), (self.seconds, seconds)):
            column.extend(points[size - 1 :: size])
            column.extend(points[-1:] if left else ())
        low, high = [*map(min, groups)], [*map(max, groups)]
        self.low.fromlist(low)
        self.high.fromlist(high)
        self.values.fromlist(_between(low, map(truediv, map(sum, groups), map(len, groups)), high))
        self._filled = len(groups[-1])

    def _fill(self, step: float, values: Sequence[float], seconds: float) -> None:
        count = self._filled + len(values)
        self.steps[-1], self.seconds[-1] = step, seconds
        self.low[-1], self.high[-1] = min(self.low[-1], *values), max(self.high[-1], *values)
        mean = (self.values[-1] * self._filled + sum(values)) / count
        self.values[-1] = min(self.high[-1], max(self.low[-1], mean))
        self._filled = count

    def _pair(self) -> None:
        """Make one bucket of every two."""
        # Comprehensions: half the time of `map` with `min` and `max`, and a long run is paired many times.
        low = [a if a < b else b for a, b in zip(self.low[::2], self.low[1::2], strict=True)]
        high = [a if a > b else b for a, b in zip(self.high[::2], self.high[1::2], strict=True)]
        means = [(a + b) / 2 for a, b in zip(self.values[::2], self.values[1::2], strict=True)]
        self.values = array("d", _between(low, means, high))
        self.low, self.high = array("d", low), array("d", high)
        self.steps, self.seconds = self.steps[1::2], self.seconds[1::2]
        self.size *= 2
        self.exact = False
        self._filled = self.size

    def cut_after(self, step: float) -> None:
        """Forget what lies after `step`: a resumed run trains those steps again.

        A bucket that the cut goes through goes whole: no point that was taken back is shown, and what is missing is
        less than a column of any screen. Where little is left of a long curve, what comes has smaller buckets again.
        """
        keep = len(self.steps)
        while keep and self.steps[keep - 1] > step:
            keep -= 1
        if keep == len(self.steps):
            return
        for column in (self.steps, self.values, self.low, self.high, self.seconds):
            del column[keep:]
        self.size = max(1, self.size // max(1, MOST // keep)) if keep else 1
        self.exact = self.exact or not keep
        self._filled = self.size if keep else 0
        self.latest = self.values[-1] if keep else 0.0


def _between(low: Iterable[float], means: Iterable[float], high: Iterable[float]) -> list[float]:
    """Means held between their extremes: a sum of huge numbers may be none (inf, nan)."""
    return [m if a <= m <= b else b if m > b else a for a, m, b in zip(low, means, high, strict=True)]
