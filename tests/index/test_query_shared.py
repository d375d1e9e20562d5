"""What is said once of several dates holds for each of them, in whatever order it is said."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from index.understanding.query import parse

TODAY = date(2025, 7, 16)
MONTHS = {"April": ("04", "30"), "May": ("05", "31"), "June": ("06", "30")}
ORDINALS = {"fourth": "April", "5th": "May", "sixth": "June"}


def days(month: str, year: int = 2021) -> tuple[str, str]:
    number, last = MONTHS[month]
    return f"{year}-{number}-01", f"{year}-{number}-{last}"


def created(text: str) -> set[object]:
    found = parse(text, TODAY)
    assert not found.unclear, text
    assert not found.words, (text, found.words)
    assert {one.field for one in found.filters} == {"created"}, text
    return {item for one in found.filters for item in one.items}


@pytest.mark.parametrize(("first", "second"), [("April", "May"), ("May", "June"), ("April", "June")])
def test_a_year_said_before_its_months_is_that_of_all(first: str, second: str) -> None:
    for opening, joint in product(
        ("2021,", "in 2021,", "created in 2021:", "dated 2021;"), ("and", "or", "and in", ",")
    ):
        assert created(f"{opening} {first} {joint} {second}") == {days(first), days(second)}
    assert created(f"spring 2021, {first}") == {days(first)}
    assert created(f"from 2021, month of {first}") == {days(first)}
    for months in ("the months of", "in the months", "during the months of"):
        assert created(f"{months} {first} and {second}, 2021") == {days(first), days(second)}


@pytest.mark.parametrize(("first", "second"), [("fourth", "5th"), ("5th", "sixth"), ("fourth", "sixth")])
def test_months_by_their_numbers_share_their_name_and_year(first: str, second: str) -> None:
    wanted = {days(ORDINALS[first]), days(ORDINALS[second])}
    for joint, year in product(("and", "or", "and the"), ("of 2021", "in 2021", "of '21", "of the year 2021")):
        assert created(f"written in the {first} {joint} {second} month {year}") == wanted
    span = {(days(ORDINALS[first])[0], days(ORDINALS[second])[1])}
    assert created(f"between the {first} and the {second} month of 2021") == span
    assert created(f"the {first} to {second} month of 2021") == span
    assert created("months 4 and 6 of 2021") == {days("April"), days("June")}


def test_quarters_share_a_year_as_well() -> None:
    assert created("the second and third quarter of 2021") == {
        ("2021-04-01", "2021-06-30"),
        ("2021-07-01", "2021-09-30"),
    }


@pytest.mark.parametrize("verb", ["put in", "checked in", "uploaded", "pushed", "came in", "handed in"])
def test_verbs_with_a_word_after_them_speak_of_dates(verb: str) -> None:
    for joint in ("in", "during"):
        assert created(f"everything {verb} {joint} May 2021") == {days("May")}
    assert created(f"what was {verb} May 2021" if verb.endswith(" in") else f"{verb} in May 2021") == {days("May")}


def test_a_year_of_two_digits_stands_alone() -> None:
    for text in ("the code of '14", "from '14", "scripts of the year '14"):
        assert created(text) == {("2014-01-01", "2014-12-31")}


def test_what_is_no_list_of_dates_is_left_as_it_is() -> None:
    assert created("scripts of 2021, may I see them") == {("2021-01-01", "2021-12-31")}
    assert "put" in parse("options put together", TODAY).words
    assert parse("the second and third layer of a network", TODAY).filters == ()
