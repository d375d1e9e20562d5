"""What kind of data scripts work on, as their code tells it, and what is left out where a kind is denied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse as parsed
from index.indexing.update import update
from index.known.datasets import ALIASES
from index.known.modalities import KINDS, of_dataset, spoken_for
from index.search import SearchEngine
from index.understanding import modality
from index.understanding.filters import Filter
from index.understanding.query import parse

TODAY = date(2026, 7, 1)
TORCH = """import torch
from torch import nn
{imports}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential({layers})
    def forward(self, x):
        return self.layers(x)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(3):
    {loop}
    net(batch).sum().backward()
    optimizer.step()
"""


def script(imports: str = "", layers: str = "nn.Linear(4, 4)", loop: str = "batch = torch.randn(4, 4)") -> str:
    return TORCH.format(imports=imports, layers=layers, loop=loop)


def kinds(text: str) -> set[str]:
    return {one.name for one in extract(parsed(Path("script.py"), text.encode())).uses} & {*KINDS}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("image-data", script("from torchvision import transforms")),
        ("image-data", script("import cv2", loop="batch = cv2.imread(path)")),
        ("image-data", script(layers="nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 8, 3)")),
        ("image-data", script(loop="batch = next(train_images)")),
        ("text-data", script("from transformers import AutoTokenizer", loop="batch = tokenizer(lines)")),
        ("text-data", script(layers="nn.Embedding(len(vocab), 8), nn.LSTM(8, 8)")),
        ("sound-data", script("import torchaudio")),
        # what is heard is often looked at: a spectrogram goes through layers for images
        ("sound-data", script("import librosa", "nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8)")),
        ("video-data", script("from decord import VideoReader")),
        ("graph-data", script("from torch_geometric.nn import GCNConv")),
        ("time-series-data", script("from statsmodels.tsa.stattools import adfuller")),
        ("game-data", script("import gymnasium as gym", loop="batch = env.step(env.action_space.sample())")),
        ("game-data", script("import gym", "nn.Conv2d(4, 8, 8), nn.BatchNorm2d(8)", "batch = env.reset()")),
        ("tabular-data", script("import pandas as pd", loop="batch = pd.read_csv('rows.csv')")),
        ("shape-data", script("import open3d")),
    ],
)  # fmt: skip
def test_names_in_code_tell_the_kind_of_data(kind: str, text: str) -> None:
    assert kinds(text) == {kind}


def test_a_known_data_set_tells_the_kind() -> None:
    text = script("from torchvision import datasets", loop="batch = datasets.MNIST('data')")
    found = extract(parsed(Path("script.py"), text.encode()))
    told = [one for one in found.uses if one.name in KINDS]
    assert [(one.name, one.reason) for one in told] == [("image-data", "trained on MNIST")]
    assert of_dataset("MNIST / IMDB") == ("image-data", "text-data")
    assert of_dataset("Flickr8k") == ("image-data", "text-data")
    assert of_dataset("my-folder") == of_dataset(None) == ()
    assert all(of_dataset(name) for name in ALIASES)


def test_a_name_that_others_chose_or_that_many_have_tells_nothing() -> None:
    assert kinds(script(loop="batch = sample(image_size=4)")) == set()
    assert kinds(script(layers="nn.Embedding(9, 8)")) == set()
    assert spoken_for(["read_csv", "pandas", "torchaudio"]).keys() == {"sound-data"}  # a table of names of files


_DENYING = ["{0}, but not for {1}", "{0} without {1}", "{0}, no {1}", "{0} that are not on {1}", "{0} not about {1}",
            "{0} except for {1}", "{0} on anything but {1}", "{0} for something else than {1}", "{0} outside of {1}",
            "{0} on data other than {1}", "{0} excluding {1}", "{0} that don't deal with {1}",
            "{0} whose data are not {1}", "{0} not working with {1}", "{0} not used for {1}", "no {1}, {0}",
            "{0} that never handle {1}", "{0}, nothing with {1}", "{0} -{1}", "{1} excluded, {0}"]  # fmt: skip
_SAID = {"images": "image-data", "pictures": "image-data", "photos": "image-data", "vision": "image-data",
         "text": "text-data", "language": "text-data", "NLP": "text-data", "audio": "sound-data", "sound": "sound-data",
         "video": "video-data", "graphs": "graph-data", "tables": "tabular-data",
         "timeseries": "time-series-data"}  # fmt: skip


@pytest.mark.parametrize("form", _DENYING)
@pytest.mark.parametrize("said", _SAID)
def test_a_kind_of_data_is_denied_in_every_form(form: str, said: str) -> None:
    found = parse(form.format("GANs", said), TODAY)
    assert found.filters == (Filter("uses", "in", (_SAID[said],), True),)
    assert found.concepts == ("gan",)
    assert not found.unclear


@pytest.mark.parametrize(("text", "denied"), [
    ("diffusion without time series", ["time-series-data"]), ("non-image diffusion", ["image-data"]),
    ("diffusion for neither text nor images", ["text-data", "image-data"]),
    ("diffusion, not on image data", ["image-data"]),
    ("diffusion, but no images or video", ["image-data", "video-data"]),
])  # fmt: skip
def test_several_words_and_several_kinds_are_denied(text: str, denied: list[str]) -> None:
    assert [one.items for one in parse(text, TODAY).filters if one.negated] == [(kind,) for kind in denied]


@pytest.mark.parametrize("text", ["GANs without images of faces", "segmentation without image augmentation",
                                  "GANs without text conditioning", "attention, but no language models",
                                  "models that do not classify images"])  # fmt: skip
def test_what_data_are_of_or_used_for_is_no_kind(text: str) -> None:
    assert not [one for one in parse(text, TODAY).filters if one.field == "uses" and {*one.items} & {*KINDS}]


def test_no_script_on_a_kind_that_is_denied_is_found(tmp_path: Path) -> None:
    texts = {
        "pictures/train.py": script("from torchvision import transforms"),
        "pictures/deeper.py": script("import torchvision"),
        "pictures/model.py": script(layers="nn.Linear(4, 4)"),  # one with those beside it
        "waves/train.py": script("import librosa", "nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8)"),
        "waves/model.py": script(),
        "waves/other.py": script(),
        "mixed/pictures.py": script("import torchvision"),
        "mixed/words.py": script("from transformers import AutoTokenizer"),
        "mixed/model.py": script(),
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")

    def found(query: str) -> dict[str, tuple[str, ...]]:
        results = engine.search(query, 20, meaning=False).results
        return {str(Path(one.row.path).relative_to(tmp_path)): one.why for one in results}

    others = {"waves/train.py", "waves/model.py", "waves/other.py", "mixed/words.py", "mixed/model.py"}
    assert found("PyTorch, but not for images").keys() == others
    assert found("uses:image-data").keys() == texts.keys() - others
    assert found("uses:image-data")["pictures/model.py"] == ("the other scripts of its folder are on image data",)
    why = found("PyTorch without pictures")["waves/model.py"]
    assert "nothing in its code or beside it says that it is on image data" in why
    engine.close()


def index_of(folder: Path, texts: dict[str, str]) -> SearchEngine:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    update(folder / "index", [folder], embed=False)
    return SearchEngine(folder / "index")


def found(engine: SearchEngine, query: str) -> set[str]:
    return {Path(one.row.path).stem for one in engine.search(query, 20, meaning=False).results}


def test_what_a_script_imports_tells_what_it_is_on(tmp_path: Path) -> None:
    engine = index_of(tmp_path, {
        "a/seen.py": script("import torchvision"), "a/train.py": script("from seen import Net"),
        "a/heard.py": script("import librosa"), "a/both.py": script("from seen import Net\nfrom heard import Net"),
        "a/other.py": script(),
    })  # fmt: skip
    assert found(engine, "PyTorch, but not for images") == {"heard", "both", "other"}
    engine.close()


def test_a_network_is_trained_on_what_the_one_script_is_that_imports_it(tmp_path: Path) -> None:
    mnist = "from torchvision.datasets import MNIST"
    engine = index_of(tmp_path, {
        "a/run.py": script(f"{mnist}\nfrom network import Net", loop="batch = MNIST('data')"),
        "a/network.py": script(),
        "a/again.py": script(f"{mnist}\nfrom shared import Net", loop="batch = MNIST('data')"),
        "a/cifar.py": script("from torchvision.datasets import CIFAR10\nfrom shared import Net",
                             loop="batch = CIFAR10('data')"),
        "a/shared.py": script(), "b/alone.py": script(),
    })  # fmt: skip
    assert found(engine, "PyTorch without MNIST") == {"cifar", "shared", "alone"}
    engine.close()


def test_a_kind_is_denied_of_what_only_runs_it_and_of_what_its_project_is_called(tmp_path: Path) -> None:
    runs = "from transformers import BertTokenizer\nfrom lib.trainer import Trainer\n"
    engine = index_of(tmp_path, {
        "a/lib/trainer.py": script(layers="nn.TransformerEncoderLayer(8, 2), nn.TransformerEncoderLayer(8, 2)"),
        "a/experiments/first/launch.py": runs + script(layers="nn.ReLU()"),
        "pix2pix/plain.py": script(), "b/other.py": script(),
    })  # fmt: skip
    assert found(engine, "PyTorch, no transformers") == {"plain", "other"}
    assert found(engine, "PyTorch, nothing conditional") == {"trainer", "launch", "other"}
    engine.close()


def test_what_is_on_the_kind_of_data_that_is_asked_for_comes_first(tmp_path: Path) -> None:
    texts = {
        "a.py": script("# images, and a classifier of them\n"),
        "b.py": script("import torchvision\n# a classifier of images\n"),
    }
    engine = index_of(tmp_path, texts)
    results = engine.search("classifier of images", meaning=False).results
    assert [Path(one.row.path).stem for one in results] == ["b", "a"]
    assert any(line.startswith("image-data: torchvision") for line in results[0].why)
    engine.close()


@pytest.mark.parametrize(("words", "named"), [
    ("image classifiers", ("image-data",)), ("models on time series", ("time-series-data",)),
    ("pictures and text", ("image-data", "text-data")), ("variational autoencoders", ()),
])  # fmt: skip
def test_words_name_a_kind_of_data(words: str, named: tuple[str, ...]) -> None:
    assert modality.named(words.split()) == named


def test_a_word_that_no_script_has_and_that_names_their_kind_is_known(tmp_path: Path) -> None:
    layers = "nn.Conv2d(3, 8, 3), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3), nn.ReLU()"
    engine = index_of(tmp_path, {"a.py": script(layers=layers), "b.py": script()})
    assert found(engine, "a convnet, not on text") == {"a"}
    engine.close()
