"""What the terminal shows, cell by cell: of a frame only what is new in it is sent.

Textual sends the whole screen whenever a dialog opens or goes, and a whole widget when a part of it changes: over a
slow link that takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._cells import cell_len
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import SGR_STYLES, Strip

BRIDGED = 4  # unchanged cells between changed ones are sent along: to go past them takes more bytes


class Pen(NamedTuple):
    """What the terminal writes with: the codes of attributes and of both colours; "" is a colour that nobody sees."""

    attributes: tuple[str, ...] = ()
    foreground: str = "39"
    background: str = "49"


PLAIN = Pen()

# Text and what it is written with. Text whose characters are not each one column wide is one cell, followed by one with
# no text for each further column that it takes. None where nobody knows what is there.
Cell = tuple[str, Pen]
Row = list[Cell | None]


class Painted:
    """What has been sent to the terminal."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._uneven = set[int]()  # rows in which there is, or was, text whose characters are not a column wide each

    def forget(self) -> None:
        """The terminal may show something else by now: what is painted next is sent, whatever it is."""
        self._rows, self._uneven = [], set()

    def news(self, update: LayoutUpdate | ChopsUpdate, console: Console) -> str:
        """What makes the terminal show this update, with its escape sequences."""
        width, height = _size(update)
        if len(self._rows) != height or len(self._rows[0]) != width:
            self._rows, self._uneven = [[None] * width for _ in range(height)], set()
        colours = console._color_system or ColorSystem.TRUECOLOR
        before: dict[int, Row] = {}
        for y, x, strip in _pieces(update):
            row = self._rows[y]
            cells = [cell for text, style, _ in strip for cell in _cells(text, style, colours)]
            if row[x : x + len(cells)] != cells:
                before.setdefault(y, row.copy())
                _put(row, x, cells)
                if not all(_even(text) for text, _, _ in strip):
                    self._uneven.add(y)
        rows = ((y, was, self._rows[y]) for y, was in before.items())
        return "".join(_told((y, row, _changed(was, row, y in self._uneven)) for y, was, row in rows))


class News(CompositorUpdate):
    """An update of which only that is sent which the terminal does not show yet."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, painted: Painted) -> None:
        self._update = update
        self._painted = painted

    def render_segments(self, console: Console) -> str:
        return self._painted.news(self._update, console)


def _size(update: LayoutUpdate | ChopsUpdate) -> tuple[int, int]:
    if isinstance(update, LayoutUpdate):
        return update.region.width, update.region.height
    return update.chop_ends[0][-1], len(update.chops)


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """What an update consists of: a row, a column, and what is painted from there on."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips):
            x = 0
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
    else:
        for y, first, last in update.spans:
            for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
                if chop is not None and x < last and end > first:
                    yield y, x, chop if end <= last else chop.crop(0, last - x)


@lru_cache(4096)
def _cells(text: str, style: Style | None, colours: ColorSystem) -> tuple[Cell, ...]:
    pen = _pen(style, colours) if style else PLAIN
    if not pen.attributes and text.isspace():
        pen = pen._replace(foreground="")
    if _even(text):
        return tuple(_cell(character, pen) for character in text)
    columns = cell_len(text)
    return ((text, pen), *[("", pen)] * (columns - 1)) if columns else ()


@lru_cache(4096)
def _even(text: str) -> bool:
    return text.isascii() or all(cell_len(character) == 1 for character in text)


@lru_cache(4096)
def _cell(text: str, pen: Pen) -> Cell:
    return text, pen  # the same object for what is the same, which compares in no time


@lru_cache(4096)
def _pen(style: Style, colours: ColorSystem) -> Pen:
    bits = style._attributes & style._set_attributes
    attributes = tuple(code for bit, code in enumerate(SGR_STYLES) if bits & 1 << bit)
    grounds = (style.color, True, PLAIN.foreground), (style.bgcolor, False, PLAIN.background)
    codes = (
        ";".join(colour.downgrade(colours).get_ansi_codes(front)) if colour else default
        for colour, front, default in grounds
    )
    return Pen(attributes, *codes)


def _put(row: Row, x: int, cells: Sequence[Cell]) -> None:
    """Write cells into a row. Of text that they cover in part nobody knows what it looks like now."""
    end = x + len(cells)
    before = x
    while _continues(row, before):
        before -= 1
    after = end
    while _continues(row, after):
        after += 1
    row[before:after] = [*[None] * (x - before), *cells, *[None] * (after - end)]


def _continues(row: Row, x: int) -> bool:
    return x < len(row) and (cell := row[x]) is not None and not cell[0]


def _changed(was: Row, row: Row, uneven: bool) -> Iterator[int]:
    """The columns that are to be sent; of a row with text of uneven width all, as terminals disagree about that."""
    if was == row:
        return
    if uneven and any(cell is not None and len(cell[0]) != 1 for cell in (*was, *row)):
        yield from (x for x, cell in enumerate(row) if cell is not None)
        return
    last: int | None = None
    for x, (old, new) in enumerate(zip(was, row, strict=True)):
        if new is None or new == old:
            continue
        if last is not None and 1 < x - last <= BRIDGED and _alike(row[last:x]):
            yield from range(last + 1, x)
        yield x
        last = x


def _alike(cells: Row) -> bool:
    return len({cell and cell[1] for cell in cells}) == 1


def _told(rows: Iterable[tuple[int, Row, Iterator[int]]]) -> Iterator[str]:
    """The columns of these rows as the terminal is told of them; it writes plainly before and afterwards."""
    pen = held = PLAIN
    for y, row, columns in rows:
        at: int | None = None  # the column that it would write into
        for x in columns:
            if (cell := row[x]) is None or not cell[0]:
                continue
            text, wanted = cell
            if x != at:
                yield f"\x1b[{y + 1};{x + 1}H"
            if wanted is not held:
                codes, pen = _changed_pen(pen, wanted)
                held = wanted
                if codes:
                    yield f"\x1b[{';'.join(codes)}m"
            yield text
            at = x + 1 if len(text) == 1 else None
    if pen != PLAIN:
        yield "\x1b[0m"


def _changed_pen(pen: Pen, wanted: Pen) -> tuple[list[str], Pen]:
    """What turns a pen into one that writes as is wanted, and which that is."""
    codes: list[str] = []
    if not set(pen.attributes) <= set(wanted.attributes):
        codes, pen = ["0"], PLAIN
    wanted = wanted if wanted.foreground else wanted._replace(foreground=pen.foreground)
    codes += [code for code in wanted.attributes if code not in pen.attributes]
    codes += [new for old, new in zip(pen[1:], wanted[1:], strict=True) if new != old]
    return codes, wanted
