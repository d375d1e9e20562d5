"""Which documents hold a word and how much it weighs there (BM25F), read from Whoosh once and kept as arrays."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, _lenfield
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from index.ranking.codec import Matcher, loaded

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]
Found = TypeVar("Found")

_LENGTH_OF_BYTE = np.array([byte_to_length(byte) if byte else 0 for byte in range(256)], dtype=np.float32)
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
        best = np.zeros(self._count, dtype=np.float32)
        total = np.zeros(self._count, dtype=np.float32)
        commonest = 0
        for field, boost in boosts.items():
            found = [(weight, self.term(field, form)) for form, weight in forms.items()]
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

    def term(self, field: str, text: str) -> Weights:
        """A word as it stands, in one field."""
        kept = self.kept((field, text))
        if kept is not None:
            return kept
        numbers, times = self._read(field, text)
        if not len(numbers):
            return self._keep((field, text), Weights(numbers, times, 0.0))
        norms = self._norm(field)[numbers]
        rarity = self._rarity(len(numbers))
        weights = rarity * times * (self._saturation + 1) / (times + self._saturation * norms)
        return self._keep((field, text), Weights(numbers, weights.astype(np.float32), rarity))

    def _read(self, field: str, text: str) -> tuple[Integers, Floats]:
        """The documents of a term and how often it stands in each."""
        numbers: list[Integers] = [np.empty(0, np.int64)]
        times: list[Floats] = [np.empty(0, np.float32)]
        for leaf, offset in self._reader.leaf_readers():
            for ids, weights in _found(leaf, field, text, Matcher.blocks):
                numbers.append(np.frombuffer(ids, dtype=np.uint32).astype(np.int64) + offset)
                times.append(np.frombuffer(weights, dtype=np.float32))
        return np.concatenate(numbers), np.concatenate(times)

    def phrase(self, field: str, words: Sequence[str]) -> Integers:
        """The documents in a field of which some words stand one after another; "" stands for a place of any."""
        found = [np.empty(0, np.int64)]
        said = [(nth, word) for nth, word in enumerate(words) if word]
        for leaf, offset in self._reader.leaf_readers():
            stands = ((nth, [*_found(leaf, field, word, Matcher.places)]) for nth, word in said)
            begins = [np.concatenate(blocks) - nth for nth, blocks in takewhile(itemgetter(1), stands)]
            if len(begins) == len(said):
                rarest, *others = sorted(begins, key=len)
                for other in others:  # each is in order
                    rarest = rarest[other.take(other.searchsorted(rarest), mode="clip") == rarest]
                found.append(np.unique(rarest >> 32) + offset)
        return np.concatenate(found)

    def _together(self, field: str, pieces: tuple[str, ...]) -> Weights:
        """The documents that have all parts of a name in one field."""
        found = [self.term(field, piece) for piece in pieces]
        documents = found[0].documents
        for term in found[1:]:
            documents = np.intersect1d(documents, term.documents, assume_unique=True)
        rarity = self._rarity(len(documents))
        return Weights(documents, np.full(len(documents), rarity, dtype=np.float32), rarity)

    def _norm(self, field: str) -> Floats:
        """How much longer than the average each document's field is, as BM25 holds it against it."""
        if field not in self._norms:
            kept = [self._lengths_of(leaf, field) for leaf, _ in self._reader.leaf_readers()]
            lengths = np.concatenate(kept) if kept else np.empty(0, np.float32)
            share = np.float32(self._lengths[field])
            self._norms[field] = (1 - share) + share * lengths / max(1.0, float(lengths.mean(dtype=np.float64)))
        return self._norms[field]

    @staticmethod
    def _lengths_of(leaf: Any, field: str) -> Floats:
        """How many words the field of each document of a segment has; Whoosh keeps a byte for each."""
        column = leaf._perdoc._cached_reader(_lenfield(field), LENGTHS_COLUMN)
        if column is None:
            return np.zeros(leaf.doc_count_all(), dtype=np.float32)
        lengths: Floats = _LENGTH_OF_BYTE[loaded(column)]
        return lengths

    def kept(self, key: object) -> Weights | None:
        """What was read before."""
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


def _found(leaf: Any, field: str, term: str, read: Callable[[Matcher], Iterable[Found]]) -> Iterable[Found]:
    """What is read of the postings of a term in one segment, nothing where none is there."""
    try:
        matcher = leaf.postings(field, term)
    except TermNotFound:
        return ()
    return read(getattr(matcher, "child", matcher))  # which leaves out what was deleted; here that has no place
