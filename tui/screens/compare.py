"""Two scripts side by side: each fact of both with its line, those that differ marked."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from tui import formats
from tui.keys import actions
from tui.painting.glyphs import glyphs
from tui.scripts.evidence import Entry, OpenedScript, about, facts
from tui.text import cell, line
from tui.widgets.keybar import KeyBar
from tui.widgets.paragraphs import InCell


class Page(VerticalScroll, inherit_bindings=False):
    """Scrolls by the keys of a list."""

    BINDINGS = actions.bindings(actions.LIST)

    def action_cursor_down(self) -> None:
        self.scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        self.scroll_up(animate=False)

    def action_first(self) -> None:
        self.scroll_home(animate=False)

    def action_last(self) -> None:
        self.scroll_end(animate=False)

    def action_page_down(self) -> None:
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        self.scroll_page_up(animate=False)

    def action_open(self) -> None:
        """There is nothing further to open."""


class CompareScreen(Screen[None]):
    """Shows what :func:`compared` finds of two scripts."""

    BINDINGS = actions.bindings(actions.COMPARE)
    AUTO_FOCUS = "#compared"

    def __init__(self, first: OpenedScript, second: OpenedScript) -> None:
        super().__init__()
        self._both = first, second

    def compose(self) -> ComposeResult:
        with Page(id="compared"):
            yield Static(id="sides", markup=False)
        yield KeyBar(actions.COMPARE)

    def on_mount(self) -> None:
        self.query_one("#sides", Static).update(page(*self._both))

    def action_close(self) -> None:
        self.dismiss(None)


def compared(first: OpenedScript, second: OpenedScript) -> list[tuple[str, Entry | None, Entry | None, bool]]:
    """(fact, of the first, of the second, whether they differ), in the order of the facts."""
    left, right = (facts(one.script, one.settings) for one in (first, second))
    named = dict.fromkeys((*left, *right) if len(left) >= len(right) else (*right, *left))
    return [(name, left.get(name), right.get(name), _text(left.get(name)) != _text(right.get(name))) for name in named]


def _text(one: Entry | None) -> str:
    return one.text if one is not None and one.text else formats.NOT_STATED


def page(first: OpenedScript, second: OpenedScript) -> Table:
    """Both columns, the differing rows marked by a sign and bold, the others dim."""
    rows = compared(first, second)
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(width=1)
    table.add_column(width=12, style="dim")
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    differing = sum(differ for *_, differ in rows)
    table.add_row("", "", *(InCell(cell(one.script.get("model_id", ""), "bold")) for one in (first, second)))
    table.add_row("", "", *(InCell(Text(line(one.path), "dim")) for one in (first, second)))
    table.add_row("", "", cell(f"{differing} of {len(rows)} facts differ", "dim"))
    for name, left, right, differ in rows:
        style = "bold" if differ else "dim"
        sign = cell(glyphs().differs if differ else " ", "bold")
        table.add_row(sign, cell(name), *(_shown(one, style) for one in (left, right)))
    table.add_row()
    for left, right in zip(*(about(one.script).values() for one in (first, second)), strict=True):
        table.add_row("", cell(left.label), *(_shown(one, "") for one in (left, right)))
    return table


def _shown(one: Entry | None, style: str) -> InCell:
    told = _text(one)
    text = Text(told, "dim" if told == formats.NOT_STATED else style)
    if one is not None and one.where:
        text.append(f"  {one.where}", "not bold dim")
    return InCell(text)
