"""Photographs: Flowers102 and CelebA in torchvision's own layout, and sets that memory has no room for."""

from __future__ import annotations

import subprocess
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.io import savemat

from engine.config import ConfigError, resolve
from engine.data.datasets import load
from engine.data.imageset import ImageSet, StreamedImages
from engine.data.randomness import ShuffledOrder
from engine.device import room
from engine.home import prepare
from engine.runs.folder import RunReader
from engine.runs.lock import is_locked
from engine.training import run as training
from tests.engine.trainers import Trainers, passed, until

CPU = torch.device("cpu")


def shade(i: int) -> tuple[int, int, int]:
    return (10 * i % 256, 255 - 10 * i % 256, 128)


def photograph(path: Path, i: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40 + i, 60), shade(i)).save(path, quality=95)


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """torchvision knows the sums of the real files; small ones in the same format have others."""
    for module in ("flowers102", "celeba"):
        monkeypatch.setattr(
            f"torchvision.datasets.{module}.check_integrity", lambda path, md5=None: Path(path).is_file()
        )


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    """Thirty flowers: image i is of class i % 102; one to ten train, eleven to fifteen val, the rest test."""
    folder = tmp_path / "flowers-102"
    for i in range(1, 31):
        photograph(folder / "jpg" / f"image_{i:05}.jpg", i)
    savemat(folder / "imagelabels.mat", {"labels": np.arange(1, 31)})
    savemat(folder / "setid.mat", {"trnid": np.arange(1, 11), "valid": np.arange(11, 16), "tstid": np.arange(16, 31)})
    return tmp_path


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """Twelve faces, the first nine to train on."""
    folder = tmp_path / "celeba"
    names = [f"{i:06}.jpg" for i in range(1, 13)]
    for i, name in enumerate(names, 1):
        photograph(folder / "img_align_celeba" / name, i)
    lists = {
        "list_eval_partition.txt": [f"{n} {0 if i < 9 else 1}" for i, n in enumerate(names)],
        "identity_CelebA.txt": [f"{n} {i}" for i, n in enumerate(names)],
        "list_bbox_celeba.txt": ["12", "image_id x_1 y_1 width height", *(f"{n} 1 2 3 4" for n in names)],
        "list_landmarks_align_celeba.txt": ["12", "lefteye_x lefteye_y", *(f"{n} 1 2" for n in names)],
        "list_attr_celeba.txt": ["12", "Smiling Young", *(f"{n} -1 1" for n in names)],
    }
    for name, lines in lists.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    return tmp_path


def test_flowers_are_read_in_their_own_layout(flowers: Path, unchecked: None) -> None:
    said: list[tuple[int, int]] = []
    config = resolve({"dataset": "flowers102", "image_size": 32})
    found = load(config, flowers, progress=lambda done, total: said.append((done, total)))
    held_out = load(config, flowers, train=False)
    assert isinstance(found, ImageSet)
    assert (len(found), len(held_out), len(found.classes)) == (15, 5, 102)
    assert found.labels.tolist() == list(range(15, 30)), "classes count from nought"
    assert said == [(i, 15) for i in range(1, 16)]
    for row, i in enumerate(range(16, 31)):
        assert (found.images[row, :, 16, 16].int() - torch.tensor(shade(i))).abs().max() < 12


def test_faces_are_read_in_their_own_layout(faces: Path, unchecked: None) -> None:
    config = resolve({"dataset": "celeba", "image_size": 16})
    found, held_out = load(config, faces), load(config, faces, train=False)
    assert (len(found), len(held_out), found.classes) == (9, 3, ("face",))


