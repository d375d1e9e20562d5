"""Scripts whose model another file trains, or whose training another file has: what is offered, chosen, handed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

EVOLVED = """
import cma
from torch import nn
from torch.utils.data import DataLoader
from network import Net
def evolve(model, data, config):
    loader = DataLoader(data, batch_size=config.size)
    es = cma.CMAEvolutionStrategy(model.get_params(), 0.5)
    for epoch in range(config.epochs):
        for x, y in loader:
            found = es.ask()
            es.tell(found, [model.evaluate(x, y, one) for one in found])
"""
AGENT = """
import copy
import torch
from torch import nn
from updates import network_update
class Agent:
    def __init__(self, actor, critic, actor_optimizer, critic_optimizer):
        self.actor, self.critic = actor, critic
        self.actor_optimizer, self.critic_optimizer = actor_optimizer, critic_optimizer
    def update(self, states, rewards):
        critic_loss = nn.MSELoss()(self.critic(states), rewards)
        network_update(critic_loss, self.critic_optimizer)
        actor_loss = -self.critic(states, self.actor(states)).mean()
        network_update(actor_loss, self.actor_optimizer)
"""
ESTIMATOR = """
import tensorflow as tf
from losses import make_loss
from optimization import make_operation
from networks import Text
def model_fn_builder(params):
    def model_fn(features, labels, mode):
        loss = make_loss(Text(mode)(features), labels)
        if mode == tf.estimator.ModeKeys.EVAL:
            return tf.estimator.EstimatorSpec(mode=mode, loss=loss)
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=make_operation(loss))
    return model_fn
"""
HEADED = """
from transformers import BertForSequenceClassification
NAME = "bert-base-uncased"
def Bert(classes):
    return BertForSequenceClassification.from_pretrained(NAME, num_labels=classes)
"""
POOLED = """
import torch
def encoder(config):
    from transformers.models.bert import BertConfig, BertModel
    return BertModel(BertConfig(hidden_size=config.size))
class Pooling(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.model = encoder(config)
    def forward(self, x):
        return self.model(x).mean()
"""
CHOSEN = """
import pandas as pd
from torch import nn
from networks import Classifier
from methods import select
def main(config, data):
    train_function = select(config)
    model = Classifier(config.layers)
    model = train_function(model, data, config)
"""
GIVEN = """
import torch
from networks import Wav2Vec2
from loading import get_loader
class Operations:
    @classmethod
    def make(cls, classes):
        return Wav2Vec2(classes).to("cuda" if torch.cuda.is_available() else "cpu")
    @classmethod
    def train(cls, trainer):
        loader = get_loader("train")
        trainer.train(loader)
"""
TRAINED: dict[str, tuple[str, str | None]] = {
    "an evolution strategy": (EVOLVED, None),
    "an agent that hands over its losses": (AGENT, None),
    "an estimator's operation": (ESTIMATOR, None),
    "a ready network with a new head": (HEADED, "BertForSequenceClassification"),
    "a network that a function makes": (POOLED, "Pooling"),
    "a training that is chosen": (CHOSEN, "Classifier"),
    "a trainer that is given": (GIVEN, None),
    "an estimator of scikit-learn": ("from sklearn.svm import LinearSVC\nmodel = LinearSVC(C=0.5)\n", "LinearSVC"),
}
NO_MODELS = {
    "a tokenizer": "from pathlib import Path\nfrom miditok import REMI, TokenizerConfig\n"
    "tokenizer = REMI(TokenizerConfig())\ntokenizer.train(vocab_size=300, files_paths=list(Path('a').glob('*.mid')))\n",
    "an index": "import torch\nimport faiss\ndef edges(x, k):\n    index = faiss.IndexIVFFlat(x, 8)\n"
    "    index.train(x)\n    index.add(x)\n    return torch.tensor(index.search(x, k)[1])\n",
    "a ready network that is asked": "import torch\nfrom transformers import BertForSequenceClassification\n"
    "def network():\n    return BertForSequenceClassification.from_pretrained('a/mood', num_labels=2)\n"
    "net = network()\nnet.eval()\nwith torch.no_grad():\n    print(net(**text).logits.argmax())\n",
}


def read(folder: Path, text: str, **beside: str) -> ScriptFacts:
    for name, content in beside.items():
        (folder / f"{name}.py").write_text(content)
    script = folder / "script.py"
    script.write_text(text)
    return extract(parse(script, text.encode()), Configs(script))


@pytest.mark.parametrize("kind", TRAINED)
def test_what_is_offered_chosen_or_handed_over_to_be_trained_is_a_model_script(tmp_path: Path, kind: str) -> None:
    text, arch = TRAINED[kind]
    facts = read(tmp_path, text)
    assert facts.is_model
    assert arch is None or facts.arch == arch


@pytest.mark.parametrize("kind", NO_MODELS)
def test_what_trains_no_model_or_only_asks_one_is_none(tmp_path: Path, kind: str) -> None:
    assert not read(tmp_path, NO_MODELS[kind]).is_model


def test_libraries_come_by_way_of_a_module_whose_every_name_is_imported(tmp_path: Path) -> None:
    text = "from common import *\nclass Decoder(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    text += "        self.cell = nn.LSTMCell(4, 4)\n        self.out = nn.Linear(4, 1)\n"
    beside = {"common": "from basis import *\nimport torch.nn as nn\n", "basis": "import torch as t\n"}
    facts = read(tmp_path, text, **beside)
    assert facts.is_model
    assert (facts.framework, facts.arch) == ("PyTorch", "Decoder")


def test_an_estimator_of_a_module_beside_says_the_library(tmp_path: Path) -> None:
    forest = "from sklearn.ensemble import RandomForestClassifier\nmodel = RandomForestClassifier(n_estimators=50)\n"
    text = "from forest import model\nfrom feeding import partition\nx, y = partition(3)\nmodel.fit(x[:10], y[:10])\n"
    facts = read(tmp_path, text, forest=forest)
    assert (facts.is_model, facts.framework) == (True, "scikit-learn")
