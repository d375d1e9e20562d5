"""`diffwb doctor`: looks at each part once and says what it found."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.home import HomeError, prepare
from engine.setting import ConfigError
from tui.errors import UsageError


@dataclass(frozen=True)
class Check:
    """One part: whether it works, and what was found."""

    name: str
    ok: bool
    found: str


def examine(home: Path) -> list[Check]:
    """Every check, in the order a person would fix them. A check that fails never stops the others."""
    parts: list[tuple[str, Callable[[], str]]] = [
        ("terminal", _terminal),
        ("home", lambda: _home(prepare(home))),
        ("config", lambda: _config(home)),
        ("device", _device),
        ("dataset", _dataset),
        ("index", lambda: _index(home / "index")),
        ("model", lambda: _model(home / "index")),
    ]
    checks = []
    for name, look in parts:
        try:
            checks.append(Check(name, True, look()))
        except Exception as error:  # whatever is broken here is what the person wants to know
            first = (str(error).splitlines() or [""])[0]
            plain = isinstance(error, (HomeError, ConfigError, UsageError))  # said for a person already
            checks.append(Check(name, False, first if plain else f"{type(error).__name__}: {first}"))
    return checks


def _terminal() -> str:
    from tui.painting.glyphs import encoding, glyphs

    if not sys.stdout.isatty():
        return "none here (the workbench needs one; --train and the other commands do not)"
    columns, rows = shutil.get_terminal_size()
    colours = "true colour" if os.environ.get("COLORTERM") in ("truecolor", "24bit") else os.environ.get("TERM", "?")
    signs = encoding().upper() if glyphs().unicode else "drawn in plain signs, as the locale or console has no UTF-8"
    return f"{columns}×{rows}, {colours}, {signs}"


def _home(home: Path) -> str:
    """Its place and its room, and who else may come in: that may be meant, and is said, not changed."""
    mode = home.stat().st_mode
    others = "write to" if mode & 0o022 else "read" if mode & 0o055 else ""
    open_to = f"; others on this machine may {others} it, `chmod 700 {home}` keeps it to yourself" if others else ""
    return f"{home}, {shutil.disk_usage(home).free / 1e9:.0f} GB free{open_to}"


def _config(home: Path) -> str:
    """A person's own settings, keys, theme and model server, each as the part that takes them reads it."""
    from engine.config import read_toml
    from tui.commands.ask_settings import configured
    from tui.preferences import read

    file = home / "config.toml"
    if not file.exists():
        return f"none at {file}; everything is as it comes (`diffwb keys` writes lines for it)"
    if troubles := read(home).troubles:
        raise ConfigError("; ".join(troubles))
    read_toml(file)
    configured(file)
    return str(file)


def _device() -> str:
    from engine.device import choose_precision, devices, find_device

    listed = ", ".join(f"{d.id} ({d.name})" for d in devices())
    best, _ = find_device("auto")
    precision, why = choose_precision("auto", best)
    return f"{listed}; auto takes {best} at {precision}: {why}"


def _dataset() -> str:
    from engine.config import resolve
    from engine.data import datasets

    digits = datasets.load(resolve({}), Path())
    return f"digits: {len(digits):,} images of {digits.image_size}×{digits.image_size}"


def _index(folder: Path) -> str:
    from index.catalog.database import Catalog

    if not folder.is_dir():
        raise HomeError("none: it is kept in the home, which cannot be used")
    if not any(folder.iterdir()):
        return "empty; `diffwb index PATH` reads the scripts under PATH"
    with Catalog(folder, readonly=True) as catalog:
        if catalog.notice:
            raise RuntimeError(catalog.notice)
        return f"{len(catalog.rows())} model scripts; not readable: {len(catalog.broken())}"


def _model(folder: Path) -> str:
    from index.model import model_folder
    from index.ranking.minilm import MiniLM

    vector = MiniLM(folder).embed(["a convolutional network"])
    return f"all-MiniLM-L6-v2 at {model_folder()}, {vector.shape[1]} dimensions"
