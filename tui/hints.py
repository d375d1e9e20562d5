"""What a pane says where there is nothing to show: what to do, with the keys."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from tui.keys import actions
from tui.runs.rows import Row
from tui.text import block, line


def _key(id: str, place: str = actions.MAIN) -> tuple[str, str]:
    """The key that a person presses for an action, as it is marked in what is said."""
    return actions.key(place, id), "bold"


def no_runs() -> Text:
    """Before the first run."""
    text = Text("No runs yet.\n\nPress ").append(*_key("new_run")).append(" to train a first one; ")
    text.append("its loss and its samples are drawn here as they come.\n\nPress ").append(*_key("search"))
    text.append(" to find the script that made a model, and to train from it.\n\nIn a shell, the same is ")
    return text.append("diffwb --train", "bold").append(" and ").append("diffwb search", "bold").append(".")


def first_run() -> Text:
    """In the list before the first run: it may be all there is room for."""
    return Text.assemble(_key("new_run"), " starts a first run")


def none_fits(wanted: str) -> Text:
    """There are runs, and the filter leaves none of them."""
    text = Text("No run fits the filter\n\n  ").append_text(block(f"{line(wanted).strip()}\n\n", "bold"))
    text.append("In the list of runs ").append(*_key("drop_filter", actions.FILTER)).append(" drops it and ")
    return text.append(*_key("filter", actions.RUNS)).append(" changes it.")


def launch(row: Row) -> Text:
    """Of a run that has no folder yet, and of one that will have none."""
    if row.state == "failed":
        told = block(f"{row.name} did not start.\n\n{row.note}\n\n")
        again, off = (actions.key(actions.MAIN, one) for one in ("new_run", "remove_run"))
        return told.append(f"{again} opens its form as it was filled, {off} takes it off the list.", "dim")
    if row.state == "queued":
        return block(f"{row.name} joins the queue, where it waits until its device is free.\n")
    return block(f"{row.name} is starting: torch is being loaded, which takes some seconds.\n")


def welcome(scripts: int, examples: Sequence[str] = (), unusable: str = "", indexing: bool = False) -> Text:
    """Before anything is asked, of so many scripts; `unusable` says why there is an index and none of it can be.

    `examples` find something in them.
    """
    if not scripts and indexing:
        return block("No scripts yet: they are being read. What has been read is found here at once.")
    if not scripts:
        why = block(f"{unusable[:1].upper()}{unusable[1:]}.\n\n" if unusable else "No scripts yet.\n\n")
        why.append("Press ").append(*_key("index"))
        if unusable:
            return why.append(" to do so here; the scripts are then found at once.")
        why.append(" to index a folder: every model script below it is read, none is run, and they are found here at ")
        return why.append("once.\n\nIn a shell, the same is ").append("diffwb index PATH", "bold").append(".")
    count = "1 script is" if scripts == 1 else f"{scripts} scripts are"
    text = Text(f"{count} indexed.\n\nAsk above (").append(*_key("search")).append(")")
    if not examples:
        return text.append(".")
    return text.append(", for example:\n\n" + "\n".join(f"  {line(one)}" for one in examples))


def gone(reason: str) -> Text:
    """The search child ended."""
    return block(
        f"The search is not there: {line(reason)}.\n\n`diffwb doctor` says what is missing. Training does not need it."
    )


def nothing_found(told: bool, relaxed: bool) -> Text:
    """Below an empty result; `told` where it was said why, `relaxed` where there is another question to ask."""
    if not told:
        return block("Nothing found. Fewer or other words may find more; what was understood is above.")
    if relaxed:
        return Text.assemble(_key("relax", actions.SEARCH), " asks the first of these; enter goes to them.")
    return Text()
