"""The last line names what is of use here, and first what is of most."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tui.keys import actions
from tui.keys.footer import Here, footer

RUNS = Here("runs", (actions.RUNS,), runs=3, states=("running",))
RUN = Here("run", (actions.RUN,), runs=3, states=("finished",), drawings=3)


def named(here: Here) -> list[str]:
    first, _ = footer(here)
    return [action.label for action in first]


@pytest.mark.parametrize(
    ("here", "first"),
    [
        (Here("runs", (actions.RUNS,), runs=0), ["new run", "search", "new run"]),
        (Here("runs", (actions.RUNS,)), ["new run"]),
        (replace(RUNS, runs=1), ["stop", "checkpoint", "new run"]),
        (RUNS, ["stop", "checkpoint", "new run", "choose", "filter"]),
        (replace(RUNS, states=("stopped",)), ["resume", "new run", "choose", "filter"]),
        (
            replace(RUNS, states=("stopped", "lost"), chosen=2),
            ["compare", "resume", "new run", "choose", "none", "filter"],
        ),
        (
            replace(RUNS, chosen=1, beside=True),
            ["compare", "stop", "checkpoint", "new run", "choose", "none", "filter"],
        ),
        (replace(RUNS, hidden=("scripts",)), ["stop", "checkpoint", "scripts", "new run", "choose", "filter"]),
        (
            replace(RUNS, zoomed=True, hidden=("run",)),
            ["all panes", "stop", "checkpoint", "new run", "choose", "filter"],
        ),
        (replace(RUNS, places=(actions.FILTER,), typed=True), ["runs", "all runs", "help"]),
        (replace(RUN, states=()), []),
        (replace(RUN, reads=True, places=(actions.LOG,)), ["draw", "follow"]),
        (Here("scripts", (actions.RESULTS,), wide=True, zoomed=True), ["open", "train"]),
        (Here("scripts", bare=True), ["index"]),
    ],
)
def test_what_is_named_first(here: Here, first: list[str]) -> None:
    assert named(here)[: len(first)] == first


def test_what_is_done_to_a_run_comes_after_how_its_curve_is_looked_at() -> None:
    live = named(replace(RUN, states=("running",)))
    assert live.index("series") < live.index("stop") and live.index("smooth") < live.index("stop")
    assert "older" in live and "log axis" in live
    assert "older" not in named(replace(RUN, drawings=1))


def test_what_else_is_done_is_named_last() -> None:
    _, last = footer(RUNS)
    assert [action.label for action in last] == ["name, note", "draw", "log"]
    assert "remove" in [action.label for action in footer(replace(RUNS, states=("lost",)))[1]]
    assert footer(Here("scripts", hidden=("runs", "run")))[1][0].label == "runs"
