"""The workbench is opened as it was left, and looks first at what has begun since."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.tui.conftest import Driven, Typed, opened
from tests.tui.fake_run import BEGUN, FakeRun, home_with_runs
from tui.left import Left
from tui.plotting.view import View
from tui.remembered import FILE
from tui.screens import remembering
from tui.widgets.curve import CurvePlot
from tui.widgets.question import QuestionInput
from tui.widgets.runs import RunsList
from tui.widgets.runs_pane import RunsPane
from tui.widgets.scripts import ScriptsPane

SIZE = (120, 30)


def state(driven: Driven) -> str | None:
    selected = driven.main.query_one(RunsList).selected
    return selected.state if selected else None


async def listed(driven: Driven, *states: str) -> None:
    rows = driven.main.query_one(RunsList)
    await driven.until(lambda: [row.state for row in rows.rows] == list(states), f"{states}")


ALL = ("running", "finished", "stopped", "failed", "lost")


async def test_it_is_opened_as_it_was_left(home: Path) -> None:
    async with opened(home, SIZE) as driven:
        await listed(driven, *ALL)
        assert state(driven) == "running"
        await driven.press("slash", Typed("state:finished,stopped"), "enter")
        await listed(driven, "finished", "stopped")
        await driven.press("j", "2", "m", "s", "x", "l", "z")
        await driven.until(lambda: driven.main.query_one(CurvePlot).view.metric == "lr", "the rate")
        await driven.press("q")
    async with opened(home, SIZE) as driven:
        await listed(driven, "finished", "stopped")
        assert state(driven) == "stopped"
        assert driven.main.query_one(CurvePlot).view == View("lr", time=True, log=True, smoothing=3)
        assert driven.main.has_class("-zoomed", "-at-run")
        assert driven.focused is driven.main.query_one("#run")
        await driven.shows("· stopped", "lr", "log · time")
        await driven.press("z", "1")
        await driven.shows("state:finished,stopped", "Runs 2 of 5")
        await driven.press("escape")
        await listed(driven, *ALL)


async def test_it_is_remembered_meanwhile(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "KEEP", 0.05)
    async with opened(home, SIZE) as driven:
        await listed(driven, *ALL)
        await driven.press("3")
        file = home / FILE
        await driven.until(
            lambda: file.exists() and Left.of(json.loads(file.read_text())["view"]).pane == "scripts", "it"
        )
    async with opened(home, SIZE) as driven:
        await driven.until(
            lambda: isinstance(driven.focused, ScriptsPane) and driven.main.has_class("-at-scripts"),
            "the pane, but not its question,",
        )
        await driven.press("3", Typed("unet"))
        assert driven.main.query_one(QuestionInput).value == "unet"


async def test_a_run_that_has_begun_since_is_looked_at_first(home: Path) -> None:
    async with opened(home, SIZE) as driven:
        await listed(driven, *ALL)
        await driven.press("slash", Typed("state:failed"), "enter")
        await listed(driven, "failed")
        await driven.press("q")
    new = FakeRun(home / "runs" / "digits-20260314-100000-ffff", begun=BEGUN + timedelta(hours=1)).start().train(10, 50)
    new.hold()
    try:
        async with opened(home, SIZE) as driven:  # which an older filter would hide
            await listed(driven, "running", *ALL)
            selected = driven.main.query_one(RunsList).selected
            assert selected is not None and selected.folder == new.folder
            assert not driven.main.query_one(RunsPane).filter
            await driven.press("j", "j", "q")
        async with opened(home, SIZE) as driven:  # both were live already
            await listed(driven, "running", *ALL)
            assert state(driven) == "finished"
    finally:
        new.release()


async def test_a_run_that_is_gone_gives_its_place_to_the_newest_live_one(empty_home: Path) -> None:
    runs = home_with_runs(empty_home)
    left = Left(run="gone", live=(runs["running"].folder.name,))
    (empty_home / FILE).write_text(json.dumps({"view": left.to_json()}))
    async with opened(empty_home, SIZE) as driven:
        await listed(driven, *ALL)
        assert state(driven) == "running"
    runs["running"].release()


@pytest.mark.parametrize(
    "left",
    [
        {"pane": "[/b]", "zoomed": 1, "curve": [], "filter": 7, "run": None, "live": {}},
        {"pane": ["run"], "curve": {"metric": 7, "smoothing": 10**9, "log": "yes", "time": 1}, "live": [[], {}, None]},
        {"curve": {"metric": "x" * 9999, "smoothing": True}, "live": ["x"] * 9999},
        {"curve": {"smoothing": -1}},
    ],
    ids=["kinds", "nested", "long", "negative"],
)
def test_any_values_are_read(left: dict[str, object]) -> None:
    found = Left.of(left)
    assert (found.pane, found.zoomed, found.view, found.filter, found.run) == ("runs", False, View(), "", "")
    assert Left.of(json.loads(json.dumps(found.to_json()))) == found


async def test_a_filter_that_was_left_and_fits_no_run_says_so(home: Path, runs: dict[str, FakeRun]) -> None:
    left = {"filter": "dataset:mnist", "live": [runs["running"].folder.name]}
    (home / FILE).write_text(json.dumps({"view": left}))
    async with opened(home, SIZE) as driven:
        await driven.shows("No run fits the filter", "Runs 0 of 5")
        assert "No runs yet" not in driven.text


async def test_a_hostile_file_is_as_none(empty_home: Path) -> None:
    empty_home.mkdir()
    hostile = {
        "pane": "run",
        "filter": "lr:<\u001b[31m[/b]\u202e",
        "run": "../../etc",
        "curve": {"metric": "[/b]\u001b"},
    }
    (empty_home / FILE).write_text(json.dumps({"view": hostile}))
    async with opened(empty_home, SIZE) as driven:
        await driven.shows("No runs yet", "lr:<1e-3 is accepted")
        assert "\x1b" not in driven.text


async def test_a_pipe_in_its_place_holds_nobody(empty_home: Path) -> None:
    empty_home.mkdir()
    os.mkfifo(empty_home / FILE)
    async with opened(empty_home, SIZE) as driven:
        await driven.shows("No runs yet")
