"""The U-Net: the article's shapes and parameter counts to the digit."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from engine.models.attention import Attention
from engine.models.blocks import time_embedding_table
from engine.models.unet import UNet


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


@pytest.mark.parametrize("kind", ["softmax", "linear"])
def test_attention_starts_as_the_identity_and_then_looks_everywhere(kind: str) -> None:
    torch.manual_seed(0)
    block = Attention(64, kind)
    x = torch.randn(2, 64, 6, 5, requires_grad=True)
    assert torch.equal(block(x), x)
    nn.init.normal_(block.out.weight)
    (gradient,) = torch.autograd.grad(block(x)[0, :, 0, 0].sum(), x)
    assert bool((gradient[0].abs().sum(0) > 0).all()), "one pixel depends on every pixel"
    assert not gradient[1].any(), "and on no other image"


def test_linear_attention_is_softmax_over_pixels_and_features() -> None:
    """Shen et al. 2021, equation 3, written out with the n × n matrix it avoids."""
    torch.manual_seed(0)
    block = Attention(32, "linear")
    nn.init.normal_(block.out.weight)
    x = torch.randn(1, 32, 4, 4)
    q, k, v = block.qkv(block.norm(x)).reshape(3, 32, 16)
    weights = q.softmax(0).T @ k.softmax(1)  # (n, n)
    expected = x + block.out((weights @ v.T).T.reshape(1, 32, 4, 4))
    assert torch.allclose(block(x), expected, atol=1e-5)


@pytest.mark.parametrize("attention", ["softmax", "linear"])
def test_a_conditional_network_listens_to_its_class(attention: str) -> None:
    torch.manual_seed(0)
    network = UNet(1, (8, 16), timesteps=10, time_dim=8, attention=(attention, "none"), classes=3).eval()
    x, t = torch.randn(1, 1, 8, 8), torch.tensor([4])
    answers = [network(x, t, torch.tensor([label])) for label in range(4)]
    assert not any(torch.allclose(a, b) for i, a in enumerate(answers) for b in answers[:i])
    assert torch.equal(network(x, t), answers[3]), "no class means any class"
