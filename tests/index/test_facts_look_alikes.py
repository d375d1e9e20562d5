"""Values that stand where a setting would: of another command, of a default that a file overrides, of saved weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TRAINING = """
import torch
from torch import nn
from torch.utils.data import DataLoader
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 64)
    def forward(self, x):
        return self.a(x)
net = Net()
{before}
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range({epochs}):
    for x, y in DataLoader(data, batch_size={batch}):
        net(x).sum().backward()
        opt.step()
"""
COMMANDS = """
import argparse
commands = argparse.ArgumentParser().add_subparsers()
{first} = commands.add_parser("{other}")
{first}.add_argument("--batch-size", type=int, default=2)
{second} = commands.add_parser("{command}")
{second}.add_argument("--batch-size", type=int, default=64)
args = parser.parse_args()
"""
RECORD = """
import yaml
from dataclasses import dataclass
@dataclass
class Config:
    epochs: int = 5
    batch: int = 32
config = Config(**yaml.safe_load(open({file})))
"""


def read(folder: Path, text: str, **files: str) -> ScriptFacts:
    for name, source in files.items():
        (folder / name.replace("_", ".")).write_text(source)
    file = folder / "main.py"
    file.write_text(text)
    return extract(parse(file, file.read_bytes()), Configs(file))


def training(before: str = "", epochs: str = "3", batch: str = "16") -> str:
    return TRAINING.format(before=before, epochs=epochs, batch=batch)


@pytest.mark.parametrize(
    ("first", "second", "other", "command", "size"),
    [("a", "b", "check", "train", 64), ("sub", "sub", "check", "fit-model", 64), ("a", "b", "draw", "sample", None)],
)
def test_an_option_is_that_of_the_command_which_trains(
    tmp_path: Path, first: str, second: str, other: str, command: str, size: int | None
) -> None:
    before = COMMANDS.format(first=first, second=second, other=other, command=command)
    assert read(tmp_path, training(before, batch="args.batch_size")).batch == size


@pytest.mark.parametrize(("file", "expected"), [("'config.yaml'", (1, 32)), ("path()", (None, None))])
def test_a_record_made_of_a_file_has_its_values_before_the_defaults(
    tmp_path: Path, file: str, expected: tuple[int | None, int | None]
) -> None:
    text = training(RECORD.format(file=file), "config.epochs", "config.batch")
    found = read(tmp_path, text, config_yaml="epochs: 1\n")
    assert (found.epochs, found.batch) == expected


@pytest.mark.parametrize(
    ("before", "device"),
    [
        ('device = {torch.has_cuda: "cuda", torch.has_mps: "mps"}.get(True, "cpu")\nnet.to(device)', "CPU/GPU"),
        ('import os\nos.environ["CUDA_VISIBLE_DEVICES"] = "-1"', "CPU"),
        ('import os\nif args.cpu:\n    os.environ["CUDA_VISIBLE_DEVICES"] = ""', None),
        ('gpus = tf.config.list_physical_devices("GPU")\ntf.config.set_growth(gpus[0], True)', "GPU"),
        ('gpus = tf.config.list_physical_devices("GPU")\nif gpus:\n    grow(gpus[0], True)', "CPU/GPU"),
        ('settings = {"accelerator": "gpu"}\npl.Trainer(**settings)', "GPU"),
        ('device = "cuda" if torch.cuda.is_available() else "cpu"\npl.Trainer(gpus=1)', "GPU"),
        ("if torch.cuda.is_available():\n    t = pl.Trainer(gpus=1)\nelse:\n    t = pl.Trainer()", "CPU/GPU"),
        ('batch.to("cpu")\npl.Trainer(accelerator="mps")', "GPU"),
        ('device = "cuda" if torch.cuda.is_available() else "cpu"\npl.Trainer(gpus=[number])', "GPU"),
        ('pl.Trainer(accelerator="gpu" if str(where).startswith("cuda") else "cpu")', "CPU/GPU"),
        ('x = x.cuda() if torch.cuda.is_available() else x\nnet.cuda()', "GPU"),
        ('if torch.cuda.is_available():\n    net.cuda()', "CPU/GPU"),
        ('cuda = torch.cuda.is_available()\nnet = net.cuda() if cuda else net', "CPU/GPU"),
        ('net.to("mps")', "GPU"),
        ('class Table(torch.nn.Module):\n    def __init__(self):\n        self.rows = rows.to("cpu").float()', None),
        ('rows.to("cpu").float()', "CPU"),
        ('class Voice(torch.nn.Module):\n    def say(self, x, device="cpu"):\n        return x.to(device)', None),
        ('class Agent:\n    def __init__(self, x, device="cpu"):\n        self.x = x.to(device)', "CPU"),
        ('import os\nos.environ["JAX_PLATFORM_NAME"] = "tpu"', "TPU"),
        ('import jax\njax.config.update("jax_platform_name", "cpu")', "CPU"),
        ('use_cpu = True\nuse_cuda = not use_cpu and torch.cuda.is_available()\n'
         'device = torch.device("cuda" if use_cuda else "cpu")\nnet.to(device)', "CPU"),
        ('force_cpu = 1\nnet.to("cuda" if torch.cuda.is_available() and not force_cpu else "cpu")', "CPU"),
        ('no_cuda = False\ndevice = torch.device("cuda" if not no_cuda and torch.cuda.is_available() else "cpu")',
         "CPU/GPU"),
    ],
)  # fmt: skip
def test_devices_that_are_chosen_hidden_or_taken(tmp_path: Path, before: str, device: str | None) -> None:
    assert read(tmp_path, training(before)).hw == device


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ('transform = get_preprocessing(name, encoder_weights="imagenet")', None),
        ('data = helper.load_dataset("../data/mutag.graph")', "MUTAG"),
        ('data = helper.load_dataset("./files/own.bin")', None),
        ('data = load_dataset("allenai/c4")', "C4"),
    ],
)
def test_weights_and_paths_are_no_names_of_data(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, training(before)).dataset == dataset


def test_a_factory_beside_the_script_is_no_network(tmp_path: Path) -> None:
    text = "import torch\nfrom parts import network_factory\nnet = network_factory()\n"
    text += (
        "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\nfor i in range(9):\n    net(x).backward()\n    opt.step()\n"
    )
    parts = "from torch import nn\n{}class Policy(nn.Module):\n    def forward(self, x):\n        return x\n"
    made = "def network_factory():\n    return Policy()\n"
    assert read(tmp_path, text).arch is None
    assert read(tmp_path, text, parts_py=parts.format(made)).arch == "Policy"


NETWORK = """import torch
from torch import nn
from project import Net, lib, losses
net = Net(64)
"""
STEPS = """for epoch in range(3):
    for x in data:
        net(x).sum().backward()
        opt.step()
