"""What a script leaves behind: checkpoints, pictures, animations, logs; from the calls that write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.facts.analysis import Analysis

# The last part of what is called, and what it writes; in the order they are told.
_WRITES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(torch\.save|save_checkpoint|save_weights|save_pretrained|save_model|save_state|pickle\.dump|serialize|"
                r"joblib\.dump|ModelCheckpoint|save_params|save_state_dict|CheckpointManager)$"), "checkpoints"),
    (re.compile(r"^(save_image|save_images|imsave|imwrite|make_grid|sample_images)$"), "sample images"),
    (re.compile(r"^(mimsave|mimwrite|FuncAnimation|ArtistAnimation|VideoWriter|RecordVideo)$"), "animations"),
    (re.compile(r"^(savefig)$"), "plots"),
    (re.compile(r"^(SummaryWriter|TensorBoard|TensorBoardLogger|FileWriter|create_file_writer)$"), "TensorBoard logs"),
    (re.compile(r"^(wandb\.init|WandbLogger)$"), "a Weights & Biases run"),
    (re.compile(r"^(onnx\.export)$"), "an ONNX model"),
    (re.compile(r"^(to_csv)$"), "CSV files"),
)  # fmt: skip


def read(analysis: Analysis) -> list[str]:
    """The kinds of things written by the calls that run, each once."""
    found = set(_found(analysis))
    return [what for _, what in _WRITES if what in found]


def _found(analysis: Analysis) -> Iterator[str]:
    for name, calls in analysis.called.items():
        for pattern, what in _WRITES:
            if pattern.match(name):
                yield what
        if name in {"save", "dump", "init", "export"}:
            full = {analysis.name(call.site.node.func, call.frame) for call in calls[:8]}
            for pattern, what in _WRITES:
                if any(pattern.match(".".join(text.split(".")[-2:])) for text in full):
                    yield what
            if name == "save" and any(text.split(".")[-2:-1] == ["model"] for text in full):
                yield "checkpoints"
