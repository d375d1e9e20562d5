"""Settings that a script refuses, converts, keeps by device or writes down as text; optimizers chosen, wrapped, run."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


HEAD = """
import argparse, math, random, yaml, json, torch
from torch import nn, optim
from torch.utils.data import DataLoader
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 64)
        self.b = nn.Linear(64, 10)
    def forward(self, x):
        return self.b(self.a(x).relu())
net = Net()
p = argparse.ArgumentParser()
"""
TRAIN = """
opt = {optimizer}
for epoch in range({epochs}):
    for x, y in DataLoader(data, batch_size={batch}):
        opt.zero_grad()
        net(x).sum().backward()
        {step}
"""


def training(settings: str, *, lr: str, batch: str = "8", epochs: str = "3") -> ScriptFacts:
    optimizer = f"optim.Adam(net.parameters(), lr={lr})"
    return read(HEAD + settings + TRAIN.format(optimizer=optimizer, epochs=epochs, batch=batch, step="opt.step()"))


SETTINGS = {
    "an option without which it refuses to run": (
        "p.add_argument('--out')\np.add_argument('--lr', type=float, default=0.002)\na = p.parse_args()\n"
        "if not a.out:\n    print('give --out')\n    raise SystemExit\n",
        ("a.lr", "48", "7"),
    ),
    "one arm of its choices refuses": (
        "p.add_argument('--kind', default='x')\na = p.parse_args()\nif a.kind == 'y':\n    lr = 0.1\n"
        "elif a.kind == 'x':\n    lr = 0.002\nelse:\n    raise ValueError(a.kind)\n",
        ("lr", "48", "7"),
    ),
    "defaults given as text": (
        "p.add_argument('--lr', type=float, default='2e-3')\np.add_argument('--bs', default='48')\n"
        "p.add_argument('--n', type=int, default='7')\na = p.parse_args()\n",
        ("a.lr", "int(a.bs)", "a.n"),
    ),
    "a class that is its own parser": (
        "from tap import Tap\nclass Args(Tap):\n    lr: float = 2e-3\n    bs: int = 48\n    n: int = 7\n"
        "a = Args().parse_args()\n",
        ("a.lr", "a.bs", "a.n"),
    ),
    "options of a helper, as PaddlePaddle's": (
        "from tools import add_arguments\nfrom functools import partial\n"
        "add_arg = partial(add_arguments, argparser=p)\nadd_arg('lr', float, 2e-3, 'The rate.')\n"
        "add_arg('batch_size', int, 48, 'Of one.')\nadd_arguments('epochs', int, 7, 'All.', p)\na = p.parse_args()\n",
        ("a.lr", "a.batch_size", "a.epochs"),
    ),
    "settings by device, which agree": (
        "D = 'cuda' if torch.cuda.is_available() else 'cpu'\n"
        "C = {'cuda': dict(lr=0.002, bs=48), 'cpu': dict(lr=0.002, bs=48)}\nc = C[D]\n",
        ("c['lr']", "c['bs']", "7"),
    ),
    "YAML in the script": (
        "text = '''\nlr: 0.002\nbatch: 48\nepochs: 7\n'''\nc = yaml.safe_load(text)\n",
        ("c['lr']", "c['batch']", "c['epochs']"),
    ),
    "JSON in the script, as an object of another library": (
        "from lib import Config\nc = Config(json.loads('''{\n\"lr\": 0.002, \"batch\": 48, \"epochs\": 7}'''))\n",
        ("c.lr", "c.batch", "c.epochs"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", SETTINGS)
def test_a_setting_is_found_in_whatever_form_it_is_stated(form: str) -> None:
    settings, (lr, batch, epochs) = SETTINGS[form]
    found = training(settings, lr=lr, batch=batch, epochs=epochs)
    assert (found.lr, found.batch, found.epochs) == (0.002, 48, 7)


def test_settings_by_device_that_differ_are_none() -> None:
    found = training(
        "D = 'cuda' if torch.cuda.is_available() else 'cpu'\n"
        "C = {'cuda': dict(lr=0.002, bs=48), 'cpu': dict(lr=0.002, bs=4)}\nc = C[D]\n",
        lr="c['lr']",
        batch="c['bs']",
    )
    assert (found.lr, found.batch) == (0.002, None)


OPTIMIZERS = {
    "wrapped by another file": (
        "from transformer.Optim import ScheduledOptim\n",
        "ScheduledOptim(optim.AdamW(net.parameters(), lr=0.002), 2.0, 512)",
        "opt.step_and_update_lr()",
    ),
    "wrapped by its name": (
        "from the_annotated import NoamOpt\n",
        "NoamOpt(512, 1, optimizer=optim.AdamW(net.parameters(), lr=0.002))",
        "opt.step()",
    ),
    "going uphill": ("", "optim.AdamW(net.parameters(), lr=-0.002)", "opt.step()"),
}


@pytest.mark.parametrize("form", OPTIMIZERS)
def test_an_optimizer_is_seen_through_what_is_around_it(form: str) -> None:
    imports, optimizer, step = OPTIMIZERS[form]
    found = read(HEAD + imports + TRAIN.format(optimizer=optimizer, epochs=3, batch=8, step=step))
    assert (found.optimizer, found.lr) == ("AdamW", 0.002)


CHOSEN = """
from settings import options
def make(name):
    if name == "sgd":
        o = optim.SGD(net.parameters(), lr=0.002, momentum=0.9)
    elif name == "adam":
        o = optim.Adam(net.parameters(), lr={other})
    else:
        raise ValueError(name)
    return o
