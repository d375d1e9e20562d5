"""What a query asks for, once understood: hard filters, concepts to rank by, and the words that are left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Scalar = str | int | float


class QueryError(ValueError):
    """A query that cannot be served as written; `column` (from 1) is where, the message says what would do."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


@dataclass(frozen=True)
class Filter:
    """A condition no result may violate. `op` is eq, in, lt, le, gt, ge or range (both ends belong to it); dates are
    ISO days."""

    field: str
    op: str
    value: Scalar | tuple[Scalar, ...]
    negated: bool = False

    def to_json(self) -> dict[str, Any]:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"field": self.field, "op": self.op, "value": value, "negated": self.negated}


@dataclass(frozen=True)
class Query:
    """`words` and `phrases` are searched for; `concepts` are tags the words stand for, a reason to rank higher."""

    text: str
    filters: tuple[Filter, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "filters": [item.to_json() for item in self.filters]}
