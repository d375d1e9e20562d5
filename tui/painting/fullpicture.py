"""A picture at its full resolution, through Kitty's or Sixel's protocol: `python -P -m tui.painting.fullpicture FILE`.

A program of its own, in the terminal that the workbench has left for it: textual-image (an optional extra) asks the
terminal what it can show when it is imported, which must not happen while the workbench reads the same keyboard.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from tui.painting.picturefile import UnreadablePictureError, load
from tui.text import cell

MISSING = "Pictures at full resolution need the package textual-image: pip install 'diffwb[pictures]'."


def main(path: Path) -> int:
    console = Console(highlight=False, markup=False, emoji=False)
    try:
        from textual_image import renderable
    except ImportError:
        return _leave(console, MISSING)
    try:
        frames = load(path)
    except UnreadablePictureError:
        return _leave(console, f"{path.name} cannot be read as a picture.")
    if renderable.Image not in (renderable.SixelImage, renderable.TGPImage):
        return _leave(
            console,
            "This terminal shows no pictures: it knows neither Sixel nor Kitty's protocol (tmux needs one that was "
            "built with Sixel). `w` in the workbench saves the picture.",
        )
    console.clear()
    picture = frames[-1].convert("RGB")
    factor = max(1, 640 // max(picture.size))  # small tiles as large squares, none of them blurred
    console.print(renderable.Image(picture.resize((picture.width * factor, picture.height * factor), 0)))
    return _leave(console, path.name)


def _leave(console: Console, said: str) -> int:
    console.print(cell(said))
    console.print("Enter goes back.", style="dim", end=" ")
    sys.stdin.readline()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
