"""Signals to a trainer, as requests. Imports no torch: they are taken from the first moment on."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType


class Interrupted(KeyboardInterrupt):
    """A signal asked for an end before there was anything to keep."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


class LeftOut(Interrupted):
    """A stop was asked for while something was made that can be left out."""


class Signals:
    """Turns signals into requests while it is entered: SIGINT and SIGTERM stop, SIGUSR1 asks for a snapshot.

    Before training begins, and when asked a second time, an end comes at once, as Interrupted. SIGHUP is ignored:
    training outlives its terminal.
    """

    def __init__(self) -> None:
        self.training = False
        self.stopped_by: int | None = None
        self._snapshot = False
        self._optional = False
        self._before: dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None] = {}

    def stop(self) -> bool:
        return self.stopped_by is not None

    def snapshot(self) -> bool:
        asked, self._snapshot = self._snapshot, False
        return asked

    def _on_stop(self, number: int, _: FrameType | None) -> None:
        if not self.training or self.stopped_by is not None:
            raise Interrupted(number)
        self.stopped_by = number
        if self._optional:
            raise LeftOut(number)

    @contextlib.contextmanager
    def optional(self) -> Iterator[None]:
        """What is made inside (samples, measurements: minutes, perhaps) is left as it is once a stop is asked for."""
        self._optional = True
        try:
            yield
        except LeftOut:
            return
        finally:
            self._optional = False

    def _on_snapshot(self, *_: object) -> None:
        self._snapshot = True

    def __enter__(self) -> Signals:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._on_stop)
        self._before[signal.SIGUSR1] = signal.signal(signal.SIGUSR1, self._on_snapshot)
        self._before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
