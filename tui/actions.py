"""Every action of the workbench, once: bindings, footer, help and palette are made from this registry.

An action's `id` is the name of the method that does it (`action_<id>`), of its binding and of its line in a keymap.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class Action:
    """What a key does, where it does it, and how it is told.

    `where` names the place whose bindings hold it; `shown` says whether the footer has room for it.
    """

    id: str
    keys: str
    label: str
    help: str
    where: str
    group: str
    shown: bool = False
    palette: bool = True

    @property
    def key(self) -> str:
        """The keys as a person reads them."""
        return " ".join(_NAMES.get(key, key) for key in self.keys.split(","))

    @property
    def first_key(self) -> str:
        return self.key.split(" ")[0]


_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "shift+tab": "shift+tab",
    "escape": "esc",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}

MAIN, LIST, TABLE, SEARCH, FORM, CONFIRM, HELP = "main", "list", "table", "search", "form", "confirm", "help"

ACTIONS: tuple[Action, ...] = (
    Action("new_run", "n", "new run", "Start a training run", MAIN, "Runs", shown=True),
    Action("stop_run", "S", "stop", "Stop the selected run with a checkpoint (asks first)", MAIN, "Runs", shown=True),
    Action("toggle_log", "l", "log", "Loss on a logarithmic or linear axis", MAIN, "Runs", shown=True),
    Action("search", "slash", "search", "Find a script", MAIN, "Scripts", shown=True),
    Action("copy_path", "y", "copy path", "Copy the path of the selected run or script", MAIN, "Scripts"),
    Action("focus_runs", "1", "runs", "Go to the runs", MAIN, "Panes", palette=False),
    Action("focus_run", "2", "run", "Go to the selected run's curve and samples", MAIN, "Panes", palette=False),
    Action("focus_scripts", "3", "scripts", "Go to the scripts", MAIN, "Panes", palette=False),
    Action("next_pane", "tab", "next pane", "Next pane", MAIN, "Panes", palette=False),
    Action("previous_pane", "shift+tab", "previous pane", "Previous pane", MAIN, "Panes", palette=False),
    Action("zoom", "z", "zoom", "Give the whole screen to this pane, and back", MAIN, "Panes", shown=True),
    Action("back", "escape", "back", "One layer out", MAIN, "Panes", palette=False),
    Action("help", "question_mark", "help", "All keys", MAIN, "Workbench", shown=True),
    Action("command_palette", "ctrl+p", "palette", "Find an action by name", MAIN, "Workbench", palette=False),
    Action("detach", "d", "detach", "Leave the workbench; training goes on", MAIN, "Workbench"),
    Action("quit", "q,ctrl+q", "quit", "Leave the workbench; training goes on", MAIN, "Workbench", shown=True),
    Action("suspend_process", "ctrl+z", "suspend", "Back to the shell; `fg` returns", MAIN, "Workbench"),
    Action("cursor_down", "j,down", "down", "Next line", LIST, "Lists", palette=False),
    Action("cursor_up", "k,up", "up", "Previous line", LIST, "Lists", palette=False),
    Action("first", "g,home", "first", "First line", LIST, "Lists", palette=False),
    Action("last", "G,end", "last", "Last line", LIST, "Lists", palette=False),
    Action("page_down", "pagedown,ctrl+f", "page down", "A page down", LIST, "Lists", palette=False),
    Action("page_up", "pageup,ctrl+b", "page up", "A page up", LIST, "Lists", palette=False),
    Action("open", "enter", "open", "Open what is selected: the run, the details", LIST, "Lists", palette=False),
    Action("scroll_columns(1)", "right,L", "right", "Columns further right", TABLE, "Lists", palette=False),
    Action("scroll_columns(-1)", "left,H", "left", "Columns further left", TABLE, "Lists", palette=False),
    Action("leave_input", "escape", "results", "From the question to the results", SEARCH, "Scripts", palette=False),
    Action(
        "leave_input", "enter,down", "results", "From the question to the results", SEARCH, "Scripts", palette=False
    ),
    Action(
        "start", "ctrl+s,enter", "start", "Start the run as the form says", FORM, "New run", shown=True, palette=False
    ),
    Action("next_field", "down", "next", "Next field", FORM, "New run", palette=False),
    Action("previous_field", "up", "previous", "Previous field", FORM, "New run", palette=False),
    Action("change(1)", "right", "change", "Next choice", FORM, "New run", palette=False),
    Action(
        "copy_command", "ctrl+y", "copy command", "Copy the equal command", FORM, "New run", shown=True, palette=False
    ),
    Action("leave", "escape", "leave", "Leave the form", FORM, "New run", shown=True, palette=False),
    Action("answer(True)", "y,enter", "yes", "Do it", CONFIRM, "Questions", shown=True, palette=False),
    Action("answer(False)", "n,escape", "no", "Leave it", CONFIRM, "Questions", shown=True, palette=False),
    Action("close", "escape,question_mark,q", "close", "Close the help", HELP, "Workbench", palette=False),
)


def at(*places: str) -> list[Action]:
    """The actions of these places, in the registry's order."""
    return [action for action in ACTIONS if action.where in places]


def bindings(*places: str) -> list[BindingType]:
    """What Textual needs to know of the actions of these places."""
    return [Binding(a.keys, a.id, a.label, show=False, id=f"{a.where}.{a.id}") for a in at(*places)]
