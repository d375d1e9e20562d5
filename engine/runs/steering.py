"""Asking the trainer of a run to stop or to write a checkpoint: signals that reach nobody else. Imports no torch."""

from __future__ import annotations

import os
import shlex
import signal
from pathlib import Path

from engine.runs.folder import settings_of
from engine.runs.listing import summarise
from engine.runs.lock import RunError, lock_holder
from engine.setting import ConfigError


def stop(folder: Path) -> None:
    """Ask for a checkpoint and an end. Raises RunError where no process of this machine trains the run."""
    _signal(folder, signal.SIGTERM)


def checkpoint(folder: Path) -> None:
    """Ask for a checkpoint and samples now. Raises RunError as :func:`stop`, and where that would end the trainer."""
    _signal(folder, signal.SIGUSR1)


def check_unfinished(folder: Path) -> None:
    """Raises RunError where a run has finished and its settings ask for nothing more: resumed, it would end at once."""
    from engine.config import from_values

    run = summarise(folder)
    if run.state != "finished":
        return
    try:
        wanted = from_values(settings_of(folder))
    except ConfigError:  # for the trainer to refuse
        return
    if (wanted.steps or 0) > run.step or wanted.epochs != run.config.get("epochs"):  # they were changed since
        return
    longer = f"--epochs {2 * wanted.epochs}" if wanted.epochs else f"--steps {2 * run.step}"
    again = f"diffwb --train --config {shlex.quote(str(folder / 'config.toml'))} {longer}"
    done = f"{folder.name}: has finished its {run.step:,} steps, nothing is left to resume"
    raise RunError(f"{done}; `{again}` trains longer")


def _signal(folder: Path, number: signal.Signals) -> None:
    pid = lock_holder(folder)
    if pid is None or pid <= 1:
        state = summarise(folder).state
        if state in ("running", "queued"):
            raise RunError(f"{folder.name}: is {state}, but not by a process of this machine that can be asked")
        raise RunError(f"{folder.name}: is {state}, not running")
    if number == signal.SIGUSR1 and not _handles(pid, number):
        raise RunError(f"{folder.name}: process {pid} takes no wishes now; it would end, not write a checkpoint")
    try:
        _send(folder, pid, number)
    except ProcessLookupError:
        raise RunError(f"{folder.name}: has just ended") from None
    except OSError as error:
        raise RunError(f"{folder.name}: process {pid} cannot be signalled ({error.strerror})") from None


def _send(folder: Path, pid: int, number: signal.Signals) -> None:
    """Signal the process that holds the lock, even should its number be another's by now. Raises OSError."""
    if not hasattr(os, "pidfd_open"):
        os.kill(pid, number)
        return
    descriptor = os.pidfd_open(pid)
    try:
        if lock_holder(folder) != pid:
            raise ProcessLookupError
        signal.pidfd_send_signal(descriptor, number)
    finally:
        os.close(descriptor)


def _handles(pid: int, number: signal.Signals) -> bool:
    """Whether a process does something of its own about a signal, or nothing; True where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        masks = (int(line.split()[1], 16) for line in lines if line.startswith(("SigCgt:", "SigIgn:")))
        return any(mask >> (number - 1) & 1 for mask in masks)
    except (OSError, ValueError, IndexError):
        return True
