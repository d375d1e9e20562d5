"""Checkpoints: written whole or not at all, checked before they are believed, never unpickled.

A checkpoint is a folder `step-00001000` of safetensors, one `trainer.pt` that is read with weights_only=True, and a
`meta.json` with the sha256 of each file. It is written under another name and moved into place.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import math
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load as load_safetensors
from safetensors.torch import save as save_safetensors
from torch import Tensor

from engine.config import TrainConfig, to_toml
from engine.device import room
from engine.home import sync_folder
from engine.runs.events import steps
from engine.training import untrusted

Weights = Mapping[str, Tensor]
LARGEST_META = 1 << 20  # bytes
MOST_CHANNELS = 64


class CheckpointError(Exception):
    """A checkpoint that is missing, damaged or of another model. The message is one line."""


@dataclass(frozen=True)
class Checkpoint:
    """What one checkpoint holds. `ema` is None where no average was kept, `trainer` what the trainer alone needs.

    `channels` of the images and the names of the dataset's `classes` say, with the run's config, which network the
    weights are of.
    """

    step: int
    epoch: int
    channels: int
    classes: tuple[str, ...]
    model: Weights
    ema: Weights | None
    trainer: dict[str, Any]

    @property
    def best_weights(self) -> Weights:
        """The averaged weights where there are any."""
        return self.ema if self.ema is not None else self.model


def folder_of(run: Path, step: int) -> Path:
    return run / "checkpoints" / f"step-{step:08d}"


def save(run: Path, checkpoint: Checkpoint, config: TrainConfig) -> tuple[Path, int]:
    """Write a checkpoint of a run and return its folder and size in bytes."""
    final = folder_of(run, checkpoint.step)
    temporary = final.with_name(f".{final.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        files = {"model.safetensors": _tensor_bytes(checkpoint.model), "trainer.pt": _trainer_bytes(checkpoint.trainer)}
        if checkpoint.ema is not None:
            files["ema.safetensors"] = _tensor_bytes(checkpoint.ema)
        meta = {
            "step": checkpoint.step,
            "epoch": checkpoint.epoch,
            "channels": checkpoint.channels,
            "classes": list(checkpoint.classes),
            "config": config_digest(config),
            "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        }
        files["meta.json"] = json.dumps(meta, indent=2).encode()
        for name, data in files.items():
            _write_synced(temporary / name, data)
        sync_folder(temporary)
        replaced = final.with_name(f".{final.name}.old.tmp")
        shutil.rmtree(replaced, ignore_errors=True)
        if final.exists():
            final.rename(replaced)
        temporary.rename(final)
        shutil.rmtree(replaced, ignore_errors=True)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(final.parent)
    return final, sum(map(len, files.values()))


def load(folder: Path) -> Checkpoint:
    """Read and check one checkpoint. Raises CheckpointError naming the file that is damaged, or larger than fits.

    A file is no larger than memory has room for before it is read: what could not be loaded is not tried.
    """
    try:
        meta = json.loads(untrusted.read(folder / "meta.json", LARGEST_META))
        names = {"model.safetensors", "trainer.pt"} | ({"ema.safetensors"} & set(meta["sha256"]))
        data: dict[str, bytes] = {}
        for name in sorted(names):
            data[name] = untrusted.read(folder / name, room(torch.device("cpu")))
            if hashlib.sha256(data[name]).hexdigest() != meta["sha256"][name]:
                raise CheckpointError(f"{folder.name}/{name} is damaged: its sha256 is not the one in meta.json")
        step, channels = steps(meta["step"]), int(meta["channels"])
        if step is None or not 1 <= channels <= MOST_CHANNELS:
            raise CheckpointError(f"{folder.name}/meta.json is damaged: its step or channels are none")
        return Checkpoint(
            step=step,
            epoch=int(meta["epoch"]),
            channels=channels,
            classes=tuple(str(name) for name in meta["classes"]),
            model=load_safetensors(data["model.safetensors"]),
            ema=load_safetensors(data["ema.safetensors"]) if "ema.safetensors" in data else None,
            trainer=untrusted.load_state(data["trainer.pt"]),
        )
    except CheckpointError:
        raise
    except OSError as error:
        raise CheckpointError(f"{folder.name} is incomplete: {error.filename and Path(error.filename).name}") from None
    except Exception as error:  # a damaged file may fail in any way its format knows
        raise CheckpointError(f"{folder.name} cannot be read: {first_line(error)[:200]}") from None


def newest_good(run: Path) -> tuple[Checkpoint, list[str]]:
    """The newest checkpoint that passes its checks, and a line for each newer one that does not.

    Raises CheckpointError where none is good.
    """
    complaints: list[str] = []
    for folder in checkpoints(run)[::-1]:
        try:
            return load(folder), complaints
        except CheckpointError as error:
            complaints.append(str(error))
    found = f"none of its checkpoints is whole ({'; '.join(complaints)})" if complaints else "it has no checkpoint"
    raise CheckpointError(f"{run.name}: {found}; start a new run")


def checkpoints(run: Path) -> list[Path]:
    """The run's checkpoint folders, oldest first."""
    found = (p for p in (run / "checkpoints").glob("step-*") if p.name[5:].isdecimal() and p.is_dir())
    return sorted(found, key=step_of)


def prune(run: Path, keep: int, measured: Mapping[int, float]) -> None:
    """Remove all but the `keep` newest checkpoints and the best one, and what an interrupted one left behind.

    `measured` tells the Fréchet distance at some steps; the best checkpoint has the least of those there are.
    """
    there = checkpoints(run)
    known = [folder for folder in there if math.isfinite(measured.get(step_of(folder), math.nan))]
    best = min(known, key=lambda folder: measured[step_of(folder)], default=None)
    for folder in there[:-keep]:
        if folder != best:  # under another name first: a kill in between leaves no checkpoint without some of its files
            with contextlib.suppress(OSError):
                folder.rename(folder.with_name(f".{folder.name}.tmp"))
    for folder in (run / "checkpoints").glob(".step-*.tmp"):
        shutil.rmtree(folder, ignore_errors=True)


def recover(run: Path) -> None:
    """Mend what a kill in the middle of a save left: only for who holds the run's lock."""
    for folder in (run / "checkpoints").glob(".step-*.tmp"):
        final = folder.with_name(folder.name[1:].removesuffix(".old.tmp"))
        if folder.name.endswith(".old.tmp") and not final.exists():
            folder.rename(final)  # it was about to be replaced by one of the same step
        else:
            shutil.rmtree(folder, ignore_errors=True)


def step_of(folder: Path) -> int:
    """The step a checkpoint's folder is named by."""
    return int(folder.name[5:])


def first_line(error: Exception) -> str:
    """What an exception says, on one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def config_digest(config: TrainConfig) -> str:
    """sha256 of the settings, which ties a checkpoint to its run."""
    return hashlib.sha256(to_toml(config).encode()).hexdigest()


def _tensor_bytes(weights: Weights) -> bytes:
    return save_safetensors({name: t.detach().cpu().contiguous() for name, t in weights.items()})


def _trainer_bytes(state: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
