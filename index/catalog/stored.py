"""Scripts as the catalogue's tables hold them, put together again: each row with its stages, tags and evidence."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from index.catalog.naming import name_alone
from index.catalog.rows import ScriptRow, moment
from index.record import PLAIN_FIELDS, ScriptFacts, Stage, Tag


@dataclass
class _Parts:
    """What is kept of a script in tables of its own."""

    stages: list[Stage] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    uses: list[Tag] = field(default_factory=list)
    evidence: dict[str, int | str] = field(default_factory=dict)


def rows(database: sqlite3.Connection, ids: Iterable[int] | None = None) -> list[ScriptRow]:
    """Every model script, or those with the given ids, by model id and path; without their outlines."""
    chosen = None if ids is None else list(ids)
    where, values = "status = 'ok'", []
    if chosen is not None:  # the sign keeps SQLite from going through the index of all that are ok
        where = "+status = 'ok' AND id IN (SELECT value FROM json_each(?))"
        values = [json.dumps(chosen)]
    columns = ", ".join(PLAIN_FIELDS)
    scripts = database.execute(
        "SELECT id, path, model_id, size, created, created_source, mtime_ns, summary, description, cells,"
        f" framework_version, {columns} FROM scripts WHERE {where} ORDER BY model_id, path",
        values,
    ).fetchall()
    parts = _parts(database, None if chosen is None else [row[0] for row in scripts])
    return [_row(row, parts[row[0]]) for row in scripts]


def _parts(database: sqlite3.Connection, ids: list[int] | None) -> dict[int, _Parts]:
    # ids travel as JSON: SQLite takes only so many parameters
    where = "" if ids is None else "WHERE script IN (SELECT value FROM json_each(?))"
    values = [] if ids is None else [json.dumps(ids)]
    found: dict[int, _Parts] = defaultdict(_Parts)

    def select(columns: str, table: str, order: str) -> Iterable[tuple[Any, ...]]:
        return database.execute(f"SELECT script, {columns} FROM {table} {where} ORDER BY script, {order}", values)

    for script, *stage in select("name, line, batch, lr, optimizer, epochs", "stages", "place"):
        found[script].stages.append(Stage(*stage))
    for script, *tag in select("name, line, reason, count", "tags", "place"):
        found[script].tags.append(Tag(*tag))
    for script, *component in select("name, line, reason, count", "uses", "place"):
        found[script].uses.append(Tag(*component))
    for script, name, line, expression in select("field, line, expression", "evidence", "field"):
        found[script].evidence[name] = line if line is not None else expression
    return found


def _row(row: tuple[Any, ...], parts: _Parts) -> ScriptRow:
    number, path, model_id, size, created, source, mtime_ns, summary, description, cells, version, *plain = row
    facts = ScriptFacts(
        **dict(zip(PLAIN_FIELDS, plain, strict=True)),
        summary=summary,
        description=description,
        is_model=True,
        stages=tuple(parts.stages),
        tags=tuple(parts.tags),
        uses=tuple(parts.uses),
        evidence=parts.evidence,
        cells=tuple((cell, line) for cell, line in json.loads(cells)),
        framework_version=version,
    )
    model_id = model_id or name_alone(path)  # it is found as soon as it is read, and named when all are
    return ScriptRow(number, path, model_id, size, moment(created), source, moment(mtime_ns / 1e9), facts)


def tally(database: sqlite3.Connection, field: str, ids: Iterable[int]) -> list[tuple[Any, int, int]]:
    """Each value of a fact among some scripts, how many of them have it, and one that does; the most common first.

    A script counts under every value that one of its stages has, of "kind" under every tag.
    """
    query = f"SELECT value, COUNT(DISTINCT script), MIN(script) FROM {_values(field)} GROUP BY value ORDER BY 2 DESC, 1"
    return database.execute(query, (json.dumps([*ids]),)).fetchall()


def stating(database: sqlite3.Connection, field: str, ids: Iterable[int], value: object = None) -> list[int]:
    """Which of some scripts have a fact, or one value of it."""
    which, more = ("", []) if value is None else ("WHERE value = ?", [value])
    query = f"SELECT DISTINCT script FROM {_values(field)} {which} ORDER BY script"
    return [script for (script,) in database.execute(query, (json.dumps([*ids]), *more))]


def crossed(database: sqlite3.Connection, field: str, by: str, ids: Iterable[int]) -> list[tuple[Any, Any, int, int]]:
    """(value of `by`, value of a fact, how many scripts have both, one of these) among some scripts; of two facts of
    stages those of the same stage."""
    together = "script, place" if {field, by} <= _STAGED else "script"
    query = (
        f"SELECT g.value, v.value, COUNT(DISTINCT script), MIN(script) FROM {_values(by)} g JOIN {_values(field)} v"
        f" USING ({together}) GROUP BY g.value, v.value ORDER BY 3 DESC, 1, 2"
    )
    among = json.dumps([*ids])
    return database.execute(query, (among, among)).fetchall()


_STAGED = {"batch", "lr", "optimizer", "epochs"}
_PERIODS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}


def _values(field: str) -> str:
    """The scripts among some that have a fact, each with its values; a period of a date is one: "created month"."""
    table = "tags" if field == "kind" else "stages" if field in _STAGED else "scripts"
    script, column = "id" if table == "scripts" else "script", "name" if field == "kind" else field
    date, _, period = field.partition(" ")
    if period:
        seconds = "created" if date == "created" else "mtime_ns / 1000000000"
        column = f"strftime('{_PERIODS.get(period, '%Y')}', {seconds}, 'unixepoch')"
        if period == "quarter":
            column += f" || ' Q' || ((strftime('%m', {seconds}, 'unixepoch') + 2) / 3)"
    place = ", place" if table == "stages" else ""
    among = f"{script} IN (SELECT value FROM json_each(?))"
    return f"(SELECT {script} AS script, {column} AS value{place} FROM {table} WHERE {column} IS NOT NULL AND {among})"
