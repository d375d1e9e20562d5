"""Answers in sentences: every claim cites a line that proves it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.answers.answer import Answer, answer
from index.catalog.database import Catalog
from index.indexing.update import update
from index.search import SearchEngine
from index.serving.completing import completions


def told(engine: SearchEngine, question: str) -> Answer:
    return answer(engine.search(question, 20, meaning=False), engine.catalog)


@pytest.mark.parametrize(
    "question",
    ["which models use U-Net?", "list all models", "what batch size does dcgan use?", "compare CNN and RNN",
     "set dcgan beside latent_diffusion", "models on Fashion-MNIST, newest first"],
)  # fmt: skip
def test_every_claim_cites_lines_that_exist(words: SearchEngine, question: str) -> None:
    found = told(words, question)
    assert found.claims and found.source == "facts"
    paths = {row.path: words.catalog.source(row.id).count("\n") + 1 for row in words.catalog.rows()}
    for claim in found.claims:
        assert claim.cites, claim.text
        for cite in claim.cites:
            assert 1 <= cite.line <= paths[cite.path]
    document = found.to_json()
    assert set(document) == {"text", "claims", "source"}
    assert all(set(cite) == {"path", "line"} for claim in document["claims"] for cite in claim["cites"])


def test_a_fact_that_is_asked_for_is_told_with_the_line_that_says_it(words: SearchEngine) -> None:
    found = told(words, "what batch size does vit_flowers use?")
    row = words.catalog.find("vit_flowers")
    claim = next(claim for claim in found.claims if claim.text.startswith("flowers_vit_flowers: batch size"))
    assert f"batch size {row.facts.batch}" in claim.text
    assert [cite.line for cite in claim.cites] == [row.facts.evidence["batch"]]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what is the newest script?", r"The newest of 14 scripts is .*"),
        ("the biggest file", r"The largest of 14 scripts is .*"),
        ("top 3 models by epochs", r"The 3 longest trained of 14 scripts: .*"),
    ],
)
def test_what_orders_the_scripts_is_told_of_each(words: SearchEngine, question: str, said: str) -> None:
    response = words.search(question, meaning=False)
    claim = answer(response, words.catalog).claims[0]
    assert re.match(said, claim.text)
    for result in response.results[:3]:
        row = result.row
        values = {f"{row.created:%Y-%m-%d}", f"{row.size:,} bytes", f"{row.facts.epochs} epochs"}
        assert any(
            re.search(rf"{re.escape(row.model_id)} \((?:created )?{re.escape(value)}", claim.text) for value in values
        )


def test_a_comparison_tells_what_differs_and_nothing_else(words: SearchEngine) -> None:
    text = told(words, "compare lstm_adder with faces_dcgan").text
    assert "They differ in kind of model: lstm_adder has LSTM / RNN; faces_dcgan has GAN" in text
    assert "They differ in framework" not in text  # both are of PyTorch


def test_sides_are_called_by_what_is_asked_of_each_alone(words: SearchEngine) -> None:
    text = told(words, "differences between my diffusion models on CIFAR-10 and Fashion-MNIST").text
    assert text.startswith("CIFAR10: 1 diffusion model that trains on CIFAR10: ")
    assert "They differ in batch size: CIFAR10 has " in text and "They differ in dataset" not in text


def test_scripts_that_are_not_named_are_counted_whatever_the_limit(words: SearchEngine) -> None:
    response = words.search("trained on MNIST", 2, meaning=False)
    assert answer(response, words.catalog).text.startswith("3 of 14 scripts train on MNIST: ")
    names = answer(response, words.catalog).claims[0].text.partition(": ")[2]
    assert len(names.split(", ")) == 3


def test_scripts_that_only_name_a_dataset_are_told_apart_from_those_that_train_on_it(tmp_path: Path) -> None:
    network = "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 1))\n"
    (tmp_path / "trains.py").write_text(
        f"{network}from torchvision.datasets import CIFAR10\ndata = CIFAR10('.')\ntorch.optim.Adam(net.parameters())\n"
    )
    (tmp_path / "names.py").write_text(f"{network}def width(name):\n    return 3 if name == 'cifar10' else 1\n")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for limit in (20, 1):
        response = engine.search("which train on cifar10?", limit, meaning=False)
        said = [claim.text.replace(f"{tmp_path.name}_", "") for claim in answer(response, engine.catalog).claims]
        assert said[:2] == [
            "1 of 2 scripts trains on CIFAR10: trains.",
            "1 script only names CIFAR10 and is not known to train on it: names.",
        ]
        assert not any(text.startswith("By ") for text in said)  # of one that trains there is no group
    engine.close()


def test_a_side_counts_only_what_trains_on_its_dataset_and_says_where_it_has_nothing(tmp_path: Path) -> None:
    network = "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Conv2d(1, 8, 3), nn.Linear(8, 1))\n"
    data = "from torchvision.datasets import {0}\ndata = {0}('.')\ntorch.optim.Adam(net.parameters())\n"
    for name in ("MNIST", "CIFAR10"):
        (tmp_path / f"on_{name}.py").write_text(network + data.format(name))
    (tmp_path / "names.py").write_text(f"{network}def width(name):\n    return 3 if name == 'mnist' else 1\n")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    said = told(engine, "compare models on MNIST with models on CIFAR-10").text.split("\n")
    assert said[0].startswith("MNIST: 1 script that trains on MNIST: ") and said[0].endswith("_on_MNIST.")
    assert said[-1].startswith("1 script only names MNIST and is not known to train on it: ")
    said = told(engine, "compare GANs on MNIST with CNNs on CIFAR-10").text.split("\n")
    assert "no script is a GAN and trains on MNIST; compared instead: 1 script that trains on MNIST" in said[0]
    engine.close()


def test_a_question_about_one_script_is_answered_with_that_alone(words: SearchEngine) -> None:
    for question in ("what batch size does vit_flowers use?", "the learning rate of flowers/vit_flowers.py"):
        response = words.search(question, meaning=False)
        assert response.answering == 1
        said = answer(response, words.catalog).claims
        asked = "batch size" if "batch" in question else "learning rate"
        assert len(said) == 1 and said[0].text.startswith(f"flowers_vit_flowers: {asked} ")


def test_what_only_comes_near_is_no_answer(words: SearchEngine) -> None:
    response = words.search("how many U-Nets are there?", meaning=False)
    assert response.answering == 2 and answer(response, words.catalog).text.startswith("2 of 14 scripts are U-Nets: ")
    everything = words.search("created in 2025", meaning=False)
    assert everything.answering == everything.total


def test_only_what_is_of_the_kind_that_is_asked_for_fits(tmp_path: Path) -> None:
    network = "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 1))\n"
    training = (
        "opt = torch.optim.Adam(net.parameters())\nfor epoch in range(3):\n    net(x).backward()\n    opt.step()\n"
    )
    (tmp_path / "faces.py").write_text(f'"""Faces, beside a VAE of others."""\n{network}{training}')
    update(tmp_path / "index", [tmp_path / "faces.py"], embed=False)
    engine = SearchEngine(tmp_path / "index")
    response = engine.search("the VAE for faces", meaning=False)
    assert (response.answering, len(response.results)) == (0, 1)
    (claim,) = answer(response, engine.catalog).claims
    assert claim.text == f"No script is a VAE; the nearest is {response.results[0].row.model_id}." and claim.cites
    engine.close()


def test_scripts_compared_by_name_come_first(words: SearchEngine) -> None:
    results = words.search("compare latent_diffusion with dcgan", meaning=False).results
    assert [one.row.model_id for one in results if one.side == 0] == ["Generative-Fashion-MNIST_latent_diffusion"]
    assert [one.row.model_id for one in results[:2]] == ["Generative-Fashion-MNIST_latent_diffusion", "faces_dcgan"]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [("compare latent_diffusion with dcgan", "Generative-Fashion-MNIST_latent_diffusion", "faces_dcgan"),
     ("compare vae with dcgan", "keras-experiments_vae", "faces_dcgan"),
     ("compare dcgan with vae", "faces_dcgan", "keras-experiments_vae"),
     ("compare faces_dcgan with latent_diff", "faces_dcgan", "Generative-Fashion-MNIST_latent_diffusion")],
)  # fmt: skip
def test_a_side_that_names_a_script_is_that_script_alone(
    hybrid: SearchEngine, question: str, first: str, second: str
) -> None:
    assert [(one.side, one.row.model_id) for one in hybrid.search(question).results] == [(0, first), (1, second)]


def test_a_comparison_lists_what_every_stage_states(words: SearchEngine) -> None:
    text = told(words, "compare latent_diffusion with dcgan").text
    assert "They differ in learning rate: latent_diffusion has 0.0001 / 0.001; " in text
    assert "They differ in optimizer: latent_diffusion has Adam / AdamW; " in text
    assert "They differ in epochs: latent_diffusion has 20 / 100; " in text


def test_both_sides_of_a_comparison_are_in_the_result(words: SearchEngine) -> None:
    results = words.search("differences between models on CIFAR-10 and MNIST", 4, meaning=False).results
    assert {result.row.facts.dataset for result in results} == {"CIFAR10", "MNIST"}
    assert {result.side for result in results} == {0, 1}


def test_an_empty_answer_names_the_filter_and_the_nearest_value(words: SearchEngine) -> None:
    response = words.search("PyTorch models with batch size 9999", meaning=False)
    assert response.results == () and response.empty is not None
    (one,) = response.empty.filters
    assert (one.by.field, one.by.value) == ("batch", 9999)
    assert one.nearest is not None and one.nearest.field == "batch"
    assert words.search(f"PyTorch models with batch size {one.nearest.value}", meaning=False).results
    text = answer(response, words.catalog).text
    assert text.startswith("No script is written in PyTorch and uses batch size 9999. ")
    assert f"The nearest uses batch size {one.nearest.value}." in text
    assert answer(response, words.catalog).to_json()["claims"] == []


def test_an_empty_answer_widens_a_date_to_the_nearest_script(words: SearchEngine) -> None:
    response = words.search("GANs created in 2019", meaning=False)
    assert response.empty is not None
    nearest = response.empty.filters[0].nearest
    assert nearest is not None and nearest.value == ("2019-01-01", "2025-01-20")


def test_two_filters_that_nothing_passes_together(words: SearchEngine) -> None:
    response = words.search("tag:dqn dataset:mnist", meaning=False)
    assert response.empty is not None
    assert {one.by.field for one in response.empty.filters} == {"tag", "dataset"}
    assert all(one.without > 0 for one in response.empty.filters)


@pytest.mark.parametrize(
    ("text", "start", "option"),
    [("fram", 0, "framework:"), ("unet data", 5, "dataset:"), ("-tag:c", 5, "cnn"), ("dataset:fash", 8, "FashionMNIST"),
     ("created:last", 8, "last-week"), ("sort:-l", 6, "lr"), ("opt:ada", 4, "Adam"), ("lr:<1e-", 4, "1e-3"),
     ("lr:<0.00", 4, "1e-3")],
)  # fmt: skip
def test_completion(words: SearchEngine, text: str, start: int, option: str) -> None:
    catalog: Catalog = words.catalog
    found = completions(text, len(text), catalog)
    assert found.start == start
    assert option in found.options
    assert completions("nothing:", 8, catalog).options == ()
