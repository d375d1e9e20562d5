"""What the catalogue keeps of a script: as it is read, as it is remembered, and as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from index.record import PLAIN_FIELDS, Part, ScriptFacts

if TYPE_CHECKING:
    from index.catalog.passages import Passage

_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def iso(seconds: float) -> str:
    """UTC as the contract writes it: 2025-04-09T00:00:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(seconds: float) -> datetime:
    """A time a file claims (s since 1970, UTC); the nearest that a calendar has, where it claims an absurd one."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LATEST), UTC)


def part_to(part: Part) -> dict[str, Any]:
    """One part of an outline as JSON, with the parts it is made of."""
    inner = {"parts": [part_to(inner) for inner in part.parts]} if part.parts else {}
    return {"name": part.name, "what": part.what, "line": part.line, **inner}


def part_from(value: dict[str, Any]) -> Part:
    """The part that :func:`part_to` wrote."""
    parts = tuple(part_from(inner) for inner in value.get("parts", ()))
    return Part(value["name"], value["what"], value["line"], parts)


@dataclass(frozen=True)
class ScriptRow:
    """One indexed model script."""

    id: int
    path: str
    model_id: str
    size: int
    created: datetime
    created_source: str
    modified: datetime
    facts: ScriptFacts

    def to_json(self) -> dict[str, Any]:
        """The fields of a search result that belong to the script itself."""
        facts = self.facts
        return {
            "model_id": self.model_id,
            "size": self.size,
            "created": iso(self.created.timestamp()),
            "modified": iso(self.modified.timestamp()),
            "path": self.path,
            "description": facts.description,
            "summary": facts.summary,
            "framework_version": facts.framework_version,
            **{name: getattr(facts, name) for name in PLAIN_FIELDS},
            "stages": [
                {"name": s.name, "line": s.line, "batch": s.batch, "lr": s.lr, "optimizer": s.optimizer,
                 "epochs": s.epochs}
                for s in facts.stages
            ],
            "tags": [tag.name for tag in facts.tags],
            "evidence": dict(facts.evidence),
        }  # fmt: skip

    def shown(self) -> dict[str, Any]:
        """A script for `show`: the fields of a result, and what explains them.

        `outline` is why it has each tag, `built` where it builds each component, `model` the tree of its classes and
        layers; `cells` places lines in a notebook, see :func:`index.files.source.locate`.
        """
        return {
            **self.to_json(),
            "created_source": self.created_source,
            "outline": [{"tag": tag.name, "line": tag.line, "reason": _whole(tag.reason)} for tag in self.facts.tags],
            "built": [{"uses": one.name, "line": one.line, "reason": _whole(one.reason)} for one in self.facts.uses],
            "model": [part_to(part) for part in self.facts.outline],
            "cells": [list(cell) for cell in self.facts.cells],
        }


def _whole(reason: str) -> str:
    """A reason whose last word leads to its line, where the line is told apart from it."""
    return f"{reason} here" if reason.endswith(", first") else reason


class Known(NamedTuple):
    """What the catalogue remembers of a file, to tell whether it changed."""

    id: int
    size: int
    mtime_ns: int
    hash: str
    facts_version: int
    status: str
    beside: str = ""


@dataclass(frozen=True)
class Entry:
    """One script as read, ready to be kept: `text` and `notes` packed by zlib, `beside` the state of the other files
    that its facts come from, `introduction` what its project's README begins with."""

    path: str
    size: int
    mtime_ns: int
    hash: str
    facts_version: int
    status: str
    reason: str = ""
    facts: ScriptFacts = field(default_factory=ScriptFacts)
    text: bytes = b""
    notes: bytes = b""
    passages: tuple[Passage, ...] = ()
    introduction: Passage | None = None
    beside: str = ""
