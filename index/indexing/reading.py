"""Reads one script: bytes, syntax tree, facts, passages, ready for the catalogue."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from pathlib import Path

from index import facts
from index.catalog.passages import introduction, passages
from index.catalog.rows import Entry, Known
from index.facts.evaluation.configs import Configs
from index.facts.extraction import extract
from index.files.scanner import Found
from index.files.source import SourceError, parse
from index.indexing.unread import beside, broken, changed


def read(path: str, item: Found, known: Known | None = None) -> Entry | None:
    """One file as it will be kept; None where its content is what is already known. Never raises for its content."""
    digest = ""
    try:
        if item.reason:
            raise SourceError(item.reason)
        data = _bytes(item.path, item.size)
        digest = hashlib.sha256(data).hexdigest()
        if known and (known.hash, known.facts_version) == (digest, facts.VERSION) and not changed(known.beside):
            return None
        return _entry(path, item, digest, data)
    except SourceError as error:
        return broken(path, item, str(error), digest)
    except (RecursionError, MemoryError):
        return broken(path, item, "too complex to be read", digest)


def _bytes(path: str, size: int) -> bytes:
    """The content of a file that had so many bytes; what has become a link or a pipe since is not followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError("cannot be read: no longer a file")
            data = file.read(size + 1)
            return data if len(data) <= size else data + file.read(1_000_000)  # one that grows without end ends here
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}") from None


def _entry(path: str, item: Found, digest: str, data: bytes) -> Entry:
    file = Path(item.path)
    source = parse(file, data)
    configs = Configs(file)
    found = extract(source, configs)
    model = found.is_model
    text, notes = (zlib.compress(part.encode("utf-8", "replace"), 4) if part and model else b""
                   for part in (source.text, source.notes))  # fmt: skip
    return Entry(
        path, item.size, item.mtime_ns, digest, facts.VERSION, "ok" if model else "not-a-model", facts=found,
        text=text, notes=notes, passages=tuple(passages(source, found)) if model else (),
        introduction=introduction(configs.introduction()) if model else None, beside=beside(configs.used),
    )  # fmt: skip
