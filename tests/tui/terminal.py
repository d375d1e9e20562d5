"""A whole program in a real pseudo-terminal, and what its screen shows."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable

import pexpect
import pyte

# Answers to what a terminal is asked; pyte itself answers nothing.
ANSWERS = {b"\x1b[c": b"\x1b[?62;c", b"\x1b[6n": b"\x1b[1;1R"}
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=?][0-9;$]*[a-zA-Z]|\x1b[P_\]][^\x07\x1b]*(?:\x07|\x1b\\)")


def drop(child: pexpect.spawn) -> None:
    """Close a program's terminal and leave the program be. Its file closes it: closed by number, the file would close
    that number once more when it is collected, and by then it is somebody else's."""
    child.ptyproc.fileobj.close()
    child.closed = child.ptyproc.closed = True


class Terminal:
    """Runs a program (the workbench, if none is named) in a terminal of `columns` × `rows`."""

    def __init__(
        self,
        environment: dict[str, str],
        *program: str,
        columns: int = 120,
        rows: int = 36,
        term: str = "xterm-256color",
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.received = 0  # bytes
        environment = environment | {"TERM": term, "COLUMNS": str(columns), "LINES": str(rows)}
        command, *arguments = program or (sys.executable, "-P", "-m", "tui.cli")
        self.child = pexpect.spawn(command, arguments, env=environment, dimensions=(rows, columns), timeout=30)
        self.child.delaybeforesend = None  # it would wait 50 ms before every key

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def pump(self, seconds: float) -> None:
        """Show on the screen what the program sends within this time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                data = self.child.read_nonblocking(1 << 16, timeout=min(left, 0.05))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return
            self.received += len(data)
            for question, answer in ANSWERS.items():
                if question in data:
                    self.child.send(answer)
            keep = UNKNOWN_TO_PYTE.sub(lambda m: m[0] if m[0][-1:] in b"hl" else b"", data)
            self._stream.feed(keep)

    def drain(self, seconds: float) -> None:
        """Take what the program sends within this time, and show none of it."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(pexpect.TIMEOUT):
                self.child.read_nonblocking(1 << 16, timeout=left)

    def quiet(self, seconds: float) -> bool:
        """Whether the program sends nothing for this time."""
        before = self.received
        self.pump(seconds)
        return self.received == before

    def until(self, condition: Callable[[str], bool], what: str, seconds: float = 60) -> str:
        """Wait until the screen is as it should be."""
        deadline = time.monotonic() + seconds
        while not condition(self.text):
            assert time.monotonic() < deadline, f"the screen never showed {what}:\n{self.text}"
            self.pump(0.1)
        return self.text

    def press(self, *keys: str) -> None:
        for key in keys:
            self.child.send(key)
            self.pump(0.15)

    def kill(self) -> None:
        """SIGKILL: the program gets no chance to say goodbye."""
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def hang_up(self) -> None:
        """Close the terminal as a dropped connection does: the kernel sends SIGHUP to its foreground programs."""
        drop(self.child)

    def close(self) -> None:
        """Make sure that nothing is left running."""
        if not self.child.closed:
            self.child.close(force=True)


def seconds_to_live(environment: dict[str, str]) -> float:
    """Open the workbench on a home with a live run: seconds from its first paint to that run, live, with its step."""
    terminal = Terminal(environment)
    painted = None
    try:
        while not re.search(r"· running\b.*\n.*step [\d,]+", terminal.text):
            if painted is None and "1 Runs" in terminal.text:
                painted = time.monotonic()
            assert painted is None or time.monotonic() - painted < 30, f"it never showed live:\n{terminal.text}"
            terminal.pump(0.02)
        return time.monotonic() - painted if painted is not None else 0.0
    finally:
        terminal.close()
