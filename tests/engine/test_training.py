"""Training: exact repetition, exact resumption, honest ends, and a loss that falls."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.config import ConfigError, TrainConfig, read_toml, resolve
from engine.data.datasets import load
from engine.evaluate import Comparison, Quality
from engine.generate import generate, gif_frames, write
from engine.home import prepare
from engine.runs.folder import RunReader, RunWriter
from engine.training import checkpoint
from engine.training import run as training
from engine.training.distributed import Ranks
from engine.training.learner import Learner
from engine.training.optimization import learning_rate
from engine.training.signals import Interrupted
from engine.training.trainer import Tick, Trainer, TrainingError

SMALL: dict[str, Any] = {
    "widths": (8, 16),
    "batch_size": 16,
    "precision": "fp32",
    "device": "cpu",
    "log_every": 5,
    "sample_every": 0,
    "sample_count": 4,
    "sample_steps": 4,
    "checkpoint_every": 10,
    "warmup_steps": 5,
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return prepare(tmp_path / "home")


def train(home: Path, **changes: Any) -> training.Outcome:
    return training.train(resolve(SMALL | changes), home, lambda tick: None, lambda text: None)


def events(folder: Path, kind: str) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return [r for r in records if r["event"] == kind]


def losses(folder: Path) -> dict[int, float]:
    reader = RunReader(folder)
    reader.poll()
    series = reader.metrics["loss"]
    return dict(zip(map(int, series.steps), series.values, strict=True))


def test_a_run_folder_is_what_the_contract_says(home: Path) -> None:
    folder = train(home, steps=20, sample_every=10, preset="digits", name="mine").folder
    assert folder.name.startswith("mine-")
    names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert {
        "config.toml",
        "events.jsonl",
        "log.txt",
        "lock",
        "checkpoints/step-00000020/model.safetensors",
        "checkpoints/step-00000020/ema.safetensors",
        "checkpoints/step-00000020/trainer.pt",
        "checkpoints/step-00000020/meta.json",
        "samples/step-00000020.png",
        "samples/step-00000020-strip.png",
    } <= names
    (start,) = events(folder, "start")
    required = "run config device device_name world_size parameters dataset_size total_steps resumed_from versions"
    assert set(required.split()) <= set(start)
    assert (start["dataset_size"], start["total_steps"], start["resumed_from"]) == (1437, 20, None)
    for record in events(folder, "metrics"):
        assert {"epoch", "loss", "lr", "grad_norm", "images_per_s", "seconds"} <= set(record)
        assert record["time"].endswith("Z")
    for record in events(folder, "sample"):
        assert {"path", "strip", "sampler", "sample_steps", "seconds", "count"} <= set(record)
        assert (folder / record["path"]).is_file() and (folder / record["strip"]).is_file()
    for record in events(folder, "checkpoint"):
        assert {"path", "seconds", "bytes"} <= set(record)
    (end,) = events(folder, "end")
    assert (end["state"], end["step"]) == ("finished", 20)
    assert resolve({}, read_toml(folder / "config.toml")).steps == 20


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_equal_seeds_repeat_a_run_exactly(home: Path, precision: str) -> None:
    one, two = (train(home, steps=20, seed=3, precision=precision).folder for _ in range(2))
    assert losses(one) == losses(two)
    a, b = (checkpoint.newest_good(f)[0] for f in (one, two))
    assert all(torch.equal(a.best_weights[k], b.best_weights[k]) for k in a.best_weights)
    assert losses(train(home, steps=20, seed=4, precision=precision).folder) != losses(one)


def test_watching_a_run_does_not_change_it(home: Path) -> None:
    plain = train(home, steps=20)
    watched = train(home, steps=20, sample_every=3, checkpoint_every=4)
    assert losses(plain.folder) == losses(watched.folder)


@pytest.mark.parametrize("stop_after", [7, 10, 18])
def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(home: Path, stop_after: int) -> None:
    whole = train(home, steps=30).folder

    def stop_at(tick: Tick) -> None:
        if tick.step >= stop_after:
            os.kill(os.getpid(), signal.SIGTERM)

    stopped = training.train(resolve(SMALL | {"steps": 30, "log_every": 1}), home, stop_at, lambda text: None)
    assert (stopped.state, stopped.signal) == ("stopped", signal.SIGTERM)
    assert checkpoint.newest_good(stopped.folder)[0].step == stop_after, "a checkpoint is written before it ends"
    resumed = training.resume(stopped.folder, {}, home, lambda tick: None, lambda text: None)
    assert resumed.state == "finished"
    again = losses(stopped.folder)
    assert sorted(again) == list(range(1, 31)), "every step once"
    a, b = (checkpoint.newest_good(f)[0] for f in (whole, stopped.folder))
    assert a.step == b.step == 30
    for ours, theirs in ((a.model, b.model), (a.best_weights, b.best_weights)):
        assert all(torch.equal(ours[k], theirs[k]) for k in ours)
    starts = events(stopped.folder, "start")
    assert [s["resumed_from"] for s in starts] == [None, stop_after]


def test_a_loss_between_two_points_survives_a_resume(home: Path) -> None:
    """The mean since the last point is part of the state: a checkpoint between two points must not lose it."""
    whole = train(home, steps=20, checkpoint_every=7).folder
    cut = train(home, steps=20, checkpoint_every=7, name="cut").folder
    for step in (20, 14):
        for file in checkpoint.folder_of(cut, step).iterdir():
            file.unlink()
    training.resume(cut, {}, home, lambda tick: None, lambda text: None)
    assert events(cut, "start")[-1]["resumed_from"] == 7
    assert losses(cut) == losses(whole)


def test_a_run_begun_on_another_kind_of_device_goes_on_and_says_so(home: Path) -> None:
    folder = train(home, steps=10).folder
    saved = checkpoint.load(checkpoint.folder_of(folder, 10))
    shutil.rmtree(folder / "checkpoints")
    state = saved.trainer | {"device": "cuda", "generator": torch.zeros(16, dtype=torch.uint8)}
    checkpoint.save(folder, replace(saved, step=5, trainer=state), resolve({}))
    assert training.resume(folder, {}, home, lambda tick: None, lambda text: None).state == "finished"
    assert any("begun on cuda" in r["message"] for r in events(folder, "warning"))


def test_a_checkpoint_of_another_model_leaves_the_run_as_it_was(home: Path) -> None:
    folder = train(home, steps=10).folder
    other = train(home, steps=10, widths=(8, 8)).folder
    shutil.rmtree(folder / "checkpoints")
    shutil.copytree(other / "checkpoints", folder / "checkpoints")
    before = (folder / "events.jsonl").read_text()
    with pytest.raises(checkpoint.CheckpointError, match="is not of this run's model"):
        training.resume(folder, {}, home, lambda tick: None, lambda text: None)
    assert (folder / "events.jsonl").read_text() == before


def test_a_second_signal_ends_at_once_and_an_early_one_leaves_no_run(home: Path) -> None:
    def twice(tick: Tick) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(TrainingError, match="stopped a second time"):
        training.train(resolve(SMALL | {"steps": 100}), home, twice, lambda text: None)
    (folder,) = (home / "runs").iterdir()
    (end,) = events(folder, "end")
    assert (end["state"], end["step"]) == ("stopped", 5)

    def early(text: str) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Interrupted) as caught:
        training.train(resolve(SMALL | {"steps": 100}), home, lambda tick: None, early)
    assert caught.value.signal == signal.SIGTERM
    assert len(list((home / "runs").iterdir())) == 1


def test_a_disk_too_full_for_the_trace_still_says_that_the_run_failed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunWriter, "log", full)
    monkeypatch.setattr(checkpoint, "_write_synced", full)
    with pytest.raises(TrainingError, match="No space left on device"):
        train(home, steps=10)
    (folder,) = (home / "runs").iterdir()
    (end,) = events(folder, "end")
    assert (end["state"], end["error"]) == ("failed", "No space left on device: while writing the run")


def test_a_run_that_diverges_before_a_checkpoint_says_so_and_what_is_left_to_try(home: Path) -> None:
    with pytest.raises(TrainingError, match=r"no checkpoint yet\. Try a lower lr \(it is 100\) or grad_clip = 1 \("):
        train(home, steps=60, lr=100.0, optimizer="sgd", grad_clip=0.0, warmup_steps=0, precision="fp32")


def test_no_weights_that_lost_their_mind_push_good_ones_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two points of the curve nobody looks at the loss; a checkpoint looks at the weights."""
    sound = Trainer.train_step

    def poisoned(trainer: Trainer) -> tuple[torch.Tensor, torch.Tensor]:
        loss, norm = sound(trainer)
        if trainer.step == 7:
            with torch.no_grad():
                next(trainer.model.parameters()).fill_(float("nan"))
        return loss, norm

    monkeypatch.setattr(Trainer, "train_step", poisoned)
    with pytest.raises(TrainingError, match="the weights became nan by step 7; the last checkpoint is whole"):
        train(home, steps=60, checkpoint_every=1, keep_checkpoints=1, log_every=50)
    (folder,) = (home / "runs").iterdir()
    assert checkpoint.newest_good(folder)[0].step == 6


