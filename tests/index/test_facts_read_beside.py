"""The data that modules beside a script read, and what a trainer of its own that is another's is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse
from tests.index.scripts import within

LOOP = """
import torch
from torch import nn
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
o = torch.optim.Adam(net.parameters(), lr=0.1)
for epoch in range(3):
    net(1).backward()
    o.step()
"""
CHUNKS = """
from transformers import BertForSequenceClassification, Trainer, TrainingArguments
from feeding import MyDataset
class ForChunks(Trainer):
    def compute_loss(self, model, inputs):
        return model(**inputs).loss
train = MyDataset("train")
args = TrainingArguments(output_dir="out", learning_rate=2e-5, per_device_train_batch_size=16, num_train_epochs=5)
model = BertForSequenceClassification.from_pretrained("bert-base-uncased")
trainer = ForChunks(model=model, args=args, train_dataset=train)
trainer.train()
"""
FEEDING = """
from torch.utils.data import Dataset
from datasets import load_from_disk
FOLDER = "/mnt/data/weibo_emotion"
class MyDataset(Dataset):
    def __init__(self, split, folder=FOLDER):
        self.data = load_from_disk(folder)[split]
"""
SAID = {
    "a table that a function of another file reads": ("from tools import *\nx, y = import_data('../CAC.csv')\n", "CAC"),
    "a table that a constant says": ("from tools import grid\nDATA_PATH = '../shared/kuramoto.mat'\ngrid(DATA_PATH)\n",
                                     "kuramoto"),
    "tasks of a known data set": ("import omniglot_task\ntask = omniglot_task.OmniglotTask(5)\n", "Omniglot"),
    "a name that is only begun": ("from tools import grid\nDATA_PATH = '../shared/kuramoto_.mat'\n", None),
}  # fmt: skip


CONFIG = """
import pydantic
import torch
from lightning import LightningModule
class Settings(pydantic.BaseModel):
    learning_rate: float = 3e-4
class Lit(LightningModule):
    def __init__(self, config):
        super().__init__()
        self.config = Settings.model_validate(config)
        self.net = torch.nn.Linear(2, 1)
    def training_step(self, batch, _):
        return self.net(batch).mean()
    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.config.learning_rate)
"""
BASED = """
import torch
from torch import nn
from base import AbstractTrainer
class AudioTrainer(AbstractTrainer):
    def __init__(self, model: nn.Module, num_epochs: int = 3, learning_rate: float = 2e-5):
        super(AudioTrainer, self).__init__(
            model, num_epochs, torch.optim.AdamW(model.parameters(), lr=learning_rate), name="audio"
        )
"""
KEPT = """
import argparse
from infrastructure import RL_Trainer
from policies import LoadedGaussianPolicy
class BC_Trainer:
    def __init__(self, params):
        self.params = params
        self.rl_trainer = RL_Trainer(self.params)
        self.expert = LoadedGaussianPolicy(self.params["expert"])
    def run_training_loop(self):
        self.rl_trainer.run_training_loop(10, expert=self.expert)
parser = argparse.ArgumentParser()
parser.add_argument("--expert")
parser.add_argument("--train_batch_size", type=int, default=100)
parser.add_argument("--learning_rate", "-lr", type=float, default=5e-3)
params = vars(parser.parse_args())
BC_Trainer(params).run_training_loop()
"""
CAST = """
from typing import cast
import torch
CONFIG: dict[str, object] = {"rate": 0.25, "epochs": 8}
net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
o = torch.optim.SGD(net.parameters(), lr=cast(float, CONFIG["rate"]))
for epoch in range(cast(int, CONFIG["epochs"])):
    net(1).backward()
    o.step()
