"""Reading in processes: within bounds of time and memory, and nothing that breaks a reader takes another file along."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from index.files.scanner import scan
from index.indexing import readers
from index.indexing.readers import SECONDS, Work, read_all
from index.indexing.reading import read

SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"
MODEL = (SCRIPTS / "mnist-classifiers" / "cnn_argparse.py").read_text()


def work(root: Path) -> list[Work]:
    return [(found.path, found, None) for found in scan(root)]


def children() -> list[int]:
    """The processes that this one has started."""
    me, found = os.getpid(), []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = place.read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(parent) == me and state != "Z":
            found.append(int(place.parent.name))
    return found


def test_many_files_are_read_in_processes_as_they_are_here(tmp_path: Path) -> None:
    for number in range(130):
        (tmp_path / f"s{number}.py").write_text(f"{MODEL}# {number}\n")
    here = {path: read(path, found) for path, found, _ in work(tmp_path)}
    for workers in (1, 2):
        assert {path: entry for path, _, entry in read_all(work(tmp_path), workers)} == here
    assert len(here) == 130


def test_what_needs_too_much_memory_is_a_row_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import torch\n" + ";".join(["x=1"] * 450_000))  # a syntax tree of 600 MB
    (tmp_path / "b.py").write_text(MODEL)
    (tmp_path / "c.ipynb").write_text('{"cells": [], "x": [' + "[[]]," * 1_600_000 + "1]}")
    found = {Path(path).name: entry for path, _, entry in read_all(work(tmp_path))}
    entries = [found[name] for name in ("a.py", "b.py", "c.ipynb")]
    assert [entry.reason for entry in entries if entry] == [readers.TOO_COMPLEX, "", readers.TOO_COMPLEX]


def test_what_takes_too_long_is_a_row_and_the_next_file_is_read(tmp_path: Path) -> None:
    lines = "".join(f"  x{number} = (y.z.a, y.b.c(q))\n" for number in range(52_000))
    (tmp_path / "a.py").write_text(f"import torch\ndef f(q, k):\n{lines}" + "  torch.softmax(q @ k, -1)\n" * 4_000)
    (tmp_path / "b.py").write_text(MODEL)
    started = time.monotonic()
    first, second = (entry for _, _, entry in read_all(work(tmp_path)))
    assert first and first.reason in {readers.TOO_LONG, readers.TOO_COMPLEX}
    assert second and second.status == "ok" and time.monotonic() - started < 30


_ENDLESS = """
import signal, sys
from multiprocessing.connection import Connection
import index.indexing.readers as readers
def read(path, item, known=None):
    if "endless" in path:  # one step of C that does not come to an end
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGVTALRM])
        while True: pass
    return readers.broken(path, item, "read")
readers.serve(Connection(int(sys.argv[1])), read)
"""


def test_a_reader_that_never_comes_back_is_ended_and_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def popen(command: list[str], **given: object) -> subprocess.Popen[bytes]:
        return start([sys.executable, "-c", _ENDLESS, command[-1]], **given)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", popen)
    for name in ("a", "b_endless", "c", "d_endless", "e"):
        (tmp_path / f"{name}.py").write_text("x = 1\n")
    started = time.process_time()
    reasons = {Path(path).stem: entry.reason for path, _, entry in read_all(work(tmp_path)) if entry}
    assert reasons == {
        "a": "read", "b_endless": readers.TOO_LONG, "c": "read", "d_endless": readers.TOO_LONG, "e": "read"
    }  # fmt: skip
    assert time.process_time() - started < SECONDS


def test_a_reader_that_is_killed_loses_one_file_and_no_other(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"s{number:03}.py").write_text(f"{MODEL}# {number}\n")
    found, before = {}, set(children())
    with closing(read_all(work(tmp_path), 2)) as entries:
        for path, _, entry in entries:
            if len(found) == 20:
                os.kill(next(child for child in children() if child not in before), signal.SIGKILL)
            assert entry is not None
            found[path] = entry.reason
    assert len(found) == 200
    assert [reason for reason in found.values() if reason] in ([], [readers.TOO_COMPLEX])
    assert set(children()) <= before


def test_who_stops_early_leaves_no_process(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"s{number:03}.py").write_text(f"{MODEL}# {number}\n")
    before = set(children())
    with closing(read_all(work(tmp_path), 2)) as entries:
        next(entries)
        assert len(set(children()) - before) == 1
    assert set(children()) <= before


def test_a_reader_ends_with_who_started_it() -> None:
    ours, theirs = socket.socketpair()
    serving = subprocess.Popen(
        [sys.executable, "-P", "-m", "index.indexing.readers", str(theirs.fileno())], pass_fds=[theirs.fileno()]
    )
    theirs.close()
    Connection(ours.detach()).close()
    assert serving.wait(60) == 0


def test_a_script_that_became_a_pipe_blocks_nobody(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_text(MODEL)
    given = work(tmp_path)
    script.unlink()
    os.mkfifo(script)
    answers: list[str] = []
    reading = threading.Thread(
        target=lambda: answers.extend(entry.reason for _, _, entry in read_all(given) if entry), daemon=True
    )
    reading.start()
    reading.join(20)
    assert answers == ["cannot be read: no longer a file"]
