"""Fields of a form that need no pop-up: a choice lists its options while it has the focus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widget import Widget

from tui import actions
from tui.text import cell, cut_end

MOST = 6  # options listed at once


class Choice(Widget, can_focus=True):
    """One of several options, each with a line that says what it is; left and right change it."""

    BINDINGS = actions.bindings(actions.CHOICE)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--current", "choice--other"}

    class Changed(Message):
        """Another option was chosen."""

        def __init__(self, choice: Choice) -> None:
            self.choice = choice
            super().__init__()

    def __init__(self, options: Sequence[tuple[str, str]], *, id: str) -> None:
        super().__init__(id=id)
        self._options = list(options)
        self._index = 0

    @property
    def value(self) -> str:
        return self._options[self._index][0]

    @property
    def values(self) -> list[str]:
        return [value for value, _ in self._options]

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer these options and keep the one that was chosen."""
        chosen = self.value
        self._options = list(options)
        self._index = self.values.index(chosen) if chosen in self.values else 0
        self.refresh(layout=True)

    def choose(self, value: str) -> None:
        """Choose an option that may not have been offered: a default of the person's own."""
        if value not in self.values:
            self._options.append((value, ""))
        self._index = self.values.index(value)
        self.refresh(layout=True)

    def action_change(self, by: int) -> None:
        self._index = (self._index + by) % len(self._options)
        self.refresh(layout=True)
        self.post_message(self.Changed(self))

    def on_focus(self, event: events.Focus) -> None:
        self.refresh(layout=True)

    def on_blur(self, event: events.Blur) -> None:
        self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        first, _ = self._window()
        if self.has_focus and event.y + first != self._index:
            self.action_change(event.y + first - self._index)

    def _window(self) -> tuple[int, int]:
        """The options that are listed: all around the current one with the focus, else that one alone."""
        if not self.has_focus:
            return self._index, self._index + 1
        first = max(0, min(self._index - MOST // 2, len(self._options) - MOST))
        return first, min(first + MOST, len(self._options))

    def render(self) -> Text:
        first, last = self._window()
        lines = []
        widest = max(len(value) for value in self.values)
        for index in range(first, last):
            value, told = self._options[index]
            here = index == self._index
            style = self.get_component_rich_style(f"choice--{'current' if here else 'other'}", partial=True)
            mark = "▌" if here and self.has_focus else " "
            lines.append(cell(cut_end(f"{mark}{value:<{widest}}  {told}", self.size.width or 60), str(style)))
        return Text("\n").join(lines)
