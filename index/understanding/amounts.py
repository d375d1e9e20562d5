"""Numbers that a query compares with: more than 100, at most 1e-3, between 16 and 64, about 200, 64 or less, 4 kB."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from index.understanding import numbers
from index.understanding.ahead import Ahead
from index.understanding.figures import (
    ABOUT,
    ABOVE,
    AFTER_NUMBER,
    BELOW,
    COMPARISONS,
    DIFFERENT,
    JUST_BELOW,
    LESS,
    MORE,
    MOVES_TO,
    OPEN_ENDS,
    OR_SO,
)
from index.understanding.filters import Item, Scalar
from index.understanding.lexicon import ARTICLES, NEGATORS, VERBAL_NEGATORS

if TYPE_CHECKING:
    from index.understanding.query import Token

_FLIPPED = {"gt": "le", "lt": "ge", "ge": "lt", "le": "gt"}
_ABOUT = 0.1  # "about 100" is 90 to 110
_MAGNITUDE = 10**0.5  # "of the order of 1e-3" is half an order up and down
_LONGEST_NUMBER = 10  # words, as "five times ten to the power of minus four"
_ELSE = {"but", "other", "except", "than", "besides", "else", "apart", "different"}
# before a hundred without its "a": "hundred samples in every batch", not "several hundred"
_BEFORE_SCALE = {"", "of", "with", "at", "for", "than", "about", "in", "over", "roughly", "exactly", "just", "least",
                 "most", "after", "takes", "uses", "has", "trained", "the", "only"}  # fmt: skip
_TO = {"and", "to", "through", "until", "till", "-", "–", "—", "->", "thru", "up"}


@dataclass(frozen=True)
class Amount:
    """A number as it is compared, the place after it, and what joins it to the one before. `bytes`: it has a unit,
    `strict`: the ends of the range do not belong to it."""

    op: str
    value: Scalar | tuple[Item, ...]
    end: int
    negated: bool = False
    joint: str | None = None
    bytes: bool = False
    strict: bool = False

    @property
    def parts(self) -> list[Amount]:
        """Itself, or the two bounds of a strict range."""
        if not self.strict or not isinstance(self.value, tuple):
            return [self]
        low, high = self.value
        assert isinstance(low, int | float) and isinstance(high, int | float)
        return [replace(self, op="gt", value=low), replace(self, op="lt", value=high, joint="and")]


class Amounts(Ahead):
    """Reads comparisons with numbers, taking nothing."""

    def __init__(self, tokens: list[Token], today: date) -> None:
        super().__init__(tokens, today)
        self._numbers: dict[int, numbers.Found | None] = {}

    def _number_at(self, at: int) -> numbers.Found | None:
        if at not in self._numbers:  # a place is asked for by every rule
            self._numbers[at] = self._read_number(at)
        return self._numbers[at]

    def _read_number(self, at: int) -> numbers.Found | None:
        word = self._word(at)
        if word.endswith("+") or word.startswith("~"):
            return None
        words = list(takewhile(bool, self._words(at, _LONGEST_NUMBER)))
        if not words:
            return None
        found = numbers.read(words)
        if found is None and word in {"hundred", "thousand"} and self._word(at - 1) in _BEFORE_SCALE:
            found = numbers.read(["one", *words])
            found = found and replace(found, taken=found.taken - 1)
        share = numbers.part_of_one(words) if self._of_a_rate(at) else None
        return share if share and (found is None or found.taken <= share.taken) else found

    def _of_a_rate(self, at: int) -> bool:
        """Whether the name of a rate stands before a number: "a learning rate of at least a quarter"."""
        before = (self._number_field(place) for place in range(at - 1, max(-1, at - _LONGEST_NUMBER), -1))
        nearest = next((field for field in before if field), None)
        return nearest is not None and nearest[0] == "lr"

    def _amounts(self, at: int, *, field_first: bool) -> list[Amount]:
        """One amount, or several in a list; after a field, up to the one that has a field of its own."""
        found: list[Amount] = []
        joint: str | None = None
        while True:
            amount = self._amount(at)
            span = self._span(at) if found else None
            if amount is None or (span is not None and not span.bare_year):
                return found
            if field_first and found and self._number_field(amount.end):
                return found
            found.append(replace(amount, joint=joint))
            if (below := self._one_of(JUST_BELOW, amount.end, 5)) and (end := self._number_at(amount.end + len(below))):
                at = self._after(amount.end + len(below), end.taken)
                return [*found[:-1], replace(found[-1], op="ge"), Amount("lt", end.value, at, joint="and")]
            joint, at = self._joint(amount.end)
            if self._word(at) == "but":  # "more than 20 but fewer than 100"
                joint, at = "and", at + 1
            if joint is None:
                return found

    def _amount(self, at: int) -> Amount | None:
        """[not] [comparison] number, or a range."""
        op, start = self._comparison(at)
        if self._word(at) == "anything" and self._word(at + 1) not in _ELSE:  # "anything between 16 and 64"
            return self._amount(at + 1)
        if start == at and (self._word(at) in NEGATORS or self._word(at) in DIFFERENT):
            at += 2 if self._word(at + 1) in {"than", "to", "of", "from", "but"} else 1
            amount = self._amount(at)
            return replace(amount, negated=True) if amount else None
        ranged = self._range(at) or (self._range(start) if op == "eq" and start > at else None)  # lr = 1e-4 to 1e-3
        if ranged:
            return ranged
        at = start
        if phrase := self._one_of(ABOUT, at):
            value = self._number_at(at + len(phrase))
            if value is not None and op == "eq":
                wide = _MAGNITUDE if {"order", "magnitude"} & {*phrase} else _ABOUT
                return self._near(value.value, self._after(at + len(phrase), value.taken), value.bytes, wide)
            at += len(phrase)
        word = self._word(at)
        if op == "eq" and (within := self._within_range(at)):
            return within
        if word.startswith("~") and (value := numbers.read([word[1:]])):
            return self._near(value.value, at + 1, value.bytes)
        if word.endswith("ish") and (value := numbers.read([word[:-3].rstrip("-")])):
            return self._near(value.value, at + 1, value.bytes)
        if word.endswith("+") and (value := numbers.read([word[:-1]])):
            return Amount("ge", value.value, at + 1)
        found = self._number_at(at)
        if found is None:
            return None
        end = self._after(at, found.taken)
        if self._words(end, 2) in OR_SO and op == "eq":
            return self._near(found.value, end + 2, found.bytes)
        closed = self._closed(end) if op == "eq" else None
        return Amount(closed[0] if closed else op, found.value, closed[1] if closed else end, bytes=bool(found.bytes))

    def _within_range(self, at: int) -> Amount | None:
        """[in the] 1e-4 range"""
        at += 2 * (self._words(at, 2) in {("in", "the"), ("in", "a")})
        found = self._number_at(at) if self._word(at - 1) in {"the", "a"} else None
        end = self._after(at, found.taken) if found else at
        if found is None or self._word(end) not in {"range", "region", "ballpark", "area"}:
            return None
        return self._near(found.value, end + 1, found.bytes, _MAGNITUDE)

    @staticmethod
    def _near(value: numbers.Number, end: int, unit: int = 0, share: float = _ABOUT) -> Amount:
        ends = (value * (1 - share), value * (1 + share)) if share < 1 else (value / share, value * share)
        low, high = (float(f"{one:.{6 if share < 1 else 3}g}") for one in ends)
        if isinstance(value, int):
            low, high = math.floor(round(low, 6)), math.ceil(round(high, 6))
        return Amount("range", (low, high), end, bytes=bool(unit))

    def _after(self, at: int, words: int) -> int:
        """The place after so many words, commas between them counted."""
        while words:
            words -= self._tokens[at].kind == "word"
            at += 1
        return at

    def _range(self, at: int) -> Amount | None:
        """between 16 and 64, from 16 to 64, 16 to 64, 16-64, 16..64"""
        while self._word(at) in {"anywhere", "somewhere", "ranging", "in", "the", "range", "range:", "of"}:
            at += 1
        strict = self._word(at) == "strictly" and self._word(at + 1) == "between"
        at += strict
        opened = self._word(at) in {"between", "from"}
        at += opened
        for sign in ("..", "–", "—", "-"):
            low_text, found, high_text = self._word(at).partition(sign)
            low, high = numbers.read([low_text]), numbers.read([high_text, self._word(at + 1)])
            if found and low_text and low and high and not (sign == "-" and low_text.isalpha()):  # not "thirty-two"
                return self._between(low, high, at + high.taken, strict)
        first = self._number_at(at)
        if first is None:
            return None
        at = self._after(at, first.taken)
        middle = self._word(at)
        if middle not in _TO or (middle == "and" and not opened):
            return None
        at += 1 + (middle == "up" and self._word(at + 1) == "to")
        last = self._number_at(at)
        if last is None:
            return None
        first = replace(first, value=first.value * self._scale_of_both(first, at, last))
        return self._between(first, last, self._after(at, last.taken), strict)

    def _scale_of_both(self, first: numbers.Found, at: int, last: numbers.Found) -> int:
        """What the first of two numbers counts as well, where only the last says it: "seven to nine hundred"."""
        scale = numbers.SCALES.get(self._word(self._after(at, last.taken) - 1), 1)
        return scale if last.taken == 2 and first.value < last.value / scale else 1

    @staticmethod
    def _between(low: numbers.Found, high: numbers.Found, end: int, strict: bool) -> Amount:
        first = low.value * high.bytes if high.bytes and not low.bytes else low.value  # 4 to 10 kB
        ends = sorted((first, high.value))
        return Amount("range", (ends[0], ends[1]), end, bytes=bool(low.bytes or high.bytes), strict=strict)

    def _closed(self, at: int) -> tuple[str, int] | None:
        """What follows a number and opens it to one side, and the place after: "or more", "at most"."""
        if phrase := self._one_of(AFTER_NUMBER, at):
            if self._number_at(at + len(phrase)) is None:
                return AFTER_NUMBER[phrase], at + len(phrase)
            return None
        if self._word(at) not in {"or", "and"}:
            return None
        at += 1
        at += self._word(at) in {"even", "anything"}
        side = OPEN_ENDS.get(self._word(at))
        # "less than 20 or more than 100" goes on, "64 or more" does not
        if side is None or self._word(at + 1) == "than" or self._number_at(at + 1) is not None:
            return None
        return side, at + 1 + (self._word(at + 1) == "often")

    def _comparison(self, at: int) -> tuple[str, int]:
        """What compares at a place, and the place after it; "eq" and the same place where nothing does."""
        start = at
        at += self._word(at) in {"do", "does", "did", "should", "must", "may", "can", "will"}
        flipped = self._word(at) in VERBAL_NEGATORS
        at += flipped
        at += self._word(at) in MOVES_TO and self._word(at + 1) in BELOW | ABOVE
        at += self._word(at) in {"any", "strictly", "significantly", "much", "far", "slightly", "well", "way"}
        word, op = self._word(at), ""
        if word in LESS | MORE:
            following = self._word(at + 1)
            than = following in {"than", "then"} or (following == "as" and self._number_at(at + 2) is not None)
            if than or following == "or":
                op, at = "lt" if word in LESS else "gt", at + 1 + than
        elif word in BELOW | ABOVE:
            op, at = "lt" if word in BELOW else "gt", at + 1
        if op:
            equal = self._one_of({("or", "equal", "to"), ("or", "equal"), ("or", "equals"), ("or", "exactly"),
                                  ("or", "at"), ("or", "equal", "than")}, at)  # fmt: skip
            if equal:
                op, at = {"lt": "le", "gt": "ge"}[op], at + len(equal)
                at += self._word(at) in {"to", "than"}
            elif self._word(at) == "or":
                return "eq", start  # "more or less"
        elif phrase := self._one_of(COMPARISONS, at):
            op, at = COMPARISONS[phrase], at + len(phrase)
            if phrase == ("from",) and self._range(start) is not None:
                return "eq", start
        if not op or (flipped and op == "eq"):
            return "eq", start
        at += self._word(at) in ARTICLES and self._number_at(at) is None
        return _FLIPPED[op] if flipped else op, at
