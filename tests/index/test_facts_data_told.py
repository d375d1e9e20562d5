"""The data as a script tells of them in other words: as asserted, as paths in parts, as modules are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.facts import extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse
from tests.index.test_facts_data_called import TRAINING, read

OPTIONS = "import argparse\nparser = argparse.ArgumentParser()\n"
PATHS = "from pathlib import Path\nfrom torchvision.datasets import ImageFolder\n"


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        # a folder that is put together of parts, wherever they are bound
        (f"{PATHS}root = Path('data/') / 'pizza_steak'\nloader = ImageFolder(root / 'train')\n", "pizza_steak"),
        (f"{PATHS}root = Path('data/') / 'images'\nloader = ImageFolder(root / 'train')\n", None),
        # settings
        ("class Run:\n    def __init__(self):\n        self.dataset_name = 'vdsr'\nloader = Run()\n", "vdsr"),
        ("class Run:\n    def __init__(self, name):\n        self.dataset_name = name\nloader = Run(x)\n", None),
        (
            f"{OPTIONS}parser.add_argument('--load_dataset', default='silverhair')\nloader = serve(parser)\n",
            "silverhair",
        ),
        (
            f"{OPTIONS}parser.add_argument('--dataset')\nargs = parser.parse_args()\n"
            "assert args.dataset in ['CVPPP', ]\nloader = serve(args)\n",
            "CVPPP",
        ),
        (
            f"{OPTIONS}parser.add_argument('--dataset')\nargs = parser.parse_args()\n"
            "assert args.dataset in ('cifar10', 'cifar100')\nloader = serve(args)\n",
            "CIFAR10 / CIFAR100",
        ),
        (
            f"{OPTIONS}parser.add_argument('--dataset')\nargs = parser.parse_args()\n"
            "assert args.dataset not in ('cifar10',)\nloader = serve(args)\n",
            None,
        ),
        (f"{OPTIONS}parser.add_argument('--dataset', choices=['CVPPP'])\nloader = serve(parser)\n", "CVPPP"),
        (f"{OPTIONS}parser.add_argument('--dataset', choices=['train'])\nloader = serve(parser)\n", None),
        # words of other things, where it is said that they are data
        ("# we train on the moons dataset\nloader = serve()\n", "Moons"),
        ("# we train on the COCO dataset\nloader = serve()\n", "COCO"),
        ("# the moons go round\nloader = serve()\n", None),
        ("# the fashion dataset\nloader = serve()\n", None),  # any of several
        ("#from cornell_grasps import CornellGrasps\nloader = serve()\n", None),  # code that was commented out
        # names of vision, and what many a network was trained on before
        ("loader = serve('/scratch/MnM2/train/imgs/')\n", "MnMs"),
        ("weights = 'vit/imagenet21k/ViT-B_16.npz'\nloader = serve()\n", None),
        ("# a few data are enough\nloader = serve()\n", None),
        # a part of any data is no name of theirs
        ("import numpy as np\nloader = serve(np.load('data/img_clean_pats.npy'))\n", None),
        # commands of the shell in parts
        (
            "from subprocess import run\nrun(['kaggle', 'datasets', 'download', 'c/titanic'])\nloader = serve()\n",
            "Titanic",
        ),
        # settings that a module of the project has
        ("from config import *\nsettings = {'dataset': DIV2K_DATASET_PATH}\nloader = serve(settings)\n", "DIV2K"),
        # where data lie, by the name of what says it; a task that is one of the known
        ("data_path_1 = 'D:\\\\Radar\\\\SRAD2018_TRAIN_001\\\\'\nloader = serve(list_of(data_path_1))\n", "SRAD2018"),
        # a part of data, beside the name of it; one that results are kept under is none
        ("import os\nHR = os.path.join(HERE, 'DIV2K_train_HR')\nloader = serve(HR)\n", "DIV2K"),
        ("label_path = r'E:\\ISIC2018_Task1_Training_GroundTruth'\nloader = serve(label_path)\n", "ISIC"),
        ("writer = SummaryWriter('logs/mnist_train')\nloader = serve()\n", None),
        ("from own import get_coco_training_set\nloader = get_coco_training_set(4)\n", "COCO"),
        ("from own import get_wine_training_set\nloader = get_wine_training_set(4)\n", None),  # one of several
        (
            f"{OPTIONS}parser.add_argument('--c', help='where the settings may lie. e.g. ./config/cifar10.py')\n"
            "loader = serve(parser)\n",
            None,
        ),
        # what was written for one is used for another
        ("from own import get_celeba_loader\nloader = get_celeba_loader('data/svhn/train')\n", "SVHN"),
        (f"{OPTIONS}parser.add_argument('--task', default='cifar10')\nloader = serve(parser)\n", "CIFAR10"),
        (f"{OPTIONS}parser.add_argument('--task', default='train')\nloader = serve(parser)\n", None),
        ("from utils import ljdataset\nloader = ljdataset('.')\n", "LJSpeech"),
        ("if wanted:\n    print('Using DAQA dataset')\nloader = serve(wanted)\n", None),  # one choice
        # what scales any image, what checks the results
        ("from images import scale_range_for_imagenet\nloader = scale_range_for_imagenet(serve())\n", None),
        ("import numpy as np\nanswers = np.load('gan-checks-tf.npz')\nloader = serve()\n", None),
    ],
)
def test_what_a_script_tells_of_its_data(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before) == dataset


OWN = "class {name}:\n    def __init__(self):\n        self.rows = fetch()\n"


@pytest.mark.parametrize(
    ("module", "name", "dataset"),
    [
        ("cags_dataset", "CAGS", "CAGS"),
        ("uppercase_data", "UppercaseData", "UppercaseData"),
        ("image_data", "ImageData", None),  # any images
        ("npy_data_loader", "NPY_DataLoader", None),
        ("cags_network", "CAGS", None),
        ("data_loader", "Loader", None),
    ],
)
def test_a_class_that_the_module_of_the_data_is_called_for(
    tmp_path: Path, module: str, name: str, dataset: str | None
) -> None:
    beside = {module: OWN.format(name=name)}
    assert read(tmp_path, f"from {module} import {name}\nloader = serve({name}('./data/npy'))\n", **beside) == dataset


MODULE = """from torchvision.datasets import MNIST

