"""Values that stand in a module of settings beside the script: followed like its own, never imported."""

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
from torchvision import datasets
{imports}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 10)
net = Net().to({at}DEVICE)
opt = torch.optim.Adam(net.parameters(), lr={at}LR)
loader = DataLoader(datasets.MNIST("."), batch_size={at}BATCH)
for epoch in range({at}EPOCHS):
    for x, y in loader:
        opt.zero_grad()
        net(x).sum().backward()
        opt.step()
"""
SETTINGS = """
import torch
BASE = 1e-3
LR = BASE / 2
BATCH = 4 * 8
EPOCHS = 7
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
"""
PARSER = """
import argparse
import torch
parser = argparse.ArgumentParser()
parser.add_argument("--LR", type=float, default=5e-4)
parser.add_argument("--BATCH", type=int, default=32)
parser.add_argument("--EPOCHS", type=int, default=7)
parser.add_argument("--DEVICE", default="cuda" if torch.cuda.is_available() else "cpu")
{}
"""
FLAGS = """
import tensorflow as tf
import torch
tf.flags.DEFINE_float("LR", 5e-4, "")
tf.flags.DEFINE_integer("BATCH", 32, "")
tf.flags.DEFINE_integer("EPOCHS", 7, "")
tf.flags.DEFINE_string("DEVICE", "cuda" if torch.cuda.is_available() else "cpu", "")
FLAGS = tf.flags.FLAGS
"""
TREE = """
import torch
_C = CfgNode()
_C.TRAIN = CfgNode()
_C.TRAIN.LR = 5e-4
_C.TRAIN.BATCH = 32
_C.TRAIN.EPOCHS = 7
_C.TRAIN.DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
"""
CLASS = "class Config:\n" + "\n".join(f"    {line}" for line in SETTINGS.split("\n")[3:])
CLASS = f"import torch\nBASE = 1e-3\n{CLASS}"
DATACLASS = """
from dataclasses import dataclass
@dataclass
class Options:
    LR: float = 5e-4
    BATCH: int = 32
    EPOCHS: int = 7
    DEVICE: str = "cuda"
def get_config():
    return Options(DEVICE="cuda")
"""


def read(folder: Path, imports: str, at: str, place: str = "train.py") -> ScriptFacts:
    script = folder / place
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(TRAINING.format(imports=imports, at=at))
    return extract(parse(script, script.read_bytes()), Configs(script))


@pytest.mark.parametrize(
    ("module", "text", "imports", "at"),
    [
        ("config.py", SETTINGS, "from config import LR, BATCH, EPOCHS, DEVICE", ""),
        ("config.py", SETTINGS, "from config import *", ""),
        ("config.py", SETTINGS, "import config as cfg", "cfg."),
        ("src/settings.py", SETTINGS, "from src import settings", "settings."),
        ("hparams.py", CLASS, "from hparams import Config as hp", "hp."),
        ("src/config/__init__.py", CLASS, "from src.config import Config\nc = Config()", "c."),
        ("constants.py", SETTINGS, "from .constants import *", ""),
        ("helpers.py", SETTINGS, "from helpers import LR, BATCH, EPOCHS, DEVICE", ""),
        ("helpers.py", CLASS, "from helpers import Config", "Config."),
        ("options.py", PARSER.format("args = parser.parse_args()"), "from options import args", "args."),
        ("helpers.py", PARSER.format("def get_args():\n    return parser.parse_args()"),
         "from helpers import get_args\na = get_args()", "a."),
        ("helpers.py", PARSER.format("def get_parser():\n    return parser"),
         "from helpers import get_parser\na = get_parser().parse_args()", "a."),
        ("flags/train_flags.py", FLAGS, "from flags.train_flags import FLAGS", "FLAGS."),
        ("conf/defaults.py", TREE, "from conf.defaults import _C as cfg", "cfg.TRAIN."),
        ("defaults.py", f"{TREE}def get_cfg():\n    return _C.clone()\n",
         "from defaults import get_cfg\ncfg = get_cfg()", "cfg.TRAIN."),
    ],
)  # fmt: skip
def test_settings_beside_the_script_are_its_values(
    tmp_path: Path, module: str, text: str, imports: str, at: str
) -> None:
    (tmp_path / module).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / module).write_text(text)
    found = read(tmp_path, imports, at)
    assert (found.lr, found.batch, found.epochs, found.hw) == (5e-4, 32, 7, "CPU/GPU")
    assert found.evidence["lr"] == found.evidence["optimizer"]  # the line of the script that uses it
    assert str(found.evidence["lr_from"]).startswith(f"{module}:")  # and the line of the file that states it


def test_settings_at_the_top_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "config.py").write_text(SETTINGS)
    assert read(tmp_path, "from config import *", "", "utils/train.py").batch == 32


def test_an_object_that_a_function_of_the_settings_makes(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(DATACLASS)
    found = read(tmp_path, "from config import Options\nopt_ = Options()", "opt_.")
    assert (found.lr, found.hw) == (5e-4, "GPU")


def test_a_network_or_a_call_with_other_values_is_not_settings(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("class LR:\n    a = 1\ndef get_config(LR=5e-4):\n    return dict(LR=LR)\n")
    assert read(tmp_path, "from helpers import LR", "LR.").lr is None
    assert read(tmp_path, "from helpers import get_config\nc = get_config()", "c.").lr == 5e-4
    assert read(tmp_path, "from helpers import get_config\nc = get_config(x=1)", "c.").lr is None


def test_a_file_that_is_merged_into_the_settings(tmp_path: Path) -> None:
    (tmp_path / "defaults.py").write_text(TREE)
    (tmp_path / "small.yaml").write_text("TRAIN:\n  LR: 0.01\n")
    imports = "from defaults import _C as cfg\ncfg.merge_from_file({})"
    assert (read(tmp_path, imports.format("'small.yaml'"), "cfg.TRAIN.").lr) == 0.01
    assert (read(tmp_path, imports.format("'small.yaml'"), "cfg.TRAIN.").batch) == 32
    assert read(tmp_path, imports.format("path"), "cfg.TRAIN.").lr is None


def test_what_the_script_binds_itself_comes_first(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(SETTINGS)
    assert read(tmp_path, "from config import *\nBATCH = 8", "").batch == 8


def test_settings_that_are_not_there_are_what_the_value_hangs_on(tmp_path: Path) -> None:
    found = read(tmp_path, "import config", "config.")
    assert found.lr is None
    assert found.evidence["lr"] == "config.LR"


@pytest.mark.parametrize(
    "text",
    ["LR = LR", "from config import *", "import os\nos.abort()", "LR = 10**10**10", "LR = [0] * 10**9", "def LR(: pass",
     "(" * 5000, "\0", "from train import LR", "class LR(LR): pass\nLR = LR()"],
)  # fmt: skip
def test_hostile_settings_give_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.py").write_text(text)
    found = read(tmp_path, "from config import *", "")
    assert found.is_model
    assert found.lr is None


def test_settings_outside_the_project_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(SETTINGS)
    project = tmp_path / "project"
    project.mkdir()
    (project / ".git").mkdir()
    (project / "config.py").symlink_to(tmp_path / "outside.py")
    assert read(project, "from config import *", "").lr is None


RECORD = """import torch
from dataclasses import dataclass
@dataclass
class OptimConfig:
    name: str = "sgd"
    lr: float = 0.5
    def make(self, parameters):
        if self.name == "adamw":
            return torch.optim.AdamW(parameters, lr=self.lr)
        return torch.optim.SGD(parameters, lr=self.lr)
