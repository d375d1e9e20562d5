"""The plain-English rules for negations: without attention, anything but Adam, leave MNIST out, RNNs are not used."""

from __future__ import annotations

from index.understanding.denied import ANYTHING, DONE_TO, LONGEST, MEANT, TASKS, Denied
from index.understanding.figures import DATE_PREPOSITIONS, DATE_VERBS
from index.understanding.filters import Unclear
from index.understanding.lexicon import (
    ADJECTIVES,
    ARTICLES,
    ASKED_BY_DENIAL,
    DENIED,
    EXCEPTS,
    GOVERNORS,
    HARDLY,
    LISTING,
    LISTS_OUT,
    NEGATED_FILLERS,
    NEGATOR_PHRASES,
    NEGATORS,
    NOT_NEGATING,
    NOUNS,
    OF_THE_MIND,
    OUT,
    PICKS_ONE,
    STOP,
    TAKES_OUT,
    TELLING,
    TELLS_APART,
    USED,
    VERBAL_NEGATORS,
    WANTING,
    WEAK_NEGATORS,
)
from index.understanding.modality import KINDS_OF_DATA
from index.understanding.stating import Stating

# between a negator and what scripts are of: "not about faces", "except those for people"
_OF = {"about", "of", "for", "on"}
_NO = {"no", "none", "false", "off", "never"}
_UNRELATED = {("nothing", "to", "do", "with"), ("unrelated", "to")}
# what says nothing of what follows: both are asked for
_EITHER_WAY = {(first, joint, last) for joint in ("or", "and")
               for first, last in (("with", "without"), ("without", "with"))}  # fmt: skip
_WHO = {"i", "we", "i'm", "we're", "you"}
_USED_FOR = {"for", "on", "to", "with", "in"}
_AFTER_IT = {"want", "need", "wanted", "needed", "mean", "meant", "seek", "like", "looking", "after", "asked", "ask",
             "searching", "search"}  # fmt: skip
_ORDINARY = {*ARTICLES, "plain", "vanilla", "ordinary", "usual", "simple", "standard", "good", "old"}
_PREFER, _FEW_BEFORE = {"prefer", "prefers", "preferred", "favour", "favours", "favor", "favors"}, 4
_WHOSE = {"of", "from", "showing", "with"}  # goes on to say which: "images of faces"
_FEW_SHOWN = 3  # words before "of" a data set: "handwritten digits of MNIST"
_LANGUAGE_MODELS = {("language", "model"), ("language", "models")}  # one way to work on text
_PRONOUNS = {"it", "them", "that", "those", "this", "these", "me", "us", "you"}


