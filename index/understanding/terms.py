"""The vocabulary of the field in a query: a tag, dataset, framework, optimizer, part or device, alone or in a list."""

from __future__ import annotations

import re
from abc import ABC
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.known.components import MULTI_GPU, NAMED, NETWORK
from index.known.glossary import FAMILIES, TOGETHER
from index.understanding.ahead import LEARNED, Term
from index.understanding.beside import Beside
from index.understanding.denied import DIGITS
from index.understanding.figures import MORE
from index.understanding.filters import Filter
from index.understanding.lexicon import ARTICLES, INSTEAD, KINDRED, NOUNS, PICKS, STOP, YEARLY
from index.understanding.modality import ADJECTIVES_OF_DATA
from index.understanding.vocabulary import squeeze, tag_of

if TYPE_CHECKING:
    from index.understanding.query import Token

IDENTIFIER = re.compile(r"_|\.py$|\.ipynb$|/.")  # the name of something in a script, or of a script
MIXED_CASE = re.compile(r"[a-z][A-Z]")
_DENYING = ("non-", "no-", "un", "non")
_LACKING = ("-free", "-less", "less")
_OF_KIN = ("-like", "-style", "-type", "-family", "-variant")
_GOVERNING = ("-based", "-only", *_OF_KIN)
_LEARN = LEARNED | {"learn", "learns"}
_THOSE = {"those", "them", "these", "it"}
_AGAIN = {"for", "with", "in", "from"}  # what is said before each of a list
_DESCRIBED = 3  # words that describe a kind, of which none is its name


@dataclass(frozen=True)
class _Mention:
    """A term as it stands in a query."""

    term: Term
    text: str  # its first word, without what is joined to it
    end: int  # the place after it
    negated: bool
    governed: bool  # what it is said of is asked to have it: "using a GAN", "GAN-based"
    kin: bool  # all of its kin are meant: "Adam-like"


