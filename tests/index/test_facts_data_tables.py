"""Which table, text or download of a training is its data: by its file, by its columns, by the command beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.test_facts_data_called import read

PANDAS = "import pandas as pd\n"


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        (PANDAS + "loader = serve(pd.read_csv('../data/watermelon3.0.csv'))\n", "watermelon3.0"),
        (PANDAS + "loader = serve(pd.read_csv('Windmill Outages.csv'))\n", "Windmill Outages"),
        (PANDAS + "loader = serve(pd.read_csv('CC GENERAL.csv'))\n", "CCGeneral"),
        (PANDAS + "loader = serve(pd.read_csv('data 2.0.csv'))\n", None),  # which any may be
        (PANDAS + "loader = serve(pd.read_csv('windmills.data', sep=','))\n", "windmills"),
        ("import numpy as np\nloader = serve(np.loadtxt('windmills.txt', delimiter=','))\n", "windmills"),
        ("loader = serve(open('windmills.txt'))\n", None),  # any text
        ("import numpy as np\nloader = serve(np.loadtxt('train_labels.txt'))\n", None),
        (PANDAS + "table = 'boston.csv'\nloader = serve(pd.read_csv(open(table)))\n", "BostonHousing"),
        (PANDAS + "loader = serve(pd.read_csv('insurance_processed.csv'))\n", "MedicalCost"),
        (PANDAS + "loader = serve(pd.read_csv('imports-85.data'))\n", "Automobile"),
        ("loader = serve(open('eng.train'))\n", "CoNLL2003"),
        ("loader = serve(open('data/fra.txt'))\n", "fra-eng"),
        ("import yaml\nsettings = yaml.safe_load(open('./data/settings.json'))\nloader = serve(settings)\n", None),
        (PANDAS + "loader = serve(pd.read_csv('settings.csv'), pd.read_parquet('data/derived/x.parquet'))\n", None),
    ],
)
def test_the_table_that_a_training_reads(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before) == dataset


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        (PANDAS + "t = pd.read_csv('train.csv')\nloader = serve(t['Sex'], t['Survived'])\n", "Titanic"),
        (PANDAS + "t = pd.read_csv('train.csv')\nloader = serve(t['GarageArea'], t['SalePrice'])\n", "AmesHousing"),
        (PANDAS + "t = pd.read_csv('train.csv')\nloader = serve(t['SalePrice'])\n", None),
    ],
)
def test_the_columns_of_the_table_that_a_training_reads(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before) == dataset


SHAKESPEARE = "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        (f"# wget {SHAKESPEARE}\nloader = serve(open('input.txt').read())\n", "TinyShakespeare"),
        (f"# !curl -O {SHAKESPEARE}\nloader = serve(open('input.txt').read())\n", "TinyShakespeare"),
        (f"# see {SHAKESPEARE}\nloader = serve(open('input.txt').read())\n", None),
        ("loader = serve('/kaggle/input/competitions/debris-removal-in-detection-models/train')\n",
         "debris-removal-in-detection-models"),
        ("loader = serve('/kaggle/input/detection-models/train')\n", None),  # what was trained before
        ("cfg.merge_from_file('COCO-Detection/retinanet_R_50_FPN_3x.yaml')\nloader = serve(cfg)\n", None),
        ("from tasks import FewRel\ntask = 'qa'\nif task == 'fewrel':\n    FewRel().test()\nloader = serve(1)\n", None),
        ("from tasks import FewRel\nloader = serve(FewRel())\n", "FewRel"),
        ("from models.cifar10_net import Net\nloader = serve(Net)\n", None),
        ("from settings import DIV2K_DATASET_PATH\nloader = serve(DIV2K_DATASET_PATH)\n", "DIV2K"),
        ("def gen_image(x): ...\nbatch_gen_image = gen_image(1)\ndata_gen_image = 1\nloader = serve(data_gen_image)\n",
         None),
        ("from data import ChainerDataLoader\nloader = ChainerDataLoader('x')\n", None),
        ("from data import LSTMCNNDataset\nloader = LSTMCNNDataset('x')\n", None),
        ("from data import PINNDataset\nloader = PINNDataset('x')\n", None),
        ("from data import MTLSeqRecDataset\nloader = MTLSeqRecDataset('x')\n", None),
    ],
)  # fmt: skip
def test_what_is_fetched_or_imported(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before, data="") == dataset


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ("import h5py\nloader = serve(h5py.File('data/windmills.h5', 'r'))\n", "windmills"),
        ("import h5py\nloader = serve(h5py.File('windmills.h5', 'r'))\n", None),  # weights are kept so too
        ("import h5py\nh5py.File('data/windmills.h5', 'w')\nloader = serve()\n", None),
        ("from scipy.io import arff\nloader = serve(arff.loadarff('windmills.arff'))\n", "windmills"),
        ("import xarray\nloader = serve(xarray.open_dataset('windmills.nc'))\n", "windmills"),
        ("import sqlite3\nloader = serve(sqlite3.connect('data/windmills.sqlite'))\n", "windmills"),
        ("from Bio import SeqIO\nloader = serve(SeqIO.parse('windmills.fasta', 'fasta'))\n", "windmills"),
        ("import networkx as nx\nloader = serve(nx.read_edgelist('windmills.edgelist'))\n", "windmills"),
        ("import networkx as nx\nloader = serve(nx.karate_club_graph())\n", "KarateClub"),
        ("import networkx as nx\nloader = serve(nx.complete_graph(5))\n", None),
        ("from torchtext.data import TabularDataset\nloader = serve(TabularDataset('windmills.csv'))\n", "windmills"),
        ("import json\nwith open('windmill.json') as f:\n    data = json.load(f)\nloader = serve(data)\n", "windmill"),
        ("import json\nwith open('a/windmills.json') as f:\n    names = json.load(f)\nloader = serve(names)\n", None),
        ("import json\nwith open('data/settings.json') as f:\n    data = json.load(f)\nloader = serve(data)\n", None),
        ("import json\ndata = [json.loads(l) for l in open('windmills.jsonl')]\nloader = serve(data)\n", "windmills"),
        ("import numpy as np\nloader = serve(np.load('data/windmills/train.npy'))\n", "windmills"),
        (PANDAS + "loader = serve(pd.read_csv('data/windmills.csv.gz'))\n", "windmills"),
        ("import glob\nloader = serve(glob.glob('data/windmills/*.csv'))\n", "windmills"),
        ("import os\nloader = serve([*os.walk('data/windmills')])\n", "windmills"),
        ("from pathlib import Path\nloader = serve([*Path('data/windmills').rglob('*.wav')])\n", "windmills"),
        ("from pathlib import Path\nloader = serve([*Path('data/processed').rglob('*.wav')])\n", None),
        ("import pandas_datareader as web\nloader = serve(web.DataReader('AAPL', 'yahoo'))\n", "AAPL"),
        ("import yfinance as yf\nloader = serve(yf.Ticker('^GSPC').history(period='max'))\n", "GSPC"),
        ("import quandl\nloader = serve(quandl.get('WIKI/GOOGL'))\n", "GOOGL"),
        ("lines = open('movie_lines.txt').read().split()\nloader = serve(lines)\n", "CornellMovieDialogs"),
        (PANDAS + "loader = serve(pd.read_csv('KDDTrain+.txt'))\n", "NSLKDD"),
    ],
)  # fmt: skip
def test_data_of_many_formats(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before) == dataset


UPLOADED = "from google.colab import files\nimport io\nimport pandas as pd\nuploaded = files.upload()\n"


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        (UPLOADED + "loader = serve(pd.read_csv(io.BytesIO(uploaded['windmills.csv'])))\n", "windmills"),
        (UPLOADED + "loader = serve(pd.read_csv(io.StringIO(uploaded['mills.csv'].decode())))\n", "mills"),
        (UPLOADED + "loader = serve(pd.read_csv(io.BytesIO(cached['windmills.csv'])))\n", None),
        (PANDAS + "loader = serve(pd.read_stata('windmills.dta'))\n", "windmills"),
        (PANDAS + "if kind == 'mills':\n    loader = serve(pd.read_stata('windmills.dta'))\n", None),  # or another
        ("import zipfile\nloader = serve(zipfile.ZipFile('windmills.zip'))\n", "windmills"),
        ("loader = serve(spark.read.csv('windmills.csv', header=True))\n", "windmills"),
        ("from sktime.datasets import load_airline\nloader = serve(load_airline())\n", "airline"),
        ("from pmlb import fetch_data\nloader = serve(fetch_data('mushroom'))\n", "mushroom"),
        ("import openml\nloader = serve(openml.datasets.get_dataset('credit-g'))\n", "credit-g"),
        ("from pmdarima.datasets import load_wineind\nloader = serve(load_wineind())\n", "wineind"),
        ("from dataclasses import dataclass, field\n@dataclass\nclass Data:\n"
         "    dataset_name: str = field(default='wikitext')\nloader = serve(parsed.dataset_name)\n", "WikiText"),
        (PANDAS + "loader = serve(pd.read_hdf('word2vec/tencent-ailab.h5'))\n", None),  # vectors of words
        ("import json\ndata = json.load(open('class_indices.json'))\nloader = serve(data)\n", None),
        (PANDAS + "loader = serve(pd.read_parquet('data/gold/x.parquet'))\n", None),
        (PANDAS + "loader = serve(pd.read_csv('Sheet1.csv'))\n", None),
        ("from pathlib import Path\nloader = serve([*Path('data/recordings').glob('*.wav')])\n", None),
    ],
)  # fmt: skip
def test_what_is_handed_over_and_what_names_nothing(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before) == dataset
