"""The plain-English rules for what is counted: dates, ages, numbers, and orders by them."""

from __future__ import annotations

import re
from dataclasses import replace

from index.understanding import dates, periods
from index.understanding.amounts import Amount
from index.understanding.fields import date_filter
from index.understanding.filters import Filter, Unclear
from index.understanding.lexicon import (
    BEFORE_FIELD,
    BEFORE_NUMBER,
    DATE_FILLERS,
    DATE_PREPOSITIONS,
    DATE_TAILS,
    DATE_VERBS,
    NEGATORS,
)
from index.understanding.ordering import order
from index.understanding.statements import Statements

DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|(19|20)\d\d|\d{1,2}(st|nd|rd|th)")
TIMES = {"ago", "yesterday", "tomorrow", "tonight", "century", "decade", "christmas", "easter", "weekend", "noon",
         "midnight", *periods.WEEKDAYS}  # fmt: skip


class Measured(Statements):
    """Reads statements about dates and numbers."""

    def _date(self) -> bool:
        """[created] [before] April 2025 · created in April or May 2025 · created between March and May 2025"""
        at, field, op, negated = self._at, self._date_field(), "", self._negated
        verb = DATE_VERBS.get(self._word(at))
        if verb:
            field, at = verb, at + 1
            while self._word(at) in DATE_FILLERS and self._span(at) is None:
                at += 1
            if self._word(at) in NEGATORS and not self._one_of(DATE_PREPOSITIONS, at):
                negated, at = True, at + 1
        word = self._word(at)
        if word in {"between", "from"} or (word == "outside" and self._word(at + 1) == "of"):
            pair = self._pair(at + 1 + (word == "outside"))
            if pair:
                start, end, place = pair
                return self._dated([date_filter(field, "eq", start, end, negated or word == "outside")], place)
        phrase = self._one_of(DATE_PREPOSITIONS, at)
        if phrase:
            op, at, negated = DATE_PREPOSITIONS[phrase], at + len(phrase), negated or phrase[0] == "outside"
            at += self._words(at, 2) == ("the", "month") and 2
            at += self._words(at, 3) == ("the", "month", "of") and 3
            at += self._words(at, 3) == ("the", "year", "of") and 3
        at += self._words(at, 2) == ("the", "year") and 2
        span = self._span(at, months=word in {"in", "during", "since", "until", "before", "after", "throughout"})
        if span is None:
            impossible = self._word(at).isdigit() and self._word(at + 1) in dates.MONTHS
            return self._undated(at) if (verb and phrase) or impossible else False
        pair = self._pair(at) if not op and not negated else None
        if pair and self._word(at + span.consumed) != "and":  # "March to May 2025"
            return self._dated([date_filter(field, "eq", pair[0], pair[1])], pair[2])
        if not op and not verb and (span.bare_year or span.yearless) and self._joined_by is None:
            return False
        if (
            word in {"over", "at", "about", "around", "to", "of", "for", "by", "<", ">", "<=", ">="}
            and not verb
            and (span.bare_year and not self._date_named(word))
        ):
            return False  # "over 2000 epochs"
        if word in {"to", "for", "of"} and not verb and span.yearless:
            return False
        if span.guessed:
            self._unclear.append(Unclear(self._tokens[at].text, "date, read as day/month", self._tokens[at].column))
        at += span.consumed
        if op in {"", "eq"} and (tail := self._one_of(DATE_TAILS, at, 3)) and self._span(at + len(tail)) is None:
            op, at = DATE_TAILS[tail], at + len(tail)
        spans = [span]
        while op in {"", "eq"}:
            joint, place = self._joint(at)
            place += joint == "or" and self._word(place) == word and op == "eq"
            following = self._span(place, months=True) if joint else None
            if following is None:
                break
            spans.append(following)
            at = place + following.consumed
        for earlier in range(len(spans) - 2, -1, -1):  # "April or May 2025" speaks of one year
            if spans[earlier].yearless and not spans[earlier + 1].yearless:
                spans[earlier] = spans[earlier].in_year(spans[earlier + 1].start.year)
        return self._dated([date_filter(field, op or "eq", span.start, span.end, negated) for span in spans], at)

    def _date_named(self, word: str) -> bool:
        """Whether a bare year after a preposition is one: "of 2025" at the end of a clause."""
        return word in {"of", "by", "about", "around"}

    def _undated(self, at: int) -> bool:
        """Where what stands at a place looks like a date and is none, that is said: "31 February", "2025-13"."""
        end = at
        while self._word(end) and (
            DATE_LIKE.fullmatch(self._word(end)) or self._word(end) in TIMES or self._word(end) in dates.MONTHS
        ):
            end += 1
        if self._word(at).isdigit() and self._word(at + 1) in dates.MONTHS:  # a day no month has
            end = at + 2
        if end == at:
            return False
        text = " ".join(token.text for token in self._tokens[at:end])
        self._unclear.append(Unclear(text, "date", self._tokens[at].column))
        self._end_clause(end - self._at)
        return True

    def _date_field(self) -> str:
        """What a date without a verb speaks of: "modified after March and before May"."""
        last = self._filters[-1].field if self._filters and self._ended >= self._at - 1 else ""
        return last if last in {"created", "modified"} else "created"

    def _dated(self, filters: list[Filter], at: int) -> bool:
        for condition in filters:
            self._add(condition)
            self._joined_by = "or"
        self._end_clause(at - self._at)
        return True

    def _age(self) -> bool:
        """older than 3 months · more than a year ago · less than two weeks old"""
        at, field = self._at, self._date_field()
        if verb := DATE_VERBS.get(self._word(at)):
            field, at = verb, at + 1
            while self._word(at) in DATE_FILLERS:
                at += 1
        phrase = self._one_of({("older", "than"), ("newer", "than"), ("younger", "than"), ("more", "than"),
                               ("less", "than"), ("over",), ("at", "least"), ("at", "most"), ("not", "older", "than"),
                               ("no", "older", "than"), ("under",), ("fewer", "than")}, at)  # fmt: skip
        if phrase is None:
            return False
        time = periods.length(self._ahead(at + len(phrase)))
        if time is None:
            return False
        end = at + len(phrase) + time.taken
        closes = self._word(end) in {"ago", "old", "back"}
        if not closes and phrase[-2:-1] not in {("older",), ("newer",), ("younger",)}:
            return False
        past = phrase[0] in {"older", "more", "over"} or phrase == ("at", "least")
        day = time.before(self._today).isoformat()
        self._add(Filter(field, "lt" if past else "ge", day, self._negated))
        self._end_clause(end + closes - self._at)
        return True

    def _number(self) -> bool:
        """batch size 256 · lr below 1e-3 · more than 100 epochs · epochs less than 20 or more than 100 · over 4 kB"""
        found = self._number_field(self._at)
        if found:
            field, taken = found
            at = self._at + taken
            while self._word(at) in BEFORE_NUMBER and self._amount(at) is None:
                at += 1
            amounts = self._amounts(at, field_first=True)
            end = amounts[-1].end if amounts else at
        else:
            amounts = self._amounts(self._at, field_first=False)
            field, end = self._counted(amounts)
            if not field:
                return False
            if amounts[-1].op == "eq" and (closed := self._closed(end)):  # "100 epochs or more"
                amounts[-1], end = replace(amounts[-1], op=closed[0]), closed[1]
        if not amounts:
            # asked for, not given: "what learning rate does it use?"
            plain = found is None or self._negated or (found[1] == 1 and self._word(self._at) not in {"lr", "epochs"})
            named = [] if plain or found is None else list(self._words(self._at, found[1]))
            self._words_ += named
            self._demanded += named
            self._at += len(named)
            return bool(named)
        negated = self._negated or amounts[0].negated
        for before, amount in zip([amounts[0], *amounts], amounts, strict=False):
            if amount.joint:
                values = before.op == amount.op == "eq"
                self._joined_by = "or" if amount.joint == "or" or values else None
            self._add(Filter(field, amount.op, amount.value, negated or amount.negated))
        self._end_clause(end - self._at)
        return True

    def _counted(self, amounts: list[Amount]) -> tuple[str, int]:
        """What numbers without a field before them count, and the place after it; ("", 0) where nothing says so."""
        if not amounts:
            return "", 0
        at = amounts[-1].end
        while self._word(at) in BEFORE_FIELD and self._number_field(at) is None:
            at += 1
        after = self._number_field(at)
        if after is not None:
            return after[0], at + after[1]
        file = self._word(self._at - 1) in {"file", "files", "script", "scripts"} and (
            self._word(self._at) in {"larger", "bigger", "smaller"}
        )
        if file or all(amount.bytes for amount in amounts):
            at = amounts[-1].end
            at += self._words(at, 2) in {("in", "size"), ("on", "disk")} and 2
            return "size", at + (self._word(at) in {"large", "big", "long"})
        return "", 0

    def _order(self) -> bool:
        """newest first · sorted by learning rate · the largest batch size · top 5"""
        found = order(self._ahead(self._at), lambda offset: self._number_field(self._at + offset))
        if found is None:
            return False
        self._sort += [found.sort] if found.sort else []
        self._limit = found.limit or self._limit
        self._end_clause(self._after(self._at, found.taken) - self._at)
        return True
