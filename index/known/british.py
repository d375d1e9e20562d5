"""British and American spellings of one word: colour and color, visualise and visualize, modelling and modeling."""

from __future__ import annotations

import re
from functools import lru_cache

_ENDINGS = "(e|es|ed|er|ers|ing|ation|ations|able)$"
_TO_AMERICAN = {
    rf"(\w{{3}})is{_ENDINGS}": r"\1iz\2",  # normalise, colourisation
    r"(\w[aly])ys(e|es|ed|er|ers|ing)$": r"\1yz\2",  # analyse
    r"(\w\w)our(s|ed|ing|ful|al|able|hood|hoods|i[sz]\w+)?$": r"\1or\2",  # colour, behaviour, neighbourhood
    r"(\w\w[ae])ll(ed|ing|er|ers)$": r"\1l\2",  # labelled, modelling
    r"^grey": "gray",
    r"(\w[nt])re(s?)$": r"\1er\2",  # centre, metre
    r"(\w[ai])logue(s?)$": r"\1log\2",  # catalogue, dialogue
    r"ageing$": "aging",
    r"programme(s?)$": r"program\1",
}
_TO_BRITISH = {
    rf"(\w{{3}})iz{_ENDINGS}": r"\1is\2",
    r"(\w[aly])yz(e|es|ed|er|ers|ing)$": r"\1ys\2",
    r"(col|avi|fav|mor|hum|neighb|flav|tum|arm|lab|hon)or(s|ed|ing|ful|al|hood|hoods|i[sz]\w+)?$": r"\1our\2",
    r"((?:lab|mod|canc|trav|chann)el|signal)(ed|ing|er|ers)$": r"\1l\2",
    r"^gray": "grey",
    r"^center(s?)$": r"centre\1",
}
# Most words are spelled in one way: one look instead of nine.
_BRITISH = re.compile("|".join(_TO_AMERICAN))


@lru_cache(maxsize=10_000)
def american(word: str) -> str:
    """A word (lower case) as it is spelled in America; what is spelled in one way only may come out as no word."""
    if not _BRITISH.search(word):
        return word
    for pattern, spelled in _TO_AMERICAN.items():
        word = re.sub(pattern, spelled, word)
    return word


@lru_cache(maxsize=10_000)
def spellings(word: str) -> frozenset[str]:
    """The other spellings of a word (lower case), among them some that nobody uses."""
    british = word
    for pattern, spelled in _TO_BRITISH.items():
        british = re.sub(pattern, spelled, british)
    return frozenset({american(word), british} - {word})
