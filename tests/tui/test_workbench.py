"""The workbench's journeys, by keyboard, on runs that no trainer made."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste
from textual.screen import Screen
from textual.widgets import Input

from engine.config import ConfigError, coerce
from engine.runs import about, steering
from index.indexing import update as indexing
from tests.tui.conftest import Driven, Typed, opened
from tests.tui.fake_run import BEGUN, FakeRun
from tui.app import Workbench
from tui.keys import actions
from tui.keys.actions import ACTIONS
from tui.runs import session
from tui.runs.session import Device
from tui.screens import found, main
from tui.screens.about_run import AboutScreen
from tui.screens.found import FoundScreen
from tui.screens.help import FindInput, HelpScreen
from tui.screens.main import MainScreen
from tui.screens.new_run import NewRunScreen
from tui.scripts.carrying import Carried, CarryOver
from tui.widgets.curve import CurvePlot
from tui.widgets.fields import Choice
from tui.widgets.run_view import RunView
from tui.widgets.runs import RunsList
from tui.widgets.scripts import ResultsTable, ScriptsPane

A_MODEL = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)

    def forward(self, x):
        return self.conv(x)
"""
SIZES = [(20, 5), (40, 10), (300, 80)]  # beyond those of which there are pictures, in test_screens


async def ready(driven: Driven) -> None:
    """The list is read, the running run is drawn, the search child has answered."""
    await driven.until(lambda: len(driven.main.query_one(RunsList).rows) == 5, "the list of runs")
    await driven.until(lambda: driven.main.query_one(RunView).snapshot is not None, "the selected run")


async def asked(driven: Driven, *question: str) -> ResultsTable:
    """A question is asked and answered, the focus on the results."""
    await ready(driven)
    await driven.press("3", *(question or [Typed("unet")]))
    table = driven.main.query_one(ResultsTable)
    await driven.until(lambda: table.row_count == 12, "the results")
    await driven.press("enter")
    return table


# ---------------------------------------------------------------------- opening


async def test_a_run_says_when_samples_come_and_what_it_does_after_its_last_step(empty_home: Path) -> None:
    settings = {"preset": "digits", "sample_every": 300, "evaluate_every": 500}
    run = FakeRun(empty_home / "runs" / "digits-20260314-090000-aaaa", total=500)
    run.start(config=settings).hold().train(10, 420)
    try:
        async with opened(empty_home, (120, 36)) as driven:
            await driven.shows("The first samples come at step 500.", "left 4s")
            run.train(430, 500)
            await driven.shows("500/500", "saving", "25s  saving")
            assert "0s left" not in driven.text
            run.event("checkpoint", 500, 25.0, path="checkpoints/step-00000500", seconds=0.1, bytes=1)
            await driven.shows("25s  drawing samples", "0.3445 drawing samples")
            assert "first samples" not in driven.text
            run.sample(500)
            await driven.shows("25s  measuring")
    finally:
        run.release()


async def test_it_opens_on_the_running_run(home: Path) -> None:
    async with opened(home) as driven:
        await ready(driven)
        await driven.shows("2 digits-20260314-090400-a4f3 · running", "step 3120/5000", "lr 3e-3", "1280 images/s")
        for state in ("running", "finished", "stopped", "failed", "lost"):
            assert re.search(rf"\b{state}\b", driven.text)
        assert "1 training" in driven.text
        await driven.until(lambda: "⣀" in driven.text or re.search(r"[⠁-⣿]", driven.text) is not None, "the curve")
        await driven.shows("samples · step 3000", "estimates while denoising", "▄▄▄")


async def test_without_a_running_run_it_opens_on_the_newest(home: Path, runs: dict[str, FakeRun]) -> None:
    runs["running"].end("finished", 3120)
    async with opened(home) as driven:
        await driven.shows("2 digits-20260314-090400-a4f3 · finished")


async def test_an_empty_home_says_what_to_do(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(empty_home) as driven:
        await driven.shows(
            "No runs yet",
            "Press n to train a first one",
            "12 scripts are indexed",
            "Ask above (/)",
        )
        why = "the index is of another version; `diffwb index` builds it anew"
        driven.main.query_one(ScriptsPane).hear({"event": "ready", "scripts": 0, "models": 0, "notice": why})
        await driven.shows("The index is of another version")
        driven.main.query_one(ScriptsPane).hear({"event": "ready", "scripts": 0, "models": 0})
        await driven.shows("diffwb index PATH")
        await driven.press("S")
        await driven.shows("Nothing to stop")
        await driven.press("y")
        await driven.shows("Nothing is selected")


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (80, 24), (120, 36)])
async def test_each_pane_of_an_empty_home_says_what_to_do_where_it_is_the_only_one(
    empty_home: Path, size: tuple[int, int]
) -> None:
    async with opened(empty_home, size) as driven:
        for key, said in (("1", "n starts a first"), ("2", "No runs yet"), ("3", "12 scripts are")):
            await driven.press("escape", key)
            await driven.shows(said)