def digits():
    return MNIST('.')

class Prices:
    def rows(self):
        return [1]
"""


@pytest.mark.parametrize(("used", "dataset"), [("digits()", "MNIST"), ("Prices()", None)])
def test_what_is_taken_of_a_module_of_which_all_is_imported(tmp_path: Path, used: str, dataset: str | None) -> None:
    assert read(tmp_path, f"from datasets_own import *\nloader = {used}\n", datasets_own=MODULE) == dataset


@pytest.mark.parametrize(
    ("told", "dataset"),
    [
        ('We test the methods.\n\nLets use the following "moons" dataset to compare them.', "Moons"),
        ("We draw letters for EMNIST classification.\n" + "So on.\n" * 12 + "The MNIST dataset is another.", "EMNIST"),
        ('We test the methods.\n\nRun the cell to load the "SIGNS" dataset.', "SIGNS"),
        ("We test the methods.\n\nRun the cell to load the SIGNS or the FISH dataset.", None),
        ("We test the methods.\n\nRun the cell to load the CSV dataset.", None),
        ("We test the methods.\n\nThe network was pretrained on the COCO dataset.", None),
    ],
)
def test_the_notes_of_a_notebook(tmp_path: Path, told: str, dataset: str | None) -> None:
    cells = [("markdown", "# Methods\n"), ("code", "import math\n"), ("markdown", told),
             ("code", TRAINING.format(before="loader = serve()\n"))]  # fmt: skip
    book = tmp_path / "book.ipynb"
    book.write_text(json.dumps({
        "cells": [{"cell_type": kind, "source": text, "metadata": {}, "outputs": []} for kind, text in cells],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }))  # fmt: skip
    assert extract(parse(book, book.read_bytes()), Configs(book)).dataset == dataset


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("iris_torch", "Iris"),
        ("titanic_survival_prediction", "Titanic"),
        ("coco_engine", None),  # how boxes are counted, of whatever data
        ("iris_scanner_for_doors", None),
        ("planet_train", None),
    ],
)
def test_a_script_that_is_called_for_its_data(tmp_path: Path, name: str, dataset: str | None) -> None:
    script = tmp_path / f"{name}.py"
    script.write_text(TRAINING.format(before="loader = serve()\n"))
    assert extract(parse(script, script.read_bytes()), Configs(script)).dataset == dataset


def test_a_class_and_a_folder_of_one_part_of_the_data(tmp_path: Path) -> None:
    beside = {"own": OWN.format(name="TrainDataset")}
    assert read(tmp_path, "from own import TrainDataset\nloader = TrainDataset('data/train')\n", **beside) is None


@pytest.mark.parametrize(("folder", "dataset"), [("BTCV", "BTCV"), ("cifar10", "CIFAR10"), ("planet", None)])
def test_a_script_whose_folder_is_called_for_its_data(tmp_path: Path, folder: str, dataset: str | None) -> None:
    (tmp_path / folder).mkdir()
    script = tmp_path / folder / "main.py"
    script.write_text(TRAINING.format(before="loader = serve()\n"))
    assert extract(parse(script, script.read_bytes()), Configs(script)).dataset == dataset
