"""Drawing images: DDPM ancestral, DDIM and DPM-Solver++ sampling over one small interface.

A sampler is a generator of :class:`Step`, from pure noise to the image. Scalars are computed in float64 and the images
kept in float32.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.diffusion import NoiseSchedule

MOST_AT_ONCE = 512  # images drawn together
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


def model_denoiser(
    model: nn.Module,
    schedule: NoiseSchedule,
    prediction: str,
    *,
    clip: bool,
    precision: str = "fp32",
    labels: Tensor | None = None,
    guidance: float = 1.0,
) -> Denoise:
    """A network as a Denoise. With `clip`, x_0 is kept in [-1, 1] and the noise made to agree with it.

    `labels` are the (N,) classes to draw. `guidance` w other than 1 moves the output from that of any class to w times
    the difference the class makes (Ho & Salimans 2022, equation 6, with w counted from 1); x0, noise and v are affine
    in each other, so it does not matter which of them is predicted.
    """

    def predict(x: Tensor, ts: Tensor) -> Tensor:
        x = x.contiguous(memory_format=torch.channels_last)
        if labels is None:
            return model(x, ts).float()  # type: ignore[no-any-return]
        with_class = model(x, ts, labels).float()
        if guidance == 1.0:
            return with_class  # type: ignore[no-any-return]
        any_class = model(x, ts).float()
        return any_class + guidance * (with_class - any_class)  # type: ignore[no-any-return]

    def denoise(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
        ts = torch.full((len(x),), t, device=x.device)
        with autocast(x.device, precision):
            output = predict(x, ts)
        x0, noise = schedule.x0_and_noise(prediction, output, x, ts)
        if clip:
            x0 = x0.clamp(-1.0, 1.0)
            a, s = schedule.at(ts)
            noise = (x - a * x0) / s
        return x0, noise

    return denoise


def autocast(device: torch.device, precision: str) -> contextlib.AbstractContextManager[object]:
    """The context in which a network computes at `precision` (fp32, bf16, fp16)."""
    if precision == "fp32":
        return contextlib.nullcontext()
    return torch.autocast(device.type, torch.bfloat16 if precision == "bf16" else torch.float16)


@torch.inference_mode()
def draw(
    model: nn.Module,
    schedule: NoiseSchedule,
    prediction: str,
    shape: tuple[int, ...],
    *,
    sampler: str,
    steps: int,
    seed: int,
    precision: str = "fp32",
    labels: Tensor | None = None,
    guidance: float = 1.0,
    frames: int = 10,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Tensor, Tensor]:
    """Draw images with a network in eval mode: equal seeds give equal images on a device.

    `shape` is (N, C, H, W), `labels` (N,) where classes are asked for. Returns the images, float32 in [-1, 1] on the
    CPU, and up to `frames` estimates of x_0 (F, N, C, H, W) spread evenly from t = T-1 down to 0. Many images are drawn
    in parts that fit a device; `progress` is told (steps done, steps) over all of them.
    """
    device = schedule.betas.device
    generator = torch.Generator(device).manual_seed(seed)
    starts = range(0, shape[0], MOST_AT_ONCE)
    was_training = model.training
    model.eval()  # batch statistics of images that share one t would destroy the samples
    try:
        drawn = []
        for part, start in enumerate(starts):
            x = torch.randn((min(MOST_AT_ONCE, shape[0] - start), *shape[1:]), generator=generator, device=device)
            denoise = model_denoiser(
                model,
                schedule,
                prediction,
                clip=True,
                precision=precision,
                labels=None if labels is None else labels[start : start + len(x)].to(device),
                guidance=guidance,
            )
            taken = SAMPLERS[sampler](denoise, schedule, x, steps=steps, generator=generator)
            drawn.append(_last_and_estimates(taken, steps, frames, part * steps, len(starts) * steps, progress))
    finally:
        model.train(was_training)
    return torch.cat([x for x, _ in drawn]), torch.cat([estimates for _, estimates in drawn], dim=1)


def _last_and_estimates(
    taken: Iterator[Step],
    steps: int,
    frames: int,
    before: int,
    total: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[Tensor, Tensor]:
    """Run a sampler: its images, and `frames` of its estimates of x_0, on the CPU."""
    kept = {round(i) for i in torch.linspace(0, steps - 1, min(frames, steps)).tolist()}
    estimates = []
    for i, step in enumerate(taken):
        if i in kept:
            estimates.append(step.x0.cpu())
        if progress:
            progress(before + i + 1, total)
    x = step.x.clamp(-1.0, 1.0).cpu()
    return x, torch.stack(estimates) if estimates else x.new_empty((0, *x.shape))
