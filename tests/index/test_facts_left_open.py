"""What stands for a value that nobody gives, passes that a loop repeats, devices that are told by a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.scripts import read, within

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


def test_what_is_taken_out_of_settings_has_a_default() -> None:
    facts = read("""
import torch
from torch import nn
class Build:
    def __init__(self, data, **params):
        self.lr = params.pop("lr", 0.004)
        self.epochs = params.pop("epochs", 70)
        self.loader = torch.utils.data.DataLoader(data, batch_size=params.pop("batch_size", 12))
    def fit(self, net):
        opt = torch.optim.SGD(net.parameters(), lr=self.lr)
        for epoch in range(self.epochs):
            for x in self.loader:
                net(x).sum().backward()
                opt.step()
Build(read()).fit(nn.Linear(3, 3))
""")
    assert (facts.lr, facts.epochs, facts.batch) == (0.004, 70, 12)


def test_a_table_has_what_it_takes_over() -> None:
    facts = read("""
import torch
def run(name, **kwargs):
    params = {**kwargs, "name": name}
    count = params.get("epochs")
    opt = torch.optim.SGD(net.parameters(), lr=params["lr"])
    for epoch in range(count):
        for x in data:
            net(x).sum().backward()
            opt.step()
quick = {"epochs": 2, "lr": 0.2}
whole = {"epochs": 200, "lr": 0.02}
for name in ("a", "b"):
    run(name, more=False, **whole)
""")
    assert (facts.lr, facts.epochs) == (0.02, 200)


def test_what_a_library_fits_beside_a_training_of_another_file_is_there_to_compare(tmp_path: Path) -> None:
    trainer = """
import torch
def train(model, x, config):
    optimizer = torch.optim.Adam(model.parameters(), lr=config["lr"])
    for epoch in range(config["epochs"]):
        loss = model(x).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
    script = """
import torch
from sklearn.ensemble import IsolationForest
from trainer import train
class Own(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.LSTM(3, 4)
def run(x):
    model = Own()
    train(model, x, {"lr": 0.002, "epochs": 8})
    other = IsolationForest(contamination=0.05)
    other.fit(x)
run(load())
"""
    facts = within(tmp_path, script, trainer=trainer)
    assert (facts.framework, facts.arch, facts.optimizer, facts.epochs) == ("PyTorch", "Own", "Adam", 8)
