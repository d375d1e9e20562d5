"""Settings that reach a training by ways that nothing follows, and are stated once under their name."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse

HEAD = """
import argparse, torch, helpers
from torch import nn
from torch.utils.data import DataLoader
net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
"""
TRAIN = """
loader = DataLoader(data, batch_size={0}batch_size, shuffle=True)
opt = torch.optim.Adam(net.parameters(), lr={0}lr)
for epoch in range({0}epochs):
    for x in loader:
        net(x).sum().backward()
        opt.step()
"""
OPTIONS = """
parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=16)
parser.add_argument("--lr", type=float, default=2e-4)
parser.add_argument("--epochs", type=int, default=7)
"""


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), (HEAD + text).encode()))


@pytest.mark.parametrize(
    "text",
    [
        OPTIONS + "args = helpers.finish(parser)" + TRAIN.format("args."),
        "cfg = helpers.load()\ncfg.update({'batch_size': 16, 'lr': 2e-4, 'epochs': 7})" + TRAIN.format("cfg."),
        "cfg = helpers.Config(batch_size=16, lr=2e-4, epochs=7).read()" + TRAIN.format("cfg."),
        OPTIONS
        + "given = helpers.finish(parser)\nclass Run:\n    def __init__(self, given):\n"
        + "        self.__dict__.update(given)\n    def train(self):"
        + TRAIN.format("self.").replace("\n", "\n        ")
        + "\nRun(given).train()",
    ],
)
def test_what_a_setting_of_the_name_is_given_once(text: str) -> None:
    facts = read(text)
    assert (facts.batch, facts.lr, facts.epochs) == (16, 2e-4, 7)


@pytest.mark.parametrize(
    "text",
    [
        OPTIONS + "args = helpers.finish(parser)\nargs.lr = helpers.search()" + TRAIN.format("args."),
        OPTIONS + "args = helpers.finish(parser)\nargs.update({'lr': 1e-2})" + TRAIN.format("args."),
        "cfg = helpers.load()\ntorch.optim.SGD(heads, lr=0.5)" + TRAIN.format("cfg."),
        "lr = 0.1 if helpers.quick else helpers.lr\nif helpers.long:\n    lr = helpers.lr" + TRAIN.format("helpers."),
    ],
)
def test_what_is_computed_or_stated_twice_stays_open(text: str) -> None:
    assert read(text).lr is None
