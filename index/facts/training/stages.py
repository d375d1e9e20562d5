"""The trainings of a script, in the order they run: each loop that takes optimizer steps, and each call of fit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from index.facts.data import dataset_words, loaders
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import ActiveLoop, Executed, Execution
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import CallSite, dotted
from index.facts.evaluation.values import Value
from index.facts.training import (  # fmt: skip
    descent,
    fitting,
    given,
    handed,
    launching,
    learner,
    loops,
    offered,
    optimizers,
    rates,
    skorch,
    stated,
    stepping,
    tf_estimators,
    trainers,
)
from index.facts.training.optimizers import Optimizer
from index.facts.training.training import Training
from index.facts.training.update_forms import is_rate
from index.files.tree import walk

_MOST = 64  # stages of one script
_UNGRADED = {"no_grad", "inference_mode"}


def find(analysis: Analysis) -> list[Training]:
    """The stages that the script runs; those of functions it only offers where it runs none itself."""
    both = (analysis.execution, analysis.rest)
    found = next((found for execution in both if (found := run(analysis, execution))), None)
    found = found or next((found for execution in both if (found := without_loop(analysis, execution))), None)
    return found or _handed_out(analysis) or _by_steps(analysis)


def _handed_out(analysis: Analysis) -> list[Training]:
    """The trainings that a function only sets up, for others to start: `return Trainer(model, args)`."""
    made = ((executed, executed.site.node, executed.frame) for executed in given.trainers(analysis))
    return [found for one in made if (found := trainers.transformers(analysis, *one)) is not None]


def run(analysis: Analysis, execution: Execution) -> list[Training]:
    """The stages of one walk."""
    written = _written_out(analysis, execution)
    stepped = [(order, t) for order, t in _loops(analysis, execution)
               if t.optimizer_name or all(t.line != other.line for _, other in written)]  # fmt: skip
    found = stepped + fitting.find(analysis, execution) + (written if not any(t.own for _, t in stepped) else [])
    found = found or learner.find(analysis, execution) or skorch.find(analysis, execution)
    found = found or tf_estimators.find(analysis, execution)
    found = found or _stepped_here(analysis, execution, handed.find(analysis, execution, loops.repeated))
    found = found or _elsewhere(analysis, execution)
    return _completed(analysis, _once([training for _, training in sorted(found, key=lambda pair: pair[0])]))


def _stepped_here(
    analysis: Analysis, execution: Execution, handed_on: list[tuple[int, Training]]
) -> list[tuple[int, Training]]:
    """The one training that another file runs, with the one optimizer that a function of the script steps for it."""
    if len(handed_on) != 1 or handed_on[0][1].optimizer_name or offered.steps(analysis) is None:
        return handed_on
    (order, training), made = handed_on[0], _constructed(analysis, execution)
    if len(made) != 1:
        return handed_on
    own = made[0]
    rate = own.lr or training.lr
    return [(order, replace(training, optimizer=own, optimizer_name=own.name, lr=rate))]


def _completed(analysis: Analysis, trainings: list[Training]) -> list[Training]:
    """A training alone, with what it lacks and the script gives by name to a class or function of its project."""
    if len({training.line for training in trainings}) != 1:
        return trainings
    size = stated.batch(analysis) if all(training.batch is None for training in trainings) else None
    open_ended = all(training.epochs is None for training in trainings) and not dataset_words.plays(analysis)
    count = stated.epochs(analysis) if open_ended else None
    elsewhere = all(t.lr is None and (t.optimizer is None or t.optimizer.beside) for t in trainings)
    rate = stated.rate(analysis) if elsewhere else None
    return [replace(t, batch=t.batch or size, epochs=t.epochs or count, lr=t.lr or rate) for t in trainings]


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
        groups.setdefault(
            (loops.of_epochs(analysis, executed), update.rate.options), (update.order, optimizer, executed)
        )
    found = []
    for (loop, _), (order, optimizer, executed) in list(groups.items())[:_MOST]:
        batch, loader = _batch(analysis, execution, loop, executed)
        scope = loop.frame.scope
        name = "training" if scope.name == "<module>" else scope.name
        epochs = loops.epochs(analysis, execution, executed, loader)
        found.append((order, Training(name, loop.line, optimizer, optimizer.name, optimizer.lr, batch, epochs)))
    return found


def _loops(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    groups: dict[ActiveLoop, list[tuple[int, Executed]]] = {}
    for order, executed in enumerate(execution.calls):
        if executed.loops and stepping.steps(analysis, executed):
            groups.setdefault(loops.of_epochs(analysis, executed), []).append((order, executed))
    groups = _trains(groups)
    claimed: set[ast.Call] = set()
    stepped: dict[ActiveLoop, list[Optimizer]] = {}
    groups = {loop: _of_training(loop, members) for loop, members in list(groups.items())[:_MOST]}
    for loop, members in groups.items():
        stepped[loop] = []
        for _, executed in members:
            for optimizer in stepping.stepped(analysis, executed):
                if optimizer.call not in {known.call for known in stepped[loop]}:
                    stepped[loop].append(optimizer)
                    claimed.add(optimizer.call)
        stepped[loop] = _run(analysis, execution, stepped[loop])
    found: list[tuple[int, Training]] = []
    made: list[Optimizer] = []
    if not all(stepped.values()):
        made = _constructed(analysis, execution) or _constructed(analysis, analysis.execution)
    for loop, members in groups.items():
        used = stepped[loop] or [o for o in made if o.call not in claimed]
        found += [(members[0][0], training) for training in _stages_of(analysis, execution, loop, members, used)]
    return found


def _trains(groups: dict[ActiveLoop, list[tuple[int, Executed]]]) -> dict[ActiveLoop, list[tuple[int, Executed]]]:
    """The loops that train, not those of functions that seek an input of a network, which they put into evaluation
    first: `net.eval()`, then steps of `Adam([z])`."""
    left = {loop: members for loop, members in groups.items() if not all(_seeks(member) for _, member in members)}
    return left or groups


def _seeks(member: Executed) -> bool:
    scope, counted = member.frame.scope, member.loops[-1].node
    switched = [site.node.lineno for site in scope.calls if site.name == "eval" and not site.node.args]
    over_data = isinstance(counted, ast.For) and getattr(loops.iterated(counted), "args", None) is None
    trains = any(site.name == "train" for site in scope.calls)
    return bool(switched) and min(switched) < counted.lineno and not (trains or over_data) and scope.parent is not None


def _run(analysis: Analysis, execution: Execution, found: list[Optimizer]) -> list[Optimizer]:
    """Those of several optimizers that are made where the walk chose between them: `if kind == "adam": self.o = …`."""
    if len({optimizer.name for optimizer in found}) < 2:
        return found
    made = {optimizer.call: optimizer.frame.scope for optimizer in _constructed(analysis, execution)}
    return [optimizer for optimizer in found if optimizer.call in made or optimizer.frame.scope not in made.values()]


def _of_training(loop: ActiveLoop, members: list[tuple[int, Executed]]) -> list[tuple[int, Executed]]:
    """The steps of a loop that train, not those of what an evaluation in it fits on the side."""
    scopes = [executed.frame.scope for _, executed in members]
    probes = [scope is not loop.frame.scope and loaders.evaluates(scope.name) for scope in scopes]
    return members if all(probes) else [member for member, probe in zip(members, probes, strict=True) if not probe]


def _elsewhere(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """Loops whose every step is taken by what another file has: it is told the rate, or given the optimizer."""
    found: dict[ActiveLoop, tuple[int, Training]] = {}
    for order, executed in enumerate(execution.calls):
        origin = launching.stepped(analysis, executed)
        loop = loops.of_epochs(analysis, executed) if origin is not None else None
        if origin is None or loop is None or loop in found:
            continue
        batch, loader = _batch(analysis, execution, loop, executed)
        epochs = loops.epochs(analysis, execution, executed, loader)
        maker = origin.node if isinstance(origin.node, ast.Call) and origin.node is not executed.site.node else None
        node = argument(maker or executed.site.node, ("lr", "learning_rate"))
        named = (part for part in executed.site.node.args if is_rate((dotted(part) or "").rpartition(".")[2]))
        node = node or next(named, None)
        rate = optimizers.rate(analysis, node, origin.frame if maker else executed.frame) if node is not None else None
        made = _constructed(analysis, execution)
        given = made[0] if len(made) == 1 else None
        moved = optimizers.trained(analysis, given) if given is not None else ()
        found[loop] = (
            order,
            Training(
                "training" if loop.frame.scope.name == "<module>" else loop.frame.scope.name,
                loop.node.lineno,
                given,
                given.name if given is not None else None,
                given.lr if given is not None else rate,
                batch,
                epochs,
                loader,
                moved or (((maker, origin.frame),) if maker is not None else ()),
            ),
        )
    return list(found.values())


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
    epochs = loops.epochs(analysis, execution, innermost, loader)
    scope = loop.frame.scope
    name = "training" if scope.name == "<module>" else scope.name
    distinct: dict[tuple[object, ...], list[Optimizer]] = {}
    for optimizer in used:
        rate = optimizer.lr
        distinct.setdefault((optimizer.name, rate.options if rate else None), []).append(optimizer)
    if not distinct:
        return [Training(name, loop.line, None, None, None, batch, epochs, loader)]
    found = []
    in_loop = rates.set_in_loop(execution, analysis, loop)
    for group in distinct.values():
        first = group[0]
        trained = tuple(pair for o in group for pair in optimizers.trained(analysis, o))
        effective = optimizers.scheduled(analysis, first) or in_loop
        found.append(
            Training(name, loop.line, first, first.name, first.lr, batch, epochs, loader, trained, effective=effective)
        )
    return found


def _constructed(analysis: Analysis, execution: Execution) -> list[Optimizer]:
    found: dict[ast.Call, Optimizer] = {}
    for executed in execution.calls:
        call = analysis.evaluator.resolver.whole(executed.site.node, executed.frame)
        for origin in analysis.evaluator.resolver.follow(executed.site.node, executed.frame):
            if origin.node is call:
                optimizer = optimizers.read(analysis, origin)
                if optimizer is not None:
                    found.setdefault(optimizer.call, optimizer)
    if found:  # what is made and let go trains nothing
        dropped = {statement.value for statement in analysis.source.of(ast.Expr)}
        found = {call: optimizer for call, optimizer in found.items() if call not in dropped}
    inner = {node for o in found.values() for node in walk(o.call) if node is not o.call}
    holds = analysis.evaluator.resolver.holds
    left = {executed.site.node for executed in execution.calls if executed.site.node in found
            and any(holds(guard, executed.frame) is False for guard in executed.site.guards)}  # fmt: skip
    inner |= left if left < found.keys() else set()  # if self.hparams.use_asgd: return ASGD(…)
    whole = [optimizer for optimizer in found.values() if optimizer.call not in inner]
    open_to = {executed.site.node: executed.frame.scope for executed in execution.calls if executed.site.guards}
    for scope in dict.fromkeys(open_to.values()):  # if kind == "sgd": return SGD(…); return Adam(…)
        chosen = [o for o in whole if open_to.get(o.call) is scope or (o.frame.scope is scope and scope.returns)]
        if any(o.call in open_to for o in chosen):
            whole = [o for o in whole if o not in chosen] + optimizers.agreed(chosen)
    return whole


def _batch(
    analysis: Analysis, execution: Execution, stage: ActiveLoop, executed: Executed
) -> tuple[Value | None, tuple[ast.expr, Frame] | None]:
    """The batch size of the loader that the loop iterates over, then of `next(…)`, then of a name in the loop."""
    for loop in reversed(executed.loops):
        if isinstance(loop.node, ast.For):
            iterated = loops.iterated(loop.node)
            size = loaders.batch(analysis, iterated, loop.frame)
            if size is not None:
                return size, (iterated, loop.frame)
    for loop in reversed(executed.loops):
        size = loops.sliced(analysis, loop) if loop is not stage else None
        if size is not None:
            return size, None
    inside = [other for other in execution.calls if stage in other.loops]
    for served, frame in sorted(_nexts(inside), key=lambda pair: _shown(pair[0])):
        size = loaders.batch(analysis, served, frame)
        if size is not None:
            return size, (served, frame)
    size = loaders.training(analysis) or loaders.queued(analysis)
    if size is not None:
        return size, None
    asked = {value.number: value for other in inside if not loaders.evaluates(other.frame.scope.name)
             and (value := loaders.served(analysis, other)) is not None}  # fmt: skip
    if len(asked) == 1:
        return next(iter(asked.values())), None
    for loop in dict.fromkeys((stage, executed.loops[0])):
        code = _code(execution, loop)
        size = loaders.named(analysis, code) or loaders.drawn(analysis, code)
        if size is not None:
            return size, None
    for loop in executed.loops[1:]:
        if (size := loops.parted(analysis, loop)) is not None:
            return size, None
    return None, None


def _nexts(inside: list[Executed]) -> Iterator[tuple[ast.expr, Frame]]:
    """What calls are asked for the next batch of: `next(batches)`, `batches.get_next()`."""
    for other in inside:
        function = other.site.node.func
        served = other.site.node.args[:1] or ([function.value] if isinstance(function, ast.Attribute) else [])
        if other.name in {"next", "get_next"} and served:
            yield served[0], other.frame


def _shown(served: ast.expr) -> bool:
    """Whether a loader is called for what only tests, or what a task of few shots is shown: `sample_loader`."""
    inner = served
    while isinstance(inner, ast.Call):
        asked = inner.func.value if isinstance(inner.func, ast.Attribute) else inner.func
        inner = inner.args[0] if inner.args else asked
    return loaders.evaluates((dotted(inner) or "").rpartition(".")[2])


def _code(execution: Execution, loop: ActiveLoop) -> list[tuple[ast.AST, Frame]]:
    """A loop, and the functions that it enters, each with its frame; not those that it enters without gradients:
    `with torch.no_grad(): show(get_batch(1))`."""
    blocks = [node for node in walk(loop.node) if isinstance(node, ast.With)]
    quiet = {node for block in blocks if _UNGRADED & _contexts(block) for node in walk(block)}
    entered = dict.fromkeys(
        other.frame
        for other in execution.calls
        if loop in other.loops
        and other.frame.scope is not loop.frame.scope
        and not loaders.evaluates(other.frame.scope.name)
        and not (other.frame.call is not None and other.frame.call.node in quiet)
    )
    return [(loop.node, loop.frame), *((frame.scope.node, frame) for frame in entered)]


def _contexts(block: ast.With) -> set[str]:
    """The last names of what a with statement enters."""
    return {(dotted(getattr(item.context_expr, "func", block)) or "").split(".")[-1] for item in block.items}


def _by_steps(analysis: Analysis) -> list[Training]:
    """A class that takes the steps of a training, with optimizers of other files: what it is fed it says itself."""
    taken = offered.steps(analysis)
    size = (loaders.asked(analysis) or loaders.kept(analysis)) if taken is not None else None
    return [Training("training", taken.line, None, None, None, size, None, own=False)] if taken and size else []


def without_loop(analysis: Analysis, execution: Execution) -> list[Training]:
    """The optimizers of one walk, whose loop is in another file: their rates are facts all the same."""
    built = _constructed(analysis, execution)
    if not built:
        return learner.made(analysis, execution) or fitting.compiled(analysis, execution)
    size = (
        loaders.training(analysis) or tf_estimators.fed(analysis) or loaders.kept(analysis) or loaders.asked(analysis)
    )
    count = tf_estimators.repeated(analysis)
    return _completed(
        analysis,
        [_alone(analysis, o, size, count) for o in built],
    )


def _alone(analysis: Analysis, made: Optimizer, size: Value | None, count: Value | None) -> Training:
    """The training of an optimizer whose loop is in another file."""
    trained, effective = optimizers.trained(analysis, made), optimizers.scheduled(analysis, made)
    own = not _on_request(made)
    return Training(
        "training", made.line, made, made.name, made.lr, size, count, None, trained, own=own, effective=effective
    )


def _on_request(made: Optimizer) -> bool:
    """Whether a function only makes the optimizer that it is asked for, of what it is told: of which weights, at which
    rate: `def get_optimizer(parameters, lr): return Adam(parameters, lr=lr)`."""
    scope, rate = made.frame.scope, made.lr
    given = argument(made.call, ("params", "parameters"), 0)
    told = scope.bindings.get(given.id, []) if isinstance(given, ast.Name) else []
    handed = bool(told) and all(binding.kind == "parameter" for binding in told)
    unknown = rate is None or rate.number is None
    return handed and unknown and scope.class_around is None and any(value is made.call for value, _ in scope.returns)
