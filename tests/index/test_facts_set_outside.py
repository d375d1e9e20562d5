"""What is set on an object from outside its class, before it trains: `trainer.batch_size = 128`."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TRAINER = """
import torch
from network import Net
class Trainer:
    batch_size: int = 64
    rate: float = 2e-5
    epochs: int = 1000
    def init(self):
        self.net = Net()
        self.loader = torch.utils.data.DataLoader(self.data, self.batch_size, shuffle=True)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=self.rate)
    def train(self):
        for batch in self.loader:
            self.optimizer.zero_grad()
            self.net(batch).sum().backward()
            self.optimizer.step()
    def run(self):
        for epoch in range(self.epochs):
            self.train()
"""
USE = """
def main():
    trainer = Trainer()
    trainer.batch_size = 128
    trainer.epochs = 100
    trainer.init()
    trainer.run()
main()
"""
NETWORK = "from torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n        return x\n"


def read(folder: Path, text: str, **modules: str) -> ScriptFacts:
    for name, source in {"network": NETWORK, **modules}.items():
        (folder / f"{name}.py").write_text(source)
    file = folder / "main.py"
    file.write_text(text)
    return extract(parse(file, file.read_bytes()), Configs(file))


@pytest.mark.parametrize("beside", [False, True])
def test_what_a_script_sets_on_a_trainer_comes_before_what_its_class_says(tmp_path: Path, *, beside: bool) -> None:
    script = f"from trainer import Trainer\n{USE}" if beside else TRAINER + USE
    facts = read(tmp_path, script, trainer=TRAINER)
    assert (facts.batch, facts.epochs, facts.lr, facts.optimizer) == (128, 100, 2e-5, "Adam")


def test_what_is_set_after_the_training_comes_too_late(tmp_path: Path) -> None:
    late = "t = Trainer()\nt.epochs = 7\nt.init()\nt.run()\nt.epochs = 9\n"
    assert read(tmp_path, TRAINER + late).epochs == 7


CHOICE = """
import argparse
import torch
from network import Net
p = argparse.ArgumentParser()
p.add_argument("--dataset", required=True)
args = p.parse_args()
if args.dataset == "fashion_mnist":
    from fashion import get_loader
elif args.dataset == "cifar10":
    from cifar import get_loader
loader = get_loader(args)
net = Net()
o = torch.optim.Adam(net.parameters(), lr=0.1)
for epoch in range(3):
    for x in loader:
        net(x).sum().backward()
        o.step()
"""
LOADS = """
from torch.utils.data import DataLoader
from torchvision.datasets import {0}
def get_loader(args):
    data = {0}(".")
    return batches(data, {1})
def batches(data, size):
    return DataLoader(data, batch_size=size)
"""


def test_a_function_that_is_one_of_two_makes_neither_data_for_sure(tmp_path: Path) -> None:
    facts = read(tmp_path, CHOICE, fashion=LOADS.format("FashionMNIST", 8), cifar=LOADS.format("CIFAR10", 8))
    assert (facts.dataset, facts.batch) == (None, 8)
    facts = read(tmp_path, CHOICE, fashion=LOADS.format("FashionMNIST", 8), cifar=LOADS.format("CIFAR10", 16))
    assert facts.batch is None


@pytest.mark.parametrize(
    ("starts", "first"),
    [("mp.spawn(train, args=told, nprocs=2)", "rank, "), ("mp.Process(target=train, args=told).start()", "")],
)
def test_what_processes_are_handed_by_place(tmp_path: Path, starts: str, first: str) -> None:
    text = (
        "import torch\nimport torch.multiprocessing as mp\nfrom network import Net\nPASSES = 7\nRATE = 0.02\n"
        f"def train({first}epochs, rate, size):\n    net = Net()\n    o = torch.optim.Adam(net.parameters(), lr=rate)\n"
        "    loader = torch.utils.data.DataLoader(data, batch_size=size)\n    for epoch in range(epochs):\n"
        "        for x in loader:\n            net(x).sum().backward()\n            o.step()\n"
        f"if __name__ == '__main__':\n    told = (PASSES, RATE, 16)\n    {starts}\n"
    )
    facts = read(tmp_path, text)
    assert (facts.epochs, facts.lr, facts.batch) == (7, 0.02, 16)


def test_epochs_that_go_on_from_a_state(tmp_path: Path) -> None:
    text = (
        "import torch\nfrom network import Net\nfrom states import State\nstate = State(folder)\nnet = Net()\n"
        "o = torch.optim.Adam(net.parameters(), lr=0.1)\nepochs = range(state.epoch, 12)\n"
        "for epoch in epochs:\n    net(x).sum().backward()\n    o.step()\n"
    )
    assert read(tmp_path, text).epochs == 12
