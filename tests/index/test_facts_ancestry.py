"""Networks and trainers whose base is another file's: what they are in the end is a framework's, by way of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

BASES = {
    "base.py": """
import pytorch_lightning as pl
import torch.nn as nn
from torch.utils.data import Dataset
class BaseVAE(pl.LightningModule):
    def training_step(self, batch, number):
        return self(batch)
class BaseNet(nn.Module): pass
class BaseSet(Dataset): pass
class Loop(Loop): pass
""",
    "middle.py": "from base import BaseVAE\nclass ConvVAE(BaseVAE):\n    pass\n",
    "agent.py": "import optax\nclass SACAgent:\n    def learner_step(self):\n        pass\n",
    "ae.py": "import tensorflow as tf\nclass AutoEncoder(object):\n    def fit(self, data):\n        print 'fits'\n",
    "plain.py": "import jax\nclass BaseModule(object):\n    pass\nclass Dense(BaseModule):\n    pass\n",
    "shared.py": "import torch\nclass SharedAdam(torch.optim.Adam): pass\nclass Sign(torch.optim.Optimizer): pass\n",
    "ddpm.py": "import flax.linen as nn\nclass DDPM(nn.Module):\n    pass\n",
}
OWN = "class {name}({base}):\n    def __init__(self):\n        super().__init__()\n        self.seen = 0\n"


def read(folder: Path, text: str) -> ScriptFacts:
    for name, source in BASES.items():
        (folder / name).write_text(source)
    file = folder / "main.py"
    file.write_text(text)
    return extract(parse(file, file.read_bytes()), Configs(file))


@pytest.mark.parametrize(
    ("imports", "name", "base", "framework"),
    [
        ("import torch\nfrom base import BaseVAE", "DeepVAE", "BaseVAE", "PyTorch Lightning"),
        ("import torch\nfrom .middle import ConvVAE", "DeepVAE", "ConvVAE", "PyTorch Lightning"),
        ("import torch\nimport base", "DeepNet", "base.BaseNet", "PyTorch"),
        ("import haiku as hk", "CriticNetwork", "hk.nets.MLP", "JAX/Haiku"),
        ("import sonnet as snt", "CriticNetwork", "snt.nets.MLP", "Keras/TensorFlow"),
        ("import torchvision", "FaceNet", "torchvision.models.ResNet", "PyTorch"),
        ("import torch\nfrom base import BaseNet", "FocalLoss", "BaseNet", None),
        ("import torch\nfrom base import BaseSet", "ImageNet", "BaseSet", None),
        ("import torch\nfrom base import Loop", "ImageNet", "Loop", None),
        ("import torchvision", "FaceNet", "torchvision.models.inception.InceptionA", None),
    ],
)
def test_a_network_is_what_its_base_in_another_file_is(
    tmp_path: Path, imports: str, name: str, base: str, framework: str | None
) -> None:
    found = read(tmp_path, f"{imports}\n{OWN.format(name=name, base=base)}")
    assert found.is_model is (framework is not None)
    assert (found.framework, found.arch) == (framework, name) if found.is_model else True


def test_three_networks_of_one_agent(tmp_path: Path) -> None:
    names = ("Actor", "Critic", "Value")
    text = "import haiku as hk\nclass Shared(hk.nets.MLP):\n    pass\n"
    found = read(tmp_path, text + "".join(OWN.format(name=name, base="Shared") for name in names))
    assert found.arch == "Actor / Critic / Value"


@pytest.mark.parametrize(
    ("text", "framework", "arch"),
    [
        (
            "import jax\nfrom agent import SACAgent\nagent = SACAgent(jax.random.PRNGKey(0))\n"
            "for step in range(9):\n    agent.act(x)\n    agent.learner_step()\n",
            "JAX",
            "SACAgent",
        ),
        (
            "from ae import AutoEncoder\nnet = AutoEncoder()\nnet.fit(data, learning_rate=0.1)\nprint net\n",
            "Keras/TensorFlow",
            "AutoEncoder",
        ),
        ("from sklearn.preprocessing import LabelEncoder\nLabelEncoder().fit(labels)\n", None, None),
        (
            "import jax\nimport plain\nclass JaxFormer(plain.BaseModule):\n"
            "    def __call__(self, x):\n        return x\n",
            "JAX",
            "JaxFormer",
        ),
        (
            "import jax\nfrom other import Trainer\nfrom ddpm import DDPM\nclass Own(Trainer):\n"
            "    def train_batch(self, batch):\n        return step(self.model, batch)\n"
            "def build():\n    return DDPM(3)\n",
            "JAX",
            "DDPM",
        ),
    ],
)
def test_agents_trainers_and_networks_whose_framework_is_beside_them(
    tmp_path: Path, text: str, framework: str | None, arch: str | None
) -> None:
    found = read(tmp_path, text)
    assert found.is_model is (arch is not None)
    assert (found.framework, found.arch) == (framework, arch) if arch else True


def test_a_network_that_its_own_class_makes(tmp_path: Path) -> None:
    text = (
        "import jax\nfrom parts import JaxFormer, Adam\n"
        "net = JaxFormer.init(jax.random.key(0), 6)\noptim = Adam(1e-3)\n"
        "@jax.jit\ndef update(net, state, x):\n    grads = jax.grad(loss)(net, x)\n"
        "    return optim.apply_gradients(net, grads, state)\n"
        "for i in range(9):\n    net, state = update(net, state, x)\n"
    )
    assert read(tmp_path, text).arch == "JaxFormer"


@pytest.mark.parametrize(
    ("given", "made", "optimizer"),
    [
        ("from shared import SharedAdam", "SharedAdam", "Adam"),
        ("import shared", "shared.SharedAdam", "Adam"),
        ("class LocalSGD(torch.optim.SGD):\n    pass", "LocalSGD", "SGD"),
        ("from shared import Sign", "Sign", "Sign"),  # of no known kind: it is called as its class is
    ],
)
def test_an_optimizer_of_the_project_is_the_one_it_derives_from(
    tmp_path: Path, given: str, made: str, optimizer: str
) -> None:
    found = read(
        tmp_path,
        f"""
import torch
{given}
net = torch.nn.Linear(4, 2)
steps = {made}(net.parameters(), lr=0.1)
for x, y in data:
    net(x).sum().backward()
    steps.step()
""",
    )
    assert (found.optimizer, found.lr) == (optimizer, 0.1)


@pytest.mark.parametrize(("asked", "arch"), [("arch", "arch"), ("helper", None), ("make", None)])
def test_a_class_in_small_letters_of_another_file_is_the_network_that_it_derives_from(
    tmp_path: Path, asked: str, arch: str | None
) -> None:
    (tmp_path / "models.py").write_text(
        "import torch.nn as nn\nclass arch(nn.Module):\n    pass\nclass helper:\n    pass\n"
        "def make():\n    return nn.Linear(4, 4)\n"
    )
    text = (
        f"import torch\nfrom models import {asked}\nnet = {asked}()\n"
        "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\nfor epoch in range(3):\n    for x, y in loader:\n"
        "        net(x).sum().backward()\n        opt.step()\n"
    )
    assert read(tmp_path, text).arch == arch
