"""The search box, and the list of what the word before its cursor may be on its way to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from tui.keys import actions
from tui.text import cell, cut_end, line, shorten

MOST = 8  # options listed at once


class Completions(Widget):
    """Options below the box. Nothing is chosen until the cursor goes down into them; tab takes the first."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"completions--cursor"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._options: Sequence[str] = ()
        self._cursor: int | None = None

    @property
    def open(self) -> bool:
        return bool(self._options)

    @property
    def chosen(self) -> str | None:
        """The option the cursor is on."""
        return self._options[self._cursor] if self._cursor is not None else None

    @property
    def first(self) -> str:
        return self._options[self._cursor or 0]

    def offer(self, options: Sequence[str]) -> None:
        self._options, self._cursor = options, None
        self.display = bool(options)
        self.refresh(layout=True)

    def move(self, by: int) -> bool:
        """Move the cursor; False where it leaves the list upwards."""
        to = (-1 if self._cursor is None else self._cursor) + by
        self._cursor = min(to, len(self._options) - 1) if to >= 0 else None
        self.refresh()
        return self._cursor is not None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(MOST, len(self._options))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return min(40, max((cell(one).cell_len for one in self._options), default=0) + 2)

    def render(self) -> Text:
        first = max(0, (self._cursor or 0) - MOST + 1)
        width = max(3, self.size.width)
        lines = []
        for index in range(first, min(first + MOST, len(self._options))):
            here = index == self._cursor
            text = f"{'▌' if here else ' '}{shorten(line(self._options[index]), width - 2)}"
            style = str(self.get_component_rich_style("completions--cursor", partial=True)) if here else ""
            lines.append(cell(f"{text:<{width}}", style))
        return Text("\n").join(lines)


class QuestionInput(Input):
    """The search box; its keys beyond those of typing come from the registry."""

    PLACE = actions.SEARCH
    BINDINGS = actions.bindings(actions.SEARCH)

    class Wish(Message):
        """`what` a key asks for: "submit", "down", "leave", "relax"."""

        def __init__(self, what: str) -> None:
            self.what = what
            super().__init__()

    class Typed(Message):
        """The text is another, and safe; `anew` where that is another question and not the one before, changed."""

        def __init__(self, anew: bool) -> None:
            self.anew = anew
            super().__init__()

    def __init__(self, completions: Completions, **about: Any) -> None:
        super().__init__(**about)
        self._completions = completions
        self._start = 0
        self._before = ""  # what it was before it was changed last
        self._replaced = False  # whether all of it was written over by that change

    def offer(self, start: int, options: Sequence[str]) -> None:
        """Options for the text from `start` to the cursor; those that are there already are none."""
        word = self.value[start : self.cursor_position]
        self._start = start
        left = [one for one in options if one.casefold() != word.casefold()]
        self._completions.offer(left if self.has_focus and (word or self.value[start - 1 : start] == ":") else [])

    def _take(self, option: str) -> None:
        """Put an option in place of the word; a value ends its term."""
        end = "" if option.endswith(":") else " "
        after = self.value[self.cursor_position :].removeprefix(" ")
        before = f"{self.value[: self._start]}{option}{end}"
        self._completions.offer([])
        self.value = before + after
        self.cursor_position = len(before)

    def render_line(self, y: int) -> Strip:
        """Without the focus a question that is too long begins where it begins, and is seen to go on."""
        width = self.content_size.width
        if self.has_focus or cell_len(self.value) <= width:
            return super().render_line(y)
        return Strip([Segment(cut_end(self.value, width), self.rich_style)]).adjust_cell_length(width, self.rich_style)

    def action_down(self) -> None:
        if self._completions.open:
            self._completions.move(1)
        else:
            self.post_message(self.Wish("down"))

    def action_up(self) -> None:
        if self._completions.open and not self._completions.move(-1):
            self._completions.offer([])

    def action_accept(self) -> None:
        if self._completions.open:
            self._take(self._completions.first)
        else:
            self.post_message(self.Wish("next"))

    def action_finish(self) -> None:
        chosen = self._completions.chosen if self._completions.open else None
        if chosen is not None:
            self._take(chosen)
            return
        self._completions.offer([])
        self.post_message(self.Wish("submit"))

    def action_leave_input(self) -> None:
        if self._completions.open:
            self._completions.offer([])
        else:
            self.post_message(self.Wish("leave"))

    def action_relax(self) -> None:
        self.post_message(self.Wish("relax"))

    def replace(self, text: str, start: int, end: int) -> None:
        self._replaced = bool(text) and text != self.value and abs(end - start) >= len(self.value) > 0
        super().replace(text, start, end)

    def on_blur(self) -> None:
        self._completions.offer([])

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        clean = line(event.value) if not event.value.isprintable() else event.value
        if clean != event.value:
            self.value = clean
            return
        self._completions.offer([])
        before, self._before = self._before, clean
        replaced, self._replaced = self._replaced, False
        self.post_message(self.Typed(self.has_focus and (replaced or _another(before, clean))))


def _another(before: str, now: str) -> bool:
    """Whether a question was emptied or written over, and not changed."""
    return bool(before) and (now[:1] != before[0] or len(now) == 1 < len(before) - 1)
