"""The run folder: RunWriter for the trainer, RunReader for everyone else.

A run is a folder that any program may write and read (CONTRACT.md). Its `events.jsonl` alone tells its story; the lock
held on `lock` tells a live trainer from a dead one. Readers follow the file by offset, so they never read history
twice and work where file events do not (NFS). Nothing here imports torch.
"""

from __future__ import annotations

import errno
import fcntl
import json
import math
import os
import platform
import re
import secrets
import stat
import time
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from engine.config import TrainConfig, to_toml
from engine.home import sync_folder, write_atomically

EVENTS = "events.jsonl"
STATES = ("running", "finished", "stopped", "failed", "lost")
LOCK_PATIENCE = 1.0  # seconds; a reader that looks at the lock holds it shared for a moment
BLOCK = 1 << 20
LONGEST = 1 << 22  # bytes of an event; a longer line is none
MOST_STEPS = 10**15  # more is no count of steps


class RunError(Exception):
    """A run that cannot be found, opened or written. The message is one line for the person who asked."""


def now() -> str:
    """The time as the contract writes it: UTC, ISO-8601, trailing Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(text: object) -> datetime | None:
    """The moment an event's `time` names, in UTC, or None where it is no such text."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        if moment is None or moment.tzinfo is None:
            return moment and moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def run_id(config: TrainConfig) -> str:
    """`<name or preset>-<YYYYMMDD-HHMMSS>-<4 hex>`, of characters that are safe in a path and in a shell."""
    stem = re.sub(r"[^A-Za-z0-9._]+", "-", config.name or config.preset).strip("-.")[:60] or "run"
    return f"{stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class RunWriter:
    """Writes one run's folder while holding its lock. Made by :meth:`create` or :meth:`reopen`; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = _take_lock(folder)
        self._events = (folder / EVENTS).open("ab", buffering=0)
        self._log = (folder / "log.txt").open("a", encoding="utf-8", buffering=1)

    @classmethod
    def create(cls, runs: Path, config: TrainConfig) -> RunWriter:
        """Make a new run's folder under `runs` with its config.toml. Raises RunError where it cannot be made."""
        folder = runs / run_id(config)
        try:
            folder.mkdir(parents=True)
            (folder / "checkpoints").mkdir()
            (folder / "samples").mkdir()
            write_atomically(folder / "config.toml", to_toml(config).encode())
            sync_folder(runs)
        except OSError as error:
            raise RunError(f"the run folder {folder} cannot be made ({error.strerror})") from None
        return cls(folder)

    @classmethod
    def reopen(cls, folder: Path) -> RunWriter:
        """Go on with an existing run: take its lock and cut off a torn last line."""
        for name in ("lock", EVENTS, "log.txt"):
            if (folder / name).exists() and not (folder / name).is_file():
                raise RunError(f"{folder / name} is no file; this run cannot go on")
        writer = cls(folder)
        _drop_torn_line(folder / EVENTS)
        return writer

    def event(self, kind: str, step: int, **values: Any) -> None:
        """Append one event. The line is written in one call, so a reader sees all of it or a torn end."""
        record = {"event": kind, "time": now(), "step": step} | values
        self._events.write(json.dumps(_finite(record), ensure_ascii=False, allow_nan=False).encode() + b"\n")

    def sync(self) -> None:
        """Make what was written so far survive a loss of power."""
        os.fsync(self._events.fileno())

    def log(self, text: str) -> None:
        """Add a line to log.txt, which a person reads after a failure."""
        self._log.write(f"{now()} {text}\n")

    def close(self) -> None:
        self._log.close()
        self._events.close()
        self._lock.close()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _take_lock(folder: Path) -> TextIO:
    file = (folder / "lock").open("a+")
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            file.close()
            raise RunError(f"{folder.name} is being trained already, by process {holder}") from None
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n{platform.node()}\n")
        file.flush()
        return file


def _drop_torn_line(path: Path) -> None:
    """Cut a file after its last newline: what follows was being written when the power or the process went."""
    with path.open("rb+") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - BLOCK)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        file.truncate(end)


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity: they become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: _finite(v) for k, v in value.items()}
    return [_finite(v) for v in value] if isinstance(value, list | tuple) else value


def open_file(path: Path) -> BinaryIO:
    """A file of a run for reading. Raises OSError where there is none: a pipe would hold its reader for ever."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "is no file", str(path))
    return file


def is_locked(folder: Path) -> bool:
    """Whether a live process holds the run's lock."""
    try:
        with open_file(folder / "lock") as file:
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


