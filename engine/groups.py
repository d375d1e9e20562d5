"""The groups of processes that this one is in, as Linux limits them (cgroups): a container, a job, a systemd unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def groups(controller: str, root: Path = Path("/")) -> Iterator[tuple[Path, bool]]:
    """The folders of the groups around this process that `controller` ("memory", "cpu") may limit, the innermost first,
    and whether each is of the unified kind, whose files have other names than those of the older one.

    In a container the names of the groups are those outside it, and its own group lies at the top. `root` is where
    /proc and /sys lie.
    """
    try:
        told = [line.split(":", 2) for line in (root / "proc/self/cgroup").read_text().splitlines()]
    except OSError:  # another system than Linux
        return
    for _, controllers, name in (parts for parts in told if len(parts) == 3):
        if controllers and controller not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / (controller if controllers else "")
        own = Path(name.lstrip("/"))
        yield from ((top / folder, not controllers) for folder in (own, *own.parents) if ".." not in folder.parts)