async def test_what_is_indexed_meanwhile_is_counted(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found, "RECOUNT", 0.05)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/net.py").write_text(A_MODEL)
    async with opened(empty_home) as driven:
        await driven.shows("12 scripts are indexed")
        driven.main.query_one(ScriptsPane).hear({"event": "ready", "scripts": 0, "models": 0})
        await driven.shows("No scripts yet")
        pane = driven.main.query_one(ScriptsPane)
        pane.question.focus()
        pane.ask("nothing")
        await driven.until(lambda: pane._heard == pane._asked > 0, "an answer")
        await driven.shows("No scripts yet")
        assert "meaning" not in driven.text  # nothing was searched
        pane.ask("")
        await asyncio.to_thread(indexing.update, empty_home / "index", [tmp_path / "scripts"], embed=False)
        await driven.shows("1 script is indexed")


# ---------------------------------------------------------------------- watching


@pytest.mark.parametrize(("key", "widget"), [("slash", "question"), ("3", "question")])
async def test_keys_may_be_quicker_than_the_scripts_pane(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, key: str, widget: str
) -> None:
    """The first screen does not wait for that pane; who goes there meanwhile arrives once it is there."""
    late, opening = asyncio.Event(), FoundScreen._open_scripts

    async def open_late(screen: FoundScreen) -> None:
        await late.wait()
        await opening(screen)

    monkeypatch.setattr(FoundScreen, "_open_scripts", open_late)
    async with opened(empty_home) as driven:
        await driven.shows("No runs yet.")
        await driven.press(key, "y", "escape", key, "question_mark")
        await driven.until(lambda: isinstance(driven.app.screen, HelpScreen), "the help")
        await driven.press("escape")
        late.set()
        await driven.until(lambda: driven.focused is not None and driven.focused.id == widget, "the question")


async def test_new_points_samples_and_runs_appear(home: Path, runs: dict[str, FakeRun]) -> None:
    async with opened(home) as driven:
        await ready(driven)
        runs["running"].train(3130, 3400).sample(3400, 5)
        await driven.shows("step 3400/5000", "samples · step 3400")
        late = FakeRun(home / "runs" / "late-20260314-120000-beef").start(
            time="2026-03-14T12:00:00Z", config={"preset": "digits"}
        )
        await driven.shows("late")
        late.end("failed", 5, "out of memory")
        runs["running"].end("finished", 3400)
        await driven.shows("· finished")


async def test_log_scale(home: Path) -> None:
    async with opened(home, (200, 60)) as driven:
        await ready(driven)
        await driven.shows("0.75")
        curve = driven.main.query_one(CurvePlot)
        await driven.press("l")
        assert curve.view.log
        await driven.shows("0.3")
        await driven.press("l")
        assert not curve.view.log


async def test_a_run_folder_that_vanishes_is_told(home: Path, runs: dict[str, FakeRun]) -> None:
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("j")
        await driven.shows("· finished")
        shutil.rmtree(runs["finished"].folder)
        await driven.until(lambda: len(driven.main.query_one(RunsList).rows) == 4, "the shorter list")
        assert driven.app.is_running


async def test_a_picture_that_is_none_is_told(home: Path, runs: dict[str, FakeRun]) -> None:
    running = runs["running"]
    running.sample(3250)
    (running.folder / "samples/step-00003250.png").write_bytes(b"\x89PNG half")
    async with opened(home) as driven:
        await ready(driven)
        await driven.shows("cannot be read as a picture")


async def test_nothing_is_painted_while_nothing_changes(home: Path, runs: dict[str, FakeRun]) -> None:
    runs["running"].release()
    async with opened(home) as driven:
        await ready(driven)
        await driven.shows("denoising", "12 scripts are indexed")
        painted: list[float] = []
        compositor = type(driven.main._compositor)
        original = compositor.render_update
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                compositor,
                "render_update",
                lambda self, *a, **k: (painted.append(time.monotonic()), original(self, *a, **k))[1],
            )
            # What is under way on a busy machine may still be painted; then there is nothing left to paint.
            begun = time.monotonic()
            await driven.until(lambda: time.monotonic() - max(painted, default=begun) > 3, "quiet", seconds=30)


# ---------------------------------------------------------------------- panes and sizes


