"""A person's own keys and theme: taken where they can be, told where not, the same in every place that names a key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.setting import ConfigError
from tests.tui.conftest import Typed, opened
from tui.cli import run
from tui.commands import doctor
from tui.keys import actions
from tui.preferences import Preferences, read, suggested


@pytest.fixture(autouse=True)
def own_keys_end_with_the_test() -> Iterator[None]:
    yield
    actions.choose({})


def written(home: Path, text: str) -> Preferences:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(text)
    return read(home)


async def test_chosen_keys_work_and_are_told(empty_home: Path) -> None:
    written(empty_home, '[workbench]\ntheme = "light"\n[keys.main]\nhelp = "f1"\nnew_run = "ctrl+n, +"\n')
    async with opened(empty_home) as driven:
        assert driven.app.theme == "light"
        await driven.shows("f1 help", "ctrl+n new run")
        await driven.press("question_mark")
        assert "Keys" not in driven.text
        await driven.press("f1")
        await driven.shows("Keys", "ctrl+n +")
        await driven.press("escape", "plus")
        await driven.shows("New run")


async def test_what_cannot_be_taken_is_told_and_the_rest_holds(empty_home: Path) -> None:
    keys = '"main.hlep" = "x"\n"main.stop_run" = "n"\n"main.quit" = 5\n'
    keys += '"main.detach" = "ctrl+\\u001b"\n"main.help" = "f1"\n'
    found = written(empty_home, f'[workbench]\ntheme = "\\u001bmauve"\n[keys]\n{keys}')
    assert dict(found.keys) == {"main.help": "f1"}
    told = "\n".join(found.troubles)
    assert "theme = '\\x1bmauve' is not accepted; dark or light is" in told
    assert "main.hlep: is no action; did you mean main.help?" in told
    assert "main.stop_run = 'n': is the key of main.new_run; give that another one too" in told
    assert "main.quit = 5 is not accepted" in told
    async with opened(empty_home, size=(160, 60)) as driven:
        await driven.shows("f1 help", "did you mean main.help?", "mauve")


async def test_a_file_that_is_no_toml_is_told_wherever_it_is_read(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "config.toml: is not TOML" in "".join(written(empty_home, "x = [[[").troubles)
    monkeypatch.setenv("DIFFWB_HOME", str(empty_home))
    assert run(["keys"]) == 0 and "is not TOML" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="is not TOML"):
        doctor._config(empty_home)
    async with opened(empty_home, size=(160, 60)) as driven:
        await driven.shows("is not TOML")


def test_what_belongs_to_no_part_is_told(tmp_path: Path) -> None:
    found = written(tmp_path, 'theme = "light"\n[look]\ntheme = "light"\n[key]\n')
    told = "\n".join(found.troubles)
    assert "theme stands alone; its place is below a line [workbench]" in told
    assert "[look] is no table that is known; [workbench], [keys], [ask] are" in told
    assert "[key] is no table that is known; did you mean [keys]?" in told
    with pytest.raises(ConfigError, match="below a line"):
        doctor._config(tmp_path)
    assert str(tmp_path / "none" / "config.toml") in doctor._config(tmp_path / "none")


async def test_settings_that_are_none_are_told_before_a_run_is_started(empty_home: Path) -> None:
    written(empty_home, "btach_size = 3")
    async with opened(empty_home) as driven:
        await driven.told("btach_size")


async def test_the_theme_is_changed_by_a_key_and_found_again(empty_home: Path) -> None:
    async with opened(empty_home) as driven:
        await driven.press("T")
        await driven.told("The theme is light from now on")
        await driven.told(str(empty_home / "config.toml"))
        assert driven.app.theme == "light"
        await driven.press("q")
    async with opened(empty_home) as driven:
        assert driven.app.theme == "light"
        await driven.press("ctrl+p", Typed("dark"), "enter")
        await driven.told("The theme is dark from now on")
    written(empty_home, '[workbench]\ntheme = "light"')
    async with opened(empty_home) as driven:
        assert driven.app.theme == "light"
        await driven.press("T")
        await driven.told("The theme is dark until you leave")


def test_two_actions_may_swap_their_keys(tmp_path: Path) -> None:
    found = written(tmp_path, '[keys]\n"main.checkpoint_run" = "r"\n"main.resume_run" = "c"\n')
    assert (dict(found.keys), found.troubles) == ({"main.checkpoint_run": "r", "main.resume_run": "c"}, ())


@pytest.mark.parametrize("text", ["keys = 3", "[keys]\nmain = 3", "workbench = []", "not toml", "\x00", "[keys]" * 99])
def test_any_file_is_read(tmp_path: Path, text: str) -> None:
    assert dict(written(tmp_path, text).keys) == {}


def test_no_file(tmp_path: Path) -> None:
    assert read(tmp_path).troubles == ()


@pytest.mark.parametrize(
    ("told", "theme"), [("0;15", "light"), ("0;default;15", "light"), ("15;0", "dark"), ("", "dark"), ("7;8", "dark")]
)
def test_the_terminal_may_tell_its_background(told: str, theme: str) -> None:
    assert suggested({"COLORFGBG": told}) == theme


def test_the_listed_keys_are_a_table_that_changes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["keys"]) == 0
    listed = capsys.readouterr().out
    table = "\n".join(line.removeprefix("# ") for line in listed.splitlines()[1:])
    found = written(tmp_path, table)
    assert found.troubles == ()
    assert dict(found.keys) == {action.name: action.keys for action in actions.ACTIONS}
    assert tomllib.loads(listed) == {"keys": {}}
    assert run(["keys", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(actions.ACTIONS)
