"""Dates as people write them: 2025-04, April 2025, 9th of April, spring 2025, Q1 2025, last week, 3 months ago.

Each is a half-open span of days. What stands on the calendar by itself is read here, what depends on today in
:mod:`index.understanding.periods`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.understanding import numbers

_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
MONTHS = {name[:length]: number for number, name in enumerate(_NAMES, 1) for length in (3, len(name))} | {"sept": 9}
# meteorological seasons of the northern hemisphere; winter is named after the year of its January
SEASONS = {"spring": 3, "springtime": 3, "springs": 3, "summer": 6, "summertime": 6, "summers": 6, "autumn": 9,
           "autumns": 9, "fall": 9, "winter": 12, "wintertime": 12, "winters": 12}  # fmt: skip
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1,
            "final": -1}  # fmt: skip
COUNTED = {
    "epochs",
    "epoch",
    "batch",
    "batches",
    "images",
    "samples",
    "examples",
    "steps",
    "per",
    "percent",
    "%",
}  # after a number: no year
_FIRST_TO_TENTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SPELLED = {name: day for day, name in enumerate((
    *_FIRST_TO_TENTH, "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", *(f"twenty-{name}" for name in _FIRST_TO_TENTH[:9]), "thirtieth",
    "thirty-first"), start=1)}  # fmt: skip
_COMPACT = re.compile(r"(20\d\d)(0[1-9]|1[0-2])([0-3]\d)")
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?(?:t[\d:]+z?)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_DECADE = re.compile(r"((?:19|20)\d0)'?s")
_YEAR = re.compile(r"\d{4}")
_SHORT_YEAR = re.compile(r"['’](\d\d)")
_QUARTER = re.compile(r"q([1-4])(?:[-/.']?(\d{4}|\d\d))?|(\d{4})[-/.]?q([1-4])")
_HALF = re.compile(r"h([12])(?:[-/.']?(\d{4}))?|(\d{4})[-/.]?h([12])")
_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})")
_WEEK_NUMBER = re.compile(r"(?:w|wk|cw|kw)(\d{1,2})")
_WEEKS = {"week", "weeks", "wk", "cw", "kw"}
_WINTER = re.compile(r"(\d{4})[-/–](\d{4}|\d\d)")  # 2019/20
_CENTURIES = {"nineteen": 1900, "twenty": 2000}
_MONTH_JOINED = re.compile(r"([a-z]+)(?:[-/.]?(\d{4})|['’](\d\d))")  # apr2025, apr'25
_FULL_NAMES = re.compile(r"(\d{1,2})[-/.]([a-z]+)[-/.](\d{4})")


@dataclass(frozen=True)
class Span:
    """From `start` up to, not including, `end`. `consumed` words; `yearless` where the year was filled in;
    `guessed` where the order of day and month was."""

    start: date
    end: date
    consumed: int
    yearless: bool = False
    bare_year: bool = False
    guessed: bool = False

    def in_year(self, year: int) -> Span:
        """The same days in another year, for "between March and May 2025"."""
        shift = year - (self.end - timedelta(days=1)).year  # a winter is that of its January
        return replace(self, start=later(self.start, 12 * shift), end=later(self.end, 12 * shift), yearless=False)


def read(words: Sequence[str], today: date, *, months: bool = False) -> Span | None:
    """The date that the first words (lower case) say, None when they say none. Never raises.

    `months`: whether what is spoken of is a month, as after "in": then "Apr 25" is April 2025, not its 25th.
    """
    from index.understanding.holidays import holiday
    from index.understanding.periods import relative
    from index.understanding.portions import portion

    if not words:
        return None
    try:
        return (
            _numbered_week(words, today) or _numeric(words, today) or _period(words, today)
            or _numbered(words, today) or portion(words, today, months)
            or relative(words, today) or holiday(words, today) or _named(words, today, months)
        )  # fmt: skip
    except (ValueError, OverflowError):  # 2025-13, 31 February, the year 0
        return None


def _numeric(words: Sequence[str], today: date) -> Span | None:
    first = words[0]
    if spoken := _spelled_year(words):  # twenty twenty-five
        return Span(date(spoken[0], 1, 1), date(spoken[0] + 1, 1, 1), spoken[1], bare_year=True)
    if _YEAR.fullmatch(first) and len(words) > 1 and words[1] in MONTHS and words[1] != "may":  # 2025 April
        return span(int(first), MONTHS[words[1]], None, 2)
    if _YEAR.fullmatch(first) and len(words) > 1 and (inner := _period([words[1], first], today)):  # 2025 summer
        return inner
    if match := _SHORT_YEAR.fullmatch(first):
        return Span(date(2000 + int(match[1]), 1, 1), date(2001 + int(match[1]), 1, 1), 1, bare_year=True)
    at = int(first == "the")
    if words[at : at + 1] and (match := _DECADE.fullmatch(words[at])):  # the 2010s
        return Span(date(int(match[1]), 1, 1), date(int(match[1]) + 10, 1, 1), at + 1)
    if match := _ISO.fullmatch(first) or _COMPACT.fullmatch(first):
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if month is None:
            return Span(date(year, 1, 1), date(year + 1, 1, 1), 1, bare_year=True) if 1970 <= year < 2100 else None
        return span(year, month, day, 1)
    if match := _MONTH_YEAR.fullmatch(first):
        return span(int(match[2]), int(match[1]), None, 1)
    if match := _DAY_MONTH_YEAR.fullmatch(first):
        day, month, year = (int(part) for part in match.groups())
        if month > 12:  # 04/25/2025 has but one reading
            day, month = month, day
        year += 2000 if year < 100 else 0
        return replace(span(year, month, day, 1), guessed=day <= 12 and day != month)
    if match := _FULL_NAMES.fullmatch(first):
        return span(int(match[3]), MONTHS[match[2]], int(match[1]), 1) if match[2] in MONTHS else None
    if match := _WEEK.fullmatch(first):
        return _week(int(match[1]), int(match[2]), 1)
    return None


def _numbered_week(words: Sequence[str], today: date) -> Span | None:
    """week 15 of 2025, calendar week 15, 2025, CW 15 2025, W15 2025, 2025 week 15, weeks 7 to 9 of 2021"""
    year = int(words[0]) if _YEAR.fullmatch(words[0]) and words[1:2] and words[1] in _WEEKS else None
    at = int(year is not None or words[0] in {"calendar", "iso"})
    named = words[at : at + 1] and words[at] in _WEEKS
    at += bool(named)
    last = None
    if named and words[at : at + 1] and words[at].isdigit():
        first, at = int(words[at]), at + 1
        if words[at - 2] == "weeks" and words[at + 1 : at + 2] and words[at + 1].isdigit():
            last, at = int(words[at + 1]), at + 2
    elif match := _WEEK_NUMBER.fullmatch(words[at] if at < len(words) else ""):
        first, at = int(match[1]), at + 1
    else:
        return None
    if year is None:
        found = year_at(words, at, today)
        if found is None:
            return None
        year, at = found
    return replace(_week(year, first, at), end=_week(year, last or first, at).end)


def _week(year: int, number: int, consumed: int) -> Span:
    monday = date.fromisocalendar(year, number, 1)
    return Span(monday, monday + timedelta(days=7), consumed)


def year_at(words: Sequence[str], at: int, today: date, *, short: bool = False) -> tuple[int, int] | None:
    """([of] year, the place after it), where one stands: 2025, '25, last year, twenty twenty-five. `short`: 25 too."""
    if at < len(words) and words[at] in {"of", "in"}:
        at += 1 + 2 * (words[at + 1 : at + 3] == ["the", "year"] and words[at + 3 : at + 4] != ["before"])
    if at >= len(words):
        return None
    if _YEAR.fullmatch(words[at]) and 1970 <= int(words[at]) < 2100:
        return int(words[at]), at + 1
    if match := _SHORT_YEAR.fullmatch(words[at]):
        return 2000 + int(match[1]), at + 1
    if words[at] in {"this", "last"} and words[at + 1 : at + 2] == ["year"]:
        return today.year - (words[at] == "last"), at + 2
    if spoken_year := _spelled_year(words[at:]):
        return spoken_year[0], at + spoken_year[1]
    if short and re.fullmatch(r"[0-4]\d", words[at]) and (words[at + 1 : at + 2] or [""])[0] not in COUNTED:
        return 2000 + int(words[at]), at + 1
    return None


