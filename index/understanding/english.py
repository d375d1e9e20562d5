"""The plain-English rules of a query, one statement after another, and what becomes of words that none claims."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.understanding.dated import DATE_LIKE, TIMES
from index.understanding.denied import TASKS, subject
from index.understanding.figures import DATE_PREPOSITIONS, DATE_VERBS
from index.understanding.filters import Filter, Unclear, every
from index.understanding.lexicon import (
    ARTICLES,
    EVERYDAY,
    FALLS,
    GOVERNORS,
    INSTEAD,
    MENTIONS,
    MOVES,
    NAMED_BY_NUMBERS,
    NOUNS,
    STOP,
    SWAPS,
    TELLING,
    VERBAL_NEGATORS,
    WRITTEN,
)
from index.understanding.numbers import number
from index.understanding.periods import UNITS
from index.understanding.terms import IDENTIFIER, MIXED_CASE, Terms

if TYPE_CHECKING:
    from index.understanding.query import Token

_FEW = 9  # words, in which what is denied is denied of scripts
_WHO = {"i", "we", "you", "they"}
_SEEKS = {"need", "needs", "require", "have", "has"}
_EXIST = {"is", "are"}
# how something is learned: "without paired images" says what a method does, and its scripts may well speak of pairs
_SORT = re.compile(r"\w+ed|clean|extra|external|additional|parallel|perfect|real|manual|human|noiseless")
_LACKS = {"without", "no", "with", "lacking"}
_LEARNED_FROM = {"data", "examples", "images", "pictures", "photos", "samples", "labels", "pairs", "annotations",
                 "targets", "supervision", "recordings", "texts", "sentences"}  # fmt: skip
_DEEPEST = 20  # parentheses in parentheses


class Reader(Terms):
    """Reads the tokens of one query, or of a part of it in parentheses, from left to right."""

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
        elif not self._statement():
            self._other(token)

    def _statement(self) -> bool:
        of_facts = self._stated() or self._small_machine() or self._dated_or_counted() or self._order()
        return of_facts or self._negator() or self._vocabulary()

    def _dated_or_counted(self) -> bool:
        return self._date() or self._age() or self._number() or self._otherwise()

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
        self._components += inner.components
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

    def _exchanged(self) -> bool:
        """replaced Adam by SGD · swapped PyTorch for JAX · switched from Adam to AdamW: the first is denied"""
        moved = self._word(self._at) in MOVES and self._word(self._at + 1) == "from"
        if not moved and self._word(self._at) not in SWAPS:
            return False
        start = self._at + 1 + moved
        term = self.term(start)
        end = start + term.taken if term else start
        if (
            term is None
            or self._word(end) not in ({"to"} if moved else {"by", "for", "with"})
            or not self._word(end + 1)
        ):
            return False
        self._add(Filter(term.field, "eq", term.value, True))
        wanted = self.term(end + 1) if self._word(end + 1) in EVERYDAY else None
        self._end_clause(end + 1 - self._at)
        if wanted and wanted.field == term.field:  # "swapped Adam for Lion": beside its like it is no everyday word
            self._add(Filter(wanted.field, "eq", wanted.value))
            self._end_clause(wanted.taken)
        return True

    def _other(self, token: Token) -> None:
        """A word that no rule claims: it governs, separates, says nothing, or is searched for."""
        if self._uncounted() or self._exchanged():
            return
        self._at += 1
        word = token.lower
        if token.kind != "word":
            if word in {";", ","} or (word == ":" and self._denier is None):
                follows = self._ended == self._at - 1
                if self._denier is not None and word == "," and self._denier_was != "no":
                    return  # without, say, dropout
                self._unfinished()
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
            self._governed = not self._of_who_asks(word)
            return
        dated = self._at + (self._word(self._at) in {"in", "since", "from", "after"})
        if word == "new" and self._span(dated):  # "what is new since May", "new this year"
            return
        if word in FALLS and self._word(self._at) == "back":  # to another device
            self._at += 1
            return
        if self._doubtful(token) or word in STOP or token.talk:
            return
        if token.negated or self._negated:
            phrase = [word]
            while not token.negated and self._unclaimed():
                phrase.append(self._word(self._at))
                self._at += 1
            # says what kind of task it is, or what for, and is read by its meaning
            told = phrase[-1] in TELLING or self._purpose(self._at) or not self._deniable(token)
            told = told or {*phrase} <= TASKS
            if told and not token.negated:
                denier = self._denier or token
                said = " ".join(one.text for one in self._tokens[self._tokens.index(denier) : self._at])
                self._unclear.append(Unclear(said, "negation", denier.column))
                self._words_ += [] if self._denier_was in INSTEAD or {*phrase} <= TASKS else phrase
                self._denier = None
                self._end_clause(0)
                return
            forms = (word,) if token.negated else subject(phrase, done=self._done(self._at - len(phrase)))
            self._add(Filter("text", "eq", forms[0], True) if len(forms) == 1 else Filter("text", "in", forms, True))
            self._at += self._word(self._at) in NOUNS
            self._end_clause(0)
        elif any(character.isalnum() for character in word):
            self._unknown_library(token)
            if IDENTIFIER.search(token.text) or MIXED_CASE.search(token.text):
                self._said_before(self._at - 1, MENTIONS)
            self._words_.append(token.text)

    def _of_who_asks(self, word: str) -> bool:
        """Whether a verb just read says that somebody looks for scripts, or that there are some, and not what they have
        to be: "I need the residual network", "do we have GANs?", "are there any U-Nets?". What is said to be of a kind
        ranks, as any other: "which of the GANs are Wasserstein GANs?"."""
        return word in _EXIST or (word in _SEEKS and self._word(self._at - 2) in _WHO)

    def _done(self, at: int) -> bool:
        """Whether what is denied at a place is what scripts do: "do not race cars", "those that race cars"."""
        before, verb = self._word(at - 1), self._word(at - 2)
        plain = before in {"never", "that", "which"} or (before in VERBAL_NEGATORS and before not in {"no", "not"})
        return plain or (before == "not" and verb in {"do", "does", "did", "can", "to"})

    def _deniable(self, token: Token) -> bool:
        """Whether a plain word is denied of scripts, rather than within what is described: a name is, and any word in a
        few; "came home without any fish", "instead of one word at a time" and "without labelled data" describe."""
        if token.text != token.lower or not token.text.isalpha() or self._denier_was in {"any", "every", "all"}:
            return True
        if self._denier_was in _LACKS and self._word(self._at) in _LEARNED_FROM and _SORT.fullmatch(token.lower):
            return False
        return self._denier_was not in INSTEAD and (self._of_subject or len(self._tokens) <= _FEW)

    def _unknown_library(self, token: Token) -> None:
        """Notes a proper name that scripts are said to be written with, and that is no framework known."""
        before = self._words(self._at - 3, 2)
        named = before[0] in WRITTEN and before[1] in {"in", "with", "using"} and token.text[:1].isupper()
        if named and not self._unclaimed():
            self._unclear.append(Unclear(token.text, "framework", token.column))

    def _doubtful(self, token: Token) -> bool:
        """Notes what looks like a date or a number that no rule has claimed. True where it is not searched for."""
        word = token.lower
        if word in UNITS and {"every", "each", "per"} & {*self._words(self._at - 4, 3)}:  # measured every ten minutes
            return False
        date_like = DATE_LIKE.fullmatch(word) is not None and number(word) is None
        if date_like or word in TIMES:
            self._unclear.append(Unclear(token.text, "date", token.column))
            return date_like
        before = self._word(self._at - 2)
        named = before in NAMED_BY_NUMBERS or (len(self._tokens) == 1 and not date_like)
        if not named and self._amount(self._at - 1) is not None and any(character.isdigit() for character in word):
            self._unclear.append(Unclear(token.text, "number", token.column))
        return False

    def _bare(self) -> bool:
        """Whether a list goes on here, rather than a new statement begin: "or LSTM", "or on CIFAR-10"."""
        word = self._word(self._at)
        if (word,) in DATE_PREPOSITIONS or word in ARTICLES:
            return True
        return word not in GOVERNORS | STOP | DATE_VERBS.keys()
