"""How often the data is gone over, where a loop counts something else than epochs or starts elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


NET = "import torch\nfrom torch import nn, optim\nnet = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))\n"
NET += "o = optim.SGD(net.parameters(), 0.1)\n"
STEP = "    net(1).backward()\n    o.step()\n"
KERAS = (
    "from keras.models import Sequential\nfrom keras.layers import Dense\nm = Sequential([Dense(2), Dense(1)])\n"
    "m.compile(optimizer='sgd')\n"
)
COUNTS: dict[str, tuple[str, int | None]] = {
    "iterations, of epochs": (
        f"{NET}n_epochs, size = 7, 32\nn_iters = int(n_epochs * len(x) / size)\nfor it in range(n_iters):\n{STEP}",
        7,
    ),
    "iterations, shared out": (
        f"{NET}n_epochs = 7\nn_iters = int(n_epochs * len(x) / 32)\nn = int(n_iters / 2)\nfor it in range(n):\n{STEP}",
        7,
    ),
    "from where a saved run was left": (
        f"{NET}E = 40\nstart = load(net) + 1\nfor epoch in range(start, E + 1):\n{STEP}",
        40,
    ),
    "from somewhere": (f"{NET}E = 40\nfor epoch in range(f(2), E + 1):\n{STEP}", None),
    "epochs times batches, by their names": (
        f"{NET}import argparse\np = argparse.ArgumentParser()\np.add_argument('--nepochs', type=int, default=160)\n"
        f"a = p.parse_args()\nper_epoch = len(x)\nfor it in range(a.nepochs * per_epoch):\n{STEP}",
        160,
    ),
    "passes over all batches": (
        f"{NET}max_iter, batch_sz = 6, 32\nn_batches = len(x) // batch_sz\ndef train():\n"
        "    for i in range(max_iter):\n"
        "        for j in range(n_batches):\n            net(x[j]).backward()\n"
        "            o.step()\ntrain()\n",
        6,
    ),
    "as long as one is among them": (f"{NET}E = 40\nepoch = 1\nwhile epoch <= E:\n{STEP}    epoch += 1\n", 40),
    "as long as one is among them, from nothing": (
        f"{NET}E = 40\nepoch = 0\nwhile epoch <= E:\n{STEP}    epoch += 1\n",
        41,
    ),
    "an estimator, epoch by epoch": (
        "import tensorflow as tf\ndef feed():\n    return tf.data.Dataset.range(9).batch(4)\n"
        "model = tf.estimator.DNNClassifier([2], optimizer=tf.train.AdagradOptimizer(0.3))\n"
        "for epoch in range(30):\n    model.train(feed)\n    model.evaluate(feed, steps=10)\n",
        30,
    ),
    "one fit, again and again": (f"{KERAS}for i in range(12):\n    m.fit(x, y, epochs=1)\n", 12),
    "one fit for each example of an epoch": (
        f"{KERAS}epochs = 40\nfor e in range(1, epochs + 1):\n    for song in x:\n        m.fit(song[:-1], song[1:])\n",
        40,
    ),
    "one fit for each example": (f"{KERAS}for song in x:\n    m.fit(song[:-1], song[1:])\n", None),
    "one fit for each fold": (f"{KERAS}for fold in range(5):\n    m.fit(x, y, epochs=1)\n", None),
}


@pytest.mark.parametrize("what", COUNTS)
def test_the_epochs_are_counted(what: str) -> None:
    text, epochs = COUNTS[what]
    assert read(text).epochs == epochs
