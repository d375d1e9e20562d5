"""The presets: a TOML file each, with the settings that make a recipe and one line that says what it trains."""

from __future__ import annotations

import tomllib
import types
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

DEFAULT_PRESET = "digits"


@cache
def preset_names() -> tuple[str, ...]:
    """Names of the presets, the default one first."""
    names = sorted(p.name.removesuffix(".toml") for p in resources.files(__name__).iterdir() if p.name[-5:] == ".toml")
    return tuple(sorted(names, key=lambda n: n != DEFAULT_PRESET))


@cache
def _preset(name: str) -> Mapping[str, Any]:
    return types.MappingProxyType(tomllib.loads((resources.files(__name__) / f"{name}.toml").read_text("utf-8")))


def load_preset(name: str) -> dict[str, Any]:
    """The settings a preset makes. `name` is one of :func:`preset_names`."""
    return {key: value for key, value in _preset(name).items() if key != "summary"}


def preset_summary(name: str) -> str:
    """One line that says what a preset trains."""
    return str(_preset(name)["summary"])
