"""The catalogue: every script, its facts and their evidence, in one SQLite database. It is the truth; the word index
and the vectors are made from it."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from index.catalog import stored
from index.catalog.examples import Sketch
from index.catalog.rows import Entry, Known, ScriptRow, part_from, part_to
from index.record import PLAIN_FIELDS

__all__ = ["Catalog", "CatalogError", "ScriptAmbiguous", "ScriptNotFound", "ScriptRow"]

SCHEMA = 5
# What filters, orders and names ask of every script: in the table it lies between outlines and descriptions, of which
# a script has pages. By path, as a ranking keeps them.
_FACTS = """CREATE INDEX IF NOT EXISTS scripts_facts ON scripts (status, path, model_id, size, mtime_ns, created,
    framework, arch, dataset, batch, lr, optimizer, epochs, hw, framework_version)"""
_TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE roots (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE scripts (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, model_id TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, hash TEXT NOT NULL, facts_version INTEGER NOT NULL,
    created REAL NOT NULL, created_source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'not-a-model', 'broken')), reason TEXT NOT NULL DEFAULT '',
    framework TEXT, arch TEXT, dataset TEXT, batch INTEGER, lr REAL, optimizer TEXT, epochs INTEGER, hw TEXT,
    summary TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '', cells TEXT NOT NULL DEFAULT '[]',
    framework_version TEXT, outline TEXT NOT NULL DEFAULT '[]', beside TEXT NOT NULL DEFAULT ''
);
CREATE INDEX scripts_status ON scripts (status, model_id);
CREATE TABLE stages (script INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, line INTEGER NOT NULL,
    batch INTEGER, lr REAL, optimizer TEXT, epochs INTEGER, PRIMARY KEY (script, place)) WITHOUT ROWID;
CREATE TABLE tags (script INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, line INTEGER NOT NULL,
    reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (script, place)) WITHOUT ROWID;
CREATE INDEX tags_name ON tags (name, script);
CREATE TABLE uses (script INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, line INTEGER NOT NULL,
    reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (script, place)) WITHOUT ROWID;
CREATE INDEX uses_name ON uses (name, script);
CREATE TABLE evidence (script INTEGER NOT NULL, field TEXT NOT NULL, line INTEGER, expression TEXT,
    PRIMARY KEY (script, field)) WITHOUT ROWID;
CREATE TABLE passages (script INTEGER NOT NULL, place INTEGER NOT NULL, hash TEXT NOT NULL,
    text TEXT NOT NULL, PRIMARY KEY (script, place)) WITHOUT ROWID;
CREATE TABLE sources (script INTEGER PRIMARY KEY, text BLOB NOT NULL, notes BLOB NOT NULL);
{_FACTS};
"""
INTRODUCTION = -1  # the place of a passage that speaks of a script's project
_PARTS = ("stages", "tags", "uses", "evidence", "passages", "sources")


class CatalogError(Exception):
    """One line for the user."""


class ScriptNotFound(CatalogError):  # noqa: N818  named for what the user is told
    """No script has this model id or path."""


class ScriptAmbiguous(CatalogError):  # noqa: N818
    """Several scripts have it; the message names some."""


