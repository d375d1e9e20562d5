"""The convolutional autoencoder whose latents a latent diffusion model learns to draw (after Rombach et al. 2022)."""

from __future__ import annotations

from torch import Tensor, nn

from engine.models.blocks import ResidualBlock, normalisation

WIDTHS = (32, 64, 128)  # channels at half the image's size, and at a quarter of it before and after its block


class Autoencoder(nn.Module):
    """(B, C, S, S) images <-> (B, D, 1, 1) latents, S divisible by 4.

    A latent is kept as one pixel of D channels, so that noise schedules and samplers handle it like any image. Nothing
    is computed at the image's full size, where most of the time would go.
    """

    def __init__(self, channels: int, image_size: int, latent_dim: int, norm: str) -> None:
        super().__init__()
        a, b, c = WIDTHS
        small = image_size // 4
        self.encoder = nn.Sequential(
            nn.Conv2d(channels, a, 4, stride=2, padding=1),
            ResidualBlock(a, a, norm=norm),
            nn.Conv2d(a, b, 4, stride=2, padding=1),
            ResidualBlock(b, c, norm=norm),
            normalisation(norm, c),
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(c * small * small, latent_dim),
            nn.Unflatten(1, (latent_dim, 1, 1)),
        )
        self.decoder = nn.Sequential(
            nn.Flatten(),
            nn.Linear(latent_dim, c * small * small),
            nn.Unflatten(1, (c, small, small)),
            ResidualBlock(c, b, norm=norm),
            nn.ConvTranspose2d(b, a, 4, stride=2, padding=1),
            ResidualBlock(a, a, norm=norm),
            normalisation(norm, a),
            nn.SiLU(),
            nn.ConvTranspose2d(a, channels, 4, stride=2, padding=1),
        )

    def encode(self, images: Tensor) -> Tensor:
        latents: Tensor = self.encoder(images)
        return latents

    def decode(self, latents: Tensor) -> Tensor:
        images: Tensor = self.decoder(latents)
        return images

    def forward(self, images: Tensor) -> Tensor:
        """The images as they come back from their latents."""
        return self.decode(self.encode(images))