async def test_panes_by_tab_number_and_zoom(home: Path) -> None:
    async with opened(home) as driven:
        await ready(driven)
        screen = driven.main

        def at() -> str:
            return next(pane for pane in ("runs", "run", "scripts") if screen.has_class(f"-at-{pane}"))

        seen = [at()]
        for key in ("tab", "tab", "tab", "shift+tab"):
            if seen[-1] == "scripts":
                await driven.press("escape")  # letters are typed while the question has the focus; tab is not
                await driven.press("3")
            await driven.press(key)
            seen.append(at())
        assert seen == ["runs", "run", "scripts", "runs", "scripts"]
        await driven.press("escape")
        assert at() == "runs"
        await driven.press("2")
        assert at() == "run"
        assert driven.main.query_one(RunView).has_focus
        await driven.press("z")
        assert screen.query_one(RunsList).size.width == 0
        assert screen.query_one(RunView).size.width > 100
        assert driven.text.splitlines()[-1].startswith("z all panes")
        await driven.press("escape")
        assert screen.query_one(RunsList).size.width > 20
        await driven.press("1")
        assert driven.main.query_one(RunsList).has_focus


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_works(home: Path, devices: list[Device], size: tuple[int, int]) -> None:
    async with opened(home, size) as driven:
        await driven.until(lambda: len(driven.main.query_one(RunsList).rows) == 5, "the list of runs")
        for keys_ in (("2",), ("l",), ("z",), ("z",), ("slash", "u"), ("enter",), ("enter",), ("escape",), ("escape",)):
            await driven.press(*keys_)
        for keys_ in (("question_mark",), ("escape",), ("n",), ("escape",), ("S",), ("n",), ("1",)):
            await driven.press(*keys_)
        assert driven.app.is_running
        lines = driven.text.splitlines()
        assert len(lines) == size[1]
        assert max(map(len, lines)) <= size[0]


async def test_narrow_terminals_show_what_has_the_focus(home: Path) -> None:
    async with opened(home, (80, 24)) as driven:
        await ready(driven)
        await driven.shows("1 Runs 5", "2 digits-2026", "samples")
        assert "3 Scripts" not in driven.text
        await asked(driven)
        await driven.shows("3 Scripts", "Model ID", "Similarity", "words and meaning")
        assert "1 Runs" not in driven.text
        await driven.press("1")
        await driven.shows("1 Runs 5")


async def test_a_very_narrow_terminal_shows_only_what_has_the_focus(home: Path) -> None:
    async with opened(home, (50, 20)) as driven:
        await ready(driven)
        assert "2 digits" not in driven.text
        await driven.press("2")
        await driven.shows("2 digits-20260314-090400-a4f3")
        assert "1 Runs" not in driven.text


async def test_a_small_terminal_shows_the_strip_where_the_run_has_it_alone(home: Path) -> None:
    async with opened(home, (80, 24)) as driven:
        await ready(driven)
        await driven.press("2")
        await driven.shows("samples · step 3000")
        assert "denoising" not in driven.text
        await driven.press("z")
        await driven.shows("samples · step 3000", "estimates while denoising")
        curve, strip = driven.main.query_one("#curve").size, driven.main.query_one("#strip").size
        assert curve.height >= 5
        assert strip.height >= 4
        await driven.press("z")
        await driven.until(lambda: "denoising" not in driven.text, "the strip gone")


async def test_a_storm_of_sizes(home: Path) -> None:
    async with opened(home) as driven:
        await ready(driven)
        for size in [(20, 5), (300, 80), (81, 24), (1, 1), (119, 36), (60, 60), (200, 10), (120, 36)] * 2:
            await driven.pilot.resize_terminal(*size)
        await driven.shows("1 Runs 5", "step 3120/5000")


# ---------------------------------------------------------------------- finding


async def test_a_question_is_answered_as_it_is_typed(home: Path) -> None:
    async with opened(home, (200, 50)) as driven:
        table = await asked(driven, *"unet")
        await driven.shows("12 scripts", "13 ms", "words and meaning", "created 2025-04", "not dataset MNIST", "“unet”")
        assert [str(column.label).replace("\n", " ") for column in table.ordered_columns] == [
            *("Rank", "Model ID", "Similarity Score", "Similarity Distance", "Size", "Created", "Modified", "Path"),
            *("Description", "Framework", "Arch", "Dataset", "Batch", "LR", "Optimizer", "Epochs", "HW"),
        ]
        assert table.fixed_columns == 2
        await driven.shows("Conv2d used 14 times", "line 1020", "train_autoencoder")
        await driven.press("j")
        await driven.shows("/home/me/v1/script.py")
        await driven.press("G")
        assert table.cursor_row == 11
        await driven.press("g")
        assert table.cursor_row == 0
        await driven.press("right")
        moved = table.scroll_x
        assert moved > 0
        await driven.press("L", "left", "H")
        assert table.scroll_x < moved
        await driven.press("j", "y")
        assert driven.app.clipboard == "/home/me/v1/script.py"


