"""The forms in which scripts state their settings: each is a short script, and what a person reads in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


TORCH = """
import argparse, torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.a = nn.Linear(784, 64)
        self.b = nn.Linear(64, 10)
    def forward(self, x):
        return self.b(self.a(x).relu())
"""
LOOP = """
net = Net()
opt = optim.Adam(net.parameters(), lr={lr})
loader = DataLoader(datasets.MNIST("."), batch_size={batch})
for epoch in range({epochs}):
    for x, y in loader:
        opt.zero_grad()
        net(x).sum().backward()
        opt.step()
"""
PARSED = "p = argparse.ArgumentParser()\n{}\nargs = p.parse_args()\n"

# what stands before the loop, lr, batch, epochs as written, and what they are
WAYS: dict[str, tuple[str, str, str, str, tuple[Any, Any, Any]]] = {
    "options by other names": (
        PARSED.format("p.add_argument('-b', '--batchSize', type=int, default=32)\n"
                      "p.add_argument('--learning-rate', dest='rate', default=.15)\n"
                      "g = p.add_argument_group('x')\ng.add_argument('--E', default=int(1e2), type=int)"),
        "args.rate", "args.batchSize", "args.E", (0.15, 32, 100)),
    "set_defaults and a required option": (
        PARSED.format("p.add_argument('--lr', required=True, type=float)\np.add_argument('--bs', default=1)\n"
                      "p.add_argument('--n', default=2)\np.set_defaults(bs=64)"),
        "args.lr", "args.bs", "args.n", (None, 64, 2)),
    "arithmetic": ("", "3 * 10 ** -4", "5 * 8", "1_0 + 2", (3e-4, 40, 12)),
    "fields of attrs": (
        "import attr\n@attr.s\nclass C:\n    lr: float = attr.ib(default=2e-4)\n    batch: int = attr.ib(16)\n"
        "c = C()\n",
        "c.lr", "c.batch", "9", (2e-4, 16, 9),
    ),
    "fields of pydantic": (
        "from pydantic import BaseModel, Field\nclass C(BaseModel):\n    lr: float = Field(2e-4, gt=0)\n"
        "    batch: int = Field(default=16)\nc = C()\n",
        "c.lr", "c.batch", "9", (2e-4, 16, 9),
    ),
    "a dataclass": (
        "from dataclasses import dataclass, field\n@dataclass\nclass C:\n    lr: float = 2e-4\n    batch: int = 16\n"
        "    epochs: int = field(default=9)\ncfg = C(batch=24)\n",
        "cfg.lr", "cfg.batch", "cfg.epochs", (2e-4, 24, 9)),
    "a dict, overridden": (
        "cfg = {'lr': 1e-3, 'batch': 8, 'epochs': 4}\ncfg['batch'] = 80\n",
        "cfg['lr']", "cfg['batch']", "cfg.get('epochs', 1)", (1e-3, 80, 4)),
    "a class of constants": (
        "class Config:\n    LR = 5e-4\n    BATCH = 12\n    EPOCHS = 6\n", "Config.LR", "Config.BATCH", "Config.EPOCHS",
        (5e-4, 12, 6)),
    "a choice that the script's own flag decides": (
        "FAST = False\nif FAST:\n    E = 1\nelse:\n    E = 30\n", "1e-2 if FAST else 1e-4", "8 if FAST else 128", "E",
        (1e-4, 128, 30)),
    "a choice that the machine decides": (
        "cuda = torch.cuda.is_available()\n", "1e-3", "256 if cuda else 64", "3", (1e-3, None, 3)),
    "absl flags": (
        "from absl import flags\nFLAGS = flags.FLAGS\nflags.DEFINE_float('lr', 0.02, '')\n"
        "flags.DEFINE_integer('batch', 100, '')\nflags.DEFINE_integer('epochs', 7, '')\n",
        "FLAGS.lr", "FLAGS.batch", "FLAGS.epochs", (0.02, 100, 7)),
    "absl flags by what declares them": (
        "from absl import flags\nLR = flags.DEFINE_float('lr', 0.02, '')\n"
        "BATCH = flags.DEFINE_integer('batch', 100, '')\nEPOCHS = flags.DEFINE_integer('epochs', 7, '')\n",
        "LR.value", "BATCH.value", "EPOCHS.value", (0.02, 100, 7)),
    "one default handed to another name": (
        "LR = 1e-3\nlr = LR\nB, E = 10, 11\n", "lr", "B", "E", (1e-3, 10, 11)),
    "a name bound twice": ("lr = 0.5\nlr = 0.25\nb = 1\nb *= 6\ne = 2\n", "lr", "b", "e", (0.25, 6, 2)),
    "unresolved": ("import sys\n", "float(sys.argv[1])", "int(sys.argv[2])", "int(sys.argv[3])", (None, None, None)),
    "nested records": (
        "from types import SimpleNamespace\ncfg = SimpleNamespace(opt=SimpleNamespace(lr=1e-5), data={'b': 3}, e=1)\n",
        "cfg.opt.lr", "cfg.data['b']", "cfg.e", (1e-5, 3, 1)),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_value_is_read_however_it_is_written(way: str) -> None:
    before, lr, batch, epochs, expected = WAYS[way]
    facts = read(TORCH + before + LOOP.format(lr=lr, batch=batch, epochs=epochs))
    assert (facts.lr, facts.batch, facts.epochs) == expected
    for name in ("lr", "batch", "epochs"):
        if getattr(facts, name) is None:
            assert isinstance(facts.evidence[name], str)
        else:
            assert isinstance(facts.evidence[name], int)


def test_click_and_the_call_site() -> None:
    text = (
        TORCH + "import click\n@click.command()\n@click.option('--lr', default=0.3)\n@click.option('--bs', default=5)\n"
    )
    body = LOOP.format(lr="lr", batch="bs", epochs="2").replace("\n", "\n    ")
    assert (
        read(f"{text}def main(lr, bs):{body}\nmain()\n").lr,
        read(f"{text}def main(lr, bs):{body}\nmain()\n").batch,
    ) == (
        0.3,
        5,
    )


def test_wrong_numbers_nearby_are_left_alone() -> None:
    text = (
        '"""Example: train(lr=9.9, batch_size=999, epochs=77)"""\n'
        + TORCH
        + "p = argparse.ArgumentParser()\np.add_argument('--epoch', default=5, help='epoch to start from')\n"
        + "p.add_argument('--n_epochs', default=200)\nargs = p.parse_args()\n"
        + "min_lr, unused_lr = 1e-7, 3.0\nn_steps = 1000\n"
        + "preview = DataLoader(datasets.MNIST('.', train=False), batch_size=999)\n"
        + LOOP.format(lr="2e-4", batch="64", epochs="args.epoch, args.n_epochs")
    )
    facts = read(text)
    assert (facts.lr, facts.batch) == (2e-4, 64)
    assert facts.epochs in (195, 200, None)


def test_steps_per_epoch_times_epochs_is_epochs() -> None:
    text = TORCH + "epochs = 40\nsteps_per_epoch = len([1])\nnet = Net()\nopt = optim.SGD(net.parameters(), 0.1)\n"
    text += "for step in range(steps_per_epoch * epochs):\n    net(1).backward()\n    opt.step()\n"
    assert read(text).epochs == 40


def test_passes_over_collected_experience_are_no_epochs() -> None:
    text = TORCH + "net = Net()\nopt = optim.Adam(net.parameters(), lr=2.5e-4)\nfor iteration in range(1000):\n"
    text += "    for epoch in range(4):\n        net(1).backward()\n        opt.step()\n"
    assert read(text).epochs is None


def test_the_rate_in_effect_and_the_one_declared() -> None:
    text = TORCH + LOOP.format(lr="0.1", batch="8", epochs="3").replace(
        "        opt.step()",
        "        for group in opt.param_groups:\n            group['lr'] = 0.02\n        opt.step()",
    )
    facts = read(text)
    assert facts.lr == 0.02 and facts.stages[0].lr == 0.1
    schedule = text.replace("= 0.02", "= 0.1 * 0.5 ** epoch")
    assert read(schedule).lr == 0.1


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        ("getattr(optim, 'RMSprop')(net.parameters(), 1e-2)", ("RMSprop", 1e-2)),
        ("{'adam': optim.Adam, 'sgd': optim.SGD}['sgd'](net.parameters(), lr=0.3)", ("SGD", 0.3)),
        ("optim.AdamW([{'params': net.parameters(), 'lr': 1e-4}])", ("AdamW", 1e-4)),
        ("optim.Adam(net.parameters())", ("Adam", None)),
        ("Lion(net.parameters(), lr=1e-4)", ("Lion", 1e-4)),
    ],
)
def test_optimizers_in_all_their_forms(optimizer: str, expected: tuple[str, float | None]) -> None:
    text = TORCH + "from lion_pytorch import Lion\n" + LOOP.format(lr=1, batch=2, epochs=3)
    facts = read(text.replace("optim.Adam(net.parameters(), lr=1)", optimizer))
    assert (facts.optimizer, facts.lr) == expected


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        ("device = 'cuda' if torch.cuda.is_available() else 'cpu'", "CPU/GPU"),
        ("device = torch.device('cuda:0')", "GPU"),
        ("device = 'cpu'", "CPU"),
        ("x = torch.zeros(1).cuda()", "GPU"),
        ("assert torch.cuda.is_available()\ndevice = 'cuda'", "GPU"),
        ("if torch.cuda.is_available():\n    torch.backends.cudnn.deterministic = True\ndevice = 'cuda:1'", "GPU"),
        ("device = 'cpu' if args else 'cuda'", "CPU/GPU"),
        ("def f(device='cuda'):\n    pass", "GPU"),
        ("net = load().to('cuda')\nkept = net(1).to('cpu')", "GPU"),
        ("net = load().to(config.device)\nkept = net(1).to('cpu')", None),
        ("net = load().to('cpu')", "CPU"),
        ("pass", None),
    ],
)
def test_hardware(device: str, expected: str | None) -> None:
    assert read(TORCH + device + LOOP.format(lr=1, batch=2, epochs=3)).hw == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("datasets.FashionMNIST('.')", "FashionMNIST"),
        ("get_cifar10_dataset()", "CIFAR10"),
        ("CelebADataset(root)", "CelebA"),
        ("datasets.ImageFolder('/data/oxford-flowers-102/train')", "Flowers102"),
        ("datasets.ImageFolder(r'C:\\data\\cifar10\\cifar10-64\\train')", "CIFAR10"),
        ("load_dataset('imagefolder', data_dir=d)", None),
        ("load_dataset('zalando-datasets/fashion_mnist')", "FashionMNIST"),
        ("PetDataset(datasets.CIFAR10('.'))", "CIFAR10"),
        ("MyData('.')", None),
    ],
)
def test_the_dataset_by_constructor_helper_class_and_path(data: str, expected: str | None) -> None:
    text = TORCH + "from datasets import load_dataset\nfrom torchvision import datasets\nfrom data import *\n"
    text += "from torch.utils.data import Dataset\nclass PetDataset(Dataset):\n"
    text += "    def __init__(self, inner): self.i = inner\n"
    facts = read(text + LOOP.format(lr=1, batch=2, epochs=3).replace('datasets.MNIST(".")', data))
    assert facts.dataset == expected


def test_a_class_that_is_never_used_does_not_count() -> None:
    text = TORCH + "class Unused(nn.Module):\n    def __init__(self):\n        self.c = nn.LSTM(2, 2)\n"
    facts = read(text + LOOP.format(lr=1, batch=2, epochs=3))
    assert facts.arch == "Net" and {tag.name for tag in facts.tags} == {"mlp"}


def test_the_trained_class_is_found_in_another_file_and_through_lists() -> None:
    text = "import torch\nfrom nets import Encoder, Decoder\nfrom data import get_loader\ne, d = Encoder(), Decoder()\n"
    text += "params = list(e.parameters()) + list(d.parameters())\nopt = torch.optim.Adam(params, lr=1e-3)\n"
    text += "loader = get_loader(path, batch_size=128)\nfor epoch in range(5):\n    for x in loader:\n"
    text += "        d(e(x)).sum().backward()\n        opt.step()\n"
    facts = read(text)
    assert (facts.arch, facts.batch, facts.epochs) == ("Encoder / Decoder", 128, 5)


def test_a_training_that_a_helper_runs() -> None:
    text = "import torch\nfrom lib import UNet, train, get_cifar10_loader\nnet = UNet()\n"
    text += "opt = torch.optim.AdamW(net.parameters(), lr=2e-4)\nloader = get_cifar10_loader(batch_size=64)\n"
    text += "train(net, loader, opt, num_epochs=20)\n"
    facts = read(text)
    assert (facts.arch, facts.dataset, facts.batch, facts.lr, facts.optimizer, facts.epochs) == (
        "UNet", "CIFAR10", 64, 2e-4, "AdamW", 20,
    )  # fmt: skip


def test_tensorflow_1() -> None:
    text = """
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("/tmp/data/", one_hot=True)
W1 = tf.layers.dense(x, 256)
out = tf.layers.dense(W1, 10)
train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
with tf.Session() as sess:
    for epoch in range(25):
        for i in range(int(mnist.train.num_examples / 100)):
            batch_x, batch_y = mnist.train.next_batch(100)
            sess.run([train_op, loss], feed_dict={X: batch_x})
