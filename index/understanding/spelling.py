"""Corrects a word that nothing indexed has and no dictionary knows: to a term of the field, else to a word of the index
that is spelled nearly so. British and American spellings are one word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

from index.known.british import american
from index.known.datasets import ALIASES
from index.known.glossary import FRAMEWORKS, OPTIMIZERS, TAGS
from index.known.optimizers import NAMES
from index.known.topics import TOPICS
from index.known.words import stem
from index.model import ModelError, model_folder
from index.understanding.dates import MONTHS, SEASONS
from index.understanding.figures import ABOVE, BELOW, DATE_PREPOSITIONS, DATE_VERBS, LESS, MORE, NUMBER_FIELDS
from index.understanding.lexicon import DENIED, NEGATOR_PHRASES, NEGATORS
from index.understanding.periods import DAYS, UNITS, WEEKDAYS

_SHORTEST_MISSPELT = 7  # letters
_SIX = 6  # letters, in which vowels may have changed places
_VOWELS = re.compile("[aeiouy]")
_NUMBERED = re.compile(r"([a-z]{3,30})(\d{1,3})")
_PLAIN = re.compile(r"[a-z]{5,30}")


def _words(texts: Iterable[str]) -> set[str]:
    return set(re.findall(r"[a-z]+", " ".join(texts).lower()))


_NAMES = _words(name for names in (*TAGS.values(), *((one, *topic.names) for one, topic in TOPICS.items()))
                for name in names)  # fmt: skip
_KNOWN = _NAMES | _words(sign for topic in TOPICS.values() for sign in topic.signs)
_KNOWN |= _words(name for one, names in ALIASES.items() for name in (one, *names))
_TERMS = sorted(word for word in _NAMES if len(word) >= 5)
# the words that rules read: with a slip in one what is denied would be looked for
_RULED = sorted(word for word in {
    *NEGATORS, *DENIED, *MONTHS, *SEASONS, *WEEKDAYS, *UNITS, *DATE_VERBS, *DAYS, *LESS, *MORE, *BELOW, *ABOVE,
    "rather", "between",
    *(word for phrases in (NEGATOR_PHRASES, DATE_PREPOSITIONS, NUMBER_FIELDS) for phrase in phrases for word in phrase),
} if len(word) >= 5 and word.isalpha())  # fmt: skip
# the names of what they ask for, a word each
_ASKED = {name.lower() for one, names in ALIASES.items() for name in (one, *names)} | _words(NAMES)
_ASKED |= _words(name for some in (FRAMEWORKS, OPTIMIZERS) for one, names in some.items() for name in (one, *names))
_SHORT = {name for names in TAGS.values() for name in names if re.fullmatch(r"[a-z]{3,4}", name)}
_SHORT |= {word for word in _NAMES if len(word) == 4}
# two letters of a short term that have changed places, as in "vea"
_SWAPPED = {
    term[:place] + term[place + 1] + term[place] + term[place + 2 :]: term
    for term in sorted(_SHORT)
    for place in range(len(term) - 1)
    if term[place] != term[place + 1]
}
_INFLECTED = (("ly", ""), ("ally", ""), ("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""),
              ("ed", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("ness", ""))  # fmt: skip


class Speller:
    """Knows the words that a correction may lead to. A correction keeps the first letter, as slips mostly do."""

    def __init__(self, lexicon: Iterable[str], subjects: Iterable[str] = ()) -> None:
        """`lexicon` are the words of the index, `subjects` the names of what scripts may be on."""
        names = [name for name in _ASKED if len(name) >= 5]
        named = (word for word in _words(subjects) if len(word) >= 5)
        self._terms = _grouped([*_TERMS, *_RULED, *named, *(name for name in names if name.isalpha())])
        self._numbered = _grouped(name for name in names if _NUMBERED.fullmatch(name))
        self._ruled = _grouped(_RULED)
        self._lost = {letter: group for (letter, length), group in self._terms.items() if length == 5}
        self._words = _grouped(word for word in lexicon if _PLAIN.fullmatch(word))
        _english()  # read now, not at the first slip

    def correct(self, word: str, longer: Callable[[str], Iterable[str]] = lambda word: ()) -> str | None:
        """The nearest word, None where none is near enough, or none is needed. Ties go to the first in the alphabet.

        `longer` gives words of the index that go on from one, as ConvTranspose2d does from ConvTranspose.
        """
        word = word.lower()
        if "-" in word:
            pieces = word.split("-")
            right = [self.correct(piece) or piece for piece in pieces]
            return "-".join(right) if right != pieces else None
        if right_word(word):
            return None
        if word in _SWAPPED and word not in _SHORT:
            return _SWAPPED[word]
        if len(word) == 4:  # near to too many words but those that have lost a letter
            return next((term for term in self._lost.get(word[0], ()) if word in _shortened(term)), None)
        if word in _cut_short() and _PLAIN.fullmatch(word):
            return _cut_short()[word]
        if (numbered := _NUMBERED.fullmatch(word)) and word not in _ASKED:  # cifr10
            near = self._nearest(self._numbered, word, _slips(len(word), 6))
            return near if near and near.endswith(numbered[2]) and not near[: -len(numbered[2])][-1].isdigit() else None
        plain = _PLAIN.fullmatch(word) is not None
        term = self._nearest(self._terms, word, _slips(len(word), 5, twice=9)) if plain else None
        if term is None and len(word) >= 5:
            term = next(iter(longer(word)), None)
        near = term or (self._nearest(self._words, word, _slips(len(word), 6)) if plain else None)
        return near or (self._vowels_exchanged(word) if plain else None)

    def _vowels_exchanged(self, word: str) -> str | None:
        """The word whose vowels stand in another order in this one: "soduku" for "sudoku"."""
        if len(word) < _SIX:
            return None
        alike = (other for group in (self._terms, self._words) for other in group.get((word[0], len(word)), ()))
        heard = (_VOWELS.sub("", word), sorted(word))
        return next((other for other in alike if (_VOWELS.sub("", other), sorted(other)) == heard), None)

    def ruled(self, word: str) -> str | None:
        """The word that rules read of which another is a slip: "wihtout" is no name of anything."""
        word = word.lower()
        if len(word) < 5 or not _PLAIN.fullmatch(word) or right_word(word):
            return None
        return self._nearest(self._ruled, word, _slips(len(word), 5))

    def misspelt(self, word: str) -> str | None:
        """How the index spells a right word that it lacks: one slip away, and itself no word, as "guidence"."""
        if len(word) < _SHORTEST_MISSPELT or not _PLAIN.fullmatch(word) or not right_word(word):
            return None
        near = self._nearest(self._words, word, 1)
        return near if near is not None and not right_word(near) and stem(near) != stem(word) else None

    @staticmethod
    def _nearest(groups: dict[tuple[str, int], list[str]], word: str, most: int) -> str | None:
        found: list[tuple[int, str]] = []
        for length in range(len(word) - most, len(word) + most + 1):
            for other in groups.get((word[0], length), ()):
                slips = distance(word, other, most)
                if slips <= most:
                    found.append((slips, other))
        return min(found)[1] if found else None


def cut_short(word: str) -> bool:
    """Whether a word is only the beginning of a term of the field, which the index holds as the stem of that."""
    return not right_word(word) and word in _cut_short()


@lru_cache(maxsize=1)
def _cut_short() -> dict[str, str]:
    """Terms of the field by their stems, as "contrastiv", which stands in the index."""
    return {stem(term): term for term in reversed(_TERMS)}


@lru_cache(maxsize=10_000)
def right_word(word: str) -> bool:
    """Whether a word is one: of the field, or of English, in either spelling and in any common form."""
    if word in _KNOWN:
        return True
    english = _english()
    for one in (word, american(word)):
        ended = [one.removesuffix(ending) + rest for ending, rest in _INFLECTED if one.endswith(ending)]
        if one in english or any(len(base) >= 4 and base in english for base in ended):
            return True
    return False


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """The words that the embedding model knows whole, the commonest of English; none where it is not installed."""
    try:
        lines = (model_folder() / "vocab.txt").read_text("utf-8").split("\n")
    except (ModelError, OSError):
        return frozenset()
    return frozenset(word for word in lines if len(word) >= 4 and word.isascii() and word.isalpha())


def _shortened(word: str) -> set[str]:
    """A word with one letter left out, but for the first."""
    return {word[:place] + word[place + 1 :] for place in range(1, len(word))}


def _slips(length: int, least: int, *, twice: int = 10) -> int:
    """How many slips a word of a length may have: short words are near to too many others."""
    return 0 if length < least else 1 if length < twice else 2


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
