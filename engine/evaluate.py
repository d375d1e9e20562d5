"""How good samples are: Fréchet distance, valid rate, classes covered and copies, each beside held-out real images.

The yardstick is a small classifier trained on the dataset itself, with one class more for junk (noise, shuffled pixels,
blends and half-swaps of two images). Distances are taken in its features, so the figures need no network and no other
dataset, and mean the same for a digit and a dog.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.nn import functional as F

from engine.data.imageset import ImageSet, to_model_range
from engine.home import write_atomically
from engine.setting import ConfigError

FEATURES = 32
SURE = 0.9  # probability from which a sample counts as one of the classes
NEAREST = 0.01  # quantile of held-out distances to the training images; a sample nearer than that is a copy
MOST_JUDGED = 2000  # images drawn, and held-out images they are set beside
TRAINING_STEPS = 800
BATCH = 128


@dataclass(frozen=True)
class Quality:
    """Figures of one set of images. `frechet` is to the training images; rates and shares are in [0, 1]."""

    frechet: float
    valid_rate: float
    classes_covered: int
    copies: float
    count: int


@dataclass(frozen=True)
class Comparison:
    """The same figures for samples and for as many held-out real images."""

    samples: Quality
    held_out: Quality


class Classifier(nn.Module):
    """(B, C, H, W) in [-1, 1] -> 32 features and the logits of the classes and of junk, which is the last."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Conv2d(32, 64, 3, padding=1, stride=2), nn.BatchNorm2d(64), nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.AdaptiveAvgPool2d(4),
            nn.Flatten(), nn.Linear(64 * 4 * 4, FEATURES), nn.ReLU(),
        )  # fmt: skip
        self.head = nn.Linear(FEATURES, classes + 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features: Tensor = self.body(x)
        return features, self.head(features)


class Judge:
    """Compares samples with a dataset's images. `train` and `held_out` are of the samples' own size.

    Images that were enlarged to train on are judged at their native size: they hold no more. Training the classifier
    takes seconds to minutes; with `cache` (a folder) it is done once for each dataset. Raises ConfigError for fewer
    than two held-out images, which have no deviation.
    """

    def __init__(self, train: ImageSet, held_out: ImageSet, device: torch.device, cache: Path | None = None) -> None:
        if len(held_out) < 2:
            raise ConfigError(f"dataset: {len(held_out)} images are held out; 2 or more are needed to judge by")
        self.device, self.classes = device, len(train.classes)
        self.size = min(train.native_size, train.image_size)
        held_out = held_out.spread(MOST_JUDGED)
        self.train, self.held_out = (self._scaled(to_model_range(s.images)) for s in (train, held_out))
        self.labels = train.labels.to(device)
        self.classifier = self._classifier(cache)
        self.real = self._features(self.train)[0]
        self.copy_distance = float(torch.quantile(self._nearest(self.held_out), NEAREST))

    def compare(self, samples: Tensor) -> Comparison:
        """Judge (N, C, H, W) samples in [-1, 1] beside N held-out images (or as many as there are)."""
        return Comparison(self._quality(self._scaled(samples)), self._quality(self.held_out[: len(samples)]))

    def _quality(self, images: Tensor) -> Quality:
        features, logits = self._features(images)
        probability, label = logits.softmax(dim=1).max(dim=1)
        valid = (label < self.classes) & (probability > SURE)
        return Quality(
            frechet=frechet_distance(features, self.real),
            valid_rate=float(valid.float().mean()),
            classes_covered=len(set(label[valid].tolist())),
            copies=float((self._nearest(images) < self.copy_distance).float().mean()),
            count=len(images),
        )

    def _scaled(self, images: Tensor) -> Tensor:
        scaled = F.interpolate(images.to(self.device), (self.size, self.size), mode="area")
        return scaled.contiguous(memory_format=torch.channels_last)

    @torch.inference_mode()
    def _features(self, images: Tensor) -> tuple[Tensor, Tensor]:
        parts = [self.classifier(part) for part in torch.split(images, 1024)]
        return torch.cat([f for f, _ in parts]), torch.cat([logits for _, logits in parts])

    def _nearest(self, images: Tensor) -> Tensor:
        """(N,) Euclidean distance in pixels of each image to the nearest training image."""
        training = self.train.flatten(1)
        return torch.cat(
            [torch.cdist(part, training).min(dim=1).values for part in torch.split(images.flatten(1), 512)]
        )

    def _classifier(self, cache: Path | None) -> Classifier:
        path = cache / f"judge-{self._digest()}.safetensors" if cache is not None else None
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            classifier = Classifier(self.train.shape[1], self.classes)
            classifier.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            if path is None or not _restored(classifier, path):
                self._fit(classifier)
                if path is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    write_atomically(path, save({k: v.cpu().contiguous() for k, v in classifier.state_dict().items()}))
        return classifier.eval()

    def _digest(self) -> str:
        """What the classifier depends on: the images themselves and the recipe."""
        pixels = self.train.cpu().numpy().tobytes()
        recipe = f"{self.train.shape} {self.classes} {TRAINING_STEPS} {BATCH} {FEATURES}".encode()
        return hashlib.sha256(recipe + pixels).hexdigest()[:16]

    def _fit(self, classifier: Classifier) -> None:
        generator = torch.Generator().manual_seed(0)
        optimizer = torch.optim.Adam(classifier.parameters(), 2e-3)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, TRAINING_STEPS)
        classifier.train()
        for _ in range(TRAINING_STEPS):
            rows = torch.randint(len(self.train), (BATCH,), generator=generator).to(self.device)
            images, labels = self.train[rows], self.labels[rows]
            junk = make_junk(images, labels, generator)
            target = torch.cat((labels, torch.full((len(junk),), self.classes, device=self.device)))
            loss = F.cross_entropy(classifier(torch.cat((images, junk)))[1], target, label_smoothing=0.01)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()


