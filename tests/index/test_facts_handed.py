"""Scripts that train what they are handed, or what others make for them in a way that cannot be followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse


def read(text: str, path: Path = Path("tune.py")) -> ScriptFacts:
    return extract(parse(path, text.encode()), Configs(path))


FITTED = [
    "def evaluate(model, X, y):\n    model.fit(X, y)\n    return model.score(X, y)\n",
    "from models import factory\ndef run(config, X, y):\n    model = factory.Makers().create(config)\n"
    "    model = model.train(X, y)\n",
    "import numpy as np\ndef run(model_class, x, options):\n    model_class(**options).fit(np.array(x), epochs=3)\n",
    "import keras\ndef fit(model, x, y):\n    return model.fit(x, y, epochs=3)\n",
    "def fit_one_cycle(learner):\n    learner.fit_one_cycle(4)\n",
    "class Wrapped:\n    def fit(self, x):\n        for part in x:\n            self.model.fit(part)\n",
    "class Base:\n    def train(self):\n        self.clf.fit(self.X_train, self.y_train)\n",
    "from sklearn.base import clone\ndef folds(estimator, X, y):\n    model = clone(estimator)\n    model.fit(X, y)\n",
    "import optuna\nfrom make import everything\ndef objective(trial):\n    trainer, model, data = everything(trial)\n"
    "    trainer.fit(model=model, datamodule=data)\n",
    "import torch\nfrom nets import lstm\ndef run(model, loader):\n    lstm.train(model, loader)\n",
    "from sac import policy\ndef step(batch, net, optimizers):\n    policy.update(batch, net, optimizers['actor'])\n",
    "import torch\ndef run(agent, batches):\n    for batch in batches:\n        agent.update_critic(*batch)\n",
    "import torch\nfrom ignite.engine import create_supervised_trainer\n"
    "def make(model, optimizer, loss):\n    return create_supervised_trainer(model, optimizer, loss)\n",
    "from trl import SFTTrainer\ndef make(model, data):\n    return SFTTrainer(model=model, train_dataset=data)\n",
    "import torch\ndef train_step(model, batch, scaler, optimizer):\n    scaler.scale(model(batch)).backward()\n"
    "    scaler.step(optimizer)\n",
    "import equinox as eqx\nimport optax\ndef make_step(model, state, optimizer, loss, x):\n"
    "    grads = eqx.filter_grad(loss)(model, x)\n    updates, state = optimizer.update(grads, state)\n"
    "    return eqx.apply_updates(model, updates), state\n",
    "import torch\nclass Loop:\n    def __init__(self, agent):\n        self.__agent = agent\n"
    "    def train(self, env):\n        for step in range(9):\n            env.step(self.__agent.take_Action(env))\n"
    "            self.__agent.update(env.batch())\n",
    "import tensorflow as tf\ndef epoch(sess, model, batches):\n    for batch in batches:\n"
    "        wanted = [model.loss, model.update_batch]\n        sess.run(wanted, batch)\n",
    "import argparse, torch\nfrom agents import SAC\nparser = argparse.ArgumentParser()\n"
    "parser.add_argument('--env', default='')\nargs = parser.parse_args()\ndef train(buffer):\n    if args.env == '':\n"
    "        return\n    player = SAC(0.1)\n    for step in range(9):\n        player.update(buffer.all())\ntrain(1)\n",
    "import torch\ndef loop(model, config, batches):\n    for epoch in range(config.epochs):\n"
    "        for batch in batches:\n            info = model.update(**batch)\n            print(info['critic_loss'])\n",
]  # fmt: skip
PREPARED = [
    "def scale(scaler, X):\n    return scaler.fit_transform(X)\n",
    "import torch\ndef show(model, training):\n    model.train(training)\n    return model.sample()\n",
    "import torch\ndef show(model):\n    model.train(mode=False)\n",
    "from sklearn.preprocessing import StandardScaler\ndef run(X):\n    model = StandardScaler()\n    model.fit(X)\n",
    "def learn(encoder, texts):\n    encoder.fit(texts)\n",
    "from .encoding import ordinal_encoding_fit\ndef run(frame):\n    ordinal_encoding_fit(frame, ['a'])\nrun(1)\n",
    "import torch\nfrom data import MetadataBuilder\nbuilder = MetadataBuilder()\nbuilder.fit(parquet_dir='a')\n",
    "from service import systems\ndef post(user, number, data):\n    systems.train_system(user, number, data)\n",
    "import torch\nfrom tools import rates\ndef slow(optimizer, n):\n    rates.update_lr(optimizer, n)\n",
    "import torch\nfrom torch.optim import lr_scheduler\ndef slow(optim):\n    return lr_scheduler.StepLR(optim, 3)\n",
    "import torch\ndef log(meter, loader):\n    for batch in loader:\n        loss = meter.update(batch)\n",
]


@pytest.mark.parametrize("text", FITTED)
def test_what_trains_what_it_is_handed_is_a_model_script(text: str) -> None:
    assert read(text).is_model


@pytest.mark.parametrize("text", PREPARED)
def test_what_only_prepares_or_switches_what_it_is_handed_is_none(text: str) -> None:
    assert not read(text).is_model


def test_a_fit_of_unknown_making_says_no_framework() -> None:
    assert read("import numpy as np\n" + FITTED[0]).framework is None


def test_a_search_trains_whatever_it_is_given() -> None:
    text = (
        "from sklearn.model_selection import GridSearchCV\ndef search(made, X, y):\n"
        "    found = GridSearchCV(made.clf, made.grid())\n    found.fit(X, y)\n"
    )
    assert (read(text).is_model, read(text).framework, read(text).arch) == (True, "scikit-learn", None)


@pytest.mark.parametrize(
    ("call", "listed"), [("LightningCLI()", True), ("LightningCLI(seed=1)", True), ("LightningCLI(run=False)", False)]
)
def test_a_command_line_that_is_told_its_class_trains_it(call: str, listed: bool) -> None:
    text = f"from lightning.pytorch.cli import LightningCLI\ndef main():\n    {call}\nmain()\n"
    assert read(text).is_model is listed


def test_gradients_that_an_optimizer_of_ones_own_takes() -> None:
    text = (
        "import tensorflow as tf\nclass Learner:\n    def __init__(self, policy, optimizer):\n"
        "        self.policy, self.optimizer = policy, optimizer\n    def step(self, episodes):\n"
        "        with tf.GradientTape() as tape:\n            loss = self.policy.loss(episodes)\n"
        "        grads = tape.gradient(loss, self.policy.trainable_variables)\n"
        "        self.optimizer.optimize(grads, episodes)\n"
    )
    assert read(text).is_model


def test_a_network_made_of_what_it_is_given_or_nothing() -> None:
    text = (
        "import tensorflow as tf\nclass Flow(tf.keras.Model):\n    def __init__(self, encoder=None, decoder=None):\n"
        "        super().__init__()\n        self._encoder = encoder if encoder is not None else tf.identity\n"
        "        self._decoder = decoder if decoder is not None else tf.identity\n"
        "    def call(self, x):\n        return self._decoder(self._encoder(x))\n"
    )
    assert read(text).arch == "Flow"


def test_a_network_of_flax_made_by_what_it_is_given() -> None:
    text = (
        "import flax.linen as nn\nfrom typing import Callable\nclass ActorCritic(nn.Module):\n    body_fn: Callable\n"
        "    head_fn: Callable\n    def setup(self):\n"
        "        self.body = self.body_fn()\n        self.head = self.head_fn()\n"
        "    def __call__(self, x):\n        return self.head(self.body(x))\n"
    )
    assert read(text).arch == "ActorCritic"


def test_a_ready_network_that_a_class_takes_further() -> None:
    text = (
        "from torchvision.models.vgg import VGG, make_layers\nclass Encoder(VGG):\n    def __init__(self, **options):\n"
        "        super().__init__(make_layers([64, 'M']), **options)\n        del self.classifier\n"
        "    def forward(self, x):\n        return self.features(x)\n"
    )
    assert (read(text).is_model, read(text).arch) == (True, "Encoder")


def test_a_network_whose_base_is_beside_it_is_one_without_any_framework(tmp_path: Path) -> None:
    package = tmp_path / "nets"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "base.py").write_text("import torch\nclass SegmentationModel(torch.nn.Module):\n    pass\n")
    text = (
        "from .base import SegmentationModel\nfrom .parts import get_encoder, Decoder\nclass FPN(SegmentationModel):\n"
        "    def __init__(self):\n        super().__init__()\n        self.encoder = get_encoder('a')\n"
        "        self.decoder = Decoder(3)\n"
    )
    file = package / "fpn.py"
    file.write_text(text)
    facts = read(text, file)
    assert (facts.is_model, facts.framework, facts.arch) == (True, "PyTorch", "FPN")
    other = text.replace("import SegmentationModel", "import Table as SegmentationModel")
    (package / "base.py").write_text("class Table:\n    pass\n")
    assert not read(other, file).is_model


def test_a_trainer_that_a_function_hands_out_says_how_it_trains() -> None:
    text = (
        "from transformers import Trainer, TrainingArguments\ndef trainer(model, data):\n"
        "    args = TrainingArguments('out', num_train_epochs=3, learning_rate=2e-5)\n"
        "    return Trainer(model, args, train_dataset=data)\n"
    )
    assert (read(text).epochs, read(text).lr, read(text).framework) == (3, 2e-5, "PyTorch")


CELLS = {
    "cell = nn.LSTM\n        self.rnn = cell(3, 4)": {"lstm", "rnn"},
    "cell = nn.LSTM if long else nn.GRU\n        self.rnn = cell(3, 4)": {"rnn"},
    "self.cell = nn.GRU\n        self.rnn = self.cell(3, 4)": {"gru", "rnn"},
    "self.rnn = getattr(nn, kind)(3, 4, batch_first=True)": {"rnn"},
    "self.norm = getattr(nn, kind)(3)": set(),
}


@pytest.mark.parametrize("body", CELLS)
def test_a_recurrent_layer_that_is_built_under_another_name(body: str) -> None:
    text = (
        "import torch\nfrom torch import nn\nclass Reader(nn.Module):\n    def __init__(self, kind, long):\n"
        f"        super().__init__()\n        {body}\n    def forward(self, x):\n        return self.rnn(x)\n"
    )
    assert ({tag.name for tag in read(text).tags}, read(text).is_model) == (CELLS[body], bool(CELLS[body]))


def test_blocks_of_the_first_fastai() -> None:
    text = (
        "from fastai.vision import *\nclass Block(Module):\n    def __init__(self, n):\n"
        "        self.one, self.two = conv_layer(n, n), conv_layer(n, n)\n"
        "    def forward(self, x):\n        return self.two(self.one(x))\n"
    )
    assert (read(text).framework, read(text).arch) == ("fastai", "Block")


def test_a_round_of_clients_whose_models_are_averaged_trains() -> None:
    text = (
        "import torch\nfrom base import Server\nclass FedServer(Server):\n    def train(self):\n"
        "        for epoch in range(self.rounds):\n            self.update_clients()\n            {}\n"
    )
    assert read(text.format("self.average_model()")).is_model
    assert not read(text.format("self.show()")).is_model


def test_a_step_whose_length_is_searched_for() -> None:
    text = (
        "import torch\nfrom torch.nn.utils.convert_parameters import vector_to_parameters\nclass TRPO:\n"
        "    def step(self, episodes):\n"
        "        grads = torch.autograd.grad(self.loss(episodes), self.policy.parameters())\n"
        "        vector_to_parameters(self.search(grads), self.policy.parameters())\n"
    )
    assert read(text).is_model


@pytest.mark.parametrize("kind", ["MADDPG", "SAC", "TD3Agent"])
def test_an_agent_that_is_called_after_its_algorithm(kind: str) -> None:
    text = (
        f"import torch\nfrom agents import {kind}\ndef train(buffer):\n    player = {kind}(0.1)\n"
        "    for step in range(9):\n        player.update(buffer.sample())\n"
    )
    assert read(text).is_model


def test_gradients_that_explain_an_answer_train_nothing() -> None:
    text = (
        "import torch\ndef explain(model, images, target):\n    for image in images:\n        answer = model(image)\n"
        "        model.zero_grad()\n        answer.backward({})\n        yield image.grad\n"
    )
    assert not read(text.format("gradient=target")).is_model
