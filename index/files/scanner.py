"""Which files under a root may be model scripts. Follows no symbolic link, so no loop and no way out of the root.

What `.gitignore` and `.diffwbignore` leave out is left out, and so are environments, installed packages and what
programs build or cache. A root that is itself ignored was named on purpose and is scanned.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index.files import ignoring
from index.files.source import MAX_BYTES, too_large

SUFFIXES = (".py", ".ipynb")
_SKIPPED = {"site-packages", "dist-packages", "node_modules", "__pycache__", "build", "dist", "bower_components",
            "checkpoints", "lightning_logs", "wandb", "mlruns", "__pypackages__"}  # fmt: skip
_ENVIRONMENT = {"pyvenv.cfg", "conda-meta"}  # a folder that holds one is a virtual environment

_LARGEST = 2**63 - 1  # that a database keeps


class Found(NamedTuple):
    """A file seen by the scan; `reason` says why it will not be parsed.

    Of a hundred thousand paths as `Path`, making them took half of a scan.
    """

    path: str
    size: int
    mtime_ns: int
    reason: str | None = None


def scan(root: Path) -> Iterator[Found]:
    """Every script under `root` (or `root` itself), in path order within a folder."""
    if root.is_file():
        with suppress(OSError):
            if found := _examined(str(root), root.stat()):
                yield found
        return
    pending = [(root, ignoring.around(root))]
    while pending:
        folder, outer = pending.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Found(str(folder), 0, 0, f"folder cannot be read: {error.strerror}")
            continue
        names = {entry.name for entry in entries}
        if names & _ENVIRONMENT:
            continue
        ignored = ignoring.within(folder, names, outer)
        folders = []
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if skipped(entry.name):
                    continue
                if not (ignored and ignored.holds(entry.path, folder=True)):
                    folders.append((Path(entry.path), ignored))
            elif entry.name.endswith(SUFFIXES) and not (ignored and ignored.holds(entry.path, folder=False)):
                with suppress(OSError):  # vanished since it was listed
                    if found := _examined(entry.path, entry.stat()):
                        yield found
        pending += reversed(folders)


def stat_of(file: str) -> tuple[int, int]:
    """When a file was changed, and how large it is."""
    try:
        status = os.stat(file)  # noqa: PTH116  of a hundred thousand files, without an object for each
    except (OSError, ValueError):
        return 0, -1
    return status.st_mtime_ns, status.st_size


def skipped(name: str) -> bool:
    """Whether no folder of this name is looked into, whatever it holds."""
    return name.startswith(".") or name in _SKIPPED or name.endswith(".egg-info")


def _examined(path: str, status: os.stat_result) -> Found | None:
    if not stat.S_ISREG(status.st_mode):
        return None  # a pipe or a device would block the reader
    size = status.st_size
    reason = too_large(Path(path), size) if size > MAX_BYTES else None
    try:
        path.encode()
    except UnicodeEncodeError:
        reason = "its name is not valid UTF-8"
    changed = max(-_LARGEST, min(status.st_mtime_ns, _LARGEST))
    return Found(path, size, changed, reason)
