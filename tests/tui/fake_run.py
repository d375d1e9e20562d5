"""Run folders made without a trainer, per the contract: for tests, and by hand for looking at the workbench.

By hand: `python tests/tui/fake_run.py HOME live` trains nothing for a minute, convincingly.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import platform
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from PIL import Image, ImageDraw

TILE = 16
BEGUN = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)


@dataclass
class FakeRun:
    """A run's folder and the means to write to it as a trainer does."""

    folder: Path
    total: int = 5000
    begun: datetime = BEGUN
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    _lock: TextIO | None = None

    def start(self, **changes: Any) -> FakeRun:
        (self.folder / "samples").mkdir(parents=True, exist_ok=True)
        (self.folder / "config.toml").write_text('preset = "digits"\n')
        config = {"preset": "digits", "dataset": "digits", "batch_size": 64, "lr": 0.003}
        about = {"run": self.folder.name, "config": config, "device": "cpu", "device_name": "Fake CPU"}
        self.event("start", 0, 0.0, **(about | {"total_steps": self.total} | changes))
        return self

    def hold(self) -> FakeRun:
        """Take the lock, as a live trainer does."""
        self._lock = (self.folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._lock.write(f"{os.getpid()}\n{platform.node()}\n")
        self._lock.flush()
        return self

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def event(self, kind: str, step: int, after: float, **values: Any) -> None:
        moment = self.begun + timedelta(seconds=after)
        record = {"event": kind, "time": moment.isoformat().replace("+00:00", "Z"), "step": step} | values
        with (self.folder / "events.jsonl").open("a") as file:
            file.write(json.dumps(record) + "\n")

    def train(self, first: int, last: int, every: int = 10) -> FakeRun:
        """Metrics from step `first` to `last`, 20 steps a second."""
        for step in range(first, last + 1, every):
            loss = 0.9 * math.exp(-step / 300) + 0.12 * math.exp(-step / 4000) + 0.03 * self.rng.random() + 0.06
            seconds = step / 20
            values = {"epoch": step / 28, "loss": loss, "lr": 0.003, "grad_norm": 1.2, "images_per_s": 1280.0}
            self.event("metrics", step, seconds, seconds=seconds, **values)
        return self

    def checkpoint(self, step: int) -> FakeRun:
        """The folder of one; there is nothing in it."""
        (self.folder / "checkpoints" / f"step-{step:08}").mkdir(parents=True)
        return self

    def sample(self, step: int, seed: int = 0) -> FakeRun:
        grid, strip = f"samples/step-{step:08}.png", f"samples/step-{step:08}-strip.png"
        picture(8, 4, seed).save(self.folder / grid)
        picture(10, 1, seed).save(self.folder / strip)
        self.event("sample", step, step / 20, path=grid, strip=strip, sampler="ddim", sample_steps=50, count=32)
        return self

    def end(self, state: str, step: int, error: str | None = None) -> FakeRun:
        self.event("end", step, step / 20, state=state, seconds=step / 20, error=error)
        self.release()
        return self


def picture(columns: int, rows: int, seed: int = 0) -> Image.Image:
    """A grid of digit-like tiles with grey lines between, as the engine draws it."""
    step = TILE + 1
    image = Image.new("L", (columns * step + 1, rows * step + 1), 64)
    draw = ImageDraw.Draw(image)
    for i in range(columns * rows):
        x, y = i % columns * step + 1, i // columns * step + 1
        draw.rectangle((x, y, x + TILE - 1, y + TILE - 1), fill=0)
        draw.text((x + 5, y + 2), str((i + seed) % 10), fill=255)
    return image


def home_with_runs(home: Path, live: bool = True) -> dict[str, FakeRun]:
    """A home with one run of each state. The caller releases the live one."""
    made = {}
    for minute, (state, reached) in enumerate(
        (("lost", 1200), ("failed", 310), ("stopped", 2500), ("finished", 5000), ("running", 3120))
    ):
        run = FakeRun(
            home / "runs" / f"digits-20260314-09{minute:02}00-a{minute}f3", begun=BEGUN + timedelta(minutes=minute)
        )
        run.start().train(10, reached).checkpoint(reached // 250 * 250).sample(reached // 250 * 250, minute)
        if state == "running" and live:
            run.hold()
        elif state in ("failed", "stopped", "finished"):
            run.end(
                state, reached, "loss is not finite at step 310; a lower lr may help" if state == "failed" else None
            )
        made[state] = run
    return made


def main() -> None:
    home = Path(sys.argv[1])
    runs = home_with_runs(home)
    live = runs["running"]
    for tick in range(600 if "live" in sys.argv else 0):
        step = 3130 + tick * 10
        live.train(step, step)
        if tick % 25 == 0:
            live.sample(step, tick)
        time.sleep(0.1 if "fast" in sys.argv else 0.5)
    time.sleep(3600)


if __name__ == "__main__":
    main()
