"""The plain-English rules for dates and ages: created before April, not touched in six months, older than a year."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

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
from index.understanding.lexicon import NEGATORS, STOP
from index.understanding.plain_dates import PlainDates

DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|(19|20)\d\d|\d{1,2}(st|nd|rd|th)")
_YEAR = re.compile(r"(19|20)\d\d")
_TIMES = {"year", "years", "month", "months", "day", "days", "time", "date", "quarter"}
BUT = {("but",), ("except",), ("except", "for"), ("besides",), ("other", "than"), ("apart", "from"), ("save",),
        ("excluding",), ("aside", "from"), ("but", "not"), ("than",)}  # fmt: skip
_OR_LESS: dict[tuple[str, ...], str] = {("or", "less"): "ge", ("or", "more"): "le", ("at", "most"): "ge",
                                        ("at", "least"): "le"}  # fmt: skip
_CLOSING = {"", ",", ";", "?", "and", "but", "or", "with", "that", "which"}
_UNLIKE = {"!=", "≠", "<>"}
_AROUND = timedelta(days=7)  # "around 1 May"
_NEAR = {"around", "about", "circa", "roughly", "approximately", "near"}
TIMES = {"ago", "yesterday", "tomorrow", "tonight", "century", "decade", "christmas", "easter", "weekend", "noon",
         "midnight", *periods.WEEKDAYS, *periods.UNITS,
         *(month for month in dates.MONTHS if len(month) > 3 and month not in {"march", "may"}), "nineties",
         "noughties"} - {"quarter", "quarters"}  # fmt: skip


def _whole_year(span: dates.Span) -> bool:
    """Whether a date is a year: "2018", "two years ago"."""
    return span.bare_year or (span.start.day == 1 and dates.later(span.start, 12) == span.end)


class Dated(PlainDates):
    """Reads statements about dates."""

    def _date(self) -> bool:
        """[created] [before] April 2025 · created in April or May 2025 · created between March and May 2025"""
        at, field, op, negated = self._at, self._date_field(), "", self._negated
        verb, after = self._date_verb(at)
        if verb:
            field, at, negated = verb, after, negated or self._word(at) in UNDONE
            while self._word(at) in DATE_FILLERS and self._span(at) is None:
                at += 1
            if self._word(at) in NEGATORS | _UNLIKE and not self._one_of(DATE_PREPOSITIONS, at):
                negated, at = True, at + 1
        if self._now(at) or (verb and self._lasting(field, at, negated)):
            return True
        if verb and (self._since_then(field, at, negated) or self._last_what(at)):
            return True
        preposition = len(self._one_of(DATE_PREPOSITIONS, at, 5) or self._one_of({("between",)}, at) or ())
        article = self._word(at + preposition) == "the"
        if not verb and preposition and self._of_the_data(at, at + preposition + article):
            return True
        at += self._words(at, 2) == ("in", "between")
        word = self._word(at)
        if word in {"between", "from"} or (word == "outside" and self._word(at + 1) == "of"):
            start = at + 1 + (word == "outside")
            pair = self._pair(start)
            one = self._span(start) if word == "from" else None  # "from March and April"
            if pair and not (one and self._word(start + one.consumed) == "and"):
                condition = date_filter(field, "eq", pair[0], pair[1], negated or word == "outside")
                return self._dated([condition], self._included(pair[2]), self._both(start, pair))
        phrase = self._one_of(DATE_PREPOSITIONS, at, 5)
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
            both_of = self._both(at, pair)
            return self._dated([date_filter(field, "eq", pair[0], pair[1], negated)], self._included(pair[2]), both_of)
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
        if op in {"", "eq"} and self._word(at - 1) == "ago" and self._words(at, 2) in _OR_LESS:
            op, at = _OR_LESS[self._words(at, 2)], at + 2
        elif op in {"", "eq"} and tail:
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

    def _since_then(self, field: str, at: int, negated: bool) -> bool:
        """created in 2024 and not touched since [then]"""
        last = self._filters[-1] if self._filters else None
        then = at + 1 + (self._word(at + 1) == "then")
        if self._word(at) not in {"since", "afterwards", "after", "later"} or self._raw(then) not in _CLOSING:
            return False
        if last is None or last.field not in {"created", "modified"} or last.op != "range" or last.negated:
            return False
        day = date.fromisoformat(str(last.items[0][1])) + timedelta(days=1)  # type: ignore[index]
        return self._dated([Filter(field, "ge", day.isoformat(), negated)], then)

    def _last_what(self, at: int) -> bool:
        """What is said after "modified last" and is no date is shown: "modified last wek"."""
        last = at - (self._word(at - 1) in {"last", "past"} and self._word(at) not in {"last", "past"})
        if self._word(last) not in {"last", "past"} or not self._word(last + 1).isalpha() or self._span(last):
            return False
        if (self._word(last + 1),) in DATE_PREPOSITIONS or self._word(last + 1) in STOP | DATE_FILLERS:
            return False
        text = " ".join(token.text for token in self._tokens[last : last + 2])
        self._unclear.append(Unclear(text, "date", self._tokens[last].column))
        self._end_clause(last + 2 - self._at)
        return True

    def _any_but_time(self, at: int) -> int:
        """The place after "any year but", "every month except", before the one that is denied; 0 elsewhere."""
        at += self._word(at) == "in"
        if self._word(at) not in {"any", "every", "all", "another", "a", "some"} or self._word(at + 1) not in _TIMES:
            return 0
        but = self._one_of(BUT, at + 2, 4)
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

    def _undated(self, at: int) -> bool:
        """Where what stands at a place looks like a date and is none, that is said: "31 February", "2025-13"."""
        end = at
        while self._word(end) and (
            DATE_LIKE.fullmatch(self._word(end)) or self._word(end) in TIMES or self._word(end) in dates.MONTHS
        ):
            end += 1
        if self._word(at).isdigit() and self._word(at + 1) in dates.MONTHS:  # a day no month has
            end = at + 2 + (_YEAR.fullmatch(self._word(at + 2)) is not None)
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
            if condition.negated and span is not None and span.yearless:
                condition = self._in_year_said(condition, span)
            self._add(condition)
            self._joined_by = "or"
        if span is not None and not chosen:
            self._of_one_year(span)
        self._end_clause(at - self._at)
        return True

    def _in_year_said(self, condition: Filter, span: dates.Span) -> Filter:
        """What is denied of a year that was named, in that year: "created in 2024, but not in April"."""
        if self._year is None or self._year not in self._filters or self._year.field != condition.field:
            return condition
        return moved(condition, int(str(self._year.items[0][0])[:4]) - (span.end - timedelta(days=1)).year)  # type: ignore[index]

    def _of_one_year(self, span: dates.Span) -> None:
        """Gives a year said once to the dates that have none: "in February, back in 2018", "2018, in spring"."""
        added = self._filters[-1]
        last = (span.end - timedelta(days=1)).year
        if added.negated:
            return
        if span.yearless:
            if self._year not in self._filters or self._year is None or self._year.field != added.field:
                if (year := self._just_said(added)) is not None:
                    self._filters[-1] = moved(added, year - last)
                else:
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

    def _both(self, at: int, pair: tuple[date, date, int]) -> dates.Span | None:
        """Two dates of a pair as one, where neither has a year."""
        first = self._span(at, months=True)
        said = any(re.fullmatch(r"(19|20)\d\d", self._word(place)) for place in range(at, pair[2]))
        if first is None or not first.yearless or said or self._word(pair[2] - 1) in {"now", "today"}:
            return None
        return replace(first, start=pair[0], end=pair[1])

    def _just_said(self, added: Filter) -> int | None:
        """The year of the part of one that was said just before: "in spring 2019, from March until May"."""
        before = self._filters[-2] if len(self._filters) > 1 else None
        if before is None or before.negated or before.op != "range" or before.field != added.field:
            return None
        first, last = (str(day)[:4] for day in before.items[0])  # type: ignore[union-attr]
        return int(first) if first == last else None

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
