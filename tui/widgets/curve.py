"""The live loss curve: the raw line dim, its smoothed line over it, on round axes."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from tui.follow import Curve
from tui.glyphs import glyphs
from tui.plot import Plot, column_of, draw
from tui.widgets.lines import Lines, strip


class LossCurve(Lines):
    """Draws one curve. The drawing library is imported by the first drawing, after the first paint."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("curve--raw", "curve--smooth", "curve--axis", "curve--label", "curve--mark"),
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._curve = Curve()
        self._total: int | None = None
        self._first = 0
        self._mark: int | None = None
        self.log_scale = False

    def show(self, curve: Curve, total: int | None, first: int = 0, mark: int | None = None) -> None:
        """Show a curve whose axis begins at step `first`; `mark` is a step to point at."""
        self._curve, self._total, self._first, self._mark = curve, total, first, mark
        self.redraw()

    def show_nothing(self) -> None:
        self.show(Curve(), None)

    def toggle_log(self) -> None:
        self.log_scale = not self.log_scale
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        self.redraw()

    def redraw(self) -> None:
        width, height = self.size
        margin = 8
        plot = draw(self._curve, self._total, self.log_scale, width - margin, height - 2, glyphs(), self._first)
        self.put(self._compose_rows(plot, margin) if plot else [])

    def _compose_rows(self, plot: Plot, margin: int) -> list[Strip]:
        raw, smooth, axis, label, mark = (
            self.get_component_rich_style(f"curve--{part}") for part in ("raw", "smooth", "axis", "label", "mark")
        )
        rows = []
        for y, (under, over) in enumerate(zip(plot.raw, plot.smooth, strict=True)):
            text = plot.y_labels.get(y, "")
            segments = [Segment(f"{text:>{margin - 2}} ", label), Segment("┤" if text else "│", axis)]
            segments += [
                Segment(b, smooth) if b not in " ⠀" else Segment(a if a != "⠀" else " ", raw)
                for a, b in zip(under, over, strict=True)
            ]
            rows.append(strip(segments))
        width = len(plot.raw[0])
        floor = "".join("┬" if x in plot.x_labels else "─" for x in range(width))
        at = column_of(self._mark, plot.first, plot.end, width) if self._mark is not None else -1
        pointed = [Segment(floor[:at], axis), Segment("▲", mark), Segment(floor[at + 1 :], axis)]
        below = pointed if 0 <= at < width else [Segment(floor, axis)]
        rows.append(strip([Segment(" " * (margin - 1)), Segment("└", axis), *below]))
        rows.append(strip([Segment(" " * margin), Segment(_spread(plot.x_labels, width), label)]))
        return rows


def _spread(labels: dict[int, str], width: int) -> str:
    """Labels centred under their columns, those that would touch left out."""
    line, end = "", -2
    for column, text in sorted(labels.items()):
        start = min(max(0, column - len(text) // 2), width - len(text))
        if start < end + 2 and end >= 0:
            continue
        line = line.ljust(start) + text
        end = start + len(text)
    return line
