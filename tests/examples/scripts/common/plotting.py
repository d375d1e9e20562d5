"""Draws loss curves and image grids; knows nothing of any model."""

import csv

import matplotlib.pyplot as plt
import numpy as np
import torch


def read_losses(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return np.array([float(row["epoch"]) for row in rows]), np.array([float(row["loss"]) for row in rows])


def smooth(values, weight=0.9):
    result, last = [], values[0]
    for value in values:
        last = weight * last + (1 - weight) * value
        result.append(last)
    return np.array(result)


def plot_losses(paths, output="losses.png"):
    figure, axis = plt.subplots(figsize=(7, 4))
    for path in paths:
        epochs, losses = read_losses(path)
        axis.plot(epochs, smooth(losses), label=str(path))
    axis.set_xlabel("epoch")
    axis.set_ylabel("loss")
    axis.set_yscale("log")
    axis.legend()
    figure.savefig(output, dpi=150)


def show_grid(images: torch.Tensor, columns=8):
    """Images N x C x H x W in [-1, 1]."""
    images = (images.clamp(-1, 1) + 1) / 2
    rows = (len(images) + columns - 1) // columns
    figure, axes = plt.subplots(rows, columns, figsize=(columns, rows))
    for axis in np.ravel(axes):
        axis.axis("off")
    for axis, image in zip(np.ravel(axes), images):
        axis.imshow(image.permute(1, 2, 0).squeeze().numpy(), cmap="gray")
    return figure
