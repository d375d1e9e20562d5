"""The form that starts a run: every setting, filled from a preset or a script, checked as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual import events, on, work
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, Static

from engine.config import about
from engine.presets import preset_names
from tui.keys import actions
from tui.runs import form
from tui.runs.session import AUTO, Device
from tui.screens.form_screen import FixedDialog
from tui.screens.settings_form import SettingsForm
from tui.scripts.carrying import CarryOver
from tui.text import line
from tui.widgets.command import Command
from tui.widgets.fields import Choice
from tui.widgets.keybar import KeyBar
from tui.widgets.setting_row import SettingRow, Settings

AROUND = 11  # lines of the dialog that are not settings


class NewRunScreen(SettingsForm):
    """Its result is the settings to start with, or None."""

    BINDINGS = actions.bindings(actions.FORM)
    AUTO_FOCUS = "#preset.-first"

    def __init__(
        self,
        defaults: Mapping[str, Any],
        devices: list[Device],
        carried: CarryOver | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        """`defaults` are the home's own settings; `devices` those known by now; `carried` what a script states.

        `values` are what the form was left with before: they stand, whatever the script states.
        """
        super().__init__(defaults, devices, carried)
        self._values = values
        self._begun: dict[str, str] = {}  # what is set of itself
        self._all = False
        self._before_finding: Widget | None = None  # the field one was at
        self.leading = carried is not None or values is not None  # keys wait until its first field has the focus

    # ------------------------------------------------------------------ composing

    def compose(self) -> ComposeResult:
        with FixedDialog(classes="dialog") as dialog:
            dialog.border_title = "New run"
            yield Input(placeholder="find a setting", id="find", compact=True)
            with Settings(id="settings"):
                if self._carried is not None:
                    yield Static(id="carried", markup=False)
                for name in form.COMMON:
                    yield self._row(name)
            yield Static(id="about", markup=False)
            yield Static(id="together-message", classes="message", markup=False)
            yield Command(id="command")
            yield KeyBar(actions.FORM)

    def _row(self, name: str) -> SettingRow:
        options = [(device.id, device.label) for device in self._devices] if name == "device" else []
        row = self._rows[name] = SettingRow(name, options)
        if name == "preset" and not self.leading:
            row.field.add_class("-first")
        return row

    async def on_mount(self) -> None:
        if self._left:
            return
        given = self._carried.preset if self._carried else self._defaults.get("preset")
        given = self._values["preset"] if self._values is not None else given
        if given in preset_names():
            self.row("preset").fill(str(given))
        self.row("device").fill(str(self._defaults.get("device") or AUTO.id))
        self._fill()
        values = self._carried.values if self._values is None and self._carried else self._values
        if values is not None:
            await self._take(values)
        self._show_found()
        self._begun = self.values()

    async def _take(self, values: Mapping[str, str]) -> None:
        """Fill in what a script states, or the form was left with before."""
        await self._mount_all()
        for setting, value in values.items():
            self.row(setting).fill(value)
            if setting in form.EITHER:
                self.row(form.EITHER[setting]).fill("")
        self._check()
        self._show_found()
        self.call_after_refresh(self._begin)  # a focus that is moved before it is drawn stays marked

    def _begin(self) -> None:
        """At the name, the first that a script does not state, but with what is said of the script in view."""
        self.query_one("#name").focus(scroll_visible=False)
        self.query_one("#settings").scroll_home(animate=False, force=True)
        self.leading = False

    def on_resize(self, event: events.Resize) -> None:
        self.query_one("#settings").styles.max_height = max(3, event.size.height - AROUND)

    def offer(self, devices: list[Device]) -> None:
        """The devices of this machine have been found, maybe before the form is shown."""
        self._devices = devices
        if not self.is_mounted or self._left:
            return
        self.query_one("#device", Choice).offer([(device.id, device.label) for device in devices])
        self._check()

    # ------------------------------------------------------------------ the settings

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        self._fill() if event.choice.id == "preset" else self._check()
        self._show_found()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if event.input.id == "find":
            self._show_found()
            return
        self._leave_one(event.input.id or "", event.value.strip())
        self._check()

    def on_key(self, event: events.Key) -> None:
        """A path that is begun where the images are chosen is that of a folder of one's own."""
        if event.character in ("/", "~"):
            self._take_folder(event, event.character)

    def on_paste(self, event: events.Paste) -> None:
        self._take_folder(event, line(event.text.strip()))

    def _take_folder(self, event: events.Event, path: str) -> None:
        if self.focused is not self.row("dataset").field:
            return
        event.stop()
        self.row("dataset").fill("folder")
        self.row("data_dir").fill("")
        self._show_found()
        field = self.query_one("#data_dir", Input)
        self.set_focus(field)
        field.call_later(field.insert_text_at_cursor, path)  # once it has the focus, which selects what is in it

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "find":
            self.focus_next()
        else:
            self.action_start()

    # ------------------------------------------------------------------ keys

    async def action_all_settings(self) -> None:
        """Show every setting by group, or the common ones alone."""
        await self._mount_all()
        self._all = not self._all
        self._label_keys()
        self._show_found()

    async def _mount_all(self) -> None:
        """The rows beyond the common ones are made when they are first wanted."""
        if len(self.rows) > len(form.COMMON):
            return
        made: list[Static | SettingRow] = []
        for group, names in form.OTHERS:
            rows = [self._row(name) for name in names]
            for row in rows:  # at once: what the form holds may be asked for before they are mounted
                row.fill(self._given[row.setting])
            made += [Static(group, classes="group", markup=False), *rows]
        await self.query_one("#settings").mount(*made)

    async def action_find_setting(self) -> None:
        """Show only settings whose name or help has the words that are typed."""
        await self._mount_all()
        if self.focused is not self.query_one("#find"):
            self._before_finding = self.focused
        self.add_class("-finding")
        self._show_found()
        self.query_one("#find").focus()

    def _show_found(self) -> None:
        words = self.query_one("#find", Input).value.lower().split() if self.has_class("-finding") else []
        for row in self.rows:
            said = f"{row.setting} {row.setting.replace('_', ' ')} {about(row.setting).help}".lower()
            other, needed = form.ONLY_FOR.get(row.setting, ("preset", self.row("preset").value))
            asked = row.setting in form.COMMON and self.row(other).value == needed
            row.show(all(word in said for word in words) if words else self._all or asked or bool(self._origin(row)))
        for heading in self.query("#settings .group"):
            heading.display = self._all and not words

    def action_start(self) -> None:
        if self._check():
            self.dismiss(self.values())
            return
        self.app.bell()
        if wrong := [row for row in self.rows if row.wrong]:
            wrong[0].show(True)
            wrong[0].field.focus()
            stop = "1 setting stops" if len(wrong) == 1 else f"{len(wrong)} settings stop"
            self.notify(f"{stop} the run.", severity="warning", markup=False)

    def action_reset_field(self) -> None:
        """The field in the focus as it was; steps and epochs go together, a preset takes its values along."""
        row = next((row for row in self.rows if row.field is self.focused), None)
        if row is not None:
            self._reset([row.setting, *filter(None, [form.EITHER.get(row.setting)])])

    def action_reset_all(self) -> None:
        self._reset([row.setting for row in self.rows])

    def _reset(self, settings: Sequence[str]) -> None:
        if "preset" in settings:
            self.row("preset").fill(self._begun["preset"])
            self._fill()
        stated = self._carried.values if self._carried else {}
        for setting in settings:
            if setting != "preset":
                self.row(setting).fill(form.origin(setting, stated, self._given))
        self._emptied.clear()
        self._check()
        self._show_found()

    def action_toggle_queue(self) -> None:
        self.queued = not self.queued
        self._label_keys()
        self._check()

    def _label_keys(self) -> None:
        """By what they do now."""
        queue = {"start": "queue", "toggle_queue": "start at once"} if self.queued else {}
        common = {"all_settings": "common settings"} if self._all else {}
        self.query_one(KeyBar).call(queue | common)

    def action_leave(self) -> None:
        if self.has_class("-finding"):
            field = self.focused if self.focused is not self.query_one("#find") else self._before_finding
            self.remove_class("-finding")
            self.query_one("#find", Input).value = ""
            self._show_found()
            self.set_focus(field)
        elif self.values() == self._begun and not any(row.wrong for row in self.rows):
            self.dismiss(None)
        else:
            self._ask_to_leave()

    @work(group="leave", exit_on_error=False)
    async def _ask_to_leave(self) -> None:
        from tui.screens.confirm import ConfirmScreen

        if await self.app.push_screen_wait(ConfirmScreen("Leave the form?", "What was set in it is lost.")):
            self.dismiss(None)

    def action_move_fields(self, by: int) -> None:
        """Several fields on or back, at most to the last or the first one."""
        fields = [row.field for row in self.rows if row.display]
        place = next((place for place, field in enumerate(fields) if field is self.focused), 0)
        fields[min(max(0, place + by), len(fields) - 1)].focus()

    def action_copy_command(self) -> None:
        self.app.copy_to_clipboard(self._command())
        self.notify("The command is on the clipboard.", markup=False)
