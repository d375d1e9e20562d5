"""Opening a run of a million points, listing a thousand runs, following one that grows by a thousand lines a second.

Beside opening, a plain reader in the same run: json.loads for every line, and every value kept.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.runs.folder import RunReader
from tests.benchmarks.runs_on_disk import long_run, many_runs, metrics
from tui.painting.glyphs import glyphs
from tui.plotting.plot import draw
from tui.plotting.view import View
from tui.runs.follow import Follower

POINTS, RUNS, ROUNDS = 1_000_000, 1000, 3
FOLLOWED = 10  # seconds of growth
LOOKS = 4  # a second, as the workbench looks


def opened(kind: str, run: Path) -> tuple[float, float]:
    """Seconds of the processor to read a run, and MiB it took, in a process of its own."""
    command = [sys.executable, "-P", "-m", "tests.benchmarks.bench_runs", kind, str(run)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def read(kind: str, run: Path) -> None:
    """In that process: read once, and print what it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    if kind == "ours":
        RunReader(run).poll()
    else:
        curves: dict[str, list[float]] = {}
        with (run / "events.jsonl").open() as file:
            for line in file:
                for name, value in json.loads(line).items():
                    if isinstance(value, float | int):
                        curves.setdefault(name, []).append(value)
    seconds = time.process_time() - start
    print(seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def listed(home: Path) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-P", "-m", "tui.cli", "runs"]
    subprocess.run(command, env=os.environ | {"DIFFWB_HOME": str(home)}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def following(run: Path, first: int, rate: int, seconds: int) -> tuple[float, float]:
    """Shares of a core that reading and drawing take while a run grows by `rate` lines a second."""
    follower = Follower(run)
    while follower.look() is not None and follower.behind:
        pass
    reading = drawing = 0.0
    with (run / "events.jsonl").open("a") as file:
        for look in range(seconds * LOOKS):
            lines = range(first + look * rate // LOOKS, first + (look + 1) * rate // LOOKS)
            file.writelines(map(metrics, lines))
            file.flush()
            start = time.process_time()
            snapshot = follower.look()
            read = time.process_time()
            assert snapshot is not None
            assert snapshot.step == lines[-1], "it keeps up"
            draw([snapshot.loss], View(), 80, 18, glyphs(), total=snapshot.total_steps)
            reading, drawing = reading + read - start, drawing + time.process_time() - read
    return reading / seconds, drawing / seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = long_run(Path(folder) / "run", POINTS)
        print(f"a run of {POINTS:,} points ({(run / 'events.jsonl').stat().st_size / 1e6:.0f} MB), best of {ROUNDS}")
        plain, ours = (min(opened(kind, run) for _ in range(ROUNDS)) for kind in ("plain", "ours"))
        for name, (seconds, memory) in (("json.loads, every value kept", plain), ("diffwb", ours)):
            print(f"  {name:<42} {seconds:.2f} s   {memory:6.0f} MiB   {seconds / plain[0]:.2f}")
        reading, drawing = following(run, POINTS + 1, 1000, FOLLOWED)
        print(f"it grows by 1,000 lines a second, looked at {LOOKS} times a second")
        print(f"  to read {reading:.1%} of a core, to draw {drawing:.1%}")
        home = many_runs(Path(folder) / "home", RUNS)
        print(f"`diffwb runs`, {RUNS:,} runs, interpreter start included, best of {ROUNDS}")
        print(f"  {min(listed(home) for _ in range(ROUNDS)):.2f} s")


if __name__ == "__main__":
    read(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) > 1 else main()
