"""How many processors this process may use: of a big machine a container or job is given a few.

With a thread for each processor of the machine, those of a share wait for each other most of the time.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

from engine.groups import groups


def usable(root: Path = Path("/")) -> int:
    """As many as it may run on, or as its groups' share of time comes to, rounded up. `root` is where /proc and /sys
    lie."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min([own, *_shares(root)])


def _shares(root: Path) -> Iterator[int]:
    for group, unified in groups("cpu", root):
        try:
            if unified:
                quota, period = (group / "cpu.max").read_text().split()
            else:
                quota, period = ((group / f"cpu.cfs_{one}_us").read_text().strip() for one in ("quota", "period"))
            if quota not in ("max", "-1"):
                yield max(1, math.ceil(int(quota) / int(period)))
        except (OSError, ValueError, ZeroDivisionError):  # a group without a limit of its own has no such file
            continue
