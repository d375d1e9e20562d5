"""What training minimises, computed a second time by hand; and the article's job, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from engine.config import TrainConfig, resolve
from engine.data.datasets import load
from engine.data.randomness import Draws
from engine.diffusion.objectives import LABEL_DROPOUT, Denoising
from engine.diffusion.process import NoiseSchedule
from engine.home import prepare
from engine.models import build_model
from engine.runs.folder import RunWriter
from engine.training import compiling
from engine.training import run as training
from engine.training.optimization import build_optimizer
from engine.training.trainer import Trainer, TrainingError


class Remembering(nn.Module):
    """Answers with half of what it is given, and remembers that."""

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        self.x, self.t, self.y = x, t, y
        return 0.5 * x


def settings(**changes: object) -> TrainConfig:
    return resolve({"steps": 1, "precision": "fp32"} | changes)


def loss_of(config: TrainConfig, images: Tensor) -> tuple[float, Remembering, NoiseSchedule]:
    network, schedule = Remembering(), NoiseSchedule.from_config(config)
    draws = Draws(torch.Generator().manual_seed(1), len(images))
    labels = torch.arange(len(images)) % 3
    return float(Denoising(network, schedule, config, classes=3)(images, labels, draws)), network, schedule


@pytest.mark.parametrize("prediction", ["eps", "x0", "v"])
@pytest.mark.parametrize("loss", ["mse", "min-snr", "mse-l1-cosine"])
def test_the_loss_is_what_it_is_called(prediction: str, loss: str) -> None:
    images = torch.rand(16, 1, 4, 4) * 2 - 1
    config = settings(prediction=prediction, loss=loss)
    found, network, schedule = loss_of(config, images)
    a, s = schedule.at(network.t)
    noise = (network.x - a * images) / s
    target = {"eps": noise, "x0": images, "v": a * noise - s * images}[prediction]
    output = 0.5 * network.x
    squared = (output - target).square()
    if loss == "mse":
        expected = squared.mean()
    elif loss == "min-snr":
        snr = (a / s).square().flatten()
        weight = {"eps": 1 / snr, "x0": torch.ones(16), "v": 1 / (snr + 1)}[prediction] * snr.clamp(max=5.0)
        expected = (squared.mean(dim=(1, 2, 3)) * (weight if prediction != "x0" else snr.clamp(max=5.0))).mean()
    else:
        cosine = F.cosine_similarity(output.flatten(1), target.flatten(1)).mean()
        expected = squared.mean() + (output - target).abs().mean() + 1 - cosine
    assert found == pytest.approx(float(expected), rel=1e-3)


def test_a_tenth_of_the_images_is_trained_without_its_class() -> None:
    _, network, _ = loss_of(settings(class_conditional=True), torch.zeros(5000, 1, 1, 1))
    assert network.y is not None
    assert float((network.y == 3).float().mean()) == pytest.approx(LABEL_DROPOUT, abs=0.02)
    kept = network.y != 3
    assert torch.equal(network.y[kept], (torch.arange(5000) % 3)[kept])


def test_the_articles_preset_is_the_articles_job() -> None:
    c = resolve({"preset": "article-mnist"})
    assert (c.dataset, c.image_size, c.batch_size, c.epochs) == ("mnist", 28, 2, 10)
    assert (c.optimizer, c.lr, c.lr_schedule, c.weight_decay, c.grad_clip, c.ema) == (
        "adam", 1e-3, "constant", 0.0, 0.0, 0.0,
    )  # fmt: skip
    assert (c.timesteps, c.schedule, c.beta_start, c.beta_end) == (1000, "linear", 1e-4, 0.02)
    assert (c.prediction, c.loss, c.time_embed_dim, c.widths, c.norm) == ("eps", "mse", 32, (64, 128, 256), "batch")
    network = build_model(c, channels=1, image_size=28, classes=10)
    assert type(build_optimizer(c, network.parameters(), c.lr)) is torch.optim.Adam


def test_its_network_costs_what_the_articles_does() -> None:
    network = build_model(resolve({"preset": "article-mnist"}), channels=1, image_size=28, classes=10)
    x, t = torch.zeros(1, 1, 28, 28), torch.zeros(1, dtype=torch.int64)
    with FlopCounterMode(display=False) as counter:
        loss = network(x, t).sum()
    assert counter.get_total_flops() == 604_762_112
    with counter:
        network(x, t).sum().backward()
    assert loss.requires_grad
    assert counter.get_total_flops() == 1_813_342_208


SMALL = {"widths": "8,16", "batch_size": 16, "device": "cpu", "precision": "fp32", "sample_every": 0}


def test_a_loss_that_is_no_number_is_told_with_its_very_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = Trainer.train_step

    def poisoned(trainer: Trainer) -> tuple[Tensor, Tensor]:
        loss, norm = sound(trainer)
        return (loss * float("nan") if trainer.step == 13 else loss), norm

    monkeypatch.setattr(Trainer, "train_step", poisoned)
    config = resolve(SMALL | {"steps": 30, "log_every": 10, "checkpoint_every": 0})
    with pytest.raises(TrainingError, match=r"the loss became nan at step 13; .*Try a lower lr"):
        training.train(config, prepare(tmp_path), lambda tick: None, lambda text: None)


@pytest.mark.parametrize("model", ["unet", "latent"])
def test_a_compiled_network_trains_as_the_plain_one(
    tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its checkpoint is the plain network's: no name in it says that it was compiled.

    The graph is taken and run, but no kernels are made of it: that takes a minute on a CPU.
    """
    monkeypatch.setattr(compiling, "BACKEND", "aot_eager")

    def run(name: str, compiling: str) -> tuple[list[float], set[str]]:
        changes = SMALL | {"steps": 4, "compile": compiling, "model": model, "latent_dim": 8, "autoencoder_share": 0.5}
        config = resolve(changes)
        with RunWriter.create(prepare(tmp_path / name) / "runs", config) as writer:
            trainer = Trainer(config, load(config, tmp_path), torch.device("cpu"), writer)
            return [float(trainer.train_step()[0]) for _ in range(4)], set(trainer.model.state_dict())

    plain, compiled = run("plain", "off"), run("compiled", "on")
    assert compiled[0] == pytest.approx(plain[0], abs=1e-4)
    assert compiled[1] == plain[1]
