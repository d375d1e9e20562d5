"""Two processes train one run, for real: torchrun, gloo, this machine's CPU."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.config import resolve
from engine.home import prepare
from engine.runs.folder import RunReader
from engine.runs.lock import lock_holder
from engine.training import run as training
from tests.engine.trainers import Trainers, passed, until

ROOT = Path(__file__).parents[2]
SMALL = ["--widths", "8,16", "--warmup-steps", "5", "--log-every", "1", "--sample-every", "0", "--device", "cpu"]
SMALL += ["--precision", "fp32", "--checkpoint-every", "10", "--sample-steps", "4", "--sample-count", "4"]


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"DIFFWB_HOME": str(home), "PYTHONPATH": str(ROOT)}


def start(home: Path, *settings: str) -> subprocess.Popen[str]:
    """Two ranks, started by torchrun."""
    launcher = ["torch.distributed.run", "--standalone", "--nproc-per-node=2", "--module"]
    return subprocess.Popen(
        [sys.executable, "-m", *launcher, "tui.cli", "--train", *SMALL, *settings],
        env=os.environ | {"DIFFWB_HOME": str(home), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def only_run(home: Path) -> Path:
    (run,) = (home / "runs").glob("*-*")
    return run


def train_here(home: Path, *settings: str) -> Path:
    """One process, this one: it has torch loaded."""
    given = dict(zip(settings[::2], settings[1::2], strict=True)) | dict(zip(SMALL[::2], SMALL[1::2], strict=True))
    config = resolve({name.lstrip("-").replace("-", "_"): value for name, value in given.items()})
    return training.train(config, prepare(home), lambda tick: None, lambda text: None).folder


def losses(folder: Path) -> dict[int, float]:
    reader = RunReader(folder)
    reader.poll()
    series = reader.metrics["loss"]
    return dict(zip(map(int, series.steps), series.values, strict=True))


def events(folder: Path, kind: str) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return [r for r in records if r["event"] == kind]


@pytest.mark.parametrize(
    "settings",
    [
        ["--norm", "batch", "--class-conditional", "true", "--augment", "flip,crop"],
        ["--norm", "group", "--model", "latent", "--latent-dim", "8", "--autoencoder-share", "0.5"],
    ],
    ids=["batch", "latent"],
)
def test_two_ranks_train_what_one_does_with_twice_the_batch(
    tmp_path: Path, trainers: subprocess.Popen[str], settings: list[str]
) -> None:
    started = Trainers(tmp_path / "two", trainers)
    assert started.start("--train", *SMALL, "--steps", "20", "--batch-size", "16", *settings, ranks=2).wait() == 0
    two = only_run(started.home)
    one = train_here(tmp_path / "one", "--steps", "20", "--batch-size", "32", *settings)
    found, expected = [*losses(two).values()], [*losses(one).values()]
    assert len(found) == len(expected) == 20
    assert found[:5] == pytest.approx(expected[:5], abs=1e-5)
    # Adam moves a weight by its rate whatever the size of its gradient, and so by the sign of a rounding error where
    # that is 0, as of a bias before batch norm: how soon that tells depends on the processor.
    assert found == pytest.approx(expected, abs=1e-3)
    (began,) = events(two, "start")
    assert began["world_size"] == 2
    assert len(events(two, "end")) == 1, "rank 0 alone writes the folder"


def test_a_run_goes_on_with_another_number_of_ranks(tmp_path: Path) -> None:
    home = tmp_path / "home"
    said, problems = (process := start(home, "--epochs", "1", "--batch-size", "16")).communicate(timeout=240)
    assert process.returncode == 0, problems
    folder = only_run(home)
    assert said.splitlines() == [folder.name], "whatever the number of ranks: a script takes it as the run's id"
    (began,) = events(folder, "start")
    assert began["total_steps"] == 45, "1,437 images are 45 batches of 32"
    for step in ("step-00000045", "step-00000040"):
        for file in (folder / "checkpoints" / step).iterdir():
            file.unlink()
    training.resume(folder, {}, home, lambda tick: None, lambda text: None)
    again = events(folder, "start")[-1]
    assert (again["resumed_from"], again["world_size"]) == (30, 1)
    left = 1437 - 30 * 32
    assert again["total_steps"] == 30 + -(-left // 16)
    (ended,) = events(folder, "end")[-1:]
    assert (ended["state"], ended["step"]) == ("finished", again["total_steps"])


def children_of(process: int) -> set[int]:
    return set(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["lost", "stopped"])
def test_a_lost_rank_fails_the_run_and_a_stopped_one_stops_it(
    tmp_path: Path, trainers: subprocess.Popen[str], how: signal.Signals
) -> None:
    started = Trainers(tmp_path / "home", trainers)
    trainer = started.start("--train", *SMALL, "--steps", "1000000", "--batch-size", "8", ranks=2)
    until(lambda: any(passed(run, 5)() for run in (started.home / "runs").glob("*-*")), "the first steps")
    folder = only_run(started.home)
    (other,) = children_of(trainer.pid) - {lock_holder(folder)}
    os.kill(other, how)
    assert trainer.wait() == (1 if how == signal.SIGKILL else 128 + how)
    (ended,) = events(folder, "end")
    if how == signal.SIGKILL:
        assert ended["state"] == "failed"
        assert "another rank was lost" in ended["error"]
    else:
        assert ended["state"] == "stopped"
        assert (folder / "checkpoints" / f"step-{ended['step']:08d}").is_dir()
