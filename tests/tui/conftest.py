"""The workbench opened on a home, with a search child that needs no index."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget

from engine.home import prepare
from tests.tui.fake_run import FakeRun, home_with_runs
from tui.app import Workbench
from tui.runs.session import AUTO, CPU, Device
from tui.screens import found, main
from tui.screens.main import MainScreen

BROAD = (190, 44)  # the smallest terminal that shows everything, as what is painted is half of the work
SERVER = [sys.executable, "-P", str(Path(__file__).with_name("fake_server.py"))]


class Noting(Workbench):
    """Keeps all that it told, and what it tells stays on the screen until it is looked at."""

    NOTIFICATION_TIMEOUT = 60  # seconds

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.notices: list[str] = []

    def notify(self, message: str, **options: Any) -> None:
        self.notices.append(message)
        super().notify(message, **options)

    def said(self, text: str) -> int:
        """In how many notices it was."""
        return sum(text in message for message in self.notices)


class Typed(str):
    """Text that is typed faster than a screen is painted: whoever types looks at it when all of it is there."""


@dataclass
class Driven:
    """A workbench under test."""

    app: Noting
    pilot: Pilot[None]

    @property
    def main(self) -> MainScreen:
        return self.app.main

    async def press(self, *keys: str) -> None:
        for typed, together in groupby(keys, key=lambda key: isinstance(key, Typed)):
            if typed:
                self._type("".join(together))
            else:
                await self.pilot.press(*together)
        await self.pilot.pause()

    def _type(self, text: str) -> None:
        driver = self.app._driver
        assert driver is not None
        for character in text:
            name = character if character.isalnum() else _character_to_key(character)
            driver.process_message(Key(name, character))

    async def until(self, condition: Callable[[], bool], what: str, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what} never came; the screen:\n{self.text}"
            await asyncio.sleep(0.02)
            await self.pilot.pause()

    async def shows(self, *texts: str) -> None:
        await self.until(lambda: all(text in self.text for text in texts), f"{texts}")

    async def told(self, text: str, times: int = 1) -> None:
        """Wait for a notice; on the screen it may be broken into lines."""
        await self.until(lambda: self.app.said(text) >= times, f"{text!r} ({times} ×) among {self.app.notices}", 60)
        assert self.app.said(text) == times

    @property
    def text(self) -> str:
        """What the screen shows, as plain lines."""
        screen = self.app.screen
        strips = screen._compositor.render_strips(screen.size)
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def focused(self) -> Widget | None:
        return self.app.focused


@asynccontextmanager
async def opened(home: Path, size: tuple[int, int] = BROAD) -> AsyncIterator[Driven]:
    app = Noting(prepare(home))
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield Driven(app, pilot)


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> None:
    """No child process of the workbench loads what takes seconds: the index to search, torch to list the devices."""

    async def devices() -> list[Device]:
        return [AUTO, CPU]

    monkeypatch.setattr(found, "server_command", lambda home: SERVER)
    monkeypatch.setattr(main, "list_devices", devices)


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def runs(empty_home: Path) -> Iterator[dict[str, FakeRun]]:
    """A run of each state in `empty_home`."""
    made = home_with_runs(empty_home)
    yield made
    made["running"].release()


@pytest.fixture
def home(empty_home: Path, runs: dict[str, FakeRun]) -> Path:
    return empty_home
