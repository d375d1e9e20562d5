"""The terms that a query may name, each by all its spellings: tags, datasets, frameworks, optimizers, devices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from index.known import glossary
from index.known.components import COMPONENTS
from index.known.datasets import ALIASES, BY_ALIAS
from index.known.optimizers import NAMES


def squeeze(text: str) -> str:
    """Letters and digits only, lower case: "U-Net" → "unet"."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _index(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {squeeze(alias): name for name, aliases in names.items() for alias in (name, *aliases)}


TAG_WORDS = _index(glossary.TAGS)
FRAMEWORK_WORDS = _index(glossary.FRAMEWORKS)
OPTIMIZER_WORDS = _index(
    # "momentum" is what people add to SGD, DP-SGD a method that any optimizer takes part in
    {name: glossary.OPTIMIZERS.get(name, ()) for name in NAMES if name not in {"Momentum", "DPSGD"}}
)
HARDWARE_WORDS = _index(glossary.HARDWARE)
ENVIRONMENT_WORDS = _index(glossary.ENVIRONMENTS)
ENVIRONMENT_WORDS |= {f"{name}v{version}": value for name, value in ENVIRONMENT_WORDS.items() for version in range(6)}
LIBRARY_WORDS = _index(glossary.LIBRARIES)
FORMAT_WORDS = _index(glossary.FORMATS)
DATASET_WORDS = _index(ALIASES) | _index(glossary.DATASETS)
# names of datasets that are ordinary words as well: they need "dataset" beside them, "trained on", or capitals
ORDINARY = frozenset(squeeze(name) for name in ALIASES if squeeze(name) not in BY_ALIAS) | {
    "glue", "maestro", "malaria", "moons", "penn", "planet", "potsdam", "nottingham", "nott", "charades", "alpaca",
    "lakh", "set5", "set14", "creditcard", "naturalimages", "openimages", "naturalquestions", "salarydata", "multinews",
    "sceneflow", "adni", "ett", "restaurantreviews", "mushroom", "mallcustomers", "toxiccomments",
    "heartdiseaseprediction", "facemask", "facemaskdetection",
}  # fmt: skip

COMPONENT_WORDS = _index({name: component.names for name, component in COMPONENTS.items()})


def one_field(names: Sequence[str]) -> bool:
    """Whether names are all values of one field, and together the name of none: "adam", "adamw"."""
    joined = squeeze("".join(names))
    kinds = (TAG_WORDS, FRAMEWORK_WORDS, OPTIMIZER_WORDS, DATASET_WORDS)
    return not any(joined in words for words in (*kinds, HARDWARE_WORDS)) and any(
        all(squeeze(name) in words for name in names) for words in kinds
    )


def tag_of(text: str) -> str | None:
    """The tag that a word or phrase stands for."""
    return TAG_WORDS.get(squeeze(text))


def names_kinds(words: Sequence[str]) -> bool:
    """Whether words name kinds of models, and nothing else."""
    return tag_of(" ".join(words)) is not None or all(tag_of(word) is not None for word in words)


def names_parts(words: Sequence[str]) -> bool:
    """Whether words name one thing that networks and their trainings are put together of, and nothing else."""
    return squeeze("".join(words)) in COMPONENT_WORDS


# ways to learn that no layer tells
SCHEMES = frozenset({"dqn", "gan", "vae", "diffusion", "latent-diffusion", "autoencoder"})
_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_VARIANTS = re.compile(r"[A-Z]+GAN$|(?i:dc|w|c|ls|ac|sr|cycle|style|info|big|pix|star|pro|sin)gan$|.*(?i:dqn|vae)$")
_LONGEST_KIND = 3  # pieces
_CONDITIONED = frozenset({"pix2pix", "cgan", "cdcgan", "acgan", "conditional"})  # on a class or an image


def kinds_in(name: str) -> set[str]:
    """The kinds of models that the name of a file or a class says: "train_dqn", "DeepQNetwork", "DCGAN"."""
    pieces = _PIECES.findall(name)
    joined = {
        "".join(pieces[at : at + length]).lower() for at in range(len(pieces)) for length in range(1, _LONGEST_KIND + 1)
    }
    joined |= {piece[-3:].lower() for piece in pieces if _VARIANTS.match(piece)}
    conditioned = {"conditional"} if joined & _CONDITIONED else set()
    return {TAG_WORDS[word] for word in joined if word in TAG_WORDS} | conditioned
