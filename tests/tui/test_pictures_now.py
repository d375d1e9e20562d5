"""Images drawn now from a run, saved, and looked at in full."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from PIL import Image

from engine.config import resolve
from engine.runs import about
from engine.training.run import train
from tests.tui.conftest import Driven, Typed, opened
from tests.tui.fake_run import FakeRun
from tests.tui.terminal import Terminal
from tests.tui.test_history import watching
from tui.runs import generation
from tui.runs.generation import Generation
from tui.widgets.run_view import RunView

TINY = {"steps": "2", "batch_size": "8", "widths": "8,16", "timesteps": "20", "sample_steps": "5", "sample_count": "4"}


@pytest.fixture
def trained(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that has a checkpoint to draw from."""
    monkeypatch.setenv("DIFFWB_HOME", str(empty_home))
    return train(resolve(TINY | {"preset": "digits"}), empty_home, lambda _: None, lambda _: None).folder


async def drawing_of(driven: Driven, *keys: str) -> RunView:
    view = await watching(driven)
    await driven.press("i")
    await driven.shows("Draw from")
    await driven.press(*keys, "ctrl+s")
    return view


async def test_a_class_the_run_has_not_is_told_at_once(empty_home: Path) -> None:
    config = {"preset": "digits", "dataset": "digits", "class_conditional": True}
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start(config=config, classes=["cat", "dog"])
    run.checkpoint(10).end("stopped", 10)
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.press("i", "down", "down", "down", "2")
        await driven.shows("class: '2' is not one of the run's; cat, dog are")
        for label in ("1", "dog"):
            await driven.press("ctrl+u", Typed(label))
            await driven.shows(f"--class={label}")


