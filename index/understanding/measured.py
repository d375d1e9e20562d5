"""The plain-English rules for what is counted: dates, ages, numbers, and orders by them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from index.understanding import dates, numbers, periods
from index.understanding.amounts import Amount
from index.understanding.fields import date_filter
from index.understanding.filters import Filter, Unclear
from index.understanding.lexicon import (
    ABOUT,
    ARTICLES,
    BEFORE_FIELD,
    BEFORE_NUMBER,
    BOUNDS,
    DATE_FILLERS,
    DATE_PREPOSITIONS,
    DATE_TAILS,
    DATE_VERBS,
    GIVEN,
    NAMED_BY_NUMBERS,
    NEGATORS,
    UNDONE,
    VAGUE,
)
from index.understanding.ordering import order
from index.understanding.statements import Statements

DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|(19|20)\d\d|\d{1,2}(st|nd|rd|th)")
_AROUND = timedelta(days=7)  # "around 1 May"
TIMES = {"ago", "yesterday", "tomorrow", "tonight", "century", "decade", "christmas", "easter", "weekend", "noon",
         "midnight", *periods.WEEKDAYS}  # fmt: skip


class Measured(Statements):
    """Reads statements about dates and numbers."""

    def _date(self) -> bool:
        """[created] [before] April 2025 · created in April or May 2025 · created between March and May 2025"""
        at, field, op, negated = self._at, self._date_field(), "", self._negated
        verb = DATE_VERBS.get(self._word(at)) or UNDONE.get(self._word(at))
        if verb:
            field, at, negated = verb, at + 1, negated or self._word(at) in UNDONE
            while self._word(at) in DATE_FILLERS and self._span(at) is None:
                at += 1
            if self._word(at) in NEGATORS and not self._one_of(DATE_PREPOSITIONS, at):
                negated, at = True, at + 1
        if self._now(at) or (verb and self._lasting(field, at, negated)):
            return True
        word = self._word(at)
        if word in {"between", "from"} or (word == "outside" and self._word(at + 1) == "of"):
            pair = self._pair(at + 1 + (word == "outside"))
            if pair:
                start, end, place = pair
                return self._dated([date_filter(field, "eq", start, end, negated or word == "outside")], place)
        phrase = self._one_of(DATE_PREPOSITIONS, at, 4)
        if phrase:
            op, at, negated = DATE_PREPOSITIONS[phrase], at + len(phrase), negated or phrase[0] == "outside"
            at += self._words(at, 2) == ("the", "month") and 2
            at += self._words(at, 3) == ("the", "month", "of") and 3
            at += self._words(at, 3) == ("the", "year", "of") and 3
        if self._around(field, at, negated):
            return True
        at += self._words(at, 2) == ("the", "year") and self._words(at, 4) != ("the", "year", "before", "last") and 2
        at = self._day_named(at)
        span = self._span(at, months=word in {"in", "during", "since", "until", "before", "after", "throughout"})
        pair = self._pair(at) if op in {"", "eq"} else None
        if pair and (span is None or self._word(at + span.consumed) != "and"):  # "March to May 2025"
            if verb or phrase or self._said_fully(at, pair[2]):
                return self._dated([date_filter(field, "eq", pair[0], pair[1], negated)], pair[2])
        if span is None:
            impossible = self._word(at).isdigit() and self._word(at + 1) in dates.MONTHS
            return self._undated(at) if (verb and phrase) or impossible else False
        end = at + span.consumed
        tail = self._one_of(DATE_TAILS, end, 3)
        if tail and (self._span(end + len(tail)) or (tail == ("on",) and word not in {"from", "since", "starting"})):
            tail = None
        listed = self._same_year(span, end)
        if not (op or verb or tail or listed.start != span.start or self._joined_by) and (
            (span.bare_year and not self._year_of_scripts(at)) or span.yearless
        ):
            return False
        span = listed
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
        at = end
        if op in {"", "eq"} and tail:
            op, at = DATE_TAILS[tail], at + len(tail)
        if phrase in {("around",), ("about",), ("circa",)} and (span.end - span.start).days == 1:
            span = replace(span, start=span.start - _AROUND, end=span.end + _AROUND)
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

    def _now(self, at: int) -> bool:
        """ "until now" and "so far" say nothing of a date."""
        phrase = self._one_of({("until", "now"), ("till", "now"), ("up", "to", "now"), ("so", "far"), ("to", "date"),
                               ("by", "now"), ("up", "until", "now"), ("up", "to", "date")}, at)  # fmt: skip
        self._at = at + len(phrase) if phrase else self._at
        return phrase is not None

    def _lasting(self, field: str, at: int, negated: bool) -> bool:
        """not touched in six months · unchanged for a year · modified within 3 days"""
        if not (self._word(at) in {"for", "in"} and negated) and self._word(at) != "within":
            return False
        time = periods.length(self._ahead(at + 1))
        if time is None or self._word(at + 1 + time.taken) in {"of", "ago"}:
            return False
        since = time.before(self._today).isoformat()
        return self._dated([Filter(field, "ge", since, negated)], at + 1 + time.taken)

    def _around(self, field: str, at: int, negated: bool) -> bool:
        """[within] two weeks of 1 May 2025"""
        time = periods.length(self._ahead(at)) if self._word(at - 1) == "within" else None
        span = self._span(at + time.taken + 1) if time and self._word(at + time.taken) == "of" else None
        if time is None or span is None:
            return False
        start, end = time.before(span.start), time.after(span.end)
        return self._dated([date_filter(field, "eq", start, end, negated)], at + time.taken + 1 + span.consumed)

    def _day_named(self, at: int) -> int:
        """The place after what adds nothing to a date: "Thursday, 17 April", "earlier this year"."""
        if self._word(at) in periods.WEEKDAYS:
            after = at + 1 + (self._raw(at + 1) == ",")
            return after if (span := self._span(after)) and (span.end - span.start).days == 1 else at
        return at + (self._word(at) in {"earlier", "later", "sometime"} and self._span(at + 1) is not None)

    def _said_fully(self, at: int, end: int) -> bool:
        """Whether a pair of dates names a month or two years: "10 to 20" alone are numbers."""
        words = [self._word(place) for place in range(at, end)]
        return any(word in dates.MONTHS or word in dates.SEASONS for word in words) or all(
            re.fullmatch(r"(19|20)\d\d(-\d\d)*|to|-|–|until|through", word) for word in words
        )

    def _same_year(self, span: dates.Span, end: int) -> dates.Span:
        """A date without a year, in that of the date it is joined with: "Q1 and Q2 2025", "after January but before
        April 2025"."""
        if not span.yearless or self._raw(end) not in {"and", "or", "but", ",", "/", "&"}:
            return span
        place = end + 1
        place += len(self._one_of(DATE_PREPOSITIONS, place, 4) or ())
        following = self._span(place, months=True)
        if following is None or following.yearless or following.bare_year:
            return span
        return span.in_year(following.start.year)

    def _year_of_scripts(self, at: int) -> bool:
        """Whether a year that stands alone is one of scripts: "2025 GANs", "CNN scripts 2025", "not 2024"."""
        year = self._word(at)
        if not (year.isdecimal() and 2000 <= int(year) <= self._today.year):
            return False
        if self._negated:
            return True
        things = {"script", "scripts", "model", "models", "experiments", "notebooks", "files", "runs", "work"}
        before, after = at - 1 - (self._raw(at - 1) == ","), at + 1
        if self._word(before) in NAMED_BY_NUMBERS or self._number_field(after):
            return False
        return (
            self._word(after) in things or self._word(before) in things
            or self.term(after) is not None or (before >= 0 and self._ended == at - 1)
            or any((term := self.term(start)) and start + term.taken > before for start in range(max(0, before - 2), before + 1))
        )  # fmt: skip

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
        if named := self._vaguely(self._at):
            return self._vague(self._at, named)
        bound, start = self._bound(self._at)
        found = self._number_field(start)
        if found:
            field, taken = found
            amounts = self._amounts(self._value_of(start + taken), field_first=True)
            end = amounts[-1].end if amounts else start + taken
            if amounts and bound and amounts[0].op == "eq":
                amounts[0] = self._bounded(amounts[0], bound)
        elif chained := self._chained():
            field, amounts, end = chained
        else:
            amounts = self._amounts(self._at, field_first=False)
            field, end = self._counted(amounts)
            if not field:
                return False
            if amounts[-1].op == "eq" and (closed := self._closed(end)):  # "100 epochs or more"
                amounts[-1], end = replace(amounts[-1], op=closed[0]), closed[1]
        if not amounts:
            return found is not None and self._unvalued(start, found[1])
        negated = self._negated or amounts[0].negated
        for before, amount in zip([amounts[0], *amounts], amounts, strict=False):
            if amount.joint:
                values = before.op == amount.op == "eq"
                self._joined_by = "or" if amount.joint == "or" or values else None
            self._add(Filter(field, amount.op, amount.value, negated or amount.negated))
        self._end_clause(end - self._at)
        return True

    def _bound(self, at: int) -> tuple[str, int]:
        """("le", the place after it) for "a maximum" before the name of a number, as well as "about"; else ("", at)"""
        if self._word(at) in BOUNDS and self._number_field(at + 1):
            return BOUNDS[self._word(at)], at + 1
        about = self._one_of(ABOUT, at)
        if about and self._number_field(at + len(about)):
            return "about", at + len(about)
        return "", at

    def _bounded(self, amount: Amount, bound: str) -> Amount:
        if bound == "about" and isinstance(amount.value, int | float):
            return self._near(amount.value, amount.end)
        return replace(amount, op=bound if bound != "about" else "eq")

    def _vaguely(self, at: int) -> int:
        """The place after "large batches", "several hundred epochs", "hundreds of epochs"; 0 where none stand there or
        a number follows: "a small batch size of 16"."""
        if self._word(at) not in VAGUE:
            return 0
        at += 1
        at += self._word(at) in numbers.SCALES
        at += self._word(at) == "of"
        named = self._number_field(at)
        if named is None or self._amount(self._value_of(at + named[1])):
            return 0
        return at + named[1]

    def _value_of(self, at: int) -> int:
        """The place of the value of what is named before it: after "is one of", "set to", "in the range of"."""
        while True:
            if self._words(at, 2) in {("one", "of"), ("either", "of"), ("any", "of")}:
                at += 2
            elif self._word(at) in BEFORE_NUMBER and self._amount(at) is None:
                at += 1
            else:
                return at

    def _chained(self) -> tuple[str, list[Amount], int] | None:
        """32 < batch size <= 256 · 10 <= epochs"""
        low = self._number_at(self._at)
        sign = self._after(self._at, low.taken) if low else self._at
        op = {"<": "gt", "<=": "ge", "≤": "ge", ">": "lt", ">=": "le", "≥": "le", "=": "eq"}.get(self._word(sign))
        named = self._number_field(sign + 1)
        if low is None or op is None or named is None:
            return None
        end = sign + 1 + named[1]
        further = self._amount(end) if self._tokens[end : end + 1] and self._tokens[end].kind == "op" else None
        amounts = [Amount(op, low.value, end)] + ([replace(further, joint="and")] if further else [])
        return named[0], amounts, amounts[-1].end

    def _unvalued(self, start: int, taken: int) -> bool:
        """The name of a number without one: "lr below the default", "large batches", "what learning rate does it use?"

        What compares it, or says that it is not given, is shown as not understood.
        """
        end = start + taken
        op, at = self._comparison(self._value_of(end))
        vague = self._word(self._value_of(end))
        if op != "eq" or vague in VAGUE:
            until = at + 1
            while self._word(until - 1) in ARTICLES or self._word(until - 1) == "than":
                until += 1
            return self._vague(self._at, max(until, self._value_of(end) + 1))
        if self._negated and (not self._word(end) or self._word(end) in GIVEN):
            return False  # the negation has nothing to deny, and is shown
        plain = self._negated or (taken == 1 and self._word(start) not in {"lr", "epochs"})
        named = [] if plain else list(self._words(start, taken))
        self._words_ += named
        self._demanded += named
        self._at += len(named) and start - self._at + len(named)
        return bool(named)

    def _vague(self, start: int, end: int) -> bool:
        """Shows what speaks of a number and names none."""
        tokens = [token for token in self._tokens[start:end] if token.kind in {"word", "op"}]
        self._unclear.append(Unclear(" ".join(token.text for token in tokens), "number", tokens[0].column))
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
