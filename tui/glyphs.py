"""The signs the workbench draws with, and their stand-ins where the terminal's encoding has none of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Glyphs:
    """One set of signs. `curve` and `smooth` are plotext's names of the markers of the two lines."""

    unicode: bool
    states: dict[str, str]
    full: str
    empty: str
    dot: str
    axis: str
    tick: str
    notch: str
    corner: str
    floor: str
    curve: str
    smooth: str
    bar: str


UNICODE = Glyphs(
    unicode=True,
    states={
        "starting": "◌",
        "running": "▶",
        "finished": "✓",
        "stopped": "■",
        "failed": "✗",
        "lost": "?",
    },
    full="━",
    empty="─",
    dot="·",
    axis="│",
    tick="┤",
    notch="┬",
    corner="└",
    floor="─",
    curve="braille",
    smooth="braille",
    bar="▌",
)

ASCII = Glyphs(
    unicode=False,
    states={"starting": "~", "running": ">", "finished": "+", "stopped": "#", "failed": "x", "lost": "?"},
    full="=",
    empty="-",
    dot="-",
    axis="|",
    tick="+",
    notch="+",
    corner="+",
    floor="-",
    curve=".",
    smooth="*",
    bar="|",
)


@cache
def glyphs() -> Glyphs:
    """The set that the terminal's encoding can show."""
    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    try:
        "▀⣿✓".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
