"""How many scripts the index holds, as the workbench tells it while another program indexes."""

from __future__ import annotations

from pathlib import Path


class ScriptCount:
    """Counts the model scripts of an index folder again where its database has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp = self._look()

    def changed(self) -> int | None:
        """The count, if it may be another one than before. May block, so it is called in a thread."""
        stamp = self._look()
        if stamp == self._stamp:
            return None
        from index.catalog import Catalog

        with Catalog(self._folder, readonly=True) as catalog:
            count = catalog.counts()[1]
        self._stamp = stamp
        return count

    def _look(self) -> list[tuple[int, int]]:
        """Size and time of the database and of what is not yet merged into it; an empty file is none."""
        found = []
        for name in ("catalog.sqlite", "catalog.sqlite-wal"):
            try:
                status = (self._folder / name).stat()
            except OSError:
                continue
            if status.st_size:
                found.append((status.st_size, status.st_mtime_ns))
        return found
