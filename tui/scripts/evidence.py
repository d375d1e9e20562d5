"""What a script is said to be, as a list that leads to the lines that prove it. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tui import formats
from tui.scripts.details import FACTS, Cells, cells_of, proof
from tui.scripts.table import COLUMNS, Result
from tui.text import line, sanitise

SPELLED = {"ema": "EMA"}  # settings whose name is no word

_PLACE = re.compile(r"(?:cell (\d+) )?line (\d+)")
_DEEPEST = 6  # levels of a model's outline


@dataclass(frozen=True)
class Entry:
    """One thing said of a script. `line` proves it; without one it is read only. `head` begins a new part."""

    label: str
    text: str
    line: int | None = None
    where: str = ""
    head: bool = False
    stated: bool = True


@dataclass(frozen=True)
class OpenedScript:
    """All that the search child knows of a script: its facts, its text, what it states of its noise."""

    script: Result
    source: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return str(self.script.get("path", ""))


def entries(script: Result, settings: Mapping[str, Any]) -> list[Entry]:
    """All that is known of a script, the facts first."""
    cells = cells_of(script)
    parts = (
        ("facts", list(_facts(script, settings, cells))),
        ("why it was found", list(_why(script, cells))),
        ("stages", list(_stages(script, cells))),
        ("model", list(_model(script.get("model"), cells, 0))),
        ("what it is", list(_tags(script, "outline", "tag", cells))),
        ("what it uses", list(_tags(script, "built", "uses", cells))),
        ("description", list(_description(script))),
    )
    told = [one for title, found in parts if found for one in (Entry("", ""), Entry(title, "", head=True), *found)]
    return told[1:]


def facts(script: Result, settings: Mapping[str, Any]) -> dict[str, Entry]:
    """The facts alone, by name: what two scripts are compared by."""
    cells = cells_of(script)
    found = list(_facts(script, settings, cells))
    told = list(_stages(script, cells))
    stages = [
        Entry(f"Stage {number}", one.text, one.line, one.where)
        for number, one in enumerate(told if len(told) > 1 else (), 1)  # what a single one has are the facts
    ]
    return {one.label: one for one in (*found, *stages)}


def about(script: Result) -> dict[str, Entry]:
    """What is known of a script beyond the facts: it differs of any two."""
    tags = ", ".join(line(str(tag)) for tag in _list(script.get("tags")))
    columns = [column for column in COLUMNS if column.key in ("size", "created", "modified")]
    told = [Entry(column.title, column.text(script) or formats.NOT_STATED) for column in columns]
    return {one.label: one for one in (Entry("Tags", tags), *told)}


def _facts(script: Result, settings: Mapping[str, Any], cells: Cells) -> Iterator[Entry]:
    evidence = script.get("evidence")
    proofs = evidence if isinstance(evidence, Mapping) else {}
    for column in COLUMNS:
        if column.key in FACTS:
            found, value = proofs.get(column.key), column.text(script)
            where = proof(found, cells)
            yield Entry(column.title, value or formats.NOT_STATED, _line(found), where, stated=value is not None)
    for name, stated in settings.items():
        if isinstance(stated, Mapping) and isinstance(stated.get("value"), int | float | str):
            value = stated["value"]
            shown = formats.rate(value) if isinstance(value, float) else line(str(value))
            title = SPELLED.get(str(name)) or line(str(name)).replace("_", " ").capitalize()
            yield Entry(title, shown, _line(stated.get("line")), proof(stated.get("line"), cells))


def _why(script: Result, cells: Cells) -> Iterator[Entry]:
    for reason in _list(script.get("why")):
        said = line(str(reason))
        yield Entry("", said, _placed(said, cells))


def _placed(said: str, cells: Cells) -> int | None:
    """The line that a sentence names."""
    found = _PLACE.search(said)
    if found is None:
        return None
    number, at = found[1], int(found[2][:9])
    if number is None:
        return at
    start = next((first for cell, first in cells if cell == int(number[:9])), None)
    return None if start is None else start + at - 1


def _stages(script: Result, cells: Cells) -> Iterator[Entry]:
    for stage in _records(script.get("stages")):
        rate = stage.get("lr")
        parts = [
            line(str(stage.get("name", ""))),
            str(stage["optimizer"]) if stage.get("optimizer") else "",
            f"lr {formats.rate(rate)}" if isinstance(rate, int | float) else "",
            f"batch {stage['batch']}" if stage.get("batch") else "",
            f"{stage['epochs']} epochs" if stage.get("epochs") else "",
        ]
        where = proof(stage.get("line"), cells)
        yield Entry("", line(", ".join(part for part in parts if part)), _line(stage.get("line")), where)


def _model(parts: object, cells: Cells, depth: int) -> Iterator[Entry]:
    for part in _records(parts):
        name = f"{part['name']}: " if part.get("name") else ""
        said = line(f"{name}{part.get('what', '')}")
        yield Entry("", "  " * depth + said, _line(part.get("line")), proof(part.get("line"), cells))
        if depth < _DEEPEST:
            yield from _model(part.get("parts"), cells, depth + 1)


def _tags(script: Result, key: str, name: str, cells: Cells) -> Iterator[Entry]:
    for tag in _records(script.get(key)):
        said = line(f"{tag.get(name)}: {tag.get('reason')}")
        yield Entry("", said, _line(tag.get("line")), proof(tag.get("line"), cells))


def _description(script: Result) -> Iterator[Entry]:
    told = script.get("summary") or script.get("description")
    for paragraph in sanitise(str(told or "")).strip().split("\n"):
        if paragraph.strip():
            yield Entry("", line(paragraph))


def _line(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _records(value: object) -> list[Mapping[str, Any]]:
    return [one for one in _list(value) if isinstance(one, Mapping)]


def first_proof(result: Result) -> int | None:
    """The line that says what the script's model is, else the first that proves anything."""
    evidence = result.get("evidence")
    lines = [found for found in evidence.values() if isinstance(found, int)] if isinstance(evidence, dict) else []
    arch = evidence.get("arch") if isinstance(evidence, dict) else None
    return arch if isinstance(arch, int) else min(lines, default=None)
