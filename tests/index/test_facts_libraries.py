"""Trainings as less common libraries write them: Gluon, PaddlePaddle, Chainer, Sonnet, PyTorch Geometric."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse

GLUON = """
from mxnet import gluon, autograd
import mxnet as mx
class Net(gluon.Block):
    def __init__(self):
        super().__init__()
        self.fc = gluon.nn.Dense(10)
    def forward(self, x):
        return self.fc(x)
net = Net()
net.initialize(ctx=mx.gpu(0))
trainer = gluon.Trainer(net.collect_params(), {given})
for epoch in range(3):
    for x, y in gluon.data.DataLoader(data, batch_size=50):
        with autograd.record():
            loss = net(x)
        loss.backward()
        trainer.step(50)
"""
PADDLE = """
import paddle
model = paddle.Model(paddle.vision.models.resnet18())
model.prepare(paddle.optimizer.Adam(learning_rate=0.01, parameters=model.parameters()), paddle.nn.CrossEntropyLoss())
model.fit(data, epochs=3, batch_size=50)
"""
CHAINER = """
import chainer, chainer.links as L
class MLP(chainer.ChainList):
    def __init__(self):
        super().__init__(L.Linear(784, 100), L.Linear(100, 10))
    def __call__(self, x):
        return self[1](self[0](x))
optimizer = chainer.optimizers.Adam(alpha=0.01)
optimizer.setup(MLP())
it = chainer.iterators.SerialIterator(data, 50)
updater = chainer.training.StandardUpdater(it, optimizer)
chainer.training.Trainer(updater, (3, "epoch")).run()
"""
SONNET = """
import sonnet as snt, tensorflow as tf
class Net(snt.Module):
    def __init__(self):
        super().__init__()
        self.a = snt.Linear(10)
    def __call__(self, x):
        return self.a(x)
net = Net()
opt = snt.optimizers.Adam(learning_rate=0.01)
batch_size = 50
for epoch in range(3):
    for x, y in data.batch(batch_size):
        with tf.GradientTape() as tape:
            loss = net(x)
        opt.apply(tape.gradient(loss, net.trainable_variables), net.trainable_variables)
"""


@pytest.mark.parametrize(
    ("text", "framework", "arch", "optimizer"),
    [
        (GLUON.format(given="'sgd', {'learning_rate': 0.01}"), "MXNet", "Net", "SGD"),
        (GLUON.format(given="mx.optimizer.Adam(learning_rate=0.01)"), "MXNet", "Net", "Adam"),
        (PADDLE, "PaddlePaddle", None, "Adam"),
        (CHAINER, "Chainer", "MLP", "Adam"),
        (SONNET, "Keras/TensorFlow", "Net", "Adam"),
    ],
)
def test_a_training_of_a_less_common_library(text: str, framework: str, arch: str | None, optimizer: str) -> None:
    found = extract(parse(Path("script.py"), text.encode()))
    assert (found.framework, found.arch, found.optimizer) == (framework, arch, optimizer)
    assert (found.lr, found.batch, found.epochs) == (0.01, 50, 3)


@pytest.mark.parametrize(
    ("device", "expected"),
    [("mx.gpu()", "GPU"), ("mx.cpu()", "CPU"), ("mx.gpu() if mx.context.num_gpus() else mx.cpu()", "CPU/GPU")],
)
def test_the_devices_of_mxnet(device: str, expected: str) -> None:
    text = GLUON.format(given="'sgd'").replace("mx.gpu(0)", device)
    assert extract(parse(Path("script.py"), text.encode())).hw == expected


RLLIB: dict[str, tuple[str, dict[str, object]]] = {
    "built of its configuration": (
        "from ray.rllib.algorithms.sac.sac import SACConfig\n"
        "config = (SACConfig().framework('torch').training(gamma=0.9, lr=0.01, train_batch_size=32)\n"
        "    .environment('highway-v0'))\nalgo = config.build()\nfor _ in range(100):\n    algo.train()\n",
        {"arch": "SAC", "lr": 0.01, "batch": 32},
    ),
    "of a class, by Tune": (
        "from ray import tune\nfrom ray.rllib.agents.dqn import DQNTrainer\nclass Agents:\n"
        "    def train_model(self):\n        return tune.run(DQNTrainer, config=self.config, verbose=1)\n",
        {"arch": "DQN"},
    ),
    "by its name, by Tune": (
        "from ray import tune\ntune.run('PPO', config={'env': 'CartPole-v1', 'framework': 'torch'})\n",
        {"arch": "PPO"},
    ),
}


@pytest.mark.parametrize("how", RLLIB)
def test_an_algorithm_of_rllib_is_trained(how: str) -> None:
    text, expected = RLLIB[how]
    facts = extract(parse(Path("train.py"), text.encode()))
    assert facts.is_model
    assert {name: getattr(facts, name) for name in expected} == expected


def test_a_step_of_another_file_is_run_on_every_device() -> None:
    text = (
        "import tensorflow as tf\nfrom vqvae import *\nstrategy = tf.distribute.MirroredStrategy()\n"
        "with strategy.scope():\n    networks = Autoencoder(config)\n@tf.function\ndef step(x):\n"
        "    return strategy.run(networks.train_step, args=(x,))\nfor x in data:\n    step(x)\n"
    )
    facts = extract(parse(Path("train.py"), text.encode()))
    assert (facts.is_model, facts.framework, facts.arch) == (True, "Keras/TensorFlow", "Autoencoder")


PIPELINE = """
import random
import spacy
from spacy.util import minibatch
EXAMPLES = [("Uber blew through $1 million", {{"entities": [(0, 4, "ORG")]}})]
nlp = spacy.blank("en")
ner = nlp.add_pipe("ner")
optimizer = nlp.{start}()
for epoch in range(30):
    random.shuffle(EXAMPLES)
    losses = {{}}
    for batch in minibatch(EXAMPLES, size=8):
        texts, annotations = zip(*batch)
        nlp.update(texts, annotations, {given})
