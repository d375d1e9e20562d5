"""Pictures fit their pane by whole tiles; what is no picture is told, not raised."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.tui.fake_run import TILE, picture
from tui.painting.mosaic import LEAST, even, filmstrip, fit, pitch
from tui.painting.picturefile import UnreadablePictureError, load
from tui.widgets import picture as picture_widget


def test_tiles_are_found_by_the_lines_between_them() -> None:
    assert pitch(picture(8, 4).convert("RGB")) == (TILE + 1, TILE + 1)
    assert pitch(Image.new("RGB", (40, 40))) is None
    assert pitch(Image.effect_noise((40, 40), 90).convert("RGB")) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 200), st.integers(1, 120))
def test_every_picture_fits(columns: int, rows: int, width: int, height: int) -> None:
    made = fit(picture(columns, rows).convert("RGB"), width, height)
    assert made.image.width <= width
    assert made.image.height <= height
    assert 1 <= made.shown <= made.total == columns * rows


def test_tiles_that_fit_are_shown_unscaled_and_all() -> None:
    made = fit(picture(8, 4).convert("RGB"), 8 * 17, 4 * 17)
    assert (made.shown, made.total) == (32, 32)
    assert made.image.size == (8 * 17 - 1, 4 * 17 - 1)
    assert (
        made.image.convert("RGB").crop((0, 0, 16, 16)).tobytes()
        == picture(8, 4).convert("RGB").crop((1, 1, 17, 17)).tobytes()
    )


def test_more_room_doubles_the_tiles() -> None:
    made = fit(picture(2, 1).convert("RGB"), 70, 40)
    assert made.image.size == (2 * 33 - 1, 32)


def test_less_room_shows_fewer_tiles_that_can_be_read() -> None:
    made = fit(picture(8, 4).convert("RGB"), 43, 22)
    assert (made.shown, made.total) == (8, 32)
    assert made.image.size == (4 * 11 - 1, 2 * 11 - 1)


def test_tiles_that_are_larger_than_need_be_make_room_for_others() -> None:
    grid = Image.new("RGB", (8 * 29 + 1, 4 * 29 + 1), (64, 64, 64))
    for i in range(32):
        x, y = i % 8 * 29 + 1, i // 8 * 29 + 1
        grid.paste((7 * i + 9, 0, 0), (x, y, x + 28, y + 28))
        grid.putpixel((x, y), (255, 255, 255))
    assert fit(grid, 43, 26).shown == 6, "not two"


def test_a_strip_keeps_its_first_and_its_last_stage() -> None:
    strip = Image.new("L", (10 * 17 + 1, 18), 64)
    for i in range(10):
        strip.paste(i * 20 + 1, (i * 17 + 1, 1, i * 17 + 17, 17))
        strip.putpixel((i * 17 + 1, 1), 0)
    made = fit(strip.convert("RGB"), 30, 16)
    assert 1 < made.shown < 10
    row = [made.image.getpixel((x, 8)) for x in (4, made.image.width - 4)]
    assert row[0][0] < 10
    assert row[1][0] > 170


@pytest.mark.parametrize(("width", "height"), [(120, 10), (43, 10), (80, 14), (50, 6)])
def test_tiles_of_a_strip_lie_equally_far_apart(width: int, height: int) -> None:
    strip = Image.new("RGB", (10 * 29 + 1, 30), (64, 64, 64))
    for i in range(10):
        strip.paste((9 * i + 9, 0, 0), (i * 29 + 1, 1, i * 29 + 29, 29))
        strip.putpixel((i * 29 + 9, 9), (255, 255, 255))
    made = fit(strip, width, height).image
    ground = [x for x in range(made.width) if made.getpixel((x, 0)) == (0, 0, 0, 0)]
    assert made.height <= height
    assert len(ground) > 1
    assert len({b - a for a, b in pairwise((-1, *ground, made.width))}) == 1


@pytest.mark.parametrize(("width", "height"), [(49, 22), (43, 34), (80, 60), (120, 100), (20, 8)])
def test_every_image_of_an_animation_can_be_read(width: int, height: int) -> None:
    """A column of all images of a grid fits into any room, as a line of a pixel's width."""
    made = filmstrip([picture(6, 3).convert("RGB")] * 10, width, height).image
    ground = [x for x in range(made.width) if made.getpixel((x, 0)) == (0, 0, 0, 0)]
    assert made.width <= width
    assert made.height <= height
    assert min(b - a - 1 for a, b in pairwise((-1, *ground, made.width))) >= min(LEAST, height)


def test_an_odd_height_is_filled_not_stretched() -> None:
    made = even(Image.new("RGB", (3, 5), (200, 0, 0)))
    assert made.size == (3, 6)
    assert made.getpixel((0, 4)) == (200, 0, 0, 255)
    assert made.getpixel((0, 5)) == (0, 0, 0, 0), "the workbench's own background is seen, light or dark"


def test_files_that_are_no_picture(tmp_path: Path) -> None:
    good = tmp_path / "good.png"
    picture(2, 2).save(good)
    half = tmp_path / "half.png"
    half.write_bytes(good.read_bytes()[:60])
    os.mkfifo(tmp_path / "pipe.png")  # opening one waits for a writer
    other = tmp_path / "other.png"  # a format that Pillow hands to another program
    Image.new("RGB", (20, 20)).save(other, "EPS")
    for path in (half, tmp_path / "missing.png", tmp_path, tmp_path / "pipe.png", other):
        with pytest.raises(UnreadablePictureError):
            load(path)
        assert "cannot be read" in picture_widget.draw(path, 40, 10).problem
    drawn = picture_widget.draw(good, 40, 20)
    assert (drawn.shown, drawn.total, len(drawn.strips)) == (4, 4, 17)


@pytest.mark.parametrize("error", [KeyError("IHDR"), EOFError(), MemoryError(), RecursionError("deep")])
def test_whatever_the_decoder_raises_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    path = tmp_path / "good.png"
    picture(2, 2).save(path)
    monkeypatch.setattr(Image, "open", refuse)
    assert "cannot be read" in picture_widget.draw(path, 40, 10).problem


def test_without_unicode_pictures_are_shades(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.painting.glyphs import ASCII

    monkeypatch.setattr(picture_widget, "glyphs", lambda: ASCII)
    path = tmp_path / "grid.png"
    picture(4, 2).save(path)
    drawn = picture_widget.draw(path, 80, 20)
    assert all(strip.text.isascii() for strip in drawn.strips)
    assert any("@" in strip.text for strip in drawn.strips)
