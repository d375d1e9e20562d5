"""Datasets: the embedded digits, and torchvision's layouts read from files in the real format."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.config import ConfigError, resolve
from engine.datasets import load, to_model_range


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
    train, held_out = load(config, tmp_path), load(config, tmp_path, train=False)
    assert (len(train), len(held_out)) == (1437, 360)
    assert train.images.shape == (1437, 1, 16, 16)
    assert train.images.dtype == torch.uint8
    assert len(train.classes) == 10
    assert set(train.labels.tolist()) == set(range(10))
    assert int(train.images.max()) == 255, "white stays white"
    both = {bytes(i.numpy().tobytes()) for i in train.images} & {bytes(i.numpy().tobytes()) for i in held_out.images}
    assert not both, "no held-out image is among those trained on"
    assert torch.equal(load(config, tmp_path).images, train.images), "the split is always the same"


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


def test_a_size_the_model_cannot_halve_is_refused(mnist: Path) -> None:
    with pytest.raises(ConfigError, match="image_size: 28 is not divisible by 8"):
        load(resolve({"dataset": "mnist", "image_size": None, "widths": "8,8,8,8", "preset": "article-mnist"}), mnist)


def test_pixels_span_the_models_range() -> None:
    assert to_model_range(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1.0, 1.0]
