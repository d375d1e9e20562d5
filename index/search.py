"""Finds scripts: filters first, on SQLite; then words, meaning, facts and names, added up."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.catalog.database import Catalog, ScriptRow
from index.lock import is_written
from index.ranking.reasons import reasons
from index.understanding.filters import Filter, Query, QueryError, Sort
from index.understanding.query import parse

if TYPE_CHECKING:
    from index.ranking.columns import Placed
    from index.ranking.mind import Mind
    from index.ranking.ranked import Fitting, Ranked
    from index.ranking.ranker import Ranker
    from index.ranking.relaxing import Emptied

_KEPT = 256  # texts of scripts
_KEPT_ROWS = 2000
_FAINT = 0.2  # score below which one of three descriptions is answered by something else (two judged sets)
_UNTIL = "until `diffwb index` has their meaning"
_TOLD = 3  # words, or results, that a notice speaks of

__all__ = ["QueryError", "Result", "SearchEngine", "SearchResponse"]


@dataclass(frozen=True)
class Result:
    """One script found, with where each ranking put it and the reasons."""

    rank: int
    row: ScriptRow
    score: float
    distance: float | None
    keyword_rank: int | None
    semantic_rank: int | None
    why: tuple[str, ...]
    side: int = 0  # of a comparison

    def to_json(self) -> dict[str, Any]:
        row = self.row.to_json()
        return {
            "rank": self.rank,
            "model_id": row.pop("model_id"),
            "similarity_score": round(self.score, 4),
            "similarity_distance": None if self.distance is None else round(self.distance, 4),
            **row,
            "keyword_rank": self.keyword_rank,
            "semantic_rank": self.semantic_rank,
            "why": list(self.why),
        }


@dataclass(frozen=True)
class Empty:
    """Why nothing was found: the filters that leave nothing, the words that nothing has; both where it is both."""

    filters: tuple[Emptied, ...] = ()
    words: tuple[str, ...] = ()
    kinds: tuple[Filter, ...] = ()  # that were asked for beside the filters, and are counted with them

    def to_json(self) -> dict[str, Any]:
        return {"filters": [one.to_json() for one in self.filters], "words": list(self.words)}


@dataclass(frozen=True)
class SearchResponse:
    """The contract's search document. `notices` say what a person should know, as that meaning was not available."""

    query: str
    understood: Query
    results: tuple[Result, ...]
    took_ms: dict[str, float]
    notices: tuple[str, ...] = field(default=())
    empty: Empty | None = None
    total: int = 0
    whole: tuple[int, ...] = field(default=(), compare=False)  # the scripts of which the question asks a part
    fitting: tuple[Fitting, ...] = field(default=(), compare=False)  # of each side; the others only come near

    @property
    def answering(self) -> int:
        """How many of `total` answer."""
        if len(self.fitting) == 1:
            return len(self.fitting[0].ids)
        return len({*chain.from_iterable(side.ids.tolist() for side in self.fitting)})

    def to_json(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "understood": self.understood.to_json(),
            "answer": None,
            "took_ms": self.took_ms,
            "results": [result.to_json() for result in self.results],
            "total": self.total,
            "empty": self.empty.to_json() if self.empty else None,
        }


