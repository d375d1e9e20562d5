"""A run for other programs: its curves as CSV, or as event files that TensorBoard opens, with its samples.

`python -m engine.runs.export RUN csv|tensorboard PATH` writes one and tells how far it is, a line of "done total" each:
for programs that have other things to do meanwhile.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from engine.home import written_whole
from engine.runs.events import MOST_NAMES, number, open_file, parse_event, parse_time, step_of, text
from engine.runs.folder import EVENTS
from engine.runs.gallery import inside
from engine.runs.tail import Tail

CURVES = ("metrics", "evaluation")
FIELDS = frozenset({"event", "time", "step"})  # of every event; the others are values
LARGEST_PICTURE = 1 << 26  # bytes
Progress = Callable[[int, int | None], None]
"""Told (events done, events in all)."""


@dataclass(frozen=True)
class History:
    """What one reading of a run's events found: how many, the names of its curves, and what resumptions took back.

    `limits[i]` is the last step that holds of what lies between the starts `i - 1` and `i`.
    """

    events: int
    names: tuple[str, ...]
    limits: tuple[float, ...]


def _all_events(run: Path) -> Iterator[dict[str, Any]]:
    for block in Tail(run / EVENTS).blocks():
        for line in (block or b"").split(b"\n"):
            if record := parse_event(line):
                yield record


def history(run: Path) -> History:
    """Read a run once, so that it can be written in one go."""
    count, names, words, resumed = 0, dict[str, None](), set(FIELDS), [float("inf")]
    for record in _all_events(run):
        count += 1
        if record["event"] == "start":
            resumed.append(step_of(record) if record.get("resumed_from") is not None else float("inf"))
        elif record["event"] in CURVES and len(names) < MOST_NAMES and (new := record.keys() - names.keys() - words):
            names.update(dict.fromkeys(_values(record)))
            words.update(name for name in new if isinstance(record[name], str) and len(words) < MOST_NAMES)
    limits = [float("inf")]
    for step in resumed[:0:-1]:
        limits.append(min(limits[-1], step))
    return History(count, tuple(names), tuple(limits[::-1]))


def _values(record: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of an event, by names that can stand in a heading."""
    return {
        name: value
        for name, raw in record.items()
        if name not in FIELDS and (value := number(raw)) is not None and name.isprintable()
    }


def events(run: Path, found: History) -> Iterator[dict[str, Any]]:
    """The events as `found` counted them, without what was trained again after a resumption."""
    start = 0
    for i, record in enumerate(_all_events(run)):
        if i == found.events:
            return
        if record["event"] == "start":
            start += 1
        elif step_of(record) <= found.limits[min(start, len(found.limits) - 1)]:
            yield record


def write_csv(run: Path, target: TextIO, progress: Progress) -> None:
    """A line for each point of the curves and each evaluation; a column for each name. Raises OSError."""
    found = history(run)
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["event", "time", "step", *found.names])
    for i, record in enumerate(events(run, found)):
        if record["event"] in CURVES:
            values, time = _values(record), text(record.get("time"))
            told = time if parse_time(time) else ""
            writer.writerow([record["event"], told, step_of(record), *(values.get(name, "") for name in found.names)])
        if i % 1000 == 0:
            progress(i, found.events)


def save_csv(run: Path, path: Path, progress: Progress) -> Path:
    """:func:`write_csv` into a file, whole or not at all. Raises OSError."""
    with written_whole(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        write_csv(run, file, progress)
    return path


def write_tensorboard(run: Path, folder: Path, progress: Progress) -> Path:
    """An event file with the curves and pictures of a run, in `folder`; written anew if it is there. Raises OSError."""
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.proto.summary_pb2 import Summary
    from tensorboardX.record_writer import RecordWriter

    found = history(run)
    begun = next((parse_time(event.get("time")) for event in _all_events(run) if event["event"] == "start"), None)
    folder.mkdir(parents=True, exist_ok=True)
    # TensorBoard takes files with "tfevents" in their names, and puts several of one folder one after another.
    path = folder.absolute() / f"events.out.tfevents.{int(begun.timestamp()) if begun else 0}.diffwb"
    with written_whole(path) as unfinished:
        writer = RecordWriter(str(unfinished))
        writer.write(
            Event(wall_time=begun.timestamp() if begun else 0.0, file_version="brain.Event:2").SerializeToString()
        )
        for i, record in enumerate(events(run, found)):
            time = parse_time(record.get("time"))
            values = _summary(record, run, Summary)
            if values:
                event = Event(
                    wall_time=time.timestamp() if time else 0.0, step=step_of(record), summary=Summary(value=values)
                )
                writer.write(event.SerializeToString())
            if i % 1000 == 0:
                progress(i, found.events)
        writer.close()
    return path


def _summary(record: Mapping[str, Any], run: Path, summary: Any) -> list[Any]:
    """The values TensorBoard shows of one event."""
    if record["event"] in CURVES:
        prefix = "" if record["event"] == "metrics" else "evaluation/"
        return [summary.Value(tag=f"{prefix}{name}", simple_value=value) for name, value in _values(record).items()]
    if record["event"] != "sample":
        return []
    pictures = (("samples", record.get("path")), ("denoising", record.get("strip")))
    found = ((tag, _picture(inside(run, name), summary)) for tag, name in pictures)
    return [summary.Value(tag=tag, image=image) for tag, image in found if image is not None]


def _picture(path: Path | None, summary: Any) -> Any | None:
    """A PNG as it is, or None for a file that is none: what a foreign run calls a sample may be anything."""
    from PIL import Image

    try:
        if path is None:
            return None
        with open_file(path) as file:
            content = file.read(LARGEST_PICTURE + 1)
            file.seek(0)
            with Image.open(file, formats=("PNG",)) as picture:  # reads the header alone
                width, height, bands = *picture.size, len(picture.getbands())
    except Exception:  # a damaged picture may fail in any way its format knows
        return None
    if len(content) > LARGEST_PICTURE:
        return None
    return summary.Image(height=height, width=width, colorspace=bands, encoded_image_string=content)


def main(run: str, kind: str, path: str) -> None:
    """Say how far it is, and at the end where it was written or why not."""

    def progress(done: int, total: int | None) -> None:
        print(done, total, flush=True)

    write = {"csv": save_csv, "tensorboard": write_tensorboard}[kind]
    try:
        print(write(Path(run), Path(path), progress).absolute())
    except OSError as error:
        sys.exit(f"{path} cannot be written ({error.strerror})")


if __name__ == "__main__":
    main(*sys.argv[1:])
