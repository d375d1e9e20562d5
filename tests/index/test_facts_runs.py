"""How trainings are started and run: by flags, launchers, learners, slices, restarts; and what acts in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


NET = """
import argparse, torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 64)
        self.b = nn.Linear(64, 10)
    def forward(self, x):
        return self.b(self.a(x).relu())
"""
BODY = """
def train():
    net = Net()
    opt = optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range({epochs}):
        for x, y in DataLoader(datasets.MNIST("."), batch_size=64):
            opt.zero_grad()
            net(x).sum().backward()
            opt.step()
"""


@pytest.mark.parametrize(
    "started",
    [
        "p.add_argument('--train', action='store_true')\na = p.parse_args()\nif a.train:\n    train()\n",
        "p.add_argument('--mode', default='test')\na = p.parse_args()\nif a.mode == 'train':\n    train()\n",
        "p.add_argument('--do_train', default=False)\na = p.parse_args()\nif not a.do_train:\n    exit()\ntrain()\n",
    ],
)
def test_a_training_that_a_flag_switches_on_is_the_training(started: str) -> None:
    found = read(NET + BODY.format(epochs=9) + f"p = argparse.ArgumentParser()\n{started}")
    assert (found.epochs, found.batch, found.lr) == (9, 64, 1e-3)


def test_a_training_that_the_mode_of_a_main_function_chooses_is_the_training() -> None:
    main = "def show():\n    print(1)\ndef main():\n    a = p.parse_args()\n    if a.mode == 'show':\n        show()\n"
    main += "    if a.mode in ('train', 'all'):\n        train()\nmain()\n"
    asked = f"p = argparse.ArgumentParser()\np.add_argument('--mode', default='show')\n{main}"
    found = read(NET + BODY.format(epochs=9) + asked)
    assert (found.epochs, found.batch, found.lr, found.optimizer) == (9, 64, 1e-3, "Adam")
    never = read(NET + BODY.format(epochs=9) + "def main():\n    if False:\n        train()\nmain()\n")
    assert never.epochs is None


def test_what_a_flag_switches_on_besides_is_still_off() -> None:
    found = read(
        NET + "p = argparse.ArgumentParser()\np.add_argument('--fast', action='store_true')\na = p.parse_args()\n"
        "n = 100\nif a.fast:\n    n = 1\n" + BODY.format(epochs="n") + "train()\n"
    )
    assert found.epochs == 100


RESTARTS = {
    "range(start, start + 12)": 12,
    "range(1, 13)": 12,
    "range(start, 12)": 12,
    "range(start + 1, 12 + 1)": 12,
}


@pytest.mark.parametrize("epochs", RESTARTS)
def test_a_run_that_may_be_resumed_is_planned_from_the_start(epochs: str) -> None:
    started = "checkpoint = None\nstart = 0\n"
    resumed = (
        "def main():\n    global checkpoint, start\n    if checkpoint is None:\n        net = Net()\n    else:\n"
        "        checkpoint = torch.load(checkpoint)\n        start = checkpoint['epoch'] + 1\n"
        "        net = checkpoint['net']\n"
        "    opt = optim.Adam(net.parameters(), lr=1e-3)\n"
        f"    for epoch in {epochs}:\n        net(x).sum().backward()\n        opt.step()\nmain()\n"
    )
    assert read(NET + started + resumed).epochs == RESTARTS[epochs]


def test_a_global_name_that_is_read_before_any_is_bound_hides_nothing_else() -> None:
    found = read(
        NET + "def main():\n    global rate\n    print(rate.kept)\n    net = Net()\n"
        "    opt = optim.Adam(net.parameters(), lr=1e-3)\n    for epoch in range(5):\n        opt.step()\n"
        "    rate = 1\nmain()\n"
    )
    assert (found.optimizer, found.lr, found.epochs) == ("Adam", 1e-3, 5)


def test_slices_of_the_data_are_batches() -> None:
    found = read(
        "import tensorflow as tf\nfrom tensorflow.examples.tutorials.mnist import input_data\n"
        "mnist = input_data.read_data_sets('MNIST_data/')\ntrX, trY = mnist.train.images, mnist.train.labels\n"
        "train_op = tf.train.RMSPropOptimizer(0.001, 0.9).minimize(cost)\nwith tf.Session() as sess:\n"
        "    for i in range(100):\n"
        "        for start, end in zip(range(0, len(trX), 128), range(128, len(trX)+1, 128)):\n"
        "            sess.run(train_op, feed_dict={X: trX[start:end], Y: trY[start:end]})\n"
    )
    assert (found.batch, found.epochs, found.lr, found.optimizer) == (128, 100, 0.001, "RMSprop")


def test_the_length_of_a_sequence_is_no_batch() -> None:
    found = read(
        NET + "seq_length = 30\nnet = Net()\nopt = optim.Adam(net.parameters(), lr=1e-3)\nfor epoch in range(5):\n"
        "    for i in range(0, ids.size(1) - seq_length, seq_length):\n        net(ids[i:i + seq_length]).backward()\n"
        "        opt.step()\n"
    )
    assert (found.batch, found.epochs) == (None, 5)


def test_passes_over_episodes_are_no_epochs() -> None:
    found = read(
        NET
        + "K_epoch = 10\nminibatch_size = 32\nclass PPO(Net):\n    def __init__(self):\n        super().__init__()\n"
        "        self.data = []\n        self.optimizer = optim.Adam(self.parameters(), lr=3e-4)\n"
        "    def batch(self):\n        return [self.data.pop() for _ in range(minibatch_size)]\n"
        "    def train_net(self):\n        if len(self.data) == minibatch_size:\n            data = self.batch()\n"
        "            for i in range(K_epoch):\n                self(data).backward()\n"
        "                self.optimizer.step()\n"
        "model = PPO()\nfor n_epi in range(10000):\n    s = env.reset()\n    model.data.append(env.step(s))\n"
        "    model.train_net()\n"
    )
    assert (found.epochs, found.batch, found.lr, found.arch) == (None, 32, 3e-4, "PPO")


def test_a_launcher_states_what_its_command_line_does() -> None:
    found = read(
        "import argparse, torch\nfrom solver import Solver\np = argparse.ArgumentParser()\n"
        "p.add_argument('--batch_size', type=int, default=16)\np.add_argument('--lr', type=float, default=1e-4)\n"
        "p.add_argument('--val_batch_size', type=int, default=32)\np.add_argument('--mode', default='train')\n"
        "config = p.parse_args()\nsolver = Solver(None, config)\nif config.mode == 'train':\n    solver.train()\n"
        "elif config.mode == 'test':\n    solver.test()\n"
    )
    assert (found.is_model, found.framework, found.batch, found.lr) == (True, "PyTorch", 16, 1e-4)


def test_a_trainer_object_of_another_file() -> None:
    found = read(
        NET + "from stepbystep import StepByStep\nnet = Net()\nopt = optim.SGD(net.parameters(), lr=0.1)\n"
        "loader = DataLoader(datasets.MNIST('.'), batch_size=16)\nn_epochs = 50\n"
        "sbs = StepByStep(net, nn.BCELoss(), opt)\nsbs.set_loaders(loader)\nsbs.train(n_epochs)\n"
    )
    assert (found.arch, found.lr, found.optimizer, found.epochs, found.batch) == ("Net", 0.1, "SGD", 50, 16)


def test_a_network_chosen_by_its_name() -> None:
    for chosen in ("resnet.__dict__[args.arch]()", "getattr(resnet, args.arch)()"):
        found = read(
            "import argparse, torch, resnet\np = argparse.ArgumentParser()\n"
            "p.add_argument('--arch', default='resnet32')\n"
            f"args = p.parse_args()\nmodel = torch.nn.DataParallel({chosen})\nmodel.cuda()\n"
            "opt = torch.optim.SGD(model.parameters(), 0.1)\n"
            "for epoch in range(3):\n    model(x).backward()\n    opt.step()\n"
        )
        assert (found.arch, found.hw) == ("resnet32", "GPU")


def test_the_lightning_module_is_trained_not_its_parts() -> None:
    found = read(
        "import torch, pytorch_lightning as pl\nfrom torch import nn\nclass Generator(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.a = nn.Linear(9, 9)\n"
        "class WGAN(pl.LightningModule):\n"
        "    def __init__(self, lr=2e-4):\n        super().__init__()\n        self.save_hyperparameters()\n"
        "        self.G = Generator()\n    def configure_optimizers(self):\n"
        "        return torch.optim.Adam(self.G.parameters(), lr=self.hparams.lr)\n"
        "    def training_step(self, batch):\n        self.log('x', 1, sync_dist=torch.cuda.device_count() > 1)\n"
    )
    assert (found.arch, found.lr, found.hw) == ("WGAN", 2e-4, None)


def test_counting_devices_chooses_none() -> None:
    found = read(
        NET
        + BODY.format(epochs=2)
        + "torch.cuda.set_device('cuda:0')\nif torch.cuda.device_count() > 1:\n    pass\ntrain()\n"
    )
    assert found.hw == "GPU"


def test_of_several_datasets_all_are_named() -> None:
    found = read(
        NET + "p = argparse.ArgumentParser()\np.add_argument('--dataset', required=True)\na = p.parse_args()\n"
        "if a.dataset == 'lsun':\n    data = datasets.LSUN('.')\n"
        "elif a.dataset == 'cifar10':\n    data = datasets.CIFAR10('.')\n"
        "net = Net()\nopt = optim.Adam(net.parameters(), lr=1e-3)\nfor epoch in range(2):\n"
        "    for x, y in DataLoader(data, batch_size=8):\n        net(x).backward()\n        opt.step()\n"
    )
    assert (found.dataset, found.batch) == ("LSUN / CIFAR10", 8)


AGENT = """
import torch, random
from torch import nn, optim
from collections import deque
class Q(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 64)
        self.b = nn.Linear(64, 2)
