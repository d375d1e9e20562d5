"""A run in two stages: the autoencoder, then the denoiser of its latents; resumed exactly wherever it was cut."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from engine.config import resolve
from engine.generate import generate
from engine.home import prepare
from engine.pictures import latents as latent_pictures
from engine.runs.folder import RunReader
from engine.training import checkpoint
from engine.training import run as training

SMALL: dict[str, Any] = {
    "model": "latent",
    "class_conditional": True,
    "latent_dim": 12,
    "widths": (32, 32),
    "attention": "softmax",
    "autoencoder_share": 0.4,
    "batch_size": 32,
    "steps": 30,
    "warmup_steps": 5,
    "precision": "fp32",
    "device": "cpu",
    "log_every": 1,
    "sample_every": 10,
    "sample_count": 10,
    "sample_steps": 5,
    "checkpoint_every": 6,
    "keep_checkpoints": 10,
}


def train(home: Path, **changes: Any) -> Path:
    return training.train(resolve(SMALL | changes), home, lambda tick: None, lambda text: None).folder


def events(folder: Path, kind: str) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return [r for r in records if r["event"] == kind]


def losses(folder: Path) -> list[float]:
    reader = RunReader(folder)
    reader.poll()
    return list(reader.metrics["loss"].values)


@pytest.fixture(scope="module", autouse=True)
def few_latents_mapped() -> Iterator[None]:
    """The map of 1,500 takes longer than the run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latent_pictures, "MAPPED", 150)
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def whole(home: Path) -> Path:
    return train(home)


def test_both_stages_are_in_one_folder_and_say_which_they_are(whole: Path) -> None:
    (start,) = events(whole, "start")
    assert start["stages"] == [
        {"name": "autoencoder", "first": 0, "stop": 12},
        {"name": "denoiser", "first": 12, "stop": 30},
    ]
    stages = [r["stage"] for r in events(whole, "metrics")]
    assert stages == ["autoencoder"] * 12 + ["denoiser"] * 18
    found = losses(whole)
    assert found[11] < found[0] / 2


def test_each_stage_shows_what_it_has_learned(whole: Path) -> None:
    pictures = {Path(r["path"]).name: r["title"] for r in events(whole, "picture")}
    assert list(pictures) == [
        "step-00000010-reconstructions.png",
        "step-00000012-reconstructions.png",
        "step-00000030-latents.png",
        "step-00000030-process.gif",
    ]
    assert all(pictures.values())
    assert [r["step"] for r in events(whole, "sample")] == [20, 30], "an autoencoder draws no samples"
    with Image.open(whole / "samples" / "step-00000030-process.gif") as gif:
        assert getattr(gif, "n_frames", 1) > 20, "to noise and back"
    with Image.open(whole / "samples" / "step-00000030-latents.png") as chart:
        assert len(chart.getcolors(10**6) or ()) >= 11, "background, line and a colour for most classes"
    with Image.open(whole / "samples" / "step-00000030.png") as grid:
        assert grid.size == (10 * 17 + 1, 18), "a column for each class"


@pytest.mark.parametrize("cut", [6, 12, 18])
def test_it_resumes_bit_for_bit_before_at_and_after_the_change_of_stage(home: Path, whole: Path, cut: int) -> None:
    folder = shutil.copytree(whole, home / "runs" / f"cut-{cut}")
    for saved in checkpoint.checkpoints(folder):
        if int(saved.name[5:]) > cut:
            shutil.rmtree(saved)
    training.resume(folder, {}, home, lambda tick: None, lambda text: None)
    assert events(folder, "start")[-1]["resumed_from"] == cut
    assert losses(folder) == losses(whole)
    a, b = (checkpoint.newest_good(f)[0] for f in (whole, folder))
    assert all(torch.equal(a.best_weights[k], b.best_weights[k]) for k in a.best_weights)


def test_the_second_stage_leaves_the_autoencoder_as_it_was(whole: Path) -> None:
    one, two = (checkpoint.load(checkpoint.folder_of(whole, step)).best_weights for step in (18, 30))
    same = [torch.equal(one[k], two[k]) for k in one if k.startswith("autoencoder.")]
    assert same and all(same)
    assert not all(torch.equal(one[k], two[k]) for k in one if k.startswith("denoiser."))


def test_it_draws_the_class_that_is_asked_for(whole: Path) -> None:
    three, seven = (generate(whole, {}, count=3, seed=0, device="cpu", label=label) for label in ("3", "7"))
    assert three.images.shape == (3, 1, 16, 16)
    assert float(three.images.abs().max()) <= 1
    assert not torch.equal(three.images, seven.images)
    assert three.labels == ("3", "3", "3")
