"""The last line of a screen: its keys on the left, what is going on on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget

from tui.keys import actions
from tui.keys.actions import Action
from tui.text import cell


class KeyBar(Widget):
    """The keys of a place, as many as fit, those that lead out of anything always, and a status."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keybar--key", "keybar--label"}

    def __init__(self, place: str) -> None:
        super().__init__()
        self._actions = [action for action in actions.at(place) if action.shown]
        self._first: Sequence[Action] = ()
        self._last: Sequence[Action] = ()
        self._alone = False
        self._labels: Mapping[str, str] = {}
        self._status = ""

    def lead_with(self, first: Sequence[Action], last: Sequence[Action] = (), alone: bool = False) -> None:
        """Name `first` before the others: the keys of what has the focus; `last` after them, where there is room
        beside the status.

        `alone`: the others are typed there.
        """
        if (first, last, alone) != (self._first, self._last, self._alone):
            self._first, self._last, self._alone = first, last, alone
            self.refresh()

    def call(self, labels: Mapping[str, str]) -> None:
        """Label keys, by the ids of their actions, by what they do now; the others as ever."""
        self._labels = labels
        self.refresh()

    def say(self, status: str) -> None:
        if status != self._status:
            self._status = status
            self.refresh()

    def _entry(self, action: Action) -> Text:
        label = self._labels.get(action.id, action.label)
        return Text.assemble(
            (action.first_key, self.get_component_rich_style("keybar--key", partial=True)),
            (f" {label}  ", self.get_component_rich_style("keybar--label", partial=True)),
        )

    def render(self) -> Text:
        width = self.size.width
        status = cell(self._status, style=str(self.get_component_rich_style("keybar--label", partial=True)))
        line = Text(no_wrap=True, end="")
        others = () if self._alone else self._actions
        always = [self._entry(action) for action in others if action.always]
        room = width - sum(entry.cell_len for entry in always)
        taken = set[str]()
        for group, most in (((*self._first, *others), room), (self._last, room - status.cell_len)):
            for action in group:
                entry = self._entry(action)
                if action.always or action.first_key in taken or line.cell_len + entry.cell_len > most:
                    continue
                taken.add(action.first_key)
                line.append_text(entry)
        for entry in always:
            line.append_text(entry)
        if line.cell_len + status.cell_len <= width:
            line.append(" " * (width - line.cell_len - status.cell_len))
            line.append_text(status)
        return line
