"""The command that does what a form does: broken between options, and none is parted from its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from tui.text import breaks, cell, line
from tui.widgets.paragraphs import Paragraphs

PROMPT = "$ "
MOST = 4  # lines
_WORD = re.compile(r"""(?:[^\s'"]|'[^']*'|"[^"]*"|['"])+""")


class Command(Paragraphs):
    """Shows one; where it goes on, it goes on beside its prompt."""

    def tell(self, command: str) -> None:
        """Show this one, or none where it is empty."""
        self.show(cell(command), MOST)

    def _wrapped(self, width: int) -> list[Text]:
        command = self._text.plain
        lines = in_lines(command, max(1, width - len(PROMPT))) if command else []
        return [
            Text.assemble((" " * len(PROMPT) if number else PROMPT, "dim"), told) for number, told in enumerate(lines)
        ]


def in_lines(command: str, width: int) -> list[str]:
    """A command in lines of `width` cells; an option goes with its value where a line has room for both."""
    lines = [""]
    for part in _parts(line(command), width):
        room = width - cell_len(lines[-1]) - 1
        if lines[-1] and cell_len(part) > room:
            lines.append("")
        first, *rest = _pieces(part, width)
        lines[-1] = f"{lines[-1]} {first}" if lines[-1] else first
        lines += rest
    return lines


def _parts(command: str, width: int) -> Iterator[str]:
    """The words of a command, each option with its value."""
    words = _WORD.findall(command)
    while words:
        word = words.pop(0)
        if word.startswith("-") and words and not words[0].startswith("-"):
            both = f"{word} {words[0]}"
            if cell_len(both) <= width:
                word = both
                del words[0]
        yield word


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word, in pieces where it is longer than a line."""
    for piece in Text(word).divide(breaks(word, width)):
        text = piece.plain
        while cell_len(text) > width:
            yield text[:width]
            text = text[width:]
        if text:
            yield text
