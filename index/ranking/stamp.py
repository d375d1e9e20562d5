"""What a cache in the index's folder was made from. Where that has not changed, nothing of it need be opened, nor what
reads it imported."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.catalog.database import Catalog

_FILE = "state"


@dataclass(frozen=True)
class Stamp:
    """Of the cache that is kept in a `folder` of this name, by programs of this version."""

    folder: str
    version: int

    def text(self, folder: Path) -> str:
        """What it says, "" where that cannot be told."""
        try:
            return (folder / self.folder / _FILE).read_text("utf-8", "replace")
        except OSError:
            return ""

    def ours(self, folder: Path) -> bool:
        """Whether the cache is of this version."""
        return self.text(folder).startswith(f"{self.version}:")

    def holds(self, folder: Path, catalog: Catalog) -> bool:
        """Whether the cache is what was made of the catalogue as it is now."""
        return self.text(folder) == f"{self._made_from(catalog)}\n{self._files(folder)}"

    def begin(self, folder: Path) -> None:
        """Says that the cache is being changed."""
        self._file(folder).write_text(f"{self.version}:begun")

    def put(self, folder: Path, catalog: Catalog) -> None:
        """Says that the cache is made."""
        self._file(folder).write_text(f"{self._made_from(catalog)}\n{self._files(folder)}")

    def remove(self, folder: Path) -> None:
        self._file(folder).unlink(missing_ok=True)

    def _file(self, folder: Path) -> Path:
        return folder / self.folder / _FILE

    def _made_from(self, catalog: Catalog) -> str:
        return f"{self.version}:{catalog.generation}"

    def _files(self, folder: Path) -> str:
        """The files of the cache with their sizes and times: whatever damages one changes them."""
        try:
            with os.scandir(folder / self.folder) as listing:
                found = [(entry.name, entry.stat()) for entry in listing if entry.name != _FILE]
        except OSError:
            return ""
        return json.dumps(sorted([name, status.st_size, status.st_mtime_ns] for name, status in found))


WORDS = Stamp("words", 10)
VECTORS = Stamp("vectors", 1)
