"""Random changes of training images that leave what they show as it is, drawn anew for each image of a batch."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.data.randomness import Draws

SHIFT = 0.125  # of the side: how far a crop may lie off the middle
ANGLE = 10.0  # degrees: how far an image may be turned
STRENGTH = 0.2  # how far brightness, contrast and saturation may go from 1


def augment(images: Tensor, kinds: tuple[str, ...], draws: Draws) -> Tensor:
    """(B, C, H, W) in [-1, 1] -> the same shape and range. `kinds` are some of flip, crop, rotation and colour.

    Flip, crop and rotation are one affine map an image, resampled once; what comes in from outside mirrors the image.
    """
    if {"flip", "crop", "rotation"} & set(kinds):
        images = F.grid_sample(
            images,
            F.affine_grid(_affine(kinds, images, draws), list(images.shape), align_corners=False),
            padding_mode="reflection",
            align_corners=False,
        )
    if "colour" in kinds:
        images = _colour(images, draws)
    return images


def _affine(kinds: tuple[str, ...], like: Tensor, draws: Draws) -> Tensor:
    """(B, 2, 3) maps from places in the result to places in the image, in [-1, 1] coordinates."""
    none = torch.zeros(len(like), device=like.device)

    def uniform(reach: float) -> Tensor:
        return (draws.uniform() * 2 - 1) * reach

    flip = torch.where(uniform(1.0) < 0, -1.0, 1.0) if "flip" in kinds else none + 1
    angle = uniform(math.radians(ANGLE)) if "rotation" in kinds else none
    right, down = (uniform(2 * SHIFT) if "crop" in kinds else none for _ in "xy")
    turn, lean = angle.cos(), angle.sin()
    rows = (torch.stack((flip * turn, -lean, right), -1), torch.stack((flip * lean, turn, down), -1))
    return torch.stack(rows, dim=1)


def _colour(images: Tensor, draws: Draws) -> Tensor:
    """Brightness, contrast and saturation, each scaled by up to STRENGTH (grey images have no saturation)."""

    def factor() -> Tensor:
        return 1 + (draws.uniform(1, 1, 1) * 2 - 1) * STRENGTH

    bright = (images + 1) * factor() - 1
    middle = bright.mean(dim=(1, 2, 3), keepdim=True)
    contrasted = middle + (bright - middle) * factor()
    grey = contrasted.mean(dim=1, keepdim=True)
    return (grey + (contrasted - grey) * factor()).clamp(-1, 1)
