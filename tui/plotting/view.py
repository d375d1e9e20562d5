"""How a plot is looked at: which series, along what, how smooth, which part of it. Pure: keys make new views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

# How far back the smoothed line looks, as a share of the curve's length; 0 draws the points as they are.
SMOOTHING = (0.0, 0.005, 0.015, 0.04, 0.1)
LONGEST = 200  # characters of a series' name that is remembered
LEAST = 1e-9  # of the whole: no window is narrower
LEADING = ("loss", "lr", "grad_norm", "images_per_s", "frechet", "valid_rate")
# A rate is set and an evaluation is rare: a smoothed line would tell of values that never were.
EXACT = frozenset({"lr", "epoch", "frechet", "valid_rate", "classes_covered", "copies"})
NAMES = {"grad_norm": "grad norm", "images_per_s": "images/s", "valid_rate": "valid", "gpu_mem_bytes": "gpu memory",
         "classes_covered": "classes"}  # fmt: skip
HIDDEN = frozenset({"epoch"})  # a straight line


class View(Struct, frozen=True):
    """What is looked at. `window` is the part of the axis that is shown, in its units; None shows all and follows."""

    metric: str = "loss"
    time: bool = False
    log: bool = False
    smoothing: int = 2
    window: tuple[float, float] | None = None

    @classmethod
    def of(cls, left: Mapping[str, Any]) -> View:
        """A view that was left, without its window; what it cannot be is as at first."""
        metric, smoothing = left.get("metric"), left.get("smoothing")
        return cls(
            metric if isinstance(metric, str) and len(metric) <= LONGEST else AT_FIRST.metric,
            left.get("time") is True,
            left.get("log") is True,
            smoothing if type(smoothing) is int and 0 <= smoothing < len(SMOOTHING) else AT_FIRST.smoothing,
        )

    def to_json(self) -> dict[str, Any]:
        return {"metric": self.metric, "time": self.time, "log": self.log, "smoothing": self.smoothing}

    @property
    def weight(self) -> float:
        """The share of the curve that the smoothed line looks back; 0 for a series that is never smoothed."""
        return 0.0 if self.metric.removeprefix("held_out_") in EXACT else SMOOTHING[self.smoothing]

    def next_metric(self, names: list[str], by: int) -> View:
        """The series `by` places on, round and round."""
        if not names:
            return self
        place = names.index(self.metric) if self.metric in names else -by
        return replace(self, metric=names[(place + by) % len(names)])

    def smoother(self) -> View:
        return replace(self, smoothing=(self.smoothing + 1) % len(SMOOTHING))

    def zoomed(self, by: float, around: float, whole: tuple[float, float]) -> View:
        """A window `by` times as wide with `around` where it was in it, at most the `whole` axis."""
        first, last = self.window or whole
        width = (last - first) * by
        if width >= whole[1] - whole[0]:
            return replace(self, window=None)
        width = max(width, (whole[1] - whole[0]) * LEAST)
        share = min(max(0.0, (around - first) / (last - first)), 1.0) if last > first else 0.5
        start = min(max(whole[0], around - share * width), whole[1] - width)
        return replace(self, window=(start, start + width))

    def showing(self, x: float, whole: tuple[float, float]) -> View:
        """The window moved just so far that `x` is in it."""
        if self.window is None or self.window[0] <= x <= self.window[1]:
            return self
        first, last = self.window
        width = last - first
        start = x - 0.1 * width if x < first else x - 0.9 * width
        start = min(max(whole[0], start), max(whole[0], whole[1] - width))
        return replace(self, window=(start, start + width))

    def unzoomed(self) -> View:
        return replace(self, window=None)


AT_FIRST = View()


def ordered(names: list[str]) -> list[str]:
    """The series of a run as they are offered: the usual ones first."""
    known = [name for name in LEADING if name in names]
    return known + sorted(name for name in names if name not in known and name not in HIDDEN)


def told(metric: str) -> str:
    """A series' name as a person says it."""
    return NAMES.get(metric, metric.replace("_", " "))
