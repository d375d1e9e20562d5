"""Whatever is answered is true: every number is counted again from what the catalogue knows of each script, every line
cited is one that proves something, and no sentence is without one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from index.answers.answer import Answer, Claim, answer
from index.catalog.rows import ScriptRow
from index.search import SearchEngine

Test = Callable[[ScriptRow], bool]
_CALLED = {"batch size": "batch", "learning rate": "lr", "kind of model": "kind", "hardware": "hw"}
_SHOWN = {"diffusion model": "diffusion", "conditional model": "conditional", "u-net": "unet",
          "latent diffusion model": "latent-diffusion", "linear attention": "linear-attention"}  # fmt: skip


def values(row: ScriptRow, field: str) -> set[Any]:
    """The values of a fact, as a person would read them from the script's own page."""
    if field == "kind":
        return {tag.name for tag in row.facts.tags}
    if field in {"batch", "lr", "optimizer", "epochs"}:
        return {getattr(stage, field) for stage in row.facts.stages} - {None}
    return {getattr(row.facts, field)} - {None}


def has(field: str, *wanted: Any) -> Test:
    return lambda row: bool(values(row, field) & {*wanted})


def both(*tests: Test) -> Test:
    return lambda row: all(test(row) for test in tests)


def no(test: Test) -> Test:
    return lambda row: not test(row)


def every(row: ScriptRow) -> bool:
    return True


def above(field: str, bound: float) -> Test:
    return lambda row: any(value > bound for value in values(row, field))


def below(field: str, bound: float) -> Test:
    return lambda row: any(value < bound for value in values(row, field))


def created(month: str) -> Test:
    return lambda row: f"{row.created:%Y-%m}".startswith(month)


def told(engine: SearchEngine, question: str) -> Answer:
    return answer(engine.search(question, 4, meaning=False), engine.catalog)  # fewer than fit: all are counted anyway


def check(claim: Claim, rows: list[ScriptRow], fitting: list[ScriptRow], field: str = "") -> None:
    """Each number and value of a sentence, by what kind of sentence it is."""
    known = {row.path: row for row in rows}
    assert claim.cites, claim.text
    for cite in claim.cites:
        facts = known[cite.path].facts
        proofs = {line for line in facts.evidence.values() if isinstance(line, int)} | {1}
        assert cite.line in proofs | {one.line for one in (*facts.tags, *facts.stages, *facts.uses)}, claim.text
    if lead := re.match(r"(?:Yes: )?(\d+) of (\d+) scripts? ", claim.text):
        assert (int(lead[1]), int(lead[2])) == (len(fitting), len(rows)), claim.text
    if group := re.match(r"By ([a-z ]+): ", claim.text):
        field = _CALLED.get(group[1], group[1])
    elif own := next((row for row in rows if claim.text.startswith(f"{row.model_id}: ")), None):
        check_script(claim.text.partition(": ")[2].partition(" Found because")[0], own)
        return
    counts = Counter(str(value).lower() for row in fitting for value in values(row, field)) if field else Counter()
    numbers = {f"{float(value):g}": count for value, count in counts.items() if re.fullmatch(r"[\d.e-]+", value)}
    for value, count in re.findall(r"(?:^|: |, | and |then )([^,:;]+?) in (\d+)(?=[,;.)]| and )", claim.text):
        if field and not value.endswith(("other value", "other values")):
            shown = _SHOWN.get(value.lower(), value.lower())
            assert int(count) == counts.get(shown, numbers.get(shown)), (claim.text, value)
    for silent in re.findall(r"; (\d+) states? none", claim.text):
        assert int(silent) == sum(not values(row, field) for row in fitting), claim.text
    for stating in re.findall(r"(\d+) (?:states?|that state) an? ", claim.text):
        assert int(stating) == sum(bool(values(row, field)) for row in fitting), claim.text


def check_script(text: str, row: ScriptRow) -> None:
    """A sentence about one script says only what is known of that one."""
    for pattern, field in (
        (r"batch (?:size )?(\d+)", "batch"),
        (r"(\d+) epochs?", "epochs"),
        (r"(?:at|learning rate) ([\d.e-]+\d)", "lr"),
    ):
        for value in re.findall(pattern, text):
            assert float(value) in values(row, field), (text, field)
    for pattern, field in (
        (r"optimizer (\w+)[,.]", "optimizer"),
        (r"(\w+) at \d", "optimizer"),
        (r"(?<!no )dataset (\w+)[,.]", "dataset"),
        (r"\bon (\w+)[,.]", "dataset"),
        (r"\bin ([\w/ ]+?)(?: on |[,.])", "framework"),
    ):
        for value in re.findall(pattern, text):
            assert value in values(row, field), (text, field)
    for field in re.findall(r"no ([a-z ]+) stated", text):
        assert not values(row, _CALLED.get(field, field)), text


