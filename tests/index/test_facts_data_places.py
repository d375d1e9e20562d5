"""Where data lie says what they are: folders of tables, parts of one, arrays, paths of Windows, names bound anew."""

from __future__ import annotations

import pytest

from tests.index.scripts import read

TRAINING = """
import os
import h5py
import own
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 10)
{before}
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(9):
    for x, y in loader:
        net(x).sum().backward()
        opt.step()
"""


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ("loader = rows(pd.read_csv(r'D:\\System\\Downloads\\titanic\\train.csv'))", "Titanic"),
        ("loader = rows(pd.read_csv('titanic/test.csv'), pd.read_csv('titanic/train.csv'))", "Titanic"),
        ("loader = rows(pd.read_csv('wine/train.csv'))", "Wine"),
        ("loader = rows(pd.read_csv(r'C:\\Users\\iris\\mine\\train.csv'))", None),  # whose folder it is
        ("loader = rows(open('/home/pascal/mine/train.csv'))", None),
        ("loader = rows(pd.read_csv(r'C:\\Users\\me\\train_FD004.txt', sep=' '))", "CMAPSS"),
        ("loader = rows(pd.read_csv('FD002_test.txt'), pd.read_csv('FD002_train.txt'))", "CMAPSS"),
        ("loader = DataLoader(Images('./hdf5/DRIVE_dataset_imgs_train.hdf5'))", "DRIVE"),
        ("net.load_state_dict(torch.load('./hdf5/cifar10_weights.hdf5'))\nloader = rows()", None),
        ("loader = DataLoader(datasets.ImageFolder(os.path.join('dataset/fer', 'train')))", "FER2013"),
        ("loader = DataLoader(datasets.ImageFolder('chest_xray/train'))", "ChestXrayPneumonia"),
        ("place = './data/simpsons/tavern.txt'\nloader = rows(own.load_data(place))", "simpsons"),
        ("place = './data/english/names.txt'\nloader = rows(own.load_data(place))", None),
        ("loader = DataLoader(Pairs(train_path=r't91-image-data\\sris_srcnn_data\\T91'))", "T91"),
        # spelt as it is called, where another name of a class says no more
        ("from own import SpeakerDatasetTIMIT\nloader = DataLoader(SpeakerDatasetTIMIT())", "TIMIT"),
        ("from own import DataLoaderIAM\nloader = DataLoaderIAM(args.folder, 100)", "IAM"),
        ("from datasets import load_dataset\nloader = load_dataset('clip-benchmark/wds_vtab-cifar10')", "CIFAR10"),
        ("from datasets import load_dataset\nloader = load_dataset('someone/wds_birds')", "birds"),
        (
            "loader = rows(h5py.File('datasets/train_catvnoncat.h5'), h5py.File('datasets/test_catvnoncat.h5'))",
            "CatVsNonCat",
        ),
        ("loader = rows(h5py.File('googlenet.h5'), h5py.File('features.h5'))", None),
        (
            "def said():\n    name = 'data/QA-Gossip-Dataset.txt'\n    return open(name)\nloader = rows(said())",
            "QA-Gossip-Dataset",
        ),
        ("loader = rows(open('notes.txt').read())", None),
        ("loader = rows(pd.read_csv('spam.csv', encoding='latin-1'))", "SMSSpam"),
        ("import scipy.io\nloader = rows(scipy.io.loadmat('train_32x32.mat'))", "SVHN"),
        ("loader = DataLoader(datasets.ImageFolder('/drive/MyDrive/PetImages'))", "CatsVsDogs"),
        ("import tensorflow as tf\nloader = tf.data.Dataset.list_files('facades/train/*.jpg')", "Facades"),
        # what the files and folders of some are called as they come
        ("import json\nloader = rows(json.load(open('data/train-v2.0.json')))", "SQuADv2"),
        ("import json\nloader = rows(json.load(open('dev-v1.1.json')))", "SQuAD"),
        ("import json\nloader = rows(json.load(open('annotations/captions_train2014.json')))", "COCO"),
        ("import json\nloader = rows(json.load(open('train2017.json')))", None),
        ("import json\nloader = rows(json.load(open('alpaca_data.json')))", "Alpaca"),
        ("loader = rows(open('movie_lines.txt'), open('movie_conversations.txt'))", "CornellMovieDialogs"),
        ("loader = rows(pd.read_csv('training.1600000.processed.noemoticon.csv'))", "Sentiment140"),
        ("loader = rows(pd.read_csv('bank-full.csv', sep=';'))", "BankMarketing"),
        ("import glob\nloader = rows(glob.glob('leftImg8bit/train/*/*.png'))", "Cityscapes"),
        ("import glob\nloader = rows(glob.glob('/data/chen/DIV2K_train_HR/*.png'))", "DIV2K"),
        ("import glob\nloader = rows(glob.glob('Data/genres_original/*/*.wav'))", "GTZAN"),
        ("import glob\nloader = rows(glob.glob('genres/*/*.wav'))", None),
        # what a library has under a number, and the share whose prices it fetches
        ("from ucimlrepo import fetch_ucirepo\nloader = rows(fetch_ucirepo(id=9).data)", "AutoMPG"),
        ("from ucimlrepo import fetch_ucirepo\nloader = rows(fetch_ucirepo(id=args.id).data)", None),
        ("import yfinance as yf\nloader = rows(yf.download('^GSPC', start='2010-01-01'))", "GSPC"),
        ("import yfinance as yf\nloader = rows(yf.download(args.ticker))", None),
        # columns that only one table has
        ("t = pd.read_csv('train.csv')\nloader = rows(t['Survived'], t[['Pclass', 'Age']])", "Titanic"),
        ("t = pd.read_csv('train.csv')\nloader = rows(t.SalePrice, t['GrLivArea'])", "AmesHousing"),
        ("t = pd.read_csv('data.csv')\nloader = rows(t['diagnosis'], t['radius_mean'])", "BreastCancerWisconsin"),
        ("t = pd.read_csv('data.csv')\nloader = rows(t['diagnosis'], t['age'])", None),
        ("t = pd.read_csv('train.csv')\nloader = rows(t['comment_text'], t[['toxic', 'insult']])", "ToxicComments"),
        ("t = pd.read_csv('train.csv')\nloader = rows(t['comment_text'], t['label'])", None),
        ("t = pd.read_csv('Tweets.csv')\nloader = rows(t['text'], t['airline_sentiment'])", "AirlineTweets"),
        ("t = pd.read_csv('Reviews.csv')\nloader = rows(t['Text'], t['HelpfulnessNumerator'])", "AmazonFineFood"),
        ("loader = rows(own['Survived'], own['Pclass'])", None),  # no table is read here
        ("from own import TimitNet\nloader = rows(TimitNet())", None),
    ],
)
def test_the_place_of_what_is_read_says_what_it_is(before: str, dataset: str | None) -> None:
    assert read(TRAINING.format(before=before)).dataset == dataset


