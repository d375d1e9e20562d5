"""Denials in everyday words: of what data, worlds and parts of a method are described by, and of who makes them."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from index.understanding.filters import Filter
from index.understanding.query import Query, parse

TODAY = date(2025, 7, 16)


def asked(text: str) -> Query:
    return parse(text, TODAY)


def denied(text: str) -> set[tuple[str, object]]:
    found = asked(text)
    assert not found.unclear, text
    assert all(one.negated for one in found.filters), (text, found.filters)
    return {(one.field, item) for one in found.filters for item in one.items}


@pytest.mark.parametrize("noun", ["game", "world", "dataset", "task", "problem"])
def test_any_thing_but_another_excepts_it(noun: str) -> None:
    for every in ("any", "every", "all"):
        assert denied(f"agents for {every} {noun} but cartpole") == {("text", "cartpole")}
        assert denied(f"networks for {every} {noun} but MNIST") == {("dataset", "MNIST")}
        assert ("text", "cartpole") in denied(f"agents for {every} {noun} but the pole that must be balanced upright")


@pytest.mark.parametrize("opening", ["leaving out", "without", "except", "but not on", "excluding", "no"])
def test_a_description_is_denied_as_what_it_describes(opening: str) -> None:
    cifar = {("dataset", "CIFAR10"), ("dataset", "CIFAR100")}
    for digits, tiny in product(
        ("the digits", "handwritten digits"), ("the tiny CIFAR images", "CIFAR", "small CIFAR")
    ):
        found = denied(f"classifiers, {opening} {digits} and {tiny}")
        assert {("dataset", "MNIST"), *cifar} <= found
    assert denied(f"classifiers {opening} CIFAR") == cifar
    assert denied(f"classifiers {opening} CIFAR-10") == {("dataset", "CIFAR10")}


def test_a_name_of_several_datasets_is_any_of_them() -> None:
    both = Filter("dataset", "in", ("CIFAR10", "CIFAR100"))
    assert asked("ResNets trained on CIFAR").filters == (both,)
    assert denied("neither on MNIST nor on CIFAR") == {
        ("dataset", "MNIST"), ("dataset", "CIFAR10"), ("dataset", "CIFAR100"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["agents with no replay memory", "agents without an experience buffer", "agents that forget every experience",
     "agents, no experience replay", "agents discarding their experiences"],
)  # fmt: skip
def test_a_part_of_a_method_is_denied_under_all_its_names(text: str) -> None:
    assert {("text", "replay buffer"), ("text", "replay memory"), ("text", "experience replay")} <= denied(text)


@pytest.mark.parametrize(
    "way",
    ["nothing imported from", "nothing taken from", "without importing", "nothing borrowed from", "not loaded from"],
)
def test_what_nothing_is_taken_from_is_denied(way: str) -> None:
    assert denied(f"denoising, {way} diffusers") == {("text", "diffusers")}
    assert denied(f"denoising, {way} Hugging Face diffusers") == {("text", "diffusers")}


@pytest.mark.parametrize(
    ("maker", "library"), [("Microsoft", "LightGBM"), ("Yandex", "CatBoost"), ("Facebook", "PyTorch")]
)
def test_a_maker_stands_for_the_library(maker: str, library: str) -> None:
    for text in (f"only please not the one from {maker}, {library}", f"not {maker}'s {library}",
                 f"other than {maker}'s {library}", f"not the one from {maker}", f"without {library} from {maker}",
                 f"not the {maker} one"):  # fmt: skip
        assert denied(f"boosting, {text}") == {("framework", library)}, text
    for text in (f"{maker}'s {library}", f"written in {library} by {maker}", f"the trees from {maker}"):
        assert Filter("framework", "eq", library) in asked(text).filters, text
        assert maker.lower() not in asked(text).words
    assert asked("Google's JAX").filters == (Filter("framework", "eq", "JAX"),)
    assert asked("google street view").words == ("google", "street", "view")
