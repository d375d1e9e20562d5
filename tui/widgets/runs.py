"""The list of runs: two lines each, with a state that is told in a sign and a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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

from engine.runlist import RunSummary
from tui import actions, formats
from tui.glyphs import glyphs
from tui.session import Launch
from tui.text import cut_end, line, short_name

LINES = 2  # of a run
BAR = 24  # cells a progress bar has at most


@dataclass(frozen=True)
class Row:
    """A run in the list. `folder` is None for one that is starting or did not start; `key` is stable meanwhile."""

    key: str
    name: str
    state: str
    folder: Path | None = None
    done: float | None = None
    steps: str = ""
    loss: str = ""
    time: str = ""
    note: str = ""


def rows_of(launches: Iterable[Launch], runs: Iterable[RunSummary], stopping: Iterable[Path]) -> list[Row]:
    """What the list shows: what is starting first, then the runs as they come."""
    waiting = [
        Row(str(one.log), line(one.name), "failed" if one.error else "starting", note=one.error or "loading torch …")
        for one in launches
    ]
    asked = set(stopping)
    return [*waiting, *(_row(run, run.folder in asked) for run in runs)]


def _row(run: RunSummary, stopping: bool) -> Row:
    total = run.total_steps if run.total_steps and run.total_steps > 0 else None
    spent = formats.duration(run.seconds) if run.seconds is not None else ""
    left = f"{formats.duration(run.left)} left" if run.left is not None else spent
    return Row(
        key=str(run.folder),
        name=line(run.name or run.id),
        state="stopping" if stopping and run.state == "running" else run.state,
        folder=run.folder,
        done=min(1.0, max(0.0, run.step / total)) if total else None,
        steps=f"{formats.count(run.step)}/{formats.count(total)}" if total else formats.count(run.step),
        loss=formats.loss(run.loss) if run.loss is not None else "",
        time=left if run.state == "running" else spent,
        note=_note(run),
    )


def _note(run: RunSummary) -> str:
    """What the second line says instead of a run's progress."""
    if run.state == "queued":
        return line(f"number {run.place} in line for {run.device}")
    return line(run.error or "") if run.state == "failed" else ""


class RunsList(ScrollView, can_focus=True):
    """Rows with a cursor. The cursor stays on its run while others come and go."""

    BINDINGS = actions.bindings(actions.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("runs--dim", "runs--accent", "runs--cursor", "runs--good", "runs--bad", "runs--warn"),
    }

    class Selected(Message):
        """The cursor is on another row, or its row is another than before."""

        def __init__(self, row: Row) -> None:
            self.row = row
            super().__init__()

    class Opened(Selected):
        """Enter was pressed on a row."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._cursor = 0

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def selected(self) -> Row | None:
        return self._rows[self._cursor] if self._rows else None

    def show(self, rows: Sequence[Row], *, select: str | None = None) -> None:
        """Show these rows; go to the one with key `select`, else stay on the one that was selected."""
        if list(rows) == list(self._rows) and select is None:
            return
        old, before = self._rows, self.selected
        self._rows = rows
        wanted = select or (before.key if before else None)
        keys = [row.key for row in rows]
        self._cursor = keys.index(wanted) if wanted in keys else min(self._cursor, max(0, len(rows) - 1))
        if len(old) != len(rows):
            self.virtual_size = Size(1, len(rows) * LINES)
        for index, row in enumerate(rows):
            if index >= len(old) or old[index] != row:
                self._refresh_row(index)
        if len(old) > len(rows) or before is None:
            self.refresh()
        after = self.selected
        if after is not None and (before is None or before.key != after.key):
            self._moved()
        elif after is not None and after != before:
            self.post_message(self.Selected(after))

    def _refresh_row(self, index: int) -> None:
        self.refresh(Region(0, index * LINES - round(self.scroll_y), self.size.width, LINES))

    def move(self, to: int) -> None:
        to = max(0, min(len(self._rows) - 1, to))
        if self._rows and to != self._cursor:
            self._cursor = to
            self._moved()

    def _moved(self) -> None:
        self.refresh()
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
            return Strip.blank(width, self.rich_style)
        row, here = self._rows[index], index == self._cursor
        segments = self._second_line(row, width) if second else self._first_line(row, width, here)
        ground = self.rich_style
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
        room = max(1, width - cell_len(row.state) - 5)
        name = short_name(row.name, room)
        return [
            Segment("▌" if here else " ", self._style("accent")),
            Segment(f"{sign} ", self._state_style(row.state)),
            Segment(name + " " * (room - cell_len(name)), Style(bold=here)),
            Segment(f" {row.state} ", self._state_style(row.state)),
        ]

    def _second_line(self, row: Row, width: int) -> list[Segment]:
        signs, room = glyphs(), max(0, width - 4)
        edge = Segment("▌" if self.selected is row else " ", self._style("accent"))
        if row.note:
            return [edge, Segment("  "), Segment(cut_end(row.note, room), self._style("dim"))]
        percent = f"{row.done:.0%}" if row.done is not None else ""
        told = next((t for t in _told(row, percent) if cell_len(t) + 5 <= room), percent)
        bar = min(BAR, room - cell_len(told) - 1)
        segments = [edge, Segment("  ")]
        if row.done is not None and bar > 2:
            full = round(bar * row.done)
            segments += [
                Segment(signs.full * full, self._state_style(row.state)),
                Segment(signs.empty * (bar - full) + " ", self._style("dim")),
            ]
        return [*segments, Segment(cut_end(told, room), self._style("dim"))]


def _told(row: Row, percent: str) -> list[str]:
    """What the second line may say beside the bar, most first."""
    short = row.time.removesuffix(" left")
    choices = (
        (row.steps, row.loss and f"loss {row.loss}", row.time),
        (row.steps, row.loss, row.time),
        (row.steps, row.loss, short),
        (percent, row.loss, short),
        (percent, row.loss),
        (percent,),
    )
    return [" ".join(part for part in choice if part) for choice in choices]
