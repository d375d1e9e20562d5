"""The yardstick: known distances, junk that is junk, and figures that tell real images from noise and copies."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine import evaluate
from engine.config import ConfigError, resolve
from engine.data.datasets import load
from engine.data.imageset import ImageSet, to_model_range
from engine.evaluate import Judge, frechet_distance, make_junk
from engine.home import prepare
from engine.runs.folder import RunReader
from engine.training import run as training


def test_the_distance_of_two_gaussians_is_the_known_one() -> None:
    """Equal covariances leave the distance of the means; equal means leave tr(A + B - 2 sqrt(AB))."""
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(50_000, 3, generator=generator)
    assert frechet_distance(a, a) == pytest.approx(0.0, abs=1e-9)
    assert frechet_distance(a, a + torch.tensor([3.0, 0.0, 4.0])) == pytest.approx(25.0, rel=1e-5)
    assert frechet_distance(a, a.flip(0) * 3) == pytest.approx(3 * (3 - 1) ** 2, rel=0.02)
    b = torch.randn(50_000, 3, generator=generator) @ torch.diag(torch.tensor([1.0, 2.0, 0.5])) + 1
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a), rel=1e-6)


def test_junk_is_made_of_the_images_and_is_none_of_them() -> None:
    images = torch.rand(64, 1, 8, 8) * 2 - 1
    junk = make_junk(images, torch.arange(64) % 10, torch.Generator().manual_seed(0))
    assert junk.shape[1:] == images.shape[1:]
    assert len(junk) == 64
    assert float(junk.abs().max()) <= 1
    assert float(torch.cdist(junk.flatten(1), images.flatten(1)).min()) > 0.1
    shuffled = junk[16:32]
    assert torch.equal(shuffled.flatten(1).sort().values, images[:16].flatten(1).sort().values)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "TRAINING_STEPS", 120)
        config = resolve({})
        folder = tmp_path_factory.mktemp("judges")
        train, held_out = load(config, Path()), load(config, Path(), train=False)
        made = Judge(train, held_out, torch.device("cpu"), folder)
        again = Judge(train, held_out, torch.device("cpu"), folder)
        assert len(list(folder.iterdir())) == 1, "trained once and kept"
        assert torch.equal(made.real, again.real)
        return made


def test_real_images_are_good_noise_is_not_and_copies_are_found(judge: Judge) -> None:
    config = resolve({})
    real = judge.compare(to_model_range(load(config, Path(), train=False).images))
    assert real.samples == real.held_out, "held-out images are judged as what they are"
    assert real.samples.classes_covered == 10
    assert real.samples.copies < 0.05
    noise = judge.compare(torch.rand(360, 1, 16, 16) * 2 - 1).samples
    assert noise.frechet > 10 * real.samples.frechet
    assert noise.valid_rate < 0.1 < real.samples.valid_rate
    copies = judge.compare(to_model_range(load(config, Path()).images[:100])).samples
    assert copies.copies == 1.0
    ones = to_model_range(load(config, Path(), train=False).images[:1]).repeat(50, 1, 1, 1)
    assert judge.compare(ones).samples.classes_covered <= 1


def few(count: int) -> ImageSet:
    return ImageSet(torch.randint(256, (count, 1, 8, 8), dtype=torch.uint8), torch.arange(count) % 2, ("a", "b"), 8)


def test_a_damaged_yardstick_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "TRAINING_STEPS", 2)
    train, held_out = few(20), few(4)
    made = Judge(train, held_out, torch.device("cpu"), tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    for damaged in (b"", b"garbage", whole[:-9]):
        kept.write_bytes(damaged)
        assert torch.equal(Judge(train, held_out, torch.device("cpu"), tmp_path).real, made.real)
        assert kept.read_bytes() == whole


def test_held_out_images_in_the_order_of_their_classes_are_judged_by_all_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evaluate, "TRAINING_STEPS", 1)
    monkeypatch.setattr(evaluate, "MOST_JUDGED", 10)
    train, held_out = load(resolve({}), Path()), load(resolve({}), Path(), train=False)
    order = held_out.labels.argsort(stable=True)
    train = replace(train, native_size=train.image_size)  # judged at the size it has
    judge = Judge(train, replace(held_out, images=held_out.images[order]), torch.device("cpu"))
    first, last = to_model_range(held_out.images[order[[0, -1]]])
    assert len(judge.held_out) == 10
    assert torch.equal(judge.held_out[0], first) and torch.equal(judge.held_out[-1], last)


def test_one_held_out_image_is_too_few_to_judge_by() -> None:
    with pytest.raises(ConfigError, match="1 images are held out; 2 or more are needed"):
        Judge(few(20), few(1), torch.device("cpu"))


def test_a_run_measures_itself_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "TRAINING_STEPS", 20)
    changes = {"steps": 8, "evaluate_every": 4, "sample_every": 0, "sample_steps": 2, "widths": (8, 8)}
    home = prepare(tmp_path)
    folder = training.train(resolve(changes), home, lambda tick: None, lambda text: None).folder
    records = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    found = [r for r in records if r["event"] == "evaluation"]
    assert [r["step"] for r in found] == [4, 8]
    for record in found:
        assert {"frechet", "valid_rate", "classes_covered", "count", "held_out_frechet"} <= set(record)
        assert record["count"] == 360
    reader = RunReader(folder)
    reader.poll()
    assert list(reader.metrics["frechet"].steps) == [4, 8], "an evaluation is a curve too"
