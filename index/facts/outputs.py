"""What a script leaves behind: checkpoints, pictures, animations, logs; from the calls that write them."""

from __future__ import annotations

from index.facts.evaluation.analysis import Analysis

# What is called, by the last part of its name or the last two, for what it writes; in the order they are told.
_WRITES = {
    "checkpoints": {"torch.save", "save_checkpoint", "save_weights", "save_pretrained", "save_model", "save_state",
                    "pickle.dump", "serialize", "joblib.dump", "ModelCheckpoint", "save_params", "save_state_dict",
                    "CheckpointManager", "model.save"},
    "sample images": {"save_image", "save_images", "imsave", "imwrite", "make_grid", "sample_images"},
    "animations": {"mimsave", "mimwrite", "FuncAnimation", "ArtistAnimation", "VideoWriter", "RecordVideo"},
    "plots": {"savefig"},
    "TensorBoard logs": {"SummaryWriter", "TensorBoard", "TensorBoardLogger", "FileWriter", "create_file_writer"},
    "a Weights & Biases run": {"wandb.init", "WandbLogger"},
    "an ONNX model": {"onnx.export"},
    "CSV files": {"to_csv"},
}  # fmt: skip
_SHARED = ("save", "dump", "init", "export")  # names of many calls: the part before says which


def read(analysis: Analysis) -> list[str]:
    """The kinds of things written by the calls that run, each once."""
    names = set(analysis.called)
    for name in _SHARED:
        full = (analysis.name(call.site.node.func, call.frame) for call in analysis.called.get(name, [])[:8])
        names |= {".".join(text.split(".")[-2:]) for text in full}
    return [what for what, calls in _WRITES.items() if not names.isdisjoint(calls)]
