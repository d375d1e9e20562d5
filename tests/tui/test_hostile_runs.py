"""Commands on somebody else's run folder: nothing hangs, leaves the folder, is executed or reaches the terminal."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config import resolve
from engine.home import prepare
from engine.training.run import train
from tests.engine.trainers import SMALL, Trainers
from tests.tui.fake_run import FakeRun

ESCAPE = "\x1b[2J\x1b]0;owned\x07\u202e[/b][@click=app.quit]"
TINY = {"steps": "2", "widths": "4,8", "batch_size": "8", "device": "cpu", "precision": "fp32", "sample_every": "0",
        "sample_count": "4", "sample_steps": "4"}  # fmt: skip
Diffwb = Callable[..., tuple[int, str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def diffwb(home: Path, trainers: subprocess.Popen[str]) -> Diffwb:
    started = Trainers(home, trainers)

    def run(*arguments: str) -> tuple[int, str]:
        done = started.run(*arguments)
        said = done.stdout + done.stderr
        assert not {"\x1b", "\x07", "\u202e"} & set(said), said
        return done.returncode, said

    return run


@pytest.fixture
def hostile(home: Path) -> Path:
    """Escapes in every text, paths that lead out, pipes and endless files where files belong."""
    run = FakeRun(home / "runs" / "hostile-1").start(
        device=ESCAPE, config={"preset": ESCAPE, ESCAPE: ESCAPE, "lr": [ESCAPE]}
    )
    run.train(10, 50)
    run.event("warning", 50, 3, message=ESCAPE)
    run.event("sample", 50, 3, path="../../../outside.png", strip=f"/dev/zero{ESCAPE}")
    run.event("checkpoint", 50, 3, path=ESCAPE)
    run.event(ESCAPE, 50, 3)
    run.event("end", 50, 4, state="failed", seconds=2, error=ESCAPE)
    (run.folder / "config.toml").unlink()
    os.mkfifo(run.folder / "config.toml")
    (run.folder / "log.txt").symlink_to("/dev/zero")
    (run.folder / "about.json").write_text(json.dumps({"name": ESCAPE, "note": ESCAPE, "tags": [ESCAPE]}))
    return run.folder


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["runs"], 0),
        (["runs", "--json"], 0),
        (["attach", "hostile"], 1),
        (["note", "hostile"], 0),
        (["tag", "hostile"], 0),
        (["diff", "hostile", "other"], 0),
        (["diff", "hostile", "other", "--json"], 0),
        (["export", "hostile", "--csv"], 0),
        (["export", "hostile", "--tensorboard"], 0),
        (["stop", "hostile"], 2),
        (["checkpoint", "hostile"], 2),
        (["--train", "--resume", "hostile"], 2),
        (["sample", "hostile", "-o", "x.png"], 2),
        (["rm", "hostile", "--yes"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_no_command_is_held_up_or_fooled(diffwb: Diffwb, hostile: Path, arguments: list[str], code: int) -> None:
    FakeRun(hostile.parent / "other-2").start().train(10, 20)
    assert diffwb(*arguments)[0] == code


@pytest.mark.parametrize("name", ["events.jsonl", "log.txt", "lock", "checkpoints", "samples"])
def test_a_run_that_goes_on_writes_nothing_outside_its_folder(
    diffwb: Diffwb, home: Path, name: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    if name in ("checkpoints", "samples"):
        outside.mkdir()
    else:
        outside.write_text("mine\n")
    run = FakeRun(home / "runs" / "linked-1").start()
    settings = [
        f"{flag.removeprefix('--').replace('-', '_')} = {value!r}"
        for flag, value in zip(SMALL[::2], SMALL[1::2], strict=True)
    ]
    (run.folder / "config.toml").write_text("\n".join([*settings, "steps = 2"]) + "\n")
    path = run.folder / name
    path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
    path.symlink_to(outside)
    code, said = diffwb("--train", "--resume", "linked-1")
    assert code == 2
    assert "of the run's own; this run cannot go on" in said
    assert not list(outside.iterdir()) if outside.is_dir() else outside.read_text() == "mine\n"


def test_a_hostile_checkpoint_executes_nothing(diffwb: Diffwb, home: Path, tmp_path: Path) -> None:
    run = train(resolve(TINY), prepare(home), lambda _: None, lambda _: None).folder
    trap = tmp_path / "executed"

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return os.system, (f"touch {trap}",)

    folder = run / "checkpoints" / "step-00000002"
    meta = json.loads((folder / "meta.json").read_text())
    for file in folder.iterdir():
        file.unlink()
        if file.name != "meta.json":
            file.write_bytes(pickle.dumps(Bomb()))
    import hashlib

    meta["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in meta["sha256"]}
    (folder / "meta.json").write_text(json.dumps(meta))
    for arguments in (["--train", "--resume", run.name], ["sample", run.name, "-o", "x.png"]):
        assert diffwb(*arguments)[0] == 2
    (folder / "trainer.pt").unlink()
    os.mkfifo(folder / "trainer.pt")
    assert diffwb("--train", "--resume", run.name)[0] == 2, "a pipe holds nobody up"
    os.truncate(folder / "model.safetensors", 1 << 40)
    assert "1,099,511,627,776 bytes" in diffwb("sample", run.name, "-o", "x.png")[1]
    assert not trap.exists()
