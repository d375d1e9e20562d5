"""What there is to say of a run in a line or two: what it runs on, how fast, where it is."""

from __future__ import annotations

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from engine.spans import number_at
from tui import formats
from tui.follow import RunSnapshot
from tui.text import cut_end, line, wrapped

LONGEST_STAGE = 24  # cells of a stage's name


class Facts(Widget):
    """Lays them out in its own width: who shows it need not know that before there is a layout."""

    _run: RunSnapshot | None = None
    _shown = Text()

    def show(self, run: RunSnapshot | None) -> None:
        """Repaint, and lay out, only what differs."""
        self._run, before = run, self._shown
        text = self._lay(self.size.width)
        if text != before:
            self.refresh(layout=_lines(text) != _lines(before))

    def _lay(self, width: int) -> Text:
        return facts(self._run, width) if self._run is not None else Text()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return _lines(self._lay(width))

    def render(self) -> Text:
        self._shown = self._lay(self.size.width)
        return self._shown


def _lines(text: Text) -> int:
    return text.plain.count("\n") + 1 if text.plain else 0


def facts(run: RunSnapshot, width: int) -> Text:
    """One line, or two where it is narrow: what it runs on, how fast, where it is. A fact is never broken in two."""
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
    told = (Text.assemble((f"{label} " if label else "", "dim"), line(value)) for label, value in parts if value)
    return wrapped(told, width)
