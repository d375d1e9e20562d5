"""The rate that a training loop sets itself, whatever its optimizer was made with; the first of those of a schedule."""

from __future__ import annotations

import ast
import re
from copy import deepcopy

from index.facts.evaluation import arguments
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import ActiveLoop, Execution
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import dotted
from index.facts.evaluation.values import Value
from index.files.tree import walk

# Schedules that go from one rate to the next, by where they are given the rates.
_STEPWISE = {"piecewiseconstantdecay": 1, "piecewisedecay": 1, "piecewise_decay": 1, "piecewise_constant": 2}
OF_LIBRARIES = re.compile(r"(torch|keras|tensorflow|tf|optax|flax|jax|objax|transformers|timm|mxnet|paddle|tf2?\w*)\.")
_BEGINS = re.compile(r"^(?!.*(min|end|final|last|decay|warm|drop))(.*_)?(lr|learning_?rate|rate)(_|$|\d)", re.I)
_NAMED = re.compile(r"^(?!.*(min|end|final|last|decay|drop)|warm)(.*_)?(lr|learning_rate)$")


def given(analysis: Analysis, call: ast.Call, name: str, frame: Frame) -> ast.expr | None:
    """What a schedule is given for the rate that it begins with: of a library, the first; of the project, by its name,
    `WarmUpSchedule(epochs, steps, lr_max)`; of what cannot be read, the first, where that may be a rate."""
    begun = argument(call, (), 1 if name.startswith("warmup") else 0)
    if OF_LIBRARIES.match(analysis.name(call.func, frame)):
        return begun
    scope = analysis.evaluator.resolver.definition(call.func, frame)
    maker = scope.method("__init__") if scope is not None and scope.is_class else scope
    named = [parameter for parameter in maker.positions if _BEGINS.search(parameter)] if maker is not None else []
    if maker is not None and named:
        own = maker.module is analysis.program.module
        return arguments.given(maker, named[0], call) or (arguments.default(maker, named[0]) if own else None)
    value = analysis.value(begun, frame).number if begun is not None else None
    return begun if value is not None and 0 < value <= 1 else None


def derives(analysis: Analysis, call: ast.Call, frame: Frame) -> bool:
    """Whether what a call makes is a schedule of Keras by its class: `class WarmUp(LearningRateSchedule)`."""
    scope = analysis.evaluator.resolver.definition(call.func, frame)
    bases = scope.node.bases if scope is not None and isinstance(scope.node, ast.ClassDef) else []
    return any((dotted(base) or "").endswith("LearningRateSchedule") for base in bases)


def told(schedule: ast.Call) -> ast.expr | None:
    """What a schedule is told under the name of a rate: `Schedule(post_warmup_lr=1e-4, steps=9)`."""
    given = [keyword.value for keyword in schedule.keywords if keyword.arg and _NAMED.match(keyword.arg)]
    return given[0] if len(given) == 1 else None


def declining(analysis: Analysis, schedule: Origin) -> Value | None:
    """The rate of a schedule that is a function of the step: `return rate * fraction`, `lambda left: 2.5e-4 * left`."""
    made = schedule.node
    scope = analysis.program.by_node.get(made) if isinstance(made, ast.FunctionDef | ast.Lambda) else None
    if scope is None:
        return None
    brief = isinstance(made, ast.Lambda)
    frame = Frame(scope, None, schedule.frame)
    returned = [made.body] if isinstance(made, ast.Lambda) else [value for value, _ in scope.returns]
    for product in returned:
        if isinstance(product, ast.BinOp) and isinstance(product.op, ast.Mult):
            for side in (product.left, product.right):
                value = analysis.value(side, frame)
                if (brief or not isinstance(side, ast.Constant)) and value.number is not None:
                    return value
    return None


