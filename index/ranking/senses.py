"""What a question is about without naming it: its likeness to the definitions of the glossary and of the topics, to the
names of particular subjects, to what people say for any of these, and to what lies elsewhere."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from index.known.glossary import CONCEPTS
from index.known.sayings import sayings
from index.known.topics import TOPICS
from index.ranking import particular
from index.ranking.elsewhere import elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.model import Matrix

# Likeness (cosine) from which a definition speaks of a question, and over which its weight grows to 1. Measured on 215
# judged queries: of 27 that nothing answers none but two came above it.
SPEAKS = 0.45
_GROWS = 0.30
_MOST = 3  # definitions that a question may be about
_NAMES = 5  # of a particular subject, that are read
_FOLDER = "definitions"


class Senses:
    """What is embedded: the definitions, each alone and after its name, what people say for them, the names of
    particular subjects and what people say for these, and what lies elsewhere.

    They are kept in the folder of an index, as they take seconds. `embed` makes those that are missing there, in place
    of a process that loads the model for it.
    """

    def __init__(self, folder: Path, embed: Callable[[list[str]], Matrix] | None = None) -> None:
        import numpy as np

        definitions = {name: concept.definition for name, concept in CONCEPTS.items()}
        definitions |= {name: topic.definition for name, topic in TOPICS.items()}
        self.names = list(definitions)
        told = [
            (at, text)
            for at, (name, definition) in enumerate(definitions.items())
            for text in (definition, f"{name}: {definition}", *sayings().get(name, ()))
        ]
        spoken = [
            (one, text)
            for one in particular.every()
            for text in (*(name.lstrip("~") for name in one.names[:_NAMES] or (one.name,)),
                         *sayings().get(one.name, ()))
        ]  # fmt: skip
        self._of, self._particular = np.array([at for at, _ in told]), [one for one, _ in spoken]
        texts = [*(text for _, text in told), *(text for _, text in spoken), *elsewhere()]
        vectors = _kept(texts, embed or partial(_apart, folder), folder / _FOLDER)
        self._told, self._spoken, self._elsewhere = np.split(vectors, [len(told), len(told) + len(spoken)])

    def likeness(self, vector: Matrix) -> dict[str, float]:
        """Name → cosine similarity of its definition, or of what people say for it, to an embedded question."""
        import numpy as np

        found = np.full(len(self.names), -1.0)
        np.maximum.at(found, self._of, self._told @ vector)
        return dict(zip(self.names, found.tolist(), strict=True))

    def nearest(
        self, vector: Matrix, likeness: dict[str, float], most: int
    ) -> list[tuple[float, str | particular.Particular | None]]:
        """The subjects that an embedded question is nearest to, each once, with its cosine similarity: the name of a
        definition, a particular subject, or None for what has nothing to do with the field. `likeness` is its own."""
        import numpy as np

        near: list[tuple[float, str | particular.Particular | None]] = [
            (value, name) for name, value in likeness.items()
        ]
        near.append((float((self._elsewhere @ vector).max()), None))
        spoken, seen = self._spoken @ vector, set[int]()
        for at in np.argsort(-spoken, kind="stable"):
            if len(seen) == most:
                break
            if id(one := self._particular[at]) not in seen:
                seen.add(id(one))
                near.append((float(spoken[at]), one))
        return sorted(near, key=lambda pair: -pair[0])[:most]


def active(likeness: dict[str, float]) -> dict[str, float]:
    """The few that a question is about, with their weights in (0, 1]."""
    nearest = sorted(likeness.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST]
    return {name: min(1.0, (value - SPEAKS) / _GROWS) for name, value in nearest if value > SPEAKS}


def _apart(folder: Path, texts: list[str]) -> Matrix:
    from index.ranking.embedding import EmbeddingProcess

    with EmbeddingProcess(folder) as model:
        return model.embed(texts)


def _kept(texts: list[str], embed: Callable[[list[str]], Matrix], folder: Path) -> Matrix:
    """The vectors of texts, those that a folder has from there."""
    import numpy as np

    from index.model import WIDTH
    from index.ranking.vectors import VectorStore

    store = VectorStore(folder)
    keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
    rows = store.find(np.array(keys, dtype="S32"))
    missing = np.flatnonzero(rows < 0)
    vectors = np.array(store.matrix[rows]) if len(store.matrix) else np.zeros((len(texts), WIDTH), dtype=np.float32)
    if len(missing):
        vectors[missing] = embed([texts[at] for at in missing])
        with suppress(OSError):  # then they are embedded again next time
            store.append([keys[at] for at in missing], vectors[missing])
    return vectors
