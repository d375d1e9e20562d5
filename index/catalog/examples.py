"""What to ask first of an index: questions of every kind, each of which finds something in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.catalog.rows import moment

# Tags that say what is trained, those that a person who trains diffusion models looks for first.
KINDS = ("diffusion", "unet", "vae", "gan", "autoencoder", "transformer", "cnn", "rnn", "mlp")
SMALL = 1e-3  # a learning rate below which there mostly are some and not all


@dataclass(frozen=True)
class Sketch:
    """What is known of one script; `created` in seconds since the epoch."""

    tags: frozenset[str]
    created: float
    dataset: str | None
    lr: float | None

    @property
    def month(self) -> str:
        return f"{moment(self.created):%Y-%m}"


def examples(scripts: Sequence[Sketch]) -> list[str]:
    """A kind and a month, a kind without a dataset, a dataset with a rate, a question to answer; as far as they fit."""
    of_kind = {kind: [one for one in scripts if kind in one.tags] for kind in KINDS}
    kinds = [kind for kind in KINDS if of_kind[kind]]
    return [*_dated(of_kind, kinds), *_without(of_kind, kinds[1:] or kinds), *_set(scripts), *_question(scripts)]


def _dated(of_kind: Mapping[str, Sequence[Sketch]], kinds: Sequence[str]) -> Iterator[str]:
    for kind in kinds[:1]:
        ((month, _),) = Counter(one.month for one in of_kind[kind]).most_common(1)
        yield f"{kind} created:{month}"


def _without(of_kind: Mapping[str, Sequence[Sketch]], kinds: Sequence[str]) -> Iterator[str]:
    """Of a kind whose scripts are trained on several datasets, those that are not on the most common."""
    for kind in kinds:
        counted = _datasets(of_kind[kind]).most_common(2)
        if len(counted) > 1:
            yield f"{kind}, not trained on {counted[0][0].lower()}"
            return


def _set(scripts: Sequence[Sketch]) -> Iterator[str]:
    for dataset, _ in _datasets([one for one in scripts if one.lr is not None and one.lr < SMALL]).most_common(1):
        yield f"dataset:{dataset.lower()} lr:<1e-3"


def _question(scripts: Sequence[Sketch]) -> Iterator[str]:
    if any(one.lr is not None for one in scripts):
        yield "which uses the smallest lr?"


def _datasets(scripts: Sequence[Sketch]) -> Counter[str]:
    """Those that a term of a query can name."""
    return Counter(one.dataset for one in scripts if one.dataset and one.dataset.isalnum())
