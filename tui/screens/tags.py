"""The form that tags several runs at once."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from engine.runs.about import LONGEST_NOTE
from tui.keys import actions
from tui.screens.form_screen import FormScreen
from tui.text import cell
from tui.widgets.fields import FieldRow
from tui.widgets.keybar import KeyBar

PARTED = "words, spaces or commas between them"


@dataclass(frozen=True)
class Tags:
    """What is to change: tags to add and to take away."""

    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def told(self) -> str:
        """What changes; nothing where nothing does."""
        changes = (("tagged", self.added), ("no longer tagged", self.removed))
        return ", ".join(f"{how} {' '.join(f'#{one}' for one in words)}" for how, words in changes if words)

    @classmethod
    def read(cls, text: str) -> Tags:
        """Words, commas between them or not; one that begins with a dash is to be taken away."""
        words = dict.fromkeys(text.replace(",", " ").split())
        removed = tuple(word[1:] for word in words if word.startswith("-") and word != "-")
        return cls(tuple(word for word in words if not word.startswith("-")), removed)


class TagsScreen(FormScreen[Tags]):
    """Its result is what to change, or None."""

    BINDINGS = actions.bindings(actions.ABOUT)
    AUTO_FOCUS = "#tags"
    EXPLAINED = {"tags": f"{PARTED}; -old takes old away"}  # noqa: RUF012

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = cell(f"Tags of {self._count} runs")
            with FieldRow():
                yield Static("tags", classes="name", markup=False)
                yield Input(placeholder="keep -old adds keep, takes old away", id="tags", compact=True)
            yield Static(id="about", markup=False)
            yield KeyBar(actions.ABOUT)

    def on_mount(self) -> None:
        self.query_one(Input).max_length = LONGEST_NOTE

    def on_input_submitted(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        self.dismiss(Tags.read(self.query_one(Input).value))