def _restored(classifier: Classifier, path: Path) -> bool:
    """Whether the classifier could be read from a file; one that is missing or damaged is made anew."""
    try:
        classifier.load_state_dict(load_file(path))
    except (OSError, RuntimeError, SafetensorError):
        return False
    return True


def make_junk(images: Tensor, labels: Tensor, generator: torch.Generator) -> Tensor:
    """Images that are none of the classes, made of a batch: a quarter each of noise, shuffles, blends and half-swaps.

    Blends and half-swaps join images of different classes; (B, C, H, W) in [-1, 1] -> about as many.
    """
    quarter = max(1, len(images) // 4)
    b, c, h, w = images[:quarter].shape
    noise = (torch.rand(b, c, h, w, generator=generator) * 2 - 1).to(images.device)
    order = torch.rand(b, h * w, generator=generator).argsort(dim=1).to(images.device)
    shuffled = images[:quarter].flatten(2).gather(2, order[:, None].expand(b, c, h * w)).reshape(b, c, h, w)
    other = torch.randperm(len(images), generator=generator).to(images.device)
    differs = (labels != labels[other]).nonzero()[:, 0]
    first, second = images[differs], images[other[differs]]
    blended = (first[:quarter] + second[:quarter]) / 2
    swapped = torch.cat((first[quarter : 2 * quarter, ..., : w // 2], second[quarter : 2 * quarter, ..., w // 2 :]), -1)
    return torch.cat((noise, shuffled, blended, swapped))


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """Squared Fréchet distance of two Gaussians fitted to (N, D) features (Heusel et al. 2017, equation 6)."""
    a, b = a.cpu().double(), b.cpu().double()  # some devices have no float64
    mean = (a.mean(0) - b.mean(0)).square().sum()
    cov_a, cov_b = torch.cov(a.T), torch.cov(b.T)
    # tr sqrt(A B) by the symmetric sqrt(A) B sqrt(A), whose eigenvalues are real and not negative
    values, vectors = torch.linalg.eigh(cov_a)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ cov_b @ root).clamp(min=0).sqrt().sum()
    return float(mean + cov_a.trace() + cov_b.trace() - 2 * cross)
