"""The plain-English rules for what scripts leave open, or state: no learning rate given, whose dataset is unknown."""

from __future__ import annotations

from index.known.components import NETWORK
from index.known.glossary import WRITTEN_WITH
from index.understanding.devices import Devices
from index.understanding.fields import STATED
from index.understanding.figures import NUMBER_FIELDS
from index.understanding.filters import Filter, either, stated
from index.understanding.lexicon import ARTICLES

_NAMED = {
    ("dataset",): "dataset", ("data", "set"): "dataset", ("datasets",): "dataset",
    ("optimizer",): "optimizer", ("optimiser",): "optimizer", ("framework",): "framework", ("hardware",): "hw",
    ("device",): "hw", ("architecture",): "arch", ("epochs",): "epochs", ("number", "of", "epochs"): "epochs",
}  # fmt: skip
_WITHOUT = {"no", "without", "lacking", "lacks", "lack", "missing", "w/o", "sans"}
_CLEAR = {*ARTICLES, "known", "stated", "explicit", "given", "specified"}
_GIVEN = {"stated", "given", "set", "specified", "known", "named", "mentioned", "declared", "told", "identified",
          "found", "recorded"}  # fmt: skip
_LEFT_OPEN = {"unknown", "unstated", "unspecified", "undefined", "unnamed", "undeclared"}
_WITHOUT_OR_OPEN = _WITHOUT | _LEFT_OPEN
_BEGINS = {name[0] for name in (*_NAMED, *NUMBER_FIELDS)}  # of what may be named
_NOTHING = {"missing", "n/a", "na", "absent", "none"}
_STATE = {"state", "states", "stating", "give", "gives", "name", "names", "specify", "specifies", "mention", "mentions",
          "declare", "declares", "say", "says", "tell", "tells", "reveal", "reveals"}  # fmt: skip
_NEVER = {"doesn't", "don't", "doesnt", "dont", "not", "never", "didn't", "isn't", "aren't", "cannot", "can't"}
_WHO = {"that", "which", "who", "ones", "scripts", "models"}
_LEARNED = {"trained", "train", "trains", "learned", "learnt", "learn", "learns", "fitted"}
_OF_IT = {"it", "they", "uses", "use", "used", "is", "are", "was", "were", "trained", "on"}
_LEAVE, _LOOPS = {"leave", "leaves", "leaving", "left"}, {"loop", "loops"}
_COUNTED = {"counted", "counting", "reckoned", "seen"}
_CLOSING = {"", ",", ";", "?", ")", "and", "or", "but", "that", "which", "at", "in", "on", "with", "for", "using",
            "from", "please", "anywhere", "whatsoever"}  # fmt: skip
_LOOSE = {"rate", "rates", "batch", "batches"}
_IS = {"is", "are", "was", "were", "be", "been", "being", "left", ":", "remains"}
_WHICH = {"which", "what", "its", "their", "his", "any", "how", "big", *ARTICLES}
# before "library": none of these kinds
_KINDS = {"deep", "learning", "machine", "ml", "dl", "ready-made", "external", "third-party", "neural", "network",
          "big", "fancy", "high-level", "autograd", "other", "any", "a", "an", "such", "special", "real"}  # fmt: skip
_OTHER = {"but", "except", "other", "besides", "than"}
_LIBRARY = {"framework", "frameworks", "library", "libraries", "toolkit", "toolkits", "dependencies"}
_CLASSICAL = {"classical", "classic", "traditional", "conventional", "shallow", "old-school"}
_NETS = {"deep", "net", "nets", "network", "networks"}
# what learns values one by one where it is said to be tabular; tabular data is something else
_LEARNS_BY_TABLE = {"q-learning", "qlearning", "q", "sarsa", "rl", "reinforcement", "agent", "agents", "td", "policy",
                    "policies", "value", "methods", "learner", "learners"}  # fmt: skip
_OF_A_TABLE = 8  # words that say what is in it
_VALUES = {"value", "values", "q-value", "q-values", "returns", "estimates"}
_STATES = {"state", "states", "situation", "situations", "position", "positions"}
_MACHINE_LEARNING = {("machine", "learning"), ("machine-learning",), ("ml",), ("learners",)}
_BARE = {"plain", "pure", "bare", "vanilla", "raw", "just", "only", "simple", "native"}
_WITHOUT_NETWORK = Filter("uses", "eq", NETWORK, True)
# what is written by hand
_BY_HAND = either(Filter("framework", "eq", "NumPy"), stated("framework", negated=True))


