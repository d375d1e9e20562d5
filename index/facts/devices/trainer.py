"""What a trainer of Lightning is told of devices: it puts the model there itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from index.facts.devices.statements import AVAILABLE, Seen
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted
from index.files.tree import walk

_KINDS = {"cpu", "gpu", "cuda", "mps", "tpu"}


def read(analysis: Analysis, call: ast.Call, seen: Seen) -> None:
    """Adds what the making of a trainer says of devices."""
    sites = (site for scope in analysis.program.scopes for site in scope.calls)
    made = next((site for site in sites if site.node is call), None)
    frame = Frame(made.scope if made is not None else analysis.program.module)
    asked = made is not None and any(map(_asks, (guard.test for guard in made.guards)))
    for name, node in _settings(call):
        stated = analysis.value(node, frame)
        value = stated.constant
        either = name == "accelerator" and {"cpu"} < set(stated.options) <= _KINDS  # "gpu" if … else "cpu"
        if asked or either or (name == "gpus" and value is None and _counted(analysis, node, frame)):
            seen.tests.append(call.lineno)
        elif name == "accelerator":
            seen.name(str(value), call.lineno)
        elif name == "gpus" and (
            (isinstance(value, int) and value > 0) or str(value) == "-1" or _listed(analysis, node, frame)
        ):
            seen.cuda.append(call.lineno)


def instantiated(analysis: Analysis, seen: Seen) -> None:
    """Adds what the configuration says of devices by which Hydra makes a trainer: `instantiate(cfg.trainer)`."""
    for executed in analysis.called.get("instantiate", []):
        call = executed.site.node
        told = analysis.given(call, ("accelerator",), executed.frame)
        chosen = analysis.value(told, executed.frame).constant if told is not None else None
        if isinstance(chosen, str) and analysis.target(call, executed.frame).endswith("Trainer"):
            seen.name(chosen, executed.line)


def _asks(test: ast.expr) -> bool:
    """Whether a trainer is made where there is a GPU, and another where there is none: `if cuda.is_available():`."""
    return any((dotted(part.func) or "").endswith(AVAILABLE) for part in walk(test) if isinstance(part, ast.Call))


def _settings(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """What a trainer is told of devices, also among the settings that the call spreads: `Trainer(**settings)`."""
    for keyword in call.keywords:
        if keyword.arg in {"accelerator", "gpus"}:
            yield keyword.arg, keyword.value
        elif keyword.arg is None:
            for name in ("accelerator", "gpus"):
                key = ast.copy_location(ast.Constant(name), keyword.value)
                yield name, ast.copy_location(ast.Subscript(keyword.value, key, ast.Load()), keyword.value)


def _listed(analysis: Analysis, node: ast.expr, frame: Frame) -> bool:
    """Whether the GPUs to be used are given by their numbers: `gpus=[0, 1]`, or by a name of such."""
    made = [origin.node for origin in analysis.evaluator.resolver.follow(node, frame)] or [node]
    return all(isinstance(listed, ast.List | ast.Tuple) and bool(listed.elts) for listed in made)


def _counted(analysis: Analysis, node: ast.expr, frame: Frame) -> bool:
    """Whether as many GPUs are asked for as there are: `min(1, torch.cuda.device_count())`."""
    origins = [node, *(origin.node for origin in analysis.evaluator.resolver.follow(node, frame))]
    return any(
        isinstance(part, ast.Call) and (dotted(part.func) or "").endswith("cuda.device_count")
        for origin in origins
        for part in walk(origin)
    )
