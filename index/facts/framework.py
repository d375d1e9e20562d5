"""The framework a script trains with: what its models and optimizers come from, not merely what it imports."""

from __future__ import annotations

import ast
from collections import Counter

from index.facts.analysis import Analysis
from index.facts.frames import Frame

_FAMILY = {
    "torch": "PyTorch", "torchvision": "PyTorch", "diffusers": "PyTorch", "timm": "PyTorch",
    "pytorch_lightning": "PyTorch Lightning", "lightning": "PyTorch Lightning",
    "keras": "Keras/TensorFlow", "tensorflow": "Keras/TensorFlow",
    "flax": "JAX/Flax", "haiku": "JAX/Haiku", "equinox": "JAX/Equinox", "jax": "JAX", "optax": "JAX",
    "mxnet": "MXNet", "paddle": "PaddlePaddle", "chainer": "Chainer", "fastai": "fastai", "mlx": "MLX",
    "tinygrad": "tinygrad", "sklearn": "scikit-learn",
}  # fmt: skip
# TensorFlow imported for its data pipeline or its summary writer trains nothing.
_DATA_ONLY = ("tensorflow.data", "tensorflow.io", "tensorflow.config", "tensorflow.summary", "tensorflow.image",
              "tensorflow.keras.datasets", "keras.datasets", "torch.utils", "torchvision", "tensorflow.random",
              "tensorflow.cast", "jax.random")  # fmt: skip


def read(analysis: Analysis) -> tuple[str | None, int]:
    """The framework's name and the line of its first use or import; (None, 0) where there is none."""
    used: Counter[str] = Counter()
    lines: dict[str, int] = {}
    frames = [(scope, Frame(scope)) for scope in analysis.program.scopes]
    for scope, frame in frames:
        nodes: list[tuple[ast.expr, int]] = [(site.node.func, site.node.lineno) for site in scope.calls]
        if isinstance(scope.node, ast.ClassDef):
            nodes += [(base, scope.node.lineno) for base in scope.node.bases]
        for node, line in nodes:
            full = _full_name(analysis, node, frame)
            family = _FAMILY.get(full.split(".")[0])
            if family is None:
                continue
            weight = 1 if full.startswith(_DATA_ONLY) else 20
            used[family] += weight
            lines[family] = min(line, lines.get(family, line))
    imports: dict[str, int] = {}
    for bindings in analysis.program.module.bindings.values():
        for binding in bindings:
            family = _FAMILY.get(str(binding.node).split(".")[0]) if binding.kind == "import" else None
            if family:
                imports[family] = min(binding.line, imports.get(family, binding.line))
    if not used:
        trained = [family for family in imports if family != "scikit-learn"]
        return (trained[0], imports[trained[0]]) if len(trained) == 1 else (None, 0)
    if used.get("PyTorch Lightning"):
        best = "PyTorch Lightning"
    else:
        del used["scikit-learn"]
        for richer in ("JAX/Flax", "JAX/Haiku", "JAX/Equinox"):
            if used.get("JAX") and (used.get(richer) or richer in imports):
                used[richer] += used.pop("JAX")
        if not used:
            return None, 0
        best = used.most_common(1)[0][0]
    return best, imports.get(best, lines.get(best, 1))


def _full_name(analysis: Analysis, node: ast.expr, frame: Frame) -> str:
    full = analysis.name(node, frame)
    return "tensorflow" + full[2:] if full.startswith("tf.") else full
