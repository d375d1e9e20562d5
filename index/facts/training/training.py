"""One stage as the readers find it: values with their lines, before they become plain facts."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from index.facts.evaluation.frames import Frame
from index.facts.evaluation.values import Value
from index.facts.training.optimizers import Optimizer


@dataclass(frozen=True)
class Training:
    """A loop or a fit call. `loader` is what it takes batches from, `trained` the models whose weights it moves.

    `lr` is the rate as declared, `effective` the one that takes its place while the loop runs, if one does.
    `named` is the text that names the optimizer where the script makes none: `compile(optimizer="adam")`.
    `own` is whether the script has the model: a helper that fits whatever it is given trains nothing itself.
    """

    name: str
    line: int
    optimizer: Optimizer | None
    optimizer_name: str | None
    lr: Value | None
    batch: Value | None
    epochs: Value | None
    loader: tuple[ast.expr, Frame] | None = None
    trained: tuple[tuple[ast.expr, Frame], ...] = ()
    own: bool = True
    effective: Value | None = None
    named: Value | None = None
