"""Dates that are said from today: yesterday, last week, the past three months, two years ago; and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.understanding import numbers
from index.understanding.dates import MONTHS, SEASONS, Span, later

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"minute": "h", "minutes": "h", "hour": "h", "hours": "h",
         "day": "d", "days": "d", "week": "w", "weeks": "w", "fortnight": "f", "fortnights": "f", "month": "m",
          "months": "m", "quarter": "q", "quarters": "q", "year": "y", "years": "y", "decade": "D",
          "decades": "D"}  # fmt: skip
_DAYS = {"d": 1, "w": 7, "f": 14}
_MONTHS = {"m": 1, "q": 3, "y": 12, "D": 120}
_SHORT = re.compile(r"(\d{1,4})(d|w|m|y)")
_JOINED = re.compile(r"(\d{1,3})[-–](\d{1,3})")
DAYS = {"today": 0, "tonight": 0, "yesterday": 1}
_OF_A_DAY = {"morning", "afternoon", "evening", "night", "noon"}
_VAGUE = {"couple": 2, "few": 3, "several": 3}


@dataclass(frozen=True)
class Length:
    """So many days, weeks, months or years; the words it took."""

    count: int
    unit: str
    taken: int

    def before(self, day: date) -> date:
        """The day that lies so long before another."""
        return self._shifted(day, -self.count)

    def after(self, day: date) -> date:
        """The day that lies so long after another."""
        return self._shifted(day, self.count)

    def _shifted(self, day: date, count: int) -> date:
        if self.unit == "h":  # a day is the least that is told apart
            return day + timedelta(days=count // 24 if count > 0 else -(-count // 24))
        if self.unit in _DAYS:
            return day + timedelta(days=count * _DAYS[self.unit])
        return later(day, count * _MONTHS[self.unit])


def length(words: Sequence[str]) -> Length | None:
    """ "3 months", "a year", "a couple of weeks", "90d" at the head of some words."""
    if not words:
        return None
    if short := _SHORT.fullmatch(words[0]):
        return Length(int(short[1]), short[2], 1)
    at = 1 if words[0] in {"a", "an", "the"} and len(words) > 1 else 0
    if words[at] in _VAGUE:
        count, at = _VAGUE[words[at]], at + 1
        at += at < len(words) and words[at] == "of"
    elif words[at] == "half" and "year" in words[at + 1 : at + 3] and words[at + 1] in {"a", "year"}:
        return Length(6, "m", at + 2 + (words[at + 1] == "a"))
    else:
        found = numbers.read(words)
        if found is not None and isinstance(found.value, int) and 0 < found.value < 10000 and not found.bytes:
            count, at = found.value, found.taken
        elif at and words[0] != "the":
            count = 1
        else:
            return None
    if at >= len(words) or words[at] not in UNITS:
        return None
    unit, halves = UNITS[words[at]], words[at + 1 : at + 4] == ["and", "a", "half"]
    if words[at].startswith("minute"):
        count = max(1, count // 60)
    if halves and unit == "y":  # a year and a half
        return Length(12 * count + 6, "m", at + 4)
    return None if halves else Length(count, unit, at + 1)


def this(words: Sequence[str], today: date) -> Span | None:
    """ "the year", "the month": the one that is now, as after "the start of"."""
    at = int(words[:1] == ["the"])
    return _calendar(words[at], 0, today, at + 1) if words[at : at + 1] and words[at] in UNITS else None


def relative(words: Sequence[str], today: date) -> Span | None:
    """A period said from today; None where the words say none."""
    tomorrow = today + timedelta(days=1)
    if day := _day(words, today):
        return day
    skip = 1 if words[0] == "the" and len(words) > 1 else 0
    rest = list(words[skip:])
    if rest[:3] == ["day", "before", "yesterday"]:
        return Span(today - timedelta(days=2), today - timedelta(days=1), skip + 3)
    if apart := _ago_between(rest):
        return Span(apart[1].before(today), apart[0].before(today) + timedelta(days=1), skip + apart[1].taken)
    ago = length(rest)
    if ago is not None:
        if rest[ago.taken : ago.taken + 1] in (["ago"], ["back"]):
            return _around(ago, today, skip + ago.taken + 1)
        return Span(ago.before(today), tomorrow, 1) if _SHORT.fullmatch(rest[0]) and not skip else None  # "the 3D CNN"
    if rest[1:3] == ["before", "last"] and (rest[0] in UNITS or rest[0] in MONTHS or rest[0] in SEASONS):
        return _named(rest[0], 2, today, skip + 3)
    if rest[:2] == ["this", "past"]:  # this past spring
        rest, skip = rest[1:], skip + 1
    if len(rest) < 2 or rest[0] not in {"this", "last", "past", "previous", "current", "latest", "preceding",
                                        "recent"}:  # fmt: skip
        return None
    if rest[1] == "decade" and rest[0] != "latest":  # the last ten years; this one began with its first
        start = today.replace(year=today.year // 10 * 10, month=1, day=1)
        return Span(start if rest[0] in {"this", "current"} else later(today, -120), tomorrow, skip + 2)
    counted = length(rest[1:])
    if counted is not None and rest[0] not in {"this", "current"}:
        return Span(counted.before(today), tomorrow, skip + 1 + counted.taken)
    if UNITS.get(rest[1]) == "f" or (rest[0] == "past" and rest[1] in UNITS):
        # the past year ends today, last year ended with December
        return Span(Length(1, UNITS[rest[1]], 1).before(today), tomorrow, skip + 2)
    return _named(rest[1], 0 if rest[0] in {"this", "current"} else 1, today, skip + 2)


def _day(words: Sequence[str], today: date) -> Span | None:
    """today, yesterday [evening], this morning, last night, Friday [afternoon], the weekend"""
    first, following = words[0], words[1] if len(words) > 1 else ""
    if first in DAYS:
        start, taken = today - timedelta(days=DAYS[first]), 1
    elif first in {"this", "last"} and following in _OF_A_DAY:
        return Span(start := today - timedelta(days=first == "last"), start + timedelta(days=1), 2)
    elif first == "the" and following == "weekend":
        return _calendar("weekend", 1, today, 2)
    elif first in WEEKDAYS:
        start, taken = today - timedelta(days=(today.weekday() - WEEKDAYS.index(first)) % 7), 1
    else:
        return None
    return Span(start, start + timedelta(days=1), taken + (following in _OF_A_DAY), yearless=first in WEEKDAYS)


def _ago_between(words: Sequence[str]) -> tuple[Length, Length] | None:
    """The nearer and the farther of "two or three years ago", "3 to 5 months back", "between one and two years ago"."""
    if words[:1] in (["a"], ["an"]) and words[1:2] and words[1] in UNITS and words[2:3] in (["or"], ["to"]):
        apart = _ago_between(["one", *words[2:4], words[1], *words[4:]])  # a month or two ago
        return apart and (apart[0], replace(apart[1], taken=apart[1].taken))
    at = int(words[:1] == ["between"])
    if joined := _JOINED.fullmatch(words[at]) if at < len(words) else None:
        apart = _ago_between([joined[1], "to", joined[2], *words[at + 1 :]])
        return apart and (apart[0], replace(apart[1], taken=apart[1].taken + at - 2))
    near = numbers.read(words[at : at + 1])
    at += 2
    if near is None or not isinstance(near.value, int) or words[at - 1 : at] not in (["or"], ["to"], ["and"], ["->"]):
        return None
    far = length(words[at:])
    if far is None or words[at + far.taken : at + far.taken + 1] not in (["ago"], ["back"]):
        return None
    return replace(far, count=near.value), replace(far, taken=at + far.taken + 1)


def _named(unit: str, back: int, today: date, taken: int) -> Span | None:
    """A month or season by its name, or the calendar's unit, so many before the one that is now or comes next."""
    if unit not in MONTHS and not (unit in SEASONS and back == 2):
        return _calendar(unit, back, today, taken)
    months, first = (1, MONTHS[unit]) if unit in MONTHS else (3, SEASONS[unit])
    start = date(today.year, first, 1)
    if back and later(start, months) > today:
        start = later(start, -12)
    start = later(start, -12 * max(0, back - 1))
    return Span(start, later(start, months), taken)


