"""Fits the weights that tell whether a question has an answer: `python -m tests.fit_evidence CLONES [SET …]`.

CLONES and the sets are those of `score_search`. A set gives three kinds of questions: those that it answers; the same
ones, asked of its index without the repositories of all that answers them; and the everyday ones of
`judged/everyday.txt`. What is judged to have no answer takes no part in the fit. A set is scored by weights fitted to
the others: how much of each kind is left empty, and of the judged questions that nothing answers, for several amounts
that are enough. At the end stand the weights fitted to all, for `index/ranking/evidence.py`.
"""

from __future__ import annotations

import argparse
import math
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from index.catalog.database import Catalog
from index.ranking import evidence, keyword
from index.ranking.mind import Mind
from index.search import QueryError, SearchEngine
from tests.score_search import JUDGED, SETS, Corpus, load

WEIGHTS = {"answered": 3.0, "taken": 1.0, "everyday": 3.0}  # of a question in the fit
KINDS = (*WEIGHTS, "unanswerable")
_BESIDE = {"compare", "identifier", "path", "vague"}  # kinds that are answered by other scripts, too, or by their names
_FEW = 3  # repositories that are taken at once


@dataclass(frozen=True)
class Asked:
    """A question of a set, what speaks for there being an answer, and whether anything is found where that is enough,
    and where it is not."""

    corpus: str
    kind: str
    features: tuple[float, ...] | None
    enough: bool
    lacking: bool

    @property
    def decided(self) -> bool:
        """Whether it is the evidence that decides."""
        return self.features is not None and self.enough and not self.lacking

    def empty(self, model: LogisticRegression, least: float) -> bool:
        """Whether it finds nothing, by some weights."""
        return not (model.decision_function([self.features])[0] >= least if self.decided else self.enough)


def ask(engine: SearchEngine, corpus: str, kind: str, text: str) -> Asked:
    """Asks a question as if there were evidence enough, and as if there were none."""
    found: list[bool] = []
    seen: list[tuple[float, ...]] = []
    real = evidence.amount
    for forced in (math.inf, -math.inf):

        def taken(near: float, known: float, field: float, foreign: float, forced: float = forced) -> float:
            seen.append((near, known, field, foreign))
            return forced

        evidence.amount = taken
        try:
            found.append(engine.search(text, 1).total > 0)
        except QueryError:
            found.append(False)
        finally:
            evidence.amount = real
    return Asked(corpus, kind, seen[0] if seen else None, found[0], found[1])


@contextmanager
def without(corpus: Corpus, repositories: frozenset[str], mind: Mind) -> Iterator[SearchEngine]:
    """A set's index without some repositories."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "index"
        shutil.copytree(corpus.index, folder)
        with Catalog(folder) as catalog:
            for path, known in catalog.known().items():
                if corpus.paths.get(path, "").split("/")[0] in repositories:
                    catalog.remove(known.id)
            catalog.commit()
            keyword.update(folder, catalog, lambda done, total: None)
        engine = SearchEngine(folder)
        engine.use_model(mind)
        yield engine
        engine.close()


def questions(corpus: Corpus) -> Iterator[Asked]:
    """All of a set, asked."""
    mind = Mind.of(corpus.index)
    engine = SearchEngine(corpus.index)
    engine.use_model(mind)
    grouped = defaultdict[frozenset[str], list[str]](list)
    for judged in corpus.queries:
        if judged.grades:
            yield from (ask(engine, corpus.name, "answered", text) for text in judged.asked)
            repositories = frozenset(path.split("/")[0] for path in judged.grades)
            if judged.kind not in _BESIDE and len(repositories) <= _FEW:
                grouped[repositories] += judged.asked
    everyday = (JUDGED / "everyday.txt").read_text("utf-8").splitlines()
    yield from (ask(engine, corpus.name, "everyday", text) for text in everyday)
    yield from (ask(engine, corpus.name, "unanswerable", text) for text in corpus.unanswerable)
    engine.close()
    for repositories, texts in grouped.items():
        with without(corpus, repositories, mind) as smaller:
            yield from (ask(smaller, corpus.name, "taken", text) for text in texts)


def fitted(rows: list[Asked]) -> LogisticRegression:
    """The weights by which most of some questions are told right."""
    rows = [row for row in rows if row.decided and row.kind in WEIGHTS]
    return LogisticRegression(C=10.0, max_iter=1000).fit(
        [row.features for row in rows],
        [row.kind == "answered" for row in rows],
        sample_weight=[WEIGHTS[row.kind] for row in rows],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Fits the weights that tell whether a question has an answer.")
    parser.add_argument("clones", type=Path)
    parser.add_argument("sets", nargs="*", default=SETS)
    given = parser.parse_args()
    rows = [row for name in given.sets for row in questions(load(name, given.clones))]
    blind = {name: fitted([row for row in rows if row.corpus != name]) for name in given.sets if len(given.sets) > 1}
    for least in np.arange(-3.0, 0.6, 0.25) if blind else ():
        told = []
        for kind in KINDS:
            empty = [row.empty(blind[row.corpus], least) for row in rows if row.kind == kind]
            told.append(f"{kind} {np.mean(empty):.3f}")
        print(f"{least:5.2f} left empty: {'  '.join(told)}")
    model = fitted(rows)
    weights = "  ".join(f"{name} {value:.2f}" for name, value in zip(evidence.NAMES, model.coef_[0], strict=True))
    print(f"weights: {weights}; enough is the amount above and {-model.intercept_[0]:.2f}")


if __name__ == "__main__":
    main()
