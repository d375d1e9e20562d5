"""The wide table: seventeen columns, the first two in place, in any order, with those hidden that are not wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.message import Message
from textual.strip import Strip
from textual.widgets import DataTable

from tui.keys import actions
from tui.painting.glyphs import glyphs
from tui.scripts.table import COLUMNS, DIM, FROZEN, Column, Result, cells, ordered, widths
from tui.text import apart, cell

KEYS = tuple(column.key for column in COLUMNS)
BAR = 3  # cells of the bar beside rows that do not all fit, and of the mark in the title that they are sorted by
LIKENESS = tuple(place for place, key in enumerate(KEYS) if key.startswith("similarity"))


@dataclass(frozen=True)
class Layout:
    """How the table is looked at. `sort` is a column's key, None for the order of their ranks."""

    sort: str | None = None
    descending: bool = False
    hidden: frozenset[str] = frozenset()

    @classmethod
    def of(cls, left: Mapping[str, Any]) -> Layout:
        """The layout that was left; what it cannot be is as at first."""
        sort, hidden = left.get("sort"), left.get("hidden")
        return cls(
            sort if sort in KEYS else None,
            left.get("descending") is True,
            frozenset(key for key in hidden if key in KEYS[FROZEN:]) if isinstance(hidden, list) else frozenset(),
        )

    @property
    def order(self) -> dict[str, Any] | None:
        """What the search is asked to sort by."""
        return {"field": self.sort, "descending": self.descending} if self.sort else None

    def told(self, how: str) -> list[str]:
        """By what it is sorted, `how`, if not by rank; how many columns are hidden; and the key that changes it."""
        parts = []
        title = next((column.title for column in COLUMNS if column.key == self.sort), "")
        if title and (self.sort != "rank" or self.descending):
            parts.append(f"{how} by {title} {glyphs().down if self.descending else glyphs().up}")
        if count := len(self.hidden):
            parts.append(f"{count} column{'' if count == 1 else 's'} hidden")
        return [*parts[:-1], f"{parts[-1]} ({actions.key(actions.RESULTS, 'columns')})"] if parts else []

    def to_json(self) -> dict[str, Any]:
        kept = self if self.sort != "rank" else Layout()  # of another question the last found come first for nobody
        return {"sort": kept.sort, "descending": kept.descending, "hidden": sorted(self.hidden)}

    def sorted_by(self, key: str) -> Layout:
        """By this column; by it already, the other way round; by rank is how they were found."""
        if key == "rank":
            return replace(self, sort=None, descending=False)
        return replace(self, sort=key, descending=self.sort == key and not self.descending)

    def toggled(self, key: str) -> Layout:
        """Show or hide a column; those in place stay."""
        return self if key in KEYS[:FROZEN] else replace(self, hidden=self.hidden ^ {key})


