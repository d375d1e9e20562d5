"""What is known of a script without reading it: why it cannot be, and whether what its facts came from has changed.
Who hands scripts to readers needs no more."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from index import facts
from index.catalog.rows import Entry
from index.files.scanner import Found, stat_of


def broken(path: str, item: Found, reason: str, digest: str = "") -> Entry:
    """The row of a file that cannot be read."""
    return Entry(path, item.size, item.mtime_ns, digest, facts.VERSION, "broken", reason)


def beside(files: list[Path]) -> str:
    """The files that facts come from besides the script, each with its time and size; "" where there are none."""
    return (
        json.dumps([[os.fsencode(file).decode("utf-8", "replace"), *stat_of(os.fspath(file))] for file in files])
        if files
        else ""
    )


def changed(beside: str, look: Callable[[str], tuple[int, int]] = stat_of) -> bool:
    """Whether a file that facts came from is another than it was, or is there now; `look` as :func:`stat_of`."""
    return bool(beside) and any(look(file) != (time, size) for file, time, size in json.loads(beside))
