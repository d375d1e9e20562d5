"""Bars that tell how far something is scrolled: one below it is a line, where blocks would be the loudest of it."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

GREY = Color.parse("#555555")


class ThinScrollBar(ScrollBarRender):
    """Textual's own, beside something; below it, a line where that draws blocks."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = GREY,
        bar_color: Color = GREY,
    ) -> Segments:
        parts = (size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color)
        drawn = super().render_bar(*parts)
        return drawn if vertical else Segments([_line(segment, bar_color, back_color) for segment in drawn.segments])


def _line(segment: Segment, bar: Color, back: Color) -> Segment:
    meta = segment.style.meta if segment.style else {}
    sign = "━" if meta.get("@mouse.down") == "grab" else " "
    return Segment(sign, Style(color=bar, bgcolor=back, meta=meta))
