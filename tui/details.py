"""What is known of a search's answer and of one script, as text. Pure functions over the search document."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from rich.text import Text

from index.files.source import locate
from tui import formats
from tui.table import COLUMNS, Result
from tui.text import line, sanitise

Document = Mapping[str, Any]
Cells = tuple[tuple[int, int], ...]
FACTS = ("framework", "arch", "dataset", "batch", "lr", "optimizer", "epochs", "hw")
_SIGNS = {"eq": "", "in": "", "lt": "< ", "le": "≤ ", "gt": "> ", "ge": "≥ "}


def cells_of(script: Document) -> Cells:
    """The cells of a notebook, which place its lines; none for a script."""
    return tuple((number, start) for number, start in script.get("cells") or ())


def proof(found: object, cells: Cells, beside: object = None) -> str:
    """Where the value of a fact stands, also in settings beside the script, or what it hangs on if it is not known."""
    if isinstance(found, int):
        return locate(found, cells) + (f", from {line(str(beside))}" if beside else "")
    return f"hangs on {line(str(found))}" if found else ""


def chips(response: Document) -> list[str]:
    """What was understood of a question: the words searched for, each filter, the order, and what is in doubt."""
    understood = response.get("understood")
    if not isinstance(understood, Mapping):
        return []
    found = [line(f"“{understood['text']}”")] if understood.get("text") else []
    found += [_chip(one) for one in _records(understood.get("filters"))]
    orders = _records(understood.get("sort"))
    found += [line(f"by {'-' if one.get('descending') else ''}{one.get('field')}") for one in orders]
    if isinstance(understood.get("limit"), int):
        found.append(f"first {understood['limit']}")
    corrected = understood.get("corrected")
    if isinstance(corrected, Mapping):
        found += [line(f"{right} for {wrong}") for wrong, right in corrected.items()]
    return found + [line(f"? {doubt(one)}") for one in _records(understood.get("unclear"))]


def doubt(one: Mapping[str, Any]) -> str:
    """What could not be read as a date, a number or a negation, or only by a guess."""
    kind = str(one.get("kind", ""))
    return f"{one.get('text')}: {kind if 'read as' in kind else f'not understood as a {kind}'}"


def _chip(one: Mapping[str, Any]) -> str:
    return line(said(one))


def said(one: Mapping[str, Any]) -> str:
    """One filter of a search document as a person says it: `created 2025-04`, `not lr < 0.001`, `batch 64 or 128`."""
    op, value = str(one.get("op", "")), one.get("value")
    field = str(one.get("field", ""))
    if op in ("any", "all") and isinstance(value, list):
        parts = [said(part) for part in value if isinstance(part, Mapping)]
        joined = (" or " if op == "any" else " and ").join(parts)
        return f"not ({joined})" if one.get("negated") else f"({joined})" if op == "all" else joined
    if op == "in" and isinstance(value, list):
        told = " or ".join(_span(*v) if isinstance(v, list) and len(v) == 2 else _plain(v) for v in value)
    elif op == "range" and isinstance(value, list) and len(value) == 2:
        told = _span(*value)
    else:
        told = _SIGNS.get(op, "") + (", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value))
    return f"{'not ' if one.get('negated') else ''}{field} {told}"


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _span(low: object, high: object) -> str:
    """A range as a person says it: a whole month by its name, an open end by its sign."""
    if low is None or high is None:
        return f"≤ {_plain(high)}" if low is None else f"≥ {_plain(low)}"
    try:
        first, last = date.fromisoformat(str(low)[:10]), date.fromisoformat(str(high)[:10])
    except ValueError:
        return _plain(low) if low == high else f"{_plain(low)}…{_plain(high)}"
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return f"{first}" if first == last else f"{first}…{last}"


def details(result: Result) -> Text:
    """Everything a result says about its script: what it is, why it was found, its facts with their lines."""
    text = Text()
    text.append(f"{line(str(result.get('model_id', '')))}\n", "bold")
    text.append(f"{line(str(result.get('path', '')))}\n", "dim")
    description = result.get("summary") or result.get("description")
    if description:
        text.append(f"{sanitise(str(description)).strip()}\n")
    for reason in _strings(result.get("why")):
        text.append(f" · {reason}\n")
    # A search's answer does not say where the cells of a notebook begin; what is known of one script does.
    placed = "cells" in result or not str(result.get("path", "")).endswith(".ipynb")
    _facts(text, result, placed)
    _stages(text, result, placed)
    tags = _strings(result.get("tags"))
    if tags:
        text.append("tags ", "dim").append(f"{', '.join(tags)}\n")
    outline = _records(result.get("outline"))
    if outline:
        text.append("outline\n", "dim")
    for tag in outline:
        where = proof(tag.get("line"), cells_of(result))
        said = f"{tag.get('tag')}: {tag.get('reason')}, {where}"
        text.append(f" {line(said)}\n")
    text.rstrip()
    return text


def _records(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [line(str(one)) for one in value] if isinstance(value, list) else []


def _facts(text: Text, result: Result, placed: bool) -> None:
    evidence = result.get("evidence")
    proofs = evidence if isinstance(evidence, Mapping) else {}
    silent = []
    for column in COLUMNS:
        if column.key not in FACTS:
            continue
        value = column.text(result)
        beside = proofs.get(f"{column.key}_from")
        where = proof(proofs.get(column.key), cells_of(result), beside) if placed else ""
        if value is None and not where:
            silent.append(column.title)
            continue
        text.append(f"{column.title:<10} ", "dim").append(value or formats.NOT_STATED, "" if value else "dim")
        text.append(f"  {where}\n" if where else "\n", "dim")
    if silent:
        text.append(f"{formats.NOT_STATED:<10} {', '.join(silent)}\n", "dim")


def _stages(text: Text, result: Result, placed: bool) -> None:
    told = _records(result.get("stages"))
    if len(told) < 2:
        return
    text.append("stages\n", "dim")
    for number, stage in enumerate(told, 1):
        text.append(f" {number} {line(str(stage.get('name', '')))}")
        rate = stage.get("lr")
        parts = [
            str(stage["optimizer"]) if stage.get("optimizer") else "",
            f"lr {formats.rate(rate)}" if isinstance(rate, int | float) else "",
            f"batch {stage['batch']}" if stage.get("batch") else "",
            f"{stage['epochs']} epochs" if stage.get("epochs") else "",
            proof(stage.get("line"), cells_of(result)) if placed else "",
        ]
        text.append(f"  {line(', '.join(part for part in parts if part))}\n", "dim")
