"""What the workbench does to have scripts indexed: asks which, starts that, tells how far it is."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.screen import Screen

from tui.scripts.indexed import ScriptCount, remembered
from tui.text import line

if TYPE_CHECKING:
    from tui.scripts.indexing import Indexing
    from tui.widgets.scripts import ScriptsPane

EVERY = 0.5  # seconds between looks at how far it is


class IndexingScreen(Screen[None]):
    """A screen with the scripts' pane, whose index it has made and renewed."""

    scripts: ScriptsPane | None = None
    indexing: Indexing | None = None  # while it works

    if TYPE_CHECKING:
        _home: Path

        def _surviving(self, what: str) -> contextlib.AbstractContextManager[None]: ...
        def _go(self, pane: str) -> None: ...
        def _name_keys(self) -> None: ...

    @work(group="ask-index", exit_on_error=False)
    async def action_index(self) -> None:
        """Ask for a folder and index it; while that goes on, ask whether to stop."""
        from tui.screens.confirm import ConfirmScreen
        from tui.screens.index_folder import IndexFolderScreen

        await self._take_up()
        if (working := self.indexing) is not None:
            if await self.app.push_screen_wait(ConfirmScreen("Stop indexing?", "What was read is kept.")):
                await asyncio.to_thread(working.stop)
            return
        known = await asyncio.to_thread(remembered, self._home / "index")
        folders = await self.app.push_screen_wait(IndexFolderScreen(known))
        if folders is None:
            return
        self._go("scripts")
        await self._start_indexing(folders)

    async def _start_indexing(self, folders: Sequence[Path]) -> None:
        from tui.scripts.indexing import Indexing

        try:
            self._follow_indexing(await asyncio.to_thread(Indexing.start, self._home, folders))
        except OSError as error:
            self.notify(line(f"Indexing cannot be started: {error}"), severity="error", markup=False)

    async def _take_up(self) -> None:
        """Follow the indexing that another workbench has started, if one goes on."""
        from tui.scripts.indexing import Indexing

        if self.indexing is None and (found := await asyncio.to_thread(Indexing.going_on, self._home)) is not None:
            self._follow_indexing(found)

    def _follow_indexing(self, indexing: Indexing) -> None:
        self.indexing = indexing
        self._tell_indexing(indexing.told, working=True)
        self._watch_indexing(indexing)

    @work(group="indexing", exit_on_error=False)
    async def _watch_indexing(self, indexing: Indexing) -> None:
        """Tell how far it is; once it has ended, what came of it, with what it found counted and searched."""
        while await asyncio.to_thread(indexing.look):
            self._tell_indexing(indexing.told, working=True)
            await asyncio.sleep(EVERY)
        self.indexing = None
        with self._surviving("the index"):
            outcome = indexing.outcome
            self._tell_indexing(outcome.text, failed=outcome.failed)
            scripts, examples = await asyncio.to_thread(ScriptCount(self._home / "index").count)
            if self.scripts is not None:
                self.scripts.look_again(scripts, examples)
            self._name_keys()

    def _tell_indexing(self, text: str, working: bool = False, failed: bool = False) -> None:
        """In the pane; what came of it is said aloud where that is not shown."""
        if self.scripts is not None:
            self.scripts.tell_indexing(text, working, failed)
        if not working and not self.query_one("#scripts").display:
            told = line(text[:1].upper() + text[1:])
            self.notify(told, severity="warning" if failed else "information", markup=False, timeout=15)
