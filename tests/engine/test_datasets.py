"""Datasets: the embedded digits, and torchvision's layouts read from files in the real format."""

from __future__ import annotations

import gzip
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.config import ConfigError, about, resolve
from engine.data.augment import augment
from engine.data.datasets import load
from engine.data.imageset import to_model_range
from engine.data.randomness import Draws
from engine.home import prepare
from engine.training.run import train


def idx(array: np.ndarray) -> bytes:  # type: ignore[type-arg]
    """An array in the idx format of the MNIST files: magic, big-endian sizes, bytes."""
    return struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    """A data folder with a small MNIST in torchvision's layout: image i is grey i, its label i % 10."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part, count in (("train", 20), ("t10k", 10)):
        pixels = np.repeat(np.arange(count, dtype=np.uint8), 28 * 28).reshape(count, 28, 28)
        labels = (np.arange(count) % 10).astype(np.uint8)
        for name, array in ((f"{part}-images-idx3-ubyte", pixels), (f"{part}-labels-idx1-ubyte", labels)):
            (raw / name).write_bytes(idx(array))
            (raw / f"{name}.gz").write_bytes(gzip.compress(idx(array)))
    return tmp_path


def test_the_embedded_digits_are_real_and_split(tmp_path: Path) -> None:
    config = resolve({})
    found, held_out = load(config, tmp_path), load(config, tmp_path, train=False)
    assert (len(found), len(held_out)) == (1437, 360)
    assert found.images.shape == (1437, 1, 16, 16)
    assert found.images.dtype == torch.uint8
    assert len(found.classes) == 10
    assert set(found.labels.tolist()) == set(range(10))
    assert int(found.images.max()) == 255, "white stays white"
    both = {bytes(i.numpy().tobytes()) for i in found.images} & {bytes(i.numpy().tobytes()) for i in held_out.images}
    assert not both, "no held-out image is among those trained on"
    assert torch.equal(load(config, tmp_path).images, found.images), "the split is always the same"


def test_the_digits_are_those_that_scikit_learn_loads(tmp_path: Path) -> None:
    config = resolve({"image_size": 8})
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    expected = sorted(
        (label, bytes(np.rint(image * (255 / 16)).astype(np.uint8)))
        for image, label in zip(images, labels, strict=True)
    )
    both = [load(config, tmp_path), load(config, tmp_path, train=False)]
    found = [
        (int(y), bytes(x.numpy().tobytes())) for part in both for x, y in zip(part.images, part.labels, strict=True)
    ]
    assert sorted(found) == expected


def test_mnist_is_read_from_its_own_files(mnist: Path) -> None:
    found = load(resolve({"preset": "article-mnist"}), mnist)
    assert found.images.shape == (20, 1, 28, 28)
    assert found.images[7].unique().tolist() == [7]
    assert found.labels[13] == 3
    assert len(load(resolve({"preset": "article-mnist"}), mnist, train=False)) == 10


def test_images_are_resized_to_what_is_asked(mnist: Path) -> None:
    found = load(resolve({"preset": "article-mnist", "image_size": 16}), mnist)
    assert found.images.shape == (20, 1, 16, 16)
    assert found.images[9].unique().tolist() == [9], "a flat image stays flat"


def test_a_dataset_that_is_not_there_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from urllib.error import URLError

    from torchvision import datasets

    def no_network(*_: object, **__: object) -> None:
        raise URLError("no network")

    monkeypatch.setattr(datasets.mnist, "download_and_extract_archive", no_network)
    with pytest.raises(ConfigError) as caught:
        load(resolve({"preset": "article-mnist"}), tmp_path / "data")
    for part in (str(tmp_path / "data"), "train-images-idx3-ubyte", "data_dir"):
        assert part in str(caught.value)


def test_damaged_files_say_what_to_put_where(mnist: Path) -> None:
    (mnist / "MNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(b"junk")
    with pytest.raises(ConfigError, match=r"not complete under .*put MNIST/raw/train-images-idx3-ubyte"):
        load(resolve({"preset": "article-mnist"}), mnist)


def test_a_size_the_model_cannot_halve_is_refused(mnist: Path) -> None:
    with pytest.raises(ConfigError, match="image_size: 28 is not divisible by 8"):
        load(resolve({"dataset": "mnist", "image_size": None, "widths": "8,8,8,8", "preset": "article-mnist"}), mnist)


def test_pixels_span_the_models_range() -> None:
    assert to_model_range(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1.0, 1.0]


@pytest.fixture
def cifar(tmp_path: Path) -> Path:
    """A data folder with a small CIFAR-10 in torchvision's layout: image i of a batch is grey i, its class i % 10."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    batch = {
        "data": np.repeat(np.arange(20, dtype=np.uint8), 3072).reshape(20, 3072),
        "labels": [i % 10 for i in range(20)],
    }
    for name in [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]:
        (folder / name).write_bytes(pickle.dumps(batch))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": names}))
    return tmp_path


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """torchvision knows the sums of the real files; small ones in the same format have others."""
    monkeypatch.setattr("torchvision.datasets.cifar.check_integrity", lambda path, md5=None: Path(path).is_file())


