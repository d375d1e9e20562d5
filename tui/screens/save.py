"""Where to save a picture: a path, checked as it is typed."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from engine.setting import ConfigError, given_path
from tui.keys import actions
from tui.screens.form_screen import Dialog, FormScreen
from tui.text import block, cell, line
from tui.widgets.fields import FieldRow
from tui.widgets.keybar import KeyBar


class SaveScreen(FormScreen[Path]):
    """Its result is the path to write, or None."""

    BINDINGS = actions.bindings(actions.SAVE)
    AUTO_FOCUS = "#path"

    def __init__(self, picture: Path, called: str) -> None:
        """`called` is how the run is named that it is of."""
        super().__init__()
        self._picture, self._called = picture, called

    def compose(self) -> ComposeResult:
        with Dialog(classes="dialog") as dialog:
            dialog.border_title = cell(f"Save the picture of {line(self._called)}")
            with FieldRow():
                yield Static("as", classes="name", markup=False)
                yield Input(line(self._picture.name), id="path", compact=True, select_on_focus=True)
            yield Static(id="message", classes="message", markup=False)
            yield KeyBar(actions.SAVE)

    @on(Input.Changed)
    def _check(self) -> Path | None:
        """The path, if a picture can go there; says why not, or what would be lost."""
        typed = self.query_one("#path", Input).value.strip()
        target, fine, message = Path(), False, ""
        suffix = self._picture.suffix.lower()
        try:
            target = given_path("as", typed).absolute()
            if target.suffix.lower() != suffix:
                message = f"'{target.name}' is not accepted; a name that ends in {suffix} is"
            elif target.is_dir():
                message = f"{target} is a folder"
            elif not target.parent.exists():
                fine, message = True, f"{target}, in a folder that is made for it"
            elif not target.parent.is_dir():
                message = f"{target.parent} is no folder"
            else:
                fine, message = True, f"{target} is there already and is replaced" if target.exists() else str(target)
        except ConfigError as error:
            message = str(error)
        except (OSError, ValueError) as error:
            message = f"'{typed}' is no path ({error})"
        told = self.query_one("#message", Static)
        told.update(block(line(message)))
        told.set_class(fine, "-fine")
        told.display = True
        return target if fine else None

    @on(Input.Submitted)
    def action_save(self) -> None:
        target = self._check()
        if target is None:
            self.app.bell()
        else:
            self.dismiss(target)
