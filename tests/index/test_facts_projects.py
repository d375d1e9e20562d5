"""What a script leaves to a module beside it: its trainer, its loop, its loader; followed, never imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

NETWORK = "from torch import nn\nclass Net(nn.Module):\n    def forward(self, x):\n        return x\n"
AGENT = """
import torch
from network import Net
class Agent:
    def __init__(self, rate=5e-4, size=32):
        self.size = size
        self.steps = 0
        self.net = Net()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=rate)
    def learn(self, memory):
        self.steps += 1
        if self.steps < 100:
            return
        self.net(memory.sample(self.size)).sum().backward()
        self.optimizer.step()
"""
LOOP = """
import torch
def train(model, loader, args):
    opt = torch.optim.AdamW(model.parameters(), lr=args.lr)
    for epoch in range(1, args.epochs + 1):
        for x, y in loader:
            opt.zero_grad()
            model(x).sum().backward()
            opt.step()
"""
LOADER = """
from torch.utils.data import DataLoader
from torchvision import datasets
def get_loader(size=64):
    return DataLoader(datasets.FashionMNIST("."), batch_size=size)
"""
PARSER = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--epochs", type=int, default=12)
args = parser.parse_args()
"""


def read(folder: Path, text: str, **modules: str) -> ScriptFacts:
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    file = folder / "main.py"
    file.write_text(text)
    return extract(parse(file, file.read_bytes()), Configs(file))


@pytest.mark.parametrize(("given", "rate"), [("", 5e-4), ("1e-2", 1e-2), ("rate=3e-3", 3e-3)])
def test_the_optimizer_of_a_class_beside_the_script(tmp_path: Path, given: str, rate: float) -> None:
    text = (
        f"import gym\nfrom agent import Agent\nagent = Agent({given})\nfor step in range(9):\n    agent.learn(memory)\n"
    )
    found = read(tmp_path, text, agent=AGENT, network=NETWORK)
    assert found.is_model and (found.framework, found.lr, found.optimizer) == ("PyTorch", rate, "Adam")
    assert found.evidence["optimizer_from"] == "agent.py:9"
    assert found.evidence["optimizer"] == 3
    assert found.evidence.get("lr_from") == ("agent.py:5" if not given else None)


def test_a_loop_beside_the_script_is_given_the_whole_command_line(tmp_path: Path) -> None:
    text = f"{PARSER}from network import Net\nfrom loop import train\nfrom data import get_loader\n"
    text += "train(Net(), get_loader(16), args)\n"
    found = read(tmp_path, text, network=NETWORK, loop=LOOP, data=LOADER)
    assert (found.lr, found.epochs, found.batch, found.optimizer) == (2e-3, 12, 16, "AdamW")
    assert (found.arch, found.dataset) == ("Net", "FashionMNIST")
    assert (found.evidence["lr"], found.evidence["epochs"]) == (4, 5)
    assert [stage.line for stage in found.stages] == [10]


def test_the_loader_of_a_function_beside_the_script(tmp_path: Path) -> None:
    loop = LOOP.replace("def train(model, loader, args):", "from network import Net\nfrom data import get_loader\n"
                        "model, loader = Net(), get_loader()\nif True:").replace("args.lr", "0.1")  # fmt: skip
    found = read(tmp_path, loop.replace("args.epochs", "5"), network=NETWORK, data=LOADER)
    assert (found.batch, found.dataset, found.lr, found.epochs) == (64, "FashionMNIST", 0.1, 5)
    assert found.evidence["batch_from"] == "data.py:4"


def test_names_of_a_module_that_a_star_import_stars(tmp_path: Path) -> None:
    loop = LOOP.replace("import torch\n", "from tools import *\n").replace("args.lr", "RATE")
    text = loop.replace("def train(model, loader, args):", "model = Net()\nif True:").replace("args.epochs", "5")
    star = "import torch\nfrom parameters import *\nfrom network import *\n"
    found = read(tmp_path, text, tools=star, parameters="RATE = 0.02\n", network=NETWORK)
    assert (found.framework, found.lr, found.optimizer) == ("PyTorch", 0.02, "AdamW")


