"""The networks, and the one a config asks for."""

from __future__ import annotations

from torch import nn

from engine.config import TrainConfig
from engine.models.unet import UNet


def build_model(config: TrainConfig, channels: int, classes: int) -> nn.Module:
    """The network of a run: (B, C, H, W) images, (B,) timesteps and, if conditional, (B,) classes -> (B, C, H, W).

    `classes` is how many the dataset has; an unconditional network has no use for it.
    """
    return UNet(
        channels,
        config.widths,
        config.timesteps,
        config.time_embed_dim,
        config.norm,
        config.attention,
        classes if config.class_conditional else 0,
    )
