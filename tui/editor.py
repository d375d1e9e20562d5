"""The person's own editor at a line of a file."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

_COLON = {"hx", "helix", "subl", "zed"}  # editors that take FILE:LINE
OF_MACHINES = ("sensible-editor", "nano", "vi")
_GOTO = {"code", "codium", "code-insiders", "cursor"}


class NoEditorError(Exception):
    """No editor can be opened; one line that says what would do."""


def command(path: str, line: int | None, environment: Mapping[str, str] = os.environ) -> list[str]:
    """What opens `path` at `line` (from 1; None for wherever it opens) in $VISUAL, else $EDITOR, with its arguments,
    else in an editor that the machine has.

    Raises NoEditorError where there is none, or what is set is no command.
    """
    name = "VISUAL" if environment.get("VISUAL", "").strip() else "EDITOR"
    wanted = environment.get(name, "")
    try:
        editor = shlex.split(wanted)
    except ValueError as error:
        raise NoEditorError(f"{name}: {wanted!r} is no command ({error}); one such as vim is accepted") from None
    if not editor:
        found = next(filter(None, (shutil.which(one, path=environment.get("PATH")) for one in OF_MACHINES)), None)
        if found is None:
            none = f"nothing is set, and none of {', '.join(OF_MACHINES)} is here"
            raise NoEditorError(f"EDITOR: {none}; export EDITOR=vim, or another, and start diffwb again")
        editor = [found]
    program = PurePath(editor[0]).name
    if line is None:
        return [*editor, path]
    if program in _GOTO:
        return [*editor, "--goto", f"{path}:{line}"]
    return [*editor, f"{path}:{line}"] if program in _COLON else [*editor, f"+{line}", path]


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}:,]|[^][{}:,"\s]+')


def line_in_file(path: str, line: int, cells: Sequence[tuple[int, int]]) -> int | None:
    """Where the line of a script stands in its file. In a notebook, whose `cells` have (number, first line), that is a
    line of its JSON; None where it is not found there."""
    if not cells:
        return line
    number, first = cells[max(0, bisect_right([first for _, first in cells], line) - 1)]
    try:
        return line_of_cell(Path(path).read_text("utf-8", "replace"), number, line - first + 1)
    except OSError:
        return None


def line_of_cell(notebook: str, cell: int, line: int) -> int | None:
    """Where the line of a cell (both from 1) stands in a notebook's JSON, None where it holds no such line.

    Nothing but the places of its tokens is looked at: to which key of which object, which item of which list they
    belong.
    """
    source: list[int | str] = ["cells", cell - 1, "source"]
    inside: list[int | str] = []  # the keys and places that lead to a token; "" before a key is known
    for token in _TOKEN.finditer(notebook):
        text = token[0]
        if text in ("[", "{"):
            inside.append(0 if text == "[" else "")
        elif text in ("]", "}"):
            del inside[-1:]
        elif text == "," and inside:
            place = inside[-1]
            inside[-1] = place + 1 if isinstance(place, int) else ""
        elif text != ":" and inside and inside[-1] == "":
            inside[-1] = text.strip('"')
        elif text != ":" and inside in (source, [*source, line - 1]):  # one string with all lines, or one for each
            return notebook.count("\n", 0, token.start()) + 1
    return None
