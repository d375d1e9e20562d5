"""Names of folders, completed as a shell completes them."""

from __future__ import annotations

import os
from pathlib import Path


def complete(typed: str) -> tuple[str, list[str]]:
    """What is typed, as far as all folders that begin so agree, and their names where there are several. May block."""
    if typed == "~":
        return "~/", []
    above, name = os.path.split(typed)
    try:
        found = sorted(one.name for one in Path(above).expanduser().iterdir() if _fits(one, name))
    except (OSError, RuntimeError, ValueError):
        return typed, []
    begun = typed.removesuffix(name) + (os.path.commonprefix(found) or name)  # noqa: RUF071  of names
    return (f"{begun}/", []) if len(found) == 1 else (begun, found)


def _fits(path: Path, begun: str) -> bool:
    """A folder that can be typed; a hidden one where it is asked for."""
    hidden = path.name.startswith(".") and not begun.startswith(".")
    return path.name.startswith(begun) and not hidden and path.name.isprintable() and path.is_dir()
