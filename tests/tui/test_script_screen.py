"""One script on the whole screen, two side by side, and a run like one."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.tui.conftest import Driven, Typed, opened
from tests.tui.results import HOSTILE, shown
from tests.tui.test_hostile import assert_safe
from tui.editor import NoEditorError, command, line_in_file
from tui.painting import highlight
from tui.screens.compare import CompareScreen, compared
from tui.screens.new_run import NewRunScreen
from tui.screens.script import ScriptScreen
from tui.scripts.evidence import OpenedScript, entries
from tui.widgets.results import ResultsTable
from tui.widgets.source import SourceView
from tui.widgets.walk import Walk


async def found(driven: Driven, question: str = "unet") -> ResultsTable:
    await driven.press("3", Typed(question))
    table = driven.main.query_one(ResultsTable)
    await driven.until(lambda: table.row_count == 12, "the results")
    await driven.press("enter")
    return table


async def inside(driven: Driven) -> ScriptScreen:
    await found(driven)
    await driven.press("enter")
    await driven.shows("Timesteps", "line_34 = 34")
    screen = driven.app.screen
    assert isinstance(screen, ScriptScreen)
    return screen


async def test_the_lines_that_prove_it_are_walked(empty_home: Path) -> None:
    async with opened(empty_home, (140, 40)) as driven:
        screen = await inside(driven)
        source = screen.query_one(SourceView)
        assert source.line == 34  # of the first fact that has a line
        await driven.press("j")
        assert source.line == 1020
        await driven.shows("▌1020 line_1020", "the 1020th")
        await driven.press("G", "k", "k")
        await driven.press("g")
        assert source.line == 34
        await driven.shows("tab source", "esc back")
        await driven.press("enter")
        assert source.has_focus
        await driven.shows("tab facts", "esc facts")
        await driven.press("j", "j", "k")
        assert source.line == 35
        await driven.press("pagedown")
        assert source.line > 50
        await driven.press("G")
        assert source.line == 1199
        await driven.press("g", "right", "L", "left", "H", "pageup")
        assert source.line == 1
        await driven.press("escape", "enter")
        assert source.line == 34  # where it proves, wherever the source was left
        await driven.press("escape")
        assert screen.query_one(Walk).has_focus
        await driven.press("tab")
        assert source.has_focus
        await driven.press("shift+tab", "y")
        assert driven.app.clipboard == "/data/models/Generative-Fashion-MNIST/latent_new_model.py"
        await driven.press("question_mark")
        await driven.shows("─ Keys ─")
        await driven.press("escape", "q")
        assert driven.app.screen is driven.main


async def test_it_fits_where_there_is_hardly_room(empty_home: Path) -> None:
    async with opened(empty_home, (20, 5)) as driven:
        await driven.press("3", Typed("unet"))
        await driven.until(lambda: driven.main.query_one(ResultsTable).row_count == 12, "the results")
        await driven.press("enter", "enter")
        await driven.until(lambda: isinstance(driven.app.screen, ScriptScreen), "the script")
        source = driven.app.screen.query_one(SourceView)
        await driven.until(lambda: source.line == 34, "its source")
        for key in ("j", "tab", "j", "tab", "G"):
            await driven.press(key)
        assert max(map(len, driven.text.splitlines())) <= 20


async def test_a_run_like_it_from_the_script_and_from_the_table(empty_home: Path) -> None:
    async with opened(empty_home, (140, 40)) as driven:
        await inside(driven)
        await driven.press("t")
        await driven.until(lambda: isinstance(driven.app.screen, NewRunScreen), "the form")
        await driven.shows("latent_new_model.py:", "line 17", "--timesteps 500")
        await driven.press("escape")
        assert driven.app.screen is driven.main
        await driven.press("t")
        await driven.until(lambda: isinstance(driven.app.screen, NewRunScreen), "the form again")
        await driven.shows("--timesteps 500")


async def test_two_are_compared(empty_home: Path) -> None:
    async with opened(empty_home, (140, 40)) as driven:
        await found(driven)
        await driven.press("c")
        await driven.shows("Choose two scripts with space")
        await driven.press("space")
        await driven.shows("● 1")
        await driven.press("c")  # with the one under the cursor
        await driven.until(lambda: isinstance(driven.app.screen, CompareScreen), "both")
        await driven.shows("latent_new_model.py", "script.py", "facts differ", "≠")
        for key in ("j", "k", "G", "g", "pagedown", "pageup", "enter"):
            await driven.press(key)
        await driven.press("escape")
        await driven.press("g", "space", "space", "G", "space", "c")
        await driven.until(lambda: isinstance(driven.app.screen, CompareScreen), "the other two")
        await driven.shows("script.py", "/m/12.py")
        await driven.press("q")
        assert driven.app.screen is driven.main


def test_what_differs_is_marked() -> None:
    first = OpenedScript(shown(1), "", {"timesteps": {"value": 500, "line": 17}})
    second = OpenedScript(shown(2, lr=0.5, stages=[], path="/b.py"), "", {})
    found = {
        name: (one and one.text, other and other.text, differ) for name, one, other, differ in compared(first, second)
    }
    assert found["Framework"] == ("PyTorch", "PyTorch", False)
    assert found["LR"] == ("1e-4 / 1e-3", "0.5", True)
    assert found["Timesteps"] == ("500", None, True)
    assert list(found)[:2] == ["Framework", "Arch"]
    assert list(found)[-2:] == ["Stage 1", "Stage 2"] and "Size" not in found, "two files differ in that anyway"
    again = OpenedScript(shown(3, stages=shown(1)["stages"][:1]))
    assert "Stage 1" not in [name for name, *_ in compared(again, again)], "its only stage has the facts"


# ---------------------------------------------------------------------- the editor


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"EDITOR": "vim"}, ["vim", "+7", "/a b.py"]),
        ({"EDITOR": "nano -l --softwrap"}, ["nano", "-l", "--softwrap", "+7", "/a b.py"]),
        ({"EDITOR": "'/my tools/ed' -x"}, ["/my tools/ed", "-x", "+7", "/a b.py"]),
        ({"EDITOR": "vim", "VISUAL": "hx"}, ["hx", "/a b.py:7"]),
        ({"VISUAL": "code --wait"}, ["code", "--wait", "--goto", "/a b.py:7"]),
    ],
)
def test_the_editor_is_the_persons_own(environment: dict[str, str], expected: list[str]) -> None:
    assert command("/a b.py", 7, environment) == expected
    assert command("/a.ipynb", None, environment)[-1] == "/a.ipynb"


@pytest.mark.parametrize("whole", [False, True], ids=["a string a line", "one string"])
def test_a_line_of_a_notebook_is_opened_where_its_file_has_it(tmp_path: Path, whole: bool) -> None:
    lines = ["import torch\n", 'name = "a [\\"b\\"] {c}, d"\n', "lr = 1e-3"]
    code = {"cell_type": "code", "metadata": {"source": ["x"]}, "outputs": [{"source": "]"}], "source": lines}
    if whole:
        code["source"] = "".join(lines)
    text = {"cell_type": "markdown", "source": ["# A title\n", "and more"]}
    file = tmp_path / "a.ipynb"
    file.write_text(json.dumps({"metadata": {"cells": []}, "cells": [text, code, code]}, indent=1))
    at = line_in_file(str(file), 6, ((2, 1), (3, 4)))  # line 3 of cell 3
    assert at is not None
    written = file.read_text().splitlines()
    assert "lr = 1e-3" in written[at - 1]
    assert at > len(written) // 2, "of the last cell, not of the one before"
    assert line_in_file(str(file), 60, ((2, 1), (3, 4))) in (None, at)
    assert line_in_file("/a.py", 7, ()) == 7 and line_in_file("/gone.ipynb", 7, ((1, 1),)) is None


@pytest.mark.parametrize("environment", [{}, {"EDITOR": "  "}, {"EDITOR": "vim 'x"}])
def test_no_editor_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(NoEditorError, match="EDITOR"):
        command("/a.py", 1, environment | {"PATH": str(tmp_path)})


def test_without_a_choice_it_is_one_of_the_machines(tmp_path: Path) -> None:
    for name in ("vi", "nano", "sensible-editor"):
        (tmp_path / name).symlink_to("/bin/true")
        assert command("/a.py", 7, {"PATH": str(tmp_path)}) == [str(tmp_path / name), "+7", "/a.py"]


async def test_the_editor_gets_the_terminal_and_gives_it_back(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(f"import sys; open({str(tmp_path / 'told')!r}, 'w').write(repr(sys.argv[1:]))")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script} --flag")
    async with opened(empty_home, (140, 40)) as driven:
        monkeypatch.setattr(driven.app, "suspend", nothing)
        await inside(driven)
        await driven.press("j", "e")
        path = "/data/models/Generative-Fashion-MNIST/latent_new_model.py"
        assert (tmp_path / "told").read_text() == repr(["--flag", "+1020", path])
        await driven.press("escape", "e")  # from the table, at the first line that proves something
        assert (tmp_path / "told").read_text() == repr(["--flag", "+34", path])
        monkeypatch.setenv("EDITOR", "/no/such/editor")
        await driven.press("e")
        await driven.shows("/no/such/editor cannot be started")
        monkeypatch.setenv("EDITOR", "false")
        await driven.press("e")
        await driven.shows("false ended with exit code 1")
        monkeypatch.delenv("EDITOR")
        monkeypatch.setenv("PATH", str(tmp_path))
        await driven.press("e")
        await driven.shows("EDITOR: nothing is set")
        (tmp_path / "nano").symlink_to("/bin/false")
        await driven.press("e")
        await driven.shows("nano ended with exit code 1")


@contextmanager
def nothing() -> Any:
    yield


async def test_a_terminal_that_cannot_be_given_away_says_so(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "vim")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("nothing is to be run"))
    async with opened(empty_home, (140, 40)) as driven:
        await inside(driven)
        await driven.press("e")
        await driven.shows("cannot be given to an editor")


# ---------------------------------------------------------------------- what it shows


def test_reasons_lead_to_their_lines_in_cells_too() -> None:
    script = shown(cells=[]) | {"why": ["Conv2d used 14 times, first at line 88"]}
    assert {one.text: one.line for one in entries(script, {})}["Conv2d used 14 times, first at line 88"] == 88
    script = shown(cells=[[2, 1], [5, 30]]) | {"why": ["unet at cell 5 line 3"]}
    assert {one.text: one.line for one in entries(script, {})}["unet at cell 5 line 3"] == 32
    assert {one.text: one.line for one in entries(shown(cells=[]) | {"why": ["cell 9 line 1"]}, {})}[
        "cell 9 line 1"
    ] is None


def test_the_model_is_a_tree() -> None:
    inner = {"name": "conv", "what": "Conv2d(1, 8, 3)", "line": 12}
    script = shown(model=[{"name": "", "what": "UNet", "line": 9, "parts": [inner]}])
    told = [(one.text, one.line) for one in entries(script, {})]
    assert ("UNet", 9) in told
    assert ("  conv: Conv2d(1, 8, 3)", 12) in told


def test_code_is_coloured_line_by_line() -> None:
    code = 'import os\n\n\ndef f(x):\n\t"""Doc."""\n    return 3  # why\n'
    lines = highlight.coloured(code)
    assert ["".join(text for _, text in line) for line in lines] == code.expandtabs(4).split("\n")
    assert ("keyword", "import") in lines[0]
    assert ("name", "f") in lines[3]
    assert ("number", "3") in lines[5]
    assert ("comment", "# why") in lines[5]
    assert highlight.coloured("x" * 500_000) == highlight.plain("x" * 500_000)


@pytest.mark.parametrize("text", [HOSTILE, "\n".join([HOSTILE] * 40), "'" * 5000, "\x00\n\r\n\x0c\u2028x", ""])
def test_hostile_code_is_text(text: str) -> None:
    for lines in (highlight.plain(text), highlight.coloured(text)):
        assert len(lines) == text.count("\n") + 1
        said = "".join(word for line in lines for _, word in line)
        assert not any(ord(c) < 32 or c in "\u202e\u200d\x7f\u2028" for c in said)


@pytest.mark.parametrize("size", [(140, 40), (80, 24)])
async def test_hostile_scripts(empty_home: Path, size: tuple[int, int]) -> None:
    async with opened(empty_home, size) as driven:
        await found(driven, "hostile")
        await driven.press("space", "space", "g", "enter")
        await driven.until(lambda: isinstance(driven.app.screen, ScriptScreen), "the script")
        source = driven.app.screen.query_one(SourceView)
        await driven.until(lambda: source.virtual_size.height > 40, "its source")
        for key in ("j", "tab", "j", "right", "y", "escape", "escape"):
            assert_safe(driven)
            await driven.press(key)
        await driven.press("c")
        await driven.until(lambda: isinstance(driven.app.screen, CompareScreen), "both")
        assert_safe(driven)
        await driven.press("escape", "g", "t")
        await driven.until(lambda: isinstance(driven.app.screen, NewRunScreen), "the form")
        assert_safe(driven)


def test_entries_of_any_shape() -> None:
    for value in (HOSTILE, [HOSTILE], {"a": HOSTILE}, 7, None, True, [[1]], [{"line": HOSTILE, "parts": [HOSTILE]}]):
        fields = ("why", "stages", "model", "outline", "evidence", "cells", "summary", "tags", "lr", "path")
        for one in entries(dict.fromkeys(fields, value), {"timesteps": value, HOSTILE: {"value": HOSTILE, "line": []}}):
            said = f"{one.label}{one.text}{one.where}"
            assert not any(ord(c) < 32 or c in "\u202e\u200d\x7f" for c in said)


async def test_a_long_name_of_a_setting_stands_apart_from_its_value(empty_home: Path) -> None:
    settings = {"weight_decay": {"value": 0.01, "line": 3}, "ema": {"value": 0.999, "line": 4}}
    async with opened(empty_home, (120, 36)) as driven:
        screen = ScriptScreen(shown())
        await driven.app.push_screen(screen)
        screen.show(OpenedScript(shown(), "import torch", settings))
        await driven.shows("Weight decay  0.01", "EMA           0.999")


async def test_a_script_that_is_no_longer_indexed_is_told(empty_home: Path) -> None:
    async with opened(empty_home, (140, 40)) as driven:
        screen = await inside(driven)
        screen.fail(f"no indexed script is called {HOSTILE}")
        await driven.shows("no indexed script is called")
        assert_safe(driven)
