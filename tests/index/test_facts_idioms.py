"""Idioms of unseen repositories, each as small as it comes: what the script says, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TORCH = "import torch\nfrom torch import nn, optim\n"
NET = f"{TORCH}net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))\n"
LOOP = (
    "o = optim.Adam(net.parameters(), lr=0.1)\nfor epoch in range(3):\n    net(x.to(device)).backward()\n    o.step()\n"
)
KERAS = "import tensorflow as tf\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(2), tf.keras.layers.Dense(1)])\n"
FIT = "model.compile('sgd', 'mse')\nmodel.fit(x, y, epochs=2)\n"


def read(text: str, folder: Path | None = None, **beside: str) -> ScriptFacts:
    path = Path("script.py")
    if folder is not None:
        path = folder / "script.py"
        for name, other in beside.items():
            file = folder / f"{name.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(other.encode())
    return extract(parse(path, text.encode()), Configs(path) if folder is not None else None)


ALONE: dict[str, tuple[str, dict[str, Any]]] = {
    "a device that is set, and its kind": (
        f"{NET}device = 'cuda'\ndtype = 'bf16' if torch.cuda.is_available() else 'fp16'\n"
        f"kind = 'cuda' if 'cuda' in device else 'cpu'\n{LOOP}",
        {"hw": "GPU"},
    ),
    "where the parts of a ready network go": (
        f"{NET}device_map = 'auto'\ndevice = pick()\nmany = torch.cuda.device_count() > 1\n{LOOP}",
        {"hw": None},
    ),
    "GPUs that are told to take memory as they need it": (
        f"{KERAS}for gpu in tf.config.list_physical_devices('GPU'):\n"
        f"    tf.config.experimental.set_memory_growth(gpu, True)\n{FIT}",
        {"hw": None},
    ),
    "a number of GPUs": (
        f"{TORCH}import lightning as pl\nt = pl.Trainer(gpus=1 if torch.cuda.is_available() else 0)\nt.fit(m)\n",
        {"hw": "CPU/GPU"},
    ),
    "where memories lie": (
        "import jax\nimport optax\nmemory = ReplayBuffer(10, device='cpu')\no = optax.adam(0.1)\n"
        "for step in range(3):\n    updates, s = o.update(jax.grad(loss)(p), s)\n",
        {"hw": None},
    ),
    "a rate that the session is given": (
        "import tensorflow as tf\nrate = tf.placeholder(tf.float32)\n"
        "train = tf.train.AdamOptimizer(rate).minimize(loss)\nlr = 1e-4\n"
        "for epoch in range(5):\n    sess.run(train, feed_dict={x: 1, rate: lr})\n",
        {"lr": 1e-4, "optimizer": "Adam", "epochs": 5},
    ),
    "a network of two that it is given": (
        f"{TORCH}class Seq2Seq(nn.Module):\n    def __init__(self, encoder, decoder):\n        super().__init__()\n"
        "        self.encoder = encoder\n        self.decoder = decoder\n"
        "    def forward(self, x):\n        return self.decoder(self.encoder(x))\n",
        {"is_model": True, "arch": "Seq2Seq"},
    ),
    "a measure of what it is given": (
        f"{TORCH}class Both(nn.Module):\n    def __init__(self, loss_a, loss_b):\n        super().__init__()\n"
        "        self.loss_a = loss_a\n        self.loss_b = loss_b\n"
        "    def forward(self, x):\n        return self.loss_a(x) + self.loss_b(x)\n",
        {"is_model": False},
    ),
    "estimators that are compared": (
        "from sklearn.svm import SVC\nfrom sklearn.naive_bayes import GaussianNB\n"
        "for model in (SVC(), GaussianNB(), SVC(C=2)):\n    model.fit(x, y)\n",
        {"arch": "SVC / GaussianNB"},
    ),
    "an estimator by a star import": (
        "from helpers import *\nmodel = XGBClassifier(learning_rate=0.3)\nmodel.fit(x, y)\n",
        {"framework": "XGBoost", "arch": "XGBClassifier", "lr": 0.3},
    ),
    "a few networks for others to train": (
        f"{TORCH}"
        + "".join(
            f"class {name}(nn.Module):\n    def __init__(self):\n        self.l = nn.Linear(2, 2)\n"
            "    def forward(self, x):\n        return self.l(x)\n"
            for name in ("ConvBlock", "UNet", "UNetSmall")
        ),
        {"arch": "UNet / UNetSmall"},
    ),
    "a step of TensorFlow that another file repeats": (
        "import tensorflow as tf\ndef train_step(model, optimizer, x):\n    with tf.GradientTape() as tape:\n"
        "        loss = model(x)\n    grads = tape.gradient(loss, model.trainable_variables)\n"
        "    optimizer.apply_gradients(zip(grads, model.trainable_variables))\n",
        {"is_model": True, "framework": "Keras/TensorFlow"},
    ),
    "gradients that are only shown": (
        "import tensorflow as tf\ndef saliency(model, x):\n    with tf.GradientTape() as tape:\n"
        "        loss = model(x)\n    return tape.gradient(loss, x)\n",
        {"is_model": False},
    ),
    "a network of another file by what it is called": (
        f"{TORCH}from ssl import SimCLR\nfrom tools import load_optimizer\nmodel = SimCLR(50)\n"
        "optimizer = load_optimizer(model)\ndef train(model, optimizer):\n    model(1).backward()\n"
        "    optimizer.step()\nfor epoch in range(4):\n    train(model, optimizer)\n",
        {"arch": "SimCLR", "epochs": 4},
    ),
    "a network of skorch by a class of the script": (
        f"{TORCH}from skorch import NeuralNet\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        self.l = nn.Linear(2, 2)\n    def forward(self, x):\n        return self.l(x)\n"
        "class Own(NeuralNet):\n    pass\nnet = Own(Net, max_epochs=20, lr=0.02, iterator_train__batch_size=16)\n"
        "Search(net, {'lr': [1, 2], 'net__optimizer': optim.SGD}).fit(x, y)\n",
        {"arch": "Net", "batch": 16, "lr": 0.02, "epochs": 20, "optimizer": "SGD"},
    ),
    "what an estimator is fed": (
        "import tensorflow as tf\ndef feed():\n    return tf.data.Dataset.range(9).shuffle(9).batch(4)\n"
        "def feed_test():\n    return tf.data.Dataset.range(9).batch(1)\n"
        "model = tf.estimator.DNNClassifier([2], optimizer=tf.train.AdagradOptimizer(0.3))\n"
        "model.train(input_fn=lambda: feed(), steps=9)\nmodel.evaluate(input_fn=feed_test)\n",
        {"arch": "DNNClassifier", "batch": 4, "lr": 0.3, "optimizer": "Adagrad"},
    ),
    "settings of the environment": (
        f"{NET}import os\no = optim.Adam(net.parameters(), lr=float(os.getenv('LR', '0.3')))\n"
        "for epoch in range(int(os.environ.get('EPOCHS', 6))):\n    net(1).backward()\n    o.step()\n",
        {"lr": 0.3, "epochs": 6},
    ),
    "settings that are handed over with the function": (
        f"{NET}def train(rank, config):\n    o = optim.SGD(net.parameters(), lr=config['lr'])\n"
        "    for epoch in range(config['n']):\n        net(1).backward()\n        o.step()\n"
        "def run(lr=0.4, n=8):\n    config = locals()\n    Parallel().run(train, config)\nrun()\n",
        {"lr": 0.4, "epochs": 8},
    ),
    "settings that are spread": (
        "from argparse import Namespace\nfrom lightning import Trainer\nfrom lit import Lit, Data\n"
        "c = Namespace(t=Namespace(max_epochs=10), m=Namespace(lr=2e-5), d=Namespace(train_batch_size=64))\n"
        "Trainer(**vars(c.t)).fit(Lit(**vars(c.m)), datamodule=Data(**vars(c.d)))\n",
        {"lr": 2e-5, "batch": 64, "epochs": 10},
    ),
    "arguments of transformers that are spread": (
        "from transformers import Trainer, TrainingArguments\ncfg = dict(learning_rate=2e-5, num_train_epochs=3)\n"
        "Trainer(model=m, args=TrainingArguments('out', **cfg)).train()\n",
        {"lr": 2e-5, "epochs": 3},
    ),
    "an optimizer of timm by its name": (
        f"{TORCH}import timm\nfrom timm.optim import create_optimizer_v2\nmodel = timm.create_model('resnet50')\n"
        "o = create_optimizer_v2(model, opt='adamw', lr=1e-3)\n"
        "for epoch in range(3):\n    model(1).backward()\n    o.step()\n",
        {"arch": "resnet50", "optimizer": "AdamW", "lr": 1e-3},
    ),
    "a generator by name": (
        "from keras.models import Sequential\nfrom keras.layers import Dense\n"
        "model = Sequential([Dense(2), Dense(1)])\nmodel.compile('adam', 'mse')\n"
        "def load(path, size=32):\n    return images.flow_from_directory(path, batch_size=size)\n"
        "train = load('x')\nmodel.fit_generator(generator=train, nb_epoch=3)\n",
        {"batch": 32, "epochs": 3},
    ),
    "what holds networks by their names": (
        f"{TORCH}from munch import Munch\nnets = Munch(g=make(), d=make())\n"
        "o = optim.Adam(nets.parameters(), lr=0.1)\nfor epoch in range(3):\n    nets.g(x).backward()\n    o.step()\n",
        {"arch": None, "lr": 0.1},
    ),
}


@pytest.mark.parametrize(("text", "expected"), ALONE.values(), ids=ALONE.keys())
def test_a_script_alone(text: str, expected: dict[str, Any]) -> None:
    found = read(text)
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_base_of_a_file_with_windows_line_ends(tmp_path: Path) -> None:
    base = "import pytorch_lightning as pl\r\nclass Base(pl.LightningModule):\r\n    pass\r\n"
    text = (
        f"{TORCH}from base import Base\nclass Lit(Base):\n    def training_step(self, b):\n        return self.net(b)\n"
    )
    assert read(text, tmp_path, base=base).framework == "PyTorch Lightning"


LOADERS = "from torchvision import datasets\n{before}def load_other(n):\n    return mine(n)\n"


@pytest.mark.parametrize(
    ("before", "dataset"),
    [("def load_mnist(n):\n    return datasets.MNIST(n)\n", None),
     ("def load_mnist(n):\n    return datasets.MNIST(n)\ndef mine(n):\n    return load_mnist(n)\n", "MNIST"),
     ("def mine(n):\n    return datasets.MNIST(n)\n", "MNIST"),
     ("DATA = datasets.MNIST('.')\n", "MNIST")],
)  # fmt: skip
def test_what_another_function_of_the_module_loads(tmp_path: Path, before: str, dataset: str | None) -> None:
    text = f"{NET}from loaders import load_other\ntrain = load_other(2)\n{LOOP.replace('device', '0')}"
    assert read(text, tmp_path, loaders=LOADERS.format(before=before)).dataset == dataset


def test_a_choice_of_which_one_dataset_is_unknown(tmp_path: Path) -> None:
    loader = "def load_data(dataset):\n    if dataset == 'CelebA':\n        return a()\n"
    loader += "    elif dataset == 'Birds9':\n        return b()\n"
    text = f"{NET}from loaders import load_data\ntrain = load_data(pick())\n{LOOP.replace('device', '0')}"
    assert read(text, tmp_path, loaders=loader).dataset is None


def test_settings_of_a_named_file_however_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("train:\n  batch_size: 48\n  lr: 3e-3\nepochs: 7\n")
    text = (
        f"{NET}from tools import hook\nfor k, v in hook('./config.yaml').items():\n    parser.add(k, default=v)\n"
        "args = parser.parse_args()\nloader = torch.utils.data.DataLoader(d, batch_size=args.batch_size)\n"
        "o = optim.Adam(net.parameters(), lr=args['lr'])\n"
        "for epoch in range(args.epochs):\n    for x in loader:\n        net(x).backward()\n        o.step()\n"
    )
    found = read(text, tmp_path)
    assert (found.batch, found.lr, found.epochs) == (48, 3e-3, 7)


def test_a_network_that_is_fitted_to_its_own_input_is_an_autoencoder_and_fitting_pictures_trains_none() -> None:
    found = read(f"{KERAS}{FIT.replace('x, y', 'x, x')}")
    assert {tag.name for tag in found.tags} == {"autoencoder", "mlp"}
    assert "autoencoder" not in {tag.name for tag in read(f"{KERAS}{FIT}").tags}
    sized = "from PIL import ImageOps\npictures = [ImageOps.fit(one, (28, 28)) for one in all]\n"
    assert [stage.epochs for stage in read(f"{KERAS}{sized}{FIT}").stages] == [2]


def test_a_trainer_that_a_function_of_another_library_starts() -> None:
    found = read(
        "from transformers import Trainer, TrainingArguments\nfrom unsloth import FastModel, unsloth_train\n"
        "net, words = FastModel.from_pretrained('llama')\n"
        "args = TrainingArguments(num_train_epochs=3, per_device_train_batch_size=8, learning_rate=2e-4)\n"
        "unsloth_train(Trainer(model=net, args=args))\n"
    )
    assert (found.epochs, found.batch, found.lr) == (3, 8, 2e-4)


@pytest.mark.parametrize("name", ["testDataLoader", "testLoader", "val_loader"])
def test_the_batches_of_a_test_are_not_those_of_a_training(name: str) -> None:
    given = f"{name} = DataLoader(data, batch_size=10)\n"
    found = read(f"{NET}from torch.utils.data import DataLoader\n{given}{LOOP.replace('device', '0')}")
    assert found.batch is None


def test_attention_over_convolutions_is_no_residual_network() -> None:
    attends = (
        "class Attend(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.query_conv = nn.Conv2d(8, 1, 1)\n        self.key_conv = nn.Conv2d(8, 1, 1)\n"
        "        self.value_conv = nn.Conv2d(8, 8, 1)\n        self.softmax = nn.Softmax(dim=-1)\n"
        "    def forward(self, x):\n"
        "        seen = self.softmax(torch.bmm(self.query_conv(x), self.key_conv(x)))\n"
        "        out = x + torch.bmm(self.value_conv(x), seen)\n        return out\n"
    )
    assert {tag.name for tag in read(f"{TORCH}{attends}").tags} == {"cnn", "attention"}


def test_a_perceptron_of_equinox() -> None:
    found = read("import equinox as eqx, jax, optax\nnet = eqx.nn.MLP(2, 1, 64, 4, key=k)\no = optax.adam(0.1)\n")
    assert [tag.name for tag in found.tags] == ["mlp"]


def test_settings_that_a_named_file_gives_twice(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("generator:\n  lr: 3e-3\ndiscriminator:\n  lr: 1e-3\n")
    text = f"{NET}args = hook('config.yaml')\n{LOOP.replace('device', '0').replace('0.1', 'args.lr')}"
    assert read(text, tmp_path).lr is None


CHOOSES = (
    "import torch\nimport lightning as pl\nfrom torch import nn, optim\n"
    "class Lit(pl.LightningModule):\n    def __init__(self, name, settings):\n        super().__init__()\n"
    "        self.save_hyperparameters()\n        self.l = nn.Linear(2, 2)\n"
    "    def training_step(self, b, i):\n        return self.l(b)\n"
    "    def configure_optimizers(self):\n        if self.hparams.name == 'adam':\n"
    "            return optim.AdamW(self.parameters(), **self.hparams.settings)\n"
    "        elif self.hparams.name == 'sgd':\n"
    "            return optim.SGD(self.parameters(), **self.hparams.settings)\n"
    "pl.Trainer(max_epochs=9).fit(Lit(name={name}, settings={{'lr': 0.1}}), train)\n"
)


@pytest.mark.parametrize(("name", "optimizer"), [("'sgd'", "SGD"), ("'adam'", "AdamW"), ("pick()", None)])
def test_the_optimizer_that_a_module_is_set_to(name: str, optimizer: str | None) -> None:
    found = read(CHOOSES.format(name=name))
    assert (found.optimizer, found.lr, found.epochs) == (optimizer, 0.1, 9)