def test_a_package_that_imports_its_modules_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/__init__.py").write_text("from src.agent import Agent\n")
    (tmp_path / "src/agent.py").write_text(AGENT.replace("from network", "from src.network"))
    (tmp_path / "src/network.py").write_text(NETWORK)
    text = "import gym\nfrom src import *\nagent = Agent(3e-3)\nfor step in range(9):\n    agent.learn(memory)\n"
    found = read(tmp_path, text)
    assert (found.framework, found.lr, found.optimizer) == ("PyTorch", 3e-3, "Adam")


def test_settings_of_a_class_of_dicts_of_its_own(tmp_path: Path) -> None:
    config = "class Dotted(dict):\n    __getattr__ = dict.get\ntraining = Dotted({'lr': 0.02, 'epochs': 4})\n"
    text = "from settings import training\nfrom loop import train\nfrom network import Net\n"
    found = read(tmp_path, f"{text}train(Net(), data, training)\n", network=NETWORK, loop=LOOP, settings=config)
    assert (found.lr, found.epochs, found.optimizer) == (0.02, 4, "AdamW")


def test_the_data_of_a_script_that_leaves_the_training_to_a_module(tmp_path: Path) -> None:
    loop = "import torch\nfrom network import Net\n" + LOOP.replace("import torch\n", "").replace("model, ", "")
    loop = loop.replace("def train", "def carry_out").replace("    opt =", "    model = Net()\n    opt =", 1)
    text = f"{PARSER}from loop import *\ndataset = 'iemocap'\ncarry_out({{'x': f'{{dataset}}.npy'}}, args)\n"
    found = read(tmp_path, text, network=NETWORK, loop=loop)
    assert (found.optimizer, found.epochs, found.dataset) == ("AdamW", 12, "IEMOCAP")


def test_the_class_that_a_trainer_inherits_from(tmp_path: Path) -> None:
    base = AGENT.replace("class Agent", "class Base")
    text = "import torch\nfrom base import Base\nclass Agent(Base):\n    def act(self, state):\n        return state\n"
    text += "agent = Agent(rate=1e-5)\nwhile True:\n    agent.act(0)\n    agent.learn(memory)\n"
    assert read(tmp_path, text, base=base, network=NETWORK).lr == 1e-5


def test_what_only_makes_an_agent_trains_nothing(tmp_path: Path) -> None:
    text = "import gym\nfrom agent import Agent\nagent = Agent()\nprint(agent.net(3))\n"
    assert not read(tmp_path, text, agent=AGENT, network=NETWORK).is_model


def test_modules_that_import_each_other_and_one_that_is_no_python(tmp_path: Path) -> None:
    a, b = "from b import *\nfrom b import run\nimport optim\n", "from a import *\nfrom a import run\nimport optim\n"
    found = read(tmp_path, "import torch\nfrom a import run, fit\nimport c\nrun(1)\nfit(2)\nc.train()\n",
                 a=a, b=b, c="def optim(\n")  # fmt: skip
    assert found.lr is None


def test_a_network_is_trained_with_what_it_was_compiled_with(tmp_path: Path) -> None:
    text = """
from tensorflow import keras
judge, whole, eye = keras.Sequential([keras.layers.Dense(1)]), keras.Sequential([]), keras.Sequential([])
eye.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse")
judge.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
whole.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
for epoch in range(4):
    judge.train_on_batch(x, y)
    whole.train_on_batch(x, y)
"""
    found = read(tmp_path, text)
    assert (found.lr, len(found.stages)) == (0.02, 1)


@pytest.mark.parametrize("settings", ["dict(rate=0.03, epochs=6)", '{"rate": 0.03, "epochs": 6}'])
def test_settings_that_are_read_from_the_run_they_are_given_to(tmp_path: Path, settings: str) -> None:
    text = (
        f"import torch\nimport wandb\nfrom network import Net\nwandb.init(config={settings})\nconfig = wandb.config\n"
    )
    text += LOOP.replace("def train(model, loader, args):", "model = Net()\nif True:").replace("args.lr", "config.rate")
    found = read(tmp_path, text.replace("args.epochs", "config.epochs"), network=NETWORK)
    assert (found.lr, found.epochs, found.evidence["lr"]) == (0.03, 6, 4)


