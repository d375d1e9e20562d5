"""A widget that is a list of strips and repaints only the cells that differ from the last ones.

Over SSH what is sent is what is slow: a curve that grows by a point costs a few cells, not its whole area.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.ground import Grounded


class Lines(Grounded, Widget):
    """Shows strips from its upper left corner; what lies beyond them is blank."""

    _strips: Sequence[Strip] = ()

    def put(self, strips: Sequence[Strip]) -> None:
        """Show these instead, repainting what differs."""
        before, self._strips = self._strips, strips
        regions = []
        for y in range(max(len(before), len(strips))):
            old = before[y] if y < len(before) else Strip.blank(0)
            new = strips[y] if y < len(strips) else Strip.blank(0)
            if old is not new and (span := changed(old, new)):
                regions.append(Region(span[0], y, span[1] - span[0], 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._strips):
            return Strip.blank(width, self.ground)
        return self._strips[y].adjust_cell_length(width, self.ground).apply_style(self.ground)


def changed(old: Strip, new: Strip) -> tuple[int, int] | None:
    """The columns [first, last) that differ between two strips, to the segment."""
    if old == new:
        return None
    before, after = list(old), list(new)
    first = 0
    while before and after and before[0] == after[0]:
        first += before.pop(0).cell_length
        after.pop(0)
    last = max(old.cell_length, new.cell_length)
    if old.cell_length == new.cell_length:
        while before and after and before[-1] == after[-1]:
            last -= before.pop().cell_length
            after.pop()
    return (first, last) if last > first else None


def strip(segments: list[Segment]) -> Strip:
    return Strip(segments).simplify()
