"""Long curves in little memory: what is kept is true, extremes survive, fast decoding reads what slow decoding does."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.runs import series as series_module
from engine.runs.events import EventDecoder, Metrics, number, parse_event, step_of
from engine.runs.folder import RunReader
from engine.runs.series import Series

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture(autouse=True)
def few_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series_module, "MOST", 4)


@given(st.lists(st.lists(FINITE, max_size=30), max_size=12))
@settings(deadline=None)
def test_a_curve_of_any_length_keeps_its_extremes_and_its_ends(pieces: list[list[float]]) -> None:
    curve, n = Series(), 0
    for piece in pieces:
        steps = range(n, n + len(piece))
        curve.extend(steps, piece, [step / 2 for step in steps])
        n += len(piece)
    values = [value for piece in pieces for value in piece]
    assert len(curve.steps) <= 8
    if not values:
        return
    assert (min(curve.low), max(curve.high), curve.latest) == (min(values), max(values), values[-1])
    assert (curve.steps[-1], curve.seconds[-1]) == (n - 1, (n - 1) / 2)
    first = 0
    for i, last in enumerate(map(int, curve.steps)):
        bucket = values[first : last + 1]
        assert len(bucket) == curve.size or i == len(curve.steps) - 1
        assert (curve.low[i], curve.high[i]) == (min(bucket), max(bucket))
        assert curve.low[i] <= curve.values[i] <= curve.high[i]
        first = last + 1


@given(st.lists(FINITE, min_size=1, max_size=200), st.integers(-1, 200))
@settings(deadline=None)
def test_nothing_that_a_resume_took_back_is_kept(values: list[float], cut: int) -> None:
    curve = Series()
    curve.extend(range(len(values)), values, range(len(values)))
    size = curve.size
    curve.cut_after(cut)
    assert all(step <= cut for step in curve.steps)
    kept = len(curve.steps) * size
    assert kept > min(cut, len(values) - 1) - size, "no more than one bucket is missing"
    curve.append(cut + 1, 7.0, 0)
    assert (curve.latest, curve.steps[-1]) == (7.0, cut + 1)
    assert len(curve.steps) == len(curve.values) == len(curve.low) == len(curve.high) == len(curve.seconds)


def test_a_long_run_resumed_near_its_beginning_is_drawn_finely_again() -> None:
    """Without that, a run of a million points that goes on at step 200 is a handful of points for ever."""
    curve = Series()
    n = 1024
    curve.extend(range(1, n + 1), [1.0] * n, range(n))
    assert (curve.size, curve.exact) == (128, False)
    curve.cut_after(130)
    assert (list(curve.steps), curve.size, curve.exact) == ([128], 32, False), "one of eight is left: a quarter as many"
    curve.extend(range(131, 231), [2.0] * 99 + [9.0], range(100))
    assert list(curve.steps) == [128, 162, 194, 226, 230]
    assert (max(curve.high), curve.latest) == (9.0, 9.0)
    curve.cut_after(0)
    curve.extend(range(1, 9), [float(i) for i in range(8)], range(8))
    assert (curve.exact, list(curve.values)) == (True, [float(i) for i in range(8)])


NAMES = st.sampled_from(["loss", "lr", "seconds", "time", "step", "a b", "ü", 'q"', "\x1b", "x" * 300, "event2"])
VALUES = st.one_of(
    FINITE, st.integers(), st.none(), st.booleans(), st.text(max_size=4), st.just(math.nan), st.just([1]), st.just({})
)
EVENTS = st.fixed_dictionaries(
    {"event": st.sampled_from(["metrics", "metrics", "metrics", "start", "sample", "odd", "o\x1bd"])},
    optional={"loss": VALUES, "lr": VALUES, "step": VALUES, "seconds": VALUES, "more": VALUES},
) | st.dictionaries(NAMES, VALUES, max_size=3)
LINES = EVENTS.map(json.dumps) | st.sampled_from(["", " ", "{", "null", '{"event": "metrics"} {"event": "end"}'])


def flat(event: dict[str, Any]) -> dict[str, Any]:
    """What a reader takes of an event: all of it, or the numbers of metrics."""
    if event["event"] != "metrics":
        return event
    numbers = {k: v for k, raw in event.items() if k not in ("step", "seconds") and (v := number(raw)) is not None}
    return {"step": float(step_of(event)), "seconds": number(event.get("seconds")) or 0.0, **numbers}


@given(st.lists(st.lists(LINES, max_size=12), max_size=5))
@example([['{"event": "metrics", "loss": [1]}'], ['{"event": "metrics", "loss": 0.0}']])
@example(
    [['{"event": "metrics", "loss": 0.5}'], ['{"event": "metrics", "loss": "nan"}', '{"event": "metrics", "loss": 2}']]
)
@settings(deadline=None)
def test_fast_decoding_reads_what_slow_decoding_reads(blocks: list[list[str]]) -> None:
    decoder = EventDecoder()
    for lines in blocks:
        block = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
        found: list[dict[str, Any]] = []
        for event in decoder.decode(block):
            if isinstance(event, Metrics):
                for i, step in enumerate(event.steps):
                    row = {name: column[i] for name, column in event.columns.items() if column[i] is not None}
                    found.append({"step": float(step), "seconds": event.seconds[i], **row})
            else:
                found.append(flat(event))
        expected = [flat(event) for line in block.split(b"\n") if (event := parse_event(line))]
        assert json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)


def test_a_spike_in_a_long_run_is_seen(tmp_path: Path) -> None:
    lines = [f'{{"event": "metrics", "step": {i}, "loss": {9.0 if i == 777 else 0.5}}}' for i in range(5000)]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    reader = RunReader(tmp_path)
    reader.poll()
    loss = reader.metrics["loss"]
    assert len(loss.steps) <= 8
    assert (max(loss.high), min(loss.low), loss.steps[-1]) == (9.0, 0.5, 4999)


def test_a_long_file_is_read_in_pieces_that_say_whether_more_is_there(tmp_path: Path) -> None:
    lines = [f'{{"event": "metrics", "step": {i}, "loss": 1}}' for i in range(20_000)]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    reader, seen = RunReader(tmp_path), []
    while reader.poll(most=1):
        seen.append(reader.step)
        assert reader.behind == (reader.step < 19_999)
    assert len(seen) > 3
    assert seen == sorted(seen)


def test_what_has_been_read_is_never_read_again(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    lines = [f'{{"event": "metrics", "step": {i}, "loss": 1}}\n' for i in range(300)]
    file.write_text("".join(lines[:200]))
    reader = RunReader(tmp_path)
    reader.poll()
    with file.open("r+") as history:
        history.write("".join(lines[:200]).replace('"loss": 1', '"loss": 9'))
    with file.open("a") as growing:
        for line in lines[200:]:
            growing.write(line)
            growing.flush()
            reader.poll()
    loss = reader.metrics["loss"]
    assert (max(loss.high), min(loss.low), reader.step) == (1, 1, 299)


def test_a_curve_is_the_same_read_at_once_as_it_was_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that say something else, values that are none and steps that were taken back among its blocks."""
    monkeypatch.setattr("engine.runs.tail.BLOCK", 4096)
    monkeypatch.setattr("engine.runs.folder.HELD", 3)
    lines = [f'{{"event": "metrics", "step": {i}, "loss": {i * 7919 % 1000}, "seconds": {i}}}' for i in range(3000)]
    lines[700:700] = ['{"event": "warning", "step": 700, "message": "odd"}', "{", ""]
    lines[1100:1100] = [line.replace("seconds", "epoch") for line in lines[1000:1010]]
    lines[1500:1500] = ['{"event": "start", "step": 1200, "resumed_from": 1200}']
    lines[2000:2000] = ['{"event": "metrics", "step": 1900, "loss": NaN}', '{"event": "metrics", "step": 1900}']
    followed, file = RunReader(tmp_path / "followed"), tmp_path / "followed" / "events.jsonl"
    for folder in ("followed", "at once"):
        (tmp_path / folder).mkdir()
    with file.open("w") as growing:
        for start in range(0, len(lines), 37):
            growing.write("\n".join(lines[start : start + 37]) + "\n")
            growing.flush()
            followed.poll()
    (tmp_path / "at once" / "events.jsonl").write_bytes(file.read_bytes())
    at_once = RunReader(tmp_path / "at once")
    at_once.poll()
    one, other = at_once.metrics["loss"], followed.metrics["loss"]
    assert (one.steps, one.low, one.high, one.seconds) == (other.steps, other.low, other.high, other.seconds)
    assert list(one.values) == pytest.approx(list(other.values))
    assert (one.size, one.exact, one.latest) == (other.size, other.exact, other.latest)
    assert (at_once.step, at_once.metrics.keys()) == (followed.step, followed.metrics.keys())


def test_a_file_that_invents_names_without_end_is_bounded(tmp_path: Path) -> None:
    lines = [json.dumps({"event": "metrics", "step": i, "loss": 1, f"name{i}": i}) for i in range(2000)]
    lines += [json.dumps({"event": f"kind{i}", "step": i}) for i in range(500)]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    reader = RunReader(tmp_path)
    reader.poll()
    assert len(reader.metrics) <= 256
    assert reader.metrics["loss"].latest == 1
