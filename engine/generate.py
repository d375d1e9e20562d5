"""Drawing images from a run's newest checkpoint, into a grid, a GIF or an array."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.config import ConfigError, TrainConfig, from_values
from engine.data import datasets
from engine.data.imageset import Progress
from engine.device import choose_precision, find_device, room
from engine.diffusion.drawing import draw
from engine.diffusion.samplers import spaced_timesteps
from engine.evaluate import MOST_JUDGED, Comparison, Judge
from engine.home import write_atomically
from engine.models import build_model
from engine.pictures import images
from engine.runs.folder import settings_of
from engine.training import checkpoint
from engine.training.run import data_folder

GIF_FRAMES = 40  # at most
STRIP_FRAMES = 10
STEPS = {"ddpm": 1000, "ddim": 50, "dpmpp": 20}  # of a sampler that is not the run's own, where none are asked for


@dataclass(frozen=True)
class Drawn:
    """`images` float32 (N, C, H, W) in [-1, 1]; `estimates` (F, N, C, H, W) of x_0 on the way; the step drawn from.

    `labels` are the names of the classes drawn, one an image, or empty for a network without classes.
    """

    images: Tensor
    estimates: Tensor
    labels: tuple[str, ...]
    step: int
    sampler: str
    sample_steps: int


def gif_frames(config: TrainConfig) -> Sequence[int]:
    """The timesteps of a GIF: evenly spread from the first that the sampler visits to the last."""
    return spaced_timesteps(config.timesteps, min(GIF_FRAMES, config.sample_steps))


def strip_frames(config: TrainConfig) -> Sequence[int]:
    """The ten timesteps of the article's strip: every tenth of T, the last of them 0."""
    every = max(1, config.timesteps // STRIP_FRAMES)
    return range(every * (min(STRIP_FRAMES, config.timesteps) - 1), -1, -every)


def no_frames(config: TrainConfig) -> Sequence[int]:
    return ()


def generate(
    run: Path,
    changes: Mapping[str, Any],
    *,
    count: int,
    seed: int,
    device: str,
    label: str | None = None,
    frames: Callable[[TrainConfig], Sequence[int]] = no_frames,
    progress: Progress | None = None,
) -> Drawn:
    """Draw `count` images. `changes` may name another `sampler`, `sample_steps` and `guidance` than the run's own.

    `label` is the class to draw, by name or number; without one a conditional network draws its classes in turn.
    `frames` names the timesteps whose estimates of x_0 are returned too. Raises ConfigError for settings that cannot be
    served and CheckpointError where there is no good checkpoint.
    """
    config = sampling_config(run, changes)
    where, _ = find_device(device)
    config = replace(config, precision=choose_precision("auto", where)[0])
    saved, _ = checkpoint.newest_good(run)
    model = load_model(run, config, saved).to(where, memory_format=torch.channels_last)  # type: ignore[call-overload]
    size = config.image_size or 0
    each = 4 * saved.channels * size * size * (1 + len(frames(config)))
    if count > (most := int(room(torch.device("cpu")) / each)):
        raise ConfigError(f"n: {count} images need more memory than there is; at most {most} at a time are accepted")
    labels = choose_labels(run, label, saved.classes if config.class_conditional else (), count)
    drawn, estimates = draw(
        model,
        config,
        (count, saved.channels, size, size),
        where,
        seed=seed,
        labels=labels,
        at=frames(config),
        progress=progress,
    )
    names = () if labels is None else tuple(saved.classes[i] for i in labels.tolist())
    return Drawn(drawn, estimates, names, saved.step, config.sampler, config.sample_steps)


def sampling_config(run: Path, changes: Mapping[str, Any]) -> TrainConfig:
    """The run's settings with these changes. Another sampler than the run's own takes the steps that suit it."""
    own = settings_of(run)
    wanted = changes.get("sampler")
    if wanted in STEPS and wanted != own.get("sampler") and "sample_steps" not in changes:
        changes = {**changes, "sample_steps": min(STEPS[wanted], from_values(own).timesteps)}
    return from_values(own | dict(changes))


def load_model(run: Path, config: TrainConfig, saved: checkpoint.Checkpoint) -> nn.Module:
    """The network of a checkpoint, with its averaged weights where there are any. Raises CheckpointError."""
    try:
        model = build_model(config, saved.channels, config.image_size or 0, len(saved.classes))
        model.load_state_dict(dict(saved.best_weights))
    except (RuntimeError, ValueError, ZeroDivisionError) as error:
        reason = checkpoint.first_line(error)
        raise checkpoint.CheckpointError(
            f"{run.name}: its checkpoint is not of its config's model ({reason})"
        ) from None
    return model


def choose_labels(run: Path, label: str | None, classes: Sequence[str], count: int) -> Tensor | None:
    """(N,) classes to draw: the one asked for by name or number, else all in turn; None where there are none."""
    if not classes:
        if label is not None:
            raise ConfigError(f"class: '{label}' cannot be drawn; {run.name} was trained without classes")
        return None
    if label is None:
        return torch.arange(count) % len(classes)
    if label in classes:
        return torch.full((count,), classes.index(label))
    if label.isdecimal() and int(label) < len(classes):
        return torch.full((count,), int(label))
    raise ConfigError(f"class: '{label}' is not one of {run.name}'s; {', '.join(classes)} are")


def evaluate(
    run: Path,
    changes: Mapping[str, Any],
    home: Path,
    *,
    seed: int,
    device: str,
    progress: Progress | None = None,
) -> Comparison:
    """Judge as many drawn images as the run's dataset holds out. Raises as :func:`generate`."""
    config = from_values(settings_of(run))
    folder = data_folder(config, home)
    where = find_device(device)[0]
    train, held_out = (datasets.load(config, folder, train=part, room=room(where)).subset() for part in (True, False))
    count = min(len(held_out), MOST_JUDGED)
    drawn = generate(run, changes, count=count, seed=seed, device=device, progress=progress)
    return Judge(train, held_out, where, home / "data" / "judges").compare(drawn.images)


def write(drawn: Drawn, target: Path, *, columns: int | None = None, strip: bool = False) -> None:
    """Write a .png grid, a .gif of the denoising or an .npy array, whole or not at all. Raises OSError.

    A grid of several classes has a column for each. With `strip`, the PNG shows the estimates of the first image
    instead, from noise to image.
    """
    classes = len(set(drawn.labels))
    if columns is None and 1 < classes <= images.MOST_CLASSES:
        columns = classes
    if target.suffix == ".png" and strip:
        images.save_png(images.grid(drawn.estimates[:, 0], columns=len(drawn.estimates)), target)
    elif target.suffix == ".png":
        images.save_png(images.grid(drawn.images, columns), target)
    elif target.suffix == ".gif":
        images.save_gif([images.grid(frame, columns) for frame in drawn.estimates], target)
    else:
        buffer = io.BytesIO()
        np.save(buffer, drawn.images.numpy(), allow_pickle=False)
        write_atomically(target, buffer.getvalue())


def write_folder(drawn: Drawn, folder: Path, stem: str) -> None:
    """Write one PNG an image, `<class>/<stem>-00001.png`, or right in the folder where there are no classes.

    That is the layout of `dataset = folder`, so a class of which there are few images can be filled up. Raises OSError.
    """
    for i, image in enumerate(drawn.images):
        place = folder / safe_name(drawn.labels[i]) if drawn.labels else folder
        place.mkdir(parents=True, exist_ok=True)
        images.save_png(images.picture(image), place / f"{stem}-{i + 1:05d}.png")


def safe_name(text: str) -> str:
    """A class's name as the name of a folder: what a run folder says may be anything."""
    return re.sub(r"[^\w .-]", "_", text).strip(" .")[:100] or "class"
