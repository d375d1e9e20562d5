"""A curve in one line of text. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise


def spark(values: Sequence[float], width: int, levels: str) -> str:
    """At most `width` characters of `levels`, the lowest first: each the mean of its part of the values.

    Losses fall by orders of magnitude, so they are laid out along their logarithms where they have some.
    """
    if not values or width < 1:
        return ""
    width = min(width, len(values))
    edges = [round(i * len(values) / width) for i in range(width + 1)]
    means = [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
    heights = [math.log(mean) for mean in means] if min(means) > 0 else means
    low, high = min(heights), max(heights)
    if not math.isfinite(high - low):
        return ""
    scale = (len(levels) - 1) / (high - low) if high > low else 0.0
    return "".join(levels[round((height - low) * scale)] for height in heights)
