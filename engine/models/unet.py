"""The U-Net of the from-scratch DDPM article (after Ronneberger et al. 2015 and Ho et al. 2020), at any width.

Each level is two 3×3 convolutions with the time added between them; levels halve and double the image.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.attention import Attention


def time_embedding_table(timesteps: int, dim: int) -> Tensor:
    """(T, dim) sinusoids of the timestep, sine and cosine interleaved: sin, cos of t / 10000^(i/dim), i = 0, 2, …

    Vaswani et al. 2017, section 3.5. Made once; looking a row up costs nothing in the forward pass.
    """
    rates = torch.exp(torch.arange(0, dim, 2, dtype=torch.float64) * (-math.log(10000.0) / dim))
    angles = torch.arange(timesteps, dtype=torch.float64)[:, None] * rates
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1).float()


def normalisation(kind: str, channels: int) -> nn.Module:
    """BatchNorm, or GroupNorm of up to eight groups."""
    return nn.BatchNorm2d(channels) if kind == "batch" else nn.GroupNorm(math.gcd(8, channels), channels)


class DoubleConv(nn.Module):
    """conv – norm – ReLU, plus the projected time, conv – norm – ReLU. (B, in, H, W) -> (B, out, H, W)."""

    def __init__(self, in_channels: int, out_channels: int, time_dim: int, norm: str) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
        self.norm1 = normalisation(norm, out_channels)
        self.time = nn.Linear(time_dim, out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.norm2 = normalisation(norm, out_channels)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        h = F.relu(self.norm1(self.conv1(x)))
        h = h + self.time(time)[:, :, None, None]
        return F.relu(self.norm2(self.conv2(h)))


class Up(nn.Module):
    """Double the image, join the skip, convolve. (B, in, H, W), (B, out, 2H, 2W) -> (B, out, 2H, 2W)."""

    def __init__(self, in_channels: int, out_channels: int, time_dim: int, norm: str) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 2, stride=2)
        self.conv = DoubleConv(2 * out_channels, out_channels, time_dim, norm)

    def forward(self, x: Tensor, skip: Tensor, time: Tensor) -> Tensor:
        y: Tensor = self.conv(torch.cat((skip, self.up(x)), dim=1), time)
        return y


class UNet(nn.Module):
    """Predicts noise, image or velocity from a noisy image, its timestep and, where there are classes, its class.

    `widths` are the channels from the first level to the bottleneck; the image's sides must be divisible by
    2 ** (len(widths) - 1). With `classes`, the class is embedded and added to the time; the label `classes` itself
    stands for "any" (Ho & Salimans 2022, classifier-free guidance). Softmax attention follows the bottleneck and the
    level above it, where pixels are few; linear attention follows every level.
    """

    time_table: Tensor

    def __init__(
        self,
        channels: int,
        widths: Sequence[int],
        timesteps: int,
        time_dim: int,
        norm: str = "batch",
        attention: str = "none",
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.register_buffer("time_table", time_embedding_table(timesteps, time_dim), persistent=False)
        self.class_embedding = nn.Embedding(classes + 1, time_dim) if classes else None
        *levels, bottleneck = widths
        self.downs = nn.ModuleList(
            DoubleConv(a, b, time_dim, norm) for a, b in zip([channels, *levels], levels, strict=False)
        )
        self.bottleneck = DoubleConv(levels[-1] if levels else channels, bottleneck, time_dim, norm)
        self.ups = nn.ModuleList(
            Up(a, b, time_dim, norm) for a, b in zip([bottleneck, *levels[::-1]], levels[::-1], strict=False)
        )
        self.out = nn.Conv2d(widths[0], channels, 1)
        depths = [] if attention == "none" else range(len(widths)) if attention == "linear" else range(len(widths))[-2:]
        self.attention = nn.ModuleDict({str(d): Attention(widths[d], attention) for d in depths})

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        """(B, C, H, W) images, (B,) integer timesteps in 0 … T-1, (B,) classes -> (B, C, H, W)."""
        time = self.time_table[t]
        if self.class_embedding is not None:
            any_class = self.class_embedding.num_embeddings - 1
            time = time + self.class_embedding(torch.full_like(t, any_class) if y is None else y)
        skips = []
        for depth, down in enumerate(self.downs):
            x = self._attend(down(x, time), depth)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self._attend(self.bottleneck(x, time), len(self.downs))
        for up in self.ups:
            x = up(x, skips.pop(), time)
        out: Tensor = self.out(x)
        return out

    def _attend(self, x: Tensor, depth: int) -> Tensor:
        name = str(depth)
        return self.attention[name](x) if name in self.attention else x
