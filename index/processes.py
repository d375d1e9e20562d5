"""Processes of our own that are handed work over a socket. However this one ends, they find their socket closed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection

MOST = 8  # at a time; one that hands them work keeps up with these


class Process:
    """A module that runs by itself: it is given the descriptor of its socket, then `arguments`."""

    process: subprocess.Popen[bytes]
    connection: Connection

    def __init__(self, module: str, *arguments: str) -> None:
        self._started_as = module, arguments
        self.start()

    def start(self) -> None:
        module, arguments = self._started_as
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno()), *arguments], pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        self.connection = Connection(ours.detach())

    def close(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.wait()


def at_once() -> int:
    """How many of them are worth while at a time."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST)
