"""A question that is a name in code, a file's or a folder's finds what is called so first."""

from __future__ import annotations

import pytest

from index.known.words import places, stem
from index.ranking.names import declares, said
from index.search import SearchEngine


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("DoubleConv", "DoubleConv"), ("def p_losses", "p_losses"),
        ("class VectorQuantizer(nn.Module)", "VectorQuantizer"),
        ("q_sample(", "q_sample"), ("residual networks", None), ("models/unet.py", None), ("lr:<1e-3", None),
    ],
)  # fmt: skip
def test_name_that_is_asked_for(query: str, name: str | None) -> None:
    assert said(query) == name


def test_who_declares_a_name_comes_before_who_uses_it() -> None:
    declared, otherwise, used, part = (
        "class UNetUp(nn.Module):", "class UnetUp(nn.Module):", "from models import UNetUp", "class MyUNetUp2:",
    )  # fmt: skip
    found = [declares(source, "UNetUp") for source in (declared, otherwise, used, part)]
    assert found == sorted(found, reverse=True) and len(set(found)) == 4 and found[-1] == 0


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("notebooks/autoencoder.ipynb", "notebooks_autoencoder"), ("games/dqn_2048", "games_dqn_2048"),
        ("dqn_2048.py", "games_dqn_2048"), ("cats-dogs/conditional_unet.py", "cats-dogs_conditional_unet"),
    ],
)  # fmt: skip
def test_path_finds_its_script(words: SearchEngine, query: str, first: str) -> None:
    assert words.search(query, meaning=False).results[0].row.model_id == first


def test_folder_finds_all_that_lies_in_it_first(words: SearchEngine) -> None:
    results = words.search("models/keras-experiments", meaning=False).results
    assert {result.row.model_id for result in results[:2]} == {"keras-experiments_vae", "keras-experiments_flowers_cnn"}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("CartPole-v0", "cartpole"), ("pl.LightningModule", "lightningmodule"),
        ("nn.ConvTranspose2d", "convtranspose2d"), ("self.diffusion.p_losses", "p_losses"),
        ("TD3_BipedalWalker-v2", "bipedalwalker"), ("gradient_penalty", "gradientpenalty"),
    ],
)  # fmt: skip
def test_a_name_is_found_without_what_it_is_joined_with(written: str, asked: str) -> None:
    assert asked in places(f"env = make('{written}')")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("category", "categories"), ("study", "studied"), ("query", "querying"), ("city", "cities"),
        ("movie", "movies"), ("model", "models"), ("denoise", "denoising"), ("denoiser", "denoised"),
        ("normalize", "normalization"), ("regularised", "regularisation"),
    ],
)  # fmt: skip
def test_forms_of_a_word_are_found_by_each_other(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("apple", "applied"), ("apples", "applies"), ("key", "kei")])
def test_words_that_look_alike_are_two(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_what_a_library_calls_so_is_no_animal() -> None:
    assert "cat" not in places("x = torch.cat([a, b])")
    assert "torch.cat" in places("x = torch.cat([a, b])")
    assert {"cat", "cats"} <= places("cats = load(cat_folder)").keys()
