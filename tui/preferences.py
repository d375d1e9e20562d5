"""A person's own keys and theme, from the tables of `config.toml` that are no settings of a run."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from tui.keys import actions
from tui.look.theme import NAMES
from tui.remembered import Remembered

LARGEST = 1 << 20  # bytes of the file
CONFIG = "config.toml"
TABLES = ("workbench", "keys", "ask")  # that it may have; what is in none is a setting of a run


class Preferences(Struct, frozen=True):
    """`keys` holds an action's name and its keys; `troubles` what could not be taken, a line each; `fixed` that the
    theme is the file's and not as it was left."""

    theme: str
    keys: Mapping[str, str]
    troubles: tuple[str, ...] = ()
    fixed: bool = False


def read(home: Path) -> Preferences:
    """What `[workbench]` and `[keys]` say. Whatever is wrong is told and left out; the rest holds."""
    path = home / CONFIG
    troubles: list[str] = []
    keys: dict[str, str] = {}
    left = Remembered(home).part("look").get("theme")
    theme, fixed = (left if left in NAMES else suggested(os.environ)), False
    document = _document(path, troubles)
    for name, value in document.items():
        if isinstance(value, dict) and name not in TABLES:
            near = difflib.get_close_matches(name, TABLES, n=1)
            hint = f"did you mean [{near[0]}]?" if near else f"{', '.join(f'[{one}]' for one in TABLES)} are"
            troubles.append(f"[{name}] is no table that is known; {hint}")
        elif name in ("theme", "llm", "llm_model", "llm_remote"):
            troubles.append(
                f"{name} stands alone; its place is below a line [{'workbench' if name == 'theme' else 'ask'}]"
            )
    workbench = document.get("workbench")
    if isinstance(workbench, dict) and "theme" in workbench:
        if workbench["theme"] in NAMES:
            theme, fixed = str(workbench["theme"]), True
        else:
            troubles.append(f"[workbench] theme = {workbench['theme']!r} is not accepted; {' or '.join(NAMES)} is")
    table = document.get("keys")
    known = {action.name: action for action in actions.ACTIONS}
    for name, value in _flat(table if isinstance(table, dict) else {}):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "`diffwb keys` lists them"
            troubles.append(f"[keys] {name}: is no action; {hint}")
        elif (found := _keys(value)) is None:
            troubles.append(f"[keys] {name} = {value!r} is not accepted; keys such as 'x', 'ctrl+x' or 'f5,x' are")
        else:
            keys[name] = found
    kept = _without_clashes(keys, troubles)
    return Preferences(theme, kept, tuple(f"{path}: {trouble}" for trouble in troubles), fixed)


def _without_clashes(keys: dict[str, str], troubles: list[str]) -> dict[str, str]:
    """The keys without those that another action of the same place has; adds to the troubles."""
    kept = dict(keys)
    for name, chosen in keys.items():
        where = name.partition(".")[0]
        for other in actions.at(where):
            taken = set((keys.get(other.name) or other.keys).split(","))
            if other.name != name and taken & set(chosen.split(",")):
                troubles.append(f"[keys] {name} = '{chosen}': is the key of {other.name}; give that another one too")
                kept.pop(name, None)
                break
    return kept


def _document(path: Path, troubles: list[str]) -> dict[str, Any]:
    """The file, or nothing; adds to the troubles where it is no TOML."""
    try:
        if path.stat().st_size > LARGEST or not path.is_file():
            return {}
        import tomllib  # the first screen does not wait for it where there is no such file

        return tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        troubles.append(f"is not TOML ({error})")
    except OSError:
        pass
    return {}


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The values of nested tables by their dotted names: `main.new_run` without quotes is two tables in TOML."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _keys(value: object) -> str | None:
    """Keys as Textual names them; a sign may stand for itself."""
    from textual.keys import _character_to_key

    found = []
    for part in value.split(",") if isinstance(value, str) else ():
        key = _character_to_key(part.strip()) if len(part.strip()) == 1 else part.strip()
        if not re.fullmatch(r"(?:(?:ctrl|shift|alt)\+)*[A-Za-z0-9_]+", key):
            return None
        found.append(key)
    return ",".join(found) or None


def suggested(environment: Mapping[str, str]) -> str:
    """The theme for a terminal that tells its background, as some do in COLORFGBG; else the dark one."""
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in ("7", "9", "10", "11", "12", "13", "14", "15") else "dark"
