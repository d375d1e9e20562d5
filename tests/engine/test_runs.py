"""The run folder: what a trainer writes is what anyone reads, torn, foreign and hostile lines included."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config import resolve
from engine.home import HomeError, home, prepare, write_atomically
from engine.runs.events import parse_time
from engine.runs.folder import RunReader, RunWriter
from engine.runs.listing import RunList, find_run, summarise
from engine.runs.lock import RunError, lock_holder
from engine.runs.tail import LONGEST


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return prepare(tmp_path / "home") / "runs"


def write(folder: Path, *events: dict[str, Any] | str, end: str = "\n") -> Path:
    """A run folder as any program may write it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [e if isinstance(e, str) else json.dumps(e) for e in events]
    (folder / "events.jsonl").write_text("\n".join(lines) + end)
    return folder


START = {"event": "start", "time": "2026-03-01T10:00:00Z", "step": 0, "total_steps": 100, "device": "cpu"}


def metrics(step: int, loss: float) -> dict[str, Any]:
    return {"event": "metrics", "time": "2026-03-01T10:00:01Z", "step": step, "loss": loss, "seconds": step / 10}


@pytest.mark.parametrize(
    ("name", "stem", "told"), [("my first/run", "my-first-run", "my first/run"), ("a.b", "a.b", None)]
)
def test_a_run_is_called_as_its_name_was_written(runs: Path, name: str, stem: str, told: str | None) -> None:
    with RunWriter.create(runs, resolve({"name": name})) as writer:
        assert writer.folder.name.startswith(f"{stem}-2")
        assert summarise(writer.folder).name == told
        assert find_run(runs, told or stem) == writer.folder


def test_a_reader_sees_what_a_writer_wrote_while_it_is_written(runs: Path) -> None:
    with RunWriter.create(runs, resolve({"name": "mine"})) as writer:
        reader = RunReader(writer.folder)
        assert not reader.poll()
        writer.event("start", 0, run=writer.folder.name, config={"lr": 0.1}, total_steps=10)
        writer.event("metrics", 1, loss=0.5, lr=0.1)
        assert reader.poll()
        assert (reader.state, reader.step, reader.total_steps) == ("running", 1, 10)
        writer.event("metrics", 2, loss=float("nan"), lr=0.1)
        assert reader.poll()
        assert not reader.poll(), "nothing new: nothing to draw"
        assert list(reader.metrics["loss"].values) == [0.5], "a loss that is no number is no point"
        assert list(reader.metrics["lr"].steps) == [1, 2]
        writer.event("end", 2, state="finished", seconds=3.0)
    reader.poll()
    assert reader.state == "finished"
    assert reader.config == {"lr": 0.1}
    for line in (writer.folder / "events.jsonl").read_text().splitlines():
        json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_a_torn_last_line_is_ignored_and_cut_off_when_the_run_goes_on(runs: Path) -> None:
    with RunWriter.create(runs, resolve({})) as writer:
        writer.event("start", 0, total_steps=10)
        writer.event("metrics", 1, loss=0.5)
    events = writer.folder / "events.jsonl"
    with events.open("a") as file:
        file.write('{"event": "metrics", "step": 2, "lo')
    reader = RunReader(writer.folder)
    reader.poll()
    assert reader.step == 1
    assert reader.state == "lost"
    with RunWriter.reopen(writer.folder) as again:
        again.event("start", 1, total_steps=10, resumed_from=1)
        reader.poll()
        assert reader.state == "running"
        again.event("metrics", 2, loss=0.25)
    reader.poll()
    assert list(reader.metrics["loss"].values) == [0.5, 0.25]
    assert all(json.loads(line) for line in events.read_text().splitlines())


