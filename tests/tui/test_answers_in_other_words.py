"""A model's words in the workbench, by a real model server: they stream, lies are struck, the facts stand otherwise."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from tests.index.model_server import Model, Piece, served
from tests.tui.conftest import Driven, Typed, opened
from tui.widgets.answer import WrittenAnswer
from tui.widgets.scripts import ScriptsPane

TRUE = json.dumps({"text": "model_4 is written in PyTorch.", "cites": [2]})
LIE = json.dumps({"text": "model_4 was trained for 999 epochs.", "cites": [2]})
FACTS = "12 scripts fit: latent_new_model and 11 more."


@asynccontextmanager
async def asked(home: Path, *pieces: Piece, config: str = "") -> AsyncIterator[tuple[Driven, Model]]:
    """A question is asked and answered by the facts, with a model to put that in other words."""
    with served(Model(pieces)) as model:
        home.mkdir()
        (home / "config.toml").write_text(config or f'[ask]\nllm = "{model.url}"\n')
        async with opened(home, (120, 30)) as driven:
            await driven.shows("12 scripts are indexed")
            pane = driven.main.query_one(ScriptsPane)
            pane.ask("which use a unet?")
            await driven.until(lambda: pane.table.row_count == 12, "the results")
            await driven.press("3", "a")
            await driven.shows("4.py:7")
            yield driven, model


def answer(driven: Driven) -> str:
    return "\n".join(item.text.plain for item in driven.main.query_one(WrittenAnswer).items)


async def says(driven: Driven, *texts: str) -> None:
    await driven.until(lambda: all(text in answer(driven) for text in texts), f"{texts}")


def thinking(how: str) -> Sequence[Piece]:
    whole = f"{LIE}\n" if how != "tags" else f"<think>{LIE}</think>"
    return {"reasoning": [{"reasoning": whole}], "reasoning_content": [{"reasoning_content": whole}], "tags": [*whole]}[
        how
    ]


@pytest.mark.parametrize("how", ["reasoning", "reasoning_content", "tags"])
async def test_it_thinks_unseen_then_speaks_over_the_facts(empty_home: Path, how: str) -> None:
    thought, spoken = Event(), Event()
    async with asked(empty_home, *thinking(how), thought, TRUE, spoken, "\n", LIE) as (driven, _):
        await says(driven, "the facts' own words · tiny-model is thinking … ", "s · esc stops it", FACTS)
        assert "999" not in answer(driven)
        thought.set()
        await says(driven, "in the words of tiny-model, checked against the facts · tiny-model is writing … ")
        assert FACTS not in answer(driven) and "999" not in answer(driven)
        spoken.set()
        await driven.until(lambda: "esc stops" not in answer(driven), "the end")
        items = driven.main.query_one(WrittenAnswer).items
        assert [item.text.plain for item in items] == [
            "in the words of tiny-model, checked against the facts",
            "model_4 is written in PyTorch.", "4.py:7", "4.py:9",
            "no fact supports: model_4 was trained for 999 epochs.",
        ]  # fmt: skip
        assert [(span.start, span.style) for span in items[-1].text.spans] == [(18, "strike")]
        await driven.shows("in the words of tiny-model", "999 epochs.")
        await driven.press("enter")
        await driven.shows("/m/4.py", "line_7 = 7")


async def test_the_facts_stand_and_a_line_says_why(empty_home: Path) -> None:
    async with asked(empty_home, TRUE, None) as (driven, model):
        await says(driven, "the facts' own words · llm: tiny-model broke off in the middle", FACTS)
        for said, why in (
            (LIE, "no claim of the model is supported by the facts"),
            ("It is what it is.", "llm: tiny-model made no claim that could be read"),
        ):
            model.pieces = [said]
            await driven.press("escape", "a")
            await says(driven, f"the facts' own words · {why}", FACTS)
            assert answer(driven).endswith("And nothing more.") and "999" not in answer(driven)


async def test_a_model_that_cannot_be_asked(empty_home: Path) -> None:
    async with asked(empty_home, TRUE, config='[ask]\nllm = "none"\n') as (driven, model):
        assert answer(driven).startswith(FACTS)
        for llm, why in (
            ('"http://127.0.0.1:9"', "llm: http://127.0.0.1:9 cannot be reached (Connection refused)"),
            ('"http://198.51.100.7"', "llm: 198.51.100.7 is not this machine; --llm-remote, or llm_remote = true"),
            ("5", "[ask] llm = 5 is not accepted; llm, llm_model and llm_remote are"),
        ):
            (empty_home / "config.toml").write_text(f"[ask]\nllm = {llm}\n")
            await driven.press("escape", "a")
            await says(driven, "the facts' own words · ", why, FACTS)
        assert not model.asked


async def test_escape_stops_it_and_nothing_waits_for_it(empty_home: Path) -> None:
    async with asked(empty_home, TRUE, Event()) as (driven, model):
        await says(driven, "tiny-model is writing")
        await driven.press("escape")
        await says(driven, "the facts' own words · stopped", FACTS)
        assert driven.main.query_one(WrittenAnswer).has_focus
        assert model.left.wait(60)
        await driven.press("enter")
        await driven.shows("/m/3.py")


async def test_it_thinks_while_searches_are_answered_and_a_new_question_drops_it(empty_home: Path) -> None:
    async with asked(empty_home, {"reasoning": "hm"}, Event()) as (driven, model):
        await says(driven, "tiny-model is thinking")
        await driven.press("enter")  # a script is opened meanwhile
        await driven.shows("line_40 = 40")
        await driven.press("escape")
        await says(driven, "tiny-model is thinking")
        assert not model.left.is_set()
        await driven.press("slash", Typed(" more"))
        await driven.until(lambda: not driven.main.query_one(WrittenAnswer).display, "the new results")
        assert model.left.wait(60)


async def test_a_search_process_that_ends_takes_the_model_along(empty_home: Path) -> None:
    async with asked(empty_home, TRUE, Event()) as (driven, _):
        await says(driven, "tiny-model is writing")
        searcher = driven.main.query_one(ScriptsPane)._searcher
        assert searcher is not None and searcher._child is not None
        searcher._child.kill()
        await says(driven, "the facts' own words · the search process ended", FACTS)
