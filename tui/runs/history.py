"""Where a person is among what a run has drawn: at one drawing, or following the newest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from engine.runs.gallery import Drawing


class Asked(Drawing, frozen=True):
    """Images that a person had drawn from a checkpoint: no event tells of them. `title` says what they are.

    They stand behind all that the run, at step `reached` by then, had drawn. Not so those of `earlier`, before the
    workbench was opened: they do not come in place of the run's own newest.
    """

    file: Path
    earlier: bool = False
    reached: int = 0

    @classmethod
    def at(cls, step: int, file: Path, said: str, reached: int = 0) -> Asked:
        return cls(step, file.name, None, said, True, file, reached=reached)


def joined(drawings: Sequence[Drawing], asked: Sequence[Asked]) -> Sequence[Drawing]:
    """What a run drew and what was asked of it in one row, in the order it was drawn."""
    return tuple(sorted([*drawings, *asked], key=_order)) if asked else drawings


class History(Struct, frozen=True):
    """The drawings of one run in order, and the one that was chosen; `None` follows what comes."""

    drawings: Sequence[Drawing] = ()
    chosen: Drawing | None = None

    def grown(self, drawings: Sequence[Drawing]) -> History:
        """What is drawn now. A choice that is no longer there (a resumed run draws it again) follows the newest."""
        if drawings is self.drawings:
            return self
        kept = self.chosen is not None and _place(drawings, self.chosen) is not None
        return History(drawings, self.chosen if kept else None)

    def moved(self, by: int) -> History:
        """`by` places on, at most to the first or the last one."""
        place = self.place
        if place is None:
            return self
        to = min(max(0, place + by), len(self.drawings) - 1)
        return replace(self, chosen=self.drawings[to]) if to != place else self

    def at(self, step: float) -> History:
        """The newest drawing up to a step, of the samples where there are any; nothing else where there is none."""
        upto = [one for one in self.drawings if one.step <= step]  # what was asked for is not in the order of its step
        chosen = max(reversed(upto), key=lambda one: (one.sample, one.step), default=None)
        return replace(self, chosen=chosen) if chosen is not None else self

    def live(self) -> History:
        return replace(self, chosen=None)

    @property
    def shown(self) -> Drawing | None:
        """The chosen one; else the newest sample, or the newest picture while there is no sample."""
        if self.chosen is not None or not self.drawings:
            return self.chosen
        return next((one for one in reversed(self.drawings) if one.sample), self.drawings[-1])

    @property
    def place(self) -> int | None:
        """The place of the one that is shown, from 0."""
        shown = self.shown
        return None if shown is None else _place(self.drawings, shown)


def _place(drawings: Sequence[Drawing], one: Drawing) -> int | None:
    """Where it is among drawings in the order of :func:`joined`, of which there may be very many."""
    start = bisect_left(drawings, _order(one), key=_order)
    for place in range(start, len(drawings)):
        if _order(drawings[place]) != _order(one):
            return None
        if drawings[place] == one:
            return place
    return None


def _order(drawing: Drawing) -> tuple[int, bool, bool]:
    """That of :attr:`Drawings.by_step`, with what was asked for behind what was there by then."""
    if not isinstance(drawing, Asked):
        return drawing.step, drawing.sample, False
    return max(drawing.step, drawing.reached), not drawing.earlier, True
