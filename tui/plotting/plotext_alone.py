"""plotext without its manual and its own tests, importing which takes two thirds of its time, and without Pillow,
which takes half of the rest: nobody here reads or runs those, and pictures are drawn without plotext.

It is imported in the moment it first draws, never before the workbench is on the screen.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

LEFT_OUT = {"plotext._doc.doc": "docs", "plotext._tests.run": "test"}  # and all that plotext takes from them


@cache
def plotext_alone() -> Any:
    """The module plotext, which may draw larger than the terminal of the process."""
    if "plotext" not in sys.modules:
        for module, name in LEFT_OUT.items():
            sys.modules[module] = ModuleType(module)
            setattr(sys.modules[module], name, None)
        with _without("PIL"):
            importlib.import_module("plotext")
    plotext = sys.modules["plotext"]
    plotext.terminal.limit(False, False)
    return plotext


@contextmanager
def _without(package: str) -> Iterator[None]:
    """Importing it fails meanwhile, as where it is not installed; what is imported already stays so."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # the language's own way to say so
    try:
        yield
    finally:
        del sys.modules[package]
