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


SERVED = """
{0}
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(100):
    for x in helpers.batches({1}):
        net(x).sum().backward()
        opt.step()
"""


@pytest.mark.parametrize(
    ("before", "served", "size"),
    [
        ("cfg = helpers.load()\ncfg.train.batch_size = 64", "i * cfg.train.batch_size for i in index", 64),
        ("BATCH_SIZE = 64\nserve = lambda i: data[i:i + BATCH_SIZE]", "serve", 64),
        ("batch_size = 64\nprobe = torch.randn(batch_size, 4)", "", None),
        ("batch_size = 64", "", None),
        ("batch_size = helpers.fit_memory()\nother = dict(batch_size=8)", "data[:batch_size]", None),
        ("args = helpers.load()\na, b = dict(batch_size=8), dict(batch_size=9)", "data[:args.batch_size]", None),
    ],
)
def test_the_one_size_of_batches_that_is_stated_and_used(before: str, served: str, size: int | None) -> None:
    assert read(SERVED.format(before, served)).batch == size


@pytest.mark.parametrize("entry", ["['train']['epochs']", ".train.epochs"])
def test_what_is_assigned_below_a_setting_is_in_force_where_all_are_handed_on(entry: str) -> None:
    text = (
        "def train(settings):\n    opt = torch.optim.Adam(net.parameters(), lr=settings['train']['lr'])\n"
        f"    for epoch in range(settings{entry}):\n        net(1).backward()\n        opt.step()\n"
        "def main():\n    config = {'train': {'epochs': 5, 'lr': 0.1}}\n"
        f"    config{entry} = 3\n    train(config)\nmain()\n"
    )
    facts = read(text)
    assert (facts.epochs, facts.lr) == (3, 0.1)
