"""What may be indexed: a folder, or one file."""

from __future__ import annotations

from pathlib import Path


class RootError(Exception):
    """A path under which nothing can be looked for; one line for the user."""


def root_of(path: Path) -> Path:
    """The path as it is remembered. Raises RootError."""
    try:
        found = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise RootError(f"no such file or folder: {path}") from None
    if not found.is_file() and not found.is_dir():
        raise RootError(f"neither a file nor a folder: {path}")
    return found
