"""A waiting line for each device, without anyone who keeps it: every waiting run is a process with a run folder.

A queued run holds its lock like one that trains, and its `queued` event says for which device and at which place it
waits. Its turn has come when nothing on that device trains and nobody waits at an earlier place. Who is stopped leaves
the line; the workbench and its end mean nothing here. Whose process dies (killed, or the machine restarted) holds
nobody up meanwhile, and keeps its place: resumed, it waits there again.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from engine.runs.folder import RunWriter
from engine.runs.listing import RunList, RunSummary
from engine.runs.lock import open_own

if TYPE_CHECKING:
    from engine.config import TrainConfig

LOOK_EVERY = 1.0  # seconds
LINE = ".line"  # in the folder of runs; held while a place is taken, so that no two are alike


def wait(run: RunWriter, config: TrainConfig, device: str, step: int, announce: Callable[[str], None]) -> None:
    """Join the line of `device` and return when its turn has come. `step` is how far the run is.

    A run that was in the line when its process died has its old place again.

    Raises OSError where the place cannot be written; a signal's Interrupted ends the waiting.
    """
    runs = RunList(run.folder.parent)
    with contextlib.closing(open_own(runs.runs / LINE)) as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        places = {s.folder: s.place for s in runs.scan() if s.place is not None}
        place = places.get(run.folder) or 1 + max(places.values(), default=0)
        said = {name: value for name, value in asdict(config).items() if value is not None}
        run.event("queued", step, run=run.folder.name, device=device, place=place, config=said)
        run.sync()
    told = None
    while before := ahead(runs.scan(), run.folder, device, place):
        told = _say(before, device, told, announce)
        time.sleep(LOOK_EVERY)


def ahead(runs: Iterable[RunSummary], mine: Path, device: str, place: int) -> list[RunSummary]:
    """The runs that have `device` before the one at `place`: those that train on it, and those that wait longer."""
    others = [run for run in runs if run.folder != mine]
    waiting = [run for run in others if run.state == "queued" and run.device == device and (run.place or 0) < place]
    return training_on(device, others) + waiting


def training_on(device: str, runs: Iterable[RunSummary]) -> list[RunSummary]:
    """The runs that train on `device` now; one that has not said yet where it does may."""
    return [run for run in runs if run.state == "running" and (run.device is None or device in _devices(run))]


def holding(device: str, runs: Sequence[RunSummary]) -> list[RunSummary]:
    """The runs that have `device` now: those that train on it, and whose turn has come and who load torch for it."""
    queued = (run for run in runs if run.state == "queued" and run.device == device)
    return training_on(device, runs) + [run for run in queued if not ahead(runs, run.folder, device, run.place or 0)]


def fell_out(run: RunSummary) -> bool:
    """Whether a run's process died while it waited: it has a place in the line, and `wait` brings it back there."""
    return run.state == "lost" and run.place is not None


def _devices(run: RunSummary) -> set[str]:
    """What a run trains on: of several ranks, each has a GPU of its own."""
    if run.ranks > 1 and run.device and run.device.startswith("cuda"):
        return {f"cuda:{i}" for i in range(run.ranks)}
    return {run.device or ""}


def _say(before: list[RunSummary], device: str, told: str | None, announce: Callable[[str], None]) -> str:
    """Say for what the run waits, once for each change."""
    training = ", ".join(run.id for run in before if run.state == "running") or "the next in the queue"
    text = f"waits for {device}: {training} has it, {len(before)} before this one"
    if text != told:
        announce(text)
    return text


def resolve_device(name: str) -> str:
    """The device a setting means here, as runs name it. A child process asks torch, so that waiting costs no memory."""
    if name not in ("auto", "cuda"):
        return name
    if name == "cuda":
        return "cuda:0"
    asked = subprocess.run(
        [sys.executable, "-P", "-m", "engine.device"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    try:
        return str(json.loads(asked.stdout)[0]["id"])
    except (ValueError, LookupError, TypeError):
        return "cpu"
