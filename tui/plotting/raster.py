"""A line through dots as rows of characters: Braille, or one sign where the terminal has no Braille. Pure."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

DOTS = 2, 4  # dots of Braille in a cell's width and height
_BRAILLE = 0x2800
_BITS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))  # by column and, from the bottom up, row of the dot

Dot = tuple[int, int]
"""Its column and its row, counted from the lower left."""


@lru_cache(32)
def lines(dots: tuple[Dot, ...], width: int, height: int, sign: str) -> tuple[str, ...]:
    """The straight lines from dot to dot in `width` × `height` cells, with a space where none passes.

    `sign` stands in every cell that a line passes; where it is empty, the dots themselves do. What lies outside is cut
    off. Most points that a run adds to thousands move nothing that can be seen: what was drawn last is then the answer.
    """
    cells = [0] * (width * height)
    wide, high = DOTS[0] * width, DOTS[1] * height
    for (x, y), (to_x, to_y) in pairwise([*dots[:1], *dots]):
        across, up = to_x - x, to_y - y
        length = max(abs(across), abs(up), 1)
        twice_across, twice_up, twice = 2 * across, 2 * up, 2 * length
        inside = 0 <= x < wide and 0 <= to_x < wide
        for i in range(length + 1) if inside else _within(x, across, length, wide):
            column, row = x + (twice_across * i + length) // twice, y + (twice_up * i + length) // twice
            if 0 <= column < wide and 0 <= row < high:
                cells[(height - 1 - (row >> 2)) * width + (column >> 1)] |= _BITS[column & 1][row & 3]
    signs = [(sign or chr(_BRAILLE + bits)) if bits else " " for bits in cells]
    return tuple("".join(signs[start : start + width]) for start in range(0, width * height, width))


def _within(x: int, across: int, length: int, wide: int) -> range:
    """The dots of a line of `length` that may lie in the columns up to `wide`: its ends may be very far away."""
    if not across:
        return range(0)
    ends = sorted((-x * length // across, (wide - x) * length // across))
    return range(max(0, ends[0] - 1), min(length, ends[1] + 1) + 1)
