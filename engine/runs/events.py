"""Events as lines of JSON: what any program may have written, read fast and believed in nothing.

A run of a million points is 240 MB of text. Its metrics are decoded a block of lines at a time into typed records
whose fields are the names this run uses; whatever does not fit is read line by line, more slowly and more leniently.
"""

from __future__ import annotations

import errno
import json
import math
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import reduce
from itertools import chain
from operator import or_
from pathlib import Path
from typing import Any, BinaryIO, TypeGuard

import msgspec
from msgspec import Struct

MOST_STEPS = 10**15  # more is no count of steps
MOST_NAMES, MOST_KINDS = 256, 64  # of one run; further curves of a file that invents names are passed over
LONGEST_NAME = 200  # characters


def now() -> str:
    """The time as the contract writes it: UTC, ISO-8601, trailing Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(text: object) -> datetime | None:
    """The moment an event's `time` names, in UTC, or None where it is no such text."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        if moment is None or moment.tzinfo is None:
            return moment and moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def step_of(record: Mapping[str, Any]) -> int:
    return steps(record.get("step")) or 0


def steps(value: object) -> int | None:
    """A number of steps, or None for what cannot be one."""
    said = number(value)
    return int(said) if said is not None and 0 <= said <= MOST_STEPS else None


def number(value: object) -> float | None:
    if type(value) is float:  # what it mostly is
        return value if math.isfinite(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def open_file(path: Path) -> BinaryIO:
    """A file of a run for reading. Raises OSError where there is none: a pipe would hold its reader for ever."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "is no file", str(path))
    return file


_decode = msgspec.json.Decoder().decode


def parse_event(line: bytes) -> dict[str, Any] | None:
    """One event, or None for a line that is none: other programs write these files too."""
    try:
        record = _decode(line)
    except (ValueError, RecursionError):
        try:  # NaN, numbers beyond every range, halves of characters
            record = json.loads(line)
        except (ValueError, RecursionError):
            return None
    return record if isinstance(record, dict) and isinstance(record.get("event"), str) else None


class Metrics(Struct, frozen=True):
    """Neighbouring `metrics` events, a column for each name. `columns[name][i]` is None where event `i` has none."""

    steps: Sequence[float]
    seconds: Sequence[float]
    columns: Mapping[str, Sequence[float | None]]

    @classmethod
    def joined(cls, parts: Sequence[Metrics]) -> Metrics:
        """One for several of the same names."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            [*chain.from_iterable(part.steps for part in parts)],
            [*chain.from_iterable(part.seconds for part in parts)],
            {name: [*chain.from_iterable(part.columns[name] for part in parts)] for name in parts[0].columns},
        )


def whole(column: Sequence[float | None]) -> TypeGuard[Sequence[float]]:
    """Whether none is None: adding them up tells it several times as fast as a look at each."""
    try:
        sum(column)  # type: ignore[arg-type]
    except TypeError:
        return False
    return True


_NO_NUMBER: Any = str | bool | list[Any] | dict[str, Any] | None


class EventDecoder:
    """Decodes the blocks of one file. It learns the names that file uses, so that its like are decoded fast."""

    def __init__(self) -> None:
        self._numbers: dict[str, None] = {}  # fields of metrics that are numbers or null, in the order they came
        self._mixed: set[str] = set()  # those of them that are something else at times
        self._others: dict[str, None] = {"time": None}  # fields that never were a number
        self._kinds: dict[str, None] = {"start": None}  # one at the least: a record's kind is checked among several
        self._build()

    def _build(self) -> None:
        names = [*self._numbers, *self._others]
        numbers = [object if name in self._mixed else float | None for name in ("step", "seconds", *self._numbers)]
        kinds = [*numbers, *(_NO_NUMBER for _ in self._others)]
        fields = {f"f{i}": name for i, name in enumerate(("step", "seconds", *names))}
        self._metrics = msgspec.defstruct(
            "MetricsRecord",
            [(key, kind, None) for key, kind in zip(fields, kinds, strict=True)],
            tag="metrics",
            tag_field="event",
            rename=fields,
            forbid_unknown_fields=True,  # a new name must be noticed, not lost
            gc=False,
        )
        others: Iterable[Any] = (
            msgspec.defstruct(f"Event{i}", [], tag=kind, tag_field="event") for i, kind in enumerate(self._kinds)
        )
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(reduce(or_, others, self._metrics))

    def decode(self, block: bytes) -> Iterator[Metrics | dict[str, Any]]:
        """The events of whole lines, in order; lines that hold none are passed over."""
        try:
            rows = self._decoder.decode_lines(block)
        except (ValueError, RecursionError):
            yield from self._one_by_one(block)
            return
        plain = set(map(type, rows)) <= {self._metrics}
        others = [] if plain else [i for i, row in enumerate(rows) if type(row) is not self._metrics]
        lines = block.split(b"\n")[:-1] if others else rows
        if len(lines) != len(rows):  # blank lines, or more than one event on a line
            yield from self._one_by_one(block)
            return
        start = 0
        for i in [*others, len(rows)]:
            if i > start:
                yield self._columns(rows[start:i])
            if i < len(rows) and (record := parse_event(lines[i])):
                yield record
            start = i + 1

    def _columns(self, rows: list[Any]) -> Metrics:
        said, seconds, *columns = zip(*map(msgspec.structs.astuple, rows), strict=True)
        sound = whole(said) and min(said) >= 0 and max(said) <= MOST_STEPS
        return Metrics(
            steps=said if sound else [steps(step) or 0 for step in said],
            seconds=seconds if whole(seconds) else [s or 0.0 for s in seconds],
            columns={
                name: list(map(number, column)) if name in self._mixed else column
                for name, column in zip(self._numbers, columns, strict=False)
            },
        )

    def _one_by_one(self, block: bytes) -> Iterator[dict[str, Any]]:
        before = self._known
        for line in block.split(b"\n"):
            if record := parse_event(line):
                self._learn(record)
                yield record
        if before != self._known:
            self._build()

    @property
    def _known(self) -> tuple[int, ...]:
        return len(self._numbers), len(self._mixed), len(self._others), len(self._kinds)

    def _learn(self, record: dict[str, Any]) -> None:
        if record["event"] != "metrics":
            if len(self._kinds) < MOST_KINDS and _plain(record["event"]):
                self._kinds[record["event"]] = None
            return
        for name, value in record.items():
            if name in ("event", "step", "seconds") or not _plain(name):
                continue
            if isinstance(value, int | float) and not isinstance(value, bool):
                if name not in self._numbers and len(self._numbers) < MOST_NAMES:
                    self._mixed |= {name} & self._others.keys()
                    self._others.pop(name, None)
                    self._numbers[name] = None
            elif value is None:
                if name not in self._others and len(self._numbers) < MOST_NAMES:
                    self._numbers[name] = None
            elif name in self._numbers:
                self._mixed.add(name)
            elif len(self._others) < MOST_NAMES:
                self._others[name] = None


def _plain(name: str) -> bool:
    """Whether a typed record can have a field of this name."""
    return name.isprintable() and len(name) <= LONGEST_NAME and not {'"', "\\"} & set(name)
