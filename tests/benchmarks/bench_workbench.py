"""What a person at the workbench feels, in a real pseudo-terminal of 120×36 and 256 colours.

Beside an empty Textual app and, where `wandb` is on the PATH, beside W&B's LEET showing the same curves: the first
readable screen, a long run drawn, memory, bytes and processor time while nothing happens and while a run is live, from
an event to the screen, and from a key to its answer while training takes all cores.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import psutil

from tests.benchmarks.runs_on_disk import long_run
from tests.tui.fake_run import FakeRun
from tests.tui.terminal import Terminal, seconds_to_live

ROUNDS = 5
SHORT = 1000  # steps of the run of the first screen
EMPTY = "from textual.app import App\nfrom textual.widgets import Static\n" + (
    "class Empty(App):\n    def compose(self):\n        yield Static('ready')\nEmpty().run()\n"
)
WINDOW = 5  # seconds of training with or without a workbench
CATCHING_UP = 3  # seconds until a workbench that stood still has shown what it did not see: nobody's stands still
TURNS = 40
LONG = 100_000  # steps of the long run, of three series
LEET = """
import math, sys, wandb
run = wandb.init(project="bench", dir=sys.argv[1], mode="offline")
for step in range(int(sys.argv[2])):
    run.log({"loss": 0.1 + math.exp(-step / 20000), "lr": 1e-3, "grad_norm": 1.0})
