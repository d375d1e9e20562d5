"""Names that are ordinary words as well: they name something only where it is plain that they do."""

from __future__ import annotations

from datetime import date

import pytest

from index.understanding.query import parse
from index.understanding.vocabulary import DATASET_WORDS, ORDINARY

TODAY = date(2025, 7, 16)


def filters(text: str) -> set[tuple[str, object]]:
    return {(one.field, one.value) for one in parse(text, TODAY).filters}


@pytest.mark.parametrize(
    "sentence",
    ["a network that looks at {} in photos", "I am after something that tells {} apart"],
)  # fmt: skip
def test_an_ordinary_word_in_a_plain_sentence_names_no_dataset(sentence: str) -> None:
    for word in ORDINARY - {"c4", "set5", "set14"}:  # which would be numbers
        assert not {field for field, _ in filters(sentence.format(word))} & {"dataset"}, word


@pytest.mark.parametrize("sentence", ["the {} dataset", "networks trained on {}", "a GAN trained on the {} data set"])
def test_what_is_said_to_be_data_is_a_dataset_whatever_else_it_means(sentence: str) -> None:
    for word in ORDINARY - {"set5", "set14"}:
        assert ("dataset", DATASET_WORDS[word]) in filters(sentence.format(word)), word


@pytest.mark.parametrize(
    ("text", "named"),
    [("handwriting of IAM", True), ("image classification on PANDA", True), ("pretraining on C4", True),
     ("detect objects in Open Images", True), ("detect objects in open images", False), ("I am", False),
     ("who I AM", False), ("I am looking for captions", False), ("credit card default", False),
     ("Planet", False), ("detect a panda", False), ("face mask detector", False),
     ("the face mask dataset", True), ("trained on FaceMask", True)],
)  # fmt: skip
def test_capitals_name_what_lower_case_may_not(text: str, named: bool) -> None:
    assert ("dataset" in {field for field, _ in filters(text)}) is named


@pytest.mark.parametrize(
    "text",
    ["write haiku with a network", "poems such as a haiku poem", "predict lightning strikes", "flax seed quality",
     "air conditioning load", "cancer recurrence", "heat diffusion equation", "power transformers that fail",
     "pay attention to detail", "sounds of a guitar amp", "an image processor", "are there any graph convolutions?",
     "a temporal graph convolutional network", "a spatial transformer for crooked digits"],
)  # fmt: skip
def test_what_only_looks_like_a_term_is_searched_for_as_it_is_written(text: str) -> None:
    found = parse(text, TODAY)
    assert not found.filters
    assert not found.concepts


@pytest.mark.parametrize("text", ["trained on Cora", "cora", "graph networks for the Cora citations", "on Reuters"])
def test_what_is_hardly_anything_but_a_dataset_is_one_by_its_place(text: str) -> None:
    assert "dataset" in {field for field, _ in filters(f"networks trained {text}" if text == "on Reuters" else text)}
    assert not filters("a song for cora")


@pytest.mark.parametrize(("text", "kind"), [
    ("a generator and a discriminator", "gan"), ("networks in the shape of a U", "unet"),
    ("networks that rebuild their own input", "autoencoder"),
])  # fmt: skip
def test_a_kind_that_is_described_is_looked_for_by_its_name(text: str, kind: str) -> None:
    found = parse(text, TODAY)
    assert found.concepts == (kind,)
    assert found.words[-1] == kind


def test_a_year_that_is_all_that_is_asked_is_when_scripts_were_made() -> None:
    assert filters("2021") == filters("created in 2021")
    for text in ("2048", "1984", "2031"):  # a game, a novel, and what is yet to come
        assert not filters(text), text


def test_q_learning_with_a_table_is_no_deep_network() -> None:
    assert parse("Q-learning", TODAY).concepts == ("dqn",)
    for text in ("tabular Q-learning", "tabular Q learning"):
        assert not parse(text, TODAY).concepts, text


@pytest.mark.parametrize(
    ("text", "data"),
    [("a ViT on CIFAR-10", {"CIFAR10"}), ("segment tumours in breast ultrasound", set()),
     ("the ones I loved a lot", set()),
     ("what I said about GANs", set()), ("trained on INbreast", {"INbreast"}), ("trained on the Pile", {"ThePile"}),
     ("faces of CelebA", {"CelebA"})],
)  # fmt: skip
def test_a_small_word_before_another_is_no_beginning_of_a_name(text: str, data: set[str]) -> None:
    assert {value for field, value in filters(text) if field == "dataset"} == data


@pytest.mark.parametrize("small", ["in", "on", "at", "is", "as", "with", "and", "for", "to", "i", "a", "no"])
def test_no_name_is_put_together_of_a_small_word(small: str) -> None:
    named = {name for name in DATASET_WORDS if name.isalpha() and len(name) > 5}
    for name in sorted(named):
        for rest, text in (
            (name.removeprefix(small), "sorted {small} {rest}"),
            (name.removesuffix(small), "{rest} {small} it"),
        ):
            if rest != name and len(rest) > 1 and rest not in DATASET_WORDS and name != "celeba":
                assert DATASET_WORDS[name] not in {
                    value for _, value in filters(text.format(small=small, rest=rest))
                }, name
