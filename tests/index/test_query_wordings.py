"""Dates, numbers and negations in the less usual of their forms, and what must be shown as not understood."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.understanding.filters import Filter
from index.understanding.query import parse

TODAY = date(2025, 7, 16)
_DAYS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth",
]  # fmt: skip


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


def created(low: str, high: str) -> Filter:
    return Filter("created", "range", (low, high))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["from 10 to 20 April 2025", "10-20 April 2025", "April 10-20, 2025", "April 10 to 20, 2025",
          "between the 10th and the 20th of April 2025", "created 10–20 April 2025"],
         created("2025-04-10", "2025-04-20")),
        (["2024-2025", "2024–2025", "between 2024 and 2025", "from 2024 to 2025"], created("2024-01-01", "2025-12-31")),
        (["Mar-May 2025", "Mar–May 2025", "March to May 2025", "from March through May 2025"],
         created("2025-03-01", "2025-05-31")),
        (["April of last year", "in April last year"], created("2024-04-01", "2024-04-30")),
        (["last April", "this April"], created("2025-04-01", "2025-04-30")),
        (["the April before last"], created("2024-04-01", "2024-04-30")),
        (["the year before last"], created("2023-01-01", "2023-12-31")),
        (["20250417", "17.04.25", "4/17/25", "17 Apr 25", "Apr. 17, 2025", "Thursday, 17 April 2025"],
         created("2025-04-17", "2025-04-17")),
        (["2025 april", "2025, April", "april-2025"], created("2025-04-01", "2025-04-30")),
        (["in twenty twenty-four", "2024 scripts", "models 2024"], created("2024-01-01", "2024-12-31")),
        (["the first two weeks of April 2025"], created("2025-04-01", "2025-04-14")),
        (["the last three days of March 2025"], created("2025-03-29", "2025-03-31")),
        (["written on the last day of May 2025"], created("2025-05-31", "2025-05-31")),
        (["week 15 of 2025", "calendar week 15 of 2025"], created("2025-04-07", "2025-04-13")),
        (["around 8 May 2025", "within a week of 8 May 2025"], created("2025-05-01", "2025-05-15")),
        (["a year and a half ago", "18 months ago"], created("2024-01-01", "2024-01-31")),
        (["six months back"], created("2025-01-01", "2025-01-31")),
        (["in the last 48 hours"], created("2025-07-14", "2025-07-16")),
        (["the 17th of last month"], created("2025-06-17", "2025-06-17")),
        (["made between April 2025 and now", "from April to date", "from April 2025 to the present"],
         created("2025-04-01", "2025-07-16")),
        (["up to and including 30 April 2025", "leading up to 30 April 2025"],
         Filter("created", "lt", "2025-05-01")),
        (["from 2024 on", "2024 and later", "post-2023"], Filter("created", "ge", "2024-01-01")),
        (["pre-2025", "pre-January 2025"], Filter("created", "lt", "2025-01-01")),
        (["since the start of the year"], Filter("created", "ge", "2025-01-01")),
        (["other than 2024", "not 2024"], Filter("created", "range", ("2024-01-01", "2024-12-31"), True)),
        (["untouched since May", "unchanged since May 2025", "not modified since May 2025"],
         Filter("modified", "ge", "2025-05-01", True)),
        (["I haven't touched in six months", "not modified for six months", "unchanged for half a year"],
         Filter("modified", "ge", "2025-01-16", True)),
    ],
)  # fmt: skip
def test_dates(texts: list[str], expected: Filter) -> None:
    for text in texts:
        assert filters(text) == {expected}, text


def test_dates_that_are_joined_share_their_year() -> None:
    assert filters("Q1 and Q2 2024") == {
        Filter("created", "in", (("2024-01-01", "2024-03-31"), ("2024-04-01", "2024-06-30")))
    }
    assert filters("after January but before April 2024") == {
        Filter("created", "ge", "2024-02-01"), Filter("created", "lt", "2024-04-01"),
    }  # fmt: skip


@given(st.dates(date(2015, 1, 1), date(2025, 7, 1)).filter(lambda day: day.day <= 30), st.integers(0, 4))
def test_every_day_spelled_out(day: date, form: int) -> None:
    spelled, month = _DAYS[day.day - 1], day.strftime("%B")
    said = (f"the {spelled} of {month} {day.year}", f"{month} {spelled}, {day.year}", f"the {spelled} of {month} "
            f"'{day:%y}", f"{day:%Y%m%d}", f"{spelled} {month} {day.year}")[form]  # fmt: skip
    expected = {
        f"created on {said}": created(day.isoformat(), day.isoformat()),
        f"later than {said}": Filter("created", "ge", (day + timedelta(days=1)).isoformat()),
        f"made before {said}": Filter("created", "lt", day.isoformat()),
    }
    for text, condition in expected.items():
        assert filters(text) == {condition}, text


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["lr 1 x 10^-4", "lr 10⁻⁴", "lr 1 e-4", "a learning rate of ten to the minus four", "lr of one ten-thousandth",
          "learning rate of point zero zero zero one", "step size 1e-4", "lr 1/10000"],
         Filter("lr", "eq", 0.0001)),
        (["lr is one of 1e-3, 1e-4", "lr is either 1e-3 or 1e-4", "lr 1e-3 or 1e-4"],
         Filter("lr", "in", (0.001, 0.0001))),
        (["lr no greater than five e minus four", "lr at most 5e-4", "max lr 5e-4"], Filter("lr", "le", 0.0005)),
        (["a minibatch of thirty-two", "thirty-two samples per batch", "batch size thirty two"],
         Filter("batch", "eq", 32)),
        (["at least a couple of hundred epochs", "a minimum of two hundred epochs", "200 <= epochs"],
         Filter("epochs", "ge", 200)),
        (["half a dozen epochs", "six epochs"], Filter("epochs", "eq", 6)),
        (["a single epoch", "one epoch"], Filter("epochs", "eq", 1)),
        (["two and a half thousand epochs", "2.5k epochs"],
         Filter("epochs", "eq", 2500)),
        (["ten, twenty or thirty epochs", "epochs 10, 20 or 30"], Filter("epochs", "in", (10, 20, 30))),
        (["in excess of 100 epochs", "north of 100 epochs", "epochs exceed 100"], Filter("epochs", "gt", 100)),
        (["epochs do not exceed 30", "maximum epochs 30", "a maximum of 30 epochs"], Filter("epochs", "le", 30)),
        (["50ish epochs", "50 epochs or so", "almost 50 epochs", "some 50 epochs", "approx. 50 epochs",
          "around epochs 50"], Filter("epochs", "range", (45, 55))),
        (["epochs != 50", "epochs ≠ 50", "epochs other than 50"], Filter("epochs", "eq", 50, True)),
    ],
)  # fmt: skip
def test_numbers(texts: list[str], expected: Filter) -> None:
    for text in texts:
        assert filters(text) == {expected}, text


def test_a_value_and_another_denied_are_both_demanded() -> None:
    assert filters("a learning rate of 1e-3, not 1e-4") == {
        Filter("lr", "eq", 0.001), Filter("lr", "eq", 0.0001, True),
    }  # fmt: skip
    assert filters("batch size in the range of 16 to 64") == {Filter("batch", "range", (16, 64))}


def test_a_chain_of_comparisons_has_two_ends() -> None:
    for text in ("32 < batch size <= 256", "32<batch<=256"):
        assert filters(text) == {Filter("batch", "gt", 32), Filter("batch", "le", 256)}, text


DENIALS = (
    "skip {}", "skip anything with {}", "drop the ones with {}", "leave {} out", "leaving out {}", "besides {}",
    "with the exception of {}", "as opposed to {}", "free from {}", "stay away from {}", "steer clear of {}",
    "I don't want {}", "I do not want any {}", "please no {}", "unless it uses {}", "exclude: {}", "!{}",
    "not counting {}", "hasn't seen {}", "never touches {}", "missing {}", "unrelated to {}", "in the absence of {}",
    "forget about {}", "anything bar {}", "gets by without {}", "something else than {}",
    "anything other than {}",
)  # fmt: skip
TERMS = {"attention": Filter("tag", "eq", "attention", True), "MNIST": Filter("dataset", "eq", "MNIST", True),
         "PyTorch": Filter("framework", "eq", "PyTorch", True)}  # fmt: skip


@pytest.mark.parametrize("form", DENIALS)
def test_every_way_to_say_no(form: str) -> None:
    for (term, expected), after in product(TERMS.items(), ("", ", batch size 64")):
        rest = {Filter("batch", "eq", 64)} if after else set()
        assert filters(form.format(term) + after) == {expected, *rest}, form.format(term) + after


def test_what_is_wanted_instead_is_not_denied() -> None:
    denied, wanted = Filter("optimizer", "eq", "Adam", True), Filter("optimizer", "eq", "SGD")
    for text in ("instead of Adam, SGD", "not Adam but SGD", "rather than Adam, SGD"):
        assert filters(text) == {denied, wanted}, text
    for text in ("another optimizer than Adam", "a different optimizer than Adam", "any optimizer but Adam"):
        assert filters(text) == {denied}, text


def test_an_exception_of_two_things_is_one() -> None:
    both = (Filter("tag", "eq", "diffusion"), Filter("dataset", "eq", "MNIST"))
    assert filters("everything except diffusion on MNIST") == {Filter("all", "all", both, True)}
    assert filters("diffusion without attention on MNIST") == {both[1], TERMS["attention"]}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GANs with large batches", "number"), ("a small learning rate", "number"), ("lr below the default", "number"),
        ("several hundred epochs", "number"), ("dozens of epochs", "number"), ("more epochs than usual", "number"),
        ("batch size bigger than usual", "number"),
        ("hardly any attention", "negation"), ("next month", "date"), ("on a Monday", "date"), ("long ago", "date"),
        ("in the nineties", "date"), ("at the turn of the year", "date"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said(text: str, kind: str) -> None:
    assert [one.kind for one in parse(text, TODAY).unclear] == [kind]
    assert not filters(text)


def test_what_a_task_is_without_is_read_by_its_meaning_and_said() -> None:
    assert [one.text for one in parse("pictures sorted with no labels", TODAY).unclear] == ["with no labels"]
    understood = parse("contrastive learning without labels", TODAY)
    assert not understood.filters and "labels" in understood.words
    assert [one.text for one in understood.unclear] == ["without labels"]
    assert filters("contrastive learning -labels") == {Filter("text", "eq", "labels", True)}


def test_two_datasets_are_a_choice_wherever_they_stand() -> None:
    choice = {Filter("dataset", "in", ("MNIST", "CIFAR10"))}
    assert filters("MNIST against CIFAR-10 diffusion") == filters("diffusion on MNIST, batch norm, CIFAR-10") == choice


def test_a_side_of_a_comparison_takes_over_what_kind_the_other_is() -> None:
    sides = parse("contrast my CIFAR-10 diffusion with that on MNIST", TODAY).sides
    assert all(Filter("tag", "eq", "diffusion") in side.filters for side in sides)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("rates below 2 * 10^-5", "lr under 2x10^-5", "a rate below 2·10⁻⁵", "lr < 2 × 10^-5"),
         Filter("lr", "lt", 2e-5)),
        (("w/ Adagrad", "train w/Adagrad", "models w/ the Adagrad optimizer"), Filter("optimizer", "eq", "Adagrad")),
        (("2021 click-through models", "2021 text classification scripts"),
         Filter("created", "range", ("2021-01-01", "2021-12-31"))),
        (("rmsprop", "rmsprop + GRU", "GRU, RMSprop"), Filter("optimizer", "eq", "RMSprop")),
        (("w/o attention", "w/out attention"), Filter("tag", "eq", "attention", True)),
        (("whose first commit was in March 2020", "first committed in Mar 2020", "initial commit in 2020-03",
          "committed in March 2020"), Filter("created", "range", ("2020-03-01", "2020-03-31"))),
        (("last commit in March 2020", "whose latest commit was in March 2020"),
         Filter("modified", "range", ("2020-03-01", "2020-03-31"))),
    ],
)  # fmt: skip
def test_what_is_written_short_or_by_signs(texts: tuple[str, ...], expected: Filter) -> None:
    for text in texts:
        assert filters(text) == {expected}, text


@pytest.mark.parametrize(
    "text",
    ["toy 2D shapes", "the 3D CNN for videos", "points in 3D", "1d signals", "dropout rate 0.5",
     "sampling rate of 16000", "so that no sample leaks", "trained with DP-SGD"],
)  # fmt: skip
def test_what_is_no_filter(text: str) -> None:
    assert not filters(text)


def test_a_library_that_is_not_known_is_said() -> None:
    (one,) = parse("convnets written with Objax", TODAY).unclear
    assert (one.kind, one.text) == ("framework", "Objax")


@pytest.mark.parametrize(
    "form", ["what sets {} apart from {}?", "what separates {} from {}", "how is {} different from {}?"]
)
def test_what_tells_two_apart_compares_them(form: str) -> None:
    first, second = parse(form.format("my GAN", "the VAE"), TODAY).sides
    assert (first.concepts, second.concepts) == (("gan",), ("vae",))


@pytest.mark.parametrize("second", ["the ladder VAE", "the ladder one"])
def test_sides_of_one_kind_are_told_apart_by_their_words(second: str) -> None:
    sides = parse(f"compare the beta VAE with {second}", TODAY).sides
    assert [side.words for side in sides] == [("beta", "vae"), ("ladder", "vae")]
    assert not any(side.filters for side in sides)


def test_what_two_sides_are_for_is_asked_of_both_unless_each_has_its_own() -> None:
    for text in ("CNN vs LSTM for genres", "compare a CNN with an LSTM for genres"):
        assert all("genres" in side.words for side in parse(text).sides), text
    first, second = parse("compare a CNN for pictures with an LSTM for genres").sides
    assert "genres" not in first.words and "pictures" not in second.words
