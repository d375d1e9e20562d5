"""For terminals without UTF-8: what their encoding cannot show is replaced on its way to the screen."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import partial

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# The nearest plain signs of those that the workbench and its library draw with.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("─━═▔▁╌╍", "-"),
        **dict.fromkeys("│┃║▌▐▏▕╎", "|"),
        **dict.fromkeys("┌┐└┘╭╮╰╯┏┓┗┛├┤┬┴┼┠┨", "+"),
        **dict.fromkeys("·•●", "-"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("‘’", "'"),
        **{
            "…": "~",
            "×": "x",
            "–": "-",
            "−": "-",
            "▶": ">",
            "▼": "v",
            "▲": "^",
            "↑": "^",
            "↓": "v",
            "←": "<",
            "→": ">",
        },
        **dict.fromkeys("█▀▄▇▆▅▃▂", "#"),
    }
)


def plain(encoding: str) -> Callable[[str], str]:
    """A function that rewrites text in the characters of an encoding, as wide as it was."""

    def rewrite(text: str) -> str:
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return "".join(_shown(c, encoding) for c in text.translate(_PLAIN))
        return text

    return rewrite


def _shown(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return "?" * cell_len(character)
    return character


def take_any_input() -> None:
    """Have bytes that are no UTF-8 replaced where keys are read: Textual's reader ends the program on the first."""
    from textual.drivers import linux_driver

    tolerant = partial(codecs.getincrementaldecoder("utf-8"), errors="replace")
    vars(linux_driver)["getincrementaldecoder"] = lambda _: tolerant


class PlainText(LineFilter):
    """Applies :func:`plain` to everything that is painted."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._rewrite = plain(encoding)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(self._rewrite(text), style, control) for text, style, control in segments]
