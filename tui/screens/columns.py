"""Which columns the wide table shows, and by which it is sorted."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.keys import actions
from tui.painting.glyphs import glyphs
from tui.scripts.table import COLUMNS
from tui.text import cell
from tui.widgets.keybar import KeyBar
from tui.widgets.results import Layout
from tui.widgets.walk import Item, Walk


class ColumnsScreen(ModalScreen[Layout]):
    """Its result is the layout as it was left."""

    BINDINGS = actions.bindings(actions.COLUMNS)
    AUTO_FOCUS = "#columns"

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Columns"
            yield Walk(id="columns")
            yield KeyBar(actions.COLUMNS)

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        items = []
        for column in COLUMNS:
            shown = "[ ]" if column.key in self._layout.hidden else "[x]"
            order = glyphs().down if self._layout.descending else glyphs().up
            by = f"  sorted {order}" if column.key == self._layout.sort else ""
            items.append(Item(cell(f"{shown} {column.title}{by}", "dim" if shown == "[ ]" else ""), column.key))
        self.query_one(Walk).show(items)

    @on(Walk.Opened)
    def action_sort(self) -> None:
        self._layout = self._layout.sorted_by(str(self.query_one(Walk).key))
        self._show()

    def action_toggle_column(self) -> None:
        self._layout = self._layout.toggled(str(self.query_one(Walk).key))
        self._show()

    def action_reset(self) -> None:
        self._layout = Layout()
        self._show()

    def action_close(self) -> None:
        self.dismiss(self._layout)
