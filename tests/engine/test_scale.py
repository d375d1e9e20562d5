"""Long runs and many runs stay quick, in the processor's time.

On a busy machine everything takes more of it, so what is promised grows with what a plain reader takes at that moment.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.bench_runs import following, opened
from tests.benchmarks.runs_on_disk import long_run, many_runs


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    run = long_run(tmp_path_factory.mktemp("million") / "run", 1_000_000)
    yield run
    (run / "events.jsonl").unlink()


PLAIN = 0.48  # seconds a plain reader takes for 100,000 points where `diffwb` opens a million in 1.25


@pytest.fixture
def slowness(tmp_path: Path) -> float:
    """How many times slower than that the machine is now."""
    run = long_run(tmp_path / "yardstick", 100_000)
    return max(1.0, min(opened("plain", run)[0] for _ in range(2)) / PLAIN)


def test_a_run_of_a_million_points_opens_within_what_is_promised(million: Path, slowness: float) -> None:
    seconds, memory = min(opened("ours", million) for _ in range(3))
    assert seconds <= 1.5 * slowness
    assert memory <= 150


def test_a_file_that_grows_fast_is_followed_without_reading_history_again(million: Path) -> None:
    reading, drawing = following(million, 1_000_001, 1000, 3)
    assert reading + drawing < 0.2
    assert reading < 0.05, "a thousand lines a second, not the million before them"


def test_a_thousand_runs_are_listed_within_half_a_second(tmp_path: Path, slowness: float) -> None:
    home = many_runs(tmp_path / "home", 1000)
    environment = os.environ | {"DIFFWB_HOME": str(home)}

    def listed() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-P", "-m", "tui.cli", "runs"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert len(done.stdout.splitlines()) == 1002
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(listed() for _ in range(3)) <= 0.5 * slowness
