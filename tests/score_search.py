"""Scores the search on judged queries: `python -m tests.score_search CLONES [SET …]`, `make score-search`.

CLONES holds a clone of every repository that `tests/judged/*.toml` names, as `<owner>+<name>`, at the commit pinned
there. A set is one corpus with its queries: `followed`, `collected`, `public`, `fresh`, `further`, `unseen`, `blind`,
`strangers`, `newcomers`, `latecomers`, `wayfarers`, `travellers`, `voyagers`, `pilgrims`, `settlers`, `nomads`,
`explorers`, `wanderers`, `seafarers`, `mariners`, `pioneers`, `navigators`, `pathfinders`, `homesteaders`, `castaways`,
`drifters`, `ramblers`.
Every second query of a set is held back (`--part`); nothing may be tuned on those. A query is asked as it stands and as
it was reworded.

A label is a pattern of paths: `best` counts 3, `some` 2, `few` 1 towards nDCG@10 with gains 2^grade - 1 (Järvelin and
Kekäläinen 2002). A pattern speaks of the model scripts among its files, a plain path always. `never` are results that
break what the query demands. A file without a label counts 0.
"""

from __future__ import annotations

import argparse
import fnmatch
import math
import statistics
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from index.catalog.database import Catalog
from index.indexing.update import update
from index.ranking import signals
from index.search import QueryError, SearchEngine

JUDGED = Path(__file__).parent / "judged"
SETS = ("followed", "collected", "public", "fresh", "further", "unseen", "blind", "strangers", "newcomers",
        "latecomers", "wayfarers", "travellers", "voyagers", "pilgrims", "settlers", "nomads", "explorers",
        "wanderers", "seafarers", "mariners", "pioneers", "navigators", "pathfinders", "homesteaders",
        "castaways", "drifters", "ramblers")  # fmt: skip
GRADES = {"best": 3, "some": 2, "few": 1}
WEIGHTS = ("WORDS", "IDENTIFIER", "MEANING", "FACTS", "KIND", "LIKELY_FACTS", "TOPIC", "PROJECT", "NAME",
           "DECLARED")  # fmt: skip
DEPTH, SHOWN = 10, 20

Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Judged:
    """One question in three wordings, the first as it was asked; paths are `<repository>/<path>`."""

    kind: str
    asked: tuple[str, ...]
    grades: dict[str, int]
    never: frozenset[str]


@dataclass(frozen=True)
class Corpus:
    """An index of a set's repositories, its judged queries, and questions that nothing in it answers."""

    name: str
    index: Path
    queries: tuple[Judged, ...]
    unanswerable: tuple[str, ...]
    paths: dict[str, str]  # of the indexed model scripts: where it lies → `<repository>/<path>`


def load(name: str, clones: Path) -> Corpus:
    """Reads a set and brings its index, kept beside the clones, up to date."""
    document = tomllib.loads((JUDGED / f"{name}.toml").read_text("utf-8"))
    roots: dict[Path, str] = {}
    looked: list[Path] = []
    for short, place in document["repositories"].items():
        pinned, _, folder = place.partition(":")
        repository, _, commit = pinned.partition("@")
        root = (clones / repository.replace("/", "+")).resolve()
        if not root.is_dir():
            sys.exit(f"{root} is missing: git clone https://github.com/{repository} {root}, then check out {commit}")
        head = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
        if head.stdout.strip() != commit:
            print(
                f"{repository} is at {head.stdout.strip()[:10] or 'no commit'}, judged was {commit[:10]}",
                file=sys.stderr,
            )
        roots[root] = short
        looked.append(root / folder)
    index = clones / f".index-{name}"
    update(index, looked)
    with Catalog(index, readonly=True) as catalog:
        paths = {path: _short(Path(path), roots) for _, path in catalog.select("1", [])}
    models = sorted(paths.values())
    queries = []
    for query in document["queries"]:
        grades: dict[str, int] = {}
        for grade, gain in GRADES.items():
            for path in _files(query.get(grade, ()), models):
                grades[path] = max(gain, grades.get(path, 0))
        never = frozenset(_files(query.get("never", ()), models))
        queries.append(Judged(query["kind"], tuple(query["asked"]), grades, never))
    return Corpus(name, index, tuple(queries), tuple(document["unanswerable"]["asked"]), paths)


def _short(path: Path, roots: dict[Path, str]) -> str:
    root = next(root for root in roots if root in path.parents)
    return f"{roots[root]}/{path.relative_to(root)}"


def _files(patterns: Iterable[str], models: list[str]) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        matched = [path for path in models if fnmatch.fnmatchcase(path, pattern)]
        found += matched or ([] if any(sign in pattern for sign in "*?[") else [pattern])
    return found


def ndcg(found: list[str], grades: dict[str, int]) -> float:
    """nDCG at 10 of a list of results."""

    def gained(values: Iterable[int]) -> float:
        return sum((2**value - 1) / math.log2(place + 2) for place, value in enumerate(values))

    best = gained(sorted(grades.values(), reverse=True)[:DEPTH])
    return gained(grades.get(path, 0) for path in found[:DEPTH]) / best if best else math.nan


