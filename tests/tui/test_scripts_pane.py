"""The search panel by keyboard: pieces of the question, completion, ways out of an empty result, written answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Paste

from tests.tui.conftest import Driven, Typed, opened
from tui.screens import found
from tui.screens.script import ScriptScreen
from tui.widgets.chips import ChipRow
from tui.widgets.curve import CurvePlot
from tui.widgets.question import Completions, QuestionInput
from tui.widgets.results import ResultsTable
from tui.widgets.scripts import ScriptsPane
from tui.widgets.source import SourceView
from tui.widgets.walk import Walk


async def typed(driven: Driven, text: str) -> QuestionInput:
    """A question is typed and answered; the focus stays in the box."""
    await driven.shows("12 scripts are indexed")
    await driven.press("3", Typed(text))
    box = driven.main.query_one(QuestionInput)
    pane = driven.main.query_one(ScriptsPane)
    await driven.until(lambda: box.value == text and "·" in str(pane.query_one("#found").render()), "an answer")
    return box


def labels(driven: Driven) -> list[str]:
    return [chip.label for chip in driven.main.query_one(ChipRow).chips]


async def test_that_the_search_is_starting_is_said(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "server_command", lambda home: ["sleep", "60"])
    async with opened(empty_home, (160, 40)) as driven:
        await driven.shows("Starting the search …")


async def test_that_a_search_takes_its_time_is_said(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await driven.shows("12 scripts are indexed")
        pane = driven.main.query_one(ScriptsPane)
        monkeypatch.setattr(pane._searcher, "search", lambda *_: 77)
        await driven.press("3", Typed("unet"))
        await driven.shows("searching …")


async def test_that_a_script_is_being_read_is_said(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await driven.shows("12 scripts are indexed")
        await driven.press("3", Typed("unet"), "enter")
        await driven.until(lambda: driven.main.query_one(ResultsTable).has_focus, "the results")
        pane = driven.main.query_one(ScriptsPane)
        with monkeypatch.context() as patched:
            patched.setattr(pane._searcher, "open", lambda _: 77)
            await driven.press("t")
            await driven.shows("reading the script …")
        pane.hear({"id": 77, "message": "It is gone."})
        await driven.until(lambda: "reading the script" not in driven.text, "what was found")
        await driven.told("It is gone.")


async def test_a_piece_is_removed_and_another_edited(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        box = await typed(driven, "cnn created in april 2025 not on mnist")
        await driven.until(
            lambda: labels(driven) == ["“cnn” as tag cnn", "created 2025-04", "not dataset MNIST"], "the pieces"
        )
        await driven.press("down")
        assert driven.main.query_one(ChipRow).has_focus
        await driven.shows("[“cnn” as tag cnn]")
        await driven.press("right")
        await driven.shows("[created 2025-04]")
        await driven.press("delete")
        assert box.value == "cnn -dataset:MNIST"
        await driven.until(lambda: labels(driven) == ["“cnn” as tag cnn", "not dataset MNIST"], "one less")
        await driven.press("l", "h", "l", "enter")
        assert box.has_focus
        assert box.selected_text == "-dataset:MNIST"
        await driven.press(Typed("lr:<1e-3"))
        assert box.value == "cnn lr:<1e-3"
        await driven.until(lambda: labels(driven) == ["“cnn” as tag cnn", "lr < 0.001"], "the edited piece")
        await driven.press("escape", "x", "left", "backspace")
        assert box.value == "lr:<0.001"
        await driven.until(lambda: labels(driven) == ["lr < 0.001"], "the filter alone")
        await driven.press("x")
        await driven.until(lambda: box.value == "" and "12 scripts are indexed" in driven.text, "the welcome")


async def test_a_long_question_is_seen_from_its_beginning_once_it_is_asked(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        box = await typed(driven, "unet")
        driven.app.post_message(Paste(f" {'of deep layers ' * 8}at all"))
        await driven.shows("layers at all")
        await driven.press("enter")
        await driven.until(lambda: not box.has_focus, "the focus on what was found")
        await driven.shows("unet of deep layers of")
        assert "layers at all" not in driven.text


async def test_from_the_pieces_up_to_the_box_and_down_to_the_results(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        box = await typed(driven, "unet")
        for key in ("up", "k"):
            await driven.press("down", key)
            assert box.has_focus
        for key in ("down", "j", "escape"):
            box.focus()
            await driven.press("down", key)
            assert driven.main.query_one(ResultsTable).has_focus
        await driven.press("x", "e")
        assert box.selected_text == "“unet”".strip("“”")


async def test_what_is_not_understood_says_so(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await typed(driven, "gan created in 2025-13")
        await driven.shows("? 2025-13: not understood as a date")


async def test_fields_and_values_are_completed(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await driven.shows("12 scripts are indexed")
        await driven.press("3", Typed("unet da"))
        box, popup = driven.main.query_one(QuestionInput), driven.main.query_one(Completions)
        await driven.until(lambda: popup.open, "the fields")
        await driven.press("tab")
        assert box.value == "unet dataset:"
        await driven.shows("fashionmnist", "flowers102", "mnist")
        await driven.press("down", "down", "up", "down", "enter")
        assert box.value == "unet dataset:flowers102 "
        assert not popup.open
        await driven.press(Typed("created:"))
        await driven.until(lambda: popup.open, "the dates")
        await driven.press("escape")
        assert not popup.open
        assert box.has_focus
        await driven.press(*"x", "backspace")
        await driven.until(lambda: popup.open, "the dates again")
        await driven.press("down", "up", "up")
        assert not popup.open
        await driven.press("home", "tab")  # with nothing to complete, tab goes on
        assert not box.has_focus


async def test_enter_takes_no_completion_that_was_not_gone_into(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        box = await typed(driven, "unet dataset:f")
        await driven.until(lambda: driven.main.query_one(Completions).open, "the values")
        await driven.press("enter")
        assert box.value == "unet dataset:f"
        assert driven.main.query_one(ResultsTable).has_focus


async def test_an_empty_result_offers_the_nearest_one_key_away(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        box = await typed(driven, "emptied created:2025-04")
        await driven.shows(
            "Nothing passes created 2025-04.", "the nearest: created 2025-03-28…2025-04-30", "without it 12 fit"
        )
        await driven.press("ctrl+r")
        await driven.until(lambda: box.value == "emptied created:2025-03-28..2025-04-30", "the nearest")
        await driven.until(lambda: driven.main.query_one(ResultsTable).row_count == 12, "the results")
        await driven.press("ctrl+r")  # nothing to relax any more
        assert box.value == "emptied created:2025-03-28..2025-04-30"


async def test_ways_out_are_walked_to(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        box = await typed(driven, "emptied words created:2025-04")
        await driven.shows("without it 12 fit")
        await driven.press("enter", "down", "enter")
        assert box.value == "emptied words"
        await driven.until(lambda: driven.main.query_one(ResultsTable).row_count == 12, "the results")


async def test_a_question_is_answered_with_lines_that_open(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await typed(driven, "which use a unet?")
        await driven.press("enter")
        walk = driven.main.query_one("#answer", Walk)
        await driven.until(lambda: walk.has_focus, "the answer")
        await driven.shows(
            "12 scripts fit: latent_new_model and 11 more.", "3.py:40", "4.py:7  4.py:9", "And nothing more", "Model ID"
        )
        for key in ("enter open", "t train", "esc results"):
            assert key in driven.text.splitlines()[-1]
        await driven.press("t")
        await driven.shows("New run")
        await driven.press("escape")
        assert walk.has_focus
        await driven.press("question_mark")
        await driven.shows("The written answer  here", "Lists  here", "Found scripts")
        assert "Found scripts  here" not in driven.text, "its keys are those of the table"
        await driven.press("escape")
        await driven.pilot.resize_terminal(120, 14)  # the answer no longer fits, and is not cut by its scrollbar
        await driven.until(lambda: walk.show_vertical_scrollbar, "the scrollbar")
        for text in walk._lines:
            assert sum(part.cell_len for part, _ in text) <= walk.scrollable_content_region.width - 2
        await driven.pilot.resize_terminal(160, 40)
        await driven.press("j", "j", "enter")
        await driven.until(lambda: isinstance(driven.app.screen, ScriptScreen), "the script")
        await driven.shows("/m/4.py", "line_9 = 9")
        assert driven.app.screen.query_one(SourceView).line == 9
        await driven.press("escape")
        assert walk.has_focus
        await driven.press("j")  # beyond the last line lies the table
        assert driven.main.query_one(ResultsTable).has_focus
        await driven.press("question_mark")
        await driven.shows("Found scripts  here", "Lists  here")
        await driven.press("escape")
        await driven.press("a")
        await driven.until(lambda: walk.has_focus, "the answer again")
        await driven.press("escape")
        assert driven.main.query_one(ResultsTable).has_focus
        await driven.press("slash", Typed(" more"))
        await driven.until(lambda: not walk.display, "the old answer gone")


async def test_an_answer_stays_when_meaning_joins(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await typed(driven, "which use a unet?")
        await driven.press("enter")
        walk = driven.main.query_one("#answer", Walk)
        await driven.until(lambda: walk.has_focus, "the answer")
        pane = driven.main.query_one(ScriptsPane)
        response = {"query": "which use a unet?", "results": [{"rank": 1, "model_id": "late", "path": "/late.py"}]}
        pane.hear({"id": pane._asked, "stage": "hybrid", "response": response})
        await driven.shows("late", "12 scripts fit: latent_new_model")
        assert walk.has_focus


async def test_an_answer_is_written_anew_when_other_scripts_are_found(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await typed(driven, "which use a unet?")
        await driven.press("enter")
        await driven.until(lambda: driven.main.query_one("#answer", Walk).has_focus, "the answer")
        await driven.press("escape")
        pane = driven.main.query_one(ScriptsPane)
        asked: list[str] = []
        searcher = pane._searcher
        assert searcher is not None
        searcher.ask = lambda question, llm=None, limit=50: asked.append(question) or 700  # type: ignore[method-assign, func-returns-value]
        response = {"query": "which use a unet?", "results": [{"rank": 1, "model_id": "late", "path": "/late.py"}]}
        pane.hear({"id": pane._asked, "stage": "hybrid", "response": response})
        assert asked == ["which use a unet?"]
        pane.hear({"id": pane._asked, "stage": "hybrid", "response": response})
        assert len(asked) == 1, "the same scripts are found"
        told = {"text": "One fits: late.", "claims": [], "source": "facts"}
        pane.hear({"id": 700, "stage": "answer", "response": response | {"answer": told}})
        await driven.shows("One fits: late.")
        assert driven.main.query_one(ResultsTable).has_focus, "nobody asked for it"


async def test_words_are_no_question(empty_home: Path) -> None:
    async with opened(empty_home, (160, 40)) as driven:
        await typed(driven, "unet lr:<1e-3")
        await driven.press("enter")
        assert driven.main.query_one(ResultsTable).has_focus
        assert not driven.main.query_one("#answer").display


@pytest.mark.parametrize("size", [(20, 5), (40, 10)])
async def test_small_sizes(empty_home: Path, size: tuple[int, int]) -> None:
    async with opened(empty_home, size) as driven:
        await driven.press("3", Typed("which use a unet in april 2025?"))
        table = driven.main.query_one(ResultsTable)
        await driven.until(lambda: table.row_count == 12, "the results")
        for keys in (("down",), ("right",), ("escape",), ("slash", "enter"), ("j",), ("escape",), ("w",), ("s",)):
            await driven.press(*keys)
        for keys in (("space",), ("escape",), ("space", "c"), ("escape",), ("enter",), ("tab",), ("escape", "escape")):
            await driven.press(*keys)
        assert driven.app.is_running
        assert max(map(len, driven.text.splitlines())) <= size[0]


@pytest.mark.parametrize(("size", "rows"), [((20, 5), 1), ((40, 12), 8)])
async def test_who_reads_the_table_on_a_small_terminal_has_it_whole(
    empty_home: Path, size: tuple[int, int], rows: int
) -> None:
    async with opened(empty_home, size) as driven:
        await driven.press("3", Typed("unet batch:64"))
        table = driven.main.query_one(ResultsTable)
        await driven.until(lambda: table.row_count == 12, "the results")
        await driven.press("enter")
        await driven.until(lambda: table.size.height - table.header_height == rows, "the rows")
        await driven.press("G")
        await driven.shows(" 12 ")
        await driven.press("slash")
        await driven.shows("unet batch:64")


async def test_lines_that_are_pasted_are_one_question(empty_home: Path) -> None:
    async with opened(empty_home) as driven:
        box = await typed(driven, "unet ")
        driven.app.post_message(Paste("diffusion\r\n\n   mnist  batch:64\n"))
        await driven.until(lambda: box.value == "unet diffusion mnist  batch:64", "what was pasted")


async def test_a_key_that_no_script_takes_does_nothing_to_the_run_behind(home: Path) -> None:
    async with opened(home, (160, 40)) as driven:
        await driven.press("3", Typed("unet"))
        await driven.shows("12 scripts")
        await driven.press("enter", "a")
        await driven.until(lambda: getattr(driven.focused, "id", "") == "answer", "the answer")
        axis = driven.main.query_one(CurvePlot).view
        await driven.press("w", "e", "E", "S", "D", "l", "p", "v")
        assert driven.app.screen is driven.main
        assert driven.main.pane == "scripts"
        assert driven.main.query_one(CurvePlot).view == axis
        await driven.press("ctrl+p", Typed("export"), "enter")
        await driven.shows("Export ")