COUNTED: list[tuple[str, Test]] = [
    ("how many of my models use Adam?", has("optimizer", "Adam")),
    ("how many scripts train with AdamW", has("optimizer", "AdamW")),
    ("how many scripts train on MNIST?", has("dataset", "MNIST")),
    ("number of scripts on Flowers102", has("dataset", "Flowers102")),
    ("number of notebooks", lambda row: row.path.endswith(".ipynb")),
    ("is anything trained on Flowers102?", has("dataset", "Flowers102")),
    ("count my PyTorch models", lambda row: "PyTorch" in str(row.facts.framework)),
    ("how many are not PyTorch?", lambda row: "PyTorch" not in str(row.facts.framework)),
    ("how many CNNs are there?", has("kind", "cnn")),
    ("how many GANs do I have", has("kind", "gan")),
    ("how many recurrent models are there", has("kind", "rnn", "lstm", "gru")),
    ("how many diffusion models use AdamW?", both(has("kind", "diffusion"), has("optimizer", "AdamW"))),
    ("how many CNNs do not train on MNIST?", both(has("kind", "cnn"), no(has("dataset", "MNIST")))),
    ("how many models train for more than 50 epochs?", above("epochs", 50)),
    ("how many scripts use a batch size above 100?", above("batch", 100)),
    ("how many have a learning rate below 1e-3", below("lr", 0.001)),
    ("how many were created in April 2025?", created("2025-04")),
    ("how many models were written in 2025?", created("2025")),
    ("how many models do I have?", every),
    ("models without attention", no(has("kind", "attention", "linear-attention", "transformer", "vit"))),
    ("which models train on Fashion-MNIST?", has("dataset", "FashionMNIST")),
    ("which are U-Nets?", has("kind", "unet")),
    ("which scripts use batch size 128?", has("batch", 128)),
    ("do I have a GAN?", has("kind", "gan")),
    ("did I ever train with RMSprop?", has("optimizer", "RMSprop")),
    ("is there a script with learning rate 0.002?", has("lr", 0.002)),
    ("are there any models on CelebA", has("dataset", "CelebA")),
    ("which scripts state no learning rate?", lambda row: not values(row, "lr")),
    ("what did I write in March 2025?", created("2025-03")),
    ("cnn on mnist", both(has("kind", "cnn"), has("dataset", "MNIST"))),
]  # fmt: skip
GROUPED: list[tuple[str, Test, str, str]] = [
    ("which optimizer is used most?", every, "optimizer", "AdamW is the most common optimizer: 6 of the 14 that"),
    ("which dataset is most common?", every, "dataset", "MNIST is the most common dataset: 3 of the "),
    ("what is the most common batch size?", every, "batch", "64 and 128 are the most common batch sizes: 3 each of "),
    ("which framework do most of my GANs use?", has("kind", "gan"), "framework", "PyTorch is the most common "),
    ("which optimizer is used least", every, "optimizer", "Adadelta, NAdam and SGD are the least common "),
    ("what batch sizes do I use?", every, "batch", "All 14 scripts state a batch size: "),
    ("what learning rates do my CNNs use?", has("kind", "cnn"), "lr", "All 8 CNNs state a learning rate, some "),
    ("list my datasets", every, "dataset", "Of 14 scripts, 11 state a dataset: "),
    ("what frameworks are there?", every, "framework", "All 14 scripts state a framework: PyTorch in 10, "),
    ("how many scripts use each optimizer?", every, "optimizer", "All 14 scripts state an optimizer, some several: "),
    ("group my models by dataset", every, "dataset", "Of 14 scripts, 11 state a dataset: MNIST in 3, "),
    ("breakdown of CNNs by framework", has("kind", "cnn"), "framework", "All 8 CNNs state a framework: PyTorch in 6, "),
    ("count scripts per framework", every, "framework", "All 14 scripts state a framework: "),
    ("how many different datasets have I used?", every, "dataset", "Of 14 scripts, 11 state a dataset: "),
    ("what kinds of models do I have?", every, "kind", "All 14 scripts are of a known kind, some several: CNN in 8, "),
    ("what hardware do my scripts need?", every, "hw", "Of 14 scripts, 10 state hardware: CPU/GPU in 8 and GPU in 2."),
    ("which optimizers do my diffusion models use", has("kind", "diffusion"), "optimizer", "4 of 14 scripts are "),
    ("is Adam or AdamW used more?", has("optimizer", "Adam", "AdamW"), "optimizer", "AdamW is the most common"),
]  # fmt: skip
MEASURED: list[tuple[str, str]] = [
    ("what is the average batch size?", "The average batch size is 163.3, over 14 values that 14 scripts state; "),
    ("median batch size of CNNs", "The median batch size is 128, over 8 values that 8 CNNs state; "),
    ("average number of epochs", "The average number of epochs is "),
    ("what is the range of learning rates?", "The learning rates go from 0.0001 to 1, over "),
    ("what is the largest learning rate?", "The highest learning rate that 13 of 14 scripts state is 1 in mnist-"),
    ("which script has the smallest batch size?", "The smallest batch size that 14 scripts state is 32 in keras-"),
    ("longest training", "The largest number of epochs that 13 of 14 scripts state is 300 in jax-experiments_"),
    ("minimum learning rate", "The lowest learning rate that 13 of 14 scripts state is 0.0001 in "),
    ("when did I write the newest GAN?", "The newest of 1 GAN is faces_dcgan (created 2025-06-02"),
    ("what is the oldest script?", "The oldest of 14 scripts is keras-experiments_vae (created 2025-01-20"),
    ("when did I write my first CNN?", "The oldest of 8 CNNs is cifar10_resnet_lightning (created 2025-02-14"),
    ("compare the learning rates of CNNs and RNNs", "They differ in learning rate: CNN has "),
    ("when did I create dqn_2048?", "games_dqn_2048: created 2025-05-11 by git."),
    ("what batch size does dqn_2048 use?", "games_dqn_2048: batch size 64."),
    ("what dataset and optimizer does flowers_cnn use", "keras-experiments_flowers_cnn: dataset Flowers102, "),
    ("how many epochs did unet_ddpm train for?", "Generative-Fashion-MNIST_unet_ddpm: 50 epochs."),
    ("what's the learning rate of lstm_adder?", "sequence_lstm_adder: learning rate 0.002."),
    ("what settings did gru_characters use?", "sequence_gru_characters: optimizer RMSprop, "),
    ("tell me about dcgan", "faces_dcgan: GAN, CNN (Generator / Discriminator) in PyTorch on CelebA, 2 stages: "),
    ("why does vit_flowers rank first for flowers?", "flowers_vit_flowers: ViT, transformer, attention "),
    ("how does dcgan differ from unet_ddpm?", "faces_dcgan: GAN, CNN (Generator / Discriminator) in PyTorch on "),
    ("compare CNNs on MNIST with CNNs on Flowers102", "MNIST: "),
    ("compare VAEs on MNIST with VAEs on CelebA",
     "CelebA: no script is a VAE and trains on CelebA; compared instead: 1 script that trains on CelebA, of any "),
]  # fmt: skip


