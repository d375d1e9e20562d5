"""The plot shows every extreme, on round axes, and never fails on what a run may report."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
from array import array
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tui import formats
from tui.painting.glyphs import ASCII, UNICODE, Glyphs, encoding
from tui.plotting.axes import BROAD, SPARE, across, ceiling, linear, log_limits, log_ticks, ticks, time_ticks
from tui.plotting.curve import Curve
from tui.plotting.plot import Plot, buckets, column_of, draw, smoothed
from tui.plotting.view import View
from tui.widgets.curve import around

FINITE = st.floats(-1e12, 1e12)


def curve(values: list[float], every: int = 10) -> Curve:
    steps = array("d", range(every, every * len(values) + 1, every))
    return Curve(steps, array("d", values), seconds=array("d", (step / 20 for step in steps)))


def drawn(
    values: list[float], width: int, height: int, log: bool = False, signs: Glyphs = UNICODE, total: int | None = None
) -> Plot | None:
    return draw([curve(values)], View(log=log), width, height, signs, total=total)


@given(st.lists(FINITE, min_size=1, max_size=300), st.integers(1, 50))
def test_buckets_keep_the_extremes(values: list[float], most: int) -> None:
    found = buckets(curve(values), most)
    assert len(found) <= most
    assert min(b.low for b in found) == pytest.approx(min(values), abs=1e-99)
    assert max(b.high for b in found) == pytest.approx(max(values), abs=1e-99)
    assert [b.x for b in found] == sorted(b.x for b in found)


def test_smoothing_takes_the_noise_and_does_not_lag() -> None:
    noisy = [1.0, 3.0] * 200
    line = smoothed(noisy, 0.015)
    assert all(1.0 <= value <= 3.0 for value in line)
    assert all(1.8 < value < 2.2 for value in line[20:-20])
    falling = [float(n) for n in range(400, 0, -1)]
    assert all(abs(a - b) < 0.2 for a, b in zip(smoothed(falling, 0.015), falling, strict=True) if 60 < b < 340)
    assert smoothed([5.0, 1.0], 0.015)[1] == pytest.approx(1.0, abs=0.01)  # a short curve is shown as it is


@given(st.floats(1e-9, 1e12))
def test_axes_end_on_round_numbers(value: float) -> None:
    end = ceiling(value)
    assert value * 0.999 <= end <= value * 2.01


@example(1460, 9340, 25, True)  # few round numbers, and none of them at its beginning
@example(39, 21, 138, True)  # each label is in the middle between two columns
@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(4, 300), st.booleans())
def test_labels_lie_equally_many_columns_apart(low: int, span: int, width: int, time: bool) -> None:
    end, marks = across(low, low + span, width, time_ticks if time else ticks)
    columns = [column_of(mark, low, end, width) for mark in marks]
    assert end >= (low + span) * (1 - 1e-9)
    assert all(0 <= column < width for column in columns)
    assert len({b - a for a, b in pairwise(columns)}) < 2
    assert (width - 1) * (end - low - span) / (end - low) <= max(SPARE, width / BROAD)


@given(FINITE, st.floats(1e-6, 1e9), st.integers(1, 12))
def test_ticks_lie_within(low: float, span: float, most: int) -> None:
    assume(span > 1e-9 * abs(low))  # a flatter curve is drawn between limits of its own
    high = low + span
    marks = ticks(low, high, most)
    assert len(marks) <= most + 1
    assert all(low - span * 1e-6 <= mark <= high + span * 1e-6 for mark in marks)


def test_logarithmic_ticks() -> None:
    assert log_ticks(0.001, 10, 6) == pytest.approx([0.001, 0.01, 0.1, 1, 10])
    assert log_ticks(0.1, 1, 8) == pytest.approx([0.1, 0.2, 0.3, 0.5, 1])
    assert log_limits(0.034, 0.7) == pytest.approx((0.03, 0.8))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((0.62, 1.35), "0.6 0.8 1.0 1.2 1.4"),
        ((0.105, 0.1125), "0.104 0.106 0.108 0.110 0.112 0.114"),
        ((0.97, 1.0), "0.970 0.975 0.980 0.985 0.990 0.995 1.000"),
        ((2.1e-4, 3.9e-4), "2e-4 2.5e-4 3e-4 3.5e-4 4e-4"),
    ],
)
def test_a_narrow_range_fills_a_logarithmic_axis(values: tuple[float, float], told: str) -> None:
    """A loss that falls by a tenth would be a flat line between a decade's two labels."""
    plot = drawn([values[1], *values, values[1]], 60, 20, log=True)
    assert plot is not None
    assert " ".join(label for _, label in sorted(plot.y_labels.items(), reverse=True)) == told
    bottom, top = log_limits(*values)
    assert math.log(values[1] / values[0]) > 0.6 * math.log(top / bottom)
    assert log_limits(0.003, 0.003) == pytest.approx((0.003, 0.006)), "a rate that stays the same"


