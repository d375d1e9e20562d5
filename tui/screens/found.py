"""What the workbench does with the scripts that were found: open, compare, train from one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from textual import work

from tui.remembered import Remembered
from tui.screens.indexing import IndexingScreen
from tui.scripts.indexed import ScriptCount
from tui.scripts.searcher import Searcher, server_command

if TYPE_CHECKING:
    from tui.scripts.carrying import CarryOver
    from tui.scripts.evidence import OpenedScript
    from tui.widgets.scripts import ScriptsPane

RECOUNT = 5.0  # seconds between looks at the index


class FoundScreen(IndexingScreen):
    """A screen with the scripts' pane, whose wishes it carries out. The first screen does not wait for its parts."""

    _entering: str | None = None  # where to go in it once it is there

    if TYPE_CHECKING:
        _remembered: Remembered

        def _defaults(self) -> dict[str, Any]: ...
        async def _fill_form(self, defaults: dict[str, Any], carried: CarryOver | None) -> None: ...

    @property
    def leading(self) -> bool:
        """Whether a key has led to what is not there yet: the pane, what was found, a script that is being opened."""
        return self._entering is not None or (self.scripts is not None and self.scripts.leading)

    async def _open_scripts(self) -> None:
        """Fill the pane, start the search child."""
        from tui.widgets.results import Layout
        from tui.widgets.scripts import ScriptsPane

        pane = ScriptsPane()
        await self.query_one("#scripts").mount(pane)
        pane.table.layout_ = Layout.of(self._remembered.part("scripts"))
        self.scripts = pane
        if self._entering is not None:
            if self._entering == "left":
                pane.focus()
            else:
                self._enter_scripts(asking=self._entering == "question")
            self._entering = None
        searcher = Searcher(server_command(self._home), self._hear)
        pane.connect(searcher, self._home / "config.toml")
        self.run_worker(searcher.run(), group="search", exit_on_error=False)
        self._watch_index(pane)
        await self._take_up()

    def _enter_scripts(self, asking: bool = False) -> None:
        """Take the focus into the pane: where it is of most use, or to the question."""
        if self.scripts is None:
            self._entering = "question" if asking else "pane"
        elif asking:
            self.scripts.question.focus()
            self.scripts.question.action_select_all()  # what is typed is another question
        else:
            self.scripts.enter()

    def _hear(self, answer: dict[str, Any]) -> None:
        if self.scripts is not None:
            with self._surviving("an answer of the search"):
                self.scripts.hear(answer)
        if "event" in answer:
            self._name_keys()

    @work(group="index", exit_on_error=False)
    async def _watch_index(self, pane: ScriptsPane) -> None:
        """The search tells once how many scripts there are; what is indexed later is counted here."""
        scripts = ScriptCount(self._home / "index")
        while True:
            await asyncio.sleep(RECOUNT)
            with self._surviving("the index"):
                known = await asyncio.to_thread(scripts.changed)
                if known is not None:
                    pane.recount(*known)
                    self._name_keys()

    def on_scripts_pane_wanted(self, message: ScriptsPane.Wanted) -> None:
        pane = self.scripts
        if pane is None:
            return
        if message.what == "open":
            self._open_script(pane, message)
        elif message.what == "train":
            self._train_from(pane, message)
        elif message.what == "compare":
            self._compare_scripts(pane, message)
        elif message.what == "columns":
            self._arrange(pane)
        elif message.what == "edit":
            from tui.screens.script import edit
            from tui.scripts.details import cells_of

            script = message.results[0]
            edit(self.app, str(script.get("path", "")), message.line or 1, cells_of(script))

    @work(group="columns", exit_on_error=False)
    async def _arrange(self, pane: ScriptsPane) -> None:
        from tui.screens.columns import ColumnsScreen

        await self.app.push_screen_wait(ColumnsScreen(pane.table.layout_, pane.lay_out))

    @work(group="script", exit_on_error=False)
    async def _open_script(self, pane: ScriptsPane, message: ScriptsPane.Wanted) -> None:
        from tui.screens.script import ScriptScreen

        screen = ScriptScreen(message.results[0], message.line)
        pane.look_into(message.results[:1], lambda opened: screen.show(opened[0]), screen.fail)
        opened = await self.app.push_screen_wait(screen)
        if opened is not None:
            await self._fill_from(opened)

    def _train_from(self, pane: ScriptsPane, message: ScriptsPane.Wanted) -> None:
        def fill(opened: list[OpenedScript]) -> None:
            self.run_worker(self._fill_from(opened[0]), group="new-run", exit_on_error=False)

        pane.look_into(message.results[:1], fill, self._warn)

    def _compare_scripts(self, pane: ScriptsPane, message: ScriptsPane.Wanted) -> None:
        from tui.screens.compare import CompareScreen

        def compare(opened: list[OpenedScript]) -> None:
            self.app.push_screen(CompareScreen(*opened))

        pane.look_into(message.results[:2], compare, self._warn)

    async def _fill_from(self, opened: OpenedScript) -> None:
        from tui.scripts.carrying import carry_over

        defaults = self._defaults()
        await self._fill_form(defaults, carry_over(opened.script, opened.settings, defaults))

    def _warn(self, message: str) -> None:
        self.notify(message, severity="warning", markup=False)
