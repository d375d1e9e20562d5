"""The form for images drawn now: how many, by which sampler, of which class, as a grid or on their way from noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from engine.config import ConfigError, coerce
from tui.keys import actions
from tui.runs.generation import Generation
from tui.screens.form_screen import Dialog, FormScreen
from tui.text import block, cell, line
from tui.widgets.command import Command
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
FIELDS = {  # by its id: how the form calls a field, the option of the command
    "count": ("count", "-n"),
    "sampler": ("sampler", "--sampler"),
    "sample_steps": ("steps", "--sample-steps"),
    "label": ("class", "--class"),
    "guidance": ("guidance", "--guidance"),
    "seed": ("seed", "--seed"),
    "kind": ("picture", ""),
}
COUNT = "16"
MOST = 1024
LISTED = 10  # classes that are named


class GenerateScreen(FormScreen[Generation]):
    """Its result is what to draw, or None."""

    BINDINGS = actions.bindings(actions.GENERATE)
    EXPLAINED = {  # noqa: RUF012
        "count": f"images to draw, 1 to {MOST}",
        "sampler": "how noise becomes an image",
        "sample_steps": "steps from noise to image: fewer are quicker",
        "label": "the number of the class to draw, or its name",
        "guidance": "how far towards the class; 1 is as learned, more makes it plainer",
        "seed": "the same number draws the same images again",
        "kind": "the images at last, or their way there",
    }
    AUTO_FOCUS = "#count"

    def __init__(self, home: Path, run: Path, called: str, start: Mapping[str, Any]) -> None:
        """`start` is the start event of the run `called` so. It may tell anything: its settings, its classes."""
        super().__init__()
        self._home, self._run, self._called = home, run, called
        config, classes = start.get("config"), start.get("classes")
        self._conditional = isinstance(config, dict) and config.get("class_conditional") is True
        self._labels = [str(one) for one in classes] if isinstance(classes, list) else []

    def compose(self) -> ComposeResult:
        with Dialog(classes="dialog") as dialog:
            dialog.border_title = cell(f"Draw from {line(self._called)}")
            yield from self._row(Input(COUNT, id="count", compact=True, select_on_focus=True))
            yield from self._row(Choice(SAMPLERS, id="sampler"))
            yield from self._row(Input(id="sample_steps", compact=True, placeholder="what suits the sampler"))
            if self._conditional:
                yield from self._row(Input(id="label", compact=True, placeholder="all in turn"))
                yield from self._row(Input(id="guidance", compact=True, placeholder="the run's own"))
            yield from self._row(Input("0", id="seed", compact=True, select_on_focus=True))
            yield from self._row(Choice(KINDS, id="kind"))
            yield Static(id="about", markup=False)
            yield Command(id="command")
            yield KeyBar(actions.GENERATE)

    def _row(self, field: Choice | Input) -> ComposeResult:
        name = field.id or ""
        with FieldRow():
            yield Static(FIELDS[name][0], classes="name", markup=False)
            yield field
        if isinstance(field, Input):
            yield Static(id=f"{name}-message", classes="message", markup=False)

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

    def _read(self) -> tuple[dict[str, str], dict[str, str]]:
        """The options of the command, and what it would refuse, by field."""
        options, wrong = {}, {}
        if (sampler := self.query_one("#sampler", Choice).value) != OWN:
            options["--sampler"] = sampler
        for name in ("sample_steps", "label", "guidance", "seed"):
            typed = self._typed(name)
            if not typed or (name, typed) == ("seed", "0"):
                continue
            called, options[FIELDS[name][1]] = FIELDS[name][0], typed
            try:
                if name == "label":
                    self._check_class(typed)
                else:
                    coerce(name, typed)
            except ConfigError as error:
                wrong[name] = f"{called}: {str(error).removeprefix(f'{name}: ')}"
        return options, wrong

    def _check_class(self, typed: str) -> None:
        """By what its start tells of the classes; where that is nothing, its checkpoint does later."""
        if self._labels and typed not in self._labels and not (typed.isdecimal() and int(typed) < len(self._labels)):
            first = ", ".join(self._labels[:LISTED]) + (", …" if len(self._labels) > LISTED else "")
            raise ConfigError(line(f"'{typed}' is not one of the run's; {first} are"))

    def _check(self) -> Generation | None:
        """What the form asks for, if it can be; says what is wrong with it."""
        if not self.query("#command"):  # the form was left
            return None
        (options, wrong), count, wanted = self._read(), self._typed("count"), None
        if not (count.isdecimal() and 0 < int(count) <= MOST):
            wrong["count"] = f"count: '{count}' is not accepted; 1 to {MOST} is"
        for told in self.query(".message").results(Static):
            message = wrong.get((told.id or "").removesuffix("-message"), "")
            told.update(block(message))
            told.display = bool(message)
        command = ""
        if not wrong:
            kind = self.query_one("#kind", Choice).value
            wanted = Generation.into(self._home, self._run, int(count), options, kind)
            command = wanted.command()
        self.query_one(Command).tell(command)
        return wanted

    def action_draw(self) -> None:
        wanted = self._check()
        if wanted is None:
            self.app.bell()
        else:
            self.dismiss(wanted)
