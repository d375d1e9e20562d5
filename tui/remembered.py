"""How the workbench was left: a file in the home that is written whole, and defaults where it cannot be read."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.home import write_atomically
from engine.runs.events import open_file

FILE = "workbench.json"
MOST_BYTES = 1 << 16


class Remembered:
    """What each part of the workbench remembers, by the part's name. `notice` says what could not be read."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE
        self.notice = ""
        self._lock = threading.Lock()
        self._parts = self._read()

    def _read(self) -> dict[str, Any]:
        if not self._file.exists():
            return {}
        try:
            with open_file(self._file) as file:
                content = file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise ValueError(f"it is longer than {MOST_BYTES} bytes")
            parts = json.loads(content)
            if not isinstance(parts, dict):
                raise ValueError("it is no object")
        except (OSError, ValueError, RecursionError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.notice = f"{self._file} is not what was left ({reason}); the view is as at first"
            return {}
        return parts

    def part(self, name: str) -> Mapping[str, Any]:
        """What a part left, nothing at first."""
        found = self._parts.get(name)
        return found if isinstance(found, dict) else {}

    def keep(self, parts: Mapping[str, Mapping[str, Any]]) -> None:
        """Remember what parts would find again, from any thread. Raises OSError where the home takes nothing."""
        with self._lock:
            if any(self._parts.get(name) != values for name, values in parts.items()):
                self._parts = self._parts | {name: dict(values) for name, values in parts.items()}
                write_atomically(self._file, json.dumps(self._parts, indent=2).encode() + b"\n")
