"""Feasts and edges of periods as dates, numbers without their noun, and denials that deny no script."""

from __future__ import annotations

from datetime import date

import pytest

from index.understanding.filters import Filter
from index.understanding.query import QueryError, parse

TODAY = date(2026, 3, 10)
_FEASTS = {
    "Christmas 2024": ("2024-12-24", "2024-12-26"), "New Year 2025": ("2025-01-01", "2025-01-01"),
    "Easter 2025": ("2025-04-18", "2025-04-21"), "Easter 2019": ("2019-04-19", "2019-04-22"),
    "Halloween '23": ("2023-10-31", "2023-10-31"), "Thanksgiving 2024": ("2024-11-28", "2024-11-28"),
    "the Christmas holidays": ("2025-12-24", "2025-12-26"), "New Year's Eve": ("2025-12-31", "2025-12-31"),
}  # fmt: skip


@pytest.mark.parametrize("feast", _FEASTS)
@pytest.mark.parametrize(
    ("said", "op", "end", "days"),
    [("since", "ge", 0, 0), ("before", "lt", 0, 0), ("after", "ge", 1, 1), ("nothing older than", "lt", 0, 0)],
)
def test_a_feast_is_a_date(said: str, op: str, end: int, days: int, feast: str) -> None:
    (found,) = parse(f"GANs {said} {feast}", TODAY).filters
    day = date.fromisoformat(_FEASTS[feast][end])
    assert (found.op, found.value) == (op, date.fromordinal(day.toordinal() + days).isoformat())
    assert found.negated == said.startswith("nothing")


@pytest.mark.parametrize("text", ["christmas card generator", "images of easter eggs", "new year resolutions"])
def test_a_feast_that_is_a_subject_is_no_date(text: str) -> None:
    assert not parse(text, TODAY).filters


@pytest.mark.parametrize(
    ("text", "op", "day"),
    [("after the beginning of 2025", "ge", "2025-01-01"), ("after the start of May 2025", "ge", "2025-05-01"),
     ("before the end of 2024", "lt", "2025-01-01"), ("until the start of 2025", "lt", "2025-01-01"),
     ("after the end of 2024", "ge", "2025-01-01")],
)  # fmt: skip
def test_a_period_is_compared_with_by_its_edge(text: str, op: str, day: str) -> None:
    assert parse(f"written {text}", TODAY).filters == (Filter("created", op, day),)


@pytest.mark.parametrize("text", ["the autumn month of October 2018", "in autumn, in October 2018"])
def test_a_month_after_its_season_is_meant(text: str) -> None:
    assert parse(f"what is from {text}?", TODAY).filters == (Filter("created", "range", ("2018-10-01", "2018-10-31")),)


@pytest.mark.parametrize(
    ("text", "found"),
    [("10 epochs, not 100", [("epochs", "eq", 10, False), ("epochs", "eq", 100, True)]),
     ("batch size 32 rather than 64", [("batch", "eq", 32, False), ("batch", "eq", 64, True)]),
     ("huge batches, five hundred and twelve or more", [("batch", "ge", 512, False)]),
     ("huge batches, some thousand", [("batch", "ge", 1000, False)]),
     ("many epochs, several hundreds", [("epochs", "ge", 100, False)]),
     ("a learning rate of 1 per mille", [("lr", "eq", 0.001, False)]),
     ("with a step smaller than a ten-thousandth", [("lr", "lt", 0.0001, False)]),
     ("dropout below 0.05", []), ("a validation loss below 0.01", [])],
)  # fmt: skip
def test_numbers_without_their_noun(text: str, found: list[tuple[str, str, float, bool]]) -> None:
    filters = parse(text, TODAY).filters
    assert [(one.field, one.op, one.value, one.negated) for one in filters] == found


@pytest.mark.parametrize(
    "text",
    ["a critic that estimates a distance instead of real or fake", "didn't I once guess winning numbers?",
     "they went to the park, and most of them came home again without any fish", "what sets one apart from ResNeXt",
     "decoded over the whole sentence rather than one word at a time"],
)  # fmt: skip
def test_what_is_denied_within_a_description_is_denied_of_no_script(text: str) -> None:
    assert not parse(text, TODAY).filters


def test_a_data_set_is_denied_by_what_is_in_it() -> None:
    (found,) = parse("GANs, but please no handwritten digits", TODAY).filters
    assert found.field == "dataset" and found.negated and "MNIST" in found.items
    assert parse("GANs without dask", TODAY).filters == (Filter("text", "eq", "dask", True),)


@pytest.mark.parametrize("text", ["class BERTTrainer:", "class BERTTrainer():", "BERTTrainer:", "class BERTTrainer"])
def test_a_line_of_code_is_a_name_and_no_field(text: str) -> None:
    assert "berttrainer" in parse(text).words
    with pytest.raises(QueryError, match="no field is called"):
        parse("colour:red")
