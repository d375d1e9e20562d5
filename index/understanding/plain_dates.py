"""Whether what looks like a date is one, where nothing says so: a year alone may be a number, "may" a word."""

from __future__ import annotations

import re
from abc import ABC

from index.known.topics import named
from index.understanding import dates
from index.understanding.data_dates import DataDates
from index.understanding.figures import DATE_PREPOSITIONS
from index.understanding.lexicon import NAMED_BY_NUMBERS
from index.understanding.vocabulary import DATASET_WORDS

_DIMENSIONS = re.compile(r"[1-4]d")
# what years name editions of: "VOC 2012", "coco 2017"
_EDITIONS = {name.rstrip("0123456789") for name in DATASET_WORDS}
_STEPS = {"steps", "step", "iterations", "frames", "samples", "images", "seed", "size", "layers", "units"}
_SIGNS = {"<", ">", "<=", ">=", "≤", "≥"}


class PlainDates(DataDates, ABC):
    """Tells dates from numbers and words."""

    def _plainly(self, span: dates.Span, at: int, word: str, *, said: bool) -> bool:
        """Whether a date without a verb is one: a month or year alone may be a number or a word, as in "may"."""
        if span.yearless and (
            self._a_day(span, at) or (self._beside_a_date() and (self._negated or span.consumed > 1))
        ):
            return True
        if not said and (span.yearless or (span.bare_year and not self._year_of_scripts(span, at))):
            return False
        if span.consumed == 1 and _DIMENSIONS.fullmatch(self._word(at)):
            return False  # "2D shapes", "points in 3D"
        plain = self._one_of(DATE_PREPOSITIONS, self._at, 4) in {None, (word,)}
        if span.bare_year and plain and word in _SIGNS:
            return self._beside_a_term(span, at)
        if span.bare_year and plain and word in {"over", "at", "to", "for"}:
            return False  # "over 2000 epochs"
        return not (span.yearless and word in {"to", "for", "of"})

    def _a_day(self, span: dates.Span, at: int) -> bool:
        """Whether a day of a month is named, which is nothing else: "the twenty-first of June"."""
        words = {self._word(place) for place in range(at, at + span.consumed)}
        return (span.end - span.start).days == 1 and span.consumed > 1 and not words.isdisjoint(dates.MONTHS)

    def _beside_a_date(self) -> bool:
        """Whether a statement about dates was just read: "in 2025, except March"."""
        last = self._filters[-1].field if self._filters else ""
        return last in {"created", "modified"} and self._ended >= self._at - 4

    def _beside_a_term(self, span: dates.Span, at: int) -> bool:
        """Whether a year after a sign is one of scripts, and no other number: "GANs < 2021", not "seq len < 2000"."""
        after = at + span.consumed
        if not 2000 <= span.start.year <= self._today.year or self._word(after) in dates.COUNTED:
            return False
        starts = range(max(0, self._at - 4), self._at)
        named = any((term := self.term(start)) and start + term.taken == self._at for start in starts)
        return self._number_field(after) is None and (named or self._at == 0 or self._ended == self._at)

    def _said_fully(self, at: int, end: int) -> bool:
        """Whether a pair of dates names a month or two years: "10 to 20" alone are numbers."""
        words = [self._word(place) for place in range(at, end)]
        named = {*dates.MONTHS, *dates.SEASONS, "month", "quarter", "early", "mid", "late"}
        return not named.isdisjoint(words) or all(
            re.fullmatch(r"(19|20)\d\d(-\d\d)*|to|-|–|—|->|until|up|through", word) for word in words
        )

    def _year_of_scripts(self, span: dates.Span, at: int) -> bool:
        """Whether a year that stands alone is one of scripts: "2025 GANs", "CNN scripts 2025", "not 2024"."""
        if not 2000 <= span.start.year <= self._today.year:
            return False
        if self._negated or len(self._tokens) == span.consumed:  # "2021"
            return True
        things = {"script", "scripts", "model", "models", "experiments", "notebooks", "files", "runs", "work"}
        before, after = at - 1 - (self._raw(at - 1) == ","), at + span.consumed
        if self._word(before) in NAMED_BY_NUMBERS or self._number_field(after):
            return False
        opens = at == 0 and self._word(after) not in dates.COUNTED  # "2021 click-through models"
        last = self._word(before)
        closes = after == len(self._tokens) and last.isalpha() and last not in _STEPS  # "object detection 2018"
        if closes and last not in _EDITIONS and (last == self._tokens[before].text or named(last)):
            return True
        return (
            self._word(after) in things or self._word(before) in things
            or (opens and any(self._word(place) in things for place in range(after + 1, after + 4)))
            or self._another_year(after)
            or self.term(after) is not None or (before >= 0 and self._ended == at - 1)
            or any((term := self.term(start)) and start + term.taken > before
                   for start in range(max(0, before - 2), before + 1))
        )  # fmt: skip

    def _another_year(self, at: int) -> bool:
        """Whether a list of years goes on at a place: "2018 or 2019"."""
        joint, after = self._joint(at)
        span = self._span(after) if joint else None
        return span is not None and span.bare_year
