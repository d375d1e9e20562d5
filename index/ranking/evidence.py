"""Whether anything here answers a question: what speaks for it is added up, and enough of it is an answer.

Nothing answers that names a particular subject of which no script has a trace (`particular.py`). Of any other question

* how near the nearest script is to it (cosine), and half of how near the README of its project is,
* what share of its words, by rarity, some script has,
* how near it is to any definition of the field, and
* how much nearer it is to a subject that no script is on, or to what lies elsewhere, than to one that some are on;
  no nearer where it names a kind, a part or a subject that some have.

The weights are a logistic regression, and `python -m tests.fit_evidence CLONES` makes them anew. It is fitted without
any question that is known to have no answer, as the rules have been mended by those: with the questions that have one,
with the same ones asked of an index from which the scripts that answer them were taken, and with everyday ones. So
every judged question that nothing answers is unseen, and a set is scored by what the others were fitted to. The
regression gives the third a quarter of its weight, as most that was taken is of the field; it and ENOUGH were read off
five sets instead, one of them in no fit, so that less than two in a hundred that have an answer find nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

NAMES = ("near", "known", "field", "foreign")
WEIGHTS = (7.0, 2.0, 4.0, -5.5)
ENOUGH = 4.6
PROJECT = 0.5
_NEARER = 5.0  # that two likenesses differ matters more where they are great: of faint ones neither says much


def amount(near: float, known: float, field: float, foreign: float) -> float:
    """How much speaks for there being an answer."""
    return sum(weight * value for weight, value in zip(WEIGHTS, (near, known, field, foreign), strict=True))


def foreign(nearest: Sequence[tuple[float, bool]]) -> float:
    """How much nearer a question is to what no script is on than to what one is on; `nearest` are the subjects that it
    is nearest to, the nearest first, each with its likeness (cosine), and whether a script is on it."""
    farthest = nearest[-1][0] if nearest else 0.0
    away = next((likeness for likeness, here in nearest if not here), farthest)
    home = next((likeness for likeness, here in nearest if here), farthest)
    return (math.exp(_NEARER * away) - math.exp(_NEARER * home)) / 100
