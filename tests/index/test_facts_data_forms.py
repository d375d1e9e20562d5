"""The forms in which scripts say what they train on: choices, paths put together, downloads, modules beside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

HEAD = (
    "import argparse, json, os, sys\nimport numpy as np\nimport pandas as pd\nimport torch\nfrom torch import nn\n"
    "from torch.utils.data import DataLoader\nfrom torchvision import datasets\np = argparse.ArgumentParser()\n"
)
TAIL = (
    "\nnet = nn.Sequential(nn.Linear(784, 10))\nopt = torch.optim.Adam(net.parameters(), lr=1e-3)\n"
    "for epoch in range(9):\n    for x, y in loader:\n        net(x).sum().backward()\n        opt.step()\n"
)


def read(folder: Path, body: str, **beside: str) -> ScriptFacts:
    for name, text in beside.items():
        file = folder / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    path = folder / "script.py"
    path.write_text(HEAD + body + TAIL, encoding="utf-8")
    return extract(parse(path, path.read_bytes()), Configs(path))


CHOICES = "p.add_argument('{}', choices=['mnist', 'cifar10']{})\na = p.parse_args()\nloader = serve(a)"
BRANCHES = (
    "if sys.argv[1] == '{}':\n    data = {}('.')\nelse:\n    data = {}('.')\nloader = DataLoader(data, batch_size=8)"
)


@pytest.mark.parametrize(
    ("body", "dataset"),
    [
        (CHOICES.format("dataset", ""), "MNIST / CIFAR10"),
        (CHOICES.format("--dataset", ", required=True"), "MNIST / CIFAR10"),
        (CHOICES.format("--dataset", ", default='mnist'"), "MNIST"),
        (CHOICES.format("--dataset", "").replace("mnist", "folder"), None),
        (CHOICES.format("--model", ""), None),
        (BRANCHES.format("mnist", "datasets.MNIST", "datasets.SVHN"), "MNIST / SVHN"),
        (
            "from seg import *\n" + BRANCHES.format("CamVid", "CamVidDataset", "CityscapesDataset"),
            "CamVid / Cityscapes",
        ),
        (BRANCHES.format("folder", "datasets.ImageFolder", "datasets.SVHN"), None),
        (
            "p.add_argument('--dataset')\na = p.parse_args()\n"
            "ds = {'mnist': datasets.MNIST, 'celeba': datasets.CelebA}[a.dataset]\nloader = DataLoader(ds('.'), 8)",
            "MNIST / CelebA",
        ),
        ("PATHS = {'a': 'data/BSDS300/x', 'b': 'set/y'}\nloader = serve(PATHS.get(task))", None),
    ],
)
def test_whoever_runs_the_script_chooses(tmp_path: Path, body: str, dataset: str | None) -> None:
    assert read(tmp_path, body).dataset == dataset


@pytest.mark.parametrize(
    ("body", "dataset"),
    [
        ("ROOT = os.environ['D'] + '/ml-1m'\nloader = serve(pd.read_csv(ROOT + '/ratings.dat'))", "MovieLens"),
        ("loader = serve(open('nietzsche.txt').read())", "Nietzsche"),
        ("loader = serve(pd.read_csv('SMSSpamCollection', sep='\\t'))", "SMSSpam"),
        ("path = fetch('http://imagenet.stanford.edu/cars_train.tgz')\nloader = serve(path)", "StanfordCars"),
        (
            "p.add_argument('--data', default='ETTh1')\np.add_argument('--root', default='./data/ETT/')\n"
            "loader = serve(p.parse_args())",
            "ETTh1",
        ),
        ("loader = serve(pd.read_csv('data/customer_churn.csv'))", "customer_churn"),
        ("loader = serve(pd.read_csv('train.csv'), pd.read_csv('height.csv'))", "height"),
        ("loader = serve(pd.read_csv('books.csv'), pd.read_csv('users.csv'))", None),
        ("loader = serve(pd.read_csv('../data/yelp/reviews.csv'))", "yelp"),
        ("loader = serve(pd.read_csv('data/yelp/train.csv'), pd.read_csv('data/yelp/test.csv'))", "yelp"),
        ("loader = serve(pd.read_csv('data/yelp/train.csv'), pd.read_csv('data/kiva/train.csv'))", None),
        ("loader = serve(pd.read_csv('data/processed/train.csv'))", None),
        ("datapath = os.path.join(ROOT, 'chairil_anwar.txt')\nloader = Serve(datapath)", "chairil_anwar"),
        ("datapath = os.path.join(ROOT, 'input.txt')\nloader = Serve(datapath)", None),
        ("loader = Folder(r'C:\\datasets\\FilmClap')", "FilmClap"),
        ("loader = serve(pd.read_csv('wine.csv'))", None),
        ("loader = serve(pd.read_csv('gender_submission.csv'))", None),
        ("loader = serve()\nfile = open(ROOT + 'logistic.csv', 'w')", None),
        ("loader = serve(pd.read_csv('data/sonar_dataset.csv', header=None))", "Sonar"),
        ("from sklearn.datasets import fetch_openml\nloader = fetch_openml('CIFAR_10_small')", "CIFAR10"),
        ("loader = serve('data/CIFAR10_data')", "CIFAR10"),
        ("import celeba_loader as c\nloader = c.made()", "CelebA"),
        ("data_path = 'Omniglot Dataset'\nloader = serve(data_path)", "Omniglot"),
        ("p.add_argument('--dataset', default='CK+')\nloader = serve(p.parse_args())", "CK+"),
        ("loader = serve()\ntorch.save(loader, 'out/mnist_cnn.pt')", "MNIST"),
        ("loader = serve()\nloader.load(torch.load('mnist_cnn.pt'))", None),
        ("cfg = get_cfg()\ncfg.DATASETS.TRAIN = ('coco_2017_train',)\nloader = serve(cfg)", "COCO"),
        ("C = Node()\nC.DATASET = Node()\nC.DATASET.NAME = 'cityscapes'\nloader = serve(C)", "Cityscapes"),
        ("p.add_argument('--data', default=ROOT / 'data/coco128.yaml')\nloader = serve(p.parse_args())", "COCO"),
        ("import wfdb\nloader = serve(wfdb.rdrecord('mitdb/100'))", "MITBIH"),
        (
            "p.add_argument('--data', default='data/yale')\na = p.parse_args()\nloader = datasets.ImageFolder(a.data)",
            "yale",
        ),
        ("path = fetch('http://ufldl.stanford.edu/housenumbers/train_32x32.mat')\nloader = serve(path)", "SVHN"),
        ("from sklearn.datasets import make_s_curve\nloader = DataLoader(make_s_curve(999)[0], 8)", "SCurve"),
        ("from dgl.data import citation_graph as graphs\nloader = serve(graphs.load_cora())", "Cora"),
        ("from data import Conll03Dataset\nloader = DataLoader(Conll03Dataset(path), 8)", "CoNLL2003"),
        (
            "add_arg('train_root_path', str, 'dataset/train_data', 'faces')\n"
            "add_arg('test_list_path', str, 'dataset/lfw_test.txt', 'pairs')\nloader = serve(p.parse_args())",
            None,
        ),
        ("loader = load('data/processed')", None),
        (
            "if unknown():\n    made = datasets.MNIST\nelse:\n    made = datasets.SVHN\nloader = serve(made('.'))",
            "MNIST / SVHN",
        ),
        ("loader = serve(pd.read_csv('train_emoji.csv'), pd.read_csv('test_emoji.csv'))", "emoji"),
        ("from imagenet_classes import names\nloader = serve()", None),
        ("names = open('./data/imagenet/synset_words.txt')\nloader = serve()", None),
        (
            "from torch.utils.data import Dataset\nclass Wildfires(Dataset):\n    pass\n"
            "loader = DataLoader(Wildfires('wildfires/'))",
            "Wildfires",
        ),
        ("from torch.utils.data import Dataset\nclass Images(Dataset):\n    pass\nloader = DataLoader(Images())", None),
        ("titanic_train = pd.read_csv('train.csv')\nloader = serve(titanic_train)", "Titanic"),
        ("src_dataset = 'synsigns'\ntgt_dataset = 'x'\nloader = serve(src_dataset)", "SynSigns"),
        (
            "p.add_argument('--data', default='MNIST')\na = p.parse_args()\nswiss_roll(8)\nloader = serve(a.data)",
            "MNIST",
        ),
        (
            "p.add_argument('--data', default='celeba')\na = p.parse_args()\n"
            "def lsun(at):\n    return datasets.LSUN(at)\ndef celeba(at):\n    return datasets.ImageFolder(at)\n"
            "loader = celeba(a.at) if a.data == 'celeba' else lsun(a.at)",
            "CelebA",
        ),
        ("from roidb import get_imdb\nloader = get_imdb('x')", None),
        ("from samples import make\ndata_flag = 'pathmnist'\nloader = make(INFO[data_flag])", "PathMNIST"),
        ("from sklearn.datasets import fetch_openml\nloader = fetch_openml(name='electricity')", "electricity"),
        ("from datasets import load_dataset\nloader = load_dataset('PolyAI/minds14', name='en-US')", "minds14"),
        ("import deeplake\nloader = deeplake.load('hub://activeloop/cifar10-train').pytorch()", "CIFAR10"),
        ("from emnist import extract_training_samples as serve\nloader = serve('letters')", "EMNIST"),
        ("p = argparse.ArgumentParser(description='PyTorch ImageNet Training')\nloader = serve()", "ImageNet"),
        ("os.system('kaggle competitions download -c dogs-vs-cats')\nloader = serve()", "CatsVsDogs"),
        ("!kaggle datasets download -d msambare/fer2013\nloader = serve()", "FER2013"),
        ("!kaggle datasets download -d 'a/deepglobe-road-extraction-dataset'\nloader = serve()", "DeepGlobe"),
        ("!wget http://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz\nloader = serve()", "OxfordIIITPet"),
        ("!wget https://example.org/weights/celeba.pth\nloader = serve()", None),
        (
            "import opendatasets as od\nod.download('https://www.kaggle.com/datasets/a/bone-fracture')\n"
            "loader = serve()",
            "bone-fracture",
        ),
        ("import opendatasets as od\nurl = 'https://example.org/x.csv'\nod.download(url)\nloader = serve()", None),
        (
            "BASE = 'malaria'\nTRAIN = os.path.sep.join([BASE, 'training'])\n"
            "loader = generator.flow_from_directory(TRAIN)",
            "MalariaCells",
        ),
        ("from d import ToxicDataset, ToxicDataModule\nloader = ToxicDataModule(ToxicDataset())", None),
    ],
)
def test_what_is_read_or_fetched(tmp_path: Path, body: str, dataset: str | None) -> None:
    assert read(tmp_path, body).dataset == dataset


def test_a_data_set_and_the_module_that_serves_it_are_one(tmp_path: Path) -> None:
    module = "class ToxicDataset:\n    pass\nclass ToxicDataModule:\n    pass\n"
    body = "from d import ToxicDataset, ToxicDataModule\nloader = ToxicDataModule(ToxicDataset('toxic/train'))"
    assert read(tmp_path, body, d_dot_py=module).dataset == "ToxicDataset"


@pytest.mark.parametrize(
    ("file", "text", "dataset"),
    [
        ("c_dot_yaml", "data_params:\n  data_path: 'Data/celeba'\n", "CelebA"),
        ("c_dot_yaml", "DATASET:\n  NAME: SVHN\n", "SVHN"),
        ("c_dot_yaml", "training_files: data/LJSpeech-1.1/train.txt\n", "LJSpeech"),
        ("c_dot_yaml", "save_dir: out/celeba\n", None),
    ],
)
def test_a_configuration_tells_the_place(tmp_path: Path, file: str, text: str, dataset: str | None) -> None:
    body = (
        "import yaml\nfrom d import Made\nc = yaml.safe_load(open('c.yaml'))\nloader = DataLoader(Made(c['a'], c['b']))"
    )
    assert read(tmp_path, body, **{file: text}).dataset == dataset


READING = (
    "import numpy as np\nfrom torch.utils.data import DataLoader\nclass Rows:\n    def __init__(self):\n"
    "        self.rows = np.load('{}')['x']\ndef serve(n):\n    return DataLoader(Rows(), batch_size=n)\n"
)
CLIENTS = (
    "from torch.utils.data import DataLoader\nclass Clients:\n    def __init__(self, {0}, count):\n"
    "        self.loader = DataLoader(range(9), batch_size=count)\n"
)
LOADS = "from torchvision import datasets\ndef make():\n    return datasets.STL10('.')\n"


@pytest.mark.parametrize(
    ("body", "beside", "dataset"),
    [
        ("from lib import make_data\nloader = make_data()",
         {"lib____init___dot_py": "from .make_data import make_data\n", "lib__make_data_dot_py": LOADS}, "STL10"),
        ("from data import Seg\nloader = serve(Seg())",
         {"data_dot_py": "class Seg:\n    def __init__(self, at='../input/carvana/a'):\n        pass\n"}, "Carvana"),
        ("from data import Seg\nloader = serve(Seg())",
         {"data_dot_py": f"class Seg:\n    pass\n{LOADS.replace('def make', 'if __name__ == 1:  #')}"}, None),
        ("from data import make\nloader = make(settings)",
         {"data_dot_py": "def make(s):\n    if s.at == 'camvid':\n        return one(s)\n    return load(s.at)\n"},
         None),
        ("from data import make\nloader = make(64)",
         {"data_dot_py": "def make(n, dataset: str = 'CIFAR10'):\n    return DataLoader(eval(dataset)('.'), n)\n"},
         "CIFAR10"),
        ("from data import make\nloader = make()",
         {"data_dot_py": "from pl_bolts.datamodules import MNISTDataModule\ndef make():\n"
                         "    return MNISTDataModule('~/')\n"}, "MNIST"),
        ("from clients import Clients\nloader = Clients('mnist', 10).loader",
         {"clients_dot_py": CLIENTS.format("dataSetName")}, "MNIST"),
        ("from clients import Clients\nloader = Clients('mnist', 10).loader",
         {"clients_dot_py": CLIENTS.format("kind")}, None),
        ("from reading import serve\nloader = serve(8)", {"reading_dot_py": READING.format("data/mnist.npz")}, "MNIST"),
        ("from reading import serve\nloader = serve(8)", {"reading_dot_py": READING.format("data/all.npz")}, None),
        ("from reading import serve\nloader = serve(8)",
         {"reading_dot_py": READING.format("models/mnist_weights.npz")}, None),
        ("from helpers import load\nloader = load()",
         {"helpers_dot_py": "import sklearn\nimport sklearn.datasets\ndef load():\n"
                            "    x, y = sklearn.datasets.make_moons(300)\n    return x.T, y\n"}, "Moons"),
        ("from config import DIV2K_DATASET_PATH\nloader = serve(DIV2K_DATASET_PATH)", {"other_dot_py": ""}, "DIV2K"),
        ("from config import DIV2K_DATASET_PATH\nloader = serve(AT)", {"other_dot_py": ""}, None),
        ("from config import CIFAR10_DATASET_MEAN\nloader = serve(CIFAR10_DATASET_MEAN)", {"other_dot_py": ""}, None),
        ("from utils import config\nloader = generator.flow_from_directory(config.TRAIN)",
         {"utils__config_dot_py": "import os\nTRAIN = os.path.sep.join(['malaria', 'training'])\n"}, "MalariaCells"),
    ],
)  # fmt: skip
def test_a_module_beside_the_script(tmp_path: Path, body: str, beside: dict[str, str], dataset: str | None) -> None:
    assert read(tmp_path, body, **beside).dataset == dataset


def test_a_notebook_of_an_estimator_says_it_in_its_heading(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "# House Prices: Advanced Regression Techniques"},
        {"cell_type": "code", "source": "import pandas as pd\nfrom sklearn.linear_model import Ridge\n"
                                        "df = pd.read_csv('train.csv')\nRidge().fit(df[['a']], df.SalePrice)"},
    ]  # fmt: skip
    path = tmp_path / "notebook.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}), encoding="utf-8")
    assert extract(parse(path, path.read_bytes()), Configs(path)).dataset == "AmesHousing"


def test_what_a_record_makes_of_an_enumeration(tmp_path: Path) -> None:
    body = (
        "from dataclasses import dataclass\nfrom enum import Enum\n"
        "class Task(Enum):\n    OLD = 'old'\n    NEW = 'new'\n"
        "@dataclass\nclass Chosen:\n    task: str\n    data: str = ''\n"
        "    def __post_init__(self):\n        self.data = {'old': 'mnist', 'new': 'svhn'}[self.task]\n"
        "chosen = Chosen(task=Task.NEW.value)\n"
        "data = datasets.SVHN('.') if chosen.data == 'svhn' else datasets.MNIST('.')\nloader = DataLoader(data, 8)"
    )
    assert read(tmp_path, body).dataset == "SVHN"