def lowered(analysis: Analysis, rate: Origin) -> Value | None:
    """The rate that each step lowers by a power, by what it is called: `base_lr * (1 - step / steps) ** 0.9`."""
    product = rate.node
    if not isinstance(product, ast.BinOp) or not isinstance(product.op, ast.Mult):
        return None
    for side, factor in ((product.left, product.right), (product.right, product.left)):
        begins = _BEGINS.search((dotted(side) or "").rpartition(".")[2])
        if begins and isinstance(factor, ast.BinOp) and isinstance(factor.op, ast.Pow):
            value = analysis.value(side, rate.frame)
            known = analysis.value(product, rate.frame).number is not None
            return value if value.number is not None and not known else None
    return None


def first(analysis: Analysis, call: ast.Call, name: str, frame: Frame) -> Value | None:
    """The first of the rates that a schedule goes through: `PiecewiseConstantDecay([30, 60], [0.1, 0.01, 0.001])`."""
    node = argument(call, ("values",), _STEPWISE[name]) if name in _STEPWISE else None
    for origin in analysis.evaluator.resolver.follow(node, frame) if node is not None else []:
        if isinstance(origin.node, ast.List | ast.Tuple) and origin.node.elts:
            return analysis.value(origin.node.elts[0], origin.frame)
        if isinstance(origin.node, ast.ListComp) and (one := _of_zero(origin.node)) is not None:
            return analysis.value(one, origin.frame)
    return None


def _of_zero(made: ast.ListComp) -> ast.expr | None:
    """What a list over a range begins with: `[0.1**i * rate for i in range(4)]`."""
    over, counter = made.generators[0].iter, made.generators[0].target
    counted = isinstance(over, ast.Call) and getattr(over.func, "id", "") == "range" and len(over.args) == 1
    if len(made.generators) > 1 or not counted or not isinstance(counter, ast.Name):
        return None
    one: ast.expr = _Zero(counter.id).visit(deepcopy(made.elt))
    return one


class _Zero(ast.NodeTransformer):
    """Writes 0 where a name stood."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(ast.Constant(0), node) if node.id == self._name else node


def set_in_loop(execution: Execution, analysis: Analysis, loop: ActiveLoop) -> Value | None:
    """The one rate that `for group in optimizer.param_groups: group["lr"] = …` sets, whatever was declared."""
    frames = {loop.frame.scope: loop.frame}
    frames |= {other.frame.scope: other.frame for other in execution.calls if loop in other.loops}
    found: set[tuple[object, ...]] = set()
    value = None
    for scope, frame in frames.items():
        for name, bindings in scope.bindings.items():
            group, _, key = name.rpartition(".")
            for binding in bindings if key == "lr" and group else []:
                groups = [b.node for b in scope.bindings.get(group, []) if b.kind == "element"]
                if not any(isinstance(node, ast.Attribute) and node.attr == "param_groups" for node in groups):
                    continue
                node = binding.node
                if (
                    not isinstance(node, ast.expr)
                    or not all(analysis.evaluator.resolver.holds(guard, frame) for guard in binding.guards)
                    or _scheduled(analysis, node, frame)
                ):
                    return None  # a schedule: it starts from what was declared
                value = analysis.value(node, frame)
                found.add(value.options)
    return value if value is not None and value.number is not None and len(found) == 1 else None


def _scheduled(analysis: Analysis, node: ast.expr, frame: Frame, depth: int = 0) -> bool:
    """Whether a rate is computed from how far the training has come."""
    for part in walk(node):
        if isinstance(part, ast.Call) and analysis.evaluator.resolver.definition(part.func, frame) is not None:
            return True
        if isinstance(part, ast.Name):
            bindings = frame.scope.bindings.get(part.id, [])
            if part.id in analysis.program.counted or any(binding.kind == "element" for binding in bindings):
                return True
            made = [binding.node for binding in bindings if binding.kind == "value"]
            if depth < 3 and any(isinstance(m, ast.expr) and _scheduled(analysis, m, frame, depth + 1) for m in made):
                return True
    return False
