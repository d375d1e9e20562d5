"""Looking ahead in a query: the date, list or term of the vocabulary that stands at a place, if one does."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from index.known.glossary import NO_TAGS, NO_TERMS
from index.understanding import dates
from index.understanding.figures import BARE_NAMES, BEFORE_BARE, JUST_BELOW, LAST_OF_PAIR, NOW, NUMBER_FIELDS
from index.understanding.lexicon import ARTICLES, LISTING, PURPOSES
from index.understanding.vocabulary import (
    COMPONENT_WORDS,
    DATASET_WORDS,
    ENVIRONMENT_WORDS,
    FORMAT_WORDS,
    FRAMEWORK_WORDS,
    HARDWARE_WORDS,
    LIBRARY_WORDS,
    OPTIMIZER_WORDS,
    ORDINARY,
    TAG_WORDS,
    squeeze,
)

if TYPE_CHECKING:
    from index.understanding.query import Token

_LONGEST_TERM = 5  # words
_AROUND = 10  # places before and after a query that are looked at
_NOTHING = ("",) * _AROUND
_LETTERS = 4  # of several words together, which are no name: "I am"
_DATA = {"dataset", "data", "datasets", "corpus", "benchmark"}
# small words, with which no name of several words begins or ends but those that are written so: "in breast" is no
# INbreast, "ViT on" no VITON
_SMALL = {"in", "on", "at", "of", "to", "for", "with", "by", "from", "and", "or", "as", "is", "it", "i", "a", "an",
          "we", "us", "our", "no", "so", "my", "be", "do"}  # fmt: skip
_WRITTEN_SO = {"withadiscriminator", "withacritic", "celeba"}
LEARNED = {"trained", "train", "trains", "training", "learned", "learnt", "fitted", "tuned", "finetuned", "fine-tuned"}


@dataclass(frozen=True)
class Term:
    """A word of the vocabulary found in the query: which field it speaks of, and how many tokens it took."""

    field: str
    value: str
    taken: int


class Ahead:
    """Says what stands at a place of a query, and takes nothing."""

    def __init__(self, tokens: list[Token], today: date) -> None:
        self._tokens = tokens
        self._today = today
        # most of what a query takes is asking what stands where: the answers, with nothing all around
        said = (token.lower if token.kind in {"word", "op"} else "" for token in tokens)
        self._said = (*_NOTHING, *said, *_NOTHING)

    def _raw(self, at: int) -> str:
        return self._tokens[at].lower if 0 <= at < len(self._tokens) else ""

    def _word(self, at: int) -> str:
        """The word or sign at a place, "" past the end or where something else stands."""
        at += _AROUND
        return self._said[at] if 0 <= at < len(self._said) else ""

    def _words(self, at: int, count: int) -> tuple[str, ...]:
        return self._said[at + _AROUND : at + _AROUND + count]

    def _one_of(self, phrases: Collection[tuple[str, ...]], at: int, longest: int = 4) -> tuple[str, ...] | None:
        """The longest of some phrases that stands at a place."""
        words = self._words(at, longest)
        if words and words[0]:
            for length in range(longest, 0, -1):
                if words[:length] in phrases:
                    return words[:length]
        return None

    def _ahead(self, at: int) -> list[str]:
        """The words from a place on, commas inside a date left out."""
        return [token.lower for token in self._worded(at)]

    def _worded(self, at: int) -> Iterator[Token]:
        for token in self._tokens[at : at + 9]:
            if token.kind == "word":
                yield token
            elif token.text != ",":
                return

    def _joint(self, at: int) -> tuple[str | None, int]:
        """What joins a list at a place, "or" or "and", and the place after it."""
        joint: str | None = None
        while True:
            raw = self._raw(at)
            if raw in LISTING:
                joint = "or" if raw in {"or", "nor"} else joint or "and"
            elif not (raw in ARTICLES or (joint and raw in {"on", "other", "further"})):  # "no LSTM or other RNN"
                return joint, at
            at += 1

    def _span(self, at: int, *, months: bool = False) -> dates.Span | None:
        """The date at a place; `consumed` counts tokens. A bare year that counts something is none."""
        span = dates.read(self._ahead(at), self._today, months=months) if self._word(at) else None
        if span is None:
            return None
        end, words = at, 0
        while words < span.consumed:
            words += self._tokens[end].kind == "word"
            end += 1
        if words == 1 and self._word(at).endswith("m") and self._number_field(end):
            return None  # "2M epochs"
        if span.bare_year and (self._number_field(end) or self._word(end) in {"of", "samples", "images", "steps"}):
            return None
        return replace(span, consumed=end - at)

    def _pair(self, at: int) -> tuple[date, date, int] | None:
        """Two dates and the place after them: `2 March and 10 April`, `March to May 2025`."""
        at += self._word(at) == "the" and self._span(at) is None
        first = self._span(at, months=True)
        day = dates.day_of(self._word(at)) if first is None else None
        middle = at + (first.consumed if first else 1)
        before = self._one_of(JUST_BELOW, middle, 5)  # from March up to but not including May
        joint = before or self._one_of(LAST_OF_PAIR, middle, 6)
        if (first is None and day is None) or joint is None:
            return None
        last = middle + len(joint)
        if first and dates.day_of(self._word(last)):
            first = self._span(at, months=self._span(last) is not None)  # April 10 to 20
        second = self._span(last, months=True)
        if first and first.yearless and (first.end - first.start).days == 1:  # July 3 to July 10, not of 2010
            plain = self._span(last)
            second = plain if plain and (plain.end - plain.start).days == 1 else second
        elif first and first.consumed == 2 and second and (second.end - second.start).days == 1:
            plain = self._span(at)  # April 20 to April 25, 2024
            first = plain if plain and (plain.end - plain.start).days == 1 and plain.yearless else first
        if day is not None:  # 10 to 20 April
            if second is None or (second.end - second.start).days != 1:
                return None
            try:
                start = second.start.replace(day=day)
            except ValueError:
                return None
            return min(start, second.start), max(start + timedelta(days=1), second.end), last + second.consumed
        assert first is not None
        if second is None and (found := self._end_of_pair(first, last)):
            return found
        if second is None:
            return None
        if before:
            second = replace(second, end=second.start)
        if first.yearless and not second.yearless:
            first = first.in_year(second.start.year)
            if first.start > second.start:
                first = first.in_year(second.start.year - 1)
        elif second.yearless and not first.yearless:
            second = second.in_year(first.start.year)
            if first.start > second.start:
                second = second.in_year(first.start.year + 1)
        elif first.yearless and second.yearless and first.start > second.start:
            first = first.in_year(second.start.year - 1)
        return min(first.start, second.start), max(first.end, second.end), last + second.consumed

    def _end_of_pair(self, first: dates.Span, at: int) -> tuple[date, date, int] | None:
        """The rest of "April 10 to 20, 2025" and of "April to now"."""
        if self._word(at) in NOW:
            return first.start, self._today + timedelta(days=1), at + 1
        day = dates.day_of(self._word(at))
        if day is None or (first.end - first.start).days != 1:
            return None
        at += 1 + (self._raw(at + 1) == "," and self._word(at + 2).isdigit())
        year = dates.read([self._word(at)], self._today)
        if year and year.bare_year:
            first, at = first.in_year(year.start.year), at + 1
        try:
            end = first.start.replace(day=day) + timedelta(days=1)
        except ValueError:
            return None
        return (first.start, end, at) if end > first.start else None

    def _number_field(self, at: int) -> tuple[str, int] | None:
        """(field, tokens taken), where the name of a number stands at a place."""
        phrase = self._one_of(NUMBER_FIELDS, at, 5)
        if phrase in BARE_NAMES and self._word(at - 1) not in BEFORE_BARE:  # "dropout rate", "hidden size"
            return None
        return (NUMBER_FIELDS[phrase], len(phrase)) if phrase else None

    def dated_at(self, at: int) -> int | None:
        """How many tokens the date at a place takes; None where none stands there."""
        span = self._span(at)
        return span.consumed if span else None

    def dated(self, at: int) -> bool:
        """Whether a date, or a pair of them, stands at a place."""
        return self._span(at) is not None or self._pair(at) is not None

    def term(self, at: int) -> Term | None:
        """The term of the vocabulary at a place, if one stands there."""
        return self._term(at, self._word(at))

    def _term(self, at: int, first: str) -> Term | None:
        """The longest run of tokens from `at` that the vocabulary knows."""
        best: Term | None = None
        joined = ""
        if self._word(at + 1) in NO_TAGS.get(first, ()) or self._word(at - 1) in NO_TERMS.get(first, ()):
            return None
        for length in range(1, _LONGEST_TERM + 1):
            word = first if length == 1 else self._word(at + length - 1)
            if not squeeze(word) or (length > 1 and self._tokens[at + length - 1].negated):
                break
            joined += squeeze(word)
            if length > 1 and (first in _SMALL or word in _SMALL) and joined not in _WRITTEN_SO:
                continue
            for field, words in (
                ("dataset", DATASET_WORDS), ("tag", TAG_WORDS), ("framework", FRAMEWORK_WORDS),
                ("optimizer", OPTIMIZER_WORDS), ("hw", HARDWARE_WORDS), ("path", FORMAT_WORDS),
                ("text", ENVIRONMENT_WORDS), ("text", LIBRARY_WORDS), ("uses", COMPONENT_WORDS),
            ):  # fmt: skip
                if joined in words and (joined not in ORDINARY or self._as_a_name(at, length)):
                    best = Term(field, words[joined], length)
                    break
        return best

    def _as_a_name(self, at: int, length: int) -> bool:
        """Whether ordinary words name a dataset here: "trained on Planet", "IAM", "panda dataset"; not "I am"."""
        written = [token.text for token in self._tokens[at : at + length]]
        if length > 1 and len("".join(written)) <= _LETTERS:
            return False
        opening = at == 0 or self._tokens[at - 1].text in {".", ";", "?", "!"}
        shown = written if not opening or written[0][1:].isupper() or written[0][1:].isdigit() else (
            written[1:] or [written[0][1:]])  # fmt: skip
        two_letters = len(written) == 1 and len(written[0]) == 2 and written[0].isalpha()  # "brain MR images"
        if not two_letters and all(any(letter.isupper() for letter in word) for word in shown):
            return True
        end, before = at + length, at - 1 - (self._word(at - 1) == "the")
        told = {self._word(end), self._word(at - 1)} & _DATA or self._words(end, 2) == ("data", "set")
        return bool(told) or (self._word(before) == "on" and self._word(before - 1) in LEARNED)

    @cached_property
    def _only_terms(self) -> bool:
        """Whether the whole query is terms, one or a list of them."""
        at = 0
        while at < len(self._tokens):
            term = self.term(at)
            if term is None and self._raw(at) not in LISTING | {"+"}:
                return False
            at += term.taken if term else 1
        return True

    def _purpose(self, before: int) -> bool:
        """Whether what stands before a place says that the rest tells what for: "so that no sample leaks"."""
        return any(self._words(at, 2) in PURPOSES for at in range(before))
