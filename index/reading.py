"""Reads scripts, in several processes where there are many: each file ends as an entry for the catalogue."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from index import facts
from index.facts.configs import Configs
from index.files.scanner import Found
from index.files.source import SourceError, parse
from index.ranking.passages import passages
from index.rows import Entry, Known

Work = tuple[str, Found, Known | None]
_AT_ONCE = 48  # files handed to one process at a time
_ENOUGH = 200  # fewer are read sooner than processes start
_SECONDS = 2.0  # of processor time for one file; what takes longer is not a model script but an attack


class _TooLongError(Exception):
    """The time of one file is up."""


def read_all(work: list[Work], workers: int | None = None) -> Iterator[tuple[str, Found, Entry | None]]:
    """Every file with its entry, in no certain order; None where its content is what is already known."""
    processes = workers if workers is not None else min(len(os.sched_getaffinity(0)), 8)
    if len(work) < _ENOUGH or processes < 2:
        yield from _here(work)
        return
    left = {path: (path, item, known) for path, item, known in work}
    try:
        for path, entry in _spread(work, processes):
            _, item, _ = left.pop(path)
            yield path, item, entry
    except BrokenProcessPool:  # a process was killed: what it had is read here, one by one
        yield from _here(left.values())


def _here(work: Iterable[Work]) -> Iterator[tuple[str, Found, Entry | None]]:
    for path, item, known in work:
        yield path, item, read(path, item, known)


def _spread(work: list[Work], processes: int) -> Iterator[tuple[str, Entry | None]]:
    context = multiprocessing.get_context("spawn")  # a fork would copy what other threads hold
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start) as pool:
        chunks = iter([work[start : start + _AT_ONCE] for start in range(0, len(work), _AT_ONCE)])
        pending: list[Future[list[tuple[str, Entry | None]]]] = []
        try:
            while True:
                while len(pending) < processes * 2 and (chunk := next(chunks, None)) is not None:
                    pending.append(pool.submit(_chunk, chunk))
                if not pending:
                    return
                yield from pending.pop(0).result()
        finally:
            for future in pending:
                future.cancel()


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its processes


def _chunk(work: list[Work]) -> list[tuple[str, Entry | None]]:
    return [(path, read(path, item, known)) for path, item, known in work]


def read(path: str, item: Found, known: Known | None = None) -> Entry | None:
    """One file as it will be kept; None where its content is what is already known. Never raises for its content."""
    version = facts.VERSION
    digest = ""
    try:
        if item.reason:
            raise SourceError(item.reason)
        try:
            data = item.path.read_bytes()
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}") from None
        digest = hashlib.sha256(data).hexdigest()
        if known and known.hash == digest and known.facts_version == version and not changed(known.beside):
            return None
        with _limited():
            return _entry(path, item, digest, data)
    except SourceError as error:
        reason = str(error)
    except (RecursionError, MemoryError):
        reason = "too complex to be read"
    except _TooLongError:
        reason = "takes too long to be read"
    return Entry(path, item.size, item.mtime_ns, digest, version, "broken", reason)


def _entry(path: str, item: Found, digest: str, data: bytes) -> Entry:
    source = parse(item.path, data)
    configs = Configs(item.path)
    found = facts.extract(source, configs)
    model = found.is_model
    return Entry(
        path, item.size, item.mtime_ns, digest, facts.VERSION, "ok" if model else "not-a-model", facts=found,
        text=source.text if model else "", passages=tuple(passages(source, found)) if model else (),
        beside=_state(configs.used),
    )  # fmt: skip


@contextmanager
def _limited() -> Iterator[None]:
    """Ends what takes too long, where signals can be had: in the first thread of a process."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _state(files: list[Path]) -> str:
    """The files that facts come from besides the script, each with its time and size; "" where there are none."""
    return json.dumps([[os.fsencode(file).decode("utf-8", "replace"), *_stat(file)] for file in files]) if files else ""


def _stat(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return 0, -1
    return status.st_mtime_ns, status.st_size


def changed(beside: str) -> bool:
    """Whether a file that facts came from is another than it was, or is there now."""
    return bool(beside) and any(_stat(Path(file)) != (time, size) for file, time, size in json.loads(beside))
