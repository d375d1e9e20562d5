"""What is known of one script, as text. Pure functions over the search document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from index.files.source import locate
from tui import formats
from tui.scripts.table import COLUMNS, Result
from tui.text import line, sanitise, shorten_path

Document = Mapping[str, Any]
Cells = tuple[tuple[int, int], ...]
STAGED = ("batch", "lr", "optimizer", "epochs")  # of which each stage may have its own
FACTS = ("framework", "arch", "dataset", "batch", "lr", "optimizer", "epochs", "hw")


def cells_of(script: Document) -> Cells:
    """The cells of a notebook, which place its lines; none for a script."""
    found = script.get("cells")
    pairs = found if isinstance(found, list | tuple) else ()
    return tuple(
        (pair[0], pair[1]) for pair in pairs if isinstance(pair, list | tuple) and [*map(type, pair)] == [int, int]
    )


def proof(found: object, cells: Cells, beside: object = None) -> str:
    """Where the value of a fact stands, also in settings beside the script, or what sets it if it is not known."""
    if isinstance(found, int):
        return locate(found, cells) + (f", from {line(str(beside))}" if beside else "")
    return f"set by {line(str(found))}" if found else ""


def details(result: Result, room: int | None = None) -> Text:
    """Everything a result says about its script: what it is, why it was found, its facts with their lines.

    Its path is shortened to `room` cells.
    """
    text = Text()
    text.append(f"{line(str(result.get('model_id', '')))}\n", "bold")
    path = line(str(result.get("path", "")))
    text.append(f"{shorten_path(path, room) if room else path}\n", "dim")
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
        staged = len(result.get("stages") or ()) > 1 and column.key in STAGED
        stages = "  by stage" if staged and value and " / " in value else ""
        beside = proofs.get(f"{column.key}_from")
        where = proof(proofs.get(column.key), cells_of(result), beside) if placed else ""
        if value is None and not where:
            silent.append(column.title)
            continue
        text.append(f"{column.title:<10} ", "dim").append(value or formats.NOT_STATED, "" if value else "dim")
        text.append(f"{stages}  {where}\n" if where else f"{stages}\n", "dim")
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
