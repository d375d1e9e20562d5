"""What kind of data a script works on: by the data set where that is a known one, and by the names in its code."""

from __future__ import annotations

import re

from index.facts.evaluation.analysis import Analysis
from index.known.modalities import AMBIGUOUS, KINDS, of_dataset, spoken_for
from index.record import Tag

# how much the names have to say for a kind that the data set is not of: a face in "IMDB", the picture of an ECG
_BESIDE_THE_DATASET = 6.0


def find(analysis: Analysis, dataset: str | None, line: int) -> tuple[Tag, ...]:
    """The kinds of data, each with the line that says so; `line` is that of the data set."""
    spoken = spoken_for(analysis.words, analysis.program.given)
    known = () if spoken and dataset in AMBIGUOUS else of_dataset(dataset)
    tags = []
    for kind in KINDS:
        much, names = spoken.get(kind, (0.0, ()))
        if kind in known:
            tags.append(Tag(kind, line, f"trained on {dataset}"))
        elif names and (not known or much >= _BESIDE_THE_DATASET):
            others = f" and {len(names) - 1} others" if len(names) > 1 else ""
            tags.append(Tag(kind, _first(analysis.source.text, names[0]), f"{names[0]}{others} used", len(names)))
    return tuple(tags)


def _first(text: str, name: str) -> int:
    """The first line that has a name."""
    found = re.search(rf"\b{re.escape(name)}\b", text)
    return text.count("\n", 0, found.start()) + 1 if found else 1
