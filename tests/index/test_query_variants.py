"""Numbers and periods in the longer of their forms, what is a bound and what none, and what a comparison shares."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from index.understanding.filters import Filter, Sort
from index.understanding.query import parse

TODAY = date(2025, 7, 16)
NUMBERS = ("two", "three", "five", "nine")
POWERS = ("three", "four", "five")


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


@pytest.mark.parametrize(("factor", "power"), [*product(range(len(NUMBERS)), range(len(POWERS)))])
def test_a_number_times_a_power_of_ten(factor: int, power: int) -> None:
    value = float(f"{(2, 3, 5, 9)[factor]}e-{(3, 4, 5)[power]}")
    for times, raised in product(
        ("times", "x", "·"), ("ten to the minus", "ten to minus", "ten to the power of minus")
    ):
        said = f"{NUMBERS[factor]} {times} {raised} {POWERS[power]}"
        assert filters(f"a learning rate of {said}") == {Filter("lr", "eq", value)}, said
        assert filters(f"lr below {said}") == {Filter("lr", "lt", value)}, said
    assert filters(f"lr {(2, 3, 5, 9)[factor]} times 10 to the power of -{(3, 4, 5)[power]}") == {
        Filter("lr", "eq", value)
    }


@pytest.mark.parametrize(
    ("thing", "share"),
    [*product(("examples", "samples", "images", "sentences"),
              ("a batch", "per batch", "in each batch", "per mini-batch", "in every batch"))],
)  # fmt: skip
def test_what_a_batch_holds_is_its_size(thing: str, share: str) -> None:
    assert filters(f"more than four hundred {thing} {share}") == {Filter("batch", "gt", 400)}
    assert filters(f"64 {thing} {share}") == {Filter("batch", "eq", 64)}


@pytest.mark.parametrize("number", ["sixty-four", "64", "exactly 64"])
def test_what_is_taken_at_once_is_a_batch_whatever_it_is_called(number: str) -> None:
    for thing, once in product(
        ("", "transitions", "digits", "recordings"),
        (
            "a step",
            "per step",
            "at once",
            "at a time",
            "at the same time",
            "per update",
        ),
    ):
        assert filters(f"{number} {thing} {once}, Adam") >= {Filter("batch", "eq", 64)}, (thing, once)
    for text in ("64 layers at once", "64 steps at a time", "two networks at a time", "64 words at once"):
        assert not any(one.field == "batch" for one in filters(text)), text


@pytest.mark.parametrize(
    "text",
    ["goes through its data over fifty times", "they go through their data more than fifty times",
     "sees all its examples more than fifty times", "fifty epochs are not enough for it"],
)  # fmt: skip
def test_times_that_the_data_is_seen_are_epochs(text: str) -> None:
    assert filters(text) == {Filter("epochs", "gt", 50)}


def test_a_rate_beside_its_optimizer() -> None:
    for rate in ("a thousandth", "1e-3", "0.001"):
        assert filters(f"Adam at {rate}") == {Filter("optimizer", "eq", "Adam"), Filter("lr", "eq", 1e-3)}
    assert filters("max epoch 250") == {Filter("epochs", "eq", 250)}  # as the option is called
    assert filters("max epochs 250") == {Filter("epochs", "le", 250)}


def test_passes_over_the_data_are_epochs() -> None:
    for passes, over, data in product(
        ("passes", "sweeps"), ("over", "through"), ("the data", "the training set", "all examples")
    ):
        assert filters(f"at most twenty {passes} {over} {data}") == {Filter("epochs", "le", 20)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batches of 128, 3e-4, attention", {Filter("batch", "eq", 128), Filter("lr", "eq", 3e-4)}),
        ("+ 3e-4, batch 64", {Filter("lr", "eq", 3e-4), Filter("batch", "eq", 64)}),
        ("GANs, 0.0002, 64 epochs", {Filter("lr", "eq", 2e-4), Filter("epochs", "eq", 64)}),
        ("epochs 20, 0.5", {Filter("epochs", "eq", 20)}), ("noise of 0.1", set()), ("1e-4", set()),
    ],
)  # fmt: skip
def test_a_small_number_by_itself_is_the_rate(text: str, expected: set[Filter]) -> None:
    assert filters(text) == expected


def test_ends_that_belong_to_a_range_or_do_not() -> None:
    both = {Filter("epochs", "range", (20, 60))}
    neither = {Filter("epochs", "gt", 20), Filter("epochs", "lt", 60)}
    for text in ("between 20 and 60 epochs", "20 to 60 epochs inclusive", "from 20 to 60 epochs, both included",
                 "between 20 and 60 epochs (inclusive)"):  # fmt: skip
        assert filters(text) == both, text
    for text in (
        "strictly between 20 and 60 epochs",
        "between 20 and 60 epochs, exclusive",
        "20-60 epochs, both excluded",
    ):
        assert filters(text) == neither, text
    for until in ("up to but not including", "to just under", "up to just below"):
        assert filters(f"lr from 1e-5 {until} 1e-3") == {Filter("lr", "ge", 1e-5), Filter("lr", "lt", 1e-3)}, until


@pytest.mark.parametrize(
    ("joint", "tail"),
    [*product(("to", "until", "through", "up to and including", "until and including", "through to", "all the way to",
               "right up to", "up until"), ("", " inclusive", ", inclusive", " (inclusive)"))],
)  # fmt: skip
def test_a_period_from_one_month_to_another(joint: str, tail: str) -> None:
    expected = {Filter("created", "range", ("2021-03-01", "2022-12-31"))}
    assert filters(f"from Mar 2021 {joint} Dec 2022{tail}") == expected
    assert filters(f"created between March 2021 and December 2022{tail}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in the 2010s", Filter("created", "range", ("2010-01-01", "2019-12-31"))),
        ("created at the latest in May 2024", Filter("created", "lt", "2024-06-01")),
        ("created at the earliest in May 2024", Filter("created", "ge", "2024-05-01")),
        ("upward of 100 epochs", Filter("epochs", "ge", 100)),
        ("a step size as big as thirty", Filter("lr", "eq", 30)), ("32 examples at a time", Filter("batch", "eq", 32)),
        ("one hundred and twenty-eight samples at once", Filter("batch", "eq", 128)),
    ],
)  # fmt: skip
def test_bounds(text: str, expected: Filter) -> None:
    assert filters(text) == {expected}


@pytest.mark.parametrize(
    "text", ["more than four hundred layers", "at least ten heads", "over 9000 frames", "fewer than 3 actors"]
)
def test_a_bound_of_what_no_field_counts_is_said(text: str) -> None:
    understood = parse(text, TODAY)
    assert [one.text for one in understood.unclear] == [text.rpartition(" ")[0]]
    assert understood.words == (text.rpartition(" ")[2],)


@pytest.mark.parametrize(
    "text",
    ["compare {} with {} on Cityscapes", "{} vs {}, Cityscapes", "how do {} and {} trained on cityscapes differ?",
     "what changes from {} to {} on Cityscapes?", "differences between {} and {} for cityscapes"],
)  # fmt: skip
def test_what_ends_a_comparison_is_said_of_both(text: str) -> None:
    understood = parse(text.format("LinkNet", "ENet"), TODAY)
    assert [side.filters for side in understood.sides] == [(Filter("dataset", "eq", "Cityscapes"),)] * 2


@pytest.mark.parametrize(
    "text",
    ["conditional and unconditional diffusion models", "recurrent and convolutional autoencoders",
     "a recurrent and a convolutional autoencoder on MNIST"],
)  # fmt: skip
def test_a_noun_stands_for_both_adjectives(text: str) -> None:
    noun = "diffusion" if "diffusion" in text else "autoencoder"
    for side in parse(f"compare {text}", TODAY).sides:
        assert Filter("tag", "eq", noun) in side.filters


@pytest.mark.parametrize(
    "text", ["hidden size of 256", "image size 32", "kernel size below 5", "a vocabulary size of 8000"]
)
def test_a_size_of_something_else_is_not_the_file_s(text: str) -> None:
    understood = parse(text, TODAY)
    assert not understood.filters and len(understood.unclear) == 1


def test_the_first_by_a_number() -> None:
    for text in ("top 3 scripts by epochs", "the top 3 by epochs", "top three models by number of epochs"):
        understood = parse(text, TODAY)
        assert (understood.sort, understood.limit) == ((Sort("epochs", True),), 3), text


def test_a_numbered_device_is_no_field() -> None:
    assert filters("trained on cuda:1") == {Filter("hw", "eq", "GPU")}


@pytest.mark.parametrize(
    "text", ["fewer than 5 epochs or more than 200", "under 5 epochs, or over 200", "epochs < 5 or > 200"]
)
def test_a_second_bound_is_of_what_the_first_is(text: str) -> None:
    assert filters(text) == {Filter("epochs", "in", ((None, 4), (201, None)))}


def test_either_of_two_optimizers() -> None:
    assert Filter("optimizer", "in", ("Adam", "SGD")) in filters("either Adam or SGD, batch 32")
