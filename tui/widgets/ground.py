"""The ground that a widget's lines are painted on, found once a repaint: Textual asks every ancestor for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.strip import Strip
    from textual.widget import Widget as Beside
else:
    Beside = object  # no widget of its own: styles are inherited from the first of them alone


class Grounded(Beside):
    """Beside a widget's class, before it: its `render_line` paints on `ground`."""

    ground = Style()

    def render_lines(self, crop: Region) -> list[Strip]:
        self.ground = self.rich_style
        return super().render_lines(crop)
