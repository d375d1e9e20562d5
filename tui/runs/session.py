"""Trainers as the workbench knows them: processes of their own that it starts, finds again and asks to stop.

A trainer runs in its own session with its output in a file, so neither a closed terminal nor a killed workbench
reaches it. Once its run folder is there, the lock in it is all that ties the two together.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shlex
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from engine.runs import about
from engine.runs.folder import OUTPUT
from engine.runs.listing import RunSummary, summarise
from engine.runs.lock import RunError, lock_holder
from engine.runs.waiting_line import fell_out
from tui import formats
from tui.text import line

if TYPE_CHECKING:
    from tui.scripts.carrying import CarryOver

STARTING = ".starting"


def flags(values: Mapping[str, str]) -> list[str]:
    """Settings as `--train` takes them; a value that begins with a dash would be read as a flag of its own."""
    named = [(f"--{name.replace('_', '-')}", value) for name, value in values.items()]
    return [
        part for flag, value in named for part in ((f"{flag}={value}",) if value.startswith("-") else (flag, value))
    ]


def _training(values: Mapping[str, str], queue: bool) -> list[str]:
    return ["--train", *(["--queue"] if queue else []), *flags(values)]


def command_line(values: Mapping[str, str], queue: bool = False) -> str:
    """The command that starts the same run from a shell."""
    return shlex.join(["diffwb", *_training(values, queue)])


def start_training(
    home: Path, values: Mapping[str, str], log: Path | None = None, queue: bool = False
) -> subprocess.Popen[bytes]:
    """Start `diffwb --train` with these settings in a session of its own; what it says goes to `log`.

    With `queue` it waits for its device first. Raises OSError where the home cannot be written or the process cannot be
    started.
    """
    return start_trainer(home, _training(values, queue), log or new_log(home))


def start_trainer(home: Path, arguments: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start `diffwb` with these arguments, of which `--train` is one. Raises as :func:`start_training`."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "tui.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"DIFFWB_HOME": str(home)},
        )


def resumption(run: Path, queue: bool = False) -> list[str]:
    """The arguments that go on with a run: in the queue if asked, or where its process died in it."""
    arguments = ["--train", "--resume", str(run)]
    return [*arguments, "--queue"] if queue or fell_out(summarise(run)) else arguments


def new_log(home: Path) -> Path:
    return home / "runs" / STARTING / f"{uuid.uuid4().hex}.log"


def sweep(home: Path) -> None:
    """Remove what trainers said at their start a day ago and more: nobody who started them is looking any more."""
    yesterday = time.time() - 24 * 3600
    for log in (home / "runs" / STARTING).glob("*.log"):
        with contextlib.suppress(OSError):
            if log.stat().st_mtime < yesterday:
                log.unlink()


def keep_words(log: Path, run: Path) -> None:
    """What a trainer says goes on in its run's folder, the last words of a crash among it. Raises OSError."""
    log.replace(run / OUTPUT)


def last_words(log: Path, code: int) -> str:
    """The reason a trainer gave: its last line that says one, without the program's name."""
    try:
        said = [text for raw in log.read_text("utf-8", "replace").splitlines() if (text := line(raw).strip())]
    except OSError:
        said = []
    reasons = [text.partition("error:")[2].strip() for text in said if text.startswith("diffwb: error:")]
    if reasons:
        return reasons[-1]
    return said[-1] if said else f"the trainer ended with exit code {code} and said nothing"


