"""From `diffwb` to the first readable screen, in a real pseudo-terminal, beside an empty Textual app in the same run.

Readable means: the run's loss curve is drawn. What is timed is what a person waits for, interpreter start included.
"""

from __future__ import annotations

import json
import math
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.tui.terminal import Terminal

ROUNDS = 7
STEPS = 1000
EMPTY = "from textual.app import App\nfrom textual.widgets import Static\n" + (
    "class Empty(App):\n    def compose(self):\n        yield Static('ready')\nEmpty().run()\n"
)


def finished_run(home: Path) -> None:
    """A run of a thousand points, as any program may write it."""
    folder = home / "runs" / "digits-20260101-000000-aaaa"
    folder.mkdir(parents=True)
    said = {"time": "2026-01-01T00:00:00Z"}
    lines = [{"event": "start", "step": 0, "total_steps": STEPS, "config": {"preset": "digits"}, **said}]
    lines += [
        {
            "event": "metrics",
            "step": step,
            "loss": 0.1 + math.exp(-step / 100),
            "lr": 1e-3,
            "seconds": step / 10,
            **said,
        }
        for step in range(1, STEPS + 1)
    ]
    lines.append({"event": "end", "step": STEPS, "state": "finished", "seconds": STEPS / 10, **said})
    (folder / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def seconds_until(ready: Callable[[str], bool], what: str, environment: dict[str, str], *program: str) -> float:
    start = time.perf_counter()
    terminal = Terminal(environment, *program)
    try:
        while not ready(terminal.text):
            if time.perf_counter() - start > 20:
                raise TimeoutError(f"{what} never came:\n{terminal.text}")
            terminal.pump(0.005)
        return time.perf_counter() - start
    finally:
        terminal.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        finished_run(Path(folder))
        environment = os.environ | {"DIFFWB_HOME": folder}

        def curve(text: str) -> bool:
            return len(re.findall("[\u2801-\u28ff]", text)) > 20

        empty: list[float] = []
        ours: list[float] = []
        for _ in range(ROUNDS):
            empty.append(
                seconds_until(lambda text: "ready" in text, "the app", environment, sys.executable, "-P", "-c", EMPTY)
            )
            ours.append(seconds_until(curve, "the curve", environment))
    print(f"median of {ROUNDS} rounds, 120×36, seconds from start")
    print(f"  an empty Textual app, its text shown       {statistics.median(empty):.2f}   1.00")
    ratio = statistics.median(o / e for o, e in zip(ours, empty, strict=True))
    print(f"  diffwb, a finished run's curve drawn       {statistics.median(ours):.2f}   {ratio:.2f}")


if __name__ == "__main__":
    main()