@pytest.mark.parametrize("height", range(4, 20))
@pytest.mark.parametrize("high", [1.26, 0.61, 1.05, 2.6])
def test_few_rows_are_not_left_empty(high: float, height: int) -> None:
    bottom, top, _ = linear(0.09, high, height)
    assert top - high <= 0.4 * (top - bottom), "above the curve"


@example(-0.5, 1.0, 2)  # two rows, and 0 between them
@given(FINITE, st.floats(1e-6, 1e9), st.integers(2, 40))
def test_labels_lie_equally_many_rows_apart(low: float, span: float, height: int) -> None:
    assume(span > 1e-9 * abs(low))
    bottom, top, marks = linear(low, low + span, height)
    assert bottom <= low + span * 1e-6 and top >= low + span * (1 - 1e-6)
    rows = [(mark - bottom) / (top - bottom) * (height - 1) for mark in marks]
    assert all(abs(row - round(row)) < 1e-3 for row in rows)
    assert len({round(b) - round(a) for a, b in pairwise(rows)}) <= 1
    assert 1 <= len(marks) <= 8


@given(st.floats(0, 1e7), st.floats(0.01, 1e8), st.integers(1, 12))
def test_times_lie_within_and_are_told_apart(low: float, span: float, most: int) -> None:
    marks = time_ticks(low, low + span, most)
    assert len(marks) <= most + 1
    assert all(low - span * 1e-6 <= mark <= low + span * (1 + 1e-6) for mark in marks)
    if span / most > 1e-4:
        assert len(set(formats.moments(marks))) == len(marks)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.just(0.0), max_size=40),
    st.integers(0, 60),
    st.integers(0, 20),
    st.booleans(),
)
def test_any_curve_can_be_drawn(values: list[float], width: int, height: int, log: bool) -> None:
    plot = drawn(values, width, height, log)
    if plot is not None:
        (line,) = plot.lines
        assert len(line.raw) == len(line.smooth) == height
        assert {len(row) for row in line.raw + line.smooth} == {width}
        assert all(0 <= y < height for y in plot.y_labels)
        assert all(0 <= x < width for x in plot.x_labels)


def test_the_extremes_of_a_float_can_be_drawn() -> None:
    for log in (False, True):
        assert drawn([1e308, -1e308, 5e-324, 1e308], 60, 12, log) is not None


def test_the_axis_ends_with_the_run() -> None:
    plot = drawn([1 / n for n in range(1, 301)], 60, 12, total=3000)
    assert plot is not None
    assert plot.x_labels == {0: "0", 19: "1000", 38: "2000", 57: "3000"}
    assert list(plot.y_labels.values()) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]


def test_a_terminal_without_unicode_gets_ascii() -> None:
    plot = drawn([1 / n for n in range(1, 50)], 40, 10, signs=ASCII)
    assert plot is not None
    assert "*" in "".join(plot.lines[0].smooth)
    assert "".join(plot.lines[0].raw + plot.lines[0].smooth).isascii()


@pytest.mark.parametrize(
    ("term", "written", "shown"),
    [
        ("xterm", "utf-8", "utf-8"),
        ("linux", "UTF-8", "cp437"),
        ("linux", "ascii", "ascii"),
        ("xterm", "ascii", "ascii"),
    ],
)
def test_no_more_is_drawn_with_than_can_be_written(
    term: str, written: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "__stdout__", io.TextIOWrapper(io.BytesIO(), written))
    assert encoding() == shown


@pytest.mark.parametrize(
    ("started", "shown"),
    [
        ({"LC_ALL": "C"}, "ascii"),
        ({"LANG": "C"}, "ascii"),
        ({"LANG": "POSIX"}, "ascii"),
        ({"LC_ALL": "en_US.ISO-8859-1"}, "ascii"),
        ({"LC_ALL": "C", "TERM": "linux"}, "cp437"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8"),
        ({"LANG": "de_DE.utf8", "TMUX": "/tmp/tmux"}, "utf-8"),
        ({"LANG": "de_DE"}, "utf-8"),
        ({}, "utf-8"),
        ({"STY": "1.pts-0"}, "ascii"),
        ({"TMUX": "/tmp/tmux"}, "ascii"),
    ],
)
def test_a_locale_without_utf8_is_believed_though_python_writes_it(started: dict[str, str], shown: str) -> None:
    """Python puts UTF-8 in place of `C`; inside screen and tmux no locale is one without."""
    code = "from tui.painting.glyphs import encoding; print(encoding())"
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"} | started
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == shown


@pytest.mark.parametrize(
    ("place", "room", "shown"),
    [
        (0, 40, "loss  lr  grad norm  images/s"),
        (0, 20, "loss  lr  …"),
        (2, 20, "…  lr  grad norm  …"),
        (3, 20, "…  images/s"),
        (2, 8, "grad no…"),
    ],
)
def test_series_that_have_no_room_are_hinted_at(place: int, room: int, shown: str) -> None:
    assert "  ".join(around(["loss", "lr", "grad norm", "images/s"], place, room)) == shown