"""
    facts = read(text)
    assert (facts.framework, facts.arch, facts.dataset, facts.batch, facts.lr, facts.optimizer, facts.epochs) == (
        "Keras/TensorFlow", "MLP", "MNIST", 100, 0.5, "SGD", 25,
    )  # fmt: skip


def test_transformers_trainer() -> None:
    text = """
from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments
from datasets import load_dataset
data = load_dataset("imdb")
model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
args = TrainingArguments("out", per_device_train_batch_size=16, learning_rate=2e-5, num_train_epochs=3)
trainer = Trainer(model=model, args=args, train_dataset=data["train"])
trainer.train()
"""
    facts = read(text)
    assert (facts.framework, facts.arch, facts.dataset, facts.batch, facts.lr, facts.optimizer, facts.epochs) == (
        "PyTorch", "AutoModelForSequenceClassification", "IMDB", 16, 2e-5, None, 3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "framework", "arch", "lr"),
    [
        ("from sklearn.ensemble import RandomForestClassifier\nm = RandomForestClassifier(100)\nm.fit(X, y)\n",
         "scikit-learn", "RandomForestClassifier", None),
        ("import xgboost as xgb\nparams = {'learning_rate': 0.05}\nm = xgb.XGBRegressor(**params)\nm.fit(X, y)\n",
         "XGBoost", "XGBRegressor", 0.05),
        ("import lightgbm as lgb\nm = lgb.train({'learning_rate': 0.1}, data)\n", "LightGBM", "LightGBM", 0.1),
        ("import xgboost as xgb\nfrom sklearn.linear_model import Perceptron\nm = Perceptron()\nm.fit(X, y)\n"
         "n = xgb.train({'eta': 0.3}, xgb.DMatrix(X))\n", "XGBoost", "Perceptron / XGBoost", None),
        ("import gensim\nLda = gensim.models.ldamodel.LdaModel\nm = Lda(corpus, num_topics=3)\n", "gensim", "LdaModel",
         None),
        ("import pymc3 as pm\nimport theano.tensor as tt\nwith pm.Model():\n    a = pm.Normal('a', 0, 1)\n"
         "    trace = pm.sample(1000)\n", "PyMC", None, None),
        ("import pystan\nm = pystan.StanModel(model_code=code)\nfit = m.sampling(data=d)\n", "Stan", "StanModel", None),
        ("import numpy as np\nfrom transformers import TrainingArguments\nfrom helper import Engine\n"
         "a = TrainingArguments('out', learning_rate=2e-5)\ne = Engine(data, a)\ne.train(4)\n", "PyTorch", None,
         2e-5),
        ("from autogluon import TabularPrediction as task\np = task.fit(train_data=d, label='y')\n", "AutoGluon", None,
         None),
    ],
)  # fmt: skip
def test_models_without_a_loop(text: str, framework: str, arch: str | None, lr: float | None) -> None:
    facts = read(text)
    assert facts.is_model and (facts.framework, facts.arch, facts.lr) == (framework, arch, lr)


@pytest.mark.parametrize(
    ("text", "framework", "arch"),
    [
        ("from statsmodels.tsa.arima.model import ARIMA\nfit = ARIMA(y).fit()\n", "statsmodels", "ARIMA"),
        ("import numpy as np\nimport statsmodels.api as sm\nm = sm.tsa.statespace.SARIMAX(y)\nfit = m.fit()\n",
         "statsmodels", "SARIMAX"),
        ("from statsmodels.tsa.api import ExponentialSmoothing\nfit = ExponentialSmoothing(y, trend='add').fit()\n",
         "statsmodels", "ExponentialSmoothing"),
        ("import pmdarima as pm\nm = pm.auto_arima(y, seasonal=True, m=12)\n", "pmdarima", "ARIMA"),
        ("from pmdarima.arima import auto_arima\nm = auto_arima(y)\nm.predict(12)\n", "pmdarima", "ARIMA"),
        ("from surprise import SVD, Dataset\nfrom surprise.model_selection import cross_validate\n"
         "algo = SVD()\ncross_validate(algo, Dataset.load_builtin('ml-100k'))\n", "Surprise", "SVD"),
        ("from surprise import KNNBasic, Dataset\nd = Dataset.load_builtin('ml-100k')\nm = KNNBasic()\n"
         "m.fit(d.build_full_trainset())\n", "Surprise", "KNNBasic"),
        ("import nltk\nc = nltk.NaiveBayesClassifier.train(features[:1900])\n", "NLTK", "NaiveBayesClassifier"),
        ("from nltk.classify import MaxentClassifier\nc = MaxentClassifier.train(f)\n", "NLTK", "MaxentClassifier"),
    ],
)  # fmt: skip
def test_models_of_series_ratings_and_words(text: str, framework: str, arch: str) -> None:
    facts = read(text)
    assert facts.is_model and (facts.framework, facts.arch) == (framework, arch)


@pytest.mark.parametrize(
    "text",
    [
        "from statsmodels.tsa.stattools import adfuller\nprint(adfuller(y))\nmodel.fit(y)\n",
        "from statsmodels.tsa.seasonal import seasonal_decompose\nseasonal_decompose(y).plot()\n",
        "from statsmodels.formula.api import ols\nimport statsmodels.api as sm\n"
        "m = ols('a ~ b', data=d).fit()\nsm.stats.anova_lm(m)\n",
        "import nltk\nfrom nltk.corpus import stopwords\nnltk.download('punkt')\nd.fit(stopwords.words('english'))\n",
        "from surprise import Dataset, Reader\nd = Dataset.load_from_df(df, Reader())\n",
    ],
)
def test_what_only_looks_at_series_and_words_trains_none(text: str) -> None:
    assert not read(text).is_model


def test_series_beside_estimators_that_are_compared() -> None:
    text = """
