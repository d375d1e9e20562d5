"""Lines of text, each wrapped to the width there is; where one goes on, it goes on under its own beginning."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from tui.text import block, breaks, cell

_CONSOLE = Console(width=80, legacy_windows=False)
BULLET = 3  # cells before what a line says that begins with a space


def wrapped(text: Text, width: int, hang: int = 0) -> list[Text]:
    """A text in lines of `width` cells; those after the first begin `hang` cells from the edge, where that leaves room
    for them."""
    lead = len(text) - len(text.plain.lstrip(" "))
    if not 0 < hang < width // 2 or lead > hang:
        return _broken(text, width)
    body = text[lead:]
    first = _broken(body, width - lead)[0]
    rest = body[len(first) :]
    rest = rest[len(rest) - len(rest.plain.lstrip()) :]
    return [
        Text(" " * lead).append_text(first),
        *(Text(" " * hang).append_text(part) for part in (_broken(rest, width - hang) if rest else ())),
    ]


def _broken(text: Text, width: int) -> list[Text]:
    pieces = text.divide(breaks(text.plain, width))
    return [part for piece in pieces for part in piece.wrap(_CONSOLE, width) or [Text()] if part or len(pieces) == 1]


class Paragraphs(Widget):
    """Shows them; what begins with a space is an item of a list."""

    DEFAULT_CSS = "Paragraphs { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = Text()

    def show(self, text: Text) -> None:
        if text != self._text:
            self._text = text
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[Text]:
        lines = self._text.split("\n", allow_blank=True)
        return [part for one in lines for part in wrapped(one, max(1, width), BULLET * one.plain.startswith(" "))]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Text:
        return Text("\n").join(self._lines(self.size.width))


def beside_kinds(told: Sequence[tuple[str, str]]) -> Table:
    """What is told, the kinds beside what they are about."""
    page = Table.grid(padding=(0, 2, 0, 0))
    page.add_column(width=10, style="dim")
    page.add_column()
    for kind, what in told:
        page.add_row(cell(kind), block(what))
    return page
