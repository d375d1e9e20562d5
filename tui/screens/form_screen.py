"""What every form is: fields that the arrow keys walk, and a way out that gives nothing."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.screen import ModalScreen

Result = TypeVar("Result")


class FormScreen(ModalScreen[Result | None], Generic[Result]):
    """Its result is what was filled in, or None."""

    def action_next_field(self) -> None:
        self.focus_next()

    def action_previous_field(self) -> None:
        self.focus_previous()

    def action_leave(self) -> None:
        self.dismiss(None)
