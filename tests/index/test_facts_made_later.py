"""What a training is given by way of others: makers of optimizers, shared parsers, options of another file, lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.scripts import read, within

NET = "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))\n"
LOOP = "for epoch in range(3):\n    net(1).backward()\n    o.step()\n"


AGENT = """
import torch
import gymnasium as gym
from agents import DQN, ReplayBuffer
from nets import FCQ
def train_dqn(seed):
    model_fn = lambda n: FCQ(n, hidden=(512, 128))
    {make}
    rate = 0.0005
    agent = DQN(model_fn=model_fn, {given}, buffer_fn=lambda: ReplayBuffer(5000, batch_size=64))
    result = agent.train(max_minutes=20, max_episodes=100)
    return agent, result
"""
MAKE = "make = lambda net, lr: torch.optim.RMSprop(net.parameters(), lr=lr)"


@pytest.mark.parametrize(
    ("make", "given", "rate"),
    [
        (MAKE, "value_optimizer_fn=make, value_optimizer_lr=rate", 0.0005),
        (MAKE, "optimizer_fn=make, lr=rate", 0.0005),
        (MAKE, "policy_optimizer_fn=make, policy_lr=1e-3, value_lr=rate", 0.001),
        (MAKE, "policy_optimizer_fn=make, value_lr=rate", None),  # another's
        ("make = lambda net: torch.optim.RMSprop(net.parameters(), lr=0.01)", "optimizer_fn=make", 0.01),
    ],
)
def test_a_maker_of_optimizers_is_handed_on_beside_its_rate(make: str, given: str, rate: float | None) -> None:
    found = read(AGENT.format(make=make, given=given))
    assert (found.optimizer, found.lr, found.batch) == ("RMSprop", rate, 64)


def test_two_makers_each_have_a_rate_of_their_own() -> None:
    given = "policy_optimizer_fn=make, policy_optimizer_lr=rate, value_optimizer_fn=make, value_optimizer_lr=0.0007"
    found = read(AGENT.format(make=MAKE, given=given))
    assert {(stage.optimizer, stage.lr) for stage in found.stages} == {("RMSprop", 0.0005), ("RMSprop", 0.0007)}


SHARED = (
    "import argparse\ndef get_parser():\n    p = argparse.ArgumentParser()\n    p.add_argument('--lr', default=2e-5)\n"
)
OTHER = "import argparse\ndef seed(n):\n    pass\ndef parse():\n    p = argparse.ArgumentParser()\n"


def test_an_option_is_of_the_parser_that_has_it_not_of_another_file(tmp_path: Path) -> None:
    script = (
        "import argparse\nfrom config.other import seed\nfrom config.shared import get_parser\n" + NET
        + "def more(parent):\n    p = argparse.ArgumentParser(parents=[parent], add_help=False)\n"
        "    p.add_argument('--drop', default=0.1)\n    return p\n"
        "parser = more(get_parser())\nargs = parser.parse_args()\nseed(1)\n"
        "o = torch.optim.Adam(net.parameters(), lr=args.lr)\n" + LOOP
    )  # fmt: skip
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "shared.py").write_text(SHARED + "    return p\n")
    (tmp_path / "config" / "other.py").write_text(OTHER + "    p.add_argument('--lr', default=1e-5)\n    return p\n")
    assert within(tmp_path, script).lr == 2e-5


@pytest.mark.parametrize(
    ("loop", "epochs"),
    [
        ("epoch, done = 0, False\nwhile epoch < last and not done:\n    epoch += 1\n", 500),
        ("epoch, done = 0, False\nwhile (epoch < last) and (not done):\n    epoch += 1\n", 500),
        ("i, done = 0, False\nwhile i < last and not done:\n    i += 1\n", None),  # steps, or whatever
    ],
)
def test_a_loop_that_may_end_early_has_the_epochs_that_it_runs_at_most(loop: str, epochs: int | None) -> None:
    text = NET + "o = torch.optim.Adam(net.parameters(), lr=0.1)\nlast = 500\n" + loop
    assert read(text + "    net(1).backward()\n    o.step()\n").epochs == epochs


def test_the_last_epoch_may_be_a_setting_of_another_file(tmp_path: Path) -> None:
    script = (
        "from config import cfg\n" + NET + "o = torch.optim.Adam(net.parameters(), lr=0.1)\n"
        "last = cfg.NUM_EPOCHS\nfor epoch in range(1, last + 1):\n    net(1).backward()\n    o.step()\n"
    )
    config = "from easydict import EasyDict as edict\ncfg = edict()\ncfg.NUM_EPOCHS = 10\n"
    assert within(tmp_path, script, config=config).epochs == 10


@pytest.mark.parametrize(("default", "device"), [("cpu", "CPU/GPU"), ("tpu", "TPU")])
def test_a_device_that_another_choice_takes_is_not_the_scripts(default: str, device: str) -> None:
    text = (
        "import argparse\n" + NET + f"p = argparse.ArgumentParser()\np.add_argument('--device', default='{default}')\n"
        "args = p.parse_args()\nif args.device == 'tpu':\n    import torch_xla.core.xla_model as xm\n"
        "    device = xm.xla_device()\nelse:\n    device = 'cuda' if torch.cuda.is_available() else 'cpu'\n"
        "net.to(device)\no = torch.optim.Adam(net.parameters(), lr=0.1)\n" + LOOP
    )
    assert read(text).hw == device


def test_what_is_taken_of_a_list_of_optimizers_is_one_of_them() -> None:
    text = NET + (
        "nets = [nn.Linear(2, 1) for _ in range(3)]\nopts = [torch.optim.Adam(n.parameters(), lr=1e-4) for n in nets]\n"
        "probe = torch.optim.SGD(net.parameters(), lr=0.5)\n"
        "for epoch in range(3):\n    for i in range(3):\n        nets[i](1).backward()\n        opts[i].step()\n"
    )
    assert {(stage.optimizer, stage.lr) for stage in read(text).stages} == {("Adam", 1e-4)}


def test_what_an_object_is_told_by_options_that_its_class_declares() -> None:
    text = (
        "from argparse import ArgumentParser\nimport torch\nfrom torch import nn\n"
        "from pytorch_lightning import LightningModule\n"
        "class Net(LightningModule):\n    def __init__(self, hparams):\n        super().__init__()\n"
        "        self.hparams = hparams\n        self.f = nn.LSTM(3, 1)\n"
        "    @staticmethod\n    def add_args(parent):\n        p = ArgumentParser(parents=[parent], add_help=False)\n"
        "        p.add_argument('--lr', type=float, default=0.001)\n"
        "        p.add_argument('--use_asgd', action='store_true', default=False)\n        return p\n"
        "    def training_step(self, batch, i):\n        return self.f(batch).mean()\n"
        "    def configure_optimizers(self):\n        if self.hparams.use_asgd:\n"
        "            return torch.optim.ASGD(self.parameters(), lr=self.hparams.lr)\n"
        "        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)\n"
    )
    assert (read(text).optimizer, read(text).lr) == ("Adam", 0.001)


def test_a_pass_that_another_file_makes_over_the_data_trains(tmp_path: Path) -> None:
    text = (
        "import torch\nimport procedure\nfrom model import LightGCN\nnet = LightGCN(64)\n"
        "for epoch in range(20):\n    info = procedure.{0}(data, {1}, loss, epoch)\n"
    )
    assert read(text.format("BPR_train_original", "rec_model")).is_model
    assert not read(text.format("BPR_train_original", "data")).is_model
    assert not read(text.format("plot_train_history", "rec_model")).is_model


def test_a_vocabulary_that_is_fitted_is_no_model() -> None:
    text = "import numpy as np\nfrom words import {0}\nws = {0}()\nws.fit(texts)\nnp.save('w.npy', ws)\n"
    assert not read(text.format("WordSequence")).is_model


@pytest.mark.parametrize(("begun", "lr"), [("Experiment({0}, resume=True)", 0.01), ("Notebook({0})", None)])
def test_settings_that_a_run_is_begun_with(begun: str, lr: float | None) -> None:
    made = begun.format("{'train': {'rate': args.lr}}")
    text = (
        "import argparse\nfrom mag.experiment import Experiment, Notebook\n" + NET + "p = argparse.ArgumentParser()\n"
        "p.add_argument('--lr', default=0.01, type=float)\nargs = p.parse_args()\n"
        f"with {made} as experiment:\n    config = experiment.config\n"
        "    o = torch.optim.Adam(net.parameters(), lr=config.train.rate)\n"
        "    for epoch in range(3):\n        net(1).backward()\n        o.step()\n"
    )
    assert read(text).lr == lr


@pytest.mark.parametrize("begun", ["wandb.init(config=args)", "pl.loggers.WandbLogger(project='p', config=args)"])
def test_settings_that_a_tracker_is_given(begun: str) -> None:
    text = (
        "import argparse\nimport wandb\nimport pytorch_lightning as pl\n" + NET + "p = argparse.ArgumentParser()\n"
        f"p.add_argument('--lr', default=0.01, type=float)\nargs = p.parse_args()\nlogger = {begun}\n"
        "config = wandb.config\no = torch.optim.Adam(net.parameters(), lr=config.lr)\n"
    )
    assert read(text + LOOP).lr == 0.01


def test_the_adam_of_pretrained_berts_is_an_optimizer() -> None:
    text = "from pytorch_pretrained_bert.optimization import BertAdam\n" + NET
    assert read(text + "o = BertAdam(net.parameters(), lr=5e-5)\n" + LOOP).optimizer == "BertAdam"
