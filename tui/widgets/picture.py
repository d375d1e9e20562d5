"""A sample picture in half blocks: one pixel wide and two high in each character cell."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from rich.segment import Segment
from textual import events, work
from textual.message import Message
from textual.strip import Strip

from tui.glyphs import glyphs
from tui.widgets.lines import Lines, strip

MOST_OFTEN = 1.0  # seconds between repaints: a picture is tens of kilobytes over SSH
KEPT = 16  # drawn pictures
SHADES = " .:-=+*#%@"


@dataclass(frozen=True)
class Drawn:
    """A picture as strips, or what to say instead of it."""

    strips: tuple[Strip, ...]
    shown: int = 0
    total: int = 0
    problem: str = ""


class Picture(Lines):
    """Shows a picture file in the room it has; drawn in a thread, again only when file or room changes."""

    class Changed(Message):
        """The picture shown is another one; `drawn` says how much of it."""

        def __init__(self, picture: Picture, drawn: Drawn) -> None:
            self.picture, self.drawn = picture, drawn
            super().__init__()

        @property
        def control(self) -> Picture:
            return self.picture

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._path: Path | None = None
        self._key: tuple[Path, int, int, int] | None = None
        self._cache: OrderedDict[tuple[Path, int, int, int], Drawn] = OrderedDict()
        self._painted = 0.0

    def show(self, path: Path | None) -> None:
        """Show this file, or nothing."""
        self._path = path
        if path is None:
            self._key = None
            self.put([])
        else:
            self._redraw()

    def release(self) -> None:
        """Take the room the layout gives: there is more of it, or another picture is coming."""
        self.styles.height = None

    def on_resize(self, event: events.Resize) -> None:
        if self._path is not None:
            self._redraw()

    @work(exclusive=True, exit_on_error=False)
    async def _redraw(self) -> None:
        path, (width, height) = self._path, self.size
        if path is None or not width or not height:
            return
        await asyncio.sleep(max(0.0, self._painted + MOST_OFTEN - time.monotonic()) if self._strips else 0.0)
        try:
            changed = (await asyncio.to_thread(path.stat)).st_mtime_ns
        except OSError:
            changed = 0
        key = (path, changed, width, height)
        if key == self._key:
            return
        drawn = self._cache.get(key)
        if drawn is None:
            drawn = await asyncio.to_thread(draw, path, width, height)
        if path != self._path:  # meanwhile another is asked for, or none
            return
        if not drawn.problem:
            self._cache[key] = drawn
            if len(self._cache) > KEPT:
                self._cache.popitem(last=False)
        self._key, self._painted = None if drawn.problem else key, time.monotonic()
        if drawn.strips and len(drawn.strips) < height:
            self.styles.height = len(drawn.strips)  # what the picture does not need goes to its neighbours
        self.put(drawn.strips)
        self.post_message(self.Changed(self, drawn))


def draw(path: Path, width: int, height: int) -> Drawn:
    """The picture in `width` × `height` cells. Never raises for what lies in the file."""
    from tui import mosaic

    unicode = glyphs().unicode
    try:
        image = mosaic.load(path)
    except mosaic.UnreadablePictureError:
        return Drawn((), problem=f"{path.name} cannot be read as a picture")
    if unicode:
        from rich_pixels import HalfcellRenderer

        fitted = mosaic.fit(image, width, height * 2)
        segments = HalfcellRenderer().render(mosaic.even(fitted.image), None)
    else:
        # A cell is twice as high as wide: fit as for half blocks, then keep every other row.
        fitted = mosaic.fit(image, width, height * 2)
        grey = fitted.image.convert("L").resize((fitted.image.width, max(1, fitted.image.height // 2)))
        shades = grey.tobytes()
        rows = [shades[y * grey.width : (y + 1) * grey.width] for y in range(grey.height)]
        segments = [Segment("".join(SHADES[v * len(SHADES) // 256] for v in row) + "\n") for row in rows]
    lines = Segment.split_lines(segments)
    return Drawn(tuple(strip([s for s in line if s.text]) for line in lines), fitted.shown, fitted.total)
