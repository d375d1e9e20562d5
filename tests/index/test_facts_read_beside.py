"""The data that modules beside a script read, and what a trainer of its own that is another's is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

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


@pytest.mark.parametrize("how", SAID)
def test_the_data_are_told_by_what_reads_them(tmp_path: Path, how: str) -> None:
    text, dataset = SAID[how]
    assert read(tmp_path, text + LOOP).dataset == dataset
