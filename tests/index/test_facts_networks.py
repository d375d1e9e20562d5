"""Networks that other files have, or that no class is: which one a script trains, and what is then stated of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


ELSEWHERE = {
    "an object that trains itself": (
        "import torch\nfrom core.cifar import CIFARClassifier\nc = CIFARClassifier(3, optimizer='adam')\n"
        "c.train(loader, num_epochs=5)\n",
        "CIFARClassifier",
    ),
    "an agent in its game": (
        "import gym\nfrom RL_brain import PolicyGradient\nimport torch\nrl = PolicyGradient(4, learning_rate=0.02)\n"
        "for episode in range(3000):\n    rl.learn()\n",
        "PolicyGradient",
    ),
    "handed the command line": (
        "import tensorflow as tf\nfrom model import DCGAN\nflags = tf.app.flags\n"
        "flags.DEFINE_float('learning_rate', 0.002, '')\nFLAGS = flags.FLAGS\ngan = DCGAN(FLAGS.z)\ngan.train(FLAGS)\n",
        "DCGAN",
    ),
    "chosen by its name": (
        "import argparse, torch, models\nfrom utils import train\nfrom data import make_loaders\n"
        "p = argparse.ArgumentParser()\np.add_argument('--net', default='MalConv')\n"
        "p.add_argument('--batch_size', type=int, default=8)\na = p.parse_args()\nkind = getattr(models, a.net)\n"
        "net = kind(3)\nloader, _ = make_loaders('d', a.batch_size)\ntrain(net, loader, 'cpu')\n",
        "MalConv",
    ),
    "a pair, in a function of another file": (
        "import torch\nfrom nets import Generator, Discriminator\nfrom gan import ProGAN\n"
        "g, d = Generator(1), Discriminator(1)\n"
        "ProGAN(g, d).train(data, epochs=4, gen_learning_rate=0.003, dis_learning_rate=0.003)\n",
        "Generator / Discriminator",
    ),
    "a pair, trained by gradients in towers": (
        "import tensorflow as tf\nfrom model import Generator, Discriminator\ng, d = Generator(1), Discriminator()\n"
        "train = [tf.train.AdamOptimizer(0.001).minimize(loss) for loss in (g(z), d(x))]\n"
        "with tf.Session() as s:\n    for i in range(9):\n        s.run(train)\n",
        "Generator / Discriminator",
    ),
    "a further form of one": (
        "import torch\nfrom models.latent import LatentDiffusionModel\nclass ClipDiffusion(LatentDiffusionModel):\n"
        "    def loss(self, x):\n        return torch.mean(self.network(x))\n"
        "    def forward(self, n):\n        return self.sampler(n)\n",
        "ClipDiffusion",
    ),
    "a module given its network": (
        "from lightning import LightningModule\nclass Lit(LightningModule):\n    def __init__(self, net, optimizer):\n"
        "        super().__init__()\n        self.net = net\n    def training_step(self, batch, i):\n"
        "        return self.net(batch)\n    def configure_optimizers(self):\n"
        "        return self.hparams.optimizer(params=self.parameters())\n",
        "Lit",
    ),
}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_a_network_of_another_file_is_the_architecture(way: str) -> None:
    text, arch = ELSEWHERE[way]
    found = read(text)
    assert (found.is_model, found.arch) == (True, arch)


STATED = {
    "an agent in its game": ("lr", 0.02),
    "handed the command line": ("lr", 0.002),
    "chosen by its name": ("batch", 8),
    "a pair, in a function of another file": ("lr", 0.003),
}


@pytest.mark.parametrize("way", STATED)
def test_what_such_a_network_is_told_is_stated(way: str) -> None:
    field, value = STATED[way]
    assert getattr(read(ELSEWHERE[way][0]), field) == value


LAYERED = """
import tensorflow as tf
class {first}(object):
    def __init__(self, s):
        self.out = tf.layers.dense(tf.layers.dense(s, 30), 2)
        self.op = tf.train.AdamOptimizer(1e-3).minimize(self.out)
class {second}(object):
    def __init__(self, s):
        self.out = tf.layers.dense(tf.layers.dense(s, 30), 1)
        self.op = tf.train.AdamOptimizer(1e-3).minimize(self.out)
a, b = {first}(x), {second}(x)
sess = tf.Session()
for i in range(200):
    sess.run(a.op)
    sess.run(b.op)
