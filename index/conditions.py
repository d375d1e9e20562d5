"""Filters as SQL over the catalogue. A negated filter keeps what does not state the value at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from index.filters import Filter, Scalar

_COMPARE = {"eq": "=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_STAGE_FIELDS = {"batch", "lr", "epochs", "optimizer"}
# a day starts at midnight UTC, the clock of every time shown
_SECONDS = {"created": "s.created", "modified": "(s.mtime_ns / 1000000000)"}


def condition(wanted: Filter, containing: Callable[[str], set[int]]) -> tuple[str, list[Any]]:
    """One filter as an SQL condition on `scripts s`; `containing` gives the scripts that hold a text."""
    sql, values = _positive(wanted, containing)
    return (f"NOT COALESCE(({sql}), 0)" if wanted.negated else f"({sql})"), values


def _positive(wanted: Filter, containing: Callable[[str], set[int]]) -> tuple[str, list[Any]]:
    field = wanted.field
    if field in _SECONDS:
        return _date(_SECONDS[field], wanted)
    if field == "text":
        scripts = sorted(set[int]().union(*(containing(str(value)) for value in _several(wanted.value))))
        return f"s.id IN (SELECT value FROM json_each('{scripts}'))", []
    if field == "tag":
        marks = ",".join("?" * len(_several(wanted.value)))
        return f"EXISTS (SELECT 1 FROM tags t WHERE t.script = s.id AND t.name IN ({marks}))", [*_several(wanted.value)]
    if field in _STAGE_FIELDS:
        inner, values = _value(f"g.{field}", wanted)
        return f"EXISTS (SELECT 1 FROM stages g WHERE g.script = s.id AND {inner})", values
    if field in {"framework", "arch", "hw", "path", "model"}:
        column = "s.model_id" if field == "model" else f"s.{field}"
        parts = [f"instr(lower({column}), ?) > 0" for _ in _several(wanted.value)]
        return " OR ".join(parts), [str(value).lower() for value in _several(wanted.value)]
    return _value(f"s.{field}", wanted)


def _value(column: str, wanted: Filter) -> tuple[str, list[Any]]:
    values = list(_several(wanted.value))
    if wanted.op == "range":
        return f"{column} BETWEEN ? AND ?", values
    if isinstance(values[0], str):
        marks = ",".join("?" * len(values))
        return f"lower({column}) IN ({marks})", [str(value).lower() for value in values]
    if wanted.op == "in":
        return f"{column} IN ({','.join('?' * len(values))})", values
    if wanted.op == "eq" and isinstance(values[0], float):
        return f"ABS({column} - ?) <= 1e-9 * ABS({column})", values
    return f"{column} {_COMPARE[wanted.op]} ?", values


def _date(column: str, wanted: Filter) -> tuple[str, list[Any]]:
    if wanted.op == "range":
        first, last = (str(value) for value in _several(wanted.value))
        return f"{column} >= ? AND {column} < ?", [_midnight(first), _midnight(last) + 86400]
    return f"{column} {_COMPARE[wanted.op]} ?", [_midnight(str(wanted.value))]


def _midnight(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)) // timedelta(seconds=1)


def _several(value: Scalar | tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    return value if isinstance(value, tuple) else (value,)
