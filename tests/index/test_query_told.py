"""Values that are told by what stands around them: what took another's place, steps, rounds, years named before."""

from __future__ import annotations

from datetime import date

import pytest

from index.understanding.query import parse

TODAY = date(2026, 7, 16)
ANOTHER = [("Adam", "SGD", "optimizer", "Adam"), ("PyTorch", "JAX", "framework", "PyTorch"),
           ("MNIST", "SVHN", "dataset", "MNIST"), ("LSTMs", "GRUs", "tag", "lstm")]  # fmt: skip


def filters(text: str) -> set[tuple[str, str, object, bool]]:
    return {(one.field, one.op, one.value, one.negated) for one in parse(text, TODAY).filters}


@pytest.mark.parametrize(("old", "new", "field", "denied"), ANOTHER)
@pytest.mark.parametrize(
    "form",
    ["replaced {} by {}", "who swapped {} for {}?", "Has anybody exchanged {} for {} yet?", "replacing {} with {}",
     "switched from {} to {}", "Which scripts moved from {} to {}?", "migrated from {} to {}"],
)  # fmt: skip
def test_what_another_took_the_place_of_is_denied(old: str, new: str, field: str, denied: str, form: str) -> None:
    found = filters(form.format(old, new))
    assert (field, "eq", denied, True) in found
    assert len(found) == 2 or field == "tag"


def test_things_are_replaced_that_are_no_values() -> None:
    assert not filters("replace pixels by noise")
    assert not filters("a network that moved from one language to another")


@pytest.mark.parametrize(("said", "value"), [("1e-4", 1e-4), ("0.01", 0.01), ("one ten-thousandth", 1e-4),
                                             ("a thousandth", 1e-3), ("five hundred-thousandths", 5e-5)])  # fmt: skip
def test_small_steps_are_learning_rates(said: str, value: float) -> None:
    assert ("lr", "eq", value, False) in filters(f"Adam with a step of {said}")
    assert ("lr", "eq", value, False) in filters(f"in steps of {said}")
    assert filters(f"steps below {said}") == {("lr", "lt", value, False)}
    text = f"they learn in tiny steps, less than {said}"
    assert filters(text) == {("lr", "lt", value, False)}
    assert "steps" not in parse(text, TODAY).words
    assert not filters("a step of 5")


@pytest.mark.parametrize(("said", "op"), [("five hundred times or more", "ge"), ("500 times or fewer", "le")])
@pytest.mark.parametrize("way", ["over the data", "through its training set", "over all the examples"])
@pytest.mark.parametrize("verb", ["goes ", ""])
def test_rounds_over_the_data_with_a_bound_between(said: str, op: str, way: str, verb: str) -> None:
    assert filters(f"training that {verb}{said} {way}") == {("epochs", op, 500, False)}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("from July 2021 until the end of that year", "2021-07-01", "2021-12-31"),
     ("between March 2019 and June of the same year", "2019-03-01", "2019-06-30"),
     ("from May 2020 to August of that year", "2020-05-01", "2020-08-31")],
)  # fmt: skip
def test_a_year_that_was_named_before(text: str, first: str, last: str) -> None:
    assert filters(f"created {text}") == {("created", "range", (first, last), False)}


@pytest.mark.parametrize(("text", "op"), [("new in 2025", "range"), ("what is new since March 2025", "ge"),
                                          ("whatever is new from May 2025 on", "ge"),
                                          ("new this year", "range")])  # fmt: skip
def test_what_is_new_in_a_period_was_made_in_it(text: str, op: str) -> None:
    found = parse(text, TODAY)
    assert [(one.field, one.op) for one in found.filters] == [("created", op)]
    assert not found.words
    assert parse("new architectures", TODAY).words[0] == "new"


@pytest.mark.parametrize("text", ["scripts meant for Google's TPUs", "code for Google TPUs", "TPUs", "a TPU pod"])
def test_tpus_are_devices_wherever_they_are_named(text: str) -> None:
    assert ("hw", "eq", "TPU", False) in filters(text)


@pytest.mark.parametrize("never", ["do not say", "don't tell", "never mention", "that do not reveal"])
@pytest.mark.parametrize("asked", ["what they are trained on", "what they were trained on", "which data they use",
                                   "what they learned from"])  # fmt: skip
