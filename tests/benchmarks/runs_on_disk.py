"""Homes with many runs and runs with many points, as any program may have written them."""

from __future__ import annotations

import json
import math
from pathlib import Path

SAID = '"time": "2026-01-01T00:00:00.000Z"'


def long_run(folder: Path, points: int) -> Path:
    """A run whose every point has the fields a trainer writes: 230 bytes each."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "events.jsonl").open("w") as file:
        file.write(
            f'{{"event": "start", {SAID}, "step": 0, "total_steps": {points}, "config": {{"preset": "digits"}}}}\n'
        )
        for start in range(1, points + 1, 1000):
            file.writelines(metrics(step) for step in range(start, min(start + 1000, points + 1)))
    return folder


def metrics(step: int) -> str:
    noise = step * 7919 % 1000 / 1000
    return (
        f'{{"event": "metrics", {SAID}, "step": {step}, "epoch": {step // 22}, "stage": "main", '
        f'"loss": {0.1 + math.exp(-step / 100_000) + noise / 20!r}, "lr": {0.003 * math.cos(step * 1e-7)!r}, '
        f'"grad_norm": {0.5 + noise!r}, "images_per_s": {1500 + 100 * noise!r}, "seconds": {step / 23.1!r}}}\n'
    )


def many_runs(home: Path, count: int, points: int = 500) -> Path:
    """A home with `count` finished runs."""
    lines = "".join(metrics(step) for step in range(1, points + 1))
    end = json.dumps(
        {"event": "end", "time": "2026-01-01T00:10:00Z", "step": points, "state": "finished", "seconds": 9}
    )
    config = json.dumps({"preset": "digits", "dataset": "digits", **{f"setting{i}": i for i in range(40)}})
    for i in range(count):
        folder = home / "runs" / f"digits-20260101-{i:06}-{i:04x}"
        folder.mkdir(parents=True)
        (folder / "lock").touch()
        start = f'{{"event": "start", "time": "2026-01-01T{i // 60 % 24:02}:{i % 60:02}:00Z", "step": 0, '
        (folder / "events.jsonl").write_text(f'{start}"total_steps": {points}, "config": {config}}}\n{lines}{end}\n')
    return home