async def test_a_script_opens_and_closes(home: Path) -> None:
    async with opened(home) as driven:
        table = await asked(driven)
        await driven.press("enter")
        await driven.shows("unet: class UNet  line 40", "line_34 = 34", "Timesteps     500  line 17")
        await driven.press("escape")
        assert table.has_focus
        await driven.press("escape")
        assert driven.main.query_one(RunsList).has_focus


async def test_answers_that_are_none(home: Path) -> None:
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("3", Typed("nothing"))
        await driven.shows("Nothing found", "0 scripts")
        pane = driven.main.query_one(ScriptsPane)
        pane.question.value = "bad:"
        await driven.shows("column 5: a value is missing after bad:")
        pane.question.value = ""
        await driven.shows("12 scripts are indexed")
        pane.question.value = "die"
        await driven.shows("The search is not there", "exit code 3", "diffwb doctor")
        await driven.press("escape")
        assert driven.main.query_one(RunsList).has_focus


async def test_words_come_first_and_meaning_is_announced(home: Path) -> None:
    async with opened(home) as driven:
        await asked(driven)
        pane = driven.main.query_one(ScriptsPane)
        early = {"rank": 1, "model_id": "early", "path": "/e.py", "similarity_score": 0.0}
        response = {"results": [early], "took_ms": {"total": 4.2}}
        pane.hear({"id": pane._asked, "stage": "words", "response": response})
        await driven.shows("early", "1 script", "4 ms", "words now, meaning in a moment")
        assert [str(one) for one in pane.table.get_row_at(0)[:4]] == ["1", "early", "…", "…"], "not measured yet"
        pane.hear({"event": "meaning-failed", "message": "no model"})
        await driven.shows("words only: no model")
        assert [str(one) for one in pane.table.get_row_at(0)[:4]] == ["1", "early", "0.00", "N/A"]
        notices = ["the index is of another version", "another"]
        pane.hear({"id": pane._asked, "stage": "words", "response": response, "notices": notices})
        await driven.shows("words only: no model", "the index is of another version")
        pane.hear({"id": pane._asked - 1, "stage": "words", "response": {"results": []}})  # an old question's answer
        assert driven.main.query_one(ResultsTable).row_count == 1


# ---------------------------------------------------------------------- starting and stopping


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> list[Device]:
    found = [
        session.AUTO,
        Device("cuda:0", "NVIDIA H200, 140 GiB"),
        Device("cuda:1", "NVIDIA H200, 140 GiB"),
        session.CPU,
    ]

    async def listed() -> list[Device]:
        return found

    monkeypatch.setattr(main, "list_devices", listed)
    return found


class Trainer:
    """Stands in for the trainer's process; the run it makes is held by this one."""

    def __init__(self) -> None:
        self.pid = 0
        self.returncode: int | None = None
        self.values: dict[str, str] = {}
        self.queued = False

    def poll(self) -> int | None:
        return self.returncode


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    trainer = Trainer()

    def start(home: Path, values: dict[str, str], log: Path, queue: bool) -> Trainer:
        trainer.values, trainer.queued = dict(values), queue
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")
        return trainer

    monkeypatch.setattr(session, "start_training", start)
    return trainer


async def test_a_run_is_started_from_the_form(empty_home: Path, devices: list[Device], trainer: Trainer) -> None:
    async with opened(empty_home) as driven:
        await driven.shows("No runs yet")
        await driven.press("n")
        await driven.shows("New run", "preset", "digits", "article-mnist", "diffwb --train --preset digits")
        form = driven.app.screen
        assert isinstance(form, NewRunScreen)
        await driven.until(
            lambda: form.query_one("#device", Choice).values == ["auto", "cuda:0", "cuda:1", "cpu"], "devices"
        )
        await driven.press("down", "down", "right")
        await driven.shows("--device cuda:0", "NVIDIA H200")
        await driven.press("down", "down", *"\b", "1", "2", "0")
        await driven.shows("--steps 120")
        await driven.press("enter")
        await driven.until(lambda: driven.app.screen is driven.main, "the workbench")
        assert trainer.values == {"preset": "digits", "device": "cuda:0", "steps": "120"}
        await driven.shows("starting", "torch is being loaded", "1 training")
        run = FakeRun(empty_home / "runs" / "digits-20260314-100000-cafe", total=120).start().train(10, 60).hold()
        trainer.pid = os.getpid()
        await driven.shows("2 digits-20260314-100000-cafe · running", "step 60/120")
        assert not list((empty_home / "runs" / ".starting").iterdir())
        run.end("finished", 120)


