"""The U-Net: the article's shapes and parameter counts to the digit."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from engine.models.unet import UNet, time_embedding_table


@pytest.fixture(scope="module")
def article() -> UNet:
    torch.manual_seed(0)
    return UNet(1, (64, 128, 256), timesteps=1000, time_dim=32)


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_parameters_are_those_of_the_article(article: UNet) -> None:
    parts = [*article.downs, article.bottleneck, *article.ups, article.out]
    assert [count(p) for p in parts] == [39_808, 225_920, 894_208, 578_304, 145_792, 65]
    assert count(article) == 1_884_097


def test_the_default_preset_has_a_quarter_of_them() -> None:
    assert count(UNet(1, (32, 64, 128), timesteps=1000, time_dim=32)) == 477_153


def test_shapes_are_those_of_the_article(article: UNet) -> None:
    seen: dict[str, tuple[int, ...]] = {}

    def remember(name: str):  # type: ignore[no-untyped-def]
        return lambda module, inputs, output: seen.__setitem__(name, tuple(output.shape))

    hooks = [m.register_forward_hook(remember(n)) for n, m in article.named_modules() if n.count(".") <= 1]
    article(torch.randn(2, 1, 28, 28), torch.tensor([0, 999]))
    for hook in hooks:
        hook.remove()
    assert seen["downs.0"] == (2, 64, 28, 28)
    assert seen["downs.1"] == (2, 128, 14, 14)
    assert seen["bottleneck"] == (2, 256, 7, 7)
    assert seen["ups.0"] == (2, 128, 14, 14)
    assert seen["ups.1"] == (2, 64, 28, 28)
    assert seen["out"] == (2, 1, 28, 28)


def test_the_time_table_interleaves_sine_and_cosine() -> None:
    table = time_embedding_table(1000, 32)
    assert table.shape == (1000, 32)
    assert table[0].tolist() == [0.0, 1.0] * 16
    assert [round(v, 4) for v in table[1, :4].tolist()] == [0.8415, 0.5403, 0.5332, 0.8460]
    for t, i in ((7, 4), (999, 30)):
        assert float(table[t, i]) == pytest.approx(math.sin(t / 10000 ** (i / 32)), abs=1e-6)
        assert float(table[t, i + 1]) == pytest.approx(math.cos(t / 10000 ** (i / 32)), abs=1e-6)


def test_time_changes_the_answer(article: UNet) -> None:
    article.eval()
    x = torch.randn(1, 1, 28, 28)
    assert not torch.allclose(article(x, torch.tensor([10])), article(x, torch.tensor([900])))


@pytest.mark.parametrize("norm", ["batch", "group"])
@pytest.mark.parametrize(("channels", "widths", "size"), [(1, (8,), 5), (3, (8, 12), 6), (1, (4, 8, 16, 24), 16)])
def test_any_depth_keeps_the_images_shape(norm: str, channels: int, widths: tuple[int, ...], size: int) -> None:
    x = torch.randn(3, channels, size, size)
    out: Tensor = UNet(channels, widths, timesteps=10, time_dim=8, norm=norm)(x, torch.tensor([0, 5, 9]))
    assert out.shape == x.shape
