"""The form for what is to be indexed: a folder, or again all that were."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Input, Static

from engine.setting import ConfigError, given_path
from index.files.roots import RootError, root_of
from tui.keys import actions
from tui.screens.form_screen import Dialog, FormScreen
from tui.scripts.folders import complete
from tui.scripts.indexing import command_line
from tui.text import block, cell, line
from tui.widgets.command import Command
from tui.widgets.fields import FieldRow
from tui.widgets.keybar import KeyBar

LISTED = 6  # folders that are indexed, and names that a completion may be on its way to


class IndexFolderScreen(FormScreen[Sequence[Path]]):
    """Its result is the folders to index, none for all that are remembered; or None."""

    BINDINGS = actions.bindings(actions.INDEX)
    AUTO_FOCUS = "#folder"
    EXPLAINED = {"folder": "every .py and .ipynb below it is read, none is run; again, only what has changed"}  # noqa: RUF012

    def __init__(self, known: Sequence[str]) -> None:
        """`known` are the folders that are remembered."""
        super().__init__()
        self._known = known

    def compose(self) -> ComposeResult:
        known = self._known
        again = "the indexed folder again" if len(known) == 1 else f"all {len(known)} indexed folders again"
        with Dialog(classes="dialog") as dialog:
            dialog.border_title = cell("Index scripts")
            with FieldRow():
                yield Static("folder", classes="name", markup=False)
                yield Input(
                    "" if known else line(str(Path.cwd())),
                    id="folder",
                    compact=True,
                    placeholder=again if known else "",
                    select_on_focus=True,
                )
            yield Static(id="message", classes="message", markup=False)
            if known:
                with FieldRow():
                    yield Static("indexed", classes="name", markup=False)
                    yield Static(block("\n".join(_first(known))), classes="known", markup=False)
            yield Static(id="about", markup=False)
            yield Command(id="command")
            yield KeyBar(actions.INDEX)

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value.strip()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._say("")
        try:
            folders = [given_path("folder", self._typed)] if self._typed else []
        except ConfigError:
            folders = []
        self.query_one(Command).tell(command_line(folders))

    def _say(self, text: str, wrong: bool = True) -> None:
        told = self.query_one("#message", Static)
        told.update(block(line(text)))
        told.set_class(not wrong, "-fine")
        told.display = bool(text)

    @on(Input.Submitted)
    def action_start(self) -> None:
        self._start(self._typed)

    @work(group="check", exclusive=True, exit_on_error=False)
    async def _start(self, typed: str) -> None:
        if not typed and self._known:
            self.dismiss([])
            return
        try:
            self.dismiss([await asyncio.to_thread(root_of, given_path("folder", typed))])
        except (ConfigError, RootError) as error:
            self._say(str(error))
            self.app.bell()

    @work(group="check", exclusive=True, exit_on_error=False)
    async def action_complete(self) -> None:
        """As in a shell: as far as all folders that begin so agree; where they differ, their names."""
        typed = self._typed
        completed, names = await asyncio.to_thread(complete, typed)
        if self._typed != typed:  # typed on meanwhile
            return
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = completed
            field.cursor_position = len(completed)
        self._changed()
        none = "" if completed != typed else "no folder begins so"
        self._say("  ".join(_first(names)) or none, wrong=False)


def _first(names: Sequence[str]) -> list[str]:
    """The first of them, and how many more there are."""
    more = len(names) - LISTED
    return [*map(line, names[:LISTED]), *([f"… {more} more"] if more > 0 else [])]
