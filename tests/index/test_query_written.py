"""What no field counts is looked for as scripts write it; what is said twice, and what is imported."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from index.indexing.update import update
from index.search import SearchEngine
from index.understanding.filters import Filter
from index.understanding.query import parse
from index.understanding.spelling import Speller

TODAY = date(2025, 7, 16)
GPU, NO_CPU = Filter("hw", "eq", "GPU"), Filter("hw", "eq", "CPU", True)


def filters(text: str) -> list[Filter]:
    return [*parse(text, TODAY).filters]


def forms(text: str) -> tuple[object, ...]:
    (one,) = (one for one in filters(text) if one.field == "text")
    return one.items


@pytest.mark.parametrize("count", ["25000", "25,000", "25k", "twenty-five thousand", "25 thousand"])
def test_so_many_iterations_are_looked_for_in_every_way_to_write_the_number(count: str) -> None:
    wanted = ("25000", "25_000", "25e3", "2.5e4", "25k")
    said = [
        f"{count} {of}{what}"
        for of, what in product(("", "training ", "gradient "), ("iterations", "steps", "updates"))
    ]
    said += [f"{verb} {joint} {count} {what}" for verb, joint, what in product(
        ("stops", "runs", "ends"), ("after", "for"), ("mini-batches", "batches", "iterations"))]  # fmt: skip
    for text in said:
        assert forms(text) == wanted, text
        assert not parse(text, TODAY).words, text


def test_a_number_of_batches_is_else_how_large_they_are_and_few_steps_are_of_anything() -> None:
    assert filters("batches of 2048") == [Filter("batch", "eq", 2048)]
    assert not filters("in 50 steps") and not filters("diffusion in four steps")
    assert not filters("1000 steps of noise") and not filters("2000 updates of the critic")
    assert forms("5000 steps of training") == ("5000", "5_000", "5e3", "5k")


@pytest.mark.parametrize("set_to", ["of", "=", "is", "lowered to", "set to", "at", ":"])
@pytest.mark.parametrize("half", ["0.5", "one half", "a half"])
def test_the_running_mean_of_adam_is_looked_for_as_it_is_passed(set_to: str, half: str) -> None:
    for name in ("beta1", "beta_1", "beta 1", "first beta", "first momentum", "first moment"):
        found = forms(f"Adam with {name} {set_to} {half}")
        assert {"betas 0.5", "beta1 0.5", "beta_1 0.5"} <= {*found}, name
    for name in ("beta2", "beta_2", "second beta"):
        found = forms(f"Adam with {name} {set_to} {half}")
        assert "beta2 0.5" in found and "betas 0.5" not in found, name


def test_both_running_means_stand_one_after_the_other() -> None:
    for text in (
        "betas=(0.5, 0.999)",
        "Adam with betas (0.5, 0.999)",
        "betas of 0.5 and 0.999",
        "Adam(betas=(0.5, 0.999))",
    ):
        assert {"betas 0.5 0.999", "beta_1 0.5 beta_2 0.999"} <= {*forms(text)}, text
    assert not [one for one in filters("a beta VAE with beta of 4") if one.field == "text"]


@pytest.mark.parametrize("least", ["at most", "or less", "max"])
@pytest.mark.parametrize("rate", ["1e-5", "ten to the minus five", "0.00001"])
def test_a_rate_after_steps_is_bounded_by_what_follows_it(rate: str, least: str) -> None:
    for before in ("very small steps", "tiny steps", "steps"):
        assert filters(f"{before}, {rate} {least}") == [Filter("lr", "le", 1e-5)], before


@pytest.mark.parametrize("none", ["no mini-batches", "no batches", "without batches", "no batch size"])
def test_what_is_denied_after_it_was_told_is_told_already(none: str) -> None:
    one = Filter("batch", "eq", 1)
    assert filters(f"updates after each single example, {none}") == filters(f"batch size 1, {none}") == [one]
    assert filters("no batch size") == [Filter("batch", "range", (None, None), True)]


@pytest.mark.parametrize("goes", ["pass", "go", "run", "cycle", "loop"])
def test_how_often_data_is_gone_through_says_nothing_more(goes: str) -> None:
    for way, whose in product(("over", "through"), ("the data", "all images", "the training set")):
        found = parse(f"scripts that {goes} just three times {way} {whose}", TODAY)
        assert found.filters == (Filter("epochs", "eq", 3),) and not found.words, (way, whose)


@pytest.mark.parametrize("sort", ["plain", "simple", "vanilla", "ordinary", "pure", "basic", "stochastic"])
def test_gradient_descent_by_itself_is_sgd(sort: str) -> None:
    sgd = Filter("optimizer", "eq", "SGD")
    assert sgd in filters(f"trained by {sort} gradient descent")
    assert filters(f"no Adam but the {sort} gradient descent optimizer, please") == [
        Filter("optimizer", "eq", "Adam", True), sgd
    ]  # fmt: skip


def test_a_device_without_another_to_fall_back_to_is_needed() -> None:
    for text in ("needs a GPU, no fallback to the CPU", "cuda without fallback", "never falls back to the CPU",
                 "without falling back to a CPU", "no CPU fallback", "crash on my laptop", "fails on a laptop",
                 "won't run on my laptop", "cannot run on an ordinary PC"):  # fmt: skip
        assert {*filters(text)} == {GPU, NO_CPU}, text
    for text in ("GPU with CPU fallback", "falls back to the CPU without a GPU"):
        assert {*filters(text)} == {GPU, Filter("hw", "eq", "CPU")}, text


@pytest.mark.parametrize("module", ["transformers", "peft", "haiku.nets", "torch_geometric"])
def test_a_line_that_imports_is_looked_for_whatever_else_the_name_means(module: str) -> None:
    for text in (f"from {module} import", f"import {module}", f"from {module} import Thing"):
        assert forms(text) == (f"from {module}", f"import {module}"), text
        assert not parse(text, TODAY).concepts
    assert filters("from sklearn import svm") == [Filter("framework", "eq", "scikit-learn")]


def test_vowels_that_changed_places_and_short_words_with_a_slip() -> None:
    speller = Speller(["sudoku", "pneumonia"])
    for slip, right in {"soduku": "sudoku", "flwo": "flow", "fcae": "face", "gmae": "game", "seperaton": "separation",
                        "pneuminoa": "pneumonia"}.items():  # fmt: skip
        assert speller.correct(slip) == right, slip
    for nonsense in ("sdk", "skudou", "blorptastic", "xqzw", "soduka"):
        assert speller.correct(nonsense) is None, nonsense


def test_a_phrase_with_a_number_in_it_is_found_as_it_stands(tmp_path: Path) -> None:
    text = (
        "import torch\nfrom torch import nn\nnet = nn.Linear(4, 4)\nopt = torch.optim.Adam(net.parameters(), 0.1, {})\n"
    )
    for name, more in (("half", "betas=(0.5, 0.999)"), ("usual", "betas=(0.9, 0.999)"), ("none", "")):
        (tmp_path / f"{name}.py").write_text(text.format(more))
    (tmp_path / "long.py").write_text(text.format("") + "for step in range(25_000):\n    opt.step()\n")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query in ("betas=(0.5, 0.999)", "Adam with beta1 of 0.5", '"betas=(0.5, 0.999)"'):
        assert [Path(one.row.path).stem for one in engine.search(query, meaning=False).results] == ["half"], query
    (found,) = engine.search("25000 iterations", meaning=False).results
    assert Path(found.row.path).stem == "long" and found.why == ("text matches 25_000 at line 5",)
    assert not engine.search("30000 iterations", meaning=False).results
    engine.close()


def test_a_field_takes_every_name_of_what_it_asks_for() -> None:
    for field, said, meant in (
        ("framework", "sklearn", "scikit-learn"), ("framework", "tf", "TensorFlow"), ("hw", "cuda", "GPU"),
        ("opt", "rms-prop", "RMSprop"), ("opt", "adam-w", "AdamW"),
    ):  # fmt: skip
        for minus in ("", "-"):
            (one,) = filters(f"{minus}{field}:{said}")
            assert (one.value, one.negated) == (meant, bool(minus)), said
    for said in ("keras", "lightning", "torch", "jax"):
        assert [one.value for one in filters(f"framework:{said}")] == [said]


@pytest.mark.parametrize(("often", "epochs"), [("once", 1), ("twice", 2), ("thrice", 3), ("ten times", 10)])
def test_how_often_each_example_is_seen_is_how_many_epochs_there_are(often: str, epochs: int) -> None:
    for sees, each in product(("sees", "visits"), ("every image", "each training example", "all examples", "the data")):
        assert filters(f"{sees} {each} {often}") == [Filter("epochs", "eq", epochs)], (sees, each)
    for goes, way in product(("goes", "loops", ""), ("over the data", "through all images")):
        assert filters(f"{goes} {often} {way}") == [Filter("epochs", "eq", epochs)], (goes, way)


@pytest.mark.parametrize("thing", ["pictures", "images", "examples", "samples"])
def test_what_a_batch_is_of_says_nothing_more(thing: str) -> None:
    found = parse(f"batches of thirty-two {thing}", TODAY)
    assert found.filters == (Filter("batch", "eq", 32),) and not found.words
    assert "cats" in parse(f"batches of 32 {thing} of cats", TODAY).words
    assert filters("a step width of a thousandth") == [Filter("lr", "eq", 1e-3)]


def test_estimators_that_are_fitted_beside_boosted_trees_are_of_their_library(tmp_path: Path) -> None:
    boosts = "import xgboost as xgb\nmodel = xgb.XGBRegressor(n_estimators=50)\nmodel.fit(x, y)\n"
    fits = "from sklearn.linear_model import Ridge\n"
    for name, text in (("both", fits + boosts + "Ridge().fit(x, y)\n"), ("boosts", boosts), ("splits",
                       "from sklearn.model_selection import train_test_split\n" + boosts)):  # fmt: skip
        (tmp_path / f"{name}.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query in ("scikit-learn", "framework:sklearn"):
        found = engine.search(query, meaning=False).results
        assert [Path(one.row.path).stem for one in found] == ["both"], query
        assert found[0].why == ("names scikit-learn at line 1: from sklearn.linear_model import Ridge",)
    found = engine.search("XGBoost without scikit-learn", meaning=False).results
    assert {Path(one.row.path).stem for one in found} == {"boosts", "splits"}
    engine.close()


@pytest.mark.parametrize("ends", ["over", "finished", "done"])
@pytest.mark.parametrize("thing", ["passes", "rounds", "epochs"])
def test_when_a_training_is_over_says_nothing_more_than_how_long_it_was(ends: str, thing: str) -> None:
    found = parse(f"trainings that are {ends} after at most five {thing}", TODAY)
    assert found.filters == (Filter("epochs", "le", 5),) and not found.words
    assert not parse("a game of at most five rounds", TODAY).filters


@pytest.mark.parametrize(("said", "value"), [("hundred", 100), ("thousand", 1000)])
def test_a_scale_by_itself_is_one_of_it(said: str, value: int) -> None:
    for text in (f"{said} samples in every batch", f"batches of {said} images", f"{said} samples at once"):
        assert filters(text) == [Filter("batch", "eq", value)], text
    assert not filters(f"several {said} epochs") and not filters(f"a few {said} epochs")
    assert filters(f"two {said} epochs") == [Filter("epochs", "eq", 2 * value)]


@pytest.mark.parametrize("said", ["classical estimators from sklearn, who fits these?", "estimators of scikit-learn",
                                  "classic estimators with fit and predict, in scikit-learn"])  # fmt: skip
def test_what_is_said_of_a_library_that_is_asked_for_leaves_none_of_it_out(said: str) -> None:
    found = parse(said, TODAY)
    assert Filter("framework", "eq", "scikit-learn") in found.filters and {*found.words} <= {*found.demanded}


def test_graphics_of_a_mac() -> None:
    for text in ("would run on my MacBook with Metal", "uses the graphics part of my Mac"):
        assert forms(text) == ("mps",), text
    assert not filters("sort songs of heavy metal")


def test_a_subject_is_put_right_though_the_index_has_no_word_of_it() -> None:
    assert Speller(["epoch"], ["~ant colony", "sudoku", "flappy bird"]).correct("flapy") == "flappy"
    assert Speller(["epoch"], ["sudoku"]).correct("soduku") == "sudoku"
