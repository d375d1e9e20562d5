"""What the list of runs shows of each, as frozen rows: made of summaries, drawn by a widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from engine.runs.events import number
from engine.runs.listing import RunSummary
from engine.runs.waiting_line import ahead, fell_out
from tui import formats
from tui.keys import actions
from tui.runs.session import Launch
from tui.text import line

ENDED = ("stopped", "failed", "lost", "finished")
LIVE = ("running", "queued")
JOINING = "joins the queue …"


class Row(Struct, frozen=True):
    """A run in the list. `folder` is None for one that is starting or did not start; `key` is stable meanwhile.

    `told` is its state in words, for how long it has stalled among them; `curve` its losses at a glance; `note` why it
    failed or where it stands in the queue, `remark` the note of a person and the script it came from.
    """

    key: str
    name: str
    state: str
    folder: Path | None = None
    done: float | None = None
    steps: str = ""
    loss: str = ""
    time: str = ""
    note: str = ""
    stalled: str = ""
    pinned: bool = False
    curve: tuple[float, ...] = ()
    preset: str = ""
    dataset: str = ""
    batch: str = ""
    lr: str = ""
    device: str = ""
    started: str = ""
    tags: str = ""
    remark: str = ""

    @property
    def told(self) -> str:
        return self.stalled or self.state


def rows_of(
    launches: Sequence[Launch],
    runs: Sequence[RunSummary],
    stopping: Iterable[Path],
    now: float,
    curves: Mapping[Path, tuple[float, ...]],
) -> list[Row]:
    """What the list shows: what is starting first, then the pinned runs, then the others as they come."""
    starting = [
        Row(str(one.log), line(one.name), one.state, note=one.error or (JOINING if one.queue else "loading torch …"))
        for one in launches
        if one.run is None
    ]
    asked, notes = set(stopping), _places(runs)
    resumed = {one.run: one for one in launches if one.run is not None}
    rows = [_row(run, run.folder in asked, now, notes.get(run.folder), curves.get(run.folder, ())) for run in runs]
    rows = [_resumed(row, resumed[row.folder]) if row.folder in resumed and row.state in ENDED else row for row in rows]
    return [*starting, *sorted(rows, key=lambda row: not row.pinned)]


def _resumed(row: Row, launch: Launch) -> Row:
    """A run that a trainer is to go on with, or was: it is its own row that says so."""
    if launch.error:
        return replace(row, note=line(launch.error))
    return replace(row, state=launch.state, note=JOINING if launch.queue else "")


def _row(run: RunSummary, stopping: bool, now: float, place: str | None, curve: tuple[float, ...]) -> Row:
    total = run.total_steps if run.total_steps and run.total_steps > 0 else None
    spent = formats.duration(run.seconds) if run.seconds is not None else ""
    left = f"{formats.roughly(run.left)} left" if run.left is not None else run.closing or spent
    silence = None if stopping else run.silence(now)
    return Row(
        key=str(run.folder),
        name=line(run.name or run.id),
        state="stopping" if stopping and run.state == "running" else run.state,
        folder=run.folder,
        done=min(1.0, max(0.0, run.step / total)) if total else None,
        steps=f"{formats.count(run.step)}/{formats.count(total)}" if total else formats.count(run.step),
        loss=formats.loss(run.loss) if run.loss is not None else "",
        time=left if run.state == "running" and silence is None else spent,
        note=place or _ended(run),
        stalled="" if silence is None else f"stalled {formats.roughly(silence)}",
        pinned=run.pinned,
        curve=curve,
        preset=line(run.preset or ""),
        dataset=line(run.dataset or ""),
        batch=line(str(run.config.get("batch_size", ""))),
        lr=formats.rate(rate, digits=2) if (rate := number(run.config.get("lr"))) is not None else "",
        device=line(run.device or ""),
        started=f"{run.started:%Y-%m-%d %H:%M}" if run.started else "",
        tags=" ".join(f"#{line(tag)}" for tag in run.tags),
        remark="  ".join(filter(None, (line(run.note or ""), line(f"from {run.origin}" if run.origin else "")))),
    )


def _ended(run: RunSummary) -> str:
    if run.state == "failed":
        return line(run.error or "")
    return "not begun yet" if run.state == "stopped" and run.total_steps is None and not run.step else ""


def _places(runs: Sequence[RunSummary]) -> dict[Path, str]:
    """Where the runs stand that wait for a device, or would if their processes lived."""
    told, before = {}, dict[str | None, int]()
    for run in sorted((run for run in runs if run.place is not None), key=lambda run: run.place or 0):
        if fell_out(run):
            told[run.folder] = f"out of the queue; {actions.key(actions.MAIN, 'resume_run')} puts it back"
        else:
            before[run.device] = before.get(run.device, 0) + 1
            waits = ahead(runs, run.folder, run.device or "", run.place or 0)
            place = line(f"number {before[run.device]} in {run.device}'s queue")
            told[run.folder] = place if waits else "its turn: loading torch …"
    return told


def together(names: Sequence[str]) -> str:
    """Some runs in a sentence: the one, or how many."""
    return names[0] if len(names) == 1 else f"{len(names)} runs"
