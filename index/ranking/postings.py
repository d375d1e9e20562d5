"""Which documents hold a word and how much it weighs there (BM25F), read from Whoosh once and kept as arrays."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]

_KEPT = 4_000_000  # postings in memory, 12 bytes each
_TIEBREAK = 0.1  # of the other fields and forms that a word is found in, beside the best
_SCATTERED = 0.1  # of a name's weight, where its parts stand in one field and the name does not


@dataclass(frozen=True, eq=False)
class Weights:
    """The documents that hold a word, in order, its weight in each, and how rare it is (idf)."""

    documents: Integers
    weights: Floats
    rarity: float

    def __len__(self) -> int:
        return len(self.documents)


class Postings:
    """The postings of an open index; what has been read is kept, the least used forgotten first."""

    def __init__(self, reader: Any, saturation: float, lengths: Mapping[str, float]) -> None:
        self._reader = reader
        self._saturation = saturation
        self._lengths = lengths
        self._count = reader.doc_count_all()
        self._norms: dict[str, Floats] = {}
        self._kept: OrderedDict[object, Weights] = OrderedDict()
        self._size = 0

    def word(
        self, word: str, forms: Mapping[str, float], boosts: Mapping[str, float], pieces: tuple[str, ...]
    ) -> Weights:
        """A word in any of its forms and fields: the best of them counts, the others a little."""
        kept = self._recall(word)
        if kept is not None:
            return kept
        best = np.zeros(self._count, dtype=np.float32)
        total = np.zeros(self._count, dtype=np.float32)
        commonest = 0
        for field, boost in boosts.items():
            found = [(weight, self._term(field, form)) for form, weight in forms.items()]
            if len(pieces) > 1:
                found.append((_SCATTERED, self._together(field, pieces)))
            for weight, term in found:
                if len(term):
                    scaled = term.weights * np.float32(weight * boost)
                    best[term.documents] = np.maximum(best[term.documents], scaled)
                    total[term.documents] += scaled
            commonest = max([commonest, *(len(term) for weight, term in found if weight >= _SCATTERED)])
        documents = np.flatnonzero(best).astype(np.int64)
        weights = (best[documents] * (1 - _TIEBREAK) + total[documents] * _TIEBREAK).astype(np.float32)
        return self._keep(word, Weights(documents, weights, self._rarity(commonest)))

    def _rarity(self, documents: int) -> float:
        return math.log(1 + (self._count - documents + 0.5) / (documents + 0.5))

    def _term(self, field: str, text: str) -> Weights:
        kept = self._recall((field, text))
        if kept is not None:
            return kept
        if (field, text) not in self._reader:
            return self._keep((field, text), Weights(np.empty(0, np.int64), np.empty(0, np.float32), 0.0))
        matcher = self._reader.postings(field, text)
        documents, counts = [], []
        while matcher.is_active():
            documents.append(matcher.id())
            counts.append(matcher.weight())
            matcher.next()
        numbers = np.array(documents, dtype=np.int64)
        times = np.array(counts, dtype=np.float32)
        norms = self._norm(field)[numbers]
        rarity = self._rarity(len(numbers))
        weights = rarity * times * (self._saturation + 1) / (times + self._saturation * norms)
        return self._keep((field, text), Weights(numbers, weights.astype(np.float32), rarity))

    def _together(self, field: str, pieces: tuple[str, ...]) -> Weights:
        """The documents that have all parts of a name in one field."""
        found = [self._term(field, piece) for piece in pieces]
        documents = found[0].documents
        for term in found[1:]:
            documents = np.intersect1d(documents, term.documents, assume_unique=True)
        rarity = self._rarity(len(documents))
        return Weights(documents, np.full(len(documents), rarity, dtype=np.float32), rarity)

    def _norm(self, field: str) -> Floats:
        """How much longer than the average each document's field is, as BM25 holds it against it."""
        if field not in self._norms:
            read = self._reader.doc_field_length
            lengths = np.fromiter((read(number, field) for number in range(self._count)), np.float32, self._count)
            share = np.float32(self._lengths[field])
            self._norms[field] = (1 - share) + share * lengths / max(1.0, float(lengths.mean()))
        return self._norms[field]

    def _recall(self, key: object) -> Weights | None:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def _keep(self, key: object, weights: Weights) -> Weights:
        self._kept[key] = weights
        self._size += len(weights) + 10
        while self._size > _KEPT and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone) + 10
        return weights
