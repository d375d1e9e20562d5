"""What a network is called that no class of the script itself is: by an annotation, a factory, a lower-case name."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


STEP = "o = torch.optim.SGD(net.parameters(), 0.1)\nfor epoch in range(9):\n    net(1).backward()\n    o.step()\n"
KERAS = "from keras.models import Sequential\nfrom keras.layers import Dense, Embedding\n"
CALLED: dict[str, tuple[str, str | None]] = {
    "as the trainer's parameter is said to be": (
        "import torch\nfrom nets import GPT\nclass Trainer:\n    def __init__(self, net: GPT):\n"
        "        self.net = net\n"
        "        self.o = torch.optim.Adam(self.net.parameters(), 1e-3)\n    def fit(self):\n"
        "        for epoch in range(3):\n            self.net(1).backward()\n            self.o.step()\n",
        "GPT",
    ),
    "no more than a module": (
        "import torch\nfrom torch import nn\ndef train(net: nn.Module):\n"
        "    o = torch.optim.Adam(net.parameters(), 1e-3)\n"
        "    for epoch in range(3):\n        net(1).backward()\n        o.step()\n",
        None,
    ),
    "by a method that builds it": (
        "from keras.optimizers import SGD\nfrom shapes.conv import LeNet\nnet = LeNet.build(28, 28)\n"
        "net.compile(optimizer=SGD(lr=0.1))\nnet.fit(x, y, epochs=3)\n",
        "LeNet",
    ),
    "in lower case": ("import torch\nfrom model import lstm_crf\nnet = lstm_crf(9)\n" + STEP, "lstm_crf"),
    "by what makes it": ("import torch\nfrom model import make_cnn\nnet = make_cnn(9)\n" + STEP, "CNN"),
    "as the algorithm, given any policy": (
        "import torch\nfrom base import Base\nclass PPO(Base):\n    def __init__(self, policy):\n"
        "        super().__init__()\n        self.policy = policy\n"
        "        self.o = torch.optim.Adam(self.policy.parameters(), 1e-3)\n    def learn(self):\n"
        "        for e in range(4):\n            self.policy(1).backward()\n            self.o.step()\n",
        "PPO",
    ),
    "nothing, of no family": (
        f"{KERAS}m = Sequential()\nm.add(Embedding(9, 9))\nm.add(Dense(1))\nm.compile(optimizer='adam')\n"
        "m.fit(x, y, epochs=3)\n",
        "Sequential",
    ),
    "nothing, in a row": (
        "import torch\nnet = torch.nn.Sequential(torch.nn.Linear(2, 1))\n" + STEP,
        "Sequential",
    ),
    "as an actor and its critic": (
        "from torch import nn\nclass ActorNet(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Linear(2, 2)\nclass CriticNet(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.a = nn.Linear(2, 1)\n",
        "ActorNet / CriticNet",
    ),
    "as the last of its forms": (
        "from torch import nn\nclass VAE(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Linear(2, 2)\n    def forward(self, x):\n        return self.a(x)\n"
        "class Sharper(VAE):\n    def __init__(self):\n        super().__init__()\n        self.b = nn.Linear(2, 2)\n",
        "Sharper",
    ),
    "though other files make its layers": (
        "from keras.models import Model\nfrom keras.optimizers import Adam\nfrom parts import double\n"
        "class UNet(Model):\n    def __init__(self, x):\n        super().__init__(inputs=x, outputs=double(x))\n"
        "    def build(self):\n        self.compile(optimizer=Adam())\n",
        "UNet",
    ),
    "beside the class of the data": (
        "import torch, load\nfrom nets import LSTMNet\ndata = load.Data('x.txt')\n"
        "net = LSTMNet(3).to(data.device)\n" + STEP,
        "LSTMNet",
    ),
    "not by the words of what it is asked": (
        "import torch\nfrom made import build_it\nnet = build_it(9)\n"
        + STEP.replace("net(1)", "net.decode(net.encode(1))"),
        None,
    ),
}


@pytest.mark.parametrize("how", CALLED)
def test_the_network_is_called_as_a_person_would(how: str) -> None:
    text, name = CALLED[how]
    facts = read(text)
    assert facts.is_model
    assert facts.arch == name


def test_what_a_function_of_another_file_gives_back_is_what_it_was_given() -> None:
    text = "import torch\nfrom transformers import AutoModelForSequenceClassification\nfrom lora import inject\n"
    text += "net = AutoModelForSequenceClassification.from_pretrained('x')\nnet = inject(net, rank=8)\n"
    assert read(text + STEP).arch == "AutoModelForSequenceClassification"


def test_a_command_line_that_trains_what_it_is_given() -> None:
    text = "from cli import BaseCLI\nfrom net import Forecaster\nclass OurCLI(BaseCLI):\n    def fit(self, model):\n"
    text += "        model.fit(1)\ncli = OurCLI(Forecaster, trainer_class=None)\n"
    assert (read(text).is_model, read(text).arch) == (True, "Forecaster")


def test_the_noise_of_a_denoiser_is_a_model_of_its_own() -> None:
    text = (
        "import torch\nfrom torch import nn\nclass GaussianDiffusion(nn.Module):\n    def __init__(self, beta):\n"
        "        super().__init__()\n        alpha_cumprod = torch.cumprod(1 - beta, dim=0)\n"
        "        self.register_buffer('alpha_cumprod', alpha_cumprod)\n    def training_loss(self, model, x):\n"
        "        t = torch.randint(0, 1000, (len(x),))\n        noise = torch.randn_like(x)\n"
        "        a = self.alpha_cumprod[t]\n        x_t = a.sqrt() * x + (1 - a).sqrt() * noise\n"
        "        return ((model(x_t, t) - noise) ** 2).mean()\n"
    )
    assert (read(text).is_model, read(text).arch) == (True, "GaussianDiffusion")


@pytest.mark.parametrize(
    ("step", "framework"), [("net.train_on_batch(x, y)", "Keras/TensorFlow"), ("o.zero_grad()", "PyTorch")]
)
def test_the_framework_by_what_only_its_networks_have(step: str, framework: str) -> None:
    text = "from made import load, train_step\nnet, o = load()\ndef train():\n    for epoch in range(5):\n"
    assert read(f"{text}        {step}\n        train_step(net)\ntrain()\n").framework == framework
