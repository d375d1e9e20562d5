"""The plain-English rules of a query: dates, numbers, negations, orders, and the vocabulary of the field."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from index import dates, periods
from index.ahead import Term
from index.amounts import Amount, Amounts
from index.fields import date_filter
from index.filters import Filter, Query, Sort, Unclear, either, every
from index.lexicon import (
    ARTICLES,
    BEFORE_FIELD,
    BEFORE_NUMBER,
    DATE_FILLERS,
    DATE_PREPOSITIONS,
    DATE_TAILS,
    DATE_VERBS,
    DENIED,
    EVERYDAY,
    GOVERNORS,
    NEGATED_FILLERS,
    NEGATOR_PHRASES,
    NEGATORS,
    NOT_NEGATING,
    NOUNS,
    OF_THE_MIND,
    STOP,
    USED,
    WEAK_NEGATORS,
)
from index.numbers import number
from index.ordering import order
from index.vocabulary import squeeze

if TYPE_CHECKING:
    from index.query import Token

_DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?|(19|20)\d\d|\d{1,2}(st|nd|rd|th)")
_IDENTIFIER = re.compile(r"_|\.py$|\.ipynb$|/.")  # the name of something in a script, or of a script
_TIMES = {"ago", "yesterday", "tomorrow", "tonight", "century", "decade", "christmas", "easter", "weekend", "noon",
          "midnight", *periods.WEEKDAYS}  # fmt: skip
_DEEPEST = 20  # parentheses in parentheses
_SINGLE = {"dataset", "framework"}  # a script has but one: two of them are a choice


class Reader(Amounts):
    """Reads the tokens of one query, or of a part of it in parentheses, from left to right."""

    def __init__(self, tokens: list[Token], today: date, *, governed: bool = False, depth: int = 0) -> None:
        super().__init__(tokens, today)
        self._depth = depth
        self._at = 0
        self._negated = False
        self._denier: Token | None = None  # the word that negates, until it has found what
        self._governed = governed
        self._joined_by: str | None = None
        self._filters: list[Filter] = []
        self._added = False  # a filter, in this clause
        self._ended = -1  # the place after the last clause that added one
        self._carries = False  # a negation that "or" hands on
        self._soft: tuple[int, Filter] | None = None  # a term just read that only ranks, and the place after it
        self._words_: list[str] = []
        self._phrases: list[str] = []
        self._concepts: list[str] = []
        self._sort: list[Sort] = []
        self._limit: int | None = None
        self._unclear: list[Unclear] = []
        self._demanded: list[str] = []

    def query(self) -> Query:
        while self._at < len(self._tokens):
            self._step()
        self._unfinished()
        filters = tuple(dict.fromkeys(self._filters))
        words = tuple(dict.fromkeys(word.lower() for word in self._words_))
        text = " ".join([*words, *(f'"{phrase}"' for phrase in self._phrases)])
        return Query(
            text, filters, words, tuple(self._phrases), tuple(dict.fromkeys(self._concepts)),
            tuple(dict.fromkeys(self._sort)), self._limit, tuple(self._unclear),
            demanded=frozenset(self._demanded),
        )  # fmt: skip

    def _step(self) -> None:
        token = self._tokens[self._at]
        if token.kind == "field":
            self._explicit(token)
        elif token.kind == "phrase":
            if token.negated or self._negated:
                self._add(Filter("text", "eq", token.text, True))
            elif token.text:
                self._phrases.append(token.text)
            self._end_clause(1)
        elif token.text == "(" and token.kind == "mark" and self._depth < _DEEPEST:
            self._group()
        elif self._date() or self._age() or self._number() or self._order() or self._negator() or self._vocabulary():
            return
        else:
            self._other(token)

    def _explicit(self, token: Token) -> None:
        """field:value, which the words around it may negate or join"""
        if token.sort is not None:
            self._sort.append(token.sort)
        if token.filter is not None:
            self._add(replace(token.filter, negated=token.filter.negated != self._negated), apart=token.negated)
            self._carries = self._negated
        self._end_clause(1)

    def _group(self) -> None:
        """What stands in parentheses, read by itself; several filters in them count as one for "or" and "not"."""
        depth, end = 0, self._at
        while end < len(self._tokens):
            depth += {"(": 1, ")": -1}.get(self._tokens[end].text, 0) if self._tokens[end].kind == "mark" else 0
            if depth == 0:
                break
            end += 1
        inner = Reader(
            self._tokens[self._at + 1 : end], self._today, governed=self._governed or self._negated,
            depth=self._depth + 1,
        ).query()  # fmt: skip
        self._words_ += [] if self._negated else inner.words
        self._phrases += [] if self._negated else inner.phrases
        self._concepts += inner.concepts
        self._demanded += inner.demanded
        self._sort += inner.sort
        self._unclear += inner.unclear
        alternative = self._joined_by == "or" or self._word(end + 1) == "or"
        if inner.filters and self._negated and len(inner.filters) == 1:
            # nor the one nor the other: what is in a choice is denied one by one
            choice = inner.filters[0]
            for part in choice.parts if choice.op == "any" and not choice.negated else (choice,):
                self._deny(part)
        elif inner.filters and self._negated:
            self._add(replace(every(inner.filters), negated=True))
        elif inner.filters and alternative:
            self._add(every(inner.filters))
        else:
            for condition in inner.filters:
                self._joined_by = None
                self._add(condition)
        self._at = end + 1
        self._end_clause(0)

    def _deny(self, condition: Filter) -> None:
        """Adds the negation of a choice: of each of its values."""
        if condition.op == "in":
            for item in condition.items:
                plain = not isinstance(item, tuple | Filter)
                self._add(Filter(condition.field, "eq" if plain else "range", item if plain else tuple(item), True))  # type: ignore[arg-type]
        else:
            self._add(condition.inverse)

    def _add(self, condition: Filter, *, apart: bool = False) -> None:
        """Adds a filter; "A or B", and two values of a field that has but one, become a choice. "Not A or B" denies
        both, unless each is said to be denied for itself (`apart`)."""
        soft = self._soft
        if soft is not None and self._joined_by == "or" and soft[0] >= self._at - 4:
            # "CNN or batch 64": what only ranked is one of the alternatives
            self._filters.append(soft[1])
            self._concepts = [concept for concept in self._concepts if concept != soft[1].value]
        self._soft = None
        last = self._filters[-1] if self._filters else None
        same = last is not None and last.field == condition.field and not last.negated and not condition.negated
        choice = self._joined_by == "or" and not (last and last.negated and condition.negated and not apart)
        if last and (choice or (condition.field in _SINGLE and self._joined_by and same)):
            self._filters[-1] = either(last, condition)
        else:
            self._filters.append(condition)
        self._added, self._carries = True, condition.negated
        self._denier = None

    # -- the clauses -------------------------------------------------------------------------------------------

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
            _DATE_LIKE.fullmatch(self._word(end)) or self._word(end) in _TIMES or self._word(end) in dates.MONTHS
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

    def _negator(self) -> bool:
        at, word = self._at, self._word(self._at)
        if phrase := self._one_of(NOT_NEGATING, at, 3):  # "not only CNN" demands it
            self._governed = phrase[0] in {"not", "nothing", "none"}
            self._at += len(phrase)
            return True
        if self._words(at, 3) == ("with", "or", "without"):
            self._at += 3
            term = self._term(self._at, self._word(self._at))
            self._at += term.taken if term else 0
            return True
        phrase = self._one_of(NEGATOR_PHRASES, at, 4)
        if phrase is None and word not in NEGATORS and not (word in WEAK_NEGATORS and self._negates_term(at + 1)):
            return False
        end = at + (len(phrase) if phrase else 1)
        if self._word(end) in OF_THE_MIND and not (self._term(end, self._word(end))):
            self._at = end + 1
            return True
        denied = self._tokens[at]
        # "not without attention" wants it
        self._negated = not (self._negated and self._denier is not None and self._denier.column < denied.column)
        self._governed = self._governed or not self._negated
        self._denier = denied if self._negated else None
        self._at = end
        self._skip_fillers()
        return True

    def _skip_fillers(self) -> None:
        while self._word(self._at) in NEGATED_FILLERS and not self._starts_date():
            if self._number_field(self._at) or self._one_of(NEGATOR_PHRASES, self._at, 4):
                return
            self._at += 1

    def _negates_term(self, at: int) -> bool:
        while self._word(at) in NEGATED_FILLERS:
            at += 1
        return self._term(at, self._word(at)) is not None

    def _starts_date(self) -> bool:
        at = self._at
        verb = self._word(at) in DATE_VERBS
        at += verb
        phrase = self._one_of(DATE_PREPOSITIONS, at)
        return (verb or phrase is not None) and self._span(at + len(phrase or ())) is not None

    def _vocabulary(self) -> bool:
        """A tag, dataset, framework, optimizer or device, alone or in a list that shares a negation."""
        token = self._tokens[self._at]
        if token.kind != "word" or _IDENTIFIER.search(token.text):
            return False
        token_text, negated = token.lower, self._negated or token.negated
        governed = self._governed
        for prefix in ("non-", "no-", "un", "non"):
            rest = token_text.removeprefix(prefix)
            if rest != token_text and self._term(self._at, token_text) is None and self._term(self._at, rest):
                token_text, negated = rest, True
        for suffix in ("-free", "-less", "less"):
            rest = token_text.removesuffix(suffix)
            if rest != token_text and self._term(self._at, token_text) is None and self._term(self._at, rest):
                token_text, negated = rest, True
        if token_text.endswith(("-based", "-like", "-style")):
            token_text, governed = token_text.rsplit("-", 1)[0], True
        term = self._term(self._at, token_text)
        if term is None or self._only_everyday(term, token_text):
            return False
        end = self._at + term.taken
        following = self._word(end)
        if following in {"based", "powered"}:
            governed = True
        if following == "free" and self._word(end + 1) not in {"of"}:
            negated, end = True, end + 1
        if term.field == "hw" and not (governed or negated or self._word(self._at - 1) in {"on", "a", "the", "runs"}):
            return False
        after_nouns = end + (self._word(end) in NOUNS)
        denied = self._denied(after_nouns)
        if denied:
            negated, end = True, denied
        hard = negated or governed or term.field in {"dataset", "framework", "hw"}
        hard = hard or (term.field == "optimizer" and (following.startswith("optimi") or self._names_field()))
        hard = hard or (self._joined_by == "or" and bool(self._filters) and self._ended >= 0)
        condition = Filter(term.field, "eq", term.value, negated)
        if hard:
            self._add(condition)
        if not negated and term.field in {"tag", "optimizer"}:
            said = [token_text, *(self._word(self._at + offset) for offset in range(1, term.taken))]
            self._words_ += said
            self._demanded += said if hard else []
            if term.field == "tag":
                self._concepts.append(term.value)
        if not hard:
            self._soft = (end, condition)
        self._at = end
        self._after_term(term)
        return True

    def _names_field(self) -> bool:
        """Whether the words before say that an optimizer is meant."""
        return self._governed or any(
            self._word(self._at - back) in {"optimizer", "optimiser", "by", "trained", "optimized", "optimised"}
            for back in (1, 2, 3)
        )

    def _only_everyday(self, term: Term, text: str) -> bool:
        """An everyday word that is an alias too, without "dataset" or "optimizer" beside it."""
        if squeeze(text) not in EVERYDAY or term.taken > 1:
            return False
        beside = {self._word(self._at + 1), self._word(self._at - 1)}
        if term.field == "dataset":
            return not beside & {"dataset", "data", "datasets"}
        if term.field == "optimizer":
            return not (beside & {"optimizer", "optimiser", "using", "with", "by"} or self._negated)
        return False

    def _denied(self, at: int) -> int:
        """The place after "is not used", "excluded" and the like, 0 where none stands."""
        start = at
        at += self._word(at) in {"is", "are", "was", "were", "be", "being", "should", "must"}
        at += self._word(at) in {"be"}
        if self._word(at) in DENIED and (at > start or self._word(at) not in {"out", "missing", "part"}):
            return at + 1
        if self._word(at) in {"not", "never", "isn't", "aren't", "wasn't", "weren't", "nowhere"}:
            at += 1
            at += self._word(at) in {"be", "being", "a", "actually"}
            if self._word(at) in USED:
                return at + 1
        return 0

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
            if word in {";", ",", ":"}:
                follows = self._ended == self._at - 1
                self._end_clause(0)
                self._ended = self._at if follows else self._ended
            return
        if word in {"or", "nor"} and (self._ended == self._at - 1 or (self._soft and self._soft[0] == self._at - 1)):
            self._joined_by = "or"
            self._negated = self._negated or (self._carries and self._bare())
            return
        if word in {"but", "and", "or", "that", "which", "/", "&"}:
            if word == "but":
                self._end_clause(0)
            return
        if word in GOVERNORS:
            self._governed = True
            return
        if self._doubtful(token) or word in STOP:
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
            self._words_.append(token.text)

    def _doubtful(self, token: Token) -> bool:
        """Notes what looks like a date or a number that no rule has claimed. True where it is not searched for."""
        word = token.lower
        date_like = _DATE_LIKE.fullmatch(word) is not None and number(word) is None
        if date_like or word in _TIMES:
            self._unclear.append(Unclear(token.text, "date", token.column))
            return date_like
        if self._amount(self._at - 1) is not None and any(character.isdigit() for character in word):
            self._unclear.append(Unclear(token.text, "number", token.column))
        return False

    def _unfinished(self) -> None:
        """A negation that has found nothing to deny."""
        if self._denier is not None:
            self._unclear.append(Unclear(self._denier.text, "negation", self._denier.column))

    def _bare(self) -> bool:
        """Whether a list goes on here, rather than a new statement begin: "or LSTM", "or on CIFAR-10"."""
        word = self._word(self._at)
        if (word,) in DATE_PREPOSITIONS or word in ARTICLES:
            return True
        return word not in GOVERNORS | STOP | DATE_VERBS.keys()

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
