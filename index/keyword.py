"""Search by words: Whoosh behind a seam. The word index is a cache of the catalogue; whatever is wrong with it, it is
built anew."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import fields, query, scoring
from whoosh import index as whoosh_index
from whoosh.analysis import Analyzer, Token

from index.catalog import Catalog, ScriptRow
from index.glossary import synonyms
from index.lock import Busy, writing
from index.words import LONGEST, holds, phrase, stem, terms

_VERSION = 1
_FOLDER = "words"
_BOOSTS = {"facts": 4.0, "name": 3.0, "title": 2.5, "symbols": 1.5, "body": 1.0}


@dataclass(frozen=True)
class Hit:
    """One script found by its words; `words` are those of the query that it has."""

    script: int
    score: float
    words: tuple[str, ...]


class ScriptAnalyzer(Analyzer):  # type: ignore[misc]
    """What Whoosh calls to split a text; the splitting itself is words.terms."""

    def __call__(self, value: str, positions: bool = False, mode: str = "", **_: Any) -> Iterator[Any]:
        token = Token(positions, mode=mode)
        for term, position in terms(value):
            token.text, token.boost, token.stopped, token.pos = term, 1.0, False, position
            yield token


_TEXT = fields.TEXT(analyzer=ScriptAnalyzer(), phrase=True)
_SCHEMA = fields.Schema(
    key=fields.ID(stored=True, unique=True), identity=fields.STORED, **dict.fromkeys(_BOOSTS, _TEXT)
)


class WordIndex:
    """An open word index; reads one state of it until reopened."""

    def __init__(self, folder: Path) -> None:
        self._place = folder / _FOLDER
        self._state = _state(self._place)
        # the schema is given: Whoosh would unpickle the stored one
        self._index = whoosh_index.open_dir(str(self._place), schema=_SCHEMA)
        self._searcher = self._index.searcher(weighting=_weighting())

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    @property
    def current(self) -> bool:
        """Whether nothing was written since it was opened."""
        return _state(self._place) == self._state

    def identities(self) -> dict[int, str]:
        """Script id → what its words were made from."""
        reader = self._searcher.reader()
        return {int(stored["key"]): stored["identity"] for stored in reader.all_stored_fields()}

    def search(self, words: list[str], phrases: list[str], allowed: set[int] | None, limit: int) -> list[Hit]:
        """The scripts with any of the words, those with more and rarer ones first; all phrases must be there."""
        clauses = {word: self._clause(word) for word in words}
        parts = [clause for clause in clauses.values() if clause is not None]
        must = [self._phrase(phrase) for phrase in phrases]
        if not parts and not must:
            return []
        wanted = query.Or(parts, scale=0.9) if parts else query.NullQuery
        whole = query.AndMaybe(query.And(must), wanted) if must and parts else query.And(must) if must else wanted
        results = self._searcher.search(whole, limit=None if allowed is not None else limit, terms=True)
        hits = []
        for hit in results:
            script = int(hit["key"])
            if allowed is None or script in allowed:
                matched = {term.decode("utf-8", "replace") for _, term in hit.matched_terms()}
                found = tuple(word for word in words if matched & {term for term, _ in terms(word)})
                hits.append(Hit(script, float(hit.score), found))
                if len(hits) >= limit:
                    break
        return hits

    def having(self, text: str) -> set[int]:
        """The scripts that contain a word or phrase."""
        return {hit.script for hit in self.search([], [text], None, 10_000_000)}

    def _clause(self, word: str) -> Any:
        """A word in any field, in any of its forms: exact first, then its stem and synonyms."""
        exact = word.lower()[:LONGEST]
        forms = {exact: 1.0}
        forms.setdefault(re.sub(r"[-_.+']", "", exact), 0.9)
        others = synonyms(exact)
        forms |= {synonym: 0.5 for synonym in others if synonym not in forms}
        if not others:  # a term of the field means itself: "transformer" is not "transforms"
            forms.setdefault(stem(exact), 0.6)
        found = [
            query.Term(field, form, boost=boost * weight)
            for form, weight in forms.items()
            for field, boost in _BOOSTS.items()
            if (field, form) in self._searcher.reader()
        ]
        return query.DisjunctionMax(found, tiebreak=0.1) if found else None

    def _phrase(self, text: str) -> Any:
        words = phrase(text)
        if not words:
            return query.NullQuery
        if len(words) == 1:
            return query.Or([query.Term(field, words[0]) for field in _BOOSTS])
        return query.Or([query.Phrase(field, words) for field in _BOOSTS])


def _weighting() -> Any:
    return scoring.BM25F(B=0.6, K1=1.3, name_B=0.2, facts_B=0.2, symbols_B=0.4)


def update(folder: Path, catalog: Catalog, progress: Callable[[int, int], None]) -> int:
    """Makes the word index say what the catalogue says; returns how many scripts were written."""
    place = folder / _FOLDER
    state = f"{_VERSION}:{catalog.generation}"
    if _state(place) == state and opens(folder):
        return 0
    try:
        return _write(folder, catalog, progress, state)
    except Exception:  # a cache: whatever went wrong in it, the catalogue is intact
        shutil.rmtree(place, ignore_errors=True)
        return _write(folder, catalog, progress, state)


def _state(place: Path) -> str:
    """What the word index was made from, "" where that cannot be told."""
    try:
        return (place / "state").read_text("utf-8", "replace")
    except OSError:
        return ""


def opens(folder: Path) -> bool:
    """Whether the word index can be read."""
    try:
        WordIndex(folder).close()
    except Exception:  # Whoosh raises whatever its parsing of a damaged file ran into
        return False
    return True


def _write(folder: Path, catalog: Catalog, progress: Callable[[int, int], None], state: str) -> int:
    place = folder / _FOLDER
    wanted = catalog.identities()
    stamp = place / "state"
    if _state(place).startswith(f"{_VERSION}:"):
        current = WordIndex(folder)
        have = current.identities()
        current.close()
        index = whoosh_index.open_dir(str(place), schema=_SCHEMA)
    else:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        have = {}
        index = whoosh_index.create_in(str(place), _SCHEMA)
    changed = [script for script, identity in wanted.items() if have.get(script) != identity]
    stale = [script for script, identity in have.items() if wanted.get(script) != identity]
    if changed or stale:
        writer = index.writer(limitmb=128)
        try:
            for script in stale:
                writer.delete_by_term("key", str(script))
            done = 0
            for start in range(0, len(changed), 256):
                for row in catalog.rows(changed[start : start + 256]):
                    writer.add_document(key=str(row.id), identity=wanted[row.id], **_document(catalog, row))
                    done += 1
                    progress(done, len(changed))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
    index.close()
    stamp.write_text(state)
    return len(changed)


def _document(catalog: Catalog, row: ScriptRow) -> dict[str, str]:
    facts = row.facts
    text = catalog.source(row.id)
    symbols = re.findall(r"^\s*(?:class|def)\s+(\w+)", text, re.MULTILINE)
    tags = [word for tag in facts.tags for word in (tag.name, *synonyms(tag.name))]
    values = [facts.framework, facts.arch, facts.dataset, facts.optimizer, *(s.optimizer for s in facts.stages)]
    path = Path(row.path)
    return {
        "name": " ".join([path.stem, *path.parent.parts[-2:]]),
        "facts": " ".join([*tags, *(value for value in values if value)]),
        "title": f"{facts.summary} {facts.description}",
        "symbols": " ".join(symbols),
        "body": text,
    }


def read_through(catalog: Catalog, text: str) -> set[int]:
    """What `having` says, without a word index: by reading every script in the catalogue."""
    wanted = phrase(text)
    rows = catalog.rows()
    return {row.id for row in rows if any(holds(part, wanted) for part in _document(catalog, row).values())}


def opened(folder: Path, catalog: Catalog) -> WordIndex | None:
    """The word index for reading. One that will not open is built anew, unless another process is writing it or the
    folder cannot be written: then there is none for now."""
    if opens(folder):
        return WordIndex(folder)
    try:
        with writing(folder):
            update(folder, catalog, lambda done, total: None)
        return WordIndex(folder)
    except (OSError, Busy):
        return None