def _spelled_year(words: Sequence[str]) -> tuple[int, int] | None:
    """(2019, the words it took) for "twenty nineteen", "twenty-nineteen" and "two thousand and nineteen"."""
    century, dash, rest = words[0].partition("-")
    if words[:2] == ["two", "thousand"]:
        at = 2 + (words[2:3] == ["and"])
        years = numbers.read(words[at : at + 2])
        return (2000 + int(years.value), at + years.taken) if years and _years(years, 1) else None
    if century not in _CENTURIES:
        return None
    years = numbers.read([rest, *words[1:2]] if dash else words[1:3])
    return (_CENTURIES[century] + int(years.value), years.taken + (not dash)) if years and _years(years, 10) else None


def _years(found: numbers.Found, least: int) -> bool:
    """Whether a number may be that of a year in its century."""
    return isinstance(found.value, int) and least <= found.value < 100 and not found.bytes


def _numbered(words: Sequence[str], today: date) -> Span | None:
    """the seventh month of 2018, month seven of last year"""
    at = int(words[0] == "the" and len(words) > 1)
    if words[at : at + 1] == ["month"] and len(words) > at + 1:
        spoken = numbers.read(words[at + 1 : at + 2])
        number, at = spoken.value if spoken else None, at + 2
    else:
        number, at = day_of(words[at]), at + 2
        if words[at - 1 : at] != ["month"]:
            return None
    year = year_at(words, at, today)
    return span(year[0], number, None, year[1]) if year and isinstance(number, int) else None


