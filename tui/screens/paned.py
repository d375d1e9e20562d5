"""The panes of the workbench: which one has the focus or the whole screen, and what the last line names there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tui.keys import actions
from tui.keys.footer import Here, footer
from tui.left import PANES
from tui.widgets.keybar import KeyBar
from tui.widgets.run_view import RunView
from tui.widgets.runs import RunsList
from tui.widgets.runs_pane import RunsPane

if TYPE_CHECKING:
    from engine.runs.listing import RunSummary
    from tui.runs.session import Launch
    from tui.widgets.scripts import ScriptsPane


OF_RUNS = actions.of_runs()


class PanedScreen(Screen[None]):
    """A screen with the panes PANES, one of which has the focus."""

    if TYPE_CHECKING:
        scripts: ScriptsPane | None
        _opened: bool
        _summaries: list[RunSummary]
        _launches: list[Launch]

        @property
        def pane(self) -> str: ...
        def _enter_scripts(self, asking: bool = False) -> None: ...

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where scripts are looked at, a key that none of them takes does nothing to the run in the pane behind."""
        if action in OF_RUNS and self.pane == "scripts":
            return False
        return super().check_action(action, parameters)

    def _mark(self, pane: str) -> None:
        """At once: with every class that is set by itself, Textual applies all styles of the screen again."""
        self.update_classes({f"-at-{one}": one == pane for one in PANES})

    def _go(self, pane: str) -> None:
        self._mark(pane)
        if pane == "scripts":
            self._enter_scripts()
        elif pane == "run":
            self.query_one(RunView).enter()
        else:
            self.query_one(RunsList).focus()

    def on_descendant_focus(self) -> None:
        """The mouse and `/` move the focus too: the pane follows it."""
        focused = self.focused
        pane = next((n.id for n in focused.ancestors_with_self if n.id in PANES), None) if focused else None
        if pane is not None:
            self._mark(pane)
        self._name_keys()

    def _name_keys(self) -> None:
        """In the last line, as they fit what is here now."""
        focused, pane, scripts = self.focused, self.pane, self.scripts
        runs, view = self.query_one(RunsList), self.query_one(RunView)
        meant = runs.chosen or ([runs.selected] if runs.selected else [])
        here = Here(
            pane,
            self._places(focused, pane),
            typed=isinstance(focused, Input),
            states=tuple(row.state for row in meant if row.folder is not None),
            runs=len(self._summaries) + len(self._launches) if self._opened else None,
            chosen=len(runs.chosen),
            beside=len(runs.chosen) == 1 and runs.selected not in runs.chosen and pane != "scripts",
            drawings=len(view.history.drawings),
            reads=view.has_class("-log"),
            bare=pane == "scripts" and scripts is not None and scripts.bare,
            zoomed=self.has_class("-zoomed"),
            wide=scripts is not None and scripts.has_class("-wide"),
            hidden=tuple(one for one in PANES if not self.query_one(f"#{one}").display),
        )
        first, last = footer(here)
        self.query_one(KeyBar).lead_with(first, last, alone=here.typed)

    def _places(self, focused: Widget | None, pane: str | None) -> tuple[str, ...]:
        """Whose keys the focus adds to those of the screen."""
        place = getattr(focused, "PLACE", None) or {"run": actions.RUN, "runs": actions.RUNS}.get(pane or "")
        return (place,) if place is not None else ()

    def action_focus_runs(self) -> None:
        self._go("runs")

    def action_focus_run(self) -> None:
        self._go("run")

    def action_focus_scripts(self) -> None:
        """To the pane; in it from what was found on to the question."""
        if self.pane == "scripts" and self.scripts is not None and self.scripts.table.has_focus:
            self._enter_scripts(asking=True)
        else:
            self._go("scripts")

    def action_next_pane(self) -> None:
        self._go(PANES[(PANES.index(self.pane) + 1) % len(PANES)])

    def action_previous_pane(self) -> None:
        self._go(PANES[PANES.index(self.pane) - 1])

    def action_zoom(self) -> None:
        if self.has_class("-zoomed"):
            self._unzoom()
        else:
            self.add_class("-zoomed")
            self._name_keys()

    def _unzoom(self) -> None:
        self.remove_class("-zoomed")
        if self.scripts is not None:
            self.scripts.remove_class("-wide")
        self._name_keys()

    def action_back(self) -> None:
        """One layer out: of the scripts' pane, the log, what is chosen, the filter; then the zoom, then to the runs."""
        if self.pane == "scripts" and self.scripts is not None and self.scripts.back():
            return
        if self.pane == "run" and self.query_one(RunView).show_log(False):
            self.action_focus_run()
        elif self.pane == "runs" and self.query_one(RunsPane).clear():
            return
        elif self.has_class("-zoomed"):
            self._unzoom()
        else:
            self._go("runs")

    def action_search(self) -> None:
        self._go("scripts")
        self._enter_scripts(asking=True)

    def action_help(self) -> None:
        from tui.keys.keypage import OF_PANE
        from tui.screens.help import HelpScreen

        group_of = {action.name: action.group for action in actions.ACTIONS}
        held = {group_of.get(bound.binding.id or "") for bound in self.active_bindings.values()}
        focused = [action.group for action in actions.at(*self._places(self.focused, self.pane))]
        groups = list(dict.fromkeys([*focused, *OF_PANE[self.pane]]))
        self.app.push_screen(HelpScreen([g for g in groups if g in held], [g for g in groups if g not in held]))
