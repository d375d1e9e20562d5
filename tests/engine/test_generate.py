"""What `diffwb sample` writes: strips, folders by class, any number of columns; and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.config import ConfigError, resolve
from engine.data.datasets import load
from engine.generate import Drawn, evaluate, generate, safe_name, sampling_config, strip_frames, write, write_folder
from engine.home import prepare
from engine.training import run as training

SMALL = {"widths": "8,16", "steps": 4, "batch_size": 16, "sample_every": 0, "device": "cpu", "precision": "fp32"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = resolve(SMALL | {"class_conditional": True})
    home = prepare(tmp_path_factory.mktemp("home"))
    return training.train(config, home, lambda tick: None, lambda text: None).folder


def test_the_strip_has_the_articles_ten_frames() -> None:
    assert list(strip_frames(resolve({}))) == [900, 800, 700, 600, 500, 400, 300, 200, 100, 0]
    assert list(strip_frames(resolve({"timesteps": 4, "sample_steps": 4}))) == [3, 2, 1, 0]


def test_the_articles_pictures_can_be_drawn(run: Path, tmp_path: Path) -> None:
    ancestral = {"sampler": "ddpm", "sample_steps": 1000}
    drawn = generate(run, ancestral, count=1, seed=0, device="cpu", frames=strip_frames)
    write(drawn, tmp_path / "strip.png", strip=True)
    with Image.open(tmp_path / "strip.png") as strip:
        assert strip.size == (10 * 17 + 1, 18)
        assert np.array(strip)[1:17, 154:170].tolist() == np.array(_first(drawn)).tolist(), "the last is the image"
    write(generate(run, {}, count=42, seed=0, device="cpu"), tmp_path / "grid.png", columns=7)
    with Image.open(tmp_path / "grid.png") as grid:
        assert grid.size == (7 * 17 + 1, 6 * 17 + 1)


def _first(drawn: Drawn) -> Image.Image:
    from engine.pictures.images import picture

    return picture(drawn.images[0])


@pytest.mark.parametrize(("changes", "steps"), [({}, 50), ({"sampler": "ddpm"}, 1000), ({"sampler": "dpmpp"}, 20)])
def test_another_sampler_takes_the_steps_that_suit_it(run: Path, changes: dict[str, str], steps: int) -> None:
    assert sampling_config(run, changes).sample_steps == steps
    assert sampling_config(run, changes | {"sample_steps": 7}).sample_steps == 7


def test_a_folder_of_drawn_images_fills_up_a_class_of_a_training_set(run: Path, tmp_path: Path) -> None:
    for label, count, seed in (("3", 12, 0), ("7", 5, 0), ("7", 4, 1)):
        drawn = generate(run, {"sample_steps": 2}, count=count, seed=seed, device="cpu", label=label)
        write_folder(drawn, tmp_path / "set", f"{run.name}-seed{seed}")
    config = resolve({"dataset": "folder", "data_dir": str(tmp_path / "set"), "image_size": 16})
    data, held_out = (load(config, tmp_path / "set", train=part) for part in (True, False))
    assert data.classes == ("3", "7")
    assert len(data) + len(held_out) == 21, "another seed adds, and takes nothing away"


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "..", "", "a\x1b[31mb", "x" * 500, "con\n", "cat dog"])
def test_a_class_may_be_called_anything_and_stays_in_the_folder(tmp_path: Path, name: str) -> None:
    assert len(safe_name(name)) <= 100
    drawn = Drawn(torch.zeros(1, 1, 4, 4), torch.empty(0, 1, 1, 4, 4), (name,), 1, "ddim", 1)
    write_folder(drawn, tmp_path / "set", "run")
    (written,) = (tmp_path / "set").rglob("*.png")
    assert written.resolve().parent.parent == (tmp_path / "set").resolve()
    assert all(ord(c) >= 32 for c in written.parent.name)


def test_a_dataset_is_judged_by_as_much_of_it_as_memory_has_room_for(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded(*_: object, train: bool, room: float) -> None:
        raise ConfigError(f"room for {room}")

    monkeypatch.setattr("engine.generate.room", lambda device: 7)
    monkeypatch.setattr("engine.data.datasets.load", loaded)
    with pytest.raises(ConfigError, match="room for 7"):
        evaluate(run, {}, tmp_path, seed=0, device="cpu")


def test_more_images_than_memory_has_room_for_are_refused_before_anything_is_drawn(run: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"n: 1000000000 images need more memory than there is; at most \d+ at a time"
    ):
        generate(run, {}, count=10**9, seed=0, device="cpu")
