"""Trainers to kill: forked from a process that has torch loaded, so that a kill and a resumption cost half a second.

As a program (`python -m tests.engine.trainers`) it is that process: each line on stdin is a home, a number of ranks,
statements and arguments of `diffwb` in JSON, for which it forks a child that does as the statements say before anything
else; it answers the child's number, and once that has ended, its exit code.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.runs.folder import RunReader
from engine.runs.lock import is_locked

SMALL = [
    *("--widths", "4,8", "--batch-size", "8", "--device", "cpu", "--precision", "fp32"),
    *("--log-every", "1", "--sample-every", "0", "--sample-count", "4", "--sample-steps", "4"),
]


class Trainer:
    """A forked trainer. Its exit code is negative where a signal ended it."""

    def __init__(self, host: subprocess.Popen[str], pid: int) -> None:
        self._host, self.pid = host, pid

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        assert self._host.stdout is not None
        return os.waitstatus_to_exitcode(int(self._host.stdout.readline()))

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        assert self.wait() == -signal.SIGKILL


class Trainers:
    """Starts trainers of one home, one at a time."""

    def __init__(self, home: Path, host: subprocess.Popen[str]) -> None:
        self.home, self._host = home, host

    def start(self, *arguments: str, ranks: int = 1, before: str = "") -> Trainer:
        """`before` are Python statements: what makes the trainer's circumstances worse."""
        assert self._host.stdin is not None and self._host.stdout is not None
        self._host.stdin.write(json.dumps([str(self.home), ranks, before, *arguments]) + "\n")
        self._host.stdin.flush()
        return Trainer(self._host, int(self._host.stdout.readline()))

    def new(self, *settings: str) -> tuple[Trainer, Path]:
        """A trainer of a new run, and its folder once it is there."""
        runs, before = self.home / "runs", set((self.home / "runs").glob("*-*"))
        trainer = self.start("--train", *SMALL, *settings)
        until(lambda: any((f / "events.jsonl").exists() for f in set(runs.glob("*-*")) - before), "a run")
        (run,) = set(runs.glob("*-*")) - before
        return trainer, run

    def run(self, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
        """Any command, to its end."""
        printed, said = self._read("printed.txt"), self.said()
        code = self.start(*arguments, before=before).wait()
        printed, said = self._read("printed.txt")[len(printed) :], self.said()[len(said) :]
        return subprocess.CompletedProcess(arguments, code, printed, said)

    def said(self) -> str:
        """What was said on stderr so far."""
        return self._read("said.txt")

    def _read(self, name: str) -> str:
        file = self.home / name
        return file.read_text() if file.exists() else ""


@contextmanager
def host() -> Iterator[subprocess.Popen[str]]:
    """A process that forks trainers; it and they are gone afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.engine.trainers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.005)


def read(run: Path) -> RunReader:
    reader = RunReader(run)
    reader.poll()
    return reader


def losses(run: Path) -> dict[int, float]:
    """The loss at every step, as a reader sees it: each step once."""
    series = read(run).metrics["loss"]
    assert series.exact, "every point is itself"
    found = dict(zip(map(int, series.steps), series.values, strict=True))
    assert len(found) == len(series.steps), "no step appears twice"
    return found


def passed(run: Path, step: int) -> Callable[[], bool]:
    """Whether a live trainer has gone past a step."""
    reader = RunReader(run)

    def look() -> bool:
        reader.poll()
        return reader.step > step and reader.end is None and is_locked(run)

    return look


def launch(ranks: int, run: Callable[[list[str]], int], arguments: list[str]) -> int:
    """What a launcher does: a process for each rank, told so by its environment; the worst of their exit codes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(ranks)}
    started = []
    for rank in range(ranks):
        pid = os.fork()
        if pid == 0:
            os.environ |= {"RANK": str(rank), "LOCAL_RANK": str(rank)}
            return run(arguments)
        started.append(pid)
    return max(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in started)


def main() -> None:
    import torch._dynamo  # as the first optimizer does

    import engine.training.run
    import tui.commands.train
    from engine.config import resolve
    from engine.data import datasets
    from tui.cli import run

    assert torch._dynamo and engine.training.run and tui.commands.train
    datasets.load(resolve({}), Path())  # what reading it imports stays in memory
    for line in sys.stdin:
        home, ranks, before, *arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            Path(home).mkdir(exist_ok=True)
            os.chdir(home)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            for descriptor, name in ((1, "printed.txt"), (2, "said.txt")):
                os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), descriptor)
            os.environ["DIFFWB_HOME"] = home
            code = 70
            try:
                exec(before, {})
                code = run(arguments) if ranks == 1 else launch(ranks, run, arguments)
            finally:
                os._exit(code)
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


if __name__ == "__main__":
    main()
