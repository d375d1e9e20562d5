"""Ranks the scripts of one state of the index: which pass, and how well each answers."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.catalog import Catalog
from index.ranking import certain, keyword, names, particular, senses, signals, topics
from index.ranking.called import by_name, compared, pinned_by
from index.ranking.columns import COLUMNS
from index.ranking.passing import Passing
from index.ranking.ranked import Fitting, Ranked, answering, by_columns, count, in_turns
from index.ranking.signals import Signals
from index.ranking.snapshot import Snapshot
from index.ranking.subjects import Subjects
from index.understanding.filters import Aim, Filter, Query, QueryError
from index.understanding.glossary import CONCEPTS
from index.understanding.lexicon import NOUNS
from index.understanding.query import parse
from index.understanding.spelling import Speller, cut_short, right_word
from index.understanding.vocabulary import names_kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.ranking.keyword import WordIndex
    from index.ranking.mind import Mind
    from index.ranking.postings import Floats, Integers, Weights
    from index.ranking.vectors import MeaningIndex

_IDENTIFIER = re.compile(r"\w_\w|[a-z]\d*[A-Z]|\w\.(py|ipynb)\b|\w/\w|\w\(|[A-Za-z]\d+[a-z]\b|\w\.\w+\.?\w*\(?$")
_DECLARES = {"class", "def", "function", "method", "import", "py"}
_FEW, _FEW_SHARE = 3, 0.05  # scripts that have a word which is rare among all
_MANY_TIMES = 8  # as many scripts have a word as its misspelling
_FEW_LEFT = 5  # scripts of a kind that answer fully: with fewer, the others of the kind follow
_LOOKED, _ABSENT = 10, 0.7  # definitions near to a question; what one counts whose subject no script is on
# more than any score: who is trained on what is asked for comes before who only names it, both after what is called so
_CERTAIN, _NAMED = 1.0, 3.0
_OTHERWISE = 0.1  # of a full score: who states something else than what is denied, rather than nothing
_READ = 40  # scripts in which a name is looked for as it is declared


def _without_kinds(side: Query) -> Query:
    """A side of a comparison whose kinds only rank: "the variational graph autoencoder" may be tagged as none."""
    return replace(side, filters=tuple(one for one in side.filters if one.negated or one.field != "tag"))


class Ranker:
    """Everything that is made of one state of the index, each part when it is first needed."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder = folder
        self._catalog = catalog
        self._words: WordIndex | None = None
        self._meaning: MeaningIndex | None = None
        self._speller: Speller | None = None
        self._subjects: Subjects | None = None
        self._documents: NDArray[np.int64] | None = None
        self._passages: NDArray[np.int64] | None = None
        self.scripts = Snapshot(catalog)
        self.passing = Passing(catalog, self.scripts, self._word_index)

    def close(self) -> None:
        if self._words is not None:
            self._words.close()

    @property
    def current(self) -> bool:
        """Whether the words and the vectors on disk are still those in use."""
        words = self._words is None or self._words.current
        return words and (self._meaning is None or self._meaning.current)

    def spelled(self, query: str, understood: Query) -> tuple[str, Query]:
        """The query, as text and as understood, with words that nothing has put right, where a right word is near."""
        bare = len(understood.filters) == 1 and understood.filters[0].field in {"optimizer", "hw", "created"}
        if bare and not understood.filters[0].negated and self.scripts.exactly(query.strip()):  # "adam" means adam.py
            return query, Query(query.strip(), words=(query.strip().lower(),))
        index = self._word_index()
        if index is None or not understood.words:
            return query, understood
        corrected: dict[str, str] = {}
        text = query
        for word in understood.words:
            if self.scripts.exactly(word) or word in understood.demanded or index.names(word):
                continue
            standing = len(index.word(word))
            if standing and not cut_short(word) and not (word.isalpha() and standing <= _FEW):
                continue
            right = self._speller_of(index).correct(word, index.beginning)
            # a slip that a script has made as well: what it was to be stands in many more
            if right and (not standing or cut_short(word) or len(index.word(right)) > _MANY_TIMES * standing):
                corrected[word] = right
                text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", right, text, flags=re.IGNORECASE)
        if not corrected:
            return query, understood
        try:
            return text, replace(parse(text), corrected=tuple(corrected.items()))
        except QueryError:
            return query, understood

    def _speller_of(self, index: WordIndex) -> Speller:
        if self._speller is None:
            self._speller = Speller(index.lexicon())
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
        return tuple(meant[0].name for meant in particular.spans(query) if not self._about().traced(meant))

    def unknown(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words that no script has."""
        index = self._word_index()
        return tuple(word for word in words if index is not None and not len(self._word(index, word)))

    def warm(self, *, meaning: bool) -> None:
        """Makes now what the first questions would wait for."""
        self.gone("")
        if meaning:
            self._meaning_index()
        index = self._word_index()
        if index is not None:
            self._at(index)
            self._speller_of(index)

    def _word_index(self) -> WordIndex | None:
        if self._words is None and self._catalog.counts()[1]:
            self._words = keyword.opened(self._folder, self._catalog)
        return self._words

    def find(
        self, query: str, understood: Query, mind: Mind | None, clock: dict[str, float], most: int
    ) -> tuple[list[tuple[int, Ranked]], int, list[Fitting]]:
        """The best of what a query finds, each with how it was ranked, how many it finds, and which of these answer it,
        or each side of a comparison, and do not only come near; `clock` gathers the milliseconds of words and of
        meaning."""
        sides = understood.sides or (understood,)
        named = compared(self.scripts, understood.sides) or [[]]
        asked = [side.text or query for side in understood.sides] or [understood.said or query]
        ranked = [self._rank(asked[at], side, mind, clock, at, named[at]) for at, side in enumerate(sides)]
        for at, side in enumerate(understood.sides):
            if not len(ranked[at].places) and (softer := _without_kinds(side)) != side:
                ranked[at] = replace(self._rank(asked[at], softer, mind, clock, at, named[at]), loosened=True)
        total = count(ranked)
        if not understood.sort:
            kinds = [() if one.loosened else side.kinds for one, side in zip(ranked, sides, strict=True)]
            fit = [answering(one, self.scripts.of_kinds(of)) for one, of in zip(ranked, kinds, strict=True)]
            return in_turns(ranked, most), total, self._fitting(ranked, fit)
        columns = [(self.scripts.standing(COLUMNS[by.field]), by.descending) for by in understood.sort]
        best = by_columns(in_turns(ranked, total), columns, most)
        return best, total, self._fitting(ranked, [side.places for side in ranked])

    def whole(self, aim: Aim) -> tuple[int, ...]:
        """The ids of the scripts of which a part is asked for."""
        if aim.of is None or aim.kind == "whether":
            return ()
        ids = self.scripts.ids[self.passing.fitting(aim.of)] if aim.of else self.scripts.ids
        return tuple(ids.tolist())

    def _fitting(self, ranked: Sequence[Ranked], fit: Sequence[Integers]) -> list[Fitting]:
        pairs = zip(ranked, fit, strict=True)
        return [Fitting(self.scripts.ids[places], side.loosened, bool(side.called)) for side, places in pairs]

    def _rank(
        self,
        query: str,
        understood: Query,
        mind: Mind | None,
        clock: dict[str, float],
        number: int,
        named: list[int],
    ) -> Ranked:
        """One query, or one side of a comparison; `named` are the places of the scripts that it alone can mean."""
        scripts = self.scripts
        allowed = self.passing.fitting(understood.filters) if understood.filters else None
        name = names.said(query)
        if name and (name != name.lower() or "_" in name) and query.split()[0].lower() in _DECLARES:
            understood = replace(understood, words=(name.lower(),))  # "class" and "nn.Module" are in every script
        free = [word for word in understood.words if word not in understood.demanded]
        started = time.perf_counter()
        found_by, held = self._by_words(query, understood, free)
        for phrase in understood.phrases:  # in quotes: it must be there
            having = scripts.mask(self.passing.containing(phrase))
            allowed = having if allowed is None else allowed & having
        clock["keyword"] += (time.perf_counter() - started) * 1000
        started = time.perf_counter()
        if mind is not None:
            self._by_meaning(query, found_by, understood, mind)
            clock["semantic"] += (time.perf_counter() - started) * 1000
        scores = found_by.scores()
        if free and not understood.concepts and name:
            self._declared(name, found_by.cover, scores)
        scores = np.minimum(
            np.float32(1.0), scores + np.float32(_OTHERWISE) * self.passing.otherwise(understood.filters)
        )
        pinned = pinned_by(scripts, query, understood.words)
        if free or understood.concepts:
            found = found_by.found() if free else np.ones(len(scripts), dtype=bool)
            if allowed is None and not found.any():  # with filters, these say what the words do not
                found = found_by.nearest()
            found[pinned] = True
        else:  # the filters say it all
            found = np.ones(len(scripts), dtype=bool)
        if named:
            pinned = named
            found = np.isin(np.arange(len(scripts)), named)
        if allowed is not None and found_by.gone:
            found &= allowed
        elif allowed is not None:
            answered, found = found, found & allowed
            # "DQN" in a comparison is a kind, and may be a script
            kind = any(certain.of_its_kind(one) and (not named or one.field == "tag") for one in understood.filters)
            if answered.any() and not found.any():  # of those that pass, the nearest
                found = allowed & found_by.near()
            known = len(free) == 1 and bool(held[free[0]].any())
            field = found_by.domain >= found_by.elsewhere
            if not found.any() and certain.enough(
                understood.filters, known=known, unanswered=not answered.any(), of_the_field=field
            ):
                found = allowed  # the filters say what is certain, and the words nothing of other things
            elif kind and np.count_nonzero(found) < _FEW_LEFT and answered.any():
                found = allowed  # "a VAE on IMDB": the kind says most, and the words order what it leaves
            if self._of_another_library(understood, free, held, allowed):
                found = np.zeros(len(scripts), dtype=bool)
        places = np.flatnonzero(found)
        rank = scores[places]
        rank += _CERTAIN * self.passing.certain(understood.filters)[places]
        rank[np.searchsorted(places, [place for place in pinned if found[place]])] += _NAMED
        if len(pinned):
            scores[pinned] = np.maximum(scores[pinned], scores.max(initial=0.0))
        sure = by_name(scripts, understood.words) if understood.concepts else pinned  # "dcgan" may be a kind's name
        called = tuple(place for place in sure if found[place])
        described = bool(free) and not (understood.concepts and names_kinds(free))
        return Ranked(places, rank, found_by, scores, held, number, described, called)

    def _of_another_library(
        self, understood: Query, free: list[str], held: dict[str, NDArray[np.bool_]], allowed: NDArray[np.bool_]
    ) -> bool:
        """Whether all that is asked is a kind and a library, and the scripts of the kind are of others: "diffusion in
        JAX"."""
        library = [one.field for one in understood.filters if not one.negated] == ["framework"]
        if len(understood.filters) > 1 or not (library and free and understood.concepts and names_kinds(free)):
            return False
        told = [held[word] for word in free if word not in NOUNS]
        of_it = np.any([*told, *map(self._has, understood.concepts)], axis=0)
        return bool(of_it.any()) and not (of_it & allowed).any()

    def _declared(self, name: str, cover: Floats, scores: Floats) -> None:
        """Puts the scripts that declare a name before those that use it, and both before those spelled otherwise."""
        having = np.flatnonzero(cover >= 1.0)
        best = having[np.argsort(-scores[having], kind="stable")[:_READ]]
        for place in best:
            script = int(self.scripts.ids[place])
            share = names.declares(self._catalog.source(script), name)
            scores[place] = min(1.0, scores[place] + signals.DECLARED * share)

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
            supported = {word for word in understood.words if topics.plain(word) in spoken}
            joined = self._joined(index, understood.words)
            for word in understood.words:
                found = joined.get(word) or self._word(index, word)
                here = self._at(index)[found.documents]
                here, weights = here[here >= 0], found.weights[here >= 0]
                score[here] += weights
                held[word] = np.zeros(len(scripts), dtype=bool)
                held[word][here] = True
                rarity += found.rarity
                if word in free:
                    cover[here] += np.float32(found.rarity)
                    total += found.rarity
                    known += found.rarity if len(found) or word in supported else 0.0
            signals = Signals(score, cover / np.float32(total or 1.0), rarity, known / total if total else 1.0)
            if not free:
                signals.cover = np.ones(len(scripts), dtype=np.float32)
            signals.topics = [self._about().share(name) for name in named]
            signals.gone = bool(self.gone(query)) or not (understood.filters or self._says_anything(free, held))
            few = max(_FEW, _FEW_SHARE * len(scripts))
            rare = [held[word] for word in free if 0 < np.count_nonzero(held[word]) <= few]
            signals.rare = np.any(rare, axis=0) if rare else None
        signals.concepts = [self._has(name) for name in understood.concepts]
        signals.components = [self.passing.fitting([Filter("uses", "eq", name)]) for name in understood.components]
        if understood.words:
            signals.named = scripts.called(understood.words)
        signals.recalled = understood.recalled
        bare = [word for word in query.split() if word.lower() not in _DECLARES]
        signals.single = len(understood.words) == 1
        signals.identifier = bool(free) and len(bare) <= 3 and self._is_name(query, held)
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

    @property
    def without_meaning(self) -> int:
        """How many scripts have no vector yet; 0 as long as nothing was asked for its meaning."""
        return 0 if self._meaning is None else len(self.scripts) - len(self._meaning.scripts)

    def _by_meaning(self, query: str, signals: Signals, understood: Query, mind: Mind) -> None:
        index, passages = self._meaning_index()
        text = understood.text or query
        # a description is embedded as it was said, too: what says little to a word index may make the sense
        read = [text] if text == query or understood.filters or understood.sort else [text, query]
        vector = mind.model.embed(read).mean(axis=0)
        vector /= max(float(np.linalg.norm(vector)), 1e-6)
        here = passages >= 0
        signals.meaning, signals.project = np.zeros((2, len(self.scripts)), dtype=np.float32)
        near, project = index.similarities(vector)
        signals.meaning[passages[here]] = near[here]
        signals.project[passages[here]] = project[here]
        likeness = mind.senses.likeness(vector)
        signals.domain, signals.elsewhere = self._domain(likeness), mind.senses.elsewhere(vector)
        about = senses.active(likeness)
        signals.likely = [
            (weight, self._has(name))
            for name, weight in about.items()
            if name in CONCEPTS and name not in understood.concepts
        ]
        signals.about = [(weight, self._about().share(name)) for name, weight in about.items() if name in topics.TOPICS]

    def _domain(self, likeness: dict[str, float]) -> float:
        """How near a question is to a subject of the field; to one that no script is on it says less."""
        best = 0.0
        for name, value in sorted(likeness.items(), key=lambda pair: -pair[1])[:_LOOKED]:
            if self._has(name).any() if name in CONCEPTS else self._about().present(name):
                return max(best, value)
            best = max(best, _ABSENT * value)
        return best

    def _about(self) -> Subjects:
        if self._subjects is None:
            index = self._word_index()
            self._subjects = Subjects(len(self.scripts), index, None if index is None else self._at(index))
        return self._subjects

    def _meaning_index(self) -> tuple[MeaningIndex, NDArray[np.int64]]:
        """The vectors, and the place of each script that they speak of."""
        from index.ranking.vectors import MeaningIndex

        if self._meaning is None:
            self._meaning = MeaningIndex(self._folder, self._catalog)
            self._passages = None
        if self._passages is None:
            self._passages = self.scripts.places(self._meaning.scripts)
        return self._meaning, self._passages

    def _has(self, tag: str) -> NDArray[np.bool_]:
        return self.scripts.tag(tag)

    def _at(self, index: WordIndex) -> NDArray[np.int64]:
        """Document of the word index → place of the script."""
        if self._documents is None:
            self._documents = self.scripts.places(index.scripts)
        return self._documents
