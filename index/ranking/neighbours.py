"""What lies beside scripts and tells of them: which import which, and what all others of a folder are on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set
from functools import cached_property
from typing import TYPE_CHECKING

from index.known.modalities import KINDS

if TYPE_CHECKING:
    from index.catalog.database import Catalog

_IMPORTED = re.compile(r"^\s*(?:from\s+\.?|import\s+)(\w[\w.]*)", re.MULTILINE)
_ABOVE = 2  # folders above that of a script, from which it may import


class Neighbours:
    """The scripts of one state of the index; what each imports is read when it is first asked for."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._imports: dict[int, frozenset[int]] = {}

    @cached_property
    def paths(self) -> dict[str, int]:
        """Path → script."""
        return {path: script for script, path in self._catalog.select("1", [])}

    def imports(self, path: str) -> Set[int]:
        """The scripts that one imports: beside it, in folders there, or from a folder above."""
        script = self.paths[path]
        if script not in self._imports:
            above = _above(path)
            found = set()
            for module in _IMPORTED.findall(self._catalog.source(script)):
                files = (f"{folder}/{module.replace('.', '/')}.py" for folder in above)
                found.add(next((self.paths[file] for file in files if file in self.paths), script))
            self._imports[script] = frozenset(found - {script})
        return self._imports[script]

    def imported(self, by: Set[int]) -> set[int]:
        """The scripts that some import: the network and the memory of an agent."""
        return set[int]().union(*(self.imports(path) for path, script in self.paths.items() if script in by))

    def importing(self, what: Set[int], among: Set[int]) -> set[int]:
        """Those of some scripts that import any of others."""
        return {script for path, script in self.paths.items() if script in among and self.imports(path) & what}

    def imported_only(self, by: Set[int], others: Set[int]) -> set[int]:
        """The scripts that some import, and none of some `others` in their folder or above it."""
        wanted = self.imported(by)
        near = {folder for path, script in self.paths.items() if script in wanted for folder in _above(path)}
        beside = {script for path, script in self.paths.items() if path.rpartition("/")[0] in near}
        return wanted - self.imported(beside & others)

    def on_kinds(self, kinds: Set[str]) -> set[int]:
        """The scripts whose code tells no kind of data, and that import what is on one of some kinds and nothing else,
        or lie in folders where most tell a kind and all the same of these."""
        on = "s.id IN (SELECT script FROM uses WHERE name = ?)"
        of_kind = {kind: self._catalog.ids(on, [kind]) for kind in KINDS}
        known = set[int]().union(*of_kind.values())
        asked = set[int]().union(*(of_kind[kind] for kind in kinds))
        silent = {*self.paths.values()} - known
        found = self.importing(asked, silent) - self.importing(known - asked, silent)
        folders: dict[str, list[int]] = defaultdict(list)
        for path, script in self.paths.items():
            folders[path.rpartition("/")[0]].append(script)
        for scripts in folders.values():
            telling = known.intersection(scripts)
            if len(telling) * 2 > len(scripts) and telling <= asked:
                found.update(silent.intersection(scripts))
        return found


def _above(path: str) -> list[str]:
    """The folder of a script, and those above it from which it may import."""
    return [path.rsplit("/", back)[0] for back in range(1, _ABOVE + 2)]