def test_the_best_checkpoint_stays_over_a_resumption_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distances = iter([9.0, 1.0, 5.0, 6.0, 7.0, 8.0, 9.0])

    class Judged:
        held_out = range(2)

        def __init__(self, *_: object) -> None: ...

        def compare(self, samples: torch.Tensor) -> Comparison:
            return Comparison(Quality(next(distances), 1.0, 10, 0.0, 2), Quality(1.0, 1.0, 10, 0.0, 2))

    monkeypatch.setattr(training, "Judge", Judged)
    measured = {"evaluate_every": 2, "checkpoint_every": 0, "keep_checkpoints": 1, "sample_steps": 2}
    done = train(home, steps=10, **measured)
    kept = [folder.name for folder in checkpoint.checkpoints(done.folder)]
    assert kept == ["step-00000004", "step-00000010"], "the best and the newest"
    config = done.folder / "config.toml"
    config.write_text(config.read_text().replace("steps = 10\n", "steps = 14\n"))
    training.resume(done.folder, {}, home, lambda tick: None, lambda text: None)
    assert [folder.name for folder in checkpoint.checkpoints(done.folder)] == ["step-00000004", "step-00000014"]


def test_a_finished_run_resumes_to_the_same_end(home: Path) -> None:
    folder = train(home, steps=10).folder
    assert training.resume(folder, {}, home, lambda tick: None, lambda text: None).state == "finished"
    assert list(losses(folder)) == [5, 10]


