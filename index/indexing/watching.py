"""Keeps an index fresh: waits for changes under its roots and brings it up to date after each, until interrupted."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

from watchfiles import Change, watch

from index.catalog.database import Catalog
from index.facts.evaluation.configs import SUFFIXES as CONFIGS
from index.files import ignoring
from index.files.scanner import SUFFIXES, skipped
from index.indexing.update import BusyError, Progress, Report, update

_TOLD = (*SUFFIXES, *CONFIGS, *ignoring.FILES, "requirements.txt", "HEAD")
_SETTLED_MS = 400  # without a further change: an editor and a checkout write more than one file
_LATEST_MS = 3_000
_IDLE_MS = 1_000
_POLL_MS = 2_000  # between two looks at a file system that tells of no changes
_BUSY_S = 2.0
_MOUNTS = Path("/proc/self/mountinfo")
# These tell only of what this machine itself changes, if of anything.
_REMOTE = ("nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "lustre", "gluster", "vboxsf", "beegfs", "gpfs", "ncpfs")


def keep_fresh(
    folder: Path,
    paths: Sequence[Path] = (),
    *,
    embed: bool = True,
    progress: Callable[[Progress], None] | None = None,
    told: Callable[[Report], None],
) -> None:
    """Updates the index as :func:`index.indexing.update.update` does, now and whenever scripts change; `told` of each.

    IndexingError: what the first update cannot do. Ends by KeyboardInterrupt alone.
    """
    with _interruptible() as interrupted:
        told(update(folder, paths, embed=embed, progress=progress))
        with Catalog(folder, readonly=True) as catalog:
            roots = [Path(root) for root in catalog.roots() if Path(root).exists()]
        relevant = _Relevant(folder, roots)
        watched = False
        for changes in _changes(roots):
            if interrupted.is_set():
                raise KeyboardInterrupt
            # the first time it tells that it watches: what changed between the update and then is looked for
            if watched and not any(relevant(change, Path(path)) for change, path in changes):
                continue
            watched = True
            report = _when_free(lambda: update(folder, embed=embed, progress=progress))
            relevant.refresh()
            if report.parsed or report.removed:
                told(report)


@contextmanager
def _interruptible() -> Iterator[Event]:
    """Set once SIGINT has come: what is raised while an object is done away with, a lock of Whoosh's, is lost."""
    interrupted, before = Event(), signal.getsignal(signal.SIGINT)

    def hear(number: int, frame: FrameType | None) -> None:
        interrupted.set()
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, hear)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _changes(roots: list[Path]) -> Iterator[set[tuple[Change, str]]]:
    """What has changed, again and again; nothing where nothing has for a while."""
    settings = {"watch_filter": None, "ignore_permission_denied": True, "yield_on_timeout": True}
    timing = {"step": _SETTLED_MS, "debounce": _LATEST_MS, "poll_delay_ms": _POLL_MS, "rust_timeout": _IDLE_MS}
    polled = True if any(is_remote(root) for root in roots) else None  # None: as WATCHFILES_FORCE_POLLING says
    try:
        yield from watch(*roots, force_polling=polled, **settings, **timing)  # type: ignore[arg-type]
    except OSError:  # more folders than the system watches
        yield from watch(*roots, force_polling=True, **settings, **timing)  # type: ignore[arg-type]


def _when_free(work: Callable[[], Report]) -> Report:
    """Waits for whoever writes the index right now."""
    while True:
        try:
            return work()
        except BusyError:
            time.sleep(_BUSY_S)


class _Relevant:
    """Whether a change may be one of the catalogue: of a script, of what facts come from, or of a folder of scripts."""

    def __init__(self, folder: Path, roots: list[Path]) -> None:
        self._folder = folder
        self._roots = roots
        self._known: set[Path] = set()
        self.refresh()

    def refresh(self) -> None:
        with Catalog(self._folder, readonly=True) as catalog:
            folders = {Path(path).parent for path in catalog.known()}
        self._known = folders | {above for folder in folders for above in folder.parents}

    def __call__(self, change: Change, path: Path) -> bool:
        root = next((root for root in self._roots if root == path or root in path.parents), None)
        if root is None or any(skipped(part) for part in path.relative_to(root).parts[:-1]):
            return False
        if path.name.endswith(_TOLD):
            return True
        return path in self._known if change == Change.deleted else path.is_dir() and not skipped(path.name)


def is_remote(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether a path lies on a file system of another machine, as far as this one says."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    kind, longest = "", -1
    for line in lines:  # 36 35 98:0 /root /mount/point options … - type source options: proc(5)
        before, _, after = line.partition(" - ")
        fields, types = before.split(" "), after.split(" ")
        if len(fields) < 5:
            continue
        point = Path(fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if (point == path or point in path.parents) and len(point.parts) >= longest:
            kind, longest = types[0], len(point.parts)
    return kind.startswith(_REMOTE)
