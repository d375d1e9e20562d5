"""A segment of the word index in the making: words are numbered as they come, and all that is to be done for each place
of each term is done for all of them at once, by numpy, when the segment is written."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from index.known.words import WORD, split
from index.ranking.codec import Codec, Term

Numbers = NDArray[np.uint32]

_FEW, _SEVERAL = 256, 6  # scripts in a segment; segments
_WORD, _PLACE = 600, 40  # bytes of memory that a new word and a place of a term take


class Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's, for texts that are split by index.known.words."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=Codec())
        self.pool = _Pool()

    @property
    def size(self) -> int:
        """How much memory it takes to write what was added, about (bytes)."""
        return _WORD * len(self.pool.words) + _PLACE * self.pool.places

    def add_document(self, stored: dict[str, Any], texts: dict[str, str]) -> None:
        self.perdocwriter.start_doc(self.docnum)
        for field, value in stored.items():
            about = self.schema[field]
            self.perdocwriter.add_field(field, about, value if about.stored else None, 0)
            if about.column_type:
                self.perdocwriter.add_column_value(field, about.column_type, value)
        for field, text in texts.items():
            length = self.pool.put(field, self.docnum, text)
            self.perdocwriter.add_field(field, self.schema[field], None, length)
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1


def merged(writer: Any, segments: list[Any]) -> list[Any]:
    """Merges segments of few scripts once there are several, and returns the others. Whoosh's own rule merges a large
    index of many segments whole, for one script that changed."""
    few = [segment for segment in segments if segment.doc_count() < _FEW]
    if len(few) < _SEVERAL:
        return segments
    for segment in few:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in few]


class _Words(dict[str, int]):
    """Word → its number. What it is split into is found out when it is first met: so many terms of `terms`, each with
    its offset, and so many places that it takes."""

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.parts, self.offsets = array("I"), array("I")
        self.lengths, self.taken = array("I"), array("I")

    def __missing__(self, word: str) -> int:
        found, taken = split(word)
        self.parts.extend([self.term(term) for term, _ in found])
        self.offsets.extend([offset for _, offset in found])
        self.lengths.append(len(found))
        self.taken.append(taken)
        self[word] = number = len(self)
        return number

    def term(self, term: str) -> int:
        """The number of a term."""
        return self.terms.setdefault(term, len(self.terms))


class _Texts:
    """The texts of a field: their words one after another, of which document each, and how many words it has; and the
    places of terms that came from another segment."""

    def __init__(self) -> None:
        self.words, self.documents, self.lengths = array("I"), array("I"), array("I")
        self.merged = array("I"), array("I"), array("I")


class _Pool:
    """What Whoosh's writer asks for the postings."""

    def __init__(self) -> None:
        self.words = _Words()
        self.places = 0
        self._fields: dict[str, _Texts] = defaultdict(_Texts)

    def put(self, field: str, document: int, text: str) -> int:
        """Takes a text; returns how many terms it has."""
        known = self.words
        words = [known[word] for word in WORD.findall(text)]
        if not words:
            return 0
        texts = self._fields[field]
        texts.words.extend(words)
        texts.documents.append(document)
        texts.lengths.append(len(words))
        length = sum([known.lengths[word] for word in words])
        self.places += length
        return length

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Takes a posting of a segment that is merged into this one."""
        field, term, document, _, value = item
        terms, documents, positions = self._fields[field].merged
        before = len(positions)
        positions.frombytes(value)
        length = len(positions) - before
        terms.extend([self.words.term(term.decode())] * length)
        documents.extend([document] * length)
        self.places += length

    def iter_postings(self) -> Iterator[tuple[str, Iterator[Term]]]:
        """Each field with its terms, in order."""
        names = sorted(self.words.terms)
        ranks = np.empty(len(names), np.uint32)
        ranks[[self.words.terms[name] for name in names]] = np.arange(len(names))
        for field, texts in sorted(self._fields.items()):
            yield field, self._terms(texts, names, ranks)

    def cleanup(self) -> None:
        """Whoosh's keeps postings in files, which are to be removed."""

    def _terms(self, texts: _Texts, names: list[str], ranks: Numbers) -> Iterator[Term]:
        terms, documents, positions = self._places(texts)
        terms = ranks[terms]
        order = np.argsort(terms, kind="stable")  # places are in the order of documents and positions
        terms, documents, positions = terms[order], documents[order], positions[order]
        firsts = np.flatnonzero(_begins(terms) | _begins(documents))  # of each term in each document
        times = np.diff(firsts, append=len(terms)).astype(np.uint32)
        terms, documents = terms[firsts], documents[firsts]
        begins = np.flatnonzero(_begins(terms))
        ends = np.append(begins[1:], len(terms))
        lasts = np.append(firsts[begins[1:]], len(positions))
        first = 0
        bounds = (values.tolist() for values in (terms[begins], begins, ends, lasts))
        for term, begin, end, last in zip(*bounds, strict=True):
            yield names[term], documents.data[begin:end], times.data[begin:end], positions.data[first:last]
            first = last

    def _places(self, texts: _Texts) -> tuple[Numbers, Numbers, Numbers]:
        """Each place of each term: term, document, position."""
        known, words = self.words, _numbers(texts.words)
        of_text, of_word = _numbers(texts.lengths), _numbers(known.lengths)
        places = _before(_numbers(known.taken)[words])
        places = places[:-1] - np.repeat(places[_before(of_text)[:-1]], of_text)  # each text begins at 0
        terms = of_word[words]
        parts = np.repeat(_before(of_word)[words] - _before(terms)[:-1], terms) + np.arange(int(terms.sum()))
        documents = np.repeat(_numbers(texts.documents), of_text)
        positions = np.repeat(places, terms) + _numbers(known.offsets)[parts]
        found = _numbers(known.parts)[parts], np.repeat(documents, terms), positions.astype(np.uint32)
        merged = map(_numbers, texts.merged)
        first, second, third = (np.concatenate(both) for both in zip(found, merged, strict=True))
        return first, second, third


def _numbers(values: array[int]) -> Numbers:
    return np.frombuffer(values, np.uint32)


def _before(counts: Numbers) -> NDArray[np.int64]:
    """How many there are before each, and of all."""
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def _begins(values: Numbers) -> NDArray[np.bool_]:
    """Where a value is another than the one before."""
    return np.concatenate([[True], values[1:] != values[:-1]])
