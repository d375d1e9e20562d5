"""Drawing images with a trained network: a sampler, guidance, and where latents are drawn, the way back to images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from engine.config import TrainConfig
from engine.data.imageset import Progress
from engine.device import autocast
from engine.diffusion.process import NoiseSchedule
from engine.diffusion.samplers import SAMPLERS, Denoise, spaced_timesteps
from engine.models.latent import LatentDiffusion

MOST_AT_ONCE = 512  # images drawn together
PIXEL_RANGE = 1.0
LATENT_RANGE = 5.0  # deviations: real latents lie within


def model_denoiser(
    model: nn.Module,
    schedule: NoiseSchedule,
    prediction: str,
    *,
    clip: float | None,
    precision: str = "fp32",
    labels: Tensor | None = None,
    guidance: float = 1.0,
) -> Denoise:
    """A network as a Denoise. With `clip` c, x_0 is kept in [-c, c] and the noise made to agree with it.

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
        if clip is not None:
            x0 = x0.clamp(-clip, clip)
            a, s = schedule.at(ts)
            noise = (x - a * x0) / s
        return x0, noise

    return denoise


@torch.inference_mode()
def draw(
    model: nn.Module,
    config: TrainConfig,
    shape: tuple[int, ...],
    device: torch.device,
    *,
    seed: int,
    labels: Tensor | None = None,
    at: Sequence[int] = (),
    progress: Progress | None = None,
) -> tuple[Tensor, Tensor]:
    """Draw images as `config` says (sampler, sample_steps, guidance, precision): equal seeds give equal images.

    `shape` is (N, C, H, W) of the images, `labels` (N,) where classes are asked for. Returns the images, float32 in
    [-1, 1] on the CPU, and the estimates of x_0 at the timesteps nearest to each of `at`, (F, N, C, H, W). Many images
    are drawn in parts that fit a device; `progress` is told (steps done, steps) over all of them.
    """
    inner = (config.latent_dim, 1, 1) if isinstance(model, LatentDiffusion) else shape[1:]
    parts = []
    with evaluating(model):  # batch statistics of images that share one t would destroy the samples
        for part in sampled(model, config, (shape[0], *inner), device, seed, labels, at, progress):
            parts.append([to_images(model, x) for x in part])
    images, *estimates = (torch.cat(pieces) for pieces in zip(*parts, strict=True))
    return images, torch.stack(estimates) if estimates else images.new_empty((0, *images.shape))


@torch.inference_mode()
def sampled(
    model: nn.Module,
    config: TrainConfig,
    shape: tuple[int, ...],
    device: torch.device,
    seed: int,
    labels: Tensor | None = None,
    at: Sequence[int] = (),
    progress: Progress | None = None,
) -> Iterator[list[Tensor]]:
    """What a network in eval mode draws, MOST_AT_ONCE at a time: x, then the estimates of x_0 at each of `at`.

    `shape` is that of what the network denoises, pixels or latents.
    """
    schedule = NoiseSchedule.from_config(config, device)
    generator = torch.Generator(device).manual_seed(seed)
    starts = range(0, shape[0], MOST_AT_ONCE)
    total = len(starts) * config.sample_steps
    visited = spaced_timesteps(len(schedule), config.sample_steps)
    kept = [min(range(len(visited)), key=lambda i: abs(visited[i] - t)) for t in at]
    for part, start in enumerate(starts):
        x = torch.randn((min(MOST_AT_ONCE, shape[0] - start), *shape[1:]), generator=generator, device=device)
        denoise = model_denoiser(
            model,
            schedule,
            config.prediction,
            clip=LATENT_RANGE if isinstance(model, LatentDiffusion) else PIXEL_RANGE,
            precision=config.precision,
            labels=None if labels is None else labels[start : start + len(x)].to(device),
            guidance=config.guidance,
        )
        estimates: dict[int, Tensor] = {}
        for i, step in enumerate(
            SAMPLERS[config.sampler](denoise, schedule, x, steps=config.sample_steps, generator=generator)
        ):
            x = step.x
            if i in kept:
                estimates[i] = step.x0
            if progress:
                progress(part * config.sample_steps + i + 1, total)
        yield [x, *(estimates[i] for i in kept)]


def to_images(model: nn.Module, x: Tensor) -> Tensor:
    """What a network denoises, as images in [-1, 1] on the CPU: latents are decoded."""
    if isinstance(model, LatentDiffusion):
        x = model.decode(x)
    return x.float().clamp(-1.0, 1.0).cpu()


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """The model in eval mode; afterwards each of its parts is in the mode it was in."""
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True
