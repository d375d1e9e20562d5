"""Networks of Keras that a function puts together, and several networks of one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse

BUILDER = """
from keras.models import *
from keras.layers import *
def {name}(shape=(64, 64, 3)):
    inputs = Input(shape)
    x = Conv2D(8, 3)(inputs)
    x = Conv2D(8, 3)(x)
    return Model(inputs, x)
"""
FIT = "model = {name}()\nmodel.compile('adam', 'mse')\nmodel.fit(x, y, epochs=3)\n"


def arch(text: str) -> str | None:
    return extract(parse(Path("script.py"), text.encode())).arch


@pytest.mark.parametrize(
    ("name", "more", "found"),
    [
        ("MobileNetUnet", "", "MobileNetUnet"),
        ("build_cond_unet", "", "UNet"),
        ("createInceptionNet", FIT, "Inception"),
        ("get_generator", "", "generator"),
        ("get_generator", FIT, "CNN"),  # a half of what is trained
        ("get_cnn_model", "", "CNN"),
        ("classifier", FIT, "CNN"),
    ],
)
def test_a_function_that_is_called_for_its_network_names_it(name: str, more: str, found: str) -> None:
    assert arch(BUILDER.format(name=name) + more.format(name=name)) == found


def test_two_functions_name_a_network_only_as_a_pair() -> None:
    pair = BUILDER.format(name="ActorNetwork") + BUILDER.format(name="CriticNetwork")
    assert arch(pair) == "ActorNetwork / CriticNetwork"
    assert arch(BUILDER.format(name="get_fcn") + BUILDER.format(name="get_mobilenet")) == "CNN"


def test_networks_side_by_side_are_all_named_that_a_file_offers() -> None:
    network = "class {0}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = {1}\n"
    names = ("FCN8", "FCN16", "FCN32", "SegNet", "PSPNet")
    text = "from torch import nn\n" + network.format("ConvBlock", "nn.Conv2d(1, 8, 3)")
    text += "".join(network.format(name, "ConvBlock()") for name in names)
    assert arch(text) == " / ".join(names)
    text += "".join(network.format(f"Net{number}", "ConvBlock()") for number in range(4))
    assert arch(text) is None


def test_what_serves_data_or_records_is_no_network() -> None:
    text = "import tensorflow as tf\nfrom tf_unet import unet, image_util\nprovider = image_util.DataProvider('d')\n"
    text += "net = unet.Unet(layers=3)\ntrainer = unet.Trainer(net, optimizer='momentum')\ntrainer.train(provider)\n"
    assert arch(text) == "Unet"
