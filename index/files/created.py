"""When a script came to be: its first commit in git, else the birth of the file, else its last change; and which.

Repositories are not trusted: git runs with their hooks, helpers, filters and remotes switched off.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TIMEOUT_S = 30
_ANSWER_S = 5  # what a healthy repository needs far less than, to say which commit it is at
_AHEAD_S = 86400  # a clock may be in another zone; a commit from later than that has no date
_SETTINGS = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "log.showSignature=false", "core.pager=cat",
    "diff.external=", "protocol.allow=never", "core.untrackedCache=false", "log.mailmap=false",
    "safe.directory=*",  # a colleague's repository is read like one's own
)  # fmt: skip


@dataclass
class Repositories:
    """First commits by path, read once for each repository that scripts stand in."""

    _first: dict[Path, dict[str, int] | None] = field(default_factory=dict)
    _tops: dict[Path, Path | None] = field(default_factory=dict)
    _heads: dict[Path, str] = field(default_factory=dict)

    def top(self, folder: Path) -> Path | None:
        """The repository that a folder belongs to."""
        if folder not in self._tops:
            inside = (folder / ".git").exists()
            parent = folder.parent
            self._tops[folder] = folder if inside else None if parent == folder else self.top(parent)
        return self._tops[folder]

    def head(self, top: Path) -> str:
        """The commit that is checked out, "" where git does not say."""
        if top not in self._heads:
            answer = _git(top, "rev-parse", "HEAD", timeout=_ANSWER_S) if _plain(top) else None
            self._heads[top] = (answer or b"").decode("ascii", "replace").strip()
        return self._heads[top]

    def readable(self, top: Path) -> bool:
        """Whether git told the history of a repository; it may have failed, or taken too long."""
        return self._history(top) is not None

    def first_commit(self, path: Path) -> int | None:
        """Author time (s since 1970) of the first commit of this very path; never followed through renames."""
        top = self.top(path.parent)
        if top is None:
            return None
        return (self._history(top) or {}).get(os.fspath(path.relative_to(top)))

    def _history(self, top: Path) -> dict[str, int] | None:
        if top not in self._first:
            self._first[top] = _first_commits(top) if self.head(top) else None
        return self._first[top]


def created(path: Path, repositories: Repositories) -> tuple[float, str]:
    """Time (s since 1970) and its source: "git", "birth" or "modified". Never the time of the inode's change."""
    committed = repositories.first_commit(path)
    if committed is not None:
        return float(committed), "git"
    status = path.stat()
    birth = _birth(path, status)
    return (status.st_mtime, "modified") if birth is None else (birth, "birth")


def _first_commits(top: Path) -> dict[str, int] | None:
    output = _git(
        top, "log", "--reverse", "--no-renames", "--diff-filter=A", "--name-only", "-z", "--format=%x01%at",
        "--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-mailmap",
    )  # fmt: skip
    if output is None:
        return None
    first: dict[str, int] = {}
    authored, latest = 0, time.time() + _AHEAD_S
    # with -z: \x01TIME \0 \n NAME \0 NAME \0 … \x01TIME …
    for part in output.split(b"\0"):
        part = part.lstrip(b"\n")
        if part.startswith(b"\x01"):
            digits = part[1:].strip()[:20]
            authored = int(digits) if digits.isdigit() else 0
        elif part and 0 < authored <= latest:
            first.setdefault(os.fsdecode(part), authored)
    return first


def _plain(top: Path) -> bool:
    """Whether what git would open is there to be read: a pipe in its place would never answer."""
    place = top / ".git"
    try:
        if stat.S_ISREG(place.stat().st_mode):  # of a work tree or a submodule: the path of the repository
            named = place.read_bytes()[:4096].decode("utf-8", "replace").partition("gitdir:")[2].strip()
            place = top / named
        files = [place / name for name in ("HEAD", "config", "packed-refs", "index", "commondir")]
        return all(stat.S_ISREG(file.stat().st_mode) for file in files if file.exists())
    except (OSError, ValueError):
        return False


def _git(top: Path, *arguments: str, timeout: float = _TIMEOUT_S) -> bytes | None:
    command = ["git", "--no-pager", "--no-optional-locks", "-C", os.fspath(top)]
    for setting in _SETTINGS:
        command += ["-c", setting]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1",
        "GIT_PAGER": "cat", "LC_ALL": "C",
    }  # fmt: skip
    try:
        done = subprocess.run(
            [*command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, env=environment,
            timeout=timeout, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _birth(path: Path, status: os.stat_result) -> float | None:
    given = getattr(status, "st_birthtime", None)
    if given is not None:
        return float(given)
    return _statx_birth(path) if sys.platform == "linux" else None


@cache
def _statx() -> Callable[..., int] | None:
    try:
        found: Callable[..., int] = ctypes.CDLL(None, use_errno=True).statx
    except (AttributeError, OSError):
        return None
    return found


def _statx_birth(path: Path) -> float | None:
    """Linux keeps it but Python 3.11 does not show it: statx(2), struct statx of linux/stat.h."""
    btime_wanted, mask_at, btime_at = 0x800, 0, 0x50
    statx = _statx()
    if statx is None:
        return None
    buffer = ctypes.create_string_buffer(256)
    at_fdcwd = -100
    if statx(at_fdcwd, os.fsencode(path), 0, btime_wanted, buffer) != 0:
        return None
    (mask,) = struct.unpack_from("I", buffer, mask_at)
    seconds, nanoseconds = (int(part) for part in struct.unpack_from("qI", buffer, btime_at))
    if not mask & btime_wanted or seconds <= 0:
        return None
    return seconds + nanoseconds / 1e9
