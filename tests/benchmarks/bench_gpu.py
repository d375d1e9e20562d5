"""The article's whole job on one GPU: 600,000 images through its U-Net, in bf16, against its own loop at batch 2.

The engine does all of it, from the first step to the last, compiling included; of the article's loop a share of one
epoch is measured and extrapolated.
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
from tests.benchmarks.alternatives import SIZE, article_training
from tests.benchmarks.race import Contender, race, ratio_line

IMAGES, EPOCHS = 60_000, 10
BATCHES = (64, 1024)
ROUNDS, ARTICLE_STEPS = 3, 1000


def whole_job(batch: int) -> Callable[[], None]:
    """Every round a new model, trained to its end, its images already on the device."""
    device = torch.device("cuda")
    pixels = torch.randint(0, 256, (IMAGES, 1, SIZE, SIZE), dtype=torch.uint8, device=device)
    data = ImageSet(pixels, torch.zeros(IMAGES, device=device).long(), ("0",), SIZE)
    config = resolve({"preset": "article-mnist", "batch_size": batch, "epochs": EPOCHS})
    config = replace(config, precision=choose_precision("auto", device)[0], image_size=SIZE)

    def work() -> None:
        Trainer(config, data, device, None).train(lambda: False, lambda: False)
        torch.cuda.synchronize()

    return work


def main() -> None:
    if not torch.cuda.is_available():
        print("not measured: no CUDA device here")
        return
    job = IMAGES * EPOCHS
    article = Contender(
        "the article's loop, batch 2, fp32", article_training, ("cuda", 2, ARTICLE_STEPS), scale=job / 2 / ARTICLE_STEPS
    )
    ours = [Contender(f"diffwb, batch {batch}", whole_job, (batch,)) for batch in BATCHES]
    print(f"{torch.cuda.get_device_name()}, {job:,} images of the article's U-Net; {ROUNDS} rounds")
    seconds = race([article, *ours], ROUNDS)
    for name, times in seconds.items():
        median = statistics.median(times)
        against = "" if name == article.name else f"   ratio {ratio_line(seconds[article.name], times)}"
        print(f"  {name:34} {median:8.1f} s  {job / median:9,.0f} images/s{against}")
    print("  goal: ratio 150, 100,000 images/s")


if __name__ == "__main__":
    main()
