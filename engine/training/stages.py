"""The stages a run trains in, one after another: the denoiser alone, or first the autoencoder of its latents."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from engine.config import TrainConfig
from engine.diffusion.objectives import Denoising, Reconstruction
from engine.diffusion.process import NoiseSchedule
from engine.models.latent import LatentDiffusion


@dataclass(frozen=True)
class Stage:
    """One stage: its steps `first` to `stop` (exclusive), what it minimises and which part of the model it trains.

    `lr` is the learning rate at its highest.
    """

    name: str
    first: int
    stop: int
    lr: float
    objective: nn.Module
    trained: nn.Module


def build_stages(
    config: TrainConfig, model: nn.Module, schedule: NoiseSchedule, classes: int, steps: int
) -> list[Stage]:
    """The stages of a run of `steps` steps, in the order in which they run."""
    denoising = Denoising(model, schedule, config, classes)
    if not isinstance(model, LatentDiffusion):
        return [Stage("denoiser", 0, steps, config.lr, denoising, model)]
    first = min(steps - 1, max(1, round(config.autoencoder_share * steps)))
    reconstruction = Reconstruction(model.autoencoder, config.precision)
    return [
        Stage("autoencoder", 0, first, config.autoencoder_lr, reconstruction, model.autoencoder),
        Stage("denoiser", first, steps, config.lr, denoising, model.denoiser),
    ]
