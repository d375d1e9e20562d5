"""Modules beside scripts, parsed once: the scripts of a folder import the same ones."""

from __future__ import annotations

import ast
import warnings
from functools import cached_property

from index.facts.evaluation.options import Options
from index.facts.evaluation.program import Program
from index.facts.evaluation.symbols import build
from index.facts.evaluation.telling import Telling

_MOST = 600_000  # characters of what is kept; parsed they take about a hundred times as many bytes


class Parsed:
    """One module, and what is found out of it whichever script imports it. Who takes it has it alone."""

    def __init__(self, text: str, program: Program) -> None:
        self.text = text
        self.program = program

    @cached_property
    def options(self) -> Options:
        """The options that it declares."""
        return Options(self.program)

    @cached_property
    def telling(self) -> Telling:
        """Its functions that may tell how a script trains."""
        return Telling(self.program.module)


_kept: dict[str, Parsed] = {}  # by their texts, what was given back last at the end


def take(text: str) -> Parsed | None:
    """The module of a text; None where it cannot be parsed. To be given back when nothing of it is used any more."""
    if text in _kept:
        return _kept.pop(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Parsed(text, build(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def give_back(modules: list[Parsed]) -> None:
    """Keeps modules for the next script, and no more than there is room for."""
    for module in modules:
        module.program.leave()
        if (other := _kept.pop(module.text, None)) is not None:  # two files may say the same
            other.program.release()
        _kept[module.text] = module
    size = sum(map(len, _kept))
    while size > _MOST:
        oldest = next(iter(_kept))
        size -= len(oldest)
        _kept.pop(oldest).program.release()
