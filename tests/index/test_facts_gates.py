"""Recurrent cells that are written out gate by gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse

TORCH = "import torch\nfrom torch import nn\nclass Cell(nn.Module):\n    def __init__(self, n):\n" \
    "        super().__init__()\n        self.inner, self.outer = nn.Linear(n, 4 * n), nn.Linear(n, 4 * n)\n" \
    "    def forward(self, x, h, c):\n{}" \
    "net = Cell(8)\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"  # fmt: skip
LSTM = "        i, f, o, g = (self.inner(x) + self.outer(h)).chunk(4, 1)\n" \
    "        i, f, o, g = {0}sigmoid(i), {0}sigmoid(f), {0}sigmoid(o), {0}tanh(g)\n" \
    "        c = {1}\n        return o * {0}tanh(c), c\n"  # fmt: skip
GRU = "        r, z, n, _ = (self.inner(x) + self.outer(h)).chunk(4, 1)\n" \
    "        r, z = torch.sigmoid(r), torch.sigmoid(z)\n        n = torch.tanh(n * r)\n        return {}\n"  # fmt: skip
BY_HAND = "import torch\ndef sigmoid(x):\n    return 1 / (1 + torch.exp(-x))\n" \
    "Wf, Wi, Wo, Wc = (torch.randn(8, 8, requires_grad=True) for _ in range(4))\ndef forward(x, h, c):\n" \
    "    z = torch.cat((h, x))\n    f, i, o = sigmoid(Wf @ z), sigmoid(Wi @ z), sigmoid(Wo @ z)\n" \
    "    c = f * c + i * torch.tanh(Wc @ z)\n    return o * torch.tanh(c), c\n" \
    "opt = torch.optim.SGD([Wf, Wi, Wo, Wc], 0.1)\nfor epoch in range(5):\n    opt.zero_grad()\n" \
    "    h, c = forward(x, h, c)\n    h.sum().backward()\n    opt.step()\n"  # fmt: skip


def kinds(text: str) -> set[str]:
    return {tag.name for tag in extract(parse(Path("script.py"), text.encode())).tags}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((TORCH.format(LSTM.format(where, mixed)), {"lstm", "rnn"})
          for where in ("torch.", "self.") for mixed in ("f * c + i * g", "torch.mul(f, c) + torch.mul(i, g)")),
        (TORCH.format(GRU.format("(1 - z) * h + z * n")), {"gru", "rnn"}),
        (TORCH.format(GRU.format("z * n + (1.0 - z) * h")), {"gru", "rnn"}),
        (BY_HAND, {"lstm", "rnn"}),
        (TORCH.format(LSTM.format("torch.", "f * c")), {"mlp"}),  # no state is kept
        (TORCH.format(GRU.format("r * h + z * n")), {"mlp"}),
        (TORCH.format("        return torch.sigmoid(self.inner(x)) * torch.tanh(self.outer(x))\n"), {"mlp"}),
    ],
)  # fmt: skip
def test_the_kind_of_a_cell_is_told_by_its_gates(text: str, expected: set[str]) -> None:
    assert kinds(text) == expected


def test_a_language_model_that_is_loaded_is_a_transformer_wherever_it_is_from() -> None:
    text = (
        "import torch\nfrom pytorch_pretrained_bert.modeling import BertModel\nfrom model import *\n"
        "net = {}.from_pretrained('bert-base')\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
    )
    assert kinds(text.format("BertForMultiLabelSequenceClassification")) == {"transformer"}
    assert not kinds(text.format("SomeTokenizer"))
