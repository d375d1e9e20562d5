"""What is said of a script: its summary, its description and the outline of its model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.facts.purpose import prose
from index.files.source import parse
from index.record import Part

DENOISER = """{doc}
import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets
class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, 32, 3, padding=1)
class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.labels = nn.Embedding(10, 64)
        self.first = Block(1)
        self.layers = nn.ModuleList([])
        self.layers.append(Block(32))
        self.optimizer = optim.Adam(self.parameters(), lr=1e-3)
    def forward(self, x, noise_level, labels):
        return x
device = "cuda" if torch.cuda.is_available() else "cpu"
model = Denoiser().to(device)
opt = optim.AdamW(model.parameters(), lr=3e-4)
loader = DataLoader(datasets.FashionMNIST("."), batch_size=128)
for epoch in range(50):
    for x, y in loader:
        model(x + torch.randn_like(x), 0.5, y).sum().backward()
        opt.step()
torch.save(model.state_dict(), "best.pt")
for t in reversed(range(10)):
    x = model(x, t / 10, y)
"""


def read(text: str, folder: Path | None = None, name: str = "script.py") -> ScriptFacts:
    path = folder / name if folder else Path(name)
    if folder:
        path.write_text(text)
    return extract(parse(path, text.encode()), Configs(path) if folder else None)


def test_a_colleague_would_say_it_so() -> None:
    found = read(DENOISER.format(doc=""))
    assert (
        found.summary
        == "A conditional diffusion model with convolutions (Denoiser), trained on FashionMNIST, in PyTorch."
    )
    assert found.description == (
        f"{found.summary} Its parts: Block. Trained with AdamW at 0.0003 in batches of 128 for 50 epochs. "
        "Runs on a GPU where there is one. It writes checkpoints."
    )


def test_the_docstring_says_what_it_is_for() -> None:
    found = read(
        DENOISER.format(doc='"""Denoises fashion pictures, after D. P. Kingma (2014). Takes an hour.\n\nUsage: x"""')
    )
    assert found.summary == "Denoises fashion pictures, after D. P. Kingma (2014)."
    assert found.description.startswith(
        "Denoises fashion pictures, after D. P. Kingma (2014). Takes an hour. A conditional"
    )


def test_a_sentence_that_ends_in_another_script_is_given_no_second_stop() -> None:
    found = read(DENOISER.format(doc='"""Denoises A B C 衣服的图像。"""'))
    assert found.description.startswith("Denoises A B C 衣服的图像。 A conditional")


def test_the_readme_beside_says_it_where_the_script_does_not(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text(
        "# Fashion\n\n[![badge](x.svg)](y)\n\nInstall it first.\n\nDraws **clothes** from [noise](http://x).\n"
    )
    assert read(DENOISER.format(doc=""), tmp_path).description.startswith("Draws clothes from noise. A conditional")


def test_the_readme_of_a_collection_speaks_for_a_script_only_where_it_names_it(tmp_path: Path) -> None:
    tmp_path = tmp_path / "models"
    (tmp_path / ".git").mkdir(parents=True)
    (tmp_path / "README.md").write_text(
        "# Models\n\nMany models of many kinds.\n\n- `fashion.py`: Draws clothes from noise\n"
    )
    (tmp_path / "a").mkdir()
    assert read(DENOISER.format(doc=""), tmp_path / "a", "fashion.py").description.startswith(
        "Draws clothes from noise. A"
    )
    assert read(DENOISER.format(doc=""), tmp_path / "a", "other.py").description.startswith("A conditional")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Title here now\n====\nThe paragraph says more.\n", "The paragraph says more."),
        ("# Only a short title\n", "Only a short title"),
        ("```\ncode is not prose\n```\n\n- a list is not\n\nThis is prose.", "This is prose."),
        ("```python\n...\nnet.eval()\n\n... net.eval() and a few words\n```\n\nThis is prose.", "This is prose."),
        ("... net.eval() n = 0 batch_count = 0 for X, y in loader: X = X.to(d)\n\nThis is prose.", "This is prose."),
        (
            "Title: A thing of things\nAuthor: [A. One](x)\nDate created: 2022/06/24\nLast modified: 2023/01/02\n"
            "Description: Does a thing well,\n  and quickly.\nAccelerator: GPU",
            "Does a thing well, and quickly.",
        ),
        ("Author: A. One\nDate: 2025-08-19 16:10:51\nLastEditors: B. Two\n\nDoes a thing well.", "Does a thing well."),
        (
            "Run it:\n\n```\npython a.py\n```\n\nWhere `a.py` is it.\n\nYou can change it.\n\nDoes a thing well.",
            "Does a thing well.",
        ),
        ("Title: A thing of things\nAuthor: A. One", "A thing of things"),
        ("Does a thing well.\n@Author: A. One\n@Time: 2020", "Does a thing well."),
        ("Copyright 2020 of somebody.\n\nDoes a thing well.", "Does a thing well."),
        ("Authors: A. One, B. Two, C. Three\n\nDoes a thing well.", "Does a thing well."),
        ("Mount the drive to save the model there.\n\nDoes a thing well.", "Does a thing well."),
        ("All required libraries are in environment.yml.\n\nDoes a thing well.", "Does a thing well."),
        ("The following arguments are settings of training.\n\nDoes a thing well.", "Does a thing well."),
        ("THE CORE IDEA (read this first):\n\nDoes a thing well.", "Does a thing well."),
        ("This is the official implementation of\n\n**A paper on a thing.**", "A paper on a thing."),
        ("**Abstract.** We do a thing well.", "We do a thing well."),
        ("Purpose: Does a thing well", "Does a thing well"),
        ("Rainbow: many improvements [[1]](#references).", "Rainbow: many improvements."),
        ("", ""),
        ("<b>" * 5000, ""),
        ("[" * 20_000, ""),
        ("# " * 9000, ""),
    ],
)
def test_prose_is_told_from_what_is_not(text: str, expected: str) -> None:
    assert prose(text) == expected


def test_a_description_is_no_longer_than_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Very " * 4000 + "long.")
    found = read(DENOISER.format(doc='"""' + "Word " * 500 + '"""'), tmp_path)
    assert len(found.description.split()) <= 120
    assert len(found.summary.split()) <= 20


def project(folder: Path, readme: str, name: str = "work") -> Path:
    """A repository of a name with a README."""
    top = folder / name
    (top / ".git").mkdir(parents=True)
    if readme:
        (top / "README.md").write_text(readme)
    return top


NETWORK = DENOISER.format(doc="").split("opt = ")[0].replace("Denoiser", "Net")
KIND = "a CNN"


@pytest.mark.parametrize(
    ("readme", "said"),
    [
        ("# Drawing clothes\n", "Drawing clothes: {kind}, trained on FashionMNIST, in PyTorch."),
        ("# Drawing clothes\n\n![](a.png)\n\n## Install\n\nDraw what you like.\n", "Drawing clothes: {kind}, trained"),
        ("<h1 align='center'>Drawing clothes</h1>\n", "Drawing clothes: {kind}, trained on FashionMNIST, in PyTorch."),
        ("---\nlicense: mit\n---\n# [WIP] 🎨 Drawing clothes 🎨\n", "Drawing clothes: {kind}, trained on"),
        ("# Can a network draw clothes?\n", "Can a network draw clothes? A CNN, trained"),
        ("# draws-clothes_in-PyTorch\n", "Draws clothes in PyTorch: {kind}, trained on FashionMNIST."),
        ("# Clothes drawn by a CNN\n",
         "Clothes drawn by a CNN, trained on FashionMNIST, in PyTorch."),
        ("# pytorch-clothes\n\nThis repository contains an implementation of a tailor (a dressmaker).\n",
         "An implementation of a tailor (a dressmaker)."),
        ("# Clothes\n\nThis project draws clothes from noise (of any kind, and of any colour at all, that a person may "
         "think of or see).\n",
         "This project draws clothes from noise."),
        ("# Clothes\n\nThis project draws clothes (in two versions, one of wool and one of linen, both by hand) for "
         "the people of the town.\n",
         "This project draws clothes for the people of the town."),
        ("# 1. How to use it\n\nWe downloaded the shoes.\n\n# Results\n", "Wardrobe: {kind}, trained on"),
    ],
)  # fmt: skip
def test_a_summary_tells_what_the_project_is_for(tmp_path: Path, readme: str, said: str) -> None:
    plain = NETWORK + "opt = optim.AdamW(model.parameters(), lr=3e-4)\n" + DENOISER.split("lr=3e-4)\n")[1]
    found = read(plain, project(tmp_path, readme, "wardrobe"), "main.py")
    assert found.summary.startswith(said.format(kind=KIND))
    assert len(found.summary.split()) <= 20


def test_a_part_of_a_project_is_told_with_its_name(tmp_path: Path) -> None:
    folder = project(tmp_path, "# Clothes\n\nThis project draws clothes from noise.\n") / "src" / "models"
    folder.mkdir(parents=True)
    network = NETWORK.split("device = ")[0].replace("Net(", "Tailor(")
    found = read(network, folder, "net.py")
    assert found.summary.startswith("Clothes: a")
    assert found.description.startswith("Clothes. A")
    (folder / "README.md").write_text("A drawer of clothes from noise.\n")
    assert read(network, folder, "net.py").description.startswith("A drawer of clothes from noise. A")


def test_a_folder_of_something_else_is_told(tmp_path: Path) -> None:
    folder = project(tmp_path, "# Machine Learning Projects\n\nAll of my projects.\n") / "pose_estimation" / "src"
    folder.mkdir(parents=True)
    assert read(NETWORK, folder, "train.py").summary.startswith(f"Pose estimation: {KIND}")


def test_a_folder_of_a_project_is_told_with_it(tmp_path: Path) -> None:
    folder = project(tmp_path, "# Tumour Segmentation\n\nWe find tumours.\n") / "ablations_3d"
    folder.mkdir()
    found = read(NETWORK, folder, "train.py")
    assert found.summary.startswith(f"Tumour Segmentation, ablations 3d: {KIND}")
    assert "We find" not in found.description


def test_without_a_readme_the_names_of_notebook_and_repository_tell(tmp_path: Path) -> None:
    top = project(tmp_path, "", "pose-estimation")
    cells = [{"cell_type": "markdown", "source": "# IMPORTING THE LIBRARIES"}, {"cell_type": "code", "source": NETWORK}]
    named, step = top / "train_chained_fusion.ipynb", top / "main.ipynb"
    for path, said in ((named, "Train chained fusion: "), (step, "Pose estimation: ")):
        path.write_text(json.dumps({"cells": cells}))
        found = extract(parse(path, path.read_bytes()), Configs(path))
        assert found.summary.startswith(said)
        assert "libraries" not in found.description.lower()


def test_what_a_readme_says_below_the_name_of_a_script(tmp_path: Path) -> None:
    top = project(
        tmp_path,
        "# Clothes\n\nWe draw clothes.\n\n## `a.py`\n\nDraws hats of wool.\n\n## `b.py`\n\nDraws shoes of leather.\n",
    )
    assert read(NETWORK, top, "b.py").summary == "Draws shoes of leather."


@pytest.mark.parametrize(
    "first",
    [
        "Pose estimation refers to techniques that find where a person's limbs are.",
        "Testing approach 1 is where we obtained the metrics over all the movies.",
        "This implementation requires model to receive data batches in the following format:\n- [ ] label: a number",
        "Traditionally, physicians rely on scans.",
        "... epoch [4] |██████ | 154/591 loss 0.46",
        "Try my implementation of something newer.",
        "**Date**: December of 2018",
        "I'm really grateful to the original authors.",
        "Thomas One, Ethan Two, Max Three.",
    ],
)
def test_what_is_no_purpose_is_passed_over(first: str) -> None:
    assert (
        prose(f"# Limbs\n\n{first}\n\nThis project finds limbs of people.\n") == "This project finds limbs of people."
    )


@pytest.mark.parametrize(
    "said", ["Credit card fraud found by a network.", "Python implementation of a thing.",
             "License plates are read by it.",
             "Language models made of words.", "Go played by a network.", "News told apart by topic.",
             "implement DQN well with few words", "Reads a thing, e.g. The Times, by E. Poe et al. (2014)."],
)  # fmt: skip
def test_a_purpose_is_no_remark(said: str) -> None:
    assert prose(said) == said[0].upper() + said[1:]


def test_sentences_are_whole() -> None:
    long = " ".join(f"word{number}" for number in range(40))
    assert prose(f"Tells shoes from hats. It also tells {long}.") == "Tells shoes from hats."


def test_what_says_no_purpose_itself_is_told_behind_it(tmp_path: Path) -> None:
    top = project(tmp_path, "# Drawing clothes\n")
    found = read(DENOISER.format(doc='"""Main entrypoint, for now just training."""'), top, "main.py")
    assert found.summary.startswith("Drawing clothes: ")
    assert found.description.startswith("Drawing clothes. Main entrypoint, for now just training. A conditional")
    alone = read(DENOISER.format(doc='"""Main entrypoint, for now just training."""'))
    assert alone.summary == "Main entrypoint, for now just training."


def test_a_class_that_only_repeats_its_family_is_not_named() -> None:
    text = (
        "import torch\nfrom torch import nn\nclass {}(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.rnn = nn.LSTM(2, 3)\n"
    )
    assert read(text.format("LSTM")).summary == "An LSTM in PyTorch."
    assert read(text.format("Net")).summary == "An LSTM in PyTorch."
    assert read(text.format("Weather")).summary == "An LSTM (Weather) in PyTorch."


def test_trainings_alike_are_said_once() -> None:
    text = DENOISER.format(doc="").split("opt = ")[0] + (
        "opt = optim.Adam(model.parameters(), lr=1e-4)\nloader = DataLoader(datasets.FashionMNIST('.'), batch_size=8)\n"
    )
    loop = "for epoch in range(5):\n    for x, y in loader:\n        model(x).backward()\n        opt.step()\n"
    said = read(text + loop + loop).description
    assert said.count("Adam at 0.0001") == 1


def test_a_variational_autoencoder_that_is_called_so_and_draws_a_sample() -> None:
    text = """
