"""What makes a file a model script when its loop, or its network, is in another file; and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("train.py"), text.encode()))


LAUNCHERS = {
    "an estimator at the end of a pipeline": "from sklearn.pipeline import Pipeline\nfrom sklearn.svm import SVC\n"
    "steps = Pipeline([('scale', scale), ('model', SVC())])",
    "an agent that is given its networks": "import tensorflow as tf\nclass Agent:\n    def __init__(self, net):\n"
    "        self.net = net\n    def learn(self, x, y):\n        self.net.train_on_batch(x, y)",
    "what is told how to train": "import torch.optim as optim\nfrom q import dqn_run\n"
    "dqn_run(env, optimizer_spec=Spec(optim.RMSprop), batch_size=32)",
    "a network of variables": "import tensorflow as tf\nclass Net(tf.keras.Model):\n    def __init__(self):\n"
    "        super().__init__()\n        self.w = tf.Variable(tf.zeros((9, 2)))\n"
    "    def call(self, x):\n        return tf.matmul(x, self.w)",
    "trainer run": "from engine import GenTrainer\ntrainer = GenTrainer(cfg)\ntrainer.run()",
    "trainer of a class of the script": "from core import ClsTrainer\nclass TunedTrainer(ClsTrainer):\n"
    "    def validate(self):\n        return super().validate()\ntrainer = TunedTrainer(cfg)\ntrainer.run(cfg)",
    "loop in a chain": "from lib.train_util import TrainLoop\ndef main():\n    TrainLoop(model=m).run_loop()\nmain()",
    "trainer called": "from gans.trainer import Trainer\ntrainer = Trainer(net, 3)\ntrainer(loader)",
    "own estimator": "from supervised import Adaboost\nclf = Adaboost(n_clf=5)\nclf.fit(x, y)",
    "agent of a library": "from stable_baselines3 import PPO\nmodel = PPO('MlpPolicy', env)\nmodel.learn(10_000)",
    "detector": "from ultralytics import YOLO\nmodel = YOLO('n.pt')\nmodel.train(data='coco8.yaml', epochs=3)",
    "function": "from src.baseline import train_baseline\nmodel, history = train_baseline(a, b)",
    "module": "import train_lib\nstate = train_lib.train_and_evaluate(config, 'out')",
    "factory": "from nets import build\nmodel = build()\nmodel.fit(x, y)",
    "instantiated": "import hydra\ntrainer = hydra.utils.instantiate(cfg.trainer)\ntrainer.fit(model=model)",
    "session": (
        "import tensorflow as tf\nfrom rnn import MDNRNN\nrnn = MDNRNN(hps)\n"
        "for step in range(9):\n    rnn.sess.run([rnn.cost, rnn.train_op], feed)"
    ),
    "steps of another loop": (
        "import torch\nfrom base import Agent\nclass DQNAgent(Agent):\n    def learn(self, batch):\n"
        "        loss = self.model(batch)\n        loss.backward()\n        self.optimizer.step()"
    ),
    "operation named briefly": (
        "import tensorflow as tf\nfrom gae.optimizer import OptimizerAE\nopt = OptimizerAE(preds, labels)\n"
        "for epoch in range(9):\n    sess.run([opt.opt_op, opt.cost], feed)"
    ),
    "runner": "import torch\nfrom runners import Diffusion\nrunner = Diffusion(args, config)\nrunner.train()",
    "made step": (
        "import torch\nimport losses\ntrain_step_fn = losses.get_step_fn(sde, train=True)\n"
        "for batch in data:\n    loss = train_step_fn(state, batch)"
    ),
    "foreign optimizer": (
        "import tensorflow as tf\nfrom mpi_tf import MpiAdamOptimizer\ntrain_pi = MpiAdamOptimizer(1e-3).minimize(loss)"
    ),
}
ASSEMBLED = {
    "parts of other files": (
        "import torch.nn as nn\nfrom parts import Encoder, Decoder\nclass VAE(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.encoder = Encoder(3)\n        self.decoder = Decoder(3)\n"
        "    def forward(self, x):\n        return self.decoder(self.encoder(x))"
    ),
    "parts by name": (
        "from torch import nn\nfrom parts import get_encoder, get_decoder\nclass VAE(nn.Module):\n"
        "    def __init__(self, kind):\n        super().__init__()\n        self.encoder = get_encoder(kind)(3)\n"
        "        self.decoder = get_decoder(kind)(3)\n    def reparameterize(self, mean, logvar):\n"
        "        std = torch.exp(0.5 * logvar)\n        return mean + std * torch.randn_like(std)\n"
        "    def forward(self, x):\n        mean, logvar = self.encoder(x)\n"
        "        return self.decoder(self.reparameterize(mean, logvar))"
    ),
    "given network": (
        "from lightning import LightningModule\nclass Lit(LightningModule):\n    def __init__(self, net, optimizer):\n"
        "        super().__init__()\n        self.net = net\n    def training_step(self, batch, i):\n"
        "        return self.net(batch)"
    ),
}


@pytest.mark.parametrize("way", [*LAUNCHERS, *ASSEMBLED])
def test_a_script_that_sets_a_training_going_or_assembles_a_network_is_a_model_script(way: str) -> None:
    assert read({**LAUNCHERS, **ASSEMBLED}[way]).is_model


@pytest.mark.parametrize(
    "text",
    [
        "from rich.panel import Panel\ndef scope(x):\n    return Panel.fit(x)\nscope(1)",
        "from preparing import FeatureScaler\nscaler = FeatureScaler()\nscaler.fit(x)",
        "from data import get_train_test_split\na, b = get_train_test_split(x)",
        "from helpers import train_test_split\na, b = train_test_split(x)",
        "import subprocess\nsubprocess.run(['python', 'train.py'])",
        "from tokenizers import Tokenizer\nt = Tokenizer()\nt.train(['a.txt'])",
        "import torch\nfrom nets import Net\nmodel = Net()\nmodel.train()\nmodel.train(False)\nprint(model(x))",
        "import threading\nclass Worker(threading.Thread):\n    pass\nWorker().start()",
        "import torch\nfrom torch import nn\nclass GradientLoss(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.kernel = Sobel()\n    def forward(self, a, b):\n        return a - b",
        "from plots import plot_training, train_curves\nplot_training('log')\ntrain_curves('log')",
        "import torch\ndef scale(loss, optimizer):\n    loss.backward()\n    optimizer.step()",
    ],
)
def test_what_only_prepares_draws_evaluates_or_helps_is_none(text: str) -> None:
    assert not read(text).is_model


def test_a_launcher_states_what_it_hands_over() -> None:
    found = read("from lib.train_util import TrainLoop\nTrainLoop(model=net, lr=3e-4, batch_size=16).run_loop()")
    assert (found.lr, found.batch, found.framework) == (3e-4, 16, None)


@pytest.mark.parametrize(
    ("imports", "framework"),
    [
        ("import torch", "PyTorch"),
        ("from tensorflow import keras", "Keras/TensorFlow"),
        ("import jax\nimport flax.linen as nn", "JAX/Flax"),
        ("import torch\nimport pytorch_lightning as pl", "PyTorch Lightning"),
        ("import torch\nimport tensorflow", None),
        ("import os", None),
    ],
)
def test_the_framework_of_a_launcher_is_that_of_the_file_it_launches(
    tmp_path: Path, imports: str, framework: str | None
) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "trainer.py").write_text(f'"""Trains."""\n{imports}\nclass Trainer:\n    pass\n')
    file = tmp_path / "train.py"
    file.write_text("import numpy as np\nfrom engine.trainer import Trainer\nTrainer(np.ones(3)).train(epochs=3)\n")
    found = extract(parse(file, file.read_bytes()), Configs(file))
    assert (found.is_model, found.framework) == (True, framework)
    if framework:
        assert str(found.evidence["framework"]).startswith("engine/trainer.py:")


def test_a_learner_of_a_notebook_that_another_one_sets_up() -> None:
    found = read(
        "from google.colab import drive\ndls = birds.dataloaders(path, bs=32)\n"
        "learn = cnn_learner(dls, resnet34, metrics=error_rate).to_fp16()\nlearn.fit_one_cycle(4)\n"
    )
    assert (found.framework, found.batch, found.epochs, found.arch) == ("fastai", 32, 4, "resnet34")
    assert found.evidence["framework"] == 4


@pytest.mark.parametrize(
    ("filled", "stated"),
    [
        ("args = defaults()\nargs.learning_rate = 0.01\nargs.num_epochs = 25\nargs.batch_size = 4\n", (0.01, 25, 4)),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', type=float, default=0.5)\n"
            "p.add_argument('--epochs', type=int, default=9)\nargs = p.parse_args()\nargs.lr = 0.25\n",
            (0.25, 9, None),
        ),
        ("args = defaults()\nargs.verbose = 2\n", (None, None, None)),
    ],
)
def test_an_object_that_the_script_fills_is_handed_over_whole(
    filled: str, stated: tuple[float | None, int | None, int | None]
) -> None:
    text = f"import torch\nfrom lib import defaults, make_model, train_model\n{filled}"
    found = extract(parse(Path("script.py"), f"{text}model = make_model(args)\ntrain_model(model, args)\n".encode()))
    assert (found.lr, found.epochs, found.batch) == stated


def test_a_network_with_a_test_below_it_is_a_model_script() -> None:
    text = (
        "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.a = nn.Linear(2, 2)\n"
        "    def forward(self, x):\n        return self.a(x)\n"
        "def test_net():\n    assert Net()(torch.ones(2)).shape == (2,)\n"
    )
    assert extract(parse(Path("net.py"), text.encode())).is_model
    assert not extract(parse(Path("test_net.py"), text.encode())).is_model


def test_a_step_of_jax_that_moves_the_parameters_trains() -> None:
    text = (
        "import jax\nimport net\nfrom steps import many\n@jax.jit\ndef step(params, x, rate):\n"
        "    grads = jax.grad(net.loss)(params, x)\n"
        "    return jax.tree_map(lambda p, g: p - rate * g, params, grads)\nmany(step)\n"
    )
    assert extract(parse(Path("run.py"), text.encode())).is_model


def test_a_seed_makes_no_framework() -> None:
    text = (
        "import torch\nimport pytorch_lightning as pl\npl.seed_everything(1)\nnet = torch.nn.Linear(2, 2)\n"
        "o = torch.optim.Adam(net.parameters(), 0.1)\nfor epoch in range(3):\n    net(x).backward()\n    o.step()\n"
    )
    assert extract(parse(Path("run.py"), text.encode())).framework == "PyTorch"


def test_a_file_of_digits_is_no_competition_s() -> None:
    text = "import torch\nfrom data import fetch\nnet = torch.nn.Linear(2, 2)\nnet(fetch()).backward()\n"
    assert extract(parse(Path("cnn_digit_recognizer.py"), text.encode())).dataset is None


def test_a_learner_that_another_file_fits() -> None:
    facts = read(
        "from functools import partial\nfrom torch.optim import AdamW\nfrom torchvision.models import resnet34\n"
        "from fastai.learner import Learner\nfrom fastai.optimizer import OptimWrapper\nfrom mine import get_data\n"
        "def make(bs=48):\n    data = get_data(bs)\n    opt_func = partial(OptimWrapper, opt=AdamW)\n"
        "    return Learner(data, resnet34(), opt_func=opt_func)\n"
    )
    assert (facts.framework, facts.arch, facts.batch, facts.optimizer) == ("fastai", "resnet34", 48, "AdamW")


def test_a_learner_that_another_file_makes() -> None:
    facts = read("from mine import get_learner\nlearn = get_learner()\nlearn.fit_one_cycle(5, 1e-3)\n")
    assert (facts.framework, facts.epochs, facts.lr) == ("fastai", 5, 1e-3)


def test_a_learner_that_is_loaded_is_only_asked() -> None:
    assert not read("from fastai.vision.all import *\nlearn = load_learner('a.pkl')\nlearn.predict('b.png')\n").is_model


def test_a_network_of_unknown_making_that_is_told_a_rate_and_epochs() -> None:
    facts = read(
        "from torch.utils.data import DataLoader\nfrom mine import Data, Factory, Kinds\n"
        "net = Factory(Kinds.BIG)(encoder=None)\n"
        "net.train(train_set=DataLoader(Data(), batch_size=32), lr=1e-3, epochs=500)\n"
    )
    assert (facts.framework, facts.batch, facts.lr, facts.epochs) == ("PyTorch", 32, 1e-3, 500)


def test_boosting_that_is_told_everything_by_name() -> None:
    facts = read(
        "import xgboost as xgb\nclass Model:\n    def __init__(self, rate=0.1):\n"
        "        self.params = {'learning_rate': rate}\n    def train(self, data):\n"
        "        self.model = xgb.train(params=self.params, dtrain=data, num_boost_round=9)\n"
    )
    assert (facts.framework, facts.lr) == ("XGBoost", 0.1)


def test_estimators_that_a_function_hands_out() -> None:
    facts = read("from sklearn.svm import SVC\ndef get():\n    model = SVC()\n    return model, {'C': [1, 2]}\n")
    assert (facts.is_model, facts.framework, facts.arch) == (True, "scikit-learn", "SVC")


def test_a_learner_of_unknown_making_that_is_tuned() -> None:
    facts = read("from mine import *\nlearn = get_learner(data)\nlearn.fine_tune(20, base_lr=1e-2)\n")
    assert (facts.framework, facts.epochs, facts.lr) == ("fastai", 20, 1e-2)


def test_a_step_that_the_training_calls_is_no_test() -> None:
    facts = read(
        "import tensorflow as tf\nfrom cnn import TextCNN\ncnn = TextCNN()\n"
        "train_op = tf.train.AdamOptimizer(7e-4).minimize(cnn.loss)\n"
        "def train_step(x):\n    sess.run(train_op, {cnn.x: x})\n"
        "def test_step(x):\n    sess.run(cnn.loss, {cnn.x: x})\n"
        "for epoch in range(3):\n    for x in batches:\n        train_step(x)\n    test_step(x)\n"
    )
    assert (facts.is_model, facts.optimizer, facts.lr, facts.epochs) == (True, "Adam", 7e-4, 3)


def test_tests_of_a_training_are_tests() -> None:
    text = "import torch\nfrom mine import train\ndef test_train():\n    net = torch.nn.Linear(4, 4)\n"
    assert not read(text + "    assert train(net)\n").is_model


def test_an_optimizer_that_a_function_of_tensorflow_makes() -> None:
    facts = read(
        "import tensorflow as tf\nfrom tensorflow.contrib import layers\n"
        "def build(model, step):\n    rate = tf.placeholder_with_default(1e-3, [], 'rate')\n"
        "    return layers.optimize_loss(model['loss'], step, rate, 'Adam', clip_gradients=5.0)\n"
    )
    assert (facts.is_model, facts.optimizer, facts.lr) == (True, "Adam", 1e-3)


@pytest.mark.parametrize(("name", "optimizer"), [("'Adam'", "Adam"), ("config.optimizer", None)])
def test_an_optimizer_looked_up_by_its_name(name: str, optimizer: str | None) -> None:
    facts = read(
        "import torch.optim as optim\nfrom mine import Net, config\nnet = Net()\n"
        f"kind = getattr(optim, {name})\nopt = kind(net.parameters(), lr=1e-4)\n"
    )
    assert (facts.is_model, facts.arch, facts.optimizer, facts.lr) == (True, "Net", optimizer, 1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "from torch.nn import Module\nfrom .encoders import *\nclass GaussianVAE(Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.encoder = PointNetEncoder(8)\n    def get_loss(self, x):\n"
        "        return self.encoder(x)\n",
        "import torch\nfrom tab.base import TabModel\nclass Tasks(TabModel):\n    def compute_loss(self, y, true):\n"
        "        return torch.nn.functional.cross_entropy(y, true)\n",
        "from flax import linen as nn\nclass Layer(nn.Module):\n    def setup(self):\n"
        "        self.A = self.param('A', nn.initializers.ones, (4,))\n"
        "    def __call__(self, x):\n        return x * self.A\n",
    ],
)
def test_networks_of_others_parts_that_tell_their_loss(text: str) -> None:
    assert read(text).is_model


def test_an_optimizer_that_is_made_for_what_was_saved_trains_nothing() -> None:
    text = (
        "import torch\nfrom nets import Net\nfrom mine import load\nnet = Net()\n"
        "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\nnet, opt = load('a.pt', net, opt)\nnet.eval()\n"
        "with torch.no_grad():\n    print(net(torch.zeros(1)))\n"
    )
    assert not read(text).is_model
    assert read(text + "def step(x):\n    net(x).backward()\n    opt.step()\n").is_model


@pytest.mark.parametrize(
    ("start", "epochs"),
    [
        ("if args.train:\n    train()\nif args.test:\n    train(epochs=2)", 7),
        ("if args.train:\n    train()\nelse:\n    train(epochs=3)", 3),
    ],
)
def test_a_training_that_waits_for_an_option_is_read_as_it_would_run(start: str, epochs: int) -> None:
    facts = read(
        "import argparse\nimport torch\nfrom torch import nn\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--train', action='store_true')\nparser.add_argument('--test', action='store_true')\n"
        "args = parser.parse_args()\nnet = nn.Linear(4, 2)\noptimizer = torch.optim.Adam(net.parameters(), lr=0.1)\n"
        "def train(epochs=7):\n    for epoch in range(epochs):\n        for x in data:\n"
        f"            net(x).sum().backward()\n            optimizer.step()\n{start}\n"
    )
    assert (facts.epochs, facts.lr) == (epochs, 0.1)


WAITS = (
    "import argparse\nimport torch\nfrom torch import nn\nfrom nets import GAN\np = argparse.ArgumentParser()\n"
    "p.add_argument('--train', default='False')\np.add_argument('--on')\nargs = p.parse_args()\n"
)
LOOP = (
    "    net = nn.Sequential(nn.Linear(4, 2), nn.ReLU())\n    opt = torch.optim.{}(net.parameters(), lr=0.1)\n"
    "    for epoch in range(7):\n        net(data).sum().backward()\n        opt.step()\n"
)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("if args.on == 'gpu':\n" + LOOP.format("Adam"), ("Adam", 7)),
        ("gan = GAN(8)\nif args.train == 'True':\n    gan.fit(data)\nelse:\n    gan.load()\n", (None, None)),
        ("if args.on is None:\n" + LOOP.format("SGD") + "else:\n" + LOOP.format("Adam"), ("SGD", 7)),
    ],
)
def test_what_a_script_trains_once_an_option_is_given(body: str, found: tuple[str | None, int | None]) -> None:
    facts = read(WAITS + body)
    assert (facts.is_model, facts.optimizer, facts.epochs) == (True, *found)


def test_what_a_script_without_training_leaves_out_trains_nothing() -> None:
    assert not read(WAITS + "if args.train == 'True':\n    print(net.load())\nelse:\n    draw(data)\n").is_model


@pytest.mark.parametrize(
    ("made", "optimizer"),
    [
        ("adam(1e-3)", "Adam"),
        ("sgd(1e-3)", "SGD"),
        ("nesterov(1e-3, mass=0.9)", "Momentum"),
        ("momentum(1e-3, 0.9)", "Momentum"),
    ],
)
@pytest.mark.parametrize("home", ["jax.experimental", "jax.example_libraries"])
def test_the_optimizers_of_the_examples_of_jax_are_three_functions(home: str, made: str, optimizer: str) -> None:
    facts = read(
        f"from jax import grad, jit\nfrom {home} import optimizers, stax\n"
        "start, net = stax.serial(stax.Dense(9), stax.Dense(2))\n"
        f"begin, move, parameters = optimizers.{made}\n"
        "@jit\ndef update(i, state, batch):\n    return move(i, grad(loss)(parameters(state), batch), state)\n"
        "state = begin(start(key, (9,))[1])\nfor epoch in range(12):\n    for i, batch in enumerate(batches):\n"
        "        state = update(i, state, batch)\n"
    )
    assert (facts.optimizer, facts.lr, facts.epochs) == (optimizer, 1e-3, 12)
