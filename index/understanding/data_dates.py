"""Dates of what scripts learn from, and not of scripts: "measured from 2009 to 2016", "prices of 2017"."""

from __future__ import annotations

import re
from abc import ABC

from index.understanding.figures import DATE_VERBS, LAST_OF_PAIR
from index.understanding.filters import Unclear
from index.understanding.lexicon import ARTICLES, LISTING
from index.understanding.statements import Statements

# how data came to be
_MEASURED = {
    "measured", "recorded", "collected", "gathered", "observed", "sampled", "scraped", "crawled", "captured", "logged",
    "surveyed", "registered", "occurred", "happened", "filmed", "photographed", "tweeted", "traded",
}  # fmt: skip
# and what may be said of a script as well
_HAPPENED = {"taken", "published", "released", "reported", "held", "played", "sold", "posted", "printed", "acquired",
             "compiled"}  # fmt: skip
_SCRIPTS = {"script", "scripts", "model", "models", "code", "notebook", "notebooks", "file", "files", "experiment",
            "experiments", "implementation", "implementations", "one", "ones", "those", "everything", "anything",
            "something", "what", "which", "that"}  # fmt: skip
_NEW_CLAUSE = {"", "but", "that", "which", "and", "or"}
# what data is of, and has a time
_OF_A_TIME = {
    "data", "price", "prices", "quotes", "tweets", "readings", "measurements", "observations", "records", "recordings",
    "statistics", "sales", "demand", "consumption", "weather", "temperature", "temperatures", "rainfall", "traffic",
    "news", "articles", "headlines", "paper", "papers", "posts", "elections", "election", "census", "survey", "season",
    "seasons", "matches", "flights", "trips", "rides", "cases", "stocks", "shares", "returns", "earthquakes",
    "transactions", "edition", "editions", "championship", "competition", "challenge", "olympics", "publication",
    "dataset", "datasets", "corpus",
}  # fmt: skip
_YEARS = re.compile(r"\D*(?:19|20)\d\d\D*.*|'\d\d")
_LONGEST = 8  # words of a clause
_FURTHEST = 3  # words between a year and what it is the year of: "the 2015 U-Net paper"
_JOINTS = {joint[0] for joint in LAST_OF_PAIR} | LISTING


class DataDates(Statements, ABC):
    """Tells a date that is said of the data, shows it as one, and looks for its years."""

    def _of_the_data(self, start: int, at: int) -> bool:
        """Takes the date at `at` where what stands before its preposition at `start`, or after it, is no script and
        has a time of its own."""
        end = self._end_of_dates(at)
        years = [self._word(place) for place in range(at, end) if _YEARS.fullmatch(self._word(place))]
        if not years or not (self._has_a_time(start) or (self._word(at - 1) == "the" and self._named_by(end))):
            return False
        said = " ".join(token.text for token in self._tokens[at:end])
        self._unclear.append(Unclear(said, "date, read as that of the data", self._tokens[at].column))
        self._words_ += years  # a script that loads them names them
        self._demanded += years
        self._end_clause(end - self._at)
        return True

    def _has_a_time(self, start: int) -> bool:
        """Whether what stands before a place happens, or is measured, at some time."""
        if self._negated or self._ended == start:  # "on the MNIST dataset from 2020"
            return False
        before, thing = self._word(start - 1), self._word(start - 2)
        if before in _HAPPENED:
            named = self._ended == start - 1 or (self._soft is not None and self._soft[0] == start - 1)
            return thing.isalpha() and thing not in _SCRIPTS and not named
        return before in _OF_A_TIME or self._measured_before(start)

    def _measured_before(self, start: int) -> bool:
        """Whether data is said to be measured in the clause before a place: "measured in Jena from 2009 to 2016"."""
        for place in range(start - 1, max(-1, start - 1 - _LONGEST), -1):
            word = self._word(place)
            if word in _MEASURED:
                return True
            if word in _NEW_CLAUSE | _SCRIPTS | DATE_VERBS.keys():
                return False
        return False

    def _named_by(self, end: int) -> bool:
        """Whether the year before a place says which paper, or which of the editions, is meant."""
        for place in range(end, end + _FURTHEST):
            if self._word(place) in _OF_A_TIME:
                return True
            if not self._word(place) or self._word(place) in LISTING:
                return False
        return False

    def _end_of_dates(self, at: int) -> int:
        """The place after a date, a range or a list of them."""
        end = at
        while (span := self._span(end)) is not None:
            at = end = end + span.consumed
            while self._raw(end) in _JOINTS | ARTICLES:
                end += 1
        return at
