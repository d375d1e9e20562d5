"""What every form is: fields that the arrow keys walk, a line that says what each is, a way out that gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

from textual.screen import ModalScreen
from textual.widgets import Static

from tui.widgets.fields import explained

Result = TypeVar("Result")


class FormScreen(ModalScreen[Result | None], Generic[Result]):
    """Its result is what was filled in, or None. `EXPLAINED` says by their ids what the fields are."""

    EXPLAINED: ClassVar[Mapping[str, str]] = {}

    def on_descendant_focus(self) -> None:
        self._describe()

    def _describe(self) -> None:
        """What the field in the focus is."""
        if self.focused is not None and self.query("#about"):
            told = explained(self.EXPLAINED.get(self.focused.id or "", ""), self.focused)
            self.query_one("#about", Static).update(told)

    def action_next_field(self) -> None:
        self.focus_next()

    def action_previous_field(self) -> None:
        self.focus_previous()

    def action_leave(self) -> None:
        self.dismiss(None)
