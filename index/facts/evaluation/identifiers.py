"""Patterns of what scripts call things: of all names in all scripts few are different, so what is found is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

_KEPT = 1 << 11  # names of one pattern
_Asked = Callable[[str], re.Match[str] | None]


class Identifiers:
    """A regular expression for single names, `search`, `match` and `fullmatch` as those of :class:`re.Pattern`."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        compiled = re.compile(pattern, flags)
        self.pattern = pattern
        self.search: _Asked = lru_cache(_KEPT)(compiled.search)
        self.match: _Asked = lru_cache(_KEPT)(compiled.match)
        self.fullmatch: _Asked = lru_cache(_KEPT)(compiled.fullmatch)


class Words:
    """A regular expression for the names of one subject, to be looked for among all that a script has."""

    every: ClassVar[list[Words]] = []

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.found_in = re.compile(pattern, flags).search
        Words.every.append(self)


@lru_cache(1 << 14)
def subjects(name: str) -> tuple[Words, ...]:
    """The subjects that a name is of."""
    return tuple(words for words in Words.every if words.found_in(name))
