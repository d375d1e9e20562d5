"""What is stated of trainings that other files or libraries run, or that settings beside the script tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse
from tests.index.scripts import read, within

BOOSTED = """
import xgboost as xgb
import lightgbm as lgb
for depth in (3, 5):
    first = xgb.XGBRegressor(max_depth=depth)
    first.fit(x, y)
for leaves in (10, 30):
    other = lgb.LGBMRegressor(num_leaves=leaves)
    other.fit(x, y)
"""


def test_of_libraries_that_are_compared_the_one_that_is_made_again() -> None:
    chosen = read(BOOSTED + "best = xgb.XGBRegressor(max_depth=3)\nbest.fit(x, y)\n")
    assert (chosen.framework, chosen.arch) == ("XGBoost", "XGBRegressor / LGBMRegressor")
    assert read(BOOSTED).framework is None


def test_an_optimizer_of_tensorflow_addons_by_its_long_name() -> None:
    facts = read("""
import tensorflow as tf
import tensorflow_addons as tfa
net = tf.keras.Sequential([tf.keras.layers.Dense(8), tf.keras.layers.Dense(2)])
net.compile(optimizer=tfa.optimizers.RectifiedAdam(learning_rate=0.002), loss="mse")
net.fit(x, y, epochs=4)
""")
    assert (facts.optimizer, facts.lr) == ("RAdam", 0.002)


QUEUED = """
import queue
import torch
from reading import CustomDataLoader, supervised_train
from nets import CharNet
batch_size = 24
net = CharNet(80)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
for epoch in range(40):
    waiting = queue.Queue(2)
    loader = CustomDataLoader(data, waiting, batch_size, 0)
    loader.start()
    supervised_train(model=net, queue=waiting, optimizer=optimizer)
"""


def test_the_size_that_a_loader_of_the_project_is_told_in_whatever_place() -> None:
    assert read(QUEUED).batch == 24
    assert read(QUEUED.replace("batch_size, 0", "8, 0")).batch is None  # workers, or whatever


SHOWN = """
import torch
from einops import repeat
from training import Trainer
from flows import FlowModel
flow_model = FlowModel(64)
trainer = Trainer(f_model=flow_model, lr=0.001)
trainer.train()
bs = 8
y = {use}
"""


@pytest.mark.parametrize(
    "use", ["repeat(torch.arange(10), 'y -> (y b)', b=bs)", "plot_batch(x, bs)", "make_grid(x, nrow=bs)"]
)
def test_how_many_are_shown_is_no_batch(use: str) -> None:
    assert read(SHOWN.format(use=use)).batch is None


JSON = """
import os
import tensorflow as tf
from tools import *
here = os.path.dirname(os.path.realpath(__file__))
cfg = read_settings({path})
net = tf.keras.Sequential([tf.keras.layers.Dense(8), tf.keras.layers.Dense(2)])
net.compile(optimizer="adam", loss="mse")
net.fit_generator(batches(cfg["batch_size"]), epochs=cfg["train_epochs"])
"""


@pytest.mark.parametrize("path", ["here + '/cfg.json'", "'cfg.json'", "os.path.join(here, 'cfg.json')"])
def test_settings_of_a_file_beside_that_another_function_reads(tmp_path: Path, path: str) -> None:
    (tmp_path / "cfg.json").write_text('{"batch_size": 128, "train_epochs": 30}')
    script = tmp_path / "train.py"
    script.write_text(JSON.format(path=path))
    facts = extract(parse(script, script.read_bytes()), Configs(script))
    assert (facts.batch, facts.epochs) == (128, 30)


FLAGS = """
import tensorflow as tf
from absl import app, flags
from nets import YOLO, train_step
from data import GetVoc
from configs import cfg
FLAGS = flags.FLAGS
flags.DEFINE_integer('epochs', default=cfg.epochs, help='')
flags.DEFINE_integer('batch_size', default=cfg.batch_size, help='')
def main(_):
    global voc, net, optimizer
    voc = GetVoc(batch_size=FLAGS.batch_size)
    net = YOLO(cfg)
    optimizer = tf.optimizers.Adam(learning_rate=0.001)
    train()
def train():
    for epoch in range(1, FLAGS.epochs + 1):
        for images, labels in voc.serve(shuffle=True):
            train_step(net, optimizer, images, labels)
app.run(main)
"""
SETTINGS = """
class Configs:
    def __init__(self):
        self.epochs = 105
        self.batch_size = 32
