"""The calls of a script in the order they would run: a walk through the module and the functions it enters.

Dead branches are left out, each function is entered once for every call, and every call knows the loops around it,
across functions. Nothing is executed; the walk is bounded.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from index.facts.evaluation.definitions import in_script
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.program import CallSite, Guard, Loop, Scope, dotted
from index.facts.evaluation.values import Evaluator

_CALLS = 6000
_DEPTH = 10
_BESIDE = 250  # calls of other files of the project
_TRAINS = re.compile(r"(^|_)(train|fit)(_|$|ing)", re.IGNORECASE)
# What a training does, in whatever library: where nothing of it runs, what waits for an option may.
_MOVES = {"backward", "zero_grad", "minimize", "apply_gradients", "apply_updates", "fit", "fit_generator",
          "train_on_batch", "fit_one_cycle", "fine_tune", "train", "learn"}  # fmt: skip
_IN_LOOPS = {"update", "train_step", "learn_step", "optimize"}  # of an agent, mostly
_AGAIN = 3  # times that a function of a library is entered: it is not known who calls it


class ActiveLoop(NamedTuple):
    """A loop being run, in the frame it stands in."""

    node: Loop
    frame: Frame

    @property
    def line(self) -> int:
        return in_script(self.node.lineno, self.frame)


@dataclass(eq=False, slots=True, init=False)
class Executed:
    """One call of the walk, with the loops around it, outermost first."""

    site: CallSite
    frame: Frame
    loops: tuple[ActiveLoop, ...]
    name: str

    def __init__(self, site: CallSite, frame: Frame, loops: tuple[ActiveLoop, ...]) -> None:
        self.site, self.frame, self.loops, self.name = site, frame, loops, site.name

    @property
    def line(self) -> int:
        return in_script(self.site.node.lineno, self.frame)


@dataclass
class Execution:
    """The calls in running order, and the scopes that were entered or whose class was built."""

    calls: list[Executed] = field(default_factory=list)
    reached: set[Scope] = field(default_factory=set)


def execute(evaluator: Evaluator) -> Execution:
    """Walks from the module's own statements; a function that nothing calls or is handed is not entered."""
    walk = _Walk(evaluator)
    module = evaluator.program.module
    walk.enter(Frame(module), ())
    return walk.execution


def execute_rest(evaluator: Evaluator, execution: Execution) -> Execution:
    """The walk of a file that is a library: every function nothing in it calls, as a caller would enter it. Where every
    function waits for an option that is off by default, `if args.train: train()`, what the module calls is entered;
    where only what trains does, `if args.mode == "train": train(args)`, that is, wherever it is called, and what the
    module's own statements do which so wait; where nothing else trains, what those of the functions do that run."""
    walk = _Walk(evaluator, _AGAIN)
    walk.execution.reached |= execution.reached
    module = evaluator.program.module
    idle = all(scope.is_class or scope is module for scope in execution.reached)
    trained = any(_TRAINS.search(scope.name) for scope in execution.reached if not scope.is_class)
    own = {scope.name for scope in evaluator.program.functions}
    moves = any(_moves(executed, own) for executed in execution.calls)
    if not moves:
        idle = walk.enter_waiting(Frame(module)) or idle
    for scope in evaluator.program.functions:
        entered = scope in walk.execution.reached or scope.name == "<lambda>"
        sites = [] if entered else evaluator.resolver.call_sites(scope)
        waits = idle and all(site.scope is module and site.guards for site in sites)
        waits = waits or (not trained and _TRAINS.search(scope.name) is not None and all(map(_optional, sites)))
        if not entered and (not sites or waits):
            walk.enter(Frame(scope), ())
    if not moves and not any(_moves(executed, own) for executed in walk.execution.calls):
        for scope in [scope for scope in evaluator.program.functions if scope in execution.reached]:
            walk.enter_waiting(Frame(scope))
    return walk.execution


def _moves(executed: Executed, own: set[str]) -> bool:
    """Whether a call trains; not one of a function of the script, which is entered."""
    return executed.name in _MOVES and not (isinstance(executed.site.node.func, ast.Name) and executed.name in own)


def _optional(site: CallSite) -> bool:
    """Whether a call waits for something that may be told: not `if False: train()`."""
    return bool(site.guards) and not any(isinstance(guard.test, ast.Constant) for guard in site.guards)


def _repeats(guard: Guard, site: CallSite) -> bool:
    """Whether a condition is of a loop around the call: `while self.running`, which is written to be entered."""
    return any(isinstance(loop, ast.While) and loop.test is guard.test for loop in site.loops)


