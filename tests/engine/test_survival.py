"""Runs survive: real kills at random moments, full disks, damage, second trainers. `make soak` kills fifty times."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runs.listing import RunList, summarise
from engine.runs.lock import lock_holder
from engine.training import checkpoint
from tests.engine.trainers import SMALL, Trainer, Trainers, losses, passed, read, until

KILLS = int(os.environ.get("DIFFWB_KILLS", "8"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def started(home: Path, trainers: subprocess.Popen[str]) -> Iterator[Trainers]:
    found = Trainers(home, trainers)
    yield found
    for run in RunList(home / "runs").scan():
        if run.state == "running" and (pid := lock_holder(run.folder)):
            Trainer(trainers, pid).kill()


def whole(run: Path) -> list[int]:
    """The steps of a run's checkpoints, each of which must be whole."""
    return [checkpoint.load(folder).step for folder in checkpoint.checkpoints(run)]


def left_over(run: Path) -> list[str]:
    return [str(path.relative_to(run)) for path in run.rglob("*") if ".tmp" in path.name or path.name == ".room"]


def events(run: Path, kind: str) -> list[dict[str, object]]:
    records = (json.loads(line) for line in (run / "events.jsonl").read_text().splitlines(True) if line[-1] == "\n")
    return [record for record in records if record["event"] == kind]


def test_a_run_killed_again_and_again_is_the_uninterrupted_one_bit_for_bit(started: Trainers) -> None:
    """Checkpoints come every other step, so that most kills fall into one."""
    settings = ("--steps", "100000", "--checkpoint-every", "2", "--seed", "3")
    rng = random.Random(KILLS)
    trainer, run = started.new(*settings, "--name", "killed")
    for _ in range(KILLS):
        time.sleep(rng.uniform(0, 0.4))
        trainer.kill()
        until(lambda: (summarise(run).state, lock_holder(run)) == ("lost", None), "the run as lost")
        kept = whole(run)
        assert len(kept) <= 3 + 1, "three are kept, and the kill may have come before the fourth was removed"
        begun = len(events(run, "start"))
        trainer = started.start("--train", "--resume", run.name)
        until(lambda n=begun: starts(run) > n, "the resumption")  # type: ignore[misc]
    until(passed(run, summarise(run).step + 5), "a few steps more")
    trainer.send(signal.SIGTERM)
    assert trainer.wait() == 128 + signal.SIGTERM
    reached = summarise(run).step
    assert left_over(run) == []
    other, reference = started.new(*settings, "--name", "whole")
    until(passed(reference, reached), "the uninterrupted run")
    other.send(signal.SIGTERM)
    other.wait()
    found, expected = losses(run), losses(reference)
    assert sorted(found) == list(range(1, reached + 1)), "every step once"
    assert found == {step: loss for step, loss in expected.items() if step <= reached}


def starts(run: Path) -> int:
    """How often the run has begun; its last line may be torn just now."""
    return (run / "events.jsonl").read_bytes().count(b'{"event": "start"')


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_does_not_wait_for_samples_and_a_second_one_for_nothing(started: Trainers, number: int) -> None:
    drawing = ("--steps", "1000", "--sample-every", "1", "--sample-count", "256", "--sampler", "ddpm")
    trainer, run = started.new(*drawing, "--sample-steps", "1000", "--checkpoint-every", "0", "--widths", "32,64,128")
    until(passed(run, 0), "the first step")
    time.sleep(1.0)
    assert not (run / "samples" / "step-00000001.png").exists(), "it draws"
    begun = time.monotonic()
    trainer.send(number)
    assert trainer.wait() == 128 + number
    assert time.monotonic() - begun < 60
    (end,) = events(run, "end")
    assert end["state"] == "stopped"
    assert whole(run) == [end["step"]]
    assert left_over(run) == []

    trainer = started.start("--train", "--resume", run.name)
    until(passed(run, int(str(end["step"]))), "a further step")
    begun = time.monotonic()
    trainer.send(number)
    trainer.send(number)
    assert trainer.wait() in (1, 128 + number)
    assert time.monotonic() - begun < 30
    assert summarise(run).state == "stopped"
    assert end["step"] in whole(run)


