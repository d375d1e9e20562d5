"""What the words of a question find: where they stand, put right, and what they say that scripts are on."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.catalog.database import Catalog
from index.known import topics
from index.known.datasets import ALIASES
from index.ranking import keyword, names, particular
from index.ranking.passing import Passing
from index.ranking.signals import Signals
from index.ranking.snapshot import Snapshot
from index.ranking.subjects import Subjects
from index.understanding import modality
from index.understanding.filters import Filter, Query, QueryError
from index.understanding.query import parse
from index.understanding.spelling import Speller, cut_short, right_word
from index.understanding.vocabulary import tag_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.ranking.keyword import WordIndex
    from index.ranking.postings import Weights

_IDENTIFIER = re.compile(r"\w_\w|[a-z]\d*[A-Z]|\w\.(py|ipynb)\b|\w/\w|\w\(|[A-Za-z]\d+[a-z]\b|\w\.\w+\.?\w*\(?$")
DECLARES = {"class", "def", "function", "method", "import", "py"}
_MOST_WORDS = 5  # of a name
_FEW = 3  # scripts that have a word which may be a slip
_ASIDE = 0.5  # of a word's weight, where it stands in another sense than in the name of a subject: "part of speech"
_MANY_TIMES = 8  # as many scripts have a word as its misspelling


def _denied(filters: Sequence[Filter]) -> list[str]:
    """The plain words that are denied of what scripts say: "exclude mnsit"."""
    denied = (one for one in filters if one.negated and one.field == "text")
    return [item for one in denied for item in one.items if isinstance(item, str) and item.isalnum()]


def _saying(query: str, names: Collection[str]) -> tuple[str, ...]:
    """The words of a question that are one of some names when they are written in one."""
    words = query.lower().split()
    for first, last in combinations(range(len(words) + 1), 2):
        if last - first <= _MOST_WORDS and "".join(re.findall(r"\w", "".join(words[first:last]))) in names:
            return tuple(words[first:last])
    return ()


class Worded:
    """The words of one state of the index, each part made when it is first needed."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder = folder
        self._catalog = catalog
        self._words: WordIndex | None = None
        self._speller: Speller | None = None
        self._subjects: Subjects | None = None
        self._documents: NDArray[np.int64] | None = None
        self.scripts = Snapshot(catalog)
        self.passing = Passing(catalog, self.scripts, self._word_index)

    def close(self) -> None:
        if self._words is not None:
            self._words.close()

    def spelled(self, query: str, understood: Query) -> tuple[str, Query]:
        """The query, as text and as understood, with words that nothing has put right, where a right word is near."""
        bare = len(understood.filters) == 1 and understood.filters[0].field in {"optimizer", "hw", "created"}
        if bare and not understood.filters[0].negated and self.scripts.exactly(query.strip()):  # "adam" means adam.py
            return query, Query(query.strip(), words=(query.strip().lower(),))
        index = self._word_index()
        words = (*understood.words, *_denied(understood.filters))
        if index is None or not words:
            return query, understood
        corrected: dict[str, str] = {}
        text = query
        for word in words:
            if self.scripts.exactly(word) or word in understood.demanded or index.names(word):
                continue
            standing = len(index.word(word))
            ruled = self._speller_of(index).ruled(word)
            if ruled is None and standing and not cut_short(word) and not (word.isalpha() and standing <= _FEW):
                continue
            right = ruled or self._speller_of(index).correct(word, index.beginning)
            # a slip that a script has made as well: what it was to be stands in many more
            if right and (ruled or not standing or cut_short(word) or len(index.word(right)) > _MANY_TIMES * standing):
                corrected[word] = right
                text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", right, text, flags=re.IGNORECASE)
        if not corrected:
            return query, understood
        try:
            return text, replace(parse(text), corrected=tuple(corrected.items()))
        except QueryError:
            return query, understood

    def described(self, query: str, understood: Query) -> Query:
        """The question with what names a data set and a subject as well read as the subject, where no script has a
        trace of the data set: "chest x-ray". What is asked of the field itself stays."""
        if ":" in query:
            return understood
        names = {"".join(topics.key(name)) for meant in particular.spans(query) for one in meant for name in one.names}
        for one in understood.filters:
            if one.field != "dataset" or one.negated or one.op not in {"eq", "in"}:
                continue
            said = _saying(query, names & {alias for item in one.items for alias in ALIASES.get(str(item), ())})
            if said and not self.passing.fitting([one]).any():
                others = tuple(other for other in understood.filters if other != one)
                text = " ".join((understood.text, *said)).strip()
                understood = replace(understood, filters=others, words=(*understood.words, *said), text=text)
        return understood

    def _speller_of(self, index: WordIndex) -> Speller:
        if self._speller is None:
            self._speller = Speller(index.lexicon(), (name for one in particular.every() for name in one.names))
        return self._speller

    def _word(self, index: WordIndex, word: str) -> Weights:
        """Where a word stands, or else its misspelling in the scripts."""
        found = index.word(word)
        slip = None if len(found) else self._speller_of(index).misspelt(word)
        return found if slip is None else index.word(slip)

    def _joined(self, index: WordIndex, words: Sequence[str]) -> dict[str, Weights]:
        """Of neighbours of which one is in no script, where they stand as one: "city names" in `cityname`."""
        found: dict[str, Weights] = {}
        for first, second in pairwise(words):
            if first.isalpha() and second.isalpha() and not all(len(index.word(word)) for word in (first, second)):
                both = index.word(first + second)
                found |= dict.fromkeys((first, second), both) if len(both) else {}
        return found

    def gone(self, query: str) -> tuple[str, ...]:
        """The particular subjects that a question names and that no script has a trace of."""
        return tuple(meant[0].name for meant in self.untraced(query))

    def untraced(self, query: str) -> list[list[particular.Particular]]:
        """The same, each as all that its name may stand for."""
        return [meant for meant in particular.spans(query) if not self._about().traced(meant)]

    def unknown(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words that no script has."""
        index = self._word_index()
        return tuple(word for word in words if index is not None and not len(self._word(index, word)))

    def _word_index(self) -> WordIndex | None:
        if self._words is None and self._catalog.counts()[1]:
            self._words = keyword.opened(self._folder, self._catalog)
        return self._words

    def _by_words(self, query: str, understood: Query, free: list[str]) -> tuple[Signals, dict[str, NDArray[np.bool_]]]:
        scripts, index = self.scripts, self._word_index()
        zeros = np.zeros(len(scripts), dtype=np.float32)
        signals = Signals(zeros, zeros, 0.0, 0.0)
        held: dict[str, NDArray[np.bool_]] = {}
        total = rarity = known = 0.0
        if index is not None and understood.words:
            score, cover = zeros.copy(), zeros.copy()
            named = topics.named(query)
            spoken = self._about().spoken(named)
            supported = {word for word in understood.words if topics.plain(word) in spoken or self._is_of(tag_of(word))}
            joined = self._joined(index, understood.words)
            whole = topics.wholes(query)
            for word in understood.words:
                found = joined.get(word) or self._word(index, word)
                here = self._at(index)[found.documents]
                here, weights = here[here >= 0], found.weights[here >= 0]
                part = np.ones(len(here), dtype=np.float32)
                if (subject := whole.get(topics.plain(word))) and (on := self._about().share(subject) > 0).any():
                    part = np.where(on[here], part, np.float32(_ASIDE))
                    weights = weights * part
                score[here] += weights
                held[word] = np.zeros(len(scripts), dtype=bool)
                held[word][here] = True
                rarity += found.rarity
                if word in free:
                    cover[here] += np.float32(found.rarity) * part
                    total += found.rarity
                    known += found.rarity if len(found) or word in supported else 0.0
            signals = Signals(score, cover / np.float32(total or 1.0), rarity, known / total if total else 1.0)
            if not free:
                signals.cover = np.ones(len(scripts), dtype=np.float32)
            signals.topics = [self._about().share(name) for name in named]
            signals.gone = bool(self.gone(query)) or not (understood.filters or self._says_anything(free, held))
        signals.concepts = [self._has(name) for name in understood.concepts]
        signals.kinds = [self.scripts.on(kind) for kind in modality.named(understood.words)]
        signals.components = [self.passing.fitting([Filter("uses", "eq", name)]) for name in understood.components]
        if understood.words:
            signals.named = scripts.called(understood.words)
        bare = [word for word in query.split() if word.lower() not in DECLARES]
        signals.identifier = bool(free) and len(bare) <= 3 and self._is_name(query, held)
        if signals.identifier and index is not None:
            having = set[int]().union(*(index.having(word) for word in free if _IDENTIFIER.search(word)))
            signals.exact = scripts.mask(having) if having else None
        return signals, held

    @staticmethod
    def _says_anything(words: Sequence[str], held: dict[str, NDArray[np.bool_]]) -> bool:
        """Whether one of some words is a word, of a script or of the language: nothing is near in meaning to others."""
        spoken = [part for word in words for part in re.findall(r"[^\W\d_]+", word)]
        return not words or any(held[word].any() for word in words) or any(map(right_word, spoken))

    def _is_name(self, query: str, held: dict[str, NDArray[np.bool_]]) -> bool:
        """Whether a query looks like the name of something in the code, and not like one that no script has; what is
        asked for as a class or function is one in any case."""
        name = names.said(query)
        if name and not name.islower() and query.split()[0].lower() in {"class", "def"}:
            return True
        named = [word.lower() for word in re.findall(r"\w+", query) if _IDENTIFIER.search(word)]
        unknown = [word for word in named if word in held and not held[word].any()]
        return bool(_IDENTIFIER.search(query)) and (not unknown or len(unknown) < len(named))

    def _about(self) -> Subjects:
        if self._subjects is None:
            index = self._word_index()
            self._subjects = Subjects(len(self.scripts), index, None if index is None else self._at(index))
        return self._subjects

    def _is_of(self, tag: str | None) -> bool:
        """Whether any script is of a kind that a word names: "u-shaped"."""
        return tag is not None and bool(self._has(tag).any())

    def _has(self, tag: str) -> NDArray[np.bool_]:
        return self.scripts.tag(tag)

    def _at(self, index: WordIndex) -> NDArray[np.int64]:
        """Document of the word index → place of the script."""
        if self._documents is None:
            self._documents = self.scripts.places(index.scripts)
        return self._documents
