"""One thing that goes wrong is told once, and the rest of the workbench goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.runs import steering
from engine.runs.listing import RunList
from tests.tui.conftest import Typed, opened
from tests.tui.fake_run import FakeRun
from tui.runs.follow import Follower
from tui.screens.main import MainScreen
from tui.widgets.scripts import ScriptsPane


def breaks(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, times: int = 3) -> list[int]:
    """The first `times` calls of a method raise; the calls are counted."""
    calls: list[int] = []
    original = getattr(owner, name)

    def broken(*args: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) <= times:
            raise ZeroDivisionError(f"a[/b] call {len(calls)}")
        return original(*args, **options)

    monkeypatch.setattr(owner, name, broken)
    return calls


async def test_the_list_of_runs_survives(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(monkeypatch, RunList, "scan")
    async with opened(home) as driven:
        await driven.shows("1 Runs 5")
        await driven.told("Trouble with the list of runs")


async def test_the_selected_run_survives(home: Path, runs: dict[str, FakeRun], monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(monkeypatch, Follower, "look")
    async with opened(home) as driven:
        await driven.shows("step 3120/5000")
        await driven.told("Trouble with the selected run")


async def test_the_search_survives(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(monkeypatch, ScriptsPane, "hear", times=2)
    async with opened(home) as driven:
        await driven.told("Trouble with an answer of the search")
        await driven.press("3", Typed("unet"))
        await driven.shows("12 scripts")
        await driven.told("Trouble with an answer of the search")


async def test_a_stop_that_fails_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(monkeypatch, steering, "stop")
    async with opened(home) as driven:
        await driven.shows("step 3120/5000")
        await driven.press("S", "y")
        await driven.told("Trouble with steering the run")


def test_no_part_of_the_workbench_hides_a_method_of_another() -> None:
    parts = [part for part in MainScreen.__mro__[1:] if part.__module__.startswith("tui.")]
    own = [name for part in parts for name, value in vars(part).items() if callable(value) and name[:2] != "__"]
    assert sorted(name for name in set(own) if own.count(name) > 1) == []


async def test_what_is_said_again_is_shown_once(home: Path) -> None:
    async with opened(home) as driven:
        await driven.shows("step 3120/5000")
        for _ in range(3):
            driven.app.notify("The same.", markup=False)
        driven.app.notify("Another.", markup=False)
        await driven.shows("The same.", "Another.")
        assert driven.text.count("The same.") == 1
