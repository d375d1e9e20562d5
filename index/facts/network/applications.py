"""Ready models of keras.applications that a script builds on."""

from __future__ import annotations

import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.identifiers import Identifiers
from index.facts.network.layers import starred
from index.facts.network.naming import Named
from index.facts.network.trained import several_moved

_APPLICATION = re.compile(
    r"(VGG1[69]|ResNet\d+(V2)?|InceptionV3|Xception|MobileNet(V\d)?|DenseNet\d+|EfficientNet\w\d)$"
)
_LOSS = Identifiers(r"loss|perceptual", re.IGNORECASE)  # a function that compares by what the network sees


def ready(analysis: Analysis) -> Named | None:
    """The one ready model of keras.applications that the script builds on; it only judges where others are trained."""
    if several_moved(analysis):
        return None
    found: dict[str, int] = {}
    for executed in analysis.executed:
        name = _application(analysis, executed)
        if name and not _LOSS.search(executed.frame.scope.name):
            found.setdefault(name, executed.line)
    return next(iter(found.items())) if len(found) == 1 else None


def _application(analysis: Analysis, executed: Executed) -> str | None:
    full = analysis.name(executed.site.node.func, executed.frame)
    last = full.split(".")[-1]
    ready = ".applications." in f".{full}" or full.startswith("efficientnet.")
    ready = ready or (full == last and bool(_APPLICATION.match(last)) and starred(analysis, last))
    return last if ready and last[:1].isupper() else None
