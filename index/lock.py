"""The one writer's place in an index folder: a lock the system frees however its holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

LET_GO = 1.0  # seconds


class Busy(Exception):  # noqa: N818  a state, not a fault
    """Another process writes this index; `holder` says which, as far as it is known."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the lock; Busy where another holds it, OSError where the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_written(folder: Path) -> bool:
    """Whether a process writes this index now."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        if not _alive(descriptor):
            return False
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _take(descriptor: int) -> None:
    """Lock it. A holder that was killed may have left a child it was just starting, which lets go within moments."""
    deadline = time.monotonic() + LET_GO
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _alive(descriptor) or time.monotonic() > deadline:
                raise Busy(_holder(descriptor)) from None
        time.sleep(0.02)


def _alive(descriptor: int) -> bool:
    """Whether the process that says it is the holder is there."""
    told = os.pread(descriptor, 64, 0).decode("ascii", "replace").split()
    try:
        os.kill(int(told[0]), 0)
    except (ProcessLookupError, IndexError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _holder(descriptor: int) -> str:
    told = os.pread(descriptor, 64, 0).decode("ascii", "replace").split()
    if len(told) != 2 or not told[0].isdigit():
        return "another process"
    return f"process {told[0]}, since {told[1]}"
