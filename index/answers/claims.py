"""The parts of an answer, and the lines that prove a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from index.catalog.rows import ScriptRow
from index.known.glossary import implying
from index.ranking.reasons import fits, holds
from index.understanding.filters import Filter, Query

STAGED = frozenset({"lr", "batch", "optimizer", "epochs"})  # what each stage of a training has of its own


@dataclass(frozen=True)
class Cite:
    """A line of a script; in a notebook it is counted over all cells of code."""

    path: str
    line: int

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "line": self.line}


@dataclass(frozen=True)
class Claim:
    """A sentence and the lines that prove it; without any only where it says that nothing was found."""

    text: str
    cites: tuple[Cite, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "cites": [cite.to_json() for cite in self.cites]}


@dataclass(frozen=True)
class Answer:
    """The contract's answer. `source` is "facts", or the name of the model that put it in other words; `struck` is what
    the model said that no fact supports."""

    claims: tuple[Claim, ...]
    source: str = "facts"
    struck: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(claim.text for claim in self.claims)

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "claims": [claim.to_json() for claim in self.claims if claim.cites],
            "source": self.source,
            **({"struck": list(self.struck)} if self.struck else {}),
        }


def told(text: str, cites: Iterable[Cite]) -> Claim:
    """A sentence with each line that it rests on once."""
    return Claim(text, tuple(dict.fromkeys(cites)))


def first(row: ScriptRow) -> Cite:
    """The line that says best what a script is: of its model, its first tag, its training; else its first."""
    arch = row.facts.evidence.get("arch")
    if isinstance(arch, int):
        return Cite(row.path, arch)
    lines = [tag.line for tag in row.facts.tags] + [stage.line for stage in row.facts.stages]
    return Cite(row.path, lines[0] if lines else 1)


def proofs(row: ScriptRow, query: Query) -> list[Cite]:
    """The lines that prove that a script does as a query asks; without any the line that says best what it is."""
    kinds = [Filter("tag", "eq", one) for one in query.concepts]
    passing = [
        part for one in (*query.filters, *kinds) if not one.negated for part in one.parts if holds(row, part)
    ]  # fmt: skip
    return [cite for one in passing for cite in _proving(row, one)] or [first(row)]


def _proving(row: ScriptRow, one: Filter) -> list[Cite]:
    if one.field == "tag":
        tags = {name for value in one.items for name in implying(str(value))}
        return [Cite(row.path, tag.line) for tag in row.facts.tags if tag.name in tags][:1]
    if one.field == "uses":
        return [Cite(row.path, part.line) for part in row.facts.uses if part.name in one.items][:1]
    if one.field in STAGED:
        values = [value for stage in row.facts.stages if fits(value := getattr(stage, one.field), one)]
        return [proof(row, one.field, values[0])] if values else []
    line = row.facts.evidence.get(one.field)
    return [Cite(row.path, line)] if isinstance(line, int) else []


def proof(row: ScriptRow, field: str, value: object = None) -> Cite:
    """The line that proves a fact, or that one stage of several has a value, or a tag; else the first of the script."""
    if field == "kind":
        return next((Cite(row.path, tag.line) for tag in row.facts.tags if tag.name == value), first(row))
    line = row.facts.evidence.get(field)
    if value is not None and field in STAGED and getattr(row.facts, field) != value:
        line = next((stage.line or line for stage in row.facts.stages if getattr(stage, field) == value), line)
    return Cite(row.path, line) if isinstance(line, int) and line else first(row)
