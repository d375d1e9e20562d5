"""The size of batches that a function of the script draws, whatever it is called, and what a session fetches."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse

HEAD = """
import torch
from itertools import islice
from torch import nn
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
{before}
for {loop}
    net(x).sum().backward()
    opt.step()
"""
GENERATOR = (
    "def draw(data, batch_size, size=7):\n    while True:\n        yield data[:batch_size]\nbatches = draw(x, 48)"
)
MODEL = """
import tensorflow as tf
class Model:
    def __init__(self, image):
        self.image = image
        self.optimize
    @{decorator}
    def optimize(self):
        optimizer = tf.train.AdamOptimizer(2e-3)
        return optimizer.minimize(self.error)
    def error(self):
        return tf.reduce_sum(tf.matmul(self.image, w))
model = Model(tf.placeholder(tf.float32, [None, 784]))
for epoch in range(4):
    for i in range(60):
        x, _ = mnist.train.next_batch(100)
        sess.run({fetched}, feed_dict={{image: x}})
"""


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


@pytest.mark.parametrize(
    ("before", "loop"),
    [
        (GENERATOR, "x in islice(batches, 0, 100):"),
        (
            "size_of_mini_batch = 48",
            "epoch in range(9):\n    x = make_mini_batch(data, size_of_mini_batch, 50)",
        ),
        ("b_sz = 48", "epoch in range(9):\n    x = data[:b_sz]"),
    ],
)
def test_a_size_of_batches_by_other_names_and_in_other_hands(before: str, loop: str) -> None:
    assert read(HEAD.format(before=before, loop=loop)).batch == 48


SERVED = """
import torch
from loaders import get_loader
from network import Net
class Trainer:
    def __init__(self, settings):
        self.net = Net(settings)
    def fit(self, x, settings):
        opt = torch.optim.SGD(self.net.parameters(), lr=0.1)
        for x in get_loader(x, {given}):
            self.net(x).sum().backward()
            opt.step()
    def predict(self, x):
        return [self.net(x) for x in get_loader(x, batch_size=128, train=False)]
"""


@pytest.mark.parametrize(
    ("given", "batch"), [("batch_size=settings.batch_size", None), ("batch_size=64", 64), ("batch_size_train=64", 64)]
)
def test_what_a_loader_is_given_that_says_it_is_not_to_train_on(given: str, batch: int | None) -> None:
    assert read(SERVED.format(given=given)).batch == batch


@pytest.mark.parametrize(("method", "batch"), [("inception_score", None), ("epoch", 32)])
def test_the_size_of_what_a_score_looks_at_is_not_that_of_the_batches(method: str, batch: int | None) -> None:
    text = (
        "import lightning as L\nimport torch\nfrom torch.utils.data import DataLoader\nclass Net(L.LightningModule):\n"
        f"    def calculate_{method}(self, images):\n        loader = DataLoader(images, batch_size=32)\n"
        "        return [self(x) for x in loader]\n    def training_step(self, x, i):\n        return self(x).sum()\n"
        "    def configure_optimizers(self):\n        return torch.optim.Adam(self.parameters(), lr=1e-3)\n"
    )
    assert read(text).batch == batch


@pytest.mark.parametrize("decorator", ["property", "define_scope", 'define_scope("opt")', "lazy_property"])
@pytest.mark.parametrize("fetched", ["[model.optimize, loss]", "fetches=[model.optimize, loss]"])
def test_a_session_fetches_what_an_attribute_computes(decorator: str, fetched: str) -> None:
    found = read(MODEL.format(decorator=decorator, fetched=fetched))
    assert (found.optimizer, found.lr, found.batch, found.epochs) == ("Adam", 2e-3, 100, 4)
