"""The embedding model gives the vectors that sentence-transformers gives for the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from index.ranking.embedder import Embedder
from index.ranking.minilm import MiniLM

# the first four of each, as sentence-transformers 6.2 computed them on a CPU
KNOWN = {
    "unet denoise": [-0.040375, 0.00902, 0.040017, -0.010095],
    "A latent diffusion model on Fashion-MNIST: an autoencoder first, then the denoiser of its latents.": [
        -0.061449,
        -0.069329,
        0.020134,
        0.022513,
    ],
    "Modèle récurrent — 漢字": [-0.074579, -0.016308, 0.03191, 0.01607],
    "class UNet(nn.Module):\n    def forward(self, x): ...": [-0.035341, 0.003151, -0.032108, 0.006614],
}


@pytest.fixture(scope="module", params=[Embedder, MiniLM], ids=["many", "a question"])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder | MiniLM:
    made: Embedder | MiniLM = request.param(tmp_path_factory.mktemp("index"))
    return made


def test_vectors_are_those_of_sentence_transformers(embedder: Embedder | MiniLM) -> None:
    found = embedder.embed(list(KNOWN))
    assert found.dtype == np.float32 and found.shape == (len(KNOWN), 384)
    assert np.allclose(found[:, :4], list(KNOWN.values()), atol=1e-5)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_a_text_alone_has_the_vector_that_it_has_among_others(embedder: Embedder | MiniLM) -> None:
    together = embedder.embed(list(KNOWN))
    alone = [embedder.embed([text])[0] for text in KNOWN]
    assert np.allclose(together, alone, atol=1e-5)


def test_what_comes_after_256_tokens_is_not_read(embedder: Embedder | MiniLM) -> None:
    long, longer = embedder.embed(["noise " * 300, "noise " * 299 + "cat"])
    assert np.allclose(long, longer, atol=1e-6) and np.isfinite(embedder.embed([""])).all()
