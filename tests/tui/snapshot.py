"""A screen as text that can be read in a review: what it shows, and below it in which styles.

A style is named by the colours of the theme; the rows are numbered, and each says at which column a style begins.
Of a dialog only the dialog is told, and where it stands: what lies beneath it has a picture of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.theme import Theme

from tui.widgets.keybar import KeyBar

PICTURED = frozenset("▀▄█")  # of a picture, whose colours are the mosaic's business, or of a bar
ATTRIBUTES = ("bold", "dim", "underline", "reverse")

Cell = tuple[str, str]  # what is shown, in which style
Names = Mapping[tuple[int, int, int], str]

SIXTEEN = tuple(f"{bright}{name}" for bright in ("", "bright ") for name in (
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"
))  # fmt: skip


def snapshot(app: App[None], of: str = "", sixteen: bool = False) -> str:
    """What the app's screen shows now, or one part of it (`of` is its selector) and the keys that are told.

    With `sixteen`, as a terminal shows it that has so many colours, which are called what they are there.
    """
    screen, called = app.screen, {} if sixteen else _names(app.current_theme)
    regions = _regions(screen, of)
    strips = screen._compositor.render_strips(screen.size)
    rows = [
        list(_cells(strip.crop(one.x, one.right), called)) for one in regions for strip in strips[one.y : one.bottom]
    ]
    places = [f", {one.width}×{one.height} at {one.x},{one.y}" for one in regions if one != screen.region]
    shown = ["".join(text for text, _ in row).rstrip() for row in rows]
    width, height = screen.size
    return "\n".join([f"== {width}×{height}{''.join(places)}", *shown, "-- styles", *_styles(rows)])


def _regions(screen: Screen[object], of: str) -> list[Region]:
    if of:
        return [screen.query_one(of).region, screen.query_one(KeyBar).region]
    if isinstance(screen, ModalScreen) and (parts := [c.region for c in screen.displayed_children if c.region.area]):
        return [Region.from_union(parts)]
    return [screen.region]


def _cells(segments: Iterable[Segment], called: Names) -> Iterator[Cell]:
    """Every cell. Nobody sees in which colour a blank would be written: it goes on with what is before it."""
    before = ("", "")  # a style and its ground
    for text, style, _ in segments:
        told, ground = _style(style or Style.null(), called), _ground(style or Style.null(), called)
        for character in text:
            if character != " ":
                before = ("picture" if character in PICTURED else told), ground
            elif before[1] != ground:
                before = ground, ground
            yield character, before[0]


def _style(style: Style, called: Names) -> str:
    colour = _colour(style.color, called)
    parts = [colour] if colour not in ("foreground", "white") else []
    parts += [name for name in ATTRIBUTES if getattr(style, name)]
    return " ".join(part for part in (*parts, _ground(style, called)) if part)


def _ground(style: Style, called: Names) -> str:
    ground = _colour(style.bgcolor, called) if style.bgcolor else "background"
    return f"on {ground}" if ground not in ("background", "black") or style.reverse else ""


def _colour(colour: Color | None, called: Names) -> str:
    if colour is not None and not called:
        return SIXTEEN[colour.downgrade(ColorSystem.STANDARD).number or 0]
    if colour is None or colour.triplet is None:
        return colour.name if colour else ""
    red, green, blue = colour.triplet
    near = (called.get((red + r, green + g, blue + b)) for r in (0, 1) for g in (0, 1) for b in (0, 1))
    return next((name for name in near if name), colour.triplet.hex)  # blending may take one off


def _names(theme: Theme) -> Names:
    """What the theme calls its colours; where one has two names, the last of these."""
    told = {name: theme.variables[name] for name in ("faint", *(f"line-{slot}" for slot in range(6)))}
    for name in ("error", "warning", "success", "panel", "surface", "background", "secondary", "foreground", "accent"):
        told[name] = str(getattr(theme, name))
    return {tuple(Color.parse(value).triplet or (0, 0, 0)): name for name, value in told.items()}  # type: ignore[misc]


def _styles(rows: list[list[Cell]]) -> Iterator[str]:
    """Where a style begins, and which: `3  0 accent  12 bold on panel  20 ·`; equal rows once, plain ones not."""
    at = 0
    for told, equal in groupby(map(_runs, rows)):
        last = at + len(list(equal)) - 1
        if told != "0 ·":
            yield f"{at:>2}  {told}" if at == last else f"{at:>2}-{last}  {told}"
        at = last + 1


def _runs(row: list[Cell]) -> str:
    parts, at = [], 0
    for style, cells in groupby(row, key=lambda cell: cell[1]):
        parts.append(f"{at} {style or '·'}")
        at += len(list(cells))
    return "  ".join(parts)
