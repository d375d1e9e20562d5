"""The form for what a person says of a run: its name, a note, tags; beside them the script it came from."""

from __future__ import annotations

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from engine.runs.about import LONGEST_NAME, LONGEST_NOTE, About
from tui.keys import actions
from tui.screens.form_screen import FormScreen
from tui.screens.tags import PARTED, Tags
from tui.text import block, cell, line
from tui.widgets.fields import FieldRow
from tui.widgets.keybar import KeyBar


class AboutScreen(FormScreen[About]):
    """Its result is what was written, or None."""

    BINDINGS = actions.bindings(actions.ABOUT)
    AUTO_FOCUS = "#name"
    EXPLAINED = {  # noqa: RUF012
        "name": "what the run is called wherever it is listed; it keeps its id",
        "note": "shown above its curve",
        "tags": PARTED,
    }

    def __init__(self, run: str, said: About) -> None:
        super().__init__()
        self._run, self._said = run, said

    def compose(self) -> ComposeResult:
        said = self._said
        with VerticalScroll(classes="dialog", can_focus=False) as dialog:
            dialog.border_title = cell(self._run)
            for name, value, longest in (
                ("name", said.name, LONGEST_NAME),
                ("note", said.note, LONGEST_NOTE),
                ("tags", " ".join(said.tags), LONGEST_NOTE),
            ):
                with FieldRow():
                    yield Static(name, classes="name", markup=False)
                    yield Input(
                        line(value or ""),
                        placeholder=line(self._run) if name == "name" else "",  # it is called so until it has another
                        id=name,
                        compact=True,
                        max_length=longest,
                        select_on_focus=False,  # a person's own words: typing goes on with them
                    )
            if said.origin:
                with FieldRow():
                    yield Static("from", classes="name", markup=False)
                    yield Static(block(line(said.origin)), classes="known", markup=False)
            yield Static(id="about", markup=False)
            yield KeyBar(actions.ABOUT)

    def on_input_submitted(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        name, note, tags = (self.query_one(f"#{field}", Input).value.strip() for field in ("name", "note", "tags"))
        said = Tags.read(tags)
        kept = tuple(tag for tag in said.added if tag not in said.removed)
        self.dismiss(replace(self._said, name=name or None, note=note or None, tags=kept))
