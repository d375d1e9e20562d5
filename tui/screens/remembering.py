"""Opens the workbench as it was left; remembers that now and then, for its terminal may be gone from one moment to the
next."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.screen import Screen

from engine.runs.listing import RunSummary
from tui.left import PANES, Left
from tui.look.theme import NAMES
from tui.remembered import Remembered
from tui.text import line
from tui.widgets.run_view import RunView
from tui.widgets.runs_pane import RunsPane

if TYPE_CHECKING:
    from tui.widgets.scripts import ScriptsPane

KEEP = 2.0  # seconds between looks at what has changed


class RememberingScreen(Screen[None]):
    """A screen of three panes that is opened as it was left."""

    if TYPE_CHECKING:
        _home: Path
        _opened: bool
        _entering: str | None
        _summaries: list[RunSummary]
        scripts: ScriptsPane | None

        def _surviving(self, what: str) -> contextlib.AbstractContextManager[None]: ...
        def _go(self, pane: str) -> None: ...

    def _restore(self) -> None:
        """Before anything is painted; which run is looked at is known once they have been listed."""
        self._remembered = Remembered(self._home)
        if self._remembered.notice:
            self.notify(line(self._remembered.notice), severity="warning", markup=False, timeout=15)
        self._left = left = Left.of(self._remembered.part("view"))
        self.query_one(RunView).plot.view = left.view
        self.query_one(RunsPane).restore(left.filter)
        self.set_class(left.zoomed, "-zoomed")
        self._go(left.pane)
        if left.pane == "scripts":
            self._entering = "left"

    @property
    def pane(self) -> str:
        return next((pane for pane in PANES if self.has_class(f"-at-{pane}")), PANES[0])

    def _select_first(self, runs: list[RunSummary]) -> str | None:
        """The row to begin on; a run that has begun since is not left out by an older filter."""
        pane, since, first = self.query_one(RunsPane), self._left.since(runs), self._left.first(runs)
        if since is not None and not pane.fits(since):
            pane.restore("")
        return str(first.folder) if first is not None else None

    def _parts(self) -> dict[str, dict[str, Any]]:
        runs, scripts = self.query_one(RunsPane), self.scripts
        selected, wide = runs.runs.selected, scripts is not None and scripts.has_class("-wide")
        left = Left(
            self.pane,
            self.has_class("-zoomed") and not wide,  # there is no table to show when it is opened
            self.query_one(RunView).plot.view,
            runs.filter.strip(),
            selected.folder.name if selected and selected.folder else "",
            tuple(run.id for run in self._summaries if run.state == "running"),
        )
        return {"view": left.to_json()} | ({"scripts": scripts.table.layout_.to_json()} if scripts else {})

    @work(group="remember", exit_on_error=False)
    async def _keep_remembering(self) -> None:
        kept: dict[str, dict[str, Any]] = {}
        while True:
            await asyncio.sleep(KEEP)
            if self._opened:
                with self._surviving("remembering the view"):
                    if (parts := self._parts()) != kept:
                        await asyncio.to_thread(self._remembered.keep, parts)
                        kept = parts

    def action_change_theme(self) -> None:
        """The other colours, and found again unless the file of a person's own settings names some."""
        from tui.preferences import CONFIG

        names, file = [*NAMES], line(str(self._home / CONFIG))
        self.app.theme = theme = names[(names.index(self.app.theme) + 1) % len(names)]
        with self._surviving("remembering the theme"):
            self._remembered.keep({"look": {"theme": theme}})
        if getattr(self.app, "theme_fixed", False):
            told = f"The theme is {theme} until you leave: [workbench] of {file} names another to begin with."
        else:
            told = f"The theme is {theme} from now on. Keys of your own go into {file}, see `diffwb keys`."
        self.notify(told, markup=False)

    def _remember(self) -> None:
        """It is left now."""
        if self._opened:
            with self._surviving("remembering the view"):
                self._remembered.keep(self._parts())
