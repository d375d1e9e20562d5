"""The list of runs: a line for each, read from the ends of its events, and a run found by its name.

Nothing here imports torch.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from engine.runs import about
from engine.runs.closing import after_the_last_step
from engine.runs.events import number, open_file, parse_event, parse_time, step_of, steps, text
from engine.runs.folder import EVENTS, made_at, settings_of, state_of
from engine.runs.lock import RunError, is_locked
from engine.setting import ConfigError

HEAD, TAIL = 1 << 14, 1 << 14  # bytes read from the ends of a run's events
# A trainer that says nothing for this many seconds, and for as many times its usual pause, has stalled. Drawing a large
# grid of samples or a checkpoint on a slow disk take a minute or two.
QUIET, MOST_PAUSES = 180.0, 20


class RunSummary(Struct, frozen=True):
    """A line of the list of runs. `seconds` is time spent training; `left` an estimate of what remains, None after the
    last step: `closing` says what is done then.

    `place` is that of a queued run in its device's waiting line, or of one whose process died there; `ranks` the number
    of processes that train; `heard` when its events grew last (seconds since the epoch), and `pace` the usual time
    between two points of its curve. `config` holds the settings as its events tell them.
    """

    id: str
    folder: Path
    state: str
    preset: str | None
    dataset: str | None
    device: str | None
    step: int
    total_steps: int | None
    loss: float | None
    started: datetime | None
    seconds: float | None
    left: float | None
    closing: str
    error: str | None
    name: str | None
    note: str | None
    tags: tuple[str, ...]
    pinned: bool
    origin: str | None
    place: int | None
    ranks: int
    heard: float
    pace: float | None
    config: Mapping[str, Any]

    def silence(self, now: float) -> float | None:
        """Seconds since a live trainer said anything, where that is long for it: it hangs, or was suspended."""
        quiet = now - self.heard
        usual = max(QUIET, MOST_PAUSES * (self.pace or 0.0))
        return quiet if self.state == "running" and quiet > usual else None

    def to_json(self) -> dict[str, Any]:
        document = asdict(replace(self, config={})) | {"folder": str(self.folder), "stalled": self.silence(time.time())}
        for inner in ("heard", "pace", "config", "closing"):
            del document[inner]
        document["started"] = (
            f"{self.started.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if self.started else None
        )
        document["duration"] = document.pop("seconds")
        return document


def summarise(folder: Path) -> RunSummary:
    """A run's line from the first and last part of its events: cost does not grow with its length."""
    begun, tail = _ends(folder / EVENTS)
    # A run that was resumed has a later start; what follows it is what holds.
    resumed = next((i for i in reversed(range(len(tail))) if b"start" in tail[i] and _is_start(tail[i])), None)
    start = begun if resumed is None else parse_event(tail[resumed]) or {}
    recent = tail if resumed is None else tail[resumed:]
    last = _last_events(recent)
    told = next((event for event in last if event["event"] in ("end", "queued")), {})  # what holds is the newer one
    end, waits = (told, False) if told.get("event") == "end" else (None, bool(told))
    newest = last[-1] if last and last[-1]["event"] == "metrics" else {}
    if not newest and resumed and (earlier := _last_events(tail[:resumed])) and step_of(earlier[-1]) <= step_of(start):
        newest = earlier[-1]  # no point of the curve since the run went on
    step = max((step_of(event) for event in last), default=0)
    total = steps(start.get("total_steps")) or None
    state = state_of(folder, end, queued=waits)
    config = _settings(folder, start)
    left, pace = _prospect(recent, newest, step, total) if state == "running" else (None, None)
    last_step = state == "running" and total is not None and step >= total
    return RunSummary(
        id=folder.name,
        folder=folder,
        state=state,
        preset=text(config.get("preset")),
        dataset=text(config.get("dataset")),
        device=text((told if waits else start).get("device")),
        step=step,
        total_steps=total,
        loss=number(newest.get("loss")),
        started=parse_time(begun.get("time")) or made_at(folder.name),
        seconds=number(end.get("seconds")) if end else number(newest.get("seconds")),
        left=None if last_step else left,
        closing=after_the_last_step(last[0]["event"], config) if last_step and last else "",
        error=text(end.get("error")) if end else None,
        **asdict(about.read(folder)),
        place=steps(told.get("place")) if waits else None,
        ranks=steps(start.get("world_size")) or 1,
        heard=changed_at(folder / EVENTS)[1] / 1e9,
        pace=pace,
        config=config,
    )


def _settings(folder: Path, start: Mapping[str, Any]) -> Mapping[str, Any]:
    """What its events tell; of a run that has told nothing yet, what its folder does."""
    if not start:
        with contextlib.suppress(ConfigError):
            return settings_of(folder)
    said = start.get("config")
    return said if isinstance(said, dict) else {}


