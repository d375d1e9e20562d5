"""The list of runs: two lines each, with a state that is told in a sign and a word; a table where it is wide."""

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

from tui.keys import actions
from tui.painting.glyphs import glyphs
from tui.plotting.overlay import SLOTS
from tui.plotting.spark import spark
from tui.runs.columns import CURVE, DONE, GAP, STATE, WIDE, Laid, lay, said_of
from tui.runs.rows import Row
from tui.text import cut_end, cut_paths, short_name, short_names
from tui.widgets.ground import Grounded

LINES = 2  # of a run, where the list is no table
BAR, SPARK = 24, 24  # cells a progress bar and a curve have at most
LEAST = 5  # cells they have at least, where they are shown at all
MARK = 2  # cells of a sign before a name
AROUND = 5  # cells of the first line that are neither a name nor a state
LONGEST_STATE = len("finished")


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
        self._table: Laid | None = None  # while the list is one
        self._laid_for = 0  # cells
        self._names: Mapping[str, str] = {}  # as they are told in the room there is
        self._named_for: tuple[int, Mapping[str, None]] = (0, {})
        self._measured = LINES  # lines a run had when the list was measured

    @property
    def _lines(self) -> int:
        return LINES if self._table is None else 1

    @property
    def _head(self) -> int:
        """Lines above the first run: the titles of the columns, which stay there."""
        return 0 if self._table is None else 1

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
            self._call_runs()
            self.refresh()
            self.post_message(self.Chosen())

    @property
    def seen(self) -> list[Row]:
        """The rows on the screen."""
        first = int(self.scroll_y) // self._lines
        return list(self._rows[first : first + self.size.height // self._lines + 2])

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
            self._measure()
        self._lay()
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

    def _measure(self) -> None:
        self._measured = self._lines
        self.virtual_size = Size(1, len(self._rows) * self._lines + self._head)

    def _lay(self) -> None:
        """A table where there is the width for one; its columns are as wide as what is in them."""
        before = self._table
        self._fit()
        if self._measured != self._lines:
            self._measure()
            self.scroll_to(y=0, animate=False, force=True)  # as many lines as before may not be there
            self.call_after_refresh(self._reveal)
        if before != self._table:
            self.refresh()

    def _fit(self) -> None:
        width = self._laid_for = self.size.width
        self._table = lay(self._rows, width) if width >= WIDE and self._rows else None
        self._call_runs()

    def _call_runs(self) -> None:
        """All runs in one form, for which each has room, be it chosen, pinned or stalled."""
        beside = max([LONGEST_STATE, *(cell_len(row.told) for row in self._rows)])
        room = self._table.name if self._table is not None else self._laid_for - beside - AROUND
        room -= MARK * (any(row.pinned for row in self._rows) + bool(self._chosen))
        names = dict.fromkeys(row.name for row in self._rows)
        if (room, names) != self._named_for:
            self._named_for = room, names
            self._names = short_names(names, max(1, room))
            self.refresh()

    def on_resize(self) -> None:
        self._lay()

    def _refresh_row(self, index: int) -> None:
        lines = self._lines
        self.refresh(Region(0, index * lines + self._head - round(self.scroll_y), self.size.width, lines))

    def move(self, to: int) -> None:
        to = max(0, min(len(self._rows) - 1, to))
        if self._rows and to != self._cursor:
            self._refresh_row(self._cursor)
            self._cursor = to
            self._moved()

    def _moved(self) -> None:
        self._refresh_row(self._cursor)
        self._reveal()
        if self.selected is not None:
            self.post_message(self.Selected(self.selected))

    def _reveal(self) -> None:
        lines = self._lines
        self.scroll_to_region(Region(0, self._cursor * lines, 1, lines + self._head), animate=False, force=True)

    def action_cursor_down(self) -> None:
        self.move(self._cursor + 1)

    def action_cursor_up(self) -> None:
        self.move(self._cursor - 1)

    def action_first(self) -> None:
        self.move(0)

    def action_last(self) -> None:
        self.move(len(self._rows) - 1)

    def action_page_down(self) -> None:
        self.move(self._cursor + max(1, self.size.height // self._lines - self._head))

    def action_page_up(self) -> None:
        self.move(self._cursor - max(1, self.size.height // self._lines - self._head))

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
        if event.y >= self._head:
            self.move((event.y - self._head + round(self.scroll_y)) // self._lines)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self._laid_for != width:  # before Resize is heard: nothing is painted that does not stay
            self._fit()
        if y < self._head:
            return Strip(self._titles()).adjust_cell_length(width, self.ground).apply_style(self.ground)
        index, second = divmod(y - self._head + round(self.scroll_y), self._lines)
        if index >= len(self._rows):
            return Strip.blank(width, self.ground)
        row, here = self._rows[index], index == self._cursor
        if self._table is not None:
            segments = self._one_line(row, self._table, here)
        else:
            segments = self._second_line(row, width) if second else self._first_line(row, width, here)
        ground = self.ground
        if here and self.has_focus:
            ground += self._style("cursor")
        return Strip(segments).adjust_cell_length(width, ground).apply_style(ground)

    def _style(self, part: str) -> Style:
        return self.part_style(f"runs--{part}")

    def _state_style(self, state: str) -> Style:
        part = {"running": "accent", "finished": "good", "failed": "bad", "lost": "warn"}.get(state, "dim")
        return self._style(part)

    def _titles(self) -> list[Segment]:
        """Of the columns of the table."""
        table, style = self._table, self._style("dim")
        if table is None:
            return []
        parts = ["   " + " " * table.name]
        parts += [f"{one.title:>{wide}}" if one.right else f"{one.title:<{wide}}" for one, wide in table.columns]
        return [Segment((" " * GAP).join(parts), style)]

    def _one_line(self, row: Row, table: Laid, here: bool) -> list[Segment]:
        """A run as a row of the table."""
        segments = self._named(row, table.name, here)
        for column, wide in table.columns:
            segments.append(Segment(" " * GAP))
            if column is DONE:
                segments += self._bar(row, wide) if row.done is not None else [Segment(" " * wide)]
            elif column is CURVE:
                segments.append(self._spark(row, wide))
            elif column.text is not None:
                text = cut_end(column.text(row), wide)
                pad = " " * (wide - cell_len(text))
                style = self._told_style(row, here) if column is STATE else Style()
                segments.append(Segment(pad + text if column.right else text + pad, style))
        if table.said:
            segments.append(Segment(" " * GAP + cut_paths(said_of(row), table.said), self._style("dim")))
        return segments

    def _named(self, row: Row, room: int, here: bool) -> list[Segment]:
        """The edge of the cursor, the sign of the state, and in `room` cells what marks a run and its name."""
        signs = glyphs()
        marks = [self._mark(row)] if row.key in self._chosen else []
        marks += [Segment(f"{signs.pinned} ", self._style("accent"))] if row.pinned else []
        room = max(1, room - MARK * len(marks))
        name = self._names.get(row.name, "")
        if not name or cell_len(name) > room:
            name = short_name(row.name, room)
        return [
            Segment("▌" if here else " ", self._style("accent")),
            Segment(f"{signs.states.get(row.state, '·')} ", self._told_style(row, False)),
            *marks,
            Segment(name + " " * (room - cell_len(name)), Style(bold=here)),
        ]

    def _told_style(self, row: Row, here: bool) -> Style:
        style = self._style("warn") if row.stalled else self._state_style(row.state)
        return style + Style(bold=here)  # of 16 colours some are dark on the cursor's

    def _first_line(self, row: Row, width: int, here: bool) -> list[Segment]:
        named = self._named(row, width - cell_len(row.told) - AROUND, here)
        return [*named, Segment(f" {row.told} ", self._told_style(row, here))]

    def _bar(self, row: Row, width: int) -> list[Segment]:
        signs, full = glyphs(), round(width * (row.done or 0))
        return [
            Segment(signs.full * full, self._state_style(row.state)),
            Segment(signs.empty * (width - full), self._style("dim")),
        ]

    def _spark(self, row: Row, width: int) -> Segment:
        curve = spark(row.curve, width, glyphs().levels)
        return Segment(f"{curve:<{width}}", self._style("accent" if row.state == "running" else "dim"))

    def _mark(self, row: Row) -> Segment:
        """That a run is chosen, and as which of the lines in the plot."""
        slot = self._slots.get(row.folder) if row.folder else None
        if slot is None:
            return Segment(f"{glyphs().selected} ", self._style("accent"))
        return Segment(f"{glyphs().markers[slot]} ", self._style(f"slot-{slot}"))

    def _second_line(self, row: Row, width: int) -> list[Segment]:
        """Progress and the curve at a glance where there is room for them, and what can be told in figures."""
        room = max(0, width - 4)
        edge = Segment("▌" if self.selected is row else " ", self._style("accent"))
        if row.note:
            return [edge, Segment("  "), Segment(cut_end(row.note, room), self._style("dim"))]
        percent = f"{row.done:.0%}" if row.done is not None else ""
        unfinished, choices = row.done is not None and row.done < 1, _told(row, percent)
        # Of a run that goes on, progress and curve say more than the number of its step.
        both = [t for t in choices if row.time in t] if unfinished and row.curve else []
        told = next((t for t in both if cell_len(t) + 2 * LEAST + 2 <= room), "")
        told = told or next((t for t in choices if cell_len(t) + LEAST + 1 <= room), percent)
        left = room - cell_len(told) - 1
        segments = [edge, Segment("  ")]
        if unfinished and (bar := min(BAR, left if left < 2 * LEAST + 1 or not row.curve else left // 2)) > 2:
            segments += [*self._bar(row, bar), Segment(" ")]
            left -= bar + 1
        if left >= LEAST and row.curve:
            segments += [self._spark(row, min(SPARK, left, len(row.curve))), Segment(" ")]
        return [*segments, Segment(cut_end(told, room), self._style("dim"))]


def _told(row: Row, percent: str) -> list[str]:
    """What the second line may say beside the bar, most first."""
    choices = (
        (row.steps, row.loss and f"loss {row.loss}", row.time),
        (row.steps, row.loss, row.time),
        *(((row.loss, row.time), (row.time,)) if row.state == "running" and row.done == 1 else ()),  # what it does then
        (percent, row.loss, row.time),
        *(((row.loss, row.time),) if row.state == "running" else ()),  # the bar tells the percentage
        (percent, row.loss),
        (percent,),
    )
    return [" ".join(part for part in choice if part) for choice in choices]
