"""Which scripts a question calls by their name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.ranking.snapshot import Snapshot
from index.understanding.filters import Query

_LIKE_A_NAME = re.compile(r"[\w./\\-]+")
_IS_A_PATH = re.compile(r"\.(py|ipynb)$|\w/\w", re.IGNORECASE)  # with spaces in it, as people call folders


def compared(scripts: Snapshot, sides: Sequence[Query]) -> list[list[int]]:
    """The scripts that each side of a comparison names; none where all ask for kinds.

    "vae" is a kind, and may be a script's name: it is that where another side can only be a script.
    """
    named = [_called(scripts, side.words[0]) if len(side.words) == 1 else [] for side in sides]
    certain = any(found and not side.concepts for found, side in zip(named, sides, strict=True))
    return named if certain else [[] for _ in sides]


def _called(scripts: Snapshot, word: str) -> list[int]:
    """The scripts of this name, else the one of whose name it can only be a part: "latent_diff"."""
    return scripts.exactly(word) or (scripts.partly(word) if "_" in word else [])


def pinned_by(scripts: Snapshot, query: str, words: Sequence[str]) -> list[int]:
    """The scripts that the question names: by their path, or as all that it says."""
    plain = query.strip().strip("\"'`")
    if (_LIKE_A_NAME.fullmatch(plain) or _IS_A_PATH.search(plain)) and (found := scripts.exactly(plain)):
        return found
    parts = plain.split("/")
    for first in range(1, len(parts) - 1):  # where it lies may be called otherwise here: the farther folders go first
        if len(found := scripts.exactly("/".join(parts[first:]))) == 1:
            return found
    return by_name(scripts, words, *(words if len(words) == 1 else ()))


def by_name(scripts: Snapshot, words: Sequence[str], *names: str) -> list[int]:
    """The scripts of some names, and of those words that can be nothing else."""
    sure = [word for word in words if "/" in word or "_" in word or word.endswith((".py", ".ipynb"))]
    return sorted({place for word in (*sure, *names) for place in scripts.exactly(word)})
