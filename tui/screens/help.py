"""Every key, from the registry."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import actions


class HelpScreen(ModalScreen[None]):
    """The keys by group, those of the workbench itself first."""

    BINDINGS = actions.bindings(actions.HELP)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = " Keys "
            yield Static(keys(), classes="text", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_close(self) -> None:
        self.dismiss(None)


def keys() -> Text:
    """The registry as a page."""
    text = Text()
    widest = max(len(action.key) for action in actions.ACTIONS)
    for group in dict.fromkeys(action.group for action in actions.ACTIONS):
        text.append(f"{group}\n", "bold")
        for action in actions.ACTIONS:
            if action.group == group:
                text.append(f"  {action.key:<{widest}}  ").append(f"{action.help}\n", "dim")
    text.rstrip()
    return text