memory, gamma = deque(maxlen=1000), 0.99
{actor}
q, target = Q(), Q()
opt = optim.Adam(q.parameters(), lr=1e-3)
for episode in range(100):
    action = {action}
    s, r, next_q = random.sample(memory, 32)
    (r + gamma * target(s) - q(s)).sum().backward()
    opt.step()
"""


def test_an_agent_that_takes_the_best_value_is_a_dqn_and_one_with_an_actor_is_not() -> None:
    dqn = read(AGENT.format(actor="", action="q(s).argmax()"))
    ddpg = read(AGENT.format(actor="actor = Q()", action="actor(s)"))
    td3 = read(AGENT.format(actor="actor, critic = Q(), Q()", action="actor(s)").replace("q.param", "critic.param"))
    assert "dqn" in {tag.name for tag in dqn.tags}
    assert not {"dqn", "gan"} & {tag.name for facts in (ddpg, td3) for tag in facts.tags}


def test_a_trainer_of_chainer() -> None:
    found = read(
        "import chainer\nimport chainer.links as L\nfrom chainer import iterators, optimizers, training\n"
        "class MLP(chainer.Chain):\n    def __init__(self):\n        super().__init__()\n"
        "        self.l1 = L.Linear(None, 9)\n        self.l2 = L.Linear(None, 10)\n"
        "train, test = chainer.datasets.get_mnist()\nmodel = L.Classifier(MLP())\n"
        "optimizer = optimizers.MomentumSGD(lr=0.05)\noptimizer.setup(model)\n"
        "updater = training.StandardUpdater(iterators.SerialIterator(train, 128), optimizer)\n"
        "trainer = training.Trainer(updater, (20, 'epoch'), out='x')\ntrainer.run()\n"
    )
    assert (found.framework, found.dataset, found.batch) == ("Chainer", "MNIST", 128)
    assert (found.lr, found.optimizer, found.epochs) == (0.05, "SGD", 20)


def test_a_function_of_another_file_that_the_epoch_loop_runs() -> None:
    found = read(
        "import torch, engine\nfrom model import BERTBaseUncased\nmodel = BERTBaseUncased()\n"
        "named = list(model.named_parameters())\n"
        "groups = [{'params': [p for n, p in named if 'bias' in n], 'weight_decay': 0.1},\n"
        "          {'params': [p for n, p in named if 'bias' not in n]}]\n"
        "optimizer = torch.optim.AdamW(groups, lr=3e-5)\nloader = torch.utils.data.DataLoader(data, batch_size=8)\n"
        "for epoch in range(10):\n    engine.train_fn(loader, model, optimizer)\n    engine.eval_fn(loader, model)\n"
    )
    assert (found.arch, found.optimizer, found.lr) == ("BERTBaseUncased", "AdamW", 3e-5)
    assert (found.epochs, found.batch) == (10, 8)


def test_a_training_tried_again_after_an_error_is_one_stage() -> None:
    found = read(NET + BODY.format(epochs=3) + "try:\n    train()\nexcept RuntimeError:\n    train()\n")
    assert len(found.stages) == 1


def test_an_agent_of_another_file_that_is_handed_a_size() -> None:
    found = read(
        "import argparse, torch, TD3\np = argparse.ArgumentParser()\np.add_argument('--batch_size', default=256)\n"
        "args = p.parse_args()\npolicy = TD3.TD3(**kwargs)\nfor t in range(1000):\n"
        "    policy.train(replay_buffer, args.batch_size)\n"
    )
    assert (found.is_model, found.batch, found.lr, found.epochs) == (True, 256, None, None)


def test_two_optimizers_that_a_function_of_another_file_is_handed() -> None:
    found = read(
        "import torch\nfrom model import Actor, Critic\nfrom ppo import train_model\n"
        "actor, critic = Actor(3), Critic(3)\n"
        "a = torch.optim.Adam(actor.parameters(), lr=3e-4)\nc = torch.optim.Adam(critic.parameters(), lr=1e-3)\n"
        "for i in range(15000):\n    train_model(actor, critic, memory, a, c)\n"
    )
    assert {(stage.optimizer, stage.lr) for stage in found.stages} == {("Adam", 3e-4), ("Adam", 1e-3)}
    assert sorted((found.arch or "").split(" / ")) == ["Actor", "Critic"]


def test_a_function_that_a_launcher_runs_is_given_the_command_line() -> None:
    found = read(
        NET + "import distributed as dist\ndef main(args):\n    net = Net()\n"
        "    opt = optim.Adam(net.parameters(), lr=args.lr)\n    for i in range(args.epoch):\n"
        "        for x, y in DataLoader(datasets.MNIST('.'), batch_size=128 // args.n_gpu):\n"
        "            net(x).backward()\n            opt.step()\nif __name__ == '__main__':\n"
        "    p = argparse.ArgumentParser()\n    p.add_argument('--lr', default=3e-4)\n"
        "    p.add_argument('--epoch', default=560)\n    p.add_argument('--n_gpu', default=1)\n"
        "    args = p.parse_args()\n    dist.launch(main, args.n_gpu, args=(args,))\n"
    )
    assert (found.lr, found.epochs, found.batch) == (3e-4, 560, 128)


def test_loaders_that_run_side_by_side_beat_one_that_shows_examples() -> None:
    found = read(
        NET + "net = Net()\nopt = optim.Adam(net.parameters(), lr=2e-4)\n"
        "A = DataLoader(datasets.CIFAR10('.'), batch_size=64)\n"
        "B = DataLoader(datasets.CIFAR10('.'), batch_size=64)\nfor epoch in range(9):\n"
        "    for i, (a, b) in enumerate(zip(A, B)):\n        net(a).backward()\n        opt.step()\n"
        "        shown = next(iter(DataLoader(test, batch_size=5)))\n"
    )
    assert found.batch == 64


COUNTED = """
import torch
from torch import nn, optim
BATCH = 32
class Agent:
    def __init__(self):
        self.net = nn.Linear(4, 2)
        self.opt = optim.Adam(self.net.parameters(), lr=1e-3)
        self.seen = 0
    def store(self, x):
        self.seen += 1
    def learn(self, batch_size=BATCH):
        loss = self.net(memory.sample(batch_size)).mean()
        loss.backward()
        self.opt.step()
