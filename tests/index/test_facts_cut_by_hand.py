"""What a loop written by hand cuts its batches from, and how large they are; settings that only look like others."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse
from tests.index.scripts import read, within

TRAINS = """
import torch
from torch import nn
net = nn.Linear(2, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
{before}
for t in range(90):
    order = torch.randperm(data.size()[0])
    for i in range(0, data.size()[0], 64):
        batch = {cut}
        net(batch).sum().backward()
        opt.step()
"""
MADE = (
    "from sklearn.datasets import make_moons, make_s_curve\ncurve, _ = make_s_curve(900)\nmoons, _ = make_moons(900)\n"
)
SHOWN = MADE + "points = curve.T\nplot(*points)\npoints = {last}.T\ndata = torch.Tensor(points.T).float()\n"
PAIR = "def load_svhn(place):\n    return read(place)\ndef load_mnist(place):\n    return read(place)\n"


@pytest.mark.parametrize(
    ("before", "cut", "dataset"),
    [
        (SHOWN.format(last="moons"), "data[order[i:i + 64]]", "Moons"),
        (SHOWN.format(last="curve"), "data[order[i:i + 64]]", "SCurve"),
        (MADE + "data = torch.cat([torch.Tensor(curve), torch.Tensor(moons)])", "data[order[i:i + 64]]", None),
        (MADE + "data = whatever()", "data[order[i:i + 64]]", None),
        (MADE + "for data in (curve, moons):\n    plot(data)\ndata = other", "data[i:i + 64]", None),
        (f"{PAIR}data, _ = load_svhn('a')\nz, _ = load_mnist('b')", "data[i:i + 64] - z[i:i + 64]", "SVHN / MNIST"),
        (f"{PAIR}data, _ = load_svhn('a')\ntest_x, _ = load_mnist('b')", "data[i:i + 64] - test_x[i:i + 64]", "SVHN"),
    ],
)  # fmt: skip
def test_what_the_loop_cuts_its_batches_from_is_the_data(before: str, cut: str, dataset: str | None) -> None:
    assert read(TRAINS.format(before=before, cut=cut)).dataset == dataset


@pytest.mark.parametrize(
    ("drawn", "batch"),
    [
        ("x[jax.random.choice(key, x.shape[0], shape=(n_batch,))]", 48),
        ("x[jax.random.randint(key, (n_batch,), 0, len(x))]", 48),
        ("x[np.random.choice(len(x), n_batch)]", 48),
        ("x[np.random.choice(len(x), size=n_batch, replace=False)]", 48),
        ("x + jax.random.randint(key, (n_batch, 1), 0, 9)", None),  # of numbers, not of places in the data
        ("list(range(n_batch))", None),  # how many there are
    ],
)
def test_places_that_are_drawn_are_as_many_as_the_batch_is_large(drawn: str, batch: int | None) -> None:
    facts = read(f"""
import jax, numpy as np, optax
from flax import linen as nn
from tqdm import trange
net = nn.Dense(3)
params = net.init(key, x)
opt = optax.adam(3e-4)
state = opt.init(params)
n_steps, n_batch = 700, 48
with trange(n_steps) as steps:
    for step in steps:
        some = {drawn}
        loss, grads = jax.value_and_grad(loss_fn)(params, some)
        updates, state = opt.update(grads, state, params)
        params = optax.apply_updates(params, updates)
""")
    assert (facts.batch, facts.epochs) == (batch, None)


@pytest.mark.parametrize(("first", "batch"), [("sample_loader", 50), ("other_loader", 25)])
def test_the_samples_that_a_task_is_shown_are_not_its_batch(tmp_path: Path, first: str, batch: int) -> None:
    facts = within(
        tmp_path,
        f"""
import torch
from torch import nn
from tasks import Task, serve
net = nn.Linear(2, 2)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for episode in range(900):
    {first} = serve(Task(), batch_size=25)
    batch_loader = serve(Task(), batch_size=50)
    shown, _ = {first}.__iter__().next()
    asked, _ = batch_loader.__iter__().next()
    (net(shown) - net(asked)).sum().backward()
    opt.step()
""",
        tasks="def serve(task, batch_size):\n    pass\n",
    )
    assert facts.batch == batch


@pytest.mark.parametrize(("gpus", "hw"), [("-1", "GPU"), ("'-1'", "GPU"), ("0", None)])
def test_a_trainer_that_takes_all_gpus_runs_on_them(gpus: str, hw: str | None) -> None:
    text = "import torch\nfrom torch import nn\nfrom pytorch_lightning import Trainer\nfrom nets import Lit\n"
    assert read(f"{text}t = Trainer(gpus={gpus}, max_epochs=3)\nt.fit(Lit(nn.Linear(2, 2)))\n").hw == hw


@pytest.mark.parametrize(
    ("names", "arch"),
    [
        (("InfoGenConv", "InfoDiscQ"), "InfoGenConv / InfoDiscQ"),
        (("Gen", "Disc"), "Gen / Disc"),
        (("GenreNet", "DiscoNet"), None),
    ],
)
def test_the_halves_of_a_pair_by_their_short_names(names: tuple[str, str], arch: str | None) -> None:
    text = "from torch import nn\nclass {0}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    text += "        self.a = nn.Linear(2, 2)\n        self.b = nn.Linear(2, 2)\n"
    found = read("".join(text.format(name) for name in names) + f"def make():\n    return {names[1]}()\n").arch
    assert found == arch if arch else found != " / ".join(names)


@pytest.mark.parametrize(
    ("given", "arch"),
    [(", name='ColonSegNet'", "ColonSegNet"), ("", "U-Net"), (", name='unet'", "U-Net"), (", name='MyUNet'", "U-Net")],
)
def test_a_model_that_is_called_for_a_form_of_u_net_is_that(given: str, arch: str) -> None:
    assert (
        read(f"""
from keras.models import Model
from keras.layers import *
def build(shape=(64, 64, 3)):
    inputs = Input(shape)
    a = Conv2D(8, 3)(inputs)
    b = Conv2D(8, 3)(MaxPool2D()(a))
    c = Conv2D(8, 3)(MaxPool2D()(b))
    d = Concatenate()([Conv2DTranspose(8, 2, strides=2)(c), b])
    e = Concatenate()([Conv2DTranspose(8, 2, strides=2)(d), a])
    return Model(inputs, Conv2D(8, 3)(e){given})
""").arch
        == arch
    )


FITS = "import pandas as pd\nfrom sklearn.tree import DecisionTreeClassifier\ntable = {table}\nx, y = {columns}\n"


@pytest.mark.parametrize(
    ("table", "columns", "dataset"),
    [
        ("pd.read_csv('a.csv')", "table[['sepal_length', 'petal_width']], table.species", "Iris"),
        ("pd.read_csv('a.csv')", "table[['sepal length (cm)']], table['petal width (cm)']", "Iris"),
        ("pd.read_csv('a.csv')", "table[['length', 'width']], table.species", None),
        ("pd.read_csv('mnist (1).csv')", "split(table)", "MNIST"),
    ],
)
def test_a_table_is_told_by_its_columns_whatever_its_copy_is_called(
    table: str, columns: str, dataset: str | None
) -> None:
    text = FITS.format(table=table, columns=columns) + "model = DecisionTreeClassifier()\nmodel.fit(x, y)\n"
    assert extract(parse(Path("script.py"), text.encode())).dataset == dataset


@pytest.mark.parametrize("file", ["training_data_without_urls.jsonl", "train_dataset_without_urls.jsonl"])
def test_the_data_of_a_training_are_not_called_for_what_is_left_of_that(file: str) -> None:
    text = "from datasets import load_dataset\nfrom nets import load, build_trainer\n"
    text += f"model = load('a/b')\ndata = load_dataset('json', data_files='data/{file}', split='train')\n"
    facts = read(
        f"{text}trainer = build_trainer(model=model, data=data, batch_size=4, num_epochs=2)\ntrainer.train()\n"
    )
    assert (facts.is_model, facts.dataset) == (True, None)


@pytest.mark.parametrize(
    ("other", "made", "dataset"),
    [("toy", "Own(args)", "MNIST"), ("letters", "Own(args)", None), ("svhn", "SVHN('s')", "SVHN / MNIST")],
)
def test_beside_made_up_data_the_known_data_are_what_a_flag_chooses(other: str, made: str, dataset: str | None) -> None:
    facts = read(f"""
import argparse
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.datasets import MNIST, SVHN
p = argparse.ArgumentParser()
p.add_argument("dataset")
args = p.parse_args()
class Own(Dataset):
    pass
def fetch_other(args):
    return DataLoader({made}, batch_size=8)
def fetch(args):
    return DataLoader(MNIST("./data"), batch_size=8)
def show(net):
    if args.dataset == "mnist":
        print(net)
def train(net, loader, opt):
    for epoch in range(9):
        for x, y in loader:
            net(x).sum().backward()
            opt.step()
        show(net)
if args.dataset == "{other}":
    loader = fetch_other(args)
else:
    loader = fetch(args)
net = nn.Linear(2, 2)
train(net, loader, torch.optim.SGD(net.parameters(), lr=0.1))
""")
    assert facts.dataset == dataset


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        ("return torch.optim.Adam(parameters, lr=lr)", False),
        ("return torch.optim.Adam(parameters, lr=0.01)", True),
        ("opt = torch.optim.Adam(parameters, lr=lr)\n    fit(opt)", True),
    ],
)
def test_a_function_that_makes_the_optimizer_that_it_is_asked_for_trains_nothing(body: str, listed: bool) -> None:
    assert read(f"import torch\ndef get_optimizer(parameters, lr):\n    {body}\n").is_model == listed