class SearchEngine:
    """Searches the index in a folder, following its changes. Not for use from two threads at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalog = Catalog(folder, readonly=True)
        self._generation = -1
        self._ranker: Ranker | None = None
        self._source = lru_cache(_KEPT)(self._read)  # a question is refined, mostly
        self._rows: dict[int, ScriptRow] = {}
        self._mind: Mind | None = None
        self._stamp: tuple[int, int] | None = None

    def close(self) -> None:
        self._forget()
        self.catalog.close()

    def _forget(self) -> None:
        """Drops what was made of the last state of the index."""
        if self._ranker is not None:
            self._ranker.close()
        self._ranker = None
        self._source.cache_clear()
        self._rows.clear()

    def load_model(self) -> None:
        """Loads the embedding model, once; ModelError with one line where it cannot be used."""
        if self._mind is None:
            from index.ranking.mind import Mind

            self.use_model(Mind.of(self.folder))

    def use_model(self, mind: Mind) -> None:
        """Takes a model that was loaded elsewhere, as in another thread."""
        self._mind = mind

    def refresh(self) -> None:
        """Takes up what an indexing has changed since the last search; a few microseconds when nothing has."""
        stamp = self._file_stamp()
        if (stamp != self._stamp or self.catalog.notice) and stamp is not None:
            self._stamp = stamp
            self._forget()  # it reads from the one that is closed
            self.catalog.close()
            self.catalog = Catalog(self.folder, readonly=True)
        # an indexing writes the catalogue first, then the words, then the vectors: each may be behind the others
        generation = self.catalog.generation
        if generation != self._generation or (self._ranker is not None and not self._ranker.current):
            self._forget()
        self._generation = generation

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            status = self.catalog.file.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def warm(self) -> None:
        """Makes now what the first questions would wait for; with an index that cannot be read, nothing."""
        with suppress(sqlite3.DatabaseError):
            self.refresh()
            self._ranked_by().warm(meaning=self._mind is not None)
            # names are read, patterns compiled, how long fields are; "of" may turn the name of a subject round
            self.search("removal of noise", 1, meaning=False)

    def search(self, query: str, limit: int = 20, *, meaning: bool = True, order: Sort | None = None) -> SearchResponse:
        """Answers a query. QueryError names what could not be understood; `meaning` needs the embedding model.

        With an `order`, by a column of the table, the results are the first by it of all that are found; their ranks
        are those they have without.
        """
        started = time.perf_counter()
        query = query.encode("utf-8", "replace").decode()  # half a character pair, which no tokenizer takes
        understood = parse(query)
        try:
            self.refresh()
            return self._search(query, understood, limit, meaning, order, started)
        except sqlite3.DatabaseError as error:
            notice = f"the index cannot be read ({error}); `diffwb index` mends it"
            return SearchResponse(query, understood, (), {"keyword": 0.0, "semantic": 0.0, "total": 0.0}, (notice,))

    def _search(
        self, query: str, understood: Query, limit: int, meaning: bool, order: Sort | None, started: float
    ) -> SearchResponse:
        ranker = self._ranked_by()
        clock = {"keyword": 0.0, "semantic": 0.0}
        notices = [self.catalog.notice] if self.catalog.notice else []
        mind = self._understanding(notices) if meaning else None
        text, understood = ranker.spelled(query, understood)
        understood = ranker.described(text, understood)
        limit = max(0, limit)
        every = len(ranker.scripts) if understood.limit is None else understood.limit
        found, total, fitting = ranker.find(
            text, understood, mind, clock, min(limit, every) if order is None else every
        )
        ranked = [(place, (rank, side)) for rank, (place, side) in enumerate(found, 1)]
        if order is not None:
            from index.ranking.columns import ordered

            ranked = ordered(ranked, order, limit, ranker.scripts)
        if lacking := ranker.without_meaning:
            until = "as yet: their vectors are being made" if is_written(self.folder) else _UNTIL
            notices.append(f"{lacking} of {len(ranker.scripts)} scripts are found by words alone {until}")
        if total and not understood.sides:
            notices += _unknown(ranker.unknown(understood.words), found)
            notices += _faint(found[0], understood) if mind is not None and found else []
        results = self._results(ranked, understood)
        empty = None if total else self._empty(query, understood, mind)
        clock["total"] = (time.perf_counter() - started) * 1000
        took = {name: round(value, 3) for name, value in clock.items()}
        whole = ranker.whole(query, understood.aim)
        return SearchResponse(
            query, understood, results, took, tuple(notices), empty, total, whole, tuple(fitting)
        )  # fmt: skip

    def _ranked_by(self) -> Ranker:
        if self._ranker is None:
            from index.ranking.alone import import_whoosh

            import_whoosh()
            from index.ranking.ranker import Ranker

            self._ranker = Ranker(self.folder, self.catalog)
        return self._ranker

    def _understanding(self, notices: list[str]) -> Mind | None:
        """The model; None, and a notice, where there is none."""
        from index.model import ModelError

        try:
            self.load_model()
        except ModelError as error:
            notices.append(str(error))
        return self._mind

    def _results(self, found: Iterable[Placed], understood: Query) -> tuple[Result, ...]:
        scripts = self._ranked_by().scripts
        pairs = [(int(scripts.ids[place]), place, rank, side) for place, (rank, side) in found]
        rows = self._rows_of([script for script, *_ in pairs])
        results: list[Result] = []
        for script, place, rank, side in pairs:
            if script not in rows:
                continue
            words = side.held(place)
            why = reasons(rows[script], understood, words, partial(self._source, script),
                          partial(self.catalog.introduction, script))  # fmt: skip
            results.append(
                Result(rank, rows[script], float(side.shown[place]), side.distance(place),
                       side.keyword_rank(place), side.semantic_rank(place), why, side.number)
            )  # fmt: skip
        return tuple(results)

    def _rows_of(self, scripts: list[int]) -> dict[int, ScriptRow]:
        """What is known of scripts; those of the last questions are at hand."""
        if len(self._rows) > _KEPT_ROWS:
            self._rows.clear()
        missing = [script for script in scripts if script not in self._rows]
        self._rows |= {row.id: row for row in self.catalog.rows(missing)} if missing else {}
        return self._rows

    def _read(self, script: int) -> str:
        return self.catalog.source(script)

    def _empty(self, query: str, understood: Query, mind: Mind | None) -> Empty:
        from index.ranking.relaxing import emptied, leading

        ranker = self._ranked_by()
        fitting = partial(ranker.fitting, query)
        gone = ranker.gone(understood.said) or ranker.gone(query)
        if understood.filters and not fitting(understood.filters).any():
            found = emptied(understood.filters, fitting, ranker.scripts.numbers)
            if not understood.words or understood.sides:
                return Empty(found)

            def finds(filters: Sequence[Filter]) -> int:
                clock = {"keyword": 0.0, "semantic": 0.0}
                return ranker.find(query, replace(understood, filters=tuple(filters)), mind, clock, 1)[1]

            led = leading(found, understood.filters, finds)
            ends = any(one.without for one in found) and not any(one.without or one.nearest for one in led)
            return Empty(led, (gone or understood.words) if ends else ())
        kinds = [Filter("tag", "eq", name) for name in understood.concepts]
        if kinds and understood.filters and not gone and not fitting([*understood.filters, *kinds]).any():
            found = emptied([*understood.filters, *kinds], fitting, ranker.scripts.numbers)
            if told := tuple(one for one in found if one.by in understood.filters):
                return Empty(told, kinds=tuple(kinds))
        return Empty((), gone or ranker.unknown(understood.words) or understood.words)


def _unknown(words: Sequence[str], found: Sequence[tuple[int, Ranked]]) -> list[str]:
    """Says which words of a question no script has, and which of the others the best results share."""
    if not words:
        return []
    shared = dict.fromkeys(word for place, side in found[:_TOLD] for word in side.held(place))
    these = f"share {_listed([*shared])}" if shared else "are near in meaning"
    return [f"no script has {_listed(words, 'or')}; these {these}"]


def _faint(best: tuple[int, Ranked], understood: Query) -> list[str]:
    """Says so where not even the best result is more than a little like what is described."""
    place, side = best
    described = side.free and not understood.filters and place not in side.called
    if not described or float(side.shown[place]) >= _FAINT or float(side.signals.cover[place]) >= 1.0:
        return []
    return ["nothing fits this well; what follows is only faintly like it"]


def _listed(words: Sequence[str], joint: str = "and") -> str:
    quoted = [repr(word) for word in words[:_TOLD]]
    return f" {joint} ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
