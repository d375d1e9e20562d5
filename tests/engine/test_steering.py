"""Steering a run without its trainer's help: signals that reach nobody else, names, notes, tags, the trash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config import resolve
from engine.home import prepare
from engine.runs import about, steering, trash
from engine.runs.folder import RunWriter
from engine.runs.listing import RunList, find_run, summarise
from engine.runs.lock import RunError
from tests.tui.fake_run import FakeRun


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return prepare(tmp_path / "home") / "runs"


def test_only_the_holder_of_the_lock_is_signalled(runs: Path) -> None:
    caught: list[int] = []
    before = {n: signal.signal(n, lambda number, _: caught.append(number)) for n in (signal.SIGTERM, signal.SIGUSR1)}
    run = FakeRun(runs / "r").start()
    try:
        with pytest.raises(RunError, match="r: is lost, not running"):
            steering.stop(run.folder)
        run.hold()
        steering.stop(run.folder)
        steering.checkpoint(run.folder)
        time.sleep(0.05)
        assert caught == [signal.SIGTERM, signal.SIGUSR1]
    finally:
        run.release()
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.parametrize("pid", [1, 0, -1, -4242])
def test_no_group_of_processes_is_ever_signalled(runs: Path, monkeypatch: pytest.MonkeyPatch, pid: int) -> None:
    signalled: list[int] = []
    monkeypatch.setattr(steering, "lock_holder", lambda folder: pid)
    monkeypatch.setattr(steering, "_send", lambda *_: signalled.append(pid))
    with pytest.raises(RunError):
        steering.stop(FakeRun(runs / "r").start().folder)
    assert signalled == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell what a process handles")
def test_a_wish_that_would_kill_its_reader_is_not_sent(runs: Path) -> None:
    run = FakeRun(runs / "r").start().hold()
    try:
        with pytest.raises(RunError, match="it would end, not write a checkpoint"):
            steering.checkpoint(run.folder)
    finally:
        run.release()


@given(
    name=st.text(max_size=40), note=st.text(max_size=400), tags=st.lists(st.text(min_size=1, max_size=20), max_size=5)
)
@settings(deadline=None)
def test_what_is_said_about_a_run_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, note: str, tags: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    tags = [tag for tag in tags if tag.strip()]
    about.rename(folder, name)
    about.note(folder, note)
    about.tag(folder, tags, [])
    said = about.read(folder)
    assert (said.name, said.note) == (name.strip() or None, note.strip() or None)
    assert said.tags == tuple(dict.fromkeys(tag.strip() for tag in tags))
    about.tag(folder, [], list(said.tags))
    assert about.read(folder).tags == ()


HOSTILE = [
    b"",
    b"[]",
    b"{",
    b"[" * 50_000,
    b"\xff",
    b'{"name": 3, "note": [], "tags": "x"}',
    b'{"tags": [1, null, " "]}',
]


@pytest.mark.parametrize("content", [*HOSTILE, b'{"name": "' + b"x" * 100_000 + b'"}'])
def test_a_hostile_word_about_a_run_says_nothing(runs: Path, content: bytes) -> None:
    folder = FakeRun(runs / "r").start().folder
    (folder / "about.json").write_bytes(content)
    assert about.read(folder) == about.About()
    json.dumps(summarise(folder).to_json())
    (folder / "about.json").unlink()
    os.mkfifo(folder / "about.json")
    assert about.read(folder) == about.About()


def test_a_named_run_is_listed_and_found_by_its_name(runs: Path) -> None:
    for i in range(3):
        FakeRun(runs / f"digits-{i}").start()
    listed = RunList(runs)
    listed.scan()
    about.rename(runs / "digits-1", "the good one [/b]")
    assert find_run(runs, "the good one [/b]") == runs / "digits-1"
    assert {s.name for s in listed.scan()} == {None, "the good one [/b]"}, "a list that is open sees the name"
    about.rename(runs / "digits-2", "the good one [/b]")
    with pytest.raises(RunError, match="2 runs are called so"):
        find_run(runs, "the good one [/b]")
    with pytest.raises(RunError, match="at most 255 are"):
        about.rename(runs / "digits-2", "x" * 256)


def test_a_removed_run_comes_back_as_it_was(runs: Path) -> None:
    folder = FakeRun(runs / "digits-1").start().train(10, 50).folder
    before = (folder / "events.jsonl").read_bytes()
    trash.remove(runs, folder)
    assert RunList(runs).scan() == []
    assert [f.name for f in trash.removed(runs)] == ["digits-1"]
    assert trash.restore(runs, "dig") == folder
    assert (folder / "events.jsonl").read_bytes() == before
    assert trash.removed(runs) == []


def test_nothing_is_removed_that_must_not_be(runs: Path, tmp_path: Path) -> None:
    live = RunWriter.create(runs, resolve({}))
    with live, pytest.raises(RunError, match="is live; `diffwb stop` ends it"):
        trash.remove(runs, live.folder)
    elsewhere = FakeRun(tmp_path / "copied").start().folder
    with pytest.raises(RunError, match="only runs there can be removed"):
        trash.remove(runs, elsewhere)
    assert elsewhere.exists()
    first = FakeRun(runs / "same").start().folder
    trash.remove(runs, first)
    second = FakeRun(runs / "same").start().folder
    with pytest.raises(RunError, match="there is one of this name already"):
        trash.remove(runs, second)
    with pytest.raises(RunError, match="cannot be moved"):
        trash.restore(runs, "same")
    assert second.exists()
    for name in ("", "../runs/same", "nothing", "\0"):
        with pytest.raises(RunError, match="no such run in the trash"):
            trash.restore(runs, name)


def test_a_trainer_cannot_come_in_while_its_run_goes(runs: Path) -> None:
    """Removing holds the lock: whoever trains has it, so the two exclude each other."""
    folder = FakeRun(runs / "r").start().folder
    (folder / "lock").touch()
    code = "import fcntl, sys, time; f = open(sys.argv[1]); fcntl.flock(f, 2); print(1, flush=True); time.sleep(9)"
    with subprocess.Popen([sys.executable, "-c", code, str(folder / "lock")], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(RunError, match="is live"):
            trash.remove(runs, folder)
        other.kill()
    assert trash.remove(runs, folder).exists()
