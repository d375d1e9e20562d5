"""`diffwb attach`: a run's progress and log as plain lines. Leaving it leaves the run training."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.runs.events import number, parse_event, step_of, steps
from engine.runs.folder import EVENTS, LOG
from engine.runs.listing import RunSummary, summarise
from engine.runs.lock import is_locked
from engine.runs.tail import Tail
from tui import formats
from tui.commands.console import put, say
from tui.commands.named_run import named_run
from tui.errors import DONE, FAILED
from tui.text import line

LOOK = 0.25  # seconds
LINE_EVERY = 5.0  # seconds between points of the curve
MOST = 16 << 20  # bytes between two looks at the run's state


def attach(arguments: Namespace) -> int:
    """Follow a run until it ends: 0 for finished and stopped, 1 for failed and lost."""
    run = named_run(arguments.run)
    view = _View(run)
    live = is_locked(run)
    ended = view.summary()
    if not live:
        return _code(ended)
    try:
        while live:
            live = is_locked(run)  # before reading: what a trainer wrote last is read after it is gone
            view.more()
            if live:
                time.sleep(LOOK)
    except KeyboardInterrupt:
        say(f"\n{run.name} goes on training; `diffwb attach {run.name}` follows it again")
        return DONE
    return _code(view.summary())


def _code(ended: RunSummary) -> int:
    return DONE if ended.state in ("finished", "stopped") else FAILED


class _View:
    """What has been said of a run, and what is new."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._events, self._log = Tail(run / EVENTS, last=0), Tail(run / LOG, last=0)
        self._point = -LINE_EVERY
        self._total: int | None = None

    def summary(self) -> RunSummary:
        """Say where the run is."""
        s = summarise(self._run)
        self._total = s.total_steps
        silence = s.silence(time.time())
        state = s.state if silence is None else f"stalled {formats.duration(silence)}"
        parts = [s.id, state, f"step {_step(s.step, s.total_steps)}"]
        parts += [f"loss {formats.loss(s.loss)}"] if s.loss is not None else []
        parts += [f"{formats.duration(s.seconds)} trained"] if s.seconds is not None else []
        if silence is None:
            parts += [f"{formats.duration(s.left)} left"] if s.left is not None else [s.closing] if s.closing else []
        put(line(" · ".join(parts) + (f" · {s.error}" if s.error else "")))
        return s

    def more(self) -> None:
        """Say what was written since the last time: points of the curve now and then, everything else at once."""
        for block in self._log.blocks(MOST):
            for text in (block or b"").decode("utf-8", "replace").splitlines():
                put(line(text))
        newest: dict[str, Any] | None = None
        for block in self._events.blocks(MOST):
            for raw in (block or b"").split(b"\n"):
                if record := parse_event(raw):
                    if record["event"] == "start":
                        self._total = steps(record.get("total_steps")) or None
                    if record["event"] == "metrics":
                        newest = record
                    elif told := _told(record):
                        put(line(told))
        if newest is not None and time.monotonic() - self._point >= LINE_EVERY:
            self._point = time.monotonic()
            put(line(_progress(newest, self._total)))


def _progress(record: Mapping[str, Any], total: int | None) -> str:
    parts = [f"step {_step(step_of(record), total)}"]
    for name, told in (("loss", formats.loss), ("lr", formats.rate), ("images_per_s", lambda v: f"{v:,.0f} images/s")):
        if (value := number(record.get(name))) is not None:
            parts.append(told(value) if name == "images_per_s" else f"{name} {told(value)}")
    return "  ".join(parts)


def _step(step: int, total: int | None) -> str:
    return f"{step:,}/{total:,}" if total else f"{step:,}"


def _told(record: Mapping[str, Any]) -> str:
    """An event in words; nothing for one that says nothing to a person."""
    kind, step = record["event"], f"step {step_of(record):,}"
    if kind == "warning":
        return f"{step}  warning: {record.get('message')}"
    if kind in ("checkpoint", "sample", "picture"):
        return f"{step}  {kind} {record.get('path')}"
    if kind == "evaluation":
        values = {k: v for k in ("frechet", "valid_rate", "copies") if (v := number(record.get(k))) is not None}
        return f"{step}  " + "  ".join(f"{name} {value:.3g}" for name, value in values.items())
    if kind == "start":
        return f"{step}  begins on {record.get('device')}"
    return f"{step}  waits for {record.get('device')}" if kind == "queued" else ""
