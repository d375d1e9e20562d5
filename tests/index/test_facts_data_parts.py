"""Names of data: what only says a part of any, and what says which it is though no call builds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.scripts import read, within
from tests.index.test_facts_data_called import SET, TRAINING

SERVES = "loader = torch.utils.data.DataLoader({}, batch_size=8)\n"


@pytest.mark.parametrize(
    ("name", "path", "dataset"),
    [
        ("FlowersDataset", "datasets/flowers", "FlowersDataset"),
        ("TrainDataset", "data/train", None),
        ("ImagesDataset", "data/images", None),
    ],
)
def test_a_class_given_the_folder_of_a_part_is_called_for_no_data(
    tmp_path: Path, name: str, path: str, dataset: str | None
) -> None:
    before = f"from sets import {name}\nloader = {name}('{path}')\n"
    assert within(tmp_path, TRAINING.format(before=before), sets=SET.format(name)).dataset == dataset


@pytest.mark.parametrize(
    ("path", "dataset"),
    [
        ("output/train_holopix50k.h5", "holopix50k"),
        ("output/train.h5", None),
        ("output/train_features.h5", None),
    ],
)
def test_an_array_that_a_loader_serves_is_called_for_its_data(tmp_path: Path, path: str, dataset: str | None) -> None:
    before = f"from sets import TrainDataset\nplace = '{path}'\n" + SERVES.format("TrainDataset(place)")
    assert within(tmp_path, TRAINING.format(before=before), sets=SET.format("TrainDataset")).dataset == dataset


@pytest.mark.parametrize(
    ("one", "other", "dataset"),
    [
        ("./aerial2map/aerial", "./aerial2map/map", "aerial2map"),
        ("./img2img/a", "./img2img/b", None),  # a task
        ("./word2vec/a", "./word2vec/b", None),
        ("./runs/a", "./runs/b", None),
        ("./aerial2map/checkpoint", "./aerial2map/weights", None),
    ],
)
def test_a_folder_of_two_kinds_of_pictures_is_called_for_both(
    tmp_path: Path, one: str, other: str, dataset: str | None
) -> None:
    before = f"from sets import Dataset\nA = '{one}'\nB = '{other}'\ndata = Dataset(A, B)\nloader = data.serve()\n"
    assert within(tmp_path, TRAINING.format(before=before), sets="class Dataset:\n    pass\n").dataset == dataset


@pytest.mark.parametrize(
    ("command", "dataset"),
    [
        ("['kaggle', 'competitions', 'download', '-c', 'titanic', '-p', str(raw), '--force']", "Titanic"),
        ("['kaggle', '-v']", None),
        ("['kaggle', 'datasets', 'download', '-d', which, '-p', 'faces/celebrities']", None),
        ("['wget', '-q', 'https://host.example/data/celeba.zip']", "CelebA"),
    ],
)
def test_a_command_in_words_downloads_the_data(command: str, dataset: str | None) -> None:
    before = f"import subprocess\nsubprocess.run({command}, check=True)\nloader = serve(raw)\n"
    assert read(TRAINING.format(before=before)).dataset == dataset


@pytest.mark.parametrize(
    ("classes", "dataset"),
    [
        ("['Iris-setosa', 'Iris-versicolor', 'Iris-virginica']", "Iris"),
        ("['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Ankle boot']", "FashionMNIST"),
        ("['setosa', 'rose', 'tulip']", None),
    ],
)
def test_classes_that_one_data_set_calls_so_name_it(classes: str, dataset: str | None) -> None:
    assert read(TRAINING.format(before=f"names = {classes}\nloader = serve(names)\n")).dataset == dataset


def test_x_rays_of_the_chest_that_a_training_speaks_of() -> None:
    text = TRAINING.format(before="def fit():\n    '''Fine tunes a network to NIH CXR data.'''\nloader = serve()\n")
    assert read(text).dataset == "ChestXray14"


def test_a_table_of_patches_has_no_name(tmp_path: Path) -> None:
    before = "import numpy as np\nloader = serve(np.load('made/img_clean_pats.npy'))\n"
    assert read(TRAINING.format(before=before)).dataset is None


MODEL = """
from torch import nn
from sets import WiderFaceDataset
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Linear(8, 2))
    def forward(self, x):
        return self.layers(x)
"""


@pytest.mark.parametrize(("split", "dataset"), [("val", None), ("test", None), ("train", "WIDERFace")])
def test_what_a_network_without_a_training_is_tried_on_is_not_its_data(
    tmp_path: Path, split: str, dataset: str | None
) -> None:
    tried = (
        f"def tried():\n    data = WiderFaceDataset('../faces', split='{split}')\n    return evaluate(data, Net())\n"
    )
    made = SET.format("WiderFaceDataset")
    assert within(tmp_path, MODEL + tried + "tried()\n", sets=made).dataset == dataset


TRANSFER = """
import torch
def transfer(data):
    o = torch.optim.Adam([x], lr=0.03)
    for t in range(9):
        f(x).backward()
        o.step()
"""
OF_COCO = """
import torchvision.datasets as dset
class CocoStuffDataSet(dset.CocoDetection):
    def __init__(self, mode):
        super().__init__(root="stuff/" + mode, annFile="stuff/instances_" + mode + ".json")
def serve(data, batch_size):
    return DataLoader(data, batch_size)
"""


def test_what_a_training_of_a_module_beside_takes_is_its_data_whatever_part(tmp_path: Path) -> None:
    text = MODEL.replace("WiderFaceDataset", "CocoStuffDataSet") + (
        "from loops import transfer\ndata = CocoStuffDataSet(mode='val')\nprepare(Net(), data)\ntransfer(data)\n"
    )
    assert within(tmp_path, text, sets=OF_COCO, loops=TRANSFER).dataset == "COCOStuff"
