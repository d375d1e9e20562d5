"""What is on, what runs and what is trained, where a switch, a name, a wrapper or an evaluation could mislead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

NET = """
import torch
from torch import nn, optim
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 2)
        self.head = nn.Linear(2, 1)
net = Net()
"""
LOOP = """
for epoch in range({epochs}):
    for x in loader:
        o.zero_grad()
        net(x).backward()
        o.step()
"""
TRAIN = "def train(data, lr, n_epochs):\n    loader = data\n    o = optim.Adam(net.parameters(), lr=lr)\n    "
TRAIN += LOOP.format(epochs="n_epochs").replace("\n", "\n    ").rstrip() + "\n"
PARSED = "import argparse\np = argparse.ArgumentParser()\np.add_argument('-no_cuda', action='store_true')\n"
CHOICE = """
from torch import optim
class Optimizer:
    def __init__(self, method, lr):
        self.method, self.lr = method, lr
    def set_parameters(self, params):
        if self.method == "sgd":
            self.optimizer = optim.SGD(params, lr=self.lr)
        elif self.method == "adam":
            self.optimizer = optim.Adam(params, lr=self.lr)
        else:
            self.optimizer = Both([optim.Adam(params, lr=self.lr), optim.SparseAdam(params, lr=self.lr)])
    def step(self):
        self.optimizer.step()
def build(args, model, saved):
    if args.resume:
        o = saved["optim"]
    else:
        o = Optimizer(args.optim, args.lr)
    o.set_parameters(list(model.parameters()))
    return o
"""
STEPS = """
class Trainer:
    def __init__(self, model, o):
        self.model, self.o = model, o
    def train(self, data, n):
        for epoch in range(n):
            for x in data:
                self.model(x).backward()
                self.o.step()
"""
PROBE = """
def evaluate(features):
    probe = nn.Linear(2, 1)
    o = optim.SGD(probe.parameters(), lr=0.5)
    for epoch in range(200):
        probe(features).backward()
        o.step()
def train():
    o = optim.Adam(net.parameters(), lr=0.001)
    for epoch in range(30):
        net(1).backward()
        o.step()
        evaluate(net(2))
train()
"""
WAYS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "a switch that turns another off": (
        f"{NET}{PARSED}opt = p.parse_args()\nopt.cuda = not opt.no_cuda\no = optim.Adam(net.parameters())\n"
        "device = torch.device('cuda' if opt.cuda else 'cpu')\nnet.to(device)\n" + LOOP.format(epochs=3),
        {},
        {"hw": "CPU/GPU"},
    ),
    "a function that its package calls like its module": (
        "from tools import train\ntrain('a', 0.2, 40)\n",
        {"tools/__init__.py": "from tools.train import train\n", "tools/train.py": NET + TRAIN},
        {"lr": 0.2, "epochs": 40, "optimizer": "Adam"},
    ),
    "how often something is printed": (
        "from lab import Net\ndef quick(x, learning_rate=0.1, every_epoch_print=100, epochs=9000):\n"
        "    net = Net(x, learning_rate, every_epoch_print, epochs)\n    return net.fit(x)\n",
        {},
        {"lr": 0.1, "epochs": 9000},
    ),
    "parts of one network, a group each": (
        f"{NET}lr = 0.1\ngroups = [{{'params': net.body.parameters(), 'lr': lr * 1}}, "
        "{'params': net.head.parameters(), 'lr': lr}]\no = optim.SGD(groups, momentum=0.9)\n" + LOOP.format(epochs=3),
        {},
        {"arch": "Net", "lr": 0.1, "optimizer": "SGD"},
    ),
    "a wrapper of another file": (
        "import torch\nfrom makers import AutoWrapper, ReversibleLM\nnet = AutoWrapper(ReversibleLM(dim=8), pad=0)\n"
        "o = torch.optim.Adam(net.parameters(), lr=0.1)\n" + LOOP.format(epochs=3),
        {},
        {"arch": "ReversibleLM"},
    ),
    "what an evaluation fits on the side": (NET + PROBE, {}, {"lr": 0.001, "optimizer": "Adam", "epochs": 30}),
    "the branch that is taken": (
        "import argparse\nfrom choosing import build\nfrom stepping import Trainer\nfrom networks import Net\n"
        "p = argparse.ArgumentParser()\np.add_argument('-optim', default='adam')\n"
        "p.add_argument('-resume', default='')\n"
        "p.add_argument('-lr', default=0.1)\nargs = p.parse_args()\nnet = Net()\no = build(args, net, None)\n"
        "Trainer(net, o).train(data, 4)\n",
        {"choosing.py": CHOICE, "stepping.py": STEPS, "networks.py": NET},
        {"optimizer": "Adam"},
    ),
}


def read(folder: Path, text: str, beside: dict[str, str]) -> ScriptFacts:
    for name, content in beside.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(content)
    script = folder / "script.py"
    script.write_text(text)
    return extract(parse(script, text.encode()), Configs(script))


@pytest.mark.parametrize("way", WAYS)
def test_what_could_mislead_does_not(tmp_path: Path, way: str) -> None:
    text, beside, expected = WAYS[way]
    facts = read(tmp_path, text, beside)
    assert facts.is_model
    assert {field: getattr(facts, field) for field in expected} == expected


@pytest.mark.parametrize("maker", ["TokenizeDataset", "MatrixFactorizationDataModule", "KGCNEdgeDataLoader"])
def test_a_class_that_is_called_for_what_is_done_or_for_its_network_names_no_data(tmp_path: Path, maker: str) -> None:
    network = NET.replace("Net", "KGCN")
    text = f"from feeding import {maker}\n{network}loader = {maker}('a')\n"
    text += "o = optim.Adam(net.parameters())\n" + LOOP.format(epochs=2)
    facts = read(tmp_path, text, {"feeding.py": f"class {maker}:\n    def __init__(self, a):\n        self.a = a\n"})
    assert facts.is_model and facts.dataset is None
