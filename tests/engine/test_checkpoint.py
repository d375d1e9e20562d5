"""Checkpoints: whole or absent, believed only when their sums agree, never unpickled."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import zipfile
from pathlib import Path

import pytest
import torch

from engine.config import resolve
from engine.training import checkpoint
from engine.training.checkpoint import Checkpoint, CheckpointError


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


def signed(folder: Path, name: str, content: bytes) -> None:
    """Put a file into a checkpoint as somebody who means harm does: with the right sum."""
    (folder / name).write_bytes(content)
    meta = json.loads((folder / "meta.json").read_text())
    meta["sha256"][name] = hashlib.sha256(content).hexdigest()
    (folder / "meta.json").write_text(json.dumps(meta))


def repacked(content: bytes, compression: int, **changed: bytes) -> bytes:
    """A file of torch.save packed anew, with other contents for entries whose names end so."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, next((c for end, c in changed.items() if name.endswith(end)), old.read(name)))
    return packed.getvalue()


def state_bytes(state: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["meta.json", "model.safetensors", "ema.safetensors", "trainer.pt"])
def test_a_file_larger_than_memory_is_not_read(run: Path, name: str) -> None:
    """A terabyte of holes takes no room on a disk; reading it would end the process, or take hours."""
    save(run, 1)
    with (save(run, 2) / name).open("r+b") as file:
        file.truncate(1 << 40)
    found, complaints = checkpoint.newest_good(run)
    assert found.step == 1
    assert len(complaints) == 1 and f"{name} is 1,099,511,627,776 bytes long" in complaints[0]


def test_a_state_cannot_grow_when_it_is_unpacked(run: Path) -> None:
    save(run, 1)
    folder = save(run, 2)
    bomb = repacked(state_bytes({"w": torch.zeros(1 << 20)}), zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    repeated = state_bytes({"optimizer": [{"w": torch.zeros(1).expand(1 << 40)}]})
    ring: list[object] = []
    ring.append(ring)
    for content, said in (
        (bomb, "it is compressed"),
        (repeated, "a tensor of 1,099,511,627,776 numbers"),
        (state_bytes(ring), "a list, not the state"),
    ):
        signed(folder, "trainer.pt", content)
        found, complaints = checkpoint.newest_good(run)
        assert found.step == 1
        assert said in complaints[0]


@pytest.mark.parametrize(
    "header",
    [
        (1 << 62).to_bytes(8, "little"),
        (90_000_000).to_bytes(8, "little") + b"{",
        (2).to_bytes(8, "little") + b"{}" + b"x" * 64,
        b'\x40\0\0\0\0\0\0\0{"w":{"dtype":"F32","shape":[999999,999999],"data_offsets":[0,4]}}',
    ],
    ids=["length", "short", "uncovered", "shape"],
)
def test_a_header_that_lies_is_refused(run: Path, header: bytes) -> None:
    save(run, 1)
    signed(save(run, 2), "model.safetensors", header)
    found, complaints = checkpoint.newest_good(run)
    assert (found.step, len(complaints)) == (1, 1)


@pytest.mark.parametrize(
    "change", [{"step": -1}, {"step": 1e300}, {"channels": 10**9}, {"channels": 0}, {"epoch": "x"}]
)
def test_numbers_that_cannot_be_are_refused(run: Path, change: dict[str, object]) -> None:
    save(run, 1)
    path = save(run, 2) / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    found, complaints = checkpoint.newest_good(run)
    assert (found.step, len(complaints)) == (1, 1)
