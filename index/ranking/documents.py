"""What the word index keeps of a script: the texts that it is found by, each in a field of its own."""

from __future__ import annotations

import re
from array import array
from pathlib import Path

from whoosh import columns, fields, formats

from index.catalog.database import Catalog, ScriptRow
from index.known.glossary import synonyms

_HEADING = re.compile(r"^#{1,6} (.{1,80})", re.MULTILINE)
_HEADINGS = 20


class _Positions(formats.Positions):  # type: ignore[misc]
    """What Whoosh keeps of a text."""

    def decode_positions(self, value: bytes) -> list[int]:
        return array("I", value).tolist()

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // array("I").itemsize


_TEXT = fields.TEXT(phrase=True)
_TEXT.format = _Positions()
SCHEMA = fields.Schema(
    script=fields.COLUMN(columns.NumericColumn("q", default=-1)), identity=fields.STORED,
    facts=_TEXT, name=_TEXT, title=_TEXT, symbols=_TEXT, body=_TEXT, folders=_TEXT, project=_TEXT,
)  # fmt: skip


def texts(catalog: Catalog, row: ScriptRow) -> dict[str, str]:
    """Field → text."""
    facts = row.facts
    text, notes = catalog.source(row.id), catalog.notes(row.id)
    headings = " ".join(_HEADING.findall(notes)[:_HEADINGS])
    symbols = re.findall(r"^\s*(?:class|def)\s+(\w+)", text, re.MULTILINE)
    tags = [word for tag in facts.tags for word in (tag.name, *sorted(synonyms(tag.name)))]
    values = [facts.framework, facts.arch, facts.dataset, facts.optimizer, *(s.optimizer for s in facts.stages)]
    path = Path(row.path)
    return {
        "name": " ".join([path.stem, *path.parent.parts[-2:]]),
        "folders": " ".join(path.parent.parts[-4:-2]),
        "facts": " ".join([*tags, *(value for value in values if value)]),
        "title": f"{facts.summary} {facts.description} {headings}",
        "symbols": " ".join(symbols),
        "body": f"{text}\n{notes}" if notes else text,
        "project": catalog.introduction(row.id),
    }
