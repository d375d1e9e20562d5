"""Which columns the wide table shows, and by which it is sorted."""

from __future__ import annotations

from collections.abc import Callable

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


class ColumnsScreen(ModalScreen[None]):
    """Every change is told to `changed` at once: the table behind follows."""

    BINDINGS = actions.bindings(actions.COLUMNS)
    AUTO_FOCUS = "#columns"

    def __init__(self, layout: Layout, changed: Callable[[Layout], None]) -> None:
        super().__init__()
        self._layout, self._changed = layout, changed

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

    def _change(self, layout: Layout) -> None:
        self._layout = layout
        self._show()
        self._changed(layout)

    @on(Walk.Opened)
    def action_sort(self) -> None:
        self._change(self._layout.sorted_by(str(self.query_one(Walk).key)))

    def action_toggle_column(self) -> None:
        self._change(self._layout.toggled(str(self.query_one(Walk).key)))

    def action_reset(self) -> None:
        self._change(Layout())

    def action_close(self) -> None:
        self.dismiss(None)
