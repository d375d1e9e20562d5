"""What the workbench does to the selected run: the same as the commands of those names."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.screen import Screen

from engine import about, steering, trash
from engine.lock import RunError
from tui import session
from tui.screens.about_run import AboutScreen
from tui.screens.confirm import ConfirmScreen
from tui.session import Launch
from tui.text import line
from tui.widgets.runs import Row, RunsList

LIVE = ("running", "queued", "stopping")


class SteeredScreen(Screen[None]):
    """A screen with a list of runs, one of which is selected and can be steered."""

    if TYPE_CHECKING:
        _home: Path
        _stopping: set[Path]

        def _surviving(self, what: str) -> contextlib.AbstractContextManager[None]: ...
        def _show_rows(self, select: str | None = None) -> None: ...
        def _launch(self, launch: Launch) -> None: ...

    def _selected(self, what: str, *states: str) -> Row | None:
        """The selected run if it is in one of these states; else say that there is nothing to do."""
        row = self.query_one(RunsList).selected
        if row is not None and row.folder is not None and row.state in states:
            return row
        name = f"{row.name} is {row.state}" if row else "there is no run yet"
        self.notify(line(f"Nothing to {what}: {name}."), markup=False)
        return None

    async def _ask_engine(self, doing: Callable[..., Any], *arguments: Any) -> bool:
        """Have something done in a thread; True if it was. What does not let itself be done is said."""
        with self._surviving("steering the run"):
            try:
                await asyncio.to_thread(doing, *arguments)
            except RunError as error:
                self.notify(line(str(error)), severity="warning", markup=False)
                return False
            return True
        return False

    @work(group="stop", exit_on_error=False)
    async def action_stop_run(self) -> None:
        row = self._selected("stop", "running", "queued")
        if row is None or row.folder is None:
            return
        question = f"{row.name}\n\nIt writes a checkpoint and ends; r goes on from there."
        if not await self.app.push_screen_wait(ConfirmScreen("Stop this run?", question)):
            return
        if await self._ask_engine(steering.stop, row.folder):
            self._stopping.add(row.folder)
            self._show_rows()

    @work(group="checkpoint", exit_on_error=False)
    async def action_checkpoint_run(self) -> None:
        row = self._selected("write", "running")
        if row is not None and await self._ask_engine(steering.checkpoint, row.folder):
            self.notify(f"{row.name} writes a checkpoint and draws samples.", markup=False)

    @work(group="resume", exit_on_error=False)
    async def action_resume_run(self) -> None:
        row = self._selected("resume", "stopped", "failed", "lost", "finished")
        if row is None or row.folder is None:
            return
        log = session.new_log(self._home)
        with self._surviving("starting the trainer"):
            process = session.start_trainer(self._home, ["--train", "--resume", str(row.folder)], log)
            self._launch(Launch(row.name, log, process))

    @work(group="remove", exit_on_error=False)
    async def action_remove_run(self) -> None:
        row = self._selected("remove", "stopped", "failed", "lost", "finished")
        if row is None or row.folder is None:
            return
        name = row.folder.name
        question = f"{line(name)}\n\nIt goes to the trash; `diffwb restore {line(name)}` brings it back."
        if await self.app.push_screen_wait(ConfirmScreen("Remove this run?", question)):
            await self._ask_engine(trash.remove, self._home / "runs", row.folder)

    @work(group="about", exit_on_error=False)
    async def action_describe_run(self) -> None:
        row = self._selected("describe", *LIVE, "stopped", "failed", "lost", "finished")
        if row is None or row.folder is None:
            return
        folder = row.folder
        said = await asyncio.to_thread(about.read, folder)
        wanted = await self.app.push_screen_wait(AboutScreen(folder.name, said))
        if wanted is not None and wanted != said:
            await self._ask_engine(about.write, folder, wanted)
