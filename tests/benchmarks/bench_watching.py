"""What it costs to be watched: the digits preset with its curve, previews and checkpoints, and with none of them.

Told twice: in time spent training, which leaves previews and checkpoints out, and in whole wall time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from engine.config import resolve
from engine.data import datasets
from engine.device import choose_precision
from engine.home import prepare
from engine.runs.folder import RunWriter
from engine.training.trainer import Trainer
from tests.benchmarks.race import Contender, race_told, ratio_line

GOAL = 0.98
ROUNDS, STEPS = 5, 500  # so many steps have two previews and one checkpoint by default
NEVER = 10**9


def training(folder: str, watched: bool) -> Callable[[], float]:
    """Rounds of STEPS steps. Each tells the time spent training."""
    device = torch.device("cpu")
    config = resolve({"preset": "digits", "steps": NEVER})
    config = replace(config, precision=choose_precision("auto", device)[0], image_size=16)
    if not watched:
        config = replace(config, log_every=NEVER, sample_every=0, checkpoint_every=0)
    run = RunWriter.create(prepare(Path(folder)) / "runs", config) if watched else None
    trainer = Trainer(config, datasets.load(config, Path(folder)), device, run)

    def work() -> float:
        before, stop = trainer.seconds, trainer.step + STEPS
        trainer.train(lambda: trainer.step >= stop, lambda: False)
        return trainer.seconds - before

    return work


def main() -> None:
    print(f"digits preset, CPU, its defaults on against off; {ROUNDS} rounds of {STEPS} steps", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        on = Contender("curve, previews, checkpoints", training, (folder, True))
        off = Contender("none of them", training, (folder, False))
        told = race_told([off, on], ROUNDS)
    for what, place in (("training time", 1), ("wall time", 0)):
        without, with_them = ([float(r[place] or 0.0) for r in told[c.name]] for c in (off, on))
        print(f"  steps/s of {what:14} {ratio_line(without, with_them)}   goal {GOAL}")


if __name__ == "__main__":
    main()
