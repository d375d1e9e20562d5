"""A U-Net over patches: the image enters as one token a patch, and leaves by expanding each token to its patch again.

Patch embedding is that of Dosovitskiy et al. 2021, patch expansion that of Cao et al. 2022 (Swin-Unet).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.models.attention import Attention
from engine.models.blocks import Conditioning, Doubling, ResidualBlock, group_norm, zeroed


class Level(nn.Module):
    """Two residual blocks and, where there is any, attention. (B, in, H, W), (B, D) -> (B, out, H, W)."""

    def __init__(self, in_channels: int, out_channels: int, condition_dim: int, attention: str) -> None:
        super().__init__()
        self.first = ResidualBlock(in_channels, out_channels, condition_dim)
        self.second = ResidualBlock(out_channels, out_channels, condition_dim)
        self.attention = nn.Identity() if attention == "none" else Attention(out_channels, attention)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        y: Tensor = self.attention(self.second(self.first(x, condition), condition))
        return y


class PatchUNet(nn.Module):
    """Predicts noise, image or velocity from a noisy image, its timestep and, where there are classes, its class.

    `widths` are the channels from the first level, at a `patch`-th of the image's sides, to the bottleneck; the sides
    must be divisible by patch · 2 ** (len(widths) - 1). The pixels of the image also pass by the patches, in one
    convolution, so that what is smaller than a patch is not lost on the way.
    """

    def __init__(
        self,
        channels: int,
        widths: Sequence[int],
        patch: int,
        timesteps: int,
        time_dim: int,
        attention: Sequence[str],
        classes: int = 0,
    ) -> None:
        super().__init__()
        first, *deeper = widths
        dim = 4 * first
        self.condition = Conditioning(timesteps, time_dim, classes)
        self.embed = nn.Sequential(nn.Linear(time_dim, dim), nn.SiLU(), nn.Linear(dim, dim), nn.SiLU())
        self.patches = nn.Conv2d(channels, first, patch, stride=patch)
        self.downs = nn.ModuleList(
            Level(a, b, dim, kind) for a, b, kind in zip([first, *widths], widths, attention, strict=False)
        )
        self.downsample = nn.ModuleList(nn.Conv2d(width, width, 3, stride=2, padding=1) for width in widths[:-1])
        self.ups = nn.ModuleList(
            Level(2 * width, width, dim, kind) for width, kind in zip(widths[-2::-1], attention[-2::-1], strict=True)
        )
        self.upsample = nn.ModuleList(Doubling(a, b) for a, b in zip(deeper[::-1], widths[-2::-1], strict=True))
        pixels = max(8, first // 4)
        self.expand = nn.Sequential(
            group_norm(first), nn.SiLU(), nn.Conv2d(first, pixels * patch * patch, 1), nn.PixelShuffle(patch)
        )
        self.pixels = nn.Conv2d(channels, pixels, 3, padding=1)
        self.out = nn.Sequential(
            ResidualBlock(2 * pixels, pixels),
            group_norm(pixels),
            nn.SiLU(),
            zeroed(nn.Conv2d(pixels, channels, 3, padding=1)),
        )

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        """(B, C, H, W) images, (B,) integer timesteps in 0 … T-1, (B,) classes -> (B, C, H, W)."""
        condition = self.embed(self.condition(t, y))
        h = self.patches(x)
        skips = []
        for depth, down in enumerate(self.downs):
            h = down(h, condition)
            if depth < len(self.downsample):
                skips.append(h)
                h = self.downsample[depth](h)
        for upsample, up in zip(self.upsample, self.ups, strict=True):
            h = up(torch.cat((skips.pop(), upsample(h)), dim=1), condition)
        out: Tensor = self.out(torch.cat((self.pixels(x), self.expand(h)), dim=1))
        return out
