"""A script in words: one sentence for the table, and what a colleague would say of it in at most 120 words."""

from __future__ import annotations

import ast
import re

from index.facts.layers import Census
from index.facts.record import Stage, Tag
from index.files.source import Source

_WORDS = 120
_SPOKEN = {"cnn": "CNN", "rnn": "RNN", "lstm": "LSTM", "gru": "GRU", "unet": "U-Net", "resnet": "ResNet", "vit": "ViT",
           "vae": "VAE", "gan": "GAN", "dqn": "DQN agent", "mlp": "MLP"}  # fmt: skip
_NOT_PROSE = re.compile(r"copyright|licen[sc]e|https?://|^usage:|^#!|coding[:=]", re.IGNORECASE)


def docstring(source: Source) -> str:
    """The first paragraph that says something, of the module's docstring or of a notebook's opening text."""
    text = ast.get_docstring(source.tree) or source.prose
    for paragraph in re.split(r"\n\s*\n", text):
        plain = " ".join(re.sub(r"[#*`_=\-]{2,}|^#+", " ", paragraph).split())
        if len(plain.split()) >= 3 and not _NOT_PROSE.search(plain):
            return plain.encode("utf-8", "replace").decode()
    return ""


def summarise(
    source: Source, framework: str | None, arch: str | None, dataset: str | None, tags: tuple[Tag, ...]
) -> str:
    """One sentence: the docstring's own first one where there is one, else the facts."""
    words = docstring(source)
    if words:
        return _limit(re.split(r"(?<=[.!?])\s", words)[0], 30)
    kind = _kind(tags)
    parts = [f"{kind[:1].upper()}{kind[1:]}" if kind else "Model"]
    if arch and arch.lower() not in kind.lower():
        parts.append(f"({arch})")
    if dataset:
        parts.append(f"trained on {dataset}")
    if framework:
        parts.append(f"in {framework}")
    return _limit(" ".join(parts) + ".", 30)


def describe(
    source: Source,
    summary: str,
    framework: str | None,
    arch: str | None,
    dataset: str | None,
    tags: tuple[Tag, ...],
    stages: tuple[Stage, ...],
    census: Census,
) -> str:
    """Purpose, model, data and training; only what is known is said."""
    sentences = [docstring(source) or summary]
    model = _kind(tags) or "model"
    names = ", ".join(scope.name for scope in census.models[:6])
    named = f" ({arch})" if arch and arch.lower() != model.lower() else ""
    head = f"{_article(model)} {model}{named}" + (f" in {framework}" if framework else "")
    sentences.append(head[:1].upper() + head[1:] + (f", trained on {dataset}" if dataset else "") + ".")
    if names and names != arch:
        sentences.append(f"Its classes: {names}.")
    sentences += [line for stage in stages if (line := _trained(stage, len(stages) > 1))]
    return _limit(" ".join(s if s.endswith((".", "!", "?")) else f"{s}." for s in sentences if s), _WORDS)


def _kind(tags: tuple[Tag, ...]) -> str:
    names = [tag.name for tag in tags]
    covered = {"rnn"} if {"lstm", "gru"} & set(names) else set()
    if "latent-diffusion" in names:
        covered |= {"diffusion", "autoencoder"}
    if "unet" in names or "resnet" in names:
        covered |= {"cnn"}
    if "vae" in names:
        covered |= {"autoencoder"}
    if "linear-attention" in names or "transformer" in names:
        covered |= {"attention"}
    order = ["conditional", "latent-diffusion", "diffusion", "unet", "linear-attention", "attention", "gan", "vae",
             "autoencoder", "dqn", "vit", "resnet", "transformer", "cnn", "lstm", "gru", "rnn", "mlp"]  # fmt: skip
    spoken = [_SPOKEN.get(name, name) for name in order if name in names and name not in covered]
    return " ".join(spoken[:4])


def _trained(stage: Stage, several: bool) -> str:
    parts = []
    if stage.optimizer:
        parts.append(f"with {stage.optimizer}" + (f" at {stage.lr:g}" if stage.lr is not None else ""))
    if stage.batch is not None:
        parts.append(f"batch {stage.batch}")
    if stage.epochs is not None:
        parts.append(f"{stage.epochs} epochs")
    if not parts:
        return ""
    return (f"{stage.name}: " if several else "Trained ") + ", ".join(parts) + "."


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" or word.startswith(("MLP", "LSTM", "RNN")) else "a"


def _limit(text: str, words: int) -> str:
    parts = text.split()
    return text if len(parts) <= words else " ".join(parts[: words - 1]) + " …"
