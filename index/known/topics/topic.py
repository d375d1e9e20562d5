"""A topic: what models are made for or known by, beyond the tags."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """How people name it, the words scripts on it use, and what it is, in words that need not name it."""

    names: tuple[str, ...]
    signs: tuple[str, ...]
    definition: str
