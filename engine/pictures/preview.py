"""What a trainer draws for who watches it: grids and strips of samples, and the pictures of a latent model."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn

from engine.config import TrainConfig
from engine.data.imageset import Images, ImageSet
from engine.diffusion.drawing import draw
from engine.diffusion.samplers import spaced_timesteps
from engine.models.latent import LatentDiffusion
from engine.pictures import images
from engine.pictures import latents as latent_pictures
from engine.runs.folder import RunWriter

STRIP = 10  # estimates in a denoising strip
SAMPLE_SEED = 1  # grids of one run start from the same noise, so that they can be compared


class Previews:
    """Draws into the `samples` folder of a run, and says so in its events."""

    def __init__(self, config: TrainConfig, data: Images, device: torch.device, run: RunWriter) -> None:
        self.config, self.device, self.run = config, device, run
        self.classes = len(data.classes) if config.class_conditional else 0
        self.shape = (data.channels, data.image_size, data.image_size)
        self._subset: Callable[[], ImageSet] = cache(data.subset)

    def draw(self, model: nn.Module, count: int, frames: int = 0) -> tuple[Tensor, Tensor]:
        """Images from the noise that all grids start with, and `frames` estimates of them on the way, as `draw` does.

        A conditional network draws its classes in turn.
        """
        labels = torch.arange(count) % self.classes if self.classes else None
        at = spaced_timesteps(self.config.timesteps, min(frames, self.config.sample_steps)) if frames else ()
        return draw(model, self.config, (count, *self.shape), self.device, seed=SAMPLE_SEED, labels=labels, at=at)

    def samples(self, model: nn.Module, step: int) -> None:
        """A grid of samples, a column for each class where there are classes, and the strip of its first image."""
        start = time.perf_counter()
        c = self.config
        by_class = 1 < self.classes <= min(images.MOST_CLASSES, c.sample_count)
        count = c.sample_count - c.sample_count % self.classes if by_class else c.sample_count  # whole rows
        drawn, estimates = self.draw(model, count, STRIP)
        path, strip = self._path(step), self._path(step, "-strip")
        columns = self.classes if by_class else images.columns_of(count)
        images.save_png(images.grid(drawn, columns), path)
        images.save_png(images.grid(estimates[:, 0], columns=len(estimates)), strip)
        self.run.event(
            "sample",
            step,
            path=self._inside(path),
            strip=self._inside(strip),
            sampler=c.sampler,
            sample_steps=c.sample_steps,
            seconds=time.perf_counter() - start,
            count=count,
            columns=columns,
            tile=list(self.shape[1:]),
            gap=images.GAP,
        )

    def reconstructions(self, model: LatentDiffusion, step: int) -> None:
        """Images of the dataset above what the autoencoder makes of them."""
        picture = latent_pictures.reconstructions(model, self._subset(), self.config.precision)
        self._picture(picture, step, "reconstructions", "images, and below each its reconstruction")

    def latents(self, model: LatentDiffusion, step: int) -> None:
        """The map of the latents, and a GIF of images going to noise and coming back."""
        data = self._subset()
        chart = latent_pictures.latent_map(model, self.config, data, SAMPLE_SEED)
        self._picture(chart, step, "latents", "latents by class (t-SNE), and the way of a drawn one")
        path = self._path(step, "-process", "gif")
        images.save_gif(latent_pictures.process(model, self.config, data, SAMPLE_SEED), path, seconds=6.0)
        self.run.event("picture", step, path=self._inside(path), title="images to noise, noise to images")

    def _picture(self, picture: Image.Image, step: int, kind: str, title: str) -> None:
        path = self._path(step, f"-{kind}")
        images.save_png(picture, path)
        self.run.event("picture", step, path=self._inside(path), title=title)

    def _path(self, step: int, kind: str = "", suffix: str = "png") -> Path:
        return self.run.folder / "samples" / f"step-{step:08d}{kind}.{suffix}"

    def _inside(self, path: Path) -> str:
        return str(path.relative_to(self.run.folder))
