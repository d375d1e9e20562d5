"""One thing that goes wrong is told once, and the rest of the workbench goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from engine import steering
from engine.runlist import RunList
from tests.tui.conftest import opened
from tests.tui.fake_run import FakeRun
from tui.follow import Follower
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


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that was told, also what is gone from the screen again."""
    messages: list[str] = []
    notify = App.notify

    def noted(app: App[None], message: str, **options: Any) -> None:
        messages.append(message)
        notify(app, message, **options)

    monkeypatch.setattr(App, "notify", noted)
    return messages


def told(said: list[str], what: str) -> int:
    return sum(f"Trouble with {what}" in message for message in said)


async def test_the_list_of_runs_survives(home: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    breaks(monkeypatch, RunList, "scan")
    async with opened(home) as driven:
        await driven.shows("1 Runs 5")
        assert told(said, "the list of runs") == 1


async def test_the_selected_run_survives(
    home: Path, runs: dict[str, FakeRun], monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    breaks(monkeypatch, Follower, "look")
    async with opened(home) as driven:
        await driven.shows("step 3120/5000")
        assert told(said, "the selected run") == 1


async def test_the_search_survives(home: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    breaks(monkeypatch, ScriptsPane, "hear", times=2)
    async with opened(home) as driven:
        await driven.until(lambda: told(said, "an answer of the search") == 1, "the trouble")
        await driven.press("3", *"unet")
        await driven.shows("12 scripts")
        assert told(said, "an answer of the search") == 1


async def test_a_stop_that_fails_is_told(home: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    breaks(monkeypatch, steering, "stop")
    async with opened(home) as driven:
        await driven.shows("step 3120/5000")
        await driven.press("S", "y")
        await driven.until(lambda: told(said, "steering the run") == 1, "the trouble")
