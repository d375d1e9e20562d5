"""Where the workbench was left: what of it is remembered, and which run is looked at first when it is opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from engine.runs.listing import RunSummary
from tui.plotting.view import View
from tui.text import line

PANES = ("runs", "run", "scripts")
MOST = 200  # characters of a filter and of a name, and runs that are remembered as live


class Left(Struct, frozen=True):
    """`live` are the ids of the runs that trained then; `run` is that of the one under the cursor."""

    pane: str = PANES[0]
    zoomed: bool = False
    view: View = field(default_factory=View)
    filter: str = ""
    run: str = ""
    live: tuple[str, ...] = ()

    @classmethod
    def of(cls, left: Mapping[str, Any]) -> Left:
        """What was left; what it cannot be is as at first."""
        live, curve = left.get("live"), left.get("curve")
        return cls(
            left["pane"] if left.get("pane") in PANES else PANES[0],
            left.get("zoomed") is True,
            View.of(curve if isinstance(curve, dict) else {}),
            _text(left.get("filter")),
            _text(left.get("run")),
            tuple(map(_text, live[:MOST])) if isinstance(live, list) else (),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "pane": self.pane,
            "zoomed": self.zoomed,
            "curve": self.view.to_json(),
            "filter": self.filter,
            "run": self.run,
            "live": list(self.live[:MOST]),
        }

    def since(self, runs: Sequence[RunSummary]) -> RunSummary | None:
        """The newest run that trains now and did not then: whoever comes back comes for it."""
        return next((run for run in runs if run.state == "running" and run.id not in self.live), None)

    def first(self, runs: Sequence[RunSummary]) -> RunSummary | None:
        """The run to look at: one that has begun since, else the one that was looked at, else the newest live one."""
        before = next((run for run in runs if run.id == self.run), None)
        return self.since(runs) or before or next((run for run in runs if run.state == "running"), None)


def _text(value: object) -> str:
    return line(value)[:MOST] if isinstance(value, str) else ""
