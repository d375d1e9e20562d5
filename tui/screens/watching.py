"""Watches the runs of a home: which there are, which are starting, and what is shown of them in the list."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from engine.runs.about import About
from engine.runs.glance import Glances
from engine.runs.listing import RunList, RunSummary
from engine.runs.waiting_line import fell_out
from tui.keys import actions
from tui.runs import session
from tui.runs.history import Asked
from tui.runs.machine import Machine
from tui.runs.rows import Row
from tui.runs.session import Launch
from tui.screens.steered import SteeredScreen
from tui.text import line
from tui.widgets.keybar import KeyBar
from tui.widgets.run_view import RunView
from tui.widgets.runs import RunsList
from tui.widgets.runs_pane import RunsPane

if TYPE_CHECKING:
    from tui.scripts.indexing import Indexing

SCAN = 1.0  # seconds between looks at the list of runs
SPARING = 2.0  # the same while all cores are taken: training comes first


class WatchingScreen(SteeredScreen):
    """A screen whose list of runs is kept up to date."""

    if TYPE_CHECKING:
        _machine: Machine
        indexing: Indexing | None

        def _title(self, pane: str, title: str) -> None: ...
        def _look_at(self, row: Row) -> None: ...
        def _say_nothing_listed(self) -> None: ...
        @property
        def pane(self) -> str: ...
        def _unzoom(self) -> None: ...
        def action_focus_runs(self) -> None: ...
        def _select_first(self, runs: list[RunSummary]) -> str | None: ...

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home = home
        self._runs = RunList(home / "runs")
        self._glances = Glances()
        self._summaries: list[RunSummary] = []
        self._launches: list[Launch] = []
        self._stopping: set[Path] = set()
        self._opened = False
        self._looked = asyncio.Event()  # what was found at first is shown

    @property
    def running(self) -> int:
        """Runs that train now, those that are starting among them."""
        starting = sum(launch.state == "starting" for launch in self._launches)
        return starting + sum(run.state == "running" for run in self._summaries)

    @work(group="runs", exit_on_error=False)
    async def _watch_runs(self) -> None:
        with self._surviving("the list of runs"):
            await self._scan()
        await asyncio.sleep(SCAN)  # what was found first is shown before anything else is looked at
        with self._surviving("what is left of other days"):
            self.query_one(RunView).recall(await asyncio.to_thread(_sweep, self._home))
        while True:
            with self._surviving("the list of runs"):
                await self._scan()
            await asyncio.sleep(SPARING if self._machine.taken else SCAN)

    async def _scan(self) -> None:
        seen = [row.folder for row in self.query_one(RunsList).seen if row.folder is not None]
        runs, become, ended = await asyncio.to_thread(self._look, seen)
        self._summaries = runs
        self._stopping &= {run.folder for run in runs if run.state in ("running", "queued")}
        select = None if self._opened else self._select_first(runs)
        selected = self.query_one(RunsList).selected
        for log, folder in become.items():
            if selected is not None and selected.key == log:
                select = folder
        self._show_rows(select)
        self._say_what_ended(ended)
        if not self._opened:
            self._opened = True
            if (row := self.query_one(RunsList).selected) is not None:
                self._look_at(row)  # at once: what the list says of its cursor comes a frame later
            self._say_who_fell_out(runs)
        if not self.query_one(RunsList).rows:
            self._say_nothing_listed()

    def _say_what_ended(self, launches: Sequence[Launch]) -> None:
        """A trainer that did not start is a row of the list, unless a filter hides it."""
        listed = {row.key for row in self.query_one(RunsList).rows}
        for launch in launches:
            does = "does not go on" if launch.run is not None else "did not start"
            if launch.run is not None or str(launch.log) not in listed:
                self.notify(line(f"{launch.name} {does}: {launch.error}"), severity="error", markup=False, timeout=15)

    def _look(self, seen: Sequence[Path]) -> tuple[list[RunSummary], dict[str, str], list[Launch]]:
        """In a thread: scan the runs, glance at those on the screen, see which launches have become one of them.

        Last come the launches that just ended without.
        """
        runs, become, ended = self._runs.scan(), dict[str, str](), list[Launch]()
        self._glances.look(seen)
        for launch in list(self._launches):
            known, run = launch.error, launch.look(runs)
            if launch.error != known:
                ended.append(launch)
            if run is not None:
                become[str(launch.log)] = str(run.folder)
            if run is not None or launch.done:
                launch.forget()
                self._launches.remove(launch)
        return runs, become, ended

    def _show_rows(self, select: str | None = None) -> None:
        pane = self.query_one(RunsPane)
        now, curves = time.time(), self._glances.curves
        pane.show(self._launches, self._summaries, frozenset(self._stopping), now, curves, select)
        self._title("runs", f"1 {pane.title}")
        spoken = [run for run in self._summaries if run.name or run.note or run.tags or run.origin]
        self.query_one(RunView).introduce(
            {run.folder: About(run.name, run.note, run.tags, origin=run.origin) for run in spoken}
        )
        count = self.running
        told = [f"{count} training"] if count else []
        self.query_one(KeyBar).say(" · ".join([*told, "indexing"] if self.indexing is not None else told))

    def _say_who_fell_out(self, runs: Sequence[RunSummary]) -> None:
        """A person who queued runs and restarted the machine expects them in the queue: they are one key from it."""
        if count := sum(map(fell_out, runs)):
            who = "A run" if count == 1 else f"{count} runs"
            resume = actions.key(actions.MAIN, "resume_run")
            told = f"{who} fell out of the queue: killed, or the machine restarted."
            self._say(f"{told} {resume} puts a run back in its place.")

    def _launch(self, launch: Launch) -> None:
        """Show a trainer that was started; those that did not start have been seen."""
        for failed in [one for one in self._launches if one.error]:
            failed.forget()
            self._launches.remove(failed)
        self._launches.insert(0, launch)
        if launch.run is not None:
            if self.pane == "scripts":
                self._unzoom()  # the table alone would hide that it goes on
            self._show_rows()
            return
        self._show_rows(str(launch.log))
        self.action_focus_runs()


def _sweep(home: Path) -> dict[Path, list[Asked]]:
    """What is left of other days goes; the pictures that stay are told."""
    from tui.runs import generation

    session.sweep(home)
    generation.sweep(home)
    return generation.kept(home)
