"""What the keys of the run pane do with its curves: series, axes, cursor, zoom, smoothing, other runs beside."""

from __future__ import annotations

from array import array
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tui.conftest import Driven, opened
from tests.tui.fake_run import BEGUN, FakeRun
from tests.tui.results import HOSTILE
from tests.tui.test_history import watching
from tui.plotting.curve import Curve
from tui.plotting.overlay import SLOTS, Overlay
from tui.plotting.view import SMOOTHING, View
from tui.widgets.curve import CurvePlot


def ramp(home: Path, name: str = "digits-20260314-090000-a0f3", scale: float = 1.0) -> FakeRun:
    """A hundred points that tell their step: loss 1 - step/1000, twenty steps a second; two evaluations."""
    run = FakeRun(home / "runs" / name, total=1000, begun=BEGUN - timedelta(days=name.startswith("mnist"))).start()
    for step in range(10, 1001, 10):
        values = {"loss": scale * (1 - step / 2000), "lr": 0.003, "grad_norm": 2.0 + step / 1000}
        run.event("metrics", step, step / 20, seconds=step / 20, epoch=1.0, **values)
    for step, frechet in ((500, 8.5), (1000, 4.25)):
        run.event("evaluation", step, step / 20, frechet=frechet, valid_rate=0.5, count=1000)
    return run


def head(driven: Driven) -> str:
    """The line above the plot."""
    return next(line for line in driven.text.splitlines() if "loss" in line and "grad norm" in line)


async def test_every_series_can_be_drawn(empty_home: Path) -> None:
    ramp(empty_home)
    async with opened(empty_home) as driven:
        await watching(driven)
        plot = driven.main.query_one(CurvePlot)
        seen = [plot.view.metric]
        for _ in range(5):
            await driven.press("m")
            seen.append(plot.view.metric)
        assert seen == ["loss", "lr", "grad_norm", "frechet", "valid_rate", "loss"]
        await driven.press("M", "M")
        assert plot.view.metric == "frechet"
        await driven.press("full_stop")
        assert "step 1000  4.2500" in head(driven)


