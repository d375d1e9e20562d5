"""Training images a second on the CPU: the engine against the article's plain loop and diffusers with accelerate.

The engine trains as its `article-mnist` preset at the default batch size and the precision it chooses by itself.

What was found on two cores with AMX (torch 2.15, bf16, one thread, processor time of a step of the article's U-Net at
batch 64; the digits preset in brackets):

- Convolutions backward are 46 % (41 %), forward 13 % (13 %), batch norm both ways 16 % (13 %), ReLU both ways 11 %
  (10 %). Outside the network the optimizer takes 2 % (3 %), the gradient's norm and the averages 1 % each at most.
- glibc gave activations back to the system in every step: 27,000 (5,000) page faults. Kept, by
  `engine.training.allocation`: 409 to 336 ms (76 to 65), and the same peak. Large pages (THP_MEM_ALLOC_ENABLE) on top
  of that: no gain beyond the noise, and 0.1 GiB more.
- The two transposed convolutions took 45 ms forward and backward, as matrix products (`Doubling`) 20.
- Where nothing is clipped, gradients were multiplied by a factor of 1 (1 %); they are not any more.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace

import torch

from engine.config import resolve
from engine.data.imageset import ImageSet
from engine.device import choose_precision
from engine.training.trainer import Trainer
from tests.benchmarks.alternatives import (
    SIZE,
    article_training,
    article_unet,
    diffusers_training,
    diffusers_unet,
    forward_flops,
    random_pixels,
)
from tests.benchmarks.race import Contender, race, ratio_line

BATCH = 64
ROUNDS, STEPS = 7, 4
SMALL_BATCH, SMALL_STEPS = 2, 64


def engine_training(batch: int, steps: int) -> Callable[[], None]:
    """The engine's steps on the CPU, without a run folder."""
    device = torch.device("cpu")
    pixels = random_pixels()
    data = ImageSet(pixels, torch.zeros(len(pixels)).long(), ("0",), SIZE)
    config = resolve({"preset": "article-mnist", "batch_size": batch, "epochs": 10**6})
    precision, _ = choose_precision("auto", device)
    trainer = Trainer(replace(config, precision=precision, image_size=SIZE), data, device, None)

    def work() -> None:
        for _ in range(steps):
            loss, _ = trainer.train_step()
        float(loss)

    return work


def main() -> None:
    images = BATCH * STEPS
    plain = Contender(f"the article's loop, batch {BATCH}, fp32", article_training, ("cpu", BATCH, STEPS))
    small = Contender(
        f"the article's loop, batch {SMALL_BATCH}, fp32",
        article_training,
        ("cpu", SMALL_BATCH, SMALL_STEPS),
        scale=images / (SMALL_BATCH * SMALL_STEPS),
    )
    rival = Contender("diffusers UNet2DModel + accelerate, fp32", diffusers_training, (BATCH, STEPS))
    ours = Contender("diffwb", engine_training, (BATCH, STEPS))
    precision, why = choose_precision("auto", torch.device("cpu"))
    print(f"article's U-Net, CPU, diffwb at batch {BATCH} in {precision} ({why}); {ROUNDS} rounds", flush=True)
    print(f"forward FLOPs an image: {forward_flops(article_unet()):,}; diffusers {forward_flops(diffusers_unet()):,}")
    seconds = race([small, plain, rival, ours], ROUNDS)
    for name, times in seconds.items():
        print(f"  {name:44} {images / statistics.median(times):6,.0f} images/s")
    for other, goal in ((plain, 2.0), (rival, 2.3), (small, 3.8)):
        print(f"  diffwb / {other.name:44} {ratio_line(seconds[other.name], seconds[ours.name])}   goal {goal}")


if __name__ == "__main__":
    main()
