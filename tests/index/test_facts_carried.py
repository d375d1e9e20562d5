"""What a script takes from beside it or from a library: networks of other files and ready ones, agents, flags, data."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TRAINING = """
import torch
{imports}
net = {made}
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for x in loader:
    net(x).sum().backward()
    opt.step()
"""


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


def beside(folder: Path, files: dict[str, str], text: str) -> ScriptFacts:
    for name, content in files.items():
        (folder / name).write_text(content)
    script = folder / "train.py"
    script.write_text(text)
    return extract(parse(script, text.encode()), Configs(script))


def tags(facts: ScriptFacts) -> set[str]:
    return {tag.name for tag in facts.tags}


BLOCK = """
import torch.nn as nn
class Layer(nn.Module):
    def __init__(self, d):
        self.attn = nn.MultiheadAttention(d, 8)
        self.up, self.down, self.norm = nn.Linear(d, 4 * d), nn.Linear(4 * d, d), nn.LayerNorm(d)
class Net(nn.Module):
    def __init__(self, d):
        self.layers = nn.ModuleList([Layer(d) for _ in range(6)])
"""
VIT = (
    BLOCK
    + """
class ViT(nn.Module):
    def __init__(self, d):
        self.patches = nn.Conv2d(3, d, 16, stride=16)
        self.body = Net(d)
"""
)
UNET = """
from tensorflow.keras.layers import Conv3D, MaxPooling3D, UpSampling3D, concatenate
def unet3d(x):
    a = Conv3D(8, 3)(x)
    b = Conv3D(8, 3)(MaxPooling3D()(a))
    c = Conv3D(8, 3)(MaxPooling3D()(b))
    d = Conv3D(8, 3)(concatenate([b, UpSampling3D()(c)]))
    return Conv3D(1, 1)(concatenate([a, UpSampling3D()(d)]))
"""
MASKED = "from torch import nn\nclass MaskedConv2d(nn.Conv2d):\n    pass\n"
STACK = """
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Sequential(MaskedConv2d(1, 64, 7), torch.nn.ReLU(), MaskedConv2d(64, 1, 1))
"""
READY = """
import torchvision
class Net(torchvision.nn.Module):
    def __init__(self):
        self.body = {}
"""


@pytest.mark.parametrize(
    ("module", "imports", "made", "expected"),
    [
        (BLOCK, "from nets import Net", "Net(64)", {"transformer", "attention"}),
        (VIT, "from nets import ViT", "ViT(64)", {"vit", "transformer"}),
        (UNET, "from nets import unet3d", "unet3d(64)", {"unet", "cnn"}),
        (MASKED, "from nets import MaskedConv2d\n" + STACK, "Net()", {"cnn"}),
        (READY.format("torchvision.models.resnet18()"), "from nets import Net", "Net()", {"cnn", "resnet"}),
        (READY.format("torchvision.models.densenet121()"), "from nets import Net", "Net()", {"cnn"}),
    ],
)
def test_the_network_of_another_file_is_told(
    tmp_path: Path, module: str, imports: str, made: str, expected: set[str]
) -> None:
    assert expected <= tags(beside(tmp_path, {"nets.py": module}, TRAINING.format(imports=imports, made=made)))


def test_rivals_of_another_file_are_a_gan(tmp_path: Path) -> None:
    module = """
import tensorflow as tf
from tensorflow.keras import layers
def make_generator_model():
    return tf.keras.Sequential([layers.Dense(49), layers.Conv2DTranspose(1, 5)])
def make_discriminator_model():
    return tf.keras.Sequential([layers.Conv2D(64, 5), layers.Dense(1)])
class Rivals:
    def __init__(self):
        self.gen = make_generator_model()
        self.dis = make_discriminator_model()
        self.gen_optimizer = tf.keras.optimizers.Adam(1e-4)
        self.dis_optimizer = tf.keras.optimizers.Adam(1e-4)
    def train(self, data, epochs=50):
        for epoch in range(epochs):
            for x in data:
                with tf.GradientTape() as tape:
                    loss = self.dis(self.gen(x))
                self.gen_optimizer.apply_gradients(zip(tape.gradient(loss, self.gen.weights), self.gen.weights))
"""
    script = "from rivals import Rivals\nrivals = Rivals()\nrivals.train(data)\n"
    facts = beside(tmp_path, {"rivals.py": module}, script)
    assert "gan" in tags(facts)


def test_a_label_that_joins_once_in_each_of_two_rivals_makes_no_unet() -> None:
    text = """
from tensorflow.keras.layers import Concatenate, Conv2D, Conv2DTranspose
def make_generator(z, y):
    return Conv2DTranspose(1, 5, strides=(2, 2))(Concatenate()([z, y]))
def make_discriminator(x, y):
    return Conv2D(1, 5, strides=(2, 2))(Concatenate()([x, y]))
"""
    assert "unet" not in tags(read(text))


@pytest.mark.parametrize(("algorithm", "policy", "expected"),
                         [("DQN", "CnnPolicy", {"dqn", "cnn"}), ("A2C", "MlpPolicy", {"mlp"})])  # fmt: skip
def test_agents_of_stable_baselines(algorithm: str, policy: str, expected: set[str]) -> None:
    text = f"from stable_baselines3 import {algorithm}\nmodel = {algorithm}('{policy}', env, learning_rate=1e-4)\n"
    assert tags(read(text + "model.learn(total_timesteps=10_000)\n")) == expected


def test_a_recurrent_layer_that_is_handed_on_as_a_class() -> None:
    given = """