class Launch(Struct):
    """A trainer that was started here and holds no run's lock yet. `error` is set once it is known to have ended.

    `run` is the folder of the run it goes on with, None for a new one.

    `values`, `carried` and `queue` are what its form held: one that did not start can be asked for again. What it was
    carried over from is said in its folder once that is there.
    """

    name: str
    log: Path
    process: subprocess.Popen[bytes]
    error: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    carried: CarryOver | None = None
    queue: bool = False
    run: Path | None = None

    @classmethod
    def begin(
        cls, home: Path, values: Mapping[str, str], carried: CarryOver | None = None, queue: bool = False
    ) -> Launch:
        """Start a trainer. Raises OSError."""
        log = new_log(home)
        process = start_training(home, values, log, queue)
        name = values.get("name") or values.get("preset") or "run"
        return cls(name, log, process, values=values, carried=carried, queue=queue)

    def look(self, runs: Iterable[RunSummary]) -> RunSummary | None:
        """The run this launch has become, if it has; else notice whether the process died without making one."""
        pid = self.process.pid
        for run in runs:
            if run.state in ("running", "queued") and lock_holder(run.folder) == pid:
                with contextlib.suppress(OSError):
                    keep_words(self.log, run.folder)
                if self.carried is not None:
                    with contextlib.suppress(RunError):  # a folder that takes no word of it trains all the same
                        about.came_from(run.folder, self.carried.path)
                return run
        if self.process.poll() is not None and self.error is None:
            self.error = last_words(self.log, self.process.returncode)
        return None

    @property
    def summary(self) -> RunSummary:
        """What is known of the run that it was to become: a filter asks it as any other."""
        from engine.config import ConfigError, resolve  # the form has

        config: Mapping[str, Any] = self.values
        with contextlib.suppress(ConfigError):
            config = vars(resolve(self.values))
        known: dict[str, Any] = dict.fromkeys(RunSummary.__struct_fields__)
        known |= {key: str(config[key]) for key in ("preset", "dataset", "device") if key in config}
        known |= {"id": self.name, "folder": self.log, "name": self.name, "error": self.error, "config": config}
        known |= {"step": 0, "closing": "", "tags": (), "pinned": False, "ranks": 1, "heard": 0.0}
        return RunSummary(**known | {"state": self.state})

    @property
    def state(self) -> str:
        """One that is to wait for its device does so from the start: nothing trains before its turn has come."""
        return "failed" if self.error else "queued" if self.queue else "starting"

    @property
    def done(self) -> bool:
        """Whether it ended well before anyone saw it run: its folder tells the rest."""
        return self.process.poll() == 0

    def forget(self) -> None:
        self.log.unlink(missing_ok=True)


class Device(Struct, frozen=True):
    """A device to train on: `id` is the value of the setting, `label` what a person reads."""

    id: str
    label: str


AUTO = Device("auto", "the fastest this machine has")
CPU = Device("cpu", "the processor")


def resolved(device: str, known: Sequence[Device]) -> str:
    """The device that a setting means here; `known` has the fastest first, after `auto`."""
    return {"auto": (*known, CPU)[1].id, "cuda": "cuda:0"}.get(device, device)


async def list_devices() -> list[Device]:
    """Every device of this machine, `auto` first. A child process asks torch, which stays out of this one."""
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "engine.device"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return [AUTO, CPU]
    try:
        output, _ = await child.communicate()
        return parse_devices(output)
    except asyncio.CancelledError:
        if child.returncode is None:
            child.kill()
        await child.communicate()
        raise


def _load(entry: Mapping[str, object]) -> str:
    """How busy a device is: `busy 43 %, 12 GiB taken`."""
    busy, used = entry.get("busy"), entry.get("used_bytes")
    told = [f"busy {busy:.0%}" if isinstance(busy, int | float) else ""]
    if isinstance(used, int):
        told.append(f"{formats.memory(used)} taken")
    return " · ".join(part for part in told if part)


def parse_devices(output: bytes) -> list[Device]:
    """The devices a listing names; without a listing, what every machine has."""
    try:
        listed = json.loads(output)
    except ValueError:
        return [AUTO, CPU]
    found = [AUTO]
    for entry in listed if isinstance(listed, list) else []:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            continue
        parts = [line(str(entry.get("name") or ""))]
        if isinstance(entry.get("memory_bytes"), int):
            parts.append(formats.memory(entry["memory_bytes"]))
        parts.append(_load(entry))
        found.append(Device(entry["id"], ", ".join(part for part in parts if part)))
    return found if any(device.id == CPU.id for device in found) else [*found, CPU]
