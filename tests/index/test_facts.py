"""What is read from each example script, against what a person reads there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse

SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


# name, framework, arch, dataset, batch, lr, optimizer, epochs, hw, tags, lines of proof
EXPECTED: list[tuple[Any, ...]] = [
    ("mnist-classifiers/cnn_argparse.py", "PyTorch", "Net", "MNIST", 64, 1.0, "Adadelta", 14, "CPU/GPU", {"cnn"},
     {"batch": 35, "lr": 38, "epochs": 37, "optimizer": 79, "dataset": 73, "hw": 71, "arch": 15}),
    ("Generative-Fashion-MNIST/unet_ddpm.py", "PyTorch", "UNet", "FashionMNIST", 128, 2e-4, "AdamW", 50, "CPU/GPU",
     {"cnn", "unet", "diffusion"}, {"batch": 17, "lr": 19, "epochs": 18, "optimizer": 110, "arch": 51}),
    ("Generative-Fashion-MNIST/latent_diffusion.py", "PyTorch", "LatentDenoiser", "FashionMNIST", 256, 1e-3, "AdamW",
     100, "CPU/GPU", {"cnn", "autoencoder", "diffusion", "latent-diffusion"},
     {"batch": 12, "lr": 16, "epochs": 15, "optimizer": 100}),
    ("cifar10/resnet_lightning.py", "PyTorch Lightning", "ResNetClassifier", "CIFAR10", 512, 0.05, "SGD", 30, "GPU",
     {"cnn", "resnet"}, {"batch": 85, "lr": 30, "epochs": 84}),
    ("keras-experiments/flowers_cnn.py", "Keras/TensorFlow", "CNN", "Flowers102", 32, 3e-3, "AdamW", 60, None, {"cnn"},
     {"batch": 9, "lr": 44, "epochs": 51}),
    ("keras-experiments/vae.py", "Keras/TensorFlow", "VAE", "MNIST", 100, None, "RMSprop", 25, None,
     {"vae", "autoencoder", "mlp"}, {"batch": 59, "epochs": 59, "optimizer": 58}),
    ("jax-experiments/diffusion_mlp.py", "JAX/Flax", "Denoiser", "Digits", 512, 5e-4, "AdamW", 300, None,
     {"diffusion", "mlp"}, {"batch": 15, "lr": 17, "epochs": 16}),
    ("faces/dcgan.py", "PyTorch", "Generator / Discriminator", "CelebA", 128, 2e-4, "Adam", 25, "GPU", {"cnn", "gan"},
     {"batch": 13, "lr": 16, "epochs": 15}),
    ("sequence/lstm_adder.py", "PyTorch", "Adder", None, 128, 2e-3, "Adam", 40, None, {"rnn", "lstm"},
     {"batch": 10, "lr": 13, "epochs": 11}),
    ("sequence/gru_characters.py", "PyTorch", "CharGRU", None, 50, 2e-3, "RMSprop", 30, "CPU/GPU", {"rnn", "gru"},
     {"batch": 39, "lr": 40, "epochs": 41}),
    ("games/dqn_2048.py", "PyTorch", "QNetwork", None, 64, 1e-3, "Adam", None, "CPU/GPU", {"dqn", "mlp"},
     {"batch": 68, "lr": 106}),
    ("flowers/vit_flowers.py", "PyTorch", "VisionTransformer", "Flowers102", 48, 3e-4, "AdamW", 100, "CPU/GPU",
     {"vit", "transformer", "attention"}, {"batch": 19, "lr": 20, "epochs": 22}),
    ("cats-dogs/conditional_unet.py", "PyTorch", "ConditionalUNet", "CIFAR10", 64, 3e-4, "AdamW", 200, "CPU/GPU",
     {"cnn", "unet", "diffusion", "attention", "linear-attention", "conditional"},
     {"batch": 17, "lr": 18, "epochs": 20}),
    ("notebooks/autoencoder.ipynb", "PyTorch", "ConvAutoencoder", "MNIST", 200, 1.5e-3, "NAdam", 12, "CPU/GPU",
     {"cnn", "autoencoder"}, {}),
]  # fmt: skip


@pytest.mark.parametrize("expected", EXPECTED, ids=[row[0] for row in EXPECTED])
def test_every_example_is_read_as_a_person_reads_it(expected: tuple[Any, ...]) -> None:
    name, framework, arch, dataset, batch, lr, optimizer, epochs, hw, tags, lines = expected
    facts = extract(parse(SCRIPTS / name, (SCRIPTS / name).read_bytes()))
    assert facts.is_model
    assert (facts.framework, facts.arch, facts.dataset) == (framework, arch, dataset)
    assert (facts.batch, facts.lr, facts.optimizer, facts.epochs) == (batch, lr, optimizer, epochs)
    assert facts.hw == hw
    assert {tag.name for tag in facts.tags} == tags
    assert {field: facts.evidence[field] for field in lines} == lines
    assert 0 < len(facts.description.split()) <= 120
    assert facts.summary


def test_two_stages_keep_their_own_values() -> None:
    path = SCRIPTS / "Generative-Fashion-MNIST" / "latent_diffusion.py"
    first, second = extract(parse(path, path.read_bytes())).stages
    assert (first.name, first.optimizer, first.lr, first.epochs) == ("train_autoencoder", "Adam", 1e-4, 20)
    assert (second.name, second.optimizer, second.lr, second.epochs) == ("train_diffusion", "AdamW", 1e-3, 100)


def test_the_two_optimizers_of_a_gan_are_two_stages() -> None:
    path = SCRIPTS / "faces" / "dcgan.py"
    stages = extract(parse(path, path.read_bytes())).stages
    assert [(stage.optimizer, stage.lr) for stage in stages] == [("Adam", 1e-4), ("Adam", 2e-4)]


def test_a_helper_is_no_model() -> None:
    path = SCRIPTS / "common" / "plotting.py"
    assert not extract(parse(path, path.read_bytes())).is_model


HEAD = """
import torch, argparse
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
        self.b = nn.Linear(2, 2)
