"""The samplers: DDPM ancestral, DDIM and DPM-Solver++ over one small interface.

A sampler is a generator of :class:`Step`, from pure noise to the image. Scalars are computed in float64 and the images
kept in float32.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.diffusion.process import NoiseSchedule

Denoise = Callable[[Tensor, int], tuple[Tensor, Tensor]]
"""(x_t, t) -> estimates of x_0 and of the noise, each like x_t."""


@dataclass(frozen=True)
class Step:
    """The state after the step at timestep `t`: the less noisy images, and the estimate of x_0 it was made from."""

    t: int
    x: Tensor
    x0: Tensor


def spaced_timesteps(timesteps: int, steps: int) -> list[int]:
    """`steps` timesteps from T-1 down to 0, evenly spread, both ends included (the first alone if `steps` is 1)."""
    return [round(t) for t in torch.linspace(timesteps - 1, 0, steps, dtype=torch.float64).tolist()]


def ddpm(
    denoise: Denoise, schedule: NoiseSchedule, x: Tensor, *, steps: int, generator: torch.Generator | None
) -> Iterator[Step]:
    """Ancestral sampling, Ho et al. 2020, algorithm 2, with the posterior's variance beta~_t.

    Fewer steps than T use the process that visits only those timesteps.
    """
    for t, a, a_prev in _levels(schedule, steps):
        x0, _ = denoise(x, t)
        alpha = a / a_prev
        beta = 1.0 - alpha
        mean = (a_prev**0.5 * beta / (1.0 - a)) * x0 + (alpha**0.5 * (1.0 - a_prev) / (1.0 - a)) * x
        variance = beta * (1.0 - a_prev) / (1.0 - a)
        x = mean + variance**0.5 * _noise(x, generator) if variance > 0 else mean
        yield Step(t, x, x0)


def ddim(
    denoise: Denoise,
    schedule: NoiseSchedule,
    x: Tensor,
    *,
    steps: int,
    generator: torch.Generator | None,
    eta: float = 0.0,
) -> Iterator[Step]:
    """Song et al. 2021, equation 12; `eta` 0 is deterministic, 1 over all T steps is ancestral sampling."""
    for t, a, a_prev in _levels(schedule, steps):
        x0, noise = denoise(x, t)
        sigma = eta * ((1.0 - a_prev) / (1.0 - a) * (1.0 - a / a_prev)) ** 0.5
        x = a_prev**0.5 * x0 + max(1.0 - a_prev - sigma**2, 0.0) ** 0.5 * noise
        if sigma > 0:
            x = x + sigma * _noise(x, generator)
        yield Step(t, x, x0)


def dpmpp(
    denoise: Denoise, schedule: NoiseSchedule, x: Tensor, *, steps: int, generator: torch.Generator | None
) -> Iterator[Step]:
    """DPM-Solver++(2M), Lu et al. 2022, algorithm 2: second order from the last two estimates of x_0.

    Deterministic; the first and the last step are of first order, the last because sigma ends at 0.
    """
    earlier: tuple[Tensor, float] | None = None  # the estimate before, and the step in lambda that followed it
    for t, a, a_next in _levels(schedule, steps):
        x0, _ = denoise(x, t)
        if a_next == 1.0:
            yield Step(t, x0, x0)
            return
        h = _half_log_snr(a_next) - _half_log_snr(a)
        estimate = x0
        if earlier is not None:
            ratio = earlier[1] / h
            estimate = (1.0 + 0.5 / ratio) * x0 - (0.5 / ratio) * earlier[0]
        x = ((1.0 - a_next) / (1.0 - a)) ** 0.5 * x - a_next**0.5 * math.expm1(-h) * estimate
        earlier = (x0, h)
        yield Step(t, x, x0)


def _half_log_snr(alpha_bar: float) -> float:
    """lambda_t of the paper, log(alpha_t / sigma_t) in its notation."""
    return 0.5 * math.log(alpha_bar / (1.0 - alpha_bar))


SAMPLERS = {"ddpm": ddpm, "ddim": ddim, "dpmpp": dpmpp}


def _levels(schedule: NoiseSchedule, steps: int) -> Iterator[tuple[int, float, float]]:
    """(t, alpha_bar at t, alpha_bar at the next lower timestep visited) from T-1 on; 1 below the last."""
    visited = spaced_timesteps(len(schedule), steps)
    alpha_bar = schedule.alpha_bar.tolist()
    for t, previous in zip(visited, [*visited[1:], None], strict=True):
        yield t, alpha_bar[t], 1.0 if previous is None else alpha_bar[previous]


def _noise(like: Tensor, generator: torch.Generator | None) -> Tensor:
    return torch.randn(like.shape, generator=generator, device=like.device, dtype=like.dtype)
