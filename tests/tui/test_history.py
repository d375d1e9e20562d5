"""Going through what a run has drawn; its stages; pictures of any content under any name."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from PIL import Image

from engine.runs.gallery import MOST_DRAWINGS, Drawing
from engine.runs.series import MOST, Series
from engine.runs.spans import Span
from tests.tui.conftest import Driven, opened
from tests.tui.fake_run import FakeRun, picture
from tests.tui.results import HOSTILE
from tests.tui.test_hostile import assert_safe
from tui.painting import mosaic, picturefile
from tui.painting.picturefile import UnreadablePictureError
from tui.plotting.curve import Curve
from tui.runs.history import Asked, History, joined
from tui.widgets import picture as widget
from tui.widgets.curve import CurvePlot
from tui.widgets.picture import Drawn, Picture
from tui.widgets.picture import draw as draw_picture
from tui.widgets.run_view import RunView, caption

STAGES = [{"name": "autoencoder", "first": 0, "stop": 100}, {"name": "denoiser", "first": 100, "stop": 5000}]


def drawing(step: int, *, sample: bool = True) -> Drawing:
    return Drawing(step, f"{step}.png", None, "" if sample else "a map", sample)


def frames(path: Path, count: int, size: tuple[int, int] = (8, 8)) -> Path:
    """An animation of frames that differ."""
    made = [Image.new("L", size, i * 255 // count) for i in range(count)]
    made[0].save(path, save_all=True, append_images=made[1:], duration=50)
    return path


def staged(home: Path) -> FakeRun:
    """A run in its second stage: the losses of the first are a hundred times as large."""
    run = FakeRun(home / "runs" / "latent-20260314-090000-a0f3").start(stages=STAGES)
    for step in range(10, 101, 10):
        run.event("metrics", step, step / 20, stage="autoencoder", loss=100.0 - step / 2, seconds=step / 20)
    add_picture(run, 100, "images, and below each its reconstruction")
    for step in range(110, 301, 10):
        run.event("metrics", step, step / 20, stage="denoiser", loss=0.9 - step / 1000, seconds=step / 20)
    return run


def add_picture(run: FakeRun, step: int, title: object, name: str = "") -> None:
    name = name or f"samples/step-{step:08}-map.png"
    picture(6, 2, step).save(run.folder / name)
    run.event("picture", step, step / 20, path=name, title=title, colour="ignored")


async def watching(driven: Driven) -> RunView:
    """The run is on the screen, and its pane has the focus."""
    view = driven.main.query_one(RunView)
    await driven.until(lambda: view.snapshot is not None, "the run")
    await driven.press("2")
    return view


# ---------------------------------------------------------------------- where one is


def test_it_follows_the_newest_sample_until_something_is_chosen() -> None:
    first, second, map_, third = drawing(10), drawing(20), drawing(20, sample=False), drawing(30)
    history = History().grown((first, map_, second))
    assert (history.shown, history.place) == (second, 2)
    history = history.moved(-1)
    assert history.shown == map_
    history = history.grown((first, map_, second, third))
    assert (history.shown, history.place) == (map_, 1)
    assert history.live().shown == third
    assert history.moved(-99).shown == first
    assert history.moved(99).shown == third
    assert history.grown((first,)) == History((first,)), "a choice that is gone follows the newest"
    assert History().moved(1) == History()
    assert History((map_,)).shown == map_, "a picture, while there is no sample"


def test_images_drawn_now_are_the_newest_whatever_step_they_are_of() -> None:
    own = (drawing(50), drawing(100), drawing(150))
    asked = Asked.at(115, Path("x.png"), "16 images from step 115", reached=150)
    history = History().grown(joined(own, [asked]))
    assert (history.shown, history.place) == (asked, 3)
    history = history.moved(-1)
    assert history.shown == own[2]
    assert [history.at(step).shown for step in (110, 120, 150)] == [own[1], asked, own[2]]
    history = history.live().grown(joined((*own, drawing(200)), [asked]))
    assert history.shown == drawing(200), "what the run draws next is newer"


def test_the_caption_keeps_what_matters_where_it_is_narrow() -> None:
    map_ = Drawing(300, "m.png", None, "latents by class (t-SNE), and the way of a drawn one", False)
    assert caption(map_, "3 of 12", None, 100).plain == f"{map_.title} · step 300 · 3 of 12"
    assert caption(map_, "3 of 12", None, 43).plain == "latents by class (t-S… · step 300 · 3 of 12"
    assert caption(drawing(9), "", None, 43).plain == "samples · step 9"
    some = Drawn((), 24, 32)
    assert caption(drawing(9), "3 of 3", some, 43).plain == "samples · step 9 · 3 of 3 · 24 of 32 shown"
    assert caption(drawing(9), "3 of 3", some, 40).plain == "step 9 · 3 of 3 · 24 of 32 shown"
    assert caption(drawing(9), "3 of 3", some, 30).plain == "samples · step 9 · 3 of 3"


def test_the_caption_of_images_on_demand_tells_how_many_are_seen() -> None:
    asked = Asked.at(75, Path("x.png"), "16 images from step 75, ddim with 50 steps")
    part = Drawn((), 12, 16)
    assert (
        caption(asked, "2 of 2", part, 100).plain == f"drawn now: {asked.title} · 2 of 2 · 12 of 16 shown · w saves it"
    )
    assert caption(asked, "2 of 2", part, 43).plain == "drawn now: 16 images from… · 12 of 16 shown"


# ---------------------------------------------------------------------- keys


async def test_the_whole_curve_follows_what_comes(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start().train(10, 300).hold()
    for step in (100, 200, 300):
        run.sample(step, step // 100)
    async with opened(empty_home) as driven:
        view = await watching(driven)
        await driven.shows("samples · step 300")
        await driven.press("left", "left", "plus")
        await driven.shows("samples · step 100")
        await driven.press("0")
        await driven.shows("samples · step 300")
        assert view.plot.cursor is None and view.plot.view.window is None
        run.sample(310, 4)
        await driven.shows("samples · step 310")


async def test_the_first_samples_are_told_until_they_are_there(empty_home: Path) -> None:
    config = {"preset": "digits", "dataset": "digits", "sample_every": 50}
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start(config=config).train(10, 40).hold()
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.shows("The first samples come at step 50.")
        run.train(50, 50)
        await driven.shows("The first samples are being drawn …")
        run.sample(50, 1)
        await driven.shows("samples · step 50")


async def test_keys_go_through_what_was_drawn(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start().train(10, 300).hold()
    for step in (100, 200, 300):
        run.sample(step, step // 100)
    add_picture(run, 200, "a map")
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.shows("samples · step 300", "4 of 4", "← older", "end newest", "denoising")
        await driven.press("left")
        await driven.shows("samples · step 200", "3 of 4", "▲")
        await driven.press("H")
        await driven.shows("a map · step 200", "2 of 4")
        assert "denoising" not in driven.text, "a picture has no strip"
        await driven.press("left", "left", "left")
        await driven.shows("samples · step 100", "1 of 4", "denoising")
        await driven.press("right", "L", "G", "g")
        await driven.shows("samples · step 100")
        run.sample(310, 4)
        await driven.shows("1 of 5")
        await driven.press("home", "end")
        await driven.shows("samples · step 310", "5 of 5")
        run.sample(320, 5)
        await driven.shows("samples · step 320", "6 of 6")
        assert "▲" not in driven.text
        await driven.press("1")
        assert "← older" not in driven.text
        run.release()


async def test_what_is_asked_for_does_not_wait(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself a picture changes once a second; a person looking through them gets the next at once."""
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start().train(10, 300)
    run.sample(100, 1).sample(200, 2)
    async with opened(empty_home) as driven:
        await watching(driven)
        grid = driven.main.query_one("#grid", Picture)
        await driven.until(lambda: bool(grid._strips), "the newest")
        monkeypatch.setattr(widget, "MOST_OFTEN", 3600.0)
        before = grid._strips
        await driven.press("left")
        await driven.until(lambda: grid._strips != before, "the older")


