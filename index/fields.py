"""The `field:value` terms of a query: their names, what each accepts, and what to say of one that cannot be read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date, timedelta

from index import dates, glossary
from index.facts.dataset import ALIASES, canonical
from index.filters import Filter, QueryError

FIELDS: dict[str, str] = {
    "created": "date", "modified": "date", "tag": "tag", "dataset": "dataset", "framework": "text",
    "optimizer": "text", "batch": "number", "lr": "number", "epochs": "number", "hw": "text", "arch": "text",
    "size": "number", "path": "text", "model": "text", "text": "text",
}  # fmt: skip
_OTHER_NAMES = {"opt": "optimizer", "tags": "tag", "data": "dataset", "epoch": "epochs", "hardware": "hw",
                "device": "hw", "id": "model", "name": "model", "batch_size": "batch", "learning_rate": "lr",
                "date": "created"}  # fmt: skip
_COMPARISON = re.compile(r"(<=|>=|<|>|=|≤|≥)?(.*)", re.DOTALL)
_OPS = {"<": "lt", "<=": "le", "≤": "le", ">": "gt", ">=": "ge", "≥": "ge", "=": "eq", "": "eq"}
_NUMBER = re.compile(r"([-+]?(?:\d[\d_]*(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?)(k|m)?", re.IGNORECASE)
_POWER = re.compile(r"(?:(\d+(?:\.\d+)?)[*x×])?10(?:\^|\*\*)(-?\d{1,2})")


def number(text: str) -> int | float | None:
    """ "1e-3", "100_000", "1,000", "64k", "10^-3" → a number; None for anything else."""
    power = _POWER.fullmatch(text)
    if power:
        return float(f"{power[1] or 1}e{power[2]}")
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    try:
        unit = {"k": 1e3, "m": 1e6}.get((match[2] or "").lower(), 1)
        value = float(match[1].replace("_", "").replace(",", "")) * unit
    except ValueError:
        return None
    if not abs(value) < 1e15:
        return None
    return int(value) if value == int(value) else value


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


def read_field(name: str, value: str, name_column: int, column: int, today: date) -> Filter:
    """One term. QueryError names the column, and the fields or values that would do."""
    field = name.lower()
    field = _OTHER_NAMES.get(field, field)
    if field not in FIELDS:
        near = difflib.get_close_matches(field, [*FIELDS, *_OTHER_NAMES], 1)
        meant = f"; did you mean {near[0]}?" if near else "."
        raise QueryError(f"no field is called {name!r}{meant} Fields: {', '.join(FIELDS)}", name_column)
    if not value:
        raise QueryError(f"{name}: needs a value, as in {_example(field)}", column)
    kind = FIELDS[field]
    if kind == "number":
        return _number_field(field, value, column)
    if kind == "date":
        return _date_field(field, value, column, today)
    values = [_term(field, kind, part, column) for part in value.split(",") if part]
    if not values:
        raise QueryError(f"{name}: needs a value, as in {_example(field)}", column)
    return Filter(field, "eq", values[0]) if len(values) == 1 else Filter(field, "in", tuple(values))


def _number_field(field: str, value: str, column: int) -> Filter:
    low, dots, high = value.partition("..")
    if dots:
        ends = [number(low), number(high)]
        if ends[0] is None or ends[1] is None:
            raise QueryError(f"{value!r} is not a range of numbers; write it as {field}:64..256", column)
        return Filter(field, "range", (min(ends[0], ends[1]), max(ends[0], ends[1])))
    match = _COMPARISON.fullmatch(value)
    found = number(match[2]) if match else None
    if match is None or found is None:
        raise QueryError(f"{value!r} is not a number; {_example(field)} would do", column)
    return Filter(field, _OPS[match[1] or ""], found)


def _date_field(field: str, value: str, column: int, today: date) -> Filter:
    low, dots, high = value.partition("..")
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
    if kind == "dataset":
        return canonical(value) or value
    return value


def tag_of(text: str) -> str | None:
    """The tag that a word or phrase stands for."""
    return TAG_WORDS.get(squeeze(text))


def squeeze(text: str) -> str:
    """Letters and digits only, lower case: "U-Net" → "unet"."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _index(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {squeeze(alias): name for name, aliases in names.items() for alias in (name, *aliases)}


TAG_WORDS = _index(glossary.TAGS)
FRAMEWORK_WORDS = _index(glossary.FRAMEWORKS)
OPTIMIZER_WORDS = _index(glossary.OPTIMIZERS)
HARDWARE_WORDS = _index(glossary.HARDWARE)
DATASET_WORDS = _index(ALIASES)


def _example(field: str) -> str:
    return {
        "created": "created:2025-04", "modified": "modified:2025-04", "tag": "tag:cnn", "dataset": "dataset:mnist",
        "lr": "lr:<1e-3", "size": "size:>10k", "framework": "framework:pytorch", "optimizer": "optimizer:adamw",
        "hw": "hw:gpu",
    }.get(field, f"{field}:64..256" if FIELDS[field] == "number" else f"{field}:unet")  # fmt: skip