def test_a_second_trainer_is_refused_and_told_of_the_first(started: Trainers, home: Path) -> None:
    trainer, run = started.new("--steps", "1000000")
    until(passed(run, 0), "the first step")
    command = [sys.executable, "-P", "-m", "tui.cli", "--train", "--resume", str(run)]
    done = subprocess.run(
        command, env=os.environ | {"DIFFWB_HOME": str(home)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"diffwb: error: {run.name} is being trained already, by process {trainer.pid}"
    )
    until(passed(run, summarise(run).step), "a further step of the first")
    trainer.kill()


@pytest.mark.parametrize("damage", ["flipped", "truncated"])
def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(started: Trainers, damage: str) -> None:
    trainer, run = started.new("--steps", "20", "--checkpoint-every", "5")
    assert trainer.wait() == 0
    newest = run / "checkpoints" / "step-00000020" / "model.safetensors"
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content if damage == "flipped" else content[:-9])
    before = losses(run)
    assert started.start("--train", "--resume", run.name).wait() == 0
    assert losses(run) == before
    assert events(run, "start")[-1]["resumed_from"] == 15
    (warning,) = events(run, "warning")
    assert "step-00000020/model.safetensors is damaged" in str(warning["message"])
    assert "step-00000020/model.safetensors is damaged" in started.said()
    assert whole(run)[-1] == 20, "it was written anew"


def test_a_run_killed_before_its_first_checkpoint_begins_again(started: Trainers) -> None:
    trainer, run = started.new("--steps", "40", "--checkpoint-every", "0")
    until(passed(run, 5), "a few steps")
    trainer.kill()
    assert started.start("--train", "--resume", run.name).wait() == 0
    assert sorted(losses(run)) == list(range(1, 41))


def test_a_replaced_checkpoint_survives_a_kill_between_two_renames(started: Trainers) -> None:
    trainer, run = started.new("--steps", "20", "--keep-checkpoints", "1")
    assert trainer.wait() == 0
    (only,) = checkpoint.checkpoints(run)
    only.rename(only.with_name(f".{only.name}.old.tmp"))
    (run / "checkpoints" / ".step-00000021.tmp").mkdir()
    assert started.start("--train", "--resume", run.name).wait() == 0
    assert events(run, "start")[-1]["resumed_from"] == 20
    assert (whole(run), left_over(run)) == ([20], [])


def test_runs_of_odd_names_are_what_they_are_called(started: Trainers, home: Path) -> None:
    for name in ("x" * 255, "line\nbreak\x1b[2J", "[/b][@click=app.quit]", "../../evil"):
        trainer = started.start("--train", *SMALL, "--steps", "1", f"--name={name}")
        assert trainer.wait() == 0, started.said()
    assert "\x1b" not in started.said()
    assert len(list((home / "runs").iterdir())) == 4


