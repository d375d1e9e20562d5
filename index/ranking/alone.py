"""Whoosh without what it imports for nothing."""

from __future__ import annotations

import sys
import threading
from types import ModuleType


def import_whoosh() -> None:
    """Imports it without what fetches from the web, mail and certificates with it: it wants a function of that which
    nothing of it calls, and all of that is a twentieth of what a search from a cold shell takes."""
    name = "urllib.request"
    if name in sys.modules or threading.active_count() > 1:  # another thread would find what stands in for it
        return
    sys.modules[name] = ModuleType(name)
    sys.modules[name].__dict__["urlretrieve"] = None
    try:
        import whoosh.compat  # noqa: F401
    finally:
        del sys.modules[name]
