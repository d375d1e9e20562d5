"""Painting the rows that are seen: Textual has all rows rendered of everything that shares a container with a change,
and on a whole screen also what lies behind."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class PartialCompositor(Compositor):
    """Asks only the widgets that are seen where something changed, for no more than the rows from the first to the last
    of these."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        crop = crop or self.size.region
        wanted = _columns(crop)
        covered = [0] * self.size.height  # by row, the columns that something in front has
        for widget, (region, clip) in self.visible_widgets.items():
            painted = region.intersection(clip)
            columns = _columns(painted)
            seen = [
                y
                for y in range(max(painted.y, crop.y), min(painted.bottom, crop.bottom))
                if columns & wanted & ~covered[y]
            ]
            if not seen:
                continue
            rows = Region(painted.x, seen[0], painted.width, seen[-1] + 1 - seen[0])
            yield region, clip.intersection(rows), widget.render_lines(rows.translate(-region.offset))
            for y in seen:
                covered[y] |= columns


def _columns(region: Region) -> int:
    """A bit for each column of a region."""
    return ((1 << region.width) - 1) << region.x
