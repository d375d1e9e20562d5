"""Values however they are spelled: in queues, samplers and progress bars, in a case or by how a name begins, in the
base of a module, in the text that names a device."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

NET = """import argparse
import torch
from torch import nn
from torch.utils.data import DataLoader
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 10)
    def forward(self, x):
        return self.a(x)
p = argparse.ArgumentParser()
p.add_argument("--opt", default="adam")
p.add_argument("--epochs", default=3.0, type=float)
p.add_argument("--cuda", action="store_true")
a = p.parse_args()
opt_ = {"data.cuda": a.cuda}
net = Net()
"""
LOOP = "for iteration in {}:\n    for x in loader:\n        net(x).sum().backward()\n        opt.step()\n"
SGD = "opt = torch.optim.SGD(net.parameters(), lr=0.1)\n"
LOADER = "loader = DataLoader(data, 8)\n"


def read(text: str, folder: Path = Path(), name: str = "script.py") -> ScriptFacts:
    return extract(parse(folder / name, text.encode()), Configs(folder / name))


@pytest.mark.parametrize(
    "chosen",
    [
        "if a.opt.lower() == 'sgd':\n    {sgd}else:\n    {adam}",
        "if a.opt.startswith('ada'):\n    {adam}else:\n    {sgd}",
        "match a.opt:\n    case 'sgd' | 'momentum':\n        {sgd}    case 'adam':\n        {adam}"
        "    case _:\n        {sgd}",
    ],
)
def test_the_default_of_an_option_chooses(chosen: str) -> None:
    adam = "opt = torch.optim.Adam(net.parameters(), lr=0.2)\n"
    found = read(NET + chosen.format(sgd=SGD, adam=adam) + LOADER + LOOP.format("range(9)"))
    assert (found.optimizer, found.lr) == ("Adam", 0.2)


@pytest.mark.parametrize(
    ("before", "loop", "epochs"),
    [
        ("steps = trange(int(a.epochs), desc='Epoch')\n", "steps", 3),
        ("shown = reporters.TQDMReporter(range(40))\n", "shown", 40),
        ("", "range(12)", 12),
    ],
)
def test_epochs_behind_a_progress_bar(before: str, loop: str, epochs: int) -> None:
    assert read(NET + SGD + LOADER + before + LOOP.format(loop)).epochs == epochs


@pytest.mark.parametrize(
    "loader",
    [
        "loader = DataLoader(data, batch_sampler=AspectRatioBasedSampler(data, batch_size=6, drop_last=True))\n",
        "order = torch.utils.data.BatchSampler(order, 6, True)\nloader = DataLoader(data, batch_sampler=order)\n",
    ],
)
def test_the_size_that_a_sampler_of_batches_is_told(loader: str) -> None:
    assert read(NET + SGD + loader + LOOP.format("range(9)")).batch == 6


def test_the_size_of_the_queues_of_tensorflow_1() -> None:
    text = (
        "import tensorflow as tf\nx, y = tf.train.shuffle_batch([image, label], batch_size=16, capacity=9)\n"
        "step = tf.train.AdamOptimizer(1e-3).minimize(tf.reduce_mean(tf.matmul(x, w) - y))\n"
        "for i in range(1000):\n    sess.run(step)\n"
    )
    assert read(text).batch == 16


@pytest.mark.parametrize(
    ("moves", "device"),
    [
        ("if opt_['data.cuda']:\n    net.cuda()\n", "CPU/GPU"),
        ("net.cuda()\n", "GPU"),
        ("def cuda(self):\n    self.net.cuda()\n", None),
        ("DEVICE = 'cpu'\nwith tf.device('/{}:0'.format(DEVICE)):\n    pass\n", "CPU"),
    ],
)
def test_devices_behind_a_key_a_method_and_a_text(moves: str, device: str | None) -> None:
    assert read(NET + SGD + LOADER + moves + LOOP.format("range(9)")).hw == device


def test_what_a_base_configures_is_trained_with_what_the_heir_is_given() -> None:
    text = (
        "import torch\nimport pytorch_lightning as pl\nclass Base(pl.LightningModule):\n"
        "    def __init__(self, lr=1.0, size=1):\n        super().__init__()\n"
        "        self.lr = lr\n        self.size = size\n"
        "    def configure_optimizers(self):\n        return torch.optim.Adam(self.parameters(), lr=self.lr)\n"
        "    def train_dataloader(self):\n        return torch.utils.data.DataLoader(data, batch_size=self.size)\n"
        "class Heir(Base):\n    def __init__(self, lr=1.0, size=1):\n        pl.LightningModule.__init__(self)\n"
        "        self.lr = lr\n        self.size = size\n    def training_step(self, batch, i):\n        return batch\n"
        "pl.Trainer(max_epochs=5).fit(Heir(lr=1e-4, size=16))\n"
    )
    found = read(text)
    assert (found.arch, found.lr, found.batch, found.optimizer) == ("Heir", 1e-4, 16, "Adam")


@pytest.mark.parametrize(
    ("text", "framework"),
    [
        ("from trl import SFTTrainer, SFTConfig\nSFTTrainer(model='m', args=SFTConfig(num_train_epochs=1)).train()\n",
         "PyTorch"),
        ("from textgenrnn import textgenrnn\nt = textgenrnn()\nt.train_from_file('a.txt', num_epochs=1)\n",
         "Keras/TensorFlow"),
        ("from sentence_transformers import SentenceTransformer\nfrom sklearn.svm import SVC\n"
         "x = SentenceTransformer('m').encode(t)\nSVC().fit(x, y)\n", "scikit-learn"),
    ],
)  # fmt: skip
def test_libraries_say_what_they_are_made_with(text: str, framework: str) -> None:
    assert (read(text).is_model, read(text).framework) == (True, framework)