def _last_events(lines: list[bytes]) -> list[dict[str, Any]]:
    """The newest events, newest first, back to the newest point of the curve; they alone are decoded."""
    found = []
    for line in reversed(lines):
        if record := parse_event(line):
            found.append(record)
            sound = number(record.get("loss")) is not None and steps(record.get("step")) is not None
            if record["event"] == "metrics" and sound:
                break
    return found


def _prospect(
    lines: list[bytes], newest: dict[str, Any], step: int, total: int | None
) -> tuple[float | None, float | None]:
    """Seconds until the last step, and between two points of the curve, at the pace of these points."""
    events = (event for line in lines if (event := parse_event(line)))
    points = [event for event in events if event["event"] == "metrics"] or [{}]
    taken = (number(newest.get("seconds")) or 0) - (number(points[0].get("seconds")) or 0)
    done = step_of(newest) - step_of(points[0])
    left = max(0.0, (total - step) * taken / done) if total and done > 0 else None
    return left, taken / (len(points) - 1) if taken > 0 and len(points) > 1 else None


def _is_start(line: bytes) -> bool:
    record = parse_event(line)
    return record is not None and record["event"] == "start"


def _ends(path: Path) -> tuple[dict[str, Any], list[bytes]]:
    """The first start among the first bytes of a file, and the whole lines in its last ones."""
    try:
        with open_file(path) as file:
            head = file.read(HEAD)
            length = file.seek(0, os.SEEK_END)
            if length > len(head):
                file.seek(max(0, length - TAIL))
                tail = file.read(TAIL)
            else:
                tail = head[-TAIL:]
    except OSError:
        return {}, []
    lines = tail.split(b"\n")[1 if length > TAIL else 0 : -1]
    return _first_start(head), lines


def _first_start(head: bytes) -> dict[str, Any]:
    """Its first start; of a run that only waited for one so far, what it said then."""
    queued: dict[str, Any] = {}
    while head:
        line, _, head = head.partition(b"\n")
        if b"start" in line and _is_start(line):
            return parse_event(line) or {}
        if not queued and b"queued" in line and (record := parse_event(line)) and record["event"] == "queued":
            queued = record
    return queued


_Seen = tuple[tuple[int, int], tuple[int, int], bool]


def changed_at(path: Path) -> tuple[int, int]:
    """Length and time of a file: what differs once it was written to."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


class RunList:
    """All runs of a home, newest first. Each :meth:`scan` reads only the runs that changed since the last."""

    def __init__(self, runs: Path) -> None:
        self.runs = runs
        self._known: dict[Path, tuple[_Seen, RunSummary]] = {}

    def scan(self) -> list[RunSummary]:
        found: dict[Path, tuple[_Seen, RunSummary]] = {}
        for folder in run_folders(self.runs):
            key = (changed_at(folder / EVENTS), changed_at(folder / about.ABOUT), is_locked(folder))
            known = self._known.get(folder)
            found[folder] = known if known and known[0] == key else (key, summarise(folder))
        self._known = found
        return sorted((summary for _, summary in found.values()), key=_age, reverse=True)


def _age(run: RunSummary) -> tuple[datetime, str]:
    """By when its folder was made: its first event comes seconds later, and would take it past runs made meanwhile."""
    return made_at(run.id) or run.started or datetime.min.replace(tzinfo=UTC), run.id


def run_folders(runs: Path) -> list[Path]:
    """Every folder under `runs` that holds a run, or is about to."""
    try:
        with os.scandir(runs) as entries:
            folders = [runs / e.name for e in entries if e.is_dir() and not e.name.startswith(".")]
    except OSError:
        return []
    return [f for f in folders if (f / EVENTS).is_file() or (f / "config.toml").is_file()]


def find_run(runs: Path, name: str) -> Path:
    """The folder of a run: its id, an unambiguous prefix of one or its last part, as where ids are shortened, its name,
    a path, or `latest`. Raises RunError."""
    if name == "latest":
        newest = RunList(runs).scan()
        if not newest:
            raise RunError(f"latest: there is no run yet under {runs}; `diffwb --train` starts one")
        return newest[0].folder
    folders = run_folders(runs)
    matches = (
        [f for f in folders if f.name == name]
        or [f for f in folders if name and f.name.startswith(name)]
        or [f for f in folders if name and about.read(f).name == name]
        or [f for f in folders if name and f.name.endswith(f"-{name}")]
    )
    if len(matches) == 1:
        return matches[0]
    if len(matches) > 1:
        some = ", ".join(sorted(f.name for f in matches)[:4])
        raise RunError(f"{name}: {len(matches)} runs are called so ({some} …); give more of the id")
    try:
        if (Path(name) / EVENTS).is_file():
            return Path(name).absolute()
    except (OSError, ValueError):  # no name that a file could have
        pass
    raise RunError(f"{name}: there is no such run; `diffwb runs` lists them")
