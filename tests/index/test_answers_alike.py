"""Questions of what things have in common, in the forms that people give them."""

from __future__ import annotations

import pytest

from index.answers.answer import Answer, answer
from index.search import SearchEngine
from index.understanding.query import parse


def told(engine: SearchEngine, question: str) -> Answer:
    return answer(engine.search(question, 20, meaning=False), engine.catalog)


@pytest.mark.parametrize(
    "form",
    [
        "what do {} and {} have in common?", "what have {} and {} got in common", "what do {} and {} share",
        "tell me what {} and {} have in common", "is there anything that {} and {} share?",
        "how are {} and {} alike?", "in what way are {} and {} similar to each other?", "what makes {} and {} alike?",
        "how similar are {} and {}?", "what is the same in {} and in {}?", "what is common to {} and {}",
        "similarities between {} and {}", "what similarities are there between {} and {}?",
        "what does {} have in common with {}?", "what does {} share with {}", "how is {} like {}?",
        "how is {} similar to {}?", "in which settings do {} and {} agree?", "where do {} and {} overlap?",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("first", "second"), [("faces_dcgan", "keras-experiments_vae"), ("GANs", "the VAEs")])
def test_both_sides_are_understood(form: str, first: str, second: str) -> None:
    understood = parse(form.format(first, second))
    assert understood.alike and len(understood.sides) == 2
    assert [side.words for side in understood.sides] == [(first.lower(),), (second.lower().removeprefix("the "),)]


@pytest.mark.parametrize(
    "question",
    ["which models share weights", "networks whose encoder and decoder share weights", "GANs and VAEs with Adam",
     "what share of the GANs and VAEs use Adam", "how many scripts have the same learning rate",
     "compare the GANs and the VAEs", "similar images", "cosine similarity between image and text"],
)  # fmt: skip
def test_what_only_sounds_like_it_is_none(question: str) -> None:
    assert not parse(question).alike


def test_what_two_scripts_have_in_common(words: SearchEngine) -> None:
    found = told(words, "what do latent_diffusion and unet_ddpm have in common?")
    said = found.text.split("\n")
    assert "Both have the framework PyTorch." in said and "Both have the dataset FashionMNIST." in said
    assert any(one.startswith("Both have the optimizer AdamW") for one in said)
    assert not any("differ" in one for one in said)
    assert all(claim.cites and {cite.path for cite in claim.cites} for claim in found.claims)


def test_what_they_have_not_in_common_is_said_at_the_end(words: SearchEngine) -> None:
    found = told(words, "what do the GANs, the VAEs and the diffusion models have in common?")
    last = found.claims[-1]
    assert last.text.startswith("They have no ") and "framework" in last.text and last.cites


def test_only_the_fact_that_is_asked_for_is_told(words: SearchEngine) -> None:
    said = told(words, "which dataset do latent_diffusion and unet_ddpm share?").text.split("\n")
    assert said[2:] == ["Both have the dataset FashionMNIST."]
