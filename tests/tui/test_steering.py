"""Steering real trainers from the command line: in the background, in a waiting line, stopped, resumed, followed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from engine.runs.listing import RunList, RunSummary, summarise
from engine.runs.lock import lock_holder
from tests.engine.trainers import Trainers, until
from tests.tui.fake_run import FakeRun

SMALL = ["--widths", "8,8", "--sample-every", "0", "--device", "cpu", "--log-every", "1"]
LONG = [*SMALL, "--steps", "1000000"]
Diffwb = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home; what still trains in it at the end is ended."""
    folder = tmp_path / "home"
    yield folder
    for run in RunList(folder / "runs").scan():
        if (pid := lock_holder(run.folder)) is not None:
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def diffwb(home: Path, trainers: subprocess.Popen[str]) -> Diffwb:
    """A command to its end; what it starts is a process of its own, as ever."""
    return Trainers(home, trainers).run


@contextmanager
def taken(home: Path) -> Iterator[FakeRun]:
    """A run that has the device, and leaves the processor to those who wait for it."""
    run = FakeRun(home / "runs" / "digits-20260314-090000-a0f3").start().hold()
    try:
        yield run
    finally:
        run.release()


def of(home: Path, name: str) -> RunSummary:
    return summarise(home / "runs" / name)


def test_a_detached_run_is_told_by_its_id_asked_followed_stopped_and_resumed(home: Path, diffwb: Diffwb) -> None:
    started = diffwb("--train", "--detach", *LONG)
    run = started.stdout.strip()
    assert (started.returncode, of(home, run).state) == (0, "running"), started.stderr
    until(lambda: of(home, run).step > 3, "the training")
    asked = diffwb("checkpoint", run)
    assert asked.returncode == 0, asked.stderr
    assert (Path(asked.stdout.strip()) / "meta.json").is_file()
    assert "is running already" in diffwb("resume", run).stderr
    followed_and_left(home, run)
    at = of(home, run).step
    until(lambda: of(home, run).step > at, "a further step")
    with subprocess.Popen(
        attach(run), env=os.environ | {"DIFFWB_HOME": str(home)}, stdout=subprocess.PIPE, text=True
    ) as follower:
        assert follower.stdout is not None
        follower.stdout.readline()
        begun = time.monotonic()
        stopped = diffwb("stop", run)
        assert (stopped.returncode, stopped.stdout) == (0, ""), stopped.stderr
        assert time.monotonic() - begun < 30
        said = follower.stdout.read()
        assert follower.wait(60) == 0
    assert "checkpoint checkpoints/step-" in said
    assert "stopped · step" in said.splitlines()[-1]
    at = of(home, run).step
    assert f"stopped at step {at:,}" in stopped.stderr
    resumed = diffwb("resume", "latest")
    assert (resumed.returncode, resumed.stdout.strip()) == (0, run), resumed.stderr
    until(lambda: of(home, run).step > at, "a step after the resumption")
    assert (home / "runs" / run / "output.txt").is_file(), "what the trainer says is kept with the run"
    assert not list((home / "runs" / ".starting").iterdir())


def attach(run: str) -> list[str]:
    return [sys.executable, "-P", "-m", "tui.cli", "attach", run]


