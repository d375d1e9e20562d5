"""`diffwb keys`: every action of the workbench and its keys, as the table of `config.toml` that changes them."""

from __future__ import annotations

import json
from argparse import Namespace

from engine.home import home
from tui.commands.console import put, put_json, say
from tui.errors import DONE
from tui.keys import actions
from tui.text import line


def keys(arguments: Namespace) -> int:
    from tui.preferences import read

    for trouble in read(home()).troubles:
        say(trouble)
    if arguments.json:
        put_json([{"name": a.name, "keys": a.keys.split(","), "help": a.help} for a in actions.ACTIONS])
        return DONE
    file = line(str(home() / "config.toml"))
    put(f"# Lines to change in {file}; without a `#` in front they hold there.")
    put('# [workbench]\n# theme = "light"  # or "dark"\n[keys]')
    written = [f'# "{action.name}" = {json.dumps(action.keys)}' for action in actions.ACTIONS]
    widest = max(map(len, written))
    for one, action in zip(written, actions.ACTIONS, strict=True):
        put(f"{one:<{widest}}  # {action.help}")
    return DONE
