"""Which class stands for a model where some are only derived from, or are heads; estimators that other files train."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.scripts import read, within

TORCH = "import torch\nfrom torch import nn\n"
REFUSES = "    def score(self, x):\n        '''Of whoever derives.'''\n        raise NotImplementedError\n"
FACTOR = "class {}({}):\n    def __init__(self):\n        super().__init__()\n        self.u = nn.{}(4, 2)\n"


@pytest.mark.parametrize(
    ("base", "named"),
    [(REFUSES, "PureMf / LightGCN"), ("    def score(self, x):\n        return x\n", "Pairs / PureMf / LightGCN")],
)
def test_what_refuses_to_answer_is_no_network_of_a_file(base: str, named: str) -> None:
    text = TORCH + FACTOR.format("Pairs", "nn.Module", "Linear") + base
    text += FACTOR.format("PureMf", "nn.Module", "Linear") + FACTOR.format("LightGCN", "nn.Module", "Linear")
    assert read(text).arch == named


def test_a_network_that_does_without_what_its_base_has_is_one() -> None:
    text = TORCH + FACTOR.format("PixelCNN", "nn.Module", "Linear") + "    def score(self, x):\n        return x\n"
    text += FACTOR.format("Prior", "PixelCNN", "Embedding") + REFUSES + FACTOR.format("VQVAE", "nn.Module", "Linear")
    assert read(text).arch == "PixelCNN / Prior / VQVAE"


def test_the_loss_of_a_class_that_is_derived_from_is_of_those_that_derive() -> None:
    text = (
        "import tensorflow as tf\nclass Base(object):\n    def _build(self):\n        raise NotImplementedError\n"
        "    def build(self):\n        self._build()\n        self.step = self.optimizer.minimize(self.loss)\n"
    )
    for name in ("GCN", "GCNGraphs"):
        text += (
            f"class {name}(Base):\n    def __init__(self):\n"
            "        self.optimizer = tf.train.AdamOptimizer(learning_rate=0.01)\n        self.build()\n"
            "    def _build(self):\n        self.out = tf.layers.dense(self.x, 3)\n        self.loss = self.out\n"
        )
    assert read(text).arch == "GCN / GCNGraphs"


def test_heads_beside_a_ready_network_are_not_the_network() -> None:
    text = (
        "from transformers import BertModel, BertPreTrainedModel\n" + TORCH
        + FACTOR.format("OneLayer", "nn.Module", "Linear")
        + "class Tagger(BertPreTrainedModel):\n    def __init__(self, config):\n        super().__init__(config)\n"
        "        self.bert = BertModel(config)\n        self.out = nn.Linear(config.hidden_size, 1)\n"
    )  # fmt: skip
    assert read(text).arch == "Tagger"


def test_a_network_that_goes_forward_as_its_base_does_is_a_model(tmp_path: Path) -> None:
    text = (
        "from torch.nn import Module, ModuleList\nfrom masked import MaskedLinear\n"
        "class MADE(Module):\n    def __init__(self):\n        super().__init__()\n        self.layers = None\n"
        "    def forward(self, x):\n        for layer in self.layers:\n            x = layer(x)\n        return x\n"
        "class Shared(MADE):\n    def __init__(self):\n        super().__init__()\n        self.layers = ModuleList()\n"
        "        self.layers.append(MaskedLinear(3, 3))\n"
    )
    masked = "from torch.nn import Module\nclass MaskedLinear(Module):\n    def forward(self, x):\n        return x\n"
    assert within(tmp_path, text, masked=masked).arch == "Shared"


@pytest.mark.parametrize(("call", "trains"), [("train_model(clf, x)", True), ("evaluate_model(clf, x)", False)])
def test_an_estimator_that_another_file_trains(call: str, trains: bool) -> None:
    text = (
        f"def run(x):\n    from sklearn.svm import SVC\n    from base import train_model\n    clf = SVC()\n    {call}\n"
    )
    assert read(text).is_model is trains


def test_a_seed_is_no_use_of_a_framework() -> None:
    text = (
        "import torch\nfrom sklearn.linear_model import LogisticRegressionCV\ntorch.manual_seed(0)\n"
        "model = LogisticRegressionCV()\nmodel.fit(x, y)\n"
    )
    assert (read(text).framework, read(text).arch) == ("scikit-learn", "LogisticRegressionCV")


@pytest.mark.parametrize(
    ("schedules", "rate"),
    [
        ("[optax.linear_schedule(0.0, lr, 10), optax.cosine_decay_schedule(lr, 90)]", 0.003),
        ("[optax.linear_schedule(0.0, lr, 10), optax.cosine_decay_schedule(other(), 90)]", None),
    ],
)
def test_schedules_after_one_another_begin_with_the_highest_rate(schedules: str, rate: float | None) -> None:
    text = (
        "import jax, optax\nfrom flax import nnx\nclass Net(nnx.Module):\n    def __init__(self, rngs):\n"
        "        self.f = nnx.Linear(2, 2, rngs=rngs)\n"
        f"def schedule(lr):\n    return optax.join_schedules({schedules}, [10])\n"
        "net = Net(nnx.Rngs(0))\nopt = nnx.Optimizer(net, optax.adamw(learning_rate=schedule(lr=3e-3)))\n"
        "for x in range(9):\n    opt.update(jax.grad(net)(x))\n"
    )
    assert (read(text).optimizer, read(text).lr) == ("AdamW", rate)


@pytest.mark.parametrize(
    ("call", "trains"),
    [("step_fn(key, (net, critic), (g_optimizer, c_optimizer))", True), ("step_fn(key, (net, critic))", False)],
)
def test_a_step_that_others_made_takes_the_optimizers_it_is_given(call: str, trains: bool) -> None:
    text = (
        "from flax import nnx\nfrom checkpointer import get_optimizer\nfrom models import make_model\n"
        "def train(key, models, functions, config, batches):\n    step_fn, eval_fn = functions\n"
        "    net, critic = models\n"
        "    g_optimizer = get_optimizer(config, net)\n    c_optimizer = get_optimizer(config, critic)\n"
        f"    for batch in batches:\n        {call}\n"
    )
    assert read(text).is_model is trains
