"""One setting in a form: its name, the field it is typed into, where its value comes from, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from engine.config import about, settings
from engine.presets import preset_names, preset_summary
from tui.text import block, cell, line
from tui.widgets.fields import Choice, FieldRow

Options = Sequence[tuple[str, str]]


def options_of(name: str) -> Options:
    """What a setting may be, where that is a short list; nothing where it is typed."""
    if name == "preset":
        return [(preset, line(preset_summary(preset))) for preset in preset_names()]
    if settings()[name].type == "bool":
        return [("true", ""), ("false", "")]
    known = about(name)
    listed = known.listed or str(settings()[name].type).startswith("tuple")
    return [] if listed else [(choice, "") for choice in known.choices]


class Settings(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Scrolls to the field in the focus; the arrow keys are the form's."""


class SettingRow(FieldRow):
    """A row of the form. The field's id is the setting's name; what is rarely said is made when it is first said."""

    def __init__(self, name: str, options: Options = ()) -> None:
        super().__init__()
        self.setting = name
        options = options or options_of(name)
        self.field: Choice | Input = (
            Choice(options, id=name) if options else Input(id=name, compact=True, select_on_focus=True)
        )
        self._mark: Static | None = None
        self._message: Static | None = None
        self._said = ("", "")
        self._wrong = False

    def compose(self) -> ComposeResult:
        yield Static(self.setting.replace("_", " "), classes="name", markup=False)
        yield self.field

    @property
    def value(self) -> str:
        return self.field.value

    @property
    def wrong(self) -> bool:
        """Whether something was said to be wrong with the value, not only in doubt."""
        return self._wrong

    def fill(self, value: str) -> None:
        """Put a value in, without telling the form that a person did."""
        if value == self.value:
            return
        if isinstance(self.field, Choice):
            self.field.choose(value)
        else:
            with self.field.prevent(Input.Changed):
                self.field.value = value

    def show(self, shown: bool) -> None:
        self.display = shown
        if self._message is not None:
            self._message.display = shown and bool(self._said[0])

    def tell(self, wrong: str, where: str, doubt: str = "") -> None:
        """Say what is wrong with the value or in doubt, and where it comes from."""
        message, self._wrong = wrong or doubt, bool(wrong)
        if self._said == (message, where):
            return
        self._said = (message, where)
        if where and self._mark is None:
            self._mark = Static(classes="mark", markup=False)
            self.mount(self._mark)
        if self._mark is not None:
            self._mark.update(cell(where))
            self._mark.display = bool(where)
        if message and self._message is None and isinstance(self.parent, Widget):
            self._message = Static(id=f"{self.setting}-message", classes="message", markup=False)
            self.parent.mount(self._message, after=self)
        if self._message is not None:
            self._message.update(block(message))
            self._message.set_class(not wrong, "-doubt")
            self._message.display = bool(message) and self.display
