"""Every form of a date, number, comparison, negation and order, in generated variants."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.understanding import numbers
from index.understanding.filters import Filter, Sort
from index.understanding.query import Query, parse

TODAY = date(2025, 7, 16)
SPELLED = {
    2: "two", 5: "five", 12: "twelve", 16: "sixteen", 32: "thirty-two", 64: "sixty-four", 100: "a hundred",
    128: "one hundred and twenty-eight", 250: "two hundred fifty", 1000: "a thousand", 2000: "two thousand",
}  # fmt: skip


def read(text: str) -> Query:
    return parse(text, TODAY)


def filters(text: str) -> set[Filter]:
    return set(read(text).filters)


def span(low: str, high: str, field: str = "created") -> Filter:
    return Filter(field, "range", (low, high))


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("spring 2025", ("2025-03-01", "2025-05-31")), ("the spring of 2025", ("2025-03-01", "2025-05-31")),
        ("summer 2024", ("2024-06-01", "2024-08-31")), ("fall 2024", ("2024-09-01", "2024-11-30")),
        ("autumn of 2024", ("2024-09-01", "2024-11-30")), ("winter 2025", ("2024-12-01", "2025-02-28")),
        ("last spring", ("2025-03-01", "2025-05-31")), ("last summer", ("2024-06-01", "2024-08-31")),
        ("Q1 2025", ("2025-01-01", "2025-03-31")), ("2025-Q1", ("2025-01-01", "2025-03-31")),
        ("the first quarter of 2025", ("2025-01-01", "2025-03-31")), ("last quarter", ("2025-04-01", "2025-06-30")),
        ("H1 2025", ("2025-01-01", "2025-06-30")), ("the second half of 2024", ("2024-07-01", "2024-12-31")),
        ("the first half of April 2025", ("2025-04-01", "2025-04-15")),
        ("early 2025", ("2025-01-01", "2025-04-30")), ("mid-2025", ("2025-05-01", "2025-08-31")),
        ("late 2024", ("2024-09-01", "2024-12-31")), ("the first week of April 2025", ("2025-04-01", "2025-04-07")),
        ("the week of 9 April 2025", ("2025-04-07", "2025-04-13")),
        ("the last three months", ("2025-04-16", "2025-07-16")),
        ("the past week", ("2025-07-09", "2025-07-16")), ("last week", ("2025-07-07", "2025-07-13")),
        ("last year", ("2024-01-01", "2024-12-31")), ("the 9th of April 2025", ("2025-04-09", "2025-04-09")),
        ("April 9th, 2025", ("2025-04-09", "2025-04-09")), ("April the 9th, 2025", ("2025-04-09", "2025-04-09")),
        ("25/04/2025", ("2025-04-25", "2025-04-25")), ("04/25/2025", ("2025-04-25", "2025-04-25")),
        ("9-Apr-2025", ("2025-04-09", "2025-04-09")), ("Apr '25", ("2025-04-01", "2025-04-30")),
        ("Apr 25", ("2025-04-01", "2025-04-30")), ("2025-04-09T12:00:00Z", ("2025-04-09", "2025-04-09")),
        ("2025-W15", ("2025-04-07", "2025-04-13")),
    ],
)  # fmt: skip
def test_periods(period: str, expected: tuple[str, str]) -> None:
    for verb in ("created in", "written in", "made during"):
        assert filters(f"{verb} {period}") == {span(*expected)}, f"{verb} {period}"
    assert filters(f"using CNN, modified in {period}") == {span(*expected, "modified"), Filter("tag", "eq", "cnn")}


BEFORE = ("before", "prior to", "older than", "earlier than", "preceding")
AFTER = ("after", "newer than", "later than", "younger than", "more recent than")
UNTIL = ("until", "no later than", "up to", "not after", "by")
SINCE = ("since", "from as early as", "no earlier than", "not before", "starting in", "as of")


@pytest.mark.parametrize(
    ("sayings", "expected"),
    [
        (BEFORE, Filter("created", "lt", "2025-03-01")), (AFTER, Filter("created", "ge", "2025-04-01")),
        (UNTIL, Filter("created", "lt", "2025-04-01")), (SINCE, Filter("created", "ge", "2025-03-01")),
    ],
)  # fmt: skip
def test_every_side_of_a_month(sayings: tuple[str, ...], expected: Filter) -> None:
    for saying, month, verb in product(sayings, ("March 2025", "2025-03", "Mar 2025"), ("created ", "written ", "")):
        assert filters(f"{verb}{saying} {month}") == {expected}, f"{verb}{saying} {month}"


@pytest.mark.parametrize(
    "text",
    ["between 2 March and 10 April 2025", "from March 2 to April 10, 2025", "created between 2025-03-02 and 2025-04-10",
     "between the 2nd of March and the 10th of April 2025", "made from 2 March 2025 until 10 April 2025",
     "created:2025-03-02..2025-04-10"],
)  # fmt: skip
def test_between_two_dates(text: str) -> None:
    assert filters(text) == {span("2025-03-02", "2025-04-10")}


@given(st.integers(1, 60), st.sampled_from(["day", "week", "month", "year"]), st.booleans())
def test_ages(count: int, unit: str, older: bool) -> None:
    plural = unit if count == 1 else f"{unit}s"
    said = filters(f"{'older' if older else 'newer'} than {count} {plural}")
    also = filters(f"created {'more' if older else 'less'} than {count} {plural} ago")
    assert said == also
    (condition,) = said
    assert (condition.field, condition.op) == ("created", "lt" if older else "ge")
    if unit in {"day", "week"}:
        assert condition.value == (TODAY - timedelta(days=count * (7 if unit == "week" else 1))).isoformat()


MORE = ("more than", "greater than", "over", "above", "exceeding", "larger than", "higher than", ">")
LESS = ("less than", "fewer than", "under", "below", "smaller than", "lower than", "<")
LEAST = ("at least", "no less than", "no fewer than", "a minimum of", "not less than", "greater than or equal to", "≥")
MOST = ("at most", "no more than", "up to", "a maximum of", "not more than", "less than or equal to", "≤")


@pytest.mark.parametrize(("sayings", "op"), [(MORE, "gt"), (LESS, "lt"), (LEAST, "ge"), (MOST, "le")])
def test_every_comparison_of_every_number(sayings: tuple[str, ...], op: str) -> None:
    for saying, (value, spelled) in product(sayings, SPELLED.items()):
        expected = {Filter("epochs", op, value)}
        for number in (str(value), spelled, f"{value:,}"):
            assert filters(f"{saying} {number} epochs") == expected, f"{saying} {number} epochs"
            assert filters(f"epochs {saying} {number}") == expected, f"epochs {saying} {number}"
            assert filters(f"GANs trained for {saying} {number} epochs") == expected


@given(st.integers(1, 999_999))
def test_a_number_in_words_is_the_number(value: int) -> None:
    ones = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
    tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

    def spell(number: int) -> str:
        if number < 20:
            return ones[number]
        if number < 100:
            return tens[number // 10] + (f"-{ones[number % 10]}" if number % 10 else "")
        if number < 1000:
            return f"{ones[number // 100]} hundred" + (f" and {spell(number % 100)}" if number % 100 else "")
        return f"{spell(number // 1000)} thousand" + (f" {spell(number % 1000)}" if number % 1000 else "")

    words = spell(value).split()
    found = numbers.read([*words, "epochs"])
    assert found is not None and (found.value, found.taken) == (value, len(words))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["larger than 4 kB", "files bigger than 4kb", "over 4,000 bytes", "size > 4 kB", "size:>4kB",
          "more than four kilobytes", "scripts above 4 kB in size"], Filter("size", "gt", 4000)),
        (["smaller than 2 MB", "less than two megabytes", "size:<2MB"], Filter("size", "lt", 2_000_000)),
        (["between 4 and 10 kB", "from 4 kB to 10 kB", "4 to 10 kB"], Filter("size", "range", (4000, 10_000))),
        (["at least 1 KiB"], Filter("size", "ge", 1024)),
        (["lr 0,001", "learning rate of one thousandth", "lr .001", "a learning rate of 10^-3", "learning rate: 1e-3"],
         Filter("lr", "eq", 0.001)),
        (["batch size between 16 and 64", "batch size 16-64", "batch sizes from sixteen to sixty-four",
          "batch size in the range 16 to 64", "batch:16..64"], Filter("batch", "range", (16, 64))),
        (["about 100 epochs", "roughly 100 epochs", "~100 epochs", "epochs around 100"],
         Filter("epochs", "range", (90, 110))),
        (["100+ epochs", "100 epochs or more", "100 or more epochs", "epochs: 100 at least"],
         Filter("epochs", "ge", 100)),
        (["200-epoch GANs", "200 epochs exactly", "exactly two hundred epochs"], Filter("epochs", "eq", 200)),
        (["minibatches of 64", "a batch of 64", "64 samples per batch", "with 64 as the batch size", "batch size: 64"],
         Filter("batch", "eq", 64)),
    ],
)  # fmt: skip
def test_units_and_ways_to_put_a_number(texts: list[str], expected: Filter) -> None:
    for text in texts:
        assert filters(text) == {expected}, text


DENIALS = (
    "not using {}", "without {}", "no {}", "that do not use {}", "which don't have {}", "never using {}", "lacking {}",
    "excluding {}", "except those with {}", "everything but {}", "anything except {}", "other than {}", "free of {}",
    "with no {}", "models that aren't based on {}", "{} is not used", "where {} isn't used", "{} excluded", "non-{}",
    "avoiding {}", "apart from {}", "w/o {}", "sans {}", "none of the ones with {}",
)  # fmt: skip


@pytest.mark.parametrize("form", DENIALS)
def test_every_form_of_a_negation(form: str) -> None:
    for name, tag in (("attention", "attention"), ("RNN", "rnn"), ("convolutions", "cnn")):
        found = read(form.format(name))
        assert found.filters == (Filter("tag", "eq", tag, True),), form.format(name)
        assert not found.concepts and not found.unclear
        together = read(f"autoencoders on MNIST {form.format(name)}")
        assert Filter("tag", "eq", tag, True) in together.filters, together
        assert Filter("dataset", "eq", "MNIST") in together.filters


@pytest.mark.parametrize(
    "text",
    ["not only attention", "not without attention", "nothing but attention"],
)
def test_what_sounds_like_a_negation_and_demands(text: str) -> None:
    assert filters(text) == {Filter("tag", "eq", "attention")}


@pytest.mark.parametrize(
    "text", ["I don't remember which GAN drew faces", "no idea which GAN drew faces", "with or without attention: GAN"]
)
def test_what_sounds_like_a_negation_and_denies_nothing(text: str) -> None:
    assert filters(text) == set() and "gan" in read(text).concepts


@pytest.mark.parametrize("both", ["with or without", "with and without", "without and with"])
def test_what_is_asked_for_with_and_without_a_part_denies_nothing(both: str) -> None:
    for part in ("dropout", "augmentation", "a U-Net", "pretrained weights"):
        assert filters(f"CIFAR-10 {both} {part}") == {Filter("dataset", "eq", "CIFAR10")}, part


@pytest.mark.parametrize("text", ["agent for the game 2048", "the game called 2048", "plays 2048", "2048"])
def test_number_that_is_a_name_is_a_word(text: str) -> None:
    found = read(text)
    assert "2048" in found.words and not found.unclear and not found.filters


@pytest.mark.parametrize(
    "text", ["GAN, any framework but pytorch", "gans, every framework but PyTorch", "GANs in any library but torch"]
)
def test_anything_but_denies(text: str) -> None:
    assert Filter("framework", "eq", "PyTorch", True) in filters(text)


def test_animals_named_in_passing_are_no_dataset() -> None:
    assert not filters("classify cats and dogs")
    assert filters("trained on the cats vs dogs dataset") == {Filter("dataset", "eq", "CatsVsDogs")}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("created in 2025-13", "date"), ("created on 31 February", "date"), ("made around noon", "date"),
     ("latent 2048", "number"), ("MNIST without", "negation"), ("12/04/2025", "date, read as day/month")],
)  # fmt: skip
def test_what_is_not_understood_is_said(text: str, kind: str) -> None:
    (one,) = read(text).unclear
    assert one.kind == kind
    assert text[one.column - 1 :].startswith(one.text.split()[0])


@pytest.mark.parametrize(
    ("texts", "sort"),
    [
        (["newest GAN", "the most recent GAN", "latest GANs", "GANs, newest first", "GAN sort:-created"],
         Sort("created", True)),
        (["oldest GAN", "the earliest GANs", "GANs sorted by date, oldest first"], Sort("created", False)),
        (["GANs with the largest batch size", "GANs sorted by batch size, descending", "GAN sort:-batch"],
         Sort("batch", True)),
        (["GANs with the lowest learning rate", "GANs ordered by learning rate", "GAN sort:lr"], Sort("lr", False)),
        (["the most recently modified GAN"], Sort("modified", True)),
    ],
)  # fmt: skip
def test_orders(texts: list[str], sort: Sort) -> None:
    for text in texts:
        found = read(text)
        assert found.sort == (sort,), text
        assert set(found.words) <= {"gan", "gans"}, text


@pytest.mark.parametrize(("text", "limit"), [("top 5 GANs", 5), ("the 3 newest GANs", 3), ("3 most recent GANs", 3)])
def test_how_many(text: str, limit: int) -> None:
    assert read(text).limit == limit and not read(text).unclear


@pytest.mark.parametrize(
    "form",
    ["compare {} and {}", "compare {} with {}", "{} vs {}", "{} versus {}", "differences between {} and {}",
     "how does {} differ from {}?", "what distinguishes {} from {}", "what is the difference between {} and {}?",
     "a comparison of {} and {}", "contrast {} with {}"],
)  # fmt: skip
def test_comparisons_have_two_sides(form: str) -> None:
    for first, second in (("CNN", "RNN"), ("GANs", "diffusion models")):
        sides = read(form.format(first, second)).sides
        assert len(sides) == 2, form
        assert sides[0].concepts != sides[1].concepts
    sides = read(form.format("diffusion on CIFAR-10", "MNIST")).sides
    assert [next(f.value for f in side.filters if f.field == "dataset") for side in sides] == ["CIFAR10", "MNIST"]
    assert all("diffusion" in side.concepts for side in sides), form
