"""Trainers and the search child as processes: started, found again, stopped, and honest about failing."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.config import ConfigError, coerce
from engine.home import prepare
from engine.runs.listing import RunList
from tests.tui.conftest import SERVER
from tests.tui.fake_run import FakeRun
from tui.commands.parsers import build_train_parser
from tui.runs import session
from tui.runs.follow import Follower
from tui.runs.session import Device, Launch, command_line, parse_devices
from tui.scripts import searcher
from tui.scripts.searcher import Searcher


def test_the_command_is_what_a_shell_takes() -> None:
    assert command_line({"preset": "digits", "batch_size": "64", "name": "my run"}) == (
        "diffwb --train --preset digits --batch-size 64 --name 'my run'"
    )


def test_a_value_that_begins_with_a_dash_is_no_flag() -> None:
    values = {"preset": "digits", "name": "-foo"}
    assert command_line(values) == "diffwb --train --preset digits --name=-foo"
    assert build_train_parser().parse_args(["--train", *session.flags(values)]).name == "-foo"


def test_devices_as_a_listing_names_them() -> None:
    listing = b"""[{"id": "cuda:0", "name": "NVIDIA H200", "memory_bytes": 150323855360, "busy": 0.43,
                    "used_bytes": 12884901888}, 7, {"id": 3}, {"id": "cpu", "name": "EPYC"}]"""
    assert parse_devices(listing) == [
        session.AUTO,
        Device("cuda:0", "NVIDIA H200, 140 GiB, busy 43% · 12 GiB taken"),
        Device("cpu", "EPYC"),
    ]
    for nothing in (b"", b"{", b"{}", b"null"):
        assert parse_devices(nothing) == [session.AUTO, session.CPU]


async def test_the_devices_of_this_machine_are_listed_by_a_child() -> None:
    first, *found = await session.list_devices()
    assert first == session.AUTO
    (cpu,) = (device for device in found if device.id == "cpu")
    assert cpu != session.CPU, "it is named"


def test_a_trainer_that_refuses_its_settings_says_why(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    launch = Launch.begin(home, {"preset": "digits", "steps": "many"})
    deadline = time.monotonic() + 60
    while launch.error is None and time.monotonic() < deadline:
        assert launch.look(RunList(home / "runs").scan()) is None
        time.sleep(0.05)
    with pytest.raises(ConfigError) as refused:
        coerce("steps", "many")
    assert launch.error == str(refused.value)
    assert not launch.done
    launch.forget()
    assert not launch.log.exists()


def test_a_trainer_is_its_own_session_without_our_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "told"
    code = f"import os; open({str(program)!r}, 'w').write(f'{{os.getsid(0)}} {{os.environ[\"DIFFWB_HOME\"]}}')"
    monkeypatch.setattr(sys, "executable", _python_that_runs(code, tmp_path))
    process = session.start_training(tmp_path / "home", {})
    assert process.wait(60) == 0
    assert program.read_text() == f"{process.pid} {tmp_path / 'home'}"


def _python_that_runs(code: str, folder: Path) -> str:
    script = folder / "python"
    script.write_text(f"#!{sys.executable}\n{code}\n")
    script.chmod(0o755)
    return str(script)


def test_a_launch_becomes_the_run_whose_lock_it_holds(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    run = FakeRun(home / "runs" / "digits-1").start().hold()
    other = FakeRun(home / "runs" / "digits-2").start().end("finished", 10)

    class Process:
        pid = os.getpid()

        def poll(self) -> None:
            return None

    launch = Launch("digits", session.new_log(home), Process())  # type: ignore[arg-type]
    found = launch.look(RunList(home / "runs").scan())
    run.release()
    assert found is not None
    assert found.folder == run.folder != other.folder


def test_a_follower_tells_of_changes_only(tmp_path: Path) -> None:
    run = FakeRun(tmp_path / "r", total=100).start().hold()
    follower = Follower(run.folder)
    first = follower.look()
    assert first is not None
    assert (first.state, first.total_steps, len(first.loss)) == ("running", 100, 0)
    assert follower.look() is None
    run.train(10, 40).sample(40)
    second = follower.look()
    assert second is not None
    assert (second.step, len(second.loss), len(first.loss)) == (40, 4, 0)
    assert second.left == pytest.approx(3.0)
    assert [drawing.step for drawing in second.drawings] == [40]
    run.release()
    third = follower.look()
    assert third is not None
    assert third.state == "lost"
    for path in sorted(run.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    run.folder.rmdir()
    gone = follower.look()
    assert gone is not None
    assert gone.gone


def test_old_words_of_trainers_are_swept(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    session.sweep(home)
    old, new = session.new_log(home), session.new_log(home)
    old.parent.mkdir()
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    session.sweep(home)
    assert list(old.parent.iterdir()) == [new]


class Ears:
    """What a search child said, and a way to wait for it."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def __call__(self, answer: dict[str, Any]) -> None:
        self.heard.append(answer)

    async def wait(self, **wanted: Any) -> dict[str, Any]:
        for _ in range(1000):
            for answer in self.heard:
                if all(answer.get(key) == value for key, value in wanted.items()):
                    return answer
            await asyncio.sleep(0.02)
        raise AssertionError(f"{wanted} never came, heard was {self.heard}")


async def test_the_search_child_answers_and_ends_with_us() -> None:
    ears = Ears()
    searcher = Searcher(SERVER, ears)
    early = searcher.search("asked before it was started")
    task = asyncio.create_task(searcher.run())
    await ears.wait(event="ready", models=12)
    await ears.wait(id=early, stage="hybrid")
    shown = searcher.open("/m/3.py")
    assert (await ears.wait(id=shown, stage="open"))["script"]["path"] == "/m/3.py"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_search_child_that_dies_is_started_again_once() -> None:
    ears = Ears()
    searcher = Searcher(SERVER, ears)
    task = asyncio.create_task(searcher.run())
    await ears.wait(event="ready")
    searcher.search("die")
    gone = await ears.wait(event="gone")
    assert "exit code 3" in gone["message"]
    assert [answer["event"] for answer in ears.heard if "event" in answer].count("ready") == 2
    await task
    assert searcher.search("after") == 2  # asking goes nowhere, and breaks nothing


async def test_a_search_child_that_cannot_be_started() -> None:
    ears = Ears()
    await Searcher(["/nonexistent/python"], ears).run()
    assert ears.heard == [{"event": "gone", "message": "No such file or directory"}]


@pytest.mark.parametrize("said", ["'x' * 4000", "'[' * 900000"])
async def test_a_search_child_that_makes_no_sense_is_gone(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searcher, "LINE_LIMIT", 1000 if "x" in said else 1 << 20)
    ears = Ears()
    await Searcher([sys.executable, "-c", f"print({said})"], ears).run()
    assert [answer["event"] for answer in ears.heard] == ["gone"]