def test_cifar_is_read_from_its_own_files(cifar: Path, unchecked: None) -> None:
    found = load(resolve({"preset": "cifar10"}), cifar)
    assert found.images.shape == (100, 3, 32, 32)
    assert found.classes[found.labels[13]] == "cat"
    assert len(load(resolve({"preset": "cifar10"}), cifar, train=False)) == 20


@pytest.mark.parametrize("preset", ["article-mnist", "mnist", "cifar10", "cifar10-catdog-patch"])
def test_a_preset_trains_on_its_dataset(preset: str, mnist: Path, cifar: Path, unchecked: None) -> None:
    assert mnist == cifar
    small = {"steps": 2, "batch_size": 2, "sample_steps": 2, "sample_count": 2, "device": "cpu", "precision": "fp32"}
    config = resolve({"preset": preset, "data_dir": str(mnist)} | small)
    outcome = train(config, prepare(mnist / "home"), lambda tick: None, lambda text: None)
    assert (outcome.folder / "samples" / "step-00000002.png").is_file()


def test_cats_and_dogs_are_the_cats_and_dogs_of_cifar(cifar: Path, unchecked: None) -> None:
    found = load(resolve({"preset": "cifar10", "dataset": "cifar10-catdog"}), cifar)
    assert found.classes == ("cat", "dog")
    assert len(found) == 20
    for image, label in zip(found.images, found.labels, strict=True):
        assert int(image[0, 0, 0]) % 10 == (5 if label else 3)


