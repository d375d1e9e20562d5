"""Latent diffusion: an autoencoder, and a denoiser of its latents (Rombach et al. 2022)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.attention import HEAD_DIM, Attention
from engine.models.autoencoder import Autoencoder
from engine.models.blocks import Conditioning, ResidualBlock, group_norm, zeroed


class LatentDenoiser(nn.Module):
    """A U-Net of perceptrons: predicts noise, latent or velocity from (B, D, 1, 1) noisy latents, time and class.

    `widths` are the features from the first level to the bottleneck; each level is a residual block on the way down
    and one on the way up, joined to it by a skip. Attention looks at a level's features as tokens of HEAD_DIM.
    """

    def __init__(
        self,
        latent_dim: int,
        widths: Sequence[int],
        timesteps: int,
        time_dim: int,
        attention: Sequence[str],
        classes: int,
    ) -> None:
        super().__init__()
        first, bottleneck = widths[0], widths[-1]
        self.condition = Conditioning(timesteps, time_dim, classes)
        self.embed = nn.Sequential(nn.Linear(time_dim, first), nn.SiLU(), nn.Linear(first, first), nn.SiLU())
        self.inner = nn.Conv2d(latent_dim, first, 1)
        self.downs = nn.ModuleList(
            ResidualBlock(a, b, first, kernel=1) for a, b in zip([first, *widths[:-1]], widths, strict=True)
        )
        self.middle = ResidualBlock(bottleneck, bottleneck, first, kernel=1)
        self.ups = nn.ModuleList(
            ResidualBlock(2 * a, b, first, kernel=1)
            for a, b in zip(widths[::-1], [*widths[-2::-1], first], strict=True)
        )
        self.attention = nn.ModuleDict(
            {str(depth): TokenAttention(widths[depth], kind) for depth, kind in enumerate(attention) if kind != "none"}
        )
        self.out = nn.Sequential(group_norm(first), nn.SiLU(), zeroed(nn.Conv2d(first, latent_dim, 1)))

    def forward(self, z: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        """(B, D, 1, 1) latents, (B,) integer timesteps in 0 … T-1, (B,) classes -> (B, D, 1, 1)."""
        condition = self.embed(self.condition(t, y))
        h = self.inner(z)
        skips = []
        for depth, down in enumerate(self.downs):
            h = down(h, condition)
            if str(depth) in self.attention:
                h = self.attention[str(depth)](h)
            skips.append(h)
        h = self.middle(h, condition)
        for up in self.ups:
            h = up(torch.cat((h, skips.pop()), dim=1), condition)
        out: Tensor = self.out(h)
        return out


class TokenAttention(nn.Module):
    """Attention among the features of a latent, taken HEAD_DIM at a time: (B, W, 1, 1) -> the same."""

    def __init__(self, width: int, kind: str) -> None:
        super().__init__()
        self.tokens = -(-width // HEAD_DIM)
        self.padding = self.tokens * HEAD_DIM - width
        self.place = nn.Parameter(torch.zeros(1, HEAD_DIM, self.tokens, 1))  # a token knows which it is
        self.attend = Attention(HEAD_DIM, kind)

    def forward(self, x: Tensor) -> Tensor:
        tokens = F.pad(x.flatten(1), (0, self.padding)).reshape(-1, self.tokens, HEAD_DIM).mT[..., None]
        mixed: Tensor = self.attend(tokens + self.place) - self.place
        return mixed[..., 0].mT.flatten(1)[:, : x.shape[1], None, None]


class LatentDiffusion(nn.Module):
    """The autoencoder and the denoiser of one run, and the scale of the latents between them.

    To schedules and samplers latents have mean 0 and deviation 1 in every dimension: `measure` sees to that.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, autoencoder: Autoencoder, denoiser: LatentDenoiser, latent_dim: int) -> None:
        super().__init__()
        self.autoencoder, self.denoiser = autoencoder, denoiser
        self.register_buffer("mean", torch.zeros(1, latent_dim, 1, 1))
        self.register_buffer("deviation", torch.ones(1, latent_dim, 1, 1))

    @torch.no_grad()
    def measure(self, latents: Tensor) -> None:
        """Take mean and deviation from (N, D, 1, 1) latents as the autoencoder makes them."""
        self.mean.copy_(latents.mean(dim=0, keepdim=True))
        self.deviation.copy_(latents.std(dim=0, keepdim=True).clamp(min=1e-4))

    def encode(self, images: Tensor) -> Tensor:
        """(B, C, H, W) images -> (B, D, 1, 1) latents of mean 0 and deviation 1."""
        return (self.autoencoder.encode(images).float() - self.mean) / self.deviation

    def decode(self, latents: Tensor) -> Tensor:
        """What :meth:`encode` made, back to images."""
        return self.autoencoder.decode(latents * self.deviation + self.mean)

    def forward(self, z: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        """The denoiser's prediction."""
        out: Tensor = self.denoiser(z, t, y)
        return out
