"""How the word index lies on disk: Whoosh's own layout, but for the blocks of postings, which are arrays.

Whoosh pickles a tuple of Python objects for every 128 postings and reads all of it, positions too, for any of it. A
ranking wants the documents of a word and how often it stands in each: here that is two arrays of a block.
"""

from __future__ import annotations

import io
import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import whoosh3
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import OverlayStorage
from whoosh.filedb.structfile import BufferFile

# in which documents a term stands, how often in each, where in one after the other ("I")
Term = tuple[str, memoryview, memoryview, memoryview]
_BLOCK = 4096  # postings: those of most words in a segment
_LITTLE = 512  # bytes: as far as the smallest window of zlib reaches
# bytes that follow, postings, last document, greatest weight, whether it is the last
_HEAD = struct.Struct("<IIIf?")


class Codec(whoosh3.W3Codec):  # type: ignore[misc]
    """Given to Whoosh's writers; an index remembers it."""

    length_stats = False  # the shortest and longest field that a term stands in: nothing asks for them

    def field_writer(self, storage: Any, segment: Any) -> Any:
        return _Fields(self, storage, segment)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, **about: Any) -> Matcher:
        return Matcher(dbfile, *terminfo.extent(), format_, **about)

    def terms_reader(self, storage: Any, segment: Any) -> Any:
        terms = _opened(storage, segment.make_filename(self.TERMS_EXT))
        length = storage.file_length(segment.make_filename(self.TERMS_EXT))
        return whoosh3.W3TermsReader(self, terms, length, _opened(storage, segment.make_filename(self.POSTS_EXT)))


class _Fields(whoosh3.W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, _lengths: object, fields: Iterable[tuple[str, Iterable[Term]]]) -> None:
        """Fields in order, and their terms: Whoosh makes half a dozen calls for each posting."""
        for field, terms in fields:
            self.start_field(field, schema[field])
            for term in terms:
                self._add(*term)
            self.finish_field()

    def _add(self, text: str, documents: memoryview, times: memoryview, positions: memoryview) -> None:
        begin, said = self._postfile.tell(), 0
        blocks = [whoosh3.WHOOSH3_HEADER_MAGIC]
        for first in range(0, len(documents), _BLOCK):
            ids, each = documents[first : first + _BLOCK], times[first : first + _BLOCK]
            last = said + sum(each)
            lengths = array("I", [count * positions.itemsize for count in each])
            data = _packed(b"".join([ids, array("f", each), lengths, positions[said:last]]))
            blocks += [_HEAD.pack(len(data), len(ids), ids[-1], max(each), last == len(positions)), data]
            said = last
        data = b"".join(blocks)
        self._postfile.write(data)
        about = whoosh3.W3TermInfo(said, len(documents), None, 0, max(times), documents[0], documents[-1])
        about.set_extent(begin, len(data))
        self._tindex.add(whoosh3.pack_ushort(self._fieldid) + text.encode(), about.to_bytes())


def _packed(data: bytes) -> bytes:
    """Most words stand in few scripts: of so little, the tables to compress it would be larger than all there is."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 9, 1) if len(data) <= _LITTLE else zlib.compressobj(1)
    return packer.compress(data) + packer.flush()


class Matcher(whoosh3.W3LeafMatcher):  # type: ignore[misc]
    """The postings of a term in one segment."""

    _data: bytes
    _ids: array[int]
    _weights: array[float]
    _values: list[bytes]

    def blocks(self) -> list[tuple[array[int], array[float]]]:
        """Documents and weights, from the block it stands at to the last."""
        found = []
        while self.is_active():
            self._read_ids()
            self._read_weights()
            found.append((self._ids, self._weights))
            self._next_block()
        return found

    def places(self) -> Iterator[NDArray[np.int64]]:
        """Where the term stands, block by block: the document in the upper half of a number, the place in the lower."""
        while self.is_active():
            documents, lengths = (np.frombuffer(self._part("I", at), np.uint32).astype(np.int64) for at in (0, 2))
            places = np.frombuffer(self._data, np.uint32, offset=12 * self._blocklength)
            yield (np.repeat(documents, lengths // places.itemsize) << 32) + places
            self._next_block()

    def _read_header(self) -> None:
        self._baseoffset = self._startoffset + len(whoosh3.WHOOSH3_HEADER_MAGIC)
        if self._postfile.get(self._startoffset, len(whoosh3.WHOOSH3_HEADER_MAGIC)) != whoosh3.WHOOSH3_HEADER_MAGIC:
            raise ValueError(f"no postings at {self._startoffset}")

    def _goto(self, position: int) -> None:
        # each is read when it is asked for
        self._data = self._ids = self._weights = self._values = None  # type: ignore[assignment]
        self._i = 0
        head = _HEAD.unpack(self._postfile.get(position, _HEAD.size))
        size, self._blocklength, self._maxid, self._maxweight, self._lastblock = head
        self._dataoffset = position + _HEAD.size
        self._nextoffset = self._dataoffset + size

    def _part(self, kind: str, place: int) -> Any:
        """One of the arrays of a block: documents, weights, lengths of the values."""
        if self._data is None:
            self._data = zlib.decompress(self._postfile.get(self._dataoffset, self._nextoffset - self._dataoffset))
        found: array[Any] = array(kind)
        size = self._blocklength * found.itemsize
        found.frombytes(self._data[place * size : (place + 1) * size])
        return found

    def _read_ids(self) -> None:
        self._ids = self._part("I", 0)

    def _read_weights(self) -> None:
        self._weights = self._part("f", 1)

    def _read_values(self) -> None:
        ends = list(accumulate(self._part("I", 2), initial=12 * self._blocklength))
        self._values = [self._data[start:end] for start, end in pairwise(ends)]

    def skip_to(self, targetid: int) -> None:
        while self.is_active() and targetid > self._maxid:
            self._next_block()
        if self.is_active() and targetid > self.id():
            self._i = bisect_left(self._ids, targetid, self._i)


def loaded(column: Any) -> NDArray[Any]:
    """A column of numbers, all at once: Whoosh unpacks one after another."""
    kind = np.dtype(column._typecode).newbyteorder(">")
    found = np.full(column._doccount, column._default, dtype=kind)
    count = min(column._count, len(found))  # the last ones are left out where they are the default
    found[:count] = np.frombuffer(column._dbfile.get(column._basepos, count * kind.itemsize), dtype=kind)
    return found.astype(kind.newbyteorder("="))


def _opened(storage: Any, name: str) -> Any:
    """A file of a segment as it lies in memory, where Whoosh would copy it."""
    whole = storage.a if isinstance(storage, OverlayStorage) else storage
    if not isinstance(whole, CompoundStorage) or whole._source is None:
        return storage.open_file(name)
    offset, length = whole.range(name)
    return _Mapped(memoryview(whole._source)[offset : offset + length], name)


class _Mapped(BufferFile):  # type: ignore[misc]
    """A part of a memory-mapped file."""

    def __init__(self, buffer: memoryview, name: str) -> None:
        super().__init__(b"", name)
        self._buf = buffer
        self.file = io.BufferedReader(_Bytes(buffer))


class _Bytes(io.RawIOBase):
    """Reads a buffer from its beginning to its end, without copying it first."""

    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._buffer)}[whence]
        return self._at

    def readinto(self, into: Any) -> int:
        found = self._buffer[self._at : self._at + len(into)]
        into[: len(found)] = found
        self._at += len(found)
        return len(found)
