"""What a run has drawn, and its stages, as any program may have told them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.runs.folder import RunReader
from engine.runs.gallery import LONGEST_TITLE, MOST_DRAWINGS, Drawings, inside
from engine.runs.spans import Span, number_at, spans_of
from tests.engine.test_runs import START, write


def told(*events: dict[str, Any], folder: Path = Path("/runs/a")) -> Drawings:
    drawings = Drawings(folder)
    for event in events:
        drawings.take(event)
    return drawings


def picture(step: object, path: object, **fields: Any) -> dict[str, Any]:
    return {"event": "picture", "step": step, "path": path} | fields


def sample(step: object, path: object, **fields: Any) -> dict[str, Any]:
    return picture(step, path, **fields) | {"event": "sample"}


def test_drawings_come_by_step_and_the_samples_of_a_step_last() -> None:
    drawings = told(sample(20, "b.png", strip="s.png"), picture(20, "map.png", title="a map"), picture(10, "a.gif"))
    assert [(d.step, d.name, d.strip, d.title, d.sample) for d in drawings.by_step] == [
        (10, "a.gif", None, "", False),
        (20, "map.png", None, "a map", False),
        (20, "b.png", "s.png", "", True),
    ]
    assert drawings.by_step is drawings.by_step, "made once, not at every look"


def test_what_is_drawn_again_replaces_what_was_there() -> None:
    assert [d.step for d in told(sample(10, "x.png"), sample(30, "x.png")).by_step] == [30]


@pytest.mark.parametrize("name", [None, 7, [], "", "../x.png", "a/../../x.png", "..", "/etc/passwd", "x" * 5000, "/\0"])
def test_names_that_lead_out_of_the_run_are_passed_over(name: object) -> None:
    assert told(sample(1, name), picture(1, name, title="t")).by_step == ()
    assert [d.strip for d in told(sample(1, "good.png", strip=name)).by_step] == [None]


def test_a_link_that_leads_out_is_found_when_it_is_followed(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/x.png").symlink_to(tmp_path / "elsewhere.png")
    assert told(sample(1, "x.png"), folder=tmp_path / "run").by_step
    assert inside(tmp_path / "run", "x.png") is None


def test_what_is_kept_is_bounded() -> None:
    events = (picture(step, f"{step}.png", title="t" * 10_000) for step in range(MOST_DRAWINGS + 500))
    kept = told(*events).by_step
    assert (len(kept), kept[0].step, len(kept[0].title)) == (MOST_DRAWINGS, 500, LONGEST_TITLE)


def test_a_resumed_run_forgets_its_later_drawings(tmp_path: Path) -> None:
    resumed = START | {"step": 10, "resumed_from": 10}
    reader = RunReader(
        write(tmp_path / "runs" / "a", START, picture(10, "a.png"), picture(20, "b.png"), sample(30, "c.png"), resumed)
    )
    reader.poll()
    assert [d.name for d in reader.drawings.by_step] == ["a.png"]


def test_stages_are_taken_as_told_or_not_at_all() -> None:
    two = [{"name": "first", "first": 0, "stop": 60}, {"name": "second", "first": 60, "stop": 300, "more": 1}]
    assert spans_of(two) == (Span("first", 0, 60), Span("second", 60, 300))
    hostile: list[Any] = [
        *(None, 7, "x", {}, [1], [None], [{}], two[::-1], [two[0]] * 2, two * 100),
        *([{"name": name, "first": 0, "stop": 9}] for name in (None, 7)),
        *([{"name": "n", "first": first, "stop": stop}] for first, stop in ((5, 5), (-1, 4), (0, 1e300), ("0", "9"))),
    ]
    assert {spans_of(told) for told in hostile} == {()}


def test_a_step_belongs_to_the_stage_that_trained_it() -> None:
    spans = (Span("a", 0, 60), Span("b", 60, 300))
    assert [number_at(spans, step) for step in (0, 1, 60, 61, 300, 900)] == [0, 0, 0, 1, 1, 1]
