"""Writes a run's curves for other programs, in a process of its own, and shows how far it is."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Input, Static

from engine.setting import ConfigError, given_path
from tui.keys import actions
from tui.screens.form_screen import Dialog, FormScreen
from tui.text import block, cell, line
from tui.widgets.fields import Choice, FieldRow
from tui.widgets.keybar import KeyBar

KINDS = {
    "csv": "a line for each point, a column for each curve",
    "tensorboard": "curves and samples in a folder for TensorBoard",
}
ENDINGS = {"csv": ".csv", "tensorboard": "-tensorboard"}


class ExportScreen(FormScreen[str]):
    """Its result is where it was written, or None."""

    BINDINGS = actions.bindings(actions.EXPORT)
    AUTO_FOCUS = "#kind"

    def __init__(self, run: Path, called: str, kind: str = "csv", folder: Path | None = None) -> None:
        """`called` is how the run is named, of several with its number; `kind` and `folder` are suggested."""
        super().__init__()
        self._run = run
        self._called = called
        self._writing = False
        self.kind, self.folder = kind, folder or Path.cwd()

    def compose(self) -> ComposeResult:
        with Dialog(classes="dialog") as dialog:
            dialog.border_title = cell(f"Export {line(self._called)}")
            for name, field in (
                ("as", Choice([(kind, "") for kind in KINDS], id="kind")),
                ("to", Input(id="path", compact=True)),
            ):
                with FieldRow():
                    yield Static(name, classes="name", markup=False)
                    yield field
            yield Static(id="about", markup=False)
            yield Static(id="progress", classes="text", markup=False)
            yield KeyBar(actions.EXPORT)

    def on_mount(self) -> None:
        self.query_one(Choice).choose(self.kind)
        self._suggest()

    @on(Choice.Changed)
    def _suggest(self) -> None:
        ending = ENDINGS[self.query_one(Choice).value]
        self.query_one(Input).value = line(str(self.folder / f"{self._run.name}{ending}"))
        self._describe()

    def explained(self, field: str) -> str:
        return KINDS[self.query_one(Choice).value] if field == "kind" else "the file or folder to write"

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_write()

    def action_write(self) -> None:
        if self._writing:
            return
        try:
            path = given_path("to", self.query_one(Input).value.strip())
        except ConfigError as error:
            self._tell(str(error))
        else:
            self.kind, self.folder = self.query_one(Choice).value, path.absolute().parent
            self._write(self.kind, path)

    @work(group="export", exclusive=True, exit_on_error=False)
    async def _write(self, kind: str, path: Path) -> None:
        """Have it written; whoever leaves ends the writing, and nothing half-written stays."""
        self._tell("starting …")
        self._writing = True
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "engine.runs.export", str(self._run), kind, str(path)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert child.stdout is not None and child.stderr is not None
        written = ""
        try:
            while told := (await child.stdout.readline()).decode("utf-8", "replace").strip():
                done, _, total = told.partition(" ")
                if done.isdecimal() and total.isdecimal():
                    self._tell(f"{int(done) / max(1, int(total)):.0%} of {int(total):,} events")
                else:
                    written = told
            problem = (await child.stderr.read()).decode("utf-8", "replace").strip()
            if await child.wait() == 0 and written:
                self.dismiss(written)
            else:
                self._tell(line((problem.splitlines() or ["it ended without a reason"])[-1]))
        finally:
            self._writing = False
            if child.returncode is None:
                child.send_signal(signal.SIGINT)
                await child.wait()

    def _tell(self, text: str) -> None:
        self.query_one("#progress", Static).update(block(text))

    def action_leave(self) -> None:
        self.workers.cancel_group(self, "export")
        self.dismiss(None)
