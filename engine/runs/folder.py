"""The run folder: RunWriter for the trainer, RunReader for everyone else.

A run is a folder that any program may write and read (CONTRACT.md). Its `events.jsonl` alone tells its story; the lock
held on `lock` tells a live trainer from a dead one. Readers follow the file by offset, so they never read history
twice and work where file events do not (NFS). Nothing here imports torch.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shutil
import stat
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.home import sync_folder, write_atomically
from engine.runs.about import LONGEST_NAME, rename
from engine.runs.events import EventDecoder, Metrics, now, number, open_file, step_of, steps, whole
from engine.runs.gallery import Drawings, inside
from engine.runs.lock import RunError, is_locked, open_own, take_lock
from engine.runs.series import Series
from engine.runs.spans import Span, spans_of
from engine.runs.tail import BLOCK, Tail
from engine.setting import ConfigError

if TYPE_CHECKING:
    from engine.config import TrainConfig  # the table of settings: readers do without it

EVENTS, LOG = "events.jsonl", "log.txt"
OUTPUT = "output.txt"  # what a trainer in the background printed
FOLDERS = (("checkpoints", stat.S_ISDIR), ("samples", stat.S_ISDIR))
RESERVE = ".room"  # freed when the run ends, so that a full disk still takes the reason
ROOM = 1 << 16  # bytes
STATES = ("running", "queued", "finished", "stopped", "failed", "lost")
MOST_WARNINGS, LONGEST_WARNING = 100, 2000  # kept for a person to read
MOST_SERIES = 256
HELD = 8
LARGEST_CONFIG = 1 << 20  # bytes


def run_id(config: TrainConfig) -> str:
    """`<name or preset>-<YYYYMMDD-HHMMSS>-<4 hex>`, of characters that are safe in a path and in a shell."""
    return f"{_stem(config)}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.urandom(2).hex()}"


def _stem(config: TrainConfig) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", config.name or config.preset).strip("-.")[:60] or "run"


def made_at(run: str) -> datetime | None:
    """When the folder of a run was made, as its id tells; None of another program's that tells no such time."""
    if told := re.search(r"-(\d{8}-\d{6})-[0-9a-f]{4}$", run, re.ASCII):
        try:
            return datetime.strptime(told[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        except ValueError:  # the thirtieth of February
            pass
    return None


def settings_of(run: Path) -> dict[str, Any]:
    """The settings in a run's config.toml. Raises ConfigError where it is none: in a foreign run it may be a pipe."""
    path = run / "config.toml"
    try:
        with open_file(path) as file:
            content = file.read(LARGEST_CONFIG + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); the run's settings are needed") from None
    if len(content) > LARGEST_CONFIG:
        raise ConfigError(f"{path}: is longer than {LARGEST_CONFIG:,} bytes, which no settings are")
    from engine.config import parse_toml

    return parse_toml(content, str(path))


class RunWriter:
    """Writes one run's folder while holding its lock. Made by :meth:`create` or :meth:`reopen`; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with contextlib.ExitStack() as opened:
            self._lock = opened.enter_context(take_lock(folder))
            self._events = opened.enter_context(open_own(folder / EVENTS))
            self._log = opened.enter_context(open_own(folder / LOG))
            write_atomically(folder / RESERVE, os.urandom(ROOM))
            self._opened = opened.pop_all()

    @classmethod
    def create(cls, runs: Path, config: TrainConfig) -> RunWriter:
        """Make a new run's folder under `runs` with its config.toml. Raises RunError where it cannot be made."""
        from engine.config import to_toml

        folder = runs / run_id(config)
        try:
            folder.mkdir(parents=True)
            (folder / "checkpoints").mkdir()
            (folder / "samples").mkdir()
            write_atomically(folder / "config.toml", to_toml(config).encode())
            if config.name and config.name != _stem(config):
                rename(folder, config.name[:LONGEST_NAME])  # as it was written, where the id cannot be called so
            sync_folder(runs)
            return cls(folder)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise RunError(f"the run folder {folder} cannot be made ({error.strerror})") from None

    @classmethod
    def reopen(cls, folder: Path) -> RunWriter:
        """Go on with an existing run: take its lock and cut off a torn last line.

        Raises RunError where the folder cannot be written, and where what would be written lies elsewhere: a run
        folder from somebody else may hold links.
        """
        for name, right in (("lock", stat.S_ISREG), (EVENTS, stat.S_ISREG), (LOG, stat.S_ISREG), *FOLDERS):
            with contextlib.suppress(FileNotFoundError):
                if not right((folder / name).lstat().st_mode):
                    what = "file" if right is stat.S_ISREG else "folder"
                    raise RunError(f"{folder / name} is no {what} of the run's own; this run cannot go on")
        try:
            for name, _ in FOLDERS:
                (folder / name).mkdir(exist_ok=True)
            writer = cls(folder)
            _drop_torn_line(folder / EVENTS)
        except OSError as error:
            raise RunError(f"the run folder {folder} cannot be written ({error.strerror})") from None
        return writer

    def settle(self, config: TrainConfig) -> None:
        """Write config.toml anew: what was left open when the run was queued is known now. Raises OSError."""
        from engine.config import to_toml

        write_atomically(self.folder / "config.toml", to_toml(config).encode())

    def event(self, kind: str, step: int, **values: Any) -> None:
        """Append one event, all of it or nothing. Raises OSError; there is room kept for how the run ends."""
        if kind == "end":
            self._make_room()
        record = {"event": kind, "time": now(), "step": step} | values
        text = json.dumps(_finite(record), ensure_ascii=False, allow_nan=False)
        _append(self._events.fileno(), text.encode("utf-8", "replace") + b"\n")

    def sync(self) -> None:
        """Make what was written so far survive a loss of power."""
        os.fsync(self._events.fileno())

    def log(self, text: str) -> None:
        """Add a line to log.txt, which a person reads after a failure. Raises OSError."""
        _append(self._log.fileno(), f"{now()} {text}\n".encode("utf-8", "replace"))

    def _make_room(self) -> None:
        (self.folder / RESERVE).unlink(missing_ok=True)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._make_room()
        self._opened.close()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _append(descriptor: int, data: bytes) -> None:
    """Append to a file all of the data or nothing: a full disk takes the first part of a line."""
    before = os.fstat(descriptor).st_size
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, before)
        raise


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


class Sample(Struct, frozen=True):
    """A drawn grid and, where there is one, its denoising strip. Paths lie inside the run's folder."""

    step: int
    path: Path
    strip: Path | None


class RunReader:
    """Follows one run. :meth:`poll` takes in what was appended since the last call; the rest are its results.

    What it keeps is bounded: curves share buckets (:class:`Series`), and only the newest warnings and drawings stay.
    Of numbers called as in `without` no curve is kept.
    """

    def __init__(self, folder: Path, without: Collection[str] = ()) -> None:
        self.folder = folder
        self._without = without
        self._tail = Tail(folder / EVENTS)
        self._begin()

    def _begin(self) -> None:
        """Forget everything: the file is another one than before."""
        self.start: dict[str, Any] = {}
        self.end: dict[str, Any] | None = None
        self.newest: str | None = None  # the kind of the newest event
        self.queued: dict[str, Any] | None = None  # its place in a waiting line, until it starts or ends
        self.metrics: dict[str, Series] = {}
        self.warnings: deque[str] = deque(maxlen=MOST_WARNINGS)
        self.step = 0
        self.seconds = 0.0  # spent training, at the newest point
        self.drawings = Drawings(self.folder)
        self._decoder = EventDecoder()
        self._held: list[Metrics] = []  # not yet taken in

    def poll(self, most: int | None = None) -> bool:
        """Read what was appended, `most` bytes of it or a little more; True if there was any.

        A missing file is a run that has said nothing yet. `behind` tells whether there is more to read at once.
        """
        grown = False
        with contextlib.suppress(OSError):
            for block in self._tail.blocks(most):
                if block is None:
                    self._begin()
                    continue
                grown = True
                for event in self._decoder.decode(block):
                    self._take(event)
        self._apply_metrics()
        return grown

    def _take(self, event: Metrics | dict[str, Any]) -> None:
        """Metrics of several blocks are taken in together, few enough that they stay in the processor's cache."""
        if not isinstance(event, Metrics):
            self._apply_metrics()
            self._apply(event)
            return
        if len(self._held) == HELD or (self._held and event.columns.keys() != self._held[0].columns.keys()):
            self._apply_metrics()
        self._held.append(event)

    @property
    def behind(self) -> bool:
        """There is more to read than the last poll was to take."""
        return self._tail.behind

    def _apply_metrics(self) -> None:
        if not self._held:
            return
        events, self._held = Metrics.joined(self._held), []
        for name, column in events.columns.items():
            if whole(column):
                self._extend(name, events.steps, column, events.seconds)
            elif points := [
                (step, value, seconds)
                for step, value, seconds in zip(events.steps, column, events.seconds, strict=True)
                if value is not None
            ]:
                self._extend(name, *zip(*points, strict=True))
        self.newest, self.seconds = "metrics", events.seconds[-1]
        self.step = max(self.step, int(max(events.steps)))

    def _extend(self, name: str, steps: Sequence[float], values: Sequence[float], seconds: Sequence[float]) -> None:
        series = self.metrics.get(name)
        if series is None:
            if len(self.metrics) == MOST_SERIES or name in self._without:
                return
            series = self.metrics[name] = Series()
        series.extend(steps, values, seconds)

    def _apply(self, record: dict[str, Any]) -> None:
        self.newest = kind = record["event"]
        step = step_of(record)
        if kind == "start":
            self.start, self.end, self.queued = record, None, None
            if record.get("resumed_from") is not None:
                self._forget_after(step)
            self.step = step
        elif kind in ("metrics", "evaluation"):
            if kind == "metrics":
                self.seconds = number(record.get("seconds")) or 0.0
            for name, raw in record.items():
                if name not in ("step", "seconds", "count") and (value := number(raw)) is not None:
                    self._extend(name, (step,), (value,), (self.seconds,))
            self.step = max(self.step, step)
        elif kind in ("sample", "picture"):
            self.drawings.take(record)
        elif kind == "warning":
            self.warnings.append(str(record.get("message"))[:LONGEST_WARNING])
        elif kind == "queued":
            self.queued, self.end = record, None
        elif kind == "end":
            self.end, self.queued, self.step = record, None, max(self.step, step)

    def _forget_after(self, step: int) -> None:
        for series in self.metrics.values():
            series.cut_after(step)
        self.drawings.forget_after(step)

    @property
    def samples(self) -> list[Sample]:
        """The samples whose files lie in the run's own folder, oldest first."""
        drawn = [drawing for drawing in self.drawings.by_step if drawing.sample]
        return [Sample(d.step, path, self.inside(d.strip)) for d in drawn if (path := self.inside(d.name))]

    def inside(self, name: object) -> Path | None:
        """A path an event names, if it lies in the run's own folder."""
        return inside(self.folder, name)

    @property
    def stages(self) -> tuple[Span, ...]:
        """The stages the run trains in, as its start event tells them; none where it tells of none."""
        return spans_of(self.start.get("stages"))

    @property
    def state(self) -> str:
        """One of STATES."""
        return state_of(self.folder, self.end, queued=self.queued is not None)

    @property
    def total_steps(self) -> int | None:
        return steps(self.start.get("total_steps")) or None

    @property
    def config(self) -> dict[str, Any]:
        """The settings the run started with, as its start event tells them."""
        config = self.start.get("config")
        return config if isinstance(config, dict) else {}


def measured(run: Path, until: int) -> dict[int, float]:
    """The Fréchet distance at each step of a run that it was measured at, up to the step `until`."""
    reader = RunReader(run)
    reader.poll()
    distances = reader.metrics.get("frechet", Series())
    return {int(step): value for step, value in zip(distances.steps, distances.values, strict=True) if step <= until}


def state_of(folder: Path, end: Mapping[str, Any] | None, *, queued: bool = False) -> str:
    """The truth about a run: what its last events say, and whether a process holds its lock."""
    if is_locked(folder):
        return "queued" if queued else "running"
    said = end.get("state") if end else None
    return said if said in ("finished", "stopped", "failed") else "lost"
