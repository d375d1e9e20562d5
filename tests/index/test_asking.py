"""Which texts want an answer."""

from __future__ import annotations

import pytest

from index.understanding.asking import asks


@pytest.mark.parametrize(
    "text",
    [
        "Please find models created in April 2025 and using CNN.", "which use U-Net?", "Which models use attention",
        "compare dcgan with vae", "differences between my models on CIFAR-10 and MNIST", "unet?",
        "do I have a GAN on faces", "what DQN agent did I try for the game called 2048?", "How many use Adam",
    ],
)  # fmt: skip
def test_questions(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["", "unet", "unet denoise lr:<1e-3", "dataset:mnist -tag:cnn", "DoubleConv", "whichever unet", "show"]
)
def test_words(text: str) -> None:
    assert not asks(text)
