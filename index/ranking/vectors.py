"""The vectors of passages: one float32 matrix on disk, and which script each row of it is of."""

from __future__ import annotations

import os
from collections.abc import Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog.database import INTRODUCTION, Catalog
from index.model import WIDTH
from index.ranking.stamp import VECTORS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.model import Matrix

_KEY, _KEY_BYTES = "S32", 32  # a passage's hash
_ROW = 4 * WIDTH  # bytes
_ODD = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)  # odd, of all bits
_AT_ONCE = 4096  # rows
_TOGETHER = min(4, os.cpu_count() or 1)  # threads: more of them read no faster


class VectorStore:
    """Passage vectors by the hash of their text, in two files that grow: the rows, and the hash of each.

    A row counts once its hash is written, and what a killed writer left after the last whole pair is written over.
    """

    def __init__(self, folder: Path) -> None:
        import numpy as np

        self._folder = folder / VECTORS.folder
        self._names: NDArray[np.bytes_] = np.zeros(0, dtype=_KEY)
        self.matrix: Matrix = np.zeros((0, WIDTH), dtype=np.float32)
        self._number = self._newest()
        with suppress(OSError, ValueError):  # a damaged cache is an empty one
            names = np.fromfile(self._keys, dtype=_KEY)
            count = min(len(names), self._rows.stat().st_size // _ROW)
            if count:
                self.matrix = np.memmap(self._rows, np.float32, "r", shape=(count, WIDTH))
                self._names = names[:count]
        self._count = len(self._names)

    @property
    def keys(self) -> list[str]:
        return [key.decode("ascii", "replace") for key in self._names.tolist()]

    def find(self, keys: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """The row of each key, -1 where it has none."""
        import numpy as np

        if np.array_equal(keys, self._names):
            return np.arange(len(keys))
        if not len(self._names):
            return np.full(len(keys), -1)
        known, wanted = _mixed(self._names), _mixed(keys)  # numbers are found ten times as fast as texts
        order = np.argsort(known)
        rows = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(order) - 1)]
        return np.where(self._names[rows] == keys, rows, -1)

    @property
    def current(self) -> bool:
        """Whether nothing was written since it was loaded."""
        if self._newest() != self._number:
            return False
        try:
            return self._keys.stat().st_size // _KEY_BYTES == self._count
        except OSError:
            return not self._count

    def append(self, keys: Sequence[str], matrix: Matrix) -> None:
        """Writes vectors after the others; they are on disk when it returns, and seen by whoever opens them next."""
        import numpy as np

        self._folder.mkdir(parents=True, exist_ok=True)
        for file, size, data in (
            (self._rows, _ROW, matrix.astype(np.float32, copy=False).tobytes()),
            (self._keys, _KEY_BYTES, np.array(keys, dtype=_KEY).tobytes()),  # last: they make the rows count
        ):
            with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b") as opened:
                opened.truncate(self._count * size)
                opened.seek(self._count * size)
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
        self._count += len(keys)

    def keep(self, wanted: Container[str]) -> None:
        """Drops every other vector. A reader goes on with the old files until it looks again."""
        import numpy as np

        rows = np.array([row for row, key in enumerate(self.keys) if key in wanted], dtype=np.int64)
        old, names = self.matrix, self._names
        self._number, self._count = self._number + 1, 0
        for start in range(0, max(len(rows), 1), _AT_ONCE):  # never the whole of it in memory
            some = rows[start : start + _AT_ONCE]
            self.append([key.decode("ascii", "replace") for key in names[some].tolist()], np.asarray(old[some]))
        for path in self._folder.iterdir():
            if not path.stem.endswith(f"-{self._number}"):
                path.unlink(missing_ok=True)

    def _newest(self) -> int:
        numbers = [int(path.stem[5:]) for path in self._folder.glob("keys-*.bin") if path.stem[5:].isdigit()]
        return max(numbers, default=0)

    @property
    def _rows(self) -> Path:
        return self._folder / f"rows-{self._number}.bin"

    @property
    def _keys(self) -> Path:
        return self._folder / f"keys-{self._number}.bin"


def _mixed(keys: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """A number for each key, of all its bytes: of a hundred million keys two may have the same by chance."""
    import numpy as np

    parts = np.ascontiguousarray(keys).view(np.uint64).reshape(len(keys), -1)
    found: NDArray[np.uint64] = parts @ np.array(_ODD, dtype=np.uint64)
    return found


class MeaningIndex:
    """Passage vectors joined with the scripts they belong to."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        import numpy as np

        self._store = store = VectorStore(folder)
        self._threads = ThreadPoolExecutor(_TOGETHER)
        passages = np.fromiter(catalog.passage_places(), [("key", _KEY), ("script", np.int64), ("place", np.int64)])
        rows = store.find(passages["key"])
        of_project = passages["place"] == INTRODUCTION
        own = (rows >= 0) & ~of_project
        self._rows, scripts = rows[own], passages["script"][own]
        # the passages of a script follow one another
        self._starts = np.flatnonzero(np.diff(scripts, prepend=-1)) if len(scripts) else scripts
        self.scripts = scripts[self._starts]
        self._introduced = np.full(len(self.scripts), -1)
        told = of_project & (rows >= 0) & np.isin(passages["script"], self.scripts)
        self._introduced[np.searchsorted(self.scripts, passages["script"][told])] = rows[told]

    @property
    def current(self) -> bool:
        """Whether nothing was embedded since it was loaded."""
        return self._store.current

    def similarities(self, vector: Matrix) -> tuple[Matrix, Matrix]:
        """The cosine similarities of each of `scripts` to an embedded question: that of its nearest passage, and that
        of what introduces its project, 0 where nothing does."""
        import numpy as np

        if not len(self.scripts):
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32)
        near = self._times(vector.reshape(-1))
        best: Matrix = np.maximum.reduceat(near[self._rows], self._starts)
        project: Matrix = np.where(self._introduced >= 0, near[self._introduced], np.float32(0))
        return np.minimum(best, 1.0), np.clip(project, 0.0, 1.0)

    def _times(self, vector: Matrix) -> Matrix:
        """The whole matrix, as it lies on disk and costs no memory of our own, times a vector: a part for each
        processor, as reading it is what takes the time. These threads sleep where they wait, as BLAS's do not."""
        import numpy as np

        matrix = np.asarray(self._store.matrix)
        found = np.empty(len(matrix), dtype=np.float32)
        step = max(_AT_ONCE, -(-len(matrix) // _TOGETHER))
        parts = [slice(start, start + step) for start in range(0, len(matrix), step)]
        for _ in self._threads.map(lambda part: np.dot(matrix[part], vector, out=found[part]), parts):
            pass
        return found
