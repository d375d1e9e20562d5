"""Looking ahead in a query: the date, number, list or term of the vocabulary that stands at a place, if one does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from index import dates
from index.fields import DATASET_WORDS, FRAMEWORK_WORDS, HARDWARE_WORDS, OPTIMIZER_WORDS, TAG_WORDS, number, squeeze
from index.filters import Scalar
from index.lexicon import ARTICLES, COMPARISONS, LISTING, NEGATORS, NUMBER_FIELDS

if TYPE_CHECKING:
    from index.query import Token


@dataclass(frozen=True)
class Term:
    """A word of the vocabulary found in the query: which field it speaks of, and how many tokens it took."""

    field: str
    value: str
    taken: int


@dataclass(frozen=True)
class Amount:
    """A number as it is compared, the place after it, and what joins it to the one before."""

    op: str
    value: Scalar | tuple[Scalar, ...]
    end: int
    negated: bool = False
    joint: str | None = None


class Ahead:
    """Says what stands at a place of a query, and takes nothing."""

    def __init__(self, tokens: list[Token], today: date) -> None:
        self._tokens = tokens
        self._today = today

    def _raw(self, at: int) -> str:
        return self._tokens[at].lower if 0 <= at < len(self._tokens) else ""

    def _word(self, at: int) -> str:
        """The word or sign at a place, "" past the end or where something else stands."""
        if 0 <= at < len(self._tokens) and self._tokens[at].kind in {"word", "op"}:
            return self._tokens[at].lower
        return ""

    def _ahead(self, at: int) -> list[str]:
        """The words from a place on, commas inside a date left out."""
        found = []
        for token in self._tokens[at : at + 7]:
            if token.kind == "word":
                found.append(token.lower)
            elif token.text != ",":
                break
        return found

    def _joint(self, at: int) -> tuple[str | None, int]:
        """What joins a list at a place, "or" or "and", and the place after it."""
        joint: str | None = None
        while True:
            raw = self._raw(at)
            if raw in LISTING:
                joint = "or" if raw in {"or", "nor"} else joint or "and"
            elif not (raw in ARTICLES or (raw == "on" and joint)):
                return joint, at
            at += 1

    def _span(self, at: int) -> dates.Span | None:
        """The date at a place; `consumed` counts tokens. A bare year that counts something is none."""
        span = dates.read(self._ahead(at), self._today)
        if span is None:
            return None
        end, words = at, 0
        while words < span.consumed:
            words += self._tokens[end].kind == "word"
            end += 1
        if span.bare_year and self._number_field(end):
            return None
        return replace(span, consumed=end - at)

    def _pair(self, at: int) -> tuple[date, date, int] | None:
        first = self._span(at)
        if first is None:
            return None
        middle = at + first.consumed
        if self._word(middle) not in {"and", "to", "until", "till", "through", "-"}:
            return None
        second = self._span(middle + 1)
        if second is None:
            return None
        if first.yearless and not second.yearless:
            first = first.in_year(second.start.year)
            if first.start > second.start:
                first = first.in_year(second.start.year - 1)
        elif first.yearless and second.yearless and first.start > second.start:
            first = first.in_year(second.start.year - 1)
        taken = middle + 1 + second.consumed - at
        return min(first.start, second.start), max(first.end, second.end), taken

    def _number_field(self, at: int) -> tuple[str, int] | None:
        for length in (3, 2, 1):
            words = tuple(self._word(at + offset) for offset in range(length))
            if words in NUMBER_FIELDS:
                return NUMBER_FIELDS[words], length
        return None

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
            joint, at = self._joint(amount.end)
            if joint is None:
                return found

    def _amount(self, at: int) -> Amount | None:
        """[not] [comparison] number, or a range."""
        op, length = self._comparison(at)
        if not length and (self._word(at) in NEGATORS or self._word(at) == "other"):
            at += 2 if self._word(at + 1) in {"than", "to", "of"} else 1
            amount = self._amount(at)
            return replace(amount, negated=True) if amount else None
        if self._word(at) in {"between", "from"}:
            low, high = number(self._word(at + 1)), number(self._word(at + 3))
            if low is not None and high is not None and self._word(at + 2) in {"and", "to"}:
                return Amount("range", (min(low, high), max(low, high)), at + 4)
        at += length
        low_text, dots, high_text = self._word(at).partition("..")
        if dots:
            low, high = number(low_text), number(high_text)
            if low is not None and high is not None:
                return Amount("range", (min(low, high), max(low, high)), at + 1)
        value = number(self._word(at))
        if value is None:
            return None
        open_end = self._open_end(at + 1) if op == "eq" else None
        return Amount(open_end, value, at + 3) if open_end else Amount(op, value, at + 1)

    def _open_end(self, at: int) -> str | None:
        """ge for "or more", le for "or less", where no number follows that it compares with."""
        side = COMPARISONS.get((self._word(at + 1), "than")) or COMPARISONS.get((self._word(at + 1),))
        following = self._word(at + 2)
        if self._word(at) not in {"or", "and"} or following == "than" or number(following) is not None:
            return None
        return {"gt": "ge", "lt": "le"}.get(side or "")

    def _comparison(self, at: int) -> tuple[str, int]:
        for length in (3, 2, 1):
            words = tuple(self._word(at + offset) for offset in range(length))
            if words in COMPARISONS:
                return COMPARISONS[words], length
        return "eq", 0

    def _term(self, at: int, first: str) -> Term | None:
        """The longest run of tokens from `at` that the vocabulary knows."""
        best: Term | None = None
        joined = ""
        for length in range(1, 5):
            word = first if length == 1 else self._word(at + length - 1)
            if not word or (length > 1 and self._tokens[at + length - 1].negated):
                break
            joined += squeeze(word)
            for field, words in (
                ("dataset", DATASET_WORDS), ("tag", TAG_WORDS), ("framework", FRAMEWORK_WORDS),
                ("optimizer", OPTIMIZER_WORDS), ("hw", HARDWARE_WORDS),
            ):  # fmt: skip
                if joined in words:
                    best = Term(field, words[joined], length)
                    break
        return best
