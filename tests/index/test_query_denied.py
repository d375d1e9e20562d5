"""Denials in everyday words: of what data, worlds and parts of a method are described by, and of who makes them."""

from __future__ import annotations

from datetime import date
from itertools import permutations, product

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


@pytest.mark.parametrize("opening", ["no", "without", "anything but", "except"])
def test_boosting_is_denied_under_the_names_of_its_libraries(opening: str) -> None:
    for said in ("boosting", "gradient boosting", "boosted trees"):
        found = denied(f"trees on tables, {opening} {said}")
        assert {("text", "import xgboost"), ("text", "lgbmclassifier"), ("text", "boosting")} <= found
        assert ("text", "xgboost") not in found  # which a path may hold


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


@pytest.mark.parametrize(
    ("subject", "words"),
    [("stock prices", {"stock"}), ("stocks", {"stocks", "stock"}), ("the stock market", {"stock"}),
     ("faces", {"faces", "face"}), ("satellite images", {"satellite"}), ("chest x-rays", {"chest"}),
     ("music", {"music"}), ("anomalies", {"anomalies", "anomaly"}), ("news articles", {"news"}), ("cats", {"cats"}),
     ("machine translation", {"machine translation"})],
)  # fmt: skip
def test_a_subject_is_denied_by_its_name_in_either_number(subject: str, words: set[str]) -> None:
    for denying in ("not about", "not for", "except those for", "that have nothing to do with", "that are unrelated to",
                    "which do not deal with", "other than the ones on"):  # fmt: skip
        text = f"show me all of the models that somebody here has ever trained, {denying} {subject}"
        assert denied(text) == {("text", word) for word in words}, text
    for verb in ("predict", "forecast", "detect", "generate", "read"):
        assert denied(f"networks that do not {verb} {subject}") == {("text", word) for word in words}


def test_what_is_done_to_anything_is_no_subject_that_could_be_denied() -> None:
    found = asked("models that do not classify images")
    assert [one.text for one in found.unclear] == ["not classify"]
    assert not found.filters


@pytest.mark.parametrize("negator", ["not of", "but not", "no", "except those for", "nothing with"])
def test_people_are_denied_as_a_subject_and_not_as_those_who_help(negator: str) -> None:
    for people in ("people", "humans", "human faces"):
        assert {("text", "human"), ("text", "person")} <= denied(f"segmentation, {negator} {people}")
    assert asked("agents that learn without humans").unclear


def test_where_models_come_from_is_denied_by_what_brings_them() -> None:
    for way in ("no hugging face", "not loaded from Hugging Face", "without huggingface", "not from Hugging Face"):
        assert ("text", "from transformers") in denied(f"language models, {way}")
    for way in ("no pretrained", "not pretrained", "without pretrained weights", "no pre-trained model"):
        assert denied(f"classifiers, {way}") == {("uses", "pretrained-weights")}


def test_several_words_that_are_one_name_are_denied_as_one() -> None:
    assert denied("image classification, not cats and dogs") == {("dataset", "CatsVsDogs")}
    assert ("text", "tts") in denied("speech, but no text to speech")


def test_what_a_network_was_trained_on_before_is_no_dataset_of_its_training() -> None:
    weights = ("uses", "pretrained-weights")
    for text in ("networks pretrained on ImageNet", "starting from ImageNet weights", "transfer learning from ImageNet",
                 "with weights of ImageNet", "fine-tuned after ImageNet pretraining",
                 "features of a VGG trained on ImageNet", "a network already trained on ImageNet",
                 *(f"layers that were trained on ImageNet {when}" for when in ("before", "beforehand", "previously")),
                 *(f"an ImageNet {part}" for part in ("backbone", "encoder", "feature extractor", "initialisation")),
                 *(f"take an ImageNet {kind} and {verb} it" for kind in ("model", "network", "ResNet")
                   for verb in ("freeze", "finetune", "retrain"))):  # fmt: skip
        assert [(one.field, one.value) for one in asked(text).filters] == [weights], text
    assert denied("classifiers without ImageNet weights") == {weights}
    for text in ("trained on ImageNet", "ImageNet classifiers", "ResNets on ImageNet with SGD", "ImageNet models",
                 "trained on ImageNet before 2020", "trained on ImageNet before March"):  # fmt: skip
        assert ("dataset", "ImageNet") in [(one.field, one.value) for one in asked(text).filters], text


