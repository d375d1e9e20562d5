"""What has been read of a query so far, and how one statement joins those before it: and, or, not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from typing import TYPE_CHECKING

from index.known.glossary import WRITTEN_WITH
from index.understanding import numbers
from index.understanding.amounts import Amounts
from index.understanding.filters import Filter, Query, Sort, Unclear, either, unasked
from index.understanding.lexicon import ARTICLES, LISTING, SAID_OF
from index.understanding.ordering import THINGS

if TYPE_CHECKING:
    from index.understanding.query import Token

_SINGLE = {"dataset", "framework"}  # a script has but one: two of them are a choice


def _chosen(filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """Two datasets that are asked for apart from each other, as one choice: no script is trained on both."""
    found: list[Filter] = []
    for one in filters:
        before = next((at for at, other in enumerate(found) if _of_one(one) and _of_one(other, one.field)), None)
        if before is None:
            found.append(one)
        elif one.field == "framework" and (narrow := _narrower(found[before], one)) is not None:
            found[before] = narrow
        else:
            found[before] = either(found[before], one)
    return tuple(found)


def _narrower(first: Filter, second: Filter) -> Filter | None:
    """Of a framework and what is written with it, the latter: "JAX code whose layers come from Flax"."""
    for one, other in ((first, second), (second, first)):
        if one.op == other.op == "eq" and one.value in WRITTEN_WITH.get(str(other.value), ()):
            return other
    return None


def _of_one(condition: Filter, field: str = "") -> bool:
    """Whether a filter asks for a value of a field that has but one."""
    asked = condition.op in {"eq", "in"} and not condition.negated and condition.field in _SINGLE
    return asked and (not field or condition.field == field)


class Statements(Amounts, ABC):
    """Gathers filters, concepts and words, clause by clause."""

    def __init__(self, tokens: list[Token], today: date, *, governed: bool = False, depth: int = 0) -> None:
        super().__init__(tokens, today)
        self._depth = depth
        self._at = 0
        self._negated = False
        self._denier: Token | None = None  # the word that negates, until it has found what
        self._denier_was = ""  # the first word of the negation that is in force
        self._lists_out: frozenset[str] = frozenset()  # what lists go on by that it denies: "exclude MNIST and GANs"
        self._of_subject = False  # whether it says that scripts are not of something: "not about", "except those for"
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
        self._components: list[str] = []
        self._sort: list[Sort] = []
        self._limit: int | None = None
        self._unclear: list[Unclear] = []
        self._demanded: list[str] = []
        self._yearless: list[tuple[Filter, int]] = []  # dates whose year was filled in, and which
        self._year: Filter | None = None  # a year that stood alone
        self._named: list[str] = []  # the words that name concepts

    def query(self, *, counted: bool = False) -> Query:
        """Reads all tokens. What is `counted` is of the kinds that are named, as is the first of an order."""
        while self._at < len(self._tokens):
            self._step()
        self._unfinished()
        if self._sort or counted:  # "the newest GAN" is one of the GANs
            self._filters += self._kinds()
            self._demanded += self._named
        if self._sort and self._limit is None:
            self._limit_to_things()
        filters = _chosen(tuple(dict.fromkeys(self._filters)))
        words = tuple(dict.fromkeys(word.lower() for word in self._words_))
        for one in filters:
            if one.field == "framework" and not one.negated:
                self._demanded += SAID_OF.get(str(one.value), set()) & {*words}
        text = " ".join([*words, *(f'"{phrase}"' for phrase in self._phrases)])
        return Query(
            text, filters, words, tuple(self._phrases), tuple(dict.fromkeys(self._concepts)),
            tuple(dict.fromkeys(self._sort)), self._limit, tuple(self._unclear),
            demanded=frozenset(self._demanded), components=tuple(dict.fromkeys(self._components)),
        )  # fmt: skip

    def _kinds(self) -> list[Filter]:
        """A filter for each concept that none asks for yet; "my GANs and VAEs" are of the one kind or the other, a
        model with a GAN and a VAE is of both."""
        wanted = unasked(self._concepts, self._filters)
        found = {concept: Filter("tag", "eq", concept) for concept in wanted}
        before, at = "", 0  # the concept whose name ended last, in the plural, where only a list goes on
        while at < len(self._tokens):
            term = self.term(at)
            if term is None or str(term.value) not in wanted:
                before = before if self._tokens[at].lower in {*LISTING, *ARTICLES, "my"} else ""
                at += 1
                continue
            at += term.taken
            concept = str(term.value)
            several = self._word(at - 1).endswith("s")
            if before and several:
                joined = either(found[before], found[concept])
                found |= {one: joined for one in wanted if found[one] in (found[before], found[concept])}
            before = concept if several else ""
        return list(dict.fromkeys(found.values()))

    def _limit_to_things(self) -> None:
        """Takes a number of scripts as how many of the order are wanted: "which 3 scripts have the largest
        batch", "which five GANs have the lowest rate"."""
        for at, token in enumerate(self._tokens):
            said = numbers.read([token.lower]) if token.text in self._words_ else None
            kind = self.term(at + 1) if said is not None else None
            things = self._word(at + 1) in THINGS or (kind is not None and kind.field == "tag")
            if said is not None and things and isinstance(said.value, int) and said.value > 0:
                self._limit = said.value
                self._unclear = [one for one in self._unclear if one.column != token.column]
                self._words_.remove(token.text)
                return

    @abstractmethod
    def _step(self) -> None:
        """Reads the statement that begins here."""

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

    def _unfinished(self) -> None:
        """A negation that has found nothing to deny."""
        if self._denier is not None:
            self._unclear.append(Unclear(self._denier.text, "negation", self._denier.column))
            self._denier = None

    def _said_before(self, at: int, verbs: set[str]) -> None:
        """Drops the verb before a place, which says what is done with what stands there, and nothing else."""
        at -= 1
        while self._word(at) in ARTICLES or self._word(at) in {"at", "with", "of"}:
            at -= 1
        if self._word(at) in verbs and self._words_[-1:] == [self._tokens[at].text]:
            self._words_.pop()

    def _end_clause(self, taken: int) -> None:
        self._at += taken
        if self._added:
            self._added, self._ended = False, self._at
        self._negated, self._lists_out = False, frozenset()
        self._governed = False
        self._joined_by = None
