"""Sample pictures made to fit a few character cells: whole tiles, scaled by whole factors where that can be.

A grid of digits shrunk to a pane is mush, so a grid that does not fit shows as many of its tiles as can be read, and a
strip as many of its stages, first and last among them. An animation is shown as such a strip: played over SSH it would
send some 80 kB a second. Works on Pillow images; imported after the first paint.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageChops

LEAST = 8  # pixels: smaller, a digit is no digit
LARGEST = 64  # pixels: no picture needs a tile larger than this in a terminal
GROUND = (0, 0, 0, 0)  # between tiles: nothing, the workbench's own background is seen
LONGEST = 1 << 14  # pixels of a side: no grid is larger
ENOUGH = 8  # frames that tell an animation: where there is room for more, they show more of its images
LARGEST_CHART = 1024  # pixels of a side: to let the points of a larger one grow takes too long
DARK = 64  # of 255: a ground is dark up to here


@dataclass(frozen=True)
class Mosaic:
    """A picture that fits, and how many of its tiles it shows."""

    image: Image.Image
    shown: int
    total: int


def pitch(image: Image.Image) -> tuple[int, int] | None:
    """Distance from tile to tile, across and down, of a grid whose tiles lie between lines of one colour."""
    across = _lines(image, vertical=True)
    down = _lines(image, vertical=False)
    return (across, down) if across and down else None


def _lines(image: Image.Image, vertical: bool) -> int | None:
    """The even distance between one-coloured lines, each of the colour of the first, that end on the last."""
    length = image.width if vertical else image.height
    if length > LONGEST:
        return None
    grey = image.convert("L")
    colour = grey.getpixel((0, 0))

    def plain(at: int) -> bool:
        box = (at, 0, at + 1, image.height) if vertical else (0, at, image.width, at + 1)
        return grey.crop(box).getextrema() == (colour, colour)

    found = [at for at in range(length) if plain(at)]
    if len(found) < 2 or found[0] != 0 or found[-1] != length - 1:
        return None
    distance = found[1]
    return distance if distance > 3 and found == list(range(0, length, distance)) else None


def fit(image: Image.Image, width: int, height: int, paired: bool = False) -> Mosaic:
    """The picture in at most `width` × `height` pixels. The tiles of a column stay together where they are `paired`."""
    step = pitch(image)
    if step is None:
        return Mosaic(_scaled(image, width, height), 1, 1)
    columns, rows = (image.width - 1) // step[0], (image.height - 1) // step[1]
    if paired and rows > 1:
        return _laid([_column(image, step, x, rows) for x in range(columns)], columns, width, height, stacked=rows)
    tiles = [_tile(image, step, i % columns, i // columns) for i in range(columns * rows)]
    while len(tiles) > 1 and _blank(tiles[-1]):
        tiles.pop()
    return _laid(tiles, columns, width, height, spread=rows == 1)


def filmstrip(frames: list[Image.Image], width: int, height: int) -> Mosaic:
    """Frames spread evenly over an animation, from left to right, in at most `width` × `height` pixels.

    Of frames that are grids each shows the same few tiles, one below the other: more where there is room for them.
    """
    step = pitch(frames[0])
    if step is None or any(frame.size != frames[0].size for frame in frames):
        return _laid(frames, len(frames), width, height, spread=True)
    columns, rows = (frames[0].width - 1) // step[0], (frames[0].height - 1) // step[1]
    for count in range(columns * rows, 0, -1):
        tiles = [_stacked([_tile(frame, step, i % columns, i // columns) for i in range(count)]) for frame in frames]
        layout = _layout(tiles[0].size, len(tiles), len(tiles), width, height, count)
        if count == 1 or (
            layout.room >= min(len(tiles), ENOUGH) and max(layout.tile) >= _least(max(tiles[0].size), count)
        ):
            break
    return _laid(tiles, len(tiles), width, height, spread=True, stacked=count)


def _laid(
    tiles: list[Image.Image], columns: int, width: int, height: int, spread: bool = False, stacked: int = 1
) -> Mosaic:
    """Tiles laid into `width` × `height` pixels: the first ones, or some `spread` over all of them."""
    layout = _layout(tiles[0].size, len(tiles), columns, width, height, stacked)
    picked = _spread(tiles, layout.room) if spread else tiles[: layout.room]
    w, h = layout.tile
    down = -(-len(picked) // layout.across)
    across = -(-len(picked) // down) if spread else layout.across  # a strip in lines of equal length
    canvas = Image.new("RGBA", (across * (w + 1) - 1, down * (h + 1) - 1), GROUND)
    for i, tile in enumerate(picked):
        canvas.paste(_resized(tile, w, h), (i % across * (w + 1), i // across * (h + 1)))
    fits = canvas.width <= width and canvas.height <= height
    return Mosaic(canvas if fits else _scaled(canvas, width, height), len(picked), len(tiles))


@dataclass(frozen=True)
class _Layout:
    """Tiles of size `tile`, `across` in a row and `down` rows of them."""

    tile: tuple[int, int]
    across: int
    down: int

    @property
    def room(self) -> int:
        return self.across * self.down


def _layout(tile: tuple[int, int], count: int, columns: int, width: int, height: int, stacked: int = 1) -> _Layout:
    """How `count` tiles are best laid into `width` × `height` pixels.

    All of them as large as they fit; where they cannot be read so, as many as can be, as large as that many fit; where
    not one can be, as large as one fits. Rows are as long as the grid's own where that does not cost a tile. A tile may
    be `stacked` of several.
    """
    side = max(tile)
    least = _least(side, stacked)

    def at(size: int) -> _Layout:
        w, h = max(1, round(tile[0] * size / side)), max(1, round(tile[1] * size / side))
        return _Layout((w, h), (width + 1) // (w + 1), (height + 1) // (h + 1))

    whole = [side * n for n in range(max(1, LARGEST * stacked // side), 1, -1)]
    sizes = [*whole, *range(side, 0, -1)]
    enough = min(count, max(1, at(least).room))
    chosen = next((laid for size in sizes if (laid := at(size)).room >= enough), _Layout((1, 1), 1, 1))
    across = columns if columns < chosen.across and columns * chosen.down >= count else min(chosen.across, count)
    return _Layout(chosen.tile, across, chosen.down)


def _least(side: int, stacked: int) -> int:
    """What a tile of `side` pixels, `stacked` of several with lines between, may be shrunk to and still be read."""
    one = (side + 1) // stacked - 1
    return stacked * (min(one, max(LEAST, (2 * one + 4) // 5)) + 1) - 1


def _tile(image: Image.Image, step: tuple[int, int], x: int, y: int) -> Image.Image:
    return image.crop((x * step[0] + 1, y * step[1] + 1, (x + 1) * step[0], (y + 1) * step[1]))


def _column(image: Image.Image, step: tuple[int, int], x: int, rows: int) -> Image.Image:
    return _stacked([_tile(image, step, x, y) for y in range(rows)])


def _stacked(tiles: list[Image.Image]) -> Image.Image:
    """Tiles of one size below one another, a line of ground between."""
    width, height = tiles[0].size
    canvas = Image.new("RGBA", (width, len(tiles) * (height + 1) - 1), GROUND)
    for y, tile in enumerate(tiles):
        canvas.paste(tile, (0, y * (height + 1)))
    return canvas


def _blank(tile: Image.Image) -> bool:
    """Whether the grid has no tile here: its last row need not be full."""
    return len(tile.getcolors(1) or ()) == 1


def _spread(tiles: list[Image.Image], count: int) -> list[Image.Image]:
    """`count` tiles spread evenly over all, the first and the last among them."""
    if count >= len(tiles):
        return tiles
    if count == 1:
        return [tiles[-1]]
    return [tiles[round(i * (len(tiles) - 1) / (count - 1))] for i in range(count)]


def _scaled(image: Image.Image, width: int, height: int) -> Image.Image:
    """A picture of no known tiles: whole multiples up, averaged down."""
    scale = min(width / image.width, height / image.height)
    if scale < 0.5 and max(image.size) <= LARGEST_CHART and _drawn_on_dark(image):
        image = _grown(image, int(0.7 / scale))
    scale = float(int(min(scale, max(1, LARGEST // max(image.size))))) if scale >= 1 else scale
    return _resized(image, max(1, int(image.width * scale)), max(1, int(image.height * scale)))


def _drawn_on_dark(image: Image.Image) -> bool:
    """Whether a picture is a chart rather than a photograph: the four corners are of one dark colour."""
    right, bottom = image.width - 1, image.height - 1
    plain = image.convert("RGB")
    corners = {plain.getpixel(at) for at in ((0, 0), (right, 0), (0, bottom), (right, bottom))}
    return len(corners) == 1 and max(corners.pop()) <= DARK  # type: ignore[arg-type]


def _grown(image: Image.Image, by: int) -> Image.Image:
    """The points and lines of a chart made wider by `by` pixels: averaged as they are, they would sink into its ground.

    The brightest of neighbours, in as few steps as doubling takes.
    """
    while by > 0:
        step = (by + 1) // 2
        for across, down in ((step, 0), (0, step)):
            image = ImageChops.lighter(image, ImageChops.offset(image, across, down))
        by -= step
    return image


def even(image: Image.Image) -> Image.Image:
    """The picture with an even number of rows, which half blocks need; a row of ground is added, none is stretched."""
    if image.height % 2 == 0:
        return image
    canvas = Image.new("RGBA", (image.width, image.height + 1), GROUND)
    canvas.paste(image, (0, 0))
    return canvas


def _resized(image: Image.Image, width: int, height: int) -> Image.Image:
    if (width, height) == image.size:
        return image
    whole = width % image.width == 0 and height % image.height == 0
    return image.resize((width, height), Image.Resampling.NEAREST if whole else Image.Resampling.BOX)