@pytest.mark.parametrize("other", ["other", "any other", "another", "further"])
def test_a_denied_list_goes_on_with_all_others(other: str) -> None:
    kinds = {("tag", "lstm"), ("tag", "rnn")}
    if other != "another":
        assert denied(f"models that have no LSTM or {other} recurrent layer in them") == kinds
    assert denied("models with no LSTM, GRU or other recurrent cells") == {*kinds, ("tag", "gru")}


@pytest.mark.parametrize(
    "said", ["does not belong to the Adam family", "isn't one of the Adam family", "is not part of the Adam family"]
)
def test_what_is_of_no_family_is_denied_with_all_its_kin(said: str) -> None:
    assert {("optimizer", "Adam"), ("optimizer", "AdamW"), ("optimizer", "NAdam")} <= denied(
        f"trainings whose optimiser {said}"
    )


@pytest.mark.parametrize("said", ["neurons", "layers of neurons", "neural networks", "hidden layers"])
def test_what_has_no_neurons_is_no_network(said: str) -> None:
    assert denied(f"classifiers without {said}") == {("uses", "neural-network")}


@pytest.mark.parametrize("said", ["Q-networks", "a Q-net", "deep Q-nets"])
def test_q_networks_are_denied_by_their_name(said: str) -> None:
    assert denied(f"agents that learn by something else than {said}") == {("tag", "dqn")}


@pytest.mark.parametrize("opening", ["exclude", "leave out", "everything except", "skip", "omit", "filter out"])
def test_what_is_taken_out_of_a_list_is_all_that_is_listed(opening: str) -> None:
    for first, second, joint in product(("MNIST", "CIFAR-10"), ("GANs", "Keras"), ("and", "or", "&")):
        assert len(denied(f"{opening} {first} {joint} {second}")) == 2, (first, joint, second)
    assert len(denied(f"{opening}: MNIST, GANs, Keras")) == 3


LISTED_OUT = (
    "no {} or {}", "neither {} nor {}", "without {} or {}", "not using {} or {}", "without {} and without {}",
    "no {}, no {}", "without both {} and {}", "lacking {} and {}", "free of {} and {}", "excluding {} and {}",
    "except for {} and for {}", "anything but {} or {}", "other than {} or {}", "that don't use {} or {}",
    "{} and {} are not used", "{} or {} isn't wanted", "which have no {} and no {} either", "avoid {} and {}",
)  # fmt: skip
LISTED = {"RNNs": "tag", "attention": "tag", "MNIST": "dataset", "PyTorch": "framework", "AdamW": "optimizer",
          "dropout": "uses", "batch norm": "uses", "Fashion-MNIST": "dataset"}  # fmt: skip


@pytest.mark.parametrize("form", LISTED_OUT)
def test_a_denial_holds_for_all_that_it_lists_of_whatever_kind(form: str) -> None:
    for first, second in permutations(LISTED, 2):
        found = asked(f"models {form.format(first, second)}").filters
        assert all(one.negated for one in found), (first, second)
        assert sorted(one.field for one in found) == sorted((LISTED[first], LISTED[second])), (first, second)


@pytest.mark.parametrize("term", ["Adam", "PyTorch", "MNIST", "attention"])
def test_what_is_not_wanted_is_denied_however_it_is_said(term: str) -> None:
    for text in (f"{term} is not what I want", f"{term} isn't what we are looking for", f"{term} is of no interest",
                 f"{term} = false", f"{term}: off", f"leaving aside {term}", f"not, however, {term}"):  # fmt: skip
        assert len(denied(text)) == 1, text
    assert len(denied(f"models what not use {term}")) == 1


