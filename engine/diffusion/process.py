"""The forward process and what the network learns: noise schedules, q(x_t | x_0), targets and their conversions.

Symbols are the papers': beta_t, alpha_t = 1 - beta_t, alpha_bar_t = alpha_0 · … · alpha_t (Ho et al. 2020).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.config import TrainConfig

MIN_SNR_GAMMA = 5.0  # Hang et al. 2023, section 3.4


def linear_betas(timesteps: int, start: float, end: float) -> Tensor:
    """(T,) betas of Ho et al. 2020, section 4."""
    return torch.linspace(start, end, timesteps)


def cosine_betas(timesteps: int, s: float = 0.008) -> Tensor:
    """(T,) betas of Nichol & Dhariwal 2021, equation 17, clipped at 0.999."""
    u = torch.arange(timesteps + 1, dtype=torch.float64) / timesteps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2) ** 2
    return (1 - f[1:] / f[:-1]).clamp(max=0.999).float()


@dataclass(frozen=True)
class NoiseSchedule:
    """The noise of each timestep. All tensors are float32 of shape (T,), on one device."""

    betas: Tensor
    alpha_bar: Tensor
    sqrt_alpha_bar: Tensor
    sqrt_one_minus_alpha_bar: Tensor

    @classmethod
    def from_betas(cls, betas: Tensor) -> NoiseSchedule:
        alpha_bar = torch.cumprod(1.0 - betas, dim=0)
        return cls(betas, alpha_bar, alpha_bar.sqrt(), (1.0 - alpha_bar).sqrt())

    @classmethod
    def from_config(cls, config: TrainConfig, device: torch.device | str = "cpu") -> NoiseSchedule:
        if config.schedule == "linear":
            betas = linear_betas(config.timesteps, config.beta_start, config.beta_end)
        else:
            betas = cosine_betas(config.timesteps)
        return cls.from_betas(betas.to(device))

    def __len__(self) -> int:
        return len(self.betas)

    def at(self, t: Tensor) -> tuple[Tensor, Tensor]:
        """sqrt(alpha_bar_t) and sqrt(1 - alpha_bar_t) for (B,) timesteps, each (B, 1, 1, 1)."""
        return self.sqrt_alpha_bar[t][:, None, None, None], self.sqrt_one_minus_alpha_bar[t][:, None, None, None]

    def add_noise(self, x0: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """x_t drawn from q(x_t | x_0) with the given noise (Ho et al. 2020, equation 4)."""
        a, s = self.at(t)
        return a * x0 + s * noise

    def target(self, prediction: str, x0: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """What the network should say: the noise, the image, or v = a·noise - s·x0 (Salimans & Ho 2022)."""
        if prediction == "eps":
            return noise
        if prediction == "x0":
            return x0
        a, s = self.at(t)
        return a * noise - s * x0

    def x0_and_noise(self, prediction: str, output: Tensor, x_t: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """The image and the noise that the network's output means for x_t."""
        a, s = self.at(t)
        if prediction == "eps":
            return (x_t - s * output) / a, output
        if prediction == "x0":
            return output, (x_t - a * output) / s
        return a * x_t - s * output, s * x_t + a * output

    def loss_weight(self, prediction: str, t: Tensor) -> Tensor:
        """(B,) min-SNR weights: min(SNR, gamma) over the SNR weight the target has already (Hang et al. 2023)."""
        snr = self.alpha_bar[t] / (1.0 - self.alpha_bar[t])
        clipped = snr.clamp(max=MIN_SNR_GAMMA)
        return {"eps": clipped / snr, "x0": clipped, "v": clipped / (snr + 1.0)}[prediction]
