"""The settings in which runs differ. Imports no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.config import ConfigError
from engine.runs import RunReader, settings_of


def settings_in_force(run: Path) -> dict[str, Any]:
    """The settings a run had in force: what its config.toml says, or else its first event."""
    try:
        return settings_of(run)
    except ConfigError:
        reader = RunReader(run)
        reader.poll()
        return reader.config


def differences(runs: Sequence[Path]) -> dict[str, tuple[Any, ...]]:
    """What not all of these runs have alike: for each such setting its value in every run, None where it has none."""
    settings = [settings_in_force(run) for run in runs]
    names = dict.fromkeys(name for one in settings for name in one)
    found = {name: tuple(one.get(name) for one in settings) for name in names}
    return {name: values for name, values in found.items() if any(value != values[0] for value in values)}
