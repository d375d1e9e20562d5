"""The `field:value` terms of a query: their names, what each accepts, and what to say of one that cannot be read."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from index.known import glossary
from index.known.components import COMPONENTS
from index.known.datasets import canonical
from index.understanding import dates
from index.understanding.filters import Filter, QueryError, Range, Scalar, Sort, stated
from index.understanding.numbers import number, read
from index.understanding.vocabulary import (
    COMPONENT_WORDS,
    FRAMEWORK_WORDS,
    HARDWARE_WORDS,
    OPTIMIZER_WORDS,
    squeeze,
    tag_of,
)

FIELDS: dict[str, str] = {
    "created": "date", "modified": "date", "tag": "tag", "uses": "component", "dataset": "dataset", "framework": "text",
    "optimizer": "text", "batch": "number", "lr": "number", "epochs": "number", "hw": "text", "arch": "text",
    "size": "number", "path": "text", "model": "text", "text": "text",
}  # fmt: skip
OTHER_NAMES = {"opt": "optimizer", "tags": "tag", "data": "dataset", "epoch": "epochs", "hardware": "hw",
                "device": "hw", "id": "model", "name": "model", "batch_size": "batch", "learning_rate": "lr",
                "date": "created", "architecture": "arch", "lrs": "lr", "epoch_count": "epochs"}  # fmt: skip
SORTED = ("created", "modified", "size", "batch", "lr", "epochs", "dataset", "framework", "optimizer", "model", "path")
# what a script may leave open: `lr:*` are those that state it, `lr:none` or `-lr:*` the others
STATED = {"dataset", "framework", "optimizer", "batch", "lr", "epochs", "hw", "arch"}
_NAMES = {"framework": FRAMEWORK_WORDS, "optimizer": OPTIMIZER_WORDS, "hw": HARDWARE_WORDS}
_UNSTATED = {"none", "n/a", "na", "null", "unknown", "unstated", "missing"}
_COMPARISON = re.compile(r"(<=|>=|<|>|=|≤|≥)?(.*)", re.DOTALL)
_OPS = {"<": "lt", "<=": "le", "≤": "le", ">": "gt", ">=": "ge", "≥": "ge", "=": "eq", "": "eq"}


def date_filter(field: str, op: str, start: date, end: date, negated: bool = False) -> Filter:
    """A comparison with a period [start, end): before it, after it, or in it."""
    last = end - timedelta(days=1)
    match op:
        case "lt":
            return Filter(field, "lt", start.isoformat(), negated)
        case "le":
            return Filter(field, "lt", end.isoformat(), negated)
        case "gt":
            return Filter(field, "ge", end.isoformat(), negated)
        case "ge":
            return Filter(field, "ge", start.isoformat(), negated)
        case _:
            return Filter(field, "range", (start.isoformat(), last.isoformat()), negated)


def moved(condition: Filter, years: int) -> Filter:
    """A filter for days as one for the same days so many years later."""

    def later(value: Scalar | None) -> str | None:
        return None if value is None else dates.later(date.fromisoformat(str(value)), 12 * years).isoformat()

    if not isinstance(condition.value, tuple):
        return replace(condition, value=later(condition.value) or "")
    spans = [(later(low), later(high)) for low, high in (cast(Range, item) for item in condition.items)]
    return replace(condition, value=tuple(spans) if condition.op == "in" else cast("tuple[Scalar, Scalar]", spans[0]))


def read_field(name: str, value: str, name_column: int, column: int, today: date) -> Filter:
    """One term. QueryError names the column, and the fields or values that would do."""
    field = name.lower()
    field = OTHER_NAMES.get(field, field)
    if field not in FIELDS:
        near = difflib.get_close_matches(field, [*FIELDS, *OTHER_NAMES], 1)
        meant = f"; did you mean {near[0]}?" if near else "."
        raise QueryError(f"no field is called {name!r}{meant} Fields: {', '.join(FIELDS)}", name_column)
    if not value:
        raise QueryError(f"{name}: needs a value, as in {_example(field)}", column)
    kind = FIELDS[field]
    if field in STATED and (value == "*" or value.lower() in _UNSTATED):
        return stated(field, negated=value != "*")
    if kind == "number":
        return _number_field(field, value, column)
    if kind == "date":
        return _date_field(field, value, column, today)
    values = [_term(field, kind, part, column) for part in value.split(",") if part]
    if not values:
        raise QueryError(f"{name}: needs a value, as in {_example(field)}", column)
    return Filter(field, "eq", values[0]) if len(values) == 1 else Filter(field, "in", tuple(values))


def read_sort(value: str, column: int) -> Sort:
    """`sort:-lr`: the field, largest first with a minus."""
    name = value.lstrip("-+").lower()
    field = OTHER_NAMES.get(name, name)
    if field not in SORTED:
        near = difflib.get_close_matches(field, SORTED, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise QueryError(f"{value!r} is nothing to sort by; {meant}Orders: {', '.join(SORTED)}", column)
    return Sort(field, value.startswith("-"))


def _number_field(field: str, value: str, column: int) -> Filter:
    low, dots, high = value.partition("..")
    if dots:
        ends = [_number(low, field), _number(high, field)]
        if (one := ends[0] if not high else ends[1] if not low else None) is not None:  # open at one end: 64..
            return Filter(field, "le" if not low else "ge", one)
        if ends[0] is None or ends[1] is None:
            raise QueryError(f"{value!r} is not a range of numbers; write it as {field}:64..256", column)
        return Filter(field, "range", (min(ends[0], ends[1]), max(ends[0], ends[1])))
    match = _COMPARISON.fullmatch(value)
    found = _number(match[2], field) if match else None
    if match is None or found is None:
        raise QueryError(f"{value!r} is not a number; {_example(field)} would do", column)
    return Filter(field, _OPS[match[1] or ""], found)


def _number(text: str, field: str) -> int | float | None:
    """A number, for a size with a unit of bytes too."""
    found = read([text.lower()]) if field == "size" and text else None
    return found.value if found else number(text)


def _date_field(field: str, value: str, column: int, today: date) -> Filter:
    low, dots, high = value.partition("..")
    if dots and bool(low) != bool(high):  # open at one end: ..2019
        span = _date(low or high, column + (0 if low else 2), field, today)
        return date_filter(field, "ge" if low else "le", span.start, span.end)
    if dots:
        first, last = _date(low, column, field, today), _date(high, column + len(low) + 2, field, today)
        if last.end <= first.start:
            raise QueryError(f"{value!r} ends before it begins", column)
        return date_filter(field, "eq", first.start, last.end)
    match = _COMPARISON.fullmatch(value)
    assert match is not None
    span = _date(match[2], column + len(match[1] or ""), field, today)
    return date_filter(field, _OPS[match[1] or ""], span.start, span.end)


def _date(text: str, column: int, field: str, today: date) -> dates.Span:
    words = text.lower().split()
    span = dates.read(words, today) if words else None
    if span is None or span.consumed != len(words):
        words = re.split(r"[-\s]+", text.lower())
        span = dates.read(words, today)
    if span is None or span.consumed != len(words):
        would_do = f"{_example(field)}, 2025-04-09, april-2025 or last-week would do"
        raise QueryError(f"{text!r} is not a date; {would_do}", column)
    return span


def _term(field: str, kind: str, value: str, column: int) -> str:
    if kind == "tag":
        tag = tag_of(value)
        if tag is None:
            raise QueryError(f"no tag is called {value!r}. Tags: {', '.join(glossary.TAGS)}", column)
        return tag
    if kind == "component":
        component = COMPONENT_WORDS.get(squeeze(value))
        if component is None:
            raise QueryError(f"nothing is known to be called {value!r}. It may be: {', '.join(COMPONENTS)}", column)
        return component
    if kind == "dataset":
        return canonical(value) or value
    # sklearn, tf, cuda: as facts have it, where it is no part of that
    name = _NAMES.get(field, {}).get(squeeze(value))
    whole = field == "optimizer"
    said = value.lower()
    return name if name and not (said == name.lower() if whole else said in name.lower()) else value


def _example(field: str) -> str:
    return {
        "created": "created:2025-04", "modified": "modified:2025-04", "tag": "tag:cnn", "dataset": "dataset:mnist",
        "lr": "lr:<1e-3", "size": "size:>10k", "framework": "framework:pytorch", "optimizer": "optimizer:adamw",
        "hw": "hw:gpu", "uses": "uses:dropout",
    }.get(field, f"{field}:64..256" if FIELDS[field] == "number" else f"{field}:unet")  # fmt: skip
