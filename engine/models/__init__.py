"""The networks, and the one a config asks for."""

from __future__ import annotations

from torch import nn

from engine.config import TrainConfig
from engine.models.unet import UNet


def build_model(config: TrainConfig, channels: int) -> nn.Module:
    """The network of a run: (B, channels, H, W) and (B,) timesteps -> (B, channels, H, W)."""
    return UNet(channels, config.widths, config.timesteps, config.time_embed_dim, config.norm)
