"""Which scripts are on a topic: by how much they have of the words that scripts on it use."""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING

import numpy as np

from index.known import topics
from index.known.words import stem

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from index.ranking.keyword import WordIndex
    from index.ranking.particular import Particular, Sign
    from index.ranking.postings import Floats, Integers

_ONE_SIGN = 3.0  # times its rarity, at most, one word of a topic counts: "mask" in a name is no segmentation yet
_TELLING = 0.6  # of the most signs of a topic that any script has, and it is about the topic
_TRACES = 3  # words of a subject that other scripts may have as well, in one script: a trace of it
_SUPPORTS = 1.5  # times the rarity of a word that no script has: so much of its words, and a script is on a topic


class Subjects:
    """The topics of one state of the index, each read when it is first asked for."""

    def __init__(self, scripts: int, index: WordIndex | None, at: Integers | None) -> None:
        """`at` is the place of the script of each document of the word index, -1 for none."""
        self._scripts = scripts
        self._index = index
        self._at = at
        self._least = 0.0 if index is None else _SUPPORTS * index.word("").rarity
        self._shares: dict[str, tuple[Floats, bool]] = {}
        self._traced: dict[str, bool] = {}

    def share(self, topic: str) -> Floats:
        """How much of a topic's words each script has, from 0 to 1 for one that is about it."""
        return self._read(topic)[0]

    def present(self, topic: str) -> bool:
        """Whether any script is on a topic."""
        return self._read(topic)[1]

    def spoken(self, named: list[str]) -> set[str]:
        """The words that name those of some topics that scripts are on."""
        present = [topic for topic in named if self.present(topic)]
        names = [name for topic in present for name in (topic, *topics.TOPICS[topic].names)]
        return {topics.plain(word) for name in names for word in name.split()}

    def traced(self, meant: Collection[Particular]) -> bool:
        """Whether any script has a trace of one of some particular subjects, which have one name."""
        for one in meant:
            if one.name not in self._traced:
                self._traced[one.name] = self._traces(one)
        return any(self._traced[one.name] for one in meant)

    def giving_away(self, meant: Collection[Particular]) -> NDArray[np.bool_]:
        """The scripts that a sure sign puts on one of some particular subjects."""
        found = np.zeros(self._scripts, dtype=bool)
        for sign in (sign for one in meant for sign in one.signs if sign.sure):
            if self._index is not None and self._at is not None:
                found[self._holding(sign)] = True
        return found

    def _traces(self, one: Particular) -> bool:
        if self._index is None or self._at is None:
            return True
        found = np.zeros(self._scripts, dtype=np.int64)
        for sign in sorted(one.signs, key=lambda sign: not sign.sure):
            here = self._holding(sign)
            if (sign.sure and len(here)) or (sign.short and len(self._holding(sign, called=True))):
                return True
            found[here] += 1
        phrases = {form for sign in one.signs for form in sign.forms if " " in form and sign.sure}
        for phrase in filter(self._together, phrases):
            having = self._index.having(phrase)
            named = self._index.beginning(phrase.replace(" ", "_"))  # age_estimation_model: nothing said in passing
            if len(having) > 1 or named or self._index.having(phrase, told=True):
                return True
            here = self._at[np.isin(self._index.scripts, [*having])]  # one script says it, maybe in passing
            found[here[here >= 0]] += 1
        return bool(found.max(initial=0) >= _TRACES)

    def _holding(self, sign: Sign, *, called: bool = False) -> Integers:
        """The places of the scripts that hold a sign of one word."""
        assert self._index is not None and self._at is not None
        words = [self._index.holding(form, called=called) for form in sign.forms if " " not in form]
        here = self._at[np.unique(np.concatenate(words))] if words else self._at[:0]
        return here[here >= 0]

    def _together(self, phrase: str) -> bool:
        """Whether a document has all words of a phrase, which is told sooner than where they stand."""
        assert self._index is not None
        held = [self._index.holding(word) for word in phrase.split()]
        return bool(len(reduce(partial(np.intersect1d, assume_unique=True), held)))

    def _read(self, topic: str) -> tuple[Floats, bool]:
        if topic not in self._shares:
            found = np.zeros(self._scripts, dtype=np.float32)
            if self._index is not None and self._at is not None:
                kept: dict[str, Floats] = {}  # "mask" and "masks" are one sign
                for sign in topics.TOPICS[topic].signs:
                    held = self._index.word(sign)
                    here = self._at[held.documents]
                    weights = np.minimum(held.weights, np.float32(_ONE_SIGN * held.rarity))
                    one = kept.setdefault(stem(sign), np.zeros_like(found))
                    one[here[here >= 0]] = np.maximum(one[here[here >= 0]], weights[here >= 0])
                found = sum(kept.values(), found)
            most = float(found.max(initial=0.0))
            full = np.float32(max(_TELLING * most, self._least, 1e-6))
            self._shares[topic] = np.minimum(1.0, found / full), most >= self._least
        return self._shares[topic]
