"""What the rest of its project says of how a script trains: its trainer, its loop or its loader is in a module beside.

A second reading, only of a script that leaves something open and only of what it runs: a class that it makes, a
function that it calls. What its own text says comes first.
"""

from __future__ import annotations

from dataclasses import replace

from index.facts.data import dataset_beside
from index.facts.devices import elsewhere
from index.facts.evaluation.analysis import Analysis
from index.facts.network import trained
from index.facts.training import launching, stages
from index.facts.training.training import Training

_ALL = 4  # what a stage may say


def completed(analysis: Analysis, trainings: list[Training]) -> list[Training]:
    """The trainings of a script, read together with the modules beside it where those say more."""
    own = _said(trainings)
    whole = analysis.project if own < _ALL else None
    if whole is None:
        return trainings
    found = stages.run(whole, whole.execution)
    if _said(found) <= own and launching.launched(analysis):
        found = stages.without_loop(whole, whole.execution)
    if _said(found) <= own:
        return trainings
    if len(trainings) == 1:  # what the script says itself is not lost
        own_epochs, own_batch = trainings[0].epochs, trainings[0].batch
        found = [replace(t, epochs=t.epochs or own_epochs, batch=t.batch or own_batch) for t in found]
    return found


def data(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str]:
    """The dataset that a function of a module beside the script makes, the line that calls it, and the place."""
    whole = analysis.project if trainings else None
    if whole is None:
        return None, 0, ""
    built = dataset_beside.built(whole, trainings)
    built = built if built[0] else dataset_beside.told(whole)
    built = built if built[0] else dataset_beside.chosen(analysis, whole)
    built = built if built[0] else dataset_beside.called_for(analysis, whole)
    return built if built[0] else dataset_beside.read(whole)


def folder(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str]:
    """The one folder or table that a function of a module beside the script reads, where it has a name."""
    whole = analysis.project if trainings else None
    return dataset_beside.folder(analysis, whole) if whole is not None else (None, 0, "")


def classed(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str]:
    """What the one class is called for which makes the data, of the script or of a module beside it."""
    return dataset_beside.classed(analysis, analysis.project) if trainings else (None, 0, "")


def device(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int | str]:
    """What the script runs on by the word of the modules beside it, and the line that leads there, or the place."""
    asked = bool(trainings) and (_said(trainings) < _ALL or "device" in analysis.source.text.lower())
    whole = analysis.project if asked else None
    return elsewhere.beside(whole) if whole is not None else (None, 0)


def network(analysis: Analysis, trainings: list[Training]) -> tuple[str, int] | None:
    """The network that a function of a module beside the script makes, and the line that leads there."""
    whole = analysis.project if any(training.trained for training in trainings) else None
    return trained.of_project(whole, trainings) if whole is not None else None


def home(training: Training) -> list[str]:
    """The module beside the script that makes the optimizer of a training, as a name of something in it."""
    place = training.optimizer.beside.rpartition(":")[0] if training.optimizer is not None else ""
    return [place.removesuffix(".py").removesuffix("/__init__").replace("/", ".") + ".optimizer"] if place else []


def _said(trainings: list[Training]) -> int:
    """How much the main stage says."""
    if not trainings:
        return 0
    main = trainings[-1]
    values = (main.lr, main.batch, main.epochs)
    return bool(main.optimizer_name) + sum(value is not None and value.number is not None for value in values)