DEVICE = "torch.device('cuda' if torch.cuda.is_available() else 'cpu')"
CHOSEN = {
    "an agent that chooses it": (
        "import gym\nfrom agent import Agent\nagent = Agent()\nfor step in range(9):\n    agent.learn(memory)\n",
        {"agent": AGENT.replace("self.net = Net()", f"self.device = {DEVICE}\n        self.net = Net()")},
        "agent.py:8",
    ),
    "a function that finds one": (
        LOOP.replace("def train(model, loader, args):", "from tools import pick\nfrom network import Net\n"
                     "DEVICE = pick()\nmodel = Net().to(DEVICE)\nif True:"),
        {"tools": "import torch\ndef pick():\n    if torch.cuda.is_available():\n        return torch.device('cuda')\n"
                  "    return torch.device('cpu')\n"},
        6,
    ),
    "data that a method has moved": (
        LOOP.replace("def train(model, loader, args):", "from tools import Data\nfrom network import Net\nd = Data()\n"
                     "model = Net().to(d.device)\nif True:"),
        {"tools": f"import torch\nclass Data:\n    def __init__(self):\n        pass\n    def load(self):\n"
                  f"        self.device = {DEVICE}\n"},
        6,
    ),
}  # fmt: skip


@pytest.mark.parametrize("who", CHOSEN)
def test_the_device_that_another_file_chooses(tmp_path: Path, who: str) -> None:
    text, beside, proof = CHOSEN[who]
    found = read(tmp_path, text, network=NETWORK, **beside)
    assert (found.hw, found.evidence["hw"]) == ("CPU/GPU", proof)


def test_a_device_of_another_file_that_nothing_uses(tmp_path: Path) -> None:
    unused = AGENT.replace("import torch\n", f"import torch\nGPU = {DEVICE}\n")
    text = "import gym\nfrom agent import Agent\nagent = Agent()\nfor step in range(9):\n    agent.learn(memory)\n"
    assert read(tmp_path, text, agent=unused, network=NETWORK).hw is None


def test_a_trainer_that_is_called_itself(tmp_path: Path) -> None:
    trainer = (
        "import torch\nfrom network import Net\nclass Trainer:\n    def __init__(self, rate=1e-3):\n"
        "        self.net = Net()\n"
        "        self.o = torch.optim.Adam(self.net.parameters(), lr=rate)\n    def __call__(self, n=10):\n"
        "        for epoch in range(n):\n            self.net(1).backward()\n            self.o.step()\n"
    )
    text = "from tool import Trainer\ntrain = Trainer(rate=0.02)\ntrain(6)\n"
    found = read(tmp_path, text, tool=trainer, network=NETWORK)
    assert (found.is_model, found.framework, found.lr, found.optimizer, found.epochs) == (
        True, "PyTorch", 0.02, "Adam", 6)  # fmt: skip


def test_what_runs_something_at_a_rate_trains(tmp_path: Path) -> None:
    loop = LOOP.replace("def train(model, loader, args)", "def run(loader, model, lr)").replace("args.lr", "lr")
    text = "from network import Net\nfrom loop import run\nrun(load('cora'), Net(), lr=0.005)\n"
    found = read(tmp_path, text, loop=loop.replace("args.epochs", "9"), network=NETWORK)
    assert (found.is_model, found.framework, found.arch, found.lr) == (True, "PyTorch", "Net", 0.005)
    assert not read(tmp_path, "from web import run\nrun(app, port=80)\n").is_model


MAKERS = {
    "a class of yet another file": "from network import Net\ndef make(kind='a'):\n    return Net()\n",
    "a ready one": "from torchvision.models import resnet18\ndef make(kind='a'):\n    return resnet18(num_classes=3)\n",
    "the one that a default chooses": "from network import Net\nfrom others import Other\ndef make(kind='a'):\n"
                                      "    if kind == 'b':\n        return Other()\n    return Net()\n",
    "one of several": "from network import Net\nfrom torchvision.models import resnet18\ndef make(kind=input()):\n"
                      "    if kind == 'b':\n        return resnet18()\n    return Net()\n",
}  # fmt: skip


@pytest.mark.parametrize(("made", "arch"), list(zip(MAKERS, ["Net", "resnet18", "Net", None], strict=True)))
def test_the_network_that_a_function_beside_the_script_makes(tmp_path: Path, made: str, arch: str | None) -> None:
    text = LOOP.replace("def train(model, loader, args):", "from made import make\nmodel = make()\nif True:")
    found = read(tmp_path, text, made=MAKERS[made] + "learning_rate = 1\n", network=NETWORK)
    assert (found.arch, found.evidence.get("arch")) == (arch, 4 if arch else None)


