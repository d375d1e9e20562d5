"""What a question found: how many scripts, in which order they stand, how fast, and whether meaning was part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.scripts.table import Result
from tui.text import line

if TYPE_CHECKING:
    from tui.widgets.results import Layout

COMING = ("loading", "ready")  # how far meaning is, where it will still be part of what was found by words


@dataclass(frozen=True)
class Found:
    """What answers `query`: of `total` scripts that fit those that are shown. `took` is in milliseconds, `stage`
    "words" or "hybrid", "" before anything was asked."""

    results: Sequence[Result] = ()
    query: object = None
    stage: str = ""
    took: float | None = None
    total: int | None = None
    notice: str = ""

    @classmethod
    def of(cls, response: Mapping[str, Any], stage: str, notices: object) -> Found:
        took, total = response.get("took_ms"), response.get("total")
        spent = took.get("total") if isinstance(took, Mapping) else None
        return cls(
            [one for one in response.get("results") or [] if isinstance(one, Mapping)],
            response.get("query"),
            stage,
            spent if isinstance(spent, int | float) else None,
            total if isinstance(total, int) else None,
            line(" · ".join(map(str, notices))) if isinstance(notices, list) else "",
        )

    @property
    def all_shown(self) -> bool:
        return self.total is None or self.total <= len(self.results)

    def measured(self, meaning: str) -> bool:
        """Whether the similarities are what they will be: without meaning that is on its way they are not."""
        return self.stage != "words" or meaning not in COMING

    def told(self, layout: Layout, meaning: str) -> str:
        """One line; `meaning` is how far it is, or why there is none."""
        count = len(self.results)
        of = "" if self.all_shown else f" of {self.total}"
        parts = [f"{count}{of} script{'' if count == 1 and not of else 's'}"]
        parts += layout.told("the first" if of else "sorted")
        if self.took is not None:
            parts.append(f"{self.took:.0f} ms")
        if self.stage == "words":
            parts.append("words now, meaning in a moment" if meaning in COMING else meaning)
        else:
            parts.append("words and meaning")
        return " · ".join(parts)
