"""What scripts run on, and what kind of file they are: hardware that is needed, not needed or not enough; notebooks."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from index.understanding.filters import Filter, every
from index.understanding.query import parse

TODAY = date(2025, 7, 16)
GPU, CPU = Filter("hw", "eq", "GPU"), Filter("hw", "eq", "CPU")
NOTEBOOK = Filter("path", "eq", ".ipynb")
GPUS = ("a GPU", "GPUs", "CUDA", "a graphics card")


def filters(text: str) -> set[Filter]:
    return set(parse(text, TODAY).filters)


NEEDED = [
    *("{} is {}".format(*pair) for pair in product(GPUS, ("required", "needed", "mandatory", "a must",
      "strictly necessary"))),
    *("{} {}".format(*pair) for pair in product(("requires", "that need", "needing", "relies on", "must have"), GPUS)),
    *("only {} {}".format(*pair) for pair in product(("runs on", "on", "works with", "trains on"), GPUS)),
    *("{} {}".format(*pair) for pair in product(("runs only on", "exclusively on", "runs solely on"), GPUS)),
    *("{} without {}".format(*pair) for pair in product(("can't run", "won't train", "does not work",
      "cannot be used"), GPUS)),
    *(f"{cannot} CPU" for cannot in ("cannot train on a", "won't run on", "doesn't work on the",
      "not able to run on a")),
    "GPU only", "GPU-only", "CUDA only", "has no CPU fallback", "no CPU support",
]  # fmt: skip
UNNEEDED = [
    *("{} {}".format(*pair) for pair in product(("doesn't need", "do not require", "without needing"), GPUS)),
    *(f"no GPU {needed}" for needed in ("needed", "required", "necessary")),
    "needs no GPU", "a GPU is not required", "a GPU is optional", "runs without a GPU", "trainable without CUDA",
]  # fmt: skip


@pytest.mark.parametrize("text", NEEDED)
def test_what_needs_a_gpu_is_not_what_can_do_without(text: str) -> None:
    assert filters(text) == {GPU, CPU.inverse}
    assert not parse(text, TODAY).words


@pytest.mark.parametrize("text", UNNEEDED)
def test_what_needs_no_gpu_may_use_one(text: str) -> None:
    assert filters(text) == {every((GPU, CPU.inverse)).inverse}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CPU only", {CPU, GPU.inverse}), ("runs on the CPU only", {CPU, GPU.inverse}),
        ("CPU-only", {CPU, GPU.inverse}),
        ("trained on the CPU", {CPU}), ("for GPU", {GPU}), ("that have a GPU", {GPU}),
        ("not using CUDA", {GPU.inverse}),
        ("without a GPU", {GPU.inverse}), ("runs on either CPU or GPU", {Filter("hw", "in", ("CPU", "GPU"))}),
        ("only GANs that run on a GPU", {GPU}), ("multi-GPU training", set()), ("two or more GPUs", set()),
    ],
)  # fmt: skip
def test_what_scripts_may_run_on(text: str, expected: set[Filter]) -> None:
    assert {one for one in filters(text) if one.field == "hw"} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("notebooks about transfer learning", NOTEBOOK), ("Jupyter notebooks", NOTEBOOK),
        ("ipynb since 2025", NOTEBOOK),
        ("colab notebooks with GANs", NOTEBOOK), ("scripts, not notebooks", NOTEBOOK.inverse),
        ("everything but notebooks", NOTEBOOK.inverse), ("no jupyter notebooks", NOTEBOOK.inverse),
    ],
)  # fmt: skip
def test_a_notebook_is_a_kind_of_file(text: str, expected: Filter) -> None:
    assert expected in filters(text)


@pytest.mark.parametrize("text", ["{}, fully connected", "digits, {}", "MLP + {}", "digits, {}, an MLP", "{}, MNIST"])
@pytest.mark.parametrize(
    ("said", "name"), [("stochastic gradient descent", "SGD"), ("Adam", "Adam"), ("rmsprop", "RMSprop")]
)
def test_an_optimizer_that_is_an_item_by_itself_is_a_filter(text: str, said: str, name: str) -> None:
    assert Filter("optimizer", "eq", name) in filters(text.format(said))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CartPole agents", {Filter("text", "eq", "cartpole")}), ("cart pole", {Filter("text", "eq", "cartpole")}),
        ("PPO on MountainCar-v0", {Filter("text", "eq", "mountaincar")}),
        ("not Pong", {Filter("text", "eq", "pong", True)}),
        ("agents for CartPole and Lunar Lander", {Filter("text", "in", ("cartpole", "lunarlander"))}),
        ("balances a pole on a cart", set()),
    ],
)  # fmt: skip
def test_a_world_that_agents_act_in_is_a_filter(text: str, expected: set[Filter]) -> None:
    assert filters(text) == expected


def test_notebooks_beside_scripts_are_all_files() -> None:
    for text in ("notebooks and scripts about GANs", "scripts or notebooks with GANs", "files & notebooks of GANs"):
        assert not {one for one in filters(text) if one.field == "path"}, text


def test_memory_is_no_size_of_a_script() -> None:
    understood = parse("requires a GPU with 16 GB", TODAY)
    assert {*understood.filters} == {GPU, CPU.inverse} and understood.unclear


@pytest.mark.parametrize(
    "text",
    ["falls back to the CPU when there is no GPU", "on the GPU if available, otherwise on the CPU",
     "takes the graphics card if the machine has one, otherwise the processor", "on the GPU if available",
     "pick the GPU only when one is available", "on the GPU if there is one", "uses CUDA whenever it is available"],
)  # fmt: skip
def test_a_device_that_is_fallen_back_to(text: str) -> None:
    assert not {"pick", "picks"} & {*parse(text, TODAY).words}
    assert {one for one in filters(text) if one.field == "hw"} == {CPU, GPU}


@pytest.mark.parametrize("verb", ["forced", "pinned", "confined", "hard-coded"])
def test_a_device_that_is_forced_is_the_only_one(verb: str) -> None:
    cpu = {Filter("hw", "eq", "CPU"), Filter("hw", "eq", "GPU", True)}
    for way in ("to the CPU", "to run on the CPU", "onto the processor"):
        query = parse(f"scripts {verb} {way}")
        assert set(query.filters) == cpu and not query.words, way


def test_a_small_machine_has_no_gpu() -> None:
    without = Filter("all", "all", (Filter("hw", "eq", "GPU"), Filter("hw", "eq", "CPU", True)), True)
    for text in ("runs on my laptop", "for an ordinary PC", "runs on a laptop without a GPU"):
        assert set(parse(f"GANs, {text}").filters) == {without}, text
    assert not parse("laptop prices").filters
