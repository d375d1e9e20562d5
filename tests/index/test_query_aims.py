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
        ("why does wgan_gp rank first for gradient penalty?", "why", (), "wgan_gp gradient penalty"),
    ],
)
def test_aims(question: str, kind: str, fields: tuple[str, ...], words: str) -> None:
    understood = parse(question)
    assert (understood.aim, understood.text) == (Aim(kind, fields), words)


@pytest.mark.parametrize(
    ("question", "kind", "fields", "by", "words"),
    [
        ("how many scripts did I create per year?", "groups", ("created year",), (), ""),
        ("number of GANs by month", "groups", ("created month",), (), "gans"),
        ("scripts modified per quarter", "groups", ("modified quarter",), (), ""),
        ("how many models of each kind?", "groups", ("kind",), (), ""),
        ("GANs per framework", "groups", ("framework",), (), "gans"),
        ("break down my VAEs by optimizer and dataset", "groups", ("optimizer", "dataset"), (), "vaes"),
        ("average learning rate per optimizer", "mean", ("lr",), ("optimizer",), ""),
        ("median batch size by framework", "median", ("batch",), ("framework",), ""),
        ("what is the highest learning rate for each dataset?", "largest", ("lr",), ("dataset",), ""),
        ("the most common optimizer per framework", "most", ("optimizer",), ("framework",), ""),
        ("total number of epochs per dataset", "sum", ("epochs",), ("dataset",), ""),
        ("scripts per framework per year", "groups", ("framework",), ("created year",), ""),
        ("how are my GANs distributed over the years?", "groups", ("created year",), (), "gans"),
        ("min and max learning rate per framework", "range", ("lr",), ("framework",), ""),
        ("which batch sizes do I use on each dataset?", "groups", ("batch",), ("dataset",), ""),
        ("batch sizes per framework", "groups", ("batch",), ("framework",), ""),
    ],
)
def test_what_an_answer_is_divided_by(
    question: str, kind: str, fields: tuple[str, ...], by: tuple[str, ...], words: str
) -> None:
    understood = parse(question)
    assert (understood.aim, understood.text, understood.unclear) == (Aim(kind, fields, by), words, ())


@pytest.mark.parametrize(
    "query", ["GANs sorted by dataset", "top 3 models by epochs", "16 images per batch", "0.5 per step"]
)
def test_what_divides_no_answer(query: str) -> None:
    aim = parse(query).aim
    assert aim.kind == "tell" and not aim.by


@pytest.mark.parametrize(
    ("question", "kind", "of"),
    [
        ("do all my GANs use Adam?", "all", (("tag", "gan"),)),
        ("is every VAE on MNIST written in PyTorch?", "all", (("tag", "vae"), ("dataset", "MNIST"))),
        ("do most of my JAX models use AdamW?", "most of", (("framework", "JAX"),)),
        ("what percentage of my scripts use PyTorch?", "share", ()),
        ("are all CIFAR-10 models trained for more than 100 epochs?", "all", (("dataset", "CIFAR10"),)),
        ("how many of my GANs don't use Adam?", "count", (("tag", "gan"),)),
        ("what share of the GANs trains on MNIST?", "share", (("tag", "gan"),)),
        ("how many of my diffusion models use attention?", "count", (("tag", "diffusion"),)),
        ("do most of my GANs and VAEs use Adam?", "most of", (("tag", ("gan", "vae")),)),
        (
            "how many of my transformers, GANs or diffusion models use Adam?",
            "count",
            (("tag", ("transformer", "gan", "diffusion")),),
        ),
        ("how many of my models with a GAN and a VAE use Adam?", "count", (("tag", "gan"), ("tag", "vae"))),
        ("does faces_dcgan use dropout?", "whether", (("model", "faces_dcgan"),)),
        ("is train_vae.py a VAE?", "whether", (("model", "train_vae.py"),)),
    ],
)
def test_the_whole_of_which_a_part_is_asked_for(
    question: str, kind: str, of: tuple[tuple[str, str | tuple[str, ...]], ...]
) -> None:
    aim = parse(question).aim
    assert aim.kind == kind and aim.of is not None
    assert {(one.field, one.value) for one in aim.of} == {*of}


@pytest.mark.parametrize(
    ("question", "why", "words"),
    [
        ("what is the validation accuracy of resnet_lightning?", "gave", "resnet_lightning"),
        ("which optimizer gives the best results on MNIST?", "gave", ""),
        ("what loss did the snake agent reach?", "gave", "snake agent"),
        ("which VAE works best?", "gave", "vae"),
        ("who wrote the snake agent?", "wrote", "snake agent"),
        ("how long does dcgan_train take to train?", "time", "dcgan_train"),
        ("how many parameters does vit_flowers have?", "parameters", "vit_flowers"),
    ],
)
def test_what_no_script_can_tell_is_known_as_such(question: str, why: str, words: str) -> None:
    understood = parse(question)
    assert why in understood.aim.unknown and understood.text == words


@pytest.mark.parametrize(
    "query", ["measures the accuracy of a classifier", "loss of a GAN", "a model that learns the best move"]
)
def test_what_a_script_does_may_be_looked_for(query: str) -> None:
    assert not parse(query).aim.unknown


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


@pytest.mark.parametrize(
    ("query", "field", "limit", "words"),
    [("the 5 largest models", "size", 5, ""), ("the largest five scripts", "size", 5, ""),
     ("my three biggest GANs", "size", 3, "gans"), ("the 3 longest trained VAEs", "epochs", 3, "vaes"),
     ("three most recent scripts", "created", 3, ""), ("4 most recently modified scripts", "modified", 4, ""),
     ("top 3 GANs by epochs", "epochs", 3, "gans"), ("the highest 3 learning rates", "lr", 3, ""),
     ("which 3 scripts have the largest batch size?", "batch", 3, ""),
     ("which five GANs have the highest learning rate?", "lr", 5, "gans"),
     ("the 2 models with the most epochs", "epochs", 2, "")],
)  # fmt: skip
def test_so_many_of_an_order(query: str, field: str, limit: int, words: str) -> None:
    found = parse(query)
    assert (found.sort, found.limit, found.text, found.unclear) == ((Sort(field, True),), limit, words, ())


def test_a_number_that_counts_no_scripts_is_no_limit() -> None:
    found = parse("models with 3 largest components")
    assert found.limit is None and [one.text for one in found.unclear] == ["3"]


def test_the_largest_and_the_longest_are_orders() -> None:
    assert parse("minimum learning rate").sort == (Sort("lr", False),)
    for question in ("longest training in epochs", "which model trained longest?"):
        assert parse(question).sort == (Sort("epochs", True),) and not parse(question).words
