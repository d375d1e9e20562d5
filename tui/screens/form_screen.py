"""What every form is: fields that the arrow keys walk, a line that says what each is, a way out that gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tui.widgets.fields import explained

Result = TypeVar("Result")


class Pinned(Widget):
    """A dialog that opens in the middle of the screen and keeps its first line there while what it says grows."""

    _screen_height = 0  # for which it was put into the middle
    _top = 0

    def on_resize(self) -> None:
        self.place()

    def place(self) -> None:
        room, taken = self.screen.size.height, self.outer_size.height
        if room != self._screen_height:
            self._screen_height, self._top = room, (room - taken) // 2
        top = max(0, min(self._top, room - taken))
        self.screen.styles.align_vertical = "top"
        self.styles.offset = (0, top)


class Dialog(Pinned, VerticalScroll, can_focus=False):
    """A form that scrolls as a whole where the screen is low."""


class FixedDialog(Pinned, Vertical):
    """A form that scrolls a part of itself."""


class FormScreen(ModalScreen[Result | None], Generic[Result]):
    """Its result is what was filled in, or None. `EXPLAINED` says by their ids what the fields are."""

    EXPLAINED: ClassVar[Mapping[str, str]] = {}

    @on(events.Resize)
    def _place_again(self) -> None:
        for dialog in self.query(Pinned):
            dialog.call_after_refresh(dialog.place)

    def on_descendant_focus(self) -> None:
        self._describe()

    def _describe(self) -> None:
        """What the field in the focus is."""
        if self.focused is not None and self.query("#about"):
            told = explained(self.explained(self.focused.id or ""), self.focused)
            self.query_one("#about", Static).update(told)

    def explained(self, field: str) -> str:
        """What the field with this id is."""
        return self.EXPLAINED.get(field, "")

    def action_next_field(self) -> None:
        self.focus_next()

    def action_previous_field(self) -> None:
        self.focus_previous()

    def action_leave(self) -> None:
        self.dismiss(None)