class Negations(Stating):
    """Takes what negates, and what stands between it and what it denies."""

    def _negator(self) -> bool:
        at, word = self._at, self._word(self._at)
        if phrase := self._one_of(NOT_NEGATING, at, 3):  # "not only CNN" demands it
            self._governed = phrase[0] in {"not", "nothing", "none"}
            self._at += len(phrase)
            return True
        asks = self._words(at, 2) in ASKED_BY_DENIAL and self._words(at, 3) not in NEGATOR_PHRASES
        if asks and self._word(at - 1) not in {"that", "which", "who", "but", "and"}:
            self._at += 2
            return True
        if self._words(at, 3) in _EITHER_WAY:
            self._at += 3 + (self._word(self._at + 3) in ARTICLES)
            term = self._term(self._at, self._word(self._at))
            self._at += term.taken if term else 0
            return True
        if word in HARDLY:
            self._unclear.append(Unclear(self._tokens[at].text, "negation", self._tokens[at].column))
            self._at += 1
            return True
        phrase = self._one_of(NEGATOR_PHRASES, at, 4) or self._any_but(at)
        told = TELLS_APART.intersection(self._words(max(0, at - 3), min(at, 3)))
        if phrase == ("apart", "from") and told:  # "what sets A apart from B" denies neither
            self._at += 2
            return True
        if phrase == ("with", "no") and self._amount(at + 1) is not None:  # "with no more than 64 epochs"
            return False
        weak = word in WEAK_NEGATORS and self._negated_term(at + 1 + (self._raw(at + 1) == ":")) is not None
        beaten = self._preferred_to(at) and self._negated_term(at + 1) is not None
        if phrase is None and word not in NEGATORS and not weak and not beaten and not self._taken_out(at):
            return False
        end = at + (len(phrase) if phrase else 1)
        wanting = self._word(end) in WANTING and self._negated_term(end) is not None
        if self._word(end) in OF_THE_MIND and not wanting and not self._term(end, self._word(end)):
            self._at = end + 1
            return True
        denied = self._tokens[at]
        # "not without attention" wants it
        self._negated = not (self._negated and self._denier is not None and self._denier.column < denied.column)
        self._governed = self._governed or not self._negated
        self._denier = denied if self._negated else None
        self._denier_was = denied.lower if phrase is None or word not in {"in", "as"} else phrase[-2]
        named = self._negated and self._raw(end) == ":"  # exclude: MNIST, GANs
        lists = denied.lower in LISTS_OUT or self._word(end) in {"both", "either"}
        self._lists_out = frozenset(LISTING if named else LISTING - {","} if lists else ())
        self._at = end + named
        self._skip_fillers()
        self._of_subject = phrase in _UNRELATED or not _OF.isdisjoint(self._words(end, self._at - end))
        self._of_subject = self._of_subject or (self._word(self._at) in TASKS and self._word(self._at - 1) != "to")
        self._past_task()
        if word in VERBAL_NEGATORS - {"no"} and self._unclaimed():  # a verb of any kind: "hasn't met MNIST"
            after = self._at + 1 + (self._word(self._at + 1) in ARTICLES)
            self._at = after if self._term(after, self._word(after)) else self._at
        return True

    def _taken_out(self, at: int) -> bool:
        """Whether "leave MNIST out" stands at a place; of any other word, "leave Dask out of it"."""
        if self._word(at) in {"leave", "keep"} and self._word(at + 2) == "out" and self._word(at + 1) not in _PRONOUNS:
            return True
        term = self._negated_term(at + 1) if self._word(at) in TAKES_OUT else None
        return term is not None and self._word(term) in OUT

    def _preferred_to(self, at: int) -> bool:
        """Whether what stands at a place says that something is wanted rather than what follows: "rather SGD than
        Adam", "I prefer SGD over Adam"."""
        before = self._words(max(0, at - _FEW_BEFORE), min(at, _FEW_BEFORE))
        if self._word(at) == "than":
            return "rather" in before or "sooner" in before
        if self._word(at) == "over" and not PICKS_ONE.isdisjoint(before):  # "took RAdam over plain Adam"
            after = at + 1
            while self._word(after) in _ORDINARY:
                after += 1
            other = self.term(after)
            return other is not None and any(one.field == other.field for one in self._filters[-1:])
        return self._word(at) in {"over", "to"} and not _PREFER.isdisjoint(before)

    def _any_but(self, at: int) -> tuple[str, ...] | None:
        """ "any game but", "another optimizer than", before what is denied."""
        words = self._words(at, 3)
        if words[0] in {"any", "every", "all"} and words[1].isalpha() and words[2] == "but":
            return words
        first = words[0] in {"any", "every", "all", "another", "different", "other"}
        return words if first and words[1] in NOUNS and words[2] in {"than", "from", "to", "besides"} else None

    def _skip_fillers(self) -> None:
        while self._word(self._at) in NEGATED_FILLERS and not self._starts_date():
            if self._number_field(self._at) or self._one_of(NEGATOR_PHRASES, self._at, 4):
                return
            self._at += 1
        self._at = self._whose(self._at)
        self._at = self._described(self._at)

    def _whose(self, at: int) -> int:
        """The place of what is really denied, in "the digits of MNIST" and "pictures of people"; else that place."""
        shown = self._one_of(KINDS_OF_DATA, at, LONGEST)
        of = at + len(shown or ())
        while not shown and of < at + _FEW_SHOWN and self._says_what(of):
            of += 1
        if of == at or self._word(of) not in (_WHOSE if shown else {"of", "from"}):
            return at
        of += 1
        while self._word(of) in ARTICLES:
            of += 1
        term = self._term(of, self._word(of))
        return of if shown or (term is not None and term.field == "dataset") else at

    def _says_what(self, at: int) -> bool:
        """Whether a word stands at a place that may say what is in a data set: "digits", "reviews"."""
        term = self._term(at, self._word(at))
        return self._unclaimed(at) if term is None else term.field == "dataset"

    def _past_task(self) -> None:
        """Goes past a verb that says what is not done, where a name follows it: "do not play Breakout"."""
        at = self._at + 1
        while self._word(at) in NEGATED_FILLERS:
            at += 1
        named = self._unclaimed(at) and self._word(at) not in ANYTHING
        told = self._word(self._at) in DONE_TO and self._kind_of_data(at)  # "that do not classify images"
        if self._word(self._at) in TASKS and not told and (named or self._term(at, self._word(at)) or self._meant(at)):
            self._at = at

    def _described(self, at: int) -> int:
        """The place of the term that an adjective stands before, in "the tiny CIFAR images"; else that place itself."""
        after = at + (self._word(at) in ADJECTIVES)
        return after if after > at and (self._term(after, self._word(after)) or self._meant(after)) else at

    def _meant(self, at: int) -> tuple[Denied, int] | None:
        """What is denied by other words than names at a place, and how many these are."""
        phrase = self._one_of(MEANT, at, LONGEST)
        if (kind := self._kind_of_data(at)) and kind[1] >= len(phrase or ()):
            return kind
        if phrase is None or (phrase[-1] in TELLING and self._denier_was not in EXCEPTS | {"not", "no", "nothing"}):
            return None  # "without people" tells how it learns
        if (term := self._term(at, self._word(at))) and term.taken > len(phrase):
            return None
        return MEANT[phrase], len(phrase)

    def _kind_of_data(self, at: int, *, alone: bool = True) -> tuple[Denied, int] | None:
        """The kind of data that is named at a place, and by how many words; none where these do not stand `alone` and
        say what something else is of, or of what it is: "text conditioning", "images of cats"."""
        phrase = self._one_of(KINDS_OF_DATA, at, LONGEST)
        if phrase is None:
            return None
        end = at + len(phrase)
        if not alone:
            return Denied("uses", (KINDS_OF_DATA[phrase],)), len(phrase)
        described = self._word(end) in _WHOSE or (self._unclaimed(end) and self._word(end) not in ANYTHING)
        described = described or self.term(end) is not None or phrase + self._words(end, 1) in _LANGUAGE_MODELS
        return None if described else (Denied("uses", (KINDS_OF_DATA[phrase],)), len(phrase))

    def _negated_term(self, at: int) -> int | None:
        """The place after the term that a negation would deny, None where none stands."""
        while self._word(at) in NEGATED_FILLERS:
            at += 1
        at = self._described(at)
        if meant := self._meant(at):
            return at + meant[1]
        term = self._term(at, self._word(at))
        return at + term.taken if term else None

    def _starts_date(self) -> bool:
        at = self._at
        verb = self._word(at) in DATE_VERBS
        at += verb
        phrase = self._one_of(DATE_PREPOSITIONS, at)
        return (verb or phrase is not None) and self._span(at + len(phrase or ())) is not None

    def _denied(self, at: int) -> int:
        """The place after "is not used", "excluded" and the like, 0 where none stands."""
        start = at
        at += self._word(at) in {"is", "are", "was", "were", "be", "being", "should", "must"}
        at += self._word(at) in {"be"}
        if self._word(at) in DENIED and (at > start or self._word(at) not in {"out", "missing", "part"}):
            return at + 1
        if self._raw(at) in {"=", "==", ":", "set"} and self._word(at + 1 + (self._word(at + 1) == "to")) in _NO:
            return at + 2 + (self._word(at + 1) == "to")
        if self._word(at) == "off" and self._raw(at + 1) in {"", ",", ";", "and", "but"}:  # dropout off
            return at + 1
        if self._word(at) in {"not", "never", "isn't", "aren't", "wasn't", "weren't", "nowhere"}:
            at += 1
            at += self._word(at) in {"be", "being", "a", "actually", "really"}
            if self._word(at) in USED:
                beyond = self._word(at + 1) in _USED_FOR and self._negated_term(at + 2) is not None
                return 0 if beyond else at + 1  # "U-Nets not used for images" denies the images
            if self._word(at) == "what" and self._word(at + 1) in _WHO:  # not what I am looking for
                at += 2 + (self._word(at + 2) in {"am", "are", "was", "were"})
                return at + 1 + (self._word(at + 1) in {"for", "to", "of"}) if self._word(at) in _AFTER_IT else 0
        elif self._word(at) in {"of", "no"} and self._words(at, 3) == ("of", "no", "interest"):
            return at + 3
        return 0

    def _denied_in_a_list(self, at: int) -> bool:
        """Whether a list goes on at a place, and all of it is denied at its end: "RNNs and GANs are not used"."""
        listed = False
        while self._word(at) in LISTING:
            at += 1 + (self._word(at + 1) in ARTICLES)
            term = self.term(at)
            if term is None:
                return False
            listed, at = True, at + term.taken
            at += self._word(at) in NOUNS
        return listed and self._denied(at) > 0

    def _unclaimed(self, at: int | None = None) -> bool:
        """Whether a word stands here that no rule knows: the next of a phrase as "batch norm"."""
        at = self._at if at is None else at
        word = self._word(at)
        plain = word.replace("-", "").isidentifier() and self._tokens[at].negated is False
        known = word in NOUNS or word in GOVERNORS or word in STOP or word in NEGATORS or word in DATE_VERBS
        claimed = known or self._number_field(at) or self._span(at) or self._term(at, word)
        return plain and not claimed
