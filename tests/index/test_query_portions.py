"""Portions of periods, ranges by any sign, and a year that is said once for several dates."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.understanding.filters import Filter
from index.understanding.query import parse

TODAY = date(2025, 7, 16)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
days = st.dates(date(2015, 1, 1), date(2024, 12, 31))


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


def span(low: str, high: str) -> Filter:
    return Filter("created", "range", (low, high))


@given(days, days, st.sampled_from(("..", "...", "–", "—", "->", "→", "-", "to", "through", "until", "up to")))
def test_two_days_are_a_range_by_any_sign(one: date, other: date, joint: str) -> None:
    first, last = sorted((one, other))
    expected = {span(first.isoformat(), last.isoformat())}
    assert filters(f"{first} {joint} {last}") == expected
    spoken = [f"{day.day} {MONTHS[day.month - 1]} {day.year}" for day in (first, last)]
    assert filters(f"from {spoken[0]} {joint} {spoken[1]}") == expected
    assert filters(f"{first:%b %Y} {joint} {last:%b %Y}") == {
        span(f"{first:%Y-%m}-01", f"{last:%Y-%m}-{monthrange(last.year, last.month)[1]}")
    }


@pytest.mark.parametrize(
    ("period", "low", "high"),
    [
        ("1..15 Feb 2018", "2018-02-01", "2018-02-15"), ("Feb 2018..Mar 2018", "2018-02-01", "2018-03-31"),
        ("2018-02-01/2018-02-15", "2018-02-01", "2018-02-15"), ("2018 -> 2020", "2018-01-01", "2020-12-31"),
        ("the first fortnight of March 2021", "2021-03-01", "2021-03-14"),
        ("the first two weeks of March 2021", "2021-03-01", "2021-03-14"),
        ("the last ten days of March 2021", "2021-03-22", "2021-03-31"),
        ("the last week of 2021", "2021-12-25", "2021-12-31"),
        ("the second day of May 2020", "2020-05-02", "2020-05-02"),
        ("the latter half of 2019", "2019-07-01", "2019-12-31"),
        ("the first third of 2020", "2020-01-01", "2020-04-30"),
        ("the early part of 2019", "2019-01-01", "2019-04-30"), ("mid-to-late 2018", "2018-05-01", "2018-12-31"),
        ("early to mid 2018", "2018-01-01", "2018-08-31"), ("early or mid March 2018", "2018-03-01", "2018-03-21"),
        ("towards the end of 2018", "2018-09-01", "2018-12-31"),
        ("near the end of May 2018", "2018-05-22", "2018-05-31"), ("winter 2019/20", "2019-12-01", "2020-02-29"),
        ("the winter of 2019/2020", "2019-12-01", "2020-02-29"), ("CW 7 2021", "2021-02-15", "2021-02-21"),
        ("W07 2021", "2021-02-15", "2021-02-21"), ("ISO week 7 of 2021", "2021-02-15", "2021-02-21"),
        ("2021 week 7", "2021-02-15", "2021-02-21"), ("weeks 7 to 9 of 2021", "2021-02-15", "2021-03-07"),
        ("this past spring", "2025-03-01", "2025-05-31"), ("the spring before last", "2024-03-01", "2024-05-31"),
        ("this past year", "2024-07-16", "2025-07-16"), ("the last decade", "2015-07-16", "2025-07-16"),
        ("two or three years ago", "2022-07-16", "2023-07-16"),
        ("between two and three years ago", "2022-07-16", "2023-07-16"),
        ("3-5 months ago", "2025-02-16", "2025-04-16"), ("last Christmas", "2024-12-24", "2024-12-26"),
    ],
)  # fmt: skip
def test_portions_of_periods(period: str, low: str, high: str) -> None:
    for before in ("created in ", "", "from "):
        assert filters(before + period) == {span(low, high)}, before


@pytest.mark.parametrize("month", ["March", "early May", "the first half of April", "spring"])
def test_a_year_is_said_once_for_a_whole_phrase(month: str) -> None:
    year = 2018
    expected = filters(f"created in {month} {year}")
    assert len(expected) == 1
    for said in (f"in {month}, back in {year}", f"in {month}, in {year}", f"in {month} of that year, {year}",
                 f"in {month}, the year being {year}", f"in {month} ({year})", f"in {year}, around {month}",
                 f"back in {year}, in {month}"):  # fmt: skip
        assert filters(said) == expected, said


def test_a_year_said_once_leaves_other_statements_alone() -> None:
    assert filters("after March, back in 2018") == {
        Filter("created", "ge", "2018-04-01"),
        span("2018-01-01", "2018-12-31"),
    }
    assert filters("created in March, modified in 2018") == {
        span("2025-03-01", "2025-03-31"), Filter("modified", "range", ("2018-01-01", "2018-12-31")),
    }  # fmt: skip
    assert filters("in March or April, back in 2018") == {
        Filter("created", "in", (("2018-03-01", "2018-03-31"), ("2018-04-01", "2018-04-30")))
    }


def test_bounds_by_what_is_older_or_newer() -> None:
    for text in ("nothing older than last New Year", "no scripts from before last New Year"):
        assert filters(text) == {Filter("created", "lt", "2025-01-01", True)}, text
    assert filters("2018+") == filters("from 2018 on") == {Filter("created", "ge", "2018-01-01")}
    assert filters("2000+ epochs") == {Filter("epochs", "ge", 2000)}
    assert filters("no more recent than 2018") == {Filter("created", "lt", "2019-01-01")}
    assert filters("that March, back in 2018") == {span("2018-03-01", "2018-03-31")}
    assert filters("2018 or 2019") == filters("in 2018 or 2019")


@pytest.mark.parametrize(("sign", "op", "day"), [
    ("<", "lt", "2019-01-01"), (">=", "ge", "2019-01-01"), (">", "ge", "2020-01-01"), ("<=", "lt", "2020-01-01"),
])  # fmt: skip
def test_a_year_is_compared_beside_a_term(sign: str, op: str, day: str) -> None:
    for kind in ("cnn", "TensorFlow GANs", "transformers"):
        assert Filter("created", op, day) in filters(f"{kind} {sign} 2019")
    for other in ("sequence length", "hidden size"):  # no year
        assert not any(one.field == "created" for one in filters(f"{other} {sign} 2019"))
    assert filters(f"epochs {sign} 2000") <= {Filter("epochs", one, 2000) for one in ("lt", "le", "gt", "ge")}


def test_months_of_a_year_that_is_told_from_today() -> None:
    year = TODAY.year - 2
    assert filters("made in June or July two years ago") == {
        Filter("created", "in", ((f"{year}-06-01", f"{year}-06-30"), (f"{year}-07-01", f"{year}-07-31")))
    }


@pytest.mark.parametrize("dataset", ["ISIC", "VOC", "COCO"])
def test_a_year_after_a_yearly_dataset_is_its_edition(dataset: str) -> None:
    assert filters(f"{dataset} 2018") == {Filter("dataset", "eq", dataset)}
    assert span("2018-01-01", "2018-12-31") in filters(f"{dataset}, created in 2018")
