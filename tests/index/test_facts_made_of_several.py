"""Networks that a script has from other files, or puts together in functions, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.scripts import read, within

GRADIENTS = """
import tensorflow as tf
from halves import EncoderRNN, DecoderRNN
optimizer = tf.keras.optimizers.Adam()
def step(encoder, decoder, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(decoder(encoder(x)) - y)
    variables = {variables}
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
def fit(encoder, decoder, data):
    for epoch in range(1, 9):
        for x, y in data.take(20):
            step(encoder, decoder, x, y)
fit(EncoderRNN(256), DecoderRNN(80), tf.data.Dataset.from_tensor_slices((a, b)).batch(16))
"""


@pytest.mark.parametrize(
    ("variables", "arch"),
    [
        ("encoder.trainable_variables + decoder.trainable_variables", "EncoderRNN / DecoderRNN"),
        ("[*encoder.trainable_variables, *decoder.trainable_variables]", "EncoderRNN / DecoderRNN"),
        ("encoder.trainable_variables", "EncoderRNN"),
    ],
)
def test_networks_whose_variables_are_put_together_before(variables: str, arch: str) -> None:
    assert read(GRADIENTS.format(variables=variables)).arch == arch


CHOSEN = """
import argparse
import torch
from choices import get_model
parser = argparse.ArgumentParser()
parser.add_argument('--arch', default='ResNet18', type=str)
args = parser.parse_args()
model = get_model(args.arch)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(9):
    for x, y in loader:
        model(x).sum().backward()
        optimizer.step()
"""
CHOICES = """
from nets import *
def get_model(arch='ResNet18'):
    if arch == 'ResNet18':
        model = ResNet18()
    elif arch == 'ResNet34':
        model = ResNet34()
    return model
"""


def test_a_network_that_a_module_has_from_all_of_another(tmp_path: Path) -> None:
    assert within(tmp_path, CHOSEN, choices=CHOICES).arch == "ResNet18"


MASKED = """
import torch
from torch import nn
class Masked(nn.Module):
    def __init__(self, mask):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3)
    def forward(self, x):
        return self.conv(x)
class {name}(Masked):
    def __init__(self, k=3):
        mask = torch.ones(3, 3, k, k)
        super().__init__(mask)
class PixelCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Masked(None)
        self.out = nn.Conv2d(3, 256, 1)
    def forward(self, x):
        return self.out(self.first(x))
"""


@pytest.mark.parametrize("name", ["VerticalStackConvolutionR", "VerticalConv", "RowConvolution"])
def test_a_convolution_beside_a_network_is_a_part_of_one(name: str) -> None:
    assert read(MASKED.format(name=name)).arch == "PixelCnn"


BLOCKS = """
from tensorflow.keras.layers import Dense, Input, LayerNormalization, MultiHeadAttention, GlobalAveragePooling1D
from tensorflow.keras.models import Model
def encoder(x, heads):
    a = MultiHeadAttention(key_dim=8, num_heads=heads)(x, x)
    a = {norm}
    f = Dense(32, activation='relu')(a)
    f = Dense(x.shape[-1])(f)
    return LayerNormalization()(a + f)
def build(classes):
    x = given = Input(shape=(20, 12))
    for _ in range(3):
        x = encoder(x, 4)
    x = GlobalAveragePooling1D()(x)
    return Model(given, Dense(classes, activation='softmax')(x))
model = build(5)
model.compile(optimizer='adam', loss='categorical_crossentropy')
model.fit(a, b, epochs=9)
"""


def test_a_function_that_attends_normalises_and_feeds_forward_is_a_transformer() -> None:
    assert read(BLOCKS.format(norm="LayerNormalization()(a + x)")).arch == "Transformer"


TRAINED_ELSEWHERE = """
import torch
from flows import FlowModel, AutoEncoder
from training import Trainer
vae = AutoEncoder(4)
flow_model = FlowModel(64)
trainer = Trainer(f_model=flow_model, vae=vae, lr=0.001)
trainer.train()
"""


@pytest.mark.parametrize("told", [", lr=0.001", ""])
def test_what_a_trainer_of_another_file_is_given_as_the_model(told: str) -> None:
    assert read(TRAINED_ELSEWHERE.replace(", lr=0.001", told)).arch == "FlowModel"


OFFERED = """
import torch
from flows import FlowTrainer, MLPField
def fit(path, model: MLPField | None = None, num_epochs: int = 500, learning_rate: float = 1e-3):
    if model is None:
        model = MLPField(dim=path.dim).to("cpu")
    trainer = FlowTrainer(path, model)
    return trainer.train(num_epochs=num_epochs, lr=learning_rate)
"""


def test_what_a_function_offers_to_train_by_another_file() -> None:
    assert read(OFFERED).arch == "MLPField"


SEEDS = """
import torch
def same(seed):
    torch.manual_seed(seed)
    if torch.cuda.is_available():
        conv = torch.nn.Conv2d(3, 16, 3).cuda()
    else:
        conv = torch.nn.Conv2d(3, 16, 3)
    return torch.allclose(conv(x), conv(x))
"""


def test_one_layer_made_in_either_way_is_no_network() -> None:
    assert not read(SEEDS).is_model


def test_two_layers_made_in_either_way_are_one() -> None:
    assert read(SEEDS.replace("    else:", "        head = torch.nn.Linear(16, 2)\n    else:")).is_model


OWN = """
from nn.sequential import Sequential
from nn.layers import Conv2D, Linear
from nn.optim import Momentum
from train import train
model = Sequential([Conv2D(3, 6), Linear(256, 5)])
optimiser = Momentum(model.parameters(), lr=0.01)
train(model, loader, optimiser=optimiser, num_epochs=30)
"""


def test_a_package_of_the_project_that_is_called_as_a_framework_is_often_called(tmp_path: Path) -> None:
    assert within(tmp_path, OWN).arch is None
    (tmp_path / "nn").mkdir()
    (tmp_path / "nn" / "__init__.py").write_text("")
    assert within(tmp_path, OWN).arch == "Sequential"
