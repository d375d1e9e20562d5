"""The run that a command names."""

from __future__ import annotations

from pathlib import Path

from engine.home import home
from engine.runs.listing import find_run
from tui.errors import refusing


def named_run(name: str) -> Path:
    """Its folder. Raises UsageError where there is none, or more than one."""
    with refusing():
        return find_run(home() / "runs", name)
