"""Particular subjects: a question that names one is of that alone, and nothing answers it where no script has a trace
of it. "Knowledge distillation" is not answered by whatever else has a teacher.

Beside this lies the list of them. A line of it is a subject: how people name it, which gives away a script on it as
well, then what else does; a star stands for the rest of a word, a tilde before what other scripts may have, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.ranking.topics import plain

_LIST = Path(__file__).with_name("particular.txt")


@dataclass(frozen=True)
class Particular:
    """A subject: its name, the first of several, and what gives a script on it away."""

    name: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Sign:
    """What a script on a subject has: any of some words, phrases, or beginnings of words (with a star at the end); one
    that is not `sure` may stand in other scripts as well."""

    forms: tuple[str, ...]
    sure: bool


def _key(text: str) -> tuple[str, ...]:
    return tuple(map(plain, re.findall(r"[a-z0-9']+", text.lower())))


@lru_cache(maxsize=1)
def _by_name() -> dict[tuple[str, ...], list[Particular]]:
    found: dict[tuple[str, ...], list[Particular]] = {}
    for line in _LIST.read_text("utf-8").splitlines():
        spoken, divided, given = line.partition(" = ")
        if not divided:
            continue
        names = spoken.split(", ")
        one = Particular(names[0].lstrip("~"), (*map(_named, names), *map(_sign, given.split())))
        for name in names:
            found.setdefault(_key(name), []).append(one)
    return found


def _sign(text: str) -> Sign:
    return Sign((text.lstrip("~"),), not text.startswith("~"))


def _named(text: str) -> Sign:
    """A name as a sign, also as one word, and of one thing rather than many."""
    plainly = text.lstrip("~")
    forms = (plainly, plainly.replace(" ", ""), " ".join(_key(plainly)))
    return Sign(tuple(dict.fromkeys(forms)), not text.startswith("~"))


def spans(text: str) -> list[list[Particular]]:
    """What each name of a particular subject in a text may stand for, in the order of the text; of names in names the
    longest."""
    known, words = _by_name(), _key(text)
    longest = max(map(len, known))
    found: list[list[Particular]] = []
    start = 0
    while start < len(words):
        lengths = range(min(longest, len(words) - start), 0, -1)
        length = next((length for length in lengths if words[start : start + length] in known), 0)
        if length:
            found.append(known[words[start : start + length]])
        start += max(1, length)
    return found
