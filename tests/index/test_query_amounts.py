"""Numbers that are said as shares, orders of magnitude, passes, multiples, or in shorthand."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from index.understanding.filters import Filter
from index.understanding.query import parse

TODAY = date(2025, 7, 16)
SHARES = {"a quarter": 0.25, "one half": 0.5, "a half": 0.5, "three quarters": 0.75, "a fifth": 0.2, "two fifths": 0.4}
NAMES = ("learning rate", "lr", "step size")


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


@pytest.mark.parametrize(("share", "value"), [*SHARES.items()])
def test_a_rate_is_a_share_of_one(share: str, value: float) -> None:
    for name in NAMES:
        assert filters(f"{name} of {share}") == {Filter("lr", "eq", value)}
        for bound, op in (("or more", "ge"), ("or less", "le"), ("at most", "le")):
            assert filters(f"{name} of {share} {bound}") == {Filter("lr", op, value)}, bound
        assert filters(f"{name} above {share}") == {Filter("lr", "gt", value)}
    assert not filters(f"{share} of the images are fake")


@pytest.mark.parametrize(
    ("count", "many"), [*product((("one", 1), ("3", 3)), (("a hundred", 1e2), ("1000", 1e3), ("ten thousand", 1e4)))]
)
def test_so_many_in_a_thousand(count: tuple[str, int], many: tuple[str, float]) -> None:
    for joint in ("in", "out of"):
        said = f"{count[0]} {joint} {many[0]}"
        assert filters(f"learning rate of {said}") == {Filter("lr", "eq", count[1] / many[1])}
        assert filters(f"rates under {said}") == {Filter("lr", "lt", count[1] / many[1])}
    assert filters("3 in 2018, Adam") >= {Filter("optimizer", "eq", "Adam")}  # no share of two thousand


@pytest.mark.parametrize("joint", ["..", "->", "→", "to", "-", "–"])
def test_ranges_of_numbers_by_any_sign(joint: str) -> None:
    for space in ("", " ") if joint not in {"to", "->"} else (" ",):
        assert filters(f"batch 16{space}{joint}{space}64") == {Filter("batch", "range", (16, 64))}
        if joint != "-":
            assert filters(f"lr 1e-4{space}{joint}{space}1e-3") == {Filter("lr", "range", (1e-4, 1e-3))}


def test_orders_of_magnitude() -> None:
    for text in ("lr of the order of 1e-3", "lr on the order of 1e-3", "lr of order 1e-3", "lr in the 1e-3 range"):
        assert filters(text) == {Filter("lr", "range", (3.16e-4, 3.16e-3))}, text
    assert filters("lr around 1e-3") == {Filter("lr", "range", (9e-4, 1.1e-3))}


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("no more than three passes", "le", 3), ("at least ten passes", "ge", 10), ("exactly one pass", "eq", 1),
        ("a single pass over the data", "eq", 1), ("goes over the data 1000 times or more", "ge", 1000),
        ("goes round the data a thousand times at least", "ge", 1000), ("loops over the data 20 times", "eq", 20),
        ("more epochs than 100", "gt", 100), ("fewer epochs than a dozen", "lt", 12), ("2M epochs", "eq", 2_000_000),
        ("12k epochs or more", "ge", 12_000), ("1.5K epochs", "eq", 1500),
    ],
)  # fmt: skip
def test_epochs_in_other_words(text: str, op: str, value: int) -> None:
    assert filters(text) == {Filter("epochs", op, value)}


@pytest.mark.parametrize("said", ["Adam 1e-3", "Adam (1e-3)", "Adam at 1e-3", "Adam with 1e-3", "Adam lr1e-3"])
def test_a_rate_after_its_optimizer(said: str) -> None:
    adam, rate = Filter("optimizer", "eq", "Adam"), Filter("lr", "eq", 1e-3)
    assert filters(f"{said} batch 64") == filters(f"{said}, bs64") == {adam, rate, Filter("batch", "eq", 64)}
    assert filters("Adam 1e-3 weight decay") >= {adam} and rate not in filters("Adam 1e-3 weight decay")
    assert filters("starting at a tenth, SGD") == {Filter("lr", "eq", 0.1), Filter("optimizer", "eq", "SGD")}


def test_choices_and_comparatives() -> None:
    assert filters("batch 16/32/64") == {Filter("batch", "in", (16, 32, 64))}
    assert filters("a bigger batch size than 128") == {Filter("batch", "gt", 128)}
    assert filters("a lower learning rate than 1e-4") == {Filter("lr", "lt", 1e-4)}


@pytest.mark.parametrize(
    "text",
    ["twice as many epochs as usual", "twice the batch size", "double the learning rate", "half as many epochs",
     "ten times more epochs", "three times the epochs", "a handful of epochs"],
)  # fmt: skip
def test_a_multiple_of_what_is_not_said_is_shown(text: str) -> None:
    query = parse(f"GANs with {text}", TODAY)
    assert [one.kind for one in query.unclear] == ["number"]
    assert not {one.field for one in query.filters} & {"epochs", "batch", "lr"}
    assert query.words == ("gans",)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Which scripts learn at a rate of 1e-5?", Filter("lr", "eq", 1e-5)),
        ("CNNs that learn with a learning rate of 0.01", Filter("lr", "eq", 0.01)),
        ("Which scripts put fewer than four examples into a batch?", Filter("batch", "lt", 4)),
        ("feeds 64 images per batch", Filter("batch", "eq", 64)),
        ("training that lasts longer than 1000 epochs", Filter("epochs", "gt", 1000)),
    ],
)
def test_what_is_done_with_an_amount_is_not_looked_for(text: str, condition: Filter) -> None:
    found = parse(text, TODAY)
    assert condition in found.filters
    assert not {"learn", "put", "feeds", "lasts"} & {*found.words}


def test_what_a_file_does_with_a_name_is_not_looked_for() -> None:
    assert parse("Which script calls initialize_model?", TODAY).words == ("initialize_model",)
    assert parse("Who defines the create_dqn_model?", TODAY).words == ("create_dqn_model",)
    assert parse("learn to play chess", TODAY).words == ("learn", "play", "chess")


@pytest.mark.parametrize(
    ("text", "op"),
    [
        ("Which scripts learn more slowly than 0.0001?", "lt"),
        ("anything that learns slower than 1e-4", "lt"),
        ("models trained faster than 0.0001", "gt"),
        ("Which models train less slowly than 1e-4?", "gt"),
    ],
)
def test_how_fast_something_learns_is_its_rate(text: str, op: str) -> None:
    assert Filter("lr", op, 1e-4) in parse(text, TODAY).filters
    assert not [one for one in parse("trains faster than 10 minutes", TODAY).filters if one.field == "lr"]


@pytest.mark.parametrize("tail", ["or more", "or even more", "or more often", "or even more often"])
def test_more_times_over_the_data_are_no_question_of_which_is_more_common(tail: str) -> None:
    for said in (f"goes over the data five hundred times {tail}", f"500 epochs {tail.removesuffix(' often')}"):
        found = parse(said)
        assert found.filters == (Filter("epochs", "ge", 500),) and not found.words, said


@pytest.mark.parametrize(("part", "value"), [("twentieth", 0.05), ("fiftieth", 0.02), ("tenth", 0.1)])
def test_steps_are_told_by_parts_of_one(part: str, value: float) -> None:
    assert parse(f"steps of a {part} or larger").filters == (Filter("lr", "ge", value),)


@pytest.mark.parametrize(
    ("said", "ends"),
    [("seven to nine hundred", (700, 900)), ("between two and three thousand", (2000, 3000)),
     ("from 2 to 5 thousand", (2000, 5000)), ("one to two dozen", (12, 24)), ("ten to a hundred", (10, 100)),
     ("fifty to two hundred", (50, 200)), ("one to one hundred", (1, 100)), ("from 7 to 900", (7, 900))],
)  # fmt: skip
def test_the_scale_of_two_numbers_is_said_once(said: str, ends: tuple[int, int]) -> None:
    assert filters(f"{said} epochs") == {Filter("epochs", "range", ends)}
