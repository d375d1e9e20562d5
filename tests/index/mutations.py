"""Scripts as accidents and malice leave them: lines and words deleted, doubled, exchanged, spliced from others."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_ODD = ("\x00", "\x1b[31m", "[/b]", "[@click=app.quit]x[/]", "\ud800", "\u202e", "lr = lr\n", "(" * 90, "self.",
        "\n\t ", "10**10**10", "[0] * 10**9", "lambda: ", "*", "**kwargs", "global lr\n", "'''", "\\",
        "# coding: idna\n")  # fmt: skip


def mutated(texts: Sequence[str], draw: random.Random) -> str:
    """A script made of one of the texts and pieces of others; the same for the same state of `draw`."""
    text = draw.choice(texts)
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        text = draw.choice((_lines, _lines, _words, _words, _splice, _insert))(text, texts, draw)
    return text


def _lines(text: str, _texts: Sequence[str], draw: random.Random) -> str:
    return "".join(_shuffled(text.splitlines(keepends=True), draw))


def _words(text: str, _texts: Sequence[str], draw: random.Random) -> str:
    return "".join(_shuffled(_WORD.findall(text), draw))


def _shuffled(parts: list[str], draw: random.Random) -> list[str]:
    """Deletes, doubles or exchanges a few neighbours or strangers."""
    if len(parts) < 2:
        return parts
    first, second = draw.randrange(len(parts)), draw.randrange(len(parts))
    match draw.randrange(4):
        case 0:
            del parts[first : first + draw.randint(1, 5)]
        case 1:
            parts[first:first] = parts[second : second + draw.randint(1, 20)]
        case 2:
            parts[first], parts[second] = parts[second], parts[first]
        case _:
            parts[first] = parts[second]
    return parts


def _splice(text: str, texts: Sequence[str], draw: random.Random) -> str:
    other = draw.choice(texts)
    return text[: draw.randint(0, len(text))] + other[draw.randint(0, len(other)) :]


def _insert(text: str, _texts: Sequence[str], draw: random.Random) -> str:
    place = draw.randint(0, len(text))
    return text[:place] + draw.choice(_ODD) + text[place:]
