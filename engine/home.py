"""Where diffwb keeps things, and how it writes a file so that a crash leaves the old one or the new one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


class HomeError(OSError):
    """The home cannot be used. The message is one line that says what would do."""


def home() -> Path:
    """The home, as far as it is there a folder. Raises HomeError for no place at all, or a file."""
    folder = place()
    _no_file(folder)
    return folder


def _no_file(folder: Path) -> None:
    """Raises HomeError where the home, or a folder that it would lie in, is a file."""
    there = next(place for place in (folder, *folder.parents) if os.path.exists(place))  # noqa: PTH110 - raises for no name
    if not os.path.isdir(there):  # noqa: PTH112
        where = "is a file" if there == folder else f"cannot be: {there} is a file"
        raise HomeError(f"the home {folder} {where}; set DIFFWB_HOME to a folder")


def place() -> Path:
    """`$DIFFWB_HOME`, else the platform's user-data folder for diffwb. Raises HomeError for no place at all."""
    named = os.environ.get("DIFFWB_HOME")
    if not named:
        from platformdirs import user_data_path

        return user_data_path("diffwb", appauthor=False)
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError:
        raise HomeError(f"DIFFWB_HOME: {named} is in the home of a user whom this machine does not know") from None
    except FileNotFoundError:
        raise HomeError(
            f"DIFFWB_HOME: {named} is in this folder, which is no longer there; a full path is accepted"
        ) from None


def prepare(folder: Path) -> Path:
    """Make the home with its runs, index and data folders, for its owner alone; raise HomeError if it is unwritable."""
    _no_file(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in ("runs", "index", "data"):
            (folder / part).mkdir(exist_ok=True)
        for needed in (folder, folder / "runs", folder / "index"):
            if not os.access(needed, os.W_OK | os.X_OK):
                raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise HomeError(
            f"the home {folder} cannot be written ({error.strerror}); set DIFFWB_HOME to a folder that can"
        ) from None
    return folder


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole and move it into place: temporary name, fsync, rename, fsync of the folder."""
    with written_whole(path) as temporary:
        temporary.write_bytes(data)


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary file beside `path`, moved there once it is written through; gone where writing failed."""
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.tmp")
    try:
        yield temporary
        descriptor = os.open(temporary, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and new files in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
