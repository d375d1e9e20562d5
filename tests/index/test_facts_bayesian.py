"""Probabilistic programs, and trainings that something else calls: what makes them model scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


PROGRAM = (
    "def model(x, y=None):\n    w = {0}.sample('w', dist.Normal(0, 1))\n    return {0}.sample('y', w * x, obs=y)\n"
)


@pytest.mark.parametrize(("text", "framework"), [
    ("import numpyro\nimport numpyro.distributions as dist\n" + PROGRAM.format("numpyro"), "JAX"),
    ("import pyro\nimport pyro.distributions as dist\n" + PROGRAM.format("pyro"), "PyTorch"),
    ("from numpyro.infer import MCMC, NUTS\nfrom programs import model\nMCMC(NUTS(model)).run(key, x, y)\n", "JAX"),
])  # fmt: skip
def test_a_program_that_is_fitted_by_sampling_is_a_model(text: str, framework: str) -> None:
    found = read(text)
    assert (found.is_model, found.framework, found.arch) == (True, framework, None)


def test_drawing_numbers_is_no_program() -> None:
    assert not read("import numpyro.distributions as dist\nimport jax\nx = dist.Normal(0, 1).sample(key)\n").is_model


@pytest.mark.parametrize(("text", "framework", "arch"), [
    ("import optuna\nfrom cuml.ensemble import RandomForestClassifier\n"
     "def objective(trial, x):\n    RandomForestClassifier().fit(x)\n"
     "optuna.create_study().optimize(lambda trial: objective(trial, 1))\n", "cuML", "RandomForestClassifier"),
    ("import optuna.integration.lightgbm as lgb\nlgb.LightGBMTunerCV({'objective': 'binary'}, d).run()\n",
     "LightGBM", "LightGBM"),
    ("from transformers import AutoModel, Trainer\nTrainer(model_init=f).hyperparameter_search(n_trials=5)\n",
     "PyTorch", None),
])  # fmt: skip
def test_a_search_for_settings_trains(text: str, framework: str, arch: str | None) -> None:
    found = read(text)
    assert (found.is_model, found.framework, found.arch) == (True, framework, arch)


def test_data_that_a_librarys_constant_names() -> None:
    load = "import numpyro\nfrom numpyro.examples.datasets import JSB_CHORALES, load_dataset\n"
    load += "_, fetch = load_dataset(JSB_CHORALES)\n"
    assert read(load + PROGRAM.format("numpyro")).dataset == "JSBChorales"
