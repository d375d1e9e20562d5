"""Pictures of what a latent model has learned: reconstructions, a map of its latents, and noise coming and going."""

from __future__ import annotations

import colorsys

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from engine.config import TrainConfig
from engine.data.imageset import ImageSet, to_model_range
from engine.device import autocast
from engine.diffusion.drawing import draw, evaluating, sampled, to_images
from engine.diffusion.process import NoiseSchedule
from engine.diffusion.samplers import spaced_timesteps
from engine.models.latent import LatentDiffusion
from engine.pictures import images

SHOWN = 12  # images beside their reconstructions
MAPPED = 1500  # latents on the map
PATH = 30  # places of the drawn latent that the map shows
SIDE = 640  # pixels of the map
FRAMES = 20  # of each direction of the process
DRAWN = 8  # images in the process
BACKGROUND, FOREGROUND = (24, 24, 27), (250, 250, 250)


@torch.inference_mode()
def encoded(model: LatentDiffusion, pixels: Tensor, precision: str, at_once: int = 512) -> Tensor:
    """uint8 (N, C, H, W) images -> float32 (N, D, 1, 1) latents, on the model's device."""
    device = model.mean.device
    parts = []
    with evaluating(model), autocast(device, precision):
        for part in torch.split(pixels, at_once):
            x = to_model_range(part.to(device)).contiguous(memory_format=torch.channels_last)
            parts.append(model.encode(x).float())
    return torch.cat(parts)


@torch.inference_mode()
def reconstructions(model: LatentDiffusion, data: ImageSet, precision: str) -> Image.Image:
    """Images of the dataset, each with what the autoencoder makes of it below."""
    pixels = data.spread(SHOWN).images
    with evaluating(model):
        decoded = to_images(model, encoded(model, pixels, precision))
    return images.grid(torch.cat((to_model_range(pixels).cpu(), decoded)), columns=len(pixels))


def latent_map(model: LatentDiffusion, config: TrainConfig, data: ImageSet, seed: int) -> Image.Image:
    """The latents of the dataset in two dimensions (t-SNE, van der Maaten & Hinton 2008), coloured by class.

    The white line is the way of one drawn latent from noise to image.
    """
    from sklearn.manifold import TSNE

    data = data.spread(MAPPED)
    real = encoded(model, data.images, config.precision).flatten(1)
    path = _latent_path(model, config, seed)
    together = torch.cat((real, path)).cpu().numpy()
    perplexity = min(30.0, (len(together) - 1) / 4)
    places = TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(together)
    return _scatter(places[: len(real)], data.labels.cpu().numpy(), places[len(real) :], len(data.classes))


def _latent_path(model: LatentDiffusion, config: TrainConfig, seed: int) -> Tensor:
    """(F, D) estimates of x_0 on the way of one drawn latent."""
    at = spaced_timesteps(config.timesteps, PATH)
    shape = (1, config.latent_dim, 1, 1)
    with evaluating(model):
        _, *estimates = next(sampled(model, config, shape, model.mean.device, seed, _labels(model, 1), at))
    return torch.cat(estimates).flatten(1)


def _labels(model: LatentDiffusion, count: int) -> Tensor | None:
    """(N,) classes in turn, where the model knows any."""
    embedding = model.denoiser.condition.class_embedding
    return None if embedding is None else torch.arange(count) % (embedding.num_embeddings - 1)


def _scatter(points: np.ndarray, labels: np.ndarray, path: np.ndarray, classes: int) -> Image.Image:
    """Points coloured by class, and a line through `path` with a ring at its end."""
    every = np.concatenate((points, path))
    low, high = every.min(axis=0), every.max(axis=0)

    def place(point: np.ndarray) -> tuple[float, float]:
        x, y = 16 + (point - low) / np.maximum(high - low, 1e-9) * (SIDE - 32)
        return float(x), float(y)

    picture = Image.new("RGB", (SIDE, SIDE), BACKGROUND)
    pen = ImageDraw.Draw(picture)
    for point, label in zip(points, labels, strict=True):
        x, y = place(point)
        red, green, blue = colorsys.hsv_to_rgb(int(label) / max(1, classes), 0.65, 0.95)
        pen.ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), fill=(int(255 * red), int(255 * green), int(255 * blue)))
    way = [place(point) for point in path]
    pen.line(way, fill=FOREGROUND, width=2)
    x, y = way[-1]
    pen.ellipse((x - 6, y - 6, x + 6, y + 6), outline=FOREGROUND, width=2)
    return picture


@torch.inference_mode()
def process(model: LatentDiffusion, config: TrainConfig, data: ImageSet, seed: int) -> list[Image.Image]:
    """Frames of images going to noise in the latent space, and of others coming back from it."""
    device = model.mean.device
    schedule = NoiseSchedule.from_config(config, device)
    x0 = encoded(model, data.spread(DRAWN).images, config.precision)
    noise = torch.randn(x0.shape, generator=torch.Generator(device).manual_seed(seed), device=device)
    at = spaced_timesteps(config.timesteps, FRAMES)
    with evaluating(model):
        forward = [
            to_images(model, schedule.add_noise(x0, noise, torch.full((len(x0),), t, device=device))) for t in at[::-1]
        ]
    shape = (len(x0), data.channels, data.image_size, data.image_size)
    drawn, backward = draw(model, config, shape, device, seed=seed, labels=_labels(model, len(x0)), at=at)
    frames = [*forward, *backward, drawn]
    return [images.grid(frame, columns=len(x0) // 2 or 1) for frame in frames]
