"""The order in which a script is read: is it a model script, how does it train, what does it train, on what, where."""

from __future__ import annotations

from dataclasses import replace

from index.facts import description, outputs, recognition
from index.facts.data import dataset, dataset_choices, modality
from index.facts.devices import hardware
from index.facts.evaluation.analysis import Analysis, analyse
from index.facts.evaluation.configs import Configs
from index.facts.evaluation.symbols import build
from index.facts.network import (
    applications,
    architecture,
    assembled,
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
from index.facts.training import (
    descent,
    estimators,
    evolved,
    launching,
    learner,
    plain,
    project,
    settings,
    stages,
    tabular,
    textbook,
)
from index.facts.training.estimators import Estimator
from index.facts.training.training import Training
from index.files.source import Source, SourceError
from index.record import ScriptFacts, Tag

FIT = "fit"  # the training of an estimator, which is one call
_Named = tuple[str, int]  # a name and the line that gives it


def extract(source: Source, configs: Configs | None = None) -> ScriptFacts:
    """All facts of a parsed script; SourceError where it nests too deeply to be followed.

    `configs` opens the configuration files that it names; without it none is read.
    """
    text = source.text
    readers = (framework.imported, descent.candidate, launching.candidate, learner.mentioned, textbook.candidate,
               tabular.candidate, evolved.candidate, assembled.candidate)  # fmt: skip
    if not any(may(text) for may in readers):
        return ScriptFacts(cells=source.cells)
    try:
        program = build(source.tree)
        if recognition.is_test(program, source.path) and not recognition.offers_fit(source):
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
    compared = beside or (len({found.name for found in fitted}) == 1 and any(map(recognition.by_hand, trainings)))
    estimator = None if compared else estimators.main(fitted)
    proof: int | str
    name, proof = framework.read(analysis, estimator)
    tags = architecture.tags(analysis, census, own)
    written = recognition.written_out(analysis) if name in {None, "NumPy"} else None
    listed = beside or recognition.is_model(analysis, name, census, own, tags, written)
    if not listed and not (fitted and estimators.trains(analysis, fitted)):
        return ScriptFacts(framework=name, cells=source.cells)
    if name is None or name == "NumPy":
        name, proof = _framework(analysis, (name, proof), trainings, beside=beside, written=written)
    arch = _architecture(analysis, census, own, trainings, tags, name, beside=beside) or written
    if estimator is not None and name == estimator.library:
        arch = (estimator.name, estimator.line) if estimator.name else None
        trainings = [Training(FIT, estimator.line, None, None, estimator.rate, None, estimator.epochs)]
    arch = namesakes.family(analysis, arch) if arch is not None else None
    arch = builders.told_more(analysis, arch, offered=not trainings)
    model = arch[0] if arch else None
    tags, uses = _made_of(analysis, census, tags, name, model, estimator)
    data, data_line, data_file = _dataset(analysis, own, trainings)
    hw_place: int | str
    hw, hw_place = hardware.read(analysis)
    if hw is None:
        hw, hw_place = project.device(analysis, own)
    trainings = trainings or tabular.training(analysis) or settings.alone(analysis)
    evidence: dict[str, int | str] = {}
    for field, place in (("framework", proof), ("dataset", data_line), ("hw", hw_place), ("dataset_from", data_file)):
        if place:
            evidence[field] = place
    if arch:
        evidence["arch"] = arch[1]
    main = trainings[-1] if trainings else None
    if main:
        evidence |= plain.evidence(main)
    told = tuple(plain.stage(training) for training in trainings)
    facts = ScriptFacts(
        framework=name,
        arch=model,
        dataset=data,
        batch=told[-1].batch if told else None,
        lr=plain.rate(main.effective or main.lr) if main else None,
        optimizer=told[-1].optimizer if told else None,
        epochs=told[-1].epochs if told else None,
        hw=hw,
        is_model=True,
        stages=told,
        tags=tags,
        uses=(*uses, *modality.find(analysis, data, data_line if isinstance(data_line, int) else 1)),
        evidence=evidence,
        cells=source.cells,
        outline=outline.read(analysis, census, model),
    )
    classes = [scope.name for scope in census.models]
    configs = analysis.evaluator.resolver.configs
    summary, text = description.said(facts, source, configs, classes, outputs.read(analysis))
    # told of by their loops, proved by what the loops step
    proved = tuple(replace(stage, line=plain.proof(of)) for stage, of in zip(told, trainings, strict=True))
    return replace(facts, summary=summary, description=text, stages=proved)


def _framework(
    analysis: Analysis,
    read: tuple[str | None, int | str],
    trainings: list[Training],
    *,
    beside: bool,
    written: _Named | None,
) -> tuple[str | None, int | str]:
    """The framework of a script that imports none itself: of the file that trains for it, if one does."""
    alone = written is not None or any(recognition.by_itself(analysis, training) for training in trainings)
    homes = project.home(trainings[-1]) if trainings else []
    found = framework.elsewhere(analysis, homes or list(launching.launched(analysis)))
    by_hand = any(map(recognition.by_hand, trainings))
    return found if read[0] is None or beside or not alone or (found[0] and not by_hand) else read


def _architecture(
    analysis: Analysis,
    census: Census,
    own: list[Training],
    trainings: list[Training],
    tags: tuple[Tag, ...],
    framework_name: str | None,
    *,
    beside: bool,
) -> _Named | None:
    """What is trained: the class, else what ready network, algorithm or family stands for it, the surest first."""
    main = trainings[-1] if trainings else None
    arch = (
        trained.trained_class(analysis, census, own, tags)
        or builders.minimised(analysis)
        or applications.ready(analysis)
        or builders.named(analysis)
        or assembled.adapted(analysis)
        or assembled.headed(analysis)
        or trained.standing_in(analysis, census, tags)
        or trained.set_going(launching.launched(analysis))
    )
    if arch is None and main is not None:
        arch = trained.algorithm(analysis, main) or trained.unnamed(analysis, main, tags)
        arch = arch or trained.called_so(analysis, main.trained)
    if arch is None and main is None and launching.launched(analysis):
        arch = trained.called_so(analysis)
    if arch is None and main is not None and beside:
        network = trained.trained_class(analysis, census, trainings, tags)
        arch = (network[0], main.line) if network else None
    arch = arch or project.network(analysis, trainings)
    arch = arch or (builders.called_for(analysis, main) if main is not None else None) or trained.agent(analysis)
    if arch is None and main is not None and main.optimizer is not None and descent.by_hand(main.optimizer):
        arch = descent.owner(analysis, main.optimizer)
    if arch is None and main is not None and framework_name in {"NumPy", "Theano"}:
        arch = descent.around(analysis, main.line)
    return arch


def _made_of(
    analysis: Analysis,
    census: Census,
    tags: tuple[Tag, ...],
    framework_name: str | None,
    model: str | None,
    estimator: Estimator | None,
) -> tuple[tuple[Tag, ...], tuple[Tag, ...]]:
    """The families that the model belongs to, with those of networks that are imported, and the components it uses."""
    families, parts = imported.networks(analysis, census, model)
    tags = architecture.joined(tags, families)
    uses = components.find(analysis, census, tags, parts)
    fitted = estimator.name if estimator else None
    if of_networks := components.network(analysis, census, framework_name, tags, fitted):
        uses[of_networks.name] = of_networks
    return tags, tuple(uses.values())


def _dataset(
    analysis: Analysis, own: list[Training], trainings: list[Training]
) -> tuple[str | None, int | str, str | None]:
    """What the training takes its data from, the surest way of saying it first."""
    read_of = own or [training for training in trainings if training.name == FIT]
    found = dataset.read(analysis, read_of, trains=bool(trainings))
    if found[0] is None and trainings:
        found = dataset_choices.together(analysis)
    if found[0] is None:
        found = project.data(analysis, trainings)
    if found[0] is None and trainings and not own:
        found = dataset.in_words(analysis, trainings[-1].line)
    if found[0] is None and trainings:
        found = dataset.folder(analysis)
    if found[0] is None and trainings:
        found = dataset_choices.read(analysis)
    if found[0] is None:
        found = project.folder(analysis, trainings)
    if found[0] is None:
        found = project.classed(analysis, trainings)
    return found
