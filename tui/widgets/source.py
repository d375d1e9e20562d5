"""The text of a script with its lines numbered and one of them marked; a notebook's by cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from index.files.source import locate
from tui.keys import actions
from tui.painting.highlight import Word
from tui.scripts.details import Cells
from tui.widgets.ground import Grounded

KINDS = ("comment", "string", "number", "keyword", "name", "plain")
SIDEWAYS = 8  # cells a key scrolls


class SourceView(Grounded, ScrollView, can_focus=True):
    """Lines of words. The marked line is moved by the keys of a list."""

    BINDINGS = actions.bindings(actions.LIST, actions.TABLE)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"source--{kind}" for kind in KINDS), "source--gutter", "source--line", "source--edge"
    }  # fmt: skip

    class Opened(Message):
        """Enter was pressed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words: Sequence[Sequence[Word]] = ()
        self._cells: Cells = ()
        self._line = 1
        self._gutter = 0

    @property
    def line(self) -> int:
        """The marked line, counted from 1."""
        return self._line

    def show(self, words: Sequence[Sequence[Word]], cells: Cells) -> None:
        self._words, self._cells = words, cells
        self._gutter = max((len(self._number(n)) for n in (1, max(1, len(words)))), default=1)
        if cells:
            self._gutter = max(self._gutter, *(len(self._number(start)) + 2 for _, start in cells))
        widest = max((sum(cell_len(text) for _, text in line) for line in words), default=0)
        self.virtual_size = Size(widest + self._gutter + 3, len(words))
        self.go(self._line)
        self.refresh()

    def _number(self, line: int) -> str:
        """`88`, in a notebook `3:5`."""
        return locate(line, self._cells).removeprefix("line ").removeprefix("cell ").replace(" line ", ":")

    def go(self, line: int) -> None:
        """Mark a line and bring it into the middle."""
        self._line = max(1, min(line, max(1, len(self._words))))
        self.scroll_to(y=max(0, self._line - 1 - self.size.height // 2), animate=False, force=True)
        self.refresh()

    def _by(self, by: int) -> None:
        self._line = max(1, min(self._line + by, max(1, len(self._words))))
        top, height = round(self.scroll_y), max(1, self.size.height)
        if not top <= self._line - 1 < top + height:
            self.scroll_to(y=self._line - 1 if by < 0 else self._line - height, animate=False, force=True)
        self.refresh()

    def action_cursor_down(self) -> None:
        self._by(1)

    def action_cursor_up(self) -> None:
        self._by(-1)

    def action_page_down(self) -> None:
        self._by(max(1, self.size.height - 2))

    def action_page_up(self) -> None:
        self._by(-max(1, self.size.height - 2))

    def action_first(self) -> None:
        self._by(-len(self._words))

    def action_last(self) -> None:
        self._by(len(self._words))

    def action_open(self) -> None:
        self.post_message(self.Opened())

    def action_scroll_columns(self, by: int) -> None:
        self.scroll_to(x=max(0, self.scroll_x + by * SIDEWAYS), animate=False, force=True)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _style(self, kind: str) -> Style:
        return self.part_style(f"source--{kind}")

    def render_line(self, y: int) -> Strip:
        width, ground = self.size.width, self.ground
        at = y + round(self.scroll_y)
        if at >= len(self._words):
            return Strip.blank(width, ground)
        here = at + 1 == self._line
        if here:
            ground += self._style("line")
        edge = Segment("▌" if here else " ", self._style("edge"))
        gutter = Segment(f"{self._number(at + 1):>{self._gutter}} ", self._style("gutter"))
        room = max(0, width - self._gutter - 2)
        code = Strip([Segment(text, self._style(kind)) for kind, text in self._words[at]])
        left = round(self.scroll_x)
        code = code.crop(left, left + room)
        return Strip([edge, gutter, *code]).adjust_cell_length(width, ground).apply_style(ground)