from sklearn.linear_model import LinearRegression
from sklearn.ensemble import RandomForestRegressor
from statsmodels.tsa.arima.model import ARIMA
for model in (LinearRegression(), RandomForestRegressor()):
    model.fit(X, y)
ARIMA(y, order=(1, 1, 1)).fit()
"""
    facts = read(text)
    assert facts.framework == "scikit-learn"
    assert facts.arch == "LinearRegression / RandomForestRegressor / ARIMA"


@pytest.mark.parametrize(
    "text",
    [
        "from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(X)\n",
        "import torch, unittest\nfrom torch import nn\nclass T(unittest.TestCase):\n    def test_a(self):\n"
        "        m = nn.Sequential(nn.Linear(1, 2), nn.Linear(2, 1))\n        m(torch.zeros(1)).backward()\n",
        "import torch\nfrom torch import nn\ndef test_it():\n    nn.Linear(1, 2)\n    nn.Linear(2, 3)\n",
        "import torch\nimport matplotlib.pyplot as plt\nplt.plot(torch.load('losses.pt'))\n",
    ],
)
def test_what_trains_no_model_is_none(text: str) -> None:
    assert not read(text).is_model


def test_a_class_that_tests_the_network_of_a_script_which_trains() -> None:
    tester = "class Tester:\n    def __init__(self, size):\n        self.size = size\n"
    tester += "    def test_net(self):\n        Net()(0)\n"
    net = "import torch\nfrom torch import nn\nclass Net(nn.Module):\n"
    net += "    def __init__(self):\n        self.l = nn.Linear(1, 2)\n"
    train = "net = Net()\no = torch.optim.SGD(net.parameters(), lr=0.1)\nfor epoch in range(9):\n    o.step()\n"
    assert read(net + tester + train).lr == 0.1
    assert not read(net + tester.replace("def __init__", "def set_up") + train).is_model


def test_a_keras_model_that_is_wrapped_as_an_estimator() -> None:
    facts = read(
        "from keras.models import Sequential\nfrom keras.layers import Dense\nfrom keras import optimizers\n"
        "from keras.wrappers.scikit_learn import KerasClassifier\ndef net():\n    model = Sequential()\n"
        "    model.add(Dense(9))\n    model.compile('adam', 'mse')\n    return model\n"
        "model = KerasClassifier(build_fn=net, epochs=200, batch_size=50, verbose=1)\nmodel.fit(x, y)\n"
    )
    assert (facts.batch, facts.epochs, facts.optimizer) == (50, 200, "Adam")


def test_a_rate_that_a_function_of_the_step_lets_decline() -> None:
    facts = read(
        "import jax, optax\nfrom flax.training.train_state import TrainState\ndef make_train(config):\n"
        "    def linear(count):\n        frac = 1.0 - count / config['UPDATES']\n        return config['LR'] * frac\n"
        "    def train(rng):\n        tx = optax.adam(learning_rate=linear)\n"
        "        state = TrainState.create(apply_fn=f, params=p, tx=tx)\n        for _ in range(3):\n"
        "            state = state.apply_gradients(grads=jax.grad(loss)(state.params))\n    return train\n"
        "config = {'LR': 2.5e-4, 'UPDATES': 10}\ntrain = jax.jit(make_train(config))\ntrain(0)\n"
    )
    assert facts.lr == 2.5e-4


def test_jax_with_data_from_tensorflow() -> None:
    text = """
