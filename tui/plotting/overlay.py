"""The runs whose curves are drawn beside the one that is looked at, each in a colour it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from tui.runs.follow import Follower, RunSnapshot

SLOTS = 6  # runs at most: more lines cannot be told apart


class Beside(Struct, frozen=True):
    """One of these runs; `slot` is its colour and marker."""

    slot: int
    run: RunSnapshot


class Overlay:
    """Follows the chosen runs. :meth:`look` may block on a slow disk, so it is called in a thread."""

    def __init__(self) -> None:
        self._followers: dict[Path, Follower] = {}
        self._slots: dict[Path, int] = {}
        self._runs: dict[Path, RunSnapshot] = {}

    def choose(self, folders: Sequence[Path]) -> None:
        """Follow these, the first :data:`SLOTS` of them; who was there before keeps its colour."""
        wanted = list(dict.fromkeys(folders))[:SLOTS]
        kept = {folder: slot for folder, slot in self._slots.items() if folder in wanted}
        free = iter(sorted(set(range(SLOTS)) - set(kept.values())))
        self._slots = {folder: kept[folder] if folder in kept else next(free) for folder in wanted}
        self._followers = {folder: self._followers.get(folder) or Follower(folder) for folder in wanted}
        self._runs = {folder: run for folder, run in self._runs.items() if folder in wanted}

    @property
    def slots(self) -> dict[Path, int]:
        """The colour of each of these runs."""
        return dict(self._slots)

    def look(self) -> bool:
        """Read what is new; whether anything is, or there is more to read at once."""
        changed = False
        for folder, follower in list(self._followers.items()):
            run = follower.look()
            if run is not None and folder in self._slots:
                self._runs[folder] = run
            changed = changed or run is not None or follower.behind
        return changed

    @property
    def beside(self) -> list[Beside]:
        """The chosen runs that have been read, in the order of their colours."""
        found = [Beside(slot, self._runs[folder]) for folder, slot in self._slots.items() if folder in self._runs]
        return sorted(found, key=lambda one: one.slot)
