"""The form for images drawn now: how many, by which sampler, of which class, as a grid or on their way from noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from engine.config import ConfigError, coerce
from tui import actions
from tui.generation import Generation
from tui.screens.form_screen import FormScreen
from tui.text import block, cell, line
from tui.widgets.fields import Choice, FieldRow
from tui.widgets.keybar import KeyBar

OWN = "own"
SAMPLERS = [
    (OWN, "as the run draws"),
    ("ddpm", "ancestral: all timesteps"),
    ("ddim", "50 steps"),
    ("dpmpp", "DPM-Solver++, 20 steps"),
]
KINDS = [(".png", "a grid"), (".gif", "their way from noise, as an animation")]
COUNT = "16"
MOST = 1024


class GenerateScreen(FormScreen[Generation]):
    """Its result is what to draw, or None."""

    BINDINGS = actions.bindings(actions.GENERATE)
    AUTO_FOCUS = "#count"

    def __init__(self, home: Path, run: Path, config: Mapping[str, Any]) -> None:
        """`config` are the settings that the run's start event tells, which may be anything."""
        super().__init__()
        self._home, self._run = home, run
        self._conditional = config.get("class_conditional") is True

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = cell(f"Draw from {line(self._run.name)}")
            yield from self._row("count", Input(COUNT, id="count", compact=True, select_on_focus=True))
            yield Static(id="count-message", classes="message", markup=False)
            yield from self._row("sampler", Choice(SAMPLERS, id="sampler"))
            yield from self._row("steps", Input(id="sample_steps", compact=True, placeholder="what suits the sampler"))
            if self._conditional:
                yield from self._row("class", Input(id="label", compact=True, placeholder="all in turn"))
                own = "the run's own; 1 is as learned, more makes the class plainer"
                yield from self._row("guidance", Input(id="guidance", compact=True, placeholder=own))
            yield from self._row("seed", Input("0", id="seed", compact=True, select_on_focus=True))
            yield from self._row("picture", Choice(KINDS, id="kind"))
            yield Static(id="message", classes="message", markup=False)
            yield Static(id="command", markup=False)
            yield KeyBar(actions.GENERATE)

    def _row(self, name: str, field: Choice | Input) -> ComposeResult:
        with FieldRow():
            yield Static(name, classes="name", markup=False)
            yield field

    def on_mount(self) -> None:
        self._check()

    @on(Choice.Changed)
    @on(Input.Changed)
    def _edited(self) -> None:
        self._check()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_draw()

    def _typed(self, name: str) -> str:
        found = self.query(f"#{name}").results(Input)
        return next((field.value.strip() for field in found), "")

    def _count(self) -> int:
        """How many images. Raises ConfigError."""
        count = self._typed("count")
        if not (count.isdecimal() and 0 < int(count) <= MOST):
            raise ConfigError(f"count: '{count}' is not accepted; 1 to {MOST} is")
        return int(count)

    def _options(self) -> dict[str, str]:
        """The options of the command. Raises ConfigError for what it would refuse."""
        options = {}
        if (sampler := self.query_one("#sampler", Choice).value) != OWN:
            options["--sampler"] = sampler
        for name, option in (("sample_steps", "--sample-steps"), ("guidance", "--guidance"), ("seed", "--seed")):
            if (typed := self._typed(name)) and (name, typed) != ("seed", "0"):
                coerce(name, typed)
                options[option] = typed
        if label := self._typed("label"):
            options["--class"] = label
        return options

    def _check(self) -> Generation | None:
        """What the form asks for, if it can be; says what is wrong with it."""
        if not self.query("#command"):  # the form was left
            return None
        wrong, command, wanted = dict[str, str](), Text(), None
        place = "count-message"
        try:
            count, place = self._count(), "message"
            kind = self.query_one("#kind", Choice).value
            wanted = Generation.into(self._home, self._run, count, self._options(), kind)
            command = Text.assemble(("$ ", "dim"), block(line(wanted.command())))
        except ConfigError as error:
            wrong[place] = str(error)
        for told in self.query(".message").results(Static):
            message = wrong.get(told.id or "", "")
            told.update(block(message))
            told.display = bool(message)
        self.query_one("#command", Static).update(command)
        return wanted

    def action_draw(self) -> None:
        wanted = self._check()
        if wanted is None:
            self.app.bell()
        else:
            self.dismiss(wanted)
