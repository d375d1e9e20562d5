"""Checkpoints: whole or absent, believed only when their sums agree, never unpickled."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
import torch

from engine import checkpoint
from engine.checkpoint import Checkpoint, CheckpointError
from engine.config import resolve


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "checkpoints").mkdir()
    return tmp_path


def save(run: Path, step: int, *, ema: bool = True) -> Path:
    weights = {"w": torch.full((3, 2), float(step)), "n": torch.tensor(step)}
    averages = {"w": torch.zeros(3, 2), "n": torch.tensor(step)} if ema else None
    state = {"generator": torch.Generator().get_state(), "seconds": 1.5}
    return checkpoint.save(run, Checkpoint(step, 1, 1, ("a", "b"), weights, averages, state), resolve({}))[0]


@pytest.mark.parametrize("ema", [True, False])
def test_what_is_saved_is_loaded(run: Path, ema: bool) -> None:
    folder = save(run, 40, ema=ema)
    assert folder.name == "step-00000040"
    loaded = checkpoint.load(folder)
    assert (loaded.step, loaded.epoch, loaded.trainer["seconds"]) == (40, 1, 1.5)
    assert torch.equal(loaded.model["w"], torch.full((3, 2), 40.0))
    assert (loaded.ema is not None) == ema
    assert torch.equal(loaded.best_weights["w"], torch.zeros(3, 2) if ema else loaded.model["w"])


@pytest.mark.parametrize("name", ["model.safetensors", "ema.safetensors", "trainer.pt"])
@pytest.mark.parametrize("damage", ["flip", "truncate", "remove", "empty"])
def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(run: Path, name: str, damage: str) -> None:
    save(run, 1)
    path = save(run, 2) / name
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "truncate":
        path.write_bytes(content[:-1])
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        path.unlink()
    found, complaints = checkpoint.newest_good(run)
    assert found.step == 1
    assert len(complaints) == 1 and "step-00000002" in complaints[0] and name in complaints[0]


def test_where_none_is_good_it_says_so(run: Path) -> None:
    with pytest.raises(CheckpointError, match="it has no checkpoint"):
        checkpoint.newest_good(run)
    (save(run, 1) / "meta.json").write_text("{}")
    with pytest.raises(CheckpointError, match="none of its checkpoints is whole"):
        checkpoint.newest_good(run)


class Bomb:
    """Unpickling it would make a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.path,)


def test_a_hostile_checkpoint_is_never_unpickled(run: Path, tmp_path: Path) -> None:
    folder = save(run, 1)
    trap = tmp_path / "executed"
    torch.save({"optimizer": Bomb(trap)}, folder / "trainer.pt")
    (folder / "model.safetensors").write_bytes(pickle.dumps(Bomb(trap)))
    import hashlib

    meta = json.loads((folder / "meta.json").read_text())
    meta["sha256"] = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in meta["sha256"]}
    (folder / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(CheckpointError, match="cannot be read"):
        checkpoint.load(folder)
    assert not trap.exists()


def test_names_in_meta_cannot_reach_out_of_the_folder(run: Path) -> None:
    folder = save(run, 1)
    meta = json.loads((folder / "meta.json").read_text())
    meta["sha256"]["../../secret"] = "0"
    (folder / "meta.json").write_text(json.dumps(meta))
    assert checkpoint.load(folder).step == 1, "names that are not a checkpoint's are not opened"


def test_old_checkpoints_and_half_written_ones_are_removed(run: Path) -> None:
    for step in (10, 2, 300):
        save(run, step)
    (run / "checkpoints" / ".step-00000400.tmp").mkdir()
    checkpoint.prune(run, keep=2, measured={})
    assert [p.name for p in sorted((run / "checkpoints").iterdir())] == ["step-00000010", "step-00000300"]


def test_a_failed_save_keeps_the_earlier_ones(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(run, 1)

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(checkpoint, "_write_synced", full)
    with pytest.raises(OSError, match="No space left"):
        save(run, 2)
    assert [p.name for p in (run / "checkpoints").iterdir()] == ["step-00000001"]