@pytest.mark.parametrize(("wanted", "other"), [("SGD", "Adam"), ("RMSprop", "SGD")])
def test_what_is_preferred_is_wanted_and_the_other_denied(wanted: str, other: str) -> None:
    for text in ("rather {} than {}", "I prefer {} to {}", "prefer {} over {}", "I would rather use {} than {}"):
        found = asked(text.format(wanted, other)).filters
        assert {*found} == {Filter("optimizer", "eq", wanted), Filter("optimizer", "eq", other, True)}, text


def test_data_sets_of_one_name_that_is_said_once() -> None:
    both = {"CIFAR10", "CIFAR100"}
    for text in ("CIFAR-10 and -100", "CIFAR10/100", "CIFAR 10 or 100", "cifar-10/100"):
        assert {item for one in asked(text).filters for item in one.items} == both, text
    assert denied("neither CIFAR-10 nor 100") == {("dataset", name) for name in both}
    assert {one.field for one in asked("CIFAR-10 and 100 epochs").filters} == {"dataset", "epochs"}
    assert {item for one in asked("adam/adamw").filters for item in one.items} == {"Adam", "AdamW"}


def test_what_learns_by_a_table_is_without_a_network() -> None:
    no_network = Filter("uses", "eq", "neural-network", True)
    for text in ("rl -network", "rl -networks", "agents, no net", "tabular Q-learning", "tabular RL agents",
                 "agents that keep a table with a value for every state"):  # fmt: skip
        assert asked(text).filters == (no_network,), text
    for text in ("tabular data", "a table of prices", "a tabular classifier"):
        assert not asked(text).filters, text


def test_digits_that_are_said_to_be_learned_are_a_dataset() -> None:
    for text in ("which scripts learn the handwritten digits?", "handwritten digits, what is trained on them?",
                 "the handwritten digits, which scripts learn those?", "trained on handwritten digits"):  # fmt: skip
        assert [one.field for one in asked(text).filters] == ["dataset"], text
    assert not asked("classify handwritten digits").filters


def test_what_is_not_done_is_denied_as_scripts_name_it_too() -> None:
    for denying in ("that do not race", "which don't race", "that never race", "except those that race"):
        assert denied(f"agents {denying} cars") >= {
            ("text", "race cars"),
            ("text", "car racing"),
            ("text", "carracing"),
        }
    assert denied("regressions, no gaussian processes") == {
        ("text", "gaussian processes"), ("text", "gaussian process")
    }  # fmt: skip


@pytest.mark.parametrize("text", ["clean noisy photos without clean examples", "translate images without paired data",
                                  "learn without labelled data", "segmentation with no annotated images"])  # fmt: skip
def test_what_something_is_learned_without_is_said_and_hides_no_script(text: str) -> None:
    found = parse(text, TODAY)
    assert not [one for one in found.filters if one.field == "text"]
    assert [one.kind for one in found.unclear] == ["negation"]


@pytest.mark.parametrize("denying", ["except for those that use", "without", "not on", "not trained on", "excluding",
                                     "that don't learn", "on anything but"])  # fmt: skip
@pytest.mark.parametrize(("what", "of"), [
    ("digits of MNIST", "MNIST"), ("the handwritten digits of MNIST", "MNIST"), ("faces of CelebA", "CelebA"),
    ("the digits from the MNIST dataset", "MNIST"), ("pictures of CIFAR-10", "CIFAR10"),
    ("the movie reviews of IMDB", "IMDB"), ("house numbers from SVHN", "SVHN"), ("words of WikiText", "WikiText"),
])  # fmt: skip
def test_what_is_in_a_data_set_is_denied_as_that_data_set(denying: str, what: str, of: str) -> None:
    assert asked(f"VAEs {denying} {what}").filters == (Filter("dataset", "eq", of, True),)


def test_what_is_in_several_data_sets_is_denied_of_each() -> None:
    found = asked("RNNs not for the words of WikiText or the reviews of IMDB").filters
    assert [(one.field, one.value, one.negated) for one in found] == [
        ("dataset", "WikiText", True), ("dataset", "IMDB", True)
    ]  # fmt: skip
    assert denied("GANs, no pictures of people") >= {("text", "people")}
