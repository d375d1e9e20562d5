"""What is said once of several, given to each: "the fourth and fifth month of 2021", "2021, April and May", "CIFAR-10
and -100"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.understanding.dates import COUNTED, MONTHS, SEASONS, day_of
from index.understanding.figures import NUMBER_FIELDS
from index.understanding.vocabulary import DATASET_WORDS, squeeze

if TYPE_CHECKING:
    from index.understanding.query import Token

_YEAR = re.compile(r"(?:19|20)\d\d|'\d\d")
_NUMBERED = re.compile(r"([a-z][a-z-]*?)-?(\d{1,4})")
_PARTS = {"month": 12, "months": 12, "quarter": 4, "quarters": 4, "half": 2}
_JOINTS = {"and", "or", "to", "through", "until", "till", "&", "/", ",", "-", "–", "plus"}
_LISTING = {"and", "or", "nor", "&", "/", ",", "plus"}
_BESIDE = {"in", "the", "of", "months", "month", "either", "both"}  # "in the months of April and in that of May"
_BETWEEN = {",", ":", ";"}
_AMBIGUOUS = {"march", "mar", "may", "sun"}  # words that are no month without a reason


def shared(tokens: list[Token]) -> list[Token]:
    """The tokens of a query with the year, and the name of the part of it, beside every one of a list."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        pieces, taken = (
            _parts(tokens, at)
            or _of_years(tokens, at)
            or _after_year(tokens, at)
            or _named_so(tokens, at)
            or _numbered(tokens, at)
            or (tokens[at : at + 1], 1)
        )
        found += pieces
        at += taken
    return found


def _said(tokens: list[Token], at: int) -> str:
    return tokens[at].lower if at < len(tokens) and tokens[at].kind in {"word", "mark", "op"} else ""


def _parts(tokens: list[Token], start: int) -> tuple[list[Token], int] | None:
    """the second and third quarter of 2021 · months 4 to 6 of 2021"""
    first = _PARTS.get(_said(tokens, start), 0) and tokens[start]
    at = start + bool(first)
    numbered: list[int] = []
    joints: list[list[Token]] = []
    while day_of(_said(tokens, at)) is not None:
        numbered.append(at)
        at += 1
        joint = at
        while _said(tokens, at) in _JOINTS | {"the"}:
            at += 1
        if at == joint:
            break
        joints.append(tokens[joint:at])
    unit = first or (tokens[at] if _PARTS.get(_said(tokens, at)) else None)
    at += not first
    of = at
    at += _said(tokens, at) in {"of", "in"}
    at += 2 * ((_said(tokens, at), _said(tokens, at + 1)) == ("the", "year"))
    if unit is None or len(numbered) < 2 or len(joints) != len(numbered) - 1 or not _YEAR.fullmatch(_said(tokens, at)):
        return None
    name = "month" if _PARTS[unit.lower] == 12 else unit.lower.removesuffix("s")
    if any((day_of(_said(tokens, place)) or 0) > _PARTS[unit.lower] for place in numbered):
        return None
    year = [*tokens[of:at], tokens[at]]
    found: list[Token] = []
    for place, between in zip(numbered, [[], *joints], strict=True):
        named = [tokens[place], replace(unit, text=name)]
        found += [*between, *(named[::-1] if first else named), *year]
    return found, at + 1 - start


def _of_years(tokens: list[Token], start: int) -> tuple[list[Token], int] | None:
    """March of 2023 and 2024 · the summers of 2022, 2023 and 2024"""
    name = _said(tokens, start)
    of = _said(tokens, start + 1) == "of"
    if not (name in SEASONS or name in MONTHS) or not (of or (name in SEASONS and name.endswith("s"))):
        return None
    at = start + 1 + of
    found: list[Token] = []
    joint: list[Token] = []
    while _YEAR.fullmatch(_said(tokens, at)):
        found += [*joint, tokens[start], tokens[at]]
        end = at = at + 1
        while _said(tokens, at) in ({"and", ","} if SEASONS.get(name) == 12 else _LISTING):  # the winter of 2019/20
            at += 1
        joint = tokens[end:at]
    listed = len(found) > 2 and _said(tokens, end) not in MONTHS
    return (found, end - start) if listed else None


def _numbered(tokens: list[Token], start: int) -> tuple[list[Token], int] | None:
    """CIFAR-10 and -100 · WMT 14 or 16: data sets of one name, which is said once"""
    apart = _NUMBERED.fullmatch(_said(tokens, start))
    name, number = apart.groups() if apart else (_said(tokens, start).rstrip("-"), _said(tokens, start + 1))
    at = start + 1 + (apart is None)
    if squeeze(f"{name}{number}") not in DATASET_WORDS:
        return None
    found, end = tokens[start:at], at
    while _said(tokens, at) in _LISTING - {","}:
        joint, at = at, at + 1
        another = _said(tokens, at).lstrip("-")
        if not another.isdigit() or squeeze(f"{name}{another}") not in DATASET_WORDS or _counts(tokens, at + 1):
            break
        found += [tokens[joint], replace(tokens[at], text=f"{name}{another}")]
        end = at = at + 1
    return (found, end - start) if end > start + 1 + (apart is None) else None


def _counts(tokens: list[Token], at: int) -> bool:
    """Whether what stands at a place is counted by a number before it: "CIFAR-10 and 100 epochs"."""
    words = tuple(_said(tokens, place) for place in range(at, at + 3))
    return words[0] in COUNTED or any(words[:length] in NUMBER_FIELDS for length in (1, 2, 3))


def _after_year(tokens: list[Token], start: int) -> tuple[list[Token], int] | None:
    """2021, April and May · in 2021, in April and in May · spring 2021, April and May · 2020, month of March"""
    season = _said(tokens, start) in SEASONS
    at = start + season
    year = tokens[at] if _YEAR.fullmatch(_said(tokens, at)) else None
    if year is None or _said(tokens, at + 1) not in _BETWEEN:
        return None
    at += 2
    found: list[Token] = []
    joint: list[Token] = []
    end, named = at, False
    while True:
        while _said(tokens, at) in _BESIDE:
            named = named or _said(tokens, at) in {"month", "months"}
            at += 1
        if _said(tokens, at) not in MONTHS:
            break
        found += [*joint, tokens[at], year]
        end = at = at + 1
        if _said(tokens, at) not in _JOINTS:
            break
        joint, at = [tokens[at]], at + 1
    if not found or _YEAR.fullmatch(_said(tokens, end)) or day_of(_said(tokens, end)):
        return None
    alone = len(found) == 2 and found[0].lower in _AMBIGUOUS and not named
    return None if alone and _said(tokens, end) else (found, end - start)


def _named_so(tokens: list[Token], start: int) -> tuple[list[Token], int] | None:
    """ "the months of April and May, 2021": what they are called so is said already."""
    at = start + (_said(tokens, start) == "the")
    if _said(tokens, at) not in {"month", "months"}:
        return None
    at += 1 + (_said(tokens, at + 1) == "of")
    return ([], at - start) if _said(tokens, at) in MONTHS else None
