"""A named dataset -> its images and labels, read where they lie or downloaded there."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError

from engine.config import ConfigError, TrainConfig, check_image_size
from engine.data.imageset import UNREADABLE, Images, ImageSet, Progress, Read, StreamedImages

DIGITS_TRAINING = 1437  # of 1,797; the rest is held out
PHOTO_SIZE = 64  # pixels at which photographs are read where no image_size is set
HELD_OUT_EVERY = 10  # of a folder's images every tenth is held out


@dataclass(frozen=True)
class Request:
    """What a loader is asked for. `image_size` None leaves the size to the dataset; `room` is in bytes."""

    name: str
    data_dir: Path
    train: bool
    image_size: int | None
    progress: Progress
    room: float


def load(
    config: TrainConfig,
    data_dir: Path,
    *,
    train: bool = True,
    progress: Progress | None = None,
    room: float = math.inf,
) -> Images:
    """The training (or held-out) images of `config.dataset` at `config.image_size`.

    Photographs that would take more than `room` bytes are left in their files and streamed. `progress` is told (images
    read, images) where reading takes long. Raises ConfigError where the files are missing and cannot be downloaded, or
    the size does not suit the model.
    """
    request = Request(config.dataset, data_dir, train, config.image_size, progress or (lambda done, total: None), room)
    if config.image_size is not None:
        check_image_size(config.image_size, config)
    images = LOADERS[config.dataset](request)
    size = config.image_size or images.image_size
    check_image_size(size, config)
    return images.resized(size) if isinstance(images, ImageSet) else images


def _digits(request: Request) -> ImageSet:
    """The 8×8 handwritten digits of the UCI machine learning repository that scikit-learn carries (Alpaydin 1998)."""
    package = find_spec("sklearn")  # looked up, not imported: that takes longer than a hundred steps of training
    if package is None or package.origin is None:
        raise ConfigError("dataset digits: scikit-learn, which carries it, is not installed; pip install scikit-learn")
    file = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    table = torch.from_numpy(np.loadtxt(file, np.float32, delimiter=","))  # 64 pixels (0 to 16) and the label
    order = torch.randperm(len(table), generator=torch.Generator().manual_seed(0))
    chosen = table[order[:DIGITS_TRAINING] if request.train else order[DIGITS_TRAINING:]]
    images = (chosen[:, :-1] * (255 / 16)).round().byte().view(-1, 1, 8, 8)
    return ImageSet(images, chosen[:, -1].long(), tuple("0123456789"), 8)


def _arrays(kind: str, files: str) -> Callable[[Request], ImageSet]:
    """A loader over a torchvision dataset that is one array, in its own layout, downloaded when it is missing."""

    def read(request: Request) -> ImageSet:
        found = _torchvision(request, kind, files, train=request.train)
        data = torch.as_tensor(found.data)
        images = data[:, None] if data.ndim == 3 else data.permute(0, 3, 1, 2)
        labels = torch.as_tensor(found.targets).long()
        return ImageSet(images.contiguous(), labels, tuple(found.classes), images.shape[2])

    return read


CIFAR10_FILES = "cifar-10-batches-py/data_batch_1 and the others"


def _cats_and_dogs(request: Request) -> ImageSet:
    """The cats and dogs of CIFAR-10."""
    every = _arrays("CIFAR10", CIFAR10_FILES)(request)
    names = ("cat", "dog")
    kept = [every.classes.index(name) for name in names]
    rows = torch.isin(every.labels, torch.tensor(kept)).nonzero()[:, 0]
    return ImageSet(every.images[rows], (every.labels[rows] == kept[1]).long(), names, every.native_size)


def _flowers(request: Request) -> Images:
    """Oxford Flowers 102; its test split, the larger, is the one to train on, as generative models do."""
    found = _torchvision(
        request,
        "Flowers102",
        "flowers-102/jpg, imagelabels.mat and setid.mat",
        split="test" if request.train else "val",
    )
    return _photographs(request, len(found), found.__getitem__, tuple(f"flower {i}" for i in range(1, 103)))


def _celeba(request: Request) -> Images:
    files = "celeba/img_align_celeba, list_eval_partition.txt and the other lists"
    found = _torchvision(request, "CelebA", files, split="train" if request.train else "valid", target_type="identity")
    return _photographs(request, len(found), lambda i: (found[i][0], 0), ("face",))


def _folder(request: Request) -> Images:
    """Images under data_dir: one folder a class, or all in one. Every tenth, in the order of names, is held out.

    What is hidden is passed over: other programs keep copies and notes of theirs beside pictures.
    """
    from torchvision.datasets.folder import IMG_EXTENSIONS

    every = (p for p in request.data_dir.rglob("*") if p.suffix.lower() in IMG_EXTENSIONS and p.is_file())
    files = sorted(p for p in every if not any(n.startswith(".") for n in p.relative_to(request.data_dir).parts))
    chosen = [p for i, p in enumerate(files) if (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) != request.train]
    if not chosen:
        there = f"{len(files)} images lie under {request.data_dir}"
        told = there if request.data_dir.is_dir() else f"{request.data_dir} is no folder"
        raise ConfigError(
            f"data_dir: {told}; dataset = 'folder' takes a folder of {HELD_OUT_EVERY} or more "
            f"({', '.join(IMG_EXTENSIONS[:4])} …), one sub-folder a class"
        )
    names = [p.relative_to(request.data_dir).parts[0] if p.parent != request.data_dir else "" for p in files]
    classes = tuple(sorted(set(names)))
    label = dict(zip(files, (classes.index(name) for name in names), strict=True))
    return _photographs(request, len(chosen), lambda i: (_opened(chosen[i]), label[chosen[i]]), classes)


def _opened(path: Path) -> Image.Image:
    """The picture in a file. Raises OSError that names the file: most of Pillow's errors do not."""
    try:
        with Image.open(path) as picture:
            picture.load()
            return picture
    except UnidentifiedImageError:
        raise OSError(f"{path} is no picture") from None
    except UNREADABLE as error:
        raise OSError(f"{path}: {error}") from None