"""


LAYERS = """
import torch
from torch import nn
from configs import cfg
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(cfg.width, cfg.width)
    def forward(self, x):
        batch_size, length, _ = x.size()
        return self.q(x).view(batch_size, length, 4, -1)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=cfg.lr)
"""


def test_a_size_that_a_tensor_is_asked_for_is_none_of_the_settings(tmp_path: Path) -> None:
    facts = within(tmp_path, LAYERS, configs="class Configs:\n    lr = 0.1\n    batch_size = 16\ncfg = Configs()\n")
    assert (facts.batch, facts.lr) == (None, 0.1)


def test_the_size_that_a_package_of_settings_has(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "__init__.py").write_text("from configs.configs import Configs\n\ncfg = Configs()\n")
    (tmp_path / "configs" / "configs.py").write_text(SETTINGS)
    facts = within(tmp_path, FLAGS)
    assert facts.evidence["batch"] == 9
    assert (facts.batch, facts.epochs) == (32, 105)


HANDED_ON = """
from absl import app, flags
import tensorflow as tf
from nets import CVAE, HParams
flags.DEFINE_integer('batch_size', 32, '')
flags.DEFINE_integer('epochs', 10, '')
flags.DEFINE_float('lr', 1e-4, '')
FLAGS = flags.FLAGS
def main(_):
    hparams = HParams(FLAGS.batch_size, FLAGS.epochs, FLAGS.lr)
    net = CVAE(hparams)
    net.train(data.train, data.test)
if __name__ == '__main__':
    print(tf.__version__)
    app.run(main)
"""


def test_epochs_that_a_training_of_another_file_is_told_by_its_settings() -> None:
    assert read(HANDED_ON).epochs == 10


FITTED = """
import torch
import data
import model
import train
def run(batch_size=64, learnrate=1e-4, optimizer='adam'):
    train_loader, val_loader, classes = data.loader('mnist', batch_size)
    net = model.PixelCNN(1, classes)
    train.fit(train_loader, val_loader, net, torch.nn.NLLLoss(), optimizer, learnrate=learnrate)
"""


def test_a_module_of_training_that_fits_a_network() -> None:
    facts = read(FITTED)
    assert facts.is_model
    assert (facts.framework, facts.arch, facts.batch) == ("PyTorch", "PixelCNN", 64)
    assert (facts.lr, facts.optimizer) == (1e-4, "Adam")
    assert not read(FITTED.replace("train.fit(", "curves.fit(").replace("import train", "import curves")).is_model


HOOKED = """
import tensorflow as tf
from engine import TrainEngine
from nets import MatchingNetwork
def train(config):
    net = MatchingNetwork(way=5)
    optimizer = tf.keras.optimizers.Adam(config['train.lr'])
    def train_step(x, y):
        with tf.GradientTape() as tape:
            loss = net(x, y)
        gradients = tape.gradient(loss, net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, net.trainable_variables))
    engine = TrainEngine()
    def on_episode(state):
        train_step(*state['sample'])
    engine.hooks['on_episode'] = on_episode
    engine.train(loss_func=loss, train_loader=loader, epochs=config['train.epochs'])
"""


def test_the_optimizer_that_a_hook_of_a_trainer_steps() -> None:
    assert read(HOOKED).optimizer == "Adam"


@pytest.mark.parametrize(
    ("device", "hw"),
    [
        ("f'cuda:{args.gpu}' if args.gpu >= 0 else 'cpu'", "CPU/GPU"),
        ("'cuda:%d' % args.gpu if args.gpu >= 0 else 'cpu'", "CPU/GPU"),
        ("f'cuda:{args.gpu}'", "GPU"),
    ],
)
def test_a_gpu_by_its_number_or_none(device: str, hw: str) -> None:
    facts = read(f"""
import argparse
import torch
from torch import nn
parser = argparse.ArgumentParser()
parser.add_argument('--gpu', type=int)
args = parser.parse_args()
device = {device}
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    step(net, optimizer, device)
""")
    assert facts.hw == hw


@pytest.mark.parametrize(
    ("devices", "hw"),
    [("{'net': 'cuda:0', 'vae': 'cuda:0'}", "GPU"), ("['cuda:0', 'cuda:1']", "GPU"), ("1", None), ("[0, 1]", None)],
)
def test_the_devices_that_a_trainer_is_told(devices: str, hw: str | None) -> None:
    facts = read(f"""
import torch
from own import Trainer
net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
trainer = Trainer(net, torch.optim.Adam(net.parameters(), lr=1e-3), devices={devices})
trainer.train()
""")
    assert facts.hw == hw
