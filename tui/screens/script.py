"""One script on the whole screen: what is said of it, and beside it the lines that prove it."""

from __future__ import annotations

import asyncio
import subprocess

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from tui import editor
from tui.editor import NoEditorError
from tui.keys import actions
from tui.painting import highlight
from tui.screens.help import HelpScreen
from tui.scripts.details import Cells, cells_of
from tui.scripts.evidence import Entry, OpenedScript, entries
from tui.scripts.table import Result
from tui.text import cell, line, shorten_path
from tui.widgets.keybar import KeyBar
from tui.widgets.source import SourceView
from tui.widgets.walk import Item, Walk

LABEL = 14  # cells of a fact's name


class ScriptScreen(Screen[OpenedScript | None]):
    """Its result is the script to train from, or None."""

    BINDINGS = actions.bindings(actions.SCRIPT)
    AUTO_FOCUS = "#evidence"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012

    def __init__(self, result: Result, line: int | None = None) -> None:
        """`result` is what is known already; :meth:`show` brings the rest. `line` is the one to begin at."""
        super().__init__()
        self._opened = OpenedScript(result)
        self._first = line
        self._there = False

    def compose(self) -> ComposeResult:
        # Before the first layout, which would else be one beside the other in any terminal.
        narrow, wide = self.HORIZONTAL_BREAKPOINTS
        self.add_class((wide if self.app.size.width >= wide[0] else narrow)[1], update=False)
        yield Static(id="script-title", markup=False)
        with Container(id="script-body"):
            yield Walk(id="evidence")
            yield SourceView(id="source")
        yield KeyBar(actions.SCRIPT)

    def on_mount(self) -> None:
        self._fill()

    def on_resize(self) -> None:
        self._head()

    def _head(self) -> None:
        script, room = self._opened.script, max(8, self.size.width - 4)
        title = cell(script.get("model_id", ""), "bold")
        path = line(self._opened.path)
        self.query_one("#script-title", Static).update(Text("\n").join([title, cell(shorten_path(path, room), "dim")]))

    def show(self, opened: OpenedScript) -> None:
        """Everything has come."""
        self._opened = opened
        self._there = True
        if self.is_mounted:
            self._fill()

    def fail(self, message: str) -> None:
        """The search could not tell more."""
        self.notify(line(message), severity="error", markup=False)

    def _fill(self) -> None:
        self._head()
        opened = self._opened
        said = entries(opened.script, opened.settings)
        walk = self.query_one(Walk)
        walk.show([item for one in said for item in _items(one)])
        walk.go(next((one for one in said if one.line is not None and one.line == self._first), None))
        if self._there:
            cells = cells_of(opened.script)
            self.query_one(SourceView).show(highlight.plain(opened.source), cells)
            self._go(self._first)
            self._colour(opened.source)

    @work(exclusive=True, group="colour", exit_on_error=False)
    async def _colour(self, source: str) -> None:
        words = await asyncio.to_thread(highlight.coloured, source)
        self.query_one(SourceView).show(words, cells_of(self._opened.script))

    def _go(self, at: int | None) -> None:
        walk = self.query_one(Walk)
        if at is None and isinstance(walk.key, Entry):
            at = walk.key.line
        self.query_one(SourceView).go(at or 1)

    def on_descendant_focus(self) -> None:
        inside = self.query_one(SourceView).has_focus
        self.query_one(KeyBar).call({"other_part": "facts", "back": "facts"} if inside else {})

    @on(Walk.Moved)
    def _walked(self, event: Walk.Moved) -> None:
        if isinstance(event.key, Entry):
            self._go(event.key.line)

    @on(Walk.Opened)
    def _to_source(self) -> None:
        self.query_one(SourceView).focus()

    @on(SourceView.Opened)
    def _to_editor(self) -> None:
        self.action_edit()

    # ------------------------------------------------------------------ keys

    def action_other_part(self) -> None:
        self.focus_next()

    def action_copy_path(self) -> None:
        self.app.copy_to_clipboard(self._opened.path)
        self.notify(f"Copied {line(self._opened.path)}", markup=False)

    def action_edit(self) -> None:
        edit(self.app, self._opened.path, self.query_one(SourceView).line, cells_of(self._opened.script))

    def action_train(self) -> None:
        if self._there:
            self.dismiss(self._opened)

    def action_back(self) -> None:
        if self.query_one(SourceView).has_focus:
            self.query_one(Walk).focus()
        else:
            self.dismiss(None)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(["One script", "Lists"]))


def _items(one: Entry) -> list[Item]:
    """What is said, and the place that proves it: in one piece, on the line where there is room, else below."""
    proved = one.line is not None
    hang = LABEL if one.label else len(one.text) - len(one.text.lstrip()) + 2
    hang = hang if proved and not one.head else 0
    said = Item(_told(one), one if proved else None, hang=hang)
    return [said, Item(cell(one.where, "dim"), beside=True, hang=hang)] if one.where else [said]


def _told(one: Entry) -> Text:
    if one.head:
        return cell(one.label, "bold")
    text = Text(overflow="fold")
    if one.label:
        text.append(f"{one.label:<{LABEL}}", "dim")
    text.append(one.text, "" if one.stated else "dim")
    return text


def edit(app: App[object], path: str, at: int, cells: Cells) -> None:
    """Give the terminal to the person's editor until it ends."""
    try:
        command = editor.command(path, editor.line_in_file(path, at, cells))
        with app.suspend():
            code = subprocess.run(command, check=False).returncode
    except NoEditorError as error:
        app.notify(line(str(error)), severity="warning", markup=False)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        app.notify(line(f"{command[0]} cannot be started: {reason}"), severity="error", markup=False)
    except SuspendNotSupported:
        app.notify("This terminal cannot be given to an editor.", severity="warning", markup=False)
    else:
        app.refresh()
        if code:
            app.notify(line(f"{command[0]} ended with exit code {code}."), severity="warning", markup=False)
