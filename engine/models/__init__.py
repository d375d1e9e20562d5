"""The networks, and the one a config asks for."""

from __future__ import annotations

from torch import nn

from engine.config import TrainConfig
from engine.models.autoencoder import Autoencoder
from engine.models.latent import LatentDenoiser, LatentDiffusion
from engine.models.patch_unet import PatchUNet
from engine.models.unet import UNet


def build_model(config: TrainConfig, channels: int, image_size: int, classes: int) -> nn.Module:
    """The network of a run: noisy (B, C, H, W), (B,) timesteps and, if conditional, (B,) classes -> (B, C, H, W).

    What it denoises are images, or the latents of a :class:`LatentDiffusion`. `classes` is how many the dataset has;
    an unconditional network has no use for it.
    """
    c = config
    known = classes if c.class_conditional else 0
    attention = attention_levels(c.attention, len(c.widths))
    if c.model == "unet":
        return UNet(channels, c.widths, c.timesteps, c.time_embed_dim, c.norm, attention, known)
    if c.model == "patch":
        return PatchUNet(channels, c.widths, c.patch_size, c.timesteps, c.time_embed_dim, attention, known)
    denoiser = LatentDenoiser(c.latent_dim, c.widths, c.timesteps, c.time_embed_dim, attention, known)
    return LatentDiffusion(Autoencoder(channels, image_size, c.latent_dim, c.norm), denoiser, c.latent_dim)


def attention_levels(attention: str, levels: int) -> tuple[str, ...]:
    """The kind of attention of each level: as listed, or softmax at the two deepest, where pixels are few."""
    listed = tuple(attention.split(","))
    if len(listed) == levels:
        return listed
    shallow = "none" if attention == "softmax" else attention
    return (shallow,) * (levels - 2) + (attention,) * min(2, levels)
