"""A date may be of what a script learns from: then it is no filter, is shown as what it was read as, and looked for."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from index.understanding.filters import Filter
from index.understanding.query import Query, parse

TODAY = date(2025, 7, 16)
YEARS = {
    "from 2009 to 2016": ("2009", "2016"), "between 2009 and 2016": ("2009", "2016"), "in 2014": ("2014",),
    "of 2014 and 2015": ("2014", "2015"), "from March 2014": ("2014",), "since 2014": ("2014",),
}  # fmt: skip
IN_2014 = Filter("created", "range", ("2014-01-01", "2014-12-31"))


def read(text: str) -> Query:
    return parse(text, TODAY)


@pytest.mark.parametrize("when", YEARS)
def test_what_is_measured_or_has_a_time_is_dated_and_no_script(when: str) -> None:
    for data in ("electricity demand measured", "weather recorded in Jena", "tweets collected on the street", "prices",
                 "predicts sales", "temperature readings", "news articles", "crimes reported"):  # fmt: skip
        found = read(f"{data} {when}")
        assert not found.filters, (data, when)
        assert {*YEARS[when]} <= {*found.words}, (data, when)
        assert [one.kind for one in found.unclear] == ["date, read as that of the data"], (data, when)


def test_a_script_is_dated_whatever_it_is_about() -> None:
    said = ("stock price models from 2014", "code for prices, from 2014", "GANs of 2014", "forecasts from 2014",
            "released in 2014", "code released in 2014", "GANs published in 2014", "MNIST classifiers in 2014",
            "on the MNIST dataset from 2014", "created in 2014, predicts prices", "prices, written in 2014",
            "scripts of measured demand created in 2014")  # fmt: skip
    for text in said:
        assert IN_2014 in read(text).filters, text
        assert not read(text).unclear, text


def test_a_script_and_its_data_have_each_their_date() -> None:
    for script, data in product(("written in 2014", "created in 2014"), ("prices of 2019", "tweets from 2019")):
        found = read(f"scripts {script} that learn from {data}")
        assert found.filters == (IN_2014,)
        assert [one.text for one in found.unclear] == ["2019"]


def test_an_edition_or_paper_is_named_by_its_year() -> None:
    for text in ("a model from the 2015 U-Net paper", "from the 2015 edition", "of the 2015 challenge"):
        assert not any(one.field == "created" for one in read(text).filters), text


def test_how_often_something_is_measured_is_no_date() -> None:
    assert not read("temperatures measured every ten minutes").unclear
