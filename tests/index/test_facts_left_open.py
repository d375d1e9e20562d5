"""What stands for a value that nobody gives, passes that a loop repeats, devices that are told by a name."""

from __future__ import annotations

import pytest

from tests.index.scripts import read

TRAINS = """
import torch
class Config:
    RATE = 0.003
    EPOCHS = 30
def train(model, loader, epochs=None, lr=None):
    {rate}
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for epoch in range(epochs if epochs is not None else Config.EPOCHS):
        for x in loader:
            model(x).sum().backward()
            optimizer.step()
"""


@pytest.mark.parametrize(
    ("rate", "lr"),
    [
        ("rate = lr if lr is not None else Config.RATE", 0.003),
        ("rate = Config.RATE if lr is None else lr", 0.003),
        ("rate = lr if lr else Config.RATE", 0.003),
        ("rate = lr if epochs is None else Config.RATE", None),  # one or the other
    ],
)
def test_what_stands_for_a_parameter_that_nobody_gives_is_the_value(rate: str, lr: float | None) -> None:
    facts = read(TRAINS.format(rate=rate))
    assert facts.lr == lr
    assert facts.epochs == 30


def test_the_rate_of_a_one_cycle_is_that_of_a_module_of_lightning_too() -> None:
    facts = read("""
import torch
from lightning.pytorch import LightningModule
from torch.optim.lr_scheduler import OneCycleLR
class Lit(LightningModule):
    def __init__(self, lr=0.05):
        super().__init__()
        self.save_hyperparameters()
        self.model = torch.nn.Linear(3, 3)
    def training_step(self, batch, index):
        return self.model(batch).sum()
    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=self.hparams.lr)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": OneCycleLR(optimizer, 0.1, 100)}}
""")
    assert facts.lr == 0.1


def test_a_loop_that_counts_epochs_around_one_pass_each_says_how_many() -> None:
    facts = read("""
from keras.models import Sequential
from keras.layers import LSTM, Dense
epochs = 100
model = Sequential([LSTM(32), Dense(3)])
model.compile(optimizer="adam", loss="mse")
def train(songs):
    for e in range(1, epochs + 1):
        for song in songs:
            model.fit(song[:-1], song[1:], batch_size=4, shuffle=False)
train(load())
""")
    assert facts.epochs == 100


@pytest.mark.parametrize(
    ("gpus", "hw"), [("gpus=[1]", "GPU"), ("gpus=FREE", "GPU"), ("gpus=NONE", None)]
)  # fmt: skip
def test_the_gpus_of_a_trainer_are_listed_by_a_name_too(gpus: str, hw: str | None) -> None:
    facts = read(f"""
import torch
from pytorch_lightning import LightningModule, Trainer
FREE = [1]
NONE = []
class Lit(LightningModule):
    def training_step(self, batch, index):
        return self.model(batch).sum()
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)
Trainer({gpus}, max_epochs=3).fit(Lit())
""")
    assert facts.hw == hw


def test_what_goes_to_where_the_rest_is_chooses_no_device() -> None:
    facts = read("""
import torch
from torch import nn
class Positions(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3, 3)
    def forward(self, x):
        table = self.table[:, : x.size(1)]
        if x.is_cuda:
            table.cuda()
        return self.out(x + table)
""")
    assert facts.is_model
    assert facts.hw is None