@pytest.mark.parametrize(("question", "fits"), COUNTED, ids=[question for question, _ in COUNTED])
def test_what_is_counted_is_all_that_fits(words: SearchEngine, question: str, fits: Test) -> None:
    rows = words.catalog.rows()
    fitting = [row for row in rows if fits(row)]
    found = told(words, question)
    number = re.match(r"(?:Yes: )?(\d+)", found.text)
    assert number and int(number[1]) == len(fitting), found.text
    for claim in found.claims:
        check(claim, rows, fitting)


@pytest.mark.parametrize(("question", "fits", "field", "said"), GROUPED, ids=[one[0] for one in GROUPED])
def test_a_fact_is_counted_over_all_that_fits(
    words: SearchEngine, question: str, fits: Test, field: str, said: str
) -> None:
    rows = words.catalog.rows()
    found = told(words, question)
    assert found.text.startswith(said) or said in found.text.split("\n")[0], found.text
    for claim in found.claims:
        check(claim, rows, [row for row in rows if fits(row)], field)


@pytest.mark.parametrize(("question", "said"), MEASURED, ids=[question for question, _ in MEASURED])
def test_numbers_times_and_scripts_by_name(words: SearchEngine, question: str, said: str) -> None:
    rows = words.catalog.rows()
    found = told(words, question)
    assert any(claim.text.startswith(said) for claim in found.claims), found.text
    for claim in found.claims:
        check(claim, rows, rows)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("do I have a GAN on MNIST?",
         "No: no script is a GAN and trains on MNIST. 1 script is a GAN."),
        ("GANs that were trained with batch size 999",
         "No script is a GAN and uses batch size 999. The nearest uses batch size 512."),
        ("models on ImageNet", "No script trains on ImageNet."),
        ("compare capsule networks with CNNs",
         "capsule networks: no script matches “capsule networks”, so there is nothing to compare with.\ncnns: 8 CNNs"),
        ("diffusion models in Keras", "No script is a diffusion model and is written in Keras."),
        ("more than 1000 epochs",
         "No script trains for more than 1000 epochs. The nearest trains for at least 300 epochs."),
    ],
)  # fmt: skip
def test_that_there_is_none_is_said_in_words(words: SearchEngine, question: str, said: str) -> None:
    assert told(words, question).text.startswith(said)
