"""What the workbench does with pictures: draws new ones from the selected run, saves them, shows them in full."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.app import SuspendNotSupported
from textual.screen import Screen

from engine.home import write_atomically
from tui import formats
from tui.keys import actions
from tui.text import line
from tui.widgets.run_view import RunView

if TYPE_CHECKING:
    from tui.runs.generation import Generation


class PicturedScreen(Screen[None]):
    """A screen with a run whose pictures can be drawn, saved and looked at."""

    if TYPE_CHECKING:
        _home: Path

        def _surviving(self, what: str) -> contextlib.AbstractContextManager[None]: ...
        def _called(self, runs: Sequence[Path]) -> list[str]: ...

    @work(group="ask-generate", exit_on_error=False)
    async def action_generate(self) -> None:
        """Draw images now; while some are being drawn, ask whether to leave it."""
        from tui.runs.follow import has_checkpoint
        from tui.screens.confirm import ConfirmScreen
        from tui.screens.generate import GenerateScreen

        drawing = [worker for worker in self.workers if worker.group == "generate" and not worker.is_finished]
        if drawing:
            if await self.app.push_screen_wait(ConfirmScreen("Leave the drawing?", "Images are being drawn.")):
                self.workers.cancel_group(self, "generate")
            return
        run = self.query_one(RunView).snapshot
        if run is None:
            self.notify("Nothing to draw from: there is no run yet.", markup=False)
            return
        (called,) = self._called([run.folder])
        if not await asyncio.to_thread(has_checkpoint, run.folder):
            way = f"; {actions.key(actions.MAIN, 'checkpoint_run')} writes one" if run.state == "running" else ""
            self.notify(line(f"Nothing to draw from: {called} has no checkpoint yet{way}."), markup=False)
            return
        wanted = await self.app.push_screen_wait(GenerateScreen(self._home, run.folder, called, run.start))
        if wanted is not None:
            self._generate(wanted)

    @work(group="generate", exit_on_error=False)
    async def _generate(self, wanted: Generation) -> None:
        from tui.runs.generation import GenerationError

        view = self.query_one(RunView)

        images = formats.images(wanted.count)

        def tell(done: int, total: int) -> None:
            share = f"{100 * done // total} %" if total else "…"
            view.tell_drawing(f"drawing {images}: {share} · i cancels it")

        view.tell_drawing(f"drawing {images}: torch loads · i cancels it")
        try:
            with self._surviving("drawing"):
                asked = await wanted.draw(tell)
                view.show_asked(wanted.run, asked)
                kept, save = asked.file.parent, actions.key(actions.MAIN, "save_picture")
                self.notify(line(f"Kept for a day in {kept}; {save} saves a copy where you say."), markup=False)
        except GenerationError as error:
            self.notify(f"Nothing was drawn. {error}", severity="error", markup=False, timeout=15)
        finally:
            view.tell_drawing("")

    @work(group="save", exit_on_error=False)
    async def action_save_picture(self) -> None:
        """Copy the picture that is shown to where the person says."""
        from tui.screens.save import SaveScreen

        view = self.query_one(RunView)
        run, picture = view.snapshot, view.picture
        if run is None or picture is None:
            self.notify("Nothing to save: no picture is shown.", markup=False)
            return
        target = await self.app.push_screen_wait(SaveScreen(picture, *self._called([run.folder])))
        if target is None:
            return
        try:
            await asyncio.to_thread(_copy, picture, target)
        except OSError as error:
            self.notify(line(f"{target} cannot be written ({error.strerror})"), severity="error", markup=False)
        else:
            self.notify(line(f"Saved {target}, {formats.size(target.stat().st_size)}"), markup=False)

    def action_full_picture(self) -> None:
        """Leave the screen to a program that shows the picture as a picture, where the terminal can."""
        picture = self.query_one(RunView).picture
        if picture is None:
            self.notify("Nothing to show: no picture is here.", markup=False)
            return
        try:
            with self.app.suspend():
                subprocess.run([sys.executable, "-P", "-m", "tui.painting.fullpicture", str(picture)], check=False)
        except SuspendNotSupported:
            self.notify("This terminal cannot be left for a picture.", markup=False)


def _copy(picture: Path, target: Path) -> None:
    """A copy that is whole or not there. Raises OSError."""
    content = picture.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, content)
