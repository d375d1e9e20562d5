"""The settings in which runs differ. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.runs.folder import RunReader, settings_of
from engine.setting import ConfigError

PLAIN = bool | int | float | str | None
MOST_LISTED = 100


def settings_in_force(run: Path) -> dict[str, Any]:
    """The settings a run had in force: what its config.toml says, or else its first event."""
    try:
        found = settings_of(run)
    except ConfigError:
        reader = RunReader(run)
        reader.poll()
        found = reader.config
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    """A setting's value. Settings are plain, or lists of what is: a foreign run may say anything, a thousand deep."""
    if isinstance(value, list):
        return [one if isinstance(one, PLAIN) else "…" for one in value[:MOST_LISTED]]
    return value if isinstance(value, PLAIN) else "…"


def differences(runs: Sequence[Path]) -> dict[str, tuple[Any, ...]]:
    """What not all of these runs have alike: for each such setting its value in every run, None where it has none."""
    settings = [settings_in_force(run) for run in runs]
    names = dict.fromkeys(name for one in settings for name in one)
    found = {name: tuple(one.get(name) for one in settings) for name in names}
    return {name: values for name, values in found.items() if any(value != values[0] for value in values)}
