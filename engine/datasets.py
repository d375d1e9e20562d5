"""A named dataset -> one uint8 tensor N×C×H×W with its labels.

Small image sets are kept whole on the training device: gathering a batch there is many times faster than a data loader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.config import ConfigError, TrainConfig, check_image_size

DIGITS_TRAINING = 1437  # of 1,797; the rest is held out


@dataclass(frozen=True)
class ImageSet:
    """`images` uint8 (N, C, H, W), `labels` int64 (N,), and the classes' names in the order of the labels.

    `native_size` is the height in pixels that the dataset's images have before they are resized.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    native_size: int

    def __len__(self) -> int:
        return len(self.images)

    @property
    def channels(self) -> int:
        return self.images.shape[1]

    @property
    def image_size(self) -> int:
        return self.images.shape[2]

    def resized(self, size: int) -> ImageSet:
        """The images at size × size, bilinear, filtered where they shrink."""
        if size == self.image_size == self.images.shape[3]:
            return self
        resized = F.interpolate(
            self.images.float(), (size, size), mode="bilinear", align_corners=False, antialias=size < self.image_size
        )
        return replace(self, images=resized.round().clamp(0, 255).byte())


def to_model_range(images: Tensor) -> Tensor:
    """uint8 0 … 255 -> float32 -1 … 1."""
    return images.float() / 127.5 - 1.0


def load(config: TrainConfig, data_dir: Path, *, train: bool = True) -> ImageSet:
    """The training (or held-out) images of `config.dataset` at `config.image_size`.

    Raises ConfigError where the files are missing and cannot be downloaded, or the size does not suit the model.
    """
    images = LOADERS[config.dataset](data_dir, train)
    size = config.image_size or images.image_size
    check_image_size(size, config.widths)
    return images.resized(size)


def _digits(_: Path, train: bool) -> ImageSet:
    """The 8×8 handwritten digits of the UCI machine learning repository that scikit-learn carries (Alpaydin 1998)."""
    from sklearn.datasets import load_digits

    found = load_digits()
    order = torch.randperm(len(found.images), generator=torch.Generator().manual_seed(0))
    chosen = order[:DIGITS_TRAINING] if train else order[DIGITS_TRAINING:]
    pixels = torch.from_numpy(found.images).float() * (255 / 16)
    return ImageSet(
        pixels[chosen, None].round().byte(), torch.from_numpy(found.target).long()[chosen], tuple("0123456789"), 8
    )


def _torchvision(name: str, kind: str, files: str) -> Callable[[Path, bool], ImageSet]:
    """A loader over a torchvision dataset in its own layout, downloaded when it is missing."""

    def read(data_dir: Path, train: bool) -> ImageSet:
        from torchvision import datasets

        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            found = getattr(datasets, kind)(str(data_dir), train=train, download=True)
        except (OSError, RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0].rstrip(":")
            raise ConfigError(
                f"dataset: '{name}' is not complete under {data_dir} and could not be downloaded ({reason}); "
                f"put {files} there, or name another folder with data_dir"
            ) from None
        data = torch.as_tensor(found.data)
        images = data[:, None] if data.ndim == 3 else data.permute(0, 3, 1, 2)
        labels = torch.as_tensor(found.targets).long()
        return ImageSet(images.contiguous(), labels, tuple(found.classes), images.shape[2])

    return read


LOADERS: dict[str, Callable[[Path, bool], ImageSet]] = {
    "digits": _digits,
    "mnist": _torchvision("mnist", "MNIST", "MNIST/raw/train-images-idx3-ubyte and the other three idx files"),
    "fashion-mnist": _torchvision(
        "fashion-mnist", "FashionMNIST", "FashionMNIST/raw/train-images-idx3-ubyte and the other three"
    ),
    "cifar10": _torchvision("cifar10", "CIFAR10", "cifar-10-batches-py/data_batch_1 and the others"),
}
