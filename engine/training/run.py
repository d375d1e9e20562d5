"""One training run from its settings to its end: device, data, run folder, signals, and an honest last event."""

from __future__ import annotations

import contextlib
import math
import platform
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from engine.config import ConfigError, TrainConfig, from_values
from engine.data import datasets
from engine.data.imageset import Images, ImageSet, Progress
from engine.device import choose_precision, find_device, out_of_memory, room
from engine.evaluate import Judge
from engine.runs.folder import RunWriter, settings_of
from engine.runs.listing import run_folders
from engine.runs.lock import RunError, is_locked
from engine.setting import given_path
from engine.training import checkpoint
from engine.training.distributed import Ranks, connected, lost
from engine.training.signals import Interrupted, Signals
from engine.training.trainer import Tick, Trainer, TrainingError

Report = Callable[[Tick], None]
Announce = Callable[[str], None]
LOOK_EVERY = 2.0  # seconds between looks at how many other runs are live
SAY_EVERY = 3.0  # seconds between lines while a dataset is read


@dataclass(frozen=True)
class Outcome:
    """How a run ended: `finished` or `stopped`, the signal that stopped it, and whether this process speaks for it."""

    folder: Path
    state: str
    signal: int | None
    main: bool


class ProcessorShare:
    """Gives a run on the CPU its share of the threads: all of them alone, fewer while other runs of the home are live.

    Two trainers that each take every core wait for each other's threads and crawl: on two cores 20 images/s each,
    where with one thread each both make 1,130, and one run alone makes 1,640.
    """

    def __init__(self, runs: Path, device: torch.device) -> None:
        self._runs = runs
        self._threads = torch.get_num_threads() if device.type == "cpu" else 1
        self._looked = -math.inf

    def take(self) -> None:
        """Look every few seconds how many runs are live, and take this one's share."""
        if self._threads == 1 or time.monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = time.monotonic()
        live = sum(is_locked(folder) for folder in run_folders(self._runs))
        share = max(1, self._threads // max(1, live))
        if share != torch.get_num_threads():
            torch.set_num_threads(share)


def train(config: TrainConfig, home: Path, report: Report, announce: Announce, run: RunWriter | None = None) -> Outcome:
    """Train a new run in the foreground; in the open folder `run` where it has one already, because it was queued.

    `announce` gets lines for a person, `report` every point of the curve. Raises ConfigError for settings this machine
    or dataset cannot serve (before a run folder exists), RunError where the folder cannot be made, and TrainingError
    once training has begun.
    """
    with Signals() as signals, _together(config.device, announce) as (ranks, announce):
        prepared = _prepare(config, home, ranks, announce)
        signals.training = True
        with _opened(ranks, run, lambda: RunWriter.create(home / "runs", prepared.config)) as (opened, folder):
            if run is not None:
                run.settle(prepared.config)
            announce(f"run {folder.name} in {folder}")
            return _run(prepared, home, opened, folder, ranks, signals, report, None, resumed_from=None)


def resume(
    folder: Path,
    changes: dict[str, str],
    home: Path,
    report: Report,
    announce: Announce,
    run: RunWriter | None = None,
) -> Outcome:
    """Go on with a run from its newest good checkpoint; `changes` may name another device and precision.

    A run that was killed before its first checkpoint begins again. Raises as :func:`train`, and CheckpointError where
    it has checkpoints and none is good. `run` is its folder where that is open already.
    """
    config = from_values(settings_of(folder) | changes)
    with Signals() as signals, _together(config.device, announce) as (ranks, announce):
        prepared = _prepare(config, home, ranks, announce)
        signals.training = True
        with _opened(ranks, run, lambda: RunWriter.reopen(folder)) as (opened, folder):
            if opened is not None:
                checkpoint.recover(folder)
            ranks.wait()  # all of them read what is mended now
            if not checkpoint.checkpoints(folder):
                announce(f"run {folder.name} has no checkpoint yet and begins again")
                return _run(prepared, home, opened, folder, ranks, signals, report, None, resumed_from=0)
            saved, complaints = checkpoint.newest_good(folder)
            announce(f"run {folder.name} goes on at step {saved.step:,}")
            for complaint in complaints:
                if opened is not None:
                    opened.event("warning", saved.step, message=complaint)
                announce(complaint)
            return _run(prepared, home, opened, folder, ranks, signals, report, saved, resumed_from=saved.step)


@dataclass(frozen=True)
class Prepared:
    """What a run needs before it has a folder. `config` has its precision and image size resolved."""

    config: TrainConfig
    data: Images
    device: torch.device
    device_name: str


@contextlib.contextmanager
def _together(device: str, announce: Announce) -> Iterator[tuple[Ranks, Announce]]:
    """The ranks that train, connected; only the main one speaks."""
    with connected(cuda=device in ("auto", "cuda") and torch.cuda.is_available()) as ranks:
        yield ranks, announce if ranks.main else _silent


def _silent(text: str) -> None:
    """What another rank than the main one has to say."""


@contextlib.contextmanager
def _opened(
    ranks: Ranks, run: RunWriter | None, make: Callable[[], RunWriter]
) -> Iterator[tuple[RunWriter | None, Path]]:
    """The run's folder, open for writing on rank 0: `run`, which stays open, or a made one.

    Raises RunError on every rank where it cannot be opened.
    """
    given, problem = run, None
    if ranks.main and run is None:
        try:
            run = make()
        except RunError as error:
            problem = str(error)
    problem, folder = ranks.from_main((problem, run.folder if run is not None else Path()))
    if problem is not None:
        raise RunError(problem)
    with contextlib.nullcontext() if run is None or run is given else run:
        yield run, folder


def _prepare(config: TrainConfig, home: Path, ranks: Ranks, announce: Announce) -> Prepared:
    wanted = f"cuda:{ranks.local}" if ranks.count > 1 and torch.cuda.is_available() else config.device
    device, device_name = find_device(wanted if config.device in ("auto", "cuda") else config.device)
    precision, why = choose_precision(config.precision, device)
    announce(f"on {device} ({device_name}), {precision}: {why}")
    with ranks.main_first():
        progress = _said_now_and_then(config.dataset, announce)
        data = datasets.load(config, data_folder(config, home), progress=progress, room=room(device))
    if config.batch_size * ranks.count > len(data):
        each = f"{config.batch_size} on each of {ranks.count} ranks" if ranks.count > 1 else f"{config.batch_size}"
        raise ConfigError(f"batch_size: {each} is more than {config.dataset}'s {len(data):,} images")
    streamed = "" if isinstance(data, ImageSet) else ", read as they are needed: memory has no room for all"
    announce(f"{config.dataset}: {len(data):,} images of {data.image_size}×{data.image_size}{streamed}")
    return Prepared(replace(config, precision=precision, image_size=data.image_size), data, device, device_name)


def _said_now_and_then(dataset: str, announce: Announce) -> Progress:
    """Tells of long reading every few seconds."""
    last = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SAY_EVERY:
            last = time.monotonic()
            announce(f"{dataset}: {done:,} of {total:,} images read")

    return progress


def data_folder(config: TrainConfig, home: Path) -> Path:
    """Where a run's datasets lie. Raises ConfigError."""
    return given_path("data_dir", config.data_dir) if config.data_dir else home / "data"


def _run(
    prepared: Prepared,
    home: Path,
    run: RunWriter | None,
    folder: Path,
    ranks: Ranks,
    signals: Signals,
    report: Report,
    saved: checkpoint.Checkpoint | None,
    resumed_from: int | None,
) -> Outcome:
    """Train inside an open run folder and write its `end`, whatever happens."""
    config, data, device = prepared.config, prepared.data, prepared.device

    @cache
    def judge() -> Judge:
        held_out = datasets.load(config, data_folder(config, home), train=False, room=room(device))
        return Judge(data.subset(), held_out.subset(), device, home / "data" / "judges")

    trainer: Trainer | None = None

    def event(kind: str, **values: Any) -> None:
        if run is not None:
            run.event(kind, trainer.step if trainer is not None else 0, **values)

    def end(state: str, error: str | None = None) -> None:
        """Say how it ended; a disk too full for that takes nothing else away."""
        with contextlib.suppress(OSError):
            event("end", state=state, seconds=trainer.seconds if trainer is not None else 0.0, error=error)
            if run is not None:
                run.sync()

    def log(text: str) -> None:
        with contextlib.suppress(OSError):
            if run is not None:
                run.log(text)

    try:
        trainer = Trainer(config, data, device, run, report, judge, ranks)
        warning = trainer.restore(saved) if saved is not None else None
        event(
            "start",
            run=folder.name,
            config={k: v for k, v in asdict(config).items() if v is not None},
            device=str(device),
            device_name=prepared.device_name,
            world_size=ranks.count,
            parameters=trainer.parameters,
            dataset_size=len(data),
            classes=list(data.classes),
            stages=trainer.stage_steps,
            total_steps=trainer.total_steps,
            resumed_from=resumed_from,
            versions=versions(),
        )
        if warning is not None:
            event("warning", message=warning)
        share = ProcessorShare(folder.parent, device)

        def stop() -> bool:
            share.take()
            return signals.stop()

        state = trainer.train(stop, signals.snapshot, signals.optional)
    except checkpoint.CheckpointError:  # nothing was written: the run is as it was
        raise
    except Interrupted:
        reason = "stopped a second time, before a checkpoint was written; the last one is whole"
        end("stopped", reason)
        raise TrainingError(reason) from None
    except Exception as error:
        reason = _reason(error, trainer)
        end("failed", reason)
        log(traceback.format_exc())
        raise TrainingError(f"{reason} (the trace is in {folder / 'log.txt'})") from error
    end(state)
    log(f"{state} at step {trainer.step} of {trainer.total_steps}")
    return Outcome(folder, state, signals.stopped_by if state == "stopped" else None, ranks.main)


def _reason(error: Exception, trainer: Trainer | None) -> str:
    """One line for a person: what went wrong and what to try."""
    if out_of_memory(error) and trainer is not None:
        failed = f"{trainer.device} ran out of memory at batch_size = {trainer.config.batch_size}"
        if trainer.ranks.count > 1:  # the others are in the middle of a step, and none can be tried without them
            return f"{failed}; try less"
        traceback.clear_frames(error.__traceback__)  # they hold what the step that failed has computed
        fits = trainer.fitting_batch()
        return f"{failed}; {f'{fits} fits' if fits else 'no smaller one fits; try smaller widths or another device'}"
    if lost(error):
        return f"another rank was lost: {checkpoint.first_line(error)}"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename or 'while writing the run'}"
    return checkpoint.first_line(error)


def versions() -> dict[str, str]:
    """Versions of what decides a result."""
    found = {"python": platform.python_version(), "torch": torch.__version__}
    try:
        found["diffwb"] = version("diffwb")
    except PackageNotFoundError:  # run from a source tree that is not installed
        found["diffwb"] = "source"
    return found
