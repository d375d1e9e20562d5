"""How many scripts were found, in which order they stand, how fast, and whether meaning was part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.widgets.results import Layout


def found_line(count: int, total: int | None, layout: Layout, took: float | None, stage: str, meaning: str) -> str:
    """Of `total` that fit, `count` are shown; `took` is in milliseconds, `stage` "words" or "hybrid"."""
    of = f" of {total}" if total is not None and total > count else ""
    parts = [f"{count}{of} script{'' if count == 1 and not of else 's'}"]
    parts += layout.told("the first" if of else "sorted")
    if isinstance(took, int | float):
        parts.append(f"{took:.0f} ms")
    if stage == "words":
        parts.append("words now, meaning in a moment" if meaning in ("loading", "ready") else meaning)
    else:
        parts.append("words and meaning")
    return " · ".join(parts)
