"""Contenders that take turns, each in a process of its own, so that neither warms or slows the other.

A machine that slows down slows all of a round: what counts is the ratio of each round.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

Work = Callable[[], float | None]
"""One round of a contender. What it returns, where it is not None, is a time of its own in seconds."""


@dataclass(frozen=True)
class Contender:
    """`make(*arguments)` prepares a process and gives its rounds; both must be importable by name.

    A round counts `scale` times: more than once for a piece of work that is too long to do it all.
    """

    name: str
    make: Callable[..., Work]
    arguments: tuple[Any, ...] = ()
    scale: float = 1.0


def _serve(end: Connection, make: Callable[..., Work], arguments: tuple[Any, ...]) -> None:
    work = make(*arguments)
    work()  # what is done once: kernels chosen, memory taken, files imported
    end.send(None)
    while end.recv():
        start = time.perf_counter()
        own = work()
        end.send((time.perf_counter() - start, own))


@contextmanager
def _process(contender: Contender) -> Iterator[Connection]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, contender.make, contender.arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield ours
        ours.send(False)
        process.join(10)
    finally:
        process.kill()
        ours.close()


def race(contenders: list[Contender], rounds: int) -> dict[str, list[float]]:
    """Wall seconds of every round by contender. Raises EOFError where one of them fails, after it said why."""
    told = race_told(contenders, rounds)
    return {c.name: [wall * c.scale for wall, _ in told[c.name]] for c in contenders}


def race_told(contenders: list[Contender], rounds: int) -> dict[str, list[tuple[float, float | None]]]:
    """Wall seconds, unscaled, and the own time of every round by contender."""
    told: dict[str, list[tuple[float, float | None]]] = {contender.name: [] for contender in contenders}
    with ExitStack() as running:
        ends = [running.enter_context(_process(contender)) for contender in contenders]
        for _ in range(rounds):
            for contender, end in zip(contenders, ends, strict=True):
                end.send(True)
                told[contender.name].append(end.recv())
    return told


def ratio_line(slower: list[float], faster: list[float]) -> str:
    """How many times as fast, round by round: the median, and the range."""
    ratios = [a / b for a, b in zip(slower, faster, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
