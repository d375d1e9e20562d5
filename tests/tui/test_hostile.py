"""Whatever a run folder or a script holds, the workbench shows it as text: no crash, no link, no escape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tui.conftest import Driven, Typed, opened
from tests.tui.fake_run import FakeRun
from tests.tui.results import HOSTILE
from tui.runs import session
from tui.screens.new_run import NewRunScreen
from tui.text import line
from tui.widgets.fields import Choice
from tui.widgets.runs import RunsList
from tui.widgets.scripts import ResultsTable, ScriptsPane

FOLDER = HOSTILE.replace("/", "⁄")


def assert_safe(driven: Driven) -> None:
    assert not any(ord(c) < 32 or c in "\u202e\u200d\x7f\x9b" for c in driven.text.replace("\n", ""))
    screen = driven.app.screen
    for strip in screen._compositor.render_strips(screen.size):
        for segment in strip:
            assert segment.style is None or "@click" not in segment.style.meta, segment
            assert segment.style is None or segment.style.link is None


async def test_a_run_full_of_markup_and_escapes(empty_home: Path) -> None:
    run = FakeRun(empty_home / "runs" / FOLDER).start(
        device=HOSTILE, device_name=HOSTILE, config={"preset": HOSTILE, "dataset": HOSTILE}
    )
    run.train(10, 500).hold()
    run.event("warning", 500, 25, message=HOSTILE)
    run.event("sample", 500, 25, path=f"samples/{FOLDER}.png", strip="../../../etc/passwd")
    async with opened(empty_home) as driven:
        await driven.shows("step 500/5000", "a[⁄b]")
        assert_safe(driven)
        await driven.press("S")
        await driven.shows("Stop this run?", "[@click=app.quit]")
        assert_safe(driven)
        await driven.press("n", "y")
        await driven.pilot.pause(0.2)
        assert_safe(driven)
        run.end("failed", 500, HOSTILE)
        await driven.shows("· failed")
        assert_safe(driven)
        assert driven.app.is_running


@pytest.mark.parametrize("size", [(200, 60), (80, 24)])
async def test_scripts_full_of_markup_and_escapes(empty_home: Path, size: tuple[int, int]) -> None:
    async with opened(empty_home, size) as driven:
        await driven.press("3", Typed("hostile"))
        table = driven.main.query_one(ResultsTable)
        await driven.until(lambda: table.row_count == 12, "the results")
        assert_safe(driven)
        await driven.press("enter", "enter")
        assert_safe(driven)
        await driven.press("y")
        assert driven.app.clipboard == HOSTILE
        await driven.pilot.pause(0.2)
        assert_safe(driven)


async def test_every_message_of_the_search_child_is_text(empty_home: Path) -> None:
    async with opened(empty_home) as driven:
        pane = driven.main.query_one(ScriptsPane)
        await driven.shows("12 scripts are indexed")
        result: dict[str, Any] = dict.fromkeys(
            ("model_id", "path", "why", "tags", "stages", "evidence", "outline"), HOSTILE
        )
        understood = {"text": HOSTILE, "filters": [{"field": HOSTILE, "op": HOSTILE, "value": [HOSTILE, None]}]}
        heard: list[dict[str, Any]] = [
            {"id": 0, "stage": "words", "response": {"results": [result, 7], "understood": understood}},
            {"id": 0, "stage": "hybrid", "response": {"results": None, "understood": HOSTILE, "took_ms": HOSTILE}},
            {"id": 0, "stage": "error", "message": HOSTILE, "column": HOSTILE},
            {"id": 0, "stage": "open", "script": HOSTILE},
            {"id": 0, "stage": "open", "script": result},
            {"event": "meaning-failed", "message": HOSTILE},
            {"event": "gone", "message": HOSTILE},
            {"event": HOSTILE},
            {},
        ]
        for answer in heard:
            pane.hear(answer)
            await driven.pilot.pause()
            assert_safe(driven)


async def test_events_of_any_kind(empty_home: Path) -> None:
    folder = empty_home / "runs" / "odd"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_bytes(b"\xff\xfe")
    odd = [
        *("", "{", "[]", "null", '{"event": 3}', '{"event": "start", "config": 7, "total_steps": -5}', "\x00\x01"),
        json.dumps({"event": "start", "total_steps": 1e300, "device": ["x"], "time": 5, "config": {"preset": []}}),
        json.dumps({"event": "metrics", "step": -4, "loss": -1e300, "lr": "x", "seconds": -9}),
        json.dumps(
            {"event": "metrics", "step": 1e18, "loss": 1e300, "images_per_s": 1e300, "lr": -3, "seconds": 1e300}
        ),
        '{"event": "metrics", "step": 5, "loss": NaN, "lr": Infinity}',
        json.dumps({"event": "sample", "step": 3, "path": "samples"}),
        json.dumps({"event": "end", "state": "odd", "error": ["x"], "seconds": "long"}),
    ]
    (folder / "events.jsonl").write_text("\n".join(odd) + "\n")
    async with opened(empty_home) as driven:
        await driven.until(lambda: len(driven.main.query_one(RunsList).rows) == 1, "the run")
        await driven.shows("2 odd · lost")
        await driven.press("l", "2", "z", "z")
        assert_safe(driven)


async def test_a_trainers_last_words_are_text(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dead:
        pid = 0
        returncode = 1

        def poll(self) -> int:
            return 1

    def start(home: Path, values: dict[str, str], log: Path, queue: bool) -> Dead:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"noise\n{HOSTILE}\n")
        return Dead()

    monkeypatch.setattr(session, "start_training", start)
    async with opened(empty_home) as driven:
        await driven.press("n", "ctrl+s")
        await driven.shows("did not start", line(HOSTILE)[:20])
        assert_safe(driven)


async def test_a_form_hears_of_its_fields_after_they_are_gone(empty_home: Path) -> None:
    async with opened(empty_home) as driven:
        await driven.press("n")
        form = driven.app.screen
        assert isinstance(form, NewRunScreen)
        preset = form.query_one("#preset", Choice)
        await form.query("#preset, #device, Input, #command").remove()
        form.post_message(Choice.Changed(preset))
        form.offer([])
        await driven.pilot.pause()
        await driven.press("escape")
        assert driven.app.is_running


async def test_a_pasted_escape_is_no_escape(empty_home: Path) -> None:
    async with opened(empty_home) as driven:
        await driven.press("3")
        pane = driven.main.query_one(ScriptsPane)
        pane.question.insert_text_at_cursor(HOSTILE)
        await driven.pilot.pause()
        assert "\x1b" not in pane.question.value
        assert_safe(driven)
