"""Reads scripts in processes of their own, each file within bounds of time and memory. What breaks its reader is a row
with the reason, and another reader goes on.

    python -P -m index.indexing.readers DESCRIPTOR        a reader; the other end of the socket hands it work
"""

from __future__ import annotations

import gc
import resource
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from types import FrameType

from index.catalog.rows import Entry, Known
from index.files.scanner import Found
from index.indexing.unread import broken
from index.processes import Process, at_once

Work = tuple[str, Found, Known | None]
Read = tuple[str, Found, Entry | None]
Reading = Callable[[str, Found, Known | None], Entry | None]

SECONDS = 1.5  # of processor time for one file; what takes longer is not a model script but an attack
_KILLED_AT = 2.0  # seconds of processor time, where a single step of the reading does not come to an end
_SILENT = 60.0  # seconds without an answer: the file system does not give the file
_MEMORY = 200_000_000  # bytes for one file, beside what a reader takes itself
_AT_ONCE = 32  # files handed to a reader at a time
_FOR_ONE = 64  # files that one reader is done with before another has started
_UNCOLLECTED = 100_000  # objects

TOO_LONG, TOO_COMPLEX = "takes too long to be read", "too complex to be read"


class _TooLongError(BaseException):
    """The time of one file is up; no handler of what goes wrong in a script catches it."""


# -- the parent ------------------------------------------------------------------------------------------------------


def read_all(work: list[Work], workers: int | None = None) -> Generator[Read, None, None]:
    """Every file with its entry, in no certain order; None where its content is what is already known."""
    todo = deque(work)
    most = workers if workers is not None else at_once()
    readers = [_Reader() for _ in range(max(1, min(most, len(work) // _FOR_ONE))) if work]
    try:
        while todo or any(reader.pending for reader in readers):
            for reader in readers:
                reader.give(todo)
            busy = {reader.connection: reader for reader in readers if reader.pending}
            for connection in wait(list(busy), timeout=1.0):
                assert isinstance(connection, Connection)
                yield busy[connection].take(todo)
            for reader in readers:
                if reader.silent:
                    reader.process.kill()  # what it was at is told where its connection ends
    finally:
        for reader in readers:
            reader.close()


class _Reader(Process):
    """A reading process, and the files it was given that it has not answered, the one it is at first."""

    def __init__(self) -> None:
        super().__init__("index.indexing.readers")
        self.pending: deque[Work] = deque()
        self._answered = time.monotonic()

    @property
    def silent(self) -> bool:
        return bool(self.pending) and time.monotonic() - self._answered > _SILENT

    def give(self, todo: deque[Work]) -> None:
        """Hands it more before it has nothing left to do."""
        if len(self.pending) < _AT_ONCE // 4 and todo:
            if not self.pending:
                self._answered = time.monotonic()
            given = [todo.popleft() for _ in range(min(_AT_ONCE, len(todo)))]
            self.pending += given
            with suppress(OSError):  # it has ended; that is found out where it is asked for an answer
                self.connection.send(given)

    def take(self, todo: deque[Work]) -> Read:
        """Its next answer, or the reason why there is none: then another takes its place and the rest is done again."""
        path, item, _ = self.pending.popleft()
        try:
            entry: Entry | None = self.connection.recv()
        except (EOFError, OSError):
            self.close()
            reason = TOO_LONG if self.silent or self.process.returncode == -signal.SIGPROF else TOO_COMPLEX
            entry = broken(path, item, reason)
            todo.extendleft(reversed(self.pending))
            self.pending.clear()
            self.start()
        self._answered = time.monotonic()
        return path, item, entry


# -- a reader --------------------------------------------------------------------------------------------------------


def serve(connection: Connection, read: Reading) -> None:
    """Answers each file of each list with its entry, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its readers
    signal.signal(signal.SIGVTALRM, _time_is_up)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    gc.disable()  # nearly all there is belongs to the file being read
    gc.freeze()
    with suppress(EOFError, OSError):
        while True:
            work: list[Work] = connection.recv()
            for path, item, known in work:
                connection.send(_bounded(read, path, item, known))
                if gc.get_count()[0] > _UNCOLLECTED:
                    gc.collect()
                    gc.freeze()  # what is left is kept for the scripts to come


def _bounded(read: Reading, path: str, item: Found, known: Known | None) -> Entry | None:
    _bound_memory()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        signal.setitimer(signal.ITIMER_PROF, _KILLED_AT)
        try:
            return read(path, item, known)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
    except _TooLongError:
        return broken(path, item, TOO_LONG)


def _time_is_up(_number: int, _frame: FrameType | None) -> None:
    raise _TooLongError


def _bound_memory() -> None:
    """Lets this process grow by so much from what it has now; only Linux says how much that is."""
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", "rb", buffering=0) as told:  # noqa: PTH123  for each of a hundred thousand files
            has = int(told.read().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (has + _MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))


if __name__ == "__main__":
    from index.indexing.reading import read  # with all that reading takes: who hands them files needs none of it

    serve(Connection(int(sys.argv[1])), read)
