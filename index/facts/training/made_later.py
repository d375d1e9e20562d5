"""Optimizers of another file, made by a function given beside their rate: `DQN(optimizer_fn=…, optimizer_lr=0.1)`."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.frames import Frame, Origin
from index.facts.training import optimizers
from index.facts.training.optimizers import Optimizer

_MAKES = re.compile(r"^(?P<of>\w*?)_?optim(izer)?_(fn|func|function|factory|maker|builder|constructor|creator)$")
_RATES = ("lr", "learning_rate")


def find(analysis: Analysis, call: ast.Call, frame: Frame) -> list[Optimizer]:
    """What the functions make that a call is given to make optimizers with, each at the rate it is given beside it."""
    found = []
    for keyword in call.keywords:
        asked = _MAKES.match(keyword.arg or "")
        if asked is None:
            continue
        node = argument(call, _names(asked["of"]))
        for origin in analysis.evaluator.resolver.follow(keyword.value, frame):
            made = _made(analysis, origin)
            if made is not None and made.lr is not None and not made.lr.options:
                made = replace(made, lr=optimizers.rate(analysis, node, frame) if node is not None else None)
            if made is not None:
                found.append(made)
    return found


def _names(of: str) -> tuple[str, ...]:
    """What the rate beside `policy_optimizer_fn` is called: policy_optimizer_lr, policy_lr; of one alone also lr."""
    stem = f"{of}_" if of else ""
    return tuple(f"{stem}{within}{rate}" for within in ("optimizer_", "optim_", "") for rate in _RATES)


def _made(analysis: Analysis, function: Origin) -> Optimizer | None:
    """The one optimizer that a function of the script gives back."""
    scope = analysis.program.by_node.get(function.node)
    if scope is None or scope.is_class or len(scope.returns) != 1:
        return None
    frame = Frame(scope, None, function.frame)
    origins = analysis.evaluator.resolver.follow(scope.returns[0][0], frame)
    return next(filter(None, (optimizers.read(analysis, origin) for origin in origins)), None)
