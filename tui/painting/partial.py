"""Painting the rows that changed: Textual has all rows rendered of everything that shares a container with these."""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class PartialCompositor(Compositor):
    """Asks only the widgets that lie where something changed, and for no more than the rows from the first change to
    the last."""

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None:
            yield from super()._get_renders()
            return
        rows = Region(0, crop.y, self.size.width, crop.height)
        for widget, (region, clip) in self.visible_widgets.items():
            painted = region.intersection(clip).intersection(rows)
            if crop.overlaps(painted):
                yield region, clip.intersection(rows), widget.render_lines(painted.translate(-region.offset))
                if painted.contains_region(crop):
                    return  # what lies behind is not seen