import torch
from torch import nn
class VAE(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.encoder_layers = nn.Sequential(nn.Conv2d(1, 8, 3))
        self.encoder_var_fc = nn.Linear(8, 2)
        self.decoder_layers = nn.Sequential(nn.ConvTranspose2d(2, 1, 3))
    def forward(self, x):
        out = self.encoder_layers(x)
        return self.decoder_layers(self.reparameterize(out, self.encoder_var_fc(out)))
    def reparameterize(self, mu, std):
        return torch.randn_like(std) * std + mu
"""
    assert "vae" in {tag.name for tag in read(text).tags}
    named = text.replace("reparameterize", "drawn")
    assert "vae" not in {tag.name for tag in read(named).tags}
    assert "vae" in {tag.name for tag in read(named.replace("std", "logv")).tags}


def test_two_stages_and_the_rate_in_effect() -> None:
    stage = "\nfor epoch in range({}):\n    for x, y in loader:\n        model(x).backward()\n        opt{}.step()\n"
    two = DENOISER.format(doc="").split("opt = ")[0] + (
        "opt = optim.Adam(model.parameters(), lr=1e-4)\nopt2 = optim.AdamW(model.parameters(), lr=1e-3)\n"
        "loader = DataLoader(datasets.FashionMNIST('.'), batch_size=8)\n"
        "def first():" + stage.format(5, "").replace("\n", "\n    ") + "\ndef second():"
        + stage.format(6, "2").replace("\n", "\n    ") + "\nfirst()\nsecond()\n"
    )  # fmt: skip
    said = read(two).description
    assert "first: with Adam at 0.0001 in batches of 8 for 5 epochs." in said
    assert "second: with AdamW at 0.001 in batches of 8 for 6 epochs." in said
    cycle = "sched = optim.lr_scheduler.OneCycleLR(opt, max_lr=4e-4, total_steps=9)\nfor epoch in range(50)"
    one = read(DENOISER.format(doc="").replace("for epoch in range(50)", cycle))
    assert "AdamW at 0.0003 in batches of 128 for 50 epochs; the rate in effect is 0.0004." in one.description


def shown(parts: tuple[Part, ...]) -> list[object]:
    return [(part.name, part.what, shown(part.parts)) if part.parts else (part.name, part.what) for part in parts]


def test_the_outline_shows_what_is_built_and_nothing_beside() -> None:
    block = [("conv", "Conv2d(channels, 32, 3, padding=1)")]
    assert shown(read(DENOISER.format(doc="")).outline) == [
        ("", "Denoiser", [("labels", "Embedding(10, 64)"), ("first", "Block", block), ("layers", "Block", block)])
    ]


def test_the_outline_goes_into_what_a_class_is_handed() -> None:
    found = read(
        "import torch\nfrom torch import nn\nclass Encoder(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.a = nn.Linear(784, 8)\nclass Model(nn.Module):\n    def __init__(self, encoder):\n"
        "        super().__init__()\n        self.encoder = encoder\n"
        "        self.heads = [nn.Linear(8, 2), nn.Linear(8, 3)]\n"
        "model = Model(encoder=Encoder())\nopt = torch.optim.Adam(model.parameters())\n"
    )
    heads = [("", "Linear(8, 2)"), ("", "Linear(8, 3)")]
    assert shown(found.outline) == [
        ("", "Model", [("encoder", "Encoder", [("a", "Linear(784, 8)")]), ("heads", "list", heads)])
    ]


def test_attention_that_is_kept_as_a_layer() -> None:
    found = read(
        "import torch\nfrom torch import nn\nclass Attention(nn.Module):\n    def __init__(self, dim):\n"
        "        super().__init__()\n        self.attend = nn.Softmax(dim=-1)\n"
        "        self.to_qkv = nn.Linear(dim, dim * 3)\n"
        "    def forward(self, x):\n        q, k, v = self.to_qkv(x).chunk(3, dim=-1)\n"
        "        return self.attend(q @ k.transpose(-1, -2)) @ v\nclass Transformer(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n        self.norm = nn.LayerNorm(8)\n        self.a = Attention(8)\n"
        "class ViT(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.to_patch_embedding = nn.Linear(64, 8)\n"
        "        self.pos_embedding = nn.Parameter(torch.randn(9, 8))\n"
        "        self.transformer = Transformer()\n"
    )
    assert {"attention", "transformer", "vit"} <= {tag.name for tag in found.tags}


def test_the_outline_has_the_layers_that_a_function_makes() -> None:
    text = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        def up(a, b, norm=True):
            layers = [nn.Linear(a, b)]
            if norm:
                layers.append(nn.BatchNorm1d(b))
            return layers
        self.model = nn.Sequential(*up(8, 16), nn.Linear(16, 4))
        self.head = self._head(4)
        self.size = self._size(4)
    def _head(self, width):
        return nn.Linear(width, 1)
    def _size(self, width):
        return Path(str(width))
"""
    head = [("", "Linear(width, 1)")]
    up = ("", "up(8, 16)", [("", "Linear(a, b)"), ("", "BatchNorm1d(b)")])
    assert shown(read(text).outline) == [
        ("", "Net", [("model", "Sequential", [up, ("", "Linear(16, 4)")]), ("head", "_head(4)", head)])
    ]
