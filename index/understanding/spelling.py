"""Corrects a word that nothing indexed has: to a term of the field, else to a word of the index that is spelled nearly
so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from index.ranking.topics import TOPICS
from index.understanding.glossary import TAGS

_PLAIN = re.compile(r"[a-z]{5,30}")
_KNOWN = {
    word
    for names in (*TAGS.values(), *((name, *topic.names) for name, topic in TOPICS.items()))
    for name in names
    for word in re.findall(r"[a-z]+", name)
}
_TERMS = sorted(word for word in _KNOWN if len(word) >= 5)


class Speller:
    """Knows the words that a correction may lead to. A correction keeps the first letter, as slips mostly do."""

    def __init__(self, lexicon: Iterable[str]) -> None:
        self._terms = _grouped(_TERMS)
        self._lost = {letter: group for (letter, length), group in self._terms.items() if length == 5}
        self._words = _grouped(word for word in lexicon if _PLAIN.fullmatch(word))

    def correct(self, word: str) -> str | None:
        """The nearest word, None where none is near enough. Ties go to the first in the alphabet."""
        word = word.lower()
        if word in _KNOWN:
            return None
        if len(word) == 4:  # near to too many words but those that have lost a letter
            return next((term for term in self._lost.get(word[0], ()) if word in _shortened(term)), None)
        if not _PLAIN.fullmatch(word):
            return None
        return self._nearest(self._terms, word, _slips(len(word), 5)) or self._nearest(
            self._words, word, _slips(len(word), 6)
        )

    @staticmethod
    def _nearest(groups: dict[tuple[str, int], list[str]], word: str, most: int) -> str | None:
        found: list[tuple[int, str]] = []
        for length in range(len(word) - most, len(word) + most + 1):
            for other in groups.get((word[0], length), ()):
                slips = distance(word, other, most)
                if slips <= most:
                    found.append((slips, other))
        return min(found)[1] if found else None


def _shortened(word: str) -> set[str]:
    """A word with one letter left out, but for the first."""
    return {word[:place] + word[place + 1 :] for place in range(1, len(word))}


def _slips(length: int, least: int) -> int:
    """How many slips a word of a length may have: short words are near to too many others."""
    return 0 if length < least else 1 if length < 10 else 2


def _grouped(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    groups: dict[tuple[str, int], set[str]] = defaultdict(set)
    for word in words:
        groups[word[0], len(word)].add(word)
    return {key: sorted(group) for key, group in groups.items()}


def distance(first: str, second: str, most: int) -> int:
    """Letters put in, left out, exchanged or swapped with their neighbour (Damerau 1964); most + 1 where it is more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        current = [i]
        for j, b in enumerate(second, 1):
            best = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            current.append(best)
        if min(current) > most:
            return most + 1
        before, row = row, current
    return min(row[-1], most + 1)
