"""Which keys the last line of the workbench names: first those that do something for what is under the cursor."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tui.keys import actions
from tui.keys.actions import Action
from tui.runs.rows import ENDED

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


class Here(Struct, frozen=True):
    """What the footer goes by.

    `places` are those of the registry whose keys the focus adds, `typed` says that letters are text there. `states` has
    one for each run that is meant, those chosen or the one under the cursor; `runs` is how many there are, None before
    they were looked at; `beside` where one is chosen and the cursor on another. `drawings` are those of the run that is
    shown, `reads` where its log is. `bare` says that no script is indexed; `hidden` are the panes there is no room for.
    """

    pane: str
    places: tuple[str, ...] = ()
    typed: bool = False
    states: tuple[str, ...] = ()
    runs: int | None = None
    chosen: int = 0
    beside: bool = False
    drawings: int = 0
    reads: bool = False
    bare: bool = False
    zoomed: bool = False
    wide: bool = False
    hidden: tuple[str, ...] = ()


def footer(here: Here) -> tuple[Sequence[Action], Sequence[Action]]:
    """The keys that are named before those of the screen, and those named last, where there is room."""
    known = {action.id: action for action in actions.at(actions.MAIN)}
    keys = _of_focus(here, known)
    if here.typed:  # letters are text
        helps = [replace(known["help"], keys=key, always=False) for key in known["help"].key.split(" ")]
        return [*keys, *[action for action in helps if len(action.first_key) > 1][:1]], ()
    names = fitting(here.pane, here.states, here.drawings > 0 and not here.reads)
    if here.beside:
        names = ["compare_settings", *names]  # the chosen one with the one under the cursor
    if here.runs == 0 and here.pane == "runs":
        names, keys = list(NO_RUNS), []
    looks = [action for action in keys if action.id in LOOKS]  # what is done to a run comes after them
    steers = [known[name] for name in names if looks and name in STEERING]
    named = [*(known[name] for name in names if known[name] not in steers), *looks]
    last = [known[name] for name in besides(here.pane, here.states)]
    if here.bare:
        named.append(known["index"])
    if not here.zoomed:  # nothing else tells of a pane that there is no room for
        hidden = [known[f"focus_{one}"] for one in here.hidden]
        (last if here.pane == "scripts" else named).extend(hidden)  # `esc` leads out of the scripts
    named += steers
    if here.pane == "runs":
        named.append(known["new_run"])  # rather than what chooses among those that are there
    if here.zoomed and not here.wide:  # of a wide table its own key leads back
        named.insert(0, replace(known["zoom"], label="all panes"))
    return [*named, *keys], last


def _of_focus(here: Here, known: dict[str, Action]) -> list[Action]:
    """The keys that the focus adds, as far as there is something for them."""
    keys = [action for action in actions.at(*here.places) if action.shown]
    if here.pane == "runs" and not here.typed and (here.runs or 0) < 2:
        keys = []  # there is no other to choose or to filter
    if here.pane == "runs" and here.chosen and not here.typed:
        keys.insert(1, replace(known["back"], label="none"))  # beside what chooses
    if here.pane != "run":
        return keys
    if not here.states:  # nothing to look at
        return []
    if here.drawings < 2:  # there is none before or after
        keys = [action for action in keys if action.group != "Samples"]
    return keys if here.reads else [*keys, known["toggle_log"]]


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
