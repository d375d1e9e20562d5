"""Ranks the scripts of one state of the index: which pass, and how well each answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.catalog.database import Catalog
from index.known import topics
from index.known.glossary import CONCEPTS
from index.ranking import certain, evidence, names, particular, senses, signals
from index.ranking.called import by_name, compared, pinned_by
from index.ranking.columns import COLUMNS
from index.ranking.ranked import Fitting, Ranked, answering, by_columns, count, in_turns, level
from index.ranking.signals import Signals
from index.ranking.worded import DECLARES, Worded
from index.understanding.filters import Aim, Filter, Query
from index.understanding.lexicon import ADJECTIVES, NOUNS
from index.understanding.vocabulary import names_kinds, names_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.ranking.mind import Mind
    from index.ranking.postings import Floats, Integers
    from index.ranking.vectors import MeaningIndex

_FEW_LEFT = 5  # scripts of a kind that answer fully: with fewer, the others of the kind follow
_LOOKED = 5  # subjects that are near to a question
# more than any score: who is trained on what is asked for comes before who only names it, both after what is called so
_CERTAIN, _NAMED = 1.0, 3.0
_ANSWERS = 2.0  # and both after what the words have to do with: a filter alone leaves others too
_OTHERWISE = 0.1  # of a full score: who states something else than what is denied, rather than nothing
_ON = 0.5  # of a subject, and a script is on it
_READ = 40  # scripts in which a name is looked for as it is declared


def _without_kinds(side: Query) -> Query:
    """A side of a comparison whose kinds only rank: "the variational graph autoencoder" may be tagged as none."""
    return replace(side, filters=tuple(one for one in side.filters if one.negated or one.field != "tag"))


def _of_data(filters: Sequence[Filter]) -> list[Filter]:
    """The filters that ask for a data set."""
    return [one for one in filters if one.field == "dataset" and not one.negated]


class Ranker(Worded):
    """Everything that is made of one state of the index, each part when it is first needed."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        super().__init__(folder, catalog)
        self._meaning: MeaningIndex | None = None
        self._passages: NDArray[np.int64] | None = None
        self._spoken: dict[str, NDArray[np.bool_]] = {}

    @property
    def current(self) -> bool:
        """Whether the words and the vectors on disk are still those in use."""
        words = self._words is None or self._words.current
        return words and (self._meaning is None or self._meaning.current)

    def warm(self, *, meaning: bool) -> None:
        """Makes now what the first questions would wait for."""
        self.gone("")
        if meaning:
            self._meaning_index()
        index = self._word_index()
        if index is not None:
            self._at(index)
            self._speller_of(index)

    def find(
        self, query: str, understood: Query, mind: Mind | None, clock: dict[str, float], most: int
    ) -> tuple[list[tuple[int, Ranked]], int, list[Fitting]]:
        """The best of what a query finds, each with how it was ranked, how many it finds, and which of these answer it,
        or each side of a comparison, and do not only come near; `clock` gathers the milliseconds of words and of
        meaning."""
        sides = understood.sides or (understood,)
        named = compared(self.scripts, understood.sides) or [[]]
        asked = [side.text or query for side in understood.sides] or [understood.said or query]
        gone = not understood.sides and bool(self.gone(query))  # "who is speaking" says more than what is looked for
        several = len(sides) > 1
        ranked = [
            self._rank(asked[at], side, mind, clock, at, named[at], gone=gone, beside=several)
            for at, side in enumerate(sides)
        ]
        for at, side in enumerate(understood.sides):
            if not len(ranked[at].places) and (softer := _without_kinds(side)) != side:
                ranked[at] = replace(
                    self._rank(asked[at], softer, mind, clock, at, named[at], beside=True), loosened=True
                )
        total = count(ranked)
        if not understood.sort:
            kinds = [() if one.loosened else side.kinds for one, side in zip(ranked, sides, strict=True)]
            fit = [
                self._themselves(side.filters, answering(one, self.scripts.of_kinds(of)))
                for one, side, of in zip(ranked, sides, kinds, strict=True)
            ]
            if len(ranked) > 1:
                level(in_turns(ranked, most + len(ranked)))  # whatever follows is of a side's next
            return in_turns(ranked, most), total, self._fitting(ranked, fit)
        columns = [(self.scripts.standing(COLUMNS[by.field]), by.descending) for by in understood.sort]
        best = by_columns(in_turns(ranked, total), columns, most)
        fit = [self._themselves(side.filters, one.places) for one, side in zip(ranked, sides, strict=True)]
        return best, total, self._fitting(ranked, fit)

    def _themselves(self, filters: Sequence[Filter], places: Integers) -> Integers:
        """Of scripts that answer, those that state or name the data asked for, where any does: what they import is
        found beside them, and is none of "how many are trained on MNIST"."""
        sure = self.passing.themselves(_of_data(filters))[places]
        return places[sure] if sure.any() else places

    def whole(self, query: str, aim: Aim) -> tuple[int, ...]:
        """The ids of the scripts of which a part is asked for."""
        if aim.of is None or aim.kind == "whether":
            return ()
        ids = self.scripts.ids[self.fitting(query, aim.of)] if aim.of else self.scripts.ids
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
        *,
        gone: bool = False,
        beside: bool = False,
    ) -> Ranked:
        """One query, or one side `beside` others; `named` are the places of the scripts that it alone can mean."""
        scripts = self.scripts
        allowed = self.fitting(query, understood.filters) if understood.filters else None
        name = names.said(query)
        if name and (name != name.lower() or "_" in name) and query.split()[0].lower() in DECLARES:
            understood = replace(understood, words=(name.lower(),))  # "class" and "nn.Module" are in every script
        free = [word for word in understood.words if word not in understood.demanded]
        started = time.perf_counter()
        found_by, held = self._by_words(query, understood, free)
        found_by.gone |= gone
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
        pinned = named or pinned_by(scripts, query, understood.words)
        if named:
            found = np.isin(np.arange(len(scripts)), named)
        else:
            found = self._found(found_by, pinned, free, understood, filtered=allowed is not None)
        answered = found
        if allowed is not None:
            found = self._passing(found, allowed, found_by, understood, free, held, named=bool(named))
            if not beside and self._only_of_others(query, understood, free, allowed):
                found = np.zeros(len(scripts), dtype=bool)
        places = np.flatnonzero(found)
        rank = scores[places]
        rank += _CERTAIN * self.passing.certain(understood.filters)[places]
        rank += _CERTAIN * self._of_what_is_named(understood, free)[places]
        rank += _ANSWERS * (answered | found_by.near())[places]
        rank[np.searchsorted(places, [place for place in pinned if found[place]])] += _NAMED
        if len(pinned):
            scores[pinned] = np.maximum(scores[pinned], scores.max(initial=0.0))
        sure = by_name(scripts, understood.words) if understood.concepts else pinned  # "dcgan" may be a kind's name
        called = tuple(place for place in sure if found[place])
        described = bool(free) and not (understood.concepts and names_kinds(free))
        return Ranked(places, rank, found_by, scores, held, number, described, called)

    def _found(
        self, found_by: Signals, pinned: list[int], free: list[str], understood: Query, *, filtered: bool
    ) -> NDArray[np.bool_]:
        """Which scripts the words and the meaning of a query find, whatever passes its filters."""
        found = found_by.found() if free else np.ones(len(self.scripts), dtype=bool)
        if not free and not understood.concepts:  # the filters say it all
            return found
        if not filtered and not found.any():  # with filters, these say what the words do not
            if not found_by.gone:  # "noughts and crosses", where all say tic-tac-toe
                found = self._by_another_name(understood.said or understood.text)
            if not found.any():
                found = found_by.nearest()
        found[pinned] = True
        return found

    def _passing(
        self,
        answered: NDArray[np.bool_],
        allowed: NDArray[np.bool_],
        found_by: Signals,
        understood: Query,
        free: list[str],
        held: dict[str, NDArray[np.bool_]],
        *,
        named: bool,
    ) -> NDArray[np.bool_]:
        """Of what passes the filters, what answers; more of it where few or none do and the filters say enough."""
        found = answered & allowed
        if found_by.gone:
            return found
        # "DQN" in a comparison is a kind, and may be a script
        kind = any(certain.of_its_kind(one) and (not named or one.field == "tag") for one in understood.filters)
        if answered.any() and not found.any():  # of those that pass, the nearest
            found = allowed & found_by.near()
        known = len(free) == 1 and bool(held[free[0]].any())
        if not found.any() and certain.enough(
            understood.filters, known=known, unanswered=not answered.any(), of_the_field=found_by.foreign <= 0.0
        ):
            found = allowed  # the filters say what is certain, and the words nothing of other things
        elif kind and np.count_nonzero(found) < _FEW_LEFT and answered.any():
            found = allowed  # "a VAE on IMDB": the kind says most, and the words order what it leaves
        return found

    def fitting(self, query: str, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        """Which scripts pass filters of a query."""
        allowed = self.passing.fitting(filters)
        for asked in _of_data(filters) if ":" in query else ():  # in a field, which what is imported does not state
            stating = self.passing.themselves([asked])
            allowed = allowed & stating if stating.any() else allowed
        return allowed if '"' in query else allowed & self._off(filters)  # what is in quotes is a word and no subject

    def _off(self, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        """Which scripts are on none of the subjects that are denied, by a word or as a kind of data: of "no audio" one
        may say "waveform"."""
        denied = [one for one in filters if one.negated and one.field in {"text", "uses"} and one.op in {"eq", "in"}]
        off = np.ones(len(self.scripts), dtype=bool)
        for subject in topics.wholly(str(item).removesuffix("-data") for one in denied for item in one.items):
            off &= self._about().share(subject) < _ON
        return off

    def _by_another_name(self, query: str) -> NDArray[np.bool_]:
        """The scripts on a particular subject that a question names in other words than they do."""
        found = np.zeros(len(self.scripts), dtype=bool)
        for meant in particular.spans(query):
            found |= self._about().giving_away(meant)
        return found

    def _only_of_others(self, query: str, understood: Query, free: list[str], allowed: NDArray[np.bool_]) -> bool:
        """Whether one library or data set is asked for, and what scripts are on, but none of that one: "diffusion in
        JAX", "GANs on CIFAR-10", "WGAN in PyTorch". What else is of that one answers nothing."""
        asked = [one.field for one in understood.filters if not one.negated]
        if asked not in (["framework"], ["dataset"]):
            return False
        kinds = self._kinds_alone(understood, free) if len(understood.filters) == 1 else []
        if kinds and not any((on & allowed).any() or (saying & allowed).any() for on, saying in kinds):
            return all(on.any() for on, _ in kinds)
        if asked == ["dataset"]:  # the words beside it order what is on the data
            return False
        states = self.scripts.standing("framework") >= 0
        subjects = map(self._about().giving_away, particular.spans(query))
        return any(on.any() and states[on].all() and not (on & allowed).any() for on in subjects)

    def _kinds_alone(self, understood: Query, free: list[str]) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """The scripts of each kind that is asked for, and those that name it; none where words say more than kinds."""
        ways = {kind: (kind.replace("-", " "), *CONCEPTS[kind].names) for kind in understood.concepts}
        said = NOUNS | ADJECTIVES | {word for names in ways.values() for name in names for word in name.split()}
        return [(self._has(kind), self._saying(kind, ways[kind])) for kind in ways] if said.issuperset(free) else []

    def _saying(self, kind: str, ways: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which scripts name a kind, in any of the ways; of those in which another stands the other says enough."""
        if kind not in self._spoken:
            shortest = [way for way in ways if not any(f" {one} " in f" {way} " for one in ways if one != way)]
            self._spoken[kind] = self.scripts.mask(set[int]().union(*map(self.passing.containing, shortest)))
        return self._spoken[kind]

    def _of_what_is_named(self, understood: Query, free: list[str]) -> NDArray[np.bool_]:
        """The scripts that are of the kind which is all that is asked for, or have the part: they come before those
        that only speak of it."""
        if free and understood.concepts and names_kinds(free):
            named = [self._has(name) for name in understood.concepts]
        elif free and understood.components and names_parts(free):
            named = [self.passing.fitting([Filter("uses", "eq", name)]) for name in understood.components]
        else:
            return np.zeros(len(self.scripts), dtype=bool)
        return np.all(named, axis=0)  # type: ignore[no-any-return]

    def _declared(self, name: str, cover: Floats, scores: Floats) -> None:
        """Puts the scripts that declare a name before those that use it, and both before those spelled otherwise."""
        having = np.flatnonzero(cover >= 1.0)
        best = having[np.argsort(-scores[having], kind="stable")[:_READ]]
        for place in best:
            script = int(self.scripts.ids[place])
            share = names.declares(self._catalog.source(script), name)
            scores[place] = min(1.0, scores[place] + signals.DECLARED * share)

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
        signals.domain = max(likeness.values())
        nearest = mind.senses.nearest(vector, likeness, _LOOKED)
        signals.foreign = evidence.foreign([(value, self._here(subject)) for value, subject in nearest])
        signals.gone &= not self._means_another(query, nearest[0][1])
        if self._names_what_is_here(query, signals):  # "VAEs" are not the β-VAEs that no script is on
            signals.foreign = min(signals.foreign, 0.0)
        about = senses.active(likeness)
        signals.likely = [
            (weight, self._has(name))
            for name, weight in about.items()
            if name in CONCEPTS and name not in understood.concepts
        ]
        signals.about = [(weight, self._about().share(name)) for name, weight in about.items() if name in topics.TOPICS]

    def _names_what_is_here(self, query: str, signals: Signals) -> bool:
        """Whether a question names a kind, a part or a particular subject that some script is of, has or is on."""
        told = any(part.any() for part in (*signals.concepts, *signals.components))
        return told or any(self._about().traced(meant) for meant in particular.spans(query))

    def _means_another(self, query: str, nearest: str | particular.Particular | None) -> bool:
        """Whether a question that names what no script is on is nearest to what some are on, and is called otherwise:
        "the price of the crypto currency by the hour" is about bitcoin, and not about exchange rates."""
        gone = [one for meant in self.untraced(query) for one in meant]
        name = nearest.name if isinstance(nearest, particular.Particular) else nearest
        called = {spoken.lstrip("~") for one in gone for spoken in one.names}
        return bool(gone) and name not in called and self._here(nearest)

    def _here(self, subject: str | particular.Particular | None) -> bool:
        """Whether any script is on a subject; none is on what has nothing to do with the field."""
        if isinstance(subject, particular.Particular):
            return self._about().traced([subject])
        if subject is None:
            return False
        return bool(self._has(subject).any()) if subject in CONCEPTS else self._about().present(subject)

    def _meaning_index(self) -> tuple[MeaningIndex, NDArray[np.int64]]:
        """The vectors, and the place of each script that they speak of."""
        from index.ranking.vectors import MeaningIndex

        if self._meaning is None:
            self._meaning = MeaningIndex(self._folder, self._catalog)
            self._passages = None
        if self._passages is None:
            self._passages = self.scripts.places(self._meaning.scripts)
        return self._meaning, self._passages
