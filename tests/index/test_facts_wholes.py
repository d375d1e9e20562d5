"""Which of several stands for a script: what is fitted, not what that is made of; what a function gives back."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

ENSEMBLE = """
from sklearn.ensemble import AdaBoostClassifier
from sklearn.tree import DecisionTreeClassifier
tree = DecisionTreeClassifier(max_depth=1)
model = AdaBoostClassifier({given}, learning_rate=0.5)
model.fit(x, y)
"""
NETWORKS = """
from torch import nn
def {function}:
    return {returned}
class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 2)
    def forward(self, x):
        return self.a(x)
class Wider(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 64)
    def forward(self, x):
        return self.a(x)
"""


def read(folder: Path, text: str, **modules: str) -> ScriptFacts:
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    file = folder / "main.py"
    file.write_text(text)
    return extract(parse(file, file.read_bytes()), Configs(file))


def test_the_layers_of_another_library_are_no_network_when_each_has_its_rate(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "import torch\nfrom torch import nn\nfrom torch_geometric.nn import GCNConv\nclass Citing(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.one = GCNConv(8, 4)\n"
        "        self.two = GCNConv(4, 2)\n    def forward(self, x, e):\n        return self.two(self.one(x, e), e)\n"
        "net = Citing()\nopt = torch.optim.Adam([dict(params=net.one.parameters(), weight_decay=5e-4),\n"
        "    dict(params=net.two.parameters())], lr=0.01)\nfor epoch in range(9):\n    opt.zero_grad()\n"
        "    net(x, e).sum().backward()\n    opt.step()\n",
    )
    assert (found.arch, found.lr) == ("Citing", 0.01)


@pytest.mark.parametrize(
    ("given", "further", "arch"),
    [
        ("estimator=tree", "", "AdaBoostClassifier"),
        ("tree", "", "AdaBoostClassifier"),
        ("base_estimator=tree", "tree.fit(x, y)", "DecisionTreeClassifier / AdaBoostClassifier"),  # they are compared
        ("n_estimators=50", "tree.fit(x, y)", "DecisionTreeClassifier / AdaBoostClassifier"),
    ],
)
def test_an_ensemble_is_not_what_it_is_made_of(tmp_path: Path, given: str, further: str, arch: str) -> None:
    found = read(tmp_path, ENSEMBLE.format(given=given) + further)
    assert (found.arch, found.lr) == (arch, None if " / " in arch else 0.5)


@pytest.mark.parametrize(
    ("function", "returned", "arch"),
    [
        ("network_factory()", "Policy()", "Policy"),
        ("size(net)", "len(net)", "Policy / Wider"),
        ("pair()", "Policy(), Wider()", "Policy / Wider"),
    ],
)
def test_of_several_networks_the_one_that_a_function_gives_back(
    tmp_path: Path, function: str, returned: str, arch: str
) -> None:
    assert read(tmp_path, NETWORKS.format(function=function, returned=returned)).arch == arch


def test_functions_for_others_to_call_are_read_with_what_they_call(tmp_path: Path) -> None:
    agent = (
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n        return x\n"
        "class Agent:\n    def __init__(self, rate):\n        self.net = Net()\n"
        "        self.opt = torch.optim.Adam(self.net.parameters(), lr=rate)\n"
        "    def learn(self):\n        self.net(1).backward()\n        self.opt.step()\n"
    )
    text = (
        "import gym, torch\nfrom agent import Agent\ndef train(rate=3e-4):\n    agent = Agent(rate)\n"
        "    for episode in range(9):\n        agent.learn()\n"
    )
    found = read(tmp_path, text, agent=agent)
    assert (found.arch, found.optimizer, found.lr) == ("Net", "Adam", 3e-4)


def test_networks_with_attention_in_their_names_are_none_of_its_parts(tmp_path: Path) -> None:
    made = "class {}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    made += "        self.a = nn.Conv2d(3, 9, 3)\n"
    text = "from torch import nn\n" + "".join(map(made.format, ("AttentionResnet56", "AttentionResnet92")))
    assert read(tmp_path, text).arch == "AttentionResnet56 / AttentionResnet92"


def test_what_a_network_builds_its_layers_of_is_no_other_network(tmp_path: Path) -> None:
    made = "class {}(nn.Module):\n    def __init__(self, kind=None):\n        super().__init__()\n"
    made += "        self.a = nn.Conv2d(3, 9, 3)\n        self.b = kind and kind()\n"
    text = "from torch import nn\n" + "".join(map(made.format, ("PlainKind", "ResNet", "ResNetPlain")))
    text += "def plain():\n    return ResNetPlain(PlainKind)\ndef other():\n    return ResNet()\n"
    assert read(tmp_path, text).arch == "ResNet / ResNetPlain"


def test_a_ready_network_by_which_a_loss_compares_is_not_what_is_trained(tmp_path: Path) -> None:
    text = (
        "from keras.applications.vgg16 import VGG16\n"
        "from keras.models import Model\nfrom keras.layers import Dense, Input\n"
        "def {}(real, made):\n    vgg = VGG16(weights='imagenet')\n    return vgg(real) - vgg(made)\n"
        "x = Input((9,))\nmodel = Model(x, Dense(9)(x))\nmodel.compile('adam', {})\nmodel.fit(data, data, epochs=3)\n"
    )
    assert read(tmp_path, text.format("perceptual_loss", "perceptual_loss")).arch != "VGG16"
    assert read(tmp_path, text.format("encoder", "encoder(x, x)")).arch == "VGG16"
