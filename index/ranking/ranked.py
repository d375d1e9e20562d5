"""What a ranking found: which scripts, the best of them, and where words and meaning each put one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.ranking.postings import Floats, Integers
from index.ranking.signals import Signals

T = TypeVar("T")
_AS_GOOD = 0.5  # of the best score, and a script is an answer and no mere neighbour


@dataclass(frozen=True)
class Ranked:
    """Places of a snapshot in their order there, and what each is ranked by. `words` says which scripts have each word
    of the query, `scores` how well each script of the snapshot answers."""

    places: Integers
    weights: Floats  # of `places`
    signals: Signals
    scores: Floats
    words: dict[str, NDArray[np.bool_]]
    number: int = 0  # of the side of a comparison
    free: bool = False  # neither filters nor the names of kinds say it all
    called: tuple[int, ...] = ()  # the places of scripts that the question calls by their name, not by a kind's
    loosened: bool = False  # none is of the kind that a side of a comparison asks for: these are of any

    def best(self, most: int) -> Integers:
        """The best places first; ties stay in the order of their paths."""
        places, weights = self.places, self.weights
        if most < len(places):  # those that may be among them, before anything is put in order
            last = np.partition(weights, -most)[-most] if most else np.inf
            places, weights = places[weights >= last], weights[weights >= last]
        return places[np.argsort(-weights, kind="stable")][:most]

    @cached_property
    def shown(self) -> Floats:
        """How well each script answers, as it is told: one that something certain puts before others scores no less
        than these, so that no score rises down the list."""
        before = np.round(self.weights - self.scores[self.places])
        shown, highest = self.scores.copy(), 0.0
        for tier in range(int(before.max(initial=0.0)) + 1):
            here = self.places[before == tier]
            shown[here] = np.maximum(shown[here], highest)
            highest = float(shown[here].max(initial=highest))
        return shown

    def keyword_rank(self, place: int) -> int | None:
        return _rank(self.signals.words, self._by_words, place) if self.held(place) else None

    def semantic_rank(self, place: int) -> int | None:
        near = self.signals.meaning
        return None if near is None else _rank(near, self._by_meaning, place)

    def distance(self, place: int) -> float | None:
        return None if self.signals.meaning is None else max(0.0, 1.0 - float(self.signals.meaning[place]))

    def held(self, place: int) -> list[str]:
        """The words of the query that a script has."""
        return [word for word, held in self.words.items() if held[place]]

    @cached_property
    def _by_words(self) -> Floats:
        return np.sort(self.signals.words)

    @cached_property
    def _by_meaning(self) -> Floats:
        assert self.signals.meaning is not None
        return np.sort(self.signals.meaning)


@dataclass(frozen=True)
class Fitting:
    """The ids of the scripts that answer a question, or a side of a comparison, by their paths; `loosened` where none
    is of the side's kind, `called` where they are what it calls by name."""

    ids: Integers
    loosened: bool = False
    called: bool = False


def _rank(values: Floats, ordered: Floats, place: int) -> int:
    """From 1 for the greatest value; of equal ones the first comes first."""
    first, end = ordered.searchsorted(values[place]), ordered.searchsorted(values[place], "right")
    before = np.count_nonzero(values[:place] == values[place]) if end - first > 1 else 0
    return 1 + len(ordered) - int(end) + int(before)


def in_turns(ranked: Sequence[Ranked], most: int) -> list[tuple[int, Ranked]]:
    """The sides of a comparison in turns: the best of each, then the second best; of one side alone its best."""
    best = [(side, side.best(most).tolist()) for side in ranked]
    if len(best) == 1:
        return [(place, ranked[0]) for place in best[0][1]]
    found: dict[int, Ranked] = {}
    for turn in range(max(len(places) for _, places in best)):
        for side, places in best:
            if turn < len(places):
                found.setdefault(places[turn], side)
    return list(found.items())[:most]


def level(found: Sequence[tuple[int, Ranked]]) -> None:
    """Makes the scores told of the sides of a comparison in turns fall down the list: the best of one side scores no
    less than what comes after it of the other."""
    highest = 0.0
    for place, side in reversed(found):
        side.shown[place] = highest = max(highest, float(side.shown[place]))


def by_columns(found: list[tuple[int, T]], columns: Iterable[tuple[Integers, bool]], most: int) -> list[tuple[int, T]]:
    """Places, with what is known of them, in another order: by the standing of each script in the columns, the first
    before the second, descending or not. What has no standing (-1) comes last."""
    places = np.array([place for place, _ in found], dtype=np.int64)
    order = np.arange(len(found))
    for column, descending in reversed(list(columns)):
        standing = column[places[order]]
        last = np.iinfo(np.int64).max
        order = order[np.argsort(np.where(standing < 0, last, -standing if descending else standing), kind="stable")]
    return [found[at] for at in order[:most]]


def count(ranked: Sequence[Ranked]) -> int:
    """How many scripts were found."""
    if len(ranked) == 1:
        return len(ranked[0].places)
    return len(np.unique(np.concatenate([side.places for side in ranked])))


def answering(side: Ranked, of_kind: NDArray[np.bool_]) -> Integers:
    """The places of the scripts found that answer as a question wants it, and do not only come near: those of the kind
    that it names, and in "how many U-Nets on faces" those that score at least half of what the best does; the very
    scripts that it calls by name, where it does."""
    if side.called:
        return np.array(side.called, dtype=np.int64)
    if not side.free:
        return np.compress(of_kind[side.places], side.places)
    scores = side.scores[side.places]
    return np.compress((scores >= _AS_GOOD * scores.max(initial=0.0)) & of_kind[side.places], side.places)
