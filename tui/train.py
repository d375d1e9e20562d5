"""`diffwb --train`: one run in the foreground, with a progress bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from typing import TYPE_CHECKING, Any

from engine.config import ConfigError, read_toml, resolve
from engine.home import home, prepare
from engine.lock import RunError
from engine.runlist import find_run
from engine.signals import Interrupted
from tui.errors import DONE, FAILED, UsageError, given_path
from tui.formats import duration
from tui.text import line

if TYPE_CHECKING:
    from pathlib import Path

    from engine.trainer import Tick

LINE_EVERY = 5.0  # seconds between lines where there is no terminal
MAY_CHANGE = {"device", "precision"}


def train(given: dict[str, Any], *, config: str | None, resume: str | None) -> int:
    """Train with the settings given on the command line. Returns the exit code of the contract.

    Raises ConfigError, HomeError and UsageError for what cannot be served.
    """
    for early in (signal.SIGHUP, signal.SIGUSR1):  # torch takes seconds to load, and a terminal may go meanwhile
        signal.signal(early, signal.SIG_IGN)
    folder = prepare(home())
    if resume is not None:
        if others := sorted(set(given) - MAY_CHANGE) + (["config"] if config else []):
            raise ConfigError(f"{others[0]}: a resumed run keeps its settings; only device and precision may change")
        try:
            run = find_run(folder / "runs", resume)
        except RunError as error:
            raise UsageError(str(error)) from None
    else:
        settings = resolve(given, _read(config), _home_defaults(folder))

    from engine import training  # torch: only now that the request makes sense
    from engine.checkpoint import CheckpointError
    from engine.trainer import TrainingError

    with Watcher() as watcher:
        try:
            if resume is not None:
                outcome = training.resume(run, given, folder, watcher.report, watcher.announce)
            else:
                outcome = training.train(settings, folder, watcher.report, watcher.announce)
        except Interrupted as stop:
            return 128 + stop.signal
        except TrainingError as error:
            watcher.announce(f"failed: {error}")
            return FAILED
        except (RunError, CheckpointError) as error:
            raise UsageError(str(error)) from None
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
        left = f"{duration(tick.left)} left"
        self._bar.set_postfix_str(f"loss {tick.loss:.4f}  {tick.images_per_s:,.0f} images/s  {left}")

    def __enter__(self) -> Watcher:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            if self._bar is not None:
                self._bar.close()


def describe(tick: Tick) -> str:
    """One line for a log: 'step 1,200/5,000  loss 0.1312  lr 2.8e-03  1,620 images/s  2:30 left'."""
    return (
        f"step {tick.step:,}/{tick.total_steps:,}  loss {tick.loss:.4f}  lr {tick.lr:.1e}  "
        f"{tick.images_per_s:,.0f} images/s  {duration(tick.left)} left"
    )