def test_sigusr1_writes_a_checkpoint_and_samples_now(home: Path) -> None:
    asked = threading.Event()

    def ask(tick: Tick) -> None:
        if not asked.is_set():
            asked.set()
            os.kill(os.getpid(), signal.SIGUSR1)

    config = resolve(SMALL | {"steps": 12, "checkpoint_every": 0})
    folder = training.train(config, home, ask, lambda text: None).folder
    assert [r["step"] for r in events(folder, "checkpoint")] == [5, 12]
    assert [r["step"] for r in events(folder, "sample")] == [5]


def test_a_loss_that_is_no_number_ends_the_run_as_failed(home: Path) -> None:
    said: list[str] = []
    config = resolve(SMALL | {"steps": 200, "lr": 100.0, "optimizer": "sgd", "grad_clip": 0, "checkpoint_every": 0})
    with pytest.raises(TrainingError, match="Try a lower lr"):
        training.train(config, home, lambda tick: None, said.append)
    (folder,) = (home / "runs").iterdir()
    (end,) = events(folder, "end")
    assert end["state"] == "failed"
    assert "loss became" in end["error"]
    assert "Traceback" in (folder / "log.txt").read_text()


def test_what_this_machine_cannot_serve_leaves_no_run_behind(home: Path) -> None:
    for changes, says in (
        ({"device": "cuda:77"}, "device: 'cuda:77' is not on this machine; "),
        ({"batch_size": 5000}, "more than digits's 1,437 images"),
        ({"precision": "fp16"}, "needs a CUDA device"),
    ):
        with pytest.raises(ConfigError) as caught:
            train(home, steps=5, **changes)
        assert says in str(caught.value)
    assert list((home / "runs").iterdir()) == []


@pytest.mark.parametrize("prediction", ["eps", "x0", "v"])
@pytest.mark.parametrize("loss", ["mse", "min-snr"])
def test_every_objective_learns(home: Path, prediction: str, loss: str) -> None:
    found = losses(train(home, steps=60, prediction=prediction, loss=loss, log_every=10, batch_size=32).folder)
    assert found[60] < 0.8 * found[10]


