"""The signs the workbench draws with, and their stand-ins where the terminal's encoding has none of them."""

from __future__ import annotations

import os
import sys
from functools import cache

from msgspec import Struct


class Glyphs(Struct, frozen=True):
    """One set of signs. `raw` and `smooth` are what the two lines are drawn with, "" their dots in Braille."""

    unicode: bool
    states: dict[str, str]
    full: str
    empty: str
    raw: str
    smooth: str
    levels: str  # of a small curve, lowest first
    markers: str  # of the lines of several runs, one each
    selected: str
    pinned: str
    up: str
    down: str
    chosen: str
    differs: str


UNICODE = Glyphs(
    unicode=True,
    states={
        "starting": "◌",
        "running": "▶",
        "finished": "✓",
        "stopped": "■",
        "failed": "✗",
        "lost": "?",
        "queued": "…",
    },
    full="━",
    empty="─",
    raw="",
    smooth="",
    levels="▁▂▃▄▅▆▇█",
    markers="●▲■◆★✚",
    selected="•",
    pinned="↑",
    up="▲",
    down="▼",
    chosen="●",
    differs="≠",
)

ASCII = Glyphs(
    unicode=False,
    states={
        "starting": "~",
        "running": ">",
        "finished": "+",
        "stopped": "#",
        "failed": "x",
        "lost": "?",
        "queued": ":",
    },
    full="=",
    empty="-",
    raw=".",
    smooth="*",
    levels="._-=+*#@",
    markers="o^#%@+",
    selected="*",
    pinned="^",
    up="^",
    down="v",
    chosen="*",
    differs="#",
)


def encoding() -> str:
    """What the terminal can show. The font of Linux's own console has the signs of code page 437, as far as they can
    be written to it."""
    written = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    return "cp437" if os.environ.get("TERM") == "linux" and "utf" in written.lower() else written


@cache
def glyphs() -> Glyphs:
    """The set that the terminal's encoding can show; the rest is replaced on its way to the screen."""
    try:
        "▀⣿✓".encode(encoding())
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
