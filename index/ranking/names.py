"""Names: whether a question is one of something in code, which proper names it has, whether a script declares one."""

from __future__ import annotations

import re

_NAME = re.compile(r"(?:(?:class|def|function|method)\s+)?([A-Za-z_]\w{3,})\s*(?:\([^)]*\)?)?:?", re.IGNORECASE)
_LANGUAGES = {
    "english",
    "german",
    "french",
    "spanish",
    "italian",
    "chinese",
    "japanese",
    "russian",
    "portuguese",
    "dutch",
    "korean",
    "arabic",
    "hindi",
    "latin",
    "greek",
    "turkish",
    "polish",
}  # a text may be in one, unsaid
_SPELLED_OTHERWISE, _USED = 0.7, 0.1  # of what the declaration of the very name is worth


def said(query: str) -> str | None:
    """The name that a question consists of: "DoubleConv", "def p_losses", "class VectorQuantizer(nn.Module)"."""
    match = _NAME.fullmatch(query.strip())
    return match[1] if match else None


def proper(query: str) -> set[str]:
    """The words of a question that are written as proper names are, in small letters: "with WaveNet", "in Julia"."""
    words = re.findall(r"\w+", query)
    capitals = [word for word in words if word != word.lower()]
    if 2 * len(capitals) > len(words):  # Then It Is How All Is Written
        return set()
    return {
        word.lower() for place, word in enumerate(words) if word in capitals and (place or word[1:] != word[1:].lower())
    } - _LANGUAGES


def declares(source: str, name: str) -> float:
    """What a script is worth to one who looks for a name, from 0 to 1: all where a class or function is called so."""
    lowered, wanted = source.lower(), name.lower()
    best, at = 0.0, lowered.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        whole = not _continues(lowered[at - 1 : at]) and not _continues(lowered[end : end + 1])
        same = source[at:end] == name
        if whole and lowered[max(0, at - 6) : at].endswith(("class ", "def ")):
            best = max(best, 1.0 if same else _SPELLED_OTHERWISE)
        elif whole and same:
            best = max(best, _USED)
        if best == 1.0:
            break
        at = lowered.find(wanted, end)
    return best


def _continues(character: str) -> bool:
    return character.isalnum() or character == "_"
