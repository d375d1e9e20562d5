"""What the new-run form holds, without a screen: what each setting is filled with, and what a person changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config import GROUPS, ConfigError, TrainConfig, about, coerce, resolve, settings
from tui import formats

COMMON = ("preset", "name", "device", "dataset", "data_dir", "steps", "epochs", "batch_size", "lr")
ONLY_FOR = {"data_dir": ("dataset", "folder")}  # what is asked for where another setting is so
OTHERS = tuple(
    (group, tuple(name for name in settings() if about(name).group == group and name not in COMMON)) for group in GROUPS
)
EITHER = {"steps": "epochs", "epochs": "steps"}  # one of them counts, and the other is left open


def text_of(value: object) -> str:
    """A setting's value as a person types it; nothing where it is left open."""
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else formats.setting(value)


def filled(preset: str, defaults: Mapping[str, Any]) -> dict[str, str]:
    """Every setting as a preset and the home's own defaults make it. Raises ConfigError."""
    config = resolve({"preset": preset}, home_defaults=defaults)
    return {name: text_of(getattr(config, name)) for name in settings()}


def chosen(typed: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What a person set: the preset, and what is typed otherwise than it is filled in."""
    changed = {name: text.strip() for name, text in typed.items() if text.strip() != given.get(name, "")}
    for one in EITHER:  # an emptied one is what setting the other means
        if changed.get(one) == "":
            del changed[one]
    return {"preset": typed["preset"], **{name: changed[name] for name in settings() if name in changed}}


def origin(name: str, stated: Mapping[str, str], given: Mapping[str, str]) -> str:
    """What a setting was before anybody set it: as a script has it `stated`, else as it is filled in."""
    if name not in stated and EITHER.get(name) in stated:
        return ""
    return stated.get(name, given.get(name, ""))


def refused(typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with single settings, in the words of the command line."""
    found = {}
    for name, text in typed.items():
        try:
            coerce(name, text.strip())
        except ConfigError as error:
            found[name] = str(error)
    return found


def settled(changed: Mapping[str, str], defaults: Mapping[str, Any]) -> TrainConfig:
    """The settings a run would start with. Raises ConfigError for those that do not go together."""
    return resolve(changed, home_defaults=defaults)
