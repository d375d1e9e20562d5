"""The styles that a widget's lines are painted with, found once: Textual asks every ancestor for them, every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from textual.widget import Widget as Beside
else:
    Beside = object  # no widget of its own: styles are inherited from the first of them alone


class Grounded(Beside):
    """Beside a widget's class, before it: its `render_line` paints on `ground`, and parts in the styles they have."""

    _ground: Style | None = None
    _parts: dict[tuple[str, bool], Style] | None = None

    @property
    def ground(self) -> Style:
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def part_style(self, name: str, partial: bool = True) -> Style:
        """The style of a component, on the widget's ground unless `partial`."""
        if self._parts is None:
            self._parts = {}
        if (name, partial) not in self._parts:
            self._parts[name, partial] = self.get_component_rich_style(name, partial=partial)
        return self._parts[name, partial]

    def notify_style_update(self) -> None:
        self._ground = self._parts = None
        super().notify_style_update()
