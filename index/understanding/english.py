"""The plain-English rules of a query, one statement after another, and those for the vocabulary of the field."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.known_components import MULTI_GPU, NAMED, NETWORK
from index.understanding.beside import Beside
from index.understanding.dated import DATE_LIKE, TIMES
from index.understanding.denied import TASKS, subject
from index.understanding.figures import DATE_PREPOSITIONS, DATE_VERBS, MORE
from index.understanding.filters import Filter, Unclear, every
from index.understanding.glossary import FAMILIES, TOGETHER
from index.understanding.lexicon import (
    ARTICLES,
    FALLS,
    GOVERNORS,
    INSTEAD,
    MENTIONS,
    MOVES,
    NAMED_BY_NUMBERS,
    NOUNS,
    PICKS,
    STOP,
    SWAPS,
    TELLING,
    WRITTEN,
)
from index.understanding.numbers import number
from index.understanding.vocabulary import squeeze, tag_of

if TYPE_CHECKING:
    from index.understanding.query import Token

_IDENTIFIER = re.compile(r"_|\.py$|\.ipynb$|/.")  # the name of something in a script, or of a script
_CAMEL = re.compile(r"[a-z][A-Z]")
_FEW = 9  # words, in which what is denied is denied of scripts
_WHO = {"i", "we", "you", "they"}
_SEEKS = {"need", "needs", "require", "have", "has"}
_EXIST = {"is", "are"}
_DESCRIBED = 3  # words that describe a kind, of which none is its name
_DEEPEST = 20  # parentheses in parentheses


class Reader(Beside):
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

    def _vocabulary(self) -> bool:
        """A tag, dataset, framework, optimizer or device, alone or in a list that shares a negation."""
        token = self._tokens[self._at]
        if token.kind != "word" or _IDENTIFIER.search(token.text):
            return False
        token_text, negated = token.lower, self._negated or token.negated
        governed = self._governed = self._governed or self._word(self._at - 1) == "either"
        bare = [token_text.removeprefix(prefix) for prefix in ("non-", "no-", "un", "non")]
        bare += [token_text.removesuffix(suffix) for suffix in ("-free", "-less", "less")]
        for rest in bare:
            if rest != token_text and self._term(self._at, token_text) is None and self._term(self._at, rest):
                token_text, negated = rest, True
        kin = self._word(self._at).endswith(("-like", "-style", "-type", "-family", "-variant"))
        if token_text.endswith(("-based", "-like", "-style", "-only", "-type", "-family", "-variant")):
            token_text, governed = token_text.rsplit("-", 1)[0], True
        if self._maker():
            return True
        term = self._term(self._at, token_text)
        meant = self._meant(self._at) if negated else None
        if meant and (term is None or meant[1] >= term.taken):  # "no handwritten digits"
            self._add(Filter(meant[0].field, "in", meant[0].values, True))
            self._at += meant[1]
            given = self.term(self._at + 1) if meant[0].field == "uses" and self._word(self._at) == "on" else None
            self._at += 1 + given.taken if given and given.field == "dataset" else 0  # not pretrained on ImageNet
            self._go_on(meant[0].field)
            return True
        if term is None or self._only_everyday(term, token_text):
            return False
        if term.value == "ImageNet" and self._where_weights_are_from(self._at + term.taken):
            term, governed = replace(term, field="uses", value="pretrained-weights"), True
        if term.field == "uses" and not _CAMEL.search(token.text):  # which is the name of a class, and looked for
            governed = governed or term.value in NAMED
        if term.field == "uses" and not negated and (term.value in {NETWORK, MULTI_GPU} or not governed):
            denied = self._denied(self._at + term.taken)
            if not denied:
                if term.value == MULTI_GPU:
                    return self._several_devices(self._at + term.taken)
                self._components += [term.value] if term.value != NETWORK else []
                return False  # described, it is looked for as it is written
        end = self._at + term.taken
        of_a_dataset = term.value == "scikit-learn" and self._of_a_dataset()  # whose digits they are, not what trains
        if of_a_dataset or (term.field == "path" and self._among_scripts(end)):
            self._at = end
            return True
        following = self._word(end)
        if following in {"based", "powered"}:
            governed = True
        if following == "free" and self._word(end + 1) not in {"of"}:
            negated, end = True, end + 1
        if term.field == "hw" and (device := self._device(term, end, negated=negated)):
            self._said_before(self._at, PICKS)
            for condition in device[0]:
                self._add(condition)
            self._at = device[1]
            self._end_clause(0)
            return True
        if term.value == "Adam" and (stop := self._decoupled(end)):
            term, end = replace(term, value="AdamW", taken=stop - self._at), stop
        alone = self._only_terms  # "adamw", "gpu", "rmsprop + GRU": there is nothing else to rank
        if term.field == "hw" and term.value != "TPU" and not (governed or negated or alone or self._run_on(end)):
            return False
        after_nouns = end + (self._word(end) in NOUNS)
        denied = self._denied(after_nouns)
        if denied:
            negated, end = True, denied
        hard = negated or governed or term.field != "tag"
        hard = hard or (self._joined_by == "or" and bool(self._filters) and self._ended >= 0)
        condition = Filter(term.field, "eq", term.value, negated)
        if term.field == "optimizer" and term.value in FAMILIES and (kin or self._of_kin(end)):
            condition, hard = Filter(term.field, "in", FAMILIES[term.value], negated), True
        if term.field == "dataset" and (several := TOGETHER.get(squeeze(token_text))) and term.taken == 1:
            condition = Filter(term.field, "in", several, negated)
        if negated and (together := self._excepted_with(condition, end)):
            self._add(together[0])
            self._at = together[1]
            self._end_clause(0)
            return True
        if hard:
            if term.field == "text" and self._joined_by == "and" and not negated:
                self._joined_by = "or"  # agents for this world and that one
            self._add(condition)
        if hard and term.value == "SGD" and {"momentum", "nesterov"} & {*self._words(self._at, term.taken)}:
            self._joined_by = None
            self._add(Filter("uses", "eq", "momentum", negated))
        if not negated and term.field in {"tag", "optimizer", "text", "uses"}:
            said = [token_text, *(self._word(self._at + offset) for offset in range(1, term.taken))]
            said = [word for word in said if word not in STOP | MORE or term.taken == 1]
            if term.field == "tag" and term.taken >= _DESCRIBED and not any(map(tag_of, said)):
                said = [term.value]  # "a generator and a discriminator" stand for the kind, whoever has the words
            self._words_ += said
            self._demanded += said if hard else []
            self._named += said if term.field == "tag" else []
            if term.field == "tag":
                self._concepts.append(term.value)
        if not hard:
            self._soft = (end, condition)
        self._at = end
        self._go_on(term.field)
        return True

    def _go_on(self, field: str) -> None:
        """Keeps a negation, or what governs, over a list: "not using RNN or LSTM"."""
        if self._word(self._at) in NOUNS:
            self._at += 1
        joint, at = self._joint(self._at)
        if self._denier_was in INSTEAD and at == self._at + 1 and self._raw(self._at) == ",":
            joint = None  # "instead of Adam, SGD"
        if joint and self._negated:
            at = self._described(at)
        following = (self._negated and self._meant(at)) or self._term(at, self._word(at)) if joint else None
        kind = following[0].field if isinstance(following, tuple) else following.field if following else ""
        if following and (kind == field or not self._negated):
            self._joined_by = joint
            self._at = at
        else:
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
        self._end_clause(end + 1 - self._at)
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
        if word == "new" and self._word(self._at) in {"in", "since", "from", "after"} and self._span(self._at + 1):
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
            forms = (word,) if token.negated else subject(phrase)
            self._add(Filter("text", "eq", forms[0], True) if len(forms) == 1 else Filter("text", "in", forms, True))
            self._at += self._word(self._at) in NOUNS
            self._end_clause(0)
        elif any(character.isalnum() for character in word):
            self._unknown_library(token)
            if _IDENTIFIER.search(token.text) or _CAMEL.search(token.text):
                self._said_before(self._at - 1, MENTIONS)
            self._words_.append(token.text)

    def _of_who_asks(self, word: str) -> bool:
        """Whether a verb just read says that somebody looks for scripts, or that there are some, and not what they have
        to be: "I need the residual network", "do we have GANs?", "are there any U-Nets?". What is said to be of a kind
        ranks, as any other: "which of the GANs are Wasserstein GANs?"."""
        return word in _EXIST or (word in _SEEKS and self._word(self._at - 2) in _WHO)

    def _deniable(self, token: Token) -> bool:
        """Whether a plain word is denied of scripts, rather than within what is described: a name is, and any word in a
        few; "came home without any fish", "instead of one word at a time" describe."""
        if token.text != token.lower or not token.text.isalpha() or self._denier_was in {"any", "every", "all"}:
            return True
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