def _passing(error: sqlite3.DatabaseError) -> bool:
    """Whether it lies in the circumstances, as a lock or a full disk, and not in what the database says."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest is the extended code
    return isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR


class Catalog:
    """The catalogue of an index folder; a context manager. `notice` tells of a database that was set aside."""

    def __init__(self, folder: Path, *, readonly: bool = False) -> None:
        self.file = folder / "catalog.sqlite"
        self.notice: str | None = None
        self._readonly = readonly
        self._database = self._open()
        self._committed = self._database.total_changes

    def __enter__(self) -> Catalog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def _open(self) -> sqlite3.Connection:
        if self._readonly and not self.file.exists():
            return self._empty()
        try:
            database = self._connect()
            version = self._version(database)
            if version == SCHEMA:
                if not self._readonly:
                    database.execute(_FACTS)  # one of an earlier version has none
                return database
            database.close()
            why = "is of another version"
        except sqlite3.DatabaseError as error:
            if not self._readonly and _passing(error):
                raise
            why = f"cannot be read ({error})"
        if self._readonly:
            self.notice = f"the index {why}; `diffwb index` builds it anew"
            return self._empty()
        database, aside = self._anew()
        self.notice = f"the index {why}; kept as {aside.name}, built anew"
        return database

    def set_aside(self) -> Path:
        """Keeps the database under another name, which is returned, and starts a new one with the same roots."""
        self.close()
        self._database, aside = self._anew()
        return aside

    def _anew(self) -> tuple[sqlite3.Connection, Path]:
        roots = self._readable_roots()
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = self.file.with_name(f"catalog-set-aside-{stamp}.sqlite")
        self.file.rename(aside)
        for suffix in ("-wal", "-shm"):
            with suppress(OSError):
                self.file.with_name(self.file.name + suffix).unlink()
        database = self._connect()
        database.executemany("INSERT INTO roots VALUES (?)", roots)
        database.commit()
        return database, aside

    def _readable_roots(self) -> list[tuple[str]]:
        """What can still be read of the remembered roots."""
        try:
            with closing(sqlite3.connect(self.file)) as database:
                return database.execute("SELECT DISTINCT path FROM roots WHERE typeof(path) = 'text'").fetchall()
        except sqlite3.DatabaseError:
            return []

    def _empty(self) -> sqlite3.Connection:
        database = sqlite3.connect(":memory:", check_same_thread=False)
        self._create(database)
        return database

    def _connect(self) -> sqlite3.Connection:
        fresh = not self.file.exists() or self.file.stat().st_size == 0
        database = sqlite3.connect(self.file, timeout=10, check_same_thread=False)
        try:
            if self._readonly:
                database.execute("PRAGMA query_only = 1")
            else:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                if fresh:
                    self._create(database)
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    def _create(self, database: sqlite3.Connection) -> None:
        database.executescript(_TABLES)
        database.execute("INSERT INTO meta VALUES ('schema', ?), ('generation', '0')", (str(SCHEMA),))
        database.commit()

    @staticmethod
    def _version(database: sqlite3.Connection) -> int:
        try:
            row = database.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        except sqlite3.OperationalError as error:
            if _passing(error):
                raise
            return -1  # no such table
        return int(row[0]) if row and str(row[0]).isdigit() else -1

    # -- reading ----------------------------------------------------------------------------------------------

    def rows(self, ids: Iterable[int] | None = None) -> list[ScriptRow]:
        """Every indexed model script, or those with the given ids, by model id; `find` tells its outline too."""
        return stored.rows(self._database, ids)

    def tally(self, field: str, ids: Iterable[int]) -> list[tuple[Any, int, int]]:
        """(value, how many scripts have it, one of these) of a fact, or of "kind", among the scripts with some ids."""
        return stored.tally(self._database, field, ids)

    def crossed(self, field: str, by: str, ids: Iterable[int]) -> list[tuple[Any, Any, int, int]]:
        """(value of `by`, value of a fact, how many scripts have both, one of these) among some scripts."""
        return stored.crossed(self._database, field, by, ids)

    def stating(self, field: str, ids: Iterable[int], value: object = None) -> list[int]:
        """Which of some scripts have a fact, or one value of it; as `tally` counts them."""
        return stored.stating(self._database, field, ids, value)

    def broken(self) -> list[tuple[str, str]]:
        """(path, reason) of every file that could not be read."""
        query = "SELECT path, reason FROM scripts WHERE status = 'broken' ORDER BY path"
        return [(path, reason) for path, reason in self._database.execute(query)]

    def find(self, script: str) -> ScriptRow:
        """The script of a model id, a path, or an unambiguous part of either."""
        pairs = self._database.execute("SELECT id, model_id, path FROM scripts WHERE status = 'ok'").fetchall()
        try:
            resolved = str(Path(script).expanduser().absolute())
        except RuntimeError:  # in the home of a user whom this machine does not know
            resolved = script
        exact = [row for row in pairs if script in (row[1], row[2]) or resolved == row[2]]
        part = script.casefold()
        found = exact or [row for row in pairs if part in row[1].casefold() or part in row[2].casefold()]
        if not script or not found:
            missing = f"no indexed script is called {script!r}; `diffwb scripts` lists them all"
            raise ScriptNotFound(self.notice or missing)
        if len(found) > 1:
            names = ", ".join(sorted(row[1] for row in found)[:5])
            more = f" and {len(found) - 5} more" if len(found) > 5 else ""
            raise ScriptAmbiguous(f"{script!r} may be {names}{more}; give more of the name or the path")
        row = self.rows([found[0][0]])[0]
        outline = self._database.execute("SELECT outline FROM scripts WHERE id = ?", (row.id,)).fetchone()[0]
        return replace(row, facts=replace(row.facts, outline=tuple(map(part_from, json.loads(outline)))))

    def source(self, script: int) -> str:
        """The text of a script as it was indexed ("" when there is none)."""
        row = self._database.execute("SELECT text FROM sources WHERE script = ?", (script,)).fetchone()
        return zlib.decompress(row[0]).decode("utf-8") if row else ""

    def notes(self, script: int) -> str:
        """What a notebook says between its code ("" where it says nothing)."""
        row = self._database.execute("SELECT notes FROM sources WHERE script = ?", (script,)).fetchone()
        return zlib.decompress(row[0]).decode("utf-8") if row and row[0] else ""

    def select(self, where: str, values: list[Any]) -> list[tuple[int, str]]:
        """(id, path) of the model scripts that a condition of our own making holds for."""
        query = f"SELECT id, path FROM scripts s WHERE status = 'ok' AND ({where}) ORDER BY path"
        return self._database.execute(query, values).fetchall()

    def named(self) -> list[tuple[int, str, str]]:
        """(id, path, model id) of every model script, by path."""
        query = "SELECT id, path, model_id FROM scripts WHERE status = 'ok' ORDER BY path"
        return self._database.execute(query).fetchall()

    def ids(self, where: str, values: list[Any]) -> set[int]:
        """The model scripts that a condition of our own making holds for, in no order."""
        query = f"SELECT id FROM scripts s WHERE status = 'ok' AND ({where})"
        return {script for (script,) in self._database.execute(query, values)}

    def column(self, name: str) -> dict[int, Any]:
        """Script id → the value of one column of ours, for the model scripts that have one."""
        query = f"SELECT id, {name} FROM scripts WHERE status = 'ok' AND {name} IS NOT NULL"
        return dict(self._database.execute(query).fetchall())

    def tagged(self, name: str) -> list[int]:
        """The scripts that have a tag."""
        return [script for (script,) in self._database.execute("SELECT script FROM tags WHERE name = ?", (name,))]

    def used(self) -> dict[str, int]:
        """Component → how many scripts use it."""
        return dict(self._database.execute("SELECT name, COUNT(*) FROM uses GROUP BY name").fetchall())

    def sketches(self, most: int = 2000) -> list[Sketch]:
        """What the first of the model scripts are, in few words: somebody waits for it."""
        query = """SELECT created, dataset, lr, (SELECT GROUP_CONCAT(name) FROM tags WHERE script = id)
            FROM scripts WHERE status = 'ok' LIMIT ?"""
        rows = self._database.execute(query, (most,))
        return [Sketch(frozenset((tags or "").split(",")), *known) for *known, tags in rows]

    def identities(self) -> dict[int, str]:
        """Model script id → what its words were made from; changes whenever the word index must."""
        query = """SELECT id, s.hash || ':' || facts_version || ':' || path || ':' || COALESCE(p.hash, '')
            FROM scripts s LEFT JOIN passages p ON script = id AND place = ? WHERE status = 'ok'"""
        return dict(self._database.execute(query, (INTRODUCTION,)).fetchall())

    def passage_places(self) -> Iterator[tuple[str, int, int]]:
        """(hash, script, place) of every passage; one that speaks of the project is at INTRODUCTION."""
        yield from self._database.execute("SELECT hash, script, place FROM passages ORDER BY script, place")

    def introductions(self) -> Iterator[tuple[int, str]]:
        """The scripts of projects that have a README, each with what that begins with."""
        yield from self._database.execute("SELECT script, text FROM passages WHERE place = ?", (INTRODUCTION,))

    def introduction(self, script: int) -> str:
        """What the README of a script's project begins with."""
        return self.passage_text(script, INTRODUCTION)

    def passage_text(self, script: int, place: int) -> str:
        """A passage of a script; nothing where it has none there."""
        found = self._database.execute("SELECT text FROM passages WHERE script = ? AND place = ?", (script, place))
        return str((found.fetchone() or [""])[0])

    @property
    def generation(self) -> int:
        """Grows with every change of the content."""
        return int(self._database.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])

    def counts(self) -> tuple[int, int]:
        """(files known, model scripts)."""
        row = self._database.execute("SELECT COUNT(*), COALESCE(SUM(status = 'ok'), 0) FROM scripts").fetchone()
        return int(row[0]), int(row[1])

    def roots(self) -> list[str]:
        """The folders that are remembered; of a database that cannot be used, as far as they can be read."""
        if self._readonly and self.notice:
            return sorted(path for (path,) in self._readable_roots())
        return [path for (path,) in self._database.execute("SELECT path FROM roots ORDER BY path")]

    def known(self) -> dict[str, Known]:
        """Every file by path."""
        query = "SELECT path, id, size, mtime_ns, hash, facts_version, status, beside FROM scripts"
        return {path: Known(*rest) for path, *rest in self._database.execute(query)}

    # -- writing ----------------------------------------------------------------------------------------------

    def remember(self, root: str) -> None:
        self._database.execute("INSERT OR IGNORE INTO roots VALUES (?)", (root,))

    def put(self, entry: Entry) -> None:
        """Keeps one script, in place of what was known of its path."""
        run = self._database.execute
        facts = entry.facts
        values = [getattr(facts, name) for name in PLAIN_FIELDS]
        names = ("path", "size", "mtime_ns", "hash", "facts_version", "status", "reason", "summary", "description",
                 "cells", "created", "created_source", "outline", "beside", *PLAIN_FIELDS)  # fmt: skip
        updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        # until its date is looked up, at the end of the run, the time of its last change stands for it
        row = run(
            f"INSERT INTO scripts ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            f" ON CONFLICT (path) DO UPDATE SET {updates} RETURNING id",
            (entry.path, entry.size, entry.mtime_ns, entry.hash, entry.facts_version, entry.status, entry.reason,
             facts.summary, facts.description, json.dumps(facts.cells), entry.mtime_ns / 1e9, "",
             json.dumps([part_to(part) for part in facts.outline]), entry.beside, *values),
        ).fetchone()  # fmt: skip
        script = int(row[0])
        self._clear(script)
        many = self._database.executemany
        many("INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
             [(script, place, s.name, s.line, s.batch, s.lr, s.optimizer, s.epochs)
              for place, s in enumerate(facts.stages)])  # fmt: skip
        for table, found in (("tags", facts.tags), ("uses", facts.uses)):
            many(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)",
                 [(script, place, t.name, t.line, t.reason, t.count) for place, t in enumerate(found)])  # fmt: skip
        many("INSERT INTO evidence VALUES (?, ?, ?, ?)",
             [(script, name, proof if isinstance(proof, int) else None, None if isinstance(proof, int) else proof)
              for name, proof in facts.evidence.items()])  # fmt: skip
        many("INSERT INTO passages VALUES (?, ?, ?, ?)",
             [(script, place, p.hash, p.text) for place, p in enumerate(entry.passages)])  # fmt: skip
        if entry.introduction is not None:
            run("INSERT INTO passages VALUES (?, ?, ?, ?)",
                (script, INTRODUCTION, entry.introduction.hash, entry.introduction.text))  # fmt: skip
        if entry.text:
            run("INSERT INTO sources VALUES (?, ?, ?)", (script, entry.text, entry.notes))

    def touch(self, path: str, size: int, mtime_ns: int) -> None:
        """The file was written again with the same content."""
        self._database.execute("UPDATE scripts SET size = ?, mtime_ns = ? WHERE path = ?", (size, mtime_ns, path))

    def remove(self, script: int) -> None:
        self._clear(script)
        self._database.execute("DELETE FROM scripts WHERE id = ?", (script,))

    def _clear(self, script: int) -> None:
        for table in _PARTS:
            self._database.execute(f"DELETE FROM {table} WHERE script = ?", (script,))

    def frameworks(self) -> list[tuple[str, str | None, str | None]]:
        """(path, framework, its pinned version as known) of every model script."""
        query = "SELECT path, framework, framework_version FROM scripts WHERE status = 'ok'"
        return self._database.execute(query).fetchall()

    def pin(self, path: str, version: str | None) -> None:
        """Keeps the version of its framework that a requirements file pins for a script."""
        self._database.execute("UPDATE scripts SET framework_version = ? WHERE path = ?", (version, path))

    def undated(self) -> list[str]:
        """Paths whose creation has not been looked up."""
        return [path for (path,) in self._database.execute("SELECT path FROM scripts WHERE created_source = ''")]

    def date(self, path: str, created: float, source: str) -> None:
        self._database.execute(
            "UPDATE scripts SET created = ?, created_source = ? WHERE path = ?", (created, source, path)
        )

    def unnamed(self) -> bool:
        """Whether there are model scripts without a model id: an update ended before it came to that."""
        return bool(self._database.execute("SELECT 1 FROM scripts WHERE status = 'ok' AND model_id = ''").fetchone())

    def name(self, model_ids: dict[str, str]) -> None:
        """Gives the scripts (by path) their model ids."""
        named = ((model_ids.get(path, known), known, script) for script, path, known in self.named())
        changed = [(name, script) for name, known, script in named if name != known]  # to look up each takes a second
        self._database.executemany("UPDATE scripts SET model_id = ? WHERE id = ?", changed)

    def head(self, repository: str) -> str:
        """The commit of a repository at which its dates were read."""
        row = self._database.execute("SELECT value FROM meta WHERE key = ?", (f"head:{repository}",)).fetchone()
        return str(row[0]) if row else ""

    def set_head(self, repository: str, commit: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"head:{repository}", commit))

    def commit(self) -> None:
        """Makes everything since the last commit visible and lasting."""
        if self._database.total_changes != self._committed:
            self._database.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
        self._database.commit()
        self._committed = self._database.total_changes
