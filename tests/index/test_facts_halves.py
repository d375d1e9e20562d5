"""What a script calls an encoder and a decoder: an autoencoder, the halves of a U-Net, or a translation's."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

HEAD = "import torch\nfrom torch import nn\n"
WAYS = """
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride=2)
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(8, 8, 2)
"""
WHOLE = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoders = nn.ModuleList([Encoder(), Encoder()])
        self.decoders = nn.ModuleList([Decoder(), Decoder()])
    def forward(self, x):
        kept = []
        for encoder in self.encoders:
            x = encoder(x)
            kept.append(x)
        for decoder in self.decoders:
            x = decoder(x + kept.pop())
        return x
"""
PLAIN = """
class Coder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()
    def forward(self, x):
        return self.decoder(self.encoder(x))
"""
TRANSLATION = """
class Translator(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.out = nn.Linear(512, 8000)
    def forward(self, source, target):
        return self.out(self.decoder(target + positional_encoding(target), self.encoder(source)))
"""


@pytest.mark.parametrize(
    ("text", "told", "untold"),
    [
        (WAYS + PLAIN, {"autoencoder"}, {"unet"}),
        (WAYS + WHOLE, {"unet"}, {"autoencoder"}),
        (WAYS + PLAIN + WHOLE, {"unet", "autoencoder"}, set()),  # as latent diffusion has them
        (TRANSLATION, set(), {"autoencoder"}),
    ],
)
def test_which_families_an_encoder_and_a_decoder_make(text: str, told: set[str], untold: set[str]) -> None:
    tags = {tag.name for tag in extract(parse(Path("script.py"), (HEAD + text).encode())).tags}
    assert told <= tags and not untold & tags


def test_settings_of_a_recurrent_network_in_another_file_make_no_autoencoder(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(
        "from torch import nn\nclass Forecast(nn.Module):\n    def __init__(self, a, b):\n        super().__init__()\n"
        "        self.ahead = nn.LSTM(8, a)\n        self.back = nn.LSTM(a, b)\n"
    )
    file = tmp_path / "main.py"
    file.write_text(
        "import argparse\nimport torch\nfrom model import Forecast\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--encoder', type=int, default=8)\nparser.add_argument('--decoder', type=int, default=8)\n"
        "args = parser.parse_args()\nmodel = Forecast(args.encoder, args.decoder)\n"
        "optimizer = torch.optim.Adam(model.parameters(), lr=0.1)\n"
        "for x in data:\n    model(x).sum().backward()\n    optimizer.step()\n"
    )
    tags = {tag.name for tag in extract(parse(file, file.read_bytes()), Configs(file)).tags}
    assert "lstm" in tags and "autoencoder" not in tags


POOLED = """
from keras.layers import Conv2D, Conv2DTranspose, Input, MaxPooling2D, UpSampling2D, concatenate
from keras.models import Model
{function}
def net(images):
    x = MaxPooling2D()(Conv2D(64, 3, strides=2)(images))
    {body}
    return Model(images, Conv2DTranspose(2, 2)(x))
model = net(Input((64, 64, 3)))
model.compile("adam", "mse")
model.fit(x, y)
"""


@pytest.mark.parametrize(
    ("function", "body", "unet"),
    [
        (
            "def pyramid(x):\n    return concatenate([x, UpSampling2D()(MaxPooling2D()(x))])",
            "x = pyramid(x)",
            False,
        ),
        ("def rise(x, y):\n    return concatenate([UpSampling2D()(x), y])", "x = rise(rise(x, x), images)", True),
        ("", "x = concatenate([x, concatenate([UpSampling2D()(x), images])])", True),
    ],
)
def test_one_joining_of_what_was_pooled_is_no_unet(function: str, body: str, unet: bool) -> None:
    text = POOLED.format(function=function, body=body)
    assert ("unet" in {tag.name for tag in extract(parse(Path("script.py"), text.encode())).tags}) == unet


def test_skips_are_seen_where_every_name_of_keras_layers_is_imported() -> None:
    text = POOLED.format(function="", body="x = concatenate([x, concatenate([UpSampling2D()(x), images])])")
    text = text.replace("import Conv2D, Conv2DTranspose, Input, MaxPooling2D, UpSampling2D, concatenate", "import *")
    assert "import *" in text and "unet" in {tag.name for tag in extract(parse(Path("script.py"), text.encode())).tags}
