"""What a question wants to be told, and that no script is looked for by the words that say so."""

from __future__ import annotations

import pytest

from index.understanding.filters import Aim, Sort
from index.understanding.query import parse


@pytest.mark.parametrize(
    ("question", "kind", "fields", "words"),
    [
        ("which optimizer is used most?", "most", ("optimizer",), ""),
        ("what's the most common batch size among GANs?", "most", ("batch",), "gans"),
        ("which framework do most of my GANs use", "most", ("framework",), "gans"),
        ("do I use Adam or SGD more often?", "most", (), "adam sgd"),
        ("which dataset is used least", "least", ("dataset",), ""),
        ("average learning rate of PyTorch models", "mean", ("lr",), ""),
        ("median batch size for MNIST", "median", ("batch",), ""),
        ("the range of learning rates", "range", ("lr",), ""),
        ("maximum batch size of my VAEs", "largest", ("batch",), "vaes"),
        ("how many scripts use each optimizer?", "groups", ("optimizer",), ""),
        ("group my models by dataset", "groups", ("dataset",), ""),
        ("breakdown of GANs by framework", "groups", ("framework",), "gans"),
        ("how many different optimizers have I used?", "groups", ("optimizer",), ""),
        ("how many models are CNNs?", "count", (), "cnns"),
        ("total number of scripts on IMDB", "count", (), ""),
        ("do I have a VAE on CelebA?", "any", (), "vae"),
        ("is anything trained on SVHN?", "any", (), ""),
        ("when did I write my first GAN?", "smallest", ("created",), "gan"),
        ("list all frameworks with counts", "groups", ("framework",), ""),
        ("list my datasets", "tell", ("dataset",), ""),
        ("show me the learning rates and batch sizes of all GANs", "tell", ("lr", "batch"), "gans"),
        ("on which datasets were VAEs trained?", "tell", ("dataset",), "vaes"),
        ("how many epochs did srgan train for?", "tell", ("epochs",), "srgan"),
        ("when was cogan last modified?", "tell", ("modified",), "cogan"),
        ("why does wgan_gp rank first for gradient penalty?", "tell", (), "wgan_gp gradient penalty"),
    ],
)
def test_aims(question: str, kind: str, fields: tuple[str, ...], words: str) -> None:
    understood = parse(question)
    assert (understood.aim, understood.text) == (Aim(kind, fields), words)


@pytest.mark.parametrize(
    "query",
    ["learning rate scheduler", "a dataset class for images", "batch size of 64", "100 epochs or more", "lr:<1e-3",
     "how many layers does the unet have", "the learning rate is at least one half", "optimizer state"],
)  # fmt: skip
def test_what_is_no_such_question(query: str) -> None:
    assert parse(query).aim == Aim()


def test_what_is_counted_is_of_the_kind_that_is_named() -> None:
    assert [(one.field, one.value) for one in parse("how many GANs are there?").filters] == [("tag", "gan")]
    assert parse("which GANs are there?").filters == ()


def test_the_largest_and_the_longest_are_orders() -> None:
    assert parse("minimum learning rate").sort == (Sort("lr", False),)
    for question in ("longest training in epochs", "which model trained longest?"):
        assert parse(question).sort == (Sort("epochs", True),) and not parse(question).words
