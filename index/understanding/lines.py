"""The words of a question on one line, as forms of language are matched with; each fact that they name is one word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.understanding.query import Token

_PHRASES = {
    "dataset": ("dataset", "datasets", "data set", "data sets", "training data"),
    "optimizer": ("optimizer", "optimizers", "optimiser", "optimisers"),
    "framework": ("framework", "frameworks", "library", "libraries"),
    "hw": ("hardware", "device", "devices", "accelerator", "accelerators"),
    "kind": ("architecture", "architectures", "model type", "model types", "network type", "network types",
             "model family", "model families",
             *(f"{kinds} of {things}" for kinds in ("kind", "kinds", "type", "types", "sort", "sorts", "families")
               for things in ("model", "models", "network", "networks", "architecture", "architectures"))),
    "lr": ("learning rate", "learning rates", "lr", "lrs", "learning-rate", "learning_rate", "step size", "step sizes"),
    "batch": ("batch size", "batch sizes", "batchsize", "batch_size", "batch-size", "mini-batch size",
              "minibatch size", "bs"),
    "epochs": ("epochs", "number of epochs", "epoch count", "epoch counts", "numbers of epochs"),
    "size": ("file size", "file sizes"),
}  # fmt: skip
_NAMES = {tuple(phrase.split()): field for field, phrases in _PHRASES.items() for phrase in phrases}
_LONGEST = max(map(len, _NAMES))


BE, DO = "is are was were", "do does did"


def words(some: str) -> str:
    """A form that any of some words has."""
    return f"(?:{'|'.join(some.split())})"


def mentioned(text: str) -> tuple[str, ...]:
    """The facts that a question names in any way."""
    said = [word.strip("?.,;:!\"'()").lower() for word in text.split()]
    found: dict[str, None] = {}
    for start in range(len(said)):
        for length in range(_LONGEST, 0, -1):
            if (field := _NAMES.get(tuple(said[start : start + length]))) is not None:
                found.setdefault(field)
                break
    return tuple(found)


def facts(text: str) -> tuple[str, ...]:
    """The facts in some words of a line."""
    return tuple(dict.fromkeys(re.findall(r"%(\w+)", text)))


class Line:
    """The words of a query on one line, each fact that they name one word: %lr; and which of them are taken."""

    def __init__(self, tokens: list[Token]) -> None:
        said = [token.lower if token.kind == "word" else "," if token.text in {",", ";"} else "\0" for token in tokens]
        self.taken: set[int] = set()
        self._at: list[tuple[int, int]] = []  # the tokens of each word
        told, at = [], 0
        while at < len(said):
            length = next((n for n in range(_LONGEST, 0, -1) if tuple(said[at : at + n]) in _NAMES), 0)
            told.append(f"%{_NAMES[tuple(said[at : at + length])]}" if length else said[at])
            self._at.append((at, at + (length or 1)))
            at += length or 1
        self.text = f" {' '.join(told)} "
        self.named = facts(self.text)

    def take(self, form: str) -> re.Match[str] | None:
        """Marks the words of what a form, which begins with the space before a word, matches as taken."""
        match = re.search(form, self.text)
        if match is not None:
            self.take_between(match.start(), match.end())
        return match

    def take_next(self, form: str) -> re.Match[str] | None:
        """As `take`, of the first words that are not taken yet."""
        for match in re.finditer(form, self.text):
            if not self.taken.issuperset(self.tokens(match.start(), match.end())):
                self.take_between(match.start(), match.end())
                return match
        return None

    def take_between(self, start: int, end: int) -> None:
        self.taken.update(place for first, last in self._words(start, end) for place in range(first, last))

    def tokens(self, start: int, end: int) -> range:
        """The places of the tokens between two places of the text."""
        within = self._words(start, end)
        return range(within[0][0], within[-1][1]) if within else range(0)

    def _words(self, start: int, end: int) -> list[tuple[int, int]]:
        first = self.text.count(" ", 0, start)
        return self._at[first : first + len(self.text[start:end].split())]