def _period(words: Sequence[str], today: date) -> Span | None:
    """A season, quarter or half year."""
    at = 1 if words[0] == "the" and len(words) > 1 else 0
    word = words[at]
    if word in SEASONS and words[at + 1 : at + 3] == ["before", "last"]:
        return None  # said from today
    if SEASONS.get(word) == 12 and (years := _two_years(words, at + 1)):
        return _months(years[0], 12, 3, years[1])
    if word in SEASONS:
        return _yearly(words, at + 1, today, SEASONS[word], 3)
    for pattern, months in ((_QUARTER, 3), (_HALF, 6)):
        if match := pattern.fullmatch(word):
            number = int(match[1] or match[4])
            year = match[2] or match[3]
            first = (number - 1) * months + 1
            if year:
                full = int(year) + (2000 if len(year) == 2 else 0)
                return _months(full, first, months, at + 1)
            return _yearly(words, at + 1, today, first, months)
    if word in ORDINALS and at + 1 < len(words) and words[at + 1] in {"quarter", "half"}:
        months = 3 if words[at + 1] == "quarter" else 6
        count = 12 // months
        number = ORDINALS[word] if ORDINALS[word] > 0 else count
        found = year_at(words, at + 2, today)
        if words[at + 2 : at + 3] == ["of"] and not found:
            return None  # of a month, or of another period
        if number <= count and (found or word not in {"last", "final"}):  # "last quarter" is the one before this
            return _yearly(words, at + 2, today, (number - 1) * months + 1, months)
    return None


def _two_years(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """(2020, the place after it) for "[of] 2019/20" and "2019 to 2020", the years that a winter lies in"""
    at += words[at : at + 1] in (["of"], ["in"])
    joined = _WINTER.fullmatch(words[at]) if at < len(words) else None
    apart = words[at + 1 : at + 2] and words[at + 1] in {"or", "to", "->"} and len(words) > at + 2
    years = joined.groups() if joined else (words[at], words[at + 2]) if apart else ("", "")
    if not all(map(str.isdigit, years)) or int(years[1]) % 100 != (int(years[0]) + 1) % 100:
        return None
    return int(years[0]) + 1, at + (1 if joined else 3)


def _yearly(words: Sequence[str], at: int, today: date, month: int, months: int) -> Span:
    """The months of the year that is named, else their latest beginning."""
    found = year_at(words, at, today)
    if found:
        return _months(found[0], month, months, found[1])
    latest = _months(today.year + (month == 12), month, months, at)
    if latest.start > today:
        latest = _months(today.year - (month != 12), month, months, at)
    return replace(latest, yearless=True)


def _months(year: int, month: int, months: int, consumed: int) -> Span:
    start = date(year - 1 if month == 12 else year, month, 1)
    return Span(start, later(start, months), consumed)


def _named(words: Sequence[str], today: date, months: bool) -> Span | None:
    """[the] 9th [of] April [2025], April [the] 9th, 2025, April '25"""
    parts = [word.rstrip(",.") for word in words[:6]]
    used = 1 if parts[0] == "the" and len(parts) > 1 else 0
    day = day_of(parts[used]) if len(parts) > used + 1 else None
    if day is not None:
        used += 1
        if parts[used] == "of" and len(parts) > used + 1:
            used += 1
    month = MONTHS.get(parts[used])
    if (
        month is None
        and day is not None
        and parts[used] in {"this", "last"}
        and parts[used + 1 : used + 2] == ["month"]
    ):
        first = later(today.replace(day=1), -(parts[used] == "last"))  # the 17th of last month
        return span(first.year, first.month, day, used + 2)
    if month is None:
        joined = _MONTH_JOINED.fullmatch(parts[used])
        if joined is None or joined[1] not in MONTHS:
            return None
        return span(int(joined[2] or f"20{joined[3]}"), MONTHS[joined[1]], day, used + 1)
    used += 1
    if day is None:
        at = used + (len(parts) > used + 1 and parts[used] == "the")
        said = parts[at] if len(parts) > at else ""
        if months and re.fullmatch(r"\d\d", said) and not year_at(parts, at + 1, today):
            return span(2000 + int(said), month, None, at + 1)
        day = day_of(said)
        used = used if day is None else at + 1
    found = year_at(parts, used, today, short=day is not None)
    if found:
        return span(found[0], month, day, found[1])
    year = today.year if (month, day or 1) <= (today.month, today.day) else today.year - 1
    return replace(span(year, month, day, used), yearless=True)


def day_of(word: str) -> int | None:
    """17, 17th, seventeenth: a day of a month."""
    match = _DAY.fullmatch(word)
    day = int(match[1]) if match else _SPELLED.get(word)
    return day if day is not None and 1 <= day <= 31 else None


def span(year: int, month: int, day: int | None, consumed: int) -> Span:
    """A month or a day; ValueError for one that no calendar has."""
    if not 1970 <= year < 2100:
        raise ValueError(year)
    start = date(year, month, day or 1)
    if day is None:
        return Span(start, later(start, 1), consumed)
    return Span(start, start + timedelta(days=1), consumed)


def later(day: date, months: int) -> date:
    """The same day some months later, or the last of its month where that has fewer days."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
