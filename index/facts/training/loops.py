"""What the loops of a training count: which of them counts the epochs, how many, and the slices that one takes."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import ActiveLoop, Executed, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted, written
from index.facts.evaluation.values import Value

_INTERACTION = re.compile(r"step|iter|episode|update|frame|rollout|\bn?_?epis?\b", re.IGNORECASE)
_EPOCHS = re.compile(r"^((n|num|max|train|training|total|nb)_?)*epochs?$", re.IGNORECASE)
_NESTED = 4  # steps that a number of steps is computed in
_WHOLE = {"int", "round", "ceil", "floor"}
_RESUMED = re.compile(r"^\w*(start|begin|init|last|resum|curr)\w*$", re.IGNORECASE)
# Loops that fit anew each time, on other data or with other settings.
_ANEW = re.compile(r"fold|split|run|trial|seed|size|layer|lr|rate|param|model|grid|node|opt|kfold", re.IGNORECASE)
_READS = {"numpy", "item", "read_value", "value"}
_SHOWS = re.compile(r"tqdm|progress|reporter", re.IGNORECASE)
_PROGRESS = {"tqdm", "trange", "track", "progress_bar", "enumerate", "list", "master_bar", "reversed"}


def of_epochs(analysis: Analysis, executed: Executed) -> ActiveLoop:
    """Of the loops around a step, the one that counts epochs; the outermost where none says so."""
    for loop in executed.loops:
        if "epoch" in text(loop).lower():
            return loop
    for outer, inner in pairwise(executed.loops):
        if isinstance(inner.node, ast.For) and loaders.batch(analysis, iterated(inner.node), inner.frame):
            return outer
    return executed.loops[0]


def text(loop: ActiveLoop) -> str:
    node = loop.node
    head = [node.test] if isinstance(node, ast.While) else [node.target, iterated(node)]
    return " ".join(written(part)[:200] for part in head)


def iterated(node: ast.For | ast.AsyncFor) -> ast.expr:
    """What a for loop iterates over, without progress bars and counters around it."""
    return _unwrapped(node.iter)


def _unwrapped(inner: ast.expr) -> ast.expr:
    while isinstance(inner, ast.Call) and inner.args:
        function = inner.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if (name not in _PROGRESS and not _SHOWS.search(name)) or name == "trange":
            break
        inner = inner.args[0]
    return inner


def _interacts(execution: Execution, loop: ActiveLoop) -> bool:
    """Whether a loop plays in an environment: what runs in it are episodes, not passes over data."""
    if _INTERACTION.search(text(loop)):
        return True
    played = [
        other.site.node.func for other in execution.calls if other.name in {"step", "reset"} and loop in other.loops
    ]
    return any(isinstance(f, ast.Attribute) and "env" in (dotted(f.value) or "").lower() for f in played)


def epochs(
    analysis: Analysis, execution: Execution, executed: Executed, loader: tuple[ast.expr, Frame] | None
) -> Value | None:
    """How often a loop that counts epochs runs. A loop over steps or episodes gives none."""
    loops = executed.loops
    for place, loop in enumerate(loops):
        if "epoch" in text(loop).lower():
            # passes over what was just collected, as in PPO, are no epochs of the training
            if any(_interacts(execution, outer) for outer in loops[:place]) and not _kept(analysis, loader, loops[0]):
                return None
            count = _count(analysis, loop)
            return count if count is not None and count.number is not None else _factor(analysis, loop) or count
    for loop in loops:
        factor = _factor(analysis, loop)
        if factor is not None:
            return factor
    for outer, inner in pairwise(loops):
        served = isinstance(inner.node, ast.For) and loader is not None and iterated(inner.node) is loader[0]
        words = ("step", "episode") if served else ("step", "iter", "episode")
        if (served or sliced(analysis, inner) is not None) and not any(word in text(outer).lower() for word in words):
            return _count(analysis, outer)
    if len(loops) > 1 and _over_all(analysis, loops[1]):
        return _count(analysis, loops[0])
    for loop in loops:
        if isinstance(loop.node, ast.For):
            counted = iterated(loop.node)
            count = loaders.repeats(analysis, counted, loop.frame) or _told(analysis, counted, loop.frame)
            if count is not None:
                return count
    return None


def _kept(analysis: Analysis, loader: tuple[ast.expr, Frame] | None, loop: ActiveLoop) -> bool:
    """Whether batches come from a loader that was made before a loop, and serves the same each time it runs."""
    made = [origin.node for origin in analysis.evaluator.resolver.follow(*loader)] if loader is not None else []
    calls = [e for e in analysis.execution.calls if e.site.node in made and e.name.endswith("DataLoader")]
    return bool(calls) and not any(loop in executed.loops for executed in calls)


def _over_all(analysis: Analysis, loop: ActiveLoop) -> bool:
    """Whether a loop goes once over the data, batch by batch: `range(len(x) // batch_size)`, whatever is around it."""
    counted = iterated(loop.node) if isinstance(loop.node, ast.For) else None
    if not isinstance(counted, ast.Call) or len(counted.args) != 1:
        return False
    if (dotted(counted.func) or "").split(".")[-1] not in loaders.RANGES:
        return False
    for origin in analysis.evaluator.resolver.follow(counted.args[0], loop.frame):
        made = origin.node
        if isinstance(made, ast.Call) and len(made.args) == 1 and (dotted(made.func) or "").split(".")[-1] in _WHOLE:
            made = made.args[0]
        if isinstance(made, ast.BinOp) and isinstance(made.op, ast.Div | ast.FloorDiv):
            return loaders.is_size(dotted(made.right) or "")
    return False


def parted(analysis: Analysis, loop: ActiveLoop) -> Value | None:
    """The size that a loop over batches divides the length of its data by, whatever it is called:
    `for i in range(int(data.shape[0] / n_batch))`."""
    counted = iterated(loop.node) if isinstance(loop.node, ast.For) else None
    ranges = isinstance(counted, ast.Call) and (dotted(counted.func) or "").split(".")[-1] in loaders.RANGES
    if not isinstance(counted, ast.Call) or not ranges or len(counted.args) != 1:
        return None
    for origin in analysis.evaluator.resolver.follow(counted.args[0], loop.frame):
        made = origin.node
        if isinstance(made, ast.Call) and len(made.args) == 1 and (dotted(made.func) or "").split(".")[-1] in _WHOLE:
            made = made.args[0]
        if isinstance(made, ast.BinOp) and isinstance(made.op, ast.Div | ast.FloorDiv) and _is_length(made.left):
            size = (
                analysis.scaled(made.right, origin.frame) if isinstance(made.right, ast.Name | ast.Attribute) else None
            )
            return size if size is not None and size.number is not None and size.number > 1 else None
    return None


def _is_length(node: ast.expr) -> bool:
    """`len(x)`, `x.shape[0]`"""
    if isinstance(node, ast.Call):
        return dotted(node.func) == "len"
    first = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == 0
    return first and isinstance(node, ast.Subscript) and (dotted(node.value) or "").endswith(".shape")


def _told(analysis: Analysis, counted: ast.expr, frame: Frame) -> Value | None:
    """The epochs that a function of another file is told which yields all batches: `batch_iter(data, 64, epochs)`."""
    for origin in analysis.evaluator.resolver.follow(counted, frame):
        call = origin.node
        if isinstance(call, ast.Call) and analysis.evaluator.resolver.own(call.func, origin.frame) is None:
            for part in [*call.args, *(k.value for k in call.keywords if k.arg and _EPOCHS.match(k.arg))]:
                keyed = part not in call.args
                if keyed or _EPOCHS.match((dotted(part) or "").split(".")[-1]):
                    return analysis.value(part, origin.frame)
    return None


def repeated(analysis: Analysis, executed: Executed) -> Value | None:
    """How often the epoch loop around a call runs it."""
    for place, loop in enumerate(executed.loops):
        if "epoch" in text(loop).lower():
            played = any(_interacts(analysis.execution, outer) for outer in executed.loops[:place])
            return None if played else _count(analysis, loop)
    return None


def again(analysis: Analysis, executed: Executed) -> Value | None:
    """How often a loop runs the one call that passes over the data once: an epoch each time, unless it fits anew."""
    count = repeated(analysis, executed)
    alone = len({other.site.node for other in analysis.called.get(executed.name, [])}) == 1
    if count is not None or not alone or len(executed.loops) != 1 or _ANEW.search(text(executed.loops[0])):
        return count
    return _count(analysis, executed.loops[0])


def _factor(analysis: Analysis, loop: ActiveLoop) -> Value | None:
    """The epochs in a loop over `steps_per_epoch * epochs` steps, or `int(epochs * len(x) / batch)`."""
    if not isinstance(loop.node, ast.For) or not isinstance(loop.node.iter, ast.Call):
        return None
    counted = iterated(loop.node)
    limit = counted.args[-1] if isinstance(counted, ast.Call) and counted.args else None
    while isinstance(limit, ast.BinOp) and isinstance(limit.op, ast.Add):  # range(1, steps + 1)
        limit = limit.left
    return _epochs_in(analysis, limit, loop.frame) if limit is not None else None


def _epochs_in(analysis: Analysis, node: ast.expr, frame: Frame, depth: int = 0) -> Value | None:
    """The epochs among the factors of a number of steps."""
    for origin in analysis.evaluator.resolver.follow(node, frame) if depth < _NESTED else []:
        made = origin.node
        if isinstance(made, ast.Call) and len(made.args) == 1 and (dotted(made.func) or "").split(".")[-1] in _WHOLE:
            made = made.args[0]
        if not isinstance(made, ast.BinOp) or not isinstance(made.op, ast.Mult | ast.Div | ast.FloorDiv):
            continue
        sides = (made.left, made.right) if isinstance(made.op, ast.Mult) else (made.left,)
        for side in sides:
            named = isinstance(made.op, ast.Mult) and _EPOCHS.match((dotted(side) or "").split(".")[-1])
            found = analysis.value(side, origin.frame) if named else _epochs_in(analysis, side, origin.frame, depth + 1)
            if found is not None:
                return found
    return None


def _count(analysis: Analysis, loop: ActiveLoop) -> Value | None:
    node, frame = loop.node, loop.frame
    if isinstance(node, ast.While):
        return _until(analysis, node.test, frame)
    counted = iterated(node)
    if isinstance(counted, ast.Name):
        bound = [binding.node for binding in frame.scope.bindings.get(counted.id, [])]
        if len(bound) == 1 and isinstance(bound[0], ast.Call) and dotted(bound[0].func) in {"trange", "tqdm.trange"}:
            return analysis.value(bound[0].args[0], frame) if len(bound[0].args) == 1 else None
        origins = analysis.evaluator.resolver.follow(counted, frame)
        if len(origins) == 1 and isinstance(origins[0].node, ast.expr):
            counted, frame = _unwrapped(origins[0].node), origins[0].frame
    if not isinstance(counted, ast.Call) or not counted.args:
        return None
    function = counted.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in loaders.RANGES:
        return None
    if len(counted.args) == 1:
        return analysis.value(counted.args[0], frame)
    limit = counted.args[1]
    if isinstance(limit, ast.BinOp) and isinstance(limit.op, ast.Add):  # range(start, start + epochs)
        for side, other in ((limit.left, limit.right), (limit.right, limit.left)):
            if not isinstance(side, ast.Constant) and ast.dump(side) == ast.dump(counted.args[0]):
                return analysis.value(other, frame)
    added = isinstance(limit, ast.BinOp) and isinstance(limit.op, ast.Add)  # range(1, epochs + 1)
    first, stop = _goes_on(analysis, node, counted.args[0], frame), analysis.value(limit, frame)
    owner, _, last = (dotted(counted.args[0]) or "").rpartition(".")
    if first is None and (_RESUMED.match(last) or (owner and last == "epoch")):  # read from what was saved: state.epoch
        first = 1 if added else 0
    if first == 1 and stop.number is None and isinstance(limit, ast.BinOp) and added:  # what the last one hangs on
        made = analysis.evaluator.resolver.follow(limit.left, frame)
        return Value((), stop.line, made[0].node if len(made) == 1 else stop.node)
    if first is None or stop.number is None:
        return Value((), stop.line, stop.node)
    proof = analysis.value(limit.left, frame) if isinstance(limit, ast.BinOp) and added else stop
    return Value((stop.number - first,), proof.line, stop.node, proof.beside)


def _until(analysis: Analysis, test: ast.expr, frame: Frame) -> Value | None:
    """How often a loop runs while a count is below a number, or up to it: `while epoch <= last and not done`."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        counts = [part for part in test.values if isinstance(part, ast.Compare) and "epoch" in written(part).lower()]
        return _until(analysis, counts[0], frame) if len(counts) == 1 else None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Lt | ast.LtE):
        return None
    stop = analysis.value(test.comparators[0], frame)
    if isinstance(test.ops[0], ast.Lt):
        return stop
    first = _fresh(analysis, test.left, frame)
    if first is None or stop.number is None:
        return Value((), stop.line, stop.node)
    return Value((stop.number - first + 1,), stop.line, stop.node, stop.beside)


