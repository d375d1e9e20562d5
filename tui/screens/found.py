"""What the workbench does with the scripts that were found: open, compare, train from one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.screen import Screen

from tui.widgets.scripts import ScriptsPane

if TYPE_CHECKING:
    from tui.carrying import CarryOver
    from tui.evidence import OpenedScript


class FoundScreen(Screen[None]):
    """A screen with the scripts' pane, whose wishes it carries out."""

    if TYPE_CHECKING:

        def _defaults(self) -> dict[str, Any]: ...
        async def _fill_form(self, defaults: dict[str, Any], carried: CarryOver | None) -> None: ...

    @on(ScriptsPane.Wanted)
    def _wanted(self, message: ScriptsPane.Wanted) -> None:
        if message.what == "open":
            self._open_script(message)
        elif message.what == "train":
            self._train_from(message)
        elif message.what == "compare":
            self._compare_scripts(message)
        elif message.what == "columns":
            self._arrange()
        elif message.what == "edit":
            from tui.screens.script import edit

            path, at = str(message.results[0].get("path", "")), message.line
            edit(self.app, path, None if path.endswith(".ipynb") else at or 1)

    @work(group="columns", exit_on_error=False)
    async def _arrange(self) -> None:
        from tui.screens.columns import ColumnsScreen

        pane = self.query_one(ScriptsPane)
        pane.lay_out(await self.app.push_screen_wait(ColumnsScreen(pane.table.layout_)))

    @work(group="script", exit_on_error=False)
    async def _open_script(self, message: ScriptsPane.Wanted) -> None:
        from tui.screens.script import ScriptScreen

        screen = ScriptScreen(message.results[0], message.line)
        self.query_one(ScriptsPane).look_into(message.results[:1], lambda opened: screen.show(opened[0]), screen.fail)
        opened = await self.app.push_screen_wait(screen)
        if opened is not None:
            await self._fill_from(opened)

    def _train_from(self, message: ScriptsPane.Wanted) -> None:
        def fill(opened: list[OpenedScript]) -> None:
            self.run_worker(self._fill_from(opened[0]), group="new-run", exit_on_error=False)

        self.query_one(ScriptsPane).look_into(message.results[:1], fill, self._say)

    def _compare_scripts(self, message: ScriptsPane.Wanted) -> None:
        from tui.screens.compare import CompareScreen

        def compare(opened: list[OpenedScript]) -> None:
            self.app.push_screen(CompareScreen(*opened))

        self.query_one(ScriptsPane).look_into(message.results[:2], compare, self._say)

    async def _fill_from(self, opened: OpenedScript) -> None:
        from tui.carrying import carry_over

        defaults = self._defaults()
        await self._fill_form(defaults, carry_over(opened.script, opened.settings, defaults))

    def _say(self, message: str) -> None:
        self.notify(message, severity="warning", markup=False)