class ResultsTable(DataTable[Text], inherit_bindings=False):
    """Rows of results with a cursor. Some may be chosen, to be compared."""

    PLACE = actions.RESULTS
    BINDINGS = actions.bindings(actions.LIST, actions.TABLE, actions.RESULTS)

    class Wish(Message):
        """A key asked for something to be done about what is selected or chosen."""

        def __init__(self, what: str) -> None:
            self.what = what
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", header_height=2, zebra_stripes=False, show_row_labels=False)
        self._found: Sequence[Result] = ()
        self._results: Sequence[Result] = ()
        self._room, self._measured = 80, True
        self._columns: Sequence[Column] = COLUMNS
        self._widths: Mapping[str, int] = {}  # of the columns at most
        self._names: Mapping[str, str] = {}  # of scripts, as they are told apart in their column
        self._chosen: list[str] = []
        self.layout_ = Layout()

    def fill(self, results: Sequence[Result], room: int, keep: str | None, measured: bool = True) -> None:
        """Show these results in a pane `room` cells wide, the cursor on the script with path `keep` if it is there.

        Similarities that are not `measured` yet are not told.
        """
        self._found, self._room, self._measured = results, room, measured
        layout = self.layout_
        self._results = ordered(results, layout.sort or "rank", layout.descending)  # the search may have sorted them
        paths = [_path(result) for result in self._results]
        self._chosen = [path for path in self._chosen if path in paths]
        shown = [index for index, column in enumerate(COLUMNS) if column.key not in layout.hidden]
        self._columns = [COLUMNS[index] for index in shown]
        more = cell_len(self._heading(COLUMNS[0]).plain) - len(COLUMNS[0].title)  # the mark of what it is sorted by
        named = max(10, min(max(28, room // 5), room - 20 - more))
        self._widths = widths(results, {"model_id": named}, self._columns, room - BAR)
        self._names = apart((str(result.get("model_id", "")) for result in results), self._widths["model_id"])
        rows = [[row[index] for index in shown] for row in map(self._row, self._results)]
        scrolled = self.scroll_x
        self.clear(columns=True)
        self.fixed_columns = FROZEN
        for place, column in enumerate(self._columns):
            heading = self._heading(column)
            longest = max(map(len, heading.plain.split("\n")))
            width = max(longest, *(row[place].cell_len for row in rows), 1)
            self.add_column(heading, width=width, key=column.key)
        self.add_rows(rows)
        if keep in paths:
            self.move_cursor(row=paths.index(keep), animate=False)
        self.scroll_to(x=scrolled, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """A column of numbers that does not fit whole is left out: cut, 0.09 would read as 0.0."""
        line, width = super().render_line(y), self.size.width
        edge, frozen = -round(self.scroll_x), self._in_place
        for place, column in enumerate(self.ordered_columns):
            start, edge = edge, edge + column.get_render_width(self)
            if place >= FROZEN and start < frozen < edge < width:  # its end without its beginning, or its heading's
                before, after = line.crop(0, frozen), line.crop(edge, width)
                style = next((segment.style for segment in after if segment.style), None)
                gap = Strip.blank(edge - frozen, Style(bgcolor=style.bgcolor if style else None))
                line = Strip.join([before, gap, after])
            if place >= FROZEN and start < width < edge and self._columns[place].right:
                kept = line.crop(0, max(0, start))
                last = next((segment.style for segment in reversed(list(kept)) if segment.style), None)
                return kept.extend_cell_length(width, Style(bgcolor=last.bgcolor if last else None))
        return line

    @property
    def _in_place(self) -> int:
        """Cells of the columns that stay while the others scroll."""
        return sum(column.get_render_width(self) for column in list(self.ordered_columns)[:FROZEN])

    def _reveal_sorted(self) -> None:
        """Scroll to the column that the rows are sorted by, where it is not seen whole."""
        keys = [column.key for column in self._columns]
        place = keys.index(self.layout_.sort) if self.layout_.sort in keys else 0
        if place < FROZEN:
            return
        wide = [column.get_render_width(self) for column in self.ordered_columns]
        room = self.size.width - sum(wide[:FROZEN])
        start, end = sum(wide[FROZEN:place]), sum(wide[FROZEN : place + 1])
        if start < self.scroll_x or end > self.scroll_x + room:
            edges = [sum(wide[FROZEN:one]) for one in range(FROZEN, place + 1)]
            to = next((edge for edge in edges if end - edge <= room), start)
            self.scroll_to(x=to, animate=False, force=True)

    def _row(self, result: Result) -> list[Text]:
        row = cells(result, self._widths)
        if (name := self._names.get(str(result.get("model_id", "")))) is not None:
            row[1] = cell(name)
        for place in () if self._measured else LIKENESS:
            row[place] = cell("…", DIM)
            row[place].justify = "right"
        if _path(result) in self._chosen:
            row[0] = cell(f"{glyphs().chosen} {row[0].plain}", "bold")
            row[0].justify = "right"
        return row

    def _heading(self, column: Column) -> Text:
        heading = Text(column.heading) if "\n" in column.heading else cell(column.title)
        if column.key == self.layout_.sort:
            heading.append(f" {glyphs().down if self.layout_.descending else glyphs().up}")
        heading.justify = "right" if column.right else "left"
        return heading

    def lay_out(self, layout: Layout) -> None:
        """Show what is shown in another order, or with other columns."""
        another = layout.order != self.layout_.order
        if another:
            self.post_message(self.Wish("order"))
        self.layout_ = layout
        self.fill(self._found, self._room, _path(self.selected) if self.selected else None, self._measured)
        if another:
            self.call_after_refresh(self._reveal_sorted)

    @property
    def selected(self) -> Result | None:
        return self._results[self.cursor_row] if 0 <= self.cursor_row < len(self._results) else None

    @property
    def chosen(self) -> list[Result]:
        """What was chosen, in that order; with one chosen, the one under the cursor beside it."""
        by_path = {_path(result): result for result in self._results}
        found = [by_path[path] for path in self._chosen]
        if len(found) == 1 and self.selected is not None and self.selected is not found[0]:
            found.append(self.selected)
        return found

    def action_first(self) -> None:
        self.move_cursor(row=0)

    def action_last(self) -> None:
        self.move_cursor(row=self.row_count - 1)

    def action_open(self) -> None:
        self.post_message(self.Wish("open"))

    def action_choose(self) -> None:
        """Take the script under the cursor into what is compared, or out of it, and go on."""
        if self.selected is None:
            return
        path, row = _path(self.selected), self.cursor_row
        self._chosen = [one for one in self._chosen if one != path] if path in self._chosen else [*self._chosen, path]
        self.update_cell_at((row, 0), self._row(self.selected)[0], update_width=True)  # type: ignore[arg-type]
        self.move_cursor(row=min(row + 1, self.row_count - 1))

    def action_train(self) -> None:
        self.post_message(self.Wish("train"))

    def action_compare(self) -> None:
        self.post_message(self.Wish("compare"))

    def action_wide(self) -> None:
        self.post_message(self.Wish("wide"))

    def action_columns(self) -> None:
        self.post_message(self.Wish("columns"))

    def action_answer(self) -> None:
        self.post_message(self.Wish("answer"))

    def action_pieces(self) -> None:
        self.post_message(self.Wish("pieces"))

    def action_edit(self) -> None:
        self.post_message(self.Wish("edit"))

    def action_reverse(self) -> None:
        self.lay_out(replace(self.layout_, descending=not self.layout_.descending, sort=self.layout_.sort or "rank"))

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        if event.column_key.value is not None:
            self.lay_out(self.layout_.sorted_by(event.column_key.value))

    def action_scroll_columns(self, by: int) -> None:
        """Scroll to where the next or previous column begins, after those in place."""
        edges, edge = [], 0.0
        for column in list(self.ordered_columns)[FROZEN:]:
            edges.append(edge)
            edge += column.get_render_width(self)
        ahead = [e for e in edges if (e > self.scroll_x if by > 0 else e < self.scroll_x)]
        if ahead:
            self.scroll_to(x=min(ahead) if by > 0 else max(ahead), animate=False, force=True)


def _path(result: Result) -> str:
    return str(result.get("path", ""))
