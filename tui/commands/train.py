"""`diffwb --train`: one run in the foreground, with a progress bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config import ConfigError, TrainConfig, doubts, from_values, read_toml, resolve
from engine.home import home, prepare
from engine.runs.folder import RunWriter, settings_of
from engine.runs.listing import find_run, summarise
from engine.runs.lock import RunError
from engine.runs.steering import check_unfinished
from engine.setting import given_path
from engine.training.signals import Interrupted, Signals
from tui import formats
from tui.commands.console import say
from tui.errors import DONE, FAILED, UsageError, refusing
from tui.text import line

if TYPE_CHECKING:
    from engine.training.trainer import Tick

LINE_EVERY = 5.0  # seconds between lines where there is no terminal
MAY_CHANGE = {"device", "precision"}


@dataclass(frozen=True)
class Request:
    """What `diffwb --train` was asked for. `given` are the settings on the command line, `words` all of it."""

    given: dict[str, Any]
    words: Sequence[str]
    config: str | None = None
    resume: str | None = None
    queue: bool = False
    detach: bool = False


def train(request: Request) -> int:
    """Train as asked. Returns the exit code of the contract.

    Raises ConfigError, HomeError and UsageError for what cannot be served.
    """
    with Signals():  # from now on: torch takes seconds to load, and a terminal may go or a person leave meanwhile
        try:
            return _train(request)
        except Interrupted as stop:
            return 128 + stop.signal


def _train(request: Request) -> int:
    folder = prepare(home())
    if request.queue and os.environ.get("WORLD_SIZE", "1") != "1":
        raise UsageError("--queue: waits with one process; several ranks are started when the device is free")
    run: Path | None = None
    if request.resume is not None:
        if others := sorted(set(request.given) - MAY_CHANGE) + (["config"] if request.config else []):
            raise ConfigError(f"{others[0]}: a resumed run keeps its settings; only device and precision may change")
        with refusing():
            run = find_run(folder / "runs", request.resume)
        try:
            check_unfinished(run)
        except RunError as error:  # who resumes until a run is done, as schedulers do, is told and served
            say(f"diffwb: {error}")
        settings = from_values(settings_of(run) | request.given)
    else:
        settings = resolve(request.given, _read(request.config), _home_defaults(folder))
        for doubt in doubts(settings).values():
            say(f"diffwb: warning: {doubt}")
    if request.detach:
        from tui.commands.detached import start

        return start(folder, [word for word in request.words if word != "--detach"])
    with Watcher() as watcher, contextlib.ExitStack() as held:
        writer = held.enter_context(_queued(settings, folder, run, watcher)) if request.queue else None
        return _work(request, settings, folder, run, writer, watcher)


@contextlib.contextmanager
def _queued(settings: TrainConfig, folder: Path, run: Path | None, watcher: Watcher) -> Iterator[RunWriter]:
    """The run's folder, opened, once its turn has come. Who leaves the line, or is refused after it, ends as that."""
    from engine.runs import waiting_line

    # Before there is a folder: that would be taken for a run which trains until its place is written.
    device = waiting_line.resolve_device(settings.device)
    with refusing():
        writer = RunWriter.create(folder / "runs", settings) if run is None else RunWriter.reopen(run)
    step = summarise(writer.folder).step
    with writer:
        try:
            waiting_line.wait(writer, settings, device, step, watcher.announce)
            yield writer
        except Interrupted:
            writer.event("end", step, state="stopped", seconds=0.0, error=None)
            raise
        except (ConfigError, UsageError) as error:
            writer.event("end", step, state="failed", seconds=0.0, error=str(error))
            raise


def _work(
    request: Request,
    settings: TrainConfig,
    folder: Path,
    run: Path | None,
    writer: RunWriter | None,
    watcher: Watcher,
) -> int:
    from engine.training import run as training  # torch: only now that the request makes sense
    from engine.training.checkpoint import CheckpointError
    from engine.training.trainer import TrainingError

    try:
        if run is not None:
            outcome = training.resume(run, request.given, folder, watcher.report, watcher.announce, writer)
        else:
            outcome = training.train(settings, folder, watcher.report, watcher.announce, writer)
    except TrainingError as error:
        watcher.announce(f"failed: {error}")
        return FAILED
    except (RunError, CheckpointError) as error:
        raise UsageError(str(error)) from None
    if outcome.main:
        watcher.announce(f"{outcome.state}; {outcome.folder}")
        with contextlib.suppress(OSError):
            print(line(outcome.folder.name), flush=True)
    if outcome.state == "stopped":
        return 128 + (outcome.signal or signal.SIGINT)
    return DONE


def _read(path: str | None) -> dict[str, Any]:
    return {} if path is None else read_toml(given_path("--config", path))


def _home_defaults(folder: Path) -> dict[str, Any]:
    path = folder / "config.toml"
    return read_toml(path) if path.exists() else {}


class Watcher:
    """Shows a run on stderr. A terminal that goes away is no reason to stop training: nothing here raises."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._bar: Any = None
        self._last_line = 0.0

    def announce(self, text: str) -> None:
        with contextlib.suppress(OSError):
            if self._bar is not None:
                self._bar.clear()
            print(f"diffwb: {line(text)}", file=sys.stderr, flush=True)

    def report(self, tick: Tick) -> None:
        with contextlib.suppress(OSError):
            if self._live:
                self._draw(tick)
            elif time.monotonic() - self._last_line >= LINE_EVERY or tick.step == tick.total_steps:
                self._last_line = time.monotonic()
                print(describe(tick), file=sys.stderr, flush=True)

    def _draw(self, tick: Tick) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=tick.total_steps,
                initial=tick.step,
                unit="step",
                dynamic_ncols=True,
                bar_format="{percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}{postfix}",
            )
        self._bar.n = tick.step
        self._bar.set_postfix_str(f"loss {formats.loss(tick.loss)}  {tick.images_per_s:,.0f} images/s{_left(tick)}")

    def __enter__(self) -> Watcher:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            if self._bar is not None:
                self._bar.close()


def describe(tick: Tick) -> str:
    """One line for a log: 'step 1,200/5,000  loss 0.1312  lr 2.8e-3  1,620 images/s  2:30 left'."""
    return (
        f"step {tick.step:,}/{tick.total_steps:,}  loss {formats.loss(tick.loss)}  "
        f"lr {formats.rate(tick.lr, digits=2)}  {tick.images_per_s:,.0f} images/s{_left(tick)}"
    )


def _left(tick: Tick) -> str:
    """How long it takes yet; after the last step it saves, draws and measures, which no pace tells of."""
    return f"  {formats.duration(tick.left)} left" if tick.step < tick.total_steps else ""
