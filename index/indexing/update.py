"""Brings an index up to date: scan, read what changed, keep facts, then the word index and the vectors.

What is done is kept: work is committed in small batches, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from index import facts
from index.catalog.database import Catalog
from index.catalog.naming import model_ids
from index.catalog.rows import Known
from index.facts import requirements
from index.files.created import Repositories, created
from index.files.roots import RootError, root_of
from index.files.scanner import Found, scan, stat_of
from index.indexing.readers import read_all
from index.indexing.unread import changed
from index.lock import Busy, writing
from index.ranking.stamp import VECTORS, WORDS

_BATCH = 64


class IndexingError(Exception):
    """The index cannot be brought up to date; one line for the user."""


class BusyError(IndexingError):
    """Another process writes the index right now."""


@dataclass(frozen=True)
class Progress:
    """How far a phase is: "scan", "read", "words", "model" (it is loaded) or "meaning". `total` is None while it is not
    known."""

    phase: str
    done: int
    total: int | None


@dataclass(frozen=True)
class Report:
    """What an update did. `broken` lists every file that could not be read, with the reason; `unreadable` counts those
    of `found`."""

    found: int
    parsed: int
    unchanged: int
    removed: int
    models: int
    others: int  # files that are known, too: they train no model
    broken: tuple[tuple[str, str], ...]
    embedded: int
    seconds: float
    unreadable: int = 0
    notice: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "found": self.found,
            "parsed": self.parsed,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "models": self.models,
            "others": self.others,
            "unreadable": self.unreadable,
            "broken": [{"path": path, "reason": reason} for path, reason in self.broken],
            "embedded": self.embedded,
            "seconds": round(self.seconds, 3),
        }


def update(
    folder: Path,
    paths: Sequence[Path] = (),
    *,
    embed: bool = True,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Indexes the scripts under `paths`, or under every remembered root, into the index `folder`.

    IndexingError: a path that is not there, a folder that cannot be written, another writer at work, no root known.
    """
    started = time.perf_counter()
    tell = progress or (lambda _: None)
    try:
        roots = [root_of(path) for path in paths]
    except RootError as error:
        raise IndexingError(str(error)) from None
    with _writing(folder):
        try:
            return _update(folder, roots, embed, tell, started)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise IndexingError(f"the index cannot be written: {error}") from None
            with Catalog(folder) as catalog:
                aside = catalog.set_aside()
            raise IndexingError(f"the index was damaged ({error}); kept as {aside.name}, index again") from None


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(writing(folder))
        except Busy as busy:
            told = f"another diffwb is indexing right now ({busy.holder}); try again when it is done"
            raise BusyError(told) from None
        except OSError as error:
            raise IndexingError(f"the index folder {folder} cannot be written: {error.strerror}") from None
        yield


def _update(folder: Path, roots: list[Path], embed: bool, tell: Callable[[Progress], None], started: float) -> Report:
    with Catalog(folder) as catalog:
        for root in roots:
            catalog.remember(str(root))
        catalog.commit()
        chosen = roots or [Path(root) for root in catalog.roots()]
        if not chosen:
            raise IndexingError(f"{catalog.notice or 'nothing is indexed yet'}; name a folder: diffwb index PATH")
        found, lost = _scan(chosen, tell)
        known = catalog.known()
        gone = _gone(known, found, chosen, lost)
        for path in gone:
            catalog.remove(known[path].id)
        parsed = _read_changed(catalog, found, known, tell)
        _pin(catalog)
        _date(catalog, known)
        if parsed or gone or catalog.unnamed():
            _name(catalog)
        catalog.commit()
        # heavy libraries are loaded when their phase begins, where it does
        if not WORDS.holds(folder, catalog):
            import index.ranking.keyword as words

            words.update(folder, catalog, lambda done, total: tell(Progress("words", done, total)))
        embedded, notices = 0, [catalog.notice] if catalog.notice else []
        if embed and not VECTORS.holds(folder, catalog):
            import index.ranking.embedding as meaning
            from index.model import ModelError

            def embedding(done: int, total: int | None) -> None:
                tell(Progress("model" if total is None else "meaning", done, total))

            try:
                embedded = meaning.update(folder, catalog, embedding)
            except ModelError as error:  # what was read is found by words
                notices.append(f"not every script can be found by meaning: {error}")
        unread = catalog.broken()
        broken = (*lost, *((path, reason) for path, reason in unread if path not in dict(lost)))
        files, models = catalog.counts()
        return Report(
            found=len(found), parsed=parsed, unchanged=len(found) - parsed, removed=len(gone),
            models=models, others=files - models - len(unread), broken=broken, embedded=embedded,
            seconds=time.perf_counter() - started,
            unreadable=sum(path in found for path, _ in unread), notice="; ".join(notices) or None,
        )  # fmt: skip


