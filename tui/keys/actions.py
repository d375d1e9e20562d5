"""Every action of the workbench, once: bindings, footer, help and palette are made from this registry.

An action's `id` is the name of the method that does it (`action_<id>`), of its binding and of its line in a keymap.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from textual.binding import Binding, BindingType


class Action(Struct, frozen=True):
    """What a key does, where it does it, and how it is told.

    `where` names the place whose bindings hold it; `shown` puts it into the footer (`always` however narrow that is).
    """

    id: str
    keys: str
    label: str
    help: str
    where: str
    group: str
    shown: bool = False
    always: bool = False

    @property
    def name(self) -> str:
        """Its name in a keymap."""
        return f"{self.where}.{self.id}"

    @property
    def key(self) -> str:
        """The keys as a person reads them: their own, or those they chose instead."""
        keys = _chosen.get(self.name, self.keys)
        return " ".join(_NAMES.get(key, key) for key in keys.split(","))

    @property
    def first_key(self) -> str:
        return self.key.split(" ")[0]


_NAMES = {
    "slash": "/",
    "asterisk": "*",
    "question_mark": "?",
    "escape": "esc",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "full_stop": ".",
    "comma": ",",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "backspace": "bksp",
    "delete": "del",
}

APP = "app"
MAIN = "main"
RUN = "run"
LIST = "list"
RUNS = "runs"
FILTER = "filter"
LOG = "log"
PAGE = "page"
EXPORT = "export"
TABLE = "table"
RESULTS = "results"
ANSWER = "answer"
CHIPS = "chips"
SCRIPT = "script"
COMPARE = "compare"
COLUMNS = "columns"
SEARCH = "search"
FORM = "form"
CHOICE = "choice"
CONFIRM = "confirm"
HELP = "help"
FIND = "find"
ABOUT = "about"
GENERATE = "generate"
SAVE = "save"
INDEX = "index"
MACHINE = "machine"

ACTIONS: tuple[Action, ...] = (
    Action("new_run", "n", "new run", "Start a training run", MAIN, "Runs", shown=True),
    Action("stop_run", "S", "stop", "Stop a run with a checkpoint", MAIN, "Runs"),
    Action("checkpoint_run", "c", "checkpoint", "A checkpoint and samples now", MAIN, "Runs"),
    Action("resume_run", "r", "resume", "Go on with a run that ended", MAIN, "Runs"),
    Action("queue_run", "Q", "queue", "Go on with it when its device is free", MAIN, "Runs"),
    Action("describe_run", "e", "name, note", "Name, note and tags; of several runs the tags", MAIN, "Runs"),
    Action("pin_run", "p", "pin", "List it before the others, or no longer", MAIN, "Runs"),
    Action("compare_settings", "v", "compare", "In which settings the chosen runs differ", MAIN, "Runs"),
    Action("export_run", "E", "export", "Its curves as CSV or for TensorBoard", MAIN, "Runs"),
    Action("remove_run", "D,delete", "remove", "To the trash", MAIN, "Runs"),
    Action("undo_remove", "u", "undo", "Bring back what was removed last", MAIN, "Runs"),
    Action("show_log", "t", "log", "What its trainer wrote, or back to its curves", MAIN, "Runs"),
    Action("choose", "space", "choose", "Choose it for what the next key does", RUNS, "Runs", shown=True),
    Action("choose_all", "asterisk", "choose all", "Choose all that are listed, or none", RUNS, "Runs"),
    Action(
        "filter",
        "slash",
        "filter",
        "Only runs that fit: state:running dataset:mnist lr:<1e-3 -tag:old words",
        RUNS,
        "Runs",
        shown=True,
    ),
    Action(
        "leave_filter",
        "enter,down",
        "runs",
        "From the filter to the runs that fit",
        FILTER,
        "The filter of the runs",
        shown=True,
    ),
    Action("drop_filter", "escape", "all runs", "Drop the filter", FILTER, "The filter of the runs", shown=True),
    Action("scroll_lines(1)", "j,down", "down", "Next line", LOG, "Log"),
    Action("scroll_lines(-1)", "k,up", "up", "Previous line", LOG, "Log"),
    Action("scroll_pages(1)", "pagedown,ctrl+f", "page down", "A page down", LOG, "Log"),
    Action("scroll_pages(-1)", "pageup,ctrl+b", "page up", "A page up", LOG, "Log"),
    Action("first", "g,home", "first", "The oldest line", LOG, "Log"),
    Action("last", "G,end", "follow", "The newest line, and on with what comes", LOG, "Log", shown=True),
    Action("toggle_log", "l", "log axis", "Loss on a logarithmic or linear axis", MAIN, "Curves"),
    Action("search", "slash", "search", "Find a script", MAIN, "Panes", shown=True),
    Action("index", "ctrl+o,I", "index", "Index a folder of scripts, or all again; stop that", MAIN, "Panes"),
    Action("copy_path", "y", "copy path", "Copy the path of the selected run or script", MAIN, "Panes"),
    Action("focus_runs", "1", "runs", "Go to the runs", MAIN, "Panes"),
    Action("focus_run", "2", "run", "Go to the selected run's curve and samples", MAIN, "Panes"),
    Action("focus_scripts", "3", "scripts", "Go to the scripts; from what was found to the question", MAIN, "Panes"),
    Action("machine", "4", "machine", "GPUs, processor and memory", MAIN, "Panes"),
    Action("next_pane", "tab", "next pane", "Next pane", MAIN, "Panes"),
    Action("previous_pane", "shift+tab", "previous pane", "Previous pane", MAIN, "Panes"),
    Action("zoom", "z", "zoom", "This pane alone on the screen, and back", MAIN, "Panes", shown=True),
    Action("back", "escape", "back", "One layer out", MAIN, "Panes"),
    Action("help", "question_mark,f1", "help", "All keys", MAIN, "Workbench", shown=True, always=True),
    Action("command_palette", "ctrl+p", "palette", "Find an action by name", MAIN, "Workbench"),
    Action("change_theme", "T", "theme", "Dark or light colours, from now on", MAIN, "Workbench"),
    Action("detach", "d", "detach", "Leave; training goes on", MAIN, "Workbench"),
    Action("quit", "q,ctrl+q", "quit", "Leave; training goes on", MAIN, "Workbench", shown=True, always=True),
    Action("redraw", "ctrl+l", "redraw", "Draw the screen anew, where something else wrote on it", APP, "Workbench"),
    Action("suspend_process", "ctrl+z", "suspend", "Back to the shell; `fg` returns", APP, "Workbench"),
    Action("move_history(-1)", "left,H", "older", "The samples and pictures drawn before", RUN, "Samples", shown=True),
    Action("move_history(1)", "right,L", "newer", "The samples and pictures drawn after", RUN, "Samples", shown=True),
    Action("oldest", "g,home", "oldest", "The first that was drawn", RUN, "Samples"),
    Action(
        "newest", "end,G", "newest", "Back to the newest sample, and on with what comes", RUN, "Samples", shown=True
    ),
    Action("generate", "i", "draw", "Draw images now from the selected run", MAIN, "Samples"),
    Action("save_picture", "w", "save", "Save the picture that is shown", MAIN, "Samples"),
    Action("full_picture", "o", "full", "The picture at full resolution (Kitty, Sixel)", MAIN, "Samples"),
    Action("next_metric(1)", "m", "series", "The next series: loss, lr, gradient norm …", RUN, "Curves", shown=True),
    Action("next_metric(-1)", "M", "series", "The series before", RUN, "Curves"),
    Action("move_cursor(1)", "full_stop", "cursor", "Along the curve, told its value; pictures follow", RUN, "Curves"),
    Action("move_cursor(-1)", "comma", "cursor", "Back along the curve", RUN, "Curves"),
    Action("move_cursor(10)", "greater_than_sign", "far", "Ten columns along the curve", RUN, "Curves"),
    Action("move_cursor(-10)", "less_than_sign", "far", "Ten columns back along the curve", RUN, "Curves"),
    Action("zoom_curve(0.5)", "plus,equals_sign", "closer", "A part of the curve, around the cursor", RUN, "Curves"),
    Action("zoom_curve(2.0)", "minus", "farther", "More of the curve", RUN, "Curves"),
    Action("unzoom_curve", "0", "whole", "The whole curve, following what comes", RUN, "Curves"),
    Action("smooth", "s", "smooth", "Smoother, and round again to the points as they are", RUN, "Curves", shown=True),
    Action("toggle_time", "x", "time", "Along the time or along the steps", RUN, "Curves", shown=True),
    Action("cursor_down", "j,down", "down", "Next line", LIST, "Lists"),
    Action("cursor_up", "k,up", "up", "Previous line", LIST, "Lists"),
    Action("first", "g,home", "first", "First line", LIST, "Lists"),
    Action("last", "G,end", "last", "Last line", LIST, "Lists"),
    Action("page_down", "pagedown,ctrl+f", "page down", "A page down", LIST, "Lists"),
    Action("page_up", "pageup,ctrl+b", "page up", "A page up", LIST, "Lists"),
    Action("open", "enter", "open", "Open what is selected: the run, the details", LIST, "Lists", shown=True),
    Action(
        "finish",
        "enter",
        "find or ask",
        "The results; of a question, the written answer first",
        SEARCH,
        "The question",
        shown=True,
    ),
    Action("down", "down", "down", "Into the completions, or to what was understood", SEARCH, "The question"),
    Action("up", "up", "up", "Out of the completions", SEARCH, "The question"),
    Action(
        "accept", "tab", "complete", "Take the completion; else on to the next part", SEARCH, "The question", shown=True
    ),
    Action(
        "relax",
        "ctrl+r",
        "relax",
        "Where nothing was found: ask the nearest that finds something",
        SEARCH,
        "The question",
    ),
    Action("leave_input", "escape", "leave", "From the question to the results", SEARCH, "The question", shown=True),
    Action("move(-1)", "left,h", "left", "The piece before", CHIPS, "What was understood"),
    Action("move(1)", "right,l", "right", "The next piece", CHIPS, "What was understood"),
    Action("remove", "delete,backspace,x", "remove", "Ask without it", CHIPS, "What was understood", shown=True),
    Action("edit", "enter,e", "edit", "Put it back into the box", CHIPS, "What was understood", shown=True),
    Action("question", "up,k", "question", "Up to the question", CHIPS, "What was understood"),
    Action("leave", "down,j", "results", "Down to the results", CHIPS, "What was understood"),
    Action("open", "enter", "open", "Its facts and its source, side by side", RESULTS, "Found scripts", shown=True),
    Action(
        "train",
        "t",
        "train",
        "Train from this: the form, filled from the script",
        RESULTS,
        "Found scripts",
        shown=True,
    ),
    Action("choose", "space", "choose", "Choose the script, to compare two", RESULTS, "Found scripts", shown=True),
    Action("compare", "c", "compare", "The two that are chosen, side by side", RESULTS, "Found scripts", shown=True),
    Action("wide", "w", "wide", "The table alone on the whole screen, and back", RESULTS, "Found scripts", shown=True),
    Action("columns", "s", "columns", "Sort by a column; show and hide columns", RESULTS, "Found scripts", shown=True),
    Action("reverse", "i", "reverse", "The order the other way round", RESULTS, "Found scripts"),
    Action("answer", "a", "answer", "The written answer to the question", RESULTS, "Found scripts", shown=True),
    Action("pieces", "x", "pieces", "To what was understood of the question", RESULTS, "Found scripts"),
    Action("edit", "e", "edit", "Open it in $EDITOR", RESULTS, "Found scripts"),
    Action("open", "enter", "open", "Its script at the line that proves it", ANSWER, "The written answer", shown=True),
    Action("train", "t", "train", "Train from that script", ANSWER, "The written answer", shown=True),
    Action(
        "leave",
        "escape",
        "results",
        "A model stops talking; then to the results",
        ANSWER,
        "The written answer",
        shown=True,
    ),
    Action("scroll_columns(1)", "right,L", "right", "Columns further right", TABLE, "Found scripts"),
    Action("scroll_columns(-1)", "left,H", "left", "Columns further left", TABLE, "Found scripts"),
    Action(
        "other_part", "tab,shift+tab", "source", "Between what is said and the source", SCRIPT, "One script", shown=True
    ),
    Action(
        "train", "t", "train", "Train from this: the form, filled from the script", SCRIPT, "One script", shown=True
    ),
    Action("edit", "e", "edit", "Open it in $EDITOR at the marked line", SCRIPT, "One script", shown=True),
    Action("copy_path", "y", "copy path", "Copy its path", SCRIPT, "One script", shown=True),
    Action("help", "question_mark,f1", "help", "All keys", SCRIPT, "One script", shown=True),
    Action("back", "escape,q", "back", "Back to the results", SCRIPT, "One script", shown=True),
    Action("close", "escape,q", "back", "Back to the results", COMPARE, "Two scripts", shown=True),
    Action(
        "sort",
        "enter",
        "sort",
        "Sort by the column; again, the other way round",
        COLUMNS,
        "Columns of the table",
        shown=True,
    ),
    Action(
        "toggle_column", "space", "show, hide", "Show or hide the column", COLUMNS, "Columns of the table", shown=True
    ),
    Action(
        "reset", "0", "as at first", "Every column, as they were found", COLUMNS, "Columns of the table", shown=True
    ),
    Action("close", "escape,q,s", "done", "Back to the table", COLUMNS, "Columns of the table", shown=True),
    Action("start", "enter,ctrl+s", "start", "Start the run as the form says", FORM, "New run", shown=True),
    Action(
        "toggle_queue",
        "ctrl+t",
        "queue",
        "In the queue for its device, or at once",
        FORM,
        "New run",
        shown=True,
    ),
    Action("next_field", "down", "next", "Next field", FORM, "New run"),
    Action("previous_field", "up", "previous", "Previous field", FORM, "New run"),
    Action("move_fields(8)", "pagedown", "page down", "Eight fields on", FORM, "New run"),
    Action("move_fields(-8)", "pageup", "page up", "Eight fields back", FORM, "New run"),
    Action("change(1)", "right,space", "choose", "Next choice", CHOICE, "New run"),
    Action("change(-1)", "left", "choose", "Previous choice", CHOICE, "New run"),
    Action("go(0)", "home", "choose", "First choice", CHOICE, "New run"),
    Action("go(-1)", "end", "choose", "Last choice", CHOICE, "New run"),
    Action("all_settings", "ctrl+o", "all settings", "Every setting, or the common ones", FORM, "New run", shown=True),
    Action("find_setting", "ctrl+g", "find", "Find a setting by its name or help", FORM, "New run", shown=True),
    Action("reset_field", "ctrl+r", "as it was", "The field as the script or the preset has it", FORM, "New run"),
    Action("reset_all", "ctrl+n", "all as they were", "Every field as the form began", FORM, "New run"),
    Action("copy_command", "ctrl+y", "copy command", "Copy the equal command", FORM, "New run", shown=True),
    Action("leave", "escape", "leave", "Leave the form", FORM, "New run", shown=True),
    Action("save", "enter,ctrl+s", "save", "Keep what is written", ABOUT, "Name, note and tags", shown=True),
    Action("next_field", "down", "next", "Next field", ABOUT, "Name, note and tags"),
    Action("previous_field", "up", "previous", "Previous field", ABOUT, "Name, note and tags"),
    Action("leave", "escape", "leave", "Leave it as it was", ABOUT, "Name, note and tags", shown=True),
    Action("draw", "enter,ctrl+s", "draw", "Draw as the form says", GENERATE, "Drawing images", shown=True),
    Action("next_field", "down", "next", "Next field", GENERATE, "Drawing images", shown=True),
    Action("previous_field", "up", "previous", "Previous field", GENERATE, "Drawing images"),
    Action("leave", "escape", "leave", "Leave the form", GENERATE, "Drawing images", shown=True),
    Action("save", "enter,ctrl+s", "save", "Save the picture", SAVE, "Drawing images", shown=True),
    Action("leave", "escape", "leave", "Save nothing", SAVE, "Drawing images", shown=True),
    Action("start", "enter,ctrl+s", "index", "Read the scripts below it", INDEX, "Indexing", shown=True),
    Action("complete", "tab", "complete", "Complete the name of the folder", INDEX, "Indexing", shown=True),
    Action("leave", "escape", "leave", "Leave the form", INDEX, "Indexing", shown=True),
    Action("close", "escape,4,q", "close", "Close the machine", MACHINE, "Dialogs", shown=True),
    Action("answer(True)", "y,enter", "yes", "Do it", CONFIRM, "Dialogs", shown=True),
    Action("answer(False)", "n,escape", "no", "Leave it", CONFIRM, "Dialogs", shown=True),
    Action("find", "slash", "find", "Only the keys that do what is typed", HELP, "Dialogs", shown=True),
    Action("close", "escape,question_mark,f1,q", "close", "Close the help", HELP, "Dialogs", shown=True),
    Action("leave_find", "enter,down", "keys", "From what is typed to the keys", FIND, "Dialogs", shown=True),
    Action("drop_find", "escape", "all keys", "All keys again", FIND, "Dialogs", shown=True),
    Action("close", "escape,v,q", "close", "Close it", PAGE, "Dialogs", shown=True),
    Action("write", "enter,ctrl+s", "write", "Write the file", EXPORT, "Export", shown=True),
    Action("next_field", "down", "next", "Next field", EXPORT, "Export", shown=True),
    Action("previous_field", "up", "previous", "Previous field", EXPORT, "Export"),
    Action("leave", "escape", "leave", "Leave it; what is being written is given up", EXPORT, "Export", shown=True),
)


_chosen: dict[str, str] = {}


def choose(keymap: Mapping[str, str]) -> None:
    """Tell these keys of these actions from now on, instead of the registry's."""
    _chosen.clear()
    _chosen.update(keymap)


def at(*places: str) -> list[Action]:
    """The actions of these places, in the registry's order."""
    return [action for action in ACTIONS if action.where in places]


def of_runs() -> frozenset[str]:
    """The ids of what is done to the run that is looked at: where scripts are looked at, it lies out of sight."""
    groups, everywhere = ("Runs", "Curves", "Samples"), ("new_run", "undo_remove")
    return frozenset(one.id for one in at(MAIN) if one.group in groups and one.id not in everywhere)


def key(place: str, id: str) -> str:
    """The first key of an action, as a person reads it."""
    return next(action.first_key for action in at(place) if action.id == id)


def bindings(*places: str, everywhere: bool = False) -> list[BindingType]:
    """What Textual needs to know of the actions of these places; `everywhere` is also above dialogs and in fields."""
    return [Binding(a.keys, a.id, a.label, show=False, id=a.name, priority=everywhere) for a in at(*places)]
