"""What the form of a run holds: filled from a preset or a script, checked as it is typed, told as a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.text import Text
from textual.widgets import Input, Static

from engine.config import ConfigError, TrainConfig, about, accepted, doubts
from engine.presets import preset_names, preset_summary
from tui.keys import actions
from tui.runs import form
from tui.runs.rows import together
from tui.runs.session import Device, command_line, resolved
from tui.screens.form_screen import FormScreen
from tui.scripts.carrying import CarryOver
from tui.text import block, cell, line
from tui.widgets.command import Command
from tui.widgets.fields import Choice, explained
from tui.widgets.paragraphs import beside_kinds
from tui.widgets.setting_row import SettingRow

SET = "set here"


class SettingsForm(FormScreen[dict[str, str]]):
    """A form with a row for each setting, those that the screen has made."""

    def __init__(self, defaults: Mapping[str, Any], devices: Sequence[Device], carried: CarryOver | None) -> None:
        """`defaults` are the home's own settings; `devices` those known by now; `carried` what a script states."""
        super().__init__()
        self._defaults, self._devices, self._carried = defaults, devices, carried
        self._given: dict[str, str] = {}
        self._emptied: dict[str, str] = {}  # what stood in steps or epochs until the other was typed
        self._told: list[tuple[str, str]] = []  # of the script
        self._rows: dict[str, SettingRow] = {}
        self.queued = False  # it is to wait in the queue of its device
        self.training_on: Callable[[str], list[str]] = lambda _: []  # the names of the runs that train on a device

    def row(self, name: str) -> SettingRow:
        return self._rows[name]

    @property
    def rows(self) -> Sequence[SettingRow]:
        return list(self._rows.values())

    @property
    def _left(self) -> bool:
        """Whether the form was left: its fields go before it has heard what happened to them last."""
        return not self.query("#command") or not self.query("#preset") or not self.query("#device")

    def _leave_one(self, typed: str, value: str) -> None:
        """Of steps and epochs: a value empties the other, and once it is erased the other is what it was."""
        other = form.EITHER.get(typed)
        if other is None:
            return
        row = self.row(other)
        if value and row.value:
            self._emptied[other] = row.value
            row.fill("")
        elif not value and not row.value:
            row.fill(self._emptied.get(other, self._given.get(other, "")))

    def _fill(self) -> None:
        """Take the preset's values, which then count as not set by the person; what was set stays."""
        if self._left:
            return
        try:
            given = form.filled(self.row("preset").value, self._defaults)
        except ConfigError as error:
            self._tell(str(error))
            return
        kept = self._stated() | self.values() if self._given else {}
        self._given = given
        for row in self.rows:
            if row.setting != "preset":
                row.fill(kept.get(row.setting, given[row.setting]))
        for one, other in form.EITHER.items():
            if one in kept:
                self.row(other).fill("")
        name = self.row("name").field
        if isinstance(name, Input):
            name.placeholder = self.row("preset").value
        self._check()

    def _stated(self) -> dict[str, str]:
        """What the script states and nobody changed, also where the preset says the same.

        The images are the preset's then: another is chosen for its own.
        """
        carried = self._carried.carried if self._carried else ()
        rows = [(self._rows[one.setting], one) for one in carried if one.setting in self._rows]
        return {one.setting: one.value for row, one in rows if one.setting != "dataset" and row.value == one.value}

    def values(self) -> dict[str, str]:
        """What was chosen and typed, without what the preset says already."""
        return form.chosen({row.setting: row.value for row in self.rows}, self._given)

    def _check(self) -> bool:
        """Say at each field what is wrong with it, or in doubt; True where nothing is wrong."""
        if self._left:
            return False
        wrong = form.refused({row.setting: row.value for row in self.rows})
        together, shared, doubtful = "", "", dict[str, str]()
        if not wrong:
            try:
                config = form.settled(self.values(), self._defaults)
                doubtful, shared = doubts(config), self._shared(config.device)
                self._tell_carried(config)
            except ConfigError as error:
                together = str(error)
        for row in self.rows:
            row.tell(wrong.get(row.setting, ""), self._origin(row), doubtful.get(row.setting, ""))
        self._tell(together or shared, bool(together))
        self._describe()
        self.query_one(Command).tell(self._command())
        return not wrong and not together

    def _shared(self, device: str) -> str:
        """That the run would train beside others, where it could wait for them."""
        others = [] if self.queued else self.training_on(resolved(device, self._devices))
        if not others:
            return ""
        train, them = ("trains", "it") if len(others) == 1 else ("train", "them")
        wait = actions.key(actions.FORM, "toggle_queue")
        return f"{together(others)} {train} on this device now; {wait} lets this one wait for {them}"

    def _tell_carried(self, config: TrainConfig) -> None:
        """What a script gave the form and what it could not."""
        told = self._carried.told(config) if self._carried else []
        if told != self._told:
            self._told = told
            self.query_one("#carried", Static).update(beside_kinds(told))

    def _command(self) -> str:
        return line(command_line(self.values(), self.queued))

    def _tell(self, message: str, wrong: bool = True) -> None:
        widget = self.query_one("#together-message", Static)
        widget.update(block(message))
        widget.set_class(not wrong, "-doubt")
        widget.display = bool(message)

    def _describe(self) -> None:
        """What the setting in the focus is, what it takes, and where its value comes from."""
        row = next((row for row in self.rows if row.field is self.focused), None)
        if self._left:
            return
        if row is None:
            if self.focused is not None and self.focused.id == "find":
                self.query_one("#about", Static).update(cell("only settings whose name or help has these words"))
            return
        preset = self.row("preset").value
        source = self._origin(row) or ("" if row.setting == "preset" else f"as {preset} has it")
        if source == SET:
            source += f", {actions.key(actions.FORM, 'reset_field')} takes that back"
        chosen = isinstance(row.field, Choice)
        takes = "" if chosen else accepted(row.setting)
        if row.setting == "preset" and preset in preset_names():
            takes = line(preset_summary(preset))  # whole: its line in the list may be cut
        known = cell(" · ".join(part for part in (takes, source) if part), "dim")
        said = explained(about(row.setting).help, row.field)
        self.query_one("#about", Static).update(Text("\n").join([said, known]))

    def _origin(self, row: SettingRow) -> str:
        """Where a value comes from that is not the preset's."""
        carried = self._carried.carried if self._carried else ()
        where = next((one.where for one in carried if one.setting == row.setting and one.value == row.value), "")
        return where or (SET if self._is_set(row) else "")

    def _is_set(self, row: SettingRow) -> bool:
        """Whether a person or a script set it; one of steps and epochs empties the other."""
        if row.setting in form.EITHER and not row.value:
            return False
        return row.setting != "preset" and row.value != self._given.get(row.setting, "")
