"""Training where another program keeps one processor busy, and alone: threads that wait asleep against torch's own.

By itself torch's OpenMP (libgomp) spins 300,000 times before a thread sleeps; `engine` has it sleep at once.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

ROUNDS = 3
RUN = ("--preset", "digits", "--device", "cpu", "--steps", "60", "--log-every", "20", "--sample-every", "0")
SPINNING = {"GOMP_SPINCOUNT": "300000"}


@contextmanager
def busy() -> Iterator[None]:
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        other.kill()
        other.wait()


def images_a_second(environment: dict[str, str]) -> float:
    """Of the last steps of a short run."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-P", "-m", "tui.cli", "--train", *RUN]
        given = os.environ | environment | {"DIFFWB_HOME": home}
        subprocess.run(command, env=given, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        events = next(Path(home).glob("runs/*/events.jsonl")).read_text().splitlines()
        return float([json.loads(line) for line in events if '"metrics"' in line][-1]["images_per_s"])


def main() -> None:
    """Rounds in turn, the medians as one table."""
    for label, beside in (("beside a busy program", busy), ("alone", nullcontext)):
        with beside():
            made = [(images_a_second({}), images_a_second(SPINNING)) for _ in range(ROUNDS)]
        asleep, spinning = (statistics.median(one) for one in zip(*made, strict=True))
        print(f"{label:24} {asleep:5.0f} images/s, {asleep / spinning:.2f} × the {spinning:.0f} of threads that spin")


if __name__ == "__main__":
    main()