"""


@pytest.mark.parametrize("start", ["begin_training", "initialize"])
@pytest.mark.parametrize("given", ["sgd=optimizer, drop=0.5, losses=losses", "losses=losses"])
def test_a_pipeline_of_spacy_that_is_updated(start: str, given: str) -> None:
    facts = extract(parse(Path("ner.py"), PIPELINE.format(start=start, given=given).encode()))
    assert facts.is_model and (facts.arch, facts.epochs) == (None, 30)


def test_a_mapping_that_is_updated_where_spacy_is_imported_is_no_training() -> None:
    text = (
        "import spacy\nnlp = spacy.load('en')\nfor i in range(3):\n    seen.update(nlp(t), drop=1)\n    nlp.update(x)\n"
    )
    assert not extract(parse(Path("a.py"), text.encode())).is_model


@pytest.mark.parametrize("base", ["sb.Brain", "sb.core.Brain"])
def test_a_brain_of_speechbrain_is_a_trainer(base: str) -> None:
    text = f"""
import sys
import speechbrain as sb
from hyperpyyaml import load_hyperpyyaml
class ASR({base}):
    def compute_forward(self, batch, stage):
        return self.modules.encoder(batch.sig)
    def compute_objectives(self, predictions, batch, stage):
        return self.hparams.ctc_cost(predictions, batch.tokens)
hparams_file, run_opts, overrides = sb.parse_arguments(sys.argv[1:])
with open(hparams_file) as opened:
    hparams = load_hyperpyyaml(opened, overrides)
brain = ASR(modules=hparams["modules"], opt_class=hparams["opt_class"], hparams=hparams)
brain.{{}}
"""
    told = [text.format(call) for call in ("fit(brain.hparams.epoch_counter, data)", "evaluate(data)")]
    trains, evaluates = (extract(parse(Path("train.py"), one.encode())) for one in told)
    assert trains.is_model and (trains.framework, trains.arch) == ("PyTorch", None)
    assert not evaluates.is_model


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("model.set_params(**params)\nmodel.fit(X, y)\n", 0.005),
        ("model.set_params(learning_rate=0.1)\nmodel.fit(X, y)\n", 0.1),
        ("other.set_params(**params)\nmodel.fit(X, y)\n", None),
    ],
)
def test_the_rate_that_an_estimator_is_set_to_once_it_is_made(text: str, rate: float | None) -> None:
    made = (
        "import catboost\nparams = {'iterations': 9, 'learning_rate': 0.005}\nmodel = catboost.CatBoostClassifier()\n"
    )
    assert extract(parse(Path("script.py"), (made + text).encode())).lr == rate


@pytest.mark.parametrize("said", ["epochs=args.epochs", "iter=7"])
def test_how_often_word_vectors_pass_over_their_corpus(said: str) -> None:
    text = (
        "import argparse\nfrom gensim.models import Word2Vec\np = argparse.ArgumentParser()\n"
        "p.add_argument('--epochs', type=int, default=7)\nargs = p.parse_args()\n"
        f"model = Word2Vec(sentences=corpus, vector_size=100, {said})\nmodel.save('vectors')\n"
    )
    found = extract(parse(Path("script.py"), text.encode()))
    assert (found.framework, found.arch, found.epochs) == ("gensim", "Word2Vec", 7)