def test_networks_that_are_begun_by_a_function(tmp_path: Path) -> None:
    text = LOOP.replace("def train(model, loader, args):", "from network import Net\ndef begin(m):\n    pass\n"
                        "model = Net().apply(begin)\nif True:")  # fmt: skip
    assert read(tmp_path, text, network=NETWORK).arch == "Net"


STEPPING = """
import torch
from network import Net
class Base:
    def __init__(self, rate):
        self.net = Net()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=rate)
class Trainer(Base):
    def __init__(self, rate, again=2):
        super().__init__(rate)
    def step(self):
        self.net(1).backward()
        self.optimizer.step()
    def pass_over(self):
        for x in range(9):
            self.step()
    def train(self, epochs):
        for epoch in range(epochs):
            self.pass_over()
"""


def test_the_object_whose_method_calls_its_others(tmp_path: Path) -> None:
    text = (
        "import tools as t\ndef main():\n    rate = 0.02\n    trainer = t.Trainer(rate)\n    trainer.train(epochs=6)\n"
    )
    found = read(tmp_path, f"{text}main()\n", tools=STEPPING, network=NETWORK)
    assert (found.lr, found.optimizer, found.epochs, found.arch) == (0.02, "Adam", 6, "Net")


def test_settings_whose_file_is_named_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "small.json").write_text('{"rate": 0.03, "epochs": 4}')
    text = "import json\nfrom tools import Trainer\nkind = 'small'\nconfig = json.load(open(f'{kind}.json'))\n"
    text += "Trainer(config['rate']).train(config['epochs'])\n"
    found = read(tmp_path, text, tools=STEPPING, network=NETWORK)
    assert (found.lr, found.epochs) == (0.03, 4)


def test_a_framework_that_comes_by_way_of_a_star(tmp_path: Path) -> None:
    tools = STEPPING.replace("import torch\nfrom network import Net\n", "from network import *\n")
    found = read(tmp_path, "from tools import Trainer\nTrainer(0.1).train(3)\n", tools=tools, network=NETWORK)
    assert (found.framework, found.evidence["framework"]) == ("PyTorch", "tools.py:6")


def test_settings_that_a_parameter_is_said_to_be(tmp_path: Path) -> None:
    for name, text in {
        "__init__": "from .train_config import TrainConfig\n" + "".join(f"from .n{i} import N{i}\n" for i in range(9)),
        "train_config": "class TrainConfig:\n    rate: float = 0.02\n    size: int = 24\n",
    }.items():
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / f"{name}.py").write_text(text)
    text = (
        "import torch\nfrom torch.utils.data import DataLoader\nfrom config import TrainConfig\nclass Trainer:\n"
        "    def __init__(self, net, data, config: TrainConfig):\n        self.net, self.config = net, config\n"
        "        self.loader = DataLoader(data, batch_size=self.config.size)\n"
        "        self.o = torch.optim.Adam(net.parameters(), lr=self.config.rate)\n    def train(self):\n"
        "        for x in self.loader:\n            self.net(x).backward()\n            self.o.step()\n"
    )
    found = read(tmp_path, text)
    assert (found.lr, found.batch, found.evidence["lr_from"]) == (0.02, 24, "config/train_config.py:2")


@pytest.mark.parametrize(
    ("imported", "made", "arch"),
    [
        ("from models.cnn import mini_XCEPTION", "mini_XCEPTION((64, 64, 1), 7)", "mini_XCEPTION"),
        ("from nets import models", "models.create_mlp(12, regress=True)", "MLP"),
        ("from nets.seg import build_unet_model", "build_unet_model(128)", "unet"),
        ("from nets import build_generator", "build_generator(100)", None),
        ("from nets import get_thing", "get_thing(100)", None),
        ("from keras_unet.models import custom_unet", "custom_unet((512, 512, 3))", "custom_unet"),
    ],
)
def test_a_network_that_a_function_of_another_file_makes_is_called_as_the_function(
    tmp_path: Path, imported: str, made: str, arch: str | None
) -> None:
    text = f"{imported}\nmodel = {made}\nmodel.compile(optimizer='adam', loss='mse')\nmodel.fit(x, y, epochs=3)\n"
    assert read(tmp_path, f"import keras\n{text}").arch == arch
