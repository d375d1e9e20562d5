"""64 images drawn on the CPU: DDIM in 50 and DPM-Solver++ in 20 steps against the article's 1000 ancestral ones.

The same network, untrained: speed does not read weights. Of the article's steps 40 are measured and taken 25 times, for
all of them cost the same.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace

import torch

from engine.config import resolve
from engine.device import choose_precision
from engine.diffusion.drawing import draw
from engine.models import build_model
from engine.training.allocation import keep_freed_memory
from tests.benchmarks.alternatives import SIZE, T, article_sampling
from tests.benchmarks.race import Contender, race, ratio_line

COUNT = 64
ROUNDS, MEASURED = 5, 40


def engine_sampling(sampler: str, steps: int) -> Callable[[], None]:
    """All of `sampler`'s steps for 64 images, as a trainer draws them."""
    device = torch.device("cpu")
    config = resolve({"preset": "article-mnist", "sampler": sampler, "sample_steps": steps})
    config = replace(config, precision=choose_precision("auto", device)[0], image_size=SIZE)
    keep_freed_memory()
    model = build_model(config, 1, SIZE, 10).to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def work() -> None:
        draw(model, config, (COUNT, 1, SIZE, SIZE), device, seed=0)

    return work


def main() -> None:
    article = Contender("the article's 1000 steps, fp32", article_sampling, (COUNT, MEASURED), scale=T / MEASURED)
    ddim = Contender("diffwb, DDIM, 50 steps", engine_sampling, ("ddim", 50))
    dpmpp = Contender("diffwb, DPM-Solver++, 20 steps", engine_sampling, ("dpmpp", 20))
    print(
        f"{COUNT} images of the article's U-Net, CPU; {MEASURED} of the article's {T} steps measured; {ROUNDS} rounds"
    )
    seconds = race([article, ddim, dpmpp], ROUNDS)
    for name, times in seconds.items():
        print(f"  {name:34} {statistics.median(times):7.1f} s")
    for ours, goal in ((ddim, 45), (dpmpp, 100)):
        print(f"  {ours.name:34} {ratio_line(seconds[article.name], seconds[ours.name])}   goal {goal}")


if __name__ == "__main__":
    main()