def train(model, loader, optimizer, epochs=3):
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            model(x).sum().backward()
            optimizer.step()
"""


def test_the_call_site_beats_the_parameter_default() -> None:
    facts = read(
        HEAD
        + "net = Net()\nloader = DataLoader(datasets.MNIST('.'), 64)\n"
        + "train(net, loader, optim.Adam(net.parameters(), 1e-3), 20)\n"
    )
    assert (facts.batch, facts.lr, facts.epochs, facts.dataset) == (64, 1e-3, 20, "MNIST")


def test_an_assignment_after_parsing_beats_the_option() -> None:
    facts = read(
        HEAD
        + "def options():\n    p = argparse.ArgumentParser()\n    p.add_argument('--lr', type=float, default=0.1)\n"
        + "    args = p.parse_args()\n    args.lr = 3e-4\n    return args\n"
        + "args = options()\nnet = Net()\ntrain(net, DataLoader([], 8), optim.SGD(net.parameters(), lr=args.lr))\n"
    )
    assert facts.lr == 3e-4


def test_a_branch_that_the_defaults_switch_off_does_not_count() -> None:
    facts = read(
        HEAD
        + "p = argparse.ArgumentParser()\np.add_argument('--fancy', action='store_true')\nargs = p.parse_args()\n"
        + "net = Net()\nif args.fancy:\n    o = optim.AdamW(net.parameters(), lr=1)\n"
        + "else:\n    o = optim.SGD(net.parameters(), lr=0.1)\n"
        + "train(net, DataLoader([], 16), o)\n"
    )
    assert (facts.optimizer, facts.lr) == ("SGD", 0.1)


def test_a_value_that_cannot_be_resolved_is_named_not_guessed() -> None:
    facts = read(
        HEAD
        + "p = argparse.ArgumentParser()\np.add_argument('--lr', type=float, required=True)\nargs = p.parse_args()\n"
        + "net = Net()\ntrain(net, DataLoader([], 256 if torch.cuda.is_available() else 64),"
        + " optim.Adam(net.parameters(), lr=args.lr))\n"
    )
    assert facts.lr is None and facts.evidence["lr"] == "args.lr"
    assert facts.batch is None  # one of two, and nothing says which


def test_fashion_mnist_is_not_mnist() -> None:
    for call, name in (
        ("datasets.FashionMNIST('.')", "FashionMNIST"),
        ("datasets.MNIST('.')", "MNIST"),
        ("datasets.KMNIST('.')", "KMNIST"),
    ):
        source = HEAD + f"net = Net()\ntrain(net, DataLoader({call}, 4), optim.Adam(net.parameters()))\n"
        assert read(source).dataset == name


def test_the_evaluation_loader_gives_no_batch_size() -> None:
    facts = read(
        HEAD
        + "net = Net()\ntest_loader = DataLoader([], batch_size=1000)\ntrain_loader = DataLoader([], batch_size=32)\n"
        + "train(net, train_loader, optim.Adam(net.parameters(), lr=1e-3))\n"
    )
    assert facts.batch == 32


def test_a_class_that_is_never_built_adds_no_tag() -> None:
    unused = "class Old(nn.Module):\n    def __init__(self):\n        self.c = nn.Conv2d(1, 1, 3)\n"
    facts = read(
        HEAD.replace("class Net", unused + "class Net")
        + "net = Net()\ntrain(net, DataLoader([], 4), optim.Adam(net.parameters()))\n"
    )
    assert {tag.name for tag in facts.tags} == {"mlp"}


def test_the_same_source_gives_the_same_facts() -> None:
    path = SCRIPTS / "cats-dogs" / "conditional_unet.py"
    source = parse(path, path.read_bytes())
    assert extract(source) == extract(parse(path, path.read_bytes()))


def test_a_trainer_of_the_script_s_own_is_one_stage() -> None:
    facts = read(
        HEAD
        + """
