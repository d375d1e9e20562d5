"""`[ask]` of the home's config.toml: which model server puts answers in other words."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from engine.runs.events import open_file
from tui.errors import UsageError

_SETTINGS = {"llm": str, "llm_model": str, "llm_remote": bool}
NONE = "none"  # in place of an address: no model


def configured(config: Path) -> dict[str, Any]:
    """The table, empty where there is none. Raises UsageError naming what cannot be used."""
    try:
        with open_file(config) as file:
            table = tomllib.loads(file.read().decode()).get("ask", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{config}: cannot be read ({error})") from None
    for name, value in table.items() if isinstance(table, dict) else ():
        if name not in _SETTINGS or not isinstance(value, _SETTINGS[name]):
            raise UsageError(f"{config}: [ask] {name} = {value!r} is not accepted; llm, llm_model and llm_remote are")
    return table if isinstance(table, dict) else {}


def asked_of(config: Path) -> tuple[dict[str, Any] | None, str]:
    """The table where it names a model server, else None and what is wrong with it, if anything is."""
    try:
        own = configured(config)
    except UsageError as error:
        return None, str(error)
    return (own if own.get("llm", NONE) != NONE else None), ""
