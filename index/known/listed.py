"""The lists that lie beside the code: a line is a subject, " = " and what is said of it; other lines are notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def beside(module: str) -> Iterator[tuple[str, str]]:
    """The subjects of the list that is called as a module (its `__file__`), each with what is said of it."""
    for line in Path(module).with_suffix(".txt").read_text("utf-8").splitlines():
        subject, divided, said = line.partition(" = ")
        if divided:
            yield subject, said
