"""Agents and pairs of networks, each with its own optimizer: what is trained, and what their games are played with."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


PARTS = (
    "import copy, torch\nimport torch.nn as nn\n"
    "class {0}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.f = nn.Linear(3, 1)\n"
    "    def forward(self, s):\n        return self.f(s)\n"
    "class {1}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.f = nn.Linear(4, 1)\n"
    "    def forward(self, s):\n        return self.f(s)\n"
)
WHOLE = (
    "class {2}:\n    def __init__(self, dim):\n        self.a = {0}()\n        self.a_target = copy.deepcopy(self.a)\n"
    "        self.a_opt = torch.optim.Adam(self.a.parameters(), lr=1e-4)\n        self.b = {1}()\n"
    "        self.b_opt = torch.optim.Adam(self.b.parameters(), lr={3})\n"
    "    def train(self, memory):\n        loss = -self.b(self.a(memory.sample(64))).mean()\n"
    "        self.a_opt.zero_grad()\n        loss.backward()\n        self.a_opt.step()\n        self.b_opt.step()\n"
)


@pytest.mark.parametrize("names", [("Actor", "Critic", "DDPG"), ("Decoder", "Encoder", "LatentModel")])
@pytest.mark.parametrize("rate", ["1e-4", "1e-3"])
def test_two_networks_of_one_class_are_trained_together_whatever_their_rates(
    names: tuple[str, str, str], rate: str
) -> None:
    found = read((PARTS + WHOLE).format(*names, rate))
    assert found.arch == f"{names[0]} / {names[1]}"
    assert {stage.lr for stage in found.stages} == {1e-4, float(rate)}


def test_networks_that_functions_of_their_own_train_stay_apart() -> None:
    steps = "def first(a):\n    o = torch.optim.Adam(a.parameters(), lr=1e-4)\n    return o\n"
    last = "def second():\n    b = Critic()\n    return torch.optim.Adam(b.parameters(), lr=1e-3)\n"
    assert read(PARTS.format("Actor", "Critic") + steps + last).arch == "Critic"


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("net.load_state_dict(torch.load('w.pt', map_location=torch.device('cpu')))", None),
        ("assert len(torch.cuda.list_gpu_devices()) > 0", "GPU"),
        ("if not torch.cuda.is_available():\n    raise RuntimeError('no GPU')", "GPU"),
    ],
)
def test_where_weights_are_read_to_chooses_nothing_and_a_demand_does(text: str, device: str | None) -> None:
    head = PARTS.format("Actor", "Critic") + "net = Actor()\nopt = torch.optim.Adam(net.parameters(), lr=1e-3)\n"
    assert read(head + text).hw == device


@pytest.mark.parametrize(
    ("table", "dataset"),
    [("Iris.csv", "Iris"), ("titanic.csv", "Titanic"), ("diabetes.csv", None), ("irises.csv", "irises")],
)
def test_a_table_called_for_a_dataset_is_that_dataset(table: str, dataset: str | None) -> None:
    found = read(
        "import pandas as pd\nfrom sklearn.ensemble import RandomForestClassifier\n"
        f"file = '{table}'\ntable = pd.read_csv(file)\nRandomForestClassifier().fit(table[['a']], table['y'])\n"
    )
    assert (found.is_model, found.dataset) == (True, dataset)


GAME = (
    "import argparse, gym, torch\nfrom sac import SoftActorCritic\np = argparse.ArgumentParser()\n"
    "p.add_argument('--batch_size', type=int, default=128)\nopt = p.parse_args()\nagent = SoftActorCritic({given})\n"
    "while True:\n    action = agent.{asked}(state)\n    {step}\n"
)


@pytest.mark.parametrize(
    ("given", "asked", "step", "batch"),
    [
        ("**vars(opt)", "select_action", "agent.train()", 128),
        ("4, 2", "get_action", "losses = agent.update_params()", None),
        ("4, 2", "act", "agent.update()", None),
    ],
)
def test_an_agent_that_is_asked_to_act_and_to_improve_is_trained(
    given: str, asked: str, step: str, batch: int | None
) -> None:
    found = read(GAME.format(given=given, asked=asked, step=step))
    assert (found.is_model, found.arch, found.batch) == (True, "SoftActorCritic", batch)


PLAYED = (
    "from unityagents import UnityEnvironment\nfrom control.agent import {made}\nenv = UnityEnvironment('Reacher')\n"
    "agent = {made}(33, 4)\nfor episode in range(2000):\n    state = env.reset()\n"
    "    action = agent.{asked}(state)\n    reward, done = env.step(action)\n    agent.{step}(reward, done)\n"
)


@pytest.mark.parametrize(
    ("made", "asked", "step", "model"),
    [
        ("Agent", "act", "step", True),
        ("Agent", "select_action", "improve_params", True),
        ("Agent", "describe", "step", False),  # a part of a game
        ("Robot", "act", "step", False),
    ],
)
def test_an_agent_of_another_file_learns_from_each_step_that_it_is_told_of(
    made: str, asked: str, step: str, model: bool
) -> None:
    found = read(PLAYED.format(made=made, asked=asked, step=step))
    assert (found.is_model, found.optimizer) == (model, None)


@pytest.mark.parametrize("step", ["agent.train()", "agent.update()"])
def test_what_is_never_asked_to_act_only_changes_its_mode(step: str) -> None:
    assert not read(GAME.format(given="4, 2", asked="describe", step=step)).is_model


@pytest.mark.parametrize(("shown", "batch"), [("    with torch.no_grad():\n        y = net(get_batch(1))\n", 128),
                                              ("    y = net(get_batch(1))\n", None)])  # fmt: skip
def test_a_batch_that_is_only_looked_at_is_not_trained_on(shown: str, batch: int | None) -> None:
    found = read(
        PARTS.format("Net", "Other") + "def get_batch(batch_size):\n    return data[pick(len(data), batch_size)]\n"
        "net = Net()\nopt = torch.optim.Adam(net.parameters(), lr=3e-3)\nfor i in range(10000):\n"
        "    loss = net(get_batch(128)).mean()\n    loss.backward()\n    opt.step()\n" + shown
    )
    assert found.batch == batch


def test_a_network_switched_to_training_after_it_was_asked_starts_none() -> None:
    found = read(
        "import torch\nfrom nets import Encoder, Classifier\nfrom data import loader\nnet = Classifier(Encoder(3))\n"
        "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\nfor epoch in range(9):\n    net.eval()\n"
        "    draw(net(x), batch_size=10)\n    net.train()\n"
    )
    assert (found.arch, found.optimizer, found.lr) == ("Classifier", "Adam", 1e-3)


def test_a_branch_that_the_settings_leave_out_names_no_dataset() -> None:
    text = (
        PARTS.format("Net", "Other") + "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('--type', default='{0}')\nargs = p.parse_args()\nif args.type == 'faces':\n"
        "    folder = './datasets/celebA'\nnet = Net()\nopt = torch.optim.Adam(net.parameters(), lr=1e-3)\n"
    )
    assert [read(text.format(kind)).dataset for kind in ("faces", "digits")] == ["CelebA", None]


def test_an_adapted_language_model_is_the_architecture() -> None:
    found = read(
        "from peft import get_peft_model\nfrom transformers import AutoModelForCausalLM, Trainer, TrainingArguments\n"
        "model = AutoModelForCausalLM.from_pretrained(args.model)\nmodel = get_peft_model(model, cfg)\n"
        "trainer = Trainer(model=model, args=TrainingArguments(learning_rate=1e-4), train_dataset=rows)\n"
        "trainer.train()\n"
    )
    assert (found.arch, found.lr) == ("AutoModelForCausalLM", 1e-4)


KERAS = (
    "from tensorflow.keras.models import Sequential\nfrom tensorflow.keras.layers import Dense\n"
    "def build():\n    model = Sequential([Dense(8), Dense(3)])\n    model.compile(optimizer='adam', loss='mse')\n"
    "    return model\ndef train(model, x, y, batch_size=32, epochs=10):\n"
    "    return model.fit(x, y, batch_size=batch_size, epochs=epochs)\n"
)
OWN = (
    "from keras.models import Sequential\nfrom keras.layers import Dense\nclass Net(Sequential):\n"
    "    def __init__(self):\n        super().__init__()\n        self.add(Dense(8))\n"
    "        self.compile(loss='mse', optimizer='adam')\n    def train(self, stream):\n        for x, y in stream:\n"
    "            self.fit(x, y)\n"
)
SECOND = "def other():\n    model = Sequential([Dense(2)])\n    model.compile(optimizer='sgd', loss='mse')\n"


@pytest.mark.parametrize(("text", "optimizer"), [(KERAS, "Adam"), (OWN, "Adam"), (KERAS + SECOND, None)])
def test_the_one_compile_of_a_library_is_that_of_what_it_fits(text: str, optimizer: str | None) -> None:
    assert read(text).optimizer == optimizer


@pytest.mark.parametrize("fetched", ["[steps, loss]", "[optimizers, loss]"])
def test_a_session_that_runs_what_another_file_optimizes_trains_it(fetched: str) -> None:
    found = read(
        "import tensorflow as tf\nfrom model import CycleGAN\ngan = CycleGAN(batch_size=1)\nloss = gan.model()\n"
        "optimizers = gan.optimize(loss)\nsteps = gan.count()\nwith tf.Session() as sess:\n    while running():\n"
        f"        sess.run({fetched})\n"
    )
    assert (found.is_model, found.arch) == ((True, "CycleGAN") if "optimizers" in fetched else (False, None))


def test_a_memory_that_changes_its_own_parameters_is_not_what_learns() -> None:
    found = read(
        "import torch\nfrom networks import Actor, Critic\nfrom memory import Kept\nBATCH_SIZE = 128\nclass Agent:\n"
        "    def __init__(self):\n        self.actor, self.critic = Actor(4), Critic(4)\n"
        "        self.one = torch.optim.Adam(self.actor.parameters(), lr=1e-4)\n"
        "        self.other = torch.optim.Adam(self.critic.parameters(), lr=1e-4)\n"
        "        self.memory = Kept(9, BATCH_SIZE)\n    def step(self, states):\n        for state in states:\n"
        "            self.memory.add(state)\n        if self.time % 3000 == 0:\n"
        "            self.memory.update_parameters()\n        self.learn(self.memory.sample())\n"
        "    def learn(self, states):\n        self.critic(states).mean().backward()\n        self.other.step()\n"
        "        self.actor(states).mean().backward()\n        self.one.step()\n"
    )
    assert (found.optimizer, found.lr, found.arch) == ("Adam", 1e-4, "Actor / Critic")


@pytest.mark.parametrize("kept", ["state_memory", "replay_buffer", "reward_memory"])
def test_what_an_agent_remembers_in_arrays_is_a_replay_memory(kept: str) -> None:
    text = (
        "import numpy as np, torch\nfrom torch import nn, optim\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.f = nn.Linear(4, 2)\n"
        "        self.optimizer = optim.Adam(self.parameters(), lr=1e-4)\n"
        "    def forward(self, s):\n        return self.f(s)\n"
        "class Agent:\n    def __init__(self, size, gamma=0.99):\n        self.q_eval, self.gamma = Net(), gamma\n"
        f"        self.{kept} = np.zeros((size, 4))\n"
        "    def learn(self):\n        batch = np.random.choice(100, 32)\n"
        f"        seen = torch.tensor(self.{kept}[batch])\n"
        "        q_next = self.q_eval(seen)\n        q_target = 1 + self.gamma * torch.max(q_next, dim=1)[0]\n"
        "        loss = ((q_target - self.q_eval(seen).mean(1)) ** 2).mean()\n        loss.backward()\n"
        "        self.q_eval.optimizer.step()\n"
    )
    assert "dqn" in {tag.name for tag in read(text).tags}
