"""What the workbench shows of runs, as frozen snapshots: files are read in a thread, widgets only draw.

Nothing is made, and so nothing is painted, while nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.runs.closing import after_the_last_step
from engine.runs.events import MOST_STEPS, number, steps
from engine.runs.folder import RunReader
from engine.runs.gallery import Drawing
from engine.runs.spans import Span
from tui.plotting.curve import Curve
from tui.plotting.view import HIDDEN
from tui.runs.rows import ENDED

AT_ONCE = 64 << 20  # bytes of events between two snapshots
RECENT = 50  # points of the curve that tell the pace
NOTHING = Curve()


class RunSnapshot(Struct, frozen=True):
    """One run at one moment. `kept` says that it has a checkpoint, `gone` that its folder is no longer there."""

    folder: Path
    state: str
    step: int
    total_steps: int | None
    curves: Mapping[str, Curve]
    latest: Mapping[str, float]
    seconds: float | None
    left: float | None
    closing: str  # what it does after its last step
    drawings: Sequence[Drawing]
    stages: Sequence[Span]
    start: Mapping[str, Any]
    warning: str | None
    error: str | None
    kept: bool = False
    gone: bool = False

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def first_samples(self) -> int | None:
        """The step that samples are drawn at next, or are being drawn at, where the settings tell."""
        config = self.start.get("config")
        every = steps(config.get("sample_every")) if isinstance(config, dict) else None
        last = next((span.stop for span in self.stages if span.stop > self.step), self.total_steps)
        if not every or self.closing:  # which tells, after its last step
            return None
        due = min(max(1, -(-self.step // every)) * every, last or MOST_STEPS)
        return due if due >= self.step else None

    @property
    def loss(self) -> Curve:
        return self.curves.get("loss", NOTHING)


class Follower:
    """Follows one run. :meth:`look` may block on a slow disk, so it is called in a thread, one call at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader = RunReader(folder, without=HIDDEN)
        self._last: tuple[str, bool] | None = None

    @property
    def behind(self) -> bool:
        """Whether there is more to read at once: a very long run comes in several looks, the first of them soon."""
        return self._reader.behind

    def look(self) -> RunSnapshot | None:
        """A snapshot if anything changed since the last one."""
        grown = self._reader.poll(AT_ONCE)
        now = (self._reader.state, self.folder.is_dir())
        if not grown and now == self._last:
            return None
        self._last = now
        return _snapshot(self._reader, *now)


def _snapshot(reader: RunReader, state: str, there: bool) -> RunSnapshot:
    loss = reader.metrics.get("loss")
    end = reader.end or {}
    latest = {name: series.latest for name, series in reader.metrics.items() if series.steps}
    last_step = state == "running" and reader.total_steps is not None and reader.step >= reader.total_steps
    seconds = loss.seconds[-1] if loss is not None and loss.seconds else None
    return RunSnapshot(
        folder=reader.folder,
        state=state,
        step=reader.step,
        total_steps=reader.total_steps,
        curves={name: Curve.of(series) for name, series in reader.metrics.items() if series.steps},
        latest=latest,
        seconds=number(end.get("seconds")) or seconds,
        left=_left(reader) if state == "running" and not last_step else None,
        closing=after_the_last_step(reader.newest, reader.config) if last_step else "",
        drawings=reader.drawings.by_step,
        stages=reader.stages,
        start=dict(reader.start),
        warning=reader.warnings[-1] if reader.warnings else None,
        error=str(end["error"]) if end.get("error") else None,
        kept=state in ENDED and has_checkpoint(reader.folder),
        gone=not there,
    )


def has_checkpoint(run: Path) -> bool:
    """Whether there is one to go on from or to draw from; whether it is whole is found out by doing so."""
    with suppress(OSError):
        return any((run / "checkpoints").glob("step-*"))
    return False


def _left(reader: RunReader) -> float | None:
    """Seconds until the last step, at the pace of the newest points: the first ones tell of warming up."""
    loss, total = reader.metrics.get("loss"), reader.total_steps
    if loss is None or total is None or len(loss.steps) < 2:
        return None
    first = max(0, len(loss.steps) - RECENT)
    steps, seconds = loss.steps[-1] - loss.steps[first], loss.seconds[-1] - loss.seconds[first]
    return max(0.0, (total - reader.step) * seconds / steps) if steps > 0 and seconds > 0 else None
