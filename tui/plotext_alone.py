"""plotext without its manual and its own tests: importing those takes two thirds of its time, and nobody here reads
or runs them.

It is imported in the moment it first draws, never before the workbench is on the screen.
"""

from __future__ import annotations

import importlib
import sys
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
    plotext = importlib.import_module("plotext")
    plotext.terminal.limit(False, False)
    return plotext