"""


@pytest.mark.parametrize(("other", "rate"), [("0.002", 0.002), ("0.5", None)])
def test_an_optimizer_that_another_file_chooses_has_no_name_and_the_rate_they_agree_on(
    other: str, rate: float | None
) -> None:
    train = TRAIN.format(optimizer="make(options.name)", epochs=3, batch=8, step="opt.step()")
    found = read(HEAD + CHOSEN.format(other=other) + train)
    assert (found.optimizer, found.lr, "optimizer" in found.evidence) == (None, rate, False)


RATES = {
    "a schedule that is called": "rate(step, 1000, 0.002)",
    "a schedule written out": "0.002 * min(1.0, (step + 1) / 1000)",
    "one of the epoch": "0.5 ** epoch * 0.002",
}


@pytest.mark.parametrize("form", RATES)
def test_a_rate_computed_from_the_step_leaves_the_declared_one(form: str) -> None:
    step = f"now = {RATES[form]}\n        for g in opt.param_groups:\n            g['lr'] = now\n        step += 1"
    schedule = "def rate(step, warmup, most):\n    return most * (step + 1) / warmup\nstep = 0\n"
    optimizer = "optim.AdamW(net.parameters(), lr=0.002)"
    found = read(
        HEAD + schedule + TRAIN.format(optimizer=optimizer, epochs=3, batch=8, step=step + "\n        opt.step()")
    )
    assert found.lr == 0.002


SCHEDULED = """
import paddle, keras, tensorflow as tf
model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
rate, bounds = 0.2, [30, 60]
rates = [0.1**i * rate for i in range(len(bounds) + 1)]
model.compile(optimizer=keras.optimizers.SGD(learning_rate={}), loss="mse")
model.fit(x, y)
"""


@pytest.mark.parametrize(
    ("schedule", "rate"),
    [
        ("keras.optimizers.schedules.PiecewiseConstantDecay(bounds, [0.1, 0.01, 0.001])", 0.1),
        ("tf.train.piecewise_constant(step, boundaries=bounds, values=[0.1, 0.01, 0.001])", 0.1),
        ("paddle.optimizer.lr.PiecewiseDecay(bounds, values=rates)", 0.2),
        ("paddle.optimizer.lr.StepDecay(learning_rate=rate, step_size=1, gamma=0.8)", 0.2),
        ("keras.optimizers.schedules.PiecewiseConstantDecay(bounds, given)", None),
    ],
)
def test_the_rate_that_a_schedule_begins_with(schedule: str, rate: float | None) -> None:
    assert read(SCHEDULED.format(schedule)).lr == rate


WARM_UP = (
    "class WarmUp{base}:\n    def __init__(self, epochs, steps, lr_min, {most}):\n        self.most = lr_max\n"
    "def train(epochs, steps):\n    model.compile(keras.optimizers.SGD({schedule}), loss='mse')\n"
    "    model.fit(x, y, epochs=epochs)\ntrain(100, 30)\n"
)


@pytest.mark.parametrize(
    ("base", "most", "schedule", "rate"),
    [
        ("Schedule", "lr_max", "WarmUpSchedule(epochs, steps, 1e-6, 1e-4)", 1e-4),
        ("(keras.optimizers.schedules.LearningRateSchedule)", "lr_max", "WarmUp(epochs, steps, 1e-6, 1e-4)", 1e-4),
        ("(LearningRateSchedule)", "lr_max=3e-3", "WarmUp(epochs, steps, lr_min=1e-6)", 3e-3),
        ("Schedule", "lr_max", "NoamSchedule(512, steps)", None),  # of another file, that cannot be read
        ("Schedule", "lr_max", "NoamSchedule(0.002, steps)", 2e-3),
    ],
)
def test_the_rate_that_a_schedule_of_the_project_begins_with(
    base: str, most: str, schedule: str, rate: float | None
) -> None:
    before, after = SCHEDULED.split("model.compile")[0], WARM_UP.format(base=base, most=most, schedule=schedule)
    assert read(f"from noam import NoamSchedule\n{before}{after}").lr == rate


def test_the_size_of_a_preview_is_not_that_of_the_batches() -> None:
    preview = "def test_sampling(net, batch_size):\n    return net.sample(batch_size=batch_size)\n"
    loop = (
        "opt = optim.Adam(net.parameters())\nfor epoch in range(9):\n    for x in served:\n"
        "        net(x).sum().backward()\n        opt.step()\n    test_sampling(net, batch_size=16)\n"
    )
    assert read(HEAD + "from data import served\n" + preview + loop).batch is None


def test_an_operation_of_tensorflow_may_run_itself() -> None:
    found = read(
        "import tensorflow as tf\nfrom made import Generator, network\nserved = Generator('data', batch_size=48)\n"
        "cost = network(tf.placeholder(tf.float32))\n"
        "step = tf.train.AdamOptimizer(learning_rate=0.002).minimize(cost)\n"
        "for i, batch in served:\n    step.run({'x': batch})\n"
    )
    assert (found.optimizer, found.lr, found.batch) == ("Adam", 0.002, 48)


def test_optimizers_that_all_step_are_all_stages() -> None:
    made = "sgd, adam = optim.SGD(net.a.parameters(), lr=0.1), optim.Adam(net.b.parameters(), lr=0.002)\n"
    step = "for o in [sgd, adam]:\n            o.step()"
    found = read(HEAD + made + TRAIN.format(optimizer="sgd", epochs=3, batch=8, step=step))
    assert {(stage.optimizer, stage.lr) for stage in found.stages} == {("SGD", 0.1), ("Adam", 0.002)}


def test_a_module_whose_settings_choose_the_optimizer_names_none() -> None:
    found = read(
        "import torch\nfrom torch import nn\nfrom lightning import LightningModule\nclass Lit(LightningModule):\n"
        "    def __init__(self, hparams):\n        super().__init__()\n        self.a = nn.Linear(3, 4)\n"
        "    def training_step(self, batch, i):\n        return self.a(batch)\n    def configure_optimizers(self):\n"
        "        if self.hparams.kind == 'sgd':\n            o = torch.optim.SGD(self.parameters(), lr=0.002)\n"
        "        else:\n            o = torch.optim.Adam(self.parameters(), lr=0.002)\n        return o\n"
    )
    assert (found.optimizer, found.lr) == (None, 0.002)


def test_options_may_be_declared_by_a_short_name() -> None:
    found = training(
        "add = p.add_argument\nadd('--lr', type=float, default=0.002)\na = p.parse_args()\n",
        lr="a.lr",
    )
    assert found.lr == 0.002


@pytest.mark.parametrize("given", ["data", "data is not None"])
def test_what_a_parameter_is_without_a_caller_decides_nothing(given: str) -> None:
    found = read(
        "import torch\nfrom torch.utils.data import DataLoader\nfrom nets import UNet\nclass Diffusion:\n"
        "    def __init__(self, data=None, size=8, lr=1e-4):\n"
        "        self.g = UNet(3)\n        self.g = self.g.to('cpu')\n"
        "        self.o = torch.optim.Adam(self.g.parameters(), lr=lr)\n"
        f"        if {given}:\n            self.loader = DataLoader(data, batch_size=size)\n"
        "    def train(self, n=5):\n        for epoch in range(n):\n            for x in self.loader:\n"
        "                self.g(x).backward()\n                self.o.step()\n"
    )
    assert (found.arch, found.batch, found.lr, found.epochs) == ("UNet", 8, 1e-4, 5)


def test_the_arguments_of_a_module_that_parses_them() -> None:
    found = training("import pylib as py\npy.arg('--lr', type=float, default=0.002)\na = py.args()\n", lr="a.lr")
    assert found.lr == 0.002


def test_a_step_that_is_returned_beside_the_loss() -> None:
    found = read(
        "import jax\nfrom torch.utils.data import DataLoader\nfrom torchvision.datasets import MNIST\n"
        "def update(params, x, lr=0.002):\n    loss, grads = jax.value_and_grad(cost)(params, x)\n"
        "    return loss, jax.tree_map(lambda p, g: p - lr * g, params, grads)\n"
        "for epoch in range(5):\n    for x in DataLoader(MNIST('.'), 48):\n        loss, params = update(params, x)\n"
    )
    assert (found.lr, found.batch, found.epochs) == (0.002, 48, 5)


@pytest.mark.parametrize("start", ["first", "first + 1"])
def test_a_run_that_may_be_resumed_is_planned_from_its_start(start: str) -> None:
    text = "first = {}\nif resume:\n    first = torch.load('last')['epoch'] + 1\n"
    loop = f"for epoch in range({start}, 9):\n    net(x).sum().backward()\n    o.step()\n"
    o = "o = optim.Adam(net.parameters(), lr=1e-3)\n"
    assert read(HEAD + text.format(0) + o + loop).epochs == (9 if start == "first" else 8)
    assert read(HEAD + text.format("load()") + o + loop).epochs is None


def test_options_that_a_dict_of_defaults_makes() -> None:
    found = training(
        "def parser():\n    defaults = dict(lr=0.002, path='')\n    defaults.update(more())\n"
        "    q = argparse.ArgumentParser()\n    add_dict_to_argparser(q, defaults)\n    return q\n"
        "a = parser().parse_args()\n",
        lr="a.lr",
    )
    assert found.lr == 0.002


def test_a_range_is_no_loader_of_its_bounds() -> None:
    found = read(
        HEAD + "batch_size = 128 * 128\nmini_batch = 2048\no = optim.Adam(net.parameters(), lr=1e-3)\n"
        "for epoch in range(4):\n    for start in range(0, batch_size, mini_batch):\n        net(x).sum().backward()\n"
        "        o.step()\n"
    )
    assert found.batch == 2048