class _Walk:
    def __init__(self, evaluator: Evaluator, most: int = _CALLS) -> None:
        self.execution = Execution()
        self._most = most
        self._entered: dict[Scope, int] = {}
        self._evaluator = evaluator
        self._resolver = evaluator.resolver
        self._active: list[Scope] = []
        self._beside = 0

    def enter(self, frame: Frame, loops: tuple[ActiveLoop, ...]) -> None:
        scope = frame.scope
        self.execution.reached.add(scope)
        times = self._entered[scope] = self._entered.get(scope, 0) + 1
        if scope in self._active or len(self._active) > _DEPTH or times > self._most:
            return
        if frame.caller is not None and scope.module is not self._evaluator.program.module:
            self._beside += len(scope.calls)
            if self._beside > _BESIDE or times > _AGAIN:
                return
        self._active.append(scope)
        calls, around = self.execution.calls, loops
        guards: tuple[Guard, ...] = ()
        within: tuple[Loop, ...] = ()
        dead = False
        for site in scope.calls:
            if len(calls) > _CALLS:
                break
            if site.guards is not guards:  # what stands in one block has the same ones
                guards = site.guards
                dead = any(self._resolver.holds(guard, frame) is False for guard in guards if not _repeats(guard, site))
            if dead:
                continue
            if site.loops is not within:
                within = site.loops
                around = (*loops, *[ActiveLoop(loop, frame) for loop in within])
            calls.append(Executed(site, frame, around))
            self._descend(site, frame, around)
        self._active.pop()

    def enter_waiting(self, frame: Frame) -> bool:
        """Enters the statements of a module or function that are left out, where they train; whether there are any."""
        guarded = filter(_optional, frame.scope.calls)
        waiting = [s for s in guarded if any(self._resolver.holds(guard, frame) is False for guard in s.guards)]
        if any(site.name in _MOVES or (site.loops and site.name in _IN_LOOPS) for site in waiting):
            for site in waiting:
                around = tuple(ActiveLoop(loop, frame) for loop in site.loops)
                self.execution.calls.append(Executed(site, frame, around))
                self._descend(site, frame, around)
        return bool(waiting)

    def _descend(self, site: CallSite, frame: Frame, loops: tuple[ActiveLoop, ...]) -> None:
        function = site.node.func
        home, script = frame.scope.module, self._evaluator.program.module
        callee = None
        known = type(function) is ast.Name or not self._resolver.foreign(function)
        if known and not self._of_library(function, frame.scope, home):
            callee = self._resolver.definition(function, frame)
            if callee is None and type(function) is ast.Attribute:
                callee = self._resolver.method_called(function, frame)
            elif callee is None and type(function) is ast.Name:
                callee = self._resolver.object_called(function, frame)
        if callee is not None and callee.module is not script and not self._tells(callee):
            return
        if callee is None and home is not script:
            return
        if callee is None:
            if site.name == "run" and not site.node.args:
                self._run_main(function, loops)
            if self._resolver.handed:
                self._hand_over(site.node, frame, loops)
            return
        whole = self._resolver.whole(site.node, frame)
        site = site if whole is site.node else CallSite(whole, site.scope, site.guards, site.loops)
        if callee.is_class:
            self.execution.reached.add(callee)
            self.execution.reached |= {callee, *self._resolver.bases(callee)}
            initialiser = self._resolver.member(callee, "__init__") or self._resolver.member(callee, "setup")
            if initialiser is not None:
                self.enter(Frame(initialiser, site, frame), ())
            return
        self.enter(Frame(callee, site, frame), loops)

    def _run_main(self, function: ast.expr, loops: tuple[ActiveLoop, ...]) -> None:
        """`tf.app.run()`, which calls what is called main."""
        main = self._evaluator.program.module.method("main") if (dotted(function) or "").endswith("app.run") else None
        if main is not None and not main.is_class and main not in self.execution.reached:
            self.enter(Frame(main), loops)

    def _hand_over(self, call: ast.Call, frame: Frame, loops: tuple[ActiveLoop, ...]) -> None:
        """What is handed to something else that will call it: `app.run(main)`."""
        script = self._evaluator.program.module
        for argument in [*call.args, *[k.value for k in call.keywords]] if call.keywords else call.args:
            if type(argument) is ast.Name:
                handed = self._resolver.definition(argument, frame)
                own = handed is not None and handed.module is script
                if handed is not None and own and handed not in self.execution.reached:
                    if handed.is_class:
                        self.execution.reached.add(handed)
                    else:
                        self.enter(Frame(handed), loops)
            elif type(argument) is ast.Attribute and dotted(argument.value) == "self":  # strategy.run(self.step)
                method = self._resolver.method_called(argument, frame)
                if method is not None and not method.is_class and method not in self.execution.reached:
                    self.enter(Frame(method), loops)
            elif type(argument) is ast.Lambda:  # optimize(lambda trial: objective(trial, data))
                self.enter(Frame(self._evaluator.program.by_node[argument]), loops)

    def _of_library(self, function: ast.expr, scope: Scope, module: Scope) -> bool:
        """Whether a call is of a library, `torch.nn.Linear(…)`: there is nothing to enter."""
        while type(function) is ast.Attribute:
            function = function.value
        if type(function) is not ast.Name:
            return False
        if function.id in module.fixed:
            return module.fixed[function.id].partition(".")[0] in LIBRARIES
        if scope is not module and function.id in scope.bindings:
            return False
        bindings = module.bindings.get(function.id, [])
        return bool(bindings) and all(b.kind == "import" and str(b.node).split(".")[0] in LIBRARIES for b in bindings)

    def _tells(self, callee: Scope) -> bool:
        """Whether a function of another file is entered: none of a file of settings, and of others what trains."""
        if not self._resolver.siblings.project:
            return False
        return callee in self._resolver.siblings.telling(callee.module)
