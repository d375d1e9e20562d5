"""Reading what anyone may have written: nothing is executed, and nothing takes more memory than its file is long.

A safetensors file cannot grow: its reader checks that the tensors are the file, byte for byte. A file of torch.save is
a zip archive with a pickle in it and may say more than it holds in two ways, which are refused here: its entries may be
compressed (a thousandfold), and its tensors may repeat one number without end (a stride of 0) until they are copied.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.runs.events import open_file


def read(path: Path, most: float) -> bytes:
    """A whole file. Raises OSError where there is none (a pipe is none) and ValueError where it is longer than `most`.

    Its length is looked at before any of it is read: a file may be all holes, and as long as the disk is not.
    """
    with open_file(path) as file:
        length = os.fstat(file.fileno()).st_size
        if length > most:
            raise ValueError(f"{path.name} is {length:,} bytes long, and at most {int(most):,} are read")
        return file.read(length)


def load_state(content: bytes) -> dict[str, Any]:
    """What torch.save wrote: tensors and plain values. Raises ValueError and whatever torch raises for what is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
            raise ValueError("it is compressed, which torch never does")
    state = torch.load(io.BytesIO(content), weights_only=True, map_location="cpu")
    if not isinstance(state, dict):
        raise ValueError(f"it holds a {type(state).__name__}, not the state of a trainer")
    for tensor in _tensors(state):
        if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
            raise ValueError(f"it holds a tensor of {tensor.numel():,} numbers that are fewer")
    return state


def _tensors(value: Any) -> Iterator[Tensor]:
    """Every tensor in nested containers, each container once: they may hold themselves."""
    seen, left = set[int](), [value]
    while left:
        one = left.pop()
        if isinstance(one, Tensor):
            yield one
        elif isinstance(one, dict | list | tuple | set) and id(one) not in seen:
            seen.add(id(one))
            left.extend([*one.keys(), *one.values()] if isinstance(one, dict) else one)
