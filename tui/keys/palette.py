"""The palette: every action that can be done from where it is opened, found by its name, its keys and its help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.screen import Screen

from tui.keys import actions, keypage
from tui.keys.actions import Action
from tui.screens.main import MainScreen
from tui.widgets.run_view import RunView
from tui.widgets.runs import RunsList

NAMED = 2.0  # a name that fits comes before a help that does


@dataclass(frozen=True)
class Entry:
    """An action, who does it, and the pane that is gone to first if it is not there."""

    action: Action
    owner: DOMNode
    pane: str | None = None

    @property
    def title(self) -> str:
        return f"{self.action.label.capitalize()} ({self.action.key.replace(' ', ', ')})"

    async def act(self, app: App[Any]) -> None:
        if self.pane is not None:  # the keys do nothing elsewhere
            await app.screen.run_action(f"focus_{self.pane}")
        await app.run_action(self.action.id, self.owner)


def entries(screen: Screen[Any]) -> list[Entry]:
    """What the keys do that hold now, then what those of the other panes do there; movements come last."""
    known = {action.name: action for action in actions.ACTIONS}
    held = [(known[b.binding.id], b.node) for b in screen.active_bindings.values() if b.binding.id in known]
    found = {action.name: Entry(action, owner) for action, owner in held if action.id != "command_palette"}
    focused = getattr(screen.focused, "PLACE", None)
    first = [entry.action.group for entry in found.values() if entry.action.where == focused]
    if isinstance(screen, MainScreen):
        first += keypage.OF_PANE[screen.pane]
        for pane, place, owner in _panes(screen):
            for action in actions.at(place):
                if place == actions.MAIN and action.id not in actions.of_runs():
                    continue  # it holds in every pane
                found.setdefault(action.name, Entry(action, owner, pane))
    order = keypage.order(first)
    return sorted(found.values(), key=lambda entry: _rank(entry.action, order))


def _panes(screen: MainScreen) -> Iterator[tuple[str, str, DOMNode]]:
    """The id of each pane, a place of the registry in it, and who acts there."""
    yield "runs", actions.RUNS, screen.query_one(RunsList)
    yield "runs", actions.MAIN, screen
    yield "run", actions.RUN, screen.query_one(RunView)
    if screen.scripts is not None:
        yield "scripts", actions.RESULTS, screen.scripts.table


def _rank(action: Action, order: Sequence[str]) -> tuple[bool, int, int]:
    return action.where in (actions.LIST, actions.TABLE), order.index(action.group), actions.ACTIONS.index(action)


class ActionsProvider(Provider):
    """Hands the entries to Textual's palette."""

    async def startup(self) -> None:
        self._entries = entries(self.screen)

    async def discover(self) -> Hits:
        for entry in self._entries:
            yield DiscoveryHit(entry.title, partial(entry.act, self.app), help=entry.action.help)

    async def search(self, query: str) -> Hits:
        matcher, words = self.matcher(query), query.casefold().split()
        for place, entry in enumerate(self._entries):
            title, told = entry.title, f"{entry.title} {entry.action.help} {entry.action.group}".casefold()
            score = NAMED + matcher.match(title) if matcher.match(title) else float(all(word in told for word in words))
            if score:  # of two that fit as well, the nearer one
                act = partial(entry.act, self.app)
                yield Hit(score - place / 1000, matcher.highlight(title), act, help=entry.action.help)
