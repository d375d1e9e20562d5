"""Every key, from the registry: those of where the help was asked for first, and those that do what is typed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.keys import actions
from tui.keys.keypage import page
from tui.widgets.keybar import KeyBar


class FindInput(Input):
    """What a key is to do; it goes once it is left empty."""

    BINDINGS = actions.bindings(actions.FIND)

    def action_leave_find(self) -> None:
        self.display = bool(self.value.strip())
        self.screen.query_one(VerticalScroll).focus()

    def action_drop_find(self) -> None:
        self.value = ""
        self.action_leave_find()


class KeysPage(Static):
    """Laid out for its width, which changes also where its screen's does not: styles may come after it."""

    class Resized(Message):
        """There is another width to lay out for."""

    def on_resize(self) -> None:
        self.post_message(self.Resized())


class HelpScreen(ModalScreen[None]):
    """The keys by group: first the groups that hold `here`, then those that are `near`, then the others."""

    BINDINGS = actions.bindings(actions.HELP)
    AUTO_FOCUS = "#keys"
    HORIZONTAL_BREAKPOINTS = [(0, "-single"), (120, "-twofold"), (184, "-threefold")]  # noqa: RUF012

    def __init__(self, here: Sequence[str] = (), near: Sequence[str] = ()) -> None:
        super().__init__()
        self._here, self._near = list(here), list(near)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Keys"
            find = FindInput(placeholder="what a key is to do", id="find", compact=True)
            find.display = False
            yield find
            with VerticalScroll(id="keys"):
                yield KeysPage(classes="text", markup=False)
            yield KeyBar(actions.HELP)

    def on_descendant_focus(self) -> None:
        finding = self.query_one(FindInput).has_focus
        self.query_one(KeyBar).lead_with(actions.at(actions.FIND) if finding else [], alone=finding)

    @on(KeysPage.Resized)
    @on(Input.Changed)
    def _show(self) -> None:
        style = str(self.query_one(KeyBar).get_component_rich_style("keybar--key", partial=True))
        text = self.query_one(".text", Static)
        wanted = self.query_one(FindInput).value
        text.update(page(self._here, text.content_size.width, wanted, style, near=self._near))

    def action_find(self) -> None:
        find = self.query_one(FindInput)
        find.display = True
        find.focus()

    def action_close(self) -> None:
        self.dismiss(None)
