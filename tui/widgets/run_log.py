"""The log of a run, following what is written."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.cells import chop_cells
from rich.segment import Segment
from textual import work
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.keys import actions
from tui.runs.transcript import Said, Transcript
from tui.widgets.ground import Grounded

LOOK = 0.25  # seconds
HANG = 2  # cells further right that a line goes on
NOTHING = "Nothing was written yet. A run in the foreground prints to its own terminal."


class RunLog(Grounded, ScrollView, can_focus=True):
    """Lines, wrapped at the width there is. At its end it follows; scrolled up it stays where it is."""

    PLACE = actions.LOG
    BINDINGS = actions.bindings(actions.LOG)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--heading"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said: Sequence[Said] = ()
        self._rows: list[Said] = []
        self._following = True

    @work(group="log", exclusive=True, exit_on_error=False)
    async def follow(self, run: Path) -> None:
        """Show what is in a run's log and what comes, until another is followed or the log is put away."""
        transcript = Transcript(run)
        self._following = True
        self._show([])
        while True:
            if await asyncio.to_thread(transcript.look):
                self._show(transcript.lines)
            await asyncio.sleep(LOOK)

    def put_away(self) -> None:
        self.workers.cancel_group(self, "log")

    def _show(self, said: Sequence[Said]) -> None:
        self._said = said
        width = max(1, self.size.width - 2)
        lines = said or [Said(NOTHING, heading=True)]
        self._rows = [Said(part, one.heading) for one in lines for part in _wrapped(one.text, width)]
        self.virtual_size = Size(1, len(self._rows))
        if self._following:
            self.call_after_refresh(self.scroll_end, animate=False)
        self.refresh()

    def on_resize(self) -> None:
        self._show(self._said)

    def render_line(self, y: int) -> Strip:
        ground, width = self.ground, self.size.width
        index = y + round(self.scroll_y)
        if index >= len(self._rows):
            return Strip.blank(width, ground)
        row = self._rows[index]
        style = self.part_style("log--heading") if row.heading else None
        return Strip([Segment(f" {row.text}", style)]).adjust_cell_length(width, ground).apply_style(ground)

    def _scroll(self, by: int) -> None:
        self._following = self.scroll_y + by >= self.max_scroll_y
        self.scroll_relative(y=by, animate=False)

    def on_mouse_scroll_up(self) -> None:
        self._following = False

    def action_scroll_lines(self, by: int) -> None:
        self._scroll(by)

    def action_scroll_pages(self, by: int) -> None:
        self._scroll(by * max(1, self.size.height - 1))

    def action_first(self) -> None:
        self._following = False
        self.scroll_home(animate=False)

    def action_last(self) -> None:
        self._following = True
        self.scroll_end(animate=False)


def _wrapped(text: str, width: int) -> list[str]:
    """A line in parts of at most `width` cells, broken between words where that is possible."""
    if not text.isascii():
        return chop_cells(text, width) or [""]
    if len(text) <= width:  # as most lines are
        return [text]
    return textwrap.wrap(text, width, subsequent_indent=" " * min(HANG, width - 1), replace_whitespace=False) or [""]
