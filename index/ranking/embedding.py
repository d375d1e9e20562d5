"""Makes the vectors of the passages that have none. The model works in a process of its own: what it takes, half a
gigabyte and more, is given back when it is done, also where an index is kept up to date for weeks.

    python -P -m index.ranking.embedding DESCRIPTOR FOLDER        the other end of the socket hands it texts
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalog.database import Catalog
from index.model import ModelError
from index.processes import Process
from index.ranking.senses import Senses
from index.ranking.stamp import VECTORS
from index.ranking.vectors import VectorStore

if TYPE_CHECKING:
    from index.model import Matrix

_WINDOW = 1024  # passages that are put in order of their length, so that those embedded together need little padding
_CHUNK = 32  # passages embedded together
_STALE = 0.2  # share of the vectors that may be of no passage before they are dropped: that copies all the others


def update(folder: Path, catalog: Catalog, progress: Callable[[int, int | None], None]) -> int:
    """Embeds the passages that have no vector, drops vectors of none; returns how many were embedded.

    A cache of the catalogue, kept by what each passage says: text that moved or did not change is not embedded again.
    `progress` is told how many are done and of how many: of None while the model is loaded. ModelError where it cannot
    be used; what is done by then is kept.
    """
    if VECTORS.holds(folder, catalog):  # to look for what has none reads every passage
        return 0
    wanted = {key: (script, place) for key, script, place in catalog.passage_places()}
    store = VectorStore(folder)
    known = set(store.keys)
    missing = [key for key in wanted if key not in known]
    if len(known - wanted.keys()) > _STALE * len(known):
        store.keep(wanted)
    if missing:
        _embed(folder, catalog, store, missing, wanted, progress)
    with suppress(FileNotFoundError):  # there is no passage yet
        VECTORS.put(folder, catalog)
    return len(missing)


def _embed(
    folder: Path,
    catalog: Catalog,
    store: VectorStore,
    missing: list[str],
    wanted: dict[str, tuple[int, int]],
    progress: Callable[[int, int | None], None],
) -> None:
    """Makes the vectors of passages by their hashes; `wanted` tells where each stands."""
    progress(0, None)
    done = 0
    with EmbeddingProcess(folder) as model:
        progress(0, len(missing))
        for start in range(0, len(missing), _WINDOW):
            texts = {key: catalog.passage_text(*wanted[key]) for key in missing[start : start + _WINDOW]}
            order = sorted(texts, key=lambda key: len(texts[key]))
            for first in range(0, len(order), _CHUNK):
                chunk = order[first : first + _CHUNK]
                store.append(chunk, model.embed([texts[key] for key in chunk]))
                done += len(chunk)
                progress(done, len(missing))
        Senses(folder, model.embed)  # so that no search waits for them


class EmbeddingProcess(Process):
    """The embedding model in another process, which ends with this one."""

    def __init__(self, folder: Path) -> None:
        super().__init__("index.ranking.embedding", str(folder))

    def __enter__(self) -> EmbeddingProcess:
        try:
            self._answer()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def embed(self, texts: list[str]) -> Matrix:
        """As :meth:`Embedder.embed`; ModelError where the process has ended."""
        with suppress(OSError):  # then it has ended, which is found out where it is asked for an answer
            self.connection.send(texts)
        answer = self._answer()
        assert answer is not None
        return answer

    def _answer(self) -> Matrix | None:
        try:
            answer: Matrix | str | None = self.connection.recv()
        except (EOFError, OSError):
            raise ModelError("the process of the embedding model has ended; index again") from None
        if isinstance(answer, str):
            raise ModelError(answer)
        return answer


def serve(connection: Connection, folder: Path) -> None:
    """Says once whether the model is ready, then answers each list of texts with its vectors."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this
    with suppress(EOFError, OSError):
        try:
            from index.ranking.embedder import Embedder  # torch, seconds of every core

            model = Embedder(folder)
        except ModelError as error:
            connection.send(str(error))
            return
        connection.send(None)
        while True:
            connection.send(model.embed(connection.recv()))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), Path(sys.argv[2]))
