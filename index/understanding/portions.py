"""Portions of a period: early 2025, mid-to-late April, the first two weeks of March, the latter half of 2019."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.understanding import periods
from index.understanding.dates import ORDINALS, Span, day_of, later, read

_EDGES = {
    "early": (0, 1), "beginning": (0, 1), "start": (0, 1), "opening": (0, 1), "mid": (1, 2), "middle": (1, 2),
    "late": (2, 3), "end": (2, 3), "later": (2, 3), "close": (2, 3),
}  # fmt: skip
_TO = {"to", "or", "and", "/", "-", "->"}  # mid to late 2018
_HALVES = {"first": 0, "1st": 0, "former": 0, "earlier": 0, "second": 1, "2nd": 1, "last": 1, "latter": 1, "later": 1,
           "final": 1}  # fmt: skip
_YEARS_OF_DECADE = ((0, 4), (3, 7), (6, 10))  # of its beginning, middle and end
_THIRDS = {"third", "thirds", "part"}


def portion(words: Sequence[str], today: date, months: bool) -> Span | None:
    """The portion of a period that the first words (lower case) say; None where they say none."""
    at = int(words[0] == "the" and len(words) > 1)
    found = _weekday_of(words, at, today) or _of_units(words, at, today) or _half(words, at, today)
    return found or _week_of(words, at, today) or _edge(words, at, today, months)


def _whole(words: Sequence[str], at: int, today: date, months: bool = False) -> Span | None:
    """The period at a place, after "of" or "in" where one stands: a date, or "the year" that is now."""
    at += words[at : at + 1] in (["of"], ["in"])
    inner = (read(words[at:], today, months=months) or periods.this(words[at:], today)) if at < len(words) else None
    return inner and replace(inner, consumed=at + inner.consumed)


def _weekday_of(words: Sequence[str], at: int, today: date) -> Span | None:
    """the first Monday of June 2025, the last Friday in March"""
    number = ORDINALS.get(words[at])
    if number is None or words[at + 1 : at + 2] == [] or words[at + 1] not in periods.WEEKDAYS:
        return None
    inner = _whole(words, at + 2, today) if words[at + 2 : at + 3] in (["of"], ["in"]) else None
    if inner is None:
        return None
    weekday = periods.WEEKDAYS.index(words[at + 1])
    if number < 0:
        day = inner.end - timedelta(days=1 + (inner.end.weekday() - 1 - weekday) % 7)
    else:
        day = inner.start + timedelta(days=(weekday - inner.start.weekday()) % 7 + 7 * (number - 1))
    return replace(inner, start=day, end=day + timedelta(days=1), bare_year=False) if day < inner.end else None


def _of_units(words: Sequence[str], at: int, today: date) -> Span | None:
    """the first two weeks of April 2025, the last three days of March, the seventh week of 2021"""
    number = ORDINALS.get(words[at]) or day_of(words[at])
    if number is None or len(words) <= at + 2:
        return None
    time = periods.length(words[at + 1 :])
    if time is None:  # one of them
        time = periods.length(["1", *words[at + 1 :]])
        time = time and replace(time, taken=1)
    end = at + 1 + time.taken if time else 0
    if time is None or time.unit in "hqy" or words[end : end + 1] not in (["of"], ["in"]):
        return None
    inner = _whole(words, end, today)
    if inner is None or (inner.end - inner.start).days < 7:
        return None
    if number < 0:
        start, stop = max(inner.start, time.before(inner.end)), inner.end
    else:
        start = replace(time, count=time.count * (number - 1)).after(inner.start)
        stop = min(time.after(start), inner.end)
    full = number < 0 or time.count > 1 or time.after(start) <= inner.end
    return replace(inner, start=start, end=stop, bare_year=False) if full and start < stop else None


def _half(words: Sequence[str], at: int, today: date) -> Span | None:
    """the first half of April 2025, the latter half of 2019, the first third of May, the early part of 2018"""
    named = words[at + 1] if len(words) > at + 2 else ""
    if named in _THIRDS and words[at] in {*_EDGES, *ORDINALS}:
        ends = _EDGES.get(words[at]) or {1: (0, 1), 2: (1, 2)}.get(ORDINALS[words[at]], (2, 3))
        inner = _whole(words, at + 2, today)
        return _third(inner, ends, ends, inner.consumed) if inner else None
    if named != "half" or words[at] not in _HALVES or words[at + 2] != "of":
        return None
    inner = _whole(words, at + 2, today)
    if inner is None:
        return None
    days = (inner.end - inner.start).days
    middle = later(inner.start, 6 * round(days / 365)) if days > 360 else inner.start + timedelta(days=days // 2)
    start, end = (inner.start, middle) if _HALVES[words[at]] == 0 else (middle, inner.end)
    return replace(inner, start=start, end=end, bare_year=False)


def _week_of(words: Sequence[str], at: int, today: date) -> Span | None:
    """the week of 9 April 2025"""
    inner = read(words[at + 2 :], today) if words[at : at + 2] == ["week", "of"] else None
    if inner is None or (inner.end - inner.start).days > 7:
        return None
    monday = inner.start - timedelta(days=inner.start.weekday())
    return replace(inner, start=monday, end=monday + timedelta(days=7), consumed=at + 2 + inner.consumed)


def _edge(words: Sequence[str], at: int, today: date, months: bool) -> Span | None:
    """early 2025, mid-April, the end of March, mid-to-late 2018, early or mid May 2020"""
    pieces = words[at].split("-")
    if pieces[0] not in _EDGES or (len(pieces) > 1 and "" in pieces):
        return None
    spread = [*pieces, *words[at + 1 :]]
    first = last = _EDGES[spread[0]]
    skip = 1
    if spread[1:2] and spread[1] in _TO and spread[2:3] and spread[2].split("-")[0] in _EDGES:
        edge, *rest = spread[2].split("-")
        spread[2:3] = [edge, *rest]
        last, skip = _EDGES[edge], 3
    joint = spread[skip] if skip < len(spread) else ""  # "what did I start in April" starts there
    if joint == "in" and spread[skip - 1] not in {"early", "late", "mid"}:
        return None
    inner = _whole(spread, skip, today, months)
    if inner is None:
        return None
    added = len(spread) - len(words) + at  # pieces that are one word
    return _third(inner, first, last, inner.consumed - added + at) if inner.consumed > added else None


def _third(whole: Span, first: tuple[int, int], last: tuple[int, int], consumed: int) -> Span:
    """A third of a period, or two: of a decade three years or four, of a year four months, of a month ten days."""
    days = (whole.end - whole.start).days
    if days > 3600:
        low, high = _YEARS_OF_DECADE[first[0]][0], _YEARS_OF_DECADE[last[0]][1]
        start, end = (later(whole.start, 12 * years) for years in (low, high))
        return replace(whole, start=start, end=end, consumed=consumed)
    start, end = (
        later(whole.start, 4 * share) if days > 360 else whole.start + timedelta(days=round(days * share / 3))
        for share in (first[0], last[1])
    )
    return replace(whole, start=start, end=end, consumed=consumed, bare_year=False)
