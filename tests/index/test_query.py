"""What a query is understood to ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.understanding.filters import Filter
from index.understanding.query import QueryError, parse

TODAY = date(2025, 7, 16)
APRIL = Filter("created", "range", ("2025-04-01", "2025-04-30"))


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


@pytest.mark.parametrize(
    "text",
    [
        "created in April 2025", "in 2025-04", "made during Apr 2025", "from April, 2025", "written in april 2025",
        "created:2025-04", "created:april-2025", "April 2025 models", "in 04/2025", "created in 2025/04", "in April",
        "between 1 April 2025 and 30 April 2025", "created:2025-04-01..2025-04-30", "from 2025-04-01 to 2025-04-30",
        "between April 1st and April 30th, 2025", "built in the month 2025-04",
    ],
)  # fmt: skip
def test_a_month_may_be_said_in_many_ways(text: str) -> None:
    assert filters(text) == {APRIL}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("modified before March 2025", Filter("modified", "lt", "2025-03-01")),
        ("created after March 2025", Filter("created", "ge", "2025-04-01")),
        ("since March 2025", Filter("created", "ge", "2025-03-01")),
        ("until March 2025", Filter("created", "lt", "2025-04-01")),
        ("created:<2025-03", Filter("created", "lt", "2025-03-01")),
        ("created:>2025-03", Filter("created", "ge", "2025-04-01")),
        ("from 2025", Filter("created", "range", ("2025-01-01", "2025-12-31"))),
        ("between March and May 2025", Filter("created", "range", ("2025-03-01", "2025-05-31"))),
        ("updated last month", Filter("modified", "range", ("2025-06-01", "2025-06-30"))),
        ("on 9 April 2025", Filter("created", "range", ("2025-04-09", "2025-04-09"))),
        ("not created in April 2025", Filter("created", "range", ("2025-04-01", "2025-04-30"), True)),
        ("created last week", Filter("created", "range", ("2025-07-07", "2025-07-13"))),
    ],
)
def test_dates(text: str, expected: Filter) -> None:
    assert filters(text) == {expected}


def _generated() -> st.SearchStrategy[tuple[str, int, int]]:
    names = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip
    return st.tuples(st.integers(1, 12), st.integers(1990, 2060), st.integers(0, 7)).map(
        lambda parts: (
            (
                f"created in {names[parts[0] - 1]} {parts[1]}", f"created in {names[parts[0] - 1][:3]} {parts[1]}",
                f"made in {parts[1]}-{parts[0]:02}", f"in {names[parts[0] - 1].lower()} {parts[1]} using CNN",
                f"CNN from {names[parts[0] - 1].upper()} {parts[1]}", f"created:{parts[1]}-{parts[0]:02}",
                f"written during {names[parts[0] - 1]} of {parts[1]}", f"{parts[0]}/{parts[1]}",
            )[parts[2]],
            parts[1],
            parts[0],
        )
    )  # fmt: skip


@given(_generated())
@settings(max_examples=150)
def test_every_month_in_every_form(generated: tuple[str, int, int]) -> None:
    text, year, month = generated
    found = [item for item in parse(text, TODAY).filters if item.field == "created"]
    assert len(found) == 1
    value = found[0].value
    assert isinstance(value, tuple)
    assert str(value[0]) == f"{year}-{month:02}-01" and str(value[1]).startswith(f"{year}-{month:02}-")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not using RNN", {("tag", "rnn", True)}),
        ("without attention", {("tag", "attention", True)}),
        ("not trained on MNIST", {("dataset", "MNIST", True)}),
        ("-tag:rnn", {("tag", "rnn", True)}),
        ("-attention", {("tag", "attention", True)}),
        ("no convolutions", {("tag", "cnn", True)}),
        ("that do not use recurrent layers", {("tag", "rnn", True)}),
        ("not using RNN or LSTM", {("tag", "rnn", True), ("tag", "lstm", True)}),
        ("non-convolutional", {("tag", "cnn", True)}),
        ("without dropout", {("uses", "dropout", True)}),
        ("using CNN", {("tag", "cnn", False)}),
        ("convolutional networks with attention", {("tag", "attention", False)}),
        ("based on U-Net", {("tag", "unet", False)}),
        ("using U Net", {("tag", "unet", False)}),
        ("trained on Fashion MNIST", {("dataset", "FashionMNIST", False)}),
        ("on MNIST", {("dataset", "MNIST", False)}),
        ("Oxford Flower", {("dataset", "Flowers102", False)}),
        ("cifar-10", {("dataset", "CIFAR10", False)}),
        ("written in JAX", {("framework", "JAX", False)}),
        ("using AdamW", {("optimizer", "AdamW", False)}),
        ("adamw", {("optimizer", "AdamW", False)}),
        ("the small digits data of scikit-learn", {("dataset", "Digits", False)}),
        ("using autoencoder but not trained on MNIST", {("tag", "autoencoder", False), ("dataset", "MNIST", True)}),
        ("not using RNN but using CNN", {("tag", "rnn", True), ("tag", "cnn", False)}),
        ("dataset:fashion-mnist", {("dataset", "FashionMNIST", False)}),
    ],
)
def test_words_of_the_field(text: str, expected: set[tuple[str, str, bool]]) -> None:
    assert {(item.field, item.value, item.negated) for item in filters(text)} == expected


def test_two_datasets_are_a_choice() -> None:
    assert filters("models on CIFAR-10 and MNIST") == {Filter("dataset", "in", ("CIFAR10", "MNIST"))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batch size 256", Filter("batch", "eq", 256)),
        ("batch size of 64", Filter("batch", "eq", 64)),
        ("lr below 1e-3", Filter("lr", "lt", 1e-3)),
        ("learning rate of 0.001", Filter("lr", "eq", 0.001)),
        ("lr:<1e-3", Filter("lr", "lt", 1e-3)),
        ("lr<1e-3", Filter("lr", "lt", 1e-3)),
        ("lr = 10^-3", Filter("lr", "eq", 1e-3)),
        ("batch:64..256", Filter("batch", "range", (64, 256))),
        ("batch size between 64 and 256", Filter("batch", "range", (64, 256))),
        ("more than 100 epochs", Filter("epochs", "gt", 100)),
        ("at least 1,000 epochs", Filter("epochs", "ge", 1000)),
        ("over 2000 epochs", Filter("epochs", "gt", 2000)),
        ("100 or more epochs", Filter("epochs", "ge", 100)),
        ("size:>10k", Filter("size", "gt", 10_000)),
    ],
)
def test_numbers(text: str, expected: Filter) -> None:
    assert filters(text) == {expected}


MAY = Filter("created", "range", ("2025-05-01", "2025-05-31"))
APRIL_OR_MAY = Filter("created", "in", (("2025-04-01", "2025-04-30"), ("2025-05-01", "2025-05-31")))
FAR = Filter("epochs", "in", ((None, 19), (101, None)))


def any_of(*alternatives: Filter) -> Filter:
    return Filter("any", "any", alternatives)


def denied(condition: Filter) -> Filter:
    return replace(condition, negated=True)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["April 2025 or May 2025", "created in April or May 2025", "in April and May 2025", "made in 2025-04, 2025-05",
          "created in April 2025 or in May 2025", "created:2025-04 or created:2025-05",
          "created in April 2025 or created in May 2025"], {APRIL_OR_MAY}),
        (["modified in April or May 2025", "updated during April 2025 or May 2025"],
         {replace(APRIL_OR_MAY, field="modified")}),
        (["created before March 2025 or after May 2025"],
         {Filter("created", "in", ((None, "2025-02-28"), ("2025-06-01", None)))}),
        (["modified after March 2025 and before May 2025"],
         {Filter("modified", "ge", "2025-04-01"), Filter("modified", "lt", "2025-05-01")}),
        (["epochs less than 20 or more than 100", "less than 20 or more than 100 epochs", "epochs < 20 or > 100",
          "fewer than 20 epochs or over 100 epochs", "epochs:<20 or epochs:>100"], {FAR}),
        (["epochs more than 20 and less than 100"], {Filter("epochs", "gt", 20), Filter("epochs", "lt", 100)}),
        (["lr = 1e-3 or 1e-4", "learning rate 0.001 or 0.0001", "lr of 1e-3 or lr of 1e-4"],
         {Filter("lr", "in", (1e-3, 1e-4))}),
        (["batch 64 or 128", "batch sizes 64 and 128", "batch:64 or batch:128", "(batch:64 or batch:128)"],
         {Filter("batch", "in", (64, 128))}),
        (["batch 64 or 100 epochs", "batch:64 or epochs:100", "a batch size of 64 or a hundred epochs"],
         {any_of(Filter("batch", "eq", 64), Filter("epochs", "eq", 100))}),
        (["using CNN or batch size 64", "CNN or batch size 64", "tag:cnn or batch:64", "(tag:cnn) or (batch:64)"],
         {any_of(Filter("tag", "eq", "cnn"), Filter("batch", "eq", 64))}),
        (["(tag:cnn batch:64) or tag:gan"],
         {any_of(Filter("all", "all", (Filter("tag", "eq", "cnn"), Filter("batch", "eq", 64))),
                 Filter("tag", "eq", "gan"))}),
        (["-tag:cnn or tag:gan"], {any_of(Filter("tag", "eq", "cnn", True), Filter("tag", "eq", "gan"))}),
        (["tag:cnn or -tag:gan"], {any_of(Filter("tag", "eq", "cnn"), Filter("tag", "eq", "gan", True))}),
        (["100 or more epochs", "100 epochs or more", "epochs 100 or more"], {Filter("epochs", "ge", 100)}),
        (["(tag:cnn or tag:gan)", "tag:cnn or tag:gan", "using CNN or using GAN", "using CNN or GAN"],
         {Filter("tag", "in", ("cnn", "gan"))}),
    ],
)  # fmt: skip
def test_or_joins_what_is_asked_of_one_field(texts: list[str], expected: set[Filter]) -> None:
    for text in texts:
        assert filters(text) == expected, text


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["outside April 2025", "created outside April 2025", "outside of April 2025", "not in April 2025"],
         {denied(APRIL)}),
        (["not created in April 2025 or May 2025", "outside April and May 2025"], {denied(APRIL), denied(MAY)}),
        (["batch size not 64", "batch size is not 64", "batch size other than 64", "no batch size of 64"],
         {Filter("batch", "eq", 64, True)}),
        (["batch size not 64 or 128"], {Filter("batch", "eq", 64, True), Filter("batch", "eq", 128, True)}),
        (["epochs not more than 20"], {Filter("epochs", "le", 20)}),
        (["lr outside 1e-4..1e-2"], {Filter("lr", "range", (1e-4, 1e-2), True)}),
        (["without batch norm", "no batch norm layers"], {Filter("uses", "eq", "batch-norm", True)}),
        (["without dropout or batch norm"],
         {Filter("uses", "eq", "dropout", True), Filter("uses", "eq", "batch-norm", True)}),
        (["not (tag:cnn or tag:gan)", "-(tag:cnn or tag:gan)"],
         {Filter("tag", "eq", "cnn", True), Filter("tag", "eq", "gan", True)}),
        (["not using RNN or dropout"], {Filter("tag", "eq", "rnn", True), Filter("uses", "eq", "dropout", True)}),
    ],
)  # fmt: skip
def test_a_negation_holds_for_all_it_is_said_of(texts: list[str], expected: set[Filter]) -> None:
    for text in texts:
        assert filters(text) == expected, text


@given(
    st.sampled_from(["batch", "epochs"]), st.integers(1, 500), st.integers(1, 500),
    st.sampled_from(["less than", "below", "under", "fewer than"]), st.sampled_from(["more than", "above", "over"]),
    st.booleans(),
)  # fmt: skip
@settings(deadline=None)
def test_every_choice_of_comparisons(field: str, low: int, high: int, less: str, more: str, first: bool) -> None:
    said = f"{less} {low} or {more} {high}"
    assert filters(f"{field} {said}" if first else f"{said} {field}") == {
        Filter(field, "in", ((None, low - 1), (high + 1, None)))
    }


def test_what_is_left_are_words_to_search_for() -> None:
    query = parse('please find the models that denoise "q_sample" created in April 2025', TODAY)
    assert (query.words, query.phrases, set(query.filters)) == (("denoise",), ("q_sample",), {APRIL})


def test_the_question_of_the_contract() -> None:
    query = parse("Please find models created in April 2025 and using CNN.", TODAY)
    assert query.text == "cnn"
    assert set(query.filters) == {APRIL, Filter("tag", "eq", "cnn")}
    assert query.to_json()["filters"][0] == {
        "field": "created", "op": "range", "value": ["2025-04-01", "2025-04-30"], "negated": False,
    }  # fmt: skip


def test_the_beginning_of_a_call_is_a_name_and_no_error() -> None:
    assert parse("NoisyLinear(").words


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("cnn lr:abc", 8, "lr:<1e-3"), ("foo:bar", 1, "Fields:"), ("created:2025-13", 9, "2025-04"),
        ('a "b', 3, "not closed"), ("((", 2, "not closed"), ("unet)", 5, "never opened"),
        ("tag:", 5, "needs a value"), ("tag:nothing", 5, "Tags:"),
        ("x optimiser:adam", 3, "optimizer"),
        ("batch:1..x", 7, "range"), ("created:2025-05..2025-04", 9, "before it begins"), ("-lr:<q", 5, "number"),
    ],
)  # fmt: skip
def test_an_error_names_the_column_and_what_would_do(text: str, column: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, TODAY)
    assert caught.value.column == column
    assert says in caught.value.message and "\n" not in caught.value.message


_PIECES = st.sampled_from(
    ["created", "in", "April", "2025", "2025-04", "not", "using", "CNN", "-", '"', "lr", "<", "1e-3", "batch:",
     "tag:cnn", "between", "and", "or", ",", "without", "before", "31", "February", "99999999999", "0", "..",
     "epochs", "last", "week", "the", "of", "(", ")", ":", "created:", "created:<", "1e999", "on", "MNIST",
     "but", "size:>", "9999-12"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=6), max_size=14).map(" ".join) | st.text(max_size=200))
@settings(max_examples=400, deadline=None)
def test_no_text_raises_anything_but_a_query_error(text: str) -> None:
    try:
        query = parse(text, TODAY)
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
    else:
        query.to_json()