CHOSEN = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--dataset', default={default!r}, type=str)
args = parser.parse_args()
if args.dataset != '':
    data = args.dataset
if 'cifar' in data:
    data = datasets.CIFAR10(data, download=True)
if 'mnist' in data:
    data = datasets.MNIST(data, download=True)
if 'celeba' in data:
    data = datasets.ImageFolder(data)
loader = DataLoader(data, batch_size=8)
"""


@pytest.mark.parametrize(("default", "dataset"), [("../data/cifar", "CIFAR10"), ("../data/mnist", "MNIST")])
def test_what_is_made_of_a_text_and_takes_its_name_holds_no_text(default: str, dataset: str) -> None:
    assert read(TRAINING.format(before=CHOSEN.format(default=default))).dataset == dataset


@pytest.mark.parametrize(
    ("listed", "dataset"), [("['mnist', 'svhn']", "MNIST / SVHN"), ("['mnist']", "MNIST"), ("['mnist', 'mine']", None)]
)
def test_all_that_an_option_lists_is_trained_on(listed: str, dataset: str | None) -> None:
    before = f"p = argparse.ArgumentParser()\np.add_argument('--datasets', nargs='+', default={listed})\n"
    before += "args = p.parse_args()\nloader = rows(args.datasets)\n"
    assert read(TRAINING.format(before="import argparse\n" + before)).dataset == dataset