"""


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("from train import fit\nopt = lib.optim.AdamWR()\nfit(net, opt, epochs=3)", "arch", "Net"),
        ("from timm.loss import Soft\nfrom train import fit\nloss = Soft()\nfit(net, loss, epochs=3)", "arch", "Net"),
        ("opt = lib.Optimizer(net.parameters(), kind='Adagrad', lr=0.1)\n" + STEPS, "optimizer", "Adagrad"),
        ("opt = lib.Optimizer(net.parameters(), lr=0.1)\n" + STEPS, "optimizer", None),
    ],
)  # fmt: skip
def test_a_loss_is_no_network_and_what_wraps_an_optimizer_no_name_of_one(
    text: str, field: str, expected: str | None
) -> None:
    assert getattr(extract(parse(Path("script.py"), (NETWORK + text).encode())), field) == expected


@pytest.mark.parametrize(("decay", "uses"), [("0", False), ("0.1", True)])
def test_weight_decay_that_is_switched_off_is_not_used(decay: str, uses: bool) -> None:
    text = NETWORK + f"opt = torch.optim.AdamW(net.parameters(), lr=0.1, weight_decay={decay})\n" + STEPS
    found = extract(parse(Path("script.py"), text.encode()))
    assert ("weight-decay" in {tag.name for tag in found.uses}) is uses


def test_boosting_of_trees_is_no_gradient_descent() -> None:
    text = """import numpy as np
