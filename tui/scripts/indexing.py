"""Indexing for the workbench: `diffwb index` in a process of its own, which goes on when the workbench is left.

What it says goes to a file of the home, whose lock the process holds for as long as it lives: that is how any workbench
finds it again, and tells it from one that has ended.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.runs.events import open_file
from engine.runs.lock import is_held, open_own
from tui import formats
from tui.commands.console import PROGRESS
from tui.formats import PHASES
from tui.text import line

LOG = "indexing.log"
NICE = 10  # what trains and what is typed come first
SOON = 2.0  # seconds of a phase after which it is known how long it takes
NAMED = "not read: "  # begins a line about one file


@dataclass(frozen=True)
class Outcome:
    """What came of it, in a few words; `failed` where it did not do what it was to."""

    text: str
    failed: bool = False


def arguments(folders: Sequence[Path]) -> list[str]:
    return ["index", *map(str, folders)]


def command_line(folders: Sequence[Path]) -> str:
    """The command that does the same in a shell."""
    return shlex.join(["diffwb", *arguments(folders)])


class Indexing:
    """One that works, or has ended. `look` takes in what it has said since."""

    def __init__(self, log: Path, process: subprocess.Popen[bytes] | None = None) -> None:
        self._log = log
        self._process = process
        self._pid = process.pid if process is not None else 0
        self._offset = 0
        self._rest = b""  # of a line that is being written
        self._said: list[str] = []  # beside its progress
        self._doing, self._done = "", 0
        self._total: int | None = None
        self._since, self._first = 0.0, 0  # when its phase was seen first, and what was done of it by then
        self._stopped = False

    @classmethod
    def start(cls, home: Path, folders: Sequence[Path]) -> Indexing:
        """Index these folders, or all that are remembered if none is named. One that works already is that one.

        Raises OSError where the home cannot be written or the process cannot be started.
        """
        log = home / LOG
        with open_own(log) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return cls(log)
            file.truncate(0)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tui.cli", *arguments(folders), "--json"],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                env=os.environ | {"DIFFWB_HOME": str(home), PROGRESS: "1"},
            )
            file.write(f'{{"pid": {process.pid}}}\n'.encode())
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        return cls(log, process)

    @classmethod
    def going_on(cls, home: Path) -> Indexing | None:
        """The one that a workbench started that has been left since; None where none works."""
        found = cls(home / LOG)
        return found if found.alive else None

    @property
    def alive(self) -> bool:
        if self._process is not None:
            self._process.poll()  # takes note of its end
        return is_held(self._log)

    def look(self) -> bool:
        """Take in what it has said since; False once it has ended and all was heard. May block."""
        alive = self.alive  # before the last is read that it says
        with contextlib.suppress(OSError), open_file(self._log) as file:
            file.seek(self._offset)
            new = file.read()
            self._offset += len(new)
            *whole, self._rest = (self._rest + new).split(b"\n")
            for raw in whole:
                self._hear(raw.decode("utf-8", "replace"))
        return alive

    def _hear(self, text: str) -> None:
        told = _object(text)
        if "pid" in told:
            self._pid = told["pid"]
        elif "doing" in told:
            doing, self._done, self._total = told["doing"], told["done"], told["total"]
            if doing != self._doing:
                self._doing, self._since, self._first = doing, time.monotonic(), self._done
        else:
            self._said.append(text)

    @property
    def told(self) -> str:
        """How far it is, on one line."""
        if self._stopped:
            return "stopping, what was read is kept"
        parts = [self._doing or "starting to look for scripts"]
        if self._total:
            parts.append(f"{self._done:,} of {self._total:,}")
        elif self._done:
            parts.append(f"{self._done:,} so far")
        if (left := self._left()) is not None:
            parts.append(f"{formats.roughly(left)} left")
        if self._doing in (PHASES["model"], PHASES["meaning"]):
            parts.append("found by words meanwhile")
        return " · ".join(parts)

    def _left(self) -> float | None:
        spent, made = time.monotonic() - self._since, self._done - self._first
        if not self._total or not 0 < made < self._total - self._first or spent < SOON:
            return None
        return spent / made * (self._total - self._done)

    def stop(self) -> None:
        """Have it end; what it has done is kept."""
        if self._pid > 1 and self.alive:
            self._stopped = True
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGINT)

    @property
    def outcome(self) -> Outcome:
        """What came of it, once it has ended."""
        start = max((place for place, text in enumerate(self._said) if text == "{"), default=len(self._said))
        report = _object("\n".join(self._said[start:]))
        said = [text for one in self._said[:start] if (text := line(one).strip()) and not text.startswith(NAMED)]
        if report:
            return Outcome("; ".join([_found(report, self._log), *said]))
        if self._stopped:
            return Outcome("indexing was stopped; what was read is kept, and indexing again goes on from there")
        why = said[-1].removeprefix("diffwb: error: ") if said else "it ended without a word"
        return Outcome(f"not everything is indexed: {why}", failed=True)


def _object(text: str) -> dict[str, Any]:
    """The object that a text is in JSON; an empty one where it is none."""
    if not text.startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _found(report: dict[str, Any], log: Path) -> str:
    """What an indexing did, from its report."""
    files, new, gone, models, others = (report[key] for key in ("found", "parsed", "removed", "models", "others"))
    if files or gone:
        told = [_count(files, "file"), f"{new:,} new or changed" if new else "nothing new"]
        told += [f"{gone:,} gone"] if gone else []
        told.append(f"{_count(models, 'model script')} can be searched" if models else "none of them is a model script")
        if models and others:
            told.append(f"{others:,} {'trains' if others == 1 else 'train'} no model")
    else:
        told = ["no .py or .ipynb file was found"]
    told.append(formats.duration(report["seconds"]))
    broken = [line(f"{one['path']}: {one['reason']}") for one in report["broken"]]
    if broken:
        told.append(f"not read: {broken[0]}" if len(broken) == 1 else f"{len(broken):,} not read, see {line(str(log))}")
    return " · ".join(told)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
