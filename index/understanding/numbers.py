"""Numbers as people write them: 1e-3, 10^-3, 1,000, 64k, thirty-two, a dozen, ten thousand, one thousandth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Number = int | float

_DIGITS = re.compile(r"([-+]?(?:\d[\d_]*(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?)(k|m)?", re.IGNORECASE)
_COMMA = re.compile(r"0,\d+")  # a comma for the decimal point: no thousands follow a lone zero
_POWER = re.compile(r"(?:(\d+(?:\.\d+)?)[*x×·])?10(?:\^|\*\*)\(?(-?\d{1,2})\)?")
_ONES = {
    name: value
    for value, name in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
    )
}  # fmt: skip
_TENS = {
    name: value * 10
    for value, name in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
} | {"fourty": 40}  # a common slip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_FRACTIONS = {"tenth": 0.1, "hundredth": 0.01, "thousandth": 0.001, "millionth": 1e-6, "half": 0.5}
# 1 kB is 1000 bytes, 1 KiB 1024 (IEC 80000-13)
BYTES = {
    "b": 1, "byte": 1, "bytes": 1, "kb": 1000, "kilobyte": 1000, "kilobytes": 1000, "kib": 1024, "kibibytes": 1024,
    "mb": 10**6, "megabyte": 10**6, "megabytes": 10**6, "mib": 2**20, "mebibytes": 2**20, "gb": 10**9,
    "gigabyte": 10**9, "gigabytes": 10**9, "gib": 2**30,
}  # fmt: skip
_WITH_UNIT = re.compile(r"([\d.,_]+)([a-z]+)")


@dataclass(frozen=True)
class Found:
    """A number at the head of some words, how many words it took, and how many bytes its unit has, 0 without one."""

    value: Number
    taken: int
    bytes: int = 0


def number(text: str) -> Number | None:
    """One token of digits → a number; None for anything else."""
    power = _POWER.fullmatch(text)
    if power:
        return float(f"{power[1] or 1}e{power[2]}")
    if _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    match = _DIGITS.fullmatch(text)
    if not match:
        return None
    unit = {"k": 1e3, "m": 1e6}.get((match[2] or "").lower(), 1)
    value = float(match[1].replace("_", "").replace(",", "")) * unit
    return _tidy(value)


def read(words: Sequence[str]) -> Found | None:
    """The number that the first words (lower case) say, with a unit of bytes where one follows."""
    if not words:
        return None
    attached = _WITH_UNIT.fullmatch(words[0])
    if attached and attached[2] in BYTES:  # 4kb
        value = number(attached[1])
        tidy = None if value is None else _tidy(value * BYTES[attached[2]])
        return None if tidy is None else Found(tidy, 1, BYTES[attached[2]])
    found = _digits(words) or _spoken(words)
    if found is not None and len(words) > found.taken and words[found.taken] in BYTES:
        unit = BYTES[words[found.taken]]
        tidy = _tidy(found.value * unit)
        return None if tidy is None else Found(tidy, found.taken + 1, unit)
    return found


def _digits(words: Sequence[str]) -> Found | None:
    value = number(words[0])
    if value is None:
        return None
    if len(words) > 1 and words[1] in _SCALES:  # 10 thousand
        scaled = _tidy(value * _SCALES[words[1]])
        return None if scaled is None else Found(scaled, 2)
    return Found(value, 1)


def _spoken(words: Sequence[str]) -> Found | None:
    """two hundred and fifty-six, a dozen, half a million, one thousandth"""
    total = part = 0
    seen = used = 0
    scaled = False
    for place, word in enumerate(words):
        pieces = word.split("-")
        if word in {"a", "an"} and not seen:
            following = words[place + 1] if place + 1 < len(words) else ""
            if following not in _SCALES and following.split("-")[-1] not in _FRACTIONS:
                return None
            continue
        if word == "and" and scaled and place + 1 < len(words) and _small(words[place + 1].split("-")[0]) is not None:
            continue
        fraction = _fraction(pieces, part or (total or 1))
        if fraction is not None and (seen or place):
            return Found(fraction, place + 1)
        values = [_small(piece) for piece in pieces]
        if all(value is not None for value in values):
            part += sum(value for value in values if value is not None)
        elif word in _SCALES and (seen or place):
            scaled = True
            if word == "hundred":
                part = (part or 1) * 100
            else:
                total, part = total + (part or 1) * _SCALES[word], 0
        else:
            break
        seen, used = seen + 1, place + 1
    value = _tidy(float(total + part)) if seen else None
    return None if value is None else Found(value, used)


def _fraction(pieces: Sequence[str], count: int) -> float | None:
    """ "thousandth", "ten-thousandths" as a share of one, `count` times."""
    last = pieces[-1].removesuffix("s")
    if last not in _FRACTIONS or last == "half":
        return None
    divisor = 1
    for piece in pieces[:-1]:
        value = _small(piece) or _SCALES.get(piece)
        if value is None:
            return None
        divisor *= value
    return count * _FRACTIONS[last] / divisor


def _small(word: str) -> int | None:
    return _ONES.get(word, _TENS.get(word))


def _tidy(value: float) -> Number | None:
    if not abs(value) < 1e15:
        return None
    return int(value) if value == int(value) else float(f"{value:.12g}")
