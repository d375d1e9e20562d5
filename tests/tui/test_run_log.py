"""The log of a run in its pane: as a terminal would show it, following, and harmless."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.conftest import Driven, opened
from tests.tui.fake_run import FakeRun
from tui.runs import transcript
from tui.runs.transcript import Transcript, shown
from tui.widgets.run_log import RunLog


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("plain", "plain"),
        ("10%\r20%\r100%", "100%"),
        ("a long bar\rshort", "shortg bar"),
        ("windows\r", "windows"),
        ("\x1b[31mred\x1b[0m\x1b[K", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("tab\tstop", "tab     stop"),
        ("bell\x07 \u202eleft [/b]", "bell\ufffd \ufffdleft [/b]"),
        ("half\x1b[", "half\ufffd["),
    ],
)
def test_a_line_is_as_a_terminal_shows_it(said: str, seen: str) -> None:
    assert shown(said) == seen


@given(st.text(alphabet=st.sampled_from("ab\r\n\x1b[0m];\x07ü"), max_size=80), st.integers(1, 9))
def test_reading_in_pieces_is_reading_at_once(tmp_path_factory: pytest.TempPathFactory, text: str, piece: int) -> None:
    whole, bits = (tmp_path_factory.mktemp("run") for _ in range(2))
    (whole / "log.txt").write_bytes(text.encode())
    at_once, grown = Transcript(whole), Transcript(bits)
    at_once.look()
    data = text.encode()
    for start in range(0, len(data), piece):
        with (bits / "log.txt").open("ab") as file:
            file.write(data[start : start + piece])
        grown.look()
    assert [one.text for one in grown.lines] == [one.text for one in at_once.lines]


def test_a_file_of_any_length_is_read_from_near_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "AT_OPENING", 1000)
    (tmp_path / "output.txt").write_text("".join(f"line {i}\n" for i in range(10_000)))
    found = Transcript(tmp_path)
    assert found.look()
    assert not found.look(), "nothing is read twice"
    lines = [one.text for one in found.lines]
    assert (lines[0], lines[-1]) == ("output.txt", "line 9999")
    assert 50 < len(lines) < 120
    (tmp_path / "log.txt").write_text("the end\n")
    assert found.look()
    assert [(one.text, one.heading) for one in found.lines][-2:] == [("log.txt", True), ("the end", False)]


def test_a_log_that_is_none_says_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "log.txt")
    (tmp_path / "output.txt").symlink_to("/dev/zero")
    assert not Transcript(tmp_path).look()


async def test_a_run_s_log_is_followed_in_its_pane(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-1").start().train(10, 50).sample(50)
    output = run.folder / "output.txt"
    output.write_text("diffwb: on cpu\n 10%\r 50%\r")
    async with opened(empty_home, (120, 36)) as driven:
        await driven.shows("· lost")
        await driven.press("t")
        await driven.shows("output.txt", "diffwb: on cpu", "50%")
        assert "10%" not in driven.text
        assert isinstance(driven.focused, RunLog)
        assert "samples" not in driven.text and "grad norm" not in driven.text
        await appended(driven, output, "100%\n" + "word " * 12 + "end\n", "word end")
        assert max(map(len, driven.text.splitlines())) <= 120
        await appended(
            driven, output, "100%\n" + "".join(f"step {i} [/b]\x1b[2J\n" for i in range(200)), "step 199 [/b]"
        )
        assert "100%" not in driven.text
        await driven.press("g")
        await driven.shows("diffwb: on cpu", "100%")
        await driven.press("pagedown", "pageup", "ctrl+f", "ctrl+b", "j", "k", "down", "up")
        (run.folder / "log.txt").write_text("2026-03-14T09:00:00Z Traceback\n")
        await asyncio.sleep(0.6)
        assert "Traceback" not in driven.text, "who reads stays where they are"
        await driven.press("G")
        await driven.shows("log.txt", "Traceback")
        await driven.press("escape")
        assert "Traceback" not in driven.text
        await driven.shows("grad norm")
        await driven.press("escape", "t", "t")
        await driven.shows("grad norm")


async def test_a_line_goes_on_below_itself_at_one_place(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / "digits-1").start().train(10, 50)
    told = [f"step {'1' * digits}  loss 0.1  lr 1e-3  123 images/s  left 1m" for digits in range(1, 8)]
    (run.folder / "output.txt").write_text("\n".join(told))
    async with opened(empty_home, (36, 30)) as driven:
        await driven.press("t")
        await driven.shows("left 1m")
        rows = [one for one in driven.text.splitlines() if "left 1m" in one]
        assert len(rows) == 7
        assert all(one.startswith("   ") and one[3] != " " for one in rows), rows


async def appended(driven: Driven, file: Path, text: str, shows: str) -> None:
    with file.open("a") as opened:
        opened.write(text)
    await driven.shows(shows)


async def test_a_run_without_a_log_says_so_and_another_run_shows_its_own(empty_home: Path) -> None:
    FakeRun(empty_home / "runs" / "digits-1").start(time="2026-03-14T10:00:00Z").train(10, 50)
    other = FakeRun(empty_home / "runs" / "other-2").start(time="2026-03-14T09:00:00Z").train(10, 50)
    (other.folder / "log.txt").write_text("the other one\n")
    async with opened(empty_home, (80, 24)) as driven:
        await driven.shows("digits-1")
        await driven.press("t")
        await driven.shows("Nothing was written yet")
        await driven.press("1", "j")
        await driven.shows("the other one")
        await driven.pilot.resize_terminal(40, 10)
        await driven.pilot.resize_terminal(100, 30)
        await driven.shows("the other one")
