"""Whole journeys in a real pseudo-terminal, with the real search: find, open, train from; take away, compare, edit."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runs import about
from engine.runs.listing import RunList
from index.indexing.update import update
from tests.tui.terminal import Terminal
from tests.tui.test_program import environment

SCRIPTS = Path(__file__).resolve().parents[1] / "examples" / "scripts"
DOWN, DELETE, ESCAPE = "\x1b[B", "\x1b[3~", "\x1b"
SECONDS = 60


@pytest.fixture
def indexed(tmp_path: Path) -> Path:
    """A home that knows the example scripts by their words, and where runs draw little."""
    update(tmp_path / "home" / "index", [SCRIPTS], embed=False)
    (tmp_path / "home" / "config.toml").write_text('sampler = "ddim"\nsample_steps = 4\nsample_count = 4\n')
    return tmp_path / "home"


@pytest.fixture
def terminal(indexed: Path, tmp_path: Path) -> Iterator[Terminal]:
    editor = tmp_path / "editor.py"
    editor.write_text("import sys; print('EDITING', sys.argv[1:]); input()")
    opened = Terminal(environment(indexed, EDITOR=f"{sys.executable} {editor} --flag"), columns=140, rows=40)
    try:
        opened.until(lambda text: "14 scripts are indexed" in text, "the search", SECONDS)
        yield opened
    finally:
        opened.close()


def test_find_open_and_train_from_a_script(terminal: Terminal, indexed: Path) -> None:
    terminal.press("3", "unet on fashion-mnist")
    terminal.until(lambda text: "dataset FashionMNIST" in text and "unet_ddpm" in text, "the results", SECONDS)
    terminal.press("\r")
    terminal.until(lambda text: "t train  space choose" in text, "the table's keys")
    terminal.press("\r")
    text = terminal.until(lambda text: "Timesteps" in text and "tab source" in text, "the script", SECONDS)
    assert "unet_ddpm.py" in text
    terminal.press("e")
    terminal.until(lambda text: "EDITING ['--flag', '+" in text and "unet_ddpm.py']" in text, "the editor", SECONDS)
    terminal.press("\r")
    terminal.until(lambda text: "tab source" in text, "the script again", SECONDS)
    terminal.press("t")
    terminal.until(lambda text: "unet_ddpm.py: 10 settings" in text and "$ diffwb --train" in text, "the form", SECONDS)
    # the digits are at hand, Fashion-MNIST would have to be fetched; one step shows that it trains
    terminal.press(DOWN, DOWN, *["\x1b[D"] * 2, DOWN, "1", DOWN, DOWN, *"\x15", "8")
    # the command is broken where a line ends
    terminal.until(lambda text: bool(re.search(r"dataset +digits", text)) and "--steps 1 " in text, "the changes")
    terminal.press("\x13")
    terminal.until(lambda text: "· finished" in text or "· failed" in text, "the run", 120)
    runs = RunList(indexed / "runs").scan()
    assert [run.state for run in runs] == ["finished"], runs[0].error
    said = about.read(runs[0].folder)
    assert (said.note, said.origin) == (None, str(SCRIPTS / "Generative-Fashion-MNIST/unet_ddpm.py"))


def test_take_a_piece_away_answer_and_compare(terminal: Terminal) -> None:
    terminal.press("3", "cnn created:1999-04")
    terminal.until(lambda text: "Nothing passes created 1999-04." in text, "what emptied it", SECONDS)
    terminal.press(DOWN, "\x1b[C", DELETE)
    text = terminal.until(lambda text: "created 1999-04" not in text and "Model ID" in text, "the results", SECONDS)
    assert "“cnn”" in text
    terminal.press(ESCAPE)
    terminal.pump(0.5)
    terminal.press("/", "\x15", "which use a gan?")
    terminal.until(lambda text: "faces_dcgan" in text, "the results of a question", SECONDS)
    terminal.press("\r")
    terminal.until(lambda text: "is a GAN" in text and "dcgan.py:" in text, "the answer", SECONDS)
    terminal.press("/", "\x15", "cnn")
    terminal.until(lambda text: "9 scripts" in text, "all of them", SECONDS)
    terminal.press("\r", " ", " ", "c")
    terminal.until(lambda text: "facts differ" in text and "≠" in text, "both", SECONDS)
    terminal.press(ESCAPE)
    terminal.until(lambda text: "3 Scripts" in text and "facts differ" not in text, "the workbench")
