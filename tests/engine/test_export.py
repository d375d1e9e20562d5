"""What other programs are given: CSV that is complete, event files that TensorBoard reads, and nothing hostile."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from engine.runs import export
from tests.tui.fake_run import FakeRun, picture


def quiet(done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def rows(run: Path) -> list[dict[str, str]]:
    text = io.StringIO()
    export.write_csv(run, text, quiet)
    return list(csv.DictReader(io.StringIO(text.getvalue())))


@pytest.fixture
def run(tmp_path: Path) -> FakeRun:
    return FakeRun(tmp_path / "run", total=100).start()


def test_a_table_has_every_point_once(run: FakeRun) -> None:
    run.train(10, 60).event("evaluation", 60, 3, frechet=4.5, count=360)
    run.event("start", 30, 4, resumed_from=30, total_steps=100)
    run.train(40, 100)
    run.event("metrics", 101, 5, seconds=5.0, odd=1.5, loss=None)
    found = rows(run.folder)
    assert [int(row["step"]) for row in found] == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 101]
    assert list(found[0]) == [
        *(
            "event",
            "time",
            "step",
            "seconds",
            "epoch",
            "loss",
            "lr",
            "grad_norm",
            "images_per_s",
            "frechet",
            "count",
            "odd",
        )
    ]
    assert (found[-1]["odd"], found[-1]["loss"]) == ("1.5", "")


def test_several_resumptions_take_back_what_they_repeat(run: FakeRun) -> None:
    run.train(10, 50)
    for begin in (40, 20, 30):
        run.event("start", begin, 4, resumed_from=begin)
        run.train(begin + 10, begin + 20)
    assert [int(row["step"]) for row in rows(run.folder)] == [10, 20, 30, 40, 50]


def test_tensorboard_reads_curves_and_pictures(run: FakeRun, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run.train(10, 100).sample(50).event("evaluation", 100, 9, frechet=4.5)
    folder = tmp_path / "out"
    path = export.write_tensorboard(run.folder, folder, quiet)
    assert export.write_tensorboard(run.folder, folder, quiet) == path, "written anew, not beside"
    assert list(folder.iterdir()) == [path]
    found = EventAccumulator(str(folder), size_guidance={"scalars": 0, "images": 0})
    found.Reload()
    assert {"loss", "lr", "grad_norm", "images_per_s", "evaluation/frechet"} <= set(found.Tags()["scalars"])
    losses = [row["loss"] for row in rows(run.folder) if row["event"] == "metrics"]
    assert [event.step for event in found.Scalars("loss")] == list(range(10, 101, 10))
    assert [event.value for event in found.Scalars("loss")] == pytest.approx(list(map(float, losses)))
    assert found.Scalars("loss")[0].wall_time == pytest.approx(run.begun.timestamp() + 0.5)
    (image,) = found.Images("samples")
    assert (image.step, image.width, image.height) == (50, *picture(8, 4).size)
    assert image.encoded_image_string == (run.folder / "samples" / "step-00000050.png").read_bytes()
    assert len(found.Images("denoising")) == 1


def test_a_hostile_run_gives_nothing_away_and_holds_nobody_up(run: FakeRun, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    picture(1, 1).save(secret)
    os.mkfifo(run.folder / "pipe.png")
    (run.folder / "link.png").symlink_to(secret)
    (run.folder / "no.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    for name in ("../secret.png", str(secret), "link.png", "pipe.png", "no.png", "/dev/zero", "x\0", 7):
        run.event("sample", 5, 1, path=name, strip=name)
    huge = {"loss": 10**400, "\x1b[2J": 5, "=cmd": "x", 'a,b"c': 2}
    run.event("metrics", 5, 1, **huge)
    with (run.folder / "events.jsonl").open("a") as file:
        file.write('{"event": "metrics", "step": 6, "time": "\\u001b[2J", "loss": 1e308}\n')
        file.write('{"event": "' + "x" * 5_000_000 + "\n[[[\nnull\n")
        file.write(json.dumps({"event": "metrics", "step": 7, "loss": 0.5}) + "\n" + '{"event": "metr')
    path = export.write_tensorboard(run.folder, tmp_path / "out", quiet)
    assert b"IDAT" not in path.read_bytes(), "no picture from outside the run, and none that is no picture"
    text = io.StringIO()
    export.write_csv(run.folder, text, quiet)
    assert "\x1b" not in text.getvalue()
    assert [(r["step"], r["loss"]) for r in csv.DictReader(io.StringIO(text.getvalue()))] == [
        ("5", ""),
        ("6", "1e+308"),
        ("7", "0.5"),
    ]


def test_a_failed_export_leaves_nothing_half_written(run: FakeRun, tmp_path: Path) -> None:
    run.train(10, 50)

    def fails(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export.write_tensorboard(run.folder, tmp_path / "out", fails)
    assert list((tmp_path / "out").iterdir()) == []