def _goes_on(analysis: Analysis, loop: ast.For | ast.AsyncFor, start: ast.expr, frame: Frame) -> float | None:
    """Where `for epoch in range(epoch, last)` starts, which counts on from what was bound before it."""
    if not isinstance(start, ast.Name) or dotted(loop.target) != start.id:
        return _fresh(analysis, start, frame)
    bound = [b.node for b in frame.scope.bindings.get(start.id, []) if b.kind == "value" and b.line < loop.lineno]
    numbers = {analysis.value(node, frame).number for node in bound if isinstance(node, ast.expr)}
    return min((number for number in numbers if number in (0, 1)), default=None)


def _fresh(analysis: Analysis, start: ast.expr, frame: Frame) -> float | None:
    """Where a loop starts: a resumed run starts later, and the plan is what a fresh one does."""
    if isinstance(start, ast.Call):  # int(start) · start.numpy() · start.read_value()
        read = isinstance(start.func, ast.Attribute) and start.func.attr in _READS and not start.args
        if read and isinstance(start.func, ast.Attribute):
            return _fresh(analysis, start.func.value, frame)
    value = analysis.value(start, frame)
    if value.known:
        return value.number
    if isinstance(start, ast.BinOp) and isinstance(start.op, ast.Add):  # range(start_epoch + 1, …)
        left, right = _fresh(analysis, start.left, frame), _fresh(analysis, start.right, frame)
        return left + right if left is not None and right is not None else None
    numbers = {analysis.value(origin.node, origin.frame).number for origin in
               analysis.evaluator.resolver.follow(start, frame) if isinstance(origin.node, ast.Constant)}  # fmt: skip
    return min((number for number in numbers if number in (0, 1)), default=None)


def sliced(analysis: Analysis, loop: ActiveLoop) -> Value | None:
    """The step of a loop that slices the data: `range(0, len(x), 128)`, also beside the range of where slices end."""
    counted = iterated(loop.node) if isinstance(loop.node, ast.For) else None
    if isinstance(counted, ast.Call) and getattr(counted.func, "id", "") == "zip" and counted.args:
        counted = counted.args[0]
    if not isinstance(counted, ast.Call) or len(counted.args) != 3:
        return None
    function = counted.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in loaders.RANGES:
        return None
    step = counted.args[2]
    if not isinstance(step, ast.Constant) and "batch" not in written(step)[:80].lower():
        return None  # the length of a sequence, or of a rollout
    size = analysis.scaled(step, loop.frame)
    return size if size.number is not None and size.number > 1 else None
