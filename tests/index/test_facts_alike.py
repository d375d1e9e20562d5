"""Optimizers that are stated beside the call that trains: by every network that may be meant, by a base, in a dict."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


KERAS = """
import argparse, parts
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD, Adam
args = argparse.ArgumentParser().parse_args()
def small():
    model = Sequential([Dense(8), Dense(2)])
    model.compile(loss="mse", optimizer={first})
    return model
def large():
    model = Sequential([Dense(64), Dense(8), Dense(2)])
    model.compile(loss="mse", optimizer={second})
    return model
model = {made}
{train}
"""
FIT = "model.fit(x, y, epochs=3, batch_size=10)"
ON_BATCH = "for epoch in range(3):\n    for x, y in parts.serve():\n        model.train_on_batch(x, y)"


@pytest.mark.parametrize(
    ("first", "second", "made", "train", "found"),
    [
        ("SGD(lr=0.1)", "SGD(lr=0.1)", "locals()[args.net]()", FIT, ("SGD", 0.1)),
        ("SGD(lr=0.1)", "Adam(lr=0.1)", "locals()[args.net]()", FIT, (None, None)),
        ("SGD(lr=0.1)", "SGD(lr=0.1)", "parts.Net()", FIT, (None, None)),
        ("'adam'", "'adam'", "small()", ON_BATCH, ("Adam", None)),
        ("'sgd'", "'sgd'", "parts.Net()", "optimizer = Adam(lr=1e-3)\nmodel.fit(x, epochs=3, optimizer=optimizer)",
         ("Adam", 1e-3)),
    ],
)  # fmt: skip
def test_what_every_network_that_may_be_meant_is_compiled_with(
    first: str, second: str, made: str, train: str, found: tuple[str | None, float | None]
) -> None:
    facts = read(KERAS.format(first=first, second=second, made=made, train=train))
    assert (facts.optimizer, facts.lr) == found


TORCH = """
import torch
from torch import nn
from base import Base
class Net(Base):
    def __init__(self, width, rate=0.02):
        super().__init__(width{handed})
        self.net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
    def load(self, file):
        self.rate = read(file)["rate"]
    def fit(self, loader):
        opt = torch.optim.Adam(self.net.parameters(), lr=self.rate)
        for epoch in range(3):
            for x in loader:
                self.net(x).sum().backward()
                opt.step()
Net(3{given}).fit(loader)
"""


@pytest.mark.parametrize(
    ("handed", "given", "rate"),
    [(", rate", "", 0.02), (", rate=rate", ", rate=0.5", 0.5), ("", "", None), (", rate", ", rate=find()", None)],
)
def test_what_the_base_of_another_file_is_handed_it_keeps(handed: str, given: str, rate: float | None) -> None:
    assert read(TORCH.format(handed=handed, given=given)).lr == rate


CHAINER = """
import chainer
from chainer import training
from parts import GanUpdater, data, nets
def setup(net, rate=5e-5):
    optimizer = chainer.optimizers.RMSprop(lr=rate)
    optimizer.setup(net)
    return optimizer
it = chainer.iterators.SerialIterator(data, 64)
updater = GanUpdater(models=nets, iterator=it, optimizer={{"gen": setup(nets[0]), "dis": setup(nets[1]{})}})
training.Trainer(updater, (9, "epoch")).run()
"""


@pytest.mark.parametrize(("second", "found"), [("", ("RMSprop", 5e-5)), (", 1e-3", (None, None))])
def test_the_optimizers_of_rivals_in_a_dict(second: str, found: tuple[str | None, float | None]) -> None:
    facts = read(CHAINER.format(second))
    assert (facts.optimizer, facts.lr, facts.batch, facts.epochs) == (*found, 64, 9)


@pytest.mark.parametrize(("rate", "found"), [("base * world_size", 0.2), ("base * batch * world_size / 256", None),
    ("base * world_size * (batch / 64)", 0.4)])  # fmt: skip
def test_a_rate_shared_over_devices_is_not_what_it_is_divided_by(rate: str, found: float | None) -> None:
    text = f"world_size = dist.get_world_size()\nbase, batch = 0.2, 128\nlr = {rate}\n"
    loop = "for e in range(3):\n    for x in data:\n        net(x).sum().backward()\n        opt.step()\n"
    made = "import torch\nfrom torch import distributed as dist, nn\nnet = nn.Linear(4, 2)\n"
    assert read(f"{made}{text}opt = torch.optim.SGD(net.parameters(), lr=lr)\n{loop}").lr == found