async def test_a_trainer_that_does_not_start_is_told(empty_home: Path, devices: list[Device], trainer: Trainer) -> None:
    async with opened(empty_home) as driven:
        await driven.press("n", "ctrl+s")
        await driven.shows("starting")
        (log,) = (empty_home / "runs" / ".starting").iterdir()
        log.write_text("Traceback\ndiffwb: error: device: 'cuda:9' is not there; cpu is accepted\n")
        trainer.returncode = 2
        await driven.shows("failed", "did not start", "'cuda:9' is not there")
        assert "training" not in driven.text.splitlines()[-1]
        await driven.press("S")
        await driven.shows("Nothing to stop")
        trainer.returncode = None
        await driven.press("n", "enter", "ctrl+s")
        await driven.shows("starting")


async def test_a_trainer_that_does_not_start_is_filtered_as_runs_are(
    home: Path, devices: list[Device], trainer: Trainer
) -> None:
    async with opened(home) as driven:
        await driven.press("slash")
        driven.app.post_message(Paste("state:finished"))
        await driven.shows("1 Runs 1 of 5")
        await driven.press("enter", "n", "ctrl+s")
        await driven.shows("starting", "1 Runs 2 of 6")  # what was started is seen
        trainer.returncode = 2
        await driven.told("digits did not start")
        await driven.shows("1 Runs 1 of 6")
        await driven.press("slash", "ctrl+u")
        driven.app.post_message(Paste("state:failed lr:3e-3"))
        await driven.shows("1 Runs 2 of 6", "the trainer ended")


async def test_a_form_whose_run_did_not_start_comes_back_as_it_was(
    empty_home: Path, devices: list[Device], trainer: Trainer
) -> None:
    carried = CarryOver(
        "nets/unet.py", "mnist", (Carried("lr", "2e-4", "line 9"), Carried("epochs", "3", "line 7")), ()
    )
    async with opened(empty_home) as driven:
        driven.main.run_worker(driven.main._fill_form({}, carried))
        await driven.shows("unet.py: 2 settings", "line 9")
        driven.app.screen.query_one("#lr", Input).value = "9e-4"
        await driven.until(lambda: "line 9" not in driven.text, "the changed rate")
        await driven.press("ctrl+t", "ctrl+s")
        await driven.shows("queued", "joins the queue")
        trainer.returncode = 2
        await driven.shows("did not start", "n opens its form as it was filled")
        await driven.press("n")
        command = "diffwb --train --queue --preset mnist --epochs 3 --lr 9e-4"
        await driven.shows(command, "unet.py: 2 settings", "line 7")
        assert "line 9" not in driven.text
        trainer.returncode = None
        await driven.press("ctrl+s")
        await driven.shows("queued", "joins the queue")
        assert trainer.values == {"preset": "mnist", "epochs": "3", "lr": "9e-4"}


async def test_what_did_not_start_is_taken_off_the_list(
    empty_home: Path, devices: list[Device], trainer: Trainer
) -> None:
    async with opened(empty_home) as driven:
        await driven.press("n", "ctrl+s")
        await driven.shows("starting")
        await driven.press("D")
        await driven.told("Nothing to remove: digits is starting")
        trainer.returncode = 2
        await driven.shows("did not start")
        await driven.press("D")
        await driven.shows("No runs yet")
        assert not list((empty_home / "runs" / ".starting").iterdir())


async def test_a_run_is_put_in_line_from_the_form(empty_home: Path, devices: list[Device], trainer: Trainer) -> None:
    async with opened(empty_home) as driven:
        await driven.press("n", "ctrl+t")
        await driven.shows("diffwb --train --queue --preset digits")
        await driven.press("ctrl+t")
        await driven.shows("diffwb --train --preset digits")
        await driven.press("ctrl+t", "ctrl+s")
        await driven.until(lambda: trainer.queued, "the start")
        run = FakeRun(empty_home / "runs" / "digits-20260314-100000-cafe")
        run.folder.mkdir()
        run.event("queued", 0, 0, device="cpu", place=3, config={"preset": "digits"})
        run.hold()
        try:
            trainer.pid = os.getpid()
            await driven.shows("its turn: loading torch", "· queued")
        finally:
            run.release()


