"""The version of a framework that a requirements file above a script pins, and the files that may say so."""

from __future__ import annotations

import os
import re
import tomllib
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

_PACKAGES = {
    "PyTorch": ("torch", "pytorch"),
    "PyTorch Lightning": ("lightning", "pytorch-lightning"),
    "Keras/TensorFlow": ("tensorflow", "tensorflow-gpu", "tensorflow-cpu", "keras"),
    "JAX/Flax": ("flax",), "JAX/Haiku": ("dm-haiku",), "JAX/Equinox": ("equinox",), "JAX/Objax": ("objax",),
    "JAX": ("jax",),
    "scikit-learn": ("scikit-learn", "sklearn"), "XGBoost": ("xgboost",), "LightGBM": ("lightgbm",),
    "CatBoost": ("catboost",), "MXNet": ("mxnet",), "PaddlePaddle": ("paddlepaddle", "paddlepaddle-gpu"),
    "fastai": ("fastai",), "MLX": ("mlx",), "tinygrad": ("tinygrad",), "Chainer": ("chainer",), "Theano": ("theano",),
}  # fmt: skip
_FILES = ("requirements.txt", "requirements.in", "pyproject.toml", "environment.yml", "environment.yaml",
          "requirements-dev.txt", "conda.yml", "conda.yaml")  # fmt: skip
_MAX_BYTES = 200_000
_LEVELS = 5  # folders above a script
# `torch==2.1.0+cu118 ; …`, conda's `- pytorch=2.1.0=py3.10_0`, poetry's `torch = "2.1.0"`; a range is no pin.
_PIN = re.compile(
    r"""^[\s"'-]*(?:[\w.-]+::)?(?P<name>[A-Za-z0-9_.-]+?)(?:\[[^\]]*\])?
        \s*(?:===?|=)\s*["']?(?P<version>\d+(?:\.\d+)*[\w.]*)(?:\+[\w.]+)?(?P<rest>[^*,<>~]*)$""",
    re.VERBOSE,
)


def version(script: Path, framework: str | None) -> str | None:
    """ "2.1.0" where the nearest file that names the framework's package pins it; None otherwise."""
    packages = _PACKAGES.get(framework or "", ())
    for folder in islice(script.parents, _LEVELS) if packages else []:
        pins, top = _pins(folder)
        found = next((pins[package] for package in packages if package in pins), None)
        if found or top:
            return found
    return None


def forget() -> None:
    """Reads the files anew from here on."""
    _pins.cache_clear()


@lru_cache(maxsize=4096)
def _pins(folder: Path) -> tuple[dict[str, str], bool]:
    """Package → version, of every pin in the files of one folder; and whether it is the top of a repository."""
    found: dict[str, str] = {}
    try:
        with os.scandir(folder) as listing:
            there = {entry.name for entry in listing}
    except OSError:
        return found, (folder / ".git").exists()
    for name in [name for name in _FILES if name in there]:
        file = folder / name
        try:
            if not file.is_file() or file.is_symlink() or file.stat().st_size > _MAX_BYTES:
                continue
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for line in _lines(text, name):
            match = _PIN.match(line.split(" #")[0].split(";")[0].rstrip().rstrip("\"',"))
            if match:
                found.setdefault(match["name"].lower().replace("_", "-"), match["version"])
    return found, ".git" in there


def _lines(text: str, name: str) -> list[str]:
    if not name.endswith(".toml"):
        return text.splitlines()
    try:
        project = tomllib.loads(text)
    except (ValueError, RecursionError):
        return []
    listed = _within(project, "project").get("dependencies", [])
    named = _within(project, "tool", "poetry", "dependencies")
    lines = [entry for entry in listed if isinstance(entry, str)] if isinstance(listed, list) else []
    return lines + [f"{package} = {wanted}" for package, wanted in named.items() if isinstance(wanted, str)]


def _within(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        inner = document.get(key)
        document = inner if isinstance(inner, dict) else {}
    return document
