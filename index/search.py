"""Finds scripts: filters first, on SQLite; then words, meaning and facts, each a ranking of its own, fused."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.catalog import Catalog, ScriptRow
from index.conditions import condition
from index.filters import Filter, Item, Query, QueryError
from index.query import parse
from index.source import locate

if TYPE_CHECKING:
    from index.keyword import Hit, WordIndex
    from index.vectors import Embedder, MeaningIndex

__all__ = ["QueryError", "Result", "SearchEngine", "SearchResponse"]

_K = 60  # of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)
_WEIGHTS = {"words": 1.0, "meaning": 0.6, "facts": 1.5}
_DEPTH = 200  # ranks beyond it change no first page
# Below this cosine a passage has nothing to do with the query; words that are found do not need it.
_NEAR = 0.30
_SURE = 0.5  # a cosine that is a match beyond doubt, and the share of the words a match by words alone must have


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
class SearchResponse:
    """The contract's search document. `notices` say what a person should know, as that meaning was not available."""

    query: str
    understood: Query
    results: tuple[Result, ...]
    took_ms: dict[str, float]
    notices: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "understood": self.understood.to_json(),
            "answer": None,
            "took_ms": self.took_ms,
            "results": [result.to_json() for result in self.results],
        }


class SearchEngine:
    """Searches the index in a folder, following its changes. Not for use from two threads at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalog = Catalog(folder, readonly=True)
        self._generation = -1
        self._words: WordIndex | None = None
        self._meaning: MeaningIndex | None = None
        self._embedder: Embedder | None = None
        self._stamp: tuple[int, int] | None = None

    def close(self) -> None:
        if self._words is not None:
            self._words.close()
        self.catalog.close()

    def load_model(self) -> None:
        """Loads the embedding model (seconds, once); ModelError with one line where it cannot be used."""
        if self._embedder is None:
            from index.vectors import Embedder

            self._embedder = Embedder(self.folder)

    def use_model(self, embedder: Embedder) -> None:
        """Takes a model that was loaded elsewhere, as in another thread."""
        self._embedder = embedder

    def refresh(self) -> None:
        """Takes up what an indexing has changed since the last search; a few microseconds when nothing has."""
        stamp = self._file_stamp()
        if (stamp != self._stamp or self.catalog.notice) and stamp is not None:
            self._stamp = stamp
            self.catalog.close()
            self.catalog = Catalog(self.folder, readonly=True)
        # an indexing writes the catalogue first, then the words, then the vectors: each may be behind the others
        generation = self.catalog.generation
        if self._meaning is not None and (generation != self._generation or not self._meaning.current):
            self._meaning = None
        if self._words is not None and (generation != self._generation or not self._words.current):
            self._words.close()
            self._words = None
        self._generation = generation

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            status = self.catalog.file.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def search(self, query: str, limit: int = 20, *, meaning: bool = True) -> SearchResponse:
        """Answers a query. QueryError names what could not be understood; `meaning` needs the embedding model."""
        started = time.perf_counter()
        query = query.encode("utf-8", "replace").decode()  # half a character pair, which no tokenizer takes
        understood = parse(query)
        try:
            self.refresh()
            return self._search(query, understood, limit, meaning, started)
        except sqlite3.DatabaseError as error:
            notice = f"the index cannot be read ({error}); `diffwb index` mends it"
            return SearchResponse(query, understood, (), {"keyword": 0.0, "semantic": 0.0, "total": 0.0}, (notice,))

    def _search(self, query: str, understood: Query, limit: int, meaning: bool, started: float) -> SearchResponse:
        allowed = self._allowed(understood.filters)
        paths = dict(self.catalog.select("1", [])) if allowed is None else allowed
        chosen = None if allowed is None else set(allowed)
        words_started = time.perf_counter()
        hits = self._by_words(understood, chosen)
        words_ms = (time.perf_counter() - words_started) * 1000
        meaning_started = time.perf_counter()
        notices = [self.catalog.notice] if self.catalog.notice else []
        near = self._by_meaning(understood.text or query, chosen, notices) if meaning else {}
        meaning_ms = (time.perf_counter() - meaning_started) * 1000 if meaning else 0.0
        ranked = self._fuse(understood, paths, hits, near)[: max(0, limit)]
        rows = {row.id: row for row in self.catalog.rows([script for script, _ in ranked])}
        by_script = {hit.script: (rank, hit) for rank, hit in enumerate(hits, 1)}
        semantic = {script: rank for rank, script in enumerate(near, 1)}
        results: list[Result] = []
        for script, score in ranked:
            if script not in rows:
                continue
            rank, hit = by_script.get(script, (None, None))
            distance = None if script not in near else max(0.0, 1.0 - near[script])
            why = reasons(rows[script], understood, hit)
            results.append(Result(len(results) + 1, rows[script], score, distance, rank, semantic.get(script), why))
        total = (time.perf_counter() - started) * 1000
        took = {"keyword": round(words_ms, 3), "semantic": round(meaning_ms, 3), "total": round(total, 3)}
        return SearchResponse(query, understood, tuple(results), took, tuple(notices))

    def _allowed(self, filters: Sequence[Filter]) -> dict[int, str] | None:
        """Id → path of the scripts that pass every filter; None when there is none to pass."""
        if not filters:
            return None
        parts = [condition(wanted, self._containing) for wanted in filters]
        where = " AND ".join(sql for sql, _ in parts)
        return dict(self.catalog.select(where, [value for _, values in parts for value in values]))

    def _containing(self, text: str) -> set[int]:
        index = self._word_index()
        if index is not None:
            return index.having(text)
        import index.keyword as words  # a filter holds, with a word index or without

        return words.read_through(self.catalog, text)

    def _word_index(self) -> WordIndex | None:
        if self._words is None and self.catalog.counts()[1]:
            import index.keyword as words

            self._words = words.opened(self.folder, self.catalog)
        return self._words

    def _by_words(self, understood: Query, chosen: set[int] | None) -> list[Hit]:
        if not understood.words and not understood.phrases:
            return []
        index = self._word_index()
        if index is None:
            return []
        return index.search(list(understood.words), list(understood.phrases), chosen, _DEPTH)

    def _by_meaning(self, text: str, chosen: set[int] | None, notices: list[str]) -> dict[int, float]:
        """Script → cosine similarity, nearest first; empty where there is no model."""
        from index.vectors import MeaningIndex, ModelError

        try:
            self.load_model()
        except ModelError as error:
            notices.append(str(error))
            return {}
        assert self._embedder is not None
        if self._meaning is None:
            self._meaning = MeaningIndex(self.folder, self.catalog)
        vector = self._embedder.embed([text])
        return dict(self._meaning.search(vector, chosen))

    def _fuse(
        self, understood: Query, paths: dict[int, str], hits: list[Hit], near: dict[int, float]
    ) -> list[tuple[int, float]]:
        """(script, score in [0, 1]) best first: reciprocal ranks, each weighed by how sure that ranking is of the
        script, as a share of the best possible."""
        if not understood.text:  # the filters say it all
            tags = [str(tag) for f in understood.filters if f.field == "tag" and not f.negated for tag in f.items]
            strength = self._by_facts(tags, paths)
            scores = {script: (_K + 1) / (_K + strength.get(script, 1)) for script in paths}
            return sorted(scores.items(), key=lambda pair: (-pair[1], paths[pair[0]]))
        words = len(understood.words) + len(understood.phrases)
        share = {hit.script: (len(hit.words) + len(understood.phrases)) / words for hit in hits}
        ranks = {"words": {hit.script: (rank, share[hit.script]) for rank, hit in enumerate(hits, 1)}}
        if near:
            ranks["meaning"] = {
                script: (rank, min(1.0, max(0.0, similarity) / _SURE))
                for rank, (script, similarity) in enumerate(near.items(), 1)
            }
        found = {script for script, part in share.items() if part >= _SURE}
        found |= {script for script, similarity in near.items() if similarity >= _NEAR}
        facts = self._by_facts(list(understood.concepts), paths)
        if facts:
            ranks["facts"] = {script: (rank, 1.0) for script, rank in facts.items()}
            found |= set(facts)
        if understood.phrases:
            found &= set(share)  # a phrase in quotes must be there
        best = sum(_WEIGHTS[name] for name in ranks)
        scores = {}
        for script in found & set(paths):
            gained = 0.0
            for name, order in ranks.items():
                rank, sure = order.get(script, (0, 0.0))
                gained += _WEIGHTS[name] * sure * (_K + 1) / (_K + rank)
            scores[script] = gained / best
        return sorted(scores.items(), key=lambda pair: (-pair[1], paths[pair[0]]))

    def _by_facts(self, names: list[str], paths: dict[int, str]) -> dict[int, int]:
        """Rank by how strongly a script is what the tags name; those equally strong share a rank."""
        if not names:
            return {}
        counts = self.catalog.tag_counts(set(paths), names)
        levels = sorted(set(counts.values()), reverse=True)
        return {script: levels.index(count) + 1 for script, count in counts.items()}


def _named(item: Item) -> str:
    """A value or a range in words."""
    if not isinstance(item, tuple):
        return str(item)
    low, high = (f"{end:g}" if isinstance(end, float) else end for end in item)
    return f"up to {high}" if low is None else f"from {low}" if high is None else f"{low} to {high}"


def reasons(row: ScriptRow, understood: Query, hit: Hit | None) -> tuple[str, ...]:
    """Why a script was found, in the order of the query: each filter with its proof, then the words it has."""
    facts = row.facts
    tags = {tag.name: tag for tag in facts.tags}
    found: list[str] = []

    def tag_line(name: str) -> str:
        tag = tags[name]
        where = locate(tag.line, facts.cells)
        return f"{tag.reason} at {where}" if tag.reason.endswith("first") else f"{name}: {tag.reason}, {where}"

    for wanted in understood.filters:
        named = " or ".join(map(_named, wanted.items))
        if wanted.negated:
            found.append(f"no {named}" if wanted.field in {"tag", "text"} else f"{wanted.field} is not {named}")
        elif wanted.field == "tag":
            found += [tag_line(str(value)) for value in wanted.items if value in tags]
        elif wanted.field == "created":
            found.append(f"created {row.created:%Y-%m-%d} ({row.created_source})")
        elif wanted.field == "modified":
            found.append(f"modified {row.modified:%Y-%m-%d}")
        elif wanted.field in {"path", "model", "size", "text"}:
            found.append(f"{wanted.field} matches {named}")
        else:
            value, proof = getattr(facts, wanted.field), facts.evidence.get(wanted.field)
            shown = f"{value:g}" if isinstance(value, float) else value
            at = f" at {locate(proof, facts.cells)}" if isinstance(proof, int) else ""
            found.append(f"{wanted.field} {shown}{at}")
    found += [tag_line(name) for name in understood.concepts if name in tags]
    if hit is not None and hit.words:
        found.append(f"has the words: {', '.join(hit.words)}")
    return tuple(dict.fromkeys(found))
