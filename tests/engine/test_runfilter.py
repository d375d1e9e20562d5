"""Filters over the list of runs: what fits, and what a person is told who wrote one that cannot be meant."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engine.runs import about
from engine.runs.differences import differences
from engine.runs.filter import FilterError, RunFilter, parse
from engine.runs.listing import RunSummary, summarise
from tests.tui.fake_run import FakeRun


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[RunSummary]:
    home = tmp_path_factory.mktemp("runs")

    def run(name: str, config: dict[str, object], end: str | None) -> Path:
        made = FakeRun(home / name).start(config=config).train(10, 50)
        if end:
            made.end(end, 50)
        return made.folder

    mnist = {"preset": "digits", "dataset": "mnist", "lr": 0.0005, "widths": [8, 16], "ema": False}
    first = run("a", mnist, "finished")
    run("b", {"preset": "digits", "dataset": "digits", "lr": 0.01, "batch_size": 64}, "failed")
    run("c", {"preset": "cifar10", "dataset": "cifar10", "lr": "0.0001", "note": ["x"]}, None)
    about.rename(first, "the Good one")
    about.tag(first, ["paper"], [])
    return [summarise(home / name) for name in "abc"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", "abc"),
        ("state:finished", "a"),
        ("state:failed,lost", "bc"),
        ("-state:failed", "ac"),
        ("dataset:mnist lr:<1e-3", "a"),
        ("lr:>=0.01", "b"),
        ("lr:<1", "ab"),
        ("-lr:<1e-3", "bc"),
        ("lr:5e-4", "a"),
        ("good", "a"),
        ("GOOD one", "a"),
        ("name:good", "a"),
        ("'good one'", "a"),
        ("-good", "bc"),
        ("tag:paper", "a"),
        ("preset:digits -tag:paper", "b"),
        ("widths:16", "a"),
        ("ema:false", "a"),
        ("batch-size:64", "b"),
        ("lr:5e-4,1e-2", "ab"),
        ("epochs:none", "abc"),
        ("step:>10", "abc"),
        ("loss:<0", ""),
        ("digits", "ab"),
        ("nothing-is-called-so", ""),
        ("device:cpu", "abc"),
        ("failed", "b"),
        ("-finished", "bc"),
        ("state:fin", "a"),
        ("state=failed", "b"),
        ("lr<1e-3", "a"),
        ("lr >= 0.01", "b"),
        ("lr: <1", "ab"),
        ("-lr<1e-3", "bc"),
        ("batch-size=64", "b"),
        ("#paper", "a"),
        ("-#paper", "bc"),
        ("name:b", "b"),
        ("bs=64", ""),
    ],
)
def test_what_fits(runs: list[RunSummary], text: str, fits: str) -> None:
    assert "".join(run.id for run in parse(text).of(runs)) == fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [("state:stalled", "a"), ("stalled", "a"), ("state:running", "ab"), ("-stalled", "bc"), ("state:sta", "a")],
)
def test_a_live_run_that_says_nothing_is_found_as_the_list_calls_it(
    runs: list[RunSummary], text: str, fits: str
) -> None:
    silent = replace(runs[0], state="running", heard=time.time() - 3600)
    live = replace(runs[1], state="running", heard=time.time())
    lost = replace(runs[2], heard=time.time() - 3600)
    assert "".join(run.id for run in parse(text).of([silent, live, lost])) == fits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lrr:<1", "lrr: is nothing a run has; did you mean lr?"),
        (
            "qqqq:1",
            "qqqq: is nothing a run has; id, name, note, origin, state, tag, device, step, loss and every setting are",
        ),
        ("lr:<abc", "lr:<abc: 'abc' is no number; lr:<1e-3 is accepted"),
        ("lr:abc", "lr:abc: 'abc' is no number; lr:1e-3 and lr:<1e-3 are accepted"),
        ("-step:5,x", "-step:5,x: 'x' is no number; step:1e-3 and step:<1e-3 are accepted"),
        (
            "state:runing",
            "state:runing: 'runing' is no state; "
            "starting, running, queued, finished, stopped, failed, lost, stalled are",
        ),
        ("lrr<1", "lrr: is nothing a run has; did you mean lr?"),
        ("state:", "state: a value is missing; state:running is accepted"),
        ("state:<3", "state:<3: state is no number; state:3 is accepted"),
        ("note:'half", "note:'half: a quote is not closed"),
    ],
)
def test_what_cannot_be_meant_is_told_on_one_line(text: str, said: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text)
    assert str(refused.value) == said


@given(st.text(max_size=60))
def test_no_text_breaks_a_filter(text: str) -> None:
    try:
        found = parse(text)
    except FilterError as error:
        assert str(error)
    else:
        assert isinstance(found, RunFilter)


def test_settings_a_thousand_lists_deep_break_nothing(tmp_path: Path) -> None:
    deep = json.loads("[" * 400 + "]" * 400)
    deeper = json.loads('{"a":' * 400 + "1" + "}" * 400)
    for name in ("a", "b"):
        run = FakeRun(tmp_path / name).start(config={"lr": deep, "widths": deeper, "seed": 1})
        (run.folder / "config.toml").unlink()
    said = [summarise(tmp_path / name) for name in "ab"]
    assert parse("lr:1 -widths:2").of(said) == []
    assert differences([tmp_path / "a", tmp_path / "b"]) == {}