async def test_another_run_begins_at_its_newest(empty_home: Path) -> None:
    for name in ("20260314-090000-a0f3", "20260314-080000-a1f3"):
        FakeRun(empty_home / "runs" / f"digits-{name}").start().train(10, 300).sample(100).sample(200)
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.press("left")
        await driven.shows("step 100")
        await driven.press("1", "j")
        await driven.shows("samples · step 200", "2 of 2")


async def test_what_a_resumed_run_takes_back_is_not_shown(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start().train(10, 300)
    run.sample(100).sample(200).sample(300)
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.press("left")
        await driven.shows("step 200", "2 of 3")
        run.event("start", 100, 30, total_steps=5000, resumed_from=100)
        await driven.shows("samples · step 100")
        assert not re.search(r" of 3\b", driven.text), "of 32 images some may be shown"


# ---------------------------------------------------------------------- stages


async def test_each_stage_has_its_own_curve(empty_home: Path) -> None:
    run = staged(empty_home)
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.shows("stage denoiser 2 of 2", "images, and below each its reconstruction · step 100")
        curve = driven.main.query_one(CurvePlot)
        assert max(curve._curve.values) < 1
        assert (curve._start, curve._total) == (100, 5000)
        run.sample(300)
        await driven.shows("samples · step 300", "2 of 2")
        await driven.press("left")
        await driven.shows("below each its reconstruction", "1 of 2")
        assert min(curve._curve.values) == 50.0
        assert (curve._start, curve._total) == (0, 100)
        await driven.press("end")
        assert max(curve._curve.values) < 1


async def test_a_run_of_one_stage_does_not_speak_of_it(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start(stages=STAGES[:1]).train(10, 300)
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.shows("step 300/5000")
        assert "stage" not in driven.text
        run.event("start", 0, 30, stages=HOSTILE)
        await driven.pilot.pause(0.5)
        assert driven.app.is_running


def test_a_bucket_of_two_stages_is_in_neither_curve_of_the_later() -> None:
    series = Series()
    boundary = 3 * MOST + 1
    for step in range(1, 6 * MOST):
        series.append(step, 100.0 if step <= boundary else 0.1, step)
    curve = Curve.of(series)
    later = curve.part(Span("b", boundary, 9 * MOST))
    assert later.high is not None
    assert max(later.high) == 0.1
    assert len(later) > MOST // 2
    assert len(curve.part(Span("c", 9 * MOST, 10 * MOST))) == 0


# ---------------------------------------------------------------------- hostile, and many


@pytest.mark.parametrize("size", [(200, 60), (80, 24), (20, 5)])
async def test_titles_and_paths_of_any_kind(empty_home: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    stages = [STAGES[0] | {"name": HOSTILE * 50}, STAGES[1] | {"name": HOSTILE}]
    run = FakeRun(empty_home / "runs" / "odd-20260314-090000-a0f3").start(stages=stages).train(10, 300)
    picture(2, 2).save(tmp_path / "secret.png")
    (run.folder / "samples/link.png").symlink_to(tmp_path / "secret.png")
    for path in ("../../../secret.png", str(tmp_path / "secret.png"), 7, None, "", "\0", "\ud800", HOSTILE):
        run.event("picture", 100, 5, path=path, title="out")
    run.event("picture", 110, 5, path="samples/link.png", title="led out")
    for step, title in (
        (120, HOSTILE),
        (130, HOSTILE * 1000),
        (140, ["x"]),
        (150, None),
        (160, "\n\t"),
        (170, "漢" * 300),
    ):
        add_picture(run, step, title)
    async with opened(empty_home, size) as driven:
        view = await watching(driven)
        for _ in view.history.drawings:
            assert_safe(driven)
            await driven.press("left")
        await driven.press("end")
        for _ in range(2):
            await driven.press("left")
        if size != (20, 5):
            await driven.press("home")
            await driven.press(*["right"] * [d.step for d in view.history.drawings].index(110))
            await driven.shows("outside the run")
        assert_safe(driven)
        assert driven.app.is_running


async def test_ten_thousand_samples(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "long-20260314-090000-a0f3", total=200_000).start().train(10, 300)
    for seed in range(3):
        picture(8, 4, seed).save(run.folder / f"samples/{seed}.png")
    (run.folder / "samples/many").mkdir()
    with (run.folder / "events.jsonl").open("a") as file:
        for step in range(10, 10 * MOST_DRAWINGS + 210, 10):
            file.write(json.dumps({"event": "sample", "step": step, "path": f"samples/many/{step}.png"}) + "\n")
    run.sample(150_000, 3)
    async with opened(empty_home) as driven:
        view = await watching(driven)
        await driven.shows("samples · step 150000", "10000 of 10000")
        begun = time.monotonic()
        await driven.press(*["left"] * 30)
        assert time.monotonic() - begun < 30
        assert view.history.place == MOST_DRAWINGS - 31
        await driven.press("home")
        await driven.shows("1 of 10000", "cannot be read")
        await driven.press("end")
        await driven.shows("samples · step 150000", "10000 of 10000")


# ---------------------------------------------------------------------- pictures of their own kinds


def test_an_animation_is_shown_as_its_frames(tmp_path: Path) -> None:
    made = picturefile.load(frames(tmp_path / "a.gif", 20))
    assert len(made) == 20
    strip = mosaic.filmstrip(made, 60, 20)
    assert (strip.shown, strip.total) == (12, 20)
    ends = [strip.image.getpixel((x, y))[0] for x, y in ((2, 2), (strip.image.width - 3, strip.image.height - 3))]
    assert ends[0] < 10 < 200 < ends[1], "the first and the last among them"
    drawn = draw_picture(tmp_path / "a.gif", 60, 10)
    assert (drawn.shown, drawn.total, drawn.what) == (12, 20, "frames")


def test_frames_that_are_grids_show_as_many_of_their_tiles_as_there_is_room_for() -> None:
    grids = [picture(4, 2, seed).convert("RGB") for seed in range(40)]
    small, large = mosaic.filmstrip(grids, 44, 17), mosaic.filmstrip(grids, 250, 140)
    assert small.shown >= 8
    assert (small.image.height, large.image.height) < (18, 141)
    assert large.image.height >= 8 * (mosaic.LEAST + 1) - 1, "all eight, one below the other, none too small to be read"


def test_animations_that_are_too_much_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames(tmp_path / "wide.gif", 3, (3000, 3000))
    frames(tmp_path / "long.gif", 30)
    (tmp_path / "half.gif").write_bytes((tmp_path / "long.gif").read_bytes()[:20])
    monkeypatch.setattr(picturefile, "MOST_FRAMES", 20)
    for name in ("wide", "long", "half"):
        with pytest.raises(UnreadablePictureError):
            picturefile.load(tmp_path / f"{name}.gif")
        assert "cannot be read" in draw_picture(tmp_path / f"{name}.gif", 40, 10).problem
    picture(2, 2).save(tmp_path / "good.png")
    monkeypatch.setattr(picturefile, "LARGEST_FILE", 10)
    with pytest.raises(UnreadablePictureError):
        picturefile.load(tmp_path / "good.png")


def test_a_picture_keeps_what_belongs_together_in_its_columns() -> None:
    grid = Image.new("RGB", (12 * 17 + 1, 35), (64, 64, 64))
    for i in range(24):  # the second row is as bright as the first, but for its colour
        x, y = i % 12, i // 12
        tone = 40 + 15 * x
        grid.paste((tone, 0, 0) if y == 0 else (0, tone, 0), (x * 17 + 1, y * 17 + 1, x * 17 + 17, y * 17 + 17))
        grid.putpixel((x * 17 + 1, y * 17 + 1), (0, 0, 0))
    made = mosaic.fit(grid, 60, 30, paired=True)
    assert (made.shown, made.total) == (6, 12)
    for i in range(made.shown):
        upper, lower = (made.image.getpixel((i * 10 + 5, y)) for y in (5, 14))
        assert upper[0] == lower[1] == 40 + 15 * i


def test_the_points_of_a_chart_can_still_be_seen_when_it_is_small() -> None:
    chart = Image.new("RGB", (640, 640), (24, 24, 27))
    chart.paste((240, 60, 60), (300, 300, 305, 305))
    made = mosaic.fit(chart, 40, 40).image
    assert max(red for _, (red, _, _) in made.getcolors() or []) > 140
