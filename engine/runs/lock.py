"""The lock of a run: held by a live trainer for as long as its process lives, so it tells alive from dead."""

from __future__ import annotations

import fcntl
import os
import platform
import time
from io import FileIO
from pathlib import Path

from engine.runs.events import open_file

LOCK_PATIENCE = 1.0  # seconds; a reader that looks at the lock holds it shared for a moment


class RunError(Exception):
    """A run that cannot be found, opened or written. The message is one line for the person who asked."""


def open_own(path: Path) -> FileIO:
    """A file of a run for reading and appending, made where it is missing.

    Raises OSError for a link: what is written into a run stays in it.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    return FileIO(os.open(path, flags, 0o666), "ab+")


def take_lock(folder: Path) -> FileIO:
    """Hold a run's lock until the file is closed. Raises RunError naming the process that holds it already."""
    file = open_own(folder / "lock")
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            holder = os.pread(file.fileno(), 20, 0).decode("ascii", "replace").split("\n")[0] or "unknown"
            file.close()
            raise RunError(f"{folder.name} is being trained already, by process {holder}") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n{platform.node()}\n".encode())
        os.register_at_fork(after_in_child=file.close)  # a child that outlives this process must not hold its lock
        return file


def is_locked(folder: Path) -> bool:
    """Whether a live process holds the run's lock."""
    return is_held(folder / "lock")


def is_held(path: Path) -> bool:
    """Whether a live process holds the lock of a file; none holds that of a file that cannot be opened."""
    try:
        with open_file(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def lock_holder(folder: Path) -> int | None:
    """The process of this machine that trains a run, or None. Signals go to no other process.

    The lock file says who it is, and where the kernel lists its locks (Linux) it must agree: a run folder from
    somebody else may say anything.
    """
    if not is_locked(folder):
        return None
    try:
        with open_file(folder / "lock") as file:
            said, host = file.read(300).decode().split("\n")[:2]
            inode = os.fstat(file.fileno()).st_ino
        pid = int(said)
    except (OSError, ValueError):
        return None
    holders = _flock_holders(inode)
    return pid if pid > 1 and host == platform.node() and (holders is None or pid in holders) else None


def _flock_holders(inode: int) -> set[int] | None:
    """Processes that hold an flock on a file of this inode, or None where the kernel does not say."""
    try:
        lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    except OSError:
        return None
    found = (fields for fields in lines if len(fields) > 5 and fields[1] == "FLOCK")
    return {int(fields[4]) for fields in found if fields[5].rpartition(":")[2] == str(inode)}
