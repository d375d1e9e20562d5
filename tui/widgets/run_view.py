"""The middle pane: one run's facts, its loss curve, its newest samples."""

from __future__ import annotations

import shlex

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from tui import formats
from tui.follow import RunSnapshot
from tui.text import block, cell, line, wrapped
from tui.widgets.curve import LossCurve
from tui.widgets.picture import Picture


class RunView(Vertical, can_focus=True):
    """Shows snapshots of one run, or what to do where there is none."""

    def compose(self) -> ComposeResult:
        yield Static(id="facts", markup=False)
        yield Static(id="note", markup=False)
        yield LossCurve(id="curve")
        yield Static(id="grid-title", classes="caption", markup=False)
        yield Picture(id="grid")
        yield Static(id="strip-title", classes="caption", markup=False)
        yield Picture(id="strip")

    def on_mount(self) -> None:
        self._snapshot: RunSnapshot | None = None

    @property
    def snapshot(self) -> RunSnapshot | None:
        return self._snapshot

    def say(self, text: Text) -> None:
        """No run to show: say why, and what to do."""
        self._snapshot = None
        self.set_class(True, "-empty")
        self._tell("#facts", Text())
        self._tell("#note", text)
        self.query_one(LossCurve).show_nothing()
        for picture in self.query(Picture):
            picture.show(None)

    def show(self, snapshot: RunSnapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        same_run = before is not None and before.folder == snapshot.folder
        if not same_run or before is None or _note(before) != _note(snapshot):
            self._release_heights()
        self.set_class(False, "-empty")
        self._tell("#facts", facts(snapshot, self.content_size.width))
        self._tell("#note", _note(snapshot))
        self.query_one(LossCurve).show(snapshot.loss, snapshot.total_steps)
        sample = snapshot.sample
        if not same_run or before is None or before.sample != sample:
            self.set_class(sample is not None, "-sampled")
            self.set_class(sample is not None and sample.strip is not None, "-strip")
            self.query_one("#grid", Picture).show(sample.path if sample else None)
            self.query_one("#strip", Picture).show(sample.strip if sample else None)

    def toggle_log(self) -> None:
        self.query_one(LossCurve).toggle_log()

    def _release_heights(self) -> None:
        for picture in self.query(Picture):
            picture.release()

    def on_resize(self) -> None:
        self._release_heights()
        if self._snapshot is not None:
            self._tell("#facts", facts(self._snapshot, self.content_size.width))

    def _tell(self, selector: str, text: Text) -> None:
        """Update a line where it differs: an update repaints, and more."""
        widget = self.query_one(selector, Static)
        if widget.content != text:
            widget.update(text)
            widget.display = bool(text.plain)

    def on_picture_changed(self, message: Picture.Changed) -> None:
        message.stop()
        drawn, snapshot = message.drawn, self._snapshot
        if snapshot is None or snapshot.sample is None:
            return
        dot = " · "
        step = f"step {snapshot.sample.step}"
        more = "" if self.screen.has_class("-zoomed") else f"{dot}2 z: more"
        part = f"{drawn.shown} of {drawn.total}{more}" if drawn.shown < drawn.total else ""
        if message.picture.id == "grid":
            parts = [drawn.problem] if drawn.problem else ["samples", step, part]
            title = cell(dot.join(p for p in parts if p))
        else:
            title = cell(drawn.problem or "denoising, noise to image")
        self.query_one(f"#{message.picture.id}-title", Static).update(title)


def facts(run: RunSnapshot, width: int) -> Text:
    """One line, or two where it is narrow: what it runs on, how fast, where it is. A fact is never broken in two."""
    latest, total = run.latest, run.total_steps
    name = run.start.get("device_name")
    device = str(run.start.get("device") or "")
    parts: list[tuple[str, str]] = [
        ("", f"{device} {line(str(name))}" if isinstance(name, str) and device.startswith("cuda") else device),
        ("step", f"{run.step}/{total}" if total else str(run.step)),
    ]
    if len(run.loss):
        parts.append(("loss", formats.loss(run.loss.values[-1])))
    if (rate := latest.get("lr")) is not None:
        parts.append(("lr", formats.rate(rate, digits=2)))  # a schedule changes the rest at every step
    if (speed := latest.get("images_per_s")) is not None:
        parts.append(("", f"{speed:.0f} images/s"))
    if run.seconds is not None:
        parts.append(("", formats.duration(run.seconds)))
    if run.left is not None:
        parts.append(("left", formats.duration(run.left)))
    told = (Text.assemble((f"{label} " if label else "", "dim"), line(value)) for label, value in parts if value)
    return wrapped(told, width)


_TOLD = {
    "lost": "Lost: the trainer was killed or its machine went down.",
    "stopped": "Stopped with a checkpoint.",
}


def _note(run: RunSnapshot) -> Text:
    """What a person should know about the run, if there is anything."""
    if run.gone:
        return block("The run's folder is no longer there.", "bold")
    if run.error:
        return block(line(run.error), "bold")
    if run.state in _TOLD:
        text = Text(f"{_TOLD[run.state]} To go on:\n", "dim")
        return text.append(f"diffwb --train --resume {shlex.quote(line(run.id))}")
    if run.warning:
        return block(f"warning: {line(run.warning)}", "dim")
    if run.state == "running" and not len(run.loss):
        return block("The first point of the curve is on its way …", "dim")
    return Text()
