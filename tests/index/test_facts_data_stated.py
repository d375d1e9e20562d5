"""More ways to say what a script trains on: folders above tables, own loaders, names of what is bound, headings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse
from tests.index.scripts import read, within
from tests.index.test_facts_data_places import TRAINING


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        # the folder of the tables, where they have no one name
        ("loader = rows(pd.read_csv('SML2010/NEW-DATA-1.txt'), pd.read_csv('SML2010/NEW-DATA-2.txt'))", "SML2010"),
        (
            "loader = rows(pd.read_csv('store-apple-10k/Sold.csv'), pd.read_csv('store-apple-10k/prices.csv'))",
            "store-apple-10k",
        ),
        ("loader = rows(pd.read_csv('week3/a.csv'), pd.read_csv('week3/b.csv'))", None),
        ("loader = rows(pd.read_csv('assignments/X_data.csv'), pd.read_csv('assignments/y_data.csv'))", None),
        # the one that the names of all others begin with
        ("loader = rows(pd.read_csv('AppleStore.csv'), pd.read_csv('appleStore_description.csv'))", "AppleStore"),
        # what is trained on, where another table is not
        ("loader = rows(pd.read_csv('train_emoji.csv'), pd.read_csv('tesss.csv'))", "emoji"),
        (
            "seen = pd.read_csv('explore.csv')\nloader = rows(pd.read_csv('model_train_linear.csv'))",
            None,
        ),
        # own readers, whose result is the data
        ("import util\ndataset = util.loadobj('./Files/BachChords')\nloader = rows(dataset)", "BachChords"),
        ("data = own.pickle_load('../physics/Kuramoto_Sivashinsky.pkl')\nloader = rows(data)", "Kuramoto_Sivashinsky"),
        ("words = own.pickle_load('Kuramoto.pkl')\nloader = rows()", None),
        ("dataset = own.loadobj('./Files/training')\nloader = rows(dataset)", None),
        ("with open('the-verdict.txt') as file:\n    text = file.read()\nloader = rows(text)", "the-verdict"),
        ("text = open('wonderland.txt', encoding='utf-8').read()\nloader = rows(text)", "wonderland"),
        ("text = open('input.txt').read()\nloader = rows(text)", None),
        ("stop = open('stopwords.txt').read().split()\nloader = rows(stop)", None),
        # where the images lie
        ("loader = DataLoader(own.MyAnimeDataset(dataset_dir='./AnimeFaces64'))", "AnimeFaces"),
        ("loader = own.flow_from_directory(os.path.join('dataset', 'face-mask', 'Train'))", "FaceMask"),
        ("loader = rows(own.glob(os.path.join('../tensorflow_datasets/rsna', 'normal')))", "RSNA"),
        ("import glob\nloader = rows(glob.glob('./bleien_data' + '/*'))", "bleien_data"),
        ("import glob\nloader = rows(glob.glob('./my_data/*'))", None),
        ("import glob\nloader = rows(glob.glob('generated_images/*'))", None),
        ("loader = rows(own.load('../saved_data'))", None),
        ("print('Training a network of face mask detection')\nloader = rows()", None),  # what it is for
        # what is bound says it
        (
            "pokemon_dataset = datasets.ImageFolder('shuffle/')\nloader = DataLoader(pokemon_dataset)",
            "Pokemon",
        ),
        # a part, an index, features: no names of data
        ("import numpy as np\nloader = rows(np.load('feat.npy'), np.load('label.npy'))", None),
        ("loader = rows(pd.read_csv('dataset_indices.csv'))", None),
        ("import numpy as np\nloader = rows(np.load('reddit-feats.npy'))", "reddit"),
        ("from torch.utils.data import Dataset\nclass Validationset(Dataset):\n    pass\n"
         "loader = DataLoader(Validationset([1]))", None),
        ("import pickle\nloader = rows(pickle.load(open('./cell_list.pkl', 'rb')))", None),
        ("loader = rows(own.load_vgg('data/imagenet-vgg-verydeep-19.mat'))", None),
        ("import numpy as np\nDATA_PATH = '../experimental_data/NLS.mat'\nloader = rows(own.grid(DATA_PATH))\n"
         "X_train = np.load('./tmp_files/X_train_500.npy')", "NLS"),
        # what a network that is ready has learned on; one class of several, which whoever runs the script names
        ("from imagenet_utils import decode_predictions, preprocess_input\nloader = rows(preprocess_input)", None),
        ("class One:\n    def read(self, folder):\n        return rows(os.path.join(folder, 'multinli', 'train.tsv'))\n"
         "class Two:\n    def read(self, folder):\n        return rows(os.path.join(folder, 'train.tsv'))\n"
         "def made(task):\n    of_task = {'one': One, 'two': Two}\n    return of_task[task]()\n"
         "loader = made(own.task).read(own.folder)", None),
        # a folder that is called data, of several tables
        ("loader = rows(pd.read_csv('Data/Persian_dataset/anger.csv'))", "Persian_dataset"),
        # a constant that nothing reads says nothing of what is read
        ("MOVIELENS_DATA_SIZE = '100k'\nloader = rows(pd.read_csv('toaster_orders.csv'))", "toaster_orders"),
    ],
)  # fmt: skip
def test_what_a_script_reads_says_what_it_trains_on(before: str, dataset: str | None) -> None:
    assert read(TRAINING.format(before=before)).dataset == dataset


def test_a_heading_says_which_data_a_notebook_loads() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# Home work 7\n" + "It has many questions. " * 40},
        {"cell_type": "markdown", "source": "# 2. Loading CoLA Dataset"},
        {"cell_type": "code", "source": TRAINING.format(before="loader = rows(pd.read_csv('in_domain_train.tsv'))")},
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert extract(parse(Path("home.ipynb"), text.encode())).dataset == "CoLA"


def test_a_loader_beside_that_is_told_which_of_several_names_none(tmp_path: Path) -> None:
    loading = """
import tensorflow_datasets as tfds
def load(name, folder):
    if name == "own":
        return records(folder)
    elif name == "eyepacs":
        return tfds.load('diabetic_retinopathy_detection')
    elif name == "mnist":
        return tfds.load('mnist')
"""
    script = TRAINING.format(before="import loading\nloader = loading.load(setting, 'records')")
    assert within(tmp_path, script, loading=loading).dataset is None


def test_a_module_beside_that_opens_a_table_by_its_settings_says_which(tmp_path: Path) -> None:
    loading = """
from settings import Settings as own
def load_data(kind="train"):
    path = own.training if kind == "train" else own.testing
    return open(path).read().splitlines()[1:]
def batches():
    return load_data(kind="train")
"""
    settings = "class Settings:\n    training = '../v2/data/sudoku.csv'\n    testing = '../v2/data/test.csv'\n"
    script = TRAINING.format(before="from loading import batches\nloader = batches()")
    assert within(tmp_path, script, loading=loading, settings=settings).dataset == "sudoku"
