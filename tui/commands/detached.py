"""`--detach` and `diffwb resume`: a trainer in the background, and the id of its run once there is one."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from engine.runs.listing import run_folders
from engine.runs.lock import lock_holder
from tui.commands.console import put, waiting
from tui.errors import DONE
from tui.runs.session import keep_words, last_words, new_log, start_trainer
from tui.text import line

LOOK = 0.1  # seconds


def start(home: Path, arguments: Sequence[str]) -> int:
    """Start `diffwb` with these arguments in a session of its own; prints the run's id. Returns the exit code.

    The trainer's own code is returned where it ends before it has a run: what it refused is said as it said it.
    """
    runs, log = home / "runs", new_log(home)
    before, resumes = set(run_folders(runs)), "--resume" in arguments
    process = start_trainer(home, arguments, log)
    try:
        with waiting("starting: torch is being loaded …"):
            while (code := process.poll()) is None:
                for folder in run_folders(runs):
                    if (resumes or folder not in before) and lock_holder(folder) == process.pid:
                        with contextlib.suppress(OSError):  # else it stays where it is
                            keep_words(log, folder)
                        put(line(folder.name))
                        return DONE
                time.sleep(LOOK)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        process.wait()
        raise
    words = last_words(log, code)
    log.unlink(missing_ok=True)
    if code == DONE:  # a run so short that it is over already
        put(words)
        return DONE
    if code < 0:
        code = 128 - code
    print(f"diffwb: {'error' if code == 2 else 'failed'}: {line(words)}", file=sys.stderr)
    return code
