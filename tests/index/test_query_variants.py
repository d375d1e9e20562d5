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


def test_values_in_brackets_are_a_range_or_a_choice() -> None:
    for text in ("epochs in [5, 10]", "epochs [5, 10]", "epochs in [5,10]"):
        assert filters(text) == {Filter("epochs", "range", (5, 10))}, text
    for text in ("batch size in {32, 64}", "batch size in [32, 64] or 128", "batch sizes in {32, 64, 128}"):
        assert {one.field for one in filters(text)} == {"batch"}, text
    assert filters("batch size in {32, 64}") == {Filter("batch", "in", (32, 64))}
    assert filters("lr in [1e-4, 1e-3]") == filters("lr = 1e-3 to 1e-4") == {Filter("lr", "range", (1e-4, 1e-3))}
    for text in ("batch size (max 64)", "a batch size (at most 64)", "batch size never goes above 64",
                 "a batch size that doesn't go above 64", "batch size at or below 64",
                 "batch size below or at 64"):  # fmt: skip
        assert filters(text) == {Filter("batch", "le", 64)}, text


@pytest.mark.parametrize("but", ["but", "except", "other than", "besides"])
def test_any_value_but_one(but: str) -> None:
    assert filters(f"any batch size {but} 64") == {Filter("batch", "eq", 64, True)}
    assert filters(f"every learning rate {but} 1e-3 and 1e-4") == {
        Filter("lr", "eq", 1e-3, True), Filter("lr", "eq", 1e-4, True)
    }  # fmt: skip
    assert filters(f"batch size: anything between 16 and 128 {but} 64") >= {Filter("batch", "range", (16, 128))}
    assert filters("learning rates that differ from 1e-3") == {Filter("lr", "eq", 1e-3, True)}


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_what_is_excepted_of_a_year_is_of_that_year(year: int) -> None:
    april = Filter("created", "range", (f"{year}-04-01", f"{year}-04-30"), True)
    may = Filter("created", "range", (f"{year}-05-01", f"{year}-05-31"), True)
    whole = Filter("created", "range", (f"{year}-01-01", f"{year}-12-31"))
    for but in ("but not in", ", except", "except in", "excluding"):
        assert filters(f"created in {year} {but} April") == {whole, april}, but
        assert filters(f"created in {year} {but} April and May") == {whole, april, may}, but


def test_periods_said_from_today_in_everyday_words() -> None:
    for text, first, last in (
        ("changed over the weekend", "07-12", "07-13"), ("modified this morning", "07-16", "07-16"),
        ("edited last night", "07-15", "07-15"), ("touched within the last fortnight", "07-02", "07-16"),
        ("modified on Friday afternoon", "07-11", "07-11"), ("changed in the last fortnight", "07-02", "07-16"),
    ):  # fmt: skip
        assert filters(text) == {Filter("modified", "range", (f"2025-{first}", f"2025-{last}"))}, text
    assert filters("touched since Friday") == {Filter("modified", "ge", "2025-07-11")}
    assert filters("in the past half year") == {Filter("created", "range", ("2025-01-16", "2025-07-16"))}
    assert filters("a month or two ago") == {Filter("created", "range", ("2025-05-16", "2025-06-16"))}
    assert filters("three weeks ago or more") == {Filter("created", "lt", "2025-06-30")}
    assert filters("created in 2024 and not touched since") == {
        Filter("created", "range", ("2024-01-01", "2024-12-31")), Filter("modified", "ge", "2025-01-01", True)
    }  # fmt: skip


def test_a_month_or_season_of_several_years() -> None:
    wanted = (("2023-06-01", "2023-08-31"), ("2024-06-01", "2024-08-31"))
    for text in ("from the summers of 2023 and 2024", "in the summer of 2023 or 2024", "the summers of 2023, 2024"):
        assert {item for one in filters(text) for item in one.items} == {*wanted}, text
    assert filters("created from March up to but not including May 2025") == {
        Filter("created", "range", ("2025-03-01", "2025-04-30"))
    }


def test_what_looks_like_a_date_or_a_denial_and_is_none_is_shown() -> None:
    for text, shown in (("modified last wek", "last wek"), ("MNIST? no. CIFAR-10? yes.", "no"),
                        ("30 Feb 2024 or later", "30 Feb 2024")):  # fmt: skip
        assert shown in {one.text for one in parse(text, TODAY).unclear}, text
