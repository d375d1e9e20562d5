"""The plain-English rules of a query: dates, numbers, negations, and the vocabulary of the field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from index import dates
from index.ahead import Ahead, Term
from index.fields import (
    date_filter,
    squeeze,
)
from index.filters import Filter, Query, QueryError, either
from index.lexicon import (
    ARTICLES,
    BEFORE_NUMBER,
    DATE_PREPOSITIONS,
    DATE_VERBS,
    EVERYDAY,
    GOVERNORS,
    NEGATED_FILLERS,
    NEGATORS,
    NOUNS,
    STOP,
)

if TYPE_CHECKING:
    from index.query import Token


class Reader(Ahead):
    """Reads the tokens of one query from left to right."""

    def __init__(self, tokens: list[Token], today: date) -> None:
        super().__init__(tokens, today)
        self._at = 0
        self._negated = False
        self._governed = False
        self._joined_by: str | None = None
        self._filters: list[Filter] = []
        self._added = False  # a filter, in this clause
        self._ended = -1  # the place after the last clause that added one
        self._carries = False  # a negation that "or" hands on
        self._words: list[str] = []
        self._phrases: list[str] = []
        self._concepts: list[str] = []

    def query(self) -> Query:
        while self._at < len(self._tokens):
            self._step()
        filters = tuple(dict.fromkeys(self._filters))
        words = tuple(dict.fromkeys(word.lower() for word in self._words))
        text = " ".join([*words, *(f'"{phrase}"' for phrase in self._phrases)])
        return Query(text, filters, words, tuple(self._phrases), tuple(dict.fromkeys(self._concepts)))

    def _step(self) -> None:
        token = self._tokens[self._at]
        if token.kind == "field" and token.filter is not None:
            self._explicit(token, token.filter)
        elif token.kind == "phrase":
            if token.negated or self._negated:
                self._add(Filter("text", "eq", token.text, True))
            elif token.text:
                self._phrases.append(token.text)
            self._end_clause(1)
        elif self._date() or self._number() or self._negator() or self._vocabulary():
            return
        else:
            self._other(token)

    def _explicit(self, token: Token, condition: Filter) -> None:
        """field:value, which the words around it may negate or join"""
        if self._joined_by and not self._negated:
            last = self._filters[-1]
            if last.field != condition.field or last.negated or condition.negated:
                says = "`or` joins values of one field, without a minus, as in tag:cnn or tag:gan"
                raise QueryError(says, token.column)
        self._add(replace(condition, negated=condition.negated != self._negated))
        self._carries = self._negated
        self._end_clause(1)

    def _add(self, condition: Filter) -> None:
        """Adds a filter; "A or B", and two values of a field that has but one, become a choice."""
        last = self._filters[-1] if self._filters else None
        single = condition.field in {"dataset", "framework"}
        joined = self._joined_by == "or" or (single and self._joined_by is not None)
        if last and joined and last.field == condition.field and not last.negated and not condition.negated:
            self._filters[-1] = either(last, condition)
        else:
            self._filters.append(condition)
        self._added, self._carries = True, condition.negated

    # -- the clauses -------------------------------------------------------------------------------------------

    def _date(self) -> bool:
        """[created] [before] April 2025 · created in April or May 2025 · created between March and May 2025"""
        at, field, op, negated = self._at, self._date_field(), "", self._negated
        verb = DATE_VERBS.get(self._word(at))
        if verb:
            field, at = verb, at + 1
            if self._word(at) in NEGATORS:
                negated, at = True, at + 1
        word = self._word(at)
        if word in {"between", "from"}:
            pair = self._pair(at + 1)
            if pair:
                start, end, taken = pair
                return self._dated([date_filter(field, "eq", start, end, negated)], at + 1 + taken)
        if word in DATE_PREPOSITIONS:
            op, at, negated = DATE_PREPOSITIONS[word], at + 1, negated or word in NEGATORS
        span = self._span(at)
        if span is None or (not op and not verb and (span.bare_year or span.yearless) and self._joined_by is None):
            return False
        if (word == "over" or word == "at") and span.bare_year:
            return False  # "over 2000 epochs"
        at += span.consumed
        spans = [span]
        while op in {"", "eq"}:
            joint, place = self._joint(at)
            place += joint == "or" and self._word(place) == word and op == "eq"
            following = self._span(place) if joint else None
            if following is None:
                break
            spans.append(following)
            at = place + following.consumed
        for earlier in range(len(spans) - 2, -1, -1):  # "April or May 2025" speaks of one year
            if spans[earlier].yearless and not spans[earlier + 1].yearless:
                spans[earlier] = spans[earlier].in_year(spans[earlier + 1].start.year)
        return self._dated([date_filter(field, op or "eq", span.start, span.end, negated) for span in spans], at)

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

    def _number(self) -> bool:
        """batch size 256 · lr below 1e-3 · more than 100 epochs · epochs less than 20 or more than 100"""
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
            after = self._number_field(amounts[-1].end) if amounts else None
            if after is None:
                return False
            field, end = after[0], amounts[-1].end + after[1]
            open_end = self._open_end(end) if amounts[-1].op == "eq" else None
            if open_end:  # "100 epochs or more"
                amounts[-1], end = replace(amounts[-1], op=open_end), end + 2
        if not amounts:
            return False
        negated = self._negated or amounts[0].negated
        for before, amount in zip([amounts[0], *amounts], amounts, strict=False):
            if amount.joint:
                values = before.op == amount.op == "eq"
                self._joined_by = "or" if amount.joint == "or" or values else None
            self._add(Filter(field, amount.op, amount.value, negated or amount.negated))
        self._end_clause(end - self._at)
        return True

    def _negator(self) -> bool:
        word = self._word(self._at)
        two = (word, self._word(self._at + 1))
        if two in {("other", "than"), ("rather", "than"), ("instead", "of"), ("apart", "from")}:
            self._at += 2
        elif word in NEGATORS:
            self._at += 1
        else:
            return False
        if word == "not" and self._word(self._at) in {"only", "just"}:  # "not only CNN" demands it
            self._at += 1
            return True
        self._negated = True
        while self._word(self._at) in NEGATED_FILLERS and not self._starts_date():
            self._at += 1
        return True

    def _starts_date(self) -> bool:
        word = self._word(self._at)
        if word in DATE_PREPOSITIONS or word in DATE_VERBS:
            skip = 2 if word in DATE_VERBS and self._word(self._at + 1) in DATE_PREPOSITIONS else 1
            return dates.read(self._ahead(self._at + skip), self._today) is not None
        return False

    def _vocabulary(self) -> bool:
        """A tag, dataset, framework, optimizer or device, alone or in a list that shares a negation."""
        token = self._tokens[self._at]
        token_text, negated = token.lower, self._negated or token.negated
        governed = self._governed
        for prefix in ("non-", "no-"):
            if token_text.startswith(prefix):
                token_text, negated = token_text.removeprefix(prefix), True
        if token_text.endswith("-free"):
            token_text, negated = token_text.removesuffix("-free"), True
        if token_text.endswith(("-based", "-like", "-style")):
            token_text, governed = token_text.rsplit("-", 1)[0], True
        term = self._term(self._at, token_text)
        if term is None:
            return False
        following = self._word(self._at + term.taken)
        if following in {"based", "powered"}:
            governed = True
        everyday = term.field == "dataset" and squeeze(token_text) in EVERYDAY and term.taken == 1
        if everyday and following not in {"dataset", "data"} and self._word(self._at - 1) != "dataset":
            return False
        if term.field == "hw" and not (governed or negated or self._word(self._at - 1) in {"on", "a", "the", "runs"}):
            return False
        hard = negated or governed or term.field in {"dataset", "framework", "hw"}
        hard = hard or (term.field == "optimizer" and (following.startswith("optimi") or self._governed))
        if hard:
            self._add(Filter(term.field, "eq", term.value, negated))
        if not negated and term.field in {"tag", "optimizer"}:
            self._words += [token_text, *(self._word(self._at + offset) for offset in range(1, term.taken))]
            if term.field == "tag":
                self._concepts.append(term.value)
        self._at += term.taken
        self._after_term(term)
        return True

    def _after_term(self, term: Term) -> None:
        """Keeps a negation, or what governs, over a list: "not using RNN or LSTM"."""
        if self._word(self._at) in NOUNS:
            self._at += 1
        joint, at = self._joint(self._at)
        following = self._term(at, self._word(at)) if joint else None
        if following is not None and (following.field == term.field or not self._negated):
            self._joined_by = joint
            self._at = at
        else:
            self._end_clause(0)

    def _other(self, token: Token) -> None:
        """A word that no rule claims: it governs, separates, says nothing, or is searched for."""
        self._at += 1
        word = token.lower
        if token.kind != "word":
            if word in {";", ","}:
                follows = self._ended == self._at - 1
                self._end_clause(0)
                self._ended = self._at if follows else self._ended
            return
        if word in {"or", "nor"} and self._ended == self._at - 1:
            self._joined_by = "or"
            self._negated = self._negated or (self._carries and self._bare())
            return
        if word in {"but", "and", "or", "that", "which"}:
            if word == "but":
                self._end_clause(0)
            return
        if word in GOVERNORS:
            self._governed = True
            return
        if word in STOP:
            return
        if token.negated or self._negated:
            phrase = [word]
            while not token.negated and self._unclaimed():
                phrase.append(self._word(self._at))
                self._at += 1
            self._add(Filter("text", "eq", " ".join(phrase), True))
            self._at += self._word(self._at) in NOUNS
            self._end_clause(0)
        elif any(character.isalnum() for character in word):
            self._words.append(token.text)

    def _bare(self) -> bool:
        """Whether a list goes on here, rather than a new statement begin: "or LSTM", "or on CIFAR-10"."""
        word = self._word(self._at)
        return word in DATE_PREPOSITIONS or word in ARTICLES or word not in GOVERNORS | STOP | DATE_VERBS.keys()

    def _unclaimed(self) -> bool:
        """Whether a word stands here that no rule knows: the next of a phrase as "batch norm"."""
        word = self._word(self._at)
        plain = word.isidentifier() and self._tokens[self._at].negated is False
        known = word in NOUNS or word in GOVERNORS or word in STOP or word in NEGATORS or word in DATE_VERBS
        claimed = known or self._number_field(self._at) or self._span(self._at) or self._term(self._at, word)
        return plain and not claimed

    def _end_clause(self, taken: int) -> None:
        self._at += taken
        if self._added:
            self._added, self._ended = False, self._at
        self._negated = False
        self._governed = False
        self._joined_by = None
