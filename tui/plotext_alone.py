"""plotext without its manual, whose import takes more than half of plotext's 0.16 s and which nobody reads here.

It is imported in the moment it first draws, never before the workbench is on the screen.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import ModuleType
from typing import Any

MANUAL = "plotext._doc.doc"


@cache
def plotext_alone() -> Any:
    """The module plotext, which may draw larger than the terminal of the process."""
    if "plotext" not in sys.modules:
        manual = ModuleType(MANUAL)
        manual.docs = None  # type: ignore[attr-defined]  # all that plotext takes from it
        sys.modules[MANUAL] = manual
    plotext = importlib.import_module("plotext")
    plotext.terminal.limit(False, False)
    return plotext
