"""all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019) in numpy, for what a person asks: a few short texts,
done before torch would be imported. The vectors are those of sentence-transformers."""

from __future__ import annotations

from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import safe_open
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from index.model import EPS, HEADS, LONGEST, WIDTH, unloadable, verified

if TYPE_CHECKING:
    from index.model import Matrix

    _Pair = tuple[Matrix, Matrix]  # weight and bias

# the error function's complement by a polynomial of 1 / (1 + p|x|), 1.5e-7 at most (Abramowitz, Stegun 7.1.26)
_ERFC_P = np.float32(0.3275911)
_ERFC = [np.float32(one) for one in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592, 0.0)]


class MiniLM:
    """The model, loaded in a tenth of a second; ModelError with one line where it cannot be used."""

    def __init__(self, folder: Path) -> None:
        place = verified(folder)
        # a question is done before threads have met, and on a busy machine they spin while they wait for each other
        threadpool_limits(1, user_api="blas")
        try:
            self._tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
            self._tokenizer.enable_truncation(LONGEST)
            self._tokenizer.no_padding()
            self._read(str(place / "model.safetensors"))
        except Exception as error:
            raise unloadable(error) from None

    def _read(self, file: str) -> None:
        kept: Any = safe_open(file, framework="numpy")
        self._words = kept.get_slice("embeddings.word_embeddings.weight")  # rows are read as they are needed

        def norm(name: str) -> _Pair:
            return kept.get_tensor(f"{name}.weight"), kept.get_tensor(f"{name}.bias")

        def linear(name: str) -> _Pair:
            weight, bias = norm(name)
            return np.ascontiguousarray(weight.T), bias  # as a product with few rows reads it fastest

        # a text is one sentence to it: every token is of the first kind
        kind = kept.get_tensor("embeddings.token_type_embeddings.weight")[0]
        self._places: Matrix = kept.get_tensor("embeddings.position_embeddings.weight") + kind
        self._norm = norm("embeddings.LayerNorm")
        depth = sum(name.endswith("intermediate.dense.bias") for name in kept.keys())  # noqa: SIM118  it is no mapping
        self._layers = []
        for at in range(depth):
            layer = f"encoder.layer.{at}"
            weights, biases = zip(
                *(linear(f"{layer}.attention.self.{name}") for name in ("query", "key", "value")), strict=True
            )
            self._layers.append(
                _Layer(
                    (np.concatenate(weights, axis=1), np.concatenate(biases)),
                    linear(f"{layer}.attention.output.dense"), norm(f"{layer}.attention.output.LayerNorm"),
                    linear(f"{layer}.intermediate.dense"),
                    linear(f"{layer}.output.dense"), norm(f"{layer}.output.LayerNorm"),
                )
            )  # fmt: skip

    def embed(self, texts: list[str]) -> Matrix:
        """Texts → float32 N×384, each row of length 1."""
        tokens = [one.ids for one in self._tokenizer.encode_batch(texts)]
        # all tokens are the rows of one matrix, whatever text they are of
        spans = [slice(*ends) for ends in pairwise(accumulate(map(len, tokens), initial=0))]
        seen = np.concatenate([self._words[token : token + 1] for text in tokens for token in text])
        for span, text in zip(spans, tokens, strict=True):
            seen[span] += self._places[: len(text)]
        seen = _normalised(seen, self._norm)
        for layer in self._layers:
            seen = layer(seen, spans)
        means = np.stack([seen[span].mean(0) for span in spans])
        found: Matrix = means / np.linalg.norm(means, axis=1, keepdims=True)
        return found


class _Layer:
    """Attention of each text to itself, then two products with a step between; each added to what it is given."""

    def __init__(self, three: _Pair, out: _Pair, first: _Pair, inner: _Pair, outer: _Pair, second: _Pair) -> None:
        self._three = three  # query, key and value in one
        self._out, self._first = out, first
        self._inner, self._outer, self._second = inner, outer, second

    def __call__(self, seen: Matrix, spans: list[slice]) -> Matrix:
        three = _times(seen, self._three)
        mixed = np.concatenate([_attended(three[span]) for span in spans])
        seen = _normalised(seen + _times(mixed, self._out), self._first)
        return _normalised(seen + _times(_gelu(_times(seen, self._inner)), self._outer), self._second)


def _attended(three: Matrix) -> Matrix:
    """Query, key and value of a text's tokens → what each token takes from the others."""
    query, key, value = three.reshape(len(three), 3, HEADS, -1).transpose(1, 2, 0, 3)
    weights: Matrix = query @ key.transpose(0, 2, 1)
    weights /= np.float32((WIDTH // HEADS) ** 0.5)
    np.exp(weights - weights.max(-1, keepdims=True), out=weights)
    weights /= weights.sum(-1, keepdims=True)
    return (weights @ value).transpose(1, 0, 2).reshape(len(three), WIDTH)


def _times(seen: Matrix, pair: _Pair) -> Matrix:
    found: Matrix = seen @ pair[0]
    found += pair[1]
    return found


def _normalised(seen: Matrix, pair: _Pair) -> Matrix:
    """Layer normalisation (Ba et al. 2016)."""
    found: Matrix = np.subtract(seen, seen.mean(1, keepdims=True), dtype=np.float32)
    found /= np.sqrt(np.square(found).mean(1, keepdims=True) + np.float32(EPS))
    found *= pair[0]
    found += pair[1]
    return found


def _gelu(seen: Matrix) -> Matrix:
    """x Φ(x), of the normal distribution (Hendrycks and Gimpel 2016)."""
    away = np.abs(seen) * np.float32(0.5**0.5)
    step = 1 / (1 + _ERFC_P * away)
    below = np.full_like(step, _ERFC[0])
    for factor in _ERFC[1:]:
        below *= step
        below += factor
    np.square(away, out=away)
    below *= np.exp(-away)
    below *= np.float32(0.5)  # Φ(-|x|)
    below *= seen
    found: Matrix = np.where(seen > 0, seen - below, below)
    return found