agent = Agent()
steps = 0
for episode in range(100):
    agent.store(episode)
    if %s > 1000:
        agent.learn()
    steps += 1
"""


@pytest.mark.parametrize("counter", ["steps", "agent.seen"])
def test_what_waits_for_a_counter_runs_although_the_counter_starts_below(counter: str) -> None:
    found = read(COUNTED % counter)
    assert (found.batch, found.lr, found.optimizer) == (32, 1e-3, "Adam")


def test_a_loader_given_its_batch_size_in_settings() -> None:
    text = """
import torch
from torch import nn, optim
from torch.utils.data import DataLoader
kwargs = {"batch_size": 64}
other = {"batch_size": 1000}
kwargs.update({"num_workers": 1})
net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
opt = optim.Adam(net.parameters(), lr=1e-3)
train_loader = DataLoader(data, **kwargs)
test_loader = DataLoader(held, **other)
for epoch in range(3):
    for x in train_loader:
        net(x).mean().backward()
        opt.step()
"""
    assert (read(text).batch, read(text).epochs) == (64, 3)
    assert read(text.replace('{"batch_size": 64}', "load()")).batch is None


def test_every_stage_is_proved_by_the_construction_of_its_optimizer() -> None:
    text = """
import torch
from torch import nn, optim
first, second = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2)), nn.Linear(2, 1)
a = optim.Adam(first.parameters(), lr=1e-3)
b = optim.SGD(second.parameters(), lr=1e-2)
for epoch in range(3):
    for x in data:
        second(first(x)).mean().backward()
        a.step()
        b.step()
