"""Which keys of the workbench do something for what is under the cursor: the footer names them first."""

from __future__ import annotations

from collections.abc import Collection

OF_STATE = {
    "running": ("stop_run", "checkpoint_run"),
    "queued": ("stop_run",),
    "stopped": ("resume_run",),
    "failed": ("resume_run",),
    "lost": ("resume_run",),
    "finished": ("generate",),
}


NO_RUNS = ("new_run", "search")


def fitting(pane: str, states: Collection[str], pictured: bool) -> list[str]:
    """Names of actions for the runs that are meant, those chosen or the one under the cursor; `states` has one each.

    `pictured` says whether a picture is shown. In the pane of the scripts there are none.
    """
    if pane == "scripts":
        return []
    names = ["compare_settings"] if len(states) > 1 else []
    names += [name for state, does in OF_STATE.items() if state in states for name in does]
    names += ["save_picture"] if pane == "run" and pictured else []
    return list(dict.fromkeys(names))
