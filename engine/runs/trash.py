"""The way out of the list of runs, and the way back: removed runs wait in `.trash`, inside the folder of runs.

There it is on the same file system wherever that folder lies, so that removing is renaming: at once, and whole.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from pathlib import Path

from engine.home import sync_folder
from engine.runs.events import open_file
from engine.runs.listing import run_folders
from engine.runs.lock import RunError

TRASH = ".trash"


def remove(runs: Path, folder: Path) -> Path:
    """Move a run to the trash; returns where it is now. Raises RunError for a live run and one that lies elsewhere."""
    if folder.parent.resolve() != runs.resolve():
        raise RunError(f"{folder}: is not in {runs}; only runs there can be removed")
    target = runs / TRASH / folder.name
    with contextlib.ExitStack() as held:
        _hold(folder, held)
        try:
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _move(folder, target)
        except OSError as error:
            raise RunError(f"{folder.name}: cannot be moved to {target.parent} ({error.strerror})") from None
    return target


def restore(runs: Path, name: str) -> Path:
    """Take a run back out of the trash; returns where it is now. Raises RunError."""
    waiting = {folder.name: folder for folder in removed(runs)}
    found = [folder for folder in waiting.values() if folder.name == name] or [
        folder for folder in waiting.values() if name and folder.name.startswith(name)
    ]
    if len(found) != 1:
        what = f"{len(found)} runs begin so; give more of the id" if found else "there is no such run in the trash"
        raise RunError(f"{name}: {what}; `diffwb restore` lists them")
    target = runs / found[0].name
    try:
        _move(found[0], target)
    except OSError as error:
        raise RunError(f"{target.name}: cannot be moved to {runs} ({error.strerror})") from None
    return target


def removed(runs: Path) -> list[Path]:
    """The runs in the trash, by name."""
    return sorted(run_folders(runs / TRASH))


def _hold(folder: Path, held: contextlib.ExitStack) -> None:
    """Keep trainers out while the run is moved. Raises RunError where one is in."""
    try:
        lock = held.enter_context(open_file(folder / "lock"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RunError(f"{folder.name}: is live; `diffwb stop` ends it") from None
    except OSError:  # a folder that no trainer of ours wrote has no lock
        return


def _move(folder: Path, target: Path) -> None:
    """Rename a folder, never onto another. Raises OSError."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "there is one of this name already")
    folder.rename(target)
    for parent in (folder.parent, target.parent):
        sync_folder(parent)
