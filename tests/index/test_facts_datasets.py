"""Datasets that no call and no path names: settings, words, names, Kaggle, the project's own modules, the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

TRAINING = """{doc}
import numpy as np
import torch
from torch import nn
{before}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 10)
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(9):
    for x, y in loader:
        net(x).sum().backward()
        opt.step()
"""


def read(folder: Path, before: str, doc: str = "", name: str = "script.py") -> ScriptFacts:
    path = folder / name
    path.write_text(TRAINING.format(before=before, doc=doc), encoding="utf-8")
    return extract(parse(path, path.read_bytes()), Configs(path))


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ("train_dataset = 'CIFAR10'\nloader = serve(train_dataset + '.bin')", "CIFAR10"),
        ("loader = make(dict(dataset='celeba', size=64))", "CelebA"),
        ("loader = CifarLoader('cifar10', train=True)", "CIFAR10"),
        ("loader = serve(np.load('fashion_mnist.npz'))", "FashionMNIST"),
        ("np.save('mnist_samples.npy', x)\nloader = serve(torch.load('mnist_model.npz'))", None),
        ("import digits as d\nprint('Loading Fashion-MNIST dataset')\nloader = d.serve()", "FashionMNIST"),
        ("loader = serve()  # the CIFAR-10 images", "CIFAR10"),
        ("loader = serve()  # batches of 128 for CIFAR10 and 64 for larger images", None),
        ("net = load()  # weights trained on the ImageNet dataset\nloader = serve()", None),
        ("CELEBA_ROOT = os.getenv('CELEBA')\nloader = serve(CELEBA_ROOT)", "CelebA"),
        ("loader = serve(open('/kaggle/input/potato-portraits-2020/train.csv'))", "potato-portraits-2020"),
        ("loader = serve(open('../input/digit-recognizer/train.csv'))", "MNIST"),
        ("path = setup_comp('paddy-disease-classification')\nloader = serve(path)", "PaddyDisease"),
        ("# For ImageNet experiments, this is a good value.\nloader = serve()", None),
        ("import gym\nloader = serve()  # like the MNIST dataset", None),
        ("loader = serve(pd.read_csv(ROOT / 'glue_data' / 'MRPC' / 'train.tsv'))", "MRPC"),
        ("import os\nloader = serve(os.path.join(ROOT, 'data', 'celeba'))", "CelebA"),
        ("import os\nloader = serve(os.path.join(ROOT, 'celeba'), x / 'mnist')", None),
        ("from torch_geometric.datasets import Actor\nloader = Actor('.')", "Actor"),
        (
            "from torch_geometric_temporal.dataset import WindmillOutputLargeDatasetLoader as W\nW()",
            "WindmillOutputLarge",
        ),
        ("from torchvision.datasets import FakeData\nloader = FakeData()", None),
        ("from dataloader.ppi import load_ppi\nloader = load_ppi()", "PPI"),
    ],
)
def test_the_words_of_a_script_that_trains(tmp_path: Path, before: str, dataset: str | None) -> None:
    assert read(tmp_path, before).dataset == dataset


def test_the_docstring_and_the_name_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "loader = serve()", '"""A small net for Fashion MNIST."""').dataset == "FashionMNIST"
    assert read(tmp_path, "loader = serve()", name="train_celeba.py").dataset == "CelebA"


OPTION = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--dataset', {})\nargs = p.parse_args()\n"


@pytest.mark.parametrize(
    ("option", "dataset"),
    [("default='edges2shoes'", "Edges2Shoes"), ("default='maps'", "maps"), ("default='custom'", None),
     ("required=True, choices=['mnist', 'cifar10']", "MNIST / CIFAR10")],
)  # fmt: skip
def test_what_an_option_leaves_open_nothing_else_says(tmp_path: Path, option: str, dataset: str | None) -> None:
    found = read(tmp_path, OPTION.format(option) + "loader = serve(args)  # e.g. EMNIST digits\nEMNIST_PATH = '.'")
    assert found.dataset == dataset


def test_the_module_of_the_project_that_makes_the_data(tmp_path: Path) -> None:
    (tmp_path / "loaders.py").write_text(
        "from torchvision import datasets\ndef one():\n    return datasets.SVHN('.')\n\n"
        "def two():\n    return datasets.STL10('.')\n",
        encoding="utf-8",
    )
    found = read(tmp_path, "from loaders import one\nloader = one()")
    assert (found.dataset, found.evidence["dataset_from"]) == ("SVHN", "loaders.py:3")
    assert read(tmp_path, "import loaders\nloader = loaders.either()").dataset is None


def test_a_class_of_data_that_another_module_serves_names_them(tmp_path: Path) -> None:
    text = "from torch.utils.data import DataLoader, Dataset\nclass ShanghaiTech_Counting(Dataset):\n    pass\n\n"
    text += "def get_data(batch):\n    data = ShanghaiTech_Counting()\n    return DataLoader(data, batch)\n"
    (tmp_path / "served.py").write_text(text, encoding="utf-8")
    found = read(tmp_path, "from served import get_data\nloader = get_data(1)")
    assert (found.dataset, found.evidence["dataset_from"]) == ("ShanghaiTech", "served.py:2")
    (tmp_path / "dataset.py").write_text(text, encoding="utf-8")
    for used, dataset in (("ShanghaiTech_Counting()", "ShanghaiTech"), ("Patches()", None)):
        assert read(tmp_path, f"from dataset import *\nloader = {used}").dataset == dataset


def test_a_module_of_data_without_a_function_gives_all_that_it_makes(tmp_path: Path) -> None:
    text = "from torchvision import datasets\nfrom torch.utils.data import DataLoader\n"
    text += "train = datasets.MNIST('data', train=True)\nloader = DataLoader(train, 64)\n"
    (tmp_path / "data.py").write_text(text, encoding="utf-8")
    found = read(tmp_path, "from data import *\nfor x, y in loader:\n    print(x)\n")
    assert (found.dataset, found.evidence["dataset_from"]) == ("MNIST", "data.py:3")


@pytest.mark.parametrize(("made", "dataset"), [("CifarDataset", "CIFAR10"), ("CinicDataset", None)])
def test_cifar_of_a_module_that_names_its_ten_classes_is_cifar10(
    tmp_path: Path, made: str, dataset: str | None
) -> None:
    text = "from torch.utils.data import Dataset\nclasses = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog',\n"
    text += f"           'frog', 'horse', 'ship', 'truck']\nclass {made}(Dataset):\n    pass\n"
    (tmp_path / "dataset.py").write_text(text, encoding="utf-8")
    found = read(tmp_path, f"from dataset import {made}\nloader = DataLoader({made}(folder='pictures'))")
    assert found.dataset == dataset or (dataset is None and found.dataset != "CIFAR10")
    assert found.evidence.get("dataset_from") == (dataset and "dataset.py:2")


@pytest.mark.parametrize(("line", "dataset"), [
    ("loader = normalize_imagenet(read())", None), ("loader = np.load('mnist_test_seq.npy')", "MovingMNIST"),
])  # fmt: skip
def test_what_scales_pictures_names_no_data_and_a_file_that_is_known_does(
    tmp_path: Path, line: str, dataset: str | None
) -> None:
    assert read(tmp_path, line).dataset == dataset


def test_the_readme_and_the_folder_speak_for_a_script_that_says_nothing_itself(tmp_path: Path) -> None:
    for name, dataset in (("net-cifar100", "CIFAR100"), ("nets", None)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text("# A network for CIFAR-100\n\nRun it.\n", encoding="utf-8")
        assert read(tmp_path / name, "loader = serve()").dataset == dataset
    assert read(tmp_path / "net-cifar100", "loader = serve('cell_images/train')").dataset is None


def test_a_module_that_chooses_between_datasets_names_none(tmp_path: Path) -> None:
    text = (
        "from torchvision import datasets\ndef get(c):\n    if c.name == 'svhn':\n        return datasets.SVHN('.')\n"
    )
    for more, dataset in (("", "SVHN"), ("    elif c.name == 'celeba':\n        return Faces(c)\n", None)):
        (tmp_path / "loaders.py").write_text(text + more, encoding="utf-8")
        assert read(tmp_path, "from loaders import get\nloader = get(settings)").dataset == dataset


@pytest.mark.parametrize(
    ("line", "dataset"),
    [
        ("loader = KittyTrainDataset('kitty/pictures')", "KittyTrainDataset"),
        ("loader = KittyTrainDataset('pictures')", None),  # nothing else speaks of it
        ("loader = OrchardDataModule(16, 'orchard.zip')", "Orchard"),
        ("loader = DriveDataset(images, masks)", "DRIVE"),
        ("loader = FlowersDataset(sys.argv[1])", None),  # any data may be of flowers
        ("loader = FlowersDataset('all/flowers/')", "FlowersDataset"),
        ("loader = ImageTextPairDataset('pictures')", None),
        ("loader = KaldiDataset('pictures')", None),  # how a library of speech writes data down
        ("loader = KittyTrainDataset('kitty') if a else OrchardDataModule('orchard')", None),
        ("import library\nloader = library.KittyDataset('kitty')", None),
        ("if args.kind == 'kitty':\n    loader = KittyTrainDataset('pictures')", None),
    ],
)
def test_a_class_of_the_project_that_is_called_for_the_data(tmp_path: Path, line: str, dataset: str | None) -> None:
    names = ("KittyTrainDataset", "OrchardDataModule", "DriveDataset", "FlowersDataset", "ImageTextPairDataset",
             "KaldiDataset")  # fmt: skip
    text = "".join(f"class {name}:\n    pass\n" for name in names)
    (tmp_path / "pictures.py").write_text(text, encoding="utf-8")
    used = ", ".join(name for name in names if name in line) or names[0]
    assert read(tmp_path, f"from pictures import {used}\n{line}").dataset == dataset


def test_a_class_that_a_branch_chooses_is_that_of_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "loaders.py").write_text(
        "from torchvision.datasets import CelebA, SVHN\ndef get(name):\n    if name == 'svhn':\n        made = SVHN\n"
        "    elif name == 'celeba':\n        made = CelebA\n    else:\n        raise Error\n    return made('.')\n",
        encoding="utf-8",
    )
    text = "from loaders import get\nimport sys\nloader = get(sys.argv[1])"
    assert read(tmp_path, text).dataset is None


def test_the_configuration_file_names_the_dataset(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "data_params: {name: celeba}\ntrain: {size: 8, name: mnist}\n", encoding="utf-8"
    )
    loader = "loader = torch.utils.data.DataLoader(serve(cfg['data_params']), batch_size=cfg['train']['size'])"
    found = read(tmp_path, "import yaml\ncfg = yaml.safe_load(open('base.yaml'))\n" + loader)
    assert found.batch == 8
    assert (found.dataset, found.evidence["dataset_from"]) == ("CelebA", "base.yaml")


@pytest.mark.parametrize(
    ("made", "dataset"),
    [
        ("from torch_geometric.datasets import TUDataset\ndata = TUDataset(root='d', name='PROTEINS')", "PROTEINS"),
        ("from ogb.nodeproppred import PygNodePropPredDataset as P\ndata = P('ogbn-arxiv')", "OGBNArxiv"),
        ("from torchtext.legacy import datasets\ndata = datasets.UDPOS.splits(fields)", "UDPOS"),
        ("from datasets import load_dataset\ndata = load_dataset('squad_v2')", "SQuADv2"),
        ("import dgl\ndata = dgl.data.CoraGraphDataset()", "Cora"),
        ("from keras.utils import image_dataset_from_directory\n"
         "data = image_dataset_from_directory('cats_and_dogs_small/train')", "CatsVsDogs"),
    ],
)  # fmt: skip
def test_data_that_a_library_loads_by_name_or_from_a_folder(tmp_path: Path, made: str, dataset: str) -> None:
    assert read(tmp_path, f"{made}\nloader = data").dataset == dataset


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ("p = argparse.ArgumentParser()\np.add_argument('--data', default='./data/penn')\n", "PennTreebank"),
        ("p = argparse.ArgumentParser()\np.add_argument('--dataset', default='cifar10.3@250-0')\n", "CIFAR10"),
        ("p = argparse.ArgumentParser()\np.add_argument('--dset', default='celebA')\n", "CelebA"),
        ("p = argparse.ArgumentParser()\np.add_argument('--name_data', default='monet2photo')\n", "Monet2Photo"),
        ("p = argparse.ArgumentParser()\np.add_argument('--dataset', default='MR')\n", "MR"),
        ("from options import parse\nloader = serve(parse().size)\n", "Facades"),
        ("from parts import load_data\nloader = load_data()\n", "Cora"),
    ],
)
def test_a_path_an_option_or_the_default_of_a_helper_names_the_dataset(
    tmp_path: Path, before: str, dataset: str | None
) -> None:
    (tmp_path / "parts.py").write_text("def load_data(path='../x/', dataset='cora'):\n    return path\n")
    (tmp_path / "options.py").write_text(
        "import argparse\ndef parse():\n    p = argparse.ArgumentParser()\n"
        "    p.add_argument('--dataset', default='facades')\n    return p.parse_args()\n"
    )
    assert read(tmp_path, f"import argparse\n{before}").dataset == dataset


def test_the_option_of_a_script_that_sets_a_training_going_names_its_dataset(tmp_path: Path) -> None:
    text = (
        "import argparse\nimport keras\nimport work\np = argparse.ArgumentParser()\n"
        "p.add_argument('--dset', default='mnist')\na = p.parse_args()\n{}(a.dset)\n"
    )
    for call, dataset in (("work.train", "MNIST"), ("work.plot", None)):
        assert extract(parse(tmp_path / "main.py", text.format(call).encode())).dataset == dataset


@pytest.mark.parametrize(
    ("before", "dataset"),
    [
        ("import cifar10\nimages, labels = cifar10.load_training_data()\n", "CIFAR10"),
        ("# print(accuracy.eval(feed_dict={x: mnist.test.images}))\n", None),
        ("# trained on the MNIST images\n", "MNIST"),
        ("from parts import load_dataset\nloader = load_dataset('iris_dataset.pt')\n", None),
        ("from datasets import load_dataset\nloader = load_dataset('me/poems')\n", "poems"),
        ("from parts import FacadesDataset\nloader = FacadesDataset('.')\n", "Facades"),
        ("from parts import Zinc_dataset\nloader = Zinc_dataset('.')\n", "ZINC"),
        ("from parts import DigitsDataset\nloader = DigitsDataset('.')\n", None),  # of MNIST, as often as not
        ("import dataset\nloader = dataset.DspritesManager(color=True)\n", "dSprites"),
        ("from project import mnist\nloader = mnist.batches()\n", "MNIST"),
        ("from project import models\nloader = models.get_model_net()\n", None),
        ("wavs = 'LJSpeech-1.1/wavs'\nloader = serve(wavs)\n", "LJSpeech"),
        ("source = './data/shapenet.hdf5'\nloader = serve(source)\n", "ShapeNet"),
        ("weights = 'saved/shapenet.hdf5'\nloader = serve(weights)\n", None),
        ("# https://example.org/models/danbooru_128.py\nloader = serve()\n", None),
        ("src_dataset = 'MNIST'\nloader = serve(src_dataset + '.pt')\n", "MNIST"),
        ("import pandas as pd\nloader = serve(pd.read_csv('./data/newsCorpora.csv', sep='\\t'))\n", "NewsAggregator"),
        (
            "import tfds\ndef load_dataset(part):\n    return tfds.load('mnist:3.*')\nloader = load_dataset('train')\n",
            "MNIST",
        ),
        ("from fastai.vision.all import *\nloader = rank0_first(untar_data, URLs.IMDB)\n", "IMDB"),
        (
            "from datasets import load_dataset\nname = 'complaints'\n"
            "loader = load_dataset('parquet', data_files={'train': f'hf://datasets/ought/raft@refs/{name}/0.parquet'})\n",
            "RAFT",
        ),
        ("from datasets import load_dataset\nloader = load_dataset('csv', data_files='mine.csv')\n", None),
        ("import fcn\nloader = fcn.datasets.VOC2011ClassSeg('.', split='train')\n", "VOC"),
        ("# A network of 19 layers to train cifar10\nloader = serve()\n", "CIFAR10"),
        ("VOCdevkit_path = 'Medical_Datasets'\nloader = serve(VOCdevkit_path)\n", None),
    ],
)
def test_a_module_called_for_its_dataset_says_so_and_code_commented_out_does_not(
    tmp_path: Path, before: str, dataset: str | None
) -> None:
    assert read(tmp_path, before).dataset == dataset


def test_data_of_a_library_after_the_last_training_are_not_what_was_trained_on(tmp_path: Path) -> None:
    made = "from torchvision import datasets\nfrom own import Cells\nloader = Cells(8)\n"
    shown = "shown = datasets.CIFAR10(root='.')\n"
    for before, after, dataset in (("", shown, None), (shown, "", "CIFAR10")):
        script = tmp_path / "script.py"
        text = TRAINING.format(doc="", before=made + before) + after
        assert extract(parse(script, text.encode()), Configs(script)).dataset == dataset


def test_of_the_data_that_a_module_has_a_script_takes_what_it_uses(tmp_path: Path) -> None:
    (tmp_path / "data.py").write_text(
        "class Flowers(Base):\n    name = 'oxford_flowers102'\n\nclass Butterflies(Base):\n"
        "    name = 'huggan/smithsonian_butterflies_subset'\n",
        encoding="utf-8",
    )
    before = "from data import Butterflies, Flowers\nloader = {}(64).served()\n"
    assert read(tmp_path, before.format("Flowers")).dataset == "Flowers102"
    assert read(tmp_path, before.format("Butterflies")).dataset == "SmithsonianButterflies"
