"""What training minimises: the denoiser's loss over noise levels, and the autoencoder's reconstruction error.

An objective is a module whose forward gives the loss of one batch, so that it can be trained on several ranks as one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import TrainConfig
from engine.data.randomness import Draws
from engine.device import autocast
from engine.diffusion.process import NoiseSchedule
from engine.models.autoencoder import Autoencoder
from engine.models.latent import LatentDiffusion

LABEL_DROPOUT = 0.1  # share of images trained without their class, so that guidance knows "any" (Ho & Salimans 2022)


class Denoising(nn.Module):
    """The training objective of Ho et al. 2020, algorithm 1, for any prediction, weighting and space."""

    def __init__(self, network: nn.Module, schedule: NoiseSchedule, config: TrainConfig, classes: int) -> None:
        super().__init__()
        self.network, self.schedule, self.config, self.classes = network, schedule, config, classes

    def forward(self, images: Tensor, labels: Tensor, draws: Draws) -> Tensor:
        """(B, C, H, W) images in [-1, 1] and (B,) labels -> the loss."""
        c = self.config
        t = draws.integers(len(self.schedule))
        with autocast(images.device, c.precision):
            x0 = self._encoded(images)
            noise = draws.normal(*x0.shape[1:])
            x_t = self.schedule.add_noise(x0, noise, t).contiguous(memory_format=torch.channels_last)
            if c.class_conditional:
                dropped = draws.uniform() < LABEL_DROPOUT
                output = self.network(x_t, t, labels.masked_fill(dropped, self.classes))
            else:
                output = self.network(x_t, t)
        target = self.schedule.target(c.prediction, x0, noise, t)
        return self._distance(output.float(), target, t)

    def _encoded(self, images: Tensor) -> Tensor:
        if not isinstance(self.network, LatentDiffusion):
            return images
        with torch.no_grad():
            return self.network.encode(images)

    def _distance(self, output: Tensor, target: Tensor, t: Tensor) -> Tensor:
        loss = self.config.loss
        if loss == "mse":
            return F.mse_loss(output, target)
        if loss == "mse-l1-cosine":
            apart = 1 - F.cosine_similarity(output.flatten(1), target.flatten(1)).mean()
            return F.mse_loss(output, target) + F.l1_loss(output, target) + apart
        per_image = F.mse_loss(output, target, reduction="none").mean(dim=(1, 2, 3))
        return (per_image * self.schedule.loss_weight(self.config.prediction, t)).mean()


class Reconstruction(nn.Module):
    """Squared error of images that went through the autoencoder."""

    def __init__(self, autoencoder: Autoencoder, precision: str) -> None:
        super().__init__()
        self.autoencoder, self.precision = autoencoder, precision

    def forward(self, images: Tensor, labels: Tensor, draws: Draws) -> Tensor:
        """(B, C, H, W) images in [-1, 1] -> the loss."""
        with autocast(images.device, self.precision):
            decoded = self.autoencoder(images)
        return F.mse_loss(decoded.float(), images)
