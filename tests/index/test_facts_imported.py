"""Families of networks that other files of the project define, and forms that are written out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TRAINING = """
import sys
import torch
sys.path.append("../parts")
{imports}
net = {made}
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for x in loader:
    net(x).sum().backward()
    opt.step()
"""
HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
FILES = {
    "model.py": """
from core.seq import Sequence
class Net(nn.Module):
    def __init__(self):
        self.body = Sequence()
class Other(nn.Module):
    def __init__(self):
        self.a = nn.LSTM(1, 2)
""",
    "core/__init__.py": "from .seq import *\nfrom .unet import UNetModel as UNet, \\\n    Down\n",
    "core/seq.py": """
class Chomp(nn.Module):
    pass
class Sequence(nn.Module):
    def __init__(self):
        self.a = nn.Conv1d(1, 2, 3)
""",
    "core/unet.py": """
class Down(nn.Module):
    def __init__(self):
        self.a = nn.Conv2d(1, 2, 3, stride=2)
class UNetModel(nn.Module):
    def __init__(self):
        self.down = Down()
        self.up = nn.Upsample(2)
    def forward(self, x):
        return torch.cat([self.up(self.down(x)), x])
def create_model(size):
    return UNetModel()
""",
    "../parts/attend.py": """
class Tagger(nn.Module):
    def __init__(self):
        self.rnn = nn.GRU(1, 2)
        # self.old = nn.Conv2d(1, 2, 3)
    def forward(self, h):
        attn = F.softmax(self.score(h), 1)
        return torch.bmm(attn, h)
""",
    "ddpm.py": """
def schedules(first, last, steps):
    betas = torch.linspace(first, last, steps)
    return torch.exp(torch.cumsum(torch.log(1 - betas), dim=0))
class DDPM(nn.Module):
    def __init__(self, net):
        self.net, self.left = net, schedules(1e-4, 0.02, 1000)
""",
    "latent.py": """
class BetaVAE(nn.Module):
    def __init__(self):
        self.enc = nn.Linear(9, 2)
        self.logvar = nn.Linear(9, 2)
""",
}


def read(folder: Path, text: str) -> ScriptFacts:
    script = folder / "train.py"
    script.write_text(text)
    return extract(parse(script, text.encode()), Configs(script))


@pytest.mark.parametrize(
    ("imports", "made", "names", "place"),
    [
        ("from model import Net", "Net()", {"cnn"}, "core/seq.py:7"),
        ("from model import Other", "Other()", {"lstm", "rnn"}, "model.py:9"),
        ("from model import *", "Net()", {"cnn"}, "core/seq.py:7"),
        ("import model", "model.Net()", {"cnn"}, "core/seq.py:7"),
        ("from core import Sequence", "Sequence()", {"cnn"}, "core/seq.py:7"),
        ("from core import UNet", "UNet()", {"cnn", "unet"}, "core/unet.py:5"),
        ("from core.unet import create_model", "create_model(8)", {"cnn", "unet"}, "core/unet.py:5"),
        ("from attend import Tagger", "Tagger()", {"gru", "rnn", "attention"}, "attend.py:5"),
        ("from latent import BetaVAE", "BetaVAE()", {"vae"}, "latent.py:5"),
        ("from ddpm import DDPM; from model import Net", "DDPM(Net())", {"diffusion", "cnn"}, "core/seq.py:7"),
        ("from ddpm import DDPM; from core import UNet", "DDPM(net=UNet())", {"diffusion", "unet", "cnn"}, "ddpm.py:5"),
        ("from absent import Net", "Net()", set(), ""),
    ],
)
def test_what_is_trained_has_the_families_of_its_own_file(
    tmp_path: Path, imports: str, made: str, names: set[str], place: str
) -> None:
    folder = tmp_path / "code"
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD + text)
    (tmp_path / "setup.py").touch()
    facts = read(folder, TRAINING.format(imports=imports, made=made))
    assert {tag.name for tag in facts.tags} == names
    assert all(tag.line == 6 for tag in facts.tags)
    assert not place or any(tag.reason.endswith(place) for tag in facts.tags), facts.tags


ATTENTION = (
    HEAD
    + """
class {name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4)
    def forward(self, h, last):
        {scores} = self.weigh(h)
        w = F.softmax({scores}, 1)
        return {sum}
