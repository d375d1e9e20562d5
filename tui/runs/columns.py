"""The list of runs as a table, where it has the whole screen: which columns fit, and how wide. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from rich.cells import cell_len

from tui.runs.rows import Row

WIDE = 76  # cells from which on the list is a table
GAP = 2
BEFORE = 3  # cells of the cursor's edge and the sign of a state
NAME, NAMED = 34, 16  # cells of a name at most, where a column needs them, and at least
SAID = 30  # cells that what is said of a run has at least, where there is a column for it


class Column(Struct, frozen=True):
    """`text` is what a row has in it; one without is drawn, `width` cells wide."""

    title: str
    text: Callable[[Row], str] | None = None
    width: int = 0
    right: bool = False


STATE = Column("state", lambda row: row.told)
DONE = Column("done", width=10)
CURVE = Column("curve", width=16)
# As they stand beside each other.
COLUMNS = (
    STATE,
    DONE,
    Column("step", lambda row: row.steps, right=True),
    Column("loss", lambda row: row.loss, right=True),
    CURVE,
    Column("time", lambda row: row.time, right=True),
    Column("preset", lambda row: row.preset),
    Column("dataset", lambda row: row.dataset),
    Column("batch", lambda row: row.batch, right=True),
    Column("lr", lambda row: row.lr, right=True),
    Column("device", lambda row: row.device),
    Column("started", lambda row: row.started),
)
# As they are left out, the last first, where there is no room for all; one without a title is what is said of a run.
_WANTED = (
    "state",
    "step",
    "loss",
    "time",
    "lr",
    "dataset",
    "batch",
    "",
    "curve",
    "started",
    "done",
    "device",
    "preset",
)


class Laid(Struct, frozen=True):
    """Each column with its width; that of the name, and of what is said of a run, 0 where there is no room for it."""

    name: int
    columns: tuple[tuple[Column, int], ...]
    said: int


def lay(rows: Sequence[Row], width: int) -> Laid:
    """The columns of these rows in a list `width` cells wide."""
    marks = 2 * any(row.pinned for row in rows) + 2  # a run that is chosen has one as well
    wanted = max([NAMED, *(cell_len(row.name) + marks for row in rows)])
    name = min(wanted, NAME, width // 3)
    left = width - BEFORE - name
    taken: dict[str, int] = {}
    said = 0
    for title in _WANTED:
        if not title:
            said = SAID + GAP if left >= SAID + GAP and any(map(said_of, rows)) else 0
            left -= said
            continue
        column = next(one for one in COLUMNS if one.title == title)
        wide = column.width if column.text is None else _widest(column.text, rows)
        if not wide:
            continue  # no run has any
        wide = max(wide, len(title))
        if wide + GAP <= left:
            taken[title] = wide
            left -= wide + GAP
    columns = tuple((column, taken[column.title]) for column in COLUMNS if column.title in taken)
    more = max(0, min(left, wanted - name))  # what no column takes
    return Laid(name + more, columns, said and said + left - more - GAP)


def _widest(text: Callable[[Row], str], rows: Sequence[Row]) -> int:
    return max((cell_len(text(row)) for row in rows), default=0)


def said_of(row: Row) -> str:
    """Why it failed or where it stands in the queue, its tags, its note."""
    return "  ".join(part for part in (row.note, row.tags, row.remark) if part)
