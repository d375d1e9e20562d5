"""Samplers: the papers' formulas in float64 as reference, diffusers as oracle, equal seeds, known answers."""

from __future__ import annotations

from types import ModuleType

import pytest
import torch
from torch import Tensor, nn

from engine.config import TrainConfig, from_values
from engine.diffusion import drawing
from engine.diffusion.drawing import draw
from engine.diffusion.process import NoiseSchedule, cosine_betas, linear_betas
from engine.diffusion.samplers import ddim, ddpm, dpmpp, spaced_timesteps

SCHEDULE = NoiseSchedule.from_betas(linear_betas(1000, 1e-4, 0.02))
GRID = {"num_train_timesteps": 1000, "beta_start": 1e-4, "beta_end": 0.02, "beta_schedule": "linear"}


def fake_eps(x: Tensor, t: int) -> Tensor:
    """A stand-in network that depends on image and time, and whose x0 stays in range as a trained one's does."""
    a, s = SCHEDULE.at(torch.full((len(x),), t))
    return (x - a * 0.8 * torch.tanh(x + t / 1000)) / s


def denoise_eps(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
    eps = fake_eps(x, t)
    a, s = SCHEDULE.at(torch.full((len(x),), t))
    return (x - s * eps) / a, eps


CPU = torch.device("cpu")


def settings(**changes: object) -> TrainConfig:
    """How to draw, with the article's schedule."""
    return from_values({"schedule": "linear", "steps": 1, "precision": "fp32"} | changes)


def noise(seed: int = 0) -> Tensor:
    return torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(seed))


def test_ddpm_steps_follow_the_paper_in_float64() -> None:
    betas = torch.linspace(1e-4, 0.02, 1000).double()
    alpha_bar = (1 - betas).cumprod(0)
    generator, reference = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    x_before = noise()
    for step in ddpm(denoise_eps, SCHEDULE, noise(), steps=1000, generator=generator):
        t, x = step.t, x_before.double()
        eps = fake_eps(x_before, t).double()
        mean = (x - betas[t] * eps / (1 - alpha_bar[t]).sqrt()) / (1 - betas[t]).sqrt()
        if t > 0:
            z = torch.randn(x.shape, generator=reference).double()
            mean = mean + (betas[t] * (1 - alpha_bar[t - 1]) / (1 - alpha_bar[t])).sqrt() * z
        assert torch.allclose(step.x.double(), mean, atol=1e-5), f"t = {t}"
        x_before = step.x
    assert step.t == 0
    assert torch.equal(step.x, step.x0), "the last step adds no noise and ends on its x0"


def test_ddpm_steps_are_those_of_diffusers(diffusers: ModuleType) -> None:
    oracle = diffusers.DDPMScheduler(**GRID, variance_type="fixed_small", clip_sample=False, prediction_type="epsilon")
    ours, theirs = torch.Generator().manual_seed(5), torch.Generator().manual_seed(5)
    x = noise()
    for step in ddpm(denoise_eps, SCHEDULE, noise(), steps=1000, generator=ours):
        expected = oracle.step(fake_eps(x, step.t), step.t, x, generator=theirs).prev_sample
        assert torch.allclose(step.x, expected, atol=1e-3), f"t = {step.t}"
        x = step.x