NEEDS_FULL_DISK = (
    shutil.which("unshare") is None
    or subprocess.run(
        ["unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    ).returncode
)


def on_a_disk_of_its_own(tmp_path: Path, script: str) -> None:
    """Run a Python script with `disk`, a file system of 4 MB that nobody else sees; needs no privileges on Linux."""
    disk = tmp_path / "disk"
    disk.mkdir()
    code = f"from pathlib import Path; disk = Path({str(disk)!r})\n{script}"
    mounted = f'mount -t tmpfs -o size=4m none "{disk}" && exec "{sys.executable}" -c "$0"'
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", mounted, code],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr


FULL = """
import json
from tests.engine.test_survival import *
from tests.engine.trainers import host
with host() as process:
    for filled in (2_000_000, 4_100_000):
        started = Trainers(disk / f"home-{filled}", process)
        filler = disk / "filler"
        filler.write_bytes(bytes(filled))
        trainer = started.start("--train", *SMALL, "--steps", "60", "--checkpoint-every", "2",
                                "--keep-checkpoints", "100", "--sample-every", "3")
        code = trainer.wait()
        runs = list((started.home / "runs").glob("*-*"))
        if not runs:
            assert code == 2, started.said()
            assert "cannot be made (No space left on device)" in started.said(), started.said()
            assert filled > 4_000_000
            continue
        (run,) = runs
        assert code == 1, started.said()
        summary = summarise(run)
        assert summary.state == "failed", (summary, (run / "events.jsonl").read_text()[-500:])
        assert "No space left on device" in summary.error
        assert "No space left on device" in (run / "log.txt").read_text()
        assert "failed: No space left on device" in started.said()
        assert filled > 4_000_000 or len(whole(run)) > 3
        assert left_over(run) == [], left_over(run)
        for line in (run / "events.jsonl").read_text().splitlines():
            json.loads(line)
        filler.unlink()
        assert started.start("--train", "--resume", run.name).wait() == 0, started.said()
        assert summarise(run).state == "finished"
        assert sorted(losses(run)) == list(range(1, 61))
        shutil.rmtree(started.home)
"""


@pytest.mark.skipif(bool(NEEDS_FULL_DISK), reason="no file system of its own can be made here")
def test_a_full_disk_ends_a_run_as_failed_and_takes_nothing_else(tmp_path: Path) -> None:
    on_a_disk_of_its_own(tmp_path, FULL)


@pytest.mark.skipif(bool(NEEDS_FULL_DISK), reason="no file system of its own can be made here")
def test_a_read_only_home_is_refused_clearly(tmp_path: Path) -> None:
    script = """
import subprocess, sys, os
from tests.tui.fake_run import FakeRun
home = disk / "home"
FakeRun(home / "runs" / "digits-1").start().train(10, 20).end("stopped", 20)
subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
for arguments, code, says in (
    (["--train"], 2, "cannot be written"),
    (["--train", "--resume", "latest"], 2, "cannot be written"),
    (["resume", "latest"], 2, "cannot be written"),
    (["rename", "latest", "x"], 2, "cannot be written (Read-only file system)"),
    (["rm", "latest", "--yes"], 2, "cannot be moved"),
    (["runs"], 0, ""),
    (["export", "latest", "--csv"], 0, ""),
    (["attach", "latest"], 0, ""),
):
    done = subprocess.run([sys.executable, "-P", "-m", "tui.cli", *arguments], capture_output=True, text=True,
                          env=os.environ | {"DIFFWB_HOME": str(home)})
    assert (done.returncode, says in done.stderr, "Traceback" in done.stderr) == (code, True, False), (arguments, done)
    assert code == 0 or done.stderr.count("\\n") == 1, done.stderr
"""
    on_a_disk_of_its_own(tmp_path, script)


def test_a_file_that_may_not_grow_fails_the_run_and_keeps_what_was(started: Trainers) -> None:
    """A limit on the size of files stops writing anywhere, for any user, where no disk can be filled."""
    settings = ("--steps", "6", "--checkpoint-every", "2", "--widths", "16,32")
    trainer, run = started.new(*settings)
    assert trainer.wait() == 0
    size = max(path.stat().st_size for path in run.rglob("*") if path.is_file()) - 500
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    done = started.run("--train", *SMALL, *settings, "--name", "limited", before=limited)
    assert done.returncode == 1, done.stderr
    (other,) = (started.home / "runs").glob("limited-*")
    assert summarise(other).state == "failed"
    assert "File too large" in str(summarise(other).error)
    assert (whole(other), left_over(other)) == ([], [])
    assert started.start("--train", "--resume", other.name).wait() == 0
    assert losses(other) == losses(run)


def test_what_is_moved_into_place_was_written_through_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss of power after a rename must not find empty files: the order of the calls is what a disk goes by."""
    import torch

    from engine.config import resolve

    calls: list[tuple[str, str]] = []
    fsync, rename = os.fsync, Path.rename

    def synced(descriptor: int) -> None:
        calls.append(("fsync", Path(f"/proc/self/fd/{descriptor}").readlink().name))
        fsync(descriptor)

    def renamed(path: Path, target: Path) -> Path:
        calls.append(("rename", path.name))
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    saved = checkpoint.Checkpoint(3, 0, 1, ("0",), {"w": torch.zeros(2)}, None, {})
    (tmp_path / "checkpoints").mkdir()
    checkpoint.save(tmp_path, saved, resolve({}))
    moved = calls.index(("rename", ".step-00000003.tmp"))
    before = {name for call, name in calls[:moved] if call == "fsync"}
    assert before == {"model.safetensors", "trainer.pt", "meta.json", ".step-00000003.tmp"}
    assert ("fsync", "checkpoints") in calls[moved:]


def test_a_clock_that_jumps_back_changes_no_state_and_no_order_of_points(started: Trainers) -> None:
    trainer, run = started.new("--steps", "6", "--checkpoint-every", "3")
    assert trainer.wait() == 0
    lines = (run / "events.jsonl").read_text().splitlines()
    told = [json.loads(line) | {"time": f"20{40 - i // 9:02}-01-01T00:00:00Z"} for i, line in enumerate(lines)]
    (run / "events.jsonl").write_text("".join(json.dumps(record) + "\n" for record in told))
    os.utime(run / "events.jsonl", (2**33, 2**33))
    assert summarise(run).state == "finished"
    assert started.start("--train", "--resume", run.name).wait() == 0
    assert sorted(losses(run)) == list(range(1, 7))
    assert summarise(run).state == "finished"
    assert read(run).seconds > 0
