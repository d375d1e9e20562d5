"""Gradient descent written out: `w -= lr * grad` in a loop, with NumPy, with plain tensors, or with neither; and what a
Boltzmann machine is moved by, the difference of two phases. How such a statement is written is in update_forms."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import ActiveLoop, Executed, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import Loop, Scope, dotted, written
from index.facts.evaluation.values import Value
from index.facts.training.optimizers import Optimizer
from index.facts.training.update_forms import (
    LIBRARIES,
    assigned,
    differ,
    is_rate,
    moved,
    rate_of,
    rate_of_velocity,
    scaled,
)
from index.files.tree import walk

_MENTIONED = re.compile(r"\b(eta|lr|learning_?rate|alpha|grad\w*|nabla\w*|d[wWbB]\d*|step_?size)\b")
_OF_PHASES = ("rbm", "boltzmann", "contrastive")
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_MOVING = (ast.Assign, ast.Expr, ast.Return, ast.AugAssign)
_WRITTEN_OUT = "<gradient descent>"
_NOT_PARAMETERS = re.compile(
    r"latent|image|img|noise|adv|perturb|sample|pixel|^x\d*$|position|state|"
    r"^(obj(ective)?|loss|cost|err(or)?|energy|penalty|total)(_|$)",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(
    r"^(thetas?\d*|[wWbP]_?\d*|weights?\d*|bias(es)?\d*|coefs?_?|coefficients?|params?|parameters|betas?|intercept_?|slope)$"
)
_TRAINING = re.compile(r"epoch|iter|step|batch|episode|train|round", re.IGNORECASE)
_BACK = r"back_?prop\w*|backward(_pass|_prop\w*)?"
_AHEAD = re.compile(r"^(feed_?)?forward(_pass|_prop\w*)?(_train)?$|^predict$")
_MOVES = re.compile(r"^_?update_(weights|params|parameters)$")
_ENOUGH = 5  # times that a loop runs which may train
_FRAMES = 8  # calls of one function that are told apart
_MOST = 64


@dataclass(frozen=True, eq=False)
class Update:
    """One statement that moves parameters against their gradient, and the loops it runs in, outermost first.

    `other` is whether it is not the step of SGD: divided by the root of a running square, as Adam and RMSprop are, or
    the difference of two phases.
    """

    line: int
    rate: Value
    target: ast.expr
    frame: Frame
    loops: tuple[ActiveLoop, ...]
    order: int  # of the first call that runs beside it
    other: bool = False


def candidate(text: str) -> bool:
    """Whether a script without a framework may train all the same: by hand, or with a library of its own."""
    written = mentioned(text) and re.search(r"epoch|iter|train|fit\b|descent", text) is not None
    if written or re.search(rf"def ({_BACK})\(", text) is not None or ".backward(" in text:
        return True
    return "numpy" in text and re.search(r"\.(fit|train)\(", text) is not None


@lru_cache(maxsize=2)  # each walk of a script asks it again
def mentioned(text: str) -> bool:
    """Whether a text may hold such an update at all: what does not is not looked through."""
    written = "-=" in text or " - " in text or "+=" in text or ".add_(" in text or ".sub_(" in text
    written = written or "assign_sub(" in text or "assign_add(" in text
    return written and (_MENTIONED.search(text) is not None or _of_phases(text))


def _of_phases(text: str) -> bool:
    said = text.lower()
    return any(word in said for word in _OF_PHASES)


def find(analysis: Analysis, execution: Execution) -> list[Update]:
    """Every update that runs in a loop, in the order of the text."""
    moves = list(_moves(analysis, execution)) if mentioned(analysis.source.text) else []
    entered = _entered(execution) if moves else {}
    fetched = _fetched(analysis, execution) if moves else None
    found: list[Update] = []
    for scope, statement, loops, target, change, factor in moves:
        if len(found) >= _MOST:
            break
        alone: dict[Frame, tuple[int, Executed | None]] = {Frame(scope): (len(execution.calls), None)}
        runs = {**entered[scope]} if scope in entered else alone
        for frame, (order, run) in runs.items():
            outer = [loop for loop in run.loops if loop.frame.scope is not scope] if run else []
            around = (*outer, *(ActiveLoop(loop, frame) for loop in loops))
            trains = any(_trains(analysis, loop) for loop in around)
            if not trains and fetched is not None and assigned(statement)[1] is not None:
                trains, (order, around) = True, fetched
            if trains:
                counts = factor is None or _counts(analysis, factor, scope)
                rate = Value((), statement.lineno) if counts or factor is None else analysis.value(factor, frame)
                other = factor is None or scaled(change)
                found.append(Update(statement.lineno, rate, target, frame, around, order, other))
    return sorted(found, key=lambda update: update.order)


def _fetched(analysis: Analysis, execution: Execution) -> tuple[int, tuple[ActiveLoop, ...]] | None:
    """The loops that a session first runs a graph in, and the order of that: what the graph assigns is moved there."""
    if "Session" not in analysis.names and "InteractiveSession" not in analysis.names:
        return None
    for order, executed in enumerate(execution.calls):
        if executed.name == "run" and any(_trains(analysis, loop) for loop in executed.loops):
            return order, executed.loops
    return None


def _moves(
    analysis: Analysis, execution: Execution
) -> Iterator[tuple[Scope, ast.stmt, tuple[Loop, ...], ast.expr, ast.expr, ast.expr | None]]:
    """Every statement that moves parameters, with its scope and loops: what it moves, by what, and the rate of that,
    None of what two phases differ in."""
    text = analysis.source.text
    assigns, phases = ".assign" in text, _of_phases(text)
    for scope in [analysis.program.module, *(s for s in analysis.program.functions if s in execution.reached)]:
        for statement, loops in _statements(scope):
            target, change = moved(statement)
            if change is None and assigns:
                target, change = assigned(statement)
            if target is None or change is None or _NOT_PARAMETERS.search(_last(target)):
                continue
            root = target.value if isinstance(target, ast.Subscript) else target
            parameter = _PARAMETERS.match(_last(root)) is not None
            factor = rate_of(change, parameter=parameter) or rate_of_velocity(change, scope)
            if factor is None and not (phases and differ(change)):
                continue
            yield scope, statement, loops, target, change, factor


def _entered(execution: Execution) -> dict[Scope, dict[Frame, tuple[int, Executed]]]:
    """The first frames in which each scope runs, each with the first call that runs beside it."""
    entered: dict[Scope, dict[Frame, tuple[int, Executed]]] = {}
    for order, executed in enumerate(execution.calls):
        frames = entered.setdefault(executed.frame.scope, {})
        if len(frames) < _FRAMES:
            frames.setdefault(executed.frame, (order, executed))
    return entered


def _last(target: ast.expr) -> str:
    return (dotted(target) or written(target)[:40]).split(".")[-1]


def _trains(analysis: Analysis, loop: ActiveLoop) -> bool:
    """Whether a loop may be that of a training: not one over the parameters, or over the layers."""
    node = loop.node
    if isinstance(node, ast.While):
        return True
    if _TRAINING.search(f"{written(node.target)} {written(node.iter)}"[:200]):
        return True
    counted = node.iter
    if isinstance(counted, ast.Call) and (dotted(counted.func) or "").endswith("range") and counted.args:
        number = analysis.value(counted.args[-1 if len(counted.args) < 3 else 1], loop.frame).number
        return number is not None and number >= _ENOUGH
    return False


def _counts(analysis: Analysis, rate: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """Whether a rate is made of a counter: `t += 1; eta = schedule(t)`."""
    for part in walk(rate):
        if isinstance(part, ast.Name) and not is_rate(part.id) and part.id in analysis.program.counted:
            return True
        made = (
            [b.node for b in scope.bindings.get(part.id, []) if b.kind == "value"] if isinstance(part, ast.Name) else []
        )
        if depth < 3 and any(isinstance(m, ast.expr) and _counts(analysis, m, scope, depth + 1) for m in made):
            return True
    return False


def _statements(scope: Scope) -> Iterator[tuple[ast.stmt, tuple[Loop, ...]]]:
    """The assignments of a scope itself, each with the loops around it."""
    body = getattr(scope.node, "body", None)
    found: list[tuple[ast.AST, tuple[Loop, ...]]] = [(node, ()) for node in body] if isinstance(body, list) else []
    for node, loops in found:  # grows while it is walked
        if isinstance(node, _MOVING):
            yield node, loops
        elif not isinstance(node, _NESTED):
            inner = (*loops, node) if isinstance(node, (ast.For, ast.AsyncFor, ast.While)) else loops
            for name in ("body", "orelse", "finalbody", "handlers"):
                found += [(child, inner) for child in getattr(node, name, []) if isinstance(child, ast.AST)]


def as_optimizer(update: Update) -> Optimizer:
    """The update as the optimizer that it is: stochastic gradient descent, given what it moves; "" for another."""
    call = ast.copy_location(ast.Call(ast.Name(_WRITTEN_OUT), [update.target], []), update.target)
    return Optimizer("" if update.other else "SGD", update.line, update.rate, call, update.frame)


def by_hand(optimizer: Optimizer) -> bool:
    """Whether an optimizer is an update written out."""
    return isinstance(optimizer.call.func, ast.Name) and optimizer.call.func.id == _WRITTEN_OUT


def network(analysis: Analysis) -> tuple[str, int] | None:
    """The class that is a network without a framework: it goes ahead through its layers, and back to train them."""
    for scope in analysis.program.classes:
        names = [child.name for child in scope.children]
        back = [child for child in scope.children if re.fullmatch(_BACK, child.name)]
        layered = any(loop for child in back for loop in walk(child.node) if isinstance(loop, ast.For))
        layered = layered or any(
            site.loops and site.name == "backward" for child in scope.children for site in child.calls
        )
        layered = layered or (bool(back) and any(map(_MOVES.match, names)))
        if layered and any(map(_AHEAD.match, names)) and not scope.name.endswith("Layer"):
            return scope.name, scope.line
    return None


def around(analysis: Analysis, line: int, method: str = "__init__") -> tuple[str, int] | None:
    """The class with a method that a line stands in: a training without a framework is often a method of its model."""
    for scope in analysis.program.classes:
        if scope.line <= line <= (getattr(scope.node, "end_lineno", 0) or 0) and scope.method(method):
            return scope.name, scope.line
    return None


def owner(analysis: Analysis, optimizer: Optimizer) -> tuple[str, int] | None:
    """The class whose parameters an update moves: the one it stands in, or the one that made the object."""
    root, update = optimizer.call.args[0], optimizer
    while isinstance(root, ast.Attribute | ast.Subscript):
        root = root.value
    if not isinstance(root, ast.Name):
        return None
    scope = update.frame.scope
    if root.id == "self":
        return (scope.owner.name, scope.owner.line) if scope.owner is not None else None
    origins = analysis.evaluator.resolver.follow(root, update.frame)
    for given in [origin for origin in origins if origin.element]:  # for p in model.parameters()
        called = given.node.func if isinstance(given.node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == "parameters":
            origins = analysis.evaluator.resolver.follow(called.value, given.frame)
    for origin in origins:
        if isinstance(origin.node, ast.Call) and not origin.element:
            made = analysis.evaluator.resolver.instance_of(origin)
            name = analysis.name(origin.node.func, origin.frame)
            if made is not None:
                return made.name, made.line
            if "." in name and name.split(".")[0] not in LIBRARIES and name.split(".")[-1][:1].isupper():
                return name.split(".")[-1], origin.node.lineno
    return None
