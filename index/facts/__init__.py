"""Facts about a model script, read from its syntax tree: `extract(source)`. Pure: same source, same facts."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

from index.facts import description, hardware, outputs
from index.facts.data import dataset
from index.facts.evaluation.analysis import Analysis, analyse
from index.facts.evaluation.configs import Configs
from index.facts.evaluation.program import Program, dotted
from index.facts.evaluation.symbols import build
from index.facts.evaluation.values import Value
from index.facts.network import (
    applications,
    architecture,
    assembled,
    bayesian,
    builders,
    components,
    framework,
    imported,
    layers,
    namesakes,
    outline,
    trained,
)
from index.facts.network.layers import Census
from index.facts.training import descent, estimators, launching, learner, project, settings, stages, textbook
from index.facts.training.training import Training
from index.files.source import Source, SourceError
from index.record import ScriptFacts, Stage, Tag

__all__ = ["VERSION", "ScriptFacts", "Stage", "Tag", "extract"]

# Raised whenever the same source may give other facts, so that scripts already read are read again.
VERSION = 42

# Calls that may train, in the widest sense, and those that bring back what was saved.
_TRAINS = re.compile(
    r"train|fit|learn|backward|minimi|optimi[sz]e|update|(?<!no_)grad|apply|run|^step$|main", re.IGNORECASE
)
_RESTORES = re.compile(r"load_?(?!er|_?data)|restore", re.IGNORECASE)


def extract(source: Source, configs: Configs | None = None) -> ScriptFacts:
    """All facts of a parsed script; SourceError where it nests too deeply to be followed.

    `configs` opens the configuration files that it names; without it none is read.
    """
    text = source.text
    readers = (framework.imported, descent.candidate, launching.candidate, learner.mentioned, textbook.candidate)
    if not any(may(text) for may in readers):
        return ScriptFacts(cells=source.cells)
    try:
        program = build(source.tree)
        if _is_test(program, source.path) and not _offers(source):
            program.release()
            return ScriptFacts(cells=source.cells)
        analysis = analyse(source, configs, program)
        try:
            return _extract(analysis)
        finally:
            analysis.release()
    except RecursionError:
        raise SourceError("nested too deeply to be read") from None


def _extract(analysis: Analysis) -> ScriptFacts:
    source = analysis.source
    own = stages.find(analysis)
    trainings = project.completed(analysis, own)
    beside = trainings is not own and bool(trainings[-1].optimizer_name)  # another file trains, at this one's word
    trainings = settings.completed(analysis, trainings)
    census = layers.take(analysis)
    fitted = estimators.find(analysis)
    compared = len({found.name for found in fitted}) == 1 and any(map(_by_hand, trainings))
    estimator = None if compared else estimators.main(fitted)
    name, name_line = framework.read(analysis, estimator)
    found = architecture.tags(analysis, census, own)
    by_hand = _without_framework(analysis) if name in {None, "NumPy"} else None
    listed = beside or _is_model(analysis, name, census, own, found, by_hand)
    if not listed and not (fitted and estimators.trains(analysis, fitted)):
        return ScriptFacts(framework=name, cells=source.cells)
    proof: int | str = name_line
    alone = any(_by_itself(analysis, training) for training in trainings) or by_hand is not None
    if name is None or name == "NumPy":
        homes = project.home(trainings[-1]) if trainings else []
        found_by = framework.elsewhere(analysis, homes or list(launching.launched(analysis)))
        if name is None or beside or not alone or (found_by[0] and not any(map(_by_hand, trainings))):
            name, proof = found_by
    main = trainings[-1] if trainings else None
    arch = (
        trained.trained_class(analysis, census, own, found)
        or applications.ready(analysis)
        or builders.named(analysis)
        or trained.standing_in(analysis, census, found)
        or trained.set_going(launching.launched(analysis))
    )
    if arch is None and main is not None:
        arch = trained.algorithm(analysis, main) or trained.unnamed(analysis, main, found)
        arch = arch or (trained.called_so(analysis) if not main.trained else None)
    if arch is None and beside and (network := trained.trained_class(analysis, census, trainings, found)):
        arch = network[0], trainings[-1].line
    if arch is None:
        arch = project.network(analysis, trainings) or trained.agent(analysis)
    if arch is None and main is not None and main.optimizer is not None and descent.by_hand(main.optimizer):
        arch = descent.owner(analysis, main.optimizer)
    if arch is None and main is not None and name in {"NumPy", "Theano"}:
        arch = descent.around(analysis, main.line)
    arch = arch or by_hand
    if estimator is not None and name == estimator.library:
        arch = (estimator.name, estimator.line) if estimator.name else None
        main = Training("fit", estimator.line, None, None, estimator.rate, None, None)
        trainings = [main]
    arch = namesakes.family(analysis, arch) if arch is not None else None
    arch = builders.told_more(analysis, arch, offered=not trainings)
    known = {tag.name for tag in found}
    families, parts = imported.networks(analysis, census, arch[0] if arch else None)
    found = architecture.ordered([*found, *(tag for tag in families if tag.name not in known)])
    uses = components.find(analysis, census, found, parts)
    if of_networks := components.network(analysis, census, name, found, estimator.name if estimator else None):
        uses[of_networks.name] = of_networks
    data, data_line, data_file = dataset.read(analysis, own)
    if data is None:
        data, data_line, data_file = project.data(analysis, trainings)
    if data is None and trainings and not own:
        data, data_line, data_file = dataset.chosen(analysis)
    if data is None and trainings:
        data, data_line, data_file = dataset.folder(analysis)
    hw: str | None
    hw_place: int | str
    hw, hw_place = hardware.read(analysis)
    if hw is None:
        hw, hw_place = project.device(analysis, own)
    plain = tuple(_stage(training) for training in trainings)
    evidence: dict[str, int | str] = {}
    for field, line in (("framework", proof), ("dataset", data_line), ("hw", hw_place)):
        if line:
            evidence[field] = line
    if data_file:
        evidence["dataset_from"] = data_file
    if arch:
        evidence["arch"] = arch[1]
    if main:
        evidence |= _evidence(main)
    last = plain[-1] if plain else Stage("", 0)
    model = arch[0] if arch else None
    facts = ScriptFacts(
        framework=name,
        arch=model,
        dataset=data,
        batch=last.batch,
        lr=_rate(main.effective or main.lr) if main else None,
        optimizer=last.optimizer,
        epochs=last.epochs,
        hw=hw,
        is_model=True,
        stages=plain,
        tags=found,
        uses=tuple(uses.values()),
        evidence=evidence,
        cells=source.cells,
        outline=outline.read(analysis, census, model),
    )
    classes = [scope.name for scope in census.models]
    readme = analysis.evaluator.resolver.configs.readme()
    told = description.describe(facts, source, readme, classes, outputs.read(analysis))
    # told of by their loops, proved by what the loops step
    proved = tuple(replace(stage, line=_proof(training)) for stage, training in zip(plain, trainings, strict=True))
    return replace(facts, summary=description.summarise(facts, source), description=told, stages=proved)


def _offers(source: Source) -> bool:
    """Whether what looks like tests may be functions of a script on data, which are called so too."""
    return not source.path.stem.startswith("test_") and estimators.mentioned(source.text)


def _is_test(program: Program, path: Path) -> bool:
    """Whether the file tests other code: what it builds, it builds to check it. A class with a test below it is none,
    where the file is not called a test."""
    module = program.module
    cases = [
        scope for scope in program.classes
        if isinstance(scope.node, ast.ClassDef)
        and (any((dotted(base) or "").endswith(("TestCase", "Tester", "TesterMixin")) for base in scope.node.bases)
             or (scope.name.startswith("Test") and any(child.name.startswith("test_") for child in scope.children)))
    ]  # fmt: skip
    functions = [child.name for child in module.children if not child.is_class]
    tests = [name for name in functions if name.startswith("test_")]
    if tests and any("train" in name for name in functions):  # test_step(batch), which the training calls
        sites = (site.node.func for scope in program.scopes for site in scope.calls)
        own = {function.id for function in sites if isinstance(function, ast.Name)}
        tests = [name for name in tests if name not in own]
    checks = len(tests) >= 1 and len(tests) * 2 >= len(functions) and path.suffix != ".ipynb"
    called = re.search(r"(^|_)tests?(_|$)", path.stem, re.IGNORECASE) is not None
    return bool(cases) or (checks and (called or not program.classes))


def _without_framework(analysis: Analysis) -> tuple[str, int] | None:
    """The model that is written out, by its name and line."""
    return descent.network(analysis) or textbook.find(analysis)


def _is_model(
    analysis: Analysis,
    name: str | None,
    census: Census,
    trainings: list[Training],
    found: tuple[Tag, ...],
    by_hand: tuple[str, int] | None,
) -> bool:
    """Whether the script builds or trains a model: one that only loads data, plots or helps does neither."""
    if _is_test(analysis.program, analysis.source.path):
        return False
    if name is None or name == "NumPy":  # nothing else says that a script without a framework has a model
        alone = any(_by_itself(analysis, training) for training in trainings)
        return alone or by_hand is not None or bool(launching.launched(analysis))
    own = [site for family in layers.LAYERS for name, site in census.sites.get(family, [])
           if not name.islower() or name in layers.OF_TFLEARN]  # fmt: skip
    builds = (bool(own) and (bool(census.models) or len(own) >= 2)) or assembled.assembled(analysis, census)
    builds = builds or any(
        layers.learns(model) or layers.embeds(model, census) or layers.holds(model) for model in census.models
    )
    builds = builds or layers.in_scopes(analysis) or (name == "Keras/TensorFlow" and layers.by_matrices(analysis))
    trains = any(training.own for training in trainings) and not _only_restores(analysis)
    trains = trains or _differentiates(analysis, name)
    tagged = any(tag.name in {"resnet", "vit", "unet", "cnn"} for tag in found)
    of_others_parts = any(tag.name in {"vae", "gan", "diffusion"} for tag in found)
    builds = builds or (bool(census.models) and of_others_parts)
    builds = builds or bayesian.builds(analysis) or any(layers.of_ready(analysis, scope) for scope in census.models)
    return builds or trains or _sets_going(analysis, name) or (tagged and not _only_evaluates(analysis))


def _only_evaluates(analysis: Analysis) -> bool:
    """Whether a ready network is only asked: switched to evaluation, and run without gradients."""
    return "eval" in analysis.called and bool({"no_grad", "inference_mode"} & analysis.names)


def _only_restores(analysis: Analysis) -> bool:
    """Whether an optimizer is made only for what was saved beside it: the script asks a network, and trains none."""
    saved = any(map(_RESTORES.search, analysis.called))
    asked = _only_evaluates(analysis) or "restore_checkpoint" in analysis.called
    return saved and asked and not any(map(_TRAINS.search, analysis.called))


def _sets_going(analysis: Analysis, name: str) -> bool:
    """Whether the script starts a training, or takes its steps, whose loop is in another file."""
    made = name == "Keras/TensorFlow" and launching.minimises(analysis)
    return (
        made
        or launching.steps(analysis) is not None
        or bool(launching.launched(analysis))
        or launching.updates(analysis)
    )


def _by_hand(training: Training) -> bool:
    """Whether a training is written out with a rate of its own: what a library fits beside it is there to compare."""
    optimizer = training.optimizer
    return optimizer is not None and descent.by_hand(optimizer) and _rate(training.lr) is not None


def _by_itself(analysis: Analysis, training: Training) -> bool:
    """Whether a training without a framework says enough to be one: by hand, by a class that goes backward, or with an
    optimizer, or a rate, and something to run."""
    written = training.optimizer is not None and descent.by_hand(training.optimizer)
    stated = training.epochs is not None or training.batch is not None
    goes_back = training.optimizer is None and descent.around(analysis, training.line, "backward") is not None
    rated = _rate(training.lr) is not None and _count(training.epochs) is not None and "numpy" in analysis.words
    stepped = bool(training.optimizer_name) or rated
    return written or (stated and (stepped or goes_back))


def _differentiates(analysis: Analysis, name: str) -> bool:
    """Whether JAX code takes gradients and moves the parameters by hand, in a loop or in a step that one takes."""
    if not name.startswith("JAX"):
        return False
    taken = {"grad", "value_and_grad", "filter_grad", "filter_value_and_grad", "GradValues"} & analysis.names
    return bool(taken) and (any(executed.loops for executed in analysis.executed) or "tree_map" in analysis.called)


def _stage(training: Training) -> Stage:
    return Stage(
        training.name,
        training.line,
        _count(training.batch),
        _rate(training.lr),
        training.optimizer_name or None,
        _count(training.epochs),
    )


def _proof(training: Training) -> int:
    """The line of what is stepped, or of what names it; of one in another file the line that leads there."""
    made, named = training.optimizer, training.named
    return (made.line if made is not None else named.line if named is not None else 0) or training.line


def _count(value: Value | None) -> int | None:
    number = value.number if value is not None else None
    return int(number) if number is not None and number == int(number) and 0 < number < 10**9 else None


def _rate(value: Value | None) -> float | None:
    number = value.number if value is not None else None
    # 3 * 10 ** -4 is 3e-4 to whoever wrote it
    return float(f"{float(number):.12g}") if number is not None and 0 < number < 1000 else None


def _evidence(training: Training) -> dict[str, int | str]:
    """Field → the line of its proof; or what an unresolved value hangs on."""
    found: dict[str, int | str] = {}
    if training.optimizer_name:
        made = training.optimizer
        named = made.named if made is not None else training.named
        found["optimizer"] = (named.line if named is not None else 0) or _proof(training)
        if beside := named.beside if named is not None else made.beside if made is not None else "":
            found["optimizer_from"] = beside
    for field, value, number in (
        ("batch", training.batch, _count(training.batch)),
        ("lr", training.effective or training.lr, _rate(training.effective or training.lr)),
        ("epochs", training.epochs, _count(training.epochs)),
    ):
        if value is not None and (number is not None or value.text):
            found[field] = value.line if number is not None else value.text
            if number is not None and value.beside:
                found[f"{field}_from"] = value.beside
    return found
