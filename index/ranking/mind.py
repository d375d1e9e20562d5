"""What understands a question by its meaning: the embedding model, and the definitions it has read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.ranking import senses

if TYPE_CHECKING:
    from index.ranking.minilm import MiniLM


@dataclass(frozen=True)
class Mind:
    """The embedding model and the definitions it has read."""

    model: MiniLM
    senses: senses.Senses

    @classmethod
    def of(cls, folder: Path) -> Mind:
        """Loads both for the index in a folder, in part of a second, some more once for an index that has no
        definitions yet; ModelError with one line where the model cannot be used."""
        from index.ranking.minilm import MiniLM

        return cls(MiniLM(folder), senses.Senses(folder))
