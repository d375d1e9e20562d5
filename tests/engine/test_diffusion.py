"""The forward process: every number the article prints, diffusers as oracle, and the algebra of the targets."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config import resolve
from engine.diffusion.process import NoiseSchedule, cosine_betas, linear_betas

ARTICLE = NoiseSchedule.from_betas(linear_betas(1000, 1e-4, 0.02))


@pytest.fixture(scope="module")
def oracle(diffusers: ModuleType) -> Any:
    return diffusers.DDPMScheduler(
        num_train_timesteps=1000,
        beta_start=1e-4,
        beta_end=0.02,
        beta_schedule="linear",
        variance_type="fixed_small",
        clip_sample=False,
        thresholding=False,
        prediction_type="epsilon",
    )


def rounded(values: torch.Tensor, digits: int) -> list[float]:
    return [round(v, digits) for v in values.double().tolist()]


def test_the_article_prints_these_betas_and_products() -> None:
    expected = [1.0000e-04, 1.1992e-04, 1.3984e-04, 1.5976e-04, 1.7968e-04, 1.9960e-04]
    assert rounded(ARTICLE.betas[:6], 8) == expected
    assert rounded(1 - ARTICLE.betas[:6], 4) == [0.9999, 0.9999, 0.9999, 0.9998, 0.9998, 0.9998]
    assert rounded(ARTICLE.alpha_bar[:6], 4) == [0.9999, 0.9998, 0.9996, 0.9995, 0.9993, 0.9991]
    assert rounded(ARTICLE.sqrt_alpha_bar[:6], 4) == [0.9999, 0.9999, 0.9998, 0.9997, 0.9997, 0.9996]
    assert rounded(ARTICLE.sqrt_one_minus_alpha_bar[:6], 4) == [0.0100, 0.0148, 0.0190, 0.0228, 0.0264, 0.0300]
    far = {50: 0.969951, 100: 0.895141, 300: 0.394011, 500: 0.0777967, 999: 4.03583e-05}
    for t, value in far.items():
        assert float(ARTICLE.alpha_bar[t]) == pytest.approx(value, rel=1e-5)


def test_the_schedule_and_added_noise_are_those_of_diffusers_to_the_bit(oracle: Any) -> None:
    assert torch.equal(ARTICLE.betas, oracle.betas)
    assert torch.equal(ARTICLE.alpha_bar, oracle.alphas_cumprod)
    x0, noise = torch.randn(2, 64, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    t = torch.randint(1000, (64,), generator=torch.Generator().manual_seed(1))
    assert torch.equal(ARTICLE.add_noise(x0, noise, t), oracle.add_noise(x0, noise, t))


@given(st.integers(2, 3000))
@settings(deadline=None)
def test_a_cosine_schedule_only_adds_noise(timesteps: int) -> None:
    schedule = NoiseSchedule.from_betas(cosine_betas(timesteps))
    assert bool((schedule.betas > 0).all()) and float(schedule.betas.max()) <= 0.999 + 1e-6
    assert bool((schedule.alpha_bar.diff() < 0).all())


@given(st.sampled_from(["linear", "cosine"]), st.sampled_from(["eps", "x0", "v"]), st.integers(0, 2**31))
@settings(deadline=None)
def test_a_perfect_prediction_gives_back_image_and_noise(kind: str, prediction: str, seed: int) -> None:
    schedule = NoiseSchedule.from_config(resolve({"schedule": kind}))
    generator = torch.Generator().manual_seed(seed)
    # at the noisiest steps of a cosine schedule dividing by sqrt(alpha_bar) leaves no digits of x0 to compare
    t = torch.randint(0, 900, (16,), generator=generator)
    x0 = torch.rand(16, 1, 4, 4, generator=generator) * 2 - 1
    noise = torch.randn(16, 1, 4, 4, generator=generator)
    x_t = schedule.add_noise(x0, noise, t)
    target = schedule.target(prediction, x0, noise, t)
    found_x0, found_noise = schedule.x0_and_noise(prediction, target, x_t, t)
    assert torch.allclose(found_x0, x0, atol=1e-4)
    assert torch.allclose(found_noise, noise, atol=2e-3), "x0 prediction divides by sqrt(1 - alpha_bar), small at t = 0"


@pytest.mark.parametrize("prediction", ["eps", "x0", "v"])
def test_min_snr_weights_every_prediction_like_the_same_loss_on_x0(prediction: str) -> None:
    """Hang et al. 2023: however it is predicted, the error of x0 is weighted with min(SNR, 5)."""
    t = torch.arange(100, 900, 50)
    a, s = ARTICLE.at(t)
    x0, wrong = torch.rand(len(t), 1, 2, 2) * 2 - 1, torch.rand(len(t), 1, 2, 2) * 2 - 1
    noise = torch.randn(len(t), 1, 2, 2)
    x_t = ARTICLE.add_noise(x0, noise, t)
    implied_noise = (x_t - a * wrong) / s
    error = ARTICLE.target(prediction, x0, noise, t) - ARTICLE.target(prediction, wrong, implied_noise, t)
    weighted = ARTICLE.loss_weight(prediction, t) * error.square().mean(dim=(1, 2, 3))
    snr = (ARTICLE.alpha_bar / (1 - ARTICLE.alpha_bar))[t]
    expected = snr.clamp(max=5.0) * (x0 - wrong).square().mean(dim=(1, 2, 3))
    assert torch.allclose(weighted, expected, rtol=1e-3)
