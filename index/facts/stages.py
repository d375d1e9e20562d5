"""The trainings of a script, in the order they run: each loop that takes optimizer steps, and each call of fit."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from index.facts import descent, fitting, handed, learner, loaders, optimizers
from index.facts.analysis import Analysis
from index.facts.execution import ActiveLoop, Executed, Execution
from index.facts.frames import Frame
from index.facts.optimizers import Optimizer
from index.facts.program import CallSite, dotted
from index.facts.training import Training
from index.facts.values import Value
from index.files.tree import walk

_MOST = 64  # stages of one script
_GRADIENT = {"backward", "apply_gradients", "apply_updates", "minimize", "train_on_batch", "manual_backward"}
_INTERACTION = re.compile(r"step|iter|episode|update|frame|rollout|\bn?_?epis?\b", re.IGNORECASE)
_EPOCHS = re.compile(r"^((n|num|max|train|training|total|nb)_?)*epochs?$", re.IGNORECASE)
_RANGES = {"range", "xrange", "trange", "arange"}
_PROGRESS = {"tqdm", "trange", "track", "progress_bar", "enumerate", "list", "master_bar", "reversed"}


def find(analysis: Analysis) -> list[Training]:
    """The stages that the script runs; those of functions it only offers where it runs none itself."""
    for execution in (analysis.execution, analysis.rest):
        written = _written_out(analysis, execution)
        stepped = [(order, t) for order, t in _loops(analysis, execution)
                   if t.optimizer_name or all(t.line != other.line for _, other in written)]  # fmt: skip
        found = stepped + fitting.find(analysis, execution) + (written if not any(t.own for _, t in stepped) else [])
        found = found or learner.find(analysis, execution) or handed.find(analysis, execution, _repeated)
        if found:
            return _once([training for _, training in sorted(found, key=lambda pair: pair[0])])
    return _without_loop(analysis)


def _once(trainings: list[Training]) -> list[Training]:
    """A training that runs again with the same values, as after an error, is one stage."""
    same: dict[tuple[object, ...], Training] = {}
    for training in trainings:
        values = (training.lr, training.batch, training.epochs)
        key = (training.line, training.optimizer_name, *(value.options if value else None for value in values))
        same.setdefault(key, training)
    return list(same.values())


def _written_out(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """Loops that move their parameters by hand: gradient descent, whoever computes the gradient."""
    groups: dict[tuple[ActiveLoop, tuple[object, ...]], tuple[int, Optimizer, Executed]] = {}
    for update in descent.find(analysis, execution):
        optimizer = descent.as_optimizer(update)
        executed = Executed(CallSite(optimizer.call, update.frame.scope), update.frame, update.loops)
        groups.setdefault((_epoch_loop(analysis, executed), update.rate.options), (update.order, optimizer, executed))
    found = []
    for (loop, _), (order, optimizer, executed) in list(groups.items())[:_MOST]:
        batch, loader = _batch(analysis, execution, loop, executed)
        scope = loop.frame.scope
        name = "training" if scope.name == "<module>" else scope.name
        epochs = _epochs(analysis, execution, executed, loader)
        found.append((order, Training(name, loop.node.lineno, optimizer, "SGD", optimizer.lr, batch, epochs)))
    return found


def _loops(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    groups: dict[ActiveLoop, list[tuple[int, Executed]]] = {}
    for order, executed in enumerate(execution.calls):
        if executed.loops and (executed.name in _GRADIENT or _stepped(analysis, executed)):
            groups.setdefault(_epoch_loop(analysis, executed), []).append((order, executed))
    claimed: set[ast.Call] = set()
    stepped: dict[ActiveLoop, list[Optimizer]] = {}
    groups = dict(list(groups.items())[:_MOST])
    for loop, members in groups.items():
        stepped[loop] = []
        for _, executed in members:
            for optimizer in _stepped(analysis, executed):
                if optimizer.call not in {known.call for known in stepped[loop]}:
                    stepped[loop].append(optimizer)
                    claimed.add(optimizer.call)
    found: list[tuple[int, Training]] = []
    for loop, members in groups.items():
        used = stepped[loop] or [o for o in _constructed(analysis, execution) if o.call not in claimed]
        found += [(members[0][0], training) for training in _stages_of(analysis, execution, loop, members, used)]
    return found


def _stages_of(
    analysis: Analysis,
    execution: Execution,
    loop: ActiveLoop,
    members: list[tuple[int, Executed]],
    used: list[Optimizer],
) -> list[Training]:
    """A loop is one stage for each pair of optimizer and rate that it steps."""
    innermost = max((executed for _, executed in members), key=lambda executed: len(executed.loops))
    batch, loader = _batch(analysis, execution, loop, innermost)
    epochs = _epochs(analysis, execution, innermost, loader)
    scope = loop.frame.scope
    name = "training" if scope.name == "<module>" else scope.name
    distinct: dict[tuple[object, ...], list[Optimizer]] = {}
    for optimizer in used:
        rate = optimizer.lr
        distinct.setdefault((optimizer.name, rate.options if rate else None), []).append(optimizer)
    if not distinct:
        return [Training(name, loop.node.lineno, None, None, None, batch, epochs, loader)]
    found = []
    for group in distinct.values():
        first = group[0]
        trained = tuple(pair for o in group for pair in optimizers.trained(analysis, o))
        effective = optimizers.one_cycle(analysis, first) or _set_in_loop(execution, analysis, loop)
        found.append(
            Training(
                name, loop.node.lineno, first, first.name, first.lr, batch, epochs, loader, trained, True, effective
            )
        )
    return found


def _set_in_loop(execution: Execution, analysis: Analysis, loop: ActiveLoop) -> Value | None:
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
                if not isinstance(binding.node, ast.expr) or not all(
                    analysis.evaluator.resolver.holds(guard, frame) for guard in binding.guards
                ):
                    return None  # a schedule: it starts from what was declared
                value = analysis.value(binding.node, frame)
                found.add(value.options)
    return value if value is not None and value.number is not None and len(found) == 1 else None


def _stepped(analysis: Analysis, executed: Executed) -> list[Optimizer]:
    """The optimizers whose step (or optax update) this call is."""
    function = executed.site.node.func
    if not isinstance(function, ast.Attribute):
        return []
    if function.attr == "run":
        return _fetched(analysis, executed)
    if function.attr in {"step", "update", "apply_gradients", "minimize"}:
        receivers = [function.value, *executed.site.node.args[:1]]  # scaler.step(optimizer)
    else:
        return []
    found = []
    for receiver in receivers:
        if isinstance(receiver, ast.Name | ast.Attribute | ast.Subscript):
            for origin in analysis.evaluator.resolver.follow(receiver, executed.frame):
                optimizer = optimizers.read(analysis, origin)
                if optimizer is not None:
                    found.append(optimizer)
    return found


def _fetched(analysis: Analysis, executed: Executed) -> list[Optimizer]:
    """The optimizers whose training operation `session.run(…)` fetches."""
    fetched = executed.site.node.args[:1]
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
            if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute):
                continue
            if made.func.attr in {"minimize", "apply_gradients"}:
                for source in analysis.evaluator.resolver.follow(made.func.value, origin.frame):
                    optimizer = optimizers.read(analysis, source)
                    if optimizer is not None:
                        found.append(optimizer)
    return found


def _constructed(analysis: Analysis, execution: Execution) -> list[Optimizer]:
    found: dict[ast.Call, Optimizer] = {}
    for executed in execution.calls:
        for origin in analysis.evaluator.resolver.follow(executed.site.node, executed.frame):
            if origin.node is executed.site.node:
                optimizer = optimizers.read(analysis, origin)
                if optimizer is not None:
                    found.setdefault(optimizer.call, optimizer)
    inner = {node for o in found.values() for node in walk(o.call) if node is not o.call}
    return [optimizer for optimizer in found.values() if optimizer.call not in inner]


def _epoch_loop(analysis: Analysis, executed: Executed) -> ActiveLoop:
    """Of the loops around a step, the one that counts epochs; the outermost where none says so."""
    for loop in executed.loops:
        if "epoch" in _loop_text(loop).lower():
            return loop
    for outer, inner in pairwise(executed.loops):
        if isinstance(inner.node, ast.For) and loaders.batch(analysis, _iterated(inner.node), inner.frame):
            return outer
    return executed.loops[0]


def _loop_text(loop: ActiveLoop) -> str:
    node = loop.node
    head = [node.test] if isinstance(node, ast.While) else [node.target, _iterated(node)]
    return " ".join(ast.unparse(part)[:200] for part in head)


def _iterated(node: ast.For | ast.AsyncFor) -> ast.expr:
    """What a for loop iterates over, without progress bars and counters around it."""
    inner = node.iter
    while isinstance(inner, ast.Call) and inner.args:
        function = inner.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in _PROGRESS or name == "trange":
            break
        inner = inner.args[0]
    return inner


def _interacts(execution: Execution, loop: ActiveLoop) -> bool:
    """Whether a loop plays in an environment: what runs in it are episodes, not passes over data."""
    if _INTERACTION.search(_loop_text(loop)):
        return True
    played = [
        other.site.node.func for other in execution.calls if other.name in {"step", "reset"} and loop in other.loops
    ]
    return any(isinstance(f, ast.Attribute) and "env" in (dotted(f.value) or "").lower() for f in played)


def _epochs(
    analysis: Analysis, execution: Execution, executed: Executed, loader: tuple[ast.expr, Frame] | None
) -> Value | None:
    """How often a loop that counts epochs runs. A loop over steps or episodes gives none."""
    loops = executed.loops
    for place, loop in enumerate(loops):
        if "epoch" in _loop_text(loop).lower():
            # passes over what was just collected, as in PPO, are no epochs of the training
            if any(_interacts(execution, outer) for outer in loops[:place]):
                return None
            return _count(analysis, loop)
    for loop in loops:
        factor = _factor(analysis, loop)
        if factor is not None:
            return factor
    for outer, inner in pairwise(loops):
        served = isinstance(inner.node, ast.For) and loader is not None and _iterated(inner.node) is loader[0]
        if (served or _sliced(analysis, inner) is not None) and not any(
            word in _loop_text(outer).lower() for word in ("step", "iter", "episode")
        ):
            return _count(analysis, outer)
    return None


def _repeated(analysis: Analysis, executed: Executed) -> Value | None:
    """How often the epoch loop around a call runs it."""
    loops = [loop for loop in executed.loops if "epoch" in _loop_text(loop).lower()]
    return _count(analysis, loops[0]) if loops else None


def _factor(analysis: Analysis, loop: ActiveLoop) -> Value | None:
    """The epochs in a loop over `steps_per_epoch * epochs` steps."""
    if not isinstance(loop.node, ast.For) or not isinstance(loop.node.iter, ast.Call):
        return None
    counted = _iterated(loop.node)
    limit = counted.args[-1] if isinstance(counted, ast.Call) and counted.args else None
    while isinstance(limit, ast.BinOp) and isinstance(limit.op, ast.Add):  # range(1, steps + 1)
        limit = limit.left
    if limit is None:
        return None
    for origin in analysis.evaluator.resolver.follow(limit, loop.frame):
        if isinstance(origin.node, ast.BinOp) and isinstance(origin.node.op, ast.Mult):
            for side in (origin.node.left, origin.node.right):
                if _EPOCHS.match((dotted(side) or "").split(".")[-1]):
                    return analysis.value(side, origin.frame)
    return None


def _count(analysis: Analysis, loop: ActiveLoop) -> Value | None:
    node, frame = loop.node, loop.frame
    if isinstance(node, ast.While):
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Lt):
            return analysis.value(test.comparators[0], frame)
        return None
    counted = _iterated(node)
    if isinstance(counted, ast.Name):
        origins = analysis.evaluator.resolver.follow(counted, frame)
        if len(origins) == 1 and isinstance(origins[0].node, ast.expr):
            counted, frame = origins[0].node, origins[0].frame
    if not isinstance(counted, ast.Call) or not counted.args:
        return None
    function = counted.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in _RANGES:
        return None
    if len(counted.args) == 1:
        return analysis.value(counted.args[0], frame)
    limit = counted.args[1]
    if isinstance(limit, ast.BinOp) and isinstance(limit.op, ast.Add):  # range(start, start + epochs)
        for side, other in ((limit.left, limit.right), (limit.right, limit.left)):
            if not isinstance(side, ast.Constant) and ast.dump(side) == ast.dump(counted.args[0]):
                return analysis.value(other, frame)
    start, stop = analysis.value(counted.args[0], frame), analysis.value(limit, frame)
    # a resumed run starts later; the plan is what a fresh one does
    first = start.number if start.known else 0 if 0 in start.options else None
    if first is None or stop.number is None:
        return Value((), stop.line, stop.node)
    proof = stop.line
    if isinstance(limit, ast.BinOp) and isinstance(limit.op, ast.Add):  # range(1, epochs + 1)
        proof = analysis.value(limit.left, frame).line
    return Value((stop.number - first,), proof, stop.node)


def _sliced(analysis: Analysis, loop: ActiveLoop) -> Value | None:
    """The step of a loop that slices the data: `range(0, len(x), 128)`, also beside the range of where slices end."""
    counted = _iterated(loop.node) if isinstance(loop.node, ast.For) else None
    if isinstance(counted, ast.Call) and getattr(counted.func, "id", "") == "zip" and counted.args:
        counted = counted.args[0]
    if not isinstance(counted, ast.Call) or len(counted.args) != 3:
        return None
    function = counted.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in _RANGES:
        return None
    step = counted.args[2]
    if not isinstance(step, ast.Constant) and "batch" not in ast.unparse(step)[:80].lower():
        return None  # the length of a sequence, or of a rollout
    size = analysis.scaled(step, loop.frame)
    return size if size.number is not None and size.number > 1 else None


def _batch(
    analysis: Analysis, execution: Execution, stage: ActiveLoop, executed: Executed
) -> tuple[Value | None, tuple[ast.expr, Frame] | None]:
    """The batch size of the loader that the loop iterates over, then of `next(…)`, then of a name in the loop."""
    for loop in reversed(executed.loops):
        if isinstance(loop.node, ast.For):
            iterated = _iterated(loop.node)
            size = loaders.batch(analysis, iterated, loop.frame)
            if size is not None:
                return size, (iterated, loop.frame)
    for loop in reversed(executed.loops):
        size = _sliced(analysis, loop) if loop is not stage else None
        if size is not None:
            return size, None
    inside = [other for other in execution.calls if stage in other.loops]
    for other in inside:
        function = other.site.node.func
        served = other.site.node.args[:1] or ([function.value] if isinstance(function, ast.Attribute) else [])
        if other.name in {"next", "get_next"} and served:
            size = loaders.batch(analysis, served[0], other.frame)
            if size is not None:
                return size, (served[0], other.frame)
    size = loaders.training(analysis)
    if size is not None:
        return size, None
    asked = {value.number: value for other in inside if (value := loaders.served(analysis, other)) is not None}
    if len(asked) == 1:
        return next(iter(asked.values())), None
    for loop in dict.fromkeys((stage, executed.loops[0])):
        size = loaders.named(analysis, _code(execution, loop))
        if size is not None:
            return size, None
    return None, None


def _code(execution: Execution, loop: ActiveLoop) -> list[tuple[ast.AST, Frame]]:
    """A loop, and the functions that it enters, each with its frame."""
    entered = {other.frame.scope: other.frame for other in execution.calls
               if loop in other.loops and other.frame.scope is not loop.frame.scope}  # fmt: skip
    return [(loop.node, loop.frame), *((scope.node, frame) for scope, frame in entered.items())]


def _without_loop(analysis: Analysis) -> list[Training]:
    """Optimizers whose loop is in another file: their rates are facts all the same."""
    for execution in (analysis.execution, analysis.rest):
        built = _constructed(analysis, execution)
        if built:
            size = loaders.training(analysis)
            return [
                Training("training", o.line, o, o.name, o.lr, size, None, None, optimizers.trained(analysis, o))
                for o in built
            ]
    return []