def _around(ago: Length, today: date, taken: int) -> Span | None:
    """The day, week, month or year that lies so long ago."""
    day = ago.before(today)
    if ago.unit in "hd":
        return Span(day, day + timedelta(days=1), taken)
    unit = {"w": "week", "f": "week", "m": "month", "q": "quarter"}.get(ago.unit, "year")
    return _calendar(unit, 0, day, taken)


def _calendar(unit: str, back: int, today: date, taken: int) -> Span | None:
    """The calendar's unit that holds today, or the one before it."""
    if unit in WEEKDAYS:
        days = (today.weekday() - WEEKDAYS.index(unit)) % 7
        start = today - timedelta(days=days or 7 * back)
        return Span(start, start + timedelta(days=1), taken)
    if unit == "weekend":
        saturday = today - timedelta(days=(today.weekday() - 5) % 7 if back else today.weekday() - 5)
        saturday -= timedelta(days=7) if back and saturday + timedelta(days=2) > today else timedelta()
        return Span(saturday, saturday + timedelta(days=2), taken)
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return Span(monday, monday + timedelta(days=7), taken)
    if unit in SEASONS:
        start = date(today.year, SEASONS[unit], 1)
        while start > today or (back and later(start, 3) > today):
            start = later(start, -12)
        return Span(start, later(start, 3), taken)
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months is None:
        return None
    first = today.replace(month=(today.month - 1) // months * months + 1, day=1)
    start = later(first, -months * back)
    return Span(start, later(start, months), taken)
