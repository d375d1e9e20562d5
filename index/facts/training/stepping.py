"""Calls that take a step of a training: which optimizer a call steps, in every framework's way of saying so."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.program import dotted
from index.facts.training import fitting, optimizers
from index.facts.training.optimizers import Optimizer

_GRADIENT = {
    "backward",
    "apply_gradients",
    "apply_gradient",
    "apply_updates",
    "minimize",
    "train_on_batch",
    "manual_backward",
}
_NAMES = {ast.Name, ast.Attribute}
_OF_EXAMPLES = re.compile(r"jax\.(experimental|example_libraries)\.optimizers\.")
_STEPS = {"step", "update", "apply", "apply_gradients", "apply_gradient", "minimize", "step_and_update_lr"}
_MAY_STEP = {*_GRADIENT, *_STEPS, "run"}
_BY_ANY_NAME = {"objax", "theano", "optimizers"}  # of JAX: libraries whose steps are functions that a script names


def steps(analysis: Analysis, executed: Executed) -> bool:
    """Whether a call is a part of what each step of a training does."""
    if executed.name not in _MAY_STEP and _BY_ANY_NAME.isdisjoint(analysis.words):
        return False
    return _goes_back(executed) or bool(stepped(analysis, executed)) or _compiled(analysis, executed)


def _goes_back(executed: Executed) -> bool:
    """Whether a call takes gradients of a loss; the step back of a diffusion, `ddpm.backward(x, t)`, does not, nor what
    explains an answer, `output.backward(gradient=one_hot)`."""
    call = executed.site.node
    if executed.name == "backward" and any(keyword.arg == "gradient" for keyword in call.keywords):
        return False
    many = executed.name == "backward" and len(call.args) > 1 and "autograd" not in (dotted(call.func) or "")
    return executed.name in _GRADIENT and not many


def _compiled(analysis: Analysis, executed: Executed) -> bool:
    """Whether a call runs a function that Theano compiled with the updates of a training."""
    function = executed.site.node.func
    if "theano" not in analysis.names or type(function) not in _NAMES:
        return False
    return any(
        isinstance(origin.node, ast.Call) and argument(origin.node, ("updates",)) is not None
        for origin in analysis.evaluator.resolver.follow(function, executed.frame)
    )


def stepped(analysis: Analysis, executed: Executed) -> list[Optimizer]:
    """The optimizers whose step (or optax update) this call is."""
    function = executed.site.node.func
    if "objax" in analysis.names and (called := _called(analysis, executed)):
        return called
    if isinstance(function, ast.Name) and "optimizers" in analysis.words and "jax" in analysis.words:
        return _updated(analysis, executed, function)
    if not isinstance(function, ast.Attribute):
        return []
    if function.attr == "run":
        return _fetched(analysis, executed)
    if function.attr == "train_on_batch":
        return fitting.compiled_with(analysis, executed, function)
    if function.attr == "update" and "init_optimizer" in analysis.called:
        return fitting.set_up(analysis, executed, function)
    if function.attr in _STEPS:
        given = executed.site.node.args[:1] if function.attr != "apply" else []
        receivers = [function.value, *given]  # scaler.step(optimizer)
    else:
        return []
    found = []
    for receiver in receivers:
        if isinstance(receiver, ast.Name | ast.Attribute | ast.Subscript):
            origins = analysis.evaluator.resolver.follow(receiver, executed.frame)
            read = [o for origin in origins if (o := optimizers.read(analysis, origin))]
            bound = executed.frame.scope.bindings.get(receiver.id, []) if isinstance(receiver, ast.Name) else []
            each = any(binding.kind == "element" for binding in bound)  # for optimizer in optimizers
            found += read if each else optimizers.agreed(_before(read, executed))
    return found


def _before(found: list[Optimizer], executed: Executed) -> list[Optimizer]:
    """Of several optimizers of one name, those that a loop begins with, not what it goes on with in the end."""
    loop = executed.loops[0].node if executed.loops else None
    if loop is None or len({optimizer.name for optimizer in found}) < 2:
        return found
    return [o for o in found if not loop.lineno <= o.call.lineno <= (loop.end_lineno or 0)] or found


def _called(analysis: Analysis, executed: Executed) -> list[Optimizer]:
    """The optimizer of Objax that is called, and is told its rate then: `opt(lr, gradients)`."""
    call = executed.site.node
    if not isinstance(call.func, ast.Name | ast.Attribute):
        return []
    node = argument(call, ("lr",), 0)
    rate = optimizers.rate(analysis, node, executed.frame) if node is not None else None
    return [
        replace(made, lr=rate)
        for origin in analysis.evaluator.resolver.follow(call.func, executed.frame)
        if isinstance(origin.node, ast.Call)
        and analysis.name(origin.node.func, origin.frame).startswith("objax.optimizer.")
        and (made := optimizers.read(analysis, origin))
    ]


def _updated(analysis: Analysis, executed: Executed, function: ast.Name) -> list[Optimizer]:
    """The optimizer of JAX's examples whose update is called, the second of the three functions that it is:
    `start, update, parameters = optimizers.adam(1e-3)`, then `state = update(step, gradients, state)`."""
    if len(executed.site.node.args) != 3:
        return []
    return [
        made
        for origin in analysis.evaluator.resolver.follow(function, executed.frame)
        if isinstance(origin.node, ast.Call)
        and _OF_EXAMPLES.match(analysis.name(origin.node.func, origin.frame))
        and (made := optimizers.read(analysis, origin))
    ]


def _fetched(analysis: Analysis, executed: Executed) -> list[Optimizer]:
    """The optimizers whose training operation `session.run(…)` fetches, or `operation.run(…)` is."""
    function, given = executed.site.node.func, argument(executed.site.node, ("fetches",), 0)
    fetched = [part for part in (given, getattr(function, "value", None)) if part is not None]
    found: list[Optimizer] = []
    while fetched and len(found) < 16:
        node = fetched.pop(0)
        if isinstance(node, ast.List | ast.Tuple):
            fetched += node.elts
            continue
        for origin in analysis.evaluator.resolver.follow(node, executed.frame):
            made = origin.node
            if isinstance(made, ast.List | ast.Tuple) and made is not node:
                fetched += made.elts
            if not isinstance(made, ast.Call):
                continue
            last = analysis.name(made.func, origin.frame).rpartition(".")[2]
            if last == "optimize_loss" and (learned := optimizers.read(analysis, origin)) is not None:
                found.append(learned)
            moved = argument(made, ("optimizer",), 1) if last == "create_train_op" else None  # of TF-Slim
            if isinstance(made.func, ast.Attribute) and made.func.attr in {"minimize", "apply_gradients"}:
                moved = made.func.value
            sources = analysis.evaluator.resolver.follow(moved, origin.frame) if moved is not None else []
            found += optimizers.agreed([o for source in sources if (o := optimizers.read(analysis, source))])
    return found
