"""Fields of a form that need no pop-up: a choice lists its options while it has the focus."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tui import actions
from tui.text import cell, cut_end

MOST = 6  # lines of options: where there are more of these, the last says how many
GAP = 2
PAUSE = 1.0  # seconds between two letters of a word: a later one begins another


def explained(help: str, field: Widget) -> Text:
    """What a field is, and the keys that choose where it is a choice."""
    if not isinstance(field, Choice):
        return cell(help)
    keys = (actions.key(actions.CHOICE, f"change({by})") for by in (-1, 1))
    return Text.assemble(cell(help), (f"  {' '.join(keys)} choose, or type it", "dim"))


class FieldRow(Horizontal):
    """A field and its name, which is marked while the field has the focus."""

    def __init__(self) -> None:
        super().__init__(classes="row")

    def on_descendant_focus(self) -> None:
        self.add_class("-here")  # `:focus-within` would mark the row alone, and not what is in it

    def on_descendant_blur(self) -> None:
        self.remove_class("-here")


class Choice(Widget, can_focus=True):
    """One of several options; left and right change it, and letters lead to the one that begins so.

    Options that a line explains are listed below each other while it has the focus, plain words beside each other.
    """

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
        self._typed, self._typed_at = "", 0.0  # the letters of a word, and when the last was typed

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

    def action_go(self, to: int) -> None:
        """To the first option, or the last with -1."""
        self.action_change(to % len(self._options) - self._index)

    def on_key(self, event: events.Key) -> None:
        """A letter leads to the option that begins with what is typed, the same one again to the next of them."""
        letter = event.character
        if letter is None or letter.isspace() or not any(letter.lower() in value.lower() for value in self.values):
            return  # of no option
        event.stop()
        now = time.monotonic()
        self._typed = (self._typed if now - self._typed_at < PAUSE else "") + letter.lower()
        self._typed_at = now
        for word in dict.fromkeys((self._typed, letter.lower())):
            if word != self._typed and set(self._typed) != {word}:
                return  # a word that no option begins with leads nowhere, whatever its letters would alone
            after = self._index + (len(word) == 1)  # more letters of a word may be of the one it is at
            places = [place % len(self._options) for place in range(after, after + len(self._options))]
            found = next((place for place in places if self.values[place].lower().startswith(word)), None)
            if found is not None:
                if found != self._index:
                    self.action_change(found - self._index)
                return

    def on_focus(self, event: events.Focus) -> None:
        self.refresh(layout=True)

    def on_blur(self, event: events.Blur) -> None:
        self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        if not self.has_focus:
            return
        if self._plain:
            places = self._beside()
            clicked = next((i for i, start in places.items() if start <= event.x < start + self._cells(i)), self._index)
        else:
            clicked = event.y + self._window()[0]
        if clicked != self._index:
            self.action_change(clicked - self._index)

    @property
    def _plain(self) -> bool:
        return not any(told for _, told in self._options)

    def _cells(self, index: int) -> int:
        return cell_len(self.values[index])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Not by what is drawn, as other widgets do: its lines are cut for a width that a layout tells first."""
        if self._plain:
            return 1
        first, last = self._window()
        return last - first + (self.has_focus and last - first < len(self._options))

    def _window(self) -> tuple[int, int]:
        """The options that are listed: all around the current one with the focus, else that one alone."""
        if not self.has_focus:
            return self._index, self._index + 1
        count = len(self._options)
        shown = count if count <= MOST else MOST - 1
        first = max(0, min(self._index - shown // 2, count - shown))
        return first, first + shown

    def _beside(self) -> dict[int, int]:
        """The options that stand on the line, each with its first cell: all, or from the current one those that fit."""
        width = (self.size.width or 60) - 3
        for first in (0, self._index):
            places, at = {}, 1
            for index in range(first, len(self._options)):
                if at + self._cells(index) > width:
                    break
                places[index] = at
                at += self._cells(index) + GAP
            if self._index in places:
                return places
        return {self._index: 1}

    def render(self) -> Text:
        current, other = (
            str(self.get_component_rich_style(f"choice--{one}", partial=True)) for one in ("current", "other")
        )
        if self._plain:
            laid = Text(no_wrap=True, end="")
            for index, start in self._beside().items() if self.has_focus else [(self._index, 1)]:
                mark = "▌" if index == self._index and self.has_focus else " "
                laid.append(" " * (start - 1 - laid.cell_len)).append(mark, current)
                laid.append_text(cell(self.values[index], current if index == self._index else other))
            if self.has_focus and index < len(self._options) - 1:
                laid.append("  …", other)
            return laid
        first, last = self._window()
        lines = []
        widest = max(len(value) for value in (self.values if self.has_focus else [self.value]))
        for index in range(first, last):
            value, told = self._options[index]
            here = index == self._index
            mark = "▌" if here and self.has_focus else " "
            style = current if here else other
            lines.append(cell(cut_end(f"{mark}{value:<{widest}}  {told}", self.size.width or 60), style))
        if self.has_focus and (more := len(self._options) - len(lines)):
            lines.append(cell(f" … {more} more", other))
        return Text("\n").join(lines)