"""


@pytest.mark.parametrize(
    ("first", "second", "arch"),
    [("Actor", "Critic", "Actor / Critic"), ("Generator", "Discriminator", "Generator / Discriminator"),
     ("Upper", "Lower", None), ("Trainer", "Critic", "MLP")],
)  # fmt: skip
def test_classes_that_build_layers_without_being_networks_stand_for_them(
    first: str, second: str, arch: str | None
) -> None:
    assert read(LAYERED.format(first=first, second=second)).arch == arch


def test_what_makes_data_or_noise_is_no_network() -> None:
    found = read(
        "import torch\nfrom data import OmniglotGenerator\nfrom noise import GaussianDiffusion\n"
        "from nets import build\n"
        "made = OmniglotGenerator()\nd = GaussianDiffusion()\nnet = build()\n"
        "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\n"
        "for x in made:\n    d.loss(net, x).backward()\n    opt.step()\n"
    )
    assert (found.is_model, found.arch) == (True, None)


ASKED = "import torch\nfrom torchvision.models import inception_v3\nnet = inception_v3(pretrained=True)\n"


@pytest.mark.parametrize(
    ("rest", "model"),
    [("net.eval()\nwith torch.no_grad():\n    print(net(x))\n", False),
     ("net.fc = torch.nn.Linear(9, 2)\n", True),
     ("net.eval()\no = torch.optim.SGD(net.parameters(), lr=0.1)\nwith torch.no_grad():\n    print(net(x))\n", True)],
)  # fmt: skip
def test_a_ready_network_that_is_only_asked_makes_no_model_script(rest: str, model: bool) -> None:
    assert read(ASKED + rest).is_model is model


CHOSEN_DATA = {
    "an option": "p.add_argument('--dataset', default='celebA')\na = p.parse_args()\ndata = load_all(a.dataset)\n",
    "one of two": (
        "p.add_argument('--dataset', default='celebA')\na = p.parse_args()\nfrom torchvision import datasets\n"
        "data = {'mnist': datasets.MNIST('.'), 'celebA': datasets.CelebA('.')}[a.dataset]\nshow(a.dataset)\n"
    ),
}


@pytest.mark.parametrize("form", CHOSEN_DATA)
def test_a_setting_may_say_which_data(form: str) -> None:
    head = "import argparse, torch\nfrom made import load_all, show, Net\np = argparse.ArgumentParser()\n"
    rest = (
        "net = Net()\nopt = torch.optim.Adam(net.parameters())\nfor x in data:\n    net(x).backward()\n    opt.step()\n"
    )
    assert read(head + CHOSEN_DATA[form] + rest).dataset == "CelebA"


@pytest.mark.parametrize(
    ("name", "dataset"), [("imagenet_resized/32x32", "ImageNet"), ("cifar10", "CIFAR10"), ("my/own", None)]
)
def test_a_dataset_of_tensorflow_may_have_a_form(name: str, dataset: str | None) -> None:
    found = read(
        f"import tensorflow as tf\nimport tensorflow_datasets as tfds\nds = tfds.load('{name}')\nfrom m import ViT\n"
        "net = ViT()\nnet.compile(optimizer='adam')\nnet.fit(ds, epochs=3)\n"
    )
    assert found.dataset == dataset


def test_a_pipeline_on_the_cpu_beside_towers_runs_on_gpus() -> None:
    found = read(
        "import tensorflow as tf\nwith tf.device('/cpu:0'):\n    x = tf.data.TFRecordDataset('f')\n"
        "for i in range(2):\n    with tf.device('/gpu:%d' % i):\n"
        "        op = tf.train.AdamOptimizer(1e-3).minimize(tf.layers.dense(tf.layers.dense(x, 2), 1))\n"
    )
    assert found.hw == "GPU"


def test_fastai_of_the_first_version_makes_its_learner_by_another_name() -> None:
    found = read(
        "from fastai.vision import *\nfrom model import Model\nnet = Model(resnet18(pretrained=True))\n"
        "learn = create_cnn(data, net, metrics=accuracy)\nlearn.fit_one_cycle(6, slice(1e-5, 3e-4))\n"
    )
    assert (found.framework, found.arch, found.epochs, found.lr) == ("fastai", "Model", 6, 3e-4)
