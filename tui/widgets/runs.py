"""The list of runs: two lines each, with a state that is told in a sign and a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui import actions
from tui.glyphs import glyphs
from tui.overlay import SLOTS
from tui.rows import Row
from tui.spark import spark
from tui.text import cut_end, short_name
from tui.widgets.ground import Grounded

LINES = 2  # of a run
BAR, SPARK = 24, 24  # cells a progress bar and a curve have at most
LEAST = 5  # cells they have at least, where they are shown at all


class RunsList(Grounded, ScrollView, can_focus=True):
    """Rows with a cursor, several of which may be chosen; both stay on their runs while others come and go."""

    BINDINGS = actions.bindings(actions.RUNS, actions.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("runs--dim", "runs--accent", "runs--cursor", "runs--good", "runs--bad", "runs--warn"),
        *(f"runs--slot-{slot}" for slot in range(SLOTS)),
    }

    class Selected(Message):
        """The cursor is on another row, or its row is another than before."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    class Opened(Selected):
        """Enter was pressed on a row."""

    class Chosen(Message):
        """Other runs are chosen than before."""

    class Filtering(Message):
        """The list is to be filtered."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._cursor = 0
        self._chosen: dict[str, None] = {}  # keys, in the order they were chosen
        self._slots: Mapping[Path, int] = {}

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def selected(self) -> Row | None:
        return self._rows[self._cursor] if self._rows else None

    @property
    def chosen(self) -> list[Row]:
        """The chosen runs that are in the list, in the order they were chosen."""
        rows = {row.key: row for row in self._rows}
        return [rows[key] for key in self._chosen if key in rows]

    def colour(self, slots: Mapping[Path, int]) -> None:
        """Mark the runs whose curves are drawn with the colours they are drawn in."""
        if slots != self._slots:
            self._slots = dict(slots)
            self.refresh()

    def choose(self, keys: Sequence[str]) -> None:
        """Choose these runs and no others."""
        if list(keys) != list(self._chosen):
            self._chosen = dict.fromkeys(keys)
            self.refresh()
            self.post_message(self.Chosen())

    @property
    def seen(self) -> list[Row]:
        """The rows on the screen."""
        first = int(self.scroll_y) // LINES
        return list(self._rows[first : first + self.size.height // LINES + 2])

    def show(self, rows: Sequence[Row], *, select: str | None = None) -> None:
        """Show these rows; go to the one with key `select`, else stay on the one that was selected."""
        if list(rows) == list(self._rows) and select is None:
            return
        old, before = self._rows, self.selected
        self._rows = rows
        wanted = select or (before.key if before else None)
        keys = [row.key for row in rows]
        self.choose([key for key in self._chosen if key in keys])
        self._cursor = keys.index(wanted) if wanted in keys else min(self._cursor, max(0, len(rows) - 1))
        if len(old) != len(rows):
            self.virtual_size = Size(1, len(rows) * LINES)
        for index, row in enumerate(rows):
            if index >= len(old) or old[index] != row:
                self._refresh_row(index)
        after = self.selected
        if len(old) > len(rows) or before is None or (after is not None and after.key != before.key):
            self.refresh()
        if after is not None and (before is None or before.key != after.key):
            self._moved()
        elif after is not None and after != before:
            self.post_message(self.Selected(after))

    def _refresh_row(self, index: int) -> None:
        self.refresh(Region(0, index * LINES - round(self.scroll_y), self.size.width, LINES))

    def move(self, to: int) -> None:
        to = max(0, min(len(self._rows) - 1, to))
        if self._rows and to != self._cursor:
            self._refresh_row(self._cursor)
            self._cursor = to
            self._moved()

    def _moved(self) -> None:
        self._refresh_row(self._cursor)
        self.scroll_to_region(Region(0, self._cursor * LINES, 1, LINES), animate=False, force=True)
        if self.selected is not None:
            self.post_message(self.Selected(self.selected))

    def action_cursor_down(self) -> None:
        self.move(self._cursor + 1)

    def action_cursor_up(self) -> None:
        self.move(self._cursor - 1)

    def action_first(self) -> None:
        self.move(0)

    def action_last(self) -> None:
        self.move(len(self._rows) - 1)

    def action_page_down(self) -> None:
        self.move(self._cursor + max(1, self.size.height // LINES))

    def action_page_up(self) -> None:
        self.move(self._cursor - max(1, self.size.height // LINES))

    def action_choose(self) -> None:
        """Choose the run under the cursor, or leave it out again, and go to the next."""
        row = self.selected
        if row is not None and row.folder is not None:
            others = [key for key in self._chosen if key != row.key]
            self.choose(others if row.key in self._chosen else [*others, row.key])
            self.move(self._cursor + 1)

    def action_choose_all(self) -> None:
        """Choose every run in the list, or none where they are."""
        keys = [row.key for row in self._rows if row.folder is not None]
        self.choose([] if len(self._chosen) == len(keys) else keys)

    def action_filter(self) -> None:
        self.post_message(self.Filtering())

    def action_open(self) -> None:
        if self.selected is not None:
            self.post_message(self.Opened(self.selected))

    def on_click(self, event: events.Click) -> None:
        self.move((event.y + round(self.scroll_y)) // LINES)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        index, second = divmod(y + round(self.scroll_y), LINES)
        if index >= len(self._rows):
            return Strip.blank(width, self.ground)
        row, here = self._rows[index], index == self._cursor
        segments = self._second_line(row, width) if second else self._first_line(row, width, here)
        ground = self.ground
        if here and self.has_focus:
            ground += self.get_component_rich_style("runs--cursor", partial=True)
        return Strip(segments).adjust_cell_length(width, ground).apply_style(ground)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"runs--{part}", partial=True)

    def _state_style(self, state: str) -> Style:
        part = {"running": "accent", "finished": "good", "failed": "bad", "lost": "warn"}.get(state, "dim")
        return self._style(part)

    def _first_line(self, row: Row, width: int, here: bool) -> list[Segment]:
        signs = glyphs()
        sign = signs.states.get(row.state, "·")
        marks = [self._mark(row)] if row.key in self._chosen else []
        marks += [Segment(f"{signs.pinned} ", self._style("accent"))] if row.pinned else []
        room = max(1, width - cell_len(row.told) - 5 - 2 * len(marks))
        name = short_name(row.name, room)
        state = self._style("warn") if row.stalled else self._state_style(row.state)
        return [
            Segment("▌" if here else " ", self._style("accent")),
            Segment(f"{sign} ", state),
            *marks,
            Segment(name + " " * (room - cell_len(name)), Style(bold=here)),
            Segment(f" {row.told} ", state + Style(bold=here)),  # of 16 colours some are dark on the cursor's
        ]

    def _mark(self, row: Row) -> Segment:
        """That a run is chosen, and as which of the lines in the plot."""
        slot = self._slots.get(row.folder) if row.folder else None
        if slot is None:
            return Segment(f"{glyphs().selected} ", self._style("accent"))
        return Segment(f"{glyphs().markers[slot]} ", self._style(f"slot-{slot}"))

    def _second_line(self, row: Row, width: int) -> list[Segment]:
        """Progress and the curve at a glance where there is room for them, and what can be told in figures."""
        signs, room = glyphs(), max(0, width - 4)
        edge = Segment("▌" if self.selected is row else " ", self._style("accent"))
        if row.note:
            return [edge, Segment("  "), Segment(cut_end(row.note, room), self._style("dim"))]
        percent = f"{row.done:.0%}" if row.done is not None else ""
        unfinished, choices = row.done is not None and row.done < 1, _told(row, percent)
        # Of a run that goes on, progress and curve say more than the number of its step.
        both = choices[:4] if unfinished and row.curve else []
        told = next((t for t in both if cell_len(t) + 2 * LEAST + 3 <= room), "")
        told = told or next((t for t in choices if cell_len(t) + LEAST + 1 <= room), percent)
        left = room - cell_len(told) - 1
        segments = [edge, Segment("  ")]
        if unfinished and (bar := min(BAR, left if left < 2 * LEAST + 1 or not row.curve else left // 2)) > 2:
            full = round(bar * (row.done or 0))
            segments += [
                Segment(signs.full * full, self._state_style(row.state)),
                Segment(signs.empty * (bar - full) + " ", self._style("dim")),
            ]
            left -= bar + 1
        if left >= LEAST and (curve := spark(row.curve, min(SPARK, left), signs.levels)):
            segments.append(Segment(curve + " ", self._style("accent" if row.state == "running" else "dim")))
        return [*segments, Segment(cut_end(told, room), self._style("dim"))]


def _told(row: Row, percent: str) -> list[str]:
    """What the second line may say beside the bar, most first."""
    short = row.time.removesuffix(" left")
    choices = (
        (row.steps, row.loss and f"loss {row.loss}", row.time),
        (row.steps, row.loss, row.time),
        (row.steps, row.loss, short),
        *(((row.loss, short), (short,)) if row.state == "running" and row.done == 1 else ()),  # what it does then
        (percent, row.loss, short),
        (percent, row.loss),
        (percent,),
    )
    return [" ".join(part for part in choice if part) for choice in choices]
