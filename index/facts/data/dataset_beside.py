"""The dataset by the word of the modules beside the script that it runs: what they build, are told, choose and read."""

from __future__ import annotations

import re
from functools import cache

from index.facts.data import dataset, dataset_classes, dataset_words
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.training.training import Training
from index.known.datasets import ALIASES, canonical
from index.known.words import CAMEL


def built(analysis: Analysis, trainings: list[Training]) -> tuple[str | None, int, str]:
    """The dataset that the loader of a training serves, else the only one that is sure to be built; and where."""
    served = dataset.of_loader(analysis, trainings)
    if served is not None:
        return served
    resolver = analysis.evaluator.resolver
    sure = [e for e in analysis.executed if all(resolver.holds(g, e.frame) for g in e.site.guards)]
    sure = [e for e in sure if not _by_one_of_several(analysis, e.frame)]
    return (
        dataset.only(dataset.of_calls(analysis, cache(lambda: dataset.last_trained(analysis, trainings)), sure))
        if len(dataset.chosen_between(analysis)) < 2
        else (None, 0, "")
    )


def told(whole: Analysis) -> tuple[str | None, int, str]:
    """The one dataset that what a module beside the script has is told by name."""
    return dataset.only(dataset_words.told(whole))


def chosen(analysis: Analysis, whole: Analysis) -> tuple[str | None, int, str]:
    """The known dataset that an option is by default of a module beside the script that it runs, and the place."""
    siblings = whole.evaluator.resolver.siblings
    entered = {scope.module for scope in whole.execution.reached}
    for module in siblings.opened() if dataset_words.chosen(analysis) is None else []:
        if module not in entered and not siblings.of_settings(module):
            continue
        name, line = dataset_words.chosen(whole, siblings.options(module)) or (None, 0)
        if name in ALIASES:
            return name, line, siblings.place(module, line)
    return None, 0, ""


def called_for(analysis: Analysis, whole: Analysis) -> tuple[str | None, int, str]:
    """The known dataset that the one class is called for which makes the data, in a module beside the script too; not
    where a setting says which of several it is."""
    if dataset_words.chosen(analysis) is not None or len(dataset.chosen_between(whole)) > 1:
        return None, 0, ""
    return dataset.only(dataset.known_alone(dataset_classes.read(whole)))


def classed(analysis: Analysis, whole: Analysis | None) -> tuple[str | None, int, str]:
    """What no list has, and the one class is called for which makes the data: the weakest of all that is told."""
    apart = dataset_words.chosen(analysis) is not None or len(dataset.chosen_between(whole or analysis)) > 1
    found = dataset.only(dataset_classes.read(analysis)) if not apart else (None, 0, "")
    return dataset.only(dataset_classes.read(whole)) if found[0] is None and whole is not None and not apart else found


def read(whole: Analysis) -> tuple[str | None, int, str]:
    """The one known dataset that the files are called for which functions of modules beside the script read, the line
    that leads there, and the place."""
    module = whole.program.module
    found: dict[str, tuple[int, str]] = {}
    for executed in whole.execution.calls:
        apart = any(
            dataset.undecided(whole, g, executed.frame) and dataset.told_apart(g.test) for g in executed.site.guards
        )
        if executed.site.scope.module is module or apart:  # apart: one of several that whoever runs it says
            continue
        if (name := dataset_words.of_read(whole, executed)) is not None:
            found.setdefault(name, whole.evaluator.placed(executed.line, executed.frame))
    name, place = next(iter(found.items()), (None, (0, "")))
    return (name, *place) if len(found) == 1 else (None, 0, "")


def folder(analysis: Analysis, whole: Analysis) -> tuple[str | None, int, str]:
    """The one folder or table that a function of a module beside the script reads; an array there, or a sheet, only
    where the script or its README speaks of it, too: else it may be what was measured or kept, `best_loss.npy`."""
    found = dataset.folder(whole)
    name = found[0] or ""
    array = re.compile(rf"(^|[/\\]){re.escape(name)}\.(np[yz]|pkl|pickle|pt|mat|h5|json|xlsx?)$")
    kept = not canonical(name) and any(array.search(path) for path, _ in dataset_words.read_paths(whole))
    return found if not kept or dataset_classes.spoken_of(analysis, CAMEL.findall(name)) else (None, 0, "")


def _by_one_of_several(analysis: Analysis, frame: Frame) -> bool:
    """Whether what runs was called by a name that stands for one function or another."""
    while frame.call is not None and frame.caller is not None:
        if len(analysis.evaluator.resolver.definitions(frame.call.node.func, frame.caller)) > 1:
            return True
        frame = frame.caller
    return False