@dataclass
class Series:
    """One curve: `values[i]` was reported at optimizer step `steps[i]`, `seconds[i]` after the run's start."""

    steps: array[float] = field(default_factory=lambda: array("d"))
    values: array[float] = field(default_factory=lambda: array("d"))
    seconds: array[float] = field(default_factory=lambda: array("d"))

    def append(self, step: float, value: float, seconds: float) -> None:
        self.steps.append(step)
        self.values.append(value)
        self.seconds.append(seconds)

    def cut_after(self, step: float) -> None:
        """Forget what lies after `step`: a resumed run trains those steps again."""
        keep = len(self.steps)
        while keep and self.steps[keep - 1] > step:
            keep -= 1
        for column in (self.steps, self.values, self.seconds):
            del column[keep:]


@dataclass(frozen=True)
class Sample:
    """A drawn grid and, where there is one, its denoising strip. Paths lie inside the run's folder."""

    step: int
    path: Path
    strip: Path | None


def step_of(record: Mapping[str, Any]) -> int:
    return steps(record.get("step")) or 0


def steps(value: object) -> int | None:
    """A number of steps, or None for what cannot be one."""
    said = number(value)
    return int(said) if said is not None and 0 <= said <= MOST_STEPS else None


def number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def parse_event(line: bytes) -> dict[str, Any] | None:
    """One event, or None for a line that is none: other programs write these files too."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("event"), str) else None


class RunReader:
    """Follows one run. :meth:`poll` takes in what was appended since the last call; the rest are its results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._begin(inode=0)

    def _begin(self, inode: int) -> None:
        """Forget everything: the file is another one than before."""
        self.start: dict[str, Any] = {}
        self.end: dict[str, Any] | None = None
        self.metrics: dict[str, Series] = {}
        self.samples: list[Sample] = []
        self.warnings: list[str] = []
        self.step = 0
        self.seconds = 0.0  # spent training, at the newest point
        self._offset = 0
        self._overlong = False  # the line at the offset began before it and is passed over
        self._inode = inode

    def poll(self) -> bool:
        """Read what was appended; True if there was any. A missing file is a run that has said nothing yet."""
        path = self.folder / EVENTS
        try:
            with open_file(path) as file:
                status = os.fstat(file.fileno())
                if status.st_ino != self._inode or status.st_size < self._offset:
                    self._begin(status.st_ino)
                if status.st_size == self._offset:
                    return False
                file.seek(self._offset)
                self._take(file)
        except OSError:
            return False
        return True

    def _take(self, file: BinaryIO) -> None:
        """Apply the whole lines from here on. The offset stays before a torn last line: a resumed run cuts it off."""
        rest = b""
        while block := file.read(BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._offset += len(line) + 1
                if not self._overlong and (record := parse_event(line)):
                    self._apply(record)
                self._overlong = False
            if self._overlong or len(rest) > LONGEST:
                self._offset += len(rest)
                self._overlong, rest = True, b""

    def _apply(self, record: dict[str, Any]) -> None:
        kind, step = record["event"], step_of(record)
        if kind == "start":
            self.start, self.end = record, None
            if record.get("resumed_from") is not None:
                self._forget_after(step)
            self.step = step
        elif kind in ("metrics", "evaluation"):
            if kind == "metrics":
                self.seconds = number(record.get("seconds")) or 0.0
            for name, raw in record.items():
                if name not in ("step", "seconds", "count") and (value := number(raw)) is not None:
                    self.metrics.setdefault(name, Series()).append(step, value, self.seconds)
            self.step = max(self.step, step)
        elif kind == "sample":
            if path := self._inside(record.get("path")):
                self.samples.append(Sample(step, path, self._inside(record.get("strip"))))
        elif kind == "warning":
            self.warnings.append(str(record.get("message")))
        elif kind == "end":
            self.end, self.step = record, max(self.step, step)

    def _forget_after(self, step: int) -> None:
        for series in self.metrics.values():
            series.cut_after(step)
        self.samples = [s for s in self.samples if s.step <= step]

    def _inside(self, name: object) -> Path | None:
        """A path an event names, if it lies in the run's own folder: events of a foreign run may say anything."""
        if not isinstance(name, str):
            return None
        try:
            path = (self.folder / name).resolve()
            return path if path.is_relative_to(self.folder.resolve()) else None
        except (OSError, RuntimeError, ValueError):  # too long, a loop of links, no name for a file
            return None

    @property
    def state(self) -> str:
        """One of STATES."""
        return state_of(self.folder, self.end)

    @property
    def total_steps(self) -> int | None:
        return steps(self.start.get("total_steps")) or None

    @property
    def config(self) -> dict[str, Any]:
        """The settings the run started with, as its start event tells them."""
        config = self.start.get("config")
        return config if isinstance(config, dict) else {}


def state_of(folder: Path, end: Mapping[str, Any] | None) -> str:
    if is_locked(folder):
        return "running"
    said = end.get("state") if end else None
    return said if said in ("finished", "stopped", "failed") else "lost"
