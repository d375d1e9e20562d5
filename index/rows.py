"""What the catalogue keeps of a script: as it is read, as it is remembered, and as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from index.facts.record import PLAIN_FIELDS, ScriptFacts
from index.passages import Passage

_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def iso(seconds: float) -> str:
    """UTC as the contract writes it: 2025-04-09T00:00:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(seconds: float) -> datetime:
    """A time a file claims (s since 1970, UTC); the nearest that a calendar has, where it claims an absurd one."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LATEST), UTC)


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

        `outline` is why it has each tag; `cells` places lines in a notebook, see :func:`index.source.locate`.
        """
        return {
            **self.to_json(),
            "summary": self.facts.summary,
            "created_source": self.created_source,
            "outline": [{"tag": tag.name, "line": tag.line, "reason": tag.reason} for tag in self.facts.tags],
            "cells": [list(cell) for cell in self.facts.cells],
        }


@dataclass(frozen=True)
class Known:
    """What the catalogue remembers of a file, to tell whether it changed."""

    id: int
    size: int
    mtime_ns: int
    hash: str
    facts_version: int
    status: str


@dataclass(frozen=True)
class Entry:
    """One script as read, ready to be kept."""

    path: str
    size: int
    mtime_ns: int
    hash: str
    facts_version: int
    status: str
    reason: str = ""
    facts: ScriptFacts = field(default_factory=ScriptFacts)
    text: str = ""
    passages: tuple[Passage, ...] = ()
