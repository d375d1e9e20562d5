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
    "handed to what takes the steps": (
        "import torch\nfrom model import KINDS\nfrom tools import Executor\nnet = KINDS[c.kind](c)\n"
        "o = torch.optim.Adam(net.parameters(), 1e-3)\nExecutor(c).train(net, o, loader)\n",
        None,
    ),
    "what changes the data": (
        "import tensorflow as tf, transformer\nt = transformer.Transformer()\nt.scale(1 / 255)\n"
        "step = tf.train.AdamOptimizer(0.001).minimize(loss)\nwith tf.Session() as s:\n    for i in range(9):\n"
        "        s.run(step, feed_dict={x: t.process(batch)})\n",
        None,
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
    "a pair, each in a loop of its own": (
        "import torch\nfrom nets import Generator, Discriminator\ng, d = Generator(1), Discriminator(1)\n"
        "def run(net, epochs):\n    o = torch.optim.Adam(net.parameters(), 1e-3)\n    for epoch in range(epochs):\n"
        "        net(1).backward()\n        o.step()\nrun(d, 5)\nrun(g, 9)\n",
        "Generator / Discriminator",
    ),
    "what judges pictures is not trained": (
        "import tensorflow as tf\nfrom tensorflow.keras.applications import VGG16\nfrom model import make_g, make_d\n"
        "g, d, vgg = make_g(8), make_d(8), VGG16()\no = tf.keras.optimizers.Adam(1e-4)\nfor epoch in range(9):\n"
        "    with tf.GradientTape() as tape:\n        loss = vgg(g(1)) + d(g(1))\n"
        "    o.apply_gradients(zip(tape.gradient(loss, g.trainable_weights), g.trainable_weights))\n"
        "    o.apply_gradients(zip(tape.gradient(loss, d.trainable_weights), d.trainable_weights))\n",
        None,
    ),
    "a further form of one": (
        "import torch\nfrom models.latent import LatentDiffusionModel\nclass ClipDiffusion(LatentDiffusionModel):\n"
        "    def loss(self, x):\n        return torch.mean(self.network(x))\n"
        "    def forward(self, n):\n        return self.sampler(n)\n",
        "ClipDiffusion",
    ),
    "of words, in a training of another file": (
        "import torch, model, util\nnet = model.CNN_Text(args)\nutil.train(x, y, net, args)\n",
        "CNN_Text",
    ),
    "copies of a pair that others share": (
        "import torch\nfrom actor import ActorNN\nfrom critic import CriticNN\nclass AgentControl:\n"
        "    def __init__(self, actor, critic):\n        self.own, self.judge = ActorNN(4, 2), CriticNN(4)\n"
        "        self.one = torch.optim.Adam(actor.parameters(), lr=1e-3)\n"
        "        self.other = torch.optim.Adam(critic.parameters(), lr=1e-3)\n"
        "    def update(self, loss):\n        loss.backward()\n        self.one.step()\n",
        "ActorNN / CriticNN",
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


@pytest.mark.parametrize(
    ("ready", "arch"),
    [("mobilenet_v3_small", "MobileNet"), ("densenet121", "DenseNet"), ("resnet18", "ResNet"), ("vgg19_bn", "VGG19"),
     ("squeezenet1_1", "SqueezeNet"), ("convnext_tiny", "CNN")],
)  # fmt: skip
def test_a_ready_network_with_another_head_is_of_its_own_family(ready: str, arch: str) -> None:
    text = "from torch import nn\nfrom torchvision import models\nnet = models.{0}()\nnet.fc = nn.Linear(512, 10)\n"
    assert read(text.format(ready)).arch == arch


def test_what_prepares_images_for_a_ready_network_is_no_model_script() -> None:
    text = "from tensorflow.keras.applications import resnet_v2\ndef read(x):\n    return resnet_v2.{0}(x)\n"
    assert read(text.format("ResNet50V2")).is_model and not read(text.format("preprocess_input")).is_model


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


LIBRARIES = {
    "a class that goes backward": (
        "import numpy as np\nclass Word2Vec:\n    def __init__(self, n=8):\n        self.w = np.zeros(n)\n"
        "    def backward(self, g):\n        self.loss.grad(g)\n"
        "    def step(self, x):\n        self.backward(self.loss(x))\n"
        "    def fit(self, data, n_epochs=20, batch_size=128):\n        for i in range(n_epochs):\n"
        "            for x in self.cut(data, batch_size):\n                self.step(x)\n",
        ("NumPy", "Word2Vec", 128, 20),
    ),
    "a function that Theano compiles": (
        "import theano\nclass Autoencoder:\n    def __init__(self, D):\n"
        "        self.train_op = theano.function([x], cost, updates=[(w, w - 0.1 * g)])\n"
        "    def fit(self, X, epochs=30, batch_sz=64):\n        for i in range(epochs):\n"
        "            for j in range(len(X) // batch_sz):\n"
        "                self.train_op(X[j * batch_sz : (j + 1) * batch_sz])\n"
        "Autoencoder(784).fit(X)\n",
        ("Theano", "Autoencoder", 64, 30),
    ),
    "an agent that others play": (
        "import tensorflow as tf\nclass Hidden:\n    def __init__(self, n):\n        self.w = tf.layers.dense(x, n)\n"
        "class DQN:\n    def __init__(self, batch_size=32, lr=0.01):\n        self.batch_size = batch_size\n"
        "        self.a, self.b = Hidden(3), Hidden(2)\n"
        "        self.op = tf.train.AdamOptimizer(lr).minimize(loss)\n    def learn(self):\n"
        "        take(self.memory, size=self.batch_size)\n        self.sess.run(self.op)\n",
        ("Keras/TensorFlow", "DQN", 32, None),
    ),
    "a module of another file that is told its rate": (
        "import lightning as L\nfrom model import DiffusionModel\nm = DiffusionModel(3, learning_rate=3e-5)\n"
        "L.Trainer(max_epochs=500).fit(m, data)\n",
        ("PyTorch Lightning", "DiffusionModel", None, 500),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LIBRARIES)
def test_what_a_file_says_of_its_own_training_or_of_another(kind: str) -> None:
    text, stated = LIBRARIES[kind]
    found = read(text)
    assert (found.is_model, (found.framework, found.arch, found.batch, found.epochs)) == (True, stated)


def test_an_updater_of_chainer_trains() -> None:
    found = read(
        "import chainer\nclass GANUpdater(chainer.training.StandardUpdater):\n    def update_core(self):\n"
        "        self.get_optimizer('gen').update(self.loss, self.gen(z))\n"
    )
    assert (found.is_model, found.framework) == (True, "Chainer")


@pytest.mark.parametrize(
    ("head", "name"),
    [("class TestNet:\n    def test_it(self):\n", "check.py"), ("def test_it():\n", "check.py"),
     ("from sklearn.svm import SVC\ndef test_it():\n", "test_svm.py")],
)  # fmt: skip
def test_what_tests_a_network_is_no_model_script(head: str, name: str) -> None:
    body = (
        "        net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 1))\n        net(x).backward()\n"
    )
    assert not extract(parse(Path(name), f"import torch\n{head}{body}".encode())).is_model


def test_parts_that_only_change_their_weights_are_not_what_is_trained() -> None:
    part = (
        "class {name}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Linear(3, 4)\n        self.apply(self.start)\n"
        "    def forward(self, x):\n        return self.a(x)\n"
    )
    whole = (
        "class CCT(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.t = Tokenizer()\n"
        "        self.c = Classifier()\n    def forward(self, x):\n        return self.c(self.t(x))\n"
    )
    text = "from torch import nn\n" + part.format(name="Tokenizer") + part.format(name="Classifier") + whole
    assert read(text).arch == "CCT"


def test_an_ensemble_is_the_estimator() -> None:
    found = read(
        "from xgboost import XGBClassifier\nfrom catboost import CatBoostClassifier\n"
        "from sklearn.ensemble import VotingClassifier\nfrom sklearn.datasets import load_iris, load_wine\n"
        "x, y = load_iris(return_X_y=True)\n"
        "m = VotingClassifier([('a', XGBClassifier()), ('b', CatBoostClassifier())])\nm.fit(x, y)\n"
    )
    assert (found.framework, found.arch, found.dataset) == ("scikit-learn", "VotingClassifier", "Iris")


def test_data_under_the_test_of_an_unknown_setting_prove_nothing() -> None:
    found = read(
        "import torch\nfrom settings import kind\nfrom data import make_celeba_dataset, make_small_dataset\n"
        "from nets import Net\n"
        "if kind in ['cifar10', 'mnist']:\n    data = make_small_dataset(kind)\nelif kind == 'celeba':\n"
        "    data = make_celeba_dataset('data/img_align_celeba')\nnet = Net()\n"
        "opt = torch.optim.Adam(net.parameters())\nfor x in data:\n    net(x).backward()\n    opt.step()\n"
    )
    assert found.dataset is None


def test_a_network_whose_method_trains_its_parts_is_what_is_trained() -> None:
    found = read(
        "import torch\nfrom torch.nn import Module\nfrom nets import Policy, Discriminator\nclass GAIL(Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.pi, self.d = Policy(), Discriminator()\n"
        "    def train(self, env):\n        o = torch.optim.Adam(self.d.parameters())\n        for i in range(9):\n"
        "            self.d(env).backward()\n            o.step()\n"
    )
    assert found.arch == "GAIL"


def test_waiting_for_a_gpu_where_there_is_one_names_no_device() -> None:
    wait = "import torch, own\nd = own.get_device()\nif d.type == 'cuda':\n    torch.cuda.synchronize()\n"
    train = "net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Linear(4, 1))\nnet(x).backward()\n"
    assert (read(wait + train).hw, read("import torch\ntorch.cuda.synchronize()\n" + train).hw) == (None, "GPU")


def test_networks_of_inference_and_generation_are_a_variational_autoencoder() -> None:
    found = read(
        "import tensorflow as tf\ndef inference_network(x):\n    return tf.layers.dense(tf.layers.dense(x, 9), 4)\n"
        "def generative_network(z):\n    return tf.layers.dense(tf.layers.dense(z, 9), 4)\n"
        "mu, log_var = inference_network(x)\nz = mu + log_var * tf.random.normal([3])\nkl = tf.reduce_sum(log_var)\n"
        "op = tf.train.AdamOptimizer(1e-3).minimize(kl + generative_network(z))\n"
    )
    assert found.arch == "VAE"


def test_what_is_begun_with_nothing_is_no_network_of_jax() -> None:
    script = """
import numpy as np
from arcade import Screen
class Env:
    def __init__(self):
        self.screen = Screen(fps=30)
        self.screen.init()
env = Env()
w = np.zeros(3)
for step in range(300):
    gradient = np.array(env.screen.scores(w))
    w += 0.03 * gradient
"""
    assert read(script).arch is None


def test_the_mean_of_the_images_of_a_dataset_is_not_the_dataset() -> None:
    script = """
import torch
from torch import nn
from timm.data import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3)
        self.b = nn.Conv2d(8, 8, 3)
    def forward(self, x):
        return self.b(self.a((x - IMAGENET_DEFAULT_MEAN) / IMAGENET_DEFAULT_STD))
"""
    assert (read(script).is_model, read(script).dataset) == (True, None)


def test_the_further_form_of_a_network_stands_for_both() -> None:
    text = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.Linear(8, 2)\n        self.b = nn.Linear(2, 2)\n"
        "    def forward(self, x):\n        return x\n"
        "class Larger(Net):\n    def __init__(self):\n        super().__init__()\n        self.c = nn.Linear(8, 8)\n"
    )
    assert extract(parse(Path("models.py"), text.encode())).arch == "Larger"
    assert extract(parse(Path("net.py"), text.encode())).arch == "Net"


def test_networks_that_are_no_pair_give_no_name() -> None:
    text = (
        "import torch\nfrom nets import Policy, Value, step\na, b = Policy(), Value()\n"
        "o = torch.optim.Adam({}.parameters(), lr=0.01)\np = torch.optim.Adam(b.parameters(), lr=0.01)\n"
        "step(a, b, o, p)\n"
    )
    assert extract(parse(Path("train.py"), text.format("a").encode())).arch in {"Policy / Value", "Value / Policy"}
    assert extract(parse(Path("train.py"), text.format("make(1)").encode())).arch != "Policy"


def test_what_a_library_fits_beside_a_training_by_hand_is_there_to_compare() -> None:
    text = (
        "import numpy as np\nfrom sklearn.linear_model import LogisticRegressionCV\nclf = LogisticRegressionCV()\n"
        "clf.fit(X, y)\nrate = 0.01\ndef train(X, y):\n    W = np.random.randn(2, 2)\n    for epoch in range(20):\n"
        "        probs = np.exp(X.dot(W))\n        dW = X.T.dot(probs - y)\n        W += -rate * dW\n    return W\n"
        "train(X, y)\n"
    )
    found = extract(parse(Path("script.py"), text.encode()))
    assert (found.framework, found.arch, found.lr, found.epochs) == ("NumPy", None, 0.01, 20)


def test_an_actor_and_critic_in_one_is_no_half_of_a_pair() -> None:
    found = read(
        "import torch\nfrom torch import nn\nclass RolloutBuffer:\n    def __init__(self):\n        self.a = []\n"
        "class ActorCritic(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.actor = nn.Sequential(nn.Linear(4, 2))\n        self.critic = nn.Sequential(nn.Linear(4, 1))\n"
        "class PPO:\n    def __init__(self):\n        self.buffer = RolloutBuffer()\n"
        "        self.policy = ActorCritic()\n"
        "        self.o = torch.optim.Adam([{'params': self.policy.actor.parameters(), 'lr': 1e-3}])\n"
    )
    assert found.arch == "ActorCritic"


def test_objax_tells_the_optimizer_its_rate_as_it_steps() -> None:
    facts = read(
        "import objax\nimport tensorflow_datasets as tfds\ndata = tfds.as_numpy(tfds.load(name='mnist'))\n"
        "class Net(objax.Module):\n    def __init__(self, n):\n        self.a = objax.nn.Conv2D(1, n, k=3)\n"
        "    def __call__(self, x):\n        return self.a(x)\nbatch = 32\nlr = 1e-3 * 2\nmodel = Net(4)\n"
        "ema = objax.optimizer.ExponentialMovingAverageModule(model, momentum=0.9)\n"
        "opt = objax.optimizer.Adam(model.vars())\n@objax.Function.with_vars(model.vars())\ndef loss(x):\n"
        "    return model(x).mean()\ngv = objax.GradValues(loss, model.vars())\n"
        "@objax.Function.with_vars(model.vars() + opt.vars())\ndef step(x):\n    g, v = gv(x)\n    opt(lr, g)\n"
        "    return v\nstep = objax.Jit(step)\nfor epoch in range(7):\n    for i in range(0, size, batch):\n"
        "        step(data[i:i + batch])\n"
    )
    stated = (facts.framework, facts.arch, facts.dataset, facts.optimizer, facts.lr, facts.batch, facts.epochs)
    assert stated == ("JAX/Objax", "Net", "MNIST", "Adam", 2e-3, 32, 7)
    assert [tag.name for tag in facts.tags] == ["cnn"]


def test_layers_of_a_model_put_together_without_a_class_do_not_stand_for_it() -> None:
    facts = read(
        "from tensorflow import keras\nfrom tensorflow.keras import layers\nclass Patches(layers.Layer):\n"
        "    def __init__(self):\n        self.a = layers.Dense(3)\n    def call(self, x):\n        return self.a(x)\n"
        "x = keras.Input((3,))\ny = layers.Dense(1)(Patches()(x))\nmodel = keras.Model(x, y)\n"
        "model.compile('adam', 'mse')\nmodel.fit(a, b, epochs=3)\n"
    )
    assert facts.is_model and facts.arch != "Patches"


@pytest.mark.parametrize("imported", ["from lightning import Trainer", "import pytorch_lightning as pl"])
def test_what_configurations_make_of_lightning_is_lightning(imported: str) -> None:
    trainer = "pl.Trainer" if imported.endswith("pl") else "Trainer"
    facts = read(
        f"import torch\nimport hydra\n{imported}\ntorch.set_float32_matmul_precision('high')\n"
        "def main(cfg):\n    model = hydra.utils.instantiate(cfg.model)\n"
        f"    trainer: {trainer} = hydra.utils.instantiate(cfg.trainer)\n    trainer.fit(model)\nmain(cfg)\n"
    )
    assert facts.framework == "PyTorch Lightning"


def test_a_comparison_with_a_device_chooses_none() -> None:
    facts = read(
        "import torch\nnet = torch.nn.Sequential(torch.nn.Linear(1, 2), torch.nn.Linear(2, 1))\n"
        "if opt.device != torch.device('cpu'):\n    torch.cuda.manual_seed(1)\n"
    )
    assert facts.hw is None


def test_an_average_of_the_weights_is_not_what_is_trained() -> None:
    facts = read(
        "import torch\nfrom diffusers.training_utils import EMAModel\nfrom ldm.models import unet\n"
        "opt = torch.optim.AdamW(unet.parameters(), lr=1e-4)\nema = EMAModel(unet.parameters())\n"
        "for x in loader:\n    unet(x).sum().backward()\n    opt.step()\n    ema.step(unet.parameters())\n"
    )
    assert facts.arch != "EMAModel" and facts.optimizer == "AdamW"


WRITING = """
import torch
from torch import nn
from torch.nn import functional as F
text = open("input.txt").read()
stoi = {{c: i for i, c in enumerate(sorted(set(text)))}}
encode = lambda s: [stoi[c] for c in s]
decode = lambda tokens: {decode}
class Head(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.key, self.query, self.value = nn.Linear(n, n), nn.Linear(n, n), nn.Linear(n, n)
    def forward(self, x):
        k, q = self.key(x), self.query(x)
        return F.softmax(q @ k.transpose(-2, -1), dim=-1) @ self.value(x)
class Heads(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.heads, self.proj = nn.ModuleList([Head(n) for _ in range(4)]), nn.Linear(n, n)
class Feed(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n, 4 * n), nn.ReLU(), nn.Linear(4 * n, n))
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.heads, self.feed = Heads(n), {feed}
        self.norm = {norm}
net = nn.Sequential(Block(64), Block(64))
"""


@pytest.mark.parametrize(
    ("change", "tag", "has"),
    [
        ({}, "transformer", True),
        ({"norm": "nn.BatchNorm2d(n)"}, "transformer", False),
        ({"feed": "nn.Linear(n, n)"}, "transformer", False),
        ({}, "autoencoder", False),
        ({"decode": "net(tokens)"}, "autoencoder", True),
    ],
)
def test_a_language_model_is_a_transformer_by_its_blocks_and_encodes_only_text(
    change: dict[str, str], tag: str, *, has: bool
) -> None:
    parts = {"decode": "''.join(map(str, tokens))", "feed": "Feed(n)", "norm": "nn.LayerNorm(n)"} | change
    assert (tag in {found.name for found in read(WRITING.format(**parts)).tags}) == has


def test_a_residual_block_whose_convolutions_a_function_makes_is_of_a_resnet() -> None:
    found = read(
        "import torch\nfrom torch import nn\ndef conv3x3(i, o):\n    return nn.Conv2d(i, o, 3, padding=1)\n"
        "class Block(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.a, self.b = conv3x3(n, n), conv3x3(n, n)\n    def forward(self, x):\n        identity = x\n"
        "        out = self.b(self.a(x))\n        out += identity\n        return out\nnet = Block(3)\n"
    )
    assert "resnet" in {tag.name for tag in found.tags}


@pytest.mark.parametrize(
    ("made", "tags"),
    [
        ("transformers.BertModel", {"transformer"}),
        ("transformers.AutoModelForCausalLM", {"transformer"}),
        ("transformers.ResNetForImageClassification", set()),
        ("diffusers.UNet2DConditionModel", {"unet", "cnn"}),
    ],
)
def test_a_ready_network_with_its_weights_is_what_it_is(tmp_path: Path, made: str, tags: set[str]) -> None:
    head = f"import torch, {made.partition('.')[0]}\nfrom torch import nn\nclass Own(nn.Module):\n"
    own = f"{head}    def __init__(self):\n        super().__init__()\n        self.net = {made}.from_pretrained('x')\n"
    own += "        self.out = nn.Linear(8, 2)\n"
    assert {tag.name for tag in read(own + "net = Own()\n").tags} >= tags
    assert ("transformer" in {tag.name for tag in read(own + "net = Own()\n").tags}) == ("transformer" in tags)


def test_what_is_imported_of_lightning_and_never_used_trains_nothing() -> None:
    own = "import torch\nfrom pytorch_lightning import Trainer\nnet = torch.nn.Linear(3, 2)\n"
    own += "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\nfor epoch in range(3):\n"
    own += "    net(x).sum().backward()\n    opt.step()\n"
    assert read(own).framework == "PyTorch"
    assert read(own + "Trainer(max_epochs=3)\n").framework == "PyTorch Lightning"


WAYS = """
import torch
from torch import nn
from parts import Block, {down}, {up}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Conv2d(3, 64, 3)
        self.one, self.down = Block(64), {down}(64)
        self.two, self.up = Block(64), {up}(64)

    def forward(self, x):
        a = self.one(self.head(x))
        b = self.two(self.down(a))
        b = torch.cat([self.up(b), a], dim=1)
        return torch.cat([self.up(b), x], dim=1)
"""


def test_ways_down_and_up_may_be_of_a_module_beside() -> None:
    assert "unet" in {tag.name for tag in read(WAYS.format(down="DownSample", up="Upsample")).tags}
    assert "unet" not in {tag.name for tag in read(WAYS.format(down="Layer", up="Other")).tags}


def test_heads_that_are_joined_are_no_skips() -> None:
    pyramid = (
        "from keras.layers import Add, Concatenate, Conv2D, Input, UpSampling2D\nfrom keras.models import Model\n"
        "x = Input((64, 64, 3))\nc3 = Conv2D(8, 3, strides=2)(x)\nc4 = Conv2D(8, 3, strides=2)(c3)\n"
        "p3 = Add()([UpSampling2D()(c4), c3])\nboxes = [Conv2D(4, 3)(p) for p in (p3, c4)]\n"
        "kinds = [Conv2D(2, 3)(p) for p in (p3, c4)]\n"
        "model = Model(x, [Concatenate(axis=1)(boxes), Concatenate(axis=1)(kinds)])\n"
    )
    assert "unet" not in {tag.name for tag in read(pyramid).tags}
    joined = pyramid.replace("Add()", "Concatenate()").replace("(boxes)", "([c4, boxes])")
    assert "unet" in {tag.name for tag in read(joined).tags}


def test_what_trains_the_network_it_is_handed_is_none_without_one() -> None:
    found = read(
        "from torch.optim import AdamW\n"
        "def train_model(model, loader, lr=2e-5):\n    optimizer = AdamW(model.parameters(), lr=lr)\n"
        "    for epoch in range(3):\n        for batch in loader:\n            optimizer.zero_grad()\n"
        "            model(**batch).loss.backward()\n            optimizer.step()\n"
    )
    assert found.is_model
    assert "neural-network" in {part.name for part in found.uses}


def test_a_function_that_only_tells_layers_apart_is_no_recurrent_network() -> None:
    weights = (
        "from torch import nn\nfrom torch.nn import init\n"
        "def weight_init(m):\n    if isinstance(m, nn.Conv2d):\n        init.normal_(m.weight.data)\n"
        "    elif isinstance(m, nn.LSTM):\n        for param in m.parameters():\n            init.normal_(param.data)\n"
    )
    training = (
        "import torch\nfrom models import arch\n{}net = arch()\nnet.apply(weight_init)\n"
        "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\nfor x, y in loader:\n"
        "    net(x).sum().backward()\n    opt.step()\n"
    )
    assert not read(weights).is_model
    assert read(training.format(weights)).arch != "LSTM"


def test_what_only_prepares_images_for_a_ready_network_is_none() -> None:
    data = (
        "import torch\nfrom torch.utils.data import Dataset\nfrom transformers import ViTFeatureExtractor\n"
        "class Captions(Dataset):\n    def __init__(self):\n"
        "        self.image_processor = ViTFeatureExtractor.from_pretrained('google/vit-base-patch16-224')\n"
        "    def __getitem__(self, n):\n        return self.image_processor(self.images[n])\n"
    )
    assert not read(data).is_model
    assert read(data.replace("ViTFeatureExtractor", "ViTModel")).is_model
