"""Facts about a model script, read from its syntax tree: `extract(source)`. Pure: same source, same facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.record import ScriptFacts, Stage, Tag

if TYPE_CHECKING:
    from index.facts.evaluation.configs import Configs
    from index.files.source import Source

__all__ = ["VERSION", "ScriptFacts", "Stage", "Tag", "extract"]

# Raised whenever the same source may give other facts, so that scripts already read are read again.
VERSION = 145


def extract(source: Source, configs: Configs | None = None) -> ScriptFacts:
    """As :func:`index.facts.extraction.extract`, with all that it takes imported when it is first asked for."""
    from index.facts import extraction

    return extraction.extract(source, configs)