FOLDER = {"dataset": "folder", "image_size": 16}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Twenty pictures of odd sizes and formats in two classes, red cats and blue dogs, and files that are none."""
    for i in range(20):
        name, colour = ("cats", (255, 0, 0)) if i < 12 else ("dogs", (0, 0, 255))
        path = tmp_path / "pictures" / name / f"{i:02}.{('png', 'bmp')[i % 2]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20 + i, 50 - i), colour).save(path)
    (tmp_path / "pictures" / "notes.txt").write_text("no picture")
    return tmp_path / "pictures"


def test_a_folder_of_pictures_is_a_dataset(pictures: Path) -> None:
    config = resolve(FOLDER | {"data_dir": str(pictures)})
    said: list[tuple[int, int]] = []
    found = load(config, pictures, progress=lambda done, total: said.append((done, total)))
    held_out = load(config, pictures, train=False)
    assert (len(found), len(held_out)) == (18, 2)
    assert found.classes == held_out.classes == ("cats", "dogs")
    assert found.images.shape[1:] == (3, 16, 16)
    for image, label in zip(found.images, found.labels, strict=True):
        assert image[:, 8, 8].tolist() == ([0, 0, 255] if label else [255, 0, 0])
    assert said[-1] == (18, 18)


def test_a_folder_without_classes_has_one(pictures: Path) -> None:
    cats = pictures / "cats"
    assert load(resolve(FOLDER | {"data_dir": str(cats)}), cats).classes == ("",)


def test_a_damaged_picture_is_named(pictures: Path) -> None:
    (pictures / "cats" / "00.png").write_bytes(b"\x89PNG not really")
    with pytest.raises(ConfigError, match=r"an image of 'folder' cannot be read .*00\.png"):
        load(resolve(FOLDER | {"data_dir": str(pictures)}), pictures)


def test_a_picture_that_ends_early_is_named(pictures: Path) -> None:
    path = pictures / "cats" / "00.png"
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(ConfigError, match=r"an image of 'folder' cannot be read .*cats/00\.png: .*; remove it"):
        load(resolve(FOLDER | {"data_dir": str(pictures)}), pictures)


def test_hidden_files_are_no_pictures_and_hidden_folders_no_classes(pictures: Path) -> None:
    (pictures / "cats" / "._00.png").write_bytes(b"\x00\x05\x16\x07")
    (pictures / ".ipynb_checkpoints").mkdir()
    (pictures / "cats" / "00.png").rename(pictures / ".ipynb_checkpoints" / "00-checkpoint.png")
    found = load(resolve(FOLDER | {"data_dir": str(pictures)}), pictures)
    assert (len(found), found.classes) == (18, ("cats", "dogs"))


def test_a_photograph_is_taken_the_way_up_its_camera_noted(pictures: Path) -> None:
    sideways = Image.new("RGB", (32, 32), (255, 255, 255))
    sideways.paste((0, 0, 0), (0, 0, 16, 32))  # black on the left
    noted = sideways.getexif()
    noted[0x0112] = 6  # to be turned a quarter clockwise
    sideways.save(pictures / "cats" / "00.jpg", exif=noted)
    image = load(resolve(FOLDER | {"data_dir": str(pictures)}), pictures).images[0].float()
    assert image[:, :8].mean() < 10 and image[:, 8:].mean() > 245, "black is on top"


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_pictures_of_sixteen_bits_keep_their_greys(pictures: Path, suffix: str) -> None:
    greys = np.repeat(np.linspace(0, 0xFFFF, 16).astype(np.uint16)[:, None], 16, axis=1)
    Image.fromarray(greys).save(pictures / "cats" / f"00.{suffix}")
    rows = load(resolve(FOLDER | {"data_dir": str(pictures)}), pictures).images[int(suffix == "tif"), 0, :, 0]
    assert rows.tolist() == list(range(0, 256, 17))


def test_a_folder_without_pictures_says_what_would_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"0 images lie under .*takes a folder of 10 or more"):
        load(resolve(FOLDER | {"data_dir": str(tmp_path)}), tmp_path)
    with pytest.raises(ConfigError, match=r"data_dir: .*none is no folder; .*takes a folder of 10 or more"):
        load(resolve(FOLDER | {"data_dir": str(tmp_path / "none")}), tmp_path / "none")


@pytest.mark.parametrize("kind", about("augment").choices)
def test_augmentation_changes_images_within_their_range_and_repeats(kind: str) -> None:
    images = torch.rand(32, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
    one, two = (augment(images, (kind,), Draws(torch.Generator().manual_seed(5), len(images))) for _ in range(2))
    assert torch.equal(one, two)
    assert one.shape == images.shape
    assert float(one.abs().max()) <= 1 + 1e-5
    changed = (one - images).abs().amax(dim=(1, 2, 3)) > 1e-3
    assert int(changed.sum()) > 8


def test_a_flip_is_a_flip_for_about_half_of_the_images() -> None:
    images = torch.rand(200, 1, 8, 8) * 2 - 1
    flipped = augment(images, ("flip",), Draws(torch.Generator().manual_seed(0), len(images)))
    same = (flipped - images).abs().amax(dim=(1, 2, 3)) < 1e-5
    mirrored = (flipped - images.flip(-1)).abs().amax(dim=(1, 2, 3)) < 1e-5
    assert bool((same | mirrored).all())
    assert 60 < int(mirrored.sum()) < 140


def test_no_augmentation_is_none() -> None:
    images = torch.rand(4, 1, 8, 8)
    assert augment(images, (), Draws(torch.Generator(), len(images))) is images