def _photographs(request: Request, count: int, read: Read, classes: tuple[str, ...]) -> Images:
    """Pictures of any size as RGB, the middle square of each at one size; in memory where there is room for them."""
    size = request.image_size or PHOTO_SIZE
    streamed = StreamedImages(request.name, read, count, classes, size)
    fits = 3 * size * size * count <= request.room
    return streamed.loaded(range(count), request.progress) if fits else streamed


def _torchvision(request: Request, kind: str, files: str, **options: Any) -> Any:
    """A torchvision dataset under data_dir, downloaded when it is missing. Raises ConfigError."""
    from torchvision import datasets

    try:
        request.data_dir.mkdir(parents=True, exist_ok=True)
        with contextlib.redirect_stdout(sys.stderr):  # what it says of a download is no data
            return getattr(datasets, kind)(str(request.data_dir), download=True, **options)
    except Exception as error:  # a damaged file may fail in any way its format knows
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(":")
        raise ConfigError(
            f"dataset: '{request.name}' is not complete under {request.data_dir} and could not be downloaded "
            f"({reason}); put {files} there, or name another folder with data_dir"
        ) from None


Loader = Callable[[Request], Images]

LOADERS: dict[str, Loader] = {
    "digits": _digits,
    "mnist": _arrays("MNIST", "MNIST/raw/train-images-idx3-ubyte and the other three idx files"),
    "fashion-mnist": _arrays("FashionMNIST", "FashionMNIST/raw/train-images-idx3-ubyte and the other three idx files"),
    "cifar10": _arrays("CIFAR10", CIFAR10_FILES),
    "cifar10-catdog": _cats_and_dogs,
    "flowers102": _flowers,
    "celeba": _celeba,
    "folder": _folder,
}
