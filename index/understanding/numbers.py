"""Numbers as people write them: 1e-3, 10^-3, 1,000, 64k, thirty-two, a dozen, ten thousand, one thousandth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Number = int | float

_DIGITS = re.compile(r"([-+]?(?:\d[\d_]*(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?)(k|m)?", re.IGNORECASE)
_COMMA = re.compile(r"0,\d+")  # a comma for the decimal point: no thousands follow a lone zero
_SUPERSCRIPT = re.compile(r"10([⁺⁻]?[⁰¹²³⁴-⁹]+)$")
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_OVER = re.compile(r"1/(10+)|([1-9])/(1000+)")
_HUNDREDS = re.compile(r"10{2,}")
_E = re.compile(r"e([-+]?\d{1,2})")
_TIMES = {"x", "×", "*", "·", "times"}
_OF_A_POWER = {"to", "the", "power", "of"}
_POWER = re.compile(r"(?:(\d+(?:\.\d+)?)[*x×·])?10(?:\^|\*\*)\(?([-+]?\d{1,2})\)?")
_ONES = {
    name: value
    for value, name in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
    )
} | {"single": 1}  # fmt: skip
_TENS = {
    name: value * 10
    for value, name in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
} | {"fourty": 40}  # a common slip
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2}
_PERCENT: dict[tuple[str, ...], int] = {
    ("percent",): 100, ("per", "cent"): 100, ("%",): 100, ("pct",): 100, ("per", "mille"): 1000, ("permille",): 1000,
    ("‰",): 1000, ("per", "mil"): 1000, ("ppm",): 1_000_000,
}  # fmt: skip
_FRACTIONS = {
    "tenth": 0.1,
    "twentieth": 0.05,
    "fiftieth": 0.02,
    "hundredth": 0.01,
    "thousandth": 0.001,
    "millionth": 1e-6,
}
# 1 kB is 1000 bytes, 1 KiB 1024 (IEC 80000-13)
BYTES = {
    "b": 1, "byte": 1, "bytes": 1, "kb": 1000, "kilobyte": 1000, "kilobytes": 1000, "kib": 1024, "kibibytes": 1024,
    "mb": 10**6, "megabyte": 10**6, "megabytes": 10**6, "mib": 2**20, "mebibytes": 2**20, "gb": 10**9,
    "gigabyte": 10**9, "gigabytes": 10**9, "gib": 2**30,
}  # fmt: skip
_BEGINS = frozenset("0123456789.+-")
_BEGIN = {*_ONES, *_TENS, *SCALES, *_PARTS, "a", "an", "couple", "point"}
_WITH_UNIT = re.compile(r"([\d.,_]+)([a-z]+)")


@dataclass(frozen=True)
class Found:
    """A number at the head of some words, how many words it took, and how many bytes its unit has, 0 without one."""

    value: Number
    taken: int
    bytes: int = 0


def number(text: str) -> Number | None:
    """One token of digits → a number; None for anything else."""
    text = _SUPERSCRIPT.sub(lambda match: f"10^{match[1].translate(_RAISED)}", text)
    if over := _OVER.fullmatch(text):
        return int(over[2] or 1) / int(over[1] or over[3])
    if text.endswith(("%", "‰")):
        share = number(text[:-1])
        return None if share is None else float(f"{share / (100 if text.endswith('%') else 1000):.12g}")
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
    if not words or not (words[0][:1] in _BEGINS or words[0].partition("-")[0] in _BEGIN):
        return None  # as most words say nothing of the kind
    attached = _WITH_UNIT.fullmatch(words[0])
    if attached and attached[2] in BYTES:  # 4kb
        value = number(attached[1])
        tidy = None if value is None else _tidy(value * BYTES[attached[2]])
        return None if tidy is None else Found(tidy, 1, BYTES[attached[2]])
    found = _part_of(words) or _plain(words)
    if found is None:
        return None
    for share in (tuple(words[found.taken : found.taken + taken]) for taken in (2, 1)):
        if share in _PERCENT:
            return Found(float(f"{found.value / _PERCENT[share]:.12g}"), found.taken + len(share))
    if len(words) > found.taken and words[found.taken] in BYTES:
        unit = BYTES[words[found.taken]]
        tidy = _tidy(found.value * unit)
        return None if tidy is None else Found(tidy, found.taken + 1, unit)
    return found


def _part_of(words: Sequence[str]) -> Found | None:
    """half a thousandth, a quarter of a hundred, a third of a million, one over a thousand"""
    at = int(words[0] in {"a", "an", "one"} and words[1:2] != [] and words[1] in _PARTS)
    part = _PARTS.get(words[at])
    if part is not None:
        at += 1 + (words[at + 1 : at + 2] == ["of"])
        whole = _plain(words[at:]) if words[at : at + 1] in (["a"], ["an"], ["one"]) else None
        if whole is None or (isinstance(whole.value, int) and whole.value < 10):
            return None
        value = _tidy(whole.value * part)
        return None if value is None else Found(value, at + whole.taken)
    if found := _one_in_many(words):
        return found
    if words[0] in {"one", "1"} and (words[1:2] == ["over"] or words[1:3] == ["divided", "by"]):
        at = 2 + (words[1] == "divided")
        below = _plain(words[at:])
        value = _tidy(1 / below.value) if below and below.value >= 2 else None
        return None if below is None or value is None else Found(value, at + below.taken)
    return None


def _one_in_many(words: Sequence[str]) -> Found | None:
    """one in a thousand, 3 in 10000, one part in ten thousand"""
    count = _ONES.get(words[0]) or number(words[0])
    at = 1 + (words[1:2] in (["part"], ["parts"]))
    at += 1 + (words[at : at + 2] == ["out", "of"]) if words[at : at + 1] in (["in"], ["out"], ["per"]) else len(words)
    ends = words.index("and", at) if "and" in words[at:] else len(words)  # one in ten thousand and one in a thousand
    many = _plain(words[at:ends]) if isinstance(count, int) and 0 < count < 10 else None
    if many is None or not _HUNDREDS.fullmatch(str(many.value)):
        return None
    return Found(float(f"{(count or 1) / many.value:.12g}"), at + many.taken)


def part_of_one(words: Sequence[str]) -> Found | None:
    """a quarter, one half, three quarters, two fifths: as a number by itself, where something says that it is one"""
    at = int(words[0] in {"a", "an", "one"})
    count = 1 if at else _ONES.get(words[0], 0)
    at = at or int(count > 1)
    part = _PARTS.get(words[at].removesuffix("s")) if len(words) > at else None
    if part is None or words[at + 1 : at + 2] == ["of"]:
        return None
    return Found(float(f"{(count or 1) * part:.12g}"), at + 1)


def _plain(words: Sequence[str]) -> Found | None:
    return _share(words) or _digits(words) or _spoken(words) if words else None


def _digits(words: Sequence[str]) -> Found | None:
    value = number(words[0])
    if value is None:
        return None
    following = words[1] if len(words) > 1 else ""
    if following in SCALES:  # 10 thousand
        scaled = _tidy(value * SCALES[following])
        return None if scaled is None else Found(scaled, 2)
    if following == "000" and float(value).is_integer():  # 1 000
        return Found(int(value) * 1000, 2)
    return _powered(words, Found(value, 1))


def _powered(words: Sequence[str], found: Found) -> Found:
    """3 x 10^-4, five times ten to the minus four; 5 e -4, five e minus four; ten to the [power of] minus three"""
    at = found.taken
    rest = [word for word in words[at:] if word not in _OF_A_POWER]
    skipped = len(words) - at - len(rest)
    if words[at : at + 1] and words[at] in _TIMES and (factor := _plain(words[at + 1 :])):
        value, taken = found.value * factor.value, at + 1 + factor.taken
    elif words[at : at + 1] == ["e"] and (power := _exponent(words[at + 1 :])):
        value, taken = found.value * 10.0 ** power[0], at + 1 + power[1]
    elif words[at : at + 1] and (joined := _E.fullmatch(words[at])):
        value, taken = found.value * 10.0 ** int(joined[1]), at + 1
    elif found.value == 10 and _raised(words[at:]) and (power := _exponent(rest)):
        value, taken = 10.0 ** power[0], at + skipped + power[1]
    else:
        return found
    tidy = _tidy(value)
    return found if tidy is None else Found(tidy, taken)


def _raised(words: Sequence[str]) -> bool:
    """Whether a power follows: "ten to the fourth" is one, "ten to twenty" is none."""
    return words[:2] == ["to", "the"] or (words[:1] == ["to"] and words[1:2] in (["minus"], ["negative"]))


def _exponent(words: Sequence[str]) -> tuple[int, int] | None:
    """(minus three, the words it took)"""
    sign = bool(words) and words[0] in {"minus", "negative", "-"}
    found = number(words[sign]) if len(words) > sign else None
    power = found if found is not None else _small(words[sign]) if len(words) > sign else None
    if not isinstance(power, int) or abs(power) > 12:
        return None
    return (-power if sign else power), sign + 1


def _spoken(words: Sequence[str]) -> Found | None:
    """two hundred and fifty-six, half a dozen, a couple of hundred, two and a half thousand, point zero one"""
    if found := _decimal(words):
        return found
    if words[0] == "half" and words[1:2] in (["a"], ["an"]) and words[2:3] and words[2] in SCALES:
        return Found(SCALES[words[2]] // 2, 3)
    at = int(words[0] in {"a", "an"})
    if words[at : at + 1] == ["couple"]:
        at += 1 + (words[at + 1 : at + 2] == ["of"])
        scale = SCALES.get(words[at], 1) if len(words) > at else 1
        return Found(2 * scale, at + (scale > 1))
    if at and words[1:2] != ["single"] and (len(words) < 2 or words[1] not in SCALES):
        return None
    total, part, taken, fresh = 0.0, 0.0, 0, True  # fresh: a number below a hundred may come
    while at < len(words):
        word = words[at]
        small, steps = _below_hundred(words, at)
        if small is not None and fresh:
            part, at, fresh = part + small, at + steps, False
        elif not (taken or at):
            return None  # "several hundred"
        elif word == "hundred":
            part, at, fresh = (part or 1) * 100, at + 1, True
        elif word in SCALES:
            total, part, at, fresh = total + (part or 1) * SCALES[word], 0, at + 1, True
        elif (
            taken and words[at : at + 3] == ["and", "a", "half"] and words[at + 3 : at + 4] and words[at + 3] in SCALES
        ):
            part, at = part + 0.5, at + 3
        elif word == "and" and taken and fresh and _below_hundred(words, at + 1)[0] is not None:
            at += 1
            continue
        else:
            break
        taken = at
    value = _tidy(total + part) if taken else None
    return None if value is None else _powered(words, Found(value, taken))


def _below_hundred(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """sixty-four, sixty four, twelve: the number and the words it took"""
    if at >= len(words):
        return None, 0
    tens, _, ones = words[at].partition("-")
    if tens in _TENS and (not ones or ones in _ONES):
        if not ones and at + 1 < len(words) and 0 < _ONES.get(words[at + 1], 0) < 10:
            return _TENS[tens] + _ONES[words[at + 1]], 2
        return _TENS[tens] + _ONES.get(ones, 0), 1
    return _ONES.get(words[at]), 1


def _share(words: Sequence[str]) -> Found | None:
    """a tenth, one thousandth, 5 thousandths, two ten-thousandths, one hundred thousandth"""
    if len(words) > 1 and not any(word.endswith(("th", "ths")) for word in words[:4]):
        return None
    pieces = [piece for word in words[:4] for piece in word.split("-")]
    count = 1 if pieces[0] in {"a", "an"} else _small(pieces[0]) if pieces[0].isalpha() else number(pieces[0])
    if count is None or len(pieces) < 2:
        return None
    divisor = {"ten": 10, "hundred": 100}.get(pieces[1], 1)
    at = 1 + (divisor > 1)
    share = _FRACTIONS.get(pieces[at].removesuffix("s")) if len(pieces) > at else None
    if share is None:
        return None
    taken = length = 0
    while length <= at:
        length += len(words[taken].split("-"))
        taken += 1
    return Found(float(f"{count * share / divisor:.12g}"), taken)


def _decimal(words: Sequence[str]) -> Found | None:
    """[zero] point zero one"""
    at = int(_small(words[0]) is not None)
    if words[at : at + 1] != ["point"]:
        return None
    digits = ""
    while at + 1 + len(digits) < len(words) and (digit := _ONES.get(words[at + 1 + len(digits)])) is not None:
        if digit > 9:
            break
        digits += str(digit)
    return Found(float(f"{_small(words[0]) or 0}.{digits}"), at + 1 + len(digits)) if digits else None


def _small(word: str) -> int | None:
    return _ONES.get(word, _TENS.get(word))


def _tidy(value: float) -> Number | None:
    if not abs(value) < 1e15:
        return None
    return int(value) if value == int(value) else float(f"{value:.12g}")
