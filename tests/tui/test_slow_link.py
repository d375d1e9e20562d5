"""A terminal that takes nothing, or little, holds up neither the workbench nor what it shows afterwards."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen
from textual.strip import Strip
from textual.widgets import Static

from tests.tui.fake_run import FakeRun
from tests.tui.terminal import Terminal
from tui.painting.slow_link import MOST, PacedApp


@contextmanager
def training(run: FakeRun) -> Iterator[None]:
    """A run that grows by twenty points a second and a sample every second."""
    ended = threading.Event()

    def grow() -> None:
        step = 500
        while not ended.wait(0.05):
            step += 10
            run.train(step, step)
            if step % 200 == 0:
                run.sample(step, step)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[FakeRun]:
    folder = tmp_path / "runs" / "digits-20260314-090000-a0f3"
    made = FakeRun(folder, total=100_000).start().train(10, 500).sample(500).hold()
    yield made
    made.release()


def test_keys_are_heard_while_nobody_reads_the_terminal(tmp_path: Path, run: FakeRun) -> None:
    """What a key does is seen from outside: `q` ends the search process, though no byte of it can be painted."""
    terminal = Terminal(os.environ | {"DIFFWB_HOME": str(tmp_path)})
    try:
        terminal.until(lambda text: "samples · step 500" in text, "the run")
        workbench = psutil.Process(terminal.child.pid)
        deadline = time.monotonic() + 60
        while not workbench.children():
            assert time.monotonic() < deadline
            terminal.pump(0.1)
        with training(run):
            time.sleep(6)  # unread: the kernel's buffer and Textual's queue are full by now
            os.write(terminal.child.child_fd, b"q")
            deadline = time.monotonic() + 60
            while workbench.children():
                assert time.monotonic() < deadline, "the workbench heard nothing"
                time.sleep(0.1)
    finally:
        terminal.close()


async def test_what_changed_last_while_frames_were_on_their_way_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing happens afterwards that would paint it along with itself."""

    class Small(PacedApp):
        def compose(self) -> ComposeResult:
            yield Static("first")

    app, waiting = Small(), [0]
    monkeypatch.setattr(app, "_on_their_way", lambda: waiting[0])
    async with app.run_test() as pilot:
        painted = list[str]()
        static = app.query_one(Static)
        monkeypatch.setattr(static, "render_line", lambda y: painted.append(str(static.content)) or Strip.blank(5))
        waiting[0] = MOST + 1
        static.update("second")
        await pilot.pause(0.3)
        static.update("third")
        await pilot.pause(0.3)
        assert painted == ["second"]
        waiting[0] = 0
        for _ in range(100):  # pilot.pause() would wake the screen
            if len(painted) < 2:
                await asyncio.sleep(0.1)
        assert painted == ["second", "third"]


async def test_what_lies_beneath_a_dialog_is_laid_out_once_a_batch_ends() -> None:
    """The palette delays what is painted while its list changes; the terminal may be resized meanwhile."""

    class Below(Screen[None]):
        CSS = "Below Static { width: 10; } Below.-other Static { width: 20; }"

        def compose(self) -> ComposeResult:
            yield Static("beneath")

    app = PacedApp()
    async with app.run_test() as pilot:
        below = Below()
        await app.push_screen(below)
        await app.push_screen(ModalScreen())
        await pilot.pause()
        with app.batch_update():
            below.add_class("-other")
            await pilot.pause(0.1)
        await pilot.pause(0.3)
        assert below.query_one(Static).size.width == 20


def test_after_a_pause_the_terminal_shows_the_present(tmp_path: Path, run: FakeRun) -> None:
    terminal = Terminal(os.environ | {"DIFFWB_HOME": str(tmp_path)})
    try:
        terminal.until(lambda text: "samples · step 500" in text, "the run")
        with training(run):
            time.sleep(6)
        said = run.folder.joinpath("events.jsonl").read_text().count('"metrics"') * 10
        terminal.until(lambda text: f"step {said}/" in text, "the newest step", 60)
        terminal.press("?")
        terminal.until(lambda text: "─ Keys ─" in text, "the help")
    finally:
        terminal.close()