"""
)


@pytest.mark.parametrize(
    ("name", "scores", "total", "attends"),
    [
        ("Reader", "attn_weights", "torch.bmm(h, w)", True),
        ("AttentiveReader", "scores", "torch.bmm(h, w)", False),
        ("ReaderAttn", "energies", "torch.einsum('bi,bij->bj', w, h)", True),
        ("Reader", "logits", "torch.bmm(h, w)", False),
        ("Attention", "logits", "w", False),
    ],
)  # fmt: skip
def test_a_sum_weighed_by_a_softmax_of_scores_is_attention(name: str, scores: str, total: str, attends: bool) -> None:
    text = ATTENTION.format(name=name, scores=scores, sum=total)
    assert ("attention" in {tag.name for tag in extract(parse(Path("m.py"), text.encode())).tags}) == attends


@pytest.mark.parametrize(
    ("text", "name", "has"),
    [
        ("class LM(nn.Module):\n    def __init__(self):\n        self.encoder = nn.Embedding(9, 4)\n"
         "        self.decoder = nn.Linear(4, 9)\n    def forward(self, x):\n        return x\n",
         "autoencoder", False),
        ("net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(2, 3))\nt = converter.encode(text)\n"
         "print(converter.decode(t))\n", "autoencoder", False),
        ("class Auto(nn.Module):\n    def __init__(self):\n        self.encoder = nn.Linear(9, 4)\n"
         "        self.decoder = nn.Linear(4, 9)\n    def forward(self, x):\n        return x\n",
         "autoencoder", True),
        ("from model import VariationalAutoencoder\nclass Deep(VariationalAutoencoder):\n    def __init__(self):\n"
         "        self.f = nn.Linear(9, 4)\n    def forward(self, x):\n        z, mu, log_var = self.f(x)\n"
         "        return z\n", "vae", True),
        ("import prettytensor as pt\nimport tensorflow as tf\nwith pt.defaults_scope(activation_fn=tf.nn.relu):\n"
         "    y, loss = pt.wrap(x).conv2d(kernel=5, depth=16).max_pool(kernel=2).flatten()."
         "fully_connected(size=9)\nopt = tf.train.AdamOptimizer(1e-4).minimize(loss)\n", "cnn", True),
    ],
    ids=["words", "text", "network", "base", "pretty"],
)  # fmt: skip
def test_what_codes_words_is_no_network(text: str, name: str, has: bool) -> None:
    facts = extract(parse(Path("m.py"), (HEAD + text).encode()))
    assert facts.is_model and (name in {tag.name for tag in facts.tags}) == has


LEARNER = """
class Meta(nn.Module):
    def __init__(self):
        self.net = nn.Conv2d(1, 2, 3)
        self.meta_optim = torch.optim.Adam(self.net.parameters(), lr=1e-3)
    def forward(self, x):
        self.net(x).sum().backward()
        self.meta_optim.step()
class Other(nn.Module):
    def forward(self, x):
        return x
"""


@pytest.mark.parametrize(("name", "model"), [("Meta", True), ("Other", False)])
def test_a_loop_over_a_learner_that_steps_itself_trains(tmp_path: Path, name: str, model: bool) -> None:
    (tmp_path / "meta.py").write_text(HEAD + LEARNER)
    head = "import torch\nfrom omniglotNShot import OmniglotNShot\n"
    text = f"{head}from meta import {name}\nlearner = {name}().to('cuda')\n"
    facts = read(
        tmp_path, text + "data = OmniglotNShot('omniglot', 5)\nfor step in range(9):\n    learner(data.next())\n"
    )
    assert facts.is_model == model
    if model:
        assert (facts.arch, facts.dataset) == ("Meta", "Omniglot")


@pytest.mark.parametrize(
    ("text", "model", "arch"),
    [
        ("from torch.nn.parameter import Parameter\nclass Graph(nn.Module):\n    def __init__(self):\n"
         "        self.w = Parameter(torch.zeros(3, 4))\n    def forward(self, x, adj):\n"
         "        return torch.spmm(adj, torch.mm(x, self.w))\n", True, "Graph"),
        ("class CenterLoss(nn.Module):\n    def __init__(self):\n        self.w = nn.Parameter(torch.zeros(3))\n"
         "    def forward(self, x):\n        return (x - self.w).mean()\n", False, None),
        ("import tensorflow as tf\nimport layers\nclass Net:\n    def __call__(self, x):\n"
         "        with tf.variable_scope('net'):\n            x = layers.conv2d_block(x, 3)\n"
         "            return layers.linear(x, 1)\n", True, None),
        ("import tensorflow as tf\nimport layers\ndef scale(x):\n    with tf.variable_scope('net'):\n"
         "        return layers.reshape(x, 3)\n", False, None),
    ],
    ids=["layer", "loss", "scopes", "no layers"],
)  # fmt: skip
def test_layers_written_by_hand_are_a_network(text: str, model: bool, arch: str | None) -> None:
    facts = extract(parse(Path("m.py"), (HEAD + text).encode()))
    assert (facts.is_model, facts.arch) == (model, arch)


@pytest.mark.parametrize(("file", "model"), [("make_dataset.py", False), ("recommend.py", True)])
def test_what_makes_data_trains_nothing(file: str, model: bool) -> None:
    text = "from sklearn.neighbors import NearestNeighbors\nnear = NearestNeighbors(n_neighbors=5).fit(points)\n"
    assert extract(parse(Path(file), text.encode())).is_model == model


GAN = """
import tensorflow as tf
class GAN(tf.keras.Model):
    def step(self, x):
        with tf.GradientTape() as tape:
            loss = self(x)
        self.opt.apply_gradients(zip(tape.gradient(loss, self.w), self.w))