def test_ddim_with_eta_one_over_all_steps_is_ddpm() -> None:
    def clipped(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
        x0 = denoise_eps(x, t)[0].clamp(-1, 1)
        a, s = SCHEDULE.at(torch.full((len(x),), t))
        return x0, (x - a * x0) / s

    *_, one = ddpm(clipped, SCHEDULE, noise(), steps=1000, generator=torch.Generator().manual_seed(7))
    *_, other = ddim(clipped, SCHEDULE, noise(), steps=1000, eta=1.0, generator=torch.Generator().manual_seed(7))
    assert torch.allclose(one.x, other.x, atol=1e-5)


def test_ddim_over_all_steps_is_that_of_diffusers(diffusers: ModuleType) -> None:
    oracle = diffusers.DDIMScheduler(**GRID, clip_sample=False, set_alpha_to_one=True, prediction_type="epsilon")
    oracle.set_timesteps(1000)
    x = noise()
    for step in ddim(denoise_eps, SCHEDULE, noise(), steps=1000, generator=None):
        x = oracle.step(fake_eps(x, step.t), step.t, x, eta=0.0).prev_sample
        assert torch.allclose(step.x, x, atol=1e-3), f"t = {step.t}"


@pytest.mark.parametrize("steps", [5, 20, 50])
def test_dpm_solver_steps_are_those_of_diffusers(diffusers: ModuleType, steps: int) -> None:
    oracle = diffusers.DPMSolverMultistepScheduler(
        **GRID, algorithm_type="dpmsolver++", solver_order=2, prediction_type="epsilon", final_sigmas_type="zero"
    )
    oracle.set_timesteps(timesteps=spaced_timesteps(1000, steps))
    x = noise()
    for step in dpmpp(denoise_eps, SCHEDULE, noise(), steps=steps, generator=None):
        x = oracle.step(fake_eps(x, step.t), step.t, x).prev_sample
        assert torch.allclose(step.x, x, atol=1e-4), f"t = {step.t}"


@pytest.mark.parametrize("sampler", [ddpm, ddim, dpmpp])
@pytest.mark.parametrize("steps", [1, 2, 10, 50, 1000])
def test_a_denoiser_that_knows_the_image_ends_on_it(sampler, steps: int) -> None:  # type: ignore[no-untyped-def]
    image = torch.rand(4, 1, 8, 8) * 2 - 1
    schedule = NoiseSchedule.from_betas(cosine_betas(1000))

    def oracle(x: Tensor, t: int) -> tuple[Tensor, Tensor]:
        a, s = schedule.at(torch.full((len(x),), t))
        return image, (x - a * image) / s

    taken = list(sampler(oracle, schedule, noise(), steps=steps, generator=None))
    assert len(taken) == steps
    assert taken[0].t == 999
    assert torch.allclose(taken[-1].x, image, atol=1e-5)


def test_spaced_timesteps_start_at_the_top_and_fall() -> None:
    assert spaced_timesteps(1000, 1000) == list(range(999, -1, -1))
    for steps in (2, 3, 20, 50, 999):
        visited = spaced_timesteps(1000, steps)
        assert (visited[0], visited[-1], len(visited)) == (999, 0, steps)
        assert visited == sorted(set(visited), reverse=True)


class Network(nn.Module):
    """Small enough to be quick, with a batch norm so that train mode would show."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.conv, self.norm = nn.Conv2d(1, 1, 3, padding=1), nn.BatchNorm2d(1)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        out: Tensor = self.norm(self.conv(x))
        return out


@pytest.mark.parametrize("sampler", ["ddpm", "ddim", "dpmpp"])
def test_equal_seeds_draw_equal_images_and_leave_the_network_as_it_was(sampler: str) -> None:
    network = Network().train()
    statistics = network.norm.running_mean.clone()  # type: ignore[union-attr]

    def images(seed: int) -> Tensor:
        return draw(network, settings(sampler=sampler, sample_steps=20), (3, 1, 8, 8), CPU, seed=seed)[0]

    assert torch.equal(images(1), images(1))
    assert not torch.equal(images(1), images(2))
    assert network.training
    assert torch.equal(network.norm.running_mean, statistics), "batch statistics of samples must not leak in"  # type: ignore[arg-type]


def test_a_drawing_does_not_depend_on_train_mode() -> None:
    """Batch statistics of images that share one t would destroy the samples."""
    drawn = [
        draw(network, settings(sample_steps=10), (4, 1, 8, 8), CPU, seed=4)[0]
        for network in (Network().eval(), Network().train())
    ]
    assert torch.equal(*drawn)
    assert float(drawn[0].abs().max()) <= 1.0


def test_estimates_are_those_of_the_timesteps_nearest_to_the_ones_asked_for() -> None:
    images, estimates = draw(Network(), settings(sample_steps=4), (2, 1, 8, 8), CPU, seed=0, at=(999, 700, 300, 5))
    assert spaced_timesteps(1000, 4) == [999, 666, 333, 0]
    assert estimates.shape == (4, 2, 1, 8, 8)
    _, last = draw(Network(), settings(sample_steps=4), (2, 1, 8, 8), CPU, seed=0, at=(0, 999))
    assert torch.equal(last, estimates[[3, 0]])
    assert torch.equal(last[0], images), "the estimate at t = 0 is the image"


class Classes(nn.Module):
    """Says its class, and 0 for any class."""

    def forward(self, x: Tensor, t: Tensor, y: Tensor | None = None) -> Tensor:
        return torch.zeros_like(x) if y is None else torch.ones_like(x) * y[:, None, None, None]


@pytest.mark.parametrize("guidance", [0.0, 1.0, 0.25])
def test_guidance_goes_from_any_class_towards_the_asked_one(guidance: float) -> None:
    how = settings(prediction="x0", sample_steps=5, class_conditional=True, guidance=guidance)
    drawn, _ = draw(Classes(), how, (2, 1, 4, 4), CPU, seed=0, labels=torch.tensor([0, 1]))
    assert torch.allclose(drawn[0], torch.zeros(1, 4, 4), atol=1e-5)
    assert torch.allclose(drawn[1], torch.full((1, 4, 4), guidance), atol=1e-5)


def test_many_images_are_drawn_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_AT_ONCE", 3)
    told: list[tuple[int, int]] = []
    drawn, estimates = draw(
        Classes(),
        settings(prediction="x0", sample_steps=4),
        (7, 1, 4, 4),
        CPU,
        seed=0,
        labels=torch.tensor([0, 1, 0, 0, 1, 1, 0]),
        at=(999, 666, 333, 0),
        progress=lambda done, total: told.append((done, total)),
    )
    assert drawn.mean(dim=(1, 2, 3)).round().tolist() == [0, 1, 0, 0, 1, 1, 0]
    assert estimates.shape == (4, 7, 1, 4, 4)
    assert told == [(i, 12) for i in range(1, 13)]
