"""The left pane: a filter, what is wrong with it, and the list of the runs that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import AwaitMount
from textual.widgets import Input, Static

from engine.runs.filter import FilterError, RunFilter, parse
from engine.runs.listing import RunSummary
from tui import hints
from tui.keys import actions
from tui.runs.rows import Row, rows_of
from tui.runs.session import Launch
from tui.text import block
from tui.widgets.runs import RunsList


class FilterInput(Input):
    """The filter's line; it goes once it is left empty."""

    PLACE = actions.FILTER
    BINDINGS = actions.bindings(actions.FILTER)

    def action_leave_filter(self) -> None:
        self.query_ancestor(RunsPane).leave_filter()

    def action_drop_filter(self) -> None:
        self.value = ""
        self.query_ancestor(RunsPane).leave_filter()


class RunsPane(Vertical):
    """Shows the runs that fit a filter, those that are starting always."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._filter = RunFilter()
        self._problem = ""  # what is wrong with the filter
        self._launches: Sequence[Launch] = ()
        self._runs: Sequence[RunSummary] = ()
        self._stopping: frozenset[Path] = frozenset()
        self._curves: Mapping[Path, tuple[float, ...]] = {}
        self._now = 0.0

    def compose(self) -> ComposeResult:
        yield Static(Text(), id="message", markup=False)
        yield RunsList(id="runs-list")

    @property
    def runs(self) -> RunsList:
        return self.query_one(RunsList)

    @property
    def filter(self) -> str:
        """The filter as it was typed."""
        return self.query_one(FilterInput).value if self.query(FilterInput) else ""

    def show(
        self,
        launches: Sequence[Launch],
        runs: Sequence[RunSummary],
        stopping: frozenset[Path],
        now: float,
        curves: Mapping[Path, tuple[float, ...]],
        select: str | None = None,
    ) -> None:
        """Show these, and go to the row with key `select`."""
        self._launches, self._runs, self._stopping = launches, runs, stopping
        self._now, self._curves = now, curves
        self._refill(select)

    def _refill(self, select: str | None = None) -> None:
        rows = rows_of(self._launches, self._runs, self._stopping, self._now, self._curves)
        again = {one.run for one in self._launches if not one.error}
        resumed = {row.folder: row.state for row in rows if row.folder is not None and row.folder in again}
        runs = [replace(run, state=resumed.get(run.folder, run.state)) for run in self._runs]
        unstarted = [launch.summary for launch in self._launches if launch.run is None and launch.error]
        fitting = {str(run.folder) for run in self._filter.of([*runs, *unstarted])}
        listed = [row for row in rows if row.key in fitting or (row.folder is None and row.state != "failed")]
        self.runs.show(listed, select=select)
        wrong = self._problem or ("no run fits" if self._runs and not listed else "")
        told = block(wrong) if wrong or listed else hints.first_run()
        message = self.query_one("#message", Static)
        if message.content != told:
            message.set_class(not wrong, "-hint")
            message.update(told)
            message.display = bool(told.plain)

    @property
    def title(self) -> str:
        """How many there are, how many of them are shown, and chosen."""
        new = sum(launch.run is None for launch in self._launches)
        every, shown = new + len(self._runs), len(self.runs.rows)
        count = f" {shown} of {every}" if shown != every else f" {every}" if every else ""
        chosen = len(self.runs.chosen)
        return f"Runs{count}" + (f" · {chosen} chosen" if chosen else "")

    @property
    def unfitting(self) -> str:
        """The filter, where there are runs and none that fits it."""
        return self.filter if self._filter and self._runs and not self.runs.rows else ""

    def targets(self, *states: str) -> list[Row]:
        """What is to be steered: the chosen runs, or the one under the cursor; of these, those in one of `states`."""
        rows = self.runs.chosen or ([self.runs.selected] if self.runs.selected else [])
        return [row for row in rows if row.folder is not None and row.state in states]

    # ------------------------------------------------------------------ the filter

    @on(RunsList.Filtering)
    async def _open_filter(self) -> None:
        if len(self.runs.rows) < 2 and not self.has_class("-filtered"):  # nothing to filter: `/` is for a script
            await self.run_action("screen.search")
            return
        self.add_class("-filtered")
        if not self.query(FilterInput):
            await self._make_line()
        self.query_one(FilterInput).focus()

    def _make_line(self, text: str = "") -> AwaitMount:
        """Where the filter is typed. The first screen does not wait for it."""
        hint = "state:running lr:<1e-3 …"
        made = FilterInput(text, placeholder=hint, id="filter", compact=True, select_on_focus=False)
        return self.mount(made, before="#message")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._take(self.filter)  # as it is by now
        # By the list itself, for what it says of its cursor would not get past who made it say so.
        self.runs.call_later(self._refill)
        self.runs.call_later(self.runs.post_message, RunsList.Chosen())  # the title tells how many there are

    def _take(self, text: str) -> None:
        try:
            self._filter, self._problem = parse(text), ""
        except FilterError as error:
            self._filter, self._problem = RunFilter(), str(error)  # what cannot be meant hides nothing

    def restore(self, text: str) -> None:
        """Filter by a text as if it had been typed some time ago."""
        self._take(text)
        self.set_class(bool(text), "-filtered")
        if self.query(FilterInput):
            self.query_one(FilterInput).value = text
        elif text:
            self._make_line(text)

    def fits(self, run: RunSummary) -> bool:
        """Whether the filter leaves it in."""
        return bool(self._filter.of([run]))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.leave_filter()

    def leave_filter(self) -> None:
        """To the list; an empty filter is put away."""
        self.set_class(bool(self.filter.strip()), "-filtered")
        self.runs.focus()

    def clear(self) -> bool:
        """One layer out: what is chosen, then the filter. False where there is neither."""
        if self.runs.chosen:
            self.runs.choose([])
        elif self.filter:
            self.query_one(FilterInput).value = ""
            self.leave_filter()
        else:
            return False
        return True
