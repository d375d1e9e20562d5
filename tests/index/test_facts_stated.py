"""Values that a script states where it hands them to another file or a library that trains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


TORCH = """
import torch
from torch import nn
from tqdm import tqdm
from project import DataServer, Experiment, load_data, get_optimizer, nets
net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
"""
LOOP = """
for epoch in range(3):
    for x in loader:
        net(x).sum().backward()
        opt.step()
"""
OWN = "opt = torch.optim.Adam(net.parameters(), lr=1e-3)\n"


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        (OWN + "data = DataServer(train_batch_size=32, test_batch_size=8)\nloader = data.loader" + LOOP, 32),
        (OWN + "loader = data()\nnet.generate(batch_size=4)" + LOOP, None),
        (OWN + "loader = zip(tqdm(range(9)), load_data(batch_size=6))" + LOOP, 6),
        (OWN + "data = [DataServer(batch_size=32), DataServer(batch_size=64)]\nloader = serve(data)" + LOOP, None),
        (OWN + "Experiment({'batch_size': 16, 'epochs': 9}).run(opt)", 16),
    ],
)
def test_the_size_that_is_handed_to_whoever_makes_the_data(text: str, batch: int | None) -> None:
    assert read(TORCH + text).batch == batch


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ("get_optimizer('adamw', net, lr=2e-4)", ("AdamW", 2e-4)),
        ("nets.configure_optimizers(0.1, learning_rate)", (None, 6e-4)),
        ("get_optimizer(net)", (None, None)),
    ],
)
def test_an_optimizer_that_a_function_of_another_file_makes(made: str, found: tuple[Any, ...]) -> None:
    facts = read(TORCH + f"learning_rate = 6e-4\nloader = data()\nopt = {made}" + LOOP)
    assert (facts.optimizer, facts.lr) == found


def test_a_library_that_names_its_framework() -> None:
    found = read(
        "from denoising_diffusion_pytorch import Unet, GaussianDiffusion, Trainer\n"
        "trainer = Trainer(GaussianDiffusion(Unet(dim=64)), 'x', train_batch_size=48, train_lr=8e-5)\ntrainer.train()\n"
    )
    assert (found.framework, found.batch, found.lr) == ("PyTorch", 48, 8e-5)


def test_the_script_s_own_class_of_a_trainer_s_arguments() -> None:
    found = read(
        "import transformers\nfrom transformers import AutoModel, Trainer, HfArgumentParser\n"
        "class Data:\n    path: str = None\n"
        "class TrainArguments(transformers.TrainingArguments):\n    optim: str = field(default='adamw_torch')\n"
        "    learning_rate: float = 2e-5\n    num_train_epochs: int = 3\n"
        "def train():\n    parser = HfArgumentParser((Data, TrainArguments))\n"
        "    data_args, training_args = parser.parse_args_into_dataclasses()\n"
        "    model = AutoModel.from_pretrained('x')\n    trainer = Trainer(model=model, args=training_args)\n"
        "    trainer.train()\ntrain()\n"
    )
    assert (found.optimizer, found.lr, found.epochs) == ("AdamW", 2e-5, 3)


def test_the_loop_around_a_fit_of_one_epoch_counts() -> None:
    found = read(
        "from keras.models import Sequential\nfrom keras.layers import Dense\nm = Sequential([Dense(4), Dense(2)])\n"
        "m.compile('adam', 'mse')\nfor epoch in range(20):\n    m.fit(x, y, batch_size=16, epochs=1)\n"
    )
    assert (found.epochs, found.batch, found.lr) == (20, 16, None)


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("def data(batch_size=32):\n    while True:\n        yield 1\nm.fit_generator(data(), epochs=4)\n", 32),
        (
            "def data(n, batch_size=32):\n    while True:\n        yield 1\nm.fit_generator(data(9, 64), epochs=4)\n",
            64,
        ),
        ("def data(batch_size=32):\n    return 1\nm.fit_generator(data(), epochs=4)\n", None),
    ],
)
def test_a_generator_of_the_script_yields_batches_of_its_own_size(text: str, batch: int | None) -> None:
    head = "from keras.models import Sequential\nfrom keras.layers import Dense\nm = Sequential([Dense(4), Dense(2)])\n"
    assert read(head + "m.compile('adam', 'mse')\n" + text).batch == batch


def test_an_optimizer_that_begins_as_nothing() -> None:
    found = read(
        "import torch\nfrom torch import nn\nclass Fit:\n    def __init__(self, net):\n        self.net = net\n"
        "        self.opt = None\n        self._prepare()\n    def _prepare(self):\n"
        "        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.1)\n    def run(self, loader):\n"
        "        for epoch in range(7):\n            for x in loader:\n                self.net(x).sum().backward()\n"
        "                self.opt.step()\nFit(nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))).run(make())\n"
    )
    assert (found.optimizer, found.lr, found.epochs) == ("SGD", 0.1, 7)


@pytest.mark.parametrize(("told", "epochs"), [("=10", 10), ("", None)])
def test_what_a_class_that_others_use_hands_to_the_trainer(told: str, epochs: int | None) -> None:
    found = read(
        "import torch\nfrom net import Net\nfrom trainer import Train\nclass Builder:\n"
        f"    def __init__(self, folder, epochs{told}):\n        self.folder, self.epochs = folder, epochs\n"
        "    def optimizer(self):\n        return torch.optim.Adam(Net().parameters(), lr=1e-5)\n"
        "    def trainer(self):\n        return Train(self.folder, epochs=self.epochs)\n"
    )
    assert (found.epochs, found.lr) == (epochs, 1e-5)


def test_the_loop_that_hands_its_epoch_over_counts() -> None:
    found = read(
        "import torch\nfrom project import Net, BERTTrainer\ntrainer = BERTTrainer(Net(), lr=1e-3)\n"
        "for epoch in range(10):\n    trainer.train(epoch)\n"
    )
    assert (found.epochs, found.lr) == (10, 1e-3)


def test_a_pipeline_that_repeats_its_data() -> None:
    found = read(
        "import tensorflow as tf\nfrom tensorflow import keras\nEPOCHS = 12\n"
        "net = keras.Sequential([keras.layers.Dense(4)])\n"
        "data = tf.data.Dataset.from_tensor_slices(x).batch(8).repeat(EPOCHS)\nopt = keras.optimizers.Adam(1e-3)\n"
        "for step, batch in enumerate(data):\n    with tf.GradientTape() as tape:\n        loss = net(batch)\n"
        "    opt.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))\n"
    )
    assert (found.epochs, found.batch) == (12, 8)


def test_what_an_agent_samples_from_its_memory() -> None:
    found = read(
        "import torch\nfrom torch import nn\nclass Agent:\n    def __init__(self):\n"
        "        self.net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))\n"
        "        self.opt = torch.optim.Adam(self.net.parameters(), lr=3e-4)\n"
        "    def train(self, memory, batch_size=256):\n        x = memory.sample(batch_size)\n"
        "        self.net(x).sum().backward()\n        self.opt.step()\n"
    )
    assert (found.batch, found.lr) == (256, 3e-4)


def test_a_trainer_that_is_handed_the_command_line_beside_its_parts() -> None:
    found = read(
        "import argparse, torch\nfrom project import Net, Trainer\np = argparse.ArgumentParser()\n"
        "p.add_argument('--num-epochs', type=int, default=200)\np.add_argument('--batch-size', type=int, default=128)\n"
        "args = p.parse_args()\nnet, start_epoch = Net(), 0\nif args.resume:\n    start_epoch = load()\n"
        "opt = torch.optim.SGD(net.parameters(), lr=0.01)\nTrainer(args, start_epoch, net, opt).train()\n"
    )
    assert (found.epochs, found.batch, found.lr, found.optimizer) == (200, 128, 0.01, "SGD")


def test_batches_of_another_file_that_is_told_how_many_epochs_they_are_for() -> None:
    found = read(
        TORCH + OWN + "BATCH_SIZE, NUM_EPOCHS = 64, 200\n"
        "for x in nets.batch_iter(data, BATCH_SIZE, NUM_EPOCHS):\n    net(x).sum().backward()\n    opt.step()\n"
    )
    assert (found.epochs, found.batch) == (200, 64)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from stable_baselines3 import PPO\n"
         "m = PPO('MlpPolicy', env, learning_rate=3e-4, batch_size=64, n_epochs=10)\nm.learn(9000)\n",
         (64, 3e-4, None, None)),
        ("from ultralytics import YOLO\nYOLO('n.pt').train(data='x.yaml', epochs=100, batch=16, lr0=0.01)\n",
         (16, 0.01, None, 100)),
        ("import torch\nfrom torch import nn\nfrom skorch import NeuralNetClassifier\n"
         "class Net(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(4, 8)\n"
         "NeuralNetClassifier(Net, max_epochs=20, lr=0.1, batch_size=128, optimizer=torch.optim.SGD).fit(x, y)\n",
         (128, 0.1, "SGD", 20)),
        ("from sentence_transformers import SentenceTransformer\nfrom torch.utils.data import DataLoader\n"
         "m = SentenceTransformer('x')\nl = DataLoader(pairs, batch_size=16)\n"
         "m.fit(train_objectives=[(l, loss)], epochs=3, optimizer_params={'lr': 2e-5})\n", (16, 2e-5, None, 3)),
        ("import tensorflow as tf\nd = tf.keras.utils.image_dataset_from_directory('x', batch_size=24)\n"
         "d = d.cache().prefetch(1)\n"
         "m = tf.keras.Sequential([tf.keras.layers.Dense(4)])\nm.compile(tf.keras.optimizers.Adam(1e-4), 'mse')\n"
         "m.fit(d, epochs=5)\n", (24, 1e-4, "Adam", 5)),
    ],
)  # fmt: skip
def test_libraries_that_train(text: str, found: tuple[Any, ...]) -> None:
    facts = read(text)
    assert (facts.batch, facts.lr, facts.optimizer, facts.epochs) == found


def test_the_optimizer_that_a_trainer_is_handed_stands_for_that_of_its_settings() -> None:
    facts = read(
        "from torch.optim import AdamW\n"
        "from transformers import BertForTokenClassification, Trainer, TrainingArguments, get_scheduler\n"
        "model = BertForTokenClassification.from_pretrained('bert')\n"
        "args = TrainingArguments(learning_rate=8e-6, per_device_train_batch_size=16, num_train_epochs=4)\n"
        "optimizer = AdamW(model.parameters(), lr=1e-6)\n"
        "schedule = get_scheduler('linear', optimizer)\n"
        "Trainer(model=model, args=args, optimizers=(optimizer, schedule)).train()\n"
    )
    assert (facts.optimizer, facts.lr, facts.batch, facts.epochs) == ("AdamW", 1e-6, 16, 4)
    assert facts.evidence["lr"] == 5


def test_an_optimizer_that_is_made_and_let_go_trains_nothing() -> None:
    facts = read(
        "from keras.layers import Dense\nfrom keras.models import Sequential\nfrom keras.optimizers import Adam\n"
        "def build():\n    Adam(lr=2e-4)\n    model = Sequential([Dense(8), Dense(1)])\n"
        "    model.compile('adam', 'mae')\n    return model\n"
    )
    assert (facts.is_model, facts.optimizer, facts.lr) == (True, "Adam", None)


def test_what_collates_batches_is_no_network() -> None:
    facts = read(
        "from transformers import DataCollatorForSeq2Seq, Trainer, TrainingArguments\nfrom mine import get_model\n"
        "model = get_model()\ncollate = DataCollatorForSeq2Seq(None, model=model)\n"
        "Trainer(model=model, args=TrainingArguments(learning_rate=1e-4), data_collator=collate).train()\n"
    )
    assert (facts.lr, facts.arch) == (1e-4, None)


def test_a_loop_over_a_progress_bar_that_has_a_name() -> None:
    facts = read(
        TORCH + OWN + "from fastprogress import master_bar\nepoch_bar = master_bar(range(7))\nfor epoch in epoch_bar:\n"
        "    for x in load_data(batch_size=6):\n        net(x).sum().backward()\n        opt.step()\n"
    )
    assert facts.epochs == 7


def test_as_many_gpus_as_there_are_is_either() -> None:
    facts = read(
        "import torch\nimport pytorch_lightning as pl\nfrom mine import Lit\nGPUS = min(1, torch.cuda.device_count())\n"
        "pl.Trainer(gpus=GPUS, max_epochs=3).fit(Lit())\n"
    )
    assert facts.hw == "CPU/GPU"


def test_a_device_that_a_function_falls_back_to_chooses_none() -> None:
    facts = read(
        TORCH + OWN + "def place(x, device=torch.device('cpu')):\n    return x\nnet.cuda(device=0)\nopt.step()\n"
    )
    assert facts.hw == "GPU"


def test_a_template_on_the_cpu_of_what_is_spread_over_gpus() -> None:
    text = (
        "import tensorflow as tf\nfrom keras.utils import multi_gpu_model\nfrom nets import LeNet\n"
        "with tf.device('/cpu:0'):\n    one = LeNet.build(9)\nnet = multi_gpu_model(one, gpus=2)\n"
        "net.compile(optimizer='adam')\nnet.fit(x, y, epochs=3)\n"
    )
    assert (read(text).hw, read(text).arch, read(text).optimizer) == ("GPU", "LeNet", "Adam")


KERAS = "from tensorflow import keras\nfrom mine import rows, get_data, steps\nN, B = 640, 64\n"
FIT = "net = keras.Sequential([keras.layers.Dense(8), keras.layers.Dense(1)])\nnet.compile('adam', 'mse')\n"


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("batch_size = 64\nnet.fit(rows(), steps_per_epoch=N // batch_size, epochs=2)", 64),
        ("batch_size = 64\nper = int(N / batch_size)\nnet.fit(rows(), steps_per_epoch=per, epochs=2)", 64),
        ("net.fit(rows(), steps_per_epoch=N // 10, epochs=2)", None),
        ("data, count = get_data(batch_size=B)\nnet.fit(data.repeat(), steps_per_epoch=count, epochs=2)", 64),
    ],
)
def test_the_batch_that_the_steps_of_an_epoch_are_told_by(text: str, batch: int | None) -> None:
    assert read(KERAS + FIT + text).batch == batch


def test_what_keras_is_told_by_place_and_by_names_of_its_own() -> None:
    head = "from keras.models import Sequential\nfrom keras.layers import Dense\nfrom keras.optimizers import Adam\n"
    head += "m = Sequential([Dense(4), Dense(2)])\n"
    assert read(f"{head}m.compile('adam', 'mse')\nm.fit_generator(served, 500, 30)\n").epochs == 30
    own = "class GAN(keras.Model):\n    pass\ngan = GAN(m, m)\nwith_rate = Adam(2e-4)\n"
    for name in ("optimizer", "d_optimizer", "d_optimiser", "critic_opt"):
        found = read(f"import keras\n{head}{own}gan.compile({name}=with_rate, loss='mse')\ngan.fit(x, epochs=5)\n")
        assert (found.optimizer, found.lr, found.epochs) == ("Adam", 2e-4, 5), name


LAUNCHES = (
    "import argparse\nfrom sagemaker.pytorch import PyTorch\n"
    "from project import Agent, Table, make_batches, settings, train\n"
    "parser = argparse.ArgumentParser()\nparser.add_argument('--lr', type=float, default=0.8)\n"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rate = 0.001\ntrain(Agent(learning_rate=rate, episodes=9))\n", (0.001, None, None)),
        ("job = PyTorch('t.py', hyperparameters={'lr': 1e-5, 'epochs': 30})\njob.fit()\n", (1e-5, None, 30)),
        ("def go(args):\n    train(Table(learning_rate=args.lr))\n"
         "parser.set_defaults(func=go)\nargs = parser.parse_args()\nargs.func(args)\n", (0.8, None, None)),
        ("args = parser.parse_args()\ntrain({'optimizer': {'learning_rate': args.lr}})\n", (0.8, None, None)),
        ("class Args:\n    lr = 5e-3\nargs = Args()\ntrain(args)\n", (None, None, None)),  # 0.8 or 5e-3
        ("class Args:\n    learning_rate = 0.8\ntrain(Args)\n", (0.8, None, None)),
        ("train(Agent(make_batches(batch_size=400), lr=None))\n", (None, None, None)),  # of whatever is made
        ("train(Agent(learning_rate=settings.rate))\n", (None, None, None)),
    ],
)  # fmt: skip
def test_a_training_that_is_only_set_going_is_told_its_settings_by_name(text: str, told: tuple[Any, ...]) -> None:
    found = read(LAUNCHES + text)
    assert (found.is_model, found.lr, found.batch, found.epochs) == (True, *told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("from stable_baselines3 import PPO\nmodel = PPO('MlpPolicy', env, learning_rate=lambda left: 2.5e-4 * left)\n"
         "model.learn(10_000)\n", (None, 2.5e-4)),
        ("from stable_baselines3 import PPO\ndef linear(start):\n    def at(left):\n        return left * start\n"
         "    return at\nmodel = PPO('Mlp', env, learning_rate=linear(1e-3))\nmodel.learn(10_000)\n", (None, 1e-3)),
        ("from tensorflow import keras\nclass Warmup(keras.optimizers.schedules.LearningRateSchedule):\n"
         "    def __init__(self, after_warmup_learning_rate, steps):\n        self.rate = after_warmup_learning_rate\n"
         "rate = Warmup(after_warmup_learning_rate=1e-4, steps=9)\nnet = keras.Sequential([keras.layers.Dense(2)])\n"
         "net.compile(optimizer=keras.optimizers.Adam(rate), loss='mse')\nnet.fit(x, y, epochs=3)\n", ("Adam", 1e-4)),
    ],
)  # fmt: skip
def test_rates_of_schedules_that_a_script_writes_itself(text: str, told: tuple[Any, ...]) -> None:
    found = read(text)
    assert (found.optimizer, found.lr) == told


def test_a_trainer_of_the_project_that_is_called_like_that_of_lightning() -> None:
    text = (
        "import torch\nfrom torch import nn\nfrom torch.utils.data import DataLoader\nfrom trainer import Trainer\n"
        "net = nn.Sequential(nn.Linear(2, 1))\nopt = torch.optim.SGD(net.parameters(), lr=0.01)\n"
        "trainer = Trainer(net, nn.MSELoss(), opt, epochs=20)\ntrainer.fit(DataLoader(data, batch_size=6))\n"
    )
    found = read(text)
    assert (found.arch, found.optimizer, found.lr, found.epochs, found.batch) == ("Sequential", "SGD", 0.01, 20, 6)
