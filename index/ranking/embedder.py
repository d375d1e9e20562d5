"""The embedding model for many texts, out of torch's own encoder layers: on the GPU where there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from index.model import EPS, HEADS, LONGEST, WIDTH, unloadable, verified

if TYPE_CHECKING:
    from index.model import Matrix

_INNER = 4 * WIDTH
_CHUNK = 64
_PARTS = {  # of a layer: torch's name, BERT's
    "self_attn.out_proj": "attention.output.dense", "norm1": "attention.output.LayerNorm",
    "linear1": "intermediate.dense", "linear2": "output.dense", "norm2": "output.LayerNorm",
}  # fmt: skip


class Embedder:
    """The model, loaded in seconds."""

    def __init__(self, folder: Path) -> None:
        place = verified(folder)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns of every process started after it
        try:
            self._model = _MiniLM(place).to("cuda" if torch.cuda.is_available() else "cpu")
        except Exception as error:
            raise unloadable(error) from None
        torch.backends.mha.set_fastpath_enabled(False)  # which is the slower way for many

    def embed(self, texts: list[str]) -> Matrix:
        """Texts → float32 N×384, each row of length 1."""
        found = np.empty((len(texts), WIDTH), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # those alike in length need little padding
        with torch.inference_mode():
            for start in range(0, len(order), _CHUNK):
                chunk = order[start : start + _CHUNK]
                found[chunk] = self._model([texts[at] for at in chunk]).cpu().numpy()
        return found


class _MiniLM(nn.Module):
    """Texts → float32 N×384, each row of length 1, from the model that lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()
        kept = load_file(folder / "model.safetensors")
        self._words = nn.Parameter(kept["embeddings.word_embeddings.weight"], requires_grad=False)
        # a text is one sentence to it: every token is of the first kind
        places = kept["embeddings.position_embeddings.weight"] + kept["embeddings.token_type_embeddings.weight"][0]
        self._places = nn.Parameter(places, requires_grad=False)
        self._norm = nn.LayerNorm(WIDTH, EPS)
        self._norm.load_state_dict(_part(kept, "embeddings.LayerNorm"))
        depth = sum(name.endswith("intermediate.dense.bias") for name in kept)
        layer = nn.TransformerEncoderLayer(
            WIDTH, HEADS, _INNER, activation="gelu", layer_norm_eps=EPS, batch_first=True
        )
        self._layers = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)
        self._layers.load_state_dict({name: one for at in range(depth) for name, one in _layer(kept, at).items()})
        self.eval()

    def forward(self, texts: list[str]) -> Tensor:
        found = self._tokenizer.encode_batch(texts)
        device = self._places.device
        tokens = torch.tensor([one.ids for one in found], device=device)
        there = torch.tensor([one.attention_mask for one in found], device=device, dtype=torch.bool)
        seen = self._norm(self._words[tokens] + self._places[: tokens.shape[1]])
        padded = None if bool(there.all()) else ~there
        seen = self._layers(seen, src_key_padding_mask=padded)
        weights = there.unsqueeze(-1).to(seen.dtype)
        return nn.functional.normalize((seen * weights).sum(1) / weights.sum(1), dim=1)


def _part(kept: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {kind: kept[f"{name}.{kind}"] for kind in ("weight", "bias")}


def _layer(kept: dict[str, Tensor], at: int) -> dict[str, Tensor]:
    """One layer's weights by torch's names, which has query, key and value in one."""
    bert, ours = f"encoder.layer.{at}", f"layers.{at}"
    found = {}
    for kind in ("weight", "bias"):
        three = [kept[f"{bert}.attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
        found[f"{ours}.self_attn.in_proj_{kind}"] = torch.cat(three)
        found |= {f"{ours}.{name}.{kind}": kept[f"{bert}.{other}.{kind}"] for name, other in _PARTS.items()}
    return found
