"""Where commands print: data to stdout, what is said about it and progress to stderr, all of it made safe."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import wrap

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.text import Text

from tui.text import cell, sanitise

PROGRESS = "DIFFWB_PROGRESS"  # set in the environment by a program that wants progress as lines of JSON
SELDOM = 0.1  # seconds between two of them
NARROW = 40  # columns, at the least
WIDE = 220  # columns of a table that goes to a file or a pipe
WIDEST = 100_000


def say(text: str) -> None:
    """A line for the person, on stderr."""
    print(sanitise(text), file=sys.stderr)


def put(text: str) -> None:
    """A line of data, on stdout."""
    print(sanitise(text))


def put_sentence(text: str) -> None:
    """A sentence on stdout; on a terminal in lines that break between words, those after the first set in."""
    if sys.stdout.isatty():
        width = max(NARROW, shutil.get_terminal_size().columns)
        text = "\n".join(
            wrap(sanitise(text), width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        )
    put(text)


def put_json(document: object, *, indent: int | None = 2) -> None:
    # ASCII escapes keep lone surrogates of odd file names printable, and JSON readers give them back
    print(json.dumps(document, indent=indent), flush=True)


def put_table(table: Callable[[int], RenderableType]) -> None:
    """A table made for the width there is, on stdout; in a file or a pipe nothing is cut that cannot be broken."""
    piped = not sys.stdout.isatty()
    console = Console(width=WIDE if piped else None, highlight=False, markup=False, emoji=False)
    made = table(console.width)
    if piped:
        console.width = max(WIDE, Measurement.get(console, console.options.update(max_width=WIDEST), made).minimum)
    console.print(made)


def put_lines(lines: Callable[[int], Text]) -> None:
    """Lines made for the width there is, on stdout; they stay as they are."""
    piped = not sys.stdout.isatty()
    console = Console(width=WIDE if piped else None, highlight=False, markup=False, emoji=False)
    console.print(lines(console.width), no_wrap=True, overflow="ignore", crop=not piped)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on stderr where that is a terminal; tell it (what is done, done, total).

    Under a program that asks for it, stderr gets a line of JSON now and then instead.
    """
    if os.environ.get(PROGRESS):
        yield _lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, markup=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task, phase = bar.add_task("", total=None), ""

        def show(what: str, done: int, total: int | None) -> None:
            nonlocal phase
            if what != phase:
                bar.reset(task)
                phase = what
            bar.update(task, description=cell(what).plain, completed=done, total=total)

        yield show


def _lines() -> Callable[[str, int, int | None], None]:
    told, phase = 0.0, ""

    def tell(what: str, done: int, total: int | None) -> None:
        nonlocal told, phase
        if what != phase or done == total or time.monotonic() - told >= SELDOM:
            told, phase = time.monotonic(), what
            print(json.dumps({"doing": what, "done": done, "total": total}), file=sys.stderr, flush=True)

    return tell


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Say on a terminal what is being waited for, and take it away again."""
    console = Console(stderr=True, highlight=False, markup=False)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
