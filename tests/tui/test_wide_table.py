"""The wide table: any order, hidden columns, the first two in place, and all of it found again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from textual.coordinate import Coordinate
from textual.events import Paste

from tests.tui.conftest import Driven, Typed, opened
from tests.tui.results import bare, result
from tui.remembered import FILE, Remembered
from tui.screens.columns import ColumnsScreen
from tui.scripts.table import COLUMNS, ordered
from tui.widgets.results import Layout, ResultsTable


async def found(driven: Driven) -> ResultsTable:
    await driven.press("3", Typed("unet"))
    table = driven.main.query_one(ResultsTable)
    await driven.until(lambda: table.row_count == 12, "the results")
    await driven.press("enter")
    return table


def titles(table: ResultsTable) -> list[str]:
    return [str(column.label).replace("\n", " ") for column in table.ordered_columns]


def test_numbers_are_sorted_as_numbers_and_what_is_not_stated_comes_last() -> None:
    rows = [result(1, lr=0.01), bare(2), result(3, lr=1e-4), result(4, lr=0.002), result(5, lr=1e-4)]
    assert [row["rank"] for row in ordered(rows, "lr", False)] == [3, 5, 4, 1, 2]
    assert [row["rank"] for row in ordered(rows, "lr", True)] == [1, 4, 3, 5, 2]
    named = [result(1, dataset="mnist"), result(2, dataset="CIFAR10"), result(3, dataset=["odd"]), bare(4)]
    assert [row["rank"] for row in ordered(named, "dataset", False)] == [3, 2, 1, 4]


def test_a_layout_that_is_none_is_as_at_first() -> None:
    assert Layout.of({"sort": "no such", "hidden": ["rank", "size", 3, "odd"], "descending": "yes"}) == Layout(
        hidden=frozenset({"size"})
    )
    kept = Layout("lr", True, frozenset({"path", "size"}))
    assert Layout.of(json.loads(json.dumps(kept.to_json()))) == kept


async def test_sorted_and_hidden_by_keys_and_found_again(empty_home: Path) -> None:
    async with opened(empty_home, (200, 50)) as driven:
        table = await found(driven)
        await driven.press("s")
        assert isinstance(driven.app.screen, ColumnsScreen)
        await driven.shows("[x] Rank", "[x] HW")
        await driven.press("j", "j", "j", "j", "space")  # Size
        await driven.shows("[ ] Size")
        await driven.press("g", "space")  # Rank stays
        await driven.shows("[x] Rank")
        await driven.press("G", "k", "k", "k", "enter")  # LR
        await driven.shows("LR  sorted ▲")
        await driven.press("enter")
        await driven.shows("LR  sorted ▼")
        assert "LR ▼" in titles(table), "the table behind follows at once"
        await driven.press("escape")
        assert "Size" not in titles(table)
        assert "LR ▼" in titles(table)
        await driven.shows("12 scripts · sorted by LR ▼ · 1 column hidden (s)")
        assert table.fixed_columns == 2
        await driven.press("G")
        assert table.selected is not None
        assert table.selected["model_id"] == "v1_script"  # it states no rate
        await driven.press("i")
        assert "LR ▲" in titles(table)
        await driven.press("q")
    async with opened(empty_home, (200, 50)) as driven:
        table = await found(driven)
        assert "Size" not in titles(table)
        assert "LR ▲" in titles(table)
        await driven.shows("sorted by LR ▲ · 1 column hidden (s)")
        await driven.press("s", "0", "s")
        await driven.until(lambda: "hidden" not in driven.text, "every column")
        assert len(titles(table)) == 17
        assert "LR" in titles(table)


async def test_all_that_is_found_is_sorted_not_what_is_shown_of_it(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await driven.press("3", Typed("many"))
        table = driven.main.query_one(ResultsTable)
        await driven.shows("12 of 120 scripts")
        await driven.press("enter", "i")
        await driven.shows("13 of 120 scripts · the first by Rank ▼", "first_by_rank")
        await driven.press("s", "G", "k", "k", "k", "enter", "escape")
        await driven.shows("the first by LR ▲", "first_by_lr")
        assert table.selected is not None
        await driven.press("g", "i")
        await driven.shows("the first by LR ▼")
        await driven.until(lambda: (table.selected or {}).get("lr") == 0.5, "the highest rate")
        await driven.press("j", "slash", "end", Typed("er"))  # the order holds, the row does not
        await driven.shows("the first by LR ▼", "first_by_lr")
        await driven.until(lambda: table.cursor_row == 0, "the first row")
        await driven.press("escape", "slash", *"many")  # another one is ranked
        await driven.told("By rank again, for another question; s sorts.")
        await driven.until(lambda: "the first by" not in driven.text and "12 of 120 scripts" in driven.text, "by rank")
        assert table.layout_.sort is None
        await driven.press("enter", "i", "slash")
        assert table.layout_.sort is not None
        driven.app.post_message(Paste("more of many"))
        await driven.until(lambda: table.layout_.sort is None, "what was pasted over it ranked, alike as it begins")


def ranks(table: ResultsTable) -> list[int]:
    return [int(str(table.get_cell_at(Coordinate(row, 0))).split()[-1]) for row in range(table.row_count)]


async def test_as_at_first_is_by_rank_also_where_the_search_had_sorted(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        table = await found(driven)
        await driven.press("s", "G", "k", "k", "k", "enter", "enter", "escape", "slash", "end", Typed(" upside"))
        await driven.until(lambda: ranks(table)[0] == 12, "the other question, as it came")
        await driven.press("enter", "s", "0", "escape")
        await driven.until(lambda: ranks(table) == [*range(1, 13)], "the ranks in order")
        assert "sorted by" not in driven.text


async def test_another_question_is_ranked_however_fast_it_is_typed(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        table = await found(driven)
        await driven.press("i", "slash", Typed("mnist of another kind"))
        await driven.until(lambda: table.layout_.sort is None, "by rank")


async def test_a_view_that_cannot_be_read_is_told_and_left_as_at_first(empty_home: Path) -> None:
    empty_home.mkdir(parents=True)
    (empty_home / FILE).write_text('{"scripts": {"sort": "lr"')
    async with opened(empty_home, (200, 50)) as driven:
        await driven.told("is not what was left")
        table = await found(driven)
        assert len(titles(table)) == 17
        await driven.press("i", "escape", "q")
        assert json.loads((empty_home / FILE).read_text())["scripts"]["sort"] is None, "no order of ranks"


@pytest.mark.parametrize(
    "content", ["[]", "[" * 10_000, "x" * 100_000, "\x00", '{"scripts": 3}', '{"scripts": {"hidden": 7}}']
)
def test_any_content_of_the_file(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    remembered = Remembered(tmp_path)
    assert Layout.of(remembered.part("scripts")) == Layout()
    remembered.keep({"scripts": Layout("lr").to_json()})
    assert Layout.of(Remembered(tmp_path).part("scripts")) == Layout("lr")


async def test_what_others_remember_is_kept(empty_home: Path) -> None:
    empty_home.mkdir(parents=True)
    (empty_home / FILE).write_text('{"curves": {"log": true}}')
    async with opened(empty_home, (200, 50)) as driven:
        await found(driven)
        await driven.press("i", "q")
    assert json.loads((empty_home / FILE).read_text())["curves"] == {"log": True}


async def test_the_table_alone_on_the_whole_screen(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        table = await found(driven)
        narrow = table.size.width
        await driven.press("w")
        assert table.size.width > 110 > narrow
        assert not driven.main.query_one("#details").display
        await driven.press("w")
        assert table.size.width == narrow
        await driven.press("w", "escape")
        assert table.size.width == narrow
        assert table.has_focus


def ends(table: ResultsTable) -> set[str]:
    """The last word of each row that is shown."""
    return {table.render_line(y).text.split()[-1] for y in range(3, 8)}


async def test_a_number_is_shown_whole_or_not(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        table = await found(driven)
        assert all(re.fullmatch(r"\d\.\d\d", end) for end in ends(table)), ends(table)
        await driven.press("i")  # the mark beside Rank takes its room from the name
        assert all(re.fullmatch(r"\d\.\d\d", end) for end in ends(table)), ends(table)
        table.ordered_columns[1].width += 3  # as if there were less room
        table.refresh()
        assert not any(re.match(r"\d\.", end) for end in ends(table)), ends(table)


async def test_the_first_two_columns_stay(empty_home: Path) -> None:
    async with opened(empty_home, (80, 24)) as driven:
        await found(driven)
        await driven.press(*["right"] * 12)
        await driven.shows("Rank", "Model ID", "Optimizer")
        assert "Similarity" not in driven.text
        await driven.press(*["H"] * 12)
        await driven.shows("Similarity")


async def test_columns_are_scrolled_whole_and_to_what_they_are_sorted_by(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        table = await found(driven)
        await driven.press("w", *["right"] * 40)
        await driven.shows("HW")
        head = re.split(r"  +", table.render_line(0).text.strip())
        assert head[:2] == ["Rank", "Model ID"]
        assert head[2] in {column.title for column in COLUMNS}, head
        await driven.press("w")
        assert table.scroll_x == 0
        await driven.press("s", "G", "k", "enter", "escape")  # Epochs
        await driven.shows("Epochs ▲")
        await driven.press("i")
        await driven.shows("Epochs ▼")


async def test_a_heading_is_clicked(empty_home: Path) -> None:
    async with opened(empty_home, (200, 50)) as driven:
        table = await found(driven)
        offset = next(
            x for x in range(60) if "Model" in driven.text.splitlines()[table.region.y][table.region.x + x :][:5]
        )
        await driven.pilot.click(ResultsTable, offset=(offset + 1, 0))
        assert "Model ID ▲" in titles(table)