class Terms(Beside, ABC):
    """Takes a term of the vocabulary, and says whether it filters or only ranks."""

    def _vocabulary(self) -> bool:
        """A tag, dataset, framework, optimizer or device, alone or in a list that shares a negation."""
        token = self._tokens[self._at]
        if token.kind != "word" or IDENTIFIER.search(token.text):
            return False
        self._governed = self._governed or self._word(self._at - 1) == "either"
        text, negated, governed = self._without_affixes(token)
        if self._import() or self._maker() or self._kind_denied(token):
            return True
        term = self._term(self._at, text)
        if negated and self._denied_as_meant(term):
            return True
        if term is None and not negated and self._digits_learned():
            return True
        if term is None or self._only_everyday(term, text):
            return False
        if term.value == "ImageNet" and self._where_weights_are_from(self._at + term.taken):
            term, governed = replace(term, field="uses", value="pretrained-weights"), True
        kin = self._word(self._at).endswith(_OF_KIN)
        mention = _Mention(term, text, self._at + term.taken, negated, governed, kin)
        if term.field == "uses" and not MIXED_CASE.search(token.text):  # which is the name of a class, and looked for
            mention = replace(mention, governed=governed or term.value in NAMED)
        if term.field == "uses" and self._only_described(mention):
            return self._left_described(mention)
        of_a_dataset = term.value == "scikit-learn" and self._of_a_dataset()  # whose digits they are, not what trains
        if of_a_dataset or (term.field == "path" and self._among_scripts(mention.end)):
            self._at = mention.end
            return True
        mention = self._with_what_follows(mention)
        if term.field == "hw" and (device := self._device(term, mention.end, negated=mention.negated)):
            self._said_before(self._at, PICKS)
            for condition in device[0]:
                self._add(condition)
            self._at = device[1]
            self._end_clause(0)
            return True
        return self._asked(mention)

    def _without_affixes(self, token: Token) -> tuple[str, bool, bool]:
        """A word without what denies or governs it ("non-recurrent", "attention-free", "GAN-based"), whether it is
        denied, and whether governed."""
        text, negated, governed = token.lower, self._negated or token.negated, self._governed
        bare = [text.removeprefix(prefix) for prefix in _DENYING] + [text.removesuffix(suffix) for suffix in _LACKING]
        for rest in bare:
            if rest != text and self._term(self._at, text) is None and self._term(self._at, rest):
                text, negated = rest, True
        if text.endswith(_GOVERNING):
            text, governed = text.rsplit("-", 1)[0], True
        return text, negated, governed

    def _kind_denied(self, token: Token) -> bool:
        """Denies a kind of data that is denied by the word itself or after it: "non-image data", "images excluded"."""
        bare = token.lower.removeprefix("non-")
        kind = ADJECTIVES_OF_DATA.get(bare) if bare != token.lower else None
        named = None if self._negated or kind else self._kind_of_data(self._at, alone=False)
        denied = self._denied(self._at + named[1]) if named else 0
        if kind is None and not denied:
            return False
        self._add(Filter("uses", "in", (kind,) if kind else named[0].values if named else (), True))
        self._end_clause(denied - self._at if denied else 1)
        self._at += kind is not None and self._word(self._at) in NOUNS
        return True

    def _denied_as_meant(self, term: Term | None) -> bool:
        """Denies what several words mean together: "no handwritten digits"."""
        meant = self._meant(self._at)
        if meant is None or (term is not None and meant[1] < term.taken):
            return False
        denied, taken = meant
        self._add(Filter(denied.field, "in", denied.values, True))
        self._at += taken
        given = self.term(self._at + 1) if denied.field == "uses" and self._word(self._at) == "on" else None
        self._at += 1 + given.taken if given and given.field == "dataset" else 0  # not pretrained on ImageNet
        self._go_on(denied.field)
        return True

    def _digits_learned(self) -> bool:
        """Takes "handwritten digits" after "trained on the": of no other data are those, whoever is near in words."""
        before = self._at - 1 - (self._word(self._at - 1) in ARTICLES)
        learned = self._word(before) in {"on", "with", "from"} and self._word(before - 1) in LEARNED
        learned = learned or self._word(before) in _LEARN or self._learned_after()
        meant = self._meant(self._at) if learned else None
        if meant is None or meant[0] is not DIGITS or meant[1] < 2:
            return False
        self._add(Filter("dataset", "in", DIGITS.values))
        self._end_clause(meant[1])
        return True

    def _learned_after(self) -> bool:
        """Whether what stands here is said to be learned later on: "the digits, which scripts learn those?"."""
        words = self._words(self._at, len(self._tokens))
        pairs = ((verb, *rest) for verb, *rest in zip(words, words[1:], words[2:], strict=False) if verb in _LEARN)
        return any(first in _THOSE or (first in {"on", "from"} and second in _THOSE) for _, first, second in pairs)

    def _only_described(self, mention: _Mention) -> bool:
        """Whether a part of a network is named and neither asked for nor denied."""
        if mention.negated or (mention.governed and mention.term.value not in {NETWORK, MULTI_GPU}):
            return False
        return not (self._denied(mention.end) or self._denied_in_a_list(mention.end))

    def _left_described(self, mention: _Mention) -> bool:
        """A part that is described is looked for as it is written; of several devices the number may be said."""
        if mention.term.value == MULTI_GPU:
            return self._several_devices(mention.end)
        self._components += [mention.term.value] if mention.term.value != NETWORK else []
        return False

    def _with_what_follows(self, mention: _Mention) -> _Mention:
        """A mention with the words after it that govern or deny it: "GAN based", "attention free"."""
        following = self._word(mention.end)
        if following in {"based", "powered"}:
            return replace(mention, governed=True)
        if following == "free" and self._word(mention.end + 1) != "of":
            return replace(mention, negated=True, end=mention.end + 1)
        if mention.term.field == "optimizer" and following in KINDRED:
            return replace(mention, kin=True, end=mention.end + 1)
        if mention.term.field == "dataset" and squeeze(mention.term.value) in YEARLY and self._edition(mention.end):
            return replace(mention, end=mention.end + 1)
        return mention

    def _edition(self, at: int) -> bool:
        """Whether a year stands right after a dataset that there is one of a year: "ISIC 2018", "VOC 2012"."""
        span = self._span(at)
        return span is not None and span.bare_year and span.consumed == 1

    def _asked(self, mention: _Mention) -> bool:
        """Adds the filter that a mention stands for, or the words by which it ranks."""
        if mention.term.value == "Adam" and (stop := self._decoupled(mention.end)):
            term = replace(mention.term, value="AdamW", taken=stop - self._at)
            mention = replace(mention, term=term, end=stop)
        term = mention.term
        alone = self._only_terms  # "adamw", "gpu", "rmsprop + GRU": there is nothing else to rank
        wanted = mention.governed or mention.negated or alone
        if term.field == "hw" and term.value != "TPU" and not (wanted or self._run_on(mention.end)):
            return False
        if denied := self._denied(mention.end + (self._word(mention.end) in NOUNS)):
            mention = replace(mention, negated=True, end=denied)
        elif self._denied_in_a_list(mention.end + (self._word(mention.end) in NOUNS)):
            mention = replace(mention, negated=True)
        condition = self._condition(mention)
        if mention.negated and (together := self._excepted_with(condition, mention.end)):
            self._add(together[0])
            self._at = together[1]
            self._end_clause(0)
            return True
        of_a_choice = self._joined_by == "or" and bool(self._filters) and self._ended >= 0
        filters = mention.negated or mention.governed or term.field != "tag" or of_a_choice
        if filters:
            self._filtered(mention, condition)
        if not mention.negated and term.field in {"tag", "optimizer", "text", "uses"}:
            self._ranked(mention, filters=filters)
        if not filters:
            self._soft = (mention.end, condition)
        self._at = mention.end
        self._go_on(term.field)
        return True

    def _condition(self, mention: _Mention) -> Filter:
        """The filter that a mention stands for: of a value, of an optimizer's kin, or of data sets of one name."""
        term = mention.term
        if term.field == "dataset" and (several := TOGETHER.get(squeeze(mention.text))) and term.taken == 1:
            return Filter(term.field, "in", several, mention.negated)
        if term.field == "optimizer" and term.value in FAMILIES and (mention.kin or self._of_kin(mention.end)):
            return Filter(term.field, "in", FAMILIES[term.value], mention.negated)
        return Filter(term.field, "eq", term.value, mention.negated)

    def _filtered(self, mention: _Mention, condition: Filter) -> None:
        if condition.field == "text" and self._joined_by == "and" and not mention.negated:
            self._joined_by = "or"  # agents for this world and that one
        self._add(condition)
        said = self._words(self._at, mention.term.taken)
        if mention.term.value == "SGD" and not {"momentum", "nesterov"}.isdisjoint(said):
            self._joined_by = None
            self._add(Filter("uses", "eq", "momentum", mention.negated))

    def _ranked(self, mention: _Mention, *, filters: bool) -> None:
        """Notes the words by which a mention ranks, and the concept that it names."""
        term = mention.term
        said = [mention.text, *(self._word(self._at + offset) for offset in range(1, term.taken))]
        said = [word for word in said if word not in STOP | MORE or term.taken == 1]
        if term.field == "tag" and term.taken >= _DESCRIBED and not any(map(tag_of, said)):
            said = [term.value]  # "a generator and a discriminator" stand for the kind, whoever has the words
        self._words_ += said
        self._demanded += said if filters else []
        if term.field == "tag":
            self._named += said
            self._concepts.append(term.value)

    def _go_on(self, field: str) -> None:
        """Keeps a negation, or what governs, over a list: "not using RNN or LSTM"."""
        if self._word(self._at) in NOUNS and not self._tokens[self._at].negated:
            self._at += 1
        joint, at = self._joint(self._at)
        if self._denier_was in INSTEAD and at == self._at + 1 and self._raw(self._at) == ",":
            joint = None  # "instead of Adam, SGD"
        again = self._word(at) in _AGAIN and self._raw(at - 1) != ","
        if joint and self._lists_out and again:  # except for GANs and for VAEs
            at += 1
        if joint and self._negated:
            at = self._described(self._whose(at))
        following = (self._negated and self._meant(at)) or self._term(at, self._word(at)) if joint else None
        kind = following[0].field if isinstance(following, tuple) else following.field if following else ""
        listed_out = self._negated and any(self._raw(place) in self._lists_out for place in range(self._at, at))
        if following and (kind == field or not self._negated or listed_out):
            self._joined_by = joint
            self._at = at
        else:
            self._end_clause(0)
