"""Lines of text, each wrapped to the width there is; where one goes on, it goes on under its own beginning.

Words that are longer than a line are broken between two parts of an identifier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
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


class InCell:
    """A text in a cell of a table, wrapped for the width that it is given."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from wrapped(self._text, options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(1, max(1, cell_len(self._text.plain))).with_maximum(options.max_width)


def _beginning(said: str) -> int:
    """Where what a line says begins: after the bullet of a list, or after a label in a column of its own."""
    if said.startswith(" "):
        return BULLET
    label = re.match(r"\S+ {2,}", said)
    return label.end() if label else 0


class Paragraphs(Widget):
    """Shows them; what begins with a space is an item of a list, what begins with a label goes on beside it."""

    DEFAULT_CSS = "Paragraphs { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = Text()
        self._most: int | None = None

    @property
    def text(self) -> Text:
        return self._text

    def show(self, text: Text, most: int | None = None) -> None:
        """Show this; of more than `most` lines the last that is shown ends with a mark."""
        if (text, most) != (self._text, self._most):
            self._text, self._most = text, most
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[Text]:
        lines = self._wrapped(max(1, width))
        if self._most is None or len(lines) <= self._most:
            return lines
        last = lines[self._most - 1]
        last.rstrip()
        last.truncate(max(0, width - 2))
        return [*lines[: self._most - 1], last.append(" …")]

    def _wrapped(self, width: int) -> list[Text]:
        lines = self._text.split("\n", allow_blank=True)
        return [part for one in lines for part in wrapped(one, width, _beginning(one.plain))]

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
        page.add_row(cell(kind), InCell(block(what)))
    return page
