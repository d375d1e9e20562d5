"""The line that proves a value is the one where the value itself stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

KERAS = """from keras import Sequential
from keras.layers import Dense
net = Sequential([Dense(4, activation="relu"), Dense(2)])
"""
TFLEARN = """import tflearn
net = tflearn.fully_connected(tflearn.fully_connected(tflearn.input_data([None, 4]), 8), 2)
"""
TORCH = """import argparse, torch
from torch import nn
net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
"""
LOOP = """for x in data:
    net(x).sum().backward()
    opt.step()
"""
OPTION = (
    'parser = argparse.ArgumentParser()\nparser.add_argument("--opt", default="Adam")\nargs = parser.parse_args()\n'
)


def read(text: str, script: Path = Path("script.py")) -> ScriptFacts:
    return extract(parse(script, text.encode()), Configs(script) if script.is_absolute() else None)


@pytest.mark.parametrize(
    "text",
    [
        KERAS + 'net.compile(\n    loss="mse",\n    optimizer="adam",\n)\nnet.fit(x, y, epochs=3)\n',
        KERAS + 'MOVES = "adam"\nnet.compile(MOVES, "mse")\nnet.fit(x, y, epochs=3)\n',
        KERAS + 'net.compile(loss="mse", optimizer="adam")\nfor x, y in data:\n    net.train_on_batch(x, y)\n',
        TFLEARN
        + 'net = tflearn.regression(\n    net, optimizer="adam", learning_rate=0.1)\ntflearn.DNN(net).fit(x, y)\n',
        TORCH + OPTION + "opt = getattr(torch.optim, args.opt)(net.parameters(), lr=0.1)\n" + LOOP,
    ],
)
def test_an_optimizer_is_proved_by_the_line_that_names_it(text: str) -> None:
    found = read(text)
    line = found.evidence["optimizer"]
    assert found.optimizer == "Adam" and isinstance(line, int)
    assert "adam" in text.split("\n")[line - 1].lower()


def test_what_a_configuration_states_that_another_file_reads_is_told_by_that_file(tmp_path: Path) -> None:
    (tmp_path / "train.yaml").write_text("lr: 0.01\n")
    (tmp_path / "trainer.py").write_text(
        "import yaml\nimport torch\n\n\n\n\ndef train(net, data):\n    with open('train.yaml') as file:\n"
        "        config = yaml.safe_load(file)\n    opt = torch.optim.Adam(net.parameters(), lr=config['lr'])\n"
        "    for x in data:\n        net(x).sum().backward()\n        opt.step()\n"
    )
    found = read(TORCH + "from trainer import train\ntrain(net, data)\n", tmp_path / "script.py")
    assert (found.lr, found.evidence["lr"], found.evidence["lr_from"]) == (0.01, 5, "trainer.py:10")
