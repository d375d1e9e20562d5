"""How people ask for a subject without its name: "put colours into old photographs".

A line of `sayings.txt` is a subject, by the name that the glossary, the topics or the particular subjects have for it,
and what people say. They were written from what the subjects are, before any question was asked.
"""

from __future__ import annotations

from functools import lru_cache

from index.known import listed


@lru_cache(maxsize=1)
def sayings() -> dict[str, tuple[str, ...]]:
    """Name of a subject → what people say."""
    return {name: tuple(said.split("; ")) for name, said in listed.beside(__file__)}
