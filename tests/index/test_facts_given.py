"""Values that reach a training by a detour: by whatever names a function takes, as text, by a rule's name, in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


NET = "import torch\nfrom torch import nn, optim\nnet = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))\n"
LOOP = (
    "    o = optim.Adam(net.parameters(), lr={lr})\n    for epoch in range({epochs}):\n"
    "        net(1).backward()\n        o.step()\n"
)


def loop(lr: str, epochs: str) -> str:
    return LOOP.format(lr=lr, epochs=epochs)


GIVEN: dict[str, tuple[str, dict[str, Any]]] = {
    "click, and all options under one name": (
        f"{NET}import click\n@click.command()\n@click.argument('n', default=20)\n@click.option('--lr', default=0.3)\n"
        "def main(**kwargs):\n" + loop("kwargs['lr']", "kwargs['n']") + "main()\n",
        {"lr": 0.3, "epochs": 20},
    ),
    "the caller, under whatever names": (
        f"{NET}def train(**kw):\n" + loop("kw.get('lr', 1)", "kw.get('e', 7)") + "train(lr=0.2)\n",
        {"lr": 0.2, "epochs": 7},
    ),
    "flags, as text": (
        f"{NET}import tensorflow as tf\ntf.flags.DEFINE_float('lr', '1e-4', '')\n"
        "tf.flags.DEFINE_integer('n', '50', '')\n"
        f"FLAGS = tf.flags.FLAGS\ndef train():\n{loop('FLAGS.lr', 'FLAGS.n')}train()\n",
        {"lr": 1e-4, "epochs": 50},
    ),
    "settings that nobody can see stand before the default": (
        f"{NET}import yaml\ndef train(lr=0.5, n=3):\n{loop('lr', 'n')}train(**yaml.safe_load(open(input()))['x'])\n",
        {"lr": None, "epochs": None},
    ),
    "settings that an optimizer is made with": (
        f"{NET}def make(kind, **kw):\n    if kind == 'sgd':\n        return optim.SGD(net.parameters(), **kw)\n"
        "    elif kind == 'adam':\n        return optim.Adam(net.parameters(), **kw)\n"
        "o = make('adam', lr=0.25)\nfor epoch in range(4):\n    net(1).backward()\n    o.step()\n",
        {"lr": 0.25, "optimizer": "Adam"},
    ),
    "a rule that is named": (
        "import torch\nfrom classifiers import ConvNet\nfrom solver import Solver\n"
        "n = ConvNet(3)\ns = Solver(n, data, num_epochs=4, batch_size=50, update_rule='adam',\n"
        "    optim_config={'lr': 1e-3})\n"
        "s.train()\n",
        {"optimizer": "Adam", "lr": 1e-3, "batch": 50, "epochs": 4, "arch": "ConvNet"},
    ),
    "the regression of tflearn": (
        "import tflearn\nfrom tflearn.layers.estimator import regression\nnet = tflearn.fully_connected(x, 9)\n"
        "net = regression(net, optimizer='adam', learning_rate=0.01)\nm = tflearn.DNN(net)\n"
        "m.fit(X, Y, n_epoch=6, batch_size=16)\n",
        {"optimizer": "Adam", "lr": 0.01, "epochs": 6, "batch": 16},
    ),
    "the optimizer of a network of another file": (
        "import tensorflow as tf\nimport nets\nm = nets.Strided(9, optimizer=tf.keras.optimizers.Adamax(0.02))\n"
        "m.fit(data, epochs=5)\n",
        {"optimizer": "Adamax", "lr": 0.02, "epochs": 5},
    ),
    "a memory, asked in order or not": (
        f"{NET}memory = Memory(9)\nBATCH = 16\ndef train():\n"
        + loop("0.1", "2").replace("net(1)", "net(memory.sample(BATCH, False))")
        + "train()\n",
        {"batch": 16},
    ),
    "options that are renamed": (
        f"{NET}import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', default=0.2)\n"
        "given, new = vars(p.parse_args()), dict()\nfor k, v in given.items():\n    new[k.upper()] = v\n"
        "args = argparse.Namespace(**new)\ndef train():\n" + loop("args.LR", "3") + "train()\n",
        {"lr": 0.2},
    ),
    "an optimizer that takes over in the end": (
        f"{NET}def train():\n"
        + loop("0.1", "3").replace(
            "        net", "        if late(epoch):\n            o = optim.ASGD(net.parameters(), lr=0.1)\n        net"
        )
        + "train()\n",
        {"optimizer": "Adam", "lr": 0.1},
    ),
    "a size in its place": (
        "from fastai.vision import *\ndata = src.transform(tfms).databunch(path, 24).normalize()\n"
        "learn = cnn_learner(data, models.resnet34)\nlearn.fit_one_cycle(4)\n",
        {"batch": 24, "epochs": 4},
    ),
    "a number that TensorFlow holds": (
        "import tensorflow as tf\nx = tf.layers.dense(tf.layers.dense(i, 9), 9)\n"
        "rate = tf.Variable(0.003, dtype=tf.float32)\n"
        "step = tf.train.AdamOptimizer(rate).minimize(loss(x))\nwith tf.Session() as s:\n"
        "    for epoch in range(6):\n        s.run(step)\n",
        {"lr": 0.003, "optimizer": "Adam", "epochs": 6},
    ),
    "settings of an estimator": (
        "import tensorflow as tf\ndef model_fn(features, labels, mode, params):\n"
        "    x = tf.layers.dense(tf.layers.dense(features, 9), 9)\n"
        "    o = tf.train.AdamOptimizer(learning_rate=params['rate'])\n"
        "    return tf.estimator.EstimatorSpec(mode, train_op=o.minimize(loss(x, labels)))\n"
        "m = tf.estimator.Estimator(model_fn=model_fn, params={'rate': 0.02})\nm.train(input_fn=f, steps=9)\n",
        {"lr": 0.02, "optimizer": "Adam"},
    ),
    "weights changed in place": (
        f"{NET}rate = 0.02\nfor epoch in range(8):\n    net(1).backward()\n    for p in net.parameters():\n"
        "        p.data.add_(-rate, p.grad.data)\n",
        {"optimizer": "SGD", "lr": 0.02, "epochs": 8},
    ),
    "steps divided by a running root": (
        "import numpy as np\nclass Net:\n    def train(self, lr=0.1):\n        for epoch in range(5):\n"
        "            self.m, self.v = 0.9 * self.m + 0.1 * d, 0.9 * self.v + 0.1 * d ** 2\n"
        "            self.w -= lr * self.m / (np.sqrt(self.v) + 1e-8)\nNet().train()\n",
        {"optimizer": None, "lr": 0.1, "epochs": 5},
    ),
    "a call over several lines, to what it renames": (
        "import torch\nfrom nets import Encoder\nfrom tune import finetune\nenc = Encoder(3)\n"
        "o = torch.optim.SGD(enc.parameters(), 0.5)\nenc, losses = train(\n    enc, o,\n    epochs=4)\n",
        {"arch": "Encoder", "optimizer": "SGD", "epochs": 4},
    ),
}


@pytest.mark.parametrize("way", GIVEN)
def test_a_value_is_followed_by_its_detour(way: str) -> None:
    text, expected = GIVEN[way]
    facts = read(text)
    assert facts.is_model
    assert {name: getattr(facts, name) for name in expected} == expected


def test_a_network_of_tflearn_is_called_by_its_layers_and_learns_in_the_batches_of_its_regression() -> None:
    text = (
        "import tflearn\nnet = tflearn.input_data([None, 100])\nnet = tflearn.embedding(net, 10000, 128)\n"
        "net = tflearn.lstm(net, 128)\nnet = tflearn.fully_connected(net, 2)\n"
        "net = tflearn.regression(net, optimizer='adam', learning_rate=0.001, batch_size=48)\n"
        "model = tflearn.DNN(net)\nmodel.fit(x, y, n_epoch=5)\n"
    )
    facts = extract(parse(Path("train.py"), text.encode()))
    assert (facts.arch, facts.batch, facts.evidence["batch"]) == ("LSTM", 48, 6)
    assert [part.what.split("(")[0] for part in facts.outline] == ["embedding", "lstm", "fully_connected"]
    facts = extract(parse(Path("train.py"), text.replace("n_epoch=5", "n_epoch=5, batch_size=32").encode()))
    assert facts.batch == 32