def test_what_scripts_do_not_say_of_their_data(never: str, asked: str) -> None:
    found = filters(f"which scripts {never} {asked}?")
    assert found == {("dataset", "range", (None, None), True)}


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [("which frameworks do I use, and how often?", "groups", ("framework",)),
     ("which optimizers do we use and how frequently", "groups", ("optimizer",)),
     ("is PyTorch or Keras more common?", "most", ()), ("are GANs or VAEs more popular?", "most", ()),
     ("what learning rate goes with AdamW?", "tell", ("lr",)),
     ("which batch size comes with SGD?", "tell", ("batch",))],
)  # fmt: skip
def test_what_is_asked_in_a_few_words_more(text: str, kind: str, fields: tuple[str, ...]) -> None:
    found = parse(text, TODAY)
    assert (found.aim.kind, found.aim.fields) == (kind, fields)
    assert not {"often", "common", "popular", "goes", "comes"} & {*found.words}


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [("DQN vs A2C on Pong", "dqn", "a2c"), ("compare a ResNet and a VGG on CIFAR-10", "resnet", "vgg")],
)
def test_a_side_that_has_a_name_of_its_own_is_not_of_the_others_kind(text: str, kind: str, name: str) -> None:
    first, second = parse(text, TODAY).sides
    assert ("tag", kind) in {(one.field, one.value) for one in first.filters}
    assert name in second.words
    assert not [one for one in second.filters if one.field == "tag"]
    both = parse("compare diffusion on CIFAR-10 and MNIST", TODAY).sides
    assert all("diffusion" in side.concepts for side in both)


@pytest.mark.parametrize("text", ["3-D convolutions", "a 3D convolution", "volumetric convolutions", "conv3d"])
def test_convolutions_over_volumes_are_a_component(text: str) -> None:
    assert parse(text, TODAY).components == ("conv3d",)


def test_what_a_learner_does_not_forget_is_denied_of_no_script() -> None:
    assert not parse("learns several tasks without forgetting", TODAY).filters


@pytest.mark.parametrize(("wanted", "denied", "field", "value"), [("RAdam", "Adam", "optimizer", "Adam"),
                                                                  ("JAX", "PyTorch", "framework", "PyTorch"),
                                                                  ("SVHN", "MNIST", "dataset", "MNIST")])  # fmt: skip
@pytest.mark.parametrize(
    "form", ["who took {} over plain {}?", "prefers {} to {}", "scripts that chose {} over the usual {}"]
)
def test_what_another_is_preferred_to_is_denied(form: str, wanted: str, denied: str, field: str, value: str) -> None:
    found = filters(form.format(wanted, denied))
    assert (field, "eq", value, True) in found
    assert len(found) == 2


def test_what_is_over_something_else_is_not_preferred_to_it() -> None:
    assert filters("takes Adam over MNIST") == {
        ("optimizer", "eq", "Adam", False), ("dataset", "eq", "MNIST", False)
    }  # fmt: skip
    assert filters("Microsoft's common objects in context") == {("dataset", "eq", "COCO", False)}


@pytest.mark.parametrize("form", ["{} rounds of training", "{} passes of training", "{} training rounds"])
def test_rounds_of_training_are_epochs(form: str) -> None:
    assert filters("from " + form.format("forty to sixty")) == {("epochs", "range", (40, 60), False)}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("in spring 2019, from March until the end of May", "2019-03-01", "2019-05-31"),
     ("of 2021, between March and July", "2021-03-01", "2021-07-31"),
     ("between July 3 and July 10", "2026-07-03", "2026-07-10"),
     ("between April 20 and April 25, 2024", "2024-04-20", "2024-04-25")],
)  # fmt: skip
def test_two_dates_without_a_year_are_of_the_one_that_was_said(text: str, low: str, high: str) -> None:
    assert filters(text) == {("created", "range", (low, high), False)}


@pytest.mark.parametrize(
    "form", ["in which files does {} stand?", "in what file does {} occur?", "where does {} appear?"]
)
def test_where_a_name_stands_is_no_word(form: str) -> None:
    assert parse(form.format("BahdanauAttention"), TODAY).words == ("bahdanauattention",)


def test_who_asks_for_whom_is_no_word() -> None:
    assert parse("my brother is a doctor, what could he use?", TODAY).words == ("doctor",)


@pytest.mark.parametrize("text", ["a net that is corrected after every single example", "updated after each sample",
                                  "it learns after each training image"])  # fmt: skip
def test_what_moves_after_each_example_has_batches_of_one(text: str) -> None:
    assert filters(text) == {("batch", "eq", 1, False)}


@pytest.mark.parametrize("text", ["whose training is over after the third pass?", "stops after the third epoch",
                                  "training ended after the 3rd round"])  # fmt: skip
def test_what_is_over_after_a_pass_has_as_many_epochs(text: str) -> None:
    assert filters(text) == {("epochs", "eq", 3, False)}
    assert not filters("saves a picture after the third epoch")
