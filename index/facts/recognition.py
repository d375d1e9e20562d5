"""Whether a file is a model script: one that builds or trains a model, not one that tests, loads, plots or helps."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import CallSite, Program, Scope, dotted
from index.facts.network import assembled, bayesian, layers
from index.facts.network.layers import Census
from index.facts.training import (
    descent,
    estimators,
    evolved,
    given,
    launching,
    offered,
    tabular,
    textbook,
    tf_estimators,
)
from index.facts.training.plain import count, rate
from index.facts.training.training import Training
from index.files.source import Source
from index.files.tree import walk
from index.record import Tag

# Calls that may train, in the widest sense, and those that bring back what was saved.
_TRAINS = Identifiers(
    r"train|fit|learn|backward|minimi|optimi[sz]e|update|(?<!no_)grad|apply|run|^step$|main", re.IGNORECASE
)
_RESTORES = Identifiers(r"load_?(?!er|_?data)|restore", re.IGNORECASE)


def offers_fit(source: Source) -> bool:
    """Whether what looks like tests may be functions of a script on data, which are called so too."""
    return not source.path.stem.startswith("test_") and estimators.mentioned(source.text)


def is_test(program: Program, path: Path) -> bool:
    """Whether the file tests other code: what it builds, it builds to check it. A class with a test below it is none,
    where the file is not called a test."""
    module = program.module
    cases = [
        scope for scope in program.classes
        if isinstance(scope.node, ast.ClassDef)
        and (any((dotted(base) or "").endswith(("TestCase", "Tester", "TesterMixin")) for base in scope.node.bases)
             or (scope.name.startswith("Test") and _collected([child.name for child in scope.children])))
    ]  # fmt: skip
    functions = [child.name for child in module.children if not child.is_class]
    tests = [name for name in functions if name.startswith("test_")]
    if tests and any("train" in name for name in functions):  # test_step(batch), which the training calls
        sites = (site.node.func for scope in program.scopes for site in scope.calls)
        own = {function.id for function in sites if isinstance(function, ast.Name)}
        tests = [name for name in tests if name not in own]
    if tests and any("train" in name for name in functions if not name.startswith("test_")):
        tests = [name for name in tests if _checks(module, name)]  # test_graphs(model, loader), beside train_graphs
    if tests:  # test_mkdir("runs"), which the script calls
        calls = [site.node for scope in program.scopes for site in scope.calls]
        told = {call.func.id for call in calls if call.args and isinstance(call.func, ast.Name)}
        tests = [name for name in tests if name not in told]
    checks = len(tests) >= 1 and len(tests) * 2 >= len(functions) and path.suffix != ".ipynb"
    called = re.search(r"(^|_)tests?(_|$)", path.stem, re.IGNORECASE) is not None
    return bool(cases) or (checks and (called or not program.classes))


def _collected(methods: list[str]) -> bool:
    """Whether pytest takes a class for one of tests: it makes it itself, of nothing."""
    return "__init__" not in methods and any(name.startswith("test_") for name in methods)


def _checks(module: Scope, name: str) -> bool:
    """Whether a function that is called a test checks something, as what tests other code does."""
    scopes = [function for function in module.children if function.name == name]
    return any("assert" in site.name or site.name == "raises" for scope in scopes for site in scope.calls) or any(
        isinstance(node, ast.Assert) for scope in scopes for node in walk(scope.node)
    )


def written_out(analysis: Analysis) -> tuple[str, int] | None:
    """The model that is written out, by its name and line."""
    found = descent.network(analysis) or textbook.find(analysis) or tabular.find(analysis)
    return found or evolved.find(analysis)


def is_model(
    analysis: Analysis,
    name: str | None,
    census: Census,
    trainings: list[Training],
    found: tuple[Tag, ...],
    by_hand: tuple[str, int] | None,
) -> bool:
    """Whether the script builds or trains a model: one that only loads data, plots or helps does neither."""
    if is_test(analysis.program, analysis.source.path) or (not trainings and _only_measures(analysis)):
        return False
    if name is None or name == "NumPy":  # nothing else says that a script without a framework has a model
        alone = any(by_itself(analysis, training) for training in trainings)
        return alone or by_hand is not None or bool(launching.launched(analysis)) or given.trains(analysis)
    own = [site for family in layers.LAYERS for name, site in census.sites.get(family, [])
           if not name.islower() or name in layers.OF_TFLEARN]  # fmt: skip
    builds = (bool(own) and (bool(census.models) or _most(own) >= 2)) or assembled.assembled(analysis, census)
    builds = builds or any(
        layers.learns(model) or layers.embeds(model, census) or layers.holds(model) for model in census.models
    )
    builds = builds or layers.transformed(analysis) or assembled.adapted(analysis) is not None
    builds = builds or (assembled.headed(analysis) is not None and not any(map(_RESTORES.search, analysis.called)))
    builds = builds or tf_estimators.builds(analysis)
    builds = builds or layers.in_scopes(analysis) or (name == "Keras/TensorFlow" and layers.by_matrices(analysis))
    trains = any(training.own for training in trainings) and not _only_restores(analysis)
    trains = trains or _differentiates(analysis, name)
    free = [site.node.lineno for site in own if site.scope.class_around is None]
    either = len(own) > 1 and not census.models and _most(own) < 2
    lone = free if either else []  # one layer that a function makes, in either way
    tagged = any(tag.name in {"resnet", "vit", "unet", "cnn"} and tag.line not in lone for tag in found)
    of_others_parts = any(tag.name in {"vae", "gan", "diffusion"} for tag in found)
    builds = builds or (bool(census.models) and of_others_parts)
    builds = builds or bayesian.builds(analysis) or any(layers.of_ready(analysis, scope) for scope in census.models)
    return builds or trains or _sets_going(analysis, name) or (tagged and not _only_evaluates(analysis))


def _most(sites: list[CallSite]) -> int:
    """How many of some calls run together at most: of those that one test tells apart, one side."""
    apart: dict[ast.AST, Counter[bool]] = {}
    for site in sites:
        guard = site.guards[-1] if site.guards else None
        apart.setdefault(guard.test if guard else site.node, Counter())[guard.wanted if guard else True] += 1
    return sum(max(sides.values()) for sides in apart.values())


def _only_evaluates(analysis: Analysis) -> bool:
    """Whether a ready network is only asked: switched to evaluation, and run without gradients."""
    return "eval" in analysis.called and bool({"no_grad", "inference_mode"} & analysis.names)


def _only_measures(analysis: Analysis) -> bool:
    """Whether all that a file has are measures of what others make: `class KID(keras.metrics.Metric)`."""
    bases = [scope.node.bases for scope in analysis.program.classes if isinstance(scope.node, ast.ClassDef)]
    return bool(bases) and all(any((dotted(base) or "").endswith("Metric") for base in of) for of in bases)


def _only_restores(analysis: Analysis) -> bool:
    """Whether an optimizer is made only for what was saved beside it: the script asks a network, and trains none."""
    saved = any(map(_RESTORES.search, analysis.called))
    asked = _only_evaluates(analysis) or "restore_checkpoint" in analysis.called
    return saved and asked and not any(map(_TRAINS.search, analysis.called))


def _sets_going(analysis: Analysis, name: str) -> bool:
    """Whether the script starts a training, or takes its steps, whose loop is in another file."""
    made = name == "Keras/TensorFlow" and offered.minimises(analysis)
    return (
        made
        or offered.steps(analysis) is not None
        or bool(launching.launched(analysis))
        or offered.updates(analysis)
        or offered.evolves(analysis)
        or given.trains(analysis)
    )


def by_hand(training: Training) -> bool:
    """Whether a training is written out with a rate of its own: what a library fits beside it is there to compare."""
    optimizer = training.optimizer
    return optimizer is not None and descent.by_hand(optimizer) and rate(training.lr) is not None


def by_itself(analysis: Analysis, training: Training) -> bool:
    """Whether a training without a framework says enough to be one: by hand, by a class that goes backward, or with an
    optimizer, or a rate, and something to run."""
    written = training.optimizer is not None and descent.by_hand(training.optimizer)
    stated = training.epochs is not None or training.batch is not None
    goes_back = training.optimizer is None and descent.around(analysis, training.line, "backward") is not None
    rated = rate(training.lr) is not None and count(training.epochs) is not None and "numpy" in analysis.words
    stepped = bool(training.optimizer_name) or rated
    return written or (stated and (stepped or goes_back))


def _differentiates(analysis: Analysis, name: str) -> bool:
    """Whether JAX code takes gradients and moves the parameters by hand, in a loop or in a step that one takes."""
    if not name.startswith("JAX"):
        return False
    taken = {"grad", "value_and_grad", "filter_grad", "filter_value_and_grad", "GradValues"} & analysis.names
    return bool(taken) and (any(executed.loops for executed in analysis.executed) or "tree_map" in analysis.called)
