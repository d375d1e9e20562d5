"""The help: every key, those of the focused pane first, in columns, and those that do what is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from tests.tui.conftest import Typed, opened
from tui.keys.actions import ACTIONS
from tui.keys.keypage import columns, page
from tui.screens.help import FindInput, HelpScreen


@pytest.mark.parametrize(("width", "count"), [(40, 1), (74, 1), (115, 2), (174, 3), (400, 3)])
def test_every_key_is_told_once_at_any_width(width: int, count: int) -> None:
    assert columns(width) == count
    lines = page(["Curves"], width).plain.split("\n")
    assert max(map(len, lines)) <= width
    words = " ".join(page([], 400).plain.split())
    assert all(" ".join(action.help.split()[:4]) in words and action.key in words for action in ACTIONS)
    assert lines[0].startswith("Curves  here")
    assert sum(line.count("  here") for line in lines) == 1


def test_only_what_does_what_is_wanted() -> None:
    told = page(["Runs"], 70, "TensorBoard csv").plain
    assert told.split("\n") == ["Runs  here", "E            Its curves as CSV or for TensorBoard"]
    assert "device is free" in page([], 70, "queue").plain
    assert page([], 70, "brew coffee\u202e").plain == "No key does “brew coffee\ufffd”."


async def test_it_is_opened_searched_and_closed(empty_home: Path) -> None:
    async with opened(empty_home, (80, 24)) as driven:
        for pane, first in (("1", "Runs"), ("2", "Samples")):
            await driven.press(pane, "question_mark")
            await driven.shows(f"│ {first}  here", "/ find", "esc close")
            await driven.press("escape")
            assert driven.app.screen is driven.main
        await driven.press("question_mark", "slash", Typed("nearest"))
        await driven.until(
            lambda: any(line.startswith(" │              something") for line in driven.text.splitlines()),
            "a hanging line",
        )
        await driven.shows("esc all keys")
        await driven.press("escape", "slash", Typed("trash"))
        await driven.shows("D del", "To the trash")
        assert "Next pane" not in driven.text
        await driven.press("enter")
        assert not driven.app.screen.query_one(FindInput).has_focus
        await driven.press("slash", "escape")
        await driven.shows("Samples  here")
        assert not driven.app.screen.query_one(FindInput).display
        for close in ("q", "question_mark", "escape"):
            await driven.press(close)
            assert driven.app.screen is driven.main
            await driven.press("question_mark")
            assert isinstance(driven.app.screen, HelpScreen)


async def test_another_width_of_the_dialog_alone_lays_it_out_again(empty_home: Path) -> None:
    async with opened(empty_home, (80, 24)) as driven:
        await driven.press("question_mark")
        await driven.shows("Runs  here")
        text = driven.app.screen.query_one(".text", Static)
        driven.app.screen.query_one(".dialog").styles.width = 50
        await driven.until(
            lambda: max(map(len, str(text.render()).split("\n"))) <= text.content_size.width < 50, "the page"
        )


@pytest.mark.parametrize("size", [(20, 5), (300, 80)])
async def test_any_size(empty_home: Path, size: tuple[int, int]) -> None:
    async with opened(empty_home, size) as driven:
        await driven.press("question_mark")
        await driven.until(lambda: "Runs  here" in driven.text, "the keys")
        await driven.press("slash", Typed("zoom"))
        await driven.until(lambda: "Runs  here" not in driven.text, "the key")
        assert max(map(len, driven.text.splitlines())) <= size[0]
