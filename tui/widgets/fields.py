"""Fields of a form that need no pop-up: a choice lists its options while it has the focus."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tui.keys import actions
from tui.text import cell, cut_end

ASIDE = 20  # cells left of a list, so that the fields below it show what each option sets
MOST = 12  # lines of options: where there are more of these, the last says how many
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
    Either takes no room: fields stay where they are, and what a list is beside is seen to change with its cursor.
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
        self._offered = Offered()

    def compose(self) -> ComposeResult:
        yield self._offered

    def _redraw(self) -> None:
        self.refresh(layout=True)
        if self._offered.is_attached:
            self._offered.show(self._options if self.has_focus and not self._plain else (), self._index)

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
        self._redraw()

    def choose(self, value: str) -> None:
        """Choose an option that may not have been offered: a default of the person's own."""
        if value not in self.values:
            self._options.append((value, ""))
        self._index = self.values.index(value)
        self._redraw()

    def action_change(self, by: int) -> None:
        self._index = (self._index + by) % len(self._options)
        self._redraw()
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

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._redraw()
        for other in self.screen.query(Choice):
            other.refresh()

    def on_click(self, event: events.Click) -> None:
        if self.has_focus and self._plain:
            places = self._beside()
            clicked = next((i for i, start in places.items() if start <= event.x < start + self._cells(i)), self._index)
            if clicked != self._index:
                self.action_change(clicked - self._index)

    @property
    def _beside_a_list(self) -> bool:
        """Whether a choice of this form lists its options, this one or another: a list leaves room for the value."""
        focused = self.screen.focused
        return isinstance(focused, Choice) and not focused._plain

    @property
    def _plain(self) -> bool:
        return not any(told for _, told in self._options)

    def _cells(self, index: int) -> int:
        return cell_len(self.values[index])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Not by what is drawn, as other widgets do: its line is cut for a width that a layout tells first."""
        return 1

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
        current, other = _styles(self)
        if not self._plain:
            told = _option(*self._options[self._index], 0, self.size.width, current)
            return _option(self.value, "", 0, ASIDE, current) if self._beside_a_list else told
        laid = Text(no_wrap=True, end="")
        for index, start in self._beside().items() if self.has_focus else [(self._index, 1)]:
            here = index == self._index
            mark = "▌" if here and self.has_focus else " "
            laid.append(" " * (start - 1 - laid.cell_len)).append(mark, current if here else other)
            laid.append_text(cell(self.values[index], current if here else other))
        if self.has_focus and index < len(self._options) - 1:
            laid.append("  …", other)
        return laid


class Offered(Widget):
    """The options of a choice below each other, from its line on: right of the values that they set."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--current", "choice--other"}
    DEFAULT_CSS = f"""
    Offered {{
        display: none; overlay: screen; constrain: none inside; width: 1fr; height: auto; margin: 0 0 0 {ASIDE};
    }}
    """

    def __init__(self) -> None:
        super().__init__()
        self._options: Sequence[tuple[str, str]] = ()
        self._index = 0

    def show(self, options: Sequence[tuple[str, str]], index: int) -> None:
        """Show these options, or none, the cursor on one of them."""
        self._options, self._index = options, index
        self.display = bool(options)
        self.refresh(layout=True)

    @property
    def _shown(self) -> tuple[int, int]:
        """The first option that is listed, and the first after these that is not."""
        count, most = len(self._options), max(2, min(MOST, self.screen.size.height - 2))
        shown = count if count <= most else most - 1
        first = max(0, min(self._index - shown // 2, count - shown))
        return first, first + shown

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        first, end = self._shown
        return end - first + (end - first < len(self._options))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        first, end = self._shown
        choice = self.parent
        if isinstance(choice, Choice) and first + event.y < end:
            choice.action_go(first + event.y)

    def render(self) -> Text:
        current, other = _styles(self)
        first, end = self._shown
        widest = max((cell_len(value) for value, _ in self._options), default=0)
        lines = [
            _option(*self._options[index], widest, self.size.width, *((current, "▌") if here else (other,)))
            for index, here in ((index, index == self._index) for index in range(first, end))
        ]
        if more := len(self._options) - len(lines):
            lines.append(cell(f" … {more} more", other))
        return Text("\n").join(lines)


def _styles(widget: Widget) -> tuple[str, str]:
    """Of the option that is chosen, and of the others."""
    current, other = (widget.get_component_rich_style(f"choice--{one}", partial=True) for one in ("current", "other"))
    return str(current), str(other)


def _option(value: str, told: str, widest: int, width: int, style: str, mark: str = " ") -> Text:
    """An option and what it is, in `width` cells."""
    text = f"{mark}{value}{' ' * (widest - cell_len(value))}  {told}"
    width = width or 60
    return cell(cut_end(text, width) + " " * (width - cell_len(text)) * bool(widest), style)