import jax, optax, flax.linen as nn
import tensorflow as tf, tensorflow_datasets as tfds
class CNN(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.Conv(32, (3, 3))(x)
        return nn.Dense(10)(x)
def main():
    ds = tfds.load("mnist", split="train").repeat().batch(64)
    model = CNN()
    tx = optax.chain(optax.clip(1.0), optax.adamw(3e-4))
    state = tx.init(model.init(key, x))
    for epoch in range(8):
        for batch in tfds.as_numpy(ds):
            grads = jax.grad(loss)(params, batch)
            updates, state = tx.update(grads, state)
            params = optax.apply_updates(params, updates)
main()
"""
    facts = read(text)
    assert (facts.framework, facts.arch, facts.dataset, facts.batch, facts.lr, facts.optimizer, facts.epochs) == (
        "JAX/Flax", "CNN", "MNIST", 64, 3e-4, "AdamW", 8,
    )  # fmt: skip


def test_the_outline_is_the_model_as_a_tree() -> None:
    text = TORCH.replace("self.b = nn.Linear(64, 10)", "self.b = nn.Sequential(nn.ReLU(), nn.Linear(64, 10))")
    [net] = read(text + LOOP.format(lr=1, batch=2, epochs=3)).outline
    assert (net.what, net.line) == ("Net", 6)
    assert [(part.name, part.what) for part in net.parts] == [("a", "Linear(784, 64)"), ("b", "Sequential")]
    assert [part.what for part in net.parts[1].parts] == ["ReLU()", "Linear(64, 10)"]


def test_a_chain_of_assignments_is_followed_no_further_than_it_may() -> None:
    text = TORCH + "x = 1\n" + "x = x + 1\n" * 5000 + LOOP.format(lr="x", batch=2, epochs=3)
    facts = read(text)
    assert facts.lr is None and facts.batch == 2
