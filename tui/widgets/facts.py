"""What there is to say of a run in a line or two: what it runs on, how fast, where it is."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from engine.runs.spans import number_at
from tui import formats
from tui.runs.follow import RunSnapshot
from tui.text import cut_end, line
from tui.widgets.lines import Lines, strip

GAP = 2  # cells between two
LABEL = Style(dim=True)
LONGEST_STAGE = 24  # cells of a stage's name


class Facts(Lines):
    """Lays them out in its own width: who shows it need not know that before there is a layout."""

    _run: RunSnapshot | None = None
    _laid_for = 0  # cells

    def show(self, run: RunSnapshot | None) -> None:
        """Repaint, and lay out, only what differs."""
        self._run, before = run, len(self._strips)
        self.put(self._lay())
        if len(self._strips) != before:
            self.refresh(layout=True)

    def _lay(self) -> list[Strip]:
        self._laid_for = self.size.width
        return facts(self._run, self._laid_for) if self._run is not None else []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(facts(self._run, width)) if self._run is not None else 0

    def render_line(self, y: int) -> Strip:
        if self._laid_for != self.size.width:  # before Resize is heard: nothing is painted that does not stay
            self._strips = self._lay()
        return super().render_line(y)


def facts(run: RunSnapshot, width: int) -> list[Strip]:
    """One line, or two where it is narrow: what it runs on, how fast, where it is."""
    latest, total = run.latest, run.total_steps
    name = run.start.get("device_name")
    device = str(run.start.get("device") or "")
    parts: list[tuple[str, str]] = [
        ("", f"{device} {line(str(name))}" if isinstance(name, str) and device.startswith("cuda") else device),
        ("step", f"{run.step}/{total}" if total else str(run.step)),
    ]
    if len(run.stages) > 1:
        number = number_at(run.stages, run.step)
        name = cut_end(line(run.stages[number].name), LONGEST_STAGE)
        parts.append(("stage", f"{name} {number + 1} of {len(run.stages)}"))
    if len(run.loss):
        parts.append(("loss", formats.loss(run.loss.values[-1])))
    if (rate := latest.get("lr")) is not None:
        parts.append(("lr", formats.rate(rate, digits=2)))  # a schedule changes the rest at every step
    if (speed := latest.get("images_per_s")) is not None:
        parts.append(("", f"{speed:.0f} images/s"))
    if run.seconds is not None:
        parts.append(("", formats.duration(run.seconds)))
    parts.append(("left", formats.duration(run.left)) if run.left is not None else ("", run.closing))
    return in_lines([(f"{label} " if label else "", line(value)) for label, value in parts if value], width)


def in_lines(parts: list[tuple[str, str]], width: int) -> list[Strip]:
    """The parts one after another, each its label and its value, in lines of `width` cells; none is broken in two."""
    lines: list[list[Segment]] = []
    used = 0
    for label, value in parts:
        taken = cell_len(label + value)
        if not lines or used + GAP + taken > width:
            lines.append([])
            used = 0
        else:
            lines[-1].append(Segment(" " * GAP))
            used += GAP
        lines[-1] += [*([Segment(label, LABEL)] if label else []), Segment(value)]
        used += taken
    return [strip(segments) for segments in lines]
