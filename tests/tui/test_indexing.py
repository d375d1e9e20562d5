"""Indexing from within the workbench: which folder, how far it is, stopped, left and found again."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Static

from index.catalog.database import Catalog
from index.lock import writing
from tests.tui.conftest import Driven, Typed, opened
from tests.tui.terminal import Terminal
from tui.scripts import indexing
from tui.scripts.folders import complete
from tui.scripts.indexing import LOG, Indexing

EXAMPLES = Path(__file__).parents[1] / "examples"
A_MODEL = "import torch\nnet = torch.nn.Linear({0}, 2)\noptimizer = torch.optim.Adam(net.parameters(), lr=1e-3)\n"
SIZE = (160, 40)


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Enough of them that indexing takes a while."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    for number in range(300):
        (folder / f"net_{number}.py").write_text(A_MODEL.format(number))
    return folder


@pytest.fixture(autouse=True)
def ended(empty_home: Path) -> Iterator[None]:
    """What still indexes at the end is ended."""
    yield
    deadline = time.monotonic() + 20
    while (working := Indexing.going_on(empty_home)) is not None and time.monotonic() < deadline:
        working.look()
        working.stop()
        time.sleep(0.1)


async def begun(driven: Driven, folder: Path) -> None:
    await driven.shows("12 scripts")
    await driven.press("ctrl+o")
    await driven.shows("Index scripts")
    await driven.press(Typed(str(folder)), "enter")


async def tells(driven: Driven, *texts: str) -> None:
    """Wait for what the pane tells of it, in lines as long as the pane is wide."""
    told = driven.main.query_one("#indexing", Static)
    await driven.until(lambda: all(text in str(told.render()) for text in texts), f"{texts}", 120)


def test_from_an_empty_home_to_a_result(empty_home: Path) -> None:
    """The whole program, as a person who has never seen it does."""
    terminal = Terminal({k: v for k, v in os.environ.items() if k != "COLORTERM"} | {"DIFFWB_HOME": str(empty_home)})
    try:
        terminal.until(lambda text: "No scripts yet" in text and "Press ctrl+o" in text, "what to do")
        terminal.press("\x0f")
        terminal.until(lambda text: "Index scripts" in text, "the form")
        terminal.press(*f"{EXAMPLES.parent}/exam", "\t", "sc", "\t")
        terminal.until(lambda text: f"$ diffwb index {EXAMPLES}/scripts" in text, "the completed folder")
        terminal.press("\r")
        terminal.until(lambda text: "ctrl+o stops it" in re.sub(r"\s+", " ", text), "how far it is")
        terminal.until(lambda text: "14 scripts are indexed" in text, "what can be searched")
        terminal.until(lambda text: re.search(r"16 files · 16 new or changed", text) is not None, "what was found", 120)
        terminal.press(*"latent diffusion", "\r")
        terminal.until(lambda text: "Latent diffusion on Fashion-MNIST" in text, "the result")
        terminal.press("\x0f")
        terminal.until(lambda text: "the indexed folder again" in text, "the form, for all again")
        terminal.press("\r")
        terminal.until(lambda text: "ctrl+o stops it" in re.sub(r"\s+", " ", text), "that it is looked at again")
        terminal.press("q")
        terminal.until(lambda text: "Indexing goes on; `diffwb` shows it again." in text, "the goodbye")
    finally:
        terminal.close()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/no/such/folder", "no such file or folder: /no/such/folder"),
        ("/dev/null", "neither a file nor a folder: /dev/null"),
        ("", "folder: nothing is not accepted; a path is"),
        ("~nobody-here/x", "folder: ~nobody-here/x is in the home of a user"),
    ],
)
async def test_a_folder_that_is_none_is_refused_in_the_commands_words(empty_home: Path, typed: str, said: str) -> None:
    async with opened(empty_home, SIZE) as driven:
        await driven.shows("12 scripts are indexed")
        await driven.press("I", "ctrl+u", *([Typed(typed)] if typed else []), "enter")
        await driven.shows("Index scripts", said)
        await driven.press("x")
        await driven.until(lambda: said not in driven.text, "the message gone")
        assert not (empty_home / LOG).exists()


async def test_names_of_folders_are_completed(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("models/old", "models/older", "music", ".hidden"):
        (tmp_path / "here" / name).mkdir(parents=True)
    (tmp_path / "here/models.txt").touch()
    here = "here/"
    assert complete(here + "mo") == (f"{here}models/", [])
    assert complete(here + "m") == (f"{here}m", ["models", "music"])
    assert complete(here) == (f"{here}m", ["models", "music"])
    assert complete(here + ".h") == (f"{here}.hidden/", [])
    assert complete(here + "x") == (f"{here}x", [])
    assert complete("~") == ("~/", [])
    assert complete("\0") == ("\0", [])
    async with opened(empty_home, SIZE) as driven:
        await driven.shows("12 scripts are indexed")
        await driven.press("I", Typed(here + "models"), "tab", "tab")
        await driven.shows("old  older", f"$ diffwb index {here}models/old")
        await driven.press("z", "tab")
        await driven.shows("no folder begins so")


async def test_it_is_told_how_far_it_is_and_what_was_found(empty_home: Path, scripts: Path) -> None:
    (scripts / "half.py").write_text("x = (")
    async with opened(empty_home, SIZE) as driven:
        await driven.shows("12 scripts are indexed")
        await driven.press("3", Typed("unet"))
        await driven.shows("model_4")
        await begun(driven, scripts)
        await tells(driven, "ctrl+o stops it")
        await driven.until(lambda: driven.text.endswith("indexing"), "that it goes on, in the last line")
        pane = driven.main.scripts
        assert pane is not None
        before = pane._asked
        await tells(driven, "301 files · 301 new or changed · 300 model scripts can be searched", "half.py: line 1")
        await driven.until(lambda: pane._asked > before, "that it was asked once more")
        assert driven.main.indexing is None
        await driven.press("slash", Typed("gan"))
        await driven.until(lambda: "301 files" not in driven.text, "the line gone with the next question")
        await driven.press("ctrl+o")
        await driven.shows("the indexed folder again", "/scripts")
        await driven.press("enter")
        await tells(driven, "301 files · nothing new")


async def test_it_is_stopped_and_what_was_read_is_kept(empty_home: Path, scripts: Path) -> None:
    async with opened(empty_home, SIZE) as driven:
        await begun(driven, scripts)
        await tells(driven, "found by words meanwhile")
        await driven.press("ctrl+o")
        await driven.shows("Stop indexing?", "What was read is kept.")
        await driven.press("y")
        await tells(driven, "indexing was stopped; what was read is kept")
        assert Indexing.going_on(empty_home) is None
        with Catalog(empty_home / "index", readonly=True) as catalog:
            assert catalog.counts() == (300, 300)


async def test_another_who_indexes_is_named(empty_home: Path, scripts: Path) -> None:
    with writing(empty_home / "index"):
        async with opened(empty_home, SIZE) as driven:
            await begun(driven, scripts)
            await tells(driven, f"another diffwb is indexing right now (process {os.getpid()}")


async def test_it_goes_on_when_the_workbench_is_left_and_the_next_one_shows_it(empty_home: Path, scripts: Path) -> None:
    async with opened(empty_home, SIZE) as driven:
        await begun(driven, scripts)
        await tells(driven, "ctrl+o stops it")
    async with opened(empty_home, SIZE) as driven:
        await tells(driven, "ctrl+o stops it")
        await driven.press("ctrl+o")
        await driven.shows("Stop indexing?")
        await driven.press("n")
        await tells(driven, "300 model scripts can be searched")


async def test_what_came_of_it_is_said_where_its_pane_is_not_shown(empty_home: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.py").write_text("print(1)\n")
    async with opened(empty_home, (80, 24)) as driven:
        await driven.until(lambda: driven.main.scripts is not None, "the pane")
        await driven.press("I", Typed(str(tmp_path / "notes.py")), "enter")
        await tells(driven, "ctrl+o stops it")
        await driven.press("escape")
        await driven.told("1 file · 1 new or changed · none of them is a model script")


async def test_a_folder_without_scripts_is_told_as_one(empty_home: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    async with opened(empty_home, SIZE) as driven:
        await driven.until(lambda: driven.main.scripts is not None, "the pane")
        await driven.press("I", Typed(str(tmp_path / "bare")), "enter")
        await tells(driven, "no .py or .ipynb file was found")


async def test_an_index_of_another_version_is_built_anew_from_its_folders(empty_home: Path, scripts: Path) -> None:
    (empty_home / "index").mkdir(parents=True)
    with Catalog(empty_home / "index") as catalog:
        catalog.remember(str(scripts))
        catalog.commit()
        catalog._database.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
        catalog._database.commit()
    async with opened(empty_home, SIZE) as driven:
        await driven.shows("12 scripts are indexed")
        await driven.press("I")
        await driven.shows("the indexed folder again", "/scripts")


def test_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    log = tmp_path / LOG

    def say(*said: object) -> str:
        with log.open("a") as file:
            file.writelines(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in said)
        assert not work.look()
        return work.told

    work = Indexing(log)
    assert not work.look()
    assert work.told == "starting to look for scripts"
    assert say({"doing": "looking for scripts", "done": 1500, "total": None}) == "looking for scripts · 1,500 so far"
    reading = {"doing": "reading scripts", "total": 2000}
    assert say({**reading, "done": 100}) == "reading scripts · 100 of 2,000"
    now[0] += 10
    assert say({**reading, "done": 200}) == "reading scripts · 200 of 2,000 · 3m left"
    meaning = {"doing": "embedding passages", "done": 0, "total": 9}
    assert say(meaning) == "embedding passages · 0 of 9 · found by words meanwhile"
    say("not read: /a/b.py: line 1", "not every script can be found by meaning: no model")
    report = {"found": 2, "parsed": 0, "removed": 1, "models": 1, "others": 3, "seconds": 61.2}
    broken = [{"path": f"/a/\x1b[31m{n}.py", "reason": "line 1"} for n in range(2)]
    say(*json.dumps(report | {"broken": broken}, indent=2).split("\n"))
    assert work.outcome.text == (
        "2 files · nothing new · 1 gone · 1 model script can be searched · 3 train no model · 1m01s · "
        f"2 not read, see {log}; "
        "not every script can be found by meaning: no model"
    )


async def test_an_indexing_that_says_nothing_ends_with_a_reason(empty_home: Path, scripts: Path) -> None:
    empty_home.mkdir()
    work = Indexing.start(empty_home, [scripts])
    os.kill(work._pid, signal.SIGKILL)
    while await asyncio.to_thread(work.look):
        await asyncio.sleep(0.05)
    assert work.outcome == indexing.Outcome("not everything is indexed: it ended without a word", failed=True)


async def test_a_home_that_cannot_be_written_is_told(empty_home: Path, scripts: Path) -> None:
    async with opened(empty_home, SIZE) as driven:
        await driven.shows("12 scripts are indexed")
        (empty_home / LOG).mkdir()
        await driven.main._start_indexing([scripts])
        await driven.told("Indexing cannot be started")