async def test_a_process_that_cannot_be_started_is_told(
    empty_home: Path, devices: list[Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(session, "start_training", refuse)
    async with opened(empty_home) as driven:
        await driven.press("n", "ctrl+s")
        await driven.shows("cannot be started", "No space left")


@pytest.mark.parametrize(("name", "typed"), [("steps", "0"), ("batch_size", "-3"), ("lr", "fast"), ("steps", "1.5")])
async def test_the_form_refuses_in_the_words_of_the_command_line(
    empty_home: Path, devices: list[Device], name: str, typed: str
) -> None:
    async with opened(empty_home) as driven:
        await driven.press("n")
        form = driven.app.screen
        assert isinstance(form, NewRunScreen)
        field = form.query_one(f"#{name}")
        field.focus()
        await driven.press("backspace", *typed)
        with pytest.raises(ConfigError) as refused:
            coerce(name, typed)
        told = form.query_one(f"#{name}-message")
        await driven.until(lambda: str(told.render()) == str(refused.value), "the message")
        await driven.press("ctrl+s")
        assert driven.app.screen is form
        await driven.press("escape")
        await driven.shows("Leave the form?", "What was set in it is lost.")
        await driven.press("n", "escape", "y")
        await driven.until(lambda: driven.app.screen is driven.main, "the workbench")


async def test_the_form_follows_its_preset(empty_home: Path, devices: list[Device]) -> None:
    (empty_home).mkdir(parents=True)
    (empty_home / "config.toml").write_text('device = "cuda:1"\n')
    async with opened(empty_home) as driven:
        await driven.press("n")
        form = driven.app.screen
        assert isinstance(form, NewRunScreen)
        assert form.query_one("#device", Choice).value == "cuda:1"
        await driven.press("right")
        assert form.query_one("#preset", Choice).value == "article-mnist"
        await driven.shows("diffwb --train --preset article-mnist")
        await driven.press("down")  # what the presets are lies above what they set
        await driven.shows("epochs             10")
        await driven.press("up", "left", "end", "home", "space", "down", "up", "ctrl+y")
        assert driven.app.clipboard == "diffwb --train --preset article-mnist"


async def test_a_home_file_with_a_mistake_is_told_and_the_form_opens(empty_home: Path, devices: list[Device]) -> None:
    empty_home.mkdir(parents=True)
    (empty_home / "config.toml").write_text("batch_size = -1\n")
    async with opened(empty_home) as driven:
        await driven.told("batch_size: -1 is not accepted")
        await driven.press("n")
        await driven.shows("New run")
        await driven.told("batch_size: -1 is not accepted", times=2)


async def test_stopping_asks_first(home: Path, runs: dict[str, FakeRun], monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[Path] = []
    monkeypatch.setattr(steering, "stop", stopped.append)
    async with opened(home) as driven:
        await ready(driven)
        for answer in ("n", "escape"):
            await driven.press("S")
            await driven.shows("Stop this run?", "digits-20260314-090400-a4f3")
            await driven.press(answer)
        assert stopped == []
        await driven.press("S", "y")
        await driven.shows("stopping")
        assert [folder.name for folder in stopped] == ["digits-20260314-090400-a4f3"]
        runs["running"].train(3130, 3140)
        await driven.shows("a4f3 · stopping")
        runs["running"].end("stopped", 3140)
        await driven.shows("a4f3 · stopped", "Stopped with a checkpoint")
        await driven.press("j", "S")
        await driven.shows("Nothing to stop", "a3f3 is finished")


async def test_a_run_that_ended_meanwhile_is_not_signalled(home: Path, runs: dict[str, FakeRun]) -> None:
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("S")
        runs["running"].release()
        await driven.press("enter")
        await driven.shows("is lost, not running")


async def test_a_checkpoint_is_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(steering, "checkpoint", asked.append)
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("c")
        await driven.told("writes a checkpoint and samples")
        assert [folder.name for folder in asked] == ["digits-20260314-090400-a4f3"]
        await driven.press("j", "c")
        await driven.told("Nothing to write: digits-20260314-090300-a3f3 is finished")


async def test_a_run_goes_on_from_the_list(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []

    trainer = Trainer()

    def start(home: Path, arguments: list[str], log: Path) -> Trainer:
        begun.append(arguments)
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("diffwb: error: no device is free\n")
        return trainer

    monkeypatch.setattr(session, "start_trainer", start)
    finished = home / "runs" / "digits-20260314-090300-a3f3" / "config.toml"
    finished.write_text('preset = "digits"\nsteps = 5000\n')
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("r")
        await driven.told("Nothing to resume: digits-20260314-090400-a4f3 is running")
        await driven.press("j", "r")
        await driven.told("has finished its 5,000 steps, nothing is left to resume")
        await driven.press("j", "r")
        await driven.shows("starting")
        ((train, flag, run),) = begun
        assert (train, flag, Path(run).name) == ("--train", "--resume", "digits-20260314-090200-a2f3")
        await driven.told(
            "digits-20260314-090200-a2f3 shares cpu with digits-20260314-090400-a4f3, which goes on there; "
            "Q instead of r lets it wait for it."
        )
        await driven.shows("1 Runs 5", "2 digits-20260314-090200-a2f3 · starting", "It goes on once torch is loaded")
        assert "Stopped with a checkpoint" not in driven.text
        assert re.search(r"[⠁-⣿]", driven.text), "the curve stays"
        trainer.returncode = 2
        await driven.told("digits-20260314-090200-a2f3 does not go on: no device is free")
        await driven.shows("Stopped with a checkpoint", "· stopped")
        row = driven.main.query_one(RunsList).selected
        assert row is not None and (row.state, row.note) == ("stopped", "no device is free")


async def test_that_one_whose_turn_has_come_has_the_device_is_told(
    home: Path, runs: dict[str, FakeRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(home: Path, arguments: list[str], log: Path) -> Trainer:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")
        return Trainer()

    monkeypatch.setattr(session, "start_trainer", start)
    runs["running"].end("stopped", 10).release()
    next_ = FakeRun(home / "runs" / "next", begun=datetime(2026, 4, 1, tzinfo=UTC))
    next_.folder.mkdir(parents=True)
    next_.hold()
    next_.event("queued", 0, 0, device="cpu", place=1, config={"preset": "digits"})
    try:
        async with opened(home) as driven:
            await driven.shows("its turn: loading torch")
            await driven.press("G", "g", "j", "r")
            await driven.told("shares cpu with next, which goes on there; Q instead of r lets it wait for it.")
            assert driven.main.running == 1
            await driven.press("j", "j", "Q")
            await driven.shows("joins the queue")
            assert driven.main.running == 1, "one that waits does not train"
    finally:
        next_.release()


async def test_a_run_is_removed_after_asking_and_no_live_one(home: Path) -> None:
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("D")
        await driven.told("Nothing to remove: digits-20260314-090400-a4f3 is running")
        await driven.press("j", "D")
        await driven.shows("Remove this run?", "digits-20260314-090300-a3f3", "u brings back")
        await driven.press("n")
        assert (home / "runs" / "digits-20260314-090300-a3f3").exists()
        await driven.press("D", "y")
        await driven.until(lambda: len(driven.main.query_one(RunsList).rows) == 4, "one run less")
        assert (home / "runs" / ".trash" / "digits-20260314-090300-a3f3" / "events.jsonl").exists()


async def test_a_run_is_named_noted_and_tagged(home: Path) -> None:
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("j", "e", Typed("good [/b]"), "down", Typed("a note"), "down", Typed("keep best"), "enter")
        await driven.shows("good [/b]")
        folder = home / "runs" / "digits-20260314-090300-a3f3"
        assert about.read(folder) == about.About("good [/b]", "a note", ("keep", "best"))
        await driven.shows("2 good [/b] · finished", "#keep #best  a note")
        await driven.press("e", "down", Typed(" goes on"), "enter")  # what a person wrote is not typed over
        await driven.shows("a note goes on")
        assert about.read(folder).note == "a note goes on"
        await driven.press("e", Typed("!"), "escape")
        assert about.read(folder).name == "good [/b]"


async def test_a_note_leaves_where_a_run_came_from(home: Path) -> None:
    folder = home / "runs" / "digits-20260314-090300-a3f3"
    about.came_from(folder, "/data/scripts/train_unet.py")
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("j")
        await driven.shows("from /data/scripts/train_unet.py")
        await driven.press("e", "down", Typed("a note"))
        await driven.shows("from", "/data/scripts/train_unet.py")
        await driven.press("enter")
        await driven.shows("a note  from /data/scripts/train_unet.py")
    assert about.read(folder) == about.About(note="a note", origin="/data/scripts/train_unet.py")


async def test_a_note_with_a_long_path_keeps_the_files_name(home: Path) -> None:
    folder = home / "runs" / "digits-20260314-090300-a3f3"
    about.note(folder, "from /data/scratch/someone/projects/generative/Denoising-Models/train_unet.py")
    async with opened(home, (120, 36)) as driven:
        await ready(driven)
        await driven.press("j")
        await driven.shows("2 digits 0314-0903 a3f3", "train_unet.py")


async def test_a_queued_run_says_so_and_can_leave_the_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[Path] = []
    monkeypatch.setattr(steering, "stop", stopped.append)
    waiting = FakeRun(home / "runs" / "later", begun=datetime(2026, 4, 1, tzinfo=UTC))
    waiting.folder.mkdir(parents=True)
    waiting.hold()
    waiting.event("queued", 0, 0, device="cpu", place=1, config={"preset": "digits"})
    try:
        async with opened(home) as driven:
            await driven.shows("later", "queued", "number 1 in cpu's queue")
            await driven.press("g")
            await driven.shows("later · queued", "It is in the queue")
            await driven.press("S")
            await driven.shows("Take this run out of the queue?", "r starts it, Q puts it back in the queue.")
            await driven.press("y")
            await driven.until(lambda: stopped == [waiting.folder], "the wish")
            waiting.end("stopped", 0)
            await driven.shows("Taken out of the queue before it began. r starts it", "not begun yet")
    finally:
        waiting.release()


# ---------------------------------------------------------------------- leaving, help, palette


async def test_leaving(home: Path) -> None:
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("q")
        assert not driven.app.is_running
        assert driven.main.running == 1


async def test_the_palette_holds_what_can_be_done_from_here(home: Path) -> None:
    """Those of the focused pane first, those of the others too, found by name, key and help."""
    async with opened(home) as driven:
        await ready(driven)
        await driven.press("ctrl+p", Typed("zoom"))
        await driven.shows("Zoom (z)")
        await driven.press("enter")
        await driven.until(lambda: driven.main.has_class("-zoomed"), "the zoom")
        await driven.press("3", Typed("unet"), "enter", "ctrl+p")
        await driven.shows("Train (t)")
        assert "New run (n)" not in driven.text, "the focused pane's come first"
        await driven.press("escape", "1", "ctrl+p", Typed("filled from"))
        await driven.shows("Train (t)")
        await driven.press("enter")
        await driven.until(lambda: isinstance(driven.app.screen, NewRunScreen), "the form, filled from the script")
        assert driven.main.pane == "scripts"
        await driven.press("ctrl+p", Typed("equal command"))
        await driven.shows("Copy command (ctrl+y)")
        await driven.press("enter")
        await driven.shows("The command")


def test_every_action_has_the_method_it_names() -> None:
    from tui.screens.columns import ColumnsScreen
    from tui.screens.compare import CompareScreen, Page
    from tui.screens.confirm import ConfirmScreen
    from tui.screens.differences import DifferencesScreen
    from tui.screens.export import ExportScreen
    from tui.screens.generate import GenerateScreen
    from tui.screens.index_folder import IndexFolderScreen
    from tui.screens.machine import MachineScreen
    from tui.screens.save import SaveScreen
    from tui.screens.script import ScriptScreen
    from tui.screens.tags import TagsScreen
    from tui.widgets.answer import WrittenAnswer
    from tui.widgets.chips import ChipRow
    from tui.widgets.question import QuestionInput
    from tui.widgets.run_log import RunLog
    from tui.widgets.runs_pane import FilterInput
    from tui.widgets.source import SourceView
    from tui.widgets.walk import Walk

    owners: dict[str, list[type]] = {
        actions.MAIN: [MainScreen],
        actions.RUN: [RunView],
        actions.RUNS: [RunsList],
        actions.FILTER: [FilterInput],
        actions.LOG: [RunLog],
        actions.PAGE: [DifferencesScreen],
        actions.EXPORT: [ExportScreen],
        actions.LIST: [RunsList, ResultsTable, Walk, SourceView, Page],
        actions.TABLE: [ResultsTable, SourceView],
        actions.RESULTS: [ResultsTable],
        actions.ANSWER: [WrittenAnswer],
        actions.CHIPS: [ChipRow],
        actions.SCRIPT: [ScriptScreen],
        actions.COMPARE: [CompareScreen],
        actions.COLUMNS: [ColumnsScreen],
        actions.SEARCH: [QuestionInput],
        actions.FORM: [NewRunScreen],
        actions.CHOICE: [Choice],
        actions.CONFIRM: [ConfirmScreen],
        actions.ABOUT: [AboutScreen, TagsScreen],
        actions.HELP: [HelpScreen],
        actions.FIND: [FindInput],
        actions.GENERATE: [GenerateScreen],
        actions.SAVE: [SaveScreen],
        actions.INDEX: [IndexFolderScreen],
        actions.MACHINE: [MachineScreen],
        actions.APP: [Workbench],
    }
    for action in ACTIONS:
        for owner in owners[action.where]:
            name = f"action_{action.id.partition('(')[0]}"
            assert hasattr(owner, name) or (name == "action_command_palette" and issubclass(owner, Screen)), action.id
    keys_at: dict[str, list[str]] = {}
    for action in ACTIONS:
        keys_at.setdefault(action.where, []).extend(action.keys.split(","))
    for where, bound in keys_at.items():
        assert len(bound) == len(set(bound)), f"a key of {where} is bound twice"


async def test_nothing_of_a_run_is_left_where_another_one_is_shown(empty_home: Path) -> None:
    FakeRun(empty_home / "runs" / "digits-20260314-090000-aaaa").start().train(10, 300).sample(250).end("finished", 300)
    FakeRun(empty_home / "runs" / "digits-20260314-090100-bbbb", begun=BEGUN + timedelta(minutes=1)).start().train(
        10, 60
    ).end("stopped", 60)
    async with opened(empty_home, (80, 24)) as driven:
        await driven.shows("bbbb · stopped")
        assert "samples" not in driven.text
        await driven.press("j")
        await driven.shows("samples · step 250")
        await driven.press("k")
        await driven.shows("bbbb · stopped")
        assert "samples" not in driven.text


async def test_without_a_run_no_key_is_named_that_does_nothing(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        await driven.shows("No runs yet")
        await driven.press("2")
        await driven.until(lambda: "m series" not in driven.text, "no key of a curve")
        await driven.press("t")
        await driven.told("No run is shown, and so no log.")
        assert driven.main.pane == "run"
