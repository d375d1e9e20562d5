"""What is only said around a question changes nothing; years, shares, batches and optimizers in the longer forms."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from index.understanding.filters import Filter
from index.understanding.query import parse

TODAY = date(2025, 7, 16)
OPENERS = (
    "hey, do you remember that script where", "I vaguely recall a thing that",
    "could you please find me something that", "we once had some code that",
    "ok so I'm looking for the one which", "can you dig up whatever",
    "I can't remember the name, but there was a script that", "quick question: which one",
)  # fmt: skip
CLOSERS = ("", ", please", ", thanks", ", or something like that", ", if I remember correctly", ", where is it?")
ASKED = ("balances a pole on a cart", "sorts numbers with attention", "turns horses into zebras, trained on MNIST")
ORDINALS = (
    "first",
    "2nd",
    "third",
    "fourth",
    "5th",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "10th",
    "eleventh",
    "twelfth",
)


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


def created(first: str, last: str) -> set[Filter]:
    return {Filter("created", "range", (first, last))}


@pytest.mark.parametrize("said", ["did people write", "do people make", "have people built"])
def test_who_made_scripts_is_nobody(said: str) -> None:
    assert parse(f"What {said} in the year 2016?", TODAY).words == ()
    assert parse("fake people of the year 2016", TODAY).words == ("fake", "people")


@pytest.mark.parametrize("opener", OPENERS)
def test_what_is_said_around_a_question_is_not_looked_for(opener: str) -> None:
    for asked, closer in product(ASKED, CLOSERS):
        plain, chatty = parse(asked, TODAY), parse(f"{opener} {asked}{closer}", TODAY)
        assert (chatty.words, chatty.filters) == (plain.words, plain.filters), chatty
        assert not chatty.unclear


def test_talk_is_looked_for_where_it_is_all_there_is() -> None:
    assert parse("remember", TODAY).words == ("remember",)
    assert parse("a network that remembers", TODAY).words == ("network", "remembers")
    assert parse("sort of", TODAY).said == "sort of"


@pytest.mark.parametrize(("month", "said"), [*enumerate(ORDINALS, 1)])
def test_a_month_by_its_number(month: int, said: str) -> None:
    first, following = date(2018, month, 1), date(2018 + month // 12, month % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1)
    for text in (f"in the {said} month of 2018", f"written in month {month} of 2018",
                 f"from the {said} month of the year 2018", f"of the {said} month of twenty eighteen"):  # fmt: skip
        assert created(first.isoformat(), last.isoformat()) <= filters(text), text


@pytest.mark.parametrize(
    "said", ["twenty nineteen", "twenty-nineteen", "two thousand and nineteen", "two thousand nineteen", "2019"]
)
def test_years_spelled_out(said: str) -> None:
    year = created("2019-01-01", "2019-12-31")
    for text in (f"in {said}", f"written in the year {said}", f"at some point in {said}", f"which go back to {said}"):
        assert filters(text) == year, text
    assert filters(f"that predate {said}") == {Filter("created", "lt", "2019-01-01")}
    for but in ("any year but", "every year except", "a year other than"):
        assert filters(f"created {but} {said}") == {Filter("created", "range", ("2019-01-01", "2019-12-31"), True)}
    assert filters(f"{said} epochs") != year


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("early 2010s", "2010-01-01", "2013-12-31"), ("the late 2010s", "2016-01-01", "2019-12-31"),
        ("first half of the 2010s", "2010-01-01", "2014-12-31"), ("2018's summer", "2018-06-01", "2018-08-31"),
        ("2018 Q2", "2018-04-01", "2018-06-30"), ("late in 2018", "2018-09-01", "2018-12-31"),
    ],
)  # fmt: skip
def test_parts_of_years_and_decades(text: str, first: str, last: str) -> None:
    assert filters(f"from {text}") == created(first, last)


def test_what_was_started_in_a_month_was_not_in_its_beginning() -> None:
    assert filters("what did I start in April of 2020?") == created("2020-04-01", "2020-04-30")


def test_a_year_that_ends_a_question_is_one_of_scripts_unless_it_names_an_edition() -> None:
    assert filters("object detection 2018") == created("2018-01-01", "2018-12-31")
    for text in ("coco 2017", "the game 2018", "steps 2000", "VOC 2012"):
        assert not any(one.field == "created" for one in filters(text)), text


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        ("one tenth", 0.1), ("half a thousandth", 5e-4), ("a quarter of a thousandth", 2.5e-4), ("0.1 percent", 1e-3),
        ("0.1%", 1e-3), ("one over a thousand", 1e-3), ("5 thousandths", 5e-3), ("2.5 thousandths", 2.5e-3),
    ],
)  # fmt: skip
def test_shares_as_rates(said: str, rate: float) -> None:
    for frame, op in (("a learning rate of {}", "eq"), ("lr below {}", "lt"), ("learning rates of at least {}", "ge")):
        assert filters(frame.format(said)) == {Filter("lr", op, rate)}, said


@pytest.mark.parametrize("thing", ["example", "sample", "image", "sentence"])
def test_batches_by_what_they_hold(thing: str) -> None:
    for text in (f"batches of 32 {thing}s each", f"mini-batches holding 32 {thing}s apiece", f"32-{thing} batches",
                 f"thirty-two-{thing} minibatches", f"fed 32 {thing}s at once", f"32 {thing}s per batch"):  # fmt: skip
        assert filters(text) == {Filter("batch", "eq", 32)}, text
        assert not parse(text, TODAY).words, text


def test_epochs_as_passes_and_bounds_that_follow() -> None:
    for text in ("goes through the data fifty times", "fifty times over the training set", "50 sweeps over the corpus"):
        assert filters(text) == {Filter("epochs", "eq", 50)}, text
    for text in ("more than 1 epoch but less than 10", "over 1 epoch and under ten"):
        assert filters(text) == {Filter("epochs", "gt", 1), Filter("epochs", "lt", 10)}, text
    assert filters("more than 10 epochs and fewer than 3 layers") == {Filter("epochs", "gt", 10)}
    assert not parse("training for how many epochs?", TODAY).unclear
    assert parse("epochs in the hundreds", TODAY).unclear


def test_kin_of_an_optimizer() -> None:
    for text in (
        "a variant of Adam",
        "some Adam variant",
        "an Adam-type optimizer",
        "trained by a member of the Adam family",
    ):
        (one,) = filters(text)
        assert one.op == "in" and {"Adam", "AdamW", "Adamax"} <= {*one.items}, text
    for text, name in (
        ("Adam with the infinity norm", "Adamax"), ("averaged SGD", "ASGD"),
        ("rectified Adam", "RAdam"), ("limited-memory BFGS", "LBFGS"),
    ):  # fmt: skip
        assert filters(f"trained with {text}") == {Filter("optimizer", "eq", name)}, text
    assert filters("anything but plain Adam") == {Filter("optimizer", "eq", "Adam", True)}


@pytest.mark.parametrize(
    "text", ["falls back to the CPU when there is no GPU", "the GPU if available, otherwise the CPU"]
)
def test_a_device_that_is_fallen_back_to_leaves_no_word_to_look_for(text: str) -> None:
    assert filters(text) == {Filter("hw", "eq", "CPU"), Filter("hw", "eq", "GPU")}
    assert not parse(text, TODAY).words


def test_two_that_are_set_apart_are_compared() -> None:
    for text in ("what is different between SAGAN and DCGAN", "on faces, what sets SAGAN apart from DCGAN"):
        assert len(parse(text, TODAY).sides) == 2, text
    assert filters("everything apart from MNIST") == {Filter("dataset", "eq", "MNIST", True)}
