"""What stands beside a training and says nothing of it: inputs that are sought, batches that are drawn again, what
makes data, and what is called after layers that it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("train.py"), text.encode()))


RIVALS = """import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential
from keras.optimizers import RMSprop
def seek(net, x, rounds=500):
    z = {drawn}
    net.fit(z, [x, x], batch_size=1, epochs=rounds)
def around(net):
    seen = Input((4,))
    whole = Model(seen, net(Dense(4)(seen)))
    whole.compile(loss="mse", optimizer="adam")
    return whole
def train(batch_size, x):
    net = Sequential([Dense(4)])
    net.compile(loss="mse", optimizer=RMSprop(lr=0.002))
    for epoch in range(7):
        for i in range(len(x) // batch_size):
            part = x[i * batch_size:(i + 1) * batch_size]
            net.train_on_batch(part, part)
    return net
net = train(32, np.load("x.npy"))
seek(around(net), np.load("x.npy")[:1])
"""


@pytest.mark.parametrize("drawn", ["np.random.uniform(0, 1, size=(1, 4))", "np.random.randn(1, 4)"])
def test_a_network_that_is_fitted_to_one_drawn_sample_seeks_an_input(drawn: str) -> None:
    facts = read(RIVALS.format(drawn=drawn))
    assert (facts.optimizer, facts.lr, facts.batch, facts.epochs) == ("RMSprop", 0.002, 32, 7)


def test_many_drawn_samples_are_data() -> None:
    text = "import numpy as np\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n"
    text += "net = Sequential([Dense(1)])\nnet.compile('adam', 'mse')\n"
    facts = read(text + "x = np.random.rand(100, 4)\nnet.fit(x, x.sum(1), batch_size=8, epochs=5)\n")
    assert (facts.optimizer, facts.batch, facts.epochs) == ("Adam", 8, 5)


AGENT = """import random
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam
class Agent:
    def __init__(self):
        self.{kept} = []
        self.model = Sequential([Dense(2)])
        self.model.compile(loss="mse", optimizer=Adam(lr=0.001))
    def learn(self, size):
        drawn = random.sample(self.{kept}, size)
        x, y = split(drawn)
        self.model.fit(x, y, epochs={epochs}, verbose=0)
"""


@pytest.mark.parametrize(
    ("kept", "epochs", "found"), [("memory", 1, None), ("replay_buffer", 1, None), ("memory", 5, 5), ("rows", 1, 1)]
)
def test_one_pass_over_what_is_drawn_from_a_memory_is_no_epoch(kept: str, epochs: int, found: int | None) -> None:
    facts = read(AGENT.format(kept=kept, epochs=epochs))
    assert (facts.optimizer, facts.lr, facts.epochs) == ("Adam", 0.001, found)


def test_gpus_that_a_library_shall_not_see_are_none_by_whatever_name() -> None:
    text = "import jax\nfrom flax import linen as nn\nfrom tensorflow.config import set_visible_devices as {0}\n"
    text += "{0}([], device_type='GPU')\nclass Net(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n"
    text += "        return nn.Dense(4)(x)\n"
    for name in ("set_visible_devices", "tf_set_visible_devices"):
        facts = read(text.format(name))
        assert (facts.is_model, facts.hw) == (True, None)


FITTED = """import tensorflow as tf
from model import get_SSD
from {home} import Generator
made = Generator(rows, 3)
net = get_SSD((300, 300))
net.compile(optimizer=tf.keras.optimizers.Adam(lr=1e-3), loss="mse")
net.fit_generator(made.generate(True), made.batches, 9)
"""


@pytest.mark.parametrize(("home", "arch"), [("dataset", None), ("data_loader", None), ("nets", "Generator")])
def test_what_a_module_of_data_makes_is_no_network(home: str, arch: str | None) -> None:
    assert read(FITTED.format(home=home)).arch == arch


def test_a_function_that_is_called_a_block_names_no_network() -> None:
    text = "from keras.layers import LSTM, Dense, Input\nfrom keras.models import Model, Sequential\n"
    text += "def LSTM_block(n):\n    net = Sequential()\n    net.add(LSTM(8))\n    net.add(Dense(n))\n    return net\n"
    text += "x = Input((4, 3))\nnet = Model(x, Dense(2)(LSTM(8)(x)))\n"
    assert read(text + "net.compile('adam', 'mse')\nnet.fit(a, b, epochs=3)\n").arch == "LSTM"


def test_a_class_that_models_is_called_after_what_it_does() -> None:
    text = "from keras.layers import LSTM, Dense\nfrom keras.models import Sequential\nclass Modeller:\n"
    text += "    def build(self):\n        net = Sequential()\n        net.add(LSTM(8))\n        net.add(Dense(2))\n"
    text += "        net.compile('adam', 'mse')\n        return net\n    def start(self):\n"
    text += "        net = self.build()\n        net.fit(x, y, epochs=3)\nmodel = Modeller()\nmodel.start()\n"
    assert read(text).arch == "LSTM"
    assert read(text.replace("Modeller", "modeler")).arch == "LSTM"


def test_a_recurrent_cell_of_another_file_is_recurrent() -> None:
    text = (
        "import tensorflow as tf\nfrom cells import BasicConvLSTMCell\nx = tf.placeholder(tf.float32, [1, 8, 8, 3])\n"
    )
    text += "def predict(x):\n    x = tf.layers.conv2d(x, 8, 3)\n    cell = BasicConvLSTMCell([8, 8], 3, 4)\n"
    text += "    return cell(x)\nloss = tf.reduce_mean(predict(x))\n"
    text += "step = tf.train.AdamOptimizer(0.1).minimize(loss)\n"
    assert read(text).arch == "LSTM"


STARTED = """import torch
import torch.multiprocessing as mp
from model import ActorCritic
from work import test, {does}
net = ActorCritic(4)
opt = torch.optim.Adam(net.parameters(), lr=3e-4)
for rank in range(8):
    worker = mp.Process(target={does}, args=(rank, net, opt))
    worker.start()
"""


@pytest.mark.parametrize(("does", "trains"), [("train", True), ("play", False)])
def test_processes_that_train_make_a_model_script(does: str, trains: bool, tmp_path: Path) -> None:
    text = STARTED.replace("opt = torch.optim.Adam(net.parameters(), lr=3e-4)", "opt = SharedAdam(net, lr=3e-4)")
    text = text.replace("from model", "from optim import SharedAdam\nfrom model").format(does=does)
    facts = extract(parse(tmp_path / "main.py", text.encode()), Configs(tmp_path / "main.py"))
    assert facts.is_model is trains


PASSES = """import torch
from torch import nn
def run_epoch(net, data, opt{default}):
    with torch.set_grad_enabled(train):
        for x in data:
            loss = net(x).sum()
            if train:
                loss.backward()
                opt.step()
net = nn.Linear(4, 2)
opt = torch.optim.AdamW(net.parameters(), lr=0.002)
for epoch in range(1, 12 + 1):
    run_epoch(net, fitted, opt{on})
    run_epoch(net, held, opt, train=False)
run_epoch(net, rest, opt, train=False)
"""


@pytest.mark.parametrize(
    ("default", "on"), [(", train=True", ", train=True"), (", train", ", True"), (", train=True", "")]
)
def test_a_pass_that_is_told_not_to_train_is_no_training(default: str, on: str) -> None:
    facts = read(PASSES.format(default=default, on=on))
    assert (facts.optimizer, facts.lr, facts.epochs, len(facts.stages)) == ("AdamW", 0.002, 12, 1)


def test_what_is_only_left_off_may_be_turned_on() -> None:
    text = (
        "import torch\nfrom torch import nn\nnet = nn.Linear(4, 2)\nopt = torch.optim.SGD(net.parameters(), lr=0.1)\n"
    )
    text += "def run(train):\n    if train:\n        for epoch in range(5):\n            for x in data:\n"
    text += "                net(x).sum().backward()\n                opt.step()\n"
    assert read(text + "run(train=False)\n").epochs == 5


@pytest.mark.parametrize("start", ["self.begun.read_value()", "int(self.begun)", "self.begun.numpy()"])
def test_epochs_that_are_counted_on_from_what_was_kept(start: str) -> None:
    text = "import tensorflow as tf\nclass Run:\n    def __init__(self, net):\n        self.net = net\n"
    text += "        self.opt = tf.keras.optimizers.Adam(1e-4)\n        self.begun = tf.Variable(0)\n"
    text += f"    def train(self, data, epochs=50):\n        for epoch in range({start}, epochs):\n"
    text += "            for x in data:\n                with tf.GradientTape() as tape:\n"
    text += (
        "                    loss = tf.reduce_mean(self.net(x))\n                seen = self.net.trainable_variables\n"
    )
    text += "                self.opt.apply_gradients(zip(tape.gradient(loss, seen), seen))\n"
    assert read(text).epochs == 50


def test_weights_that_are_brought_back_to_be_kept_train_on_no_cpu() -> None:
    text = "import torch\nfrom torch import nn\ndevice = torch.device('cuda')\nnet = nn.Linear(4, 2).to(device)\n"
    text += "opt = torch.optim.SGD(net.parameters(), lr=0.1)\nfor x in data:\n    net(x.to(device)).sum().backward()\n"
    text += "    opt.step()\nkept = net.state_dict()\nfor key in kept:\n"
    assert read(text + "    kept[key] = kept[key].to(torch.device('cpu'))\n").hw == "GPU"


@pytest.mark.parametrize(
    ("size", "found"), [("int(min(len(x) / 10, size))", 16), ("min(size, len(x))", 16), ("min(len(x), len(y))", None)]
)
def test_batches_that_are_no_larger_than_a_part_of_the_data(size: str, found: int | None) -> None:
    text = "from keras.layers import Dense\nfrom keras.models import Sequential\nx, y = load()\nsize = 16\n"
    text += "net = Sequential([Dense(2)])\nnet.compile('adam', 'mse')\n"
    assert read(text + f"part = {size}\nnet.fit(x, y, batch_size=part, epochs=9)\n").batch == found


def test_a_rate_that_is_warmed_up_is_not_the_most_that_it_is_multiplied_by() -> None:
    text = "import torch\nfrom torch import nn\nnet = nn.Linear(4, 2)\nfactor = min(len(x) / warmup, 1)\n"
    text += "opt = torch.optim.SGD(net.parameters(), lr=min(step / warmup, 1.0))\nfor x in data:\n"
    assert read(text + "    net(x).sum().backward()\n    opt.step()\n").lr is None
