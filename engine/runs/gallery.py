"""What a run has drawn, as its events tell it: grids of samples, and pictures with a title.

Kept as names, bounded in number and length; a file is looked for when it is shown. Nothing here opens one.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.runs.events import step_of

MOST_DRAWINGS = 10_000  # the newest ones
LONGEST_NAME, LONGEST_TITLE = 500, 200  # characters


class Drawing(Struct, frozen=True):
    """A grid of samples with perhaps its denoising strip, or a picture with a title.

    `name` and `strip` are as the event gave them, and stay in the run's folder by their letters; a link may still lead
    out of it, which :func:`inside` finds. `title` may hold anything and is empty for samples.
    """

    step: int
    name: str
    strip: str | None
    title: str
    sample: bool


class Drawings:
    """The newest drawings of one run. What is drawn again under the same name replaces the one before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: OrderedDict[str, Drawing] = OrderedDict()
        self._ordered: tuple[Drawing, ...] | None = ()

    def take(self, record: Mapping[str, Any]) -> None:
        """Take in a `sample` or `picture` event; one whose file would lie elsewhere is passed over."""
        name, sample = self._within(record.get("path")), record["event"] == "sample"
        if name is None:
            return
        title = record.get("title")
        said = title[:LONGEST_TITLE] if isinstance(title, str) and not sample else ""
        strip = self._within(record.get("strip")) if sample else None
        self._told.pop(name, None)
        self._told[name] = Drawing(step_of(record), name, strip, said, sample)
        if len(self._told) > MOST_DRAWINGS:
            self._told.popitem(last=False)
        self._ordered = None

    def forget_after(self, step: int) -> None:
        """A resumed run draws again what lies after `step`."""
        self._told = OrderedDict((name, drawing) for name, drawing in self._told.items() if drawing.step <= step)
        self._ordered = None

    @property
    def by_step(self) -> tuple[Drawing, ...]:
        """Oldest first; at one step the samples last, so that the newest sample mostly ends the row."""
        if self._ordered is None:
            self._ordered = tuple(sorted(self._told.values(), key=lambda drawing: (drawing.step, drawing.sample)))
        return self._ordered

    def _within(self, name: object) -> str | None:
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
            return None
        if Path(name).is_absolute():
            return name if inside(self._folder, name) else None
        normal = os.path.normpath(name)
        return name if normal != os.pardir and not normal.startswith(os.pardir + os.sep) else None


def inside(folder: Path, name: object) -> Path | None:
    """A path an event names, if it lies in the run's own folder: events of a foreign run may say anything.

    Follows links, and so asks the disk.
    """
    if not isinstance(name, str):
        return None
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError, ValueError):  # too long, a loop of links, no name for a file
        return None
