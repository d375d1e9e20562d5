"""Names: whether a question is one of something in code, and whether a script declares one."""

from __future__ import annotations

import re

_NAME = re.compile(r"(?:(?:class|def|function|method)\s+)?([A-Za-z_]\w{3,})\s*(?:\([^)]*\)?)?:?", re.IGNORECASE)
_SPELLED_OTHERWISE, _USED = 0.7, 0.1  # of what the declaration of the very name is worth


def said(query: str) -> str | None:
    """The name that a question consists of: "DoubleConv", "def p_losses", "class VectorQuantizer(nn.Module)"."""
    match = _NAME.fullmatch(query.strip())
    return match[1] if match else None


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
