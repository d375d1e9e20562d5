"""What Whoosh keeps of a text, and how it writes it: its own format, without what costs it most per posting."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from whoosh import formats
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, W3PerDocReader, W3Segment, _lenfield
from whoosh.util.numeric import byte_to_length

from index.ranking.words import terms

_PLACE = 4  # bytes of a position


class Positions(formats.Positions):  # type: ignore[misc]
    """The places of a term in a text that words.terms splits, not an analyzer, which makes an object of every term.

    As an array of integers, where Whoosh pickles a list.
    """

    def word_values(self, value: str, analyzer: object, **_: Any) -> Iterator[tuple[str, int, float, bytes]]:
        places: dict[str, list[int]] = defaultdict(list)
        for term, position in terms(value):
            places[term].append(position)
        for term, found in places.items():
            yield term, len(found), float(len(found)), self.encode(found)

    def encode(self, positions: list[int]) -> bytes:
        return array("I", positions).tobytes()

    def decode_positions(self, data: bytes) -> list[int]:
        return array("I", data).tolist()

    def decode_frequency(self, data: bytes) -> int:
        return len(data) // _PLACE


class Codec(W3Codec):  # type: ignore[misc]
    """Writes what W3Codec writes, and marks it as that."""

    def new_segment(self, storage: object, indexname: str) -> Any:
        return W3Segment(W3Codec(), indexname)

    def per_document_reader(self, storage: object, segment: object) -> Any:
        return _Lengths(storage, segment)


class _Lengths(W3PerDocReader):  # type: ignore[misc]
    """Reads the lengths of a field once, not from the file for each posting."""

    def __init__(self, storage: object, segment: object) -> None:
        super().__init__(storage, segment)
        self._of_field: dict[str, list[int | None]] = {}

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int | None:
        lengths = self._of_field.get(fieldname)
        if lengths is None:
            column = self._cached_reader(_lenfield(fieldname), LENGTHS_COLUMN)
            stored = (column[number] if column else None for number in range(self._doccount))
            lengths = [byte_to_length(byte) if byte else None for byte in stored]
            self._of_field[fieldname] = lengths
        return lengths[docnum]
