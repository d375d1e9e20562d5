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
