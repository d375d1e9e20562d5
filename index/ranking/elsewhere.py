"""What questions that no model script answers are about: everyday life, and computing of other kinds.

A question that is nearer to one of these than to every definition of the field is hardly one of scripts. A line of
`elsewhere.txt` is such a subject, and what people ask of it.
"""

from __future__ import annotations

from functools import lru_cache

from index.known import listed


@lru_cache(maxsize=1)
def elsewhere() -> tuple[str, ...]:
    """The subjects, and what people ask of them."""
    return tuple(text for subject, asked in listed.beside(__file__) for text in (subject, *asked.split("; ")))
