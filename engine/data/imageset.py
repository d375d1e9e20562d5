"""Images to train on, whole in memory or streamed from files, behind the same few methods.

Small image sets are kept as one uint8 tensor on the training device: gathering a batch there is many times faster than
a data loader. Sets that do not fit are decoded by worker processes while the device computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from engine.processors import usable
from engine.setting import ConfigError

DECODERS = 4  # threads that decode photographs; Pillow lets go of the interpreter while it works
AHEAD = 4  # batches each worker prepares
MOST_SUBSET = 20_000  # images of a streamed set that are taken where a sample of it will do

Batches = Iterator[tuple[Tensor, Tensor]]
Progress = Callable[[int, int], None]
Read = Callable[[int], tuple[Image.Image, int]]
"""number -> picture and label. Raises one of UNREADABLE for one that cannot be read."""
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)


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

    def to(self, device: torch.device) -> ImageSet:
        """The same set, kept on a device."""
        return replace(self, images=self.images.to(device), labels=self.labels.to(device))

    def batches(self, rows: Iterable[Tensor], device: torch.device) -> Batches:
        """The (B, C, H, W) uint8 images and (B,) labels of each batch of rows, on the device."""
        for batch in rows:
            batch = batch.to(self.images.device)
            yield self.images[batch].to(device), self.labels[batch].to(device)

    def subset(self) -> ImageSet:
        """Images enough to judge the set by: all of them."""
        return self

    def spread(self, count: int) -> ImageSet:
        """At most `count` of the images, evenly spread over all of them: a folder's lie in the order of its classes."""
        rows = torch.linspace(0, len(self) - 1, min(len(self), count)).long()
        return replace(self, images=self.images[rows], labels=self.labels[rows])

    def resized(self, size: int) -> ImageSet:
        """The images at size × size, bilinear, filtered where they shrink."""
        if size == self.image_size == self.images.shape[3]:
            return self
        shrinks = size < self.image_size
        parts = [
            F.interpolate(part.float(), (size, size), mode="bilinear", align_corners=False, antialias=shrinks)
            .round()
            .clamp(0, 255)
            .byte()
            for part in torch.split(self.images, 4096)
        ]
        return replace(self, images=torch.cat(parts))


@dataclass(frozen=True)
class StreamedImages:
    """Pictures in files, read and scaled to `image_size` whenever a batch needs them."""

    name: str
    read: Read
    count: int
    classes: tuple[str, ...]
    image_size: int

    channels = 3

    @property
    def native_size(self) -> int:
        return self.image_size

    def __len__(self) -> int:
        return self.count

    def to(self, device: torch.device) -> StreamedImages:
        """The same set: it stays in its files."""
        return self

    def batches(self, rows: Iterable[Tensor], device: torch.device) -> Batches:
        """The (B, 3, H, W) uint8 images and (B,) labels of each batch of rows, decoded ahead by worker processes."""
        on_gpu = device.type == "cuda"
        loader: DataLoader[tuple[Tensor, int]] = DataLoader(
            _Decoded(self),
            batch_sampler=(batch.tolist() for batch in rows),
            num_workers=max(1, min(8 if on_gpu else 2, usable() - 1)),
            prefetch_factor=AHEAD,
            pin_memory=on_gpu,
            multiprocessing_context="fork",  # what reads a picture may be a function that cannot be pickled
        )
        try:
            for images, labels in loader:
                yield images.to(device, non_blocking=True), labels.to(device, non_blocking=True)
        except ConfigError as error:  # torch puts the trace of the process that decodes before the message
            raise ConfigError(str(error).rstrip().splitlines()[-1].partition(": ")[2]) from None

    def subset(self) -> ImageSet:
        """Images enough to judge the set by, spread over all of it, in memory."""
        rows = torch.linspace(0, self.count - 1, min(self.count, MOST_SUBSET)).long()
        return self.loaded(rows.tolist(), lambda done, total: None)

    def loaded(self, rows: Iterable[int], progress: Progress) -> ImageSet:
        """The pictures of these rows in memory. `progress` is told (pictures read, pictures)."""
        chosen = list(rows)
        images = torch.empty(len(chosen), 3, self.image_size, self.image_size, dtype=torch.uint8)
        labels = torch.empty(len(chosen), dtype=torch.int64)

        def decode(i: int) -> None:
            images[i], labels[i] = self.picture(chosen[i])

        with ThreadPoolExecutor(DECODERS) as pool:
            for done, _ in enumerate(pool.map(decode, range(len(chosen))), 1):
                progress(done, len(chosen))
        return ImageSet(images, labels, self.classes, self.image_size)

    def picture(self, row: int) -> tuple[Tensor, int]:
        """One picture as uint8 (3, S, S), the middle square of it, and its label. Raises ConfigError."""
        size = (self.image_size, self.image_size)
        try:
            picture, label = self.read(row)
            square = ImageOps.fit(_rgb(picture), size, Image.Resampling.BOX)
        except UNREADABLE as error:
            raise ConfigError(f"dataset: an image of '{self.name}' cannot be read ({error}); remove it") from None
        return torch.from_numpy(np.array(square)).permute(2, 0, 1), label


Images = ImageSet | StreamedImages


def _rgb(picture: Image.Image) -> Image.Image:
    """A picture as it is looked at: the way up its camera noted, of 16 bits the upper ones, which Pillow would drop."""
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture).clip(0, 0xFFFF) >> 8).astype(np.uint8))
    return ImageOps.exif_transpose(picture.convert("RGB"))


class _Decoded(Dataset[tuple[Tensor, int]]):
    """The pictures of a streamed set, as torch's loader asks for them."""

    def __init__(self, images: StreamedImages) -> None:
        self._images = images

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        return self._images.picture(row)


def to_model_range(images: Tensor) -> Tensor:
    """uint8 0 … 255 -> float32 -1 … 1."""
    return images.float() / 127.5 - 1.0
