"""A question with yes and no."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys import actions
from tui.text import block, cell
from tui.widgets.keybar import KeyBar


class ConfirmScreen(ModalScreen[bool]):
    """Asks before something that cannot be taken back; its result is the answer."""

    BINDINGS = actions.bindings(actions.CONFIRM)

    def __init__(self, title: str, question: str) -> None:
        super().__init__()
        self._title: Text = cell(title)
        self._question = question

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = self._title
            yield Static(block(self._question), classes="text", markup=False)
            yield KeyBar(actions.CONFIRM)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
