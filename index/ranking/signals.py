"""What makes a script rank: its words, its meaning, its facts, its subject, its name; and which of them answer at all.

The weights were measured on seven judged sets, 447 questions in three wordings each. There words alone reached an
nDCG@10 of .79 as asked and .79 reworded, meaning alone .73 and .72, both .79 and .79, all of it .88 and .87. Beside
each weight stands what leaving it out cost of these (`--ablate`); half or twice of any gained no more than .001.
PROJECT was measured on eight sets, 561 questions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.ranking import evidence
from index.ranking.postings import Floats

WORDS = 1.0  # .007 and .011, for combinations, comparisons and frameworks .03
IDENTIFIER = 2.0  # words are worth this much more for the name of something in the code: .000 and .000
MEANING = 2.0  # -.005 and .008, for hardware .06, numbers .03
FACTS = 0.5  # is what the question names: .002 and .000
PARTS = 1.0  # is put together of what the question names: .001 and .001, for hardware .03
KIND = (
    0.3  # is on the kind of data that it names: .001 and .001 on eight other sets; on five of them .6 the same, 1 less
)
LIKELY_FACTS = 0.6  # is what a definition near to the question describes: .003 and .001, for descriptions .06
TOPIC = 1.5  # .083 and .075: it carries tasks, hardware, typos and concepts without a tag
PROJECT = 0.2  # of all that speaks of the script itself, what its project's README does: .004 and .001
NAME = 0.6  # .000 and .002
DECLARED = (
    0.5  # where the very name is declared: .000 and .000; of 840 names taken from scripts, those in lower case .016
)
_BESIDE = 0.3  # of everything else, where the name of something in the code is found
_ALL = 0.99
_FULL = 6.0  # times its rarity, a word in a telling field weighs

# with words alone: the share of the question's words, by rarity, that some script has, and that one script should have
_KNOWN, _COVERED = 0.6, 0.5
_HALF = 0.5  # of a topic, and a script is on it
_ALIKE = 0.3  # cosine from which a script answers without having the words
_NEAREST = 0.75  # where none does: of the cosine of the nearest, and a script answers with it
_FAINT = 0.22  # cosine below which known words are there by chance


@dataclass
class Signals:
    """What is known of a question, an array entry a script. `cover` is the share of the words it has, by rarity."""

    words: Floats
    cover: Floats
    rarity: float  # of all words together
    known: float
    meaning: Floats | None = None
    project: Floats | None = None  # likeness of what introduces the project
    concepts: list[NDArray[np.bool_]] = field(default_factory=list)
    components: list[NDArray[np.bool_]] = field(default_factory=list)
    kinds: list[NDArray[np.bool_]] = field(default_factory=list)  # of data
    likely: list[tuple[float, NDArray[np.bool_]]] = field(default_factory=list)
    topics: list[Floats] = field(default_factory=list)  # that the question names
    about: list[tuple[float, Floats]] = field(default_factory=list)  # topics that it may mean, and how surely
    named: Floats | None = None
    identifier: bool = False
    exact: NDArray[np.bool_] | None = None  # the scripts that have such a name itself, and not its parts apart
    domain: float = 0.0  # likeness to the nearest definition of the field
    foreign: float = 0.0  # how much nearer it is to what no script is on than to what one is on
    gone: bool = False  # it names a particular subject that no script has a trace of

    def scores(self) -> Floats:
        """How well each script answers, from 0 to 1."""
        weight = WORDS + (IDENTIFIER if self.identifier else 0.0)
        share = np.minimum(1.0, self.words / (max(self.rarity, 1e-6) * _FULL))
        total = weight * share * (self.cover**2 if self.identifier else self.cover)
        best = weight
        exact = total
        if self.meaning is not None:
            total = total + MEANING * np.maximum(self.meaning, 0.0)
            best += MEANING
        if self.concepts:
            total = total + FACTS * np.mean(self.concepts, axis=0)
            best += FACTS
        if self.components:
            total = total + PARTS * np.mean(self.components, axis=0)
            best += PARTS
        if self.kinds:
            total = total + KIND * np.mean(self.kinds, axis=0)
            best += KIND
        if self.likely:
            total = total + LIKELY_FACTS * np.max([strength * part for strength, part in self.likely], axis=0)
            best += LIKELY_FACTS
        if subjects := self._subjects():
            strengths, topics = zip(*subjects, strict=True)
            weights = [strength * _telling(topic) for strength, topic in subjects]
            total = total + TOPIC * max(strengths) * np.average(topics, axis=0, weights=weights)
            best += TOPIC
        if self.named is not None:
            total = total + NAME * self.named
            best += NAME
        if self.identifier and float(self.cover.max(initial=0.0)) > _ALL:
            total = exact + _BESIDE * (total - exact)  # who has the very name matters most
        elif self.project is not None:
            total = total + best * PROJECT * self.project
            best *= 1 + PROJECT
        scores: Floats = np.clip(total / best, 0.0, 1.0).astype(np.float32)
        return scores

    def _subjects(self) -> list[tuple[float, Floats]]:
        """What it is about: all topics that it names, and as one more the nearest of those it may mean."""
        subjects = [(1.0, topic) for topic in self.topics if topic.any()]
        about = [(strength, topic) for strength, topic in self.about if topic.any()]
        if about:
            most = max(strength for strength, _ in about)
            subjects.append((most, np.max([strength / most * topic for strength, topic in about], axis=0)))
        return subjects

    def found(self) -> NDArray[np.bool_]:
        """The scripts that answer at all; none where there is no evidence that any does, or none has any of it."""
        nothing = np.zeros(len(self.words), dtype=bool)
        if not self._answerable():
            return nothing
        found = self.cover >= _COVERED
        if self.exact is not None:
            found &= self.exact
        if self.meaning is not None and len(self.meaning):
            found |= self.meaning >= max(_ALIKE, 0.6 * float(self.meaning.max()))
        for part in (*self.concepts, *self.components):
            found |= part
        for strength, part in self.likely:
            found |= part if strength > 0.3 else nothing
        for strength, topic in self._subjects():
            found |= topic * strength > 0.4
        if self.named is not None:
            found |= self.named >= 0.5
        if not found.any():  # what a description is faintly like is better than nothing
            for _, part in self.likely:
                found |= part
        return found

    def nearest(self) -> NDArray[np.bool_]:
        """The scripts that are nearest in meaning; none where there is no evidence that any answers."""
        if self.meaning is None or not self._answerable():
            return np.zeros(len(self.words), dtype=bool)
        nearest: NDArray[np.bool_] = self.meaning >= _NEAREST * float(self.meaning.max())
        return nearest

    def near(self) -> NDArray[np.bool_]:
        """The scripts that have anything to do with the question."""
        return (self.cover > 0) | (self.meaning >= _FAINT if self.meaning is not None else False)

    def _answerable(self) -> bool:
        cover = float(self.cover.max(initial=0.0))
        subjects = self._subjects()
        topical = any(strength >= 0.5 for strength, _ in subjects)
        concept = any(part.any() for part in self.concepts)
        if self.identifier:
            return cover > 0
        if self.gone:
            return False
        if self.meaning is None:  # words alone: meaning may join later
            return cover >= _COVERED or concept or (topical and self.known >= _KNOWN)
        near = self.meaning if self.project is None else self.meaning + evidence.PROJECT * self.project
        return evidence.amount(float(near.max(initial=0.0)), self.known, self.domain, self.foreign) >= evidence.ENOUGH


def _telling(topic: Floats) -> float:
    """What a topic tells of a script that has it, squared so that the rare one leads: little where most have it."""
    return math.log1p(len(topic) / (1 + int(np.count_nonzero(topic >= _HALF)))) ** 2
