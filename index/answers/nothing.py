"""Why a question has no answer, and what comes nearest."""

from __future__ import annotations

from index.answers.wording import asked, count, listed, passes, searched
from index.search import Empty, SearchResponse
from index.understanding.filters import Filter


def nothing(response: SearchResponse) -> str:
    empty, understood = response.empty, response.understood
    if empty is None or not (empty.filters or empty.words):
        return "Nothing is indexed that could answer."
    no = "No: no" if understood.aim.kind == "any" else "No"
    if not empty.filters and understood.filters and not searched(understood):
        return f"{no} script {asked(understood, several=False)}."
    if not empty.filters:
        words = listed([repr(word) for word in empty.words], "or")
        return f"{no} script answers: none has {words}, nor is near in meaning."
    ways = _ways_out(empty, (*understood.filters, *empty.kinds))
    return " ".join([f"{no} script {asked(understood, several=False)}.", *ways])


def _ways_out(empty: Empty, filters: tuple[Filter, ...]) -> list[str]:
    """How many scripts pass all filters but one, and the value nearest to one that none has."""
    told = []
    for one in empty.filters:
        others = [other for other in filters if other != one.by]
        if one.without and others:
            several = one.without != 1
            told.append(f"{count(one.without)} {listed([passes(other, several=several) for other in others])}.")
        elif not one.without and others:
            told.append(f"None at all {passes(one.by, several=False)}.")
        if one.nearest is not None:
            told.append(f"The nearest {passes(one.nearest, several=False)}.")
    if empty.filters and empty.words:
        told.append(f"Nor has any script {listed([repr(word) for word in empty.words], 'or')}.")
    return told