class Stating(Devices):
    """Reads statements about what is stated at all."""

    def _stated(self) -> bool:
        """no learning rate stated · whose dataset is unknown · they don't say which optimizer · framework: n/a"""
        written = self._by_hand() or self._plain_framework() or self._no_network()
        return self._left_to() or written or self._left_open() or self._said_of()

    def _left_to(self) -> bool:
        """leave the training loop to Lightning · the loop is left to a Lightning Trainer · counted from today: what is
        said around a framework or a date, and is looked for in no script"""
        at, word = self._at, self._word(self._at)
        if word in _LEAVE:
            at += 1 + (self._word(at + 1) in ARTICLES)
            at += self._word(at) in {"training", "train"}
            at += 1 if self._word(at) in _LOOPS else len(self._tokens)
        elif word in _LOOPS and self._word(at + 1) in _IS and self._word(at + 2) in _LEAVE:
            at += 3
        elif word in _COUNTED and self._word(at + 1) == "from":
            today = {"today", "now", str(self._today.year)}
            self._at += 3 if self._word(at + 2) in today else 0
            return self._at > at
        else:
            return False
        at += 1
        at += self._word(at) in ARTICLES
        term = self.term(at) if self._word(at - 1) in {"to", *ARTICLES} else None
        if term is None or term.field != "framework":
            return False
        self._at = at
        return True

    def _by_hand(self) -> bool:
        """no framework · without any deep learning library · in plain Python"""
        at, states = self._at, self._word(self._at - 1) in _STATE
        if self._word(at) in {"no", "without", "w/o", "sans"} or (self._negated and self._denier is not None):
            at += self._word(at) in {"no", "without", "w/o", "sans"}
            while self._word(at) in _KINDS:
                at += 1
            if self._word(at) in _LIBRARY and self._word(at + 1) not in _GIVEN | _OTHER and not states:
                return self._open(_BY_HAND, at + 1)
        if self._word(at) == "framework-free":
            return self._open(_BY_HAND, at + 1)
        if self._word(at) in _BARE and self._word(at + 1) == "python" and not self._negated:
            return self._open(_BY_HAND, at + 2)
        at += self._word(at) in _BARE and self._word(at + 1) == "numpy"
        if self._word(at) in {"numpy", "numpy-only"} and not self._negated and self._numpy_alone(at):
            self._words_.append("numpy")
            return self._open(_BY_HAND, at + 1 + (self._word(at + 1) == "only"))
        return False

    def _numpy_alone(self, at: int) -> bool:
        """Whether scripts are said to be in NumPy, "in plain NumPy", "NumPy only", and no framework beside it."""
        said = self._word(at - 1) in {"in", "with", "using", "", *_BARE} or self._word(at + 1) in {"only", ""}
        terms = (self.term(place) for place in range(len(self._tokens)))
        return said and not any(term and term.field == "framework" for term in terms)

    def _plain_framework(self) -> bool:
        """vanilla PyTorch: without what is written with it, as Lightning is"""
        adjective = self._word(self._at)
        bare = adjective in _BARE - {"just", "only", "simple"}
        term = self.term(self._at + 1) if bare or adjective in _CLASSICAL else None
        if term is None or term.field != "framework" or self._negated:
            return False
        if not bare:  # which says nothing of it
            self._at += 1
            return True
        chosen = Filter("framework", "eq", term.value)
        heirs = [name for name, bases in WRITTEN_WITH.items() if term.value in bases]
        for condition in (chosen, *(Filter("framework", "eq", name, True) for name in heirs)):
            self._joined_by = None
            self._add(condition)
        self._end_clause(1 + term.taken)
        return True

    def _no_network(self) -> bool:
        """classical machine learning · nothing deep · no network at all · tabular Q-learning"""
        at = self._at
        if self._word(at) in _CLASSICAL and not self._negated:
            phrase = self._one_of(_MACHINE_LEARNING, at + 1, 2)
            return phrase is not None and self._open(_WITHOUT_NETWORK, at + 1 + len(phrase))
        if self._by_table(at) and not self._negated:
            self._words_.append(self._word(at))
            return self._open(_WITHOUT_NETWORK, at + 1)
        denied = self._negated or self._tokens[at].negated
        deep = denied and self._word(at) in _NETS and self._raw(at + 1) in _CLOSING
        return deep and self._open(_WITHOUT_NETWORK, at + 1)

    def _by_table(self, at: int) -> bool:
        """Whether values are said to be learned one by one: tabular Q-learning, a table with a value for every state"""
        if self._word(at) == "tabular":
            return self._word(at + 1) in _LEARNS_BY_TABLE
        following = {*self._words(at + 1, _OF_A_TABLE)}
        return self._word(at) in {"table", "tables"} and bool(following & _VALUES) and bool(following & _STATES)

    def _field_named(self, at: int) -> tuple[str, int] | None:
        """(field, the place after it) of what a script may state, whose name stands at a place"""
        if phrase := self._one_of(_NAMED, at, 3):
            return _NAMED[phrase], at + len(phrase)
        number = self._number_field(at)
        plain = number and number[0] in STATED and (number[1] > 1 or self._word(at) not in _LOOSE)
        return (number[0], at + number[1]) if number and plain else None

    def _left_open(self) -> bool:
        """no learning rate [given] · unknown dataset · dataset not stated · lr: n/a"""
        lacking = self._word(self._at) in _WITHOUT_OR_OPEN
        if not lacking and self._word(self._at) not in _BEGINS:
            return False
        first = self._at + lacking
        while lacking and self._word(first) in _CLEAR:
            first += 1
        number = self._number_field(first) if lacking else None
        if (
            number
            and self._raw(first + number[1]) in _CLOSING
            and any(one.field == number[0] and not one.negated for one in self._filters)
        ):
            self._at = first + number[1]  # "after each example, no mini-batches": how many there are was said
            self._end_clause(0)
            return True
        named = self._field_named(first)
        if named is None:
            return False
        field, end = named
        told = end
        while self._word(told) in _IS or self._raw(told) == "(":
            told += 1
        if lacking:
            given = self._word(told) in _GIVEN
            other = self._word(end) in _OTHER and self.term(end + 1) is not None  # no optimizer but Adam
            closed = self._raw(end) in _CLOSING and not other and self._amount(self._value_of(end)) is None
            if (
                (given or closed)
                and self._word(self._at - 1) in _STATE
                and self._words_[-1:] == [self._word(self._at - 1)]
            ):
                self._words_.pop()  # that state no dataset
            return (given or closed) and self._open(stated(field, negated=True), told + 1 if given else end)
        if self._negated:
            return False
        if self._word(told) in _LEFT_OPEN | _NOTHING:
            return self._open(stated(field, negated=True), told + 1)
        if self._word(told) in _NEVER and self._word(told + 1) in _GIVEN:
            return self._open(stated(field, negated=True), told + 2)
        given = told > end and self._word(told) in _GIVEN and self._amount(self._value_of(told + 1)) is None
        return given and self._open(stated(field), told + 1)

    def _said_of(self) -> bool:
        """they don't say which optimizer · that never name their dataset · which state a rate · with a known dataset"""
        never = self._word(self._at) in _NEVER
        at = self._at + never
        given = not never and self._word(at) in _CLEAR - ARTICLES
        says = self._word(at) in _STATE and (never or self._word(at - 1) in _WHO)
        if not (given or says):
            return False
        at += 1
        while self._word(at) in _WHICH:
            at += 1
        named = self._field_named(at) or self._trained_on(at)
        if named is None or self._amount(self._value_of(named[1])) is not None:
            return False
        end = named[1]
        while never and self._word(end) in _OF_IT:
            end += 1
        if self._raw(end) not in _CLOSING:
            return False
        return self._open(stated(named[0], negated=never or self._negated), end)

    def _trained_on(self, at: int) -> tuple[str, int] | None:
        """[what] they are trained on, data they use"""
        end = at
        while self._word(end) in _OF_IT | _LEARNED | {"data", "from"}:
            end += 1
        said = self._words(at, end - at)
        trained = not _LEARNED.isdisjoint(said) and said[-1] in {"on", "from"}
        return ("dataset", end) if trained or said[:1] == ("data",) else None

    def _open(self, condition: Filter, end: int) -> bool:
        self._add(condition)
        self._end_clause(end - self._at)
        return True
