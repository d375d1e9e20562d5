"""The signs the workbench draws with, and their stand-ins where the terminal's encoding has none of them."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

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
    if "utf" not in written.lower():
        return written
    if os.environ.get("TERM") == "linux":
        return "cp437"
    return written if _takes_utf8(_locale()) else "ascii"


def _takes_utf8(locale: str) -> bool:
    """Whether a terminal of this locale does. Python writes UTF-8 under `C` and where it does not know the locale.

    Where none is named most do; not those of screen and tmux, which go by it themselves.
    """
    if not locale:
        return not (os.environ.get("STY") or os.environ.get("TMUX"))
    _, named, charset = locale.lower().partition(".")
    return "utf" in charset if named else locale not in ("C", "POSIX")


def _locale() -> str:
    """The locale that the process was started in: by now Python may have put its own in place of `C`."""
    if always := os.environ.get("LC_ALL"):  # which it leaves alone
        return always
    try:
        lines = Path("/proc/self/environ").read_bytes().split(b"\0")
        started = dict(line.decode("utf-8", "replace").partition("=")[::2] for line in lines)
    except OSError:
        started = dict(os.environ)
    return started.get("LC_CTYPE") or started.get("LANG") or ""


@cache
def glyphs() -> Glyphs:
    """The set that the terminal's encoding can show; the rest is replaced on its way to the screen."""
    try:
        "▀⣿✓".encode(encoding())
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