@pytest.mark.parametrize("attention", ["none", "softmax", "linear"])
def test_a_conditional_run_trains_resumes_and_draws_the_class_asked_for(home: Path, attention: str) -> None:
    changes = {"steps": 12, "class_conditional": True, "attention": attention, "sample_every": 6}
    whole = train(home, **changes)
    folder = train(home, **changes, name="cut").folder
    for file in checkpoint.folder_of(folder, 12).iterdir():
        file.unlink()
    training.resume(folder, {}, home, lambda tick: None, lambda text: None)
    assert losses(folder) == losses(whole.folder)
    three, seven = (generate(folder, {}, count=2, seed=0, device="cpu", label=label) for label in ("3", "7"))
    assert not torch.equal(three.images, seven.images)
    strong = generate(folder, {"guidance": 4}, count=2, seed=0, device="cpu", label="3")
    assert not torch.equal(strong.images, three.images)
    with pytest.raises(ConfigError, match=r"class: 'cat' is not one of .*; 0, 1, 2"):
        generate(folder, {}, count=2, seed=0, device="cpu", label="cat")


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_every_optimizer_trains(home: Path, optimizer: str) -> None:
    assert train(home, steps=5, optimizer=optimizer, ema=0).state == "finished"


def test_epochs_are_passes_over_the_images(home: Path) -> None:
    folder = train(home, epochs=2, batch_size=500).folder
    (start,) = events(folder, "start")
    assert start["total_steps"] == 6, "twice 1,437 images are six batches of 500, none left out"
    assert {r["epoch"] for r in events(folder, "metrics")} <= {0, 1, 2}


def test_a_run_that_changed_its_ranks_in_the_middle_of_a_batch_counts_every_step_once() -> None:
    config = resolve({"epochs": 1, "batch_size": 32, "widths": "4", "precision": "fp32"})
    learner = Learner(config, load(config, Path()), torch.device("cpu"), Ranks())
    learner.seen = 16  # a step of one process with half of the batch
    counted = []
    for _ in range(4):
        counted.append(learner.position)
        learner.seen += learner.batch
    assert counted == [0, 1, 2, 3]


def rates(**changes: Any) -> list[float]:
    config: TrainConfig = resolve({"lr": 1.0, "warmup_steps": 10, "steps": 100} | changes)
    return [learning_rate(config, config.lr, step, 100) for step in range(100)]


def test_the_rate_warms_up_and_decays_to_two_percent() -> None:
    found = rates()
    assert found[:3] == pytest.approx([0.1, 0.2, 0.3])
    assert max(found) == pytest.approx(found[9]) == pytest.approx(1.0)
    assert found[-1] == pytest.approx(0.02)
    assert found[10:] == sorted(found[10:], reverse=True)
    assert set(rates(lr_schedule="constant")[10:]) == {1.0}
    assert rates(warmup_steps=0)[0] == 1.0
    assert all(0 < r <= 1 for r in rates(warmup_steps=1000))


@pytest.mark.parametrize("suffix", [".png", ".gif", ".npy"])
def test_images_are_drawn_from_a_run(home: Path, tmp_path: Path, suffix: str) -> None:
    import numpy as np
    from PIL import Image

    run = train(home, steps=6).folder
    one, two = (
        generate(run, {"sampler": "ddpm", "sample_steps": 4}, count=5, seed=9, device="cpu", frames=gif_frames)
        for _ in range(2)
    )
    assert torch.equal(one.images, two.images)
    target = tmp_path / f"out{suffix}"
    write(one, target)
    if suffix == ".npy":
        drawn = np.load(target)
        assert (drawn.shape, drawn.dtype) == ((5, 1, 16, 16), np.float32)
        assert abs(drawn).max() <= 1
    else:
        with Image.open(target) as picture:
            assert picture.size == (5 * 17 + 1, 17 + 1), "a column for each class"
            assert getattr(picture, "n_frames", 1) == (4 if suffix == ".gif" else 1)


def test_runs_share_the_processor_and_get_it_back(home: Path) -> None:
    """Two trainers that each take every core would wait for each other's threads and crawl."""
    before = torch.get_num_threads()
    seen: list[int] = []
    try:
        torch.set_num_threads(4)
        share = training.ProcessorShare(home / "runs", torch.device("cpu"))
        for live in (1, 2, 3, 9, 1):
            with contextlib.ExitStack() as runs:
                for _ in range(live):
                    runs.enter_context(RunWriter.create(home / "runs", resolve({})))
                share._looked = -1e9
                share.take()
                seen.append(torch.get_num_threads())
    finally:
        torch.set_num_threads(before)
    assert seen == [4, 2, 1, 1, 4]
