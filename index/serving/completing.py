"""Completion in the search box: names of fields, and the values that the index has for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from index.catalog.database import Catalog
from index.known.glossary import TAGS
from index.understanding.fields import FIELDS, OTHER_NAMES, SORTED

_MOST = 20
_WORD = re.compile(r"[^\s()]*$")
_DATES = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-year", "last-year")


@dataclass(frozen=True)
class Completions:
    """What may stand from `start` (counted from 0) to the cursor, likeliest first."""

    start: int
    options: tuple[str, ...]


def completions(text: str, cursor: int, catalog: Catalog) -> Completions:
    """What the word before the cursor may be on its way to."""
    before = text[: max(0, cursor)]
    match = _WORD.search(before)
    word = match.group() if match else ""
    name, colon, value = word.lstrip("-").partition(":")
    if not colon:
        start = len(before) - len(name)
        fields = [f"{field}:" for field in (*FIELDS, "sort") if name and field.startswith(name.lower())]
        return Completions(start, tuple(fields))
    part = value.split(",")[-1].lstrip("-+<>=≤≥").strip('"').lower()
    start = len(before) - len(part)
    values = _values(OTHER_NAMES.get(name.lower(), name.lower()), catalog)
    ordered = [one for one in values if any(way.startswith(part) for way in _ways(one))]
    ordered += [one for one in values if part and part in one.lower() and one not in ordered]
    return Completions(start, tuple(ordered[:_MOST]))


def _values(field: str, catalog: Catalog) -> list[str]:
    """What a field may be, the commonest first."""
    kind = FIELDS.get(field)
    if field == "sort":
        return list(SORTED)
    if kind == "date":
        return list(_DATES)
    if field == "tag":
        counts = {tag: len(catalog.tagged(tag)) for tag in TAGS}
        return sorted((tag for tag in TAGS if counts[tag]), key=lambda tag: (-counts[tag], tag))
    if field == "uses":
        used = catalog.used()
        return sorted(used, key=lambda component: (-used[component], component))
    column = {"model": "model_id"}.get(field, field)
    if kind is None or field in {"path", "text"}:
        return []
    counted: dict[str, int] = {}
    for value in catalog.column(column).values():
        shown = _number(value) if isinstance(value, float) else str(value)
        written = f'"{shown}"' if " " in shown else shown
        counted[written] = counted.get(written, 0) + 1
    return sorted(counted, key=lambda one: (-counted[one], one))


def _number(value: float) -> str:
    """A number as it is typed: 1e-5, and 1e-4 too, as the table shows it."""
    mantissa, power, exponent = (f"{value:.6e}" if 0 < abs(value) < 0.01 else f"{value:g}").partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}" if power else mantissa


def _ways(value: str) -> Iterator[str]:
    """How a value may be typed: 1e-4 is 0.0001 too."""
    yield value.lower()
    with suppress(ValueError):
        yield f"{float(value):.12f}"