def test_no_step_appears_twice_after_a_resume(runs: Path) -> None:
    folder = write(
        runs / "a",
        START,
        metrics(10, 1.0),
        metrics(20, 0.9),
        {"event": "sample", "step": 20, "path": "samples/x.png"},
        START | {"step": 10, "resumed_from": 10},
        metrics(20, 0.8),
    )
    reader = RunReader(folder)
    reader.poll()
    assert list(reader.metrics["loss"].steps) == [10, 20]
    assert list(reader.metrics["loss"].values) == [1.0, 0.8]
    assert reader.samples == []
    assert summarise(folder).loss == 0.8


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([START], "lost"),
        ([START, {"event": "end", "step": 5, "state": "stopped"}], "stopped"),
        ([START, {"event": "end", "step": 5, "state": "failed", "error": "no"}], "failed"),
        ([START, {"event": "end", "step": 5, "state": "stopped"}, START | {"resumed_from": 5, "step": 5}], "lost"),
        ([START, {"event": "end", "step": 5, "state": "a[/b]"}], "lost"),
    ],
)
def test_states_tell_the_truth(runs: Path, events: list[dict[str, Any]], state: str) -> None:
    folder = write(runs / "a", *events)
    reader = RunReader(folder)
    reader.poll()
    assert reader.state == state
    assert summarise(folder).state == state
    assert [s.state for s in RunList(runs).scan()] == [state]


def test_a_second_trainer_is_refused_and_told_of_the_first(runs: Path) -> None:
    with RunWriter.create(runs, resolve({})) as writer:
        assert lock_holder(writer.folder) == os.getpid()
        with pytest.raises(RunError, match=rf"being trained already, by process {os.getpid()}"):
            RunWriter.reopen(writer.folder)
    assert lock_holder(writer.folder) is None


def test_a_killed_trainer_leaves_no_lock(runs: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from engine.config import resolve; from engine.runs.folder import RunWriter\n"
        "w = RunWriter.create(Path(sys.argv[1]), resolve({})); w.event('start', 0, total_steps=9);"
        "print(w.folder, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(runs)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert (summarise(folder).state, lock_holder(folder)) == ("running", process.pid)
        process.kill()
    assert (summarise(folder).state, lock_holder(folder)) == ("lost", None)


@pytest.mark.parametrize("said", ["-1", "0", "1", "", "x", "9" * 400, "\x00"])
def test_a_lock_that_lies_names_no_process(runs: Path, said: str) -> None:
    """A signal to -1 would end every process of the user."""
    with RunWriter.create(runs, resolve({})) as writer:
        (writer.folder / "lock").write_text(f"{said}\n{platform.node()}\n")
        assert lock_holder(writer.folder) is None


def test_a_lock_of_another_machine_names_no_process_here(runs: Path) -> None:
    with RunWriter.create(runs, resolve({})) as writer:
        (writer.folder / "lock").write_text(f"{os.getpid()}\nelsewhere\n")
        assert lock_holder(writer.folder) is None


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="this kernel does not list its locks")
def test_a_lock_may_not_name_another_process_of_this_machine(runs: Path) -> None:
    with RunWriter.create(runs, resolve({})) as writer:
        (writer.folder / "lock").write_text(f"{os.getppid()}\n{platform.node()}\n")
        assert lock_holder(writer.folder) is None


HOSTILE = [
    "not json",
    "[]",
    "null",
    '"event"',
    "[" * 10_000,
    '{"event": 5}',
    '{"event": "metrics", "step": "many", "loss": "low"}',
    '{"event": "metrics", "step": 1e999, "loss": 1e999}',
    '{"event": "metrics", "step": ' + "9" * 400 + ', "loss": ' + "9" * 400 + "}",
    '{"event": "sample", "step": 1, "path": "../../../etc/passwd", "strip": "/etc/passwd"}',
    '{"event": "sample", "step": 1, "path": 7}',
    '{"event": "sample", "step": 1, "path": "a\\u0000b"}',
    '{"event": "start", "config": [], "total_steps": "x", "time": 12, "device": {}}',
    '{"event": "end", "state": ["finished"], "error": {}}',
    '{"event": "warning"}',
    '{"event": "something else"}',
    "\x00\x1b[2J",
]


