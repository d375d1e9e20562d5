"""What the data of a training are called: by a setting, a table of two languages, a class of another file."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TRAINING = """
import torch
from torch import nn
{before}
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    for x, y in loader:
        loss = (net(x) - y).mean()
        loss.backward()
        optimizer.step()
"""

HUB = "from datasets import load_dataset\n"


def read(folder: Path, before: str, **beside: str) -> str | None:
    for name, module in beside.items():
        (folder / f"{name}.py").write_text(module)
    script = folder / "script.py"
    script.write_text(TRAINING.format(before=before))
    return extract(parse(script, script.read_bytes()), Configs(script)).dataset


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ("dataset = 'enron'\nloader = serve(dataset)\n", "enron"),
        ("dataset = 'train'\nloader = serve(dataset)\n", None),  # a part
        ("dataset = 'enron'\nif big:\n    dataset = 'blogs'\nloader = serve(dataset)\n", None),  # either
        ("import pandas as pd\nloader = serve(pd.read_csv('en-pl.csv'))\n", "en-pl"),
        ("import pandas as pd\nloader = serve(pd.read_csv('train.csv'), pd.read_csv('train_heights.csv'))\n", None),
        ("import pandas as pd\nloader = serve(pd.read_csv('train_heights.csv'))\n", "heights"),
        ("from scipy.io import loadmat\nloader = serve(loadmat('pretrained-model/verydeep-19.mat'))\n", None),
        ("import numpy as np\nloader = serve(np.load('W_sports_cars.npy'))\n", None),  # what weighs them
        ("# like the data of glove-wiki-gigaword-100\nloader = serve()\n", None),  # vectors of words
        ("track(config={'dataset': 'CEAP'})\nloader = serve()\n", "CEAP"),
        ("track(config={'dataset': 'train'})\nloader = serve()\n", None),
        ("import numpy as np\nloader = serve(np.load('predicted_previous.npz'))\n", None),
        ("from data import TabDataset\nloader = TabDataset(x, y)\n", None),
        ("from data import ExperimentData, DehazeDataset\nloader = DehazeDataset('x')\n", None),
        ("import pandas as pd\nloader = serve(pd.read_csv('tr-va.csv'))\n", None),
        ("import numpy as np\nloader = serve(np.load('word_vec.npy'))\n", None),
        ("import numpy as np\nloader = serve(np.load('glove_embeddings.npy'))\n", None),
        ("from yelp import load\nloader = load('data/yelp-2013')\n", "Yelp2013"),
        ("#    data = mnist.read('x')\nloader = serve()\n", None),  # code that was commented out
        ("from batches import serve\nloader = serve(data_file='./data/eng-fra.txt')\n", "eng-fra"),
        ("from batches import serve\nloader = serve(data_path='data/windmills.csv')\n", "windmills"),
        ("from batches import serve\nloader = serve(data_path='data/notes.txt')\n", None),
        ("loader = serve(path='/scratch/data/gopro_128/')\n", "GoPro"),
        ("class Serve:\n    at: str = '/home/anna/gopro_small/'\nloader = Serve()\n", "GoPro"),
        ("dataset_name = 'FD003'\nloader = serve(f'{dataset_name}.txt')\n", "CMAPSS"),
        ("from sklearn.datasets import make_moons\nloader = serve(make_moons(300))\n", "Moons"),
        ("from sklearn.datasets import make_classification\nloader = serve(make_classification(300))\n", None),
        ("loader = serve(path='/scratch/data/celeba-64x64')\n", "CelebA"),
        ("from nltk.corpus import reuters\nloader = serve([reuters.words(f) for f in reuters.fileids()])\n", "Reuters"),
        ("import nltk\nloader = serve(nltk.corpus.movie_reviews.words())\n", "movie_reviews"),
        ("from nltk.corpus import stopwords\nloader = serve(stopwords.words('english'))\n", None),
        ("from data import DCganDataset\nloader = DCganDataset('x.txt')\n", None),  # of a network
        (
            "from data import HerringDataset\nfrom nets import HerringNet\nnet = HerringNet()\n"
            "loader = HerringDataset('herring.txt')\n",
            None,
        ),
        (f"{HUB}loader = load_dataset('json', data_files={{'train': 'data/emails_train.jsonl'}})\n", "emails"),
        (f"{HUB}files = ['data/emails.json']\nloader = load_dataset('json', data_files=files)\n", "emails"),
        (f"{HUB}loader = load_dataset('json', data_files='data/train.jsonl')\n", None),
        ("from data import MRCNERDataset\nloader = MRCNERDataset('x.json')\n", None),  # of a task
    ],
)
def test_what_a_script_calls_its_data(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before) == dataset


SET = "from torch.utils.data import Dataset\nclass {}(Dataset):\n    def __getitem__(self, i):\n        return i\n"


@pytest.mark.parametrize(
    ("name", "given", "dataset"),
    [
        ("FUNDUS_RETINA", "pictures/fundus retina", "FUNDUS_RETINA"),
        ("FUNDUS_RETINA", "train", None),  # any project may call a class so
        ("JPGDataset", "jpg", None),
        ("ImageFolder", "train", None),
    ],
)
def test_a_class_of_another_file_that_is_a_data_set(tmp_path: Path, name: str, given: str, dataset: str | None) -> None:
    before = f"import sets as d\nloader = torch.utils.data.DataLoader(d.{name}('{given}'), batch_size=8)\n"
    assert read(tmp_path, before, sets=SET.format(name)) == dataset


@pytest.mark.parametrize(
    ("name", "given", "dataset"),
    [
        ("HandWritingData", "hand_writing/train", "HandWritingData"),
        ("CachedEUROMDS", "euromds.csv", "EUROMDS"),
        ("FixedFramesDataset", "train", None),  # how it cuts its data
        ("HerringDataset", "/kaggle/input/fish-of-the-north/herring", "fish-of-the-north"),  # a place says more
    ],
)
def test_a_class_of_the_script_that_is_a_data_set(tmp_path: Path, name: str, given: str, dataset: str | None) -> None:
    before = SET.format(name) + f"loader = torch.utils.data.DataLoader({name}('{given}'), batch_size=8)\n"
    assert read(tmp_path, before) == dataset


@pytest.mark.parametrize(("name", "dataset"), [("cityscape_path", "Cityscapes"), ("checkpoint", None)])
def test_a_place_of_what_runs_is_called_for_its_data(tmp_path: Path, name: str, dataset: str | None) -> None:
    text = (
        "import argparse\nimport torch\nfrom engine import Engine\nfrom nets import UNet\ndef main():\n"
        f"    p = argparse.ArgumentParser()\n    p.add_argument('--where', default='./u')\n    args = p.parse_args()\n"
        f"    {name} = args.where\n    net = UNet(3, 19)\n    o = torch.optim.Adam(net.parameters(), 0.003)\n"
        f"    engine = Engine(net, o, {name})\n    engine.train()\nmain()\n"
    )
    script = tmp_path / "script.py"
    script.write_text(text)
    assert extract(parse(script, script.read_bytes()), Configs(script)).dataset == dataset


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ("from spektral.datasets import TUDataset\nloader = serve(TUDataset('PROTEINS', clean=True))\n", "PROTEINS"),
        ("from spektral.datasets.citation import Citation\nloader = serve(Citation('cora'))\n", "Cora"),
        ("from utils.generic import get_imagenet_stats\nloader = serve(get_imagenet_stats())\n", None),
        ("import numpy as np\nloader = serve(np.load('bottlenecks.npz'))\n", None),  # what a ready network made of them
        (
            "from my.dataset import from_gtzan, from_path\nif where[0] == 'gtzan':\n    loader = from_gtzan(8)\n"
            "else:\n    loader = from_path(where)\n",
            None,
        ),
        (
            "from my.dataset import from_gtzan\nif where[0] == 'gtzan':\n    loader = from_gtzan(8)\n"
            "else:\n    exit(1)\n",
            "GTZAN",
        ),
    ],
)
def test_data_of_graphs_and_of_one_of_several_places(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before) == dataset


def test_what_the_script_calls_its_data_comes_before_the_settings_beside_it(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("DATASET_NAME = 'RAVDESS'\nWIDTH = 8\n")
    assert read(tmp_path, "from config import WIDTH\nloader = serve(WIDTH)\n") == "RAVDESS"
    told = "from config import WIDTH\ntrack(config={'dataset': 'CEAP'})\nloader = serve(WIDTH)\n"
    assert read(tmp_path, told) == "CEAP"
