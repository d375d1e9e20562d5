"""Which files under a root may be model scripts. Follows no symbolic link, so no loop and no way out of the root."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.source import too_large

SUFFIXES = (".py", ".ipynb")
_SKIPPED = {"site-packages", "dist-packages", "node_modules", "__pycache__", "build", "dist"}

_LARGEST = 2**63 - 1  # that a database keeps


@dataclass(frozen=True)
class Found:
    """A file seen by the scan; `reason` says why it will not be parsed."""

    path: Path
    size: int
    mtime_ns: int
    reason: str | None = None


def scan(root: Path) -> Iterator[Found]:
    """Every script under `root` (or `root` itself), in path order within a folder."""
    if root.is_file():
        yield from _examine(root)
        return
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Found(folder, 0, 0, f"folder cannot be read: {error.strerror}")
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        folders = []
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED and not entry.name.endswith(".egg-info"):
                    folders.append(folder / entry.name)
            elif entry.name.endswith(SUFFIXES):
                yield from _examine(folder / entry.name)
        pending += reversed(folders)


def _examine(path: Path) -> Iterator[Found]:
    try:
        status = path.stat()
    except OSError:
        return  # vanished since it was listed
    if not stat.S_ISREG(status.st_mode):
        return  # a pipe or a device would block the reader
    reason = too_large(path, status.st_size)
    try:
        str(path).encode()
    except UnicodeEncodeError:
        reason = "its name is not valid UTF-8"
    changed = max(-_LARGEST, min(status.st_mtime_ns, _LARGEST))
    yield Found(path, status.st_size, changed, reason)
