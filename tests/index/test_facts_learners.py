"""Learners of fastai: what they are made of, and each call that fits them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


LEARNER = """
from fastai.vision.all import *
path = untar_data(URLs.PETS)
dls = ImageDataLoaders.from_name_func(path, get_image_files(path), valid_pct=0.2, label_func=is_cat, bs=64)
learn = cnn_learner(dls, resnet34, metrics=error_rate).to_fp16()
learn.fit_one_cycle(4, 3e-3)
learn.unfreeze()
learn.fit_one_cycle(2, lr_max=slice(1e-6, 1e-4))
"""


def test_a_learner_of_fastai() -> None:
    found = read(LEARNER)
    assert (found.framework, found.arch, found.dataset, found.batch) == ("fastai", "resnet34", "OxfordIIITPet", 64)
    assert [(stage.epochs, stage.lr) for stage in found.stages] == [(4, 3e-3), (2, 1e-4)]


FIRST = """
from fastai.conv_learner import *
lr = 1e-2
data = ImageClassifierData.from_paths(PATH, tfms=tfms_from_model(resnet34, 224), bs=16)
learn = ConvLearner.pretrained(resnet34, data, precompute=True)
"""
BY_DATA = """
from fastai.nlp import *
lr = 1e-2
md = {data}
learn = md.{made}
"""


@pytest.mark.parametrize(
    ("fitted", "epochs", "rate"),
    [
        ("lr, 3", 3, 1e-2),
        ("lr, 3, cycle_len=1", 3, 1e-2),
        ("lr, n_cycle=3, cycle_len=1, cycle_mult=2", 7, 1e-2),
        ("[lr / 9, lr / 3, lr], 2, cycle_len=4", 8, 1e-2),
        ("np.array([1e-4, 1e-3]), 2, cycle_len=N", None, 1e-3),
    ],
)
def test_a_learner_of_the_first_fastai_is_told_the_rate_first(fitted: str, epochs: int | None, rate: float) -> None:
    found = read(f"{FIRST}learn.fit({fitted})\n")
    assert found.is_model and (found.framework, found.arch, found.batch) == ("fastai", "resnet34", 16)
    assert (found.epochs, found.lr) == (epochs, rate)


@pytest.mark.parametrize(
    ("data", "made", "optimizer"),
    [
        (
            "LanguageModelData(PATH, TEXT, a, b, c, BATCH_SIZE, 70)",
            "get_model(partial(optim.Adam, betas=(1, 2)), 200)",
            "Adam",
        ),
        ("LanguageModelData.from_text_files(PATH, TEXT, bs=48)", "get_model(optim.SGD, 200, 500, 3)", "SGD"),
        ("ColumnarModelData.from_data_frame(PATH, i, df, y, cat_flds=c, bs=48)", "get_learner(sizes, 4)", None),
    ],
)
def test_a_learner_of_the_first_fastai_is_made_by_its_data(data: str, made: str, optimizer: str | None) -> None:
    found = read(f"BATCH_SIZE = 48{BY_DATA.format(data=data, made=made)}learn.fit(lr, 2)\n")
    assert found.is_model and (found.batch, found.optimizer, found.epochs, found.lr) == (48, optimizer, 2, 1e-2)


def test_a_learner_that_is_bound_to_its_own_name_again() -> None:
    found = read(
        "from fastai.tabular import *\nlearn = tabular_learner(data, layers=[200, 100])\nlearn = learn.to_fp16()\n"
        "learn.fit_one_cycle(4, 1e-2)\n"
    )
    assert (found.is_model, found.framework, found.lr, found.epochs) == (True, "fastai", 1e-2, 4)
