"""Which keys of the workbench do something for what is under the cursor: the footer names them first."""

from __future__ import annotations

from collections.abc import Collection

from tui.rows import ENDED

OF_STATE = {
    "running": ("stop_run", "checkpoint_run"),
    "queued": ("stop_run",),
    "stopped": ("resume_run",),
    "failed": ("resume_run",),
    "lost": ("resume_run",),
}
STEERING = frozenset(name for does in OF_STATE.values() for name in does)
LOOKS = ("next_metric(1)", "smooth")  # how a curve is looked at
NO_RUNS = ("new_run", "search")


def fitting(pane: str, states: Collection[str], pictured: bool) -> list[str]:
    """Names of actions for the runs that are meant, those chosen or the one under the cursor; `states` has one each.

    `pictured` says whether a picture is shown. In the pane of the scripts there are none.
    """
    if pane == "scripts":
        return []
    names = ["compare_settings"] if len(states) > 1 else []
    names += [name for state, does in OF_STATE.items() if state in states for name in does]
    names += ["generate"] if "finished" in states or (pane == "run" and pictured) else []
    names += ["save_picture"] if pane == "run" and pictured else []
    return list(dict.fromkeys(names))


def besides(pane: str, states: Collection[str]) -> list[str]:
    """What else is done with these runs: named last, where there is room."""
    if pane == "scripts" or not states:
        return []
    return ["describe_run", "generate", *(["remove_run"] if set(ENDED).intersection(states) else []), "show_log"]
