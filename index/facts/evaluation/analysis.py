"""Everything the fact readers share about one script: its symbols, its evaluator and its walk."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from index.facts.evaluation import stars
from index.facts.evaluation.configs import SUFFIXES, Configs
from index.facts.evaluation.execution import Executed, Execution, execute, execute_rest
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Words, subjects
from index.facts.evaluation.program import Program, Scope, written
from index.facts.evaluation.symbols import build
from index.facts.evaluation.values import Evaluator, Value
from index.files.source import Source

_DEVICES = re.compile(
    r"world_?size|device_?count|num_?(gpus?|devices|replicas|processes)|n_?gpus?\b|replicas_in_sync", re.I
)
# What a script says that reads settings.
_SETTINGS = ("yaml", "loads(", "hydra", "configparser", "merge_from_file", "config_file",
             *(suffix + quote for suffix in SUFFIXES[:-1] for quote in "\"'"))  # fmt: skip
_SETTINGS_OF_ONE = 200  # thing that Hydra makes
_LENGTH = re.compile(r"\blen\(|\.shape\[0\]")
_FACTORS = 3  # beside the devices, of one product


@dataclass(frozen=True)
class Analysis:
    """`execution` is the walk from the module's top; `rest` the walk of what nothing in the script calls."""

    source: Source
    program: Program
    evaluator: Evaluator
    execution: Execution
    rest: Execution
    _named: dict[tuple[ast.expr, Frame], str] = field(default_factory=dict, repr=False)
    stepping: dict[str, bool] = field(default_factory=dict, repr=False)  # what other files have that trains as it runs
    launches: dict[str, dict[str, int]] = field(default_factory=dict, repr=False)  # what the script sets going, once
    ancestors: dict[str, str] = field(default_factory=dict, repr=False)  # of other files' classes: a framework's

    def value(self, node: ast.expr, frame: Frame) -> Value:
        return self.evaluator.evaluate(node, frame)

    def scaled(self, node: ast.expr, frame: Frame, depth: int = 0) -> Value:
        """A batch size or a rate as declared, where it is multiplied by or shared over the devices of the run, and by
        a number besides: `lr * gpus * (batch / 32)`."""
        value = self.value(node, frame)
        if value.options or depth > _FACTORS:
            return value
        for origin in self.evaluator.resolver.follow(node, frame):
            step = origin.node
            if isinstance(step, ast.Call) and len(step.args) == 1:  # int(…)
                step = step.args[0]
            if (most := self._most(step, origin.frame)) is not None:
                return most
            if not isinstance(step, ast.BinOp) or not isinstance(step.op, ast.Mult | ast.Div | ast.FloorDiv):
                continue
            sides = ((step.left, step.right), (step.right, step.left))
            for side, other in sides if isinstance(step.op, ast.Mult) else sides[:1]:
                declared = self.value(side, origin.frame)
                if declared.number is None or not self._counts_devices(other, origin.frame):
                    continue
                within = self.scaled(other, origin.frame, depth + 1).number if isinstance(step.op, ast.Mult) else None
                return declared if within is None else replace(declared, options=(declared.number * within,))
        return value

    def _most(self, node: ast.AST, frame: Frame) -> Value | None:
        """The batch size of which a small set of data has fewer: `min(len(x) / 10, batch_size)`."""
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "min"
        parts = node.args if called and isinstance(node, ast.Call) and len(node.args) == 2 else []
        for part, other in zip(parts, reversed(parts), strict=True):
            told = self.value(part, frame)
            if isinstance(told.constant, int) and told.constant > 1 and _LENGTH.search(written(other)[:200]):
                return told
        return None

    def target(self, call: ast.Call, frame: Frame) -> str:
        """What `hydra.utils.instantiate(cfg.optimizer)` makes, as the configuration calls it: `torch.optim.SGD`."""
        full = self.name(call.func, frame) if call.args else ""
        if not full.startswith("hydra.") or not full.endswith((".instantiate", ".call")):
            return ""
        key = ast.copy_location(ast.Constant("_target_"), call)
        entry = ast.copy_location(ast.Subscript(call.args[0], key, ast.Load()), call)
        target = self.value(entry, frame).constant
        return target if isinstance(target, str) else ""

    def below(self, call: ast.Call, frame: Frame) -> list[tuple[str, ast.expr]]:
        """The settings within those that Hydra makes something by, each by its name: `cfg.model["optim"]["lr"]`."""
        found: list[tuple[str, ast.expr]] = []
        sections = call.args[:1] if self.target(call, frame) else []
        while sections and len(found) < _SETTINGS_OF_ONE:
            section = sections.pop(0)
            for origin in self.evaluator.resolver.follow(section, frame):
                keys = origin.node.keys if isinstance(origin.node, ast.Dict) else []
                for key in (key for key in keys if isinstance(key, ast.Constant)):
                    entry = ast.copy_location(ast.Subscript(section, key, ast.Load()), call)
                    found.append((str(key.value), entry))
                    sections.append(entry)
        return found

    def given(
        self, call: ast.Call, names: tuple[str, ...], frame: Frame, position: int | None = None
    ) -> ast.expr | None:
        """An argument of a call, also among the settings that it spreads: `Trainer(**config["trainer"])`, or that Hydra
        makes it with: `instantiate(cfg.trainer)`."""
        made = self.target(call, frame)
        node = argument(call, names, position if not made else None)
        spread = [keyword.value for keyword in call.keywords if keyword.arg is None] + (call.args[:1] if made else [])
        for settings in spread if node is None else []:
            for name in names:
                key = ast.copy_location(ast.Constant(name), settings)
                entry = ast.copy_location(ast.Subscript(settings, key, ast.Load()), settings)
                if self.value(entry, frame).options or self._settings(entry, frame):
                    return entry
        return node

    def _settings(self, node: ast.expr, frame: Frame) -> bool:
        """Whether an expression stands for settings of its own."""
        return any(isinstance(origin.node, ast.Dict) for origin in self.evaluator.resolver.follow(node, frame))

    def _counts_devices(self, node: ast.expr, frame: Frame) -> bool:
        texts = [written(node)]
        texts += [written(o.node) for o in self.evaluator.resolver.follow(node, frame)
                  if isinstance(o.node, ast.expr)]  # fmt: skip
        return any(_DEVICES.search(text[:200]) for text in texts)

    def name(self, node: ast.expr, frame: Frame) -> str:
        """The full dotted name an expression refers to, "" when it is none."""
        key = (node, frame)
        name = self._named.get(key)
        if name is None:
            name = self._named[key] = self.evaluator.resolver.name(node, frame)
        return name

    @cached_property
    def project(self) -> Analysis | None:
        """The same script, read together with what it runs of the modules beside it; None where it imports none."""
        resolver = self.evaluator.resolver
        siblings = resolver.siblings.of_project()
        offers = not self.execution.calls  # functions, for others to call; a class is as its maker sets it
        if offers and (self.program.classes or not any(executed.loops for executed in self.rest.calls)):
            return None
        if not siblings.any():
            return None
        evaluator = Evaluator(self.program, resolver.configs, siblings)
        walked = execute_rest(evaluator, Execution()) if offers else execute(evaluator)
        return Analysis(self.source, self.program, evaluator, walked, Execution())

    def release(self) -> None:
        """As :meth:`Program.release`, with the other reading of the script, if there was one."""
        for reading in (self, self.__dict__.get("project")):
            if reading is not None:
                reading.evaluator.release()
        self.program.release()

    @property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree."""
        return self.source.nodes

    @cached_property
    def names(self) -> set[str]:
        """Every name and attribute the code uses."""
        of = self.source.of
        used = {node.id for node in of(ast.Name)} | {node.attr for node in of(ast.Attribute)}
        return used | {node.name for node in of(ast.FunctionDef)} | {node.name for node in of(ast.ClassDef)}

    @cached_property
    def words(self) -> set[str]:
        """The parts that the full names of the script are made of: of what it imports, and every name of its own."""
        return self.names.union(*(str(binding.node).split(".") for binding in self.program.imports))

    @cached_property
    def _subjects(self) -> dict[Words, set[str]]:
        """The names that are of a subject, by that."""
        found: dict[Words, set[str]] = {}
        for name in self.names:
            for words in subjects(name):
                found.setdefault(words, set()).add(name)
        return found

    def lines(self, words: Words) -> list[int]:
        """The lines with a name of a subject, in order."""
        names, of = self._subjects.get(words), self.source.of
        if not names:
            return []
        found = [node.lineno for node in of(ast.Name) if node.id in names]
        found += [node.lineno for node in of(ast.Attribute) if node.attr in names]
        found += [node.lineno for node in of(ast.FunctionDef) if node.name in names]
        return sorted([*found, *(node.lineno for node in of(ast.ClassDef) if node.name in names)])

    def first(self, words: Words) -> int | None:
        """The first of these lines."""
        return next(iter(self.lines(words)), None)

    @cached_property
    def called(self) -> dict[str, list[Executed]]:
        """The calls of both walks by the last part of what they call."""
        found: dict[str, list[Executed]] = {}
        for executed in self.executed:
            found.setdefault(executed.name, []).append(executed)
        return found

    @cached_property
    def executed(self) -> list[Executed]:
        return [*self.execution.calls, *self.rest.calls]

    @cached_property
    def reached(self) -> set[Scope]:
        """Functions entered, classes built, and the methods of those classes."""
        entered = self.execution.reached | self.rest.reached
        grown = set(entered)
        pending = [scope for scope in entered if scope.is_class]
        while pending:
            scope = pending.pop()
            for child in scope.children:
                if child not in grown:
                    grown.add(child)
                    pending += [child] if child.is_class else []
        return grown


def analyse(source: Source, configs: Configs | None = None, program: Program | None = None) -> Analysis:
    """Builds the shared view of a script; RecursionError where it nests too deeply."""
    program = program or build(source.tree)
    if configs is not None:
        stars.bind(program, configs)
    evaluator = Evaluator(program, configs)
    evaluator.resolver.narrow(_keys(source), handed=_hands(source, program))
    execution = execute(evaluator)
    return Analysis(source, program, evaluator, execution, execute_rest(evaluator, execution))


def _keys(source: Source) -> set[str] | None:
    """Every text of a script, as it may be a key, and what an option is called that it declares; None where it may read
    other keys from a file or a text."""
    said = source.text.lower()
    if any(sign in said for sign in _SETTINGS):
        return None
    texts = {node.value for node in source.of(ast.Constant) if type(node.value) is str}
    return texts | {text.lstrip("-").replace("-", "_") for text in texts if text.startswith("-")}


def _hands(source: Source, program: Program) -> bool:
    """Whether a class or function of the script is used but to call it, or to inherit from it."""
    if source.of(ast.Lambda):
        return True
    names = {scope.name for scope in program.scopes}
    told: set[ast.AST] = {call.func for call in program.calls}
    told.update(base for scope in program.classes if isinstance(scope.node, ast.ClassDef) for base in scope.node.bases)
    return any(node.id in names and node not in told for node in source.of(ast.Name)) or any(
        node.attr in names and node not in told for node in source.of(ast.Attribute)
    )


def argument(call: ast.Call, names: tuple[str, ...], position: int | None = None) -> ast.expr | None:
    """An argument of a call by any of its names, or by position."""
    for keyword in call.keywords:
        if keyword.arg in names:
            return keyword.value
    if position is not None and position < len(call.args):
        given = call.args[: position + 1]
        if not any(isinstance(part, ast.Starred) for part in given):
            return call.args[position]
    return None
