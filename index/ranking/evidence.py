"""Whether anything here answers a question: what speaks for it is added up, and enough of it is an answer.

Nothing answers that names a particular subject of which no script has a trace (`particular.py`). Of any other question

* how near the nearest script is to it (cosine),
* what share of its words, by rarity, some script has,
* how well the best script scores, as it is ranked, and
* how much nearer it is to a subject that no script is on, or to what lies elsewhere, than to one that some are on.

The weights are a logistic regression, and `python -m tests.fit_evidence CLONES` makes them anew. It is fitted without
any question that is known to have no answer, as the rules have been mended by those: with the questions that have one,
with the same ones asked of an index from which the scripts that answer them were taken, and with everyday ones. So
every judged question that nothing answers is unseen, and a set is scored by what the others were fitted to.
"""

from __future__ import annotations

from collections.abc import Sequence

NAMES = ("near", "known", "best", "foreign")
WEIGHTS = (5.0, 1.1, 7.2, -6.4)
ENOUGH = 2.6


def amount(near: float, known: float, best: float, foreign: float) -> float:
    """How much speaks for there being an answer."""
    return sum(weight * value for weight, value in zip(WEIGHTS, (near, known, best, foreign), strict=True))


def foreign(nearest: Sequence[tuple[float, bool]]) -> float:
    """How much nearer a question is to the nearest of what no script is on than to the nearest that one is on, of the
    subjects it is nearest to, each with its likeness, and whether a script is on it; the nearest first."""
    away = next((likeness for likeness, here in nearest if not here), nearest[-1][0] if nearest else 0.0)
    home = next((likeness for likeness, here in nearest if here), nearest[-1][0] if nearest else 0.0)
    return away - home
