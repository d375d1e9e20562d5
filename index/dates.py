"""Dates as people write them: 2025-04, April 2025, 9 April, last week. Each is a half-open span of days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
MONTHS = {name[:length]: number for number, name in enumerate(_NAMES, 1) for length in (3, len(name))} | {"sept": 9}
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_AGO = re.compile(r"(\d{1,4})(d|w|m|y)")


@dataclass(frozen=True)
class Span:
    """From `start` up to, not including, `end`. `consumed` words; `yearless` where the year was filled in."""

    start: date
    end: date
    consumed: int
    yearless: bool = False
    bare_year: bool = False

    def in_year(self, year: int) -> Span:
        """The same days in another year, for "between March and May 2025"."""
        shift = year - self.start.year
        return replace(self, start=_year_later(self.start, shift), end=_year_later(self.end, shift), yearless=False)


def read(words: Sequence[str], today: date) -> Span | None:
    """The date that the first words say, None when they say none. Never raises."""
    if not words:
        return None
    try:
        return _numeric(words) or _named(words, today) or _relative(words, today)
    except (ValueError, OverflowError):  # 2025-13, 31 February, the year 0
        return None


def _numeric(words: Sequence[str]) -> Span | None:
    match = _ISO.fullmatch(words[0])
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if month is None:
            return Span(date(year, 1, 1), date(year + 1, 1, 1), 1, bare_year=True) if 1970 <= year < 2100 else None
        return _span(year, month, day, 1)
    match = _MONTH_YEAR.fullmatch(words[0])
    return _span(int(match[2]), int(match[1]), None, 1) if match else None


def _named(words: Sequence[str], today: date) -> Span | None:
    parts = [word.rstrip(",.") for word in words[:5]]
    used = 0
    day: int | None = None
    if parts[0] == "the" and len(parts) > 1:
        used = 1
    match = _DAY.fullmatch(parts[used])
    if match and len(parts) > used + 1:
        day, used = int(match[1]), used + 1
        if parts[used] == "of" and len(parts) > used + 1:
            used += 1
    month = MONTHS.get(parts[used])
    if month is None:
        joined = re.fullmatch(r"([a-z]+)[-/.]?(\d{4})", parts[used])
        return _span(int(joined[2]), MONTHS[joined[1]], day, used + 1) if joined and joined[1] in MONTHS else None
    used += 1
    if day is None and len(parts) > used and not re.fullmatch(r"\d{4}", parts[used]):
        match = _DAY.fullmatch(parts[used])
        if match and 1 <= int(match[1]) <= 31:
            day, used = int(match[1]), used + 1
    if len(parts) > used and parts[used] == "of" and len(parts) > used + 1 and re.fullmatch(r"\d{4}", parts[used + 1]):
        used += 1
    if len(parts) > used and re.fullmatch(r"\d{4}", parts[used]):
        return _span(int(parts[used]), month, day, used + 1)
    year = today.year if (month, day or 1) <= (today.month, today.day) else today.year - 1
    return replace(_span(year, month, day, used), yearless=True)


def _relative(words: Sequence[str], today: date) -> Span | None:
    first = words[0]
    tomorrow = today + timedelta(days=1)
    if first in {"today", "yesterday"}:
        start = today if first == "today" else today - timedelta(days=1)
        return Span(start, start + timedelta(days=1), 1)
    match = _AGO.fullmatch(first)
    if match:
        return Span(_back(today, int(match[1]), match[2]), tomorrow, 1)
    skip = 1 if first == "the" else 0
    rest = words[skip:]
    if len(rest) < 2 or rest[0] not in {"this", "last", "past", "previous"}:
        return None
    if rest[1].isdigit() and len(rest) > 2 and len(rest[1]) < 5:
        unit = rest[2]
        if unit in _UNITS or unit in {"month", "months", "year", "years"}:
            return Span(_back(today, int(rest[1]), unit[0]), tomorrow, skip + 3)
        return None
    previous = rest[0] != "this"
    if rest[1] == "week":
        monday = today - timedelta(days=today.weekday() + (7 if previous else 0))
        return Span(monday, monday + timedelta(days=7), skip + 2)
    if rest[1] == "month":
        start = _month_later(today.replace(day=1), -1 if previous else 0)
        return Span(start, _month_later(start, 1), skip + 2)
    if rest[1] == "year":
        year = today.year - (1 if previous else 0)
        return Span(date(year, 1, 1), date(year + 1, 1, 1), skip + 2)
    return None


def _span(year: int, month: int, day: int | None, consumed: int) -> Span:
    if not 1970 <= year < 2100:
        raise ValueError(year)
    if day is None:
        start = date(year, month, 1)
        return Span(start, _month_later(start, 1), consumed)
    start = date(year, month, day)
    return Span(start, start + timedelta(days=1), consumed)


def _back(today: date, count: int, unit: str) -> date:
    if unit in {"d", "w"}:
        return today - timedelta(days=count * (7 if unit == "w" else 1))
    return _month_later(today, -count * (12 if unit == "y" else 1))


def _month_later(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _year_later(day: date, years: int) -> date:
    return _month_later(day, 12 * years)
