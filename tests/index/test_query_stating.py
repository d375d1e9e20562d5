"""What scripts leave open or state, and what is written without a framework or a network."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from index.indexing.update import update
from index.search import SearchEngine
from index.understanding.filters import Filter, either, stated
from index.understanding.query import QueryError, parse
from tui.scripts.chips import said, written

TODAY = date(2025, 7, 16)
NAMES = {"dataset": ("dataset", "data set"), "lr": ("learning rate", "lr"), "batch": ("batch size",),
         "epochs": ("number of epochs",), "optimizer": ("optimizer", "optimiser"), "framework": ("framework",),
         "hw": ("hardware",), "arch": ("architecture",)}  # fmt: skip
FIELDS = [(field, name) for field, names in NAMES.items() for name in names]
BY_HAND = either(Filter("framework", "eq", "NumPy"), stated("framework", negated=True))


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


@pytest.mark.parametrize(("field", "name"), FIELDS)
def test_what_is_left_open(field: str, name: str) -> None:
    expected = {stated(field, negated=True)}
    for given in ("stated", "given", "specified", "known"):
        assert filters(f"no {name} {given}") == filters(f"scripts whose {name} is not {given}") == expected, given
    for text in (f"unknown {name}", f"{name} unknown", f"{name} n/a", f"where the {name} is missing", f"{name}: none",
                 f"they don't say which {name} they use", f"that never mention their {name}", f"with no known {name}",
                 f"scripts that state no {name}"):  # fmt: skip
        assert filters(text) == expected, text
        assert not parse(text, TODAY).unclear, text
    if field != "framework":
        assert filters(f"GANs without any {name}, by name") >= expected


@pytest.mark.parametrize(("field", "name"), FIELDS)
def test_what_is_stated(field: str, name: str) -> None:
    for text in (f"scripts that state a {name}", f"with a known {name}", f"where the {name} is given", f"{field}:*"):
        assert filters(text) == {stated(field)}, text
    assert (
        filters(f"-{field}:*") == filters(f"{field}:none") == filters(f"{field}:n/a") == {stated(field, negated=True)}
    )


def test_what_is_named_further_is_no_such_statement() -> None:
    for text in ("no optimizer but Adam", "without a dataset class", "no learning rate schedule",
                 "no more than 3 epochs", "that give a batch size of 64", "learning rate set to 0.1",
                 "no framework but PyTorch"):  # fmt: skip
        assert not any(one.any_value for one in filters(text)), text
    with pytest.raises(QueryError):
        parse("size:none", TODAY)


@pytest.mark.parametrize(
    "text",
    [*(f"{no} {kind}{library}" for no, kind, library in product(
        ("no", "without any", "with no"), ("", "deep learning ", "ready-made "), ("framework", "library"))),
     "in plain Python", "numpy only", "in pure NumPy", "just numpy"],
)  # fmt: skip
def test_written_by_hand(text: str) -> None:
    assert filters(f"an LSTM, {text}") == {BY_HAND}
    assert BY_HAND not in filters("PyTorch and NumPy")


def test_plain_frameworks_and_no_networks() -> None:
    torch = {Filter("framework", "eq", "PyTorch"), Filter("framework", "eq", "PyTorch Lightning", True)}
    for adjective in ("vanilla", "plain", "pure", "raw"):
        assert filters(f"{adjective} PyTorch") >= torch
        assert parse(f"GANs in {adjective} PyTorch", TODAY).words == ("gans",)
    without = Filter("uses", "eq", "neural-network", True)
    assert filters("a table, no network at all") == filters("with tables instead of networks") == {without}
    for text in ("classical machine learning", "traditional ML", "nothing deep", "no NNs", "not deep, please"):
        assert filters(text) == {without}, text
    assert parse("classic scikit-learn", TODAY).words == ()


@pytest.mark.parametrize(
    ("component", "name"),
    [*product(("quantization",), ("8-bit", "8 bits", "int8", "4-bit quantization")),
     *product(("hugging-face",), ("Hugging Face transformers", "the transformers library", "huggingface"))],
)  # fmt: skip
def test_parts_that_are_asked_for_wherever_they_are_named(component: str, name: str) -> None:
    asked = Filter("uses", "eq", component)
    for text in (name, f"fine-tuning, {name}", f"trained with {name}", f"which ones use {name}?"):
        assert filters(text) == {asked}, text
    if component == "quantization":
        assert filters(f"without {name}") == {replace(asked, negated=True)}


def test_what_is_left_to_a_framework_and_counted_from_today_is_looked_for_in_no_script() -> None:
    lightning = Filter("framework", "eq", "PyTorch Lightning")
    for text in ("which leave the training loop to Lightning?", "whose loop is left to a Lightning Trainer",
                 "leaves the loop to Lightning"):  # fmt: skip
        asked = parse(text, TODAY)
        assert asked.filters == (lightning,) and not {"loop", "leave", "left"} & {*asked.words}, text
    assert parse("people who leave the loop to Paris", TODAY).words
    assert parse("leaves fall from trees", TODAY).words
    year = str(TODAY.year)
    for text in (f"made two years ago counted from {year}", "made two years ago, reckoned from today"):
        assert parse(text, TODAY).filters == parse("made two years ago", TODAY).filters, text
        assert not parse(text, TODAY).words, text


def test_several_devices_rank_as_few_scripts_state_how_many_there_are() -> None:
    for name in ("several GPUs", "multiple GPUs", "more than one graphics card", "distributed training"):
        for text in (f"which ones use {name}?", f"needs {name}", f"training on {name} at a time"):
            asked = parse(text)
            assert not asked.filters and asked.components == ("multi-gpu",) and "time" not in asked.words, text
        assert filters(f"without {name}") == {Filter("uses", "eq", "multi-gpu", True)}, name


def test_the_quantization_of_vectors_is_none_of_weights() -> None:
    for text in ("vector quantization with a codebook", "which ones use product quantisation?"):
        assert not filters(text), text


def test_what_somebody_needs_or_has_is_no_condition() -> None:
    for text in ("I need the residual network", "do we have any residual networks?", "are there residual networks?"):
        assert not filters(text) and parse(text).concepts == ("resnet",), text
    assert filters("which ones have residual blocks?") == {Filter("tag", "eq", "resnet")}


def test_the_names_of_classes_are_words() -> None:
    assert not filters("DataParallel") and not filters("PositionalEncoding")


def test_momentum_is_asked_for_beside_its_optimizer() -> None:
    sgd, momentum = Filter("optimizer", "eq", "SGD"), Filter("uses", "eq", "momentum")
    for text in ("SGD with momentum", "momentum SGD", "sgd momentum 0.9", "stochastic gradient descent with momentum",
                 "SGD with Nesterov momentum"):  # fmt: skip
        assert filters(text) == {sgd, momentum}, text
    assert filters("plain SGD without momentum") == {sgd, replace(momentum, negated=True)}
    assert filters("SGD") == {sgd} and not filters("momentum contrast on photos")


@pytest.mark.parametrize(
    ("name", "word"),
    [("PyTorch Geometric", "torch_geometric"), ("TensorFlow Probability", "tensorflow_probability"),
     ("weights and biases", "wandb"), ("Apple silicon", "mps"), ("Apple's MPS backend", "mps")],
)  # fmt: skip
def test_libraries_called_after_a_framework_are_no_framework(name: str, word: str) -> None:
    assert filters(f"graphs with {name}") == {Filter("text", "eq", word)}
    assert filters(f"graphs without {name}") == {Filter("text", "eq", word, True)}


def test_examples_that_are_put_into_a_batch() -> None:
    for text in ("put more than 500 examples into one batch", "over 500 images into each batch"):
        assert filters(text) == {Filter("batch", "gt", 500)}, text


def test_a_number_of_devices() -> None:
    for text in ("at least two GPUs", "2+ GPUs", "more than one GPU", "on 4 GPUs", "sixteen GPUs"):
        assert not filters(text) and parse(text).components == ("multi-gpu",), text


def test_pronouns_are_no_data_set() -> None:
    for text in ("I am looking for a model that draws", "what I am after is segmentation"):
        assert not filters(text), text
    for text in ("folding proteins", "the mushroom table", "iam"):
        assert not filters(text), text
    assert filters("the PROTEINS graphs") == {Filter("dataset", "eq", "PROTEINS")}
    assert filters("IAM handwriting") == filters("iam dataset") == {Filter("dataset", "eq", "IAM")}


def test_scripts_are_found_by_what_they_leave_open(tmp_path: Path) -> None:
    given = "import torch\nmodel = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.25)\n"
    loop = "for epoch in range(3):\n    optimizer.zero_grad()\n    model(x).sum().backward()\n    optimizer.step()\n"
    (tmp_path / "given.py").write_text(given + loop)
    (tmp_path / "open.py").write_text(given.replace("lr=0.25", "lr=rate()") + loop)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for text, name, reason in (("no learning rate stated", "open", "lr is not stated"),
                               ("scripts that state a learning rate", "given", "lr 0.25 in stage")):  # fmt: skip
        found = engine.search(text, meaning=False).results
        assert [result.row.model_id.rpartition("_")[2] for result in found] == [name]
        assert any(line.startswith(reason) for line in found[0].why), found[0].why
    engine.close()


def test_such_a_filter_is_shown_and_written_back() -> None:
    for field in NAMES:
        for negated in (False, True):
            one = stated(field, negated=negated)
            assert said(one.to_json()) == f"{field} {'not ' * negated}stated"
            assert filters(written(one.to_json())) == {one}