import torch.nn as nn
class Captioner(nn.Module):
    def __init__(self, cnn, rnn):
        super().__init__()
        self.encoder, self.decoder = cnn, rnn(64, 64)
        self.fit, self.words = nn.Linear(512, 64), nn.Linear(64, 9000)
net = Captioner(cnn=features, rnn=nn.LSTM)
"""
    assert tags(read(given)) == {"lstm", "rnn"}
    default = """
from keras.layers import GRU, Bidirectional, Dense, Input
from keras.models import Model
def speller(units, cell=GRU):
    x = Input((None, 13))
    return Model(x, Dense(29)(Bidirectional(cell(units))(x)))
"""
    assert {"gru", "rnn"} <= tags(read(default))


@pytest.mark.parametrize(
    ("name", "given"), [("SegFormer", "image"), ("Teller", "image, captions"), ("Net", "image, segmentation")]
)
def test_an_encoder_and_a_decoder_that_give_back_something_else(name: str, given: str) -> None:
    text = """
import torch.nn as nn
class {}(nn.Module):
    def __init__(self):
        self.encoder, self.decoder = nn.Conv2d(3, 8, 3), nn.ConvTranspose2d(8, 3, 3)
    def forward(self, {}):
        return self.decoder(self.encoder(image)), {}
"""
    assert "autoencoder" in tags(read(text.format("Net", "image", "image")))
    assert "autoencoder" not in tags(read(text.format(name, given, given)))


def test_a_network_of_layers_that_a_loop_makes() -> None:
    text = """
import torch.nn as nn
class Plate(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(len(sizes) - 1):
            self.layers.append(nn.Linear(sizes[i], sizes[i + 1]))
"""
    assert tags(read(text)) == {"mlp"}


def test_a_diffusion_model_by_what_it_defines() -> None:
    text = """
from tensorflow import keras
class Model(keras.Model):
    def diffusion_schedule(self, times):
        return tf.cos(times), tf.sin(times)
    def train_step(self, images):
        noise_rates, signal_rates = self.diffusion_schedule(times)
"""
    assert "diffusion" in tags(read(text))


def test_a_ready_transformer_that_a_class_of_settings_holds() -> None:
    held = "class Config:\n    MODEL = T5ForConditionalGeneration.from_pretrained('t5-small')\n"
    text = TRAINING.format(imports="from transformers import T5ForConditionalGeneration\n" + held, made="Config.MODEL")
    assert "transformer" in tags(read(text))


def test_a_head_of_ones_own_on_a_pretrained_transformer() -> None:
    head = """
from pytorch_pretrained_bert.modeling import BertModel, BertPreTrainedModel
class BertForComments(BertPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
"""
    facts = read(TRAINING.format(imports=head, made="BertForComments.from_pretrained('bert-base-uncased')"))
    assert "transformer" in tags(facts)


def test_what_only_borrows_a_tokenizer_of_fastai_is_not_written_in_it() -> None:
    text = """
import torch
from fastai.text import Tokenizer
net = torch.nn.Linear(2, 1)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
def fit(epochs):
    for epoch in range(epochs):
        for x in loader:
            net(x).sum().backward()
            opt.step()
fit(3)
"""
    assert read(text).framework == "PyTorch"


def test_flags_whose_default_is_given_by_name() -> None:
    text = """
from absl import app, flags
import torch
FLAGS = flags.FLAGS
flags.DEFINE_float("lr", default=0.01, help="rate")
flags.DEFINE_integer("epochs", default=20, help="epochs")
def main(_):
    net = torch.nn.Linear(2, 1)
    opt = torch.optim.SGD(net.parameters(), lr=FLAGS.lr)
    for epoch in range(FLAGS.epochs):
        for x in loader:
            net(x).sum().backward()
            opt.step()
app.run(main)
"""
    facts = read(text)
    assert (facts.lr, facts.epochs) == (0.01, 20)


def test_what_a_docstring_says_that_the_template_of_a_project_has() -> None:
    text = '''
from lightning import LightningModule
import torch
class Lungs(LightningModule):
    """Example of LightningModule for MNIST classification."""
    def training_step(self, batch, i):
        return self.net(batch)
    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3)
'''
    assert read(text).dataset is None


def test_data_that_a_function_of_a_starred_module_makes(tmp_path: Path) -> None:
    module = """
from torch.utils.data import DataLoader, Dataset
class ShanghaiTech_Crowds(Dataset):
    pass
class MNISTDigits(Dataset):
    pass
def get_dataset(root):
    return DataLoader(ShanghaiTech_Crowds(root))
"""
    text = TRAINING.format(imports="from dataset import *", made="torch.nn.Linear(2, 1)")
    text = text.replace("net =", "loader = get_dataset(root)\nnet =")
    assert beside(tmp_path, {"dataset.py": module}, text).dataset == "ShanghaiTech"
