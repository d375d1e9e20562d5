"""Parts the networks share: the time embedding, normalisation, and a residual block that is told time and class."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def time_embedding_table(timesteps: int, dim: int) -> Tensor:
    """(T, dim) sinusoids of the timestep, sine and cosine interleaved: sin, cos of t / 10000^(i/dim), i = 0, 2, …

    Vaswani et al. 2017, section 3.5. Made once; looking a row up costs nothing in the forward pass.
    """
    rates = torch.exp(torch.arange(0, dim, 2, dtype=torch.float64) * (-math.log(10000.0) / dim))
    angles = torch.arange(timesteps, dtype=torch.float64)[:, None] * rates
    return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1).float()


class Conditioning(nn.Module):
    """(B,) timesteps and (B,) classes -> (B, dim): the time's sinusoids plus, where there are classes, an embedding.

    The class `classes` itself, and none at all, stand for "any" (Ho & Salimans 2022, classifier-free guidance).
    """

    time_table: Tensor

    def __init__(self, timesteps: int, dim: int, classes: int) -> None:
        super().__init__()
        self.register_buffer("time_table", time_embedding_table(timesteps, dim), persistent=False)
        self.class_embedding = nn.Embedding(classes + 1, dim) if classes else None

    def forward(self, t: Tensor, y: Tensor | None) -> Tensor:
        time = self.time_table[t]
        if self.class_embedding is None:
            return time
        any_class = self.class_embedding.num_embeddings - 1
        found: Tensor = time + self.class_embedding(torch.full_like(t, any_class) if y is None else y)
        return found


def group_norm(channels: int) -> nn.GroupNorm:
    """GroupNorm of up to eight groups (Wu & He 2018)."""
    return nn.GroupNorm(math.gcd(8, channels), channels)


def normalisation(kind: str, channels: int) -> nn.Module:
    """The `norm` setting's: batch or group."""
    return nn.BatchNorm2d(channels) if kind == "batch" else group_norm(channels)


def zeroed(layer: nn.Module) -> nn.Module:
    """The layer with all its weights at zero, so that a residual block starts as the identity."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


class Doubling(nn.ConvTranspose2d):
    """The transposed convolution 2×2 with stride 2: (B, in, H, W) -> (B, out, 2H, 2W).

    Its windows do not overlap, so it is one matrix product a pixel. Computed as that it takes half the time
    in bf16 on a CPU, forward and backward.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(in_channels, out_channels, 2, stride=2)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        b, _, h, w = x.shape
        assert self.bias is not None
        weight = self.weight.permute(2, 3, 1, 0).flatten(0, 2)  # (2·2·out, in)
        y = F.linear(x.permute(0, 2, 3, 1), weight, self.bias.repeat(4))
        tiles = y.view(b, h, w, 2, 2, -1).transpose(2, 3)  # (B, H, 2, W, 2, out)
        return tiles.reshape(b, 2 * h, 2 * w, -1).permute(0, 3, 1, 2)


class ResidualBlock(nn.Module):
    """norm – SiLU – conv, norm scaled and shifted by the condition – SiLU – conv, added to the input.

    (B, in, H, W) and (B, D) -> (B, out, H, W). The scale and shift are those of Dhariwal & Nichol 2021, section 3.
    `kernel` 1 makes the block a perceptron over each pixel, which is all there is to a latent of one pixel.
    """

    def __init__(
        self, in_channels: int, out_channels: int, condition_dim: int = 0, *, kernel: int = 3, norm: str = "group"
    ) -> None:
        super().__init__()
        self.norm1 = normalisation(norm, in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel, padding=kernel // 2)
        self.norm2 = normalisation(norm, out_channels)
        self.condition = nn.Linear(condition_dim, 2 * out_channels) if condition_dim else None
        self.conv2 = zeroed(nn.Conv2d(out_channels, out_channels, kernel, padding=kernel // 2))
        self.skip = nn.Conv2d(in_channels, out_channels, 1) if in_channels != out_channels else nn.Identity()

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        h = self.norm2(self.conv1(F.silu(self.norm1(x))))
        if self.condition is not None:
            scale, shift = self.condition(condition)[:, :, None, None].chunk(2, dim=1)
            h = h * (1 + scale) + shift
        y: Tensor = self.skip(x) + self.conv2(F.silu(h))
        return y
