"""Main memory that this process may still take: what is free on the machine, or left of what its group is allowed.

Beyond the limit of its group the kernel kills, however much the machine has.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from engine.groups import groups

# Of the two kinds of groups: the limit, what is in use, and the line of `memory.stat` that counts what can be dropped.
_UNIFIED = ("memory.max", "memory.current", "inactive_file")
_OLDER = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def available(root: Path = Path("/")) -> int:
    """Bytes that this process can take and nobody is swapped out or killed. `root` is where /proc and /sys lie."""
    return min([_of_machine(root), *_of_groups(root)])


def _of_machine(root: Path) -> int:
    try:
        lines = dict(line.split(":", 1) for line in (root / "proc/meminfo").read_text().splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):  # another system than Linux
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


def _of_groups(root: Path) -> Iterator[int]:
    """What is left to each group around this process that has a limit."""
    for group, unified in groups("memory", root):
        if (left := _left(group, *(_UNIFIED if unified else _OLDER))) is not None:
            yield left


def _left(group: Path, limit: str, used: str, droppable: str) -> int | None:
    try:
        most = (group / limit).read_text().strip()
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        taken = int((group / used).read_text()) - int(stat.get(droppable, 0))
        return None if most == "max" else max(0, int(most) - taken)
    except (OSError, ValueError):  # a group without a limit of its own has no such file
        return None
