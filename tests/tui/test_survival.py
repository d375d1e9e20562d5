"""Training outlives the workbench: killed, hung up on or left, it goes on, and the next workbench shows it live."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.runs.listing import RunList, RunSummary
from engine.runs.lock import lock_holder
from tests.tui.terminal import Terminal

CTRL_S = "\x13"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home whose own defaults make runs quick to step; what still trains at the end is ended."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text('log_every = 1\nsample_every = 0\ndevice = "cpu"\n')
    yield folder
    for run in RunList(folder / "runs").scan():
        if (pid := lock_holder(run.folder)) is not None:
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    return os.environ | {"DIFFWB_HOME": str(home)}


def the_run(home: Path, step: int, seconds: float = 60) -> RunSummary:
    """The one run of a home, once it is past a step."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        runs = RunList(home / "runs").scan()
        if runs and runs[0].step > step:
            return runs[0]
        time.sleep(0.1)
    raise AssertionError(f"no run passed step {step}: {runs}")


def start_a_run(terminal: Terminal) -> None:
    """As a person does: `n`, then start what the form offers."""
    terminal.until(lambda text: "No runs yet." in text and "n new run" in text, "the first screen")
    terminal.press("n")
    terminal.until(lambda text: "diffwb --train --preset digits" in text, "the form")
    terminal.press(CTRL_S)
    terminal.until(lambda text: "1 training" in text, "that a run trains")


def leave(second: Terminal, home: Path) -> None:
    second.press("q")
    second.child.expect("1 run goes on training", timeout=60)
    second.close()
    assert the_run(home, the_run(home, 0).step + 5).state == "running"


def stop(second: Terminal, home: Path) -> None:
    second.press("S")
    second.until(lambda text: "Stop this run?" in text, "the question")
    second.press("y")
    second.until(lambda text: "· stopped" in text, "the run as stopped")
    run = the_run(home, 1)
    assert run.state == "stopped"
    assert (run.folder / "checkpoints" / f"step-{run.step:08d}" / "meta.json").is_file()


@pytest.mark.parametrize(("end", "then"), [("kill", leave), ("hang_up", stop)], ids=["kill", "hang_up"])
def test_training_goes_on_without_its_workbench_and_the_next_one_shows_it(
    end: str, then: Callable[[Terminal, Path], None], home: Path, environment: dict[str, str]
) -> None:
    """And that one is left, where it goes on again, or stops it with a checkpoint."""
    first = Terminal(environment)
    try:
        start_a_run(first)
        getattr(first, end)()
    finally:
        first.close()
    assert the_run(home, the_run(home, 0).step + 5).state == "running"
    second = Terminal(environment)
    try:
        second.until(lambda text: re.search(r"· running\b.*\n.*step \d+/", text) is not None, "the run still training")
        then(second, home)
    finally:
        second.close()
