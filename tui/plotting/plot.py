"""A plot as rows of characters: points reduced to what a column can show, axes that rarely move. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from tui import formats
from tui.painting.glyphs import Glyphs
from tui.plotting.axes import MOST, across, ceiling, linear, log_limits, log_ticks, ticks, time_ticks
from tui.plotting.curve import Curve
from tui.plotting.raster import DOTS, Dot, lines
from tui.plotting.view import View

LIMIT = 1e100  # what is larger is drawn there, what is smaller than its inverse at 0: a run may report anything


class Bucket(NamedTuple):
    """Neighbouring points that share a column: where they lie on the axis, their extremes and their mean."""

    x: float
    low: float
    high: float
    mean: float


class Line(Struct, frozen=True):
    """One drawn curve: rows of one character a column, blank where nothing is drawn. `raw` holds every extreme."""

    raw: Sequence[str]
    smooth: Sequence[str]


class Plot(Struct, frozen=True):
    """Drawn curves on one pair of axes; the lower one goes from `first` to `end`."""

    lines: list[Line]
    y_labels: dict[int, str]
    x_labels: dict[int, str]
    first: float
    end: float

    def column(self, x: float, width: int) -> int:
        """Where `x` lies among the columns, which may be outside of them."""
        return column_of(x, self.first, self.end, width)


def buckets(curve: Curve, most: int) -> list[Bucket]:
    """At most `most` buckets that hold every point of the curve in order; extremes survive."""
    n, xs, values = len(curve), curve.xs, curve.values.tolist()
    low = curve.low.tolist() if curve.low else values
    high = curve.high.tolist() if curve.high else values
    size = max(1, math.ceil(n / max(1, most)))
    found = []
    for start in range(0, n, size):
        end = min(start + size, n)
        mean = sum(values[start:end]) / (end - start)
        middle = xs[min(start + size // 2, n - 1)]
        found.append(Bucket(middle, _tame(min(low[start:end])), _tame(max(high[start:end])), _tame(mean)))
    return found


def _tame(value: float) -> float:
    size = abs(value)
    if 1 / LIMIT < size < LIMIT:
        return value
    return math.copysign(LIMIT, value) if size >= LIMIT else 0.0


def smoothed(means: Sequence[float], half_life: float) -> list[float]:
    """Exponential averages from both ends, halved: noise goes, and the line does not lag behind a falling curve.

    `half_life` is a share of the curve's length; 0 leaves it as it is.
    """
    if not half_life:
        return list(means)
    weight = 0.5 ** (1 / max(0.1, half_life * len(means)))
    forward, backward = _averaged(means, weight), _averaged(means[::-1], weight)[::-1]
    return [(a + b) / 2 for a, b in zip(forward, backward, strict=True)]


def _averaged(means: Sequence[float], weight: float) -> list[float]:
    """Exponential moving average, corrected for having started from nothing."""
    average, total, line = 0.0, 0.0, []
    for value in means:
        average = weight * average + (1 - weight) * value
        total = weight * total + (1 - weight)
        line.append(average / total)
    return line


def draw(
    curves: Sequence[Curve],
    view: View,
    width: int,
    height: int,
    glyphs: Glyphs,
    first: float = 0,
    total: float | None = None,
) -> Plot | None:
    """The plot of curves in `width` × `height` cells without its labels, or None where nothing can be drawn.

    Unless the view has a window, its axis begins at `first` and ends at a round number, at most at `total`.
    """
    if width < 4 or height < 2:
        return None
    whole = axis(curves, first, total)
    start, end = view.window or whole
    end, moments = across(start, end, width, time_ticks if view.time else ticks)
    parts = [curve.between(start, end) if view.window else curve for curve in curves]
    coarse = [_positive(buckets(part, width), view.log) for part in parts]
    told = [bucket for found in coarse for bucket in found]
    if not told:
        return None
    low, high = min(b.low for b in told), max(b.high for b in told)
    if view.log:
        bottom, top = log_limits(low, high)
        marks = log_ticks(bottom, top, min(MOST, max(2, height // 2)))
    else:
        bottom, top, marks = linear(low, high, height)
    labels = formats.ticks(marks, view.log)
    scale = math.log10 if view.log else float
    limits = (float(start), float(end), scale(bottom), scale(top))
    return Plot(
        lines=[
            _line(found, _positive(buckets(part, 2 * width), view.log), view, limits, (width, height), glyphs)
            for found, part in zip(coarse, parts, strict=True)
        ],
        y_labels={_row(scale(mark), limits, height): label for mark, label in zip(marks, labels, strict=True)},
        x_labels={
            column_of(mark, start, end, width): label
            for mark, label in zip(moments, (formats.moments if view.time else formats.ticks)(moments), strict=True)
        },
        first=start,
        end=end,
    )


def axis(curves: Sequence[Curve], first: float, total: float | None) -> tuple[float, float]:
    """From where to where the whole axis goes."""
    newest = max((curve.xs[-1] for curve in curves if len(curve)), default=first)
    end = first + ceiling(newest - first)
    return first, min(end, float(total)) if total and total >= newest else end


def _positive(found: list[Bucket], log: bool) -> list[Bucket]:
    return [bucket for bucket in found if bucket.low > 0] if log else found


def _line(
    coarse: list[Bucket],
    fine: list[Bucket],
    view: View,
    limits: tuple[float, float, float, float],
    size: tuple[int, int],
    glyphs: Glyphs,
) -> Line:
    scale = math.log10 if view.log else float
    extremes = [(b.x, scale(v)) for b in coarse for v in ((b.low, b.high) if b.high > b.low else (b.mean,))]
    means = smoothed([b.mean for b in fine], view.weight)
    line = [(b.x, scale(mean)) for b, mean in zip(fine, means, strict=True)]
    raw, smooth = _placed(extremes, limits, *size), _placed(line, limits, *size)
    return Line(lines(raw, *size, glyphs.raw), lines(smooth, *size, glyphs.smooth))


def column_of(x: float, first: float, end: float, width: int) -> int:
    """Where `x` lies on an axis of `width` columns."""
    return math.floor((x - first) / (end - first) * (width - 1) + 0.5 + 1e-4)  # halves come out of a division


def _row(value: float, limits: tuple[float, float, float, float], height: int) -> int:
    share = (value - limits[2]) / (limits[3] - limits[2])
    return round((1 - share) * (height - 1))


def _placed(
    points: Sequence[tuple[float, float]], limits: tuple[float, float, float, float], width: int, height: int
) -> tuple[Dot, ...]:
    """The dot of each point: from the middle of the first cell to the middle of the last."""
    left, right, bottom, top = limits
    across, up = DOTS[0] * (width - 1) / (right - left), DOTS[1] * (height - 1) / (top - bottom)
    dots = (
        (math.floor((x - left) * across + DOTS[0] / 2), math.floor((y - bottom) * up + DOTS[1] / 2)) for x, y in points
    )
    return tuple(dot for dot, _ in groupby(dots))
