"""Picture files of a run, read within limits: PNG, and GIF as its frames. Whatever lies there may be anything."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageSequence

LARGEST_FILE = 64 << 20  # bytes
PIXEL_LIMIT = 64_000_000  # of a picture
FRAMES_LIMIT, MOST_FRAMES = 8_000_000, 2000  # pixels of all frames of an animation, which are held at once; and frames


class UnreadablePictureError(Exception):
    """A file that is no picture, or not yet one."""


def load(path: Path) -> list[Image.Image]:
    """The frames of a picture as RGB; one, unless it is an animation. Raises UnreadablePictureError."""
    try:
        if not path.is_file():  # a pipe would hold its reader for ever
            raise UnreadablePictureError("is no file")
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadablePictureError(f"is larger than {LARGEST_FILE >> 20} MiB")
        with Image.open(path, formats=("PNG", "GIF")) as image:
            if image.format == "GIF":
                return _frames(image)
            _check(image, PIXEL_LIMIT)
            return [image.convert("RGB")]
    except UnreadablePictureError:
        raise
    except Exception as error:  # Pillow raises many kinds on what is no picture
        raise UnreadablePictureError(str(error) or type(error).__name__) from None


def _frames(image: Image.Image) -> list[Image.Image]:
    """All frames; their number is not asked for first, which would read the whole file however long it is."""
    frames: list[Image.Image] = []
    left = FRAMES_LIMIT
    for frame in ImageSequence.Iterator(image):
        _check(frame, left)  # a later frame may be larger than the first
        if len(frames) == MOST_FRAMES:
            raise UnreadablePictureError(f"has more than {MOST_FRAMES} frames")
        left -= frame.width * frame.height
        frames.append(frame.convert("RGB"))
    return frames


def _check(image: Image.Image, most: int) -> None:
    if image.width * image.height > most:
        raise UnreadablePictureError(f"{image.width}×{image.height} pixels are too many")
