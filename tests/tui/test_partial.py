"""Of a screen in which something changed the same is painted as Textual would paint, with less work."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual._compositor import Compositor
from textual.geometry import Region

from tests.tui.conftest import opened
from tui.painting.partial import PartialCompositor
from tui.widgets.curve import CurvePlot
from tui.widgets.runs import RunsList
from tui.widgets.runs_pane import RunsPane


async def test_what_changed_is_painted_as_textual_does(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(home, (120, 36)) as driven:
        await driven.shows("finished", "samples · step")
        compositor = driven.main._compositor
        assert isinstance(compositor, PartialCompositor)

        def painted(crop: Region) -> list[str]:
            chops = compositor._render_chops(crop, range(crop.y, crop.bottom).__contains__)
            return [
                "".join(strip.text for x, strip in chops[y].items() if strip is not None and crop.x <= x < crop.right)
                for y in range(crop.y, crop.bottom)
            ]

        seen = [region.intersection(clip) for region, clip in compositor.visible_widgets.values()]
        rows = [Region(region.x, y, region.width, 1) for region in seen for y in (region.y, region.bottom - 1)]
        ours = [painted(crop) for crop in (*seen, *rows)]
        with monkeypatch.context() as patched:
            patched.setattr(PartialCompositor, "_get_renders", Compositor._get_renders)
            assert ours == [painted(crop) for crop in (*seen, *rows)]
        assert any("finished" in line for lines in ours for line in lines)


async def test_a_row_of_the_list_takes_no_row_of_the_plot(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(home, (120, 36)) as driven:
        await driven.shows("finished", "samples · step")
        asked = list[Region]()
        monkeypatch.setattr(CurvePlot, "render_lines", lambda self, crop: asked.append(crop) or [])
        runs, compositor = driven.main.query_one(RunsList), driven.main._compositor
        row = Region(*runs.region.offset, runs.region.width, 1)
        compositor._render_chops(row, range(row.y, row.bottom).__contains__)
        assert not asked


async def test_what_lies_behind_is_not_painted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(home, (120, 36)) as driven:
        await driven.shows("finished", "samples · step")
        asked = list[int]()
        monkeypatch.setattr(RunsPane, "render_lines", lambda self, crop: asked.append(crop.height) or [])
        compositor = driven.main._compositor
        compositor._render_chops(compositor.size.region, lambda y: True)
        assert asked == [1], "the row with its title: the list covers the others"
