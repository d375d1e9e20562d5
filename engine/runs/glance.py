"""How a run's loss went, at a glance: a few points from all over its events, however many these are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from engine.runs.events import number, open_file, parse_event, step_of
from engine.runs.folder import EVENTS
from engine.runs.listing import changed_at

PLACES = 32  # looked at in a long file
BLOCK = 2048  # bytes at each; a point of the curve takes some 250


def losses(events: Path) -> tuple[float, ...]:
    """Losses in the order of their steps, about evenly spread; nothing where there are none to be read.

    Steps that a resumption took back are left out as far as these points tell of it.
    """
    try:
        with open_file(events) as file:
            told = list(_points(file))
    except OSError:
        return ()
    kept: list[float] = []
    last = float("inf")
    for step, loss in reversed(told):
        if step < last:
            kept.append(loss)
            last = step
    return tuple(kept[::-1])


def _points(file: BinaryIO) -> Iterator[tuple[int, float]]:
    """Step and loss of points of the curve: all of a short file, of a long one the first at each of some places."""
    length = os.fstat(file.fileno()).st_size
    if length <= PLACES * BLOCK:
        yield from _in_lines(file.read(PLACES * BLOCK).split(b"\n")[:-1])
        return
    for place in range(PLACES):
        file.seek(place * (length - BLOCK) // PLACES)
        whole = file.read(BLOCK).split(b"\n")[1:-1]
        yield from list(_in_lines(whole))[:1]
    file.seek(length - BLOCK)
    yield from list(_in_lines(file.read(BLOCK).split(b"\n")[1:-1]))[-1:]


def _in_lines(lines: list[bytes]) -> Iterator[tuple[int, float]]:
    for line in lines:
        record = parse_event(line)
        if record and record["event"] == "metrics" and (loss := number(record.get("loss"))) is not None:
            yield step_of(record), loss


class Glances:
    """The losses at a glance of several runs, each read again only when its events have grown by what can be seen."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, tuple[float, ...]]] = {}

    def look(self, runs: Iterable[Path]) -> None:
        """Read those of these runs whose events have grown by one of the places that are looked at, or shrunk."""
        for run in runs:
            length, _ = changed_at(run / EVENTS)
            known = self._known.get(run)
            if known is None or not 0 <= length - known[0] <= known[0] // PLACES:
                self._known[run] = length, losses(run / EVENTS)

    @property
    def curves(self) -> dict[Path, tuple[float, ...]]:
        """What was read of every run so far."""
        return {run: curve for run, (_, curve) in self._known.items()}
