"""Answers that are divided, of a part of a whole, or of what no script says."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answers.answer import Answer, answer
from index.indexing.update import update
from index.search import SearchEngine


def told(engine: SearchEngine, question: str) -> Answer:
    return answer(engine.search(question, 20, meaning=False), engine.catalog)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how many scripts did I create per year?", "14 scripts by year of creation: 14 in 2025."),
        ("CNNs per month", "8 CNNs by month of creation: 1 in February 2025, 1 in March 2025, 3 in April 2025, "
                           "1 in May 2025 and 2 in June 2025."),
        ("scripts per quarter", "14 scripts by quarter of creation: 5 in 2025 Q1 and 9 in 2025 Q2."),
        ("median batch size by framework", "The median batch size by framework: PyTorch 96 over 10 values; "),
        ("average learning rate per optimizer", "The average learning rate by optimizer: AdamW "),
        ("the most common optimizer per dataset", "The most common optimizer by dataset: "),
        ("average number of epochs on MNIST and on CIFAR-10", "The average number of epochs of 5 scripts that train on "
         "MNIST or CIFAR10 by dataset: MNIST 17 over 3 values; CIFAR10 115 over 2."),
        ("total number of epochs on MNIST", "The numbers of epochs add up to 51, over 3 values"),
        ("what percentage of my scripts use PyTorch?", "11 of 14 scripts (79%) are written in PyTorch: "),
        ("do all my GANs use Adam?", "Yes: 1 GAN trains with Adam."),
        ("are all my scripts on MNIST written in PyTorch?", "No: 2 of 3 scripts that train on MNIST (67%) are written "
         "in PyTorch: "),
        ("do most of my diffusion models use AdamW?", "Yes: all 4 diffusion models train with AdamW."),
        ("how many of my diffusion models have attention?", "1 of 4 diffusion models (25%) has attention: "),
        ("do most of my GANs and diffusion models use AdamW?", "Yes: 4 of 5 scripts that are GANs or "
         "are diffusion models (80%) train with AdamW: "),
        ("how many GANs and diffusion models do I have?", "5 of 14 scripts are GANs or are diffusion models: "),
        ("scripts per framework per quarter", "Frameworks by quarter of creation: 2025 Q1 has Keras/TensorFlow in 2, "),
        ("does faces_dcgan use dropout?", "No: faces_dcgan is not known to use dropout."),
        ("does vit_flowers use label smoothing?", "Yes: flowers_vit_flowers uses label smoothing."),
        ("is latent_diffusion trained on MNIST?", "No: Generative-Fashion-MNIST_latent_diffusion is not known "
         "to train on MNIST; its dataset is FashionMNIST."),
        ("does dqn_2048 train on MNIST?", "Not known: games_dqn_2048 states no dataset."),
        ("how many scripts use dcgan?", "1 script is called “dcgan”: faces_dcgan."),
        ("why is faces_dcgan a GAN?", "faces_dcgan: GAN, CNN"),
        ("where is the learning rate of vit_flowers set?", "flowers_vit_flowers: learning rate 0.0003."),
    ],
)  # fmt: skip
def test_divided_and_of_parts(words: SearchEngine, question: str, said: str) -> None:
    found = told(words, question)
    assert found.text.startswith(said)
    assert all(claim.cites for claim in found.claims)


def test_those_of_all_that_are_not_known_to_are_told(words: SearchEngine) -> None:
    said = told(words, "are all my scripts on MNIST written in PyTorch?").claims[1]
    assert said.text == "1 is not known to: keras-experiments_vae (framework Keras/TensorFlow)."


def test_a_rate_counts_for_the_optimizer_of_its_own_stage(tmp_path: Path) -> None:
    (tmp_path / "two.py").write_text(
        "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 1))\n"
        "def first():\n    opt = torch.optim.SGD(net.parameters(), lr=0.5)\n    for epoch in range(3):\n"
        "        net(x).backward()\n        opt.step()\n"
        "def second():\n    opt = torch.optim.Adam(net.parameters(), lr=0.25)\n    for epoch in range(7):\n"
        "        net(x).backward()\n        opt.step()\nfirst()\nsecond()\n"
    )
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    claim = told(engine, "average learning rate per optimizer").claims[0]
    assert claim.text == "The average learning rate by optimizer: Adam 0.25 over 1 value; SGD 0.5 over 1."
    assert (
        told(engine, "epochs per optimizer").text == "Numbers of epochs by optimizer: Adam has 7 in 1; SGD has 3 in 1."
    )
    engine.close()


@pytest.mark.parametrize(
    ("question", "unsaid"),
    [("what accuracy does vit_flowers reach?", "What a training gave is not known: scripts are read, never run."),
     ("who wrote vit_flowers?", "Who wrote a script is not recorded.")],
)  # fmt: skip
def test_what_no_script_says_is_said_to_be_unknown(words: SearchEngine, question: str, unsaid: str) -> None:
    found = told(words, question)
    assert found.claims[0].text == unsaid and not found.claims[0].cites
    assert found.claims[1].text.startswith("flowers_vit_flowers: ") and found.claims[1].cites
    assert all(claim["cites"] for claim in found.to_json()["claims"])


def test_three_sides_are_compared(words: SearchEngine) -> None:
    said = told(words, "compare my GANs, VAEs and diffusion models").text.split("\n")
    assert said[:2] == ["GAN: 1 GAN: faces_dcgan.", "VAE: 1 VAE: keras-experiments_vae."]
    assert said[2].startswith("diffusion model: 4 diffusion models: ")
    optimizer = next(one for one in said if one.startswith("They differ in optimizer: "))
    assert "GAN has Adam; VAE has RMSprop; diffusion model has AdamW in 4" in optimizer
    response = words.search("compare GANs, VAEs and diffusion models", meaning=False)
    assert {result.side for result in response.results} == {0, 1, 2}


def test_what_three_sides_share_is_asked_of_each(words: SearchEngine) -> None:
    sides = words.search("compare PyTorch, JAX and Keras diffusion models", meaning=False).understood.sides
    asked = [{(one.field, one.value) for one in side.filters} for side in sides]
    assert asked == [{("framework", name), ("tag", "diffusion")} for name in ("PyTorch", "JAX", "Keras")]


def test_the_lines_of_a_count_prove_what_is_counted(words: SearchEngine) -> None:
    rows = {row.path: row.facts for row in words.catalog.rows()}
    for question, line in (
        ("which scripts train on MNIST?", lambda facts: facts.evidence["dataset"]),
        ("what uses dropout?", lambda facts: next(one.line for one in facts.uses if one.name == "dropout")),
        ("how many GANs are there?", lambda facts: next(one.line for one in facts.tags if one.name == "gan")),
        ("batch size 128", lambda facts: facts.evidence["batch"]),
    ):
        lead = told(words, question).claims[0]
        assert lead.cites and [cite.line for cite in lead.cites] == [line(rows[cite.path]) for cite in lead.cites]


def test_of_all_those_that_state_nothing_it_is_not_denied(tmp_path: Path) -> None:
    net = "import torch\nfrom torch import nn\nnet = nn.Sequential(nn.Conv2d(8, 8, 3), nn.Conv2d(8, 1, 3))\n"
    step = "opt = torch.optim.{}(net.parameters(), lr=0.1)\n"
    step += "for epoch in range(3):\n    net(x).backward()\n    opt.step()\n"
    for name, text in (("one", step.format("Adam")), ("two", step.format("Adam")), ("none", "")):
        (tmp_path / f"{name}.py").write_text(net + text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = told(engine, "do all my CNNs use Adam?")
    assert found.text.startswith("Not known: 2 of 3 CNNs (67%) train with Adam: ")
    assert told(engine, "do most of my CNNs use Adam?").text.startswith("Yes: 2 of 3 CNNs")
    (tmp_path / "other.py").write_text(net + step.format("SGD"))
    update(tmp_path / "index", [tmp_path], embed=False)
    assert told(engine, "do all my CNNs use Adam?").text.startswith("No: 2 of 4 CNNs (50%) train with Adam: ")
    assert told(engine, "do most of my CNNs use Adam?").text.startswith("Not known: 2 of 4 CNNs")
    engine.close()
