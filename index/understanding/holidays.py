"""Feasts as dates: since Christmas, before Easter 2025, around New Year, on Halloween last year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.understanding.dates import Span, year_at

# (month, day, days); those that move are reckoned from Easter or by weekdays
_FIXED = {
    ("christmas", "eve"): (12, 24, 1), ("christmas", "day"): (12, 25, 1), ("christmas",): (12, 24, 3),
    ("xmas",): (12, 24, 3), ("boxing", "day"): (12, 26, 1), ("new", "year", "eve"): (12, 31, 1),
    ("new", "years", "eve"): (12, 31, 1), ("new", "year", "day"): (1, 1, 1), ("new", "years", "day"): (1, 1, 1),
    ("new", "year"): (1, 1, 1), ("new", "years"): (1, 1, 1), ("halloween",): (10, 31, 1),
    ("valentine", "day"): (2, 14, 1), ("valentines", "day"): (2, 14, 1), ("may", "day"): (5, 1, 1),
    ("st", "patrick", "day"): (3, 17, 1), ("epiphany",): (1, 6, 1), ("all", "saints", "day"): (11, 1, 1),
}  # fmt: skip
_FROM_EASTER = {  # (days after Easter Sunday, days)
    ("easter", "sunday"): (0, 1), ("easter", "monday"): (1, 1), ("good", "friday"): (-2, 1), ("easter",): (-2, 4),
    ("pentecost",): (49, 2), ("whitsun",): (49, 2),
}  # fmt: skip
_LONGEST = 3


def holiday(words: Sequence[str], today: date) -> Span | None:
    """The feast that the first words (lower case) name, in the year that follows it, else the latest there was."""
    at = int(words[:1] == ["the"])
    at += words[at : at + 1] == ["this"]
    last = words[at : at + 1] in (["last"], ["past"])
    at += last
    for taken in range(_LONGEST, 0, -1):
        name = tuple(words[at : at + taken])
        if len(name) == taken and (name in _FIXED or name in _FROM_EASTER or name == ("thanksgiving",)):
            break
    else:
        return None
    end = at + taken
    end += words[end : end + 1] in (["holidays"], ["holiday"], ["break"], ["time"])
    found = year_at(words, end, today)
    if found:
        return replace(_in(name, found[0]), consumed=found[1])
    latest = _in(name, today.year)
    return replace(latest if latest.start <= today else _in(name, today.year - 1), consumed=end, yearless=not last)


def _in(name: tuple[str, ...], year: int) -> Span:
    if name in _FIXED:
        month, day, days = _FIXED[name]
        start = date(year, month, day)
    elif name in _FROM_EASTER:
        after, days = _FROM_EASTER[name]
        start = _easter(year) + timedelta(days=after)
    else:  # the fourth Thursday of November
        start, days = date(year, 11, 22) + timedelta(days=(3 - date(year, 11, 22).weekday()) % 7), 1
    return Span(start, start + timedelta(days=days), 0)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    month, day = divmod(d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114, 31)
    return date(year, month, day + 1)