def followed_and_left(home: Path, run: str) -> None:
    """A person watches the run in a terminal and leaves it with ctrl+c."""
    program, *arguments = attach(run)
    environment = os.environ | {"DIFFWB_HOME": str(home)}
    child = pexpect.spawn(program, arguments, env=environment, encoding="utf-8", timeout=60)
    child.expect("running · step")
    child.expect(r"step [\d,]+/1,000,000 +loss ")
    child.sendintr()
    child.expect("goes on training; `diffwb attach")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--steps", "many"], 2, "diffwb: error: steps: 'many' is not accepted"),
        (["--device", "cuda:77"], 2, "diffwb: error: device: 'cuda:77' is not on this machine; "),
    ],
)
def test_what_a_detached_run_refuses_is_said_at_once(
    diffwb: Diffwb, home: Path, arguments: list[str], code: int, says: str
) -> None:
    done = diffwb("--train", "--detach", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.splitlines()[-1].startswith(says)
    assert RunList(home / "runs").scan() == []


def test_runs_wait_in_line_for_their_device(home: Path, diffwb: Diffwb) -> None:
    """Who is stopped leaves the line. Who is killed there comes back to the same place, as after the machine
    restarted: nobody waits any more, yet no place is lost and nothing starts at once."""
    with taken(home) as run:
        first = run.folder.name
        (run.folder / "config.toml").write_text('widths = [8, 8]\nsample_every = 0\ndevice = "cpu"\nsteps = 2\n')
        short = [*SMALL, "--steps", "2", "--detach", "--queue"]
        second, third, fourth = (diffwb("--train", *short, "--name", name).stdout.strip() for name in ("b", "c", "d"))
        assert {s.id: (s.state, s.place) for s in RunList(home / "runs").scan()} == {
            first: ("running", None),
            second: ("queued", 1),
            third: ("queued", 2),
            fourth: ("queued", 3),
        }
        assert "is queued, not running" not in diffwb("stop", third).stderr, "who waits can be stopped"
        assert of(home, third).state == "stopped"
        pid = lock_holder(home / "runs" / second)
        assert pid is not None
        modules = Path(f"/proc/{pid}/maps")
        assert not modules.exists() or "libtorch" not in modules.read_text(), "waiting takes no memory for torch"
        time.sleep(1.5)
        assert of(home, second).state == "queued"
        for name in (second, fourth):
            pid = lock_holder(home / "runs" / name)
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            until(lambda n=name: of(home, n).state == "lost", "the end of it")  # type: ignore[misc]
        fifth = diffwb("--train", *short, "--name", "e").stdout.strip()
        assert {name: (of(home, name).state, of(home, name).place) for name in (second, fourth, fifth)} == {
            second: ("lost", 1),
            fourth: ("lost", 3),
            fifth: ("queued", 4),
        }
        assert f"{second} lost" in " ".join(diffwb("runs").stdout.split()), "what is not in the line is not shown in it"
        for name in (fourth, second):
            assert diffwb("resume", name).stdout.strip() == name
        assert {of(home, name).place: of(home, name).state for name in (second, fourth, fifth)} == dict.fromkeys(
            (1, 3, 4), "queued"
        )
        run.end("stopped", 1)
    assert diffwb("resume", first, "--queue").stdout.strip() == first, "a run that ended may wait, too"
    assert (of(home, first).state, of(home, first).place) == ("queued", 5)
    until(lambda: of(home, first).state == "finished", "the end of the line", seconds=120)
    line = [second, fourth, fifth, first]
    begun, ended = ([str(events(home, name, kind)[-1]["time"]) for name in line] for kind in ("start", "end"))
    assert all(end <= begin for end, begin in zip(ended, begun[1:], strict=False)), "in turn, one after the other"
    again = diffwb("resume", third)
    assert again.returncode == 0, "a run that never began begins"
    until(lambda: of(home, third).state == "finished", "the run that had left the line")


def test_who_waits_for_the_fastest_device_is_never_told_to_train(home: Path) -> None:
    """Which device `auto` is takes torch seconds to say; the run is there only after that."""
    environment = os.environ | {"DIFFWB_HOME": str(home)}
    command = [sys.executable, "-P", "-m", "tui.cli", "--train", *SMALL[:2], "--steps", "1", "--queue"]
    busy = FakeRun(home / "runs" / "digits-20260314-090000-a0f3").start().hold()
    waiting = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        seen: list[tuple[float, str]] = []
        while not seen or seen[-1][1] != "queued":
            seen += [
                (time.monotonic(), run.state) for run in RunList(home / "runs").scan() if run.folder != busy.folder
            ]
            assert waiting.poll() is None
            time.sleep(0.02)
        assert seen[-1][0] - seen[0][0] < 2, f"it took seconds from its folder to its place: {seen}"
    finally:
        waiting.kill()
        waiting.wait()
        busy.release()


def events(home: Path, run: str, kind: str) -> list[dict[str, object]]:
    lines = (home / "runs" / run / "events.jsonl").read_text().splitlines()
    return [record for record in map(json.loads, lines) if record["event"] == kind]


def test_rm_asks_and_restore_brings_back(home: Path, diffwb: Diffwb) -> None:
    folder = FakeRun(home / "runs" / "digits-1").start().train(10, 20).end("finished", 20).folder
    assert diffwb("rm", "digits-1").returncode == 2, "without a terminal it does not guess"
    child = pexpect.spawn(
        sys.executable,
        ["-P", "-m", "tui.cli", "rm", "digits-1"],
        env=os.environ | {"DIFFWB_HOME": str(home)},
        encoding="utf-8",
        timeout=60,
    )
    child.expect("finished at step 20.*y/N")
    child.sendline("n")
    child.expect("nothing was removed")
    child.expect(pexpect.EOF)
    assert folder.exists()
    done = diffwb("rm", "digits-1", "--yes")
    assert (done.returncode, folder.exists()) == (0, False)
    assert diffwb("restore").stdout == "digits-1\n"
    assert diffwb("restore", "digits").stdout == "digits-1\n"
    emptied = diffwb("restore")
    assert (emptied.returncode, emptied.stdout, emptied.stderr) == (0, "", "the trash is empty\n")
    assert folder.exists()


def test_a_finished_run_is_not_resumed_and_says_how_to_train_longer(home: Path, diffwb: Diffwb) -> None:
    folder = FakeRun(home / "runs" / "digits-1").start().train(10, 20).end("finished", 20).folder
    (folder / "config.toml").write_text('preset = "digits"\nsteps = 20\n')
    refused = diffwb("resume", "latest")
    assert (refused.returncode, refused.stdout, refused.stderr) == (
        2,
        "",
        "diffwb: error: digits-1: has finished its 20 steps, nothing is left to resume; "
        f"`diffwb --train --config {folder / 'config.toml'} --steps 40` trains longer\n",
    )


def test_names_notes_tags_and_differences(home: Path, diffwb: Diffwb) -> None:
    FakeRun(home / "runs" / "digits-1").start(config={"lr": 0.1, "widths": [8, 8], "seed": 1}).end("finished", 20)
    FakeRun(home / "runs" / "other-2").start(config={"lr": 0.2, "widths": [8, 8], "ema": 0}).end("finished", 20)
    for name in ("digits-1", "other-2"):
        (home / "runs" / name / "config.toml").unlink()
        os.mkfifo(home / "runs" / name / "config.toml")
    assert diffwb("rename", "digits-1", "the", "good [/b]\x1b[2J").returncode == 0
    assert diffwb("tag", "digits-1", "best", "keep,old").stdout == "best\nkeep\nold\n"
    assert diffwb("tag", "digits-1", "--remove", "keep,old").stdout == "best\n"
    assert diffwb("note", "digits-1", "for", "the", "paper").returncode == 0
    assert diffwb("note", "digits-1").stdout == "for the paper\n"
    listed = diffwb("runs").stdout
    assert "the good [/b]" in listed and "#best" in listed and "\x1b" not in listed
    differences = json.loads(diffwb("diff", "digits-1", "other-2", "--json").stdout)
    assert differences == {"lr": [0.1, 0.2], "seed": [1, None], "ema": [None, 0]}
    table = diffwb("diff", "digits-1", "other-2").stdout
    assert "widths" not in table and "0.2" in table


def test_curves_are_exported(home: Path, diffwb: Diffwb, tmp_path: Path) -> None:
    FakeRun(home / "runs" / "digits-1").start().train(10, 50).sample(50).end("finished", 50)
    shown = diffwb("export", "digits-1", "--csv").stdout
    assert shown.startswith("event,time,step,") and len(shown.splitlines()) == 6
    target = tmp_path / "curves.csv"
    assert diffwb("export", "digits-1", "--csv", "-o", str(target)).stdout == f"{target}\n"
    assert target.read_text() == shown
    folder = tmp_path / "board"
    made = diffwb("export", "digits-1", "--tensorboard", "-o", str(folder)).stdout.strip()
    assert Path(made).parent == folder
    refused = diffwb("export", "digits-1", "--csv", "-o", str(tmp_path / "no" / "x.csv"))
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert diffwb("export", "digits-1").returncode == 2, "one of the two is asked for"


def test_runs_are_filtered_as_in_the_workbench(home: Path, diffwb: Diffwb) -> None:
    FakeRun(home / "runs" / "digits-1").start(config={"preset": "digits", "lr": 0.0005}).end("finished", 20)
    FakeRun(home / "runs" / "other-2").start(config={"preset": "cifar10", "lr": 0.1}).end("failed", 20)
    assert [run["id"] for run in json.loads(diffwb("runs", "lr:<1e-3", "--json").stdout)] == ["digits-1"]
    assert "other-2" not in diffwb("runs", "-state:failed").stdout
    assert diffwb("runs", "state:lost").stderr == "no run fits\n"
    refused = diffwb("runs", "lrr:1")
    assert (refused.returncode, refused.stderr) == (
        2,
        "diffwb: error: lrr: is nothing a run has; did you mean lr?\n",
    )


def test_a_run_that_hangs_is_told_for_how_long(home: Path, diffwb: Diffwb) -> None:
    run = FakeRun(home / "runs" / "digits-1").start().train(10, 500).hold()
    try:
        assert " running " in diffwb("runs").stdout
        then = time.time() - 600
        os.utime(run.folder / "events.jsonl", (then, then))
        assert " stalled 10m0" in diffwb("runs").stdout
        (told,) = json.loads(diffwb("runs", "--json").stdout)
        assert (told["state"], round(told["stalled"], -2)) == ("running", 600)
        assert json.loads(diffwb("runs", "state:stalled", "--json").stdout) == [
            told | {"stalled": pytest.approx(told["stalled"], abs=60)}
        ]
    finally:
        run.release()
    (told,) = json.loads(diffwb("runs", "--json").stdout)
    assert (told["state"], told["stalled"]) == ("lost", None)
