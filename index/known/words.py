"""Splits text into search terms: the word as it is, and beside it its parts and a light stem."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

WORD = re.compile(r"\w+(?:[-.+']\w+)*", re.UNICODE)
CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
# Runs of capitals that splitting at case would tear: CIFARUNetDenoiser holds "unet".
_ACRONYMS = ("UNet", "ResNet", "ViT", "DCGAN", "GAN", "VQVAE", "VAE", "RNN", "LSTM", "GRU", "GPT", "MNIST", "CIFAR",
             "CelebA", "DDPM", "DDIM", "DQN", "CNN", "MLP", "EMA", "BERT", "LoRA", "DiT", "SiLU", "ReLU")  # fmt: skip
_ACRONYM = re.compile("|".join(sorted(_ACRONYMS, key=len, reverse=True)))
_BETWEEN = re.compile(r"[-_.+']")
_ENDINGS = ("ings", "ing", "ers", "es", "ed", "er", "s")
_NO_WORDS = {"cat"}  # what libraries call so is none of the language: torch.cat puts no animal into a script
LONGEST = 60


def places(text: str) -> dict[str, list[int]]:
    """The positions of each term: of each word as it is, lower case; its parts beside it; and a light stem, never
    instead."""
    at: dict[str, list[int]] = defaultdict(list)
    position = 0
    for word in WORD.findall(text):
        found, taken = split(word)
        for term, offset in found:
            at[term].append(position + offset)
        position += taken
    return at


def has(text: str, word: str) -> bool:
    """Whether one of the terms of a text is a word, or is it when written in one."""
    bare = joined(word)
    near = (said for said in WORD.findall(text) if bare in joined(said.lower()))
    return any(term in {word, bare} for said in near for term, _ in split(said)[0])


def joined(word: str) -> str:
    """A word without what joins its parts: "u-net" → "unet"."""
    return _BETWEEN.sub("", word)


def split(word: str) -> tuple[tuple[tuple[str, int], ...], int]:
    """The terms of one word, each with its place in it, and how many places it takes."""
    return _split_often(word) if len(word) <= LONGEST else _split(word)


def _split(word: str) -> tuple[tuple[tuple[str, int], ...], int]:
    whole = word.lower()
    found = {whole: 0}
    if len(bare := joined(whole)) > 1:
        found.setdefault(bare, 0)
    pieces = 0
    for at, name in enumerate(word.split(".")):  # self.p_losses holds "p_losses", pl.LightningModule "lightningmodule"
        if at and name in _NO_WORDS:
            continue
        if len(name) > 2:
            found.setdefault(name.lower(), pieces)
        for piece in _BETWEEN.split(name):  # and CartPole-v1 "cartpole"
            if len(piece) > 2:
                found.setdefault(piece.lower(), pieces)
            for part in parts(piece):
                for term in (part, stem(part)):
                    if len(term) > 1 or term.isdigit():
                        found.setdefault(term, pieces)
                pieces += 1
    return tuple((term[:LONGEST], offset) for term, offset in found.items()), max(1, pieces)


_split_often = lru_cache(maxsize=50_000)(_split)  # scripts are written in few words


def phrase(text: str) -> list[str]:
    """The terms that must stand one after another where a text holds `text`; "" for each further place that one takes,
    as "0.5" does two."""
    found: list[str] = []
    for word in WORD.findall(text):
        found += [word.lower()[:LONGEST], *[""] * (split(word)[1] - 1)]
    while found and not found[-1]:
        found.pop()
    return found


def holds(text: str, wanted: list[str]) -> bool:
    """Whether the terms of a phrase stand one after another in a text."""
    found = places(text)
    at = [(offset, set(found.get(word, ()))) for offset, word in enumerate(wanted) if word]
    return bool(at) and any(all(start + offset in there for offset, there in at) for start in at[0][1])


def parts(word: str) -> Iterator[str]:
    """ "CIFARUNetDenoiser" → cifar, unet, denoiser; "compute_gradient" → compute, gradient."""
    for piece in _BETWEEN.split(word):
        start = 0
        for match in _ACRONYM.finditer(piece):
            yield from (part.lower() for part in CAMEL.findall(piece[start : match.start()]))
            yield match.group().lower()
            start = match.end()
        yield from (part.lower() for part in CAMEL.findall(piece[start:]))


def stem(word: str) -> str:
    """A common ending taken off, where enough of the word is left: "denoising" → "denois", "models" → "model".

    What ends in y goes with its plural and its past, "category" and "categories" → "categori"; what is done with its
    doing, "normalization" and "normalized" → "normaliz".
    """
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= 4), "")
    if ending:
        word = word[: -len(ending)]
    elif word.endswith(("ization", "isation")):
        word = word.removesuffix("ation")
    elif len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > 3 and word.endswith("y") and word[-2] not in "aeiou" else word