def test_hostile_lines_are_passed_over(runs: Path) -> None:
    later = [line for line in HOSTILE if '"start"' not in line]  # a start, however odd, begins the run anew
    folder = write(runs / "a[/b]", *HOSTILE, START, metrics(7, 0.25), *later, end="")
    reader = RunReader(folder)
    reader.poll()
    assert list(reader.metrics["loss"].values) == [0.25]
    assert reader.samples == [], "no path may leave the run's folder"
    summary = summarise(folder)
    assert (summary.step, summary.loss) == (7, 0.25)
    json.dumps(summary.to_json())


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_no_bytes_break_a_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / "events.jsonl").write_bytes(content)
    reader = RunReader(folder)
    reader.poll()
    assert summarise(folder).state == "lost"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=40), st.data())
@settings(deadline=None)
def test_reading_in_pieces_is_reading_at_once(
    tmp_path_factory: pytest.TempPathFactory, losses: list[float], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("run")
    content = "".join(json.dumps(metrics(i, loss)) + "\n" for i, loss in enumerate(losses)).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=8)))
    reader = RunReader(folder)
    with (folder / "events.jsonl").open("ab", buffering=0) as file:
        for start, stop in zip([0, *cuts], [*cuts, len(content)], strict=True):
            file.write(content[start:stop])
            reader.poll()
    assert list(reader.metrics["loss"].values) == losses


def test_a_replaced_file_is_read_from_its_beginning(runs: Path) -> None:
    folder = write(runs / "a", START, metrics(1, 0.5), metrics(2, 0.4))
    reader = RunReader(folder)
    reader.poll()
    (folder / "events.jsonl").unlink()
    write(folder, START, metrics(1, 0.9))
    reader.poll()
    assert list(reader.metrics["loss"].values) == [0.9]


def test_a_long_run_is_summarised_from_its_ends(runs: Path) -> None:
    folder = write(runs / "long", START, *(metrics(i, 1 / (i + 1)) for i in range(5000)))
    summary = summarise(folder)
    assert (summary.step, summary.total_steps) == (4999, 100)
    assert summary.loss == pytest.approx(1 / 5000)
    assert summary.started == parse_time("2026-03-01T10:00:00Z")


def test_the_list_is_newest_first_and_reads_again_only_what_changed(runs: Path) -> None:
    for day in (1, 3, 2):
        write(runs / f"run-{day}", START | {"time": f"2026-03-0{day}T00:00:00Z"}, metrics(1, day))
    listed = RunList(runs)
    first = listed.scan()
    assert [s.id for s in first] == ["run-3", "run-2", "run-1"]
    with (runs / "run-2" / "events.jsonl").open("a") as file:
        file.write(json.dumps(metrics(2, 0.125)) + "\n")
    second = listed.scan()
    assert second[1].loss == 0.125
    assert second[0] is first[0]
    assert second[2] is first[2]


def test_a_run_has_its_place_before_it_says_anything(runs: Path) -> None:
    """Between its folder and its first event lie the seconds in which the network is made."""
    before = write(runs / "digits-20260301-100000-aaaa", START | {"time": "2026-03-01T10:05:00Z"}, metrics(1, 1.0))
    foreign = write(runs / "of another program", START | {"time": "2026-02-01T00:00:00Z"})
    with RunWriter.create(runs, resolve({"preset": "article-mnist"})) as writer:
        assert find_run(runs, "latest") == writer.folder
        new, *others = RunList(runs).scan()
        assert [one.folder for one in others] == [before, foreign]
        assert (new.state, new.preset, new.dataset) == ("running", "article-mnist", "mnist")
        assert new.started is not None
    (writer.folder / "config.toml").write_text("lr = [")
    assert summarise(writer.folder).preset is None, "what is no TOML tells nothing"