class Boosting:
    def fit(self, x, y, learning_rate=0.1):
        predictions = np.zeros(len(y))
        for _ in range(100):
            tree = Tree().fit(x, y - predictions)
            predictions += learning_rate * tree.predict(x)
Boosting().fit(x, y)
"""
    assert extract(parse(Path("script.py"), text.encode())).optimizer is None


def test_the_name_of_another_script_says_nothing_of_this_one() -> None:
    text = '"""Finetuning. Takes the weights of the model trained in\nconvnet_cifar10.py for a new task."""\n' + NETWORK
    text += "data = load()\nopt = torch.optim.Adam(net.parameters(), lr=0.1)\n" + STEPS
    assert extract(parse(Path("script.py"), text.encode())).dataset is None


def test_a_function_that_draws_samples_is_no_model_though_it_is_called_like_one() -> None:
    text = "import numpy as np\ndef gaussian_mixture({}):\n    z = np.zeros(9)\n    for i in range(9):\n"
    text += "        z[i] = i * 0.5\n    return z\n"
    for told, model in (("batch_size, n_labels=10", False), ("n_samples, dim=2", False), ("data, k", True)):
        assert extract(parse(Path("script.py"), text.format(told).encode())).is_model is model


@pytest.mark.parametrize(("home", "dataset"), [("mine", None), ("datasets", "poems")])
def test_a_function_of_the_project_is_told_a_part_where_that_of_a_hub_is_told_a_dataset(
    tmp_path: Path, home: str, dataset: str | None
) -> None:
    mine = "def load_dataset(part):\n    return read(part)\nif __name__ == '__main__':\n    load_dataset('proof')\n"
    before = f"from {home} import load_dataset\ndata = load_dataset('poems')"
    assert read(tmp_path, training(before), mine_py=mine).dataset == dataset


@pytest.mark.parametrize(
    ("path", "dataset"),
    [("../input/pretrained_model/VGG_imagenet.npy", None), ("../input/tiny_imagenet.npy", "TinyImageNet")],
)
def test_a_file_of_what_a_network_learned_is_no_data(tmp_path: Path, path: str, dataset: str | None) -> None:
    assert read(tmp_path, training(f"net.restore('{path}')")).dataset == dataset


def test_passes_over_what_an_episode_brought_are_no_epochs() -> None:
    text = """import gym
from agents import DDPG
env = gym.make("Pendulum-v1")
agent = DDPG(env)
for episode in range(400):
    for step in range(env.max_steps):
        env.step(agent.act())
        for epoch in range(5):
            agent.train()
"""
    assert extract(parse(Path("script.py"), text.encode())).epochs is None


@pytest.mark.parametrize(
    ("base", "told", "model"),
    [
        ("object", "weight.data.copy_(bell(3))", False),  # pictures are blurred
        ("object", "reset()", True),
        ("nn.Module", "weight.data.copy_(bell(3))", True),
    ],
)
def test_what_writes_the_weights_of_its_filters_itself_is_no_network(base: str, told: str, model: bool) -> None:
    text = (
        f"from torch import nn\nclass Blur({base}):\n    def __init__(self):\n        super().__init__()\n"
        "        self.across, self.down = nn.Conv2d(3, 3, (3, 1), groups=3), nn.Conv2d(3, 3, (1, 3), groups=3)\n"
        f"    def __call__(self, x):\n        self.across.{told}\n        return self.down(self.across(x))\n"
    )
    assert extract(parse(Path("script.py"), text.encode())).is_model is model


@pytest.mark.parametrize(("base", "model"), [("keras.metrics.Metric", False), ("keras.Model", True)])
def test_a_measure_by_what_a_ready_network_sees_is_no_model(base: str, model: bool) -> None:
    text = (
        f"from tensorflow import keras\nclass KID({base}):\n    def __init__(self):\n        super().__init__()\n"
        "        self.encoder = keras.Sequential([\n            keras.layers.Rescaling(255.0),\n"
        "            keras.applications.InceptionV3(include_top=False, weights='imagenet'),\n"
        "            keras.layers.GlobalAveragePooling2D(),\n        ])\n"
    )
    assert extract(parse(Path("script.py"), text.encode())).is_model == model
