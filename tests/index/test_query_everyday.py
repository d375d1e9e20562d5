"""Questions as people put them: denials that deny nothing, names in several words, one word too many."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.indexing.update import update
from index.known import topics
from index.search import SearchEngine
from index.understanding.filters import Filter
from index.understanding.query import parse

TODAY = date(2025, 7, 16)


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


@pytest.mark.parametrize("text", [
    "collisions of particles, some of which hide a Higgs",
    "wasn't there something that looked for the Higgs?", "didn't we once look for the Higgs?",
])  # fmt: skip
def test_what_denies_nothing_is_no_negation(text: str) -> None:
    assert not any(one.negated for one in filters(text))


@pytest.mark.parametrize(("text", "denied"), [
    ("boosted trees, but leave Dask out of it", Filter("text", "eq", "dask", True)),
    ("autoencoders, please spare me the variational kind", Filter("tag", "eq", "vae", True)),
    ("regressions excluding Gaussian processes",
     Filter("text", "in", ("gaussian processes", "gaussian process"), True)),
    ("which of them don't use attention?", Filter("tag", "eq", "attention", True)),
    ("GANs that weren't trained on MNIST", Filter("dataset", "eq", "MNIST", True)),
])  # fmt: skip
def test_what_is_left_out_is_denied(text: str, denied: Filter) -> None:
    assert denied in filters(text)


def test_a_library_and_what_it_is_written_with_are_one() -> None:
    assert filters("JAX code whose layers come from Flax") == {Filter("framework", "eq", "Flax")}
    assert filters("PyTorch or JAX") == {Filter("framework", "in", ("PyTorch", "JAX"))}
    assert filters("with CatBoost") == {Filter("framework", "eq", "CatBoost")}
    assert filters("a LightningModule") == {Filter("framework", "eq", "PyTorch Lightning")}


@pytest.mark.parametrize(
    "said", ["with the weight decay taken apart", "whose weight decay is decoupled", "with decoupled weight decay"]
)
def test_adam_with_its_decay_apart_is_another_optimizer(said: str) -> None:
    assert filters(f"Adam {said}") == {Filter("optimizer", "eq", "AdamW")}
    assert filters("Adam and a weight decay of some kind") == {Filter("optimizer", "eq", "Adam")}


def test_words_of_every_day_name_no_dataset() -> None:
    for text in ("brain MR images", "building facades", "sun and places"):
        assert not filters(text), text
    assert filters("the MR dataset") == {Filter("dataset", "eq", "MR")}


def test_ranges_that_are_open_at_one_end() -> None:
    assert filters("created:..2019-12-31") == {Filter("created", "lt", "2020-01-01")}
    assert filters("created:2024..") == {Filter("created", "ge", "2024-01-01")}
    assert filters("epochs:100.. lr:..1e-3") == {Filter("epochs", "ge", 100), Filter("lr", "le", 0.001)}


def test_seventeen_kinds_of_flowers_are_another_dataset() -> None:
    assert filters("Oxford's flowers of 17 categories") == {Filter("dataset", "eq", "Flowers17")}
    assert filters("the Oxford flowers") == {Filter("dataset", "eq", "Flowers102")}


def test_a_comparison_after_what_it_is_on() -> None:
    assert len(parse("for CIFAR-10, what sets the ResNet apart from the VGG?", TODAY).sides) == 2


def test_what_is_said_of_one_side_alone_is_of_both() -> None:
    sides = parse("compare the Keras and the PyTorch network for Gomoku", TODAY).sides
    assert [side.words for side in sides] == [("gomoku",), ("gomoku",)]


@pytest.mark.parametrize(("text", "topic"), [
    ("GP regression", "gaussian processes"), ("HMM", "hidden Markov models"), ("BNNs", "bayesian neural networks"),
    ("PCA", "dimensionality reduction"), ("weights EMA", "averaged weights"), ("LSTM-CRF", "conditional random fields"),
    ("MCTS", "tree search"), ("models for a Raspberry Pi", "small devices"), ("TFLite", "small devices"),
    ("on Apple silicon", "apple silicon"), ("learning to learn", "meta-learning"),
    ("a forged signature", "signatures"), ("sort rubbish", "waste"), ("age estimation", "ages of faces"),
    ("DS-CNN", "depthwise separable convolutions"), ("Q-table", "tabular reinforcement learning"),
])  # fmt: skip
def test_what_is_called_for_short_is_known(text: str, topic: str) -> None:
    assert topic in topics.named(text)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    root = tmp_path_factory.mktemp("everyday")
    model = "import torch\nmodel = torch.nn.Linear(2, 1)\noptimizer = torch.optim.Adam(model.parameters(), 0.1)\n"
    model += "for e in range(9):\n    model(x).backward()\n    optimizer.step()\n"
    others = {f"survival{at}": "survival = 1\n" for at in range(9)}
    for name, text in {"slip": "survial = 1\n", "lstm_cityname": "", "agent": "flappy_bird = 1\n", **others}.items():
        (root / f"{name}.py").write_text(model + text)
    net = "net = tflearn.conv_2d(tflearn.conv_2d(x, 8, 3), 8, 3)\ntflearn.DNN(tflearn.regression(net)).fit(x, y)\n"
    (root / "learnt.py").write_text(f"import tflearn\n{net}")
    (root / "mnist.py").write_text(f"from torchvision.datasets import MNIST\nMNIST('.')\n{model}")
    update(root / "index", [root], embed=False)
    return SearchEngine(root / "index")


@pytest.mark.parametrize(("query", "expected"), [
    ("city names", {"lstm_cityname"}), ("flappy bird", {"agent"}), ("the old stuff on MNIST", {"mnist"}),
])  # fmt: skip
def test_a_word_too_many_or_a_space_empties_nothing(engine: SearchEngine, query: str, expected: set[str]) -> None:
    assert {Path(one.row.path).stem for one in engine.search(query, meaning=False).results} == expected


def test_a_slip_that_a_script_has_made_as_well_is_put_right(engine: SearchEngine) -> None:
    assert dict(engine.search("survial", meaning=False).understood.corrected) == {"survial": "survival"}


def test_tflearn_is_no_keras(engine: SearchEngine) -> None:
    found = {name: engine.search(f"framework:{name}", meaning=False).total for name in ("keras", "tensorflow")}
    assert found == {"keras": 0, "tensorflow": 1}
