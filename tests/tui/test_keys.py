"""Every key of the registry is pressed where it is bound, and does what can be seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.runs import steering
from tests.tui.conftest import Driven, opened
from tests.tui.journeys import JOURNEYS
from tests.tui.scenes import home_of_scenes
from tui.app import Workbench
from tui.keys.actions import ACTIONS
from tui.runs import session
from tui.screens.export import ExportScreen
from tui.screens.main import MainScreen
from tui.widgets.curve import CurvePlot
from tui.widgets.results import ResultsTable


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What would leave the workbench, start a process or signal one says so instead."""

    def say(what: str) -> Any:
        return lambda self, *_: self.app.notify(what)

    class Started:
        pid, returncode = 0, None

        def poll(self) -> None: ...

    started: list[str] = []

    def start(home: Path, arguments: list[str], log: Path) -> Started:
        started.append(" ".join(part for part in arguments if part.startswith("--")))
        return Started()

    def launched(screen: MainScreen, launch: Any) -> None:
        screen.notify(f"trains {started[-1]}")

    async def indexed(screen: MainScreen, folders: Sequence[Path]) -> None:
        screen.notify(f"indexes {len(folders)}")

    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Workbench, "exit", say("left"))
    # What lies beneath a dialog is most of the work, and no key changes it.
    monkeypatch.setattr(Workbench, "CSS", "ModalScreen { background: $background !important; }")
    monkeypatch.setattr(Workbench, "action_redraw", say("drawn anew"))
    monkeypatch.setattr(Workbench, "action_suspend_process", say("suspended"))
    monkeypatch.setattr(steering, "stop", lambda run: None)
    monkeypatch.setattr(steering, "checkpoint", lambda run: None)
    monkeypatch.setattr(session, "start_trainer", start)
    monkeypatch.setattr(MainScreen, "_launch", launched)
    monkeypatch.setattr(MainScreen, "_start", say("starts"))
    monkeypatch.setattr(MainScreen, "_generate", say("draws"))
    monkeypatch.setattr(MainScreen, "_start_indexing", indexed)
    monkeypatch.setattr(ExportScreen, "_write", lambda self, kind, path: self.dismiss(str(path)))


def test_every_key_is_pressed() -> None:
    pressed = {(action, key) for steps in JOURNEYS.values() for key, action, _ in steps if action}
    bound = {(action.name, key) for action in ACTIONS for key in action.keys.split(",")}
    assert pressed == bound


@pytest.mark.parametrize("journey", JOURNEYS)
@pytest.mark.usefixtures("replaced")
async def test_keys(journey: str, empty_home: Path) -> None:
    runs = home_of_scenes(empty_home)
    try:
        async with opened(empty_home, (160, 36)) as driven:
            await driven.shows("samples · step 3000", "12 scripts are indexed")
            for number, (key, action, effect) in enumerate(JOURNEYS[journey]):
                before = seen(driven) if effect else ""
                where = f"step {number}, {key} for {action or 'the next'}"
                if action:
                    assert not holds(effect, before, before), f"{where}: {effect!r} was there before:\n{before}"
                await driven.press(key)
                if effect:
                    await driven.until(lambda e=effect, b=before: holds(e, seen(driven), b), f"{where}: {effect!r}")
    finally:
        for run in runs.values():
            run.release()


def seen(driven: Driven) -> str:
    """What is on the screen and said, and what a person sees at once and a test does not: where the focus is."""
    app, main = driven.app, driven.main
    focus, plot, table = app.focused, main.query_one(CurvePlot), main.query_one(ResultsTable)
    return "\n".join(
        [
            driven.text,
            f"screen {type(app.screen).__name__} ",
            f"focus {focus.id if focus else None} ",
            f"cursor {plot.cursor}",
            f"view {plot.view}",
            f"scrolled {table.scroll_x:.0f} ",
            *(
                f"said {message} {count}"
                for message, count in Counter(" ".join(notice.split()) for notice in app.notices).items()
            ),
        ]
    )


def holds(effect: str, now: str, before: str) -> bool:
    if effect.startswith("~"):
        return _value(effect[1:], now) != _value(effect[1:], before)
    now, effect = re.sub(" +", " ", now), re.sub(" +", " ", effect)
    return effect[1:] not in now if effect.startswith("-") else effect in now


def _value(name: str, text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"{name} "))
