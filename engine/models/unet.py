"""The U-Net of the from-scratch DDPM article (after Ronneberger et al. 2015 and Ho et al. 2020), at any width.

Each level is two 3×3 convolutions with the time added between them; levels halve and double the image.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.attention import Attention
from engine.models.blocks import Conditioning, Doubling, normalisation


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
        self.up = Doubling(in_channels, out_channels)
        self.conv = DoubleConv(2 * out_channels, out_channels, time_dim, norm)

    def forward(self, x: Tensor, skip: Tensor, time: Tensor) -> Tensor:
        y: Tensor = self.conv(torch.cat((skip, self.up(x)), dim=1), time)
        return y


class UNet(nn.Module):
    """Predicts noise, image or velocity from a noisy image, its timestep and, where there are classes, its class.

    `widths` are the channels from the first level to the bottleneck; the image's sides must be divisible by
    2 ** (len(widths) - 1). `attention` names the kind that follows each level on the way down (none where there is no
    such name).
    """

    def __init__(
        self,
        channels: int,
        widths: Sequence[int],
        timesteps: int,
        time_dim: int,
        norm: str = "batch",
        attention: Sequence[str] = (),
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.condition = Conditioning(timesteps, time_dim, classes)
        *levels, bottleneck = widths
        self.downs = nn.ModuleList(
            DoubleConv(a, b, time_dim, norm) for a, b in zip([channels, *levels], levels, strict=False)
        )
        self.bottleneck = DoubleConv(levels[-1] if levels else channels, bottleneck, time_dim, norm)
        self.ups = nn.ModuleList(
            Up(a, b, time_dim, norm) for a, b in zip([bottleneck, *levels[::-1]], levels[::-1], strict=False)
        )
        self.out = nn.Conv2d(widths[0], channels, 1)
        self.attention = nn.ModuleDict(
            {str(depth): Attention(widths[depth], kind) for depth, kind in enumerate(attention) if kind != "none"}
        )

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        """(B, C, H, W) images, (B,) integer timesteps in 0 … T-1, (B,) classes -> (B, C, H, W)."""
        time = self.condition(t, y)
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
