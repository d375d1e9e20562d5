"""Facts about a model script, read from its syntax tree: `extract(source)`. Pure: same source, same facts."""

from index.facts.extraction import extract
from index.record import ScriptFacts, Stage, Tag

__all__ = ["VERSION", "ScriptFacts", "Stage", "Tag", "extract"]

# Raised whenever the same source may give other facts, so that scripts already read are read again.
VERSION = 86
