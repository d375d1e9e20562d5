"""How many scripts the index holds, and what may be asked of them, while another program indexes."""

from __future__ import annotations

from pathlib import Path


class ScriptCount:
    """Counts the model scripts of an index folder again where its database has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp = self._look()

    def changed(self) -> tuple[int, list[str]] | None:
        """The count and the examples, if they may be others than before. May block, so it is called in a thread."""
        stamp = self._look()
        if stamp == self._stamp:
            return None
        known = self.count()
        self._stamp = stamp
        return known

    def count(self) -> tuple[int, list[str]]:
        from index.catalog.database import Catalog
        from index.catalog.examples import examples

        with Catalog(self._folder, readonly=True) as catalog:
            return catalog.counts()[1], examples(catalog.sketches())

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


def remembered(folder: Path) -> list[str]:
    """The folders that are indexed. May block, as above."""
    from index.catalog.database import Catalog

    with Catalog(folder, readonly=True) as catalog:
        return catalog.roots()
