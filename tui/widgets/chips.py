"""The chips under the question: walked with the arrows, taken away or put back into the box by a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.keys import actions
from tui.scripts.chips import Chip
from tui.text import cell, shorten

GAP = 1


class ChipRow(Widget, can_focus=True):
    """What was understood, in as many lines as it needs; none is broken in two."""

    PLACE = actions.CHIPS
    BINDINGS = actions.bindings(actions.CHIPS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"chips--chip", "chips--doubt", "chips--cursor"}

    class Wish(Message):
        """`what` is to be done with a chip: "remove" or "edit"; "leave" and "question" go down and up from the row."""

        def __init__(self, what: str, index: int = 0) -> None:
            self.what, self.index = what, index
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._chips: Sequence[Chip] = ()
        self._cursor = 0

    @property
    def chips(self) -> Sequence[Chip]:
        return self._chips

    def show(self, chips: Sequence[Chip]) -> None:
        if list(chips) == list(self._chips):
            return
        self._chips = chips
        self._cursor = max(0, min(self._cursor, len(chips) - 1))
        self.display = bool(chips)
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[list[int]]:
        lines: list[list[int]] = [[]]
        used = 0
        for index, chip in enumerate(self._chips):
            wide = min(width, cell(chip.label).cell_len + 2)
            if used and used + GAP + wide > width:
                lines.append([])
                used = 0
            lines[-1].append(index)
            used += wide + (GAP if used else 0)
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        width, ground = self.size.width, self.rich_style
        lines = self._lines(width)
        segments: list[Segment] = []
        for index in lines[y] if y < len(lines) else []:
            chip = self._chips[index]
            kind = "doubt" if chip.kind == "unclear" else "chip"
            style = self.get_component_rich_style(f"chips--{kind}", partial=True)
            here = self.has_focus and index == self._cursor
            if here:
                style += self.get_component_rich_style("chips--cursor", partial=True)
            label = shorten(chip.label, max(1, width - 2))
            segments += [Segment(" " * GAP)] * bool(segments)
            segments.append(Segment(f"[{label}]" if here else f" {label} ", style))
        return Strip(segments).adjust_cell_length(width, ground).apply_style(ground)

    def _move(self, to: int) -> None:
        self._cursor = max(0, min(to, len(self._chips) - 1))
        self.refresh()

    def action_move(self, by: int) -> None:
        self._move(self._cursor + by)

    def action_remove(self) -> None:
        self._wish("remove")

    def action_edit(self) -> None:
        self._wish("edit")

    def action_question(self) -> None:
        self._wish("question")

    def action_leave(self) -> None:
        self._wish("leave")

    def _wish(self, what: str) -> None:
        if self._chips:
            self.post_message(self.Wish(what, self._cursor))

    def on_click(self, event: events.Click) -> None:
        lines, at = self._lines(self.size.width), 0
        for index in lines[event.y] if event.y < len(lines) else []:
            wide = cell(self._chips[index].label).cell_len + 2
            if at <= event.x < at + wide:
                self._move(index)
            at += wide + GAP

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
