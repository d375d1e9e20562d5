"""Command lines of Lightning and of jsonargparse: what they tell the classes that they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse

CLASSES = """
import torch
from torch import nn
from torch.utils.data import DataLoader
import lightning as L
from lightning.pytorch.cli import LightningCLI
from jsonargparse import ArgumentParser
class Net(L.LightningModule):
    def __init__(self, lr: float = 1e-3):
        super().__init__()
        self.lr, self.one, self.two = lr, nn.Linear(3, 4), nn.Linear(4, 3)
    def training_step(self, batch, number):
        return self.two(self.one(batch)).sum()
"""
CONFIGURED = "    def configure_optimizers(self):\n        return torch.optim.SGD(self.parameters(), lr=self.lr)\n"
DATA = """
class Data(L.LightningDataModule):
    def __init__(self, batch_size: int = 40):
        super().__init__()
        self.batch_size = batch_size
    def train_dataloader(self):
        return DataLoader(records, batch_size=self.batch_size)
"""


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("main.py"), text.encode()))


def stated(facts: ScriptFacts) -> tuple[object, ...]:
    return facts.arch, facts.optimizer, facts.lr, facts.batch, facts.epochs


def test_a_command_line_of_lightning_says_what_its_classes_say() -> None:
    run = "cli = LightningCLI(Net, Data, trainer_defaults={'max_epochs': 9})\n"
    assert stated(read(CLASSES + CONFIGURED + DATA + run)) == ("Net", "SGD", 1e-3, 40, 9)


def test_a_command_line_of_ones_own_tells_its_parser() -> None:
    run = (
        "class Mine(LightningCLI):\n    def add_arguments_to_parser(self, parser):\n"
        "        parser.add_optimizer_args(torch.optim.AdamW)\n"
        "        parser.set_defaults({'optimizer.lr': 3e-4, 'trainer.max_epochs': 5})\n"
        "Mine(model_class=Net, datamodule_class=Data)\n"
    )
    assert stated(read(CLASSES + DATA + run)) == ("Net", "AdamW", 3e-4, 40, 5)


def test_a_command_line_without_classes_states_nothing() -> None:
    assert stated(read(CLASSES.partition("class Net")[0] + "LightningCLI()\n"))[1:] == (None, None, None, None)


@pytest.mark.parametrize(
    ("defaults", "lr"), [("{'model.lr': 5e-4, 'trainer.max_epochs': 20}", 5e-4), ("{'trainer.max_epochs': 20}", 1e-3)]
)
def test_defaults_by_class_of_jsonargparse(defaults: str, lr: float) -> None:
    run = (
        "parser = ArgumentParser()\nparser.add_lightning_class_args(L.Trainer, 'trainer')\n"
        f"parser.add_lightning_class_args(Net, 'model')\nparser.set_defaults({defaults})\nargs = parser.parse_args()\n"
        "L.Trainer(**args.trainer).fit(Net(**args.model))\n"
    )
    assert stated(read(CLASSES + CONFIGURED + run)) == ("Net", "SGD", lr, None, 20)


def test_a_trainer_made_of_the_whole_command_line_runs_its_epochs() -> None:
    run = (
        "import argparse\nparser = argparse.ArgumentParser()\nparser = L.Trainer.add_argparse_args(parser)\n"
        "parser.set_defaults(max_epochs=12)\nargs = parser.parse_args()\n"
        "trainer = L.Trainer.from_argparse_args(args)\ntrainer.fit(Net(0.1))\n"
    )
    assert stated(read(CLASSES + CONFIGURED + run)) == ("Net", "SGD", 0.1, None, 12)


SACRED = """
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST, FashionMNIST
from sacred import Experiment
ex = Experiment("digits")

@ex.config
def settings():
    lr = 3e-4
    batch_size = 5 * 8
    max_epochs = 12
    kind = "digits"

@ex.capture
def loader(batch_size, kind):
    data = MNIST("data") if kind == "digits" else FashionMNIST("data")
    return DataLoader(data, batch_size=batch_size)

@ex.{run}
def main(lr, max_epochs, _run):
    net = nn.Linear(784, 10)
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for epoch in range(max_epochs):
        for x, y in loader():
            net(x).sum().backward()
            opt.step()
"""


@pytest.mark.parametrize("run", ["automain", "main", "command(unobserved=True)"])
def test_settings_of_a_sacred_experiment(run: str) -> None:
    facts = read(SACRED.replace("{run}", run))
    assert (facts.dataset, facts.lr, facts.batch, facts.epochs) == ("MNIST", 3e-4, 40, 12)
