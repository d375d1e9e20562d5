"""A terminal that takes nothing, or little, holds up neither the workbench nor what it shows afterwards."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.tui.fake_run import FakeRun
from tests.tui.terminal import Terminal


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
        terminal.until(lambda text: "samples" in text, "the run")
        workbench = psutil.Process(terminal.child.pid)
        deadline = time.monotonic() + 20
        while not workbench.children():
            assert time.monotonic() < deadline
            terminal.pump(0.1)
        with training(run):
            time.sleep(6)  # unread: the kernel's buffer and Textual's queue are full by now
            os.write(terminal.child.child_fd, b"q")
            deadline = time.monotonic() + 15
            while workbench.children():
                assert time.monotonic() < deadline, "the workbench heard nothing"
                time.sleep(0.1)
    finally:
        terminal.close()


def test_after_a_pause_the_terminal_shows_the_present(tmp_path: Path, run: FakeRun) -> None:
    terminal = Terminal(os.environ | {"DIFFWB_HOME": str(tmp_path)})
    try:
        terminal.until(lambda text: "samples" in text, "the run")
        with training(run):
            time.sleep(6)
        said = run.folder.joinpath("events.jsonl").read_text().count('"metrics"') * 10
        terminal.until(lambda text: f"step {said}/" in text, "the newest step", 15)
        terminal.press("?")
        terminal.until(lambda text: "Keys" in text, "the help")
    finally:
        terminal.close()
