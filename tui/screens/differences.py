"""The settings in which the chosen runs differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import formats
from tui.keys import actions
from tui.text import block, cut_end, line, short_names
from tui.widgets.keybar import KeyBar

MOST = 4  # runs side by side
LONGEST = 24  # cells of a setting's name


class DifferencesScreen(ModalScreen[None]):
    """A line for each setting, a column for each run."""

    BINDINGS = actions.bindings(actions.PAGE)

    def __init__(self, runs: Sequence[str], found: Mapping[str, tuple[Any, ...]]) -> None:
        super().__init__()
        self._runs, self._found = runs, found

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Settings that differ"
            yield Static(id="differences", classes="text", markup=False)
            yield KeyBar(actions.PAGE)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        width = self.query_one(VerticalScroll).content_size.width or 80
        self.query_one("#differences", Static).update(page(self._runs, self._found, width))

    def action_close(self) -> None:
        self.dismiss(None)


def page(runs: Sequence[str], found: Mapping[str, tuple[Any, ...]], width: int) -> Text:
    """The table in `width` cells; names and values that are longer than their column are cut."""
    if not found:
        return block("They have the same settings.")
    first = min(LONGEST, max(map(len, found)), max(8, width // 3))
    each = max(4, (width - first) // len(runs) - 2)
    text = Text(" " * first, end="")
    called = short_names(map(line, runs), each)
    for run in runs:
        text.append("  " + called[line(run)].ljust(each), "bold")
    for name, values in found.items():
        text.append("\n" + cut_end(line(name), first).ljust(first), "dim")
        told = (formats.NOT_STATED if value is None else line(formats.setting(value)) for value in values)
        for value in told:
            text.append("  " + cut_end(value, each).ljust(each))
    return text
