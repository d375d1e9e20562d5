"""The networks beyond the article's: shapes, classes, attention per level, and what each promises of itself."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from engine.config import resolve
from engine.models import attention_levels, build_model
from engine.models.autoencoder import Autoencoder
from engine.models.blocks import ResidualBlock
from engine.models.latent import LatentDenoiser, LatentDiffusion
from engine.models.patch_unet import PatchUNet


@pytest.mark.parametrize("kind", ["none", "softmax", "linear"])
@pytest.mark.parametrize(("channels", "widths", "patch", "size"), [(1, (8,), 2, 6), (3, (8, 12), 4, 32)])
def test_a_patch_network_keeps_the_images_shape(
    kind: str, channels: int, widths: tuple[int, ...], patch: int, size: int
) -> None:
    network = PatchUNet(channels, widths, patch, timesteps=10, time_dim=8, attention=(kind,) * len(widths), classes=3)
    out: Tensor = network(torch.randn(2, channels, size, size), torch.tensor([0, 9]), torch.tensor([0, 2]))
    assert out.shape == (2, channels, size, size)


def test_a_patch_network_sees_the_whole_image_as_tokens() -> None:
    """A 32×32 image at patch 4 is 8×8 tokens; attention over them joins far corners."""
    torch.manual_seed(0)
    network = PatchUNet(3, (16,), 4, timesteps=10, time_dim=8, attention=("linear",))
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.2)
    x = torch.randn(1, 3, 32, 32, requires_grad=True)
    assert network.patches(x).shape == (1, 16, 8, 8)
    (gradient,) = torch.autograd.grad(network(x, torch.tensor([3]))[0, :, 0, 0].sum(), x)
    assert float(gradient[0, :, -1, -1].abs().sum()) > 0


@pytest.mark.parametrize("widths", [(32,), (64, 32), (48, 40, 32)])
@pytest.mark.parametrize("kind", ["none", "softmax", "linear"])
def test_a_latent_denoiser_keeps_the_latents_shape(widths: tuple[int, ...], kind: str) -> None:
    network = LatentDenoiser(20, widths, timesteps=10, time_dim=8, attention=(kind,) * len(widths), classes=0)
    assert network(torch.randn(3, 20, 1, 1), torch.tensor([0, 5, 9])).shape == (3, 20, 1, 1)


@pytest.mark.parametrize("model", ["unet", "patch", "latent"])
def test_every_conditional_network_listens_to_its_class_and_time(model: str) -> None:
    torch.manual_seed(0)
    config = resolve({"model": model, "class_conditional": True, "widths": "16,16", "patch_size": 2, "latent_dim": 8})
    network = build_model(config, channels=1, image_size=16, classes=3).eval()
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.3)
    x = torch.randn(1, 8, 1, 1) if model == "latent" else torch.randn(1, 1, 16, 16)
    answers = [network(x, torch.tensor([4]), torch.tensor([label])) for label in range(4)]
    assert not any(torch.allclose(a, b) for i, a in enumerate(answers) for b in answers[:i])
    assert torch.equal(network(x, torch.tensor([4])), answers[3]), "no class means any class"
    assert not torch.allclose(network(x, torch.tensor([900]), torch.tensor([0])), answers[0])


def test_images_pass_through_latents_of_mean_zero_and_deviation_one() -> None:
    torch.manual_seed(0)
    model = LatentDiffusion(Autoencoder(1, 12, 6, "batch"), LatentDenoiser(6, (16,), 10, 8, ("none",), 0), 6).eval()
    images = torch.randn(64, 1, 12, 12)
    model.measure(model.autoencoder.encode(images))
    latents = model.encode(images)
    assert latents.shape == (64, 6, 1, 1)
    assert torch.allclose(latents.mean(0), torch.zeros(6, 1, 1), atol=1e-4)
    assert torch.allclose(latents.std(0), torch.ones(6, 1, 1), atol=1e-3)
    assert torch.allclose(model.decode(latents), model.autoencoder(images), atol=1e-4)
    assert {"mean", "deviation"} <= set(model.state_dict()), "a checkpoint keeps the scale"


def test_a_residual_block_starts_as_the_identity_and_takes_the_condition() -> None:
    torch.manual_seed(0)
    block = ResidualBlock(8, 8, condition_dim=4)
    x = torch.randn(2, 8, 5, 5)
    assert torch.equal(block(x, torch.randn(2, 4)), x)
    nn.init.normal_(block.conv2.weight)
    assert not torch.allclose(block(x, torch.zeros(2, 4)), block(x, torch.ones(2, 4)))


@pytest.mark.parametrize(
    ("said", "levels", "means"),
    [
        ("none", 3, ("none", "none", "none")),
        ("softmax", 4, ("none", "none", "softmax", "softmax")),
        ("softmax", 1, ("softmax",)),
        ("linear", 3, ("linear", "linear", "linear")),
        ("none,linear,softmax", 3, ("none", "linear", "softmax")),
    ],
)
def test_attention_is_one_kind_or_one_a_level(said: str, levels: int, means: tuple[str, ...]) -> None:
    assert attention_levels(said, levels) == means
