"""What a denial means by other words than names: data sets by what is in them, worlds by what is done there, parts of a
method by what they do. Asked for, such words find other scripts as well; denied, they leave out all that they mean."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True)
class Denied:
    """A field, and its values that are denied together."""

    field: str
    values: tuple[str, ...]


def _said(*words: str) -> list[tuple[str, ...]]:
    """Every way to say one word of each list."""
    return [*product(*(some.split() for some in words))]


_DIGITS = Denied("dataset", ("MNIST", "Digits", "USPS", "QMNIST"))
_POLE = Denied("text", ("cartpole", "cart pole", "cart-pole"))
_REPLAY = Denied("text", ("replay buffer", "replay memory", "experience replay", "replaybuffer", "replaymemory"))
MEANT: dict[tuple[str, ...], Denied] = {
    **dict.fromkeys(_said("handwritten hand-written written", "digits digit numbers numerals"), _DIGITS),
    ("digits",): _DIGITS,
    **dict.fromkeys(_said("fashion clothing", "items articles pictures images"), Denied("dataset", ("FashionMNIST",))),
    **dict.fromkeys(_said("celebrity famous", "faces"), Denied("dataset", ("CelebA", "CelebAHQ"))),
    ("house", "numbers"): Denied("dataset", ("SVHN",)),
    **dict.fromkeys(_said("movie film", "reviews review"), Denied("dataset", ("IMDB", "RottenTomatoes", "SST2"))),
    **dict.fromkeys(_said("iris irises", "flowers flower"), Denied("dataset", ("Iris",))),
    ("pole",): _POLE,
    **dict.fromkeys(_said("pole", "balancing that which"), _POLE),
    **dict.fromkeys(_said("inverted", "pendulum pendulums"), Denied("text", ("pendulum", "cartpole"))),
    **dict.fromkeys(_said("replay experience", "memory memories buffer buffers replay"), _REPLAY),
    **dict.fromkeys(_said("memory", "buffer replay"), _REPLAY),
    **dict.fromkeys(_said("experience experiences"), _REPLAY),
}
LONGEST = max(map(len, MEANT))
