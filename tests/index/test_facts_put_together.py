"""Values that a script puts together or hands on by a way of its own: texts, partial functions, steps back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TORCH = "import torch\nfrom torch import nn, optim\nfrom torch.utils.data import DataLoader\n"
NET = f"{TORCH}net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))\n"
LOOP = "for epoch in range(3):\n    net(x).backward()\n    o.step()\n"
STEP = f"o = optim.Adam(net.parameters(), lr=0.1)\n{LOOP}"
ARGUMENTS = "from argparse import ArgumentParser\np = ArgumentParser()\n"
TF1 = "import tensorflow as tf\nnet = tf.layers.dense(tf.layers.dense(x, 2), 1)\n"


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


ALONE: dict[str, tuple[str, dict[str, Any]]] = {
    "options written as f-strings, given back as a dict": (
        f"{NET}{ARGUMENTS}p.add_argument(f'--lr', type=float, default=0.02)\n"
        "def parse_args():\n    return vars(p.parse_args())\nargs = parse_args()\n"
        f"o = optim.Adam(net.parameters(), args['lr'])\n{LOOP}",
        {"lr": 0.02, "optimizer": "Adam"},
    ),
    "the step back of a diffusion is none of its training": (
        f"{NET}{STEP}def sample(ddpm, n):\n    for t in range(n):\n        ddpm.backward(x, t)\nsample(net, 100)\n",
        {"lr": 0.1, "optimizer": "Adam", "epochs": 3},
    ),
    "epochs that go on from the last one": (
        f"{NET}o = optim.Adam(net.parameters(), lr=0.1)\ndef train(epochs=None):\n    epochs = epochs or 20\n"
        "    if resumed():\n        epoch = load()['epoch']\n    else:\n        epoch = 1\n"
        "    for epoch in range(epoch, epochs + 1):\n        net(x).backward()\n        o.step()\ntrain()\n",
        {"epochs": 20},
    ),
    "an operation that takes the steps, made with its optimizer": (
        f"{TF1}train = tf.contrib.layers.optimize_loss(loss, step, learning_rate=0.03, optimizer='Adam')\n"
        "current = session.run(epoch_step)\nfor epoch in range(current, 15):\n    session.run([loss, train])\n",
        {"lr": 0.03, "optimizer": "Adam", "epochs": 15},
    ),
    "an operation of TF-Slim": (
        f"{TF1}o = tf.train.MomentumOptimizer(0.02, 0.9)\nop = slim.learning.create_train_op(loss, o)\n"
        "for epoch in range(5):\n    session.run([op])\n",
        {"lr": 0.02, "optimizer": "Momentum", "epochs": 5},
    ),
    "a step that a strategy runs": (
        "import tensorflow as tf\nfrom tensorflow.keras.optimizers import Adam\nclass Trainer:\n"
        "    def __init__(self):\n        self.net = tf.keras.Sequential([tf.keras.layers.Dense(2)])\n"
        "        self.opt = Adam(lr=0.002)\n    def step(self, x):\n        self.opt.apply_gradients(grads(x))\n"
        "    def train(self):\n        for epoch in range(7):\n            strategy.run(self.step, args=(x,))\n"
        "Trainer().train()\n",
        {"lr": 0.002, "optimizer": "Adam", "epochs": 7},
    ),
    "an optimizer and a loader that are given some of what they take": (
        f"{NET}from functools import partial\nmake = partial(optim.SGD, lr=0.3)\n"
        "serve = partial(DataLoader, batch_size=16, shuffle=True)\no = make(net.parameters())\nloader = serve(data)\n"
        "for epoch in range(4):\n    for x in loader:\n        net(x).backward()\n        o.step()\n",
        {"lr": 0.3, "optimizer": "SGD", "batch": 16, "epochs": 4},
    ),
    "a function of the script that is given some of what it takes": (
        f"{NET}import functools\ndef run(rate, epochs):\n    o = optim.Adam(net.parameters(), lr=rate)\n"
        "    for epoch in range(epochs):\n        net(x).backward()\n        o.step()\n"
        "train = functools.partial(run, 0.05)\ntrain(epochs=6)\n",
        {"lr": 0.05, "epochs": 6},
    ),
    "what an estimator is fed by a function given its settings": (
        "import tensorflow as tf\nimport functools\ndef input_fn(files, params):\n"
        "    data = tf.data.TextLineDataset(files).repeat(params['epochs'])\n"
        "    return data.batch(params['batch_size'])\ndef model_fn(features, labels, mode, params):\n"
        "    x = tf.layers.dense(tf.layers.dense(features, 2), 1)\n"
        "    o = tf.train.AdamOptimizer(params['lr'])\n    return tf.estimator.EstimatorSpec(mode, o.minimize(x))\n"
        "settings = {'epochs': 25, 'batch_size': 20, 'lr': 0.01}\n"
        "feed = functools.partial(input_fn, 'train.txt', params=settings)\n"
        "e = tf.estimator.Estimator(model_fn, 'out', None, settings)\ne.train(input_fn=feed)\n",
        {"epochs": 25, "batch": 20, "lr": 0.01},
    ),
    "an optimizer that optax puts together": (
        "import jax, optax\nimport flax.linen as nn\nclass Net(nn.Module):\n    def __call__(self, x):\n"
        "        return nn.Dense(2)(x)\no = optax.chain(optax.clip(1.0), optax.scale_by_adam(), optax.scale(-0.001))\n"
        "for epoch in range(2):\n    u, s = o.update(jax.grad(loss)(p), s)\n    p = optax.apply_updates(p, u)\n",
        {"lr": 0.001, "optimizer": "Adam"},
    ),
    "a module of MXNet": (
        "import mxnet as mx\nfeed = mx.io.NDArrayIter(x, y, 32, shuffle=True)\nnet = mx.mod.Module(symbol=s)\n"
        "net.init_optimizer(optimizer='sgd', optimizer_params={'learning_rate': 0.4})\n"
        "net.fit(train_data=feed, num_epoch=40)\n",
        {"lr": 0.4, "optimizer": "SGD", "batch": 32, "epochs": 40},
    ),
    "the rate that a function of the epoch starts from": (
        f"{NET}from tools import learning_rate\nlr = 0.2\nfor epoch in range(9):\n"
        "    o = optim.SGD(net.parameters(), lr=learning_rate(lr, epoch))\n    net(x).backward()\n    o.step()\n",
        {"optimizer": "SGD", "lr": 0.2},
    ),
    "a path that is filled in": (
        f"{NET}name = 'proteins'\nreader = Reader('./data/%s/' % name.upper())\n{STEP}", {"dataset": "PROTEINS"},
    ),
    "a path that is put together": (
        f"{NET}import os\nROOT = '/mnt/datasets'\ndata = Folder(os.path.join(ROOT, 'celeba', split))\n{STEP}",
        {"dataset": "CelebA"},
    ),
    "a path that is put together of what is not known": (
        f"{NET}data = load(f'{{root}}/datasets/cityscapes/{{split}}')\n{STEP}", {"dataset": "Cityscapes"},
    ),
    "a table in a folder": (
        f"{NET}import pandas as pd\nframe = pd.read_csv('./data/adult.csv')\n{STEP}", {"dataset": "Adult"},
    ),
    "a name of its own in TensorFlow Datasets": (
        "import tensorflow as tf\nimport tensorflow_datasets as tfds\ndata = tfds.load('custom_celeba')\n"
        "m = tf.keras.Sequential([tf.keras.layers.Dense(1)])\nm.compile('sgd', 'mse')\nm.fit(data)\n",
        {"dataset": "CelebA"},
    ),
    "what only tests": (
        f"from tools import get_lfw_list\n{NET}Faces(opt.root)\npairs = get_lfw_list(opt.lfw_test_list)\n{STEP}",
        {"dataset": None},
    ),
    "a loader that was commented out": (
        f"# from tflearn.datasets import imdb\n{NET}{STEP}", {"dataset": None},
    ),
    "pairs that a generator makes of what a loader serves": (
        "import tensorflow as tf\nm = tf.keras.Sequential([tf.keras.layers.Dense(1)])\nbatch_size = 500\n"
        "served = made.train_generator(batch_size)\nserved = ((x, x) for x, _ in served)\n"
        "m.compile('sgd', 'mse')\nm.fit_generator(served, epochs=2)\n",
        {"batch": 500, "epochs": 2},
    ),
    "a wrapped network that a class is handed": (
        f"{TORCH}class Flow(nn.Module):\n    def __init__(self, net: nn.Module):\n        super().__init__()\n"
        "        self.net = net\n    def forward(self, x):\n        return self.net(x) - x\n",
        {"is_model": True, "arch": "Flow"},
    ),
    "a mean of weights is no network": (
        f"{TORCH}class EMA(nn.Module):\n    def __init__(self, model):\n        super().__init__()\n"
        "        self.model = model\n    def forward(self, x):\n        return self.model(x)\n",
        {"is_model": False},
    ),
    "a module of Flax that has another": (
        "import flax.linen as nn\nimport jax\nclass Potential(nn.Module):\n    model: nn.Module\n"
        "    def __call__(self, x):\n        return jax.grad(lambda v: self.model(v).sum())(x)\n",
        {"is_model": True, "framework": "JAX/Flax"},
    ),
    "a module of Flax that sets up those of other files": (
        "from flax import linen as nn\nfrom parts.layer import FeaturesEmbedding, FeaturesLinear\n"
        "class Factorization(nn.Module):\n    def setup(self):\n        self.embedding = FeaturesEmbedding(8)\n"
        "        self.linear = FeaturesLinear(8)\n    def __call__(self, x):\n"
        "        return self.linear(x) + self.embedding(x).sum()\n",
        {"is_model": True, "framework": "JAX/Flax", "arch": "Factorization"},
    ),
    "a function that Haiku turns into a network": (
        "import haiku as hk\ndef build(actions, units):\n    def q(obs):\n"
        "        return hk.Sequential([hk.Flatten(), hk.nets.MLP([units, actions])])(obs)\n"
        "    return hk.without_apply_rng(hk.transform(q))\n",
        {"is_model": True, "framework": "JAX/Haiku", "arch": "MLP"},
    ),
    "a function of no layers that Haiku turns": (
        "import haiku as hk\ndef f(x):\n    return x * 2\ng = hk.transform(f)\n",
        {"is_model": False},
    ),
    "a network within a module of TorchRL": (
        f"{TORCH}from tensordict.nn import TensorDictModule as TDM, TensorDictSequential as Seq\n"
        "from torchrl.modules import MLP\nfrom torchrl.objectives import DDPGLoss\nmlp = MLP(out_features=2)\n"
        "actor = TDM(mlp, in_keys=['observation'])\npolicy = Seq(actor, TDM(nn.Tanh(), in_keys=['raw']))\n"
        "loss = DDPGLoss(policy, critic)\no = optim.Adam(policy.parameters(), lr=0.1)\n"
        "for epoch in range(3):\n    loss(x).backward()\n    o.step()\n",
        {"is_model": True, "arch": "MLP"},
    ),
    "layers within a module of TorchRL": (
        f"{NET}from tensordict.nn import TensorDictModule\nfrom torchrl.objectives import DDPGLoss\n"
        "actor = TensorDictModule(net, in_keys=['observation'])\nloss = DDPGLoss(actor_network=actor)\n",
        {"is_model": True, "arch": "MLP"},
    ),
    "a ready network with adapters, for others to train": (
        "from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training\n"
        "from transformers import AutoModelForCausalLM, AutoTokenizer\n"
        "def load(name):\n    net = AutoModelForCausalLM.from_pretrained(name, device_map='auto')\n"
        "    if four_bits:\n        net = prepare_model_for_kbit_training(net)\n"
        "    net = get_peft_model(net, LoraConfig(r=8))\n    return net, AutoTokenizer.from_pretrained(name)\n",
        {"is_model": True, "framework": "PyTorch", "arch": "AutoModelForCausalLM"},
    ),
    "a ready network of which a part is frozen, for others to train": (
        "from transformers import BertForSequenceClassification\ndef build_model(name, frozen=True):\n"
        "    net = BertForSequenceClassification.from_pretrained(name, num_labels=3)\n    if frozen:\n"
        "        for p in net.bert.parameters():\n            p.requires_grad = False\n    return net\n",
        {"is_model": True, "framework": "PyTorch", "arch": "BertForSequenceClassification"},
    ),
    "a ready network that is frozen to be asked": (
        "from transformers import AutoModelForCausalLM\ndef load(name):\n"
        "    net = AutoModelForCausalLM.from_pretrained(name)\n    net.eval()\n    for p in net.parameters():\n"
        "        p.requires_grad = False\n    return net\n",
        {"is_model": False},
    ),
    "a ready network with adapters that is asked": (
        "from peft import PeftModel\nfrom transformers import AutoModelForCausalLM\ndef load(name):\n"
        "    net = AutoModelForCausalLM.from_pretrained(name)\n    return PeftModel.from_pretrained(net, 'out')\n",
        {"is_model": False},
    ),
    "numbers that are kept on a GPU": (
        f"{NET}{STEP}dtype = torch.cuda.FloatTensor\nprint(torch.rand(2).type(dtype))\n",
        {"hw": "GPU"},
    ),
    "numbers that a switch keeps on a GPU": (
        f"{NET}{STEP}dtype = torch.cuda.FloatTensor if cuda else torch.FloatTensor\nif cuda:\n"
        "    other = torch.cuda.FloatTensor\nprint(torch.rand(2).type(dtype))\n",
        {"hw": None},
    ),
    "a network that a trainer makes by a function": (
        "from transformers import BertForSequenceClassification as Bert, Trainer, TrainingArguments\n"
        "def model_init():\n    return Bert.from_pretrained('bert-base-uncased', num_labels=2)\n"
        "Trainer(model_init=model_init, args=TrainingArguments('out', num_train_epochs=3)).train()\n",
        {"is_model": True, "arch": "BertForSequenceClassification", "epochs": 3},
    ),
    "a network that a trainer makes by a method": (
        "from transformers import BertForSequenceClassification as Bert, Trainer, TrainingArguments\nclass Engine:\n"
        "    def model_init(self):\n        return Bert.from_pretrained(self.name, num_labels=2)\n"
        "    def load(self):\n        self.trainer = Trainer(\n            model_init=self.model_init,\n"
        "            args=TrainingArguments('out', num_train_epochs=3),\n        )\n"
        "    def train(self):\n        self.load()\n        self.trainer.train()\n",
        {"is_model": True, "arch": "BertForSequenceClassification", "epochs": 3},
    ),
    "an agent of JAX with the networks of other files": (
        "import jax, optax\nfrom agents import Family\nclass DoubleDQN(Family):\n    def step(self, p, s, batch):\n"
        "        loss, g = jax.value_and_grad(self.loss)(p, batch)\n"
        "        u, s = self.optimizer.update(g, s)\n        return optax.apply_updates(p, u), s\n",
        {"is_model": True, "arch": "DoubleDQN"},
    ),
    "how much an agent asks of its memory": (
        f"{TORCH}from nets import Q\nclass Agent:\n    def __init__(self, batch_size=100):\n"
        "        self.batch_size = batch_size\n        self.q = Q()\n    def learn(self):\n"
        "        x = self.memory.sample_buffer(self.batch_size)\n        loss(self.q(x)).backward()\n"
        "        self.q.optimizer.step()\n",
        {"batch": 100, "optimizer": None},
    ),
    "a network of matrices": (
        "import tensorflow as tf\ndef decode(x, n):\n    with tf.variable_scope('decoder'):\n"
        "        w = tf.get_variable('w', [n, n])\n        h = tf.nn.tanh(tf.matmul(x, w))\n"
        "        return tf.nn.softmax(tf.matmul(h, tf.get_variable('v', [n, 2])))\n",
        {"is_model": True},
    ),
    "a descent by its velocity, of one rate among the same": (
        "import numpy as np\ndef forward(w, x):\n    return 1 / (1 + np.exp(-x @ w))\nrates = [0.02, 0.02]\n"
        "for trial in range(2):\n    eta = rates[trial]\n    w = np.random.normal(size=(3, 1))\n"
        "    for epoch in range(100):\n        delta = eta * x.T @ (t - forward(w, x))\n"
        "        w += delta + 0.9 * before\n        before = delta\n",
        {"is_model": True, "lr": 0.02, "epochs": 100, "optimizer": "SGD"},
    ),
    "a network that is called as the function which builds it": (
        "from keras.models import *\nfrom keras.layers import *\ndef conv_block(x):\n    return Conv2D(8, 3)(x)\n"
        "def MobileNetUnet(classes):\n    x = Input((8, 8, 3))\n    o = Dense(classes)(conv_block(x))\n"
        "    model = Model(x, o)\n    return model\n",
        {"arch": "MobileNetUnet"},
    ),
    "the codes of words and of labels are no autoencoder": (
        f"{NET}words = [w.encode() for w in line.split()]\ny = onehot_encode(labels)\n"
        f"tags = crf_decode(net(x))\n{STEP}",
        {"arch": "MLP"},
    ),
    "a training whose history is kept": (
        f"{TORCH}from agents import DQN\nagent = DQN(lr=0.01)\nepisodes = agent.train(save_best=False)\n",
        {"is_model": True, "arch": "DQN", "lr": 0.01},
    ),
    "a folder of data that has a name": (
        f"{NET}paths = get_clap_paths('../../data/FilmClap')\n{STEP}", {"dataset": "FilmClap"},
    ),
    "a folder on a disk that is called data": (
        f"{NET}paths = load_images('/data/anna/faces')\n{STEP}", {"dataset": None},
    ),
    "a table that what makes the data is given": (
        f"{NET}from tables import create_loaders\nTABLE = 'fer2013.csv'\nloader = create_loaders(TABLE, 64)\n{STEP}",
        {"dataset": "FER2013"},
    ),
    "a folder of any data": (
        f"{NET}paths = load_images('../data/TrainImages')\n{STEP}", {"dataset": None},
    ),
    "a folder that a constant leads to": (
        f"{NET}import os\nROOT = os.path.join(os.getcwd(), 'ISBI2012')\nIMAGES_DIR = os.path.join(ROOT, 'train')\n"
        f"data = TrainDataset(images=IMAGES_DIR)\n{STEP}",
        {"dataset": "ISBI2012"},
    ),
    "a folder that is handed over as such": (
        f"{NET}data = LitDataModule(data_dir='cats_dogs_light')\n{STEP}", {"dataset": "CatsVsDogs"},
    ),
    "one of several that a name says": (
        f"{NET}from torchvision import datasets\ndataset = 'cifar10'\ndef mnist():\n    return datasets.MNIST('d')\n"
        "def cifar():\n    return datasets.CIFAR10('d')\nloaders = {'mnist': mnist, 'cifar10': cifar}\n"
        f"data = loaders[dataset]()\nmnist()\ncifar()\n{STEP}",
        {"dataset": "CIFAR10"},
    ),
    "an optimizer of the first Flax": (
        "import jax\nimport flax\nfrom flax import nn\nclass Net(nn.Module):\n    def apply(self, x):\n"
        "        return nn.Dense(x, 2)\no = flax.optim.Adam(learning_rate=0.002).create(model)\n@jax.jit\n"
        "def train(o, x):\n    g = jax.grad(loss)(o.target)\n    return o.apply_gradient(g)\n"
        "for epoch in range(11):\n    for x in data:\n        o = train(o, x)\n",
        {"epochs": 11},
    ),
    "a loader of the project that is given the size by place": (
        f"{NET}from tools import OwnDataLoader\nbatch_size = 24\nloader = OwnDataLoader(data, words, batch_size)\n"
        "o = optim.Adam(net.parameters(), lr=0.1)\nfor epoch in range(3):\n    for x in loader:\n"
        "        net(x).backward()\n        o.step()\n",
        {"batch": 24},
    ),
    "a class of any data": (
        f"{NET}from data import PairedImageDataset\ndata = PairedImageDataset(root)\n{STEP}", {"dataset": None},
    ),
    "a data set of torchtext": (
        f"{NET}from torchtext.legacy import data, datasets\ntrain, test = datasets.UDPOS.splits(fields)\n"
        f"a, b = data.BucketIterator.splits((train, test), batch_size=8)\n{STEP}",
        {"dataset": "UDPOS"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ALONE)
def test_a_script_alone(case: str) -> None:
    text, wanted = ALONE[case]
    facts = read(text)
    assert {field: getattr(facts, field) for field in wanted} == wanted


def test_settings_in_sections(tmp_path: Path) -> None:
    (tmp_path / "train.ini").write_text("[train]\nlr = 0.02 ; of Adam\nBATCH=16\nepochs: 7\n", encoding="utf-8")
    path = tmp_path / "script.py"
    text = (
        f"{NET}import configparser\nconfig = configparser.ConfigParser()\nconfig.read('train.ini')\n"
        "o = optim.Adam(net.parameters(), lr=float(config['train']['lr']))\n"
        "loader = DataLoader(data, batch_size=config.getint('train', 'BATCH'))\n"
        "for epoch in range(config['train'].getint('epochs')):\n    for x in loader:\n"
        "        net(x).backward()\n        o.step()\n"
    )
    facts = extract(parse(path, text.encode()), Configs(path))
    assert (facts.lr, facts.batch, facts.epochs) == (0.02, 16, 7)


@pytest.mark.parametrize(
    ("body", "lr"),
    [
        ("for key, value in kwargs.items():\n            setattr(self, key, value)", 0.3),
        ("self.__dict__.update(kwargs)", 0.3),
        ("self.name = kwargs['name']", 0.1),
    ],
)
def test_settings_that_an_object_takes_by_any_name(body: str, lr: float) -> None:
    facts = read(
        f"{NET}class Settings:\n    lr = 0.1\n    def __init__(self, **kwargs):\n        {body}\n"
        f"s = Settings(lr=0.3, name='a')\n{STEP.replace('0.1', 's.lr')}"
    )
    assert facts.lr == lr


@pytest.mark.parametrize("kept", ["[train]\nepochs = 7\n", "[other]\nbatch = 2\n", None])
def test_a_setting_in_a_section_falls_back_on_what_the_script_says(tmp_path: Path, kept: str | None) -> None:
    if kept is not None:
        (tmp_path / "train.ini").write_text(kept, encoding="utf-8")
    path = tmp_path / "script.py"
    text = (
        f"{NET}import configparser\nconfig = configparser.ConfigParser()\nconfig.read('train.ini')\n"
        "o = optim.Adam(net.parameters(), lr=config.getfloat('train', 'lr', fallback=2e-4))\n"
        "loader = DataLoader(data, batch_size=config.getint('train', 'batch', fallback=128))\n"
        "for epoch in range(config['train'].getint('epochs', fallback=9)):\n    for x in loader:\n"
        "        net(x).backward()\n        o.step()\n"
    )
    facts = extract(parse(path, text.encode()), Configs(path))
    assert (facts.lr, facts.batch, facts.epochs) == (2e-4, 128, 7 if kept and "train" in kept else 9)


def test_data_that_settings_beside_a_script_lead_to(tmp_path: Path) -> None:
    settings = (
        "class Hyperparams:\n    data = '/mnt/voice/LJSpeech-1.0'\n    test_data = '/mnt/voice/VCTK'\n    lr = 0.3\n"
    )
    (tmp_path / "hyperparams.py").write_text(settings, encoding="utf-8")
    path = tmp_path / "script.py"
    text = f"{NET}from hyperparams import Hyperparams as hp\n{STEP.replace('0.1', 'hp.lr')}"
    facts = extract(parse(path, text.encode()), Configs(path))
    assert (facts.dataset, facts.lr) == ("LJSpeech", 0.3)
    assert facts.evidence["dataset_from"] == "hyperparams.py:2"