class Trainer:
    def __init__(self, model, data, lr=1e-4, batch_size=16, epochs=5):
        self.model, self.epochs = model, epochs
        self.optimizer = optim.Adam(self.model.parameters(), lr=lr)
        self.loader = DataLoader(data, batch_size=batch_size)
    def step(self, x):
        self.optimizer.zero_grad()
        self.model(x).mean().backward()
        self.optimizer.step()
    def train(self):
        for epoch in range(self.epochs):
            for x, _ in self.loader:
                self.step(x)
Trainer(Net().cuda(), datasets.CIFAR10('.'), lr=2e-4, batch_size=100, epochs=20).train()
"""
    )
    (stage,) = facts.stages
    assert (stage.batch, stage.lr, stage.optimizer, stage.epochs) == (100, 2e-4, "Adam", 20)
    assert (facts.arch, facts.dataset, facts.hw) == ("Net", "CIFAR10", "GPU")


def test_keras_fit_by_position() -> None:
    facts = read(
        "from tensorflow.keras import layers, models\n"
        "model = models.Sequential([layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)])\n"
        "model.compile('adam', loss='mse')\nmodel.fit(x, y, 64, 10)\n"
    )
    assert (facts.optimizer, facts.batch, facts.epochs, facts.arch) == ("Adam", 64, 10, "CNN")


def test_one_cycle_sets_the_rate_in_effect() -> None:
    facts = read(
        HEAD
        + "net = Net()\no = optim.SGD(net.parameters(), 3e-4)\nloader = DataLoader(datasets.MNIST('.'), 32)\n"
        + "schedule = optim.lr_scheduler.OneCycleLR(o, max_lr=0.01, total_steps=9)\ntrain(net, loader, o)\n"
    )
    assert facts.lr == 0.01


@pytest.mark.parametrize(("given", "rate"), [("", 0.01), (", lr=3e-4", 3e-4)])
def test_a_cycle_sets_the_rate_where_nothing_else_does(given: str, rate: float) -> None:
    text = (
        f"{HEAD}from trainer import Trainer\n"
        + f"net = Net()\no = optim.Adam(net.parameters(){given})\nloader = DataLoader(datasets.MNIST('.'), 32)\n"
        + "cycle = optim.lr_scheduler.CyclicLR(o, base_lr=1e-4, max_lr=0.01)\n"
    )
    assert [read(text + step).lr for step in ("train(net, loader, o)\n", "Trainer(net, loader, o).train()\n")] == [
        rate
    ] * 2


def test_a_rate_of_one_is_what_its_schedule_makes_of_it() -> None:
    text = (
        HEAD
        + "net = Net()\no = optim.AdamW(net.parameters(), lr={})\nloader = DataLoader(datasets.MNIST('.'), 32)\n"
        + "schedule = optim.lr_scheduler.LambdaLR(o, lr_lambda=[warm_up])\ntrain(net, loader, o)\n"
    )
    scaled, declared = read(text.format(1.0)), read(text.format(0.6))
    assert (scaled.lr, scaled.evidence["lr"]) == (None, "warm_up")
    assert declared.lr == 0.6


OPTION = (
    "import argparse\nfrom pytorch_lightning import Trainer\np = argparse.ArgumentParser()\n"
    "p.add_argument('--gpus', type=int, default=1)\np.add_argument('--cuda', type=int, default=None)\n"
    "p.add_argument('--use_gpu', action='store_true')\nargs = p.parse_args()\n"
)


@pytest.mark.parametrize(
    ("line", "hardware"),
    [
        ("t = Trainer(gpus=args.gpus)", "GPU"),
        (
            "if args.cuda is not None and args.cuda >= 0:\n    torch.cuda.set_device(args.cuda)\n    net.cuda()",
            "CPU/GPU",
        ),
        ("if args.use_gpu:\n    net.cuda()", "CPU/GPU"),
        ("print('GPUs:', torch.cuda.is_available())", None),
        ("print(torch.cuda.is_available())\nnet.cuda()", "GPU"),
    ],
)
def test_the_device_is_what_the_options_make_it(line: str, hardware: str | None) -> None:
    text = HEAD + OPTION + "net = Net()\no = optim.SGD(net.parameters(), 3e-4)\n" + line + "\n"
    assert read(text).hw == hardware
