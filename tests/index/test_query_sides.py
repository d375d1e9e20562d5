"""Two sides with several filters each: a comparison is divided where both say the same of themselves."""

from __future__ import annotations

from datetime import date
from itertools import permutations, product

import pytest

from index.understanding.filters import Filter
from index.understanding.query import parse

TODAY = date(2025, 7, 16)
MNIST = Filter("dataset", "eq", "MNIST")
YEARS = {year: Filter("created", "range", (f"{year}-01-01", f"{year}-12-31")) for year in (2022, 2023, 2024)}


def sides(text: str) -> list[set[Filter]]:
    return [{*side.filters} for side in parse(text, TODAY).sides]


@pytest.mark.parametrize(("one", "other"), [*permutations(YEARS, 2)])
def test_what_is_said_with_a_date_is_compared_with_what_is_said_with_another(one: int, other: int) -> None:
    gan = Filter("tag", "eq", "gan")
    for text in (f"how do the GANs from {one} differ from those from {other}?",
                 f"compare the GANs from {one} with those from {other}",
                 f"what distinguishes the GANs of {one} from those of {other}?"):  # fmt: skip
        assert sides(text) == [{gan, YEARS[one]}, {gan, YEARS[other]}], text
    assert sides(f"compare {one} and {other}") == [{YEARS[one]}, {YEARS[other]}]


def test_what_is_said_with_a_number_is_compared_with_what_is_said_with_another() -> None:
    adam, sgd = Filter("optimizer", "eq", "Adam"), Filter("optimizer", "eq", "SGD")
    for joint, with_ in product(("to", "and", "versus"), ("with", "at")):
        found = sides(f"compare Adam {with_} 1e-3 {joint} SGD {with_} 0.1")
        assert found == [{adam, Filter("lr", "eq", 1e-3)}, {sgd, Filter("lr", "eq", 0.1)}], (joint, with_)


def test_what_is_denied_of_both_or_of_one() -> None:
    keras = Filter("framework", "eq", "Keras")
    gan, vae = Filter("tag", "eq", "gan"), Filter("tag", "eq", "vae")
    for not_in in ("not in Keras", "without Keras", "no Keras"):
        assert sides(f"compare GANs and VAEs on MNIST, {not_in}") == [
            {gan, MNIST, keras.inverse}, {vae, MNIST, keras.inverse}
        ], not_in  # fmt: skip
    assert sides("compare models trained on MNIST but not with Keras to those with Keras") == [
        {MNIST, keras.inverse}, {MNIST, keras}
    ]  # fmt: skip


def test_what_a_difference_is_asked_beside_is_asked_of_no_side() -> None:
    for beside in ("apart from attention", "besides attention", "other than attention"):
        found = sides(f"what distinguishes transformers from RNNs {beside}?")
        assert found == [{Filter("tag", "eq", "transformer")}, {Filter("tag", "eq", "rnn")}], beside


def test_before_and_after_one_date() -> None:
    for joint in ("and", "with", "vs"):
        assert sides(f"compare scripts before {joint} after 2023") == [
            {Filter("created", "lt", "2023-01-01")}, {Filter("created", "ge", "2024-01-01")}
        ], joint  # fmt: skip


@pytest.mark.parametrize("lead", ["on", "for", "over"])
@pytest.mark.parametrize("joint", ["compare a CNN and an LSTM", "compare a CNN with an LSTM", "CNN vs LSTM"])
def test_what_is_said_at_the_end_is_of_both(joint: str, lead: str) -> None:
    first, second = parse(f"{joint} {lead} film reviews", TODAY).sides
    assert {"film", "reviews"} <= {*first.words} & {*second.words}


@pytest.mark.parametrize("one", ["mobilenet", "CNN", "LSTM"])
def test_what_follows_the_second_of_two_names_is_of_both(one: str) -> None:
    first, second = parse(f"{one} vs ResNet masks", TODAY).sides
    assert "masks" in first.words and "masks" in second.words
    first, second = parse(f"{one} with dropout vs ResNet masks", TODAY).sides
    assert "masks" not in first.words and "masks" in second.words


def test_one_and_another_of_a_kind_are_two_sides_without_a_word_that_compares() -> None:
    vae = Filter("tag", "eq", "vae")
    jax, torch = Filter("framework", "eq", "JAX"), Filter("framework", "eq", "PyTorch")
    for one in ("one", "ones"):
        assert sides(f"the VQ-VAEs in JAX and the {one} in PyTorch") == [{vae, jax}, {vae, torch}]
    assert not sides("VAEs in JAX and PyTorch") and not sides("the VAE and the one that is newest")


@pytest.mark.parametrize("pointing", ["that", "the one", "those", "the ones"])
def test_what_points_back_is_of_the_kind_that_was_named(pointing: str) -> None:
    for text in (f"how is the conditional GAN for faces other than {pointing} for digits",
                 f"how is the conditional GAN for faces different from {pointing} for digits",
                 f"compare the conditional GAN for faces with {pointing} for digits"):  # fmt: skip
        first, second = parse(text, TODAY).sides
        assert "faces" in first.words and "faces" not in second.words and "digits" in second.words, text
        assert "gan" in first.concepts and "gan" in second.concepts, text


@pytest.mark.parametrize(
    ("one", "other"), [("2D", "3D"), ("small", "large"), ("v1", "v2"), ("single-step", "multi-step")]
)
def test_two_sides_that_only_a_word_tells_apart_are_of_one_kind(one: str, other: str) -> None:
    first, second = parse(f"U-Net {one} vs {other}", TODAY).sides
    assert Filter("tag", "eq", "unet") in first.filters and Filter("tag", "eq", "unet") in second.filters
    assert other.lower() in second.words and one.lower() not in second.words