@pytest.mark.parametrize(("dataset", "wants"), [("flowers102", "flowers-102/jpg"), ("celeba", "img_align_celeba")])
def test_what_is_not_there_says_what_to_put_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dataset: str, wants: str
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise OSError("Network is unreachable")

    for name in ("flowers102.download_url", "flowers102.download_and_extract_archive"):
        monkeypatch.setattr(f"torchvision.datasets.{name}", no_network)
    monkeypatch.setattr("torchvision.datasets.celeba.download_file_from_google_drive", no_network)
    with pytest.raises(ConfigError) as caught:
        load(resolve({"dataset": dataset, "image_size": 16}), tmp_path)
    for part in (str(tmp_path), wants, "Network is unreachable", "data_dir"):
        assert part in str(caught.value)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for i in range(40):
        photograph(tmp_path / "pictures" / ("cats", "dogs")[i % 2] / f"{i:02}.jpg", i)
    return tmp_path / "pictures"


def streamed(pictures: Path) -> StreamedImages:
    config = resolve({"dataset": "folder", "image_size": 16, "data_dir": str(pictures)})
    found = load(config, pictures, room=10_000)
    assert isinstance(found, StreamedImages), "36 images of 768 bytes do not fit"
    return found


def test_a_dataset_for_a_gpu_has_to_fit_into_main_memory_too(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1 << 60, 1 << 60))
    assert room(gpu) == pytest.approx(room(CPU), rel=0.5)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1 << 20, 1 << 20))
    assert room(gpu) == 1 << 19


def test_images_that_do_not_fit_are_streamed_as_they_would_have_been_kept(pictures: Path) -> None:
    files = streamed(pictures)
    kept = files.subset()
    assert (len(files), files.classes, files.channels, files.image_size) == (36, ("cats", "dogs"), 3, 16)
    order = ShuffledOrder(len(files), 0)
    for (a, b), (c, d) in islice(
        zip(files.batches(order.batches(0, 8), CPU), kept.batches(order.batches(0, 8), CPU), strict=True), 9
    ):
        assert torch.equal(a, c) and torch.equal(b, d)


def test_a_streamed_run_is_the_one_from_memory_and_resumes(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"dataset": "folder", "data_dir": str(pictures), "image_size": 16, "widths": "8,8", "batch_size": 6}
    settings |= {"device": "cpu", "precision": "fp32", "sample_every": 0, "log_every": 1, "checkpoint_every": 8}
    home = prepare(pictures.parent / "home")

    def losses(folder: Path) -> list[float]:
        reader = RunReader(folder)
        reader.poll()
        return list(reader.metrics["loss"].values)

    def run() -> Path:
        return training.train(resolve(settings | {"steps": 16}), home, lambda tick: None, lambda text: None).folder

    kept = run()
    monkeypatch.setattr(training, "room", lambda device: 10_000)
    files = run()
    assert losses(files) == losses(kept)
    for file in (files / "checkpoints" / "step-00000016").iterdir():
        file.unlink()
    training.resume(files, {}, home, lambda tick: None, lambda text: None)
    assert losses(files) == losses(kept)


def test_a_damaged_picture_that_is_streamed_is_named(pictures: Path) -> None:
    files = streamed(pictures)
    for path in (pictures / "cats").iterdir():
        path.write_bytes(b"\xff\xd8 not really")
    with pytest.raises(ConfigError, match=r"^dataset: an image of 'folder' cannot be read .*cats.*; remove it$"):
        for _ in islice(files.batches(ShuffledOrder(36, 0).batches(0, 12), CPU), 3):
            pass


def test_the_processes_that_decode_leave_with_the_trainer_and_do_not_hold_its_lock(
    pictures: Path, trainers: subprocess.Popen[str]
) -> None:
    """Killed, a run is lost at once: what it had started must not look as if it trained on."""
    started = Trainers(pictures.parent / "home", trainers)
    settings = ["--dataset", "folder", "--data-dir", str(pictures), "--image-size", "16", "--widths", "8,8"]
    settings += ["--batch-size", "6", "--steps", "1000000", "--device", "cpu", "--sample-every", "0"]
    little_room = "from engine.training import run; run.room = lambda device: 10_000"
    trainer = started.start("--train", *settings, before=little_room)
    try:
        until(lambda: any(passed(run, 0)() for run in (started.home / "runs").glob("*-*")), "the first step")
        (folder,) = (started.home / "runs").glob("*-*")
    finally:
        trainer.kill()
    time.sleep(0.3)
    assert not is_locked(folder)