def test_a_run_is_found_by_id_prefix_path_or_latest(runs: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run yet"):
        find_run(runs, "latest")
    a, b = (write(runs / n, START | {"time": t}) for n, t in (("digits-1", "2026-01-01"), ("digits-12", "2026-01-02")))
    assert find_run(runs, "latest") == b
    assert find_run(runs, "digits-1") == a, "a whole id wins over a prefix"
    assert find_run(runs, "digits-12") == b
    with pytest.raises(RunError, match="2 runs are called so"):
        find_run(runs, "digits")
    short = write(runs / "mnist-20260102-101112-3b00", START)
    assert find_run(runs, "3b00") == short, "as a narrow list shows it"
    write(runs / "cifar10-20260102-101112-3b00", START)
    with pytest.raises(RunError, match="2 runs are called so"):
        find_run(runs, "3b00")
    elsewhere = write(tmp_path / "copied", START)
    assert find_run(runs, str(elsewhere)) == elsewhere
    for wrong in ("nothing", "", "\0", "../runs/x", "x" * 5000):
        with pytest.raises(RunError, match="no such run"):
            find_run(runs, wrong)


@pytest.mark.parametrize("name", ["a[/b]", "x" * 255, "../../evil", "line\nbreak", "…", "-rf"])
def test_any_name_makes_a_folder_inside_runs(runs: Path, name: str) -> None:
    with RunWriter.create(runs, resolve({"name": name})) as writer:
        assert writer.folder.parent == runs
        assert writer.folder.name.isascii()
        assert not writer.folder.name.startswith(("-", "."))


def test_a_home_is_its_owners_alone(tmp_path: Path) -> None:
    assert (prepare(tmp_path / "new").stat().st_mode & 0o777) == 0o700


def test_an_unusable_home_says_what_would_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="set DIFFWB_HOME to a folder"):
        prepare(tmp_path / "file" / "home")


def test_the_home_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIFFWB_HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv("DIFFWB_HOME")
    assert home().name == "diffwb"


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_times_are_read_leniently() -> None:
    assert parse_time("2026-03-01T10:00:00Z") is not None
    for wrong in (None, 5, "yesterday", "", math.nan):
        assert parse_time(wrong) is None


def test_a_time_is_told_in_utc(runs: Path) -> None:
    assert parse_time("9999-12-31T23:59:59-23:59") is None, "beyond the last year there is"
    east = write(runs / "east", START | {"time": "2026-03-01T10:00:00+05:00"})
    assert summarise(east).to_json()["started"] == "2026-03-01T05:00:00Z"
    early = write(runs / "early", START | {"time": "0099-03-01T10:00:00Z"})
    assert summarise(early).to_json()["started"] == "0099-03-01T10:00:00Z"


@pytest.mark.parametrize("name", ["events.jsonl", "lock", "log.txt"])
def test_a_pipe_in_a_run_holds_nobody_up(runs: Path, name: str) -> None:
    folder = write(runs / "piped", START, metrics(7, 0.25))
    (folder / "config.toml").touch()
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    reader = RunReader(folder)
    reader.poll()
    assert reader.state == "lost"
    assert [s.id for s in RunList(runs).scan()] == ["piped"]
    assert lock_holder(folder) is None
    with pytest.raises(RunError, match="is no file"):
        RunWriter.reopen(folder)


def test_a_number_that_counts_no_steps_is_none(runs: Path) -> None:
    folder = write(runs / "huge", START | {"total_steps": -5}, metrics(7, 0.25), metrics(10**300, 0.5), metrics(-3, 1))
    reader = RunReader(folder)
    reader.poll()
    assert (reader.step, reader.total_steps) == (7, None)
    assert (summarise(folder).step, summarise(folder).total_steps) == (7, None)


def test_a_line_too_long_to_be_an_event_is_passed_over_once(runs: Path) -> None:
    folder = write(runs / "long", START, metrics(1, 0.5), '{"event": "' + "x" * (3 * LONGEST), end="")
    reader = RunReader(folder)
    assert reader.poll()
    assert not reader.poll(), "it is not read again"
    with (folder / "events.jsonl").open("a") as file:
        file.write('"}\n' + json.dumps(metrics(2, 0.25)) + "\n")
    assert reader.poll()
    assert list(reader.metrics["loss"].values) == [0.5, 0.25]


def test_a_sample_without_a_usable_name_is_none(runs: Path) -> None:
    names = ["loop", "x" * 5000, "\ud800", "a\0b"]
    folder = write(runs / "odd", START, *({"event": "sample", "step": 1, "path": f"samples/{n}"} for n in names))
    (folder / "samples").mkdir()
    (folder / "samples" / "loop").symlink_to("loop")
    reader = RunReader(folder)
    reader.poll()
    assert [s.path.name for s in reader.samples] in ([], ["x" * 5000]), "nobody can follow a loop"