"""
BY_THE_WAY = {
    "settings that are validated": (CONFIG, {"lr": 3e-4, "optimizer": "AdamW"}),
    "what a base is made with": (BASED, {"lr": 2e-5, "epochs": 3, "optimizer": "AdamW"}),
    "options that an object keeps": (KEPT, {"lr": 5e-3, "batch": 100, "arch": None}),
    "what is only cast": (CAST, {"lr": 0.25, "epochs": 8}),
}


def read(folder: Path, text: str, **beside: str) -> ScriptFacts:
    for name, content in beside.items():
        (folder / f"{name}.py").write_text(content)
    script = folder / "script.py"
    script.write_text(text)
    return extract(parse(script, text.encode()), Configs(script))


def test_a_trainer_that_inherits_one_is_told_like_it_and_its_data_lie_where_a_module_beside_says(
    tmp_path: Path,
) -> None:
    facts = read(tmp_path, CHUNKS, feeding=FEEDING)
    assert (facts.batch, facts.lr, facts.epochs) == (16, 2e-5, 5)
    assert facts.dataset == "weibo_emotion"


@pytest.mark.parametrize("file", ["./best_of_all.npy", "data/actor_ratings.xlsx"])
def test_an_array_that_a_module_beside_reads_may_be_what_was_kept(tmp_path: Path, file: str) -> None:
    feeding = FEEDING.replace("load_from_disk(folder)", "numpy.load(folder)").replace("/mnt/data/weibo_emotion", file)
    assert read(tmp_path, CHUNKS, feeding=f"import numpy{feeding}").dataset is None
    (tmp_path / "README.md").write_text("Trained on actor ratings, and on best of all.\n", encoding="utf-8")
    assert read(tmp_path, CHUNKS, feeding=f"import numpy{feeding}").dataset == Path(file).stem


@pytest.mark.parametrize("how", SAID)
def test_the_data_are_told_by_what_reads_them(tmp_path: Path, how: str) -> None:
    text, dataset = SAID[how]
    assert read(tmp_path, text + LOOP).dataset == dataset


@pytest.mark.parametrize("way", BY_THE_WAY)
def test_values_are_followed_by_the_way_that_they_go(tmp_path: Path, way: str) -> None:
    text, expected = BY_THE_WAY[way]
    facts = read(tmp_path, text)
    assert facts.is_model
    assert {field: getattr(facts, field) for field in expected} == expected


KINDS = """
import torch
from torch import nn


class Base:
    def __init__(self, args):
        self.lr = args.lr
        self.net = nn.Linear(3, 1)
        {in_init}

    def build(self):
        self.opt = torch.optim.Adam(self.net.parameters(), lr=self.lr)

    def main(self):
        {in_main}
        for epoch in range(9):
            self.train(epoch)


class One(Base):
    def __init__(self, args):
        {base}
        self.alpha = args.alpha

    def train(self, epoch):
        self.net(x).sum().backward()
        self.opt.step()
"""


@pytest.mark.parametrize(
    "base", ["super().__init__(args)", "Base.__init__(self, args)", "super(One, self).__init__(args)"]
)
@pytest.mark.parametrize("where", ["in_init", "in_main"])
def test_a_trainer_beside_keeps_what_its_base_is_told_and_builds_by_a_method_of_its_own(
    tmp_path: Path, base: str, where: str
) -> None:
    calls = {"in_init": "pass", "in_main": "pass"} | {where: "self.build()"}
    text = (
        "import argparse\nimport torch\nfrom kinds import One\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--lr', type=float, default=2e-4)\nOne(parser.parse_args()).main()\n"
    )
    found = within(tmp_path, text, kinds=KINDS.format(base=base, **calls))
    assert (found.optimizer, found.lr) == ("Adam", 2e-4)


LEARNER = (
    "import torch\nfrom torch import nn, optim\nclass Meta(nn.Module):\n    def __init__(self, args):\n"
    "        super().__init__()\n        self.meta_lr = args.meta_lr\n        self.net = nn.Linear(2, 1)\n"
    "        self.meta_optim = optim.Adam(self.net.parameters(), lr=self.meta_lr)\n"
    "    def forward(self, x, y):\n        loss = (self.net(x) - y).pow(2).mean()\n        loss.backward()\n"
    "        self.meta_optim.step()\n        return loss\n"
)


def test_a_learner_beside_that_trains_as_it_is_called(tmp_path: Path) -> None:
    text = (
        "import argparse\nimport torch\nfrom meta import Meta\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--meta_lr', type=float, default=1e-3)\n"
        "maml = Meta(parser.parse_args()).to('cpu')\n"
        "for epoch in range(6):\n    for x, y in tasks:\n        maml(x, y)\n"
    )
    found = within(tmp_path, text, meta=LEARNER)
    assert (found.arch, found.optimizer, found.lr, found.epochs) == ("Meta", "Adam", 1e-3, 6)
    asked = within(tmp_path, text, meta=LEARNER.replace("        self.meta_optim.step()\n", ""))
    assert (asked.optimizer, asked.lr) == (None, None)
