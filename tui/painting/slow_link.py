"""Painting at the pace of the terminal: while frames are on their way, what changes waits and becomes one frame.

Of a frame that is sent, it is what the terminal does not show already.

Textual's writer keeps thirty writes and then makes the whole application wait: over a slow link, or in a terminal that
nobody reads, keys and timers would stand still with it.
"""

from __future__ import annotations

from typing import cast

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer

from tui.painting.painted import News, Painted

MOST = 3  # writes on their way: a frame is that many (begin, cells, end)
LOOK = 0.1  # seconds between looks whether they are through


class PacedApp(App[None]):
    """An application that never has more than two frames on their way to the terminal."""

    _held: Timer | None = None

    def __init__(self) -> None:
        super().__init__()
        self._painted = Painted()

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _: self._paint_anew())

    def on_resize(self, event: events.Resize) -> None:
        self._paint_anew()  # also back to the size that it had: Textual would paint nothing, the terminal lost a part

    def action_redraw(self) -> None:
        self._paint_anew()

    def _paint_anew(self) -> None:
        """Send everything, as the terminal may show something else than it was sent."""
        self._painted.forget()
        self.refresh(layout=True)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            renderable = cast("RenderableType", News(renderable, self._painted))
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

    def _end_batch(self) -> None:
        """What changed meanwhile is laid out and painted, though nothing changes any more; also beneath a dialog."""
        super()._end_batch()
        if not self._batch_count:
            for screen in self.screen_stack:
                screen.check_idle()
