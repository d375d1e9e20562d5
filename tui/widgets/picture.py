"""A sample picture in half blocks: one pixel wide and two high in each character cell."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from pathlib import Path

from msgspec import Struct
from rich.segment import Segment
from textual import work
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from engine.runs.gallery import inside
from tui.look.theme import DARK
from tui.painting.glyphs import glyphs
from tui.widgets.lines import Lines, strip

MOST_OFTEN = 1.0  # seconds between repaints: a picture is tens of kilobytes over SSH
IN_A_HURRY = 0.25  # while a person looks through pictures; the first comes at once
KEPT = 16  # drawn pictures
SHADES = " .:-=+*#%@"


class Drawn(Struct, frozen=True):
    """A picture as strips, or what to say instead of it; how many it shows of the tiles (`what` else) it has."""

    strips: tuple[Strip, ...]
    shown: int = 0
    total: int = 0
    what: str = ""
    problem: str = ""


OUTSIDE = Drawn((), problem="this picture lies outside the run's folder")


class Shown(Struct, frozen=True):
    """A picture file to show: `name` in the folder of a run. A picture's columns are `paired`, a sample's are not."""

    folder: Path
    name: str
    paired: bool = False


_Key = tuple[Shown, int, int, int]


class Picture(Lines):
    """Shows a picture file in the room the layout gives it; drawn in a thread, again only when file or room changes.

    What it does not need goes to its neighbours once it is told to `settle`, and it is not drawn anew for that: in a
    smaller room it might need less still. `release` takes the room back.
    """

    class Changed(Message):
        """What is shown was drawn for this file and this room; `drawn` says how much of it there is."""

        def __init__(self, picture: Picture, drawn: Drawn) -> None:
            self.picture, self.drawn = picture, drawn
            super().__init__()

        @property
        def control(self) -> Picture:
            return self.picture

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: Shown | None = None
        self._key: _Key | None = None  # of what is shown, where it could be read
        self._room: Size | None = None  # as the layout gave it
        self._drawn: Drawn | None = None  # in this room
        self._cache: OrderedDict[_Key, Drawn] = OrderedDict()
        self._painted = 0.0
        self._pause = MOST_OFTEN

    @property
    def drawn(self) -> bool:
        """Whether something was drawn in the room it has, or found not to be drawable."""
        return self._drawn is not None

    def show(self, shown: Shown | None, hurry: bool = False) -> None:
        """Show this file, or nothing. Someone who asked for it is in a `hurry`; what comes by itself may wait."""
        self._shown, self._pause = shown, IN_A_HURRY if hurry else MOST_OFTEN
        if shown is None:
            self._key = self._drawn = None
            self.put([])
        else:
            self._redraw()

    def release(self) -> None:
        """Take the room the layout gives: there is more of it, or a picture of another shape is coming."""
        self._room = self._drawn = None
        if self.styles.inline.height is not None:  # setting it lays everything out, whatever it was
            self.styles.height = None
        self.call_after_refresh(self._measure)

    def settle(self) -> None:
        """Give up what the picture does not need of the room it was drawn in."""
        rows = len(self._drawn.strips) if self._drawn else 0
        height = self.styles.inline.height
        if self._room is not None and rows and rows != (height.value if height else self._room.height):
            self.styles.height = rows

    def on_show(self) -> None:
        self._measure()

    def on_resize(self) -> None:
        self._measure()

    def _measure(self) -> None:
        """Draw for the room that the layout has given, unless it is the picture's own doing."""
        if self.styles.inline.height is None and self._room != self.size:
            self._room, self._drawn = self.size, None
        self._redraw()

    @work(exclusive=True, exit_on_error=False)
    async def _redraw(self) -> None:
        shown, room = self._shown, self._room
        if shown is None or not room:
            return
        path, changed = await asyncio.to_thread(_found, shown)
        key = (shown, changed, room.width, room.height)
        drawn = self._cache.get(key)
        if key != self._key or drawn is None:
            await asyncio.sleep(max(0.0, self._painted + self._pause - time.monotonic()) if self._strips else 0.0)
            if drawn is None:
                ground = self.app.current_theme.background or DARK.background
                drawn = await asyncio.to_thread(draw, path, *room, shown.paired, ground) if path else OUTSIDE
            if shown != self._shown or room != self._room:  # meanwhile another is asked for, or none, or room
                return
            if not drawn.problem:
                self._cache[key] = drawn
                if len(self._cache) > KEPT:
                    self._cache.popitem(last=False)
            self._key, self._painted = None if drawn.problem else key, time.monotonic()
            self.put(drawn.strips)
        self._drawn = drawn
        self.post_message(self.Changed(self, drawn))


def _found(shown: Shown) -> tuple[Path | None, int]:
    """In a thread: the file, if no link leads out of its run, and when it was last written."""
    path = inside(shown.folder, shown.name)
    try:
        return path, path.stat().st_mtime_ns if path else 0
    except OSError:
        return path, 0


def draw(path: Path, width: int, height: int, paired: bool = False, ground: str | None = DARK.background) -> Drawn:
    """The picture in `width` × `height` cells, an animation as some frames, with the colour `ground` between tiles.

    Never raises for a file's content.
    """
    from tui.painting import mosaic, picturefile

    try:
        frames = picturefile.load(path)
    except picturefile.UnreadablePictureError:
        return Drawn((), problem=f"{path.name} cannot be read as a picture")
    # A cell is twice as high as wide: without half blocks every other row is kept.
    if len(frames) > 1:
        fitted = mosaic.filmstrip(frames, width, height * 2)
    else:
        fitted = mosaic.fit(frames[0], width, height * 2, paired)
    if glyphs().unicode:
        from rich_pixels import HalfcellRenderer

        segments = HalfcellRenderer(default_color=ground).render(mosaic.even(fitted.image), None)
    else:
        grey = fitted.image.convert("L").resize((fitted.image.width, max(1, fitted.image.height // 2)))
        shades = grey.tobytes()
        rows = [shades[y * grey.width : (y + 1) * grey.width] for y in range(grey.height)]
        segments = [Segment("".join(SHADES[v * len(SHADES) // 256] for v in row) + "\n") for row in rows]
    lines = Segment.split_lines(segments)
    strips = tuple(strip([s for s in line if s.text]) for line in lines)
    return Drawn(strips, fitted.shown, fitted.total, "frames" if len(frames) > 1 else "")
