"""Trainings of RLlib: an algorithm that is built of its configuration, call by call, or that Tune runs.

`algo = PPOConfig().environment("CartPole-v1").training(lr=1e-4).build()`, `DQNTrainer(config=settings)`,
`tune.run("PPO", config=settings)`.
"""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame

_OWN = "ray.rllib."
_CLASS = re.compile(r"(?P<algorithm>[A-Z]\w*?)(Config|Trainer|Algorithm)?$")
_TUNES = re.compile(r"ray\.tune\.(run|Tuner|run_experiments)$")
_STEPS = 24  # of one chain of calls


def built(analysis: Analysis, node: ast.expr, frame: Frame) -> tuple[str, list[tuple[ast.Call, Frame]]] | None:
    """The algorithm that an object is, and the calls that set it; None for anything that is not of RLlib."""
    if "rllib" not in analysis.words:
        return None
    calls: list[tuple[ast.Call, Frame]] = []
    step: ast.expr = node
    for _ in range(_STEPS):
        origins = analysis.evaluator.resolver.follow(step, frame)
        if len(origins) != 1 or not isinstance(origins[0].node, ast.Call):
            return None
        call, frame = origins[0].node, origins[0].frame
        calls.append((call, frame))
        name = _algorithm(analysis.name(call.func, frame))
        if name is not None:
            return name, calls
        if not isinstance(call.func, ast.Attribute):
            return None
        step = call.func.value
    return None


def tuned(analysis: Analysis, call: ast.Call, frame: Frame) -> str | None:
    """The algorithm that Tune is told to run."""
    if not call.args or not _TUNES.match(analysis.name(call.func, frame)):
        return None
    told = call.args[0]
    if isinstance(told, ast.Constant):
        return told.value if isinstance(told.value, str) and told.value.isupper() else None
    return _algorithm(analysis.name(told, frame))


def _algorithm(full: str) -> str | None:
    match = _CLASS.match(full.rpartition(".")[2]) if full.startswith(_OWN) else None
    return match["algorithm"] if match is not None else None