run.finish()
"""


def finished_run(home: Path) -> None:
    """A run of a thousand points, as any program may write it."""
    folder = home / "runs" / "digits-20260101-000000-aaaa"
    folder.mkdir(parents=True)
    said = {"time": "2026-01-01T00:00:00Z"}
    lines = [{"event": "start", "step": 0, "total_steps": SHORT, "config": {"preset": "digits"}, **said}]
    lines += [
        {
            "event": "metrics",
            "step": step,
            "loss": 0.1 + math.exp(-step / 100),
            "lr": 1e-3,
            "seconds": step / 10,
            **said,
        }
        for step in range(1, SHORT + 1)
    ]
    lines.append({"event": "end", "step": SHORT, "state": "finished", "seconds": SHORT / 10, **said})
    (folder / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


@contextmanager
def opened(home: Path, *program: str) -> Iterator[Terminal]:
    terminal = Terminal(os.environ | {"DIFFWB_HOME": str(home), "WANDB_SILENT": "true"}, *program)
    try:
        yield terminal
    finally:
        terminal.close()


def seconds(terminal: Terminal, ready: Callable[[str], bool], since: float, most: float = 60) -> float:
    while not ready(terminal.text):
        if time.perf_counter() - since > most:
            raise TimeoutError(f"it never came:\n{terminal.text}")
        terminal.pump(0.004)
    return time.perf_counter() - since


def first_screen(home: Path, ready: Callable[[str], bool], *program: str) -> float:
    start = time.perf_counter()
    with opened(home, *program) as terminal:
        return seconds(terminal, ready, start)


def contains(what: str, text: str) -> bool:
    return what in text


def curve(text: str) -> bool:
    return len(re.findall("[\u2801-\u28ff]", text)) > 20


def leet_run(folder: Path, steps: int) -> list[str] | None:
    """The command that shows a run of as many steps in LEET, if that is installed."""
    wandb = shutil.which("wandb")
    if wandb is None:
        return None
    python = str(Path(wandb).resolve().parent / "python")
    subprocess.run([python, "-c", LEET, str(folder), str(steps)], check=True, capture_output=True, cwd=folder)
    return [wandb, "leet", "run", str(next(folder.glob("wandb/offline-run-*")))]


def tell(what: str, ours: str, theirs: str = "") -> None:
    print(f"  {what:<52}{ours:>12}   {theirs}", flush=True)


def start(folder: Path) -> None:
    finished_run(folder / "short")
    leet = leet_run(_made(folder / "leet-short"), 1000)
    empty = [first_screen(folder, lambda t: "ready" in t, sys.executable, "-P", "-c", EMPTY) for _ in range(ROUNDS)]
    ours = [first_screen(folder / "short", curve) for _ in range(ROUNDS)]
    theirs = [first_screen(folder, curve, *leet) for _ in range(ROUNDS)] if leet else []
    beside = f"empty app {statistics.median(empty):.2f} s" + (
        f", LEET {statistics.median(theirs):.2f} s" if theirs else ""
    )
    tell("first readable screen", f"{statistics.median(ours):.2f} s", beside)


def found_live(folder: Path) -> None:
    """What a person sees who comes back to a run that went on without them."""
    run = FakeRun(folder / "live" / "runs" / "digits-20260101-000000-aaaa").start().train(10, 500).hold()
    ours = [seconds_to_live(os.environ | {"DIFFWB_HOME": str(folder / "live")}) for _ in range(ROUNDS)]
    run.release()
    tell("from the first paint to a live run, shown live", f"{statistics.median(ours):.2f} s")


def long(folder: Path) -> None:
    long_run(folder / "long" / "runs" / "digits-20260101-000000-aaaa", LONG)
    leet = leet_run(_made(folder / "leet-long"), LONG)
    ours = [first_screen(folder / "long", lambda t: curve(t) and f"{LONG}/{LONG}" in t) for _ in range(ROUNDS)]
    theirs = [first_screen(folder, lambda t: str(LONG - 1) in t, *leet) for _ in range(2)] if leet else []
    beside = f"LEET {statistics.median(theirs):.2f} s" if theirs else ""
    tell(f"a run of {LONG:,} steps × 3 series drawn", f"{statistics.median(ours):.2f} s", beside)


def live(folder: Path) -> None:
    """A run that reports ten times a second; then the same screen once it has ended."""
    home = folder / "live"
    run = FakeRun(home / "runs" / "digits-20260101-000000-aaaa", total=100_000, begun=datetime.now(UTC))
    run.start().train(10, 2000).sample(2000).hold()
    with opened(home) as terminal:
        seconds(terminal, lambda t: "step 2000/" in t and "samples" in t, time.perf_counter())
        terminal.pump(8)  # the search process has started
        process, took = psutil.Process(terminal.child.pid), []
        before, received, began = process.cpu_times(), terminal.received, time.perf_counter()
        for step in range(2010, 3010, 10):
            run.train(step, step)
            at = time.perf_counter()
            if step % 100 == 0:
                took.append(seconds(terminal, partial(contains, f"step {step}/"), at))
            terminal.pump(max(0.0, 0.1 - (time.perf_counter() - at)))
        spent, after = time.perf_counter() - began, process.cpu_times()
        busy = (after.user + after.system - before.user - before.system) / spent
        tell("from an event to the screen", f"{statistics.median(took):.2f} s", f"at most {max(took):.2f} s")
        tell("following a live run: processor", f"{busy:.1%}", "of a core")
        tell("following a live run: sent", f"{(terminal.received - received) / spent / 1000:.1f} kB/s")
        run.end("finished", 3000)
        seconds(terminal, lambda t: "finished" in t, time.perf_counter())
        terminal.pump(3)
        before, received = process.cpu_times(), terminal.received
        terminal.pump(10)
        after = process.cpu_times()
        busy = (after.user + after.system - before.user - before.system) / 10
        tell("idle: processor", f"{busy:.1%}", "of a core")
        tell("idle: sent", f"{(terminal.received - received) / 10:.0f} B/s")
        tell("resident memory of the workbench", f"{process.memory_info().rss / 2**20:.0f} MiB")


def keys(folder: Path) -> None:
    """`j` and `k` in a list of runs while a trainer takes all cores."""
    home = folder / "keys"
    for minute in range(8):
        FakeRun(home / "runs" / f"digits-20260101-00{minute:02}00-aaaa").start().train(10, 300).end("finished", 300)
    with training(folder / "busy"), opened(home) as terminal:
        seconds(terminal, curve, time.perf_counter())
        terminal.pump(15)  # both have loaded what they need
        took = []
        for n in range(100):
            terminal.pump(0.05)
            while not terminal.quiet(0.05):
                pass
            at, before = time.perf_counter(), terminal.received
            terminal.child.send("j" if n % 2 else "k")
            while terminal.received == before and time.perf_counter() - at < 2:
                terminal.pump(0.002)
            took.append(time.perf_counter() - at)
    p95 = statistics.quantiles(took, n=20)[-1]
    tell(
        "from a key to its answer, all cores training",
        f"{1000 * statistics.median(took):.0f} ms",
        f"p95 {1000 * p95:.0f} ms",
    )


def slowed(folder: Path) -> None:
    """A run on all cores, followed by a workbench that by turns stands still: the pace of a shared machine drifts.

    What it sends is read and thrown away: a terminal that draws it is on the other side of the connection.
    """
    home, alone, beside, share = folder / "slowed", [], [], 0.0
    with training(home) as events, opened(home) as terminal:
        seconds(terminal, curve, time.perf_counter())
        terminal.pump(15)  # what comes after the first screen is there
        workbench = psutil.Process(terminal.child.pid)
        for _ in range(TURNS):
            workbench.suspend()
            alone.append(_pace(events, terminal))
            workbench.resume()
            terminal.drain(CATCHING_UP)
            spent = workbench.cpu_times()
            beside.append(_pace(events, terminal))
            took = workbench.cpu_times()
            share += (took.user + took.system - spent.user - spent.system) / WINDOW / TURNS
        workbench.suspend()
        alone.append(_pace(events, terminal))
    ratios = [2 * pace / (before + after) for pace, (before, after) in zip(beside, pairwise(alone), strict=True)]
    first, median, third = statistics.quantiles(ratios, n=4)
    spread = f"of those alone (half of {TURNS} turns: {first:.2f} to {third:.2f}), it took {share:.1%} of a core"
    tell("steps/s beside an attached workbench", f"{median:.3f}", spread)


@contextmanager
def training(home: Path) -> Iterator[Path]:
    """A run that takes all cores, while it lasts; gives its events."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "tui.cli",
        "--train",
        "--steps",
        "100000",
        "--log-every",
        "1",
        "--sample-every",
        "0",
    ]
    quiet = subprocess.DEVNULL
    trainer = subprocess.Popen(command, env=os.environ | {"DIFFWB_HOME": str(home)}, stdout=quiet, stderr=quiet)
    try:
        while not (events := list(home.glob("runs/*/events.jsonl"))):
            time.sleep(0.1)
        yield events[0]
    finally:
        trainer.kill()
        trainer.wait()


def _newest(events: Path) -> tuple[int, float]:
    """The newest step of a run, and the seconds it has trained then."""
    said = map(json.loads, reversed(events.read_text().splitlines()))
    return next(((event["step"], event["seconds"]) for event in said if event["event"] == "metrics"), (0, 0.0))


def _pace(events: Path, terminal: Terminal) -> float:
    first, began = _newest(events)
    terminal.drain(WINDOW)
    last, ended = _newest(events)
    return (last - first) / (ended - began)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for part in (start, found_live, long, live, keys, slowed):
            part(Path(name))


if __name__ == "__main__":
    main()
