"""The person's own editor at a line of a file."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import PurePath

_COLON = {"hx", "helix", "subl", "zed"}  # editors that take FILE:LINE
_GOTO = {"code", "codium", "code-insiders", "cursor"}


class NoEditorError(Exception):
    """No editor can be opened; one line that says what would do."""


def command(path: str, line: int | None, environment: Mapping[str, str] = os.environ) -> list[str]:
    """What opens `path` at `line` (from 1; None for wherever it opens) in $VISUAL, else $EDITOR, with its arguments.

    Raises NoEditorError where neither is set or what is set is no command.
    """
    name = "VISUAL" if environment.get("VISUAL", "").strip() else "EDITOR"
    wanted = environment.get(name, "")
    try:
        editor = shlex.split(wanted)
    except ValueError as error:
        raise NoEditorError(f"{name}: {wanted!r} is no command ({error}); one such as vim is accepted") from None
    if not editor:
        raise NoEditorError("EDITOR: nothing is set; export EDITOR=vim, or another, and start diffwb again")
    program = PurePath(editor[0]).name
    if line is None:
        return [*editor, path]
    if program in _GOTO:
        return [*editor, "--goto", f"{path}:{line}"]
    return [*editor, f"{path}:{line}"] if program in _COLON else [*editor, f"+{line}", path]
