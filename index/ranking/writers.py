"""Writes scripts into the word index: few of them here, many in processes of their own, side by side.

    python -P -m index.ranking.writers DESCRIPTOR FOLDER        a writer; the other end of the socket hands it scripts

Whoosh has such writers too (whoosh.multiproc). They live on when their parent is killed, and what one that is killed
was given is left out without a word; here each makes a small index, whose segments are taken over.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import islice
from math import ceil
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index

from index.catalog.database import Catalog, ScriptRow
from index.processes import Process, at_once
from index.ranking.documents import SCHEMA, texts
from index.ranking.segment import Writer, merged

Scripts = dict[int, str]  # their numbers in the catalogue, and what their words are made from

_FEW = 256  # scripts that are written before a process has started
_SEGMENT = 2048  # scripts in a segment: what is lost by an interruption
_MEMORY = 200_000_000  # bytes, at which a segment is written before it has as many
_PART = "part-"  # what folders are called in which processes write


# -- the parent ------------------------------------------------------------------------------------------------------


def add(folder: Path, place: Path, catalog: Catalog, scripts: Scripts, tell: Callable[[int], None]) -> None:
    """Adds scripts to the word index at a place in the folder of the catalogue; `tell` hears how many are done."""
    for left in place.glob(f"{_PART}*"):  # by one that was killed
        shutil.rmtree(left, ignore_errors=True)
    with closing(whoosh_index.open_dir(str(place), schema=SCHEMA)) as index:
        if len(scripts) <= _FEW:
            _write(index, catalog, scripts, tell, merge=True)
        else:
            _side_by_side(folder, place, index, catalog, scripts, tell)


def _side_by_side(
    folder: Path, place: Path, index: Any, catalog: Catalog, scripts: Scripts, tell: Callable[[int], None]
) -> None:
    tell(0)  # before they have started
    todo = deque(_divided(scripts))
    writers = [_Writing(folder) for _ in range(min(at_once(), len(todo)))]
    written = 0
    try:
        while todo or any(writer.scripts for writer in writers):
            for writer in writers:
                if todo and not writer.scripts:
                    writer.give(todo.popleft(), place)
            busy = {writer.connection: writer for writer in writers if writer.scripts}
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                writer = busy[connection]
                segments = writer.answer()
                if segments is not None:
                    _take_over(index, place, writer.part, segments)
                elif writer.ended:  # be it for want of memory
                    _write(index, catalog, writer.scripts, lambda _: None, merge=False)
                    writer.start()
                else:
                    continue
                written += len(writer.scripts)
                writer.rest()
            tell(written + sum(writer.done for writer in writers))
    finally:
        for writer in writers:
            writer.close()
            writer.rest()


class _Writing(Process):
    """A writing process, the scripts that it is at, how many of them are done, and the folder it writes them in."""

    def __init__(self, folder: Path) -> None:
        super().__init__("index.ranking.writers", str(folder))
        self.scripts: Scripts = {}
        self.done = 0
        self.part = Path(os.devnull)

    def give(self, scripts: Scripts, place: Path) -> None:
        self.scripts, self.part = scripts, Path(tempfile.mkdtemp(prefix=_PART, dir=place))
        with suppress(OSError):  # it has ended; that is found out where it is asked for an answer
            self.connection.send((self.part, scripts))

    def answer(self) -> list[Any] | None:
        """The segments that it has written; None where it only tells how far it is, or has ended."""
        try:
            told: int | list[Any] = self.connection.recv()
        except (EOFError, OSError):
            self.close()
            return None
        if isinstance(told, int):
            self.done = told
            return None
        return told

    @property
    def ended(self) -> bool:
        return self.connection.closed

    def rest(self) -> None:
        shutil.rmtree(self.part, ignore_errors=True)
        self.scripts, self.done = {}, 0


def _divided(scripts: Scripts) -> Iterator[Scripts]:
    """As many segments as there are processes; more where they would be too large, fewer where too small."""
    parts = max(ceil(len(scripts) / _SEGMENT), min(at_once(), len(scripts) // (_FEW // 2)))
    items, size = iter(scripts.items()), ceil(len(scripts) / parts)
    while part := dict(islice(items, size)):
        yield part


def _take_over(index: Any, place: Path, part: Path, segments: list[Any]) -> None:
    for segment in segments:
        for file in part.glob(f"{segment.segment_id()}.*"):
            file.rename(place / file.name)
    writer = Writer(index)
    writer.segments += segments
    writer.commit(merge=False)


# -- a writer --------------------------------------------------------------------------------------------------------


def serve(connection: Connection, folder: Path) -> None:
    """Answers the scripts it is handed with the segments that have them, and how many are done on the way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its writers
    with suppress(EOFError, OSError), Catalog(folder, readonly=True) as catalog:
        while True:
            part, scripts = connection.recv()
            with closing(whoosh_index.create_in(str(part), SCHEMA)) as index:
                _write(index, catalog, scripts, connection.send, merge=False)
                connection.send(index._segments())


def _write(index: Any, catalog: Catalog, scripts: Scripts, tell: Callable[[int], None], *, merge: bool) -> None:
    writer = Writer(index)
    try:
        for done, row in enumerate(_rows(catalog, [*scripts]), start=1):
            if writer.size > _MEMORY:
                writer.commit(merge=merge, mergetype=merged if merge else None)
                writer = Writer(index)
            writer.add_document({"script": row.id, "identity": scripts[row.id]}, texts(catalog, row))
            tell(done)
        writer.commit(merge=merge, mergetype=merged if merge else None)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise


def _rows(catalog: Catalog, scripts: list[int]) -> Iterator[ScriptRow]:
    for start in range(0, len(scripts), 256):
        yield from catalog.rows(scripts[start : start + 256])


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), Path(sys.argv[2]))
