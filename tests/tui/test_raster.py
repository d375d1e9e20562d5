"""Lines are drawn through their dots, and in no more time than they have room for."""

from __future__ import annotations

import time
from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.painting.glyphs import UNICODE
from tui.plotting.curve import Curve
from tui.plotting.plot import draw
from tui.plotting.raster import DOTS, lines
from tui.plotting.view import View

FAR = 10**15


def test_a_line_goes_from_corner_to_corner() -> None:
    assert lines(((0, 0), (7, 7)), 4, 2, "") == ("  ⡠⠊", "⡠⠊  ")
    assert lines(((0, 7), (7, 0)), 4, 2, "") == ("⠑⢄  ", "  ⠑⢄")


def test_one_dot_is_a_line_and_none_is_nothing() -> None:
    assert lines(((2, 0),), 3, 1, "") == (" ⡀ ",)
    assert lines((), 3, 1, "") == ("   ",)


def test_a_sign_stands_where_the_line_passes() -> None:
    assert lines(((0, 0), (0, 3), (5, 7)), 3, 2, "*") == ("***", "*  ")


DOT = st.tuples(st.integers(-30, 30), st.integers(-30, 30))


@given(st.lists(DOT, min_size=1, max_size=8), st.integers(1, 8), st.integers(1, 4))
def test_every_dot_that_is_inside_is_drawn(dots: list[tuple[int, int]], width: int, height: int) -> None:
    rows = lines(tuple(dots), width, height, "")
    assert len(rows) == height and {len(row) for row in rows} == {width}
    for x, y in dots:
        if 0 <= x < DOTS[0] * width and 0 <= y < DOTS[1] * height:
            assert rows[height - 1 - y // DOTS[1]][x // DOTS[0]] != " "


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(-FAR, FAR), st.integers(0, 15)), min_size=2, max_size=8))
def test_ends_that_are_far_away_take_no_time(dots: list[tuple[int, int]]) -> None:
    began = time.process_time()
    lines(tuple(dots), 8, 4, "")
    assert time.process_time() - began < 0.5


def test_the_narrowest_part_of_a_curve_can_be_drawn() -> None:
    steps = array("d", range(10, 910, 10))
    curve = Curve(steps, array("d", [1.0, 0.5, 0.7] * 30), seconds=steps)
    plot = draw([curve], View(window=(450.0, 450.0 + 1e-6)), 60, 14, UNICODE)
    assert plot is not None and any(row.strip() for row in plot.lines[0].smooth)