async def test_images_are_drawn_shown_and_saved(
    empty_home: Path, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(empty_home) as driven:
        view = await drawing_of(driven, "4", "down", "right", "right")
        await driven.shows("drawing 4 images")
        await driven.until(lambda: "drawn now: 4 images from step 2, ddim with" in driven.text, "the images", 60)
        picture = view.picture
        assert picture is not None and picture.parent == empty_home / generation.DRAWN
        assert picture.name == f"{trained.name}-step-00000002-4.png"
        assert "drawing 4" not in driven.text
        await driven.told(f"Kept for a day in {empty_home / generation.DRAWN}; w saves a copy where you say.")
        await driven.press("w")
        await driven.shows(f"Save the picture of {trained.name}")
        target = tmp_path / "new" / "mine.png"
        await driven.press(Typed("none/x.png"))  # over the name that is suggested
        await driven.shows("in a folder that", "made for it")  # wherever its long name breaks the line
        await driven.press("ctrl+u", Typed("mine.gif"), "enter")
        await driven.shows("a name that ends in .png is")
        await driven.press("ctrl+u", Typed("~nobody-at-all/x.png"))
        await driven.shows("as: ~nobody-at-all/x.png is in the home")
        await driven.press("ctrl+u", Typed("new/mine.png"), "enter")
        await driven.until(target.exists, "the file")
        assert Image.open(target).size == Image.open(picture).size
        await driven.press("left")
        await driven.until(lambda: "drawn now" not in driven.text, "the run's own picture")
        for key in ("right", "end"):
            await driven.press(key)
            await driven.shows("drawn now: 4 images from step 2", "2 of 2")
            assert view.picture == picture
            await driven.press("home")
            await driven.shows("samples · step 2")
    async with opened(empty_home) as driven:
        view = await watching(driven)
        await driven.shows("samples · step 2 · 2 of 2")
        await driven.press("2", "left")
        await driven.shows("drawn before: 4 images from step 2 · 1 of 2 · w saves it")
        assert view.picture == picture


async def test_what_cannot_be_drawn_is_told(empty_home: Path, trained: Path) -> None:
    async with opened(empty_home) as driven:
        await drawing_of(driven, *["down"] * 3, Typed("giraffe"))
        await driven.until(lambda: "'giraffe' is not one of" in driven.text, "the refusal", 60)
        assert not list((empty_home / generation.DRAWN).glob("*"))


async def test_the_form_says_what_is_wrong_and_shows_the_command(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-a0f3").start().train(10, 30).hold()
    about.rename(run.folder, "my digits")
    async with opened(empty_home) as driven:
        await watching(driven)
        await driven.press("i")
        await driven.told("my digits has no checkpoint yet; c writes one")
        assert "Draw from" not in driven.text
        run.checkpoint(30).release()
        await driven.press("i", "0")
        await driven.shows("Draw from my digits", "count: '0' is not accepted; 1 to 1024 is")
        rows = driven.text.splitlines()
        below = next(y for y, row in enumerate(rows) if "count: '0'" in row)
        assert "count" in rows[below - 1], "what is wrong stands below its field"
        await driven.press("ctrl+s")
        await driven.shows("Draw from")
        await driven.press("backspace", "8", "down", "down", Typed("7x"))
        await driven.shows("steps: '7x' is not accepted", "fewer are quicker")
        assert "sample_steps" not in driven.text, "it is called as the form calls it"
        rows = driven.text.splitlines()
        below = next(y for y, row in enumerate(rows) if "steps: '7x'" in row)
        assert "steps  " in rows[below - 1], "what is wrong stands below its field"
        await driven.press("up")
        await driven.shows("← → choose")
        await driven.press("down", "end", "backspace")
        await driven.shows(
            "$ diffwb sample digits-20260314-090000-a0f3 -n 8 --sample-steps=7", "-o digits-20260314-090000-a0f3.png"
        )
        await driven.press("escape")
        assert "Draw from" not in driven.text


async def test_a_drawing_can_be_left(empty_home: Path, trained: Path) -> None:
    async with opened(empty_home) as driven:
        await drawing_of(driven, Typed("1000"), "down", "right", "down", Typed("20"))
        await driven.shows("drawing 1000 images")
        await driven.press("i")
        await driven.shows("Leave the drawing?")
        await driven.press("y")
        await driven.until(lambda: "drawing 1000" not in driven.text, "the end of it")
        assert not list((empty_home / generation.DRAWN).glob("*"))


async def test_nothing_to_draw_from_or_to_save(empty_home: Path) -> None:
    async with opened(empty_home) as driven:
        await driven.press("i")
        await driven.shows("there is no run yet")
        await driven.press("w")
        await driven.shows("no picture is shown")
        await driven.press("o")
        await driven.shows("no picture is here")


def test_pictures_that_were_not_saved_go_after_a_day(tmp_path: Path) -> None:
    folder = tmp_path / generation.DRAWN
    folder.mkdir()
    for name, age in (("old.png", 25), ("new.png", 23)):
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (time.time() - age * 3600,) * 2)
    generation.sweep(tmp_path)
    assert [path.name for path in folder.iterdir()] == ["new.png"]


def test_a_value_that_looks_like_an_option_stays_a_value(tmp_path: Path) -> None:
    wanted = Generation.into(tmp_path, tmp_path / "run", 3, {"--class": "--help"}, ".png")
    assert "--class=--help" in wanted.arguments("run", "x.png")


@pytest.fixture
def shown_in_full(tmp_path: Path) -> Iterator[Terminal]:
    picture = tmp_path / "grid.png"
    Image.new("RGB", (8, 8), "red").save(picture)
    program = (sys.executable, "-P", "-m", "tui.painting.fullpicture", str(picture))
    terminal = Terminal(dict(os.environ), *program)
    yield terminal
    terminal.close()


def test_a_terminal_without_pictures_says_so_and_goes_back(shown_in_full: Terminal) -> None:
    shown_in_full.until(lambda text: "shows no pictures" in text and "Enter goes back" in text, "what it lacks")
    shown_in_full.press("\r")
    shown_in_full.child.wait()
    assert shown_in_full.child.exitstatus == 0


def test_a_terminal_with_sixel_gets_the_picture(tmp_path: Path) -> None:
    picture = tmp_path / "grid.png"
    Image.new("RGB", (8, 8), "red").save(picture)
    child = pexpect.spawn(sys.executable, ["-P", "-m", "tui.painting.fullpicture", str(picture)], timeout=30)
    answers = {b"\x1b[c": b"\x1b[?62;4c", b"\x1b[16t": b"\x1b[6;20;10t"}
    try:
        while (asked := child.expect_exact([*answers, b"\x1bP"])) < len(answers):
            child.send(list(answers.values())[asked])
        child.expect_exact(b"Enter goes back")
        child.send(b"\r")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0
