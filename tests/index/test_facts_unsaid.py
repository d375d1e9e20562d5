"""Model scripts that leave to others what they are made of: star imports, cells without imports, agents and steps of
other files; and what a network without a class is called for."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse


def read(folder: Path, text: str, name: str = "script.py") -> ScriptFacts:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return extract(parse(path, path.read_bytes()), Configs(path))


NETWORK = (
    "def {}(classes):\n    a = Input((64, 64, 3))\n    b = Conv2D(8, 3)(a)\n    b = Conv2D(8, 3)(b)\n"
    "    return Model(a, Dense(classes)(b))\n"
)
STARS = "from keras.models import *\nfrom keras.layers import *\n"
CELL = "model = Sequential()\nmodel.add(Conv2D(32, (3, 3)))\nmodel.add(Dense(10))\n"


@pytest.mark.parametrize(
    ("text", "framework", "arch"),
    [
        (STARS + NETWORK.format("unet_mini"), "Keras/TensorFlow", "UNet"),
        (STARS + NETWORK.format("build"), "Keras/TensorFlow", "CNN"),
        (CELL, "Keras/TensorFlow", "CNN"),
        ("base = VGG16(include_top=False)\nmodel = Sequential()\nmodel.add(base)\n"
         "model.add(Dense(9))\nmodel.add(Dense(2))\n",
         "Keras/TensorFlow", "VGG16"),
        ("from mine.layers import Conv2D, Dense\n" + CELL, None, None),
        ("import torch.nn as nn\nclass SkipGram(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
         "        self.u = nn.Embedding(n, 9)\n    def forward(self, x):\n        return self.u(x)\n",
         "PyTorch", "SkipGram"),
        ("import torch.nn as nn\nfrom torchvision.models import resnet18\nclass Detector(nn.Module):\n"
         "    def __init__(self):\n        super().__init__()\n        self.net = self._create_model()\n"
         "    def _create_model(self):\n        return resnet18()\n"
         "    def forward(self, x):\n        return self.net(x)\n",
         "PyTorch", "Detector"),
    ],
)  # fmt: skip
def test_networks_of_names_that_are_not_imported_one_by_one(
    tmp_path: Path, text: str, framework: str | None, arch: str | None
) -> None:
    found = read(tmp_path, text)
    assert (found.is_model, found.framework, found.arch) == (framework is not None, framework, arch)


def test_a_cell_that_fits_what_another_one_made_says_how_long(tmp_path: Path) -> None:
    text = "import tensorflow as tf\nEPOCHS = 20\nhistory = model.fit(data, epochs=EPOCHS)\n"
    assert (read(tmp_path, text).is_model, read(tmp_path, text).epochs) == (True, 20)
    scaled = read(tmp_path, "import tensorflow as tf\nx = tf.constant(1)\nscaler.fit(x)\n")
    assert not scaled.is_model


AGENT = """import gym
from learner import Made
from memory import Buffer
batch_size = 32
agent = Made(4)
buffer = Buffer(100)
for step in range(1000):
    {}
"""


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        ("agent.act_using_behavior_policy(1); agent.update_q_prediction_net(buffer.sample(batch_size))", True),
        ("buffer.push(1); agent.update_statistics(buffer.sample(batch_size))", False),
    ],
)
def test_an_agent_of_another_file_that_a_loop_improves(tmp_path: Path, body: str, listed: bool) -> None:
    learner = (
        "import torch\nclass Made:\n    def update_q_prediction_net(self, x):\n        x.backward()\n"
        "        self.optimizer.step()\n"
    )
    (tmp_path / "learner.py").write_text(learner, encoding="utf-8")
    found = read(tmp_path, AGENT.format(body))
    assert found.is_model is listed
    assert found.batch == (32 if listed else None)
    named = AGENT.format("batch = buffer.sample(batch_size); agent.update(batch)").replace("Made", "Learner")
    assert read(tmp_path, named).is_model


def test_a_step_of_jax_that_another_file_takes(tmp_path: Path) -> None:
    text = (
        "import jax\nfrom steps import nesterov\nfrom torch.utils.data import DataLoader\nparams = start()\n"
        "loader = DataLoader(data, batch_size=128)\nstep_size = 0.01\nfor epoch in range(20):\n"
        "    for x, y in loader:\n        x = jax.nn.one_hot(x, 9)\n"
        "        params, speed = nesterov(params, x, y, speed, step_size)\n"
    )
    found = read(tmp_path, text)
    assert (found.framework, found.batch, found.lr, found.epochs) == ("JAX", 128, 0.01, 20)
    assert not read(tmp_path, text.replace("params, speed = nesterov", "shown = nesterov")).is_model


def test_a_base_of_another_file_that_takes_the_step(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("import torch\nclass Base:\n    pass\n", encoding="utf-8")
    text = "from base import Base\nclass Reinforce(Base):\n    def epoch(self):\n        self.train({})\n"
    found = read(tmp_path, text.format("self.model, loss, self.optimizer"))
    assert (found.is_model, found.framework, found.arch) == (True, "PyTorch", "Reinforce")
    assert not read(tmp_path, text.format("True")).is_model


NUMPY = "import numpy as np\nclass {}:\n    def {}(self, x):\n        return x\n    def {}(self, x, t):\n        {}\n"


@pytest.mark.parametrize(
    ("names", "body", "listed"),
    [
        (("Deep", "predict", "gradient"), "for layer in self.layers: d = layer.backward(d)", True),
        (("Relu", "forward", "backward"), "return x * t", False),
    ],
)
def test_networks_written_out_go_back_layer_by_layer(
    tmp_path: Path, names: tuple[str, str, str], body: str, listed: bool
) -> None:
    assert read(tmp_path, NUMPY.format(*names, body)).is_model is listed


@pytest.mark.parametrize(
    ("name", "function", "arch"),
    [("resnet_keras.py", "build", "ResNet"), ("train.py", "residual_network", "ResNet"),
     ("Autoencoders.py", "f", "Autoencoder"), ("resnet.py", "resnet_generator", "CNN"),
     ("vgg_or_resnet.py", "f", "CNN")],
)  # fmt: skip
def test_a_network_without_a_class_is_called_as_its_function_or_file_is(
    tmp_path: Path, name: str, function: str, arch: str
) -> None:
    text = STARS.replace("*", "Model", 1).replace("*", "Input, Conv2D, Dense") + NETWORK.format(function)
    fit = f"m = {function}(9)\nm.compile('adam', 'mse')\nm.fit(x, y, epochs=3)\n"
    assert read(tmp_path, text + fit, name).arch == arch


def test_what_no_network_is(tmp_path: Path) -> None:
    text = (
        "import torch\nfrom torch import nn\nfrom PIL import ImageFilter\nfrom homura import optim, nets\n"
        "class Twins(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Linear(3, 3)\n    def forward(self, x):\n        return self.a(x)\n"
        "def blur(image):\n    return image.filter(ImageFilter.GaussianBlur(2))\n{}\n"
    )
    assert read(tmp_path, text.format("model = Twins()\nmodel.train()")).arch == "Twins"
