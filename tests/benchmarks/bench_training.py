"""Training images a second: the engine against the from-scratch article's plain loop, same U-Net, same batch size.

The two take turns in one process, so a machine that slows down slows both. Pixels are random: speed does not read them.
"""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from engine.config import resolve
from engine.imageset import ImageSet
from engine.device import choose_precision, find_device
from engine.home import prepare
from engine.models.unet import UNet
from engine.runs import RunWriter
from engine.trainer import Trainer

BATCH = 64
ROUNDS, STEPS = 5, 6


class RebuiltTable(nn.Module):
    """The article's habit: the table of time embeddings is made anew each time a block asks for its rows."""

    def __init__(self, timesteps: int, dim: int) -> None:
        super().__init__()
        self.timesteps, self.dim = timesteps, dim

    def __getitem__(self, t: Tensor) -> Tensor:
        table = torch.empty(0)
        for _ in range(5):
            positions = torch.arange(self.timesteps, dtype=torch.float32)[:, None]
            rates = torch.exp(torch.arange(0, self.dim, 2) * (-math.log(10000.0) / self.dim))
            table = torch.zeros(self.timesteps, self.dim)
            table[:, 0::2], table[:, 1::2] = torch.sin(positions * rates), torch.cos(positions * rates)
        return table.to(t.device)[t]


def article_loop(device: torch.device, images: Tensor) -> Callable[[int], None]:
    """float32, contiguous tensors, a data loader, plain Adam, `.item()` each step."""
    torch.manual_seed(0)
    model = UNet(1, (64, 128, 256), timesteps=1000, time_dim=32).to(device)
    del model.time_table
    model.time_table = RebuiltTable(1000, 32)  # type: ignore[assignment]
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, foreach=False, fused=False)
    alpha_bar = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000), 0).to(device)
    loader = DataLoader(TensorDataset(images.float() / 127.5 - 1), BATCH, shuffle=True, drop_last=True)
    batches = iter(loader)

    def steps(count: int) -> None:
        nonlocal batches
        for _ in range(count):
            try:
                (x0,) = next(batches)
            except StopIteration:
                batches = iter(loader)
                (x0,) = next(batches)
            x0 = x0.to(device)
            t = torch.randint(1000, (BATCH,), device=device)
            noise = torch.randn_like(x0)
            a = alpha_bar[t][:, None, None, None]
            loss = F.mse_loss(model(a.sqrt() * x0 + (1 - a).sqrt() * noise, t), noise)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()

    return steps


def engine_loop(device: torch.device, data: ImageSet, folder: Path) -> Callable[[int], None]:
    precision, why = choose_precision("auto", device)
    print(f"engine at {precision}: {why}")
    config = resolve({"preset": "article-mnist", "batch_size": BATCH, "epochs": 10**6})
    trainer = Trainer(
        replace(config, precision=precision, image_size=28),
        data,
        device,
        RunWriter.create(prepare(folder) / "runs", config),
    )

    def steps(count: int) -> None:
        for _ in range(count):
            loss, _ = trainer.train_step()
        float(loss)

    return steps


def main() -> None:
    device, name = find_device("auto")
    images = torch.randint(0, 256, (6000, 1, 28, 28), dtype=torch.uint8)
    steps_of = 50 if device.type == "cuda" else STEPS
    with tempfile.TemporaryDirectory() as folder:
        plain = article_loop(device, images)
        ours = engine_loop(device, ImageSet(images, torch.zeros(6000).long(), ("0",), 28), Path(folder))
        seconds: dict[str, list[float]] = {"plain": [], "ours": []}
        for loop in (plain, ours):
            loop(3)
        for _ in range(ROUNDS):
            for key, loop in (("plain", plain), ("ours", ours)):
                start = time.perf_counter()
                loop(steps_of)
                seconds[key].append(time.perf_counter() - start)
    rates = {key: BATCH * steps_of / statistics.median(times) for key, times in seconds.items()}
    ratios = [p / o for p, o in zip(seconds["plain"], seconds["ours"], strict=True)]
    print(f"{device} ({name}), article's U-Net, batch {BATCH}, median of {ROUNDS} rounds")
    print(f"  the article's plain loop   {rates['plain']:8,.0f} images/s   1.00")
    print(f"  diffwb                     {rates['ours']:8,.0f} images/s   {statistics.median(ratios):.2f}")
    print(f"  ratio round by round       {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
