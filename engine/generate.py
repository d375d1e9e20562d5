"""Drawing images from a run's newest checkpoint, into a grid, a GIF or an array."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine import checkpoint, datasets, images, samplers
from engine.config import ConfigError, from_values, read_toml
from engine.device import choose_precision, find_device
from engine.diffusion import NoiseSchedule
from engine.evaluate import MOST_JUDGED, Comparison, Judge
from engine.home import write_atomically
from engine.models import build_model
from engine.runs import RunReader
from engine.training import data_folder

FRAMES = 40  # of a GIF, at most


@dataclass(frozen=True)
class Drawn:
    """`images` float32 (N, C, H, W) in [-1, 1]; `estimates` (F, N, C, H, W) of x_0 on the way; the step drawn from."""

    images: Tensor
    estimates: Tensor
    step: int


def generate(
    run: Path,
    changes: Mapping[str, Any],
    *,
    count: int,
    seed: int,
    device: str,
    label: str | None = None,
    frames: int = FRAMES,
    progress: Callable[[int, int], None] | None = None,
) -> Drawn:
    """Draw `count` images. `changes` may name another `sampler`, `sample_steps` and `guidance` than the run's own.

    `label` is the class to draw, by name or number; without one a conditional network draws its classes in turn.
    Raises ConfigError for settings that cannot be served and CheckpointError where there is no good checkpoint.
    """
    config = from_values(read_toml(run / "config.toml") | dict(changes))
    where, _ = find_device(device)
    precision, _ = choose_precision("auto", where)
    saved, _ = checkpoint.newest_good(run)
    weights = dict(saved.best_weights)
    try:
        channels = weights["out.weight"].shape[0]
        classes = weights["class_embedding.weight"].shape[0] - 1 if config.class_conditional else 0
        model = build_model(config, channels, classes)
        model.load_state_dict(weights)
    except (RuntimeError, KeyError) as error:
        reason = checkpoint.first_line(error)
        raise checkpoint.CheckpointError(
            f"{run.name}: its checkpoint is not of its config's model ({reason})"
        ) from None
    size = config.image_size or 0
    drawn, estimates = samplers.draw(
        model.to(where, memory_format=torch.channels_last),  # type: ignore[call-overload]
        NoiseSchedule.from_config(config, where),
        config.prediction,
        (count, channels, size, size),
        sampler=config.sampler,
        steps=config.sample_steps,
        seed=seed,
        precision=precision,
        labels=_labels(run, label, classes, count),
        guidance=config.guidance,
        frames=frames,
        progress=progress,
    )
    return Drawn(drawn, estimates, saved.step)


def evaluate(
    run: Path,
    changes: Mapping[str, Any],
    home: Path,
    *,
    seed: int,
    device: str,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Judge as many drawn images as the run's dataset holds out. Raises as :func:`generate`."""
    config = from_values(read_toml(run / "config.toml"))
    folder = data_folder(config, home)
    train, held_out = (datasets.load(config, folder, train=part) for part in (True, False))
    count = min(len(held_out), MOST_JUDGED)
    drawn = generate(run, changes, count=count, seed=seed, device=device, frames=0, progress=progress)
    return Judge(train, held_out, find_device(device)[0], home / "data" / "judges").compare(drawn.images)


def _labels(run: Path, label: str | None, classes: int, count: int) -> Tensor | None:
    """(N,) classes to draw: the one that is asked for, else all in turn."""
    if not classes:
        if label is not None:
            raise ConfigError(f"class: '{label}' cannot be drawn; {run.name} was trained without classes")
        return None
    if label is None:
        return torch.arange(count) % classes
    reader = RunReader(run)
    reader.poll()
    said = reader.start.get("classes")
    names = [str(name) for name in said] if isinstance(said, list) and len(said) == classes else []
    if label in names:
        return torch.full((count,), names.index(label))
    if label.isdecimal() and int(label) < classes:
        return torch.full((count,), int(label))
    known = ", ".join(names) if names else f"0 to {classes - 1}"
    raise ConfigError(f"class: '{label}' is not one of {run.name}'s; {known} are")


def write(drawn: Drawn, target: Path) -> None:
    """Write a .png grid, a .gif of the denoising or an .npy array, whole or not at all. Raises OSError."""
    if target.suffix == ".png":
        images.save_png(images.grid(drawn.images), target)
    elif target.suffix == ".gif":
        images.save_gif([images.grid(frame) for frame in drawn.estimates], target)
    else:
        buffer = io.BytesIO()
        np.save(buffer, drawn.images.numpy(), allow_pickle=False)
        write_atomically(target, buffer.getvalue())
