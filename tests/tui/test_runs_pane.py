"""The list of runs: filtered, chosen, pinned and steered by keys, one run or several."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace
from textual.widgets import Input, Static

from engine.runs import about, steering, trash
from tests.tui.conftest import Driven, Typed, opened
from tests.tui.fake_run import FakeRun
from tui.painting.glyphs import glyphs
from tui.plotting.spark import spark
from tui.runs import session
from tui.runs.columns import lay
from tui.runs.rows import Row
from tui.runs.session import Launch
from tui.screens.differences import DifferencesScreen, page
from tui.screens.export import ExportScreen
from tui.screens.tags import Tags, TagsScreen
from tui.widgets.fields import Choice
from tui.widgets.question import QuestionInput
from tui.widgets.run_view import RunView
from tui.widgets.runs import RunsList
from tui.widgets.runs_pane import FilterInput, RunsPane


def listed(driven: Driven) -> list[Row]:
    return list(driven.main.query_one(RunsList).rows)


async def five(driven: Driven) -> None:
    await driven.until(lambda: len(listed(driven)) == 5, "the list of runs")


async def test_the_list_is_filtered_as_it_is_typed(home: Path) -> None:
    async with opened(home) as driven:
        await five(driven)
        await driven.press("slash", Typed("state:finished"))
        assert isinstance(driven.focused, FilterInput)
        await driven.until(lambda: [row.state for row in listed(driven)] == ["finished"], "the finished run")
        await driven.shows("1 Runs 1 of 5", "· finished")
        await driven.press("enter")
        assert driven.focused is driven.main.query_one(RunsList)
        await driven.press("slash", Typed(",failed"))
        await driven.until(lambda: len(listed(driven)) == 2, "both")
        await driven.press(Typed(" lr:<x"))
        await driven.shows("'x' is no number; lr:<1e-3 is")
        assert len(listed(driven)) == 5, "what cannot be meant hides nothing"
        await driven.press("escape")
        await driven.until(lambda: "no number" not in driven.text, "the list as it was")
        assert len(listed(driven)) == 5 and driven.focused is driven.main.query_one(RunsList)
        await driven.press("slash", Typed("nothing-is-called-so"))
        await driven.shows("no run fits", "Runs 0 of 5", "No run fits the filter", "esc drops it and / changes it")
        assert "No runs yet" not in driven.text and "samples · step" not in driven.text
        await driven.press("down", "S")
        await driven.told("Nothing to stop: no run fits the filter.")
        await driven.press("escape")
        await driven.until(lambda: len(listed(driven)) == 5, "all of them: escape goes one layer out")
        await driven.shows("samples · step 3000")
        await driven.press("slash", "down")
        assert driven.main.query_one(FilterInput).size.height == 0, "an empty filter is put away"


async def test_a_run_that_is_starting_is_found_by_that_word(home: Path, runs: dict[str, FakeRun]) -> None:
    async with opened(home) as driven:
        await five(driven)
        pane, process = driven.main.query_one(RunsPane), cast("subprocess.Popen[bytes]", None)
        new = Launch("new", home / "new.log", process)
        waits = Launch("waits", home / "waits.log", process, queue=True)
        again = Launch("again", home / "again.log", process, run=runs["finished"].folder)
        for launches, word, states in (
            ([again], "starting", ["starting"]),
            ([again], "finished", []),
            ([new], "queued", ["starting"]),
            ([waits], "queued", ["queued"]),  # from the start: torch comes once its turn has
            ([replace(again, queue=True)], "queued", ["queued"]),
        ):
            pane.restore(f"state:{word}")
            pane.show(launches, driven.main._summaries, frozenset(), 0.0, {})
            assert [row.state for row in listed(driven)] == states
            told = str(pane.query_one("#message", Static).content)
            assert told == ("" if states else "no run fits"), "what is said is so of the list"


async def test_a_run_of_one_point_has_its_marker_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for minute, last in ((2, 500), (4, 10)):
        run = FakeRun(home / "runs" / f"digits-20260314-090{minute}00-a{minute}f3")
        run.start(time=f"2026-03-14T09:0{minute}:00Z").train(10, last).end("finished", last)
    async with opened(home, (200, 60)) as driven:
        await driven.until(lambda: len(listed(driven)) == 2, "both runs")
        await driven.press("space", "space")
        one = glyphs().markers[0]
        await driven.until(lambda: driven.text.count(one) > 2, "it on the plot, beside the list and the legend")


async def test_chosen_runs_stay_chosen_and_are_drawn_together(home: Path, runs: dict[str, FakeRun]) -> None:
    async with opened(home, (200, 60)) as driven:
        await five(driven)
        await driven.press("space", "space")
        await driven.shows("1 Runs 5 · 2 chosen", "space choose  esc none")
        pane = driven.main.query_one(RunsList)
        assert [row.state for row in pane.chosen] == ["running", "finished"]
        await driven.shows(*glyphs().markers[:2])
        await driven.until(lambda: len(driven.main.query_one(RunView)._beside) == 2, "both curves")
        await driven.shows("digits a4f3 0.", "digits a3f3 0.")
        await driven.pilot.resize_terminal(120, 36)
        await driven.shows("● …a4f3", "▲ …a3f3")  # which is which before what it says
        about.write(runs["running"].folder, about.About(name="best"))
        await driven.shows("● best", "▲ digits")  # called differently they need no more
        FakeRun(home / "runs" / "newer").start(time="2026-04-01T00:00:00Z")
        await driven.until(lambda: len(listed(driven)) == 6, "a newer run")
        assert [row.state for row in pane.chosen] == ["running", "finished"]
        await driven.press("g", "j", "space")
        assert [row.state for row in pane.chosen] == ["finished"]
        await driven.press("asterisk")
        assert len(pane.chosen) == 6
        await driven.press("asterisk")
        assert pane.chosen == []
        await driven.press("space", "escape")
        assert pane.chosen == []


async def test_alone_on_the_screen_the_list_is_a_table(home: Path, runs: dict[str, FakeRun]) -> None:
    about.write(runs["finished"].folder, about.About(note="the best", tags=("keep",)))
    about.pin(runs["finished"].folder, True)
    async with opened(home, (180, 8)) as driven:
        await five(driven)
        await driven.press("z")
        await driven.shows("state     done", "dataset  batch    lr")
        rows = driven.text.splitlines()[2:]
        assert re.search(r"✓ ↑ digits-\S+-a3f3 +finished +━+ +5000/5000 .* 64 +3e-3 .* #keep  the best$", rows[0])
        assert re.search(r"✗ +digits-\S+-a1f3 +failed .* loss is not finite at step 310", rows[3])
        await driven.press("G")
        titles, *rows = driven.text.splitlines()[1:-1]
        assert "state" in titles and "▌? digits" in rows[-1], "the titles stay where the rows scroll"
        await driven.press("g", "space", "z")
        await driven.shows("▌▶", "1 chosen")
        assert "dataset" not in driven.text


def test_columns_are_left_out_before_any_is_cut() -> None:
    rows = [
        Row("k", "digits-20260314-090300-a3f3", "finished", steps="5000/5000", loss="0.1234", lr="1e-3", batch="64")
    ]
    titles = [[column.title for column, _ in lay(rows, width).columns] for width in (76, 100, 200)]
    assert titles[0] == ["state", "step", "loss", "batch", "lr"]
    assert titles[1] == ["state", "step", "loss", "curve", "batch", "lr"]
    assert titles[2] == ["state", "done", "step", "loss", "curve", "batch", "lr"]
    for width in (76, 100, 200):
        laid = lay(rows, width)
        assert 3 + laid.name + sum(2 + wide for _, wide in laid.columns) <= width
    long = [Row("k", "generative-fashion-mnist_latent_new_model-20260314-090300-a3f3", "finished", lr="1e-3")]
    assert lay(long, 200).name == len(long[0].name) + 2, "a name has what no column takes"
    laid = lay(long, 80)
    assert 3 + laid.name + sum(2 + wide for _, wide in laid.columns) <= 80


async def test_the_footer_names_no_key_that_would_be_typed(home: Path) -> None:
    async with opened(home) as driven:
        await five(driven)
        for key, told in (
            ("slash", "enter runs  esc all runs"),
            ("3", "enter find or ask  tab complete  esc leave  f1 help"),
        ):
            await driven.press("1", key)
            footer = driven.text.splitlines()[-1]
            assert told in footer
            assert "new run" not in footer
            await driven.press("escape")
            assert "n new run" in driven.text.splitlines()[-1]


async def test_the_footer_leads_with_what_does_something_for_the_run_under_the_cursor(home: Path) -> None:
    async with opened(home) as driven:
        await five(driven)

        async def leads(told: str) -> None:
            await driven.until(lambda: driven.text.splitlines()[-1].lstrip().startswith(told), told)

        await leads("S stop  c checkpoint  n new run  space choose")
        await driven.press("j")
        await leads("i draw  n new run  space choose")
        await driven.press("j")
        await leads("r resume  n new run  space choose")
        await driven.press("space", "j", "space")
        await leads("v compare  r resume")
        await driven.press("escape", "g", "2")
        await leads("i draw  w save  m series  s smooth  S stop  c checkpoint")
        assert "resume" not in driven.text.splitlines()[-1]


async def test_a_pane_there_is_no_room_for_is_named_with_its_key(home: Path) -> None:
    async with opened(home, (80, 24)) as driven:
        await five(driven)
        for (width, height), pane, told in (
            ((80, 24), "1", "3 scripts"),
            ((80, 24), "2", "3 scripts"),
            ((120, 36), "1", "n new run"),
            ((80, 24), "1", "3 scripts"),
        ):
            await driven.pilot.resize_terminal(width, height)
            await driven.press(pane)
            footer = f"{told} at {width}×{height}"
            await driven.until(lambda t=told: t in driven.text.splitlines()[-1], footer)
            assert ("3 scripts" in driven.text.splitlines()[-1]) == (width == 80)


async def test_what_else_is_done_with_a_run_is_named_where_there_is_room(home: Path) -> None:
    async with opened(home, (160, 36)) as driven:
        await five(driven)
        await driven.press("j")
        await driven.shows("e name", "D remove", "t log")


async def test_a_run_is_asked_about_by_the_name_it_was_given(home: Path, runs: dict[str, FakeRun]) -> None:
    about.write(runs["finished"].folder, about.About("good one"))
    async with opened(home) as driven:
        await driven.shows("good one")
        await driven.press("j", "D")
        await driven.shows(f"good one ({runs['finished'].folder.name})")
        await driven.press("n", "asterisk", "v")
        await driven.told("5 runs are chosen; v shows in which settings 2 to 4 differ.")
        await driven.press("escape", "g", "space", "j", "space", "v")
        await driven.shows("Settings that differ", "good one")


async def test_chosen_runs_that_something_is_not_for_are_told(home: Path) -> None:
    async with opened(home) as driven:
        await five(driven)
        await driven.press("g", "space", "D")  # the running one
        await driven.told("Nothing to remove: digits-20260314-090400-a4f3 is running.")
        await driven.press("space", "D")  # and the finished one
        await driven.shows("Remove this run?", "digits-20260314-090400-a4f3 is running and stays as it is.")


async def test_a_pinned_run_comes_first_and_stays_there(home: Path, runs: dict[str, FakeRun]) -> None:
    async with opened(home) as driven:
        await five(driven)
        await driven.press("G", "p")
        await driven.until(lambda: listed(driven)[0].state == "lost", "the pinned run")
        selected = driven.main.query_one(RunsList).selected
        assert selected is not None and selected.state == "lost", "the cursor goes with it"
    async with opened(home) as driven:
        await driven.until(lambda: bool(listed(driven)) and listed(driven)[0].state == "lost", "the pin, remembered")
        await driven.press("g", "p")
        await driven.until(lambda: listed(driven)[-1].state == "lost", "the order as it was")
    assert not about.read(runs["lost"].folder).pinned


async def test_several_runs_are_steered_at_once(
    home: Path, runs: dict[str, FakeRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[str] = []
    started: list[list[str]] = []
    monkeypatch.setattr(steering, "stop", lambda run: stopped.append(run.name))
    monkeypatch.setattr(session, "start_trainer", lambda home, arguments, log: started.append(arguments) or Started())
    second = FakeRun(home / "runs" / "second").start(time="2026-04-01T00:00:00Z").hold()
    try:
        async with opened(home) as driven:
            await driven.until(lambda: len(listed(driven)) == 6, "the runs")
            await driven.press("asterisk", "S")
            await driven.shows("Stop these 2 runs?", "second", "digits-20260314-090400-a4f3")
            await driven.press("y")
            await driven.until(lambda: len(stopped) == 2, "both wishes")
            await driven.press("Q")
            await driven.until(lambda: len(started) == 4, "those that ended")
            assert all((first, last) == ("--resume", "--queue") for _, first, _, last in started)
            assert {Path(folder).name[-4:] for _, _, folder, _ in started} == {"a0f3", "a1f3", "a2f3", "a3f3"}
    finally:
        second.release()


class Started:
    pid, returncode = 0, None

    def poll(self) -> None: ...


async def test_who_fell_out_of_the_line_goes_back_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(session, "start_trainer", lambda home, arguments, log: started.append(arguments) or Started())
    waiting = FakeRun(home / "runs" / "later")
    waiting.folder.mkdir()
    waiting.event("queued", 0, 9999, device="cpu", place=4, config={"preset": "digits"})
    async with opened(home) as driven:
        await driven.told("A run fell out of the queue")
        await driven.shows("out of the queue; r puts it back")
        await driven.press("slash", Typed("later"), "enter", "r")
        await driven.until(lambda: started == [["--train", "--resume", str(waiting.folder), "--queue"]], "the line")


async def test_several_runs_are_removed_and_brought_back(home: Path) -> None:
    async with opened(home) as driven:
        await five(driven)
        await driven.press("u")
        await driven.told("Nothing to bring back")
        await driven.press("asterisk", "D")
        await driven.shows("Remove these 4 runs?")
        await driven.press("y")
        await driven.until(lambda: [row.state for row in listed(driven)] == ["running"], "the live run alone")
        await driven.told("4 runs removed; u brings them back.")
        assert len(trash.removed(home / "runs")) == 4
        await driven.press("u")
        await five(driven)


async def test_several_runs_are_tagged_at_once(home: Path, runs: dict[str, FakeRun]) -> None:
    about.tag(runs["finished"].folder, ["old"], [])
    async with opened(home) as driven:
        await five(driven)
        await driven.press("j", "space", "space", "e", "down", "up", Typed("paper -old"))
        assert isinstance(driven.app.screen, TagsScreen)
        await driven.shows("spaces or commas between them; -old takes old away")
        await driven.press("enter")
        await driven.told("2 runs: tagged #paper, no longer tagged #old.")
        await driven.until(lambda: about.read(runs["stopped"].folder).tags == ("paper",), "the tag")
        await driven.until(lambda: about.read(runs["finished"].folder).tags == ("paper",), "the other")
        await driven.press("e", "escape", "escape")
        assert driven.main.query_one(RunsList).chosen == []


async def test_a_tag_is_taken_away_from_one_run_as_from_several(home: Path, runs: dict[str, FakeRun]) -> None:
    about.tag(runs["running"].folder, ["old", "kept"], [])
    async with opened(home) as driven:
        await five(driven)
        await driven.press("g", "e", "down", "down")
        await driven.shows("words, spaces or commas between them")
        await driven.press("end", *" -old,new", "enter")
        await driven.until(lambda: about.read(runs["running"].folder).tags == ("kept", "new"), "the tags")


async def test_messages_call_a_run_as_the_list_does(home: Path, runs: dict[str, FakeRun]) -> None:
    about.rename(runs["stopped"].folder, "my first")
    async with opened(home) as driven:
        await five(driven)
        await driven.shows("my first")
        row = next(n for n, row in enumerate(listed(driven)) if row.name == "my first")
        await driven.press("g", *["j"] * row, "D", "y")
        await driven.told("my first removed; u brings it back.")
        await driven.press("u")
        await driven.told("my first is back.")


def test_tags_are_read_as_words() -> None:
    assert Tags.read("keep -old -old - keep") == Tags(("keep",), ("old",))


async def test_settings_of_chosen_runs_are_compared(home: Path) -> None:
    for i, lr in enumerate((0.1, 0.2)):
        run = FakeRun(home / "runs" / f"compared-{i}").start(time=f"2026-04-0{i + 1}T00:00:00Z")
        (run.folder / "config.toml").write_text(f'lr = {lr}\nseed = 1\nname = "[/b]\\u001b"\n')
    async with opened(home, (100, 30)) as driven:
        await driven.until(lambda: len(listed(driven)) == 7, "the runs")
        await driven.press("g", "v")
        await driven.told("Choose 2 to 4 runs with space")
        await driven.press("space", "v")
        assert isinstance(driven.app.screen, DifferencesScreen)
        await driven.shows("Settings that differ", "compared-1", "compared-0", "lr")
        assert "seed" not in driven.text
        await driven.press("v", "space", "v")
        await driven.shows("0.2", "0.1")
        await driven.press("escape")
        assert driven.app.screen is driven.main


def test_differences_are_cut_to_the_room_there_is() -> None:
    text = page(["run-" + "x" * 80, "b"], {"lr": (0.1, None), "n" * 50: ("\x1b[2J" + "v" * 90, [8, 16])}, 60)
    lines = text.plain.splitlines()
    assert max(map(len, lines)) <= 60 and "\x1b" not in text.plain
    assert "N/A" in text.plain and "8,16" in text.plain
    assert "3e-3" in page(["a", "b"], {"lr": (0.003, 1.5)}, 60).plain, "as it is typed"
    assert page(["a", "b"], {}, 60).plain == "They have the same settings."


@pytest.mark.parametrize(("kind", "ending"), [("csv", ".csv"), ("tensorboard", "-tensorboard")])
async def test_a_run_is_exported(
    home: Path, tmp_path: Path, kind: str, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    async with opened(home) as driven:
        await five(driven)
        await driven.press("j", "E")
        screen = driven.app.screen
        assert isinstance(screen, ExportScreen)
        if kind == "tensorboard":
            await driven.press("right")
        target = tmp_path / f"digits-20260314-090300-a3f3{ending}"
        await driven.until(lambda: screen.query_one("#path").value == str(target), "the suggestion")  # type: ignore[attr-defined]
        await driven.press("down", "up", "ctrl+s")
        await driven.told(f"Written to {target}")
    assert target.exists()
    left = [path for path in tmp_path.rglob("*") if ".tmp" in path.name]
    assert left == []


async def test_chosen_runs_are_exported_one_after_the_other_and_counted(
    home: Path, runs: dict[str, FakeRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExportScreen, "_write", lambda self, kind, path: self.dismiss(str(path)))
    about.write(runs["running"].folder, about.About("best"))
    async with opened(home, (120, 36)) as driven:
        await five(driven)
        await driven.press("space", "j", "space", "E")
        await driven.shows("Export 1 of 2: best")
        await driven.press("right", "down", "ctrl+u", Typed(str(tmp_path / "board")), "enter")
        await driven.shows("Export 2 of 2: digits")
        screen = driven.app.screen
        assert isinstance(screen, ExportScreen)
        assert screen.query_one(Choice).value == "tensorboard"
        path = screen.query_one("#path", Input).value
        assert path == str(tmp_path / "digits-20260314-090200-a2f3-tensorboard"), "beside the one before it"


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("no/x.csv", "(No such file or directory)"),
        ("~nobody-at-all/x.csv", "is in the home of a user whom this machine does not know"),
    ],
)
async def test_an_export_that_cannot_be_written_says_why(
    home: Path, target: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    async with opened(home) as driven:
        await five(driven)
        await driven.press("E")
        driven.app.screen.query_one("#path").value = target  # type: ignore[attr-defined]
        await driven.press("ctrl+s")
        await driven.shows(says)
        await driven.press("escape")
        assert driven.app.screen is driven.main


async def test_a_run_that_hangs_is_told_with_for_how_long(home: Path, runs: dict[str, FakeRun]) -> None:
    then = time.time() - 600
    os.utime(runs["running"].folder / "events.jsonl", (then, then))
    async with opened(home) as driven:
        await driven.shows("stalled 10m", "a4f3 · stalled 10m")
        await driven.until(lambda: " left" not in driven.text, "no time left of what does not go on")


async def test_a_long_name_leaves_the_state_beside_it_however_wide_the_pane_is(
    home: Path, runs: dict[str, FakeRun]
) -> None:
    about.rename(runs["finished"].folder, "a name that goes on and on, and then somewhat further than its pane")
    async with opened(home) as driven:
        await five(driven)
        await driven.press("j")
        await driven.shows("· finished")
        await driven.press("2", "z")
        await driven.shows("somewhat further than its pane · finished")
        await driven.press("z")
        await driven.shows("…further than its pane · finished")


async def test_the_curve_is_in_the_list_where_there_is_room(home: Path) -> None:
    async with opened(home, (200, 60)) as driven:
        await driven.until(lambda: any(len(row.curve) > 20 for row in listed(driven)), "the losses")
        await driven.press("z")
        await driven.shows("█▆")
        assert driven.main.query_one(RunsList).size.width == 200
        for row in listed(driven)[:3]:
            assert row.curve[0] > row.curve[-1]


def test_a_curve_in_one_line() -> None:
    levels = "01234567"
    assert spark([100.0, 10.0, 1.0], 3, levels) == "740", "along the logarithm"
    assert spark([3.0, 3.0], 5, levels) == "00"
    assert spark([0.0, 7.0], 2, levels) == "07"
    assert spark([], 5, levels) == spark([1.0], 0, levels) == ""
    assert spark([1e308] * 40 + [1.0], 3, levels) == "", "what cannot be added up is not drawn"
    assert len(spark([float(i) for i in range(1, 1000)], 24, levels)) == 24


def test_losses_at_a_glance_leave_out_what_was_taken_back(tmp_path: Path) -> None:
    from engine.runs.glance import losses

    lines = [
        json.dumps({"event": "metrics", "step": step, "loss": float(step)}) for step in (*range(1, 60), *range(20, 90))
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(["{", *lines]) + "\n")
    assert losses(tmp_path / "events.jsonl") == tuple(map(float, range(1, 90)))
    (tmp_path / "events.jsonl").write_text("\n".join(lines * 200) + "\n")
    assert losses(tmp_path / "events.jsonl")[-1] == 89.0
    os.mkfifo(tmp_path / "pipe")
    assert losses(tmp_path / "pipe") == ()


def test_a_glance_is_taken_anew_once_it_would_differ(tmp_path: Path) -> None:
    from engine.runs.glance import Glances

    glances, events = Glances(), tmp_path / "events.jsonl"

    def seen(points: int) -> int:
        lines = (json.dumps({"event": "metrics", "step": step, "loss": 1.0}) for step in range(100, 100 + points))
        events.write_text("".join(f"{line}\n" for line in lines))
        glances.look([tmp_path])
        return len(glances.curves[tmp_path])

    assert [seen(points) for points in (1, 2, 320, 325, 340, 5)] == [1, 2, 320, 320, 340, 5]


async def test_the_palette_holds_what_is_done_in_the_list(home: Path) -> None:
    async with opened(home) as driven:
        await five(driven)
        await driven.press("2", "ctrl+p", Typed("are listed"))
        await driven.shows("Choose all (*)")
        await driven.press("enter")
        await driven.until(lambda: len(driven.main.query_one(RunsList).chosen) == 5, "all of them")


@pytest.mark.parametrize("count", [0, 1])
async def test_where_no_runs_can_be_filtered_the_slash_searches_scripts(empty_home: Path, count: int) -> None:
    if count:
        FakeRun(empty_home / "runs" / "digits-20260314-090300-a3f3").start().train(10, 50).end("finished", 50)
    async with opened(empty_home) as driven:
        await driven.until(lambda: len(listed(driven)) == count, "the runs")
        await driven.shows("/ search")
        await driven.press("slash")
        await driven.until(lambda: isinstance(driven.focused, QuestionInput), "the question")


async def test_the_curve_has_the_room_where_runs_are_compared(home: Path) -> None:
    async with opened(home, (80, 24)) as driven:
        await five(driven)
        await driven.press("j")
        await driven.shows("samples")
        view = driven.main.query_one(RunView)
        await driven.until(lambda: 0 < view.plot.size.height < 12, "a curve above its samples")
        await driven.press("k", "space")
        await driven.shows("v compare")
        await driven.press("j")
        await driven.until(lambda: view.plot.size.height >= 10, "more of the two curves")
        await driven.press("2")
        await driven.until(lambda: all(key in driven.text for key in ("v compare", "m series", "s smooth")), "keys")
