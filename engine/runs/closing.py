"""What a run does after its last step, as its newest event and its settings tell: it saves, draws, measures, ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runs.events import steps


def after_the_last_step(newest: str | None, config: Mapping[str, Any]) -> str:
    """In a word or two, after an event of the kind `newest`; nothing where the settings are not known."""
    if "sample_every" not in config:
        return ""
    if newest == "metrics":
        return "saving"
    if newest == "checkpoint" and steps(config["sample_every"]):
        return "drawing samples"
    if newest != "evaluation" and steps(config.get("evaluate_every")):
        return "measuring"
    return "ending"
