"""The help: every key of the registry by where it is used, in as many columns as there is room for. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from tui.keys.actions import ACTIONS, Action
from tui.text import line

COLUMN = 56  # cells of a column at least, where there are several
MOST = 3  # columns
GAP = 3  # cells between two
KEYS = 11  # cells that keys take at least
_CONSOLE = Console(width=COLUMN, legacy_windows=False)
OF_PANE = {
    "runs": ("Runs", "Lists"),
    "run": ("Curves", "Samples", "Runs"),
    "scripts": ("Found scripts", "The question", "What was understood", "Lists"),
}
_ORDER = ("Panes", "Workbench", "Runs", "Curves", "Samples", "Found scripts", "The question", "What was understood",
          "Lists", "Log")  # fmt: skip


def columns(width: int) -> int:
    """How many columns a page `width` cells wide has."""
    return max(1, min(MOST, (width + GAP) // (COLUMN + GAP)))


def page(
    here: Sequence[str],
    width: int,
    wanted: str = "",
    key: str = "bold",
    quiet: str = "dim",
    near: Sequence[str] = (),
) -> Text:
    """The keys by group: first the groups `here`, whose keys do something where the focus is, then those of its pane
    that are `near`, then the others; of all of them those that have the `wanted` words.

    `key` and `quiet` are the styles of a key and of what is said beside a heading.
    """
    count = columns(width)
    room = (width - GAP * (count - 1)) // count
    found = _groups((*here, *near), wanted)
    parts = [_section(group, actions, group in here, room, key, quiet) for group, actions in found]
    if not parts:
        return Text(f"No key does “{line(wanted)}”.", quiet)
    laid: list[list[Text]] = [[]]
    goal = sum(map(len, parts)) / count
    for part in parts:
        if laid[-1] and len(laid) < count and len(laid[-1]) + len(part) / 2 > goal:
            laid.append([])
        laid[-1] += part
    for column in laid:
        column.pop()  # the line after the last section
    lines = []
    for row in range(max(map(len, laid))):
        cells = [column[row] if row < len(column) else Text() for column in laid]
        for cell in cells[:-1]:
            cell.pad_right(room + GAP - cell.cell_len)
        lines.append(Text.assemble(*cells))
    return Text("\n").join(lines)


def order(first: Sequence[str]) -> list[str]:
    """Every group of the registry, those named `first` before the others."""
    return list(dict.fromkeys([*first, *_ORDER, *(action.group for action in ACTIONS)]))


def _groups(first: Sequence[str], wanted: str) -> list[tuple[str, list[Action]]]:
    words = wanted.casefold().split()
    found = [(group, [a for a in ACTIONS if a.group == group and _has(a, words)]) for group in order(first)]
    return [(group, actions) for group, actions in found if actions]


def _has(action: Action, words: Sequence[str]) -> bool:
    said = f"{action.key} {action.label} {action.help} {action.group}".casefold()
    return all(word in said for word in words)


def _section(group: str, actions: Sequence[Action], here: bool, room: int, key: str, quiet: str) -> list[Text]:
    """A heading, a line or more for each action, an empty line."""
    heading = Text(group, "bold")
    lines = [heading.append("  here", quiet) if here else heading]
    wide = max(KEYS, *(len(action.key) for action in actions))
    for action in actions:
        wrapped = Text(action.help).wrap(_CONSOLE, max(8, room - wide - 2))
        for number, part in enumerate(wrapped):
            lines.append(Text.assemble((f"{'' if number else action.key:<{wide}}  ", key), part))
    return [*lines, Text()]