def _scan(roots: list[Path], tell: Callable[[Progress], None]) -> tuple[dict[str, Found], list[tuple[str, str]]]:
    """The files under the roots, and the folders that could not be looked into, with the reason."""
    found: dict[str, Found] = {}
    lost: list[tuple[str, str]] = []
    for root in roots:
        if not root.exists():
            lost.append((str(root), "folder is not there"))
            continue
        for item in scan(root):
            if item.reason and item.size == 0 and item.mtime_ns == 0:
                lost.append((item.path, item.reason))
                continue
            found[item.path if item.reason is None else os.fsencode(item.path).decode("utf-8", "replace")] = item
            if len(found) % 500 == 0:
                tell(Progress("scan", len(found), None))
    tell(Progress("scan", len(found), None))
    return found, lost


def _gone(
    known: dict[str, Known], found: dict[str, Found], roots: list[Path], lost: list[tuple[str, str]]
) -> list[str]:
    """Paths that were known under the roots and are no longer there. A folder that cannot be seen loses nothing."""
    unseen = [Path(folder) for folder, _ in lost]

    def vanished(path: str) -> bool:
        place = Path(path)
        scanned = any(root == place or root in place.parents for root in roots)
        return scanned and not any(folder in place.parents or folder == place for folder in unseen)

    return [path for path in known if path not in found and vanished(path)]


def _read_changed(
    catalog: Catalog, found: dict[str, Found], known: dict[str, Known], tell: Callable[[Progress], None]
) -> int:
    """Reads the files whose size, time or content changed; returns how many were parsed."""
    look = cache(stat_of)  # scripts of one folder look at the same files beside them
    work = [(path, item, known.get(path)) for path, item in found.items() if not _same(known.get(path), item, look)]
    parsed = 0
    tell(Progress("read", 0, len(work)))
    with closing(read_all(work)) as entries:
        for done, (path, item, entry) in enumerate(entries):
            tell(Progress("read", done, len(work)))
            if entry is None:
                catalog.touch(path, item.size, item.mtime_ns)
            else:
                catalog.put(entry)
                parsed += 1
            if done % _BATCH == _BATCH - 1:
                catalog.commit()
    catalog.commit()
    tell(Progress("read", len(work), len(work)))
    return parsed


def _same(known: Known | None, item: Found, look: Callable[[str], tuple[int, int]]) -> bool:
    return (
        known is not None
        and (known.size, known.mtime_ns) == (item.size, item.mtime_ns)
        and known.facts_version == facts.VERSION
        and not changed(known.beside, look)
    )


def _pin(catalog: Catalog) -> None:
    """Looks up which version of its framework each script is used with."""
    requirements.forget()
    versions: dict[tuple[str, str | None], str | None] = {}
    for path, framework, known in catalog.frameworks():
        where = _folder(path), framework
        if where not in versions:
            versions[where] = requirements.version(Path(path), framework)
        if versions[where] != known:
            catalog.pin(path, versions[where])


def _date(catalog: Catalog, known: dict[str, Known]) -> None:
    """Looks up when scripts were created: the new ones, and all of a repository that has new commits."""
    repositories = Repositories()
    stale = set(catalog.undated())
    inside: dict[Path, list[str]] = defaultdict(list)
    for folder, paths in _by_folder({*known, *stale}).items():
        top = repositories.top(Path(folder))
        if top is not None:
            inside[top] += paths
    for top in sorted(inside):
        commit = repositories.head(top)
        if commit != catalog.head(str(top)) and repositories.readable(top):
            catalog.set_head(str(top), commit)
            stale.update(path for path in inside[top] if path in known)
    for path in sorted(stale):
        try:
            catalog.date(path, *created(Path(path), repositories))
        except OSError:
            catalog.date(path, 0.0, "modified")  # vanished meanwhile; the next run removes it


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        found[_folder(path)].append(path)
    return found


def _folder(path: str) -> str:
    """The folder of a file by its full path: a hundred thousand times, where a `Path` took a second."""
    return path.rpartition("/")[0] or "/"


def _name(catalog: Catalog) -> None:
    catalog.name(model_ids(path for _, path in catalog.select("1", [])))
