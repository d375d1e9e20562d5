"""Where an axis begins and ends and which round numbers it names, so that it rarely moves. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

_ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
_EVEN = (1, 2, 2.5, 5, 10)
_FINER = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # for an axis of few rows, of which the others would leave many empty
EMPTY = 0.3  # of the rows, from which on they are too many
MOST = 8  # labels beside an axis
APART, FAR = 5, 8  # rows between two of them, where more are not needed for that; of a high axis
BROAD = 10  # columns from one label below an axis to the next at least
SPARE = 4  # columns beyond the last round number that are no reason for fewer labels
FLAT = 0.005  # of the lowest value: a range that is less than that is none
NARROW = 5  # parts of the range of values less than twice as high as the lowest, which a logarithmic axis ends at
DAY = 86400
_TIMES = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, DAY)


def ceiling(value: float) -> float:
    """The next round number: an axis that ends there moves seldom while the value grows."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in _ROUND if n * power >= value * (1 - 1e-9))


def even(least: float, numbers: Sequence[float] = _EVEN) -> float:
    """The next distance, from `least` on, whose multiples are round numbers."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(n * power for n in numbers if n * power >= least * (1 - 1e-9))


def multiples(width: float, low: float, high: float) -> list[float]:
    """What `width` goes into, from `low` to `high`."""
    return [n * width for n in range(math.ceil(low / width - 1e-9), math.floor(high / width + 1e-9) + 1)]


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` round numbers from `low` to `high`."""
    if high <= low or most < 1:
        return [low]
    return multiples(even((high - low) / most), low, high)


def time_ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` round times from `low` to `high` seconds: whole minutes, hours and days where these are long."""
    least = (high - low) / max(1, most)
    if high <= low or least <= 0.5:
        return ticks(low, high, most)
    width = next((width for width in _TIMES if width >= least), DAY * even(least / DAY))
    return multiples(math.ceil(width), low, high)


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers for a logarithmic axis: decades, with halves and fifths between where few decades are seen.

    Where a part of one is seen they are multiples of one number, as far apart as so many labels ask for.
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for parts in ((1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        found = [t for d in decades for p in parts if low * 0.999 <= (t := p * 10.0**d) <= high * 1.001]
        if len(found) <= most:
            break
    if high < 10 * low:
        found = max(found, _evenly(low, high, most), key=len)
    return found if len(found) >= 2 else [low, high]


def _evenly(low: float, high: float, most: int) -> list[float]:
    """Multiples of one number, of which even the last two are as far apart as `most` labels would be."""
    for count in range(most, 1, -1):
        marks = ticks(low, high, count)
        if len(marks) > 1 and math.log(marks[-1] / marks[-2]) * most >= math.log(high / low):
            return marks
    return []


def log_limits(low: float, high: float) -> tuple[float, float]:
    """Round limits of a logarithmic axis around the values, as near as lets a narrow range of them be seen."""
    if FLAT * low < high - low < low:
        width = even((high - low) / NARROW)
        return math.floor(low / width + 1e-9) * width, math.ceil(high / width - 1e-9) * width
    power = 10.0 ** math.floor(math.log10(low))
    bottom = math.floor(low / power + 1e-9) * power
    return bottom, max(ceiling(high), 2 * bottom)


def linear(low: float, high: float, height: int) -> tuple[float, float, list[float]]:
    """Limits around the values for `height` rows, and round numbers that lie the same number of rows apart.

    The lower limit is one of them. Of the distances there are, the one that leaves the least room above the values.
    """
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        room = abs(high) * 0.1 or 1.0
        low, high = low - room, high + room
    rows = max(1, height - 1)
    least = -(-rows // (MOST - 1))
    apart = range(least, max(least, min(APART, rows // 2), min(FAR, rows // 4)) + 1)
    for numbers in (_EVEN, _FINER):
        found = (_spaced(low, high, rows, each, numbers) for each in apart)
        bottom, row, width = min(found, key=lambda one: one[1])
        top = bottom + row * rows
        if top - high <= EMPTY * (top - bottom):
            break
    marks = multiples(width, bottom, top)
    return bottom, top, marks if len(marks) > 1 else [bottom, top]


def _spaced(low: float, high: float, rows: int, apart: int, numbers: Sequence[float]) -> tuple[float, float, float]:
    """The lower limit, how much a row is, and the round distance of labels that are `apart` rows from each other."""
    width = even((high - low) * apart / rows, numbers)
    parts = 2 if rows == apart and low < 0 < high else 1  # of two labels with 0 between them neither is a multiple
    reach = high - 1e-9 * (high - low)
    while (bottom := math.floor(low * parts / width + 1e-9) * width / parts) + width * rows / apart < reach:
        width = even(width * 1.05, numbers)
    return bottom, width / apart, width


def across(
    low: float, high: float, columns: int, marks_of: Callable[[float, float, int], list[float]]
) -> tuple[float, list[float]]:
    """Where an axis of so many columns ends, at `high` or as little as can be beyond it, and its marks, of which each
    is the same number of columns from the one before."""
    found: list[tuple[float, float, list[float]]] = []
    for most in range(max(2, columns // BROAD), 1, -1):
        marks = marks_of(low, high, most)
        if len(marks) < 2:
            break
        apart = marks[1] - marks[0]
        each = math.floor((columns - 1) * apart / (high - low) + 1e-9)
        spare = columns - 1 - each * (high - low) / apart
        found.append((spare, low + (columns - 1) * apart / each, marks))
    if not found:  # it does not begin at 0, and hits few round numbers
        marks = marks_of(low, high, max(2, columns // (BROAD - 2)))
        return high, [marks[0], marks[-1]] if len(marks) > 2 else marks
    _, end, marks = next((one for one in found if one[0] <= SPARE), None) or min(found)
    return end, marks
