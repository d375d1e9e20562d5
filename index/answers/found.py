"""The scripts that a question, or a side of a comparison, is answered by: how many, and what they state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from index.answers.claims import Cite, proof
from index.answers.wording import all_of, asked, searched
from index.catalog.database import Catalog
from index.catalog.rows import ScriptRow
from index.understanding.filters import Query

_DIGITS = {"year": 4, "month": 7, "day": 10}  # of a day


@dataclass(frozen=True)
class Value:
    """A value of a fact, how many scripts have it, and the id of one that does."""

    value: Any
    count: int
    script: int


@dataclass(frozen=True)
class Found:
    """`ids` are all that answer `query`, `best` those of them that are shown, the best first."""

    catalog: Catalog
    query: Query
    ids: tuple[int, ...]
    best: tuple[ScriptRow, ...]

    @property
    def all(self) -> str:
        """ "49 GANs that train on MNIST", "431 scripts"."""
        return all_of(len(self.ids), self.query)

    def asked(self, *, several: bool) -> str:
        """What is asked of them, as a predicate."""
        words, rest = searched(self.query), asked(self.query, several=several)
        best = f"match{'' if several else 'es'} {words} best" if words else ""
        return " and ".join(filter(None, (rest, best)))

    def rows(self, most: int) -> Sequence[ScriptRow]:
        """The best of them, then others by their paths."""
        missing = [script for script in self.ids if script not in {row.id for row in self.best}]
        more = missing[: max(0, most - len(self.best))]
        return [*self.best[:most], *self._rows(more)]

    def _rows(self, ids: Iterable[int]) -> list[ScriptRow]:
        wanted = [*ids]
        found = {row.id: row for row in self.catalog.rows(wanted)} if wanted else {}
        return [found[script] for script in wanted if script in found]

    def values(self, field: str) -> list[Value]:
        """Each value of a fact that they have, the most common first."""
        return [Value(*one) for one in self.catalog.tally(field, self.ids)]

    def crossed(self, field: str, by: str) -> dict[Any, list[Value]]:
        """The values of a fact for each value of another one, as `values`; what most scripts have comes first, a period
        in its order."""
        groups: dict[Any, list[Value]] = {}
        for group, *one in self.catalog.crossed(field, by, self.ids):
            groups.setdefault(group, []).append(Value(*one))
        if " " in by:
            return dict(sorted(groups.items()))
        return dict(sorted(groups.items(), key=lambda pair: -sum(one.count for one in pair[1])))

    def cites(self, field: str, values: Sequence[Value]) -> list[Cite]:
        """For each value the line that proves it of a script, of one that is shown if any has it."""
        shown = {value: row for row in reversed(self.best) for value in values_of(row, field)}
        others = {row.id: row for row in self._rows(one.script for one in values if one.value not in shown)}
        rows = [(shown.get(one.value) or others.get(one.script), one.value) for one in values]
        return [proof(row, field, value) for row, value in rows if row is not None]

    def stating(self, field: str) -> int:
        """How many of them state a fact."""
        return len(self.catalog.stating(field, self.ids))

    def having(self, field: str, value: Any, most: int) -> list[ScriptRow]:
        """Scripts that have a value of a fact, those that are shown first."""
        ids = self.catalog.stating(field, self.ids, value)
        shown = [row for row in self.best if row.id in {*ids}]
        rest = [script for script in ids if script not in {row.id for row in shown}]
        return [*shown, *self._rows(rest[: max(0, most - len(shown))])][:most]


def period_of(row: ScriptRow, field: str) -> str:
    """The period of a date of a script, as the catalogue names it: "2025", "2025-04", "2025 Q2"."""
    date, _, period = field.partition(" ")
    day = getattr(row, date)
    return f"{day:%Y} Q{(day.month + 2) // 3}" if period == "quarter" else f"{day:%Y-%m-%d}"[: _DIGITS[period]]


def values_of(row: ScriptRow, field: str) -> list[Any]:
    """The values of a fact that a script has, as the catalogue counts them."""
    facts = row.facts
    if " " in field:
        return [period_of(row, field)]
    if field == "kind":
        return [tag.name for tag in facts.tags]
    if field in {"lr", "batch", "optimizer", "epochs"}:
        return [value for stage in facts.stages if (value := getattr(stage, field)) is not None]
    return [value for value in (getattr(facts, field),) if value is not None]