class Env:
    def step(self, x):
        return x
def update(params, x, lr):
    gradients = jax.grad(loss)(params, x)
    return jax.tree_map(lambda p, g: p - lr * g, params, gradients)
def accuracy(params, x):
    return 0
"""


@pytest.mark.parametrize(
    ("made", "call", "stated"),
    [
        ("gan = work.GAN(lr=2e-4)", "gan.step(x)", (2e-4, 3)),
        ("env = work.Env(lr=2e-4)", "env.step(x)", (None, None)),
        ("from work import update", "params = update(params, x, lr=1e-2)", (1e-2, 3)),
        ("from work import accuracy", "params = accuracy(params, x)", (None, None)),
    ],
)
def test_what_a_loop_steps_in_another_file_is_a_training(
    tmp_path: Path, made: str, call: str, stated: tuple[float | None, int | None]
) -> None:
    (tmp_path / "work.py").write_text(GAN)
    facts = read(
        tmp_path, f"import jax\nimport work\n{made}\nfor epoch in range(3):\n    for x in data:\n        {call}\n"
    )
    assert ((facts.lr, facts.epochs), facts.is_model) == (stated, stated[0] is not None)


def test_a_session_that_runs_the_training_operation_of_another_file_trains(tmp_path: Path) -> None:
    text = (
        "import argparse\nimport tensorflow as tf\nfrom model import Model\np = argparse.ArgumentParser()\n"
        "p.add_argument('--batch_size', type=int, default=50)\np.add_argument('--num_epochs', type=int, default=9)\n"
        "args = p.parse_args()\nmodel = Model(args)\ndata = TextLoader(args.batch_size)\nwith tf.Session() as s:\n"
        "    for e in range(args.num_epochs):\n        for b in range(data.count):\n"
        "            loss, _ = s.run([model.cost, model.train_op], {model.x: data.next_batch()})\n"
    )
    facts = read(tmp_path, text)
    assert (facts.arch, facts.batch, facts.epochs) == ("Model", 50, 9)


CHAINER = """
from chainer import optimizers
from parts.seen import Picture
net = Picture()
opt = optimizers.Adam()
opt.setup(net)
for x in loader:
    loss = net(x)
    loss.backward()
    opt.update()
"""


@pytest.mark.parametrize(("head", "layer"), [
    ("import chainer.links as L\nfrom chainer import Chain", "L.Convolution2D(1, 64, 3)"),
    ("from chainer.links import *\nfrom chainer import Chain", "Convolution2D(1, 64, 3)"),
])  # fmt: skip
def test_layers_of_a_library_are_known_by_any_way_it_is_imported(tmp_path: Path, head: str, layer: str) -> None:
    (tmp_path / "parts").mkdir()
    text = (
        f"{head}\nclass Picture(Chain):\n    def __init__(self):\n        self.a = {layer}\n        self.b = {layer}\n"
    )
    (tmp_path / "parts/seen.py").write_text(text)
    script = tmp_path / "train.py"
    script.write_text(CHAINER)
    found = extract(parse(script, CHAINER.encode()), Configs(script))
    assert "cnn" in {tag.name for tag in found.tags}