"""
    assert [(stage.optimizer, stage.line) for stage in read(text).stages] == [("Adam", 5), ("SGD", 6)]


def test_a_training_that_the_default_of_a_function_leaves_out_makes_a_model_script() -> None:
    found = read(
        "from rivals import Actor, Critic\nimport keras\n"
        "def play(learns=0):\n    critic = Critic()\n    for episode in range(50):\n        if learns:\n"
        "            critic.model.train_on_batch(*batch(32))\nplay()\n"
    )
    assert found.is_model


def test_a_loop_is_entered_though_what_it_asks_is_off_when_its_object_is_made() -> None:
    found = read(
        "import lightgbm as lgb\nclass Learner:\n    def __init__(self):\n        self.running = False\n"
        "    def start(self):\n        self.running = True\n        Thread(target=self.run).start()\n"
        "    def run(self):\n        while self.running:\n            self.renew()\n"
        "    def renew(self):\n        return lgb.train({'learning_rate': 0.05}, lgb.Dataset(self.x), 100)\n"
    )
    assert (found.framework, found.lr) == ("LightGBM", 0.05)


@pytest.mark.parametrize(("before", "within", "epochs"), [("loader", "", 30), ("None", "loader", None)])
def test_a_training_that_is_repeated_with_the_same_loader_has_its_epochs(before: str, within: str, epochs: int) -> None:
    made = "DataLoader(data, batch_size=8)"
    found = read(
        NET
        + f"from torch.utils.data import DataLoader\nserved = {before}\n".replace("loader", made)
        + "net = Net()\nopt = optim.Adam(net.parameters(), lr=1e-3)\nfor pruning_iter in range(20):\n    prune(net)\n"
        + (f"    served = {made}\n" if within else "")
        + "    for epoch in range(30):\n        for x, y in served:\n            net(x).sum().backward()\n"
        "            opt.step()\n"
    )
    assert found.epochs == epochs
