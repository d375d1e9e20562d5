"""The plain-English rules for dates and ages: created before April, not touched in six months, older than a year."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from index.known.topics import named
from index.understanding import dates, periods
from index.understanding.fields import date_filter, moved
from index.understanding.figures import (
    COMMITS,
    DATE_FILLERS,
    DATE_PREPOSITIONS,
    DATE_TAILS,
    DATE_VERBS,
    FIRST,
    INCLUSIVE,
    LAST,
    PHRASAL,
    UNDONE,
)
from index.understanding.filters import Filter, Unclear
from index.understanding.lexicon import NAMED_BY_NUMBERS, NEGATORS
from index.understanding.statements import Statements
from index.understanding.vocabulary import DATASET_WORDS

DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|(19|20)\d\d|\d{1,2}(st|nd|rd|th)")
_DIMENSIONS = re.compile(r"[1-4]d")
_TIMES = {"year", "years", "month", "months", "day", "days", "time", "date", "quarter"}
_BUT = {("but",), ("except",), ("except", "for"), ("besides",), ("other", "than"), ("apart", "from"), ("save",),
        ("excluding",), ("aside", "from"), ("but", "not"), ("than",)}  # fmt: skip
# what years name editions of: "VOC 2012", "coco 2017"
_EDITIONS = {name.rstrip("0123456789") for name in DATASET_WORDS}
_STEPS = {"steps", "step", "iterations", "frames", "samples", "images", "seed", "size", "layers", "units"}
_SIGNS = {"<", ">", "<=", ">=", "≤", "≥"}
_AROUND = timedelta(days=7)  # "around 1 May"
_NEAR = {"around", "about", "circa", "roughly", "approximately", "near"}
TIMES = {"ago", "yesterday", "tomorrow", "tonight", "century", "decade", "christmas", "easter", "weekend", "noon",
         "midnight", *periods.WEEKDAYS, *periods.UNITS,
         *(month for month in dates.MONTHS if len(month) > 3 and month not in {"march", "may"}), "nineties",
         "noughties"} - {"quarter", "quarters"}  # fmt: skip


def _whole_year(span: dates.Span) -> bool:
    """Whether a date is a year: "2018", "two years ago"."""
    return span.bare_year or (span.start.replace(year=span.start.year + 1) == span.end and span.start.day == 1)


class Dated(Statements):
    """Reads statements about dates."""

    def _date(self) -> bool:
        """[created] [before] April 2025 · created in April or May 2025 · created between March and May 2025"""
        at, field, op, negated = self._at, self._date_field(), "", self._negated
        verb, after = self._date_verb(at)
        if verb:
            field, at, negated = verb, after, negated or self._word(at) in UNDONE
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
                condition = date_filter(field, "eq", pair[0], pair[1], negated or word == "outside")
                return self._dated([condition], self._included(pair[2]))
        phrase = self._one_of(DATE_PREPOSITIONS, at, 4)
        if phrase:
            op, at, negated = DATE_PREPOSITIONS[phrase], at + len(phrase), negated or phrase[0] == "outside"
            at += self._words(at, 3) in {("the", "month", "of"), ("the", "year", "of")} and 3
            at += self._words(at, 2) == ("the", "month") and self._span(at) is None and 2
        if self._around(field, at, negated):
            return True
        if but := self._any_but_time(at):
            at, negated = but, True
        named = self._year_named(at) or self._pointed_at(at)
        at = self._day_named(named or at)
        span = self._span(at, months=word in {"in", "during", "since", "until", "before", "after", "throughout"})
        pair = self._pair(at) if op in {"", "eq"} else None
        both = pair is not None and (span is None or self._word(at + span.consumed) != "and")  # "March to May 2025"
        if pair and both and (verb or phrase or self._said_fully(at, pair[2])):
            return self._dated([date_filter(field, "eq", pair[0], pair[1], negated)], self._included(pair[2]))
        if span is None:
            impossible = self._word(at).isdigit() and self._word(at + 1) in dates.MONTHS
            return self._undated(at) if (verb and phrase) or impossible else False
        end = at + span.consumed
        tail = self._one_of(DATE_TAILS, end, 3)
        if tail and (self._span(end + len(tail)) or (tail == ("on",) and word not in {"from", "since", "starting"})):
            tail = None
        if inner := self._month_of(span, end):  # the autumn month of October 2018
            at, span = inner
            end = at + span.consumed
        op, span = self._edge(op, self._same_year(span, end), at)
        if not verb and not self._plainly(span, at, word, said=bool(op or tail or self._joined_by or named)):
            return False
        if span.guessed:
            self._unclear.append(Unclear(self._tokens[at].text, "date, read as day/month", self._tokens[at].column))
        at = end
        if op in {"", "eq"} and tail:
            op, at = DATE_TAILS[tail], at + len(tail)
        if phrase and phrase[-1] in _NEAR and (span.end - span.start).days == 1:
            span = replace(span, start=span.start - _AROUND, end=span.end + _AROUND)
        spans, at = self._listed(span, at, word if op else "") if op in {"", "eq"} else ([span], at)
        return self._dated(
            [date_filter(field, op or "eq", span.start, span.end, negated) for span in spans], at, spans[0]
        )

    def _year_named(self, at: int) -> int:
        """The place of a year that is said to be one: "the year 2018", "of that year, 2018", "the year being 2025";
        else 0."""
        after = at + (self._word(at) in {"the", "that", "same"})
        if self._word(after) != "year":
            return 0
        after += 1
        while self._raw(after) in {"being", "was", "is", "of", ",", ":"}:
            after += 1
        span = self._span(after)
        return after if span and (span.bare_year or self._word(at) == "the") else 0

    def _pointed_at(self, at: int) -> int:
        """The place of a date that "that" points at, "that March", "that one summer"; else 0."""
        after = at + 1 + (self._word(at + 1) == "one")
        span = self._span(after) if self._word(at) == "that" else None
        return after if span and span.yearless else 0

    def _edge(self, op: str, span: dates.Span, at: int) -> tuple[str, dates.Span]:
        """A comparison with where a period begins or ends: "after the beginning of 2026", "before the end of May"."""
        edge = self._word(at + (self._word(at) == "the"))
        if edge in {"beginning", "start"} and op in {"gt", "le"}:
            return ("ge" if op == "gt" else "lt"), span
        return ("le" if edge == "end" and op == "lt" else op), span

    def _month_of(self, span: dates.Span, end: int) -> tuple[int, dates.Span] | None:
        """The month that is named after its season, and its place: "in autumn, in October 2018"."""
        if not span.yearless or (span.end - span.start).days < 80:
            return None
        while self._raw(end) in {"month", "of", "in", ",", "months"}:
            end += 1
        month = self._span(end, months=True)
        within = month is not None and (month.end - month.start).days < 32
        return (end, month) if month and within and (month.start.month - span.start.month) % 12 < 3 else None

    def _included(self, at: int) -> int:
        """The place after what says that both ends of a period belong to it, as they do anyway."""
        start = at + (self._raw(at) == ",")
        phrase = self._one_of(INCLUSIVE, start, 3)
        return start + len(phrase) if phrase else at

    def _date_verb(self, at: int) -> tuple[str, int]:
        """(what a date speaks of, the place after) for "written", "first committed", "last commit"; else ("", at)"""
        first, last = self._word(at) in FIRST, self._word(at) in LAST
        told = at + (first or last)
        word = self._word(told)
        if word in COMMITS:
            return "modified" if last else "created", told + 1
        verb = "" if last else DATE_VERBS.get(word) or UNDONE.get(word) or ""
        if word in PHRASAL and not last:  # put in [during June], put [in June]
            after = told + 1 + (self._word(told + 1) in {"in", "up"} and (self._word(told + 2),) in DATE_PREPOSITIONS)
            dated = self._one_of(DATE_PREPOSITIONS, after, 4)
            return ("created", after) if dated and self._dated_at(after + len(dated)) else ("", at)
        return verb, told + 1 if verb else at

    def _dated_at(self, at: int) -> bool:
        """Whether a date stands at a place, or after an article there."""
        return self._span(at) is not None or (self._word(at) == "the" and self._span(at + 1) is not None)

    def _plainly(self, span: dates.Span, at: int, word: str, *, said: bool) -> bool:
        """Whether a date without a verb is one: a month or year alone may be a number or a word, as in "may"."""
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

    def _beside_a_term(self, span: dates.Span, at: int) -> bool:
        """Whether a year after a sign is one of scripts, and no other number: "GANs < 2021", not "seq len < 2000"."""
        after = at + span.consumed
        if not 2000 <= span.start.year <= self._today.year or self._word(after) in dates.COUNTED:
            return False
        starts = range(max(0, self._at - 4), self._at)
        named = any((term := self.term(start)) and start + term.taken == self._at for start in starts)
        return self._number_field(after) is None and (named or self._at == 0 or self._ended == self._at)

    def _listed(self, span: dates.Span, at: int, preposition: str) -> tuple[list[dates.Span], int]:
        """The dates of a list, and the place after it: "April or May 2025" speaks of one year."""
        spans = [span]
        while True:
            joint, place = self._joint(at)
            place += joint == "or" and bool(preposition) and self._word(place) == preposition
            following = self._span(place, months=True) if joint else None
            if following is None:
                break
            spans.append(following)
            at = place + following.consumed
        for earlier in range(len(spans) - 2, -1, -1):
            if spans[earlier].yearless and not spans[earlier + 1].yearless:
                spans[earlier] = spans[earlier].in_year(spans[earlier + 1].start.year)
        return spans, at

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

    def _any_but_time(self, at: int) -> int:
        """The place after "any year but", "every month except", before the one that is denied; 0 elsewhere."""
        at += self._word(at) == "in"
        if self._word(at) not in {"any", "every", "all", "another", "a", "some"} or self._word(at + 1) not in _TIMES:
            return 0
        but = self._one_of(_BUT, at + 2, 4)
        return at + 2 + len(but) if but and self._span(at + 2 + len(but)) else 0

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
        named = {*dates.MONTHS, *dates.SEASONS, "month", "quarter"}
        return not named.isdisjoint(words) or all(
            re.fullmatch(r"(19|20)\d\d(-\d\d)*|to|-|–|—|->|until|up|through", word) for word in words
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

    def _dated(self, filters: list[Filter], at: int, span: dates.Span | None = None) -> bool:
        chosen = self._joined_by == "or"
        for condition in filters:
            self._add(condition)
            self._joined_by = "or"
        if span is not None and not chosen:
            self._of_one_year(span)
        self._end_clause(at - self._at)
        return True

    def _of_one_year(self, span: dates.Span) -> None:
        """Gives a year said once to the dates that have none: "in February, back in 2018", "2018, in spring"."""
        added = self._filters[-1]
        last = (span.end - timedelta(days=1)).year
        if added.negated:
            return
        if span.yearless:
            if self._year not in self._filters or self._year is None or self._year.field != added.field:
                self._yearless.append((added, last))
                return
            self._filters[-1] = moved(added, int(str(self._year.items[0][0])[:4]) - last)  # type: ignore[index]
            if added.op in {"range", "in"}:
                self._filters.remove(self._year)
        elif _whole_year(span) and added.op == "range":
            self._year = added
            said = [(one, year) for one, year in self._yearless if one in self._filters and one.field == added.field]
            for one, year in said:
                self._filters[self._filters.index(one)] = moved(one, span.start.year - year)
            if any(one.op in {"range", "in"} for one, _ in said):
                self._filters.remove(added)
            self._yearless.clear()

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