"""


@pytest.mark.parametrize(
    ("made", "optimizer", "rate", "lines"),
    [
        ("OptimConfig(name='adamw', lr=0.002)", "AdamW", 0.002, (5, "config.py:9", 4, None)),
        ("OptimConfig('adamw')", "AdamW", 0.5, (5, "config.py:9", 5, "config.py:6")),
        ("OptimConfig()", "SGD", 0.5, (5, "config.py:10", 5, "config.py:6")),
    ],
)
def test_an_optimizer_is_made_by_a_record_of_settings_as_that_was_filled(
    tmp_path: Path, made: str, optimizer: str, rate: float, lines: tuple[object, ...]
) -> None:
    (tmp_path / "config.py").write_text(RECORD)
    script = (
        f"import torch\nfrom config import OptimConfig\nnet = torch.nn.Linear(2, 2)\nc = {made}\n"
        "o = c.make(net.parameters())\nfor epoch in range(3):\n    net(torch.ones(2)).sum().backward()\n    o.step()\n"
    )
    place = tmp_path / "train.py"
    found = extract(parse(place, script.encode()), Configs(place))
    assert (found.optimizer, found.lr) == (optimizer, rate)
    told = found.evidence
    assert tuple(told.get(k) for k in ("optimizer", "optimizer_from", "lr", "lr_from")) == lines
    assert [stage.line for stage in found.stages] == [5]


def test_settings_come_also_by_way_of_a_module_that_has_every_name_of_them(tmp_path: Path) -> None:
    (tmp_path / "parameters.py").write_text(SETTINGS)
    (tmp_path / "utils.py").write_text("import re\nfrom model import *\nfrom parameters import *\n")
    (tmp_path / "model.py").write_text("from utils import *\n")
    script = tmp_path / "train.py"
    text = TRAINING.format(imports="from model import *", at="")
    facts = extract(parse(script, text.encode()), Configs(script))
    assert (facts.lr, facts.batch, facts.epochs, facts.hw) == (5e-4, 32, 7, "CPU/GPU")
    assert facts.evidence["lr_from"] == "parameters.py:4"


def test_a_device_of_the_settings_that_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("import torch\ndevice = 'cuda' if torch.cuda.is_available() else 'cpu'\n")
    script = tmp_path / "main.py"
    script.write_text(
        "import torch\nfrom config import device\nfrom model import make\nnet = make(device)\n"
        "opt = torch.optim.Adam(net.parameters(), lr=5e-4)\nfor epoch in range(7):\n    opt.step()\n"
    )
    assert extract(parse(script, script.read_bytes()), Configs(script)).hw == "CPU/GPU"


def test_settings_that_a_function_is_given_are_by_default_what_their_class_beside_says(tmp_path: Path) -> None:
    (tmp_path / "configs.py").write_text(
        "from dataclasses import dataclass\n@dataclass\nclass TrainingConfig:\n    LEARNING_RATE: float = 0.003\n"
        "    NUM_EPOCHS: int = 7\n"
    )
    script = tmp_path / "script.py"
    script.write_text(
        "import torch\nfrom torch import nn\nimport configs\nnet = nn.Sequential(nn.Linear(2, 1))\n"
        "def optimise(loader, config: configs.TrainingConfig):\n"
        "    opt = torch.optim.SGD(net.parameters(), lr=config.LEARNING_RATE)\n"
        "    for epoch in range(config.NUM_EPOCHS):\n        for x in loader:\n            net(x).sum().backward()\n"
        "            opt.step()\n"
    )
    found = extract(parse(script, script.read_bytes()), Configs(script))
    assert (found.lr, found.epochs) == (0.003, 7)
