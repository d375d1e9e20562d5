"""What questions that no model script answers are about: everyday life, and computing of other kinds.

A question that is nearer to one of these than to every definition of the field is hardly one of scripts. A line of
`elsewhere.txt` is such a subject, and what people ask of it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_LIST = Path(__file__).with_suffix(".txt")


@lru_cache(maxsize=1)
def elsewhere() -> tuple[str, ...]:
    """The subjects, and what people ask of them."""
    lines = (line.partition(" = ") for line in _LIST.read_text("utf-8").splitlines())
    return tuple(text for subject, _, asked in lines for text in (subject, *asked.split("; ")))
