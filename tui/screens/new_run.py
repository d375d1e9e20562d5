"""The form that starts a run: filled from a preset, checked as it is typed, in the words of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from engine.config import ConfigError, coerce, resolve
from engine.presets import preset_names, preset_summary
from tui import actions, formats
from tui.session import AUTO, Device, command_line
from tui.text import block, line
from tui.widgets.fields import Choice
from tui.widgets.keybar import KeyBar

NUMBERS = ("steps", "batch_size", "lr")
FIELDS = ("preset", "name", "device", *NUMBERS)


class NewRunScreen(ModalScreen[dict[str, str] | None]):
    """Its result is the settings to start with, or None."""

    BINDINGS = actions.bindings(actions.FORM)
    AUTO_FOCUS = "#preset"

    def __init__(self, defaults: Mapping[str, Any], devices: list[Device]) -> None:
        """`defaults` are the home's own settings; `devices` those known by now."""
        super().__init__()
        self._defaults = defaults
        self._devices = devices
        self._filled: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = " New run "
            for name in FIELDS:
                with Horizontal(classes="row"):
                    yield Static(name.replace("_", " "), classes="name", markup=False)
                    yield self._field(name)
                yield Static(id=f"{name}-message", classes="message", markup=False)
            yield Static(id="together-message", classes="message", markup=False)
            yield Static(id="command", markup=False)
            yield KeyBar([action for action in actions.at(actions.FORM) if action.shown])

    def _field(self, name: str) -> Choice | Input:
        if name == "preset":
            return Choice([(preset, line(preset_summary(preset))) for preset in preset_names()], id=name)
        if name == "device":
            return Choice([(device.id, device.label) for device in self._devices], id=name)
        return Input(id=name, compact=True, select_on_focus=True)

    def on_mount(self) -> None:
        if self._left:
            return
        preset = self._defaults.get("preset")
        if preset in preset_names():
            self.query_one("#preset", Choice).choose(str(preset))
        self.query_one("#device", Choice).choose(str(self._defaults.get("device") or AUTO.id))
        self._fill()

    def offer(self, devices: list[Device]) -> None:
        """The devices of this machine have been found, maybe before the form is shown."""
        self._devices = devices
        if not self.is_mounted or self._left:
            return
        self.query_one("#device", Choice).offer([(device.id, device.label) for device in devices])
        self._check()

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        if event.choice.id == "preset":
            self._fill()
        else:
            self._check()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._check()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_start()

    @property
    def _left(self) -> bool:
        """Whether the form was left: its fields go before it has heard what happened to them last."""
        return not self.query("#command")

    def _fill(self) -> None:
        """Take the preset's values, which then count as not set by the person."""
        if self._left:
            return
        preset = self.query_one("#preset", Choice).value
        try:
            config = resolve({"preset": preset}, home_defaults=self._defaults)
        except ConfigError as error:
            self._tell("together", str(error))
            return
        steps = "" if config.steps is None else str(config.steps)
        self._filled = {"steps": steps, "batch_size": str(config.batch_size), "lr": formats.rate(config.lr)}
        self.query_one("#name", Input).placeholder = preset
        self.query_one("#steps", Input).placeholder = f"{config.epochs} epochs" if config.epochs else ""
        for name, value in self._filled.items():
            self.query_one(f"#{name}", Input).value = value
        self._check()

    def values(self) -> dict[str, str]:
        """What was chosen and typed, without what the preset says already."""
        chosen = {"preset": self.query_one("#preset", Choice).value}
        device = self.query_one("#device", Choice).value
        if device != str(self._defaults.get("device") or AUTO.id):
            chosen["device"] = device
        for name in ("name", *NUMBERS):
            typed = self.query_one(f"#{name}", Input).value.strip()
            if typed and typed != self._filled.get(name):
                chosen[name] = typed
        return chosen

    def _check(self) -> bool:
        """Say beside each field what is wrong with it; True where nothing is."""
        if self._left:
            return False
        fine = True
        for name in ("name", *NUMBERS):
            message = ""
            try:
                coerce(name, self.query_one(f"#{name}", Input).value.strip())
            except ConfigError as error:
                message, fine = str(error), False
            self._tell(name, message)
        together = ""
        if fine:
            try:
                resolve(self.values(), home_defaults=self._defaults)
            except ConfigError as error:
                together, fine = str(error), False
        self._tell("together", together)
        self.query_one("#command", Static).update(Text("$ ", "dim").append_text(block(self._command())))
        return fine

    def _command(self) -> str:
        return line(command_line(self.values()))

    def _tell(self, name: str, message: str) -> None:
        widget = self.query_one(f"#{name}-message", Static)
        widget.update(block(message))
        widget.display = bool(message)

    def action_start(self) -> None:
        if self._check():
            self.dismiss(self.values())
        else:
            self.app.bell()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_next_field(self) -> None:
        self.focus_next()

    def action_previous_field(self) -> None:
        self.focus_previous()

    def action_copy_command(self) -> None:
        self.app.copy_to_clipboard(self._command())
        self.notify("The command is on the clipboard.", markup=False)
