"""Painting at the pace of the terminal: while frames are on their way, what changes waits and becomes one frame.

Textual's writer keeps thirty writes and then makes the whole application wait: over a slow link, or in a terminal that
nobody reads, keys and timers would stand still with it.
"""

from __future__ import annotations

from rich.console import RenderableType
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer

MOST = 3  # writes on their way: a frame is that many (begin, cells, end)
LOOK = 0.1  # seconds between looks whether they are through


class PacedApp(App[None]):
    """An application that never has more than two frames on their way to the terminal."""

    _held: Timer | None = None

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if self._held is None and self._on_their_way() > MOST:
            self._begin_batch()
            self._held = self.set_interval(LOOK, self._go_on)

    def _on_their_way(self) -> int:
        writer = getattr(self._driver, "_writer_thread", None)
        return writer._queue.qsize() if writer is not None else 0

    def _go_on(self) -> None:
        if self._held is not None and not self._on_their_way():
            self._held.stop()
            self._held = None
            self._end_batch()
            self.screen.check_idle()  # what changed meanwhile is painted, though nothing changes any more
