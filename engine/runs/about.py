"""What is said about a run: a name, a note, tags, a pin, where it came from. Kept in the run's folder as `about.json`.

The folder keeps its id: a trainer that writes into it, and whoever noted the id, must find it where it was.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from engine.home import write_atomically
from engine.runs.events import open_file
from engine.runs.lock import RunError

ABOUT = "about.json"
MOST_BYTES = 1 << 16
LONGEST_NAME, LONGEST_TAG, LONGEST_NOTE = 255, 60, 10_000  # characters


class About(Struct, frozen=True):
    """`name` stands beside the id wherever the run is listed, and finds it; `tags` are in the order they were given.

    A `pinned` run is listed before the others. `origin` is the script that its settings were carried over from: no word
    of a person, and none takes it away.
    """

    name: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    pinned: bool = False
    origin: str | None = None


def read(folder: Path) -> About:
    """What is said about a run; nothing where the file is missing, too long or says no such thing."""
    try:
        with open_file(folder / ABOUT) as file:
            content = file.read(MOST_BYTES + 1)
        said = json.loads(content) if len(content) <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return About()
    if not isinstance(said, dict):
        return About()
    tags = said.get("tags")
    words = (_text(tag, LONGEST_TAG) for tag in (tags if isinstance(tags, list) else []))
    return About(
        name=_text(said.get("name"), LONGEST_NAME),
        note=_text(said.get("note"), LONGEST_NOTE),
        tags=tuple(dict.fromkeys(word for word in words if word)),
        pinned=said.get("pinned") is True,
        origin=_text(said.get("origin"), LONGEST_NOTE),
    )


def _text(value: Any, longest: int) -> str | None:
    return value[:longest] if isinstance(value, str) and value.strip() else None


def rename(folder: Path, name: str) -> About:
    """Give a run a name; an empty one takes it away. Raises RunError."""
    return _change(folder, lambda about: replace(about, name=_checked("name", name, LONGEST_NAME)))


def note(folder: Path, text: str) -> About:
    """Write a note; an empty one takes it away. Raises RunError."""
    return _change(folder, lambda about: replace(about, note=_checked("note", text, LONGEST_NOTE)))


def came_from(folder: Path, script: str) -> About:
    """Say which script a run was carried over from. Raises RunError."""
    return _change(folder, lambda about: replace(about, origin=_checked("origin", script, LONGEST_NOTE)))


def tag(folder: Path, added: list[str], removed: list[str]) -> About:
    """Add and take away tags. Raises RunError."""
    for one in (*added, *removed):
        if _checked("tag", one, LONGEST_TAG) is None:
            raise RunError("tag: nothing is not accepted; a word is")

    def changed(about: About) -> About:
        kept = [one for one in dict.fromkeys((*about.tags, *(one.strip() for one in added))) if one not in removed]
        return replace(about, tags=tuple(kept))

    return _change(folder, changed)


def pin(folder: Path, pinned: bool) -> About:
    """List a run before the others, or no longer. Raises RunError."""
    return _change(folder, lambda about: replace(about, pinned=pinned))


def write(folder: Path, wanted: About) -> About:
    """Say name, note and tags anew. Raises RunError."""
    words = [word for tag in wanted.tags if (word := _checked("tag", tag, LONGEST_TAG))]
    name, note = _checked("name", wanted.name or "", LONGEST_NAME), _checked("note", wanted.note or "", LONGEST_NOTE)
    return _change(folder, lambda about: replace(about, name=name, note=note, tags=tuple(words)))


def _checked(what: str, text: str, longest: int) -> str | None:
    if len(text) > longest:
        raise RunError(f"{what}: {len(text)} characters are not accepted; at most {longest} are")
    return text.strip() or None


def _change(folder: Path, change: Callable[[About], About]) -> About:
    """Change what is said while nobody else does."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            about = change(read(folder))
            said = {key: value for key, value in asdict(about).items() if value}
            write_atomically(folder / ABOUT, json.dumps(said, indent=2).encode() + b"\n")
        finally:
            os.close(descriptor)
    except OSError as error:
        raise RunError(f"{folder / ABOUT} cannot be written ({error.strerror})") from None
    return about
