"""Tensors to pictures: the grid of samples, the denoising strip, the GIF."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from engine.home import write_atomically

GAP = 1  # pixels between tiles
GREY = 64
MOST_CLASSES = 20  # for which a grid has a column each


def to_uint8(images: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """(N, C, H, W) in [-1, 1] -> (N, H, W, C) bytes."""
    pixels = (images.float().clamp(-1, 1) + 1) * 127.5
    return pixels.round().permute(0, 2, 3, 1).byte().numpy()


def columns_of(count: int) -> int:
    """Columns of a grid of `count` tiles that is about twice as wide as high, as terminals and screens are."""
    return min(count, max(1, math.ceil(math.sqrt(2 * count))))


def grid(images: Tensor, columns: int | None = None) -> Image.Image:
    """(N, C, H, W) in [-1, 1] as one picture, tiles in reading order with GAP pixels between and around."""
    tiles = to_uint8(images)
    n, h, w, c = tiles.shape
    columns = columns or columns_of(n)
    rows = math.ceil(n / columns)
    canvas = np.full((rows * (h + GAP) + GAP, columns * (w + GAP) + GAP, c), GREY, np.uint8)
    for i, tile in enumerate(tiles):
        y, x = GAP + i // columns * (h + GAP), GAP + i % columns * (w + GAP)
        canvas[y : y + h, x : x + w] = tile
    return Image.fromarray(canvas[..., 0] if c == 1 else canvas)


def picture(image: Tensor) -> Image.Image:
    """One (C, H, W) image in [-1, 1]."""
    pixels = to_uint8(image[None])[0]
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def save_png(picture: Image.Image, path: Path) -> None:
    """Write a PNG so that a reader never sees half of it."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    write_atomically(path, buffer.getvalue())


def save_gif(pictures: list[Image.Image], path: Path, seconds: float = 3.0) -> None:
    """Write the pictures as an endless GIF of `seconds`, the last one held for a second more."""
    buffer = io.BytesIO()
    each = max(20, round(1000 * seconds / len(pictures)))
    durations = [each] * (len(pictures) - 1) + [each + 1000]
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0)
    write_atomically(path, buffer.getvalue())
