"""Images drawn for the workbench from a run's newest checkpoint: `diffwb sample` in a process of its own."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import shlex
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.runs.listing import summarise
from tui import formats
from tui.commands.console import PROGRESS
from tui.runs.history import Asked
from tui.text import line

DRAWN = "drawn"  # the folder of the home that holds the pictures; a day later they go
KEPT = 24 * 3600  # seconds
_NAMED = re.compile(r"(.+)-step-(\d{8,18})-(\d{1,6})(?:-\d{1,6})?\.(?:png|gif)", re.ASCII)


class GenerationError(Exception):
    """Nothing was drawn; the text says why, in one line."""


@dataclass(frozen=True)
class Generation:
    """What to draw: options of `diffwb sample` with their values, as a person wrote them, and the file it goes to."""

    run: Path
    target: Path
    count: int
    options: dict[str, str] = field(default_factory=dict)

    @classmethod
    def into(cls, home: Path, run: Path, count: int, options: dict[str, str], suffix: str) -> Generation:
        """Into a file of the home that no other picture has."""
        return cls(run, home / DRAWN / f"{run.name}-{time.time_ns():x}{suffix}", count, options)

    def arguments(self, run: str, target: str) -> list[str]:
        """What `diffwb` is given. A value that begins with a dash would be read as an option of its own."""
        told = [f"{name}={value}" for name, value in self.options.items()]
        return ["sample", run, "-n", str(self.count), *told, "-o", target]

    def command(self) -> str:
        """The command that draws the same from a shell, into the folder it is given in."""
        return shlex.join(["diffwb", *self.arguments(self.run.name, f"{self.run.name}{self.target.suffix}")])

    async def draw(self, progress: Callable[[int, int], None]) -> Asked:
        """Draw, into a file whose name tells run, step and count. Ends the process when it is cancelled.

        Raises GenerationError where nothing can be drawn, and OSError.
        """
        self.target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "tui.cli", *self.arguments(str(self.run), str(self.target))),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | {PROGRESS: "1"},
        )
        said: list[str] = []
        try:
            assert child.stderr is not None
            async for raw in child.stderr:
                if (done := _progress_of(raw)) is not None:
                    progress(*done)
                elif text := line(raw.decode("utf-8", "replace")).strip():
                    said = [*said[-20:], text]
            code = await child.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
            self.target.unlink(missing_ok=True)
            raise
        last = said[-1] if said else f"the process ended with exit code {code} and said nothing"
        if code != 0:
            raise GenerationError(last.removeprefix("diffwb: error: "))
        step = int(found[1].replace(",", "")) if (found := re.search(r" from step ([\d,]+) of ", last)) else 0
        reached = (await asyncio.to_thread(summarise, self.run)).step
        return Asked.at(step, self._named(step), last.replace(f" of {self.run.name}", ""), reached)

    def _named(self, step: int) -> Path:
        """Give the file a name to save it by, with a number where one is so called already. Raises OSError."""
        stem = f"{self.run.name}-step-{step:08d}-{self.count}"
        names = (f"{stem}{f'-{number}' if number > 1 else ''}{self.target.suffix}" for number in itertools.count(1))
        return self.target.rename(next(p for p in map(self.target.with_name, names) if not p.exists()))


def _progress_of(raw: bytes) -> tuple[int, int] | None:
    """(done, total) where a line tells of progress; 0 as the total is not known."""
    if not raw.startswith(b"{"):
        return None
    try:
        told = json.loads(raw)
        return int(told["done"]), int(told["total"] or 0)
    except (ValueError, KeyError, TypeError):
        return None


def kept(home: Path) -> dict[Path, list[Asked]]:
    """What was drawn before and is still there, by the folder of its run, in the order it was drawn."""
    found: dict[Path, list[Asked]] = {}
    with suppress(OSError):
        for picture in sorted((home / DRAWN).glob("*-step-*"), key=lambda one: one.stat().st_mtime):
            if told := _NAMED.fullmatch(picture.name):
                step, count = int(told[2]), int(told[3])
                said = f"{formats.images(count)} from step {step:,}"
                found.setdefault(home / "runs" / told[1], []).append(
                    Asked(step, picture.name, None, said, True, picture, earlier=True)
                )
    return found


def sweep(home: Path) -> None:
    """Remove what was drawn a day ago and more: what was to stay was saved."""
    before = time.time() - KEPT
    for picture in (home / DRAWN).glob("*"):
        with suppress(OSError):
            if picture.stat().st_mtime < before:
                picture.unlink()
