"""Which class of a file is its network: no part, no wrapper, no head that is put on another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TORCH = "import torch\nfrom torch import nn\n"
PART = "class ConvBlock(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(3, 3, 3)\n"
WRAPS = "class Residual(nn.Module):\n    def forward(self, x):\n        return self.fn(x) + x\n"
MIXER = (
    "def ConvMixer(n):\n    return nn.Sequential(nn.Conv2d(3, n, 3), Residual(nn.Conv2d(n, n, 3)), nn.Linear(n, 9))\n"
)
TRAINS = (
    "o = torch.optim.SGD(net.parameters(), lr=0.1)\nfor e in range(3):\n    net(x).sum().backward()\n    o.step()\n"
)


def read(folder: Path, text: str, name: str = "script.py", **modules: str) -> ScriptFacts:
    for module, source in modules.items():
        (folder / f"{module}.py").write_text(source)
    file = folder / name
    file.write_text(text)
    return extract(parse(file, file.read_bytes()), Configs(file))


@pytest.mark.parametrize(
    ("text", "arch"),
    [
        (f"{TORCH}{PART}class Detector(nn.Module):\n    def __init__(self, base, head):\n"
         "        self.base = nn.ModuleList(base)\n    def forward(self, x):\n        return self.base(x)\n"
         "def build(base):\n    return Detector(base, [ConvBlock(), nn.Conv2d(3, 4, 3)])\n", "Detector"),
        (f"{TORCH}{WRAPS}{MIXER}def ConvMixer256():\n    return ConvMixer(256)\n", "ConvMixer"),
        (f"{TORCH}class CodesBase(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(3, 3, 3)\n"
         "    def forward(self, x):\n        return self.c(x)\n"
         "class CodesPrior(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(3, 3, 3)\n"
         "    def forward(self, x):\n        return self.c(x)\n", "CodesBase / CodesPrior"),
        (f"{TORCH}from simclr import Coder\nnet = Coder.backbone(name)\n"
         f"net.fc = nn.Linear(9, 2)\nother.fc = nn.Linear(9, 2)\n{TRAINS}", None),
    ],
)  # fmt: skip
def test_the_network_of_a_file(tmp_path: Path, text: str, arch: str | None) -> None:
    assert read(tmp_path, text).arch == arch


def test_a_file_is_named_for_its_network_though_that_only_holds_others(tmp_path: Path) -> None:
    coder = PART.replace("ConvBlock", "Coder") + "    def forward(self, x):\n        return self.c(x)\n"
    whole = (
        "class Codes(nn.Module):\n    def __init__(self, a, b):\n        self.a = a\n"
        "    def forward(self, x):\n        return self.a(x)\n"
    )
    assert read(tmp_path, TORCH + coder + coder.replace("Coder", "Prior") + whole, "codes.py").arch == "Codes"


@pytest.mark.parametrize(("made", "arch"), [("Denoiser()", "Denoiser"), ("kinds[name]()", None)])
def test_a_wrapper_is_around_the_network(tmp_path: Path, made: str, arch: str | None) -> None:
    text = (
        f"{TORCH}from nets import Denoiser, ScoreWrapper\nnet = {made}\n"
        f"if scaled:\n    net = ScoreWrapper(net, sde)\n{TRAINS}"
    )
    assert read(tmp_path, text).arch == arch


def test_a_network_that_a_method_of_its_own_builds(tmp_path: Path) -> None:
    text = (
        "from tensorflow.keras.optimizers import Adam\nfrom model import MobileSegmenter\n"
        "model = MobileSegmenter(shape=(9, 9, 3))\nmodel = model.build_large()\n"
        "model.compile(optimizer=Adam(0.01), loss='mse')\nmodel.fit(x, y, epochs=4)\n"
    )
    assert read(tmp_path, text).arch == "MobileSegmenter"


def test_classes_that_inherit_by_way_of_a_star(tmp_path: Path) -> None:
    base = "from tensorflow.keras import layers\nclass Piece(layers.Layer):\n    def call(self, x):\n        return x\n"
    pair = (
        "import tensorflow as tf\nfrom tensorflow.keras import layers\nfrom pieces import *\n"
        "class Whole(Piece):\n    def build(self, shape):\n        self.g = Half()\n    def call(self, x):\n"
        "        return self.g(x)\n"
        "class Half(Piece):\n    def build(self, shape):\n        self.stack = [layers.Conv2D(4, 3)]\n"
    )
    assert read(tmp_path, pair, pieces=base).arch == "Whole"


def test_a_class_whose_methods_take_the_step_of_a_training_together(tmp_path: Path) -> None:
    text = (
        "import tensorflow as tf\nclass Steps:\n    def __init__(self, net, optimizer):\n        self.net = net\n"
        "    def step(self, x):\n        return self._apply(self._back(x))\n    def _back(self, x):\n"
        "        with tf.GradientTape() as tape:\n            loss = self.net(x)\n"
        "        return tape.gradient(loss, self.net.weights)\n    def _apply(self, gradients):\n"
        "        self.optimizer.apply_gradients(zip(gradients, self.net.weights))\n"
    )
    assert read(tmp_path, text).is_model
    assert not read(tmp_path, text.replace("tape.gradient", "saliency")).is_model


def test_a_class_that_pits_networks_of_other_files_against_each_other(tmp_path: Path) -> None:
    text = (
        "import torch\nfrom nets import UNetGenerator, Discriminator\nclass Portraits:\n    def __init__(self):\n"
        "        self.g = UNetGenerator()\n        self.d = Discriminator()\n    def gan_loss(self, x):\n"
        "        return torch.log(self.d(self.g(x))).mean()\n"
    )
    facts = read(tmp_path, text)
    assert (facts.is_model, facts.arch) == (True, "UNetGenerator / Discriminator")
    assert not read(tmp_path, text.replace("gan_loss", "show")).is_model


def test_a_framework_that_a_module_of_the_project_hands_on(tmp_path: Path) -> None:
    net = "class Net({0}):\n    def __init__(self):\n        super().__init__()\n        self.d = {1}\n"
    lent = "from common import np, {0}\n" + net
    keras = lent.format("tf", "tf.keras.layers.Dense(3)").replace("(tf):", "(tf.keras.Model):")
    torch = lent.format("torch", "torch.nn.Linear(3, 3)").replace("(torch):", "(torch.nn.Module):")
    for text, framework in ((keras, "Keras/TensorFlow"), (torch, "PyTorch")):
        facts = read(tmp_path, text)
        assert (facts.is_model, facts.framework, facts.arch) == (True, framework, "Net")


@pytest.mark.parametrize(("making", "arch"), [("create_with(cfg)", "Vocoder"), ("stored_in(cfg)", None)])
def test_a_class_of_another_file_that_is_asked_for_one_of_its_own(
    tmp_path: Path, making: str, arch: str | None
) -> None:
    assert read(tmp_path, f"import torch\nfrom model import Vocoder\nnet = Vocoder.{making}\n{TRAINS}").arch == arch


def test_what_makes_a_network_of_keras_look_like_an_estimator_is_no_network(tmp_path: Path) -> None:
    text = (
        "from scikeras.wrappers import KerasClassifier\nfrom sklearn.model_selection import GridSearchCV\n"
        "from tensorflow.keras.models import Sequential\nfrom tensorflow.keras.layers import Dense\n"
        "def make(n=3):\n    model = Sequential()\n    model.add(Dense(n))\n    model.add(Dense(1))\n"
        "    model.compile(optimizer='adam', loss='mse')\n    return model\n"
        "model = KerasClassifier(build_fn=make, verbose=1)\n"
        "grid = GridSearchCV(estimator=model, param_grid={'n': [3, 4]})\ngrid.fit(x, y)\n"
    )
    assert read(tmp_path, text).arch == "MLP"


@pytest.mark.parametrize(("set_to", "listed"), [("num_classes = n", True), ("training = n", False)])
def test_a_ready_detector_that_is_told_how_many_classes_there_are(tmp_path: Path, set_to: str, listed: bool) -> None:
    text = (
        "import torchvision.models.detection\ndef make(n):\n"
        "    net = torchvision.models.detection.ssd300_vgg16(weights='DEFAULT')\n"
        f"    net.head.classification_head.{set_to}\n    return net\n"
    )
    facts = read(tmp_path, text)
    assert (facts.is_model, facts.arch) == ((True, "ssd300_vgg16") if listed else (False, None))