@dataclass
class Score:
    """What a run over one part of a corpus came to."""

    asked: list[float]
    reworded: list[float]
    kinds: dict[str, list[float]]
    violations: int
    empty: int
    questions: int
    silent: int  # unanswerable questions answered with an empty list
    unanswerable: int


def score(corpus: Corpus, part: str, search: Search, *, tell: bool = False) -> Score:
    """Asks every query of a part in every wording."""
    found = Score([], [], defaultdict(list), 0, 0, 0, 0, 0)
    for number, judged in enumerate(corpus.queries):
        if part != "all" and (part == "held") != bool(number % 2):
            continue
        if not judged.grades:
            print(f"  none of what {judged.asked[0]!r} asks for is listed as a model script", file=sys.stderr)
            continue
        for wording, text in enumerate(judged.asked):
            results = [corpus.paths[path] for path in search(text)]
            value = ndcg(results, judged.grades)
            (found.reworded if wording else found.asked).append(value)
            found.kinds[judged.kind].append(value)
            broken = [path for path in results if path in judged.never]
            found.violations += len(broken)
            found.empty += not results
            found.questions += 1
            if tell and (value < 0.8 or broken):
                print(f"  {value:.2f} {judged.kind:11} {text!r}: {len(results)} found, {len(judged.grades)} labelled,"
                      f" first {results[:3]}" + (f", broken by {broken[:3]}" if broken else ""))  # fmt: skip
    for number, text in enumerate(corpus.unanswerable):
        if part == "all" or (part == "held") == bool(number % 2):
            results = search(text)
            found.unanswerable += 1
            found.silent += not results
            if tell and results:
                print(f"  answered though nothing answers: {text!r}: {corpus.paths[results[0]]}")
    return found


def line(label: str, found: Score) -> str:
    kinds = " ".join(f"{kind} {statistics.fmean(values):.2f}" for kind, values in sorted(found.kinds.items()))
    return (
        f"{label:28} asked {statistics.fmean(found.asked):.3f}  reworded {statistics.fmean(found.reworded):.3f}"
        f"  broken {found.violations}  wrongly empty {found.empty}/{found.questions}"
        f"  unanswerable silent {found.silent}/{found.unanswerable}\n    {kinds}"
    )


def searching(engine: SearchEngine, *, meaning: bool = True) -> Search:
    def search(text: str) -> list[str]:
        try:
            return [result.row.path for result in engine.search(text, SHOWN, meaning=meaning).results]
        except QueryError as error:
            print(f"  not understood: {text!r}: {error.message}")
            return []

    return search


def ablate(corpora: list[Corpus], engines: list[SearchEngine], part: str) -> None:
    """What each weight is worth: the score without it, and with words or meaning as the only signal."""
    kept = {name: getattr(signals, name) for name in WEIGHTS}
    alone = {"words alone": ("WORDS", "IDENTIFIER"), "meaning alone": ("MEANING",),
             "words and meaning": ("WORDS", "IDENTIFIER", "MEANING")}  # fmt: skip
    runs: dict[str, dict[str, float]] = {"everything": {}}
    runs |= {label: {name: 0.0 for name in WEIGHTS if name not in names} for label, names in alone.items()}
    runs |= {f"without {name}": {name: 0.0} for name in WEIGHTS}
    runs |= {f"{name} {factor:g} times": {name: kept[name] * factor} for name in WEIGHTS for factor in (0.5, 2.0)}
    for label, changes in runs.items():
        for name, value in (kept | changes).items():
            setattr(signals, name, value)
        asked, reworded, kinds = [], [], defaultdict(list)
        for corpus, engine in zip(corpora, engines, strict=True):
            found = score(corpus, part, searching(engine))
            asked += found.asked
            reworded += found.reworded
            for kind, values in found.kinds.items():
                kinds[kind] += values
        told = " ".join(f"{kind} {statistics.fmean(values):.2f}" for kind, values in sorted(kinds.items()))
        print(f"{label:24} {statistics.fmean(asked):.3f} {statistics.fmean(reworded):.3f}  {told}", flush=True)
    for name, value in kept.items():
        setattr(signals, name, value)


def main() -> None:
    parser = argparse.ArgumentParser(description="Scores the search on judged queries.")
    parser.add_argument("clones", type=Path)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument("--part", choices=("seen", "held", "all"), default="held")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every query below .8 (never of held ones)")
    parser.add_argument("--ablate", action="store_true")
    given = parser.parse_args()
    corpora = [load(name, given.clones) for name in given.sets]
    engines = [SearchEngine(corpus.index) for corpus in corpora]
    for engine in engines:
        engine.load_model()
    if given.ablate:
        ablate(corpora, engines, given.part)
        return
    for corpus, engine in zip(corpora, engines, strict=True):
        print(line(f"{corpus.name}, {given.part}", score(corpus, given.part, searching(engine), tell=given.verbose)))


if __name__ == "__main__":
    main()
