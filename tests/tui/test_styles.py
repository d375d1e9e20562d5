"""Styles are applied to what has other ones now, and to nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.conftest import Typed, opened
from tui.widgets.results import ResultsTable
from tui.widgets.runs import RunsList


async def test_going_to_another_pane_draws_no_table_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(home) as driven:
        await driven.shows("12 scripts are indexed", "samples · step")
        await driven.press("3", Typed("unet"), "enter")
        await driven.shows("v1_script", "words and meaning")
        await driven.press("1")
        drawn: list[int] = []
        monkeypatch.setattr(ResultsTable, "_render_line_in_row", lambda self, row, *_: drawn.append(row))
        await driven.press("2")
        await driven.until(lambda: driven.main.pane == "run", "the other pane")
        assert "━ 2 digits" in driven.text and "━ 1 Runs" not in driven.text
        assert not drawn


async def test_what_a_class_changed_is_as_before_without_it(home: Path) -> None:
    async with opened(home) as driven:
        await driven.shows("12 scripts are indexed", "samples · step", "█▄▂")  # small curves come a moment later
        before = driven.text
        await driven.press("z")
        await driven.until(lambda: "2 digits" not in driven.text, "the list alone")
        await driven.press("z")
        await driven.until(lambda: driven.text == before, "what was there before")


async def test_parts_of_a_widget_follow_the_focus_and_the_theme(home: Path) -> None:
    async with opened(home) as driven:
        await driven.shows("12 scripts are indexed", "samples · step")
        await driven.press("3", Typed("unet"), "enter")
        await driven.shows("words and meaning")
        table, runs = driven.main.query_one(ResultsTable), driven.main.query_one(RunsList)

        def cursor() -> str:
            return str(table.get_component_rich_style("datatable--cursor").bgcolor)

        focused = cursor()
        await driven.press("1")
        assert cursor() != focused
        await driven.press("3")
        assert cursor() == focused
        dim = runs.get_component_rich_style("runs--dim").color
        driven.app.theme = "light"
        await driven.until(lambda: runs.get_component_rich_style("runs--dim").color != dim, "the other theme")