async def test_a_run_that_tells_nothing_but_its_epochs_is_shown(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3", total=1000).start()
    run.event("metrics", 10, 1.0, seconds=1.0, epoch=1)
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.shows("step 10/1000")
        assert "Trouble" not in driven.text


async def test_the_series_that_is_drawn_is_marked_also_where_its_name_is_cut(empty_home: Path) -> None:
    ramp(empty_home)
    async with opened(empty_home) as driven:
        await watching(driven)
        plot = driven.main.query_one(CurvePlot)
        plot.view = replace(plot.view, metric="valid_rate")
        mark = plot.part_style("curve--mark", partial=False)
        for width in (18, 30, 60):
            assert sum(segment.style == mark for segment in plot._head(width)) == 1, width


async def test_the_cursor_tells_values_and_pictures_follow(empty_home: Path) -> None:
    run = ramp(empty_home)
    run.sample(300).sample(600).sample(900)
    async with opened(empty_home, (200, 60)) as driven:
        view = await watching(driven)
        await driven.shows("samples · step 900 · 3 of 3")
        await driven.press("comma")
        await driven.shows("step 1000  0.5000", "samples · step 900")
        await driven.press("comma")
        await driven.shows("step 990  0.5050")
        await driven.press("full_stop")
        await driven.shows("step 1000  0.5000")
        for _ in range(20):
            await driven.press("less_than_sign")
            if (view._cursor or 0) < 600:
                break
        await driven.shows("samples · step 300 · 1 of 3")
        before = view._cursor
        await driven.press("greater_than_sign")
        assert before is not None and view._cursor is not None and view._cursor > before + 50
        await driven.press("left", "right")
        assert view._cursor == view.history.shown.step if view.history.shown else False
        await driven.press("end")
        assert view._cursor is None
        await driven.shows("samples · step 900 · 3 of 3")


async def test_the_cursor_stays_within_the_curve(empty_home: Path) -> None:
    FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start().train(10, 30)
    async with opened(empty_home) as driven:
        view = await watching(driven)
        await driven.press("comma", *["less_than_sign"] * 6)
        assert view._cursor == 10
        await driven.press(*["greater_than_sign"] * 6)
        assert view._cursor == 30


async def test_zoom_around_the_cursor_and_back(empty_home: Path) -> None:
    ramp(empty_home)
    async with opened(empty_home) as driven:
        await watching(driven)
        plot = driven.main.query_one(CurvePlot)
        await driven.press("plus", "plus", "plus")
        assert plot.view.window is not None
        first, last = plot.view.window
        assert (last - first, last) == (125, 1000)  # around the newest point, an eighth of the axis
        await driven.shows("zoomed")
        await driven.press("comma", *["less_than_sign"] * 12)
        assert plot.view.window[1] < last  # it pans with the cursor
        assert plot.cursor is not None and plot.view.window[0] <= plot.cursor <= plot.view.window[1]
        await driven.press("minus", "minus", "minus")
        assert plot.view.window is None
        await driven.press("plus", "0")
        assert plot.view.window is None
        assert "zoomed" not in driven.text


async def test_smoothing_leaves_the_rate_and_the_extremes_alone(empty_home: Path) -> None:
    ramp(empty_home)
    async with opened(empty_home) as driven:
        await watching(driven)
        plot = driven.main.query_one(CurvePlot)
        seen = []
        for _ in SMOOTHING:
            await driven.press("s")
            seen.append(plot.view.weight)
        assert sorted(seen) == sorted(SMOOTHING)
        await driven.press("m")
        assert plot.view.metric == "lr"
        assert plot.view.weight == 0


async def test_along_the_time(empty_home: Path) -> None:
    ramp(empty_home)
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.press("x")
        await driven.shows("time", "40s")
        await driven.press("comma")
        await driven.shows("step 1000 · 50s  0.5000")
        await driven.press("x")
        await driven.shows("step 1000  0.5000")


async def test_other_runs_lie_beside_in_colours_they_keep(empty_home: Path) -> None:
    ramp(empty_home)
    other = ramp(empty_home, "mnist-20260313-090000-b0f3", scale=2.0)
    async with opened(empty_home, (200, 60)) as driven:
        await watching(driven)
        driven.main._compare([other.folder])
        await driven.shows("● mnist 1.0000", "━ digits 0.5000")
        assert sum("●" in line for line in driven.text.splitlines()) > 2  # in the legend and along the line
        await driven.press("comma", "less_than_sign")
        await driven.shows("● mnist 1.1")
        driven.main._compare([])
        await driven.until(lambda: "●" not in driven.text, "the single curve")


async def test_runs_are_compared_beside_one_that_has_no_curve(empty_home: Path) -> None:
    others = [ramp(empty_home, f"{name}-20260313-090000-b0f3").folder for name in ("a", "b")]
    FakeRun(empty_home / "runs" / "young-20260314-090000-a0f3").start().end("stopped", 0)
    async with opened(empty_home) as driven:
        await driven.shows("young")
        driven.main._compare(others)
        await driven.shows("loss  lr  grad norm", "● a 0.5000", "▲ b 0.5000", "━ young none")
        await driven.press("2", "m", "comma")
        await driven.shows("● a 3e-3", "step 1000  3e-3")


def test_colours_are_kept_and_bounded(empty_home: Path) -> None:
    runs = [ramp(empty_home, f"digits-20260314-0900{n:02}-a0f3").folder for n in range(SLOTS + 2)]
    overlay = Overlay()
    overlay.choose(runs)
    overlay.look()
    assert [one.slot for one in overlay.beside] == list(range(SLOTS))
    overlay.choose(runs[2:4])
    overlay.choose([*runs[2:4], runs[7]])
    overlay.look()
    assert [(one.slot, one.run.folder) for one in overlay.beside] == [(0, runs[7]), (2, runs[2]), (3, runs[3])]


async def test_series_of_any_name_and_values_are_drawn(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start()
    for step in range(10, 200, 10):
        odd = {HOSTILE: step, "a\x1b[2J": -1e308, "[/b]": 1e308, "loss": 0.5, "grad norm": 1, "x" * 300: 5e-324}
        run.event("metrics", step, 0, seconds=1e9 if step < 100 else -1e9, **odd)
    async with opened(empty_home, size=(80, 24)) as driven:
        await watching(driven)
        for key in ["m", "comma", "x", "plus", "l", "s", "less_than_sign", "minus"] * 4:
            await driven.press(key)
        assert driven.app.is_running
        assert "\x1b" not in driven.text


@given(
    st.floats(0, 1e9), st.floats(1e-3, 1e9), st.floats(0.01, 100), st.lists(st.sampled_from([0.5, 2.0]), max_size=40)
)
def test_a_window_lies_within_the_whole_and_holds_what_it_is_around(
    first: float, width: float, share: float, steps: list[float]
) -> None:
    whole = (first, first + width)
    around = first + width * min(share, 1.0)
    view = View()
    for by in steps:
        view = view.zoomed(by, around, whole)
        if view.window is not None:
            slack = 1e-6 * (abs(first) + width)
            assert whole[0] - slack <= view.window[0] < view.window[1] <= whole[1] + slack
            assert view.window[0] - slack <= around <= view.window[1] + slack


@pytest.mark.parametrize(("x", "place"), [(-5, 0), (10, 0), (14, 0), (16, 1), (99, 2)])
def test_the_nearest_point(x: float, place: int) -> None:
    assert Curve(array("d", [10, 20, 30]), array("d", [1, 2, 3])).nearest(x) == place
