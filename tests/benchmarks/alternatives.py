"""What the engine is set beside: the from-scratch article's loop and sampler, and diffusers with accelerate.

All train on random pixels: speed does not read them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.flop_counter import FlopCounterMode

from engine.models.unet import UNet

T, SIZE = 1000, 28
IMAGES = 6000


def random_pixels() -> Tensor:
    """(N, 1, 28, 28) uint8, as MNIST has."""
    return torch.randint(0, 256, (IMAGES, 1, SIZE, SIZE), dtype=torch.uint8)


def forward_flops(model: nn.Module) -> int:
    """Of one 28×28 image, as torch counts them."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(torch.zeros(1, 1, SIZE, SIZE), torch.zeros(1, dtype=torch.int64))
    return counter.get_total_flops()


class RebuiltTable(nn.Module):
    """The article's habit: the table of time embeddings is made anew in each of the five blocks of a forward pass."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, t: Tensor, y: Tensor | None) -> Tensor:
        table = torch.empty(0)
        for _ in range(5):
            positions = torch.arange(T, dtype=torch.float32)[:, None]
            rates = torch.exp(torch.arange(0, self.dim, 2) * (-math.log(10000.0) / self.dim))
            table = torch.zeros(T, self.dim)
            table[:, 0::2], table[:, 1::2] = torch.sin(positions * rates), torch.cos(positions * rates)
        return table.to(t.device)[t]


def article_unet() -> UNet:
    """The engine's network, 1,884,097 parameters, with the article's table and plain transposed convolutions."""
    model = UNet(1, (64, 128, 256), timesteps=T, time_dim=32)
    model.condition = RebuiltTable(32)  # type: ignore[assignment]
    for up in model.ups:
        up.up = nn.ConvTranspose2d(up.up.in_channels, up.up.out_channels, 2, stride=2)
    return model


def _alpha_bar(device: torch.device) -> Tensor:
    return torch.cumprod(1 - torch.linspace(1e-4, 0.02, T), 0).to(device)


def article_training(device_name: str, batch: int, steps: int) -> Callable[[], None]:
    """The article's loop: float32, contiguous tensors, a data loader, plain Adam, `.item()` each step."""
    torch.manual_seed(0)
    device = torch.device(device_name)
    model = article_unet().to(device)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, foreach=False, fused=False)
    alpha_bar = _alpha_bar(device)
    loader = _loader(batch)
    batches = iter(loader)

    def work() -> None:
        nonlocal batches
        for _ in range(steps):
            try:
                (x0,) = next(batches)
            except StopIteration:
                batches = iter(loader)
                (x0,) = next(batches)
            x0 = x0.to(device)
            t = torch.randint(T, (batch,), device=device)
            noise = torch.randn_like(x0)
            a = alpha_bar[t][:, None, None, None]
            loss = F.mse_loss(model(a.sqrt() * x0 + (1 - a).sqrt() * noise, t), noise)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()

    return work


def _loader(batch: int) -> DataLoader[tuple[Tensor, ...]]:
    return DataLoader(TensorDataset(random_pixels().float() / 127.5 - 1), batch, shuffle=True, drop_last=True)


def article_sampling(count: int, steps: int) -> Callable[[], None]:
    """`steps` of the article's 1000 reverse steps for `count` images, on the CPU: float32, contiguous.

    In eval mode, which the article forgets, and which is the cheaper one.
    """
    model = article_unet().eval()
    betas = torch.linspace(1e-4, 0.02, T)
    alpha_bar = _alpha_bar(torch.device("cpu"))

    @torch.no_grad()
    def work() -> None:
        x = torch.randn(count, 1, SIZE, SIZE)
        for t in range(T - 1, T - 1 - steps, -1):
            noise = model(x, torch.full((count,), t))
            mean = (x - betas[t] * noise / (1 - alpha_bar[t]).sqrt()) / (1 - betas[t]).sqrt()
            variance = betas[t] * (1 - alpha_bar[t - 1]) / (1 - alpha_bar[t])
            x = mean + variance.sqrt() * torch.randn_like(x)

    return work


def diffusers_unet() -> nn.Module:
    """UNet2DModel of the article's U-Net's FLOPs: three levels without attention, 1.2 % more."""
    from diffusers import UNet2DModel

    return UNet2DModel(
        sample_size=SIZE,
        in_channels=1,
        out_channels=1,
        block_out_channels=(32, 64, 144),
        norm_num_groups=16,
        layers_per_block=1,
        down_block_types=("DownBlock2D",) * 3,
        up_block_types=("UpBlock2D",) * 3,
        add_attention=False,
    )


def diffusers_training(batch: int, steps: int) -> Callable[[], None]:
    """The loop of diffusers' unconditional training example, with accelerate, on the CPU in float32."""
    from accelerate import Accelerator
    from diffusers import DDPMScheduler

    torch.manual_seed(0)
    accelerator = Accelerator(cpu=True, mixed_precision="no")
    model = diffusers_unet()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-4)
    model, optimizer, loader = accelerator.prepare(model, optimizer, _loader(batch))
    scheduler = DDPMScheduler(num_train_timesteps=T)

    def work() -> None:
        model.train()
        for _, (x0,) in zip(range(steps), loader, strict=False):
            noise = torch.randn_like(x0)
            t = torch.randint(T, (batch,))
            loss = F.mse_loss(model(scheduler.add_noise(x0, noise, t), t).sample, noise)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            loss.item()

    return work
